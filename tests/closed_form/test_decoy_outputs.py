"""Keys of weak coherent pulses over a packet-switched path."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import qpsviz as qps
from qpsviz.protocols.decoy import Link, Security, asymptotic_key_rate, finite_key_rate

FIG7 = qps.preset("fig7")
#: The receiver of Lim et al. (2014) at the end of a fibre without a relay.
LIM = FIG7.replace(
    n_relays=0, eta_detector=0.1, p_dark=1.2e-6, misalignment=0.005, ec_inefficiency=1.16, depol_per_km=0.0
)


def test_a_path_without_relays_gives_the_published_setting_its_keys() -> None:
    found = qps.sweep(LIM, "key_rate_finite", length_km=[0, 50, 100, 125, 150, 175], n_block_pulses=[1e9, 1e10])
    by_hand = [
        [1.348e-2, 8.857e-4, 3.639e-5, 2.806e-6, 0, 0],
        [1.693e-2, 1.305e-3, 8.243e-5, 1.543e-5, 9.435e-7, 0],
    ]
    assert found.dims == ("length_km", "n_block_pulses")
    transposed = found.transpose("n_block_pulses", "length_km").values
    assert transposed == pytest.approx(np.array(by_hand), rel=4e-4, abs=1e-30)
    tno = [3.101e-2, 3.081e-3, 3.032e-4, 9.239e-5, 2.599e-5, 5.660e-6]
    without_end = qps.sweep(LIM.replace(ec_inefficiency=1.0), "key_rate_decoy", length_km=[0, 50, 100, 125, 150, 175])
    assert without_end.values == pytest.approx(tno, rel=4e-3)


def test_dropped_frames_thin_the_block_as_well_as_the_key() -> None:
    s = FIG7.replace(n_relays=2, length_km=50.0, misalignment=0.01)
    kept = qps.evaluate(s, "retention_per_channel_time")
    assert kept == pytest.approx(0.5**2 * 0.98)
    straight = s.replace(n_relays=0)
    assert qps.evaluate(s, "key_rate_decoy") == pytest.approx(kept * qps.evaluate(straight, "key_rate_decoy"), rel=1e-9)
    thinned = straight.replace(n_block_pulses=1e10 * kept)
    assert qps.evaluate(s, "key_rate_finite") == pytest.approx(
        kept * qps.evaluate(thinned, "key_rate_finite"), rel=1e-9
    )


def test_each_basis_has_the_error_of_the_path_in_it() -> None:
    s = qps.preset("memory-buys").replace(misalignment=0.01, t2_us=1500.0)
    link = Link.of(
        eta=s.detector.eta_detector * 10 ** (-qps.evaluate(s, "loss_db") / 10),
        p_dark=s.detector.p_dark,
        p_key_error=_without_dark(s, "qber_z"),
        p_test_error=_without_dark(s, "qber_x"),
    )
    assert link.p_key_error != pytest.approx(float(link.p_test_error), rel=1e-3)
    kept, f = qps.evaluate(s, "retention_per_channel_time"), s.detector.ec_inefficiency
    expected = kept * float(asymptotic_key_rate(link, ec_inefficiency=f))
    assert qps.evaluate(s, "key_rate_decoy") == pytest.approx(expected, rel=1e-9)
    security = Security.of(p_insecure=1e-10, p_incorrect=1e-15, ec_inefficiency=f)
    block = kept * float(finite_key_rate(link, n_block=1e10 * kept, security=security))
    assert qps.evaluate(s, "key_rate_finite") == pytest.approx(block, rel=1e-9)


def _without_dark(scenario: qps.Scenario, name: str) -> float:
    return qps.evaluate(scenario.replace(p_dark=0.0), name)


@settings(max_examples=25)
@given(
    st.floats(0, 200), st.integers(0, 3), st.floats(0.1, 1), st.floats(0, 0.05), st.floats(4, 14),
    st.sampled_from(["burst", "store", "circuit"]),
)  # fmt: skip
def test_a_finite_key_is_below_one_without_end_and_that_below_perfect_photons(
    length_km: float, n_relays: int, p_free: float, misalignment: float, power: float, discipline: str
) -> None:
    s = FIG7.replace(
        length_km=length_km, n_relays=n_relays, p_free=p_free, misalignment=misalignment, n_block_pulses=10**power,
        discipline=discipline, t1_us=1e6, t2_us=1e6,
    )  # fmt: skip
    finite, decoy, perfect = (qps.evaluate(s, name) for name in ("key_rate_finite", "key_rate_decoy", "key_rate"))
    assert 0 <= finite <= decoy * (1 + 1e-9)
    assert decoy <= perfect * (1 + 1e-9) + 1e-300


@pytest.mark.parametrize(
    "changes",
    [
        {"n_block_pulses": 1.0},
        {"n_block_pulses": 1e4},
        {"p_free": 0.0},
        {"length_km": 1e6},
        {"eta_detector": 0.0},
        {"p_dark": 1.0},
        {"misalignment": 0.5},
        {"ec_inefficiency": 1e6},
        {"processing_us": 1e9},
    ],
)
def test_what_leaves_no_key_gives_zero(changes: dict[str, Any]) -> None:
    assert qps.evaluate(FIG7.replace(n_relays=3, **changes), "key_rate_finite") == 0


def test_the_first_key_comes_when_a_block_is_sent_gaps_and_all() -> None:
    s = FIG7.replace(n_relays=0, n_qubits=100, spacing_us=1.0, frame_gap_us=25.0, n_block_pulses=1e10)
    assert qps.evaluate(s, "first_key_us") == pytest.approx(1e10 * 125.0 / 100)
    assert qps.evaluate(s.replace(n_block_pulses=10.0), "first_key_us") == np.inf
    again = s.replace(n_relays=2, p_free=0.5, processing_us=1.0, max_attempts=3)
    bits_per_s = 1e10 * qps.evaluate(again, "key_rate_finite") / (qps.evaluate(again, "first_key_us") / 1e6)
    share = qps.evaluate(again, "key_rate_finite") / qps.evaluate(again, "key_rate")
    assert bits_per_s == pytest.approx(qps.evaluate(again, "key_rate_hz") * share, rel=1e-9)  # of the same session


def test_a_block_length_that_reaches_a_rate_is_found() -> None:
    s = LIM.replace(length_km=100.0)
    goal = qps.evaluate(s.replace(n_block_pulses=3e10), "key_rate_finite")
    assert qps.solve(s, "n_block_pulses", key_rate_finite=goal) == pytest.approx(3e10, rel=1e-4)
    beyond = qps.evaluate(s, "key_rate_decoy") * 1.01
    with pytest.raises(ValueError, match="key_rate_finite"):
        qps.solve(s, "n_block_pulses", key_rate_finite=beyond)


@pytest.mark.parametrize(("name", "value"), [("n_block_pulses", 0), ("p_insecure", 0), ("p_incorrect", 0.5)])
def test_a_promise_that_nobody_can_keep_is_refused(name: str, value: float) -> None:
    with pytest.raises(qps.ParameterError, match=name):
        FIG7.replace(**{name: value})
