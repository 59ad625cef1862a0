"""BB84 over burst switches: laws, Eq. 1, Eq. 2 and Fig. 7's numbers (PHYSICS of Section IV.A)."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import qpsviz as qps
from qpsviz.noise import depolarising, memory
from qpsviz.protocols import decoy, qkd, six_state, sources
from qpsviz.protocols.reconciliation import MOST_INEFFICIENT

UNIT = st.floats(0, 1, allow_subnormal=False)
RELAYS = st.integers(0, 50)
TIMES = st.floats(1e-3, 1e5)
# Section IV.A: detector efficiency 0.5, dark counts 1e-6, f = 1.15, T_Q = 100 T_P, P = 0.5, 0.2 dB/km.
P_DARK, ETA_DETECTOR, F, T_Q, T_P, P = 1e-6, 0.5, 1.15, 100.0, 1.0, 0.5


def fig7_rate(length_km: float, n_relays: int) -> float:
    """Eq. 1 written out with the paper's numbers."""
    eta = ETA_DETECTOR * 10 ** (-0.02 * length_km)
    error = qkd.qber(eta, P_DARK, 0.0)
    kept = qkd.payload_retention(n_relays, p_free=P, payload_us=T_Q, processing_us=T_P)
    return float(qkd.key_rate(kept, qkd.gain(eta, P_DARK), error, error, ec_inefficiency=F))


@pytest.mark.parametrize(
    ("length_km", "rates"),
    [
        (0.0, [0.500, 0.2475, 0.1225, 0.06062, 0.0300, 0.01484]),
        (100.0, [4.985e-3, 2.468e-3, 1.221e-3, 6.045e-4]),
    ],
)
def test_eq_1_gives_the_key_rates_of_fig_7(length_km: float, rates: list[float]) -> None:
    assert [fig7_rate(length_km, n) for n in range(len(rates))] == pytest.approx(rates, rel=5e-4)


@pytest.mark.parametrize("n_relays", range(6))
def test_fig_7_ends_at_254_5_km_for_every_number_of_relays(n_relays: int) -> None:
    assert fig7_rate(254.4, n_relays) > 0
    assert fig7_rate(254.6, n_relays) == 0


def test_the_key_of_fig_7_ends_at_an_error_rate_of_9_878_percent() -> None:
    assert float(qkd.secret_share(0.09877, 0.09877, ec_inefficiency=F)) > 0
    assert float(qkd.secret_share(0.09879, 0.09879, ec_inefficiency=F)) < 0


def test_without_reconciliation_overhead_the_key_ends_at_the_11_percent_of_shor_and_preskill() -> None:
    assert float(qkd.secret_share(0.1100278, 0.1100278, ec_inefficiency=1.0)) == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize(("n_relays", "retention"), [(0, 1.0), (1, 0.495), (2, 0.245), (3, 0.12125), (100, 0.0)])
def test_eq_2_with_the_papers_hundred_to_one(n_relays: int, retention: float) -> None:
    found = qkd.payload_retention(n_relays, p_free=P, payload_us=T_Q, processing_us=T_P)
    assert float(found) == pytest.approx(retention, rel=1e-14)


def test_where_eq_2_would_go_negative_nothing_is_left() -> None:
    printed = P**150 * (T_Q - 150 * T_P) / T_Q
    assert printed < 0
    assert float(qkd.payload_retention(150, p_free=P, payload_us=T_Q, processing_us=T_P)) == 0


def test_a_guard_of_n_processing_times_saves_the_payload_and_costs_channel_time() -> None:
    found = qkd.payload_retention(3, p_free=1.0, payload_us=100.0, processing_us=20.0, guard_us=60.0)
    assert float(found) == pytest.approx(100 / 160, rel=1e-15)
    kept = qkd.payload_kept(3, payload_us=100.0, processing_us=20.0, guard_us=60.0)
    assert float(kept) == 1


@pytest.mark.parametrize(("guard_us", "kept"), [(59.0, 0.0), (60.0, 1.0)])
def test_discarding_keeps_all_of_a_payload_or_nothing(guard_us: float, kept: float) -> None:
    found = qkd.payload_kept(3, payload_us=100.0, processing_us=20.0, guard_us=guard_us, late_payload="discard")
    assert float(found) == kept


