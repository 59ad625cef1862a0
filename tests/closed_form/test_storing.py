"""Storing against dropping: where both give as much key, and what the paper's remark is worth."""

from __future__ import annotations

import math

import numpy as np
import pytest

import qpsviz as qps
from qpsviz.errors import ParameterError

FIG7 = qps.preset("fig7")


def key_by_hand(scenario: qps.Scenario, p_free: float, t_us: float) -> tuple[float, float]:
    """Key of bursts and of stored payloads on the line of Fig. 7, by Eq. 1 and 2 written out, without dark counts."""
    n, length_us, read_us = scenario.n_relays, 50.0, 0.5
    eta = 0.5 * 10 ** (-0.2 * scenario.length_km / 10)
    burst = p_free**n * (length_us - n * read_us) / length_us * eta
    s, rho = 1 / t_us, 1 - p_free
    rate = rho / length_us
    wait = (1 - rho) * s / (s - rate + rate * math.exp(-s * length_us))
    error = (1 - (math.exp(-length_us / t_us) * wait) ** n) / 2
    entropy = -error * math.log2(error) - (1 - error) * math.log2(1 - error)
    return burst, eta * max(0.0, 1 - 2.15 * entropy)


@pytest.mark.parametrize("p_free", [0.3, 0.5, 0.9])
@pytest.mark.parametrize("n_relays", [1, 3])
def test_both_keys_are_eq_1_and_2_and_m_d_1_written_out(n_relays: int, p_free: float) -> None:
    line = FIG7.replace(n_relays=n_relays, p_dark=0.0, length_km=50.0)
    found = qps.store_or_drop(line, p_free=[p_free], t_us=[2000.0, 1e5])
    for i, t_us in enumerate((2000.0, 1e5)):
        burst, store = key_by_hand(line, p_free, t_us)
        assert float(found["burst"][0]) == pytest.approx(burst, rel=1e-9)
        assert float(found["store"][0, i]) == pytest.approx(store, rel=1e-6)
    even_us = float(found["even_t_us"][0])
    burst, store = key_by_hand(line, p_free, even_us)
    assert store == pytest.approx(burst, rel=1e-6)


def test_storing_pays_with_half_a_millisecond_only_where_the_header_alone_is_waited_for() -> None:
    """The paper's remark at its own numbers: P = 0.5 and T1 = T2 = 500 us (Section IV.A and B)."""
    one = FIG7.replace(n_relays=1)
    assert 500 < qps.even_t_us(one) == pytest.approx(927.5, abs=0.1)
    assert qps.even_t_us(one.replace(release="after_header")) < 500
    # A freer port drops less, so a memory must be better to be worth it; a busy one makes payloads old.
    even_us = [qps.even_t_us(one.replace(p_free=p)) for p in (0.95, 0.7, 0.4, 0.2, 0.05)]
    assert even_us.index(min(even_us)) in (2, 3)


def test_fibre_pays_only_between_two_availabilities() -> None:
    fibre = FIG7.replace(storage="delay_line", n_relays=2)
    low, high = qps.even_p_free(fibre)
    for p_free, is_better in ((low / 2, False), ((low + high) / 2, True), ((high + 1) / 2, False)):
        here = fibre.replace(p_free=p_free)
        stored, dropped = (qps.evaluate(here.replace(discipline=d), "key_rate") for d in ("store", "burst"))
        assert (stored > dropped) == is_better
    assert qps.even_p_free(FIG7.replace(storage="delay_line", length_km=400.0)) == []


def test_where_there_is_no_key_nothing_is_even() -> None:
    assert math.isnan(qps.even_t_us(FIG7.replace(length_km=400.0)))
    assert math.isnan(qps.even_t_us(FIG7.replace(p_free=0.0)))
    found = qps.store_or_drop(FIG7, p_free=[0.0, 0.5], t_us=[1e4])
    assert np.isnan(found["even_t_us"][0])
    assert (float(found["burst"][0]), float(found["store"][0, 0]), float(found["delay_line"][0])) == (0, 0, 0)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"p_free": [1.2], "t_us": [1e3]}, "p_free = 1.2"),
        ({"p_free": [0.5], "t_us": [-1.0]}, "t1_us = -1"),
        ({"p_free": [], "t_us": [1e3]}, "p_free needs a list"),
        ({"p_free": [math.nan], "t_us": [1e3]}, "p_free = nan"),
        ({"p_free": [0.5], "t_us": [1e3], "of": "fidelity"}, "of = 'fidelity' must be one of"),
    ],
)
def test_what_is_no_availability_no_memory_or_no_key_is_refused(arguments: dict[str, object], words: str) -> None:
    with pytest.raises(ParameterError, match=words):
        qps.store_or_drop("fig7", **arguments)  # type: ignore[arg-type]


def test_the_shortest_memory_that_is_good_enough_may_be_shorter_than_a_microsecond() -> None:
    short = qps.Scenario().replace(
        discipline="store", n_relays=2, n_qubits=1, spacing_us=1e-3, processing_us=0.0, p_free=0.01, depol_per_km=0.0
    )
    even_us = qps.even_t_us(short)
    assert 1e-3 < even_us < 1

    def store(t_us: float) -> float:
        return qps.evaluate(short.replace(t1_us=t_us, t2_us=t_us), "key_rate")

    burst = qps.evaluate(short.replace(discipline="burst"), "key_rate")
    assert store(even_us) == pytest.approx(burst, rel=1e-6)
    assert store(1.0) > 1000 * burst


def test_where_any_memory_is_better_than_dropping_the_shortest_one_is_told() -> None:
    instant = qps.Scenario().replace(
        discipline="store", n_relays=1, n_qubits=1, spacing_us=1e-6, processing_us=0.0, p_free=0.01, depol_per_km=0.0
    )
    assert qps.even_t_us(instant) == 1e-3  # the least that a memory may have