@given(RELAYS, UNIT, UNIT, TIMES, TIMES, TIMES)
def test_a_freer_channel_never_loses_a_frame(n: int, p: float, q: float, t_q: float, t_p: float, g: float) -> None:
    low, high = (
        float(qkd.payload_retention(n, p_free=free, payload_us=t_q, processing_us=t_p, guard_us=g))
        for free in sorted((p, q))
    )
    assert 0 <= low <= high <= 1


@given(RELAYS, UNIT, TIMES, TIMES, TIMES)
def test_one_more_relay_never_delivers_more(n: int, p: float, t_q: float, t_p: float, g: float) -> None:
    fewer, more = qkd.payload_retention([n, n + 1], p_free=p, payload_us=t_q, processing_us=t_p, guard_us=g)
    assert more <= fewer


@given(RELAYS, TIMES, TIMES, TIMES, TIMES)
def test_more_guard_never_cuts_off_more(n: int, t_q: float, t_p: float, first: float, second: float) -> None:
    for late_payload in qkd.LATE_PAYLOADS:
        less, more = qkd.payload_kept(
            n, payload_us=t_q, processing_us=t_p, guard_us=sorted((first, second)), late_payload=late_payload
        )
        assert less <= more


@given(RELAYS, TIMES, TIMES, TIMES)
def test_discarding_never_keeps_more_than_truncating(n: int, t_q: float, t_p: float, g: float) -> None:
    cut = qkd.payload_kept(n, payload_us=t_q, processing_us=t_p, guard_us=g)
    assert qkd.payload_kept(n, payload_us=t_q, processing_us=t_p, guard_us=g, late_payload="discard") <= cut


@given(UNIT, UNIT, UNIT)
def test_gain_and_error_account_for_every_click(eta: float, p_dark: float, error: float) -> None:
    q, e = float(qkd.gain(eta, p_dark)), float(qkd.qber(eta, p_dark, error))
    assert max(eta, p_dark) - 1e-15 <= q <= 1
    if q > 1e-300:
        assert q * e == pytest.approx(error * eta + p_dark * (1 - eta) / 2, rel=1e-12, abs=1e-300)


@given(UNIT, UNIT)
def test_dark_counts_pull_a_good_error_rate_towards_a_half(eta: float, p_dark: float) -> None:
    assert 0 <= float(qkd.qber(eta, p_dark, 0.0)) <= 0.5
    assert float(qkd.qber(0.0, p_dark, 0.0)) == 0.5
    assert float(qkd.qber(eta, p_dark, 0.5)) == pytest.approx(0.5, abs=1e-15)


@given(UNIT, UNIT)
def test_two_flips_undo_each_other(p: float, q: float) -> None:
    assert float(qkd.combined_error(p, q)) == pytest.approx(p * (1 - q) + q * (1 - p), abs=1e-15)
    assert float(qkd.combined_error(p, 0.5)) == pytest.approx(0.5, abs=1e-15)


@given(UNIT)
def test_entropy_is_symmetric_and_at_most_one_bit(p: float) -> None:
    h = float(qkd.binary_entropy(p))
    assert 0 <= h <= 1
    assert h == pytest.approx(float(qkd.binary_entropy(1 - p)), abs=1e-12)


def test_entropy_at_its_known_points() -> None:
    known = [0, 0.5, 1, 0.8112781244591328]
    assert qkd.binary_entropy([0.0, 0.11002786443835955, 0.5, 0.25]).tolist() == pytest.approx(known, abs=1e-12)


@given(UNIT, UNIT, st.floats(0, 0.5), st.floats(0, 0.5), st.floats(1, 5))
def test_no_key_rate_is_negative_or_beyond_the_clicks(k: float, q: float, e_z: float, e_x: float, f: float) -> None:
    assert 0 <= float(qkd.key_rate(k, q, e_z, e_x, ec_inefficiency=f)) <= k * q


@given(st.floats(1e-9, 1), st.floats(0, 1e-3), st.floats(0, 0.2))
def test_the_key_rate_respects_the_repeaterless_bound(eta: float, p_dark: float, error: float) -> None:
    e = qkd.qber(eta, p_dark, error)
    rate = float(qkd.key_rate(1.0, qkd.gain(eta, p_dark), e, e, ec_inefficiency=1.0))
    assert rate <= float(qkd.repeaterless_bound(eta)) * (1 + 1e-9)


def test_the_repeaterless_bound_is_one_bit_at_3_db_and_endless_without_loss() -> None:
    assert qkd.repeaterless_bound([0.5, 1.0]).tolist() == [1.0, math.inf]


def test_path_noise_is_read_as_errors_of_the_two_bases() -> None:
    e_z, e_x = qkd.path_errors(depolarising(0.9))
    assert (float(e_z), float(e_x)) == pytest.approx((0.05, 0.05), rel=1e-14)
    held = memory(100.0, t1_us=1000.0, t2_us=500.0)
    expected = ((1 - math.exp(-0.1)) / 2, (1 - math.exp(-0.2)) / 2)
    assert tuple(float(e) for e in qkd.path_errors(held)) == pytest.approx(expected, rel=1e-13)


def test_the_z_error_is_the_mean_over_both_bits_sent_through_a_relaxing_memory() -> None:
    held = memory(100.0, t1_us=1000.0, t2_us=500.0)
    wrong = [(1 - float(held.bloch(0, 0, 1)[2])) / 2, (1 + float(held.bloch(0, 0, -1)[2])) / 2]
    assert wrong[0] == pytest.approx(0, abs=1e-15)
    assert float(qkd.path_errors(held)[0]) == pytest.approx(np.mean(wrong), abs=1e-15)


@pytest.mark.parametrize(
    ("call", "named"),
    [
        (lambda: qkd.gain(1.1, 0.0), "eta = 1.1"),
        (lambda: qkd.gain(0.1, math.nan), "p_dark = nan"),
        (lambda: qkd.qber(0.1, 0.0, -0.1), "error = -0.1"),
        (lambda: qkd.binary_entropy(2.0), "p = 2"),
        (lambda: qkd.payload_retention(-1, p_free=0.5, payload_us=1.0, processing_us=1.0), "n_relays = -1"),
        (lambda: qkd.payload_retention(1, p_free=1.5, payload_us=1.0, processing_us=1.0), "p_free = 1.5"),
        (lambda: qkd.payload_retention(1, p_free=0.5, payload_us=0.0, processing_us=1.0), "payload_us = 0"),
        (lambda: qkd.payload_retention(1, p_free=0.5, payload_us=1.0, processing_us=-1.0), "processing_us = -1"),
        (lambda: qkd.payload_kept(1, payload_us=1.0, processing_us=1.0, guard_us=-1.0), "guard_us = -1"),
        (lambda: qkd.payload_kept(1, payload_us=1.0, processing_us=1.0, late_payload="cut"), "late_payload = 'cut'"),
        (lambda: qkd.secret_share(0.1, 0.1, ec_inefficiency=0.9), "ec_inefficiency = 0.9"),
        (lambda: qkd.repeaterless_bound(-0.1), "eta = -0.1"),
    ],
)  # fmt: skip
def test_bad_input_is_named_with_its_value(call: Callable[[], object], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        call()


def test_reconciliation_without_a_limit_is_refused_by_every_key_so_that_none_is_no_number() -> None:
    promise = {"p_insecure": 1e-10, "p_incorrect": 1e-15}
    link = decoy.Link.of(eta=0.1, p_dark=0.0, p_key_error=0.0, p_test_error=0.0)
    calls: list[Callable[[float], object]] = [
        lambda f: qkd.secret_share(0.0, 0.0, ec_inefficiency=f),
        lambda f: six_state.secret_share(0.0, 0.0, 0.0, ec_inefficiency=f),
        lambda f: sources.tagged_secret_share(0.1, 0.0, 0.0, 0.0, ec_inefficiency=f),
        lambda f: decoy.asymptotic_key_rate(link, ec_inefficiency=f),
        lambda f: decoy.Security.of(ec_inefficiency=f, **promise),
        lambda f: qps.Scenario(ec_inefficiency=f),
    ]
    for call in calls:
        call(MOST_INEFFICIENT)
        for beyond in (math.inf, 2 * MOST_INEFFICIENT, math.nan, 0.99):
            with pytest.raises(ValueError, match="ec_inefficiency"):
                call(beyond)


@pytest.mark.parametrize(
    "output", ["key_rate", "key_rate_six_state", "key_rate_source", "key_rate_bbm92", "key_rate_decoy", "secret_share"]
)
def test_the_largest_inefficiency_costs_nothing_where_nothing_is_read_wrongly(output: str) -> None:
    clean = qps.Scenario(p_dark=0.0, depol_per_km=0.0, n_relays=0, layout="split")
    found = [float(qps.evaluate(clean.replace(ec_inefficiency=f), output)) for f in (1.0, MOST_INEFFICIENT)]
    assert found[0] > 0
    assert found[0] == found[1]
