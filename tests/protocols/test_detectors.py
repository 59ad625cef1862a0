"""Detectors of real receivers: against gates drawn one by one, an integral, and the formulas of others."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

import qpsviz as qps
from qpsviz.noise import loss
from qpsviz.protocols.decoy import Intensities, Link, Security, asymptotic_key_rate, finite_key_rate
from qpsviz.protocols.decoy.finite_key import Block
from qpsviz.protocols.detectors import Gates, live_share, missed_gates
from qpsviz.protocols.sampling import Receiver, record_bb84, sample_bb84

FIG7 = qps.preset("fig7").replace(n_relays=0, length_km=50.0)


@pytest.mark.parametrize(
    ("loss_db", "p_dark", "p_afterpulse", "n_missed"),
    [(3.0, 0.0, 0.0, 4), (10.0, 0.01, 0.05, 0), (3.0, 0.02, 0.2, 0), (5.0, 0.01, 0.1, 3), (0.5, 0.0, 0.5, 7)],
)
def test_gain_and_errors_are_those_of_gates_drawn_one_by_one(
    loss_db: float, p_dark: float, p_afterpulse: float, n_missed: int
) -> None:
    """400,000 gates in one frame, drawn once: 5 standard deviations, so a right program fails with a chance < 1e-5."""
    receiver = Receiver(p_dark=p_dark, misalignment=0.03, p_z=1.0, p_afterpulse=p_afterpulse, n_missed=n_missed)
    told = record_bb84(loss(loss_db), [400_000], receiver, seed=5)
    eta = 10 ** (-loss_db / 10)
    gates = Gates(p_dark=p_dark, p_afterpulse=p_afterpulse, n_missed=n_missed)
    n_clicks = 400_000 * float(gates.gain(eta))
    assert np.count_nonzero(told["bob_bit"] >= 0) == pytest.approx(n_clicks, abs=5 * math.sqrt(n_clicks))
    e = float(gates.qber(eta, 0.03))
    wrong = told["wrong"][told["sifted"]]
    assert wrong.mean() == pytest.approx(e, abs=5 * math.sqrt(e * (1 - e) / n_clicks))
    if p_afterpulse:
        assert e > 0.03 * 1.05


def test_after_a_click_no_gate_within_the_dead_time_clicks_not_even_those_of_later_frames() -> None:
    told = record_bb84(loss(1.0), [3] * 4000, Receiver(p_dark=0.1, p_afterpulse=0.3, n_missed=5), seed=2)
    assert np.diff(np.flatnonzero(told["bob_bit"] >= 0)).min() == 6


@pytest.mark.parametrize(("n_pulses", "n_missed"), [(10, 99), (100, 99), (1, 7), (1000, 3)])
def test_a_dead_time_that_outlasts_payloads_leaves_what_the_closed_form_says(n_pulses: int, n_missed: int) -> None:
    """200,000 gates drawn once: a renewal's count has a variance below its mean, so 5 deviations fail below 1e-6."""
    told = record_bb84(
        loss(0.0), [n_pulses] * (200_000 // n_pulses), Receiver(eta_detector=0.5, n_missed=n_missed), seed=1
    )
    n_clicks = 200_000 * float(Gates(p_dark=0.0, n_missed=n_missed).gain(0.5))
    assert np.count_nonzero(told["bob_bit"] >= 0) == pytest.approx(n_clicks, abs=5 * math.sqrt(n_clicks))


def test_a_receiver_that_is_never_ready_again_clicks_once_at_most() -> None:
    assert float(Gates(p_dark=0.0, n_missed=math.inf).gain(0.0)) == 0
    assert float(Gates(p_dark=0.0, n_missed=math.inf).gain(0.5)) < 1e-299
    told = record_bb84(loss(0.0), [100] * 5, Receiver(eta_detector=0.5, n_missed=math.inf), seed=1)
    assert np.count_nonzero(told["bob_bit"] >= 0) == 1


def test_gates_at_one_time_are_refused_and_a_dead_time_without_an_end_misses_all() -> None:
    for dead_us in (0.0, 1.0, [0.0, 1.0]):
        with pytest.raises(qps.ParameterError, match="spacing_us"):
            missed_gates(dead_us, spacing_us=0.0)
    assert float(missed_gates(math.inf, spacing_us=1.0)) > 1e299
    assert float(missed_gates(1e300, spacing_us=1e-300)) > 1e299


def test_counts_drawn_at_once_have_the_means_of_gates_drawn_one_by_one() -> None:
    receiver = Receiver(eta_detector=0.4, p_dark=0.02, misalignment=0.05, p_z=0.7, p_afterpulse=0.1, n_missed=2)
    at_once = sample_bb84(loss(2.0), [2_000_000], receiver, seed=1)
    told = record_bb84(loss(2.0), [2_000_000], receiver, seed=1)
    z = told["sifted"] & (told["alice_basis"] == 0)
    assert at_once.gain().value == pytest.approx((told["bob_bit"] >= 0).mean(), rel=0.006)
    assert at_once.qber("z").value == pytest.approx(told["wrong"][z].mean(), abs=0.004)


@given(st.floats(0, 1), st.floats(0, 0.2), st.floats(0, 0.5), st.floats(0, 1), st.floats(0, 100))
def test_no_more_than_one_click_a_gate_and_errors_up_to_one_half(
    eta: float, p_dark: float, error: float, p_afterpulse: float, n_missed: float
) -> None:
    gates = Gates(p_dark=p_dark, p_afterpulse=p_afterpulse, n_missed=n_missed)
    plain = Gates(p_dark=p_dark)
    assert 0 <= float(gates.gain(eta)) <= 1 / (1 + n_missed) + 1e-12
    assert float(gates.qber(eta, error)) >= float(plain.qber(eta, error)) - 1e-15
    assert float(gates.qber(eta, error)) <= 0.5 + 1e-15


def test_where_light_is_weak_afterpulses_count_as_lim_and_others_write_them() -> None:
    gates, D = Gates(p_dark=1.2e-6, p_afterpulse=0.04), 1.2e-6 + 1e-4 * (1 - 1.2e-6)
    assert float(gates.gain(1e-4)) == pytest.approx(D * 1.04, rel=1e-5)
    wrong = 0.6e-6 + 0.005 * 1e-4 + 0.04 * D / 2  # Section V
    assert float(gates.qber(1e-4, 0.005)) == pytest.approx(wrong / (D * 1.04), rel=2e-4)


def test_a_dead_time_in_gates_is_that_of_clicks_at_any_time_where_gates_are_dense() -> None:
    spacing_us, dead_us, clicks_hz = 1e-3, 0.8, 5e5
    n_missed = float(missed_gates(dead_us, spacing_us=spacing_us))
    per_gate = clicks_hz * 1e-6 * spacing_us
    found = float(Gates(p_dark=0.0, n_missed=n_missed).gain(per_gate)) / per_gate
    assert found == pytest.approx(float(live_share(clicks_hz, dead_us=dead_us)), rel=1e-3)


def test_a_scenario_loses_the_share_of_clicks_outside_the_gate_and_keeps_its_stray_light() -> None:
    s = FIG7.replace(p_dark=0.0, gate_us=1e-3)
    sigma_us = 8e-4 / math.sqrt(8 * math.log(2))
    inside = 1 - 2 * norm.sf(5e-4, scale=sigma_us)
    blurred = s.replace(jitter_us=8e-4)
    assert qps.evaluate(blurred, "gain") == pytest.approx(qps.evaluate(s, "gain") * inside, rel=1e-12)
    assert qps.evaluate(blurred, "qber_z") == qps.evaluate(s, "qber_z")
    dark = {"eta_detector": 0.5, "length_km": 150.0, "n_signals": 1, "launch_dbm": -20.0}
    lit, lit_blurred = s.replace(**dark), blurred.replace(**dark)
    assert qps.evaluate(lit_blurred, "raman_per_gate") == qps.evaluate(lit, "raman_per_gate")
    assert qps.evaluate(lit_blurred, "qber_z") > 1.1 * qps.evaluate(lit, "qber_z")


def test_dead_time_thins_the_key_and_leaves_its_errors_and_its_reach() -> None:
    s = FIG7.replace(spacing_us=1.0, eta_detector=1.0, length_km=10.0)
    dead = s.replace(dead_us=10.0)
    gain = qps.evaluate(s, "gain")
    assert qps.evaluate(dead, "gain") == pytest.approx(gain / (1 + 9 * gain), rel=1e-12)
    for name in ("key_rate", "key_rate_hz"):
        assert qps.evaluate(dead, name) == pytest.approx(qps.evaluate(s, name) / (1 + 9 * gain), rel=1e-12)
    for name in ("qber_z", "qber_x", "reach_km", "secret_share"):
        assert qps.evaluate(dead, name) == qps.evaluate(s, name)
    assert qps.evaluate(s.replace(dead_us=1.0), "gain") == gain  # the next gate opens as it ends


def test_decoy_counts_are_thinned_by_the_clicks_of_all_intensities() -> None:
    sent = Intensities(n_photons=np.array([0.6, 0.2, 2e-4]), p_sent=np.array([0.5, 0.3, 0.2]))
    plain, dead = (Link.of(eta=0.1, p_dark=1e-5, p_key_error=0.01, p_test_error=0.01, n_missed=n) for n in (0.0, 20.0))
    R = sum(p * (1 - (1 - 1e-5) * math.exp(-0.1 * mu)) for p, mu in zip(sent.p_sent, sent.n_photons, strict=True))
    at = {"p_key_basis": np.array(0.9), "n_pulses": np.array(1e9)}
    one, other = Block.expected(plain, sent, **at), Block.expected(dead, sent, **at)
    for name in ("n_key", "n_test", "n_wrong_key", "n_wrong_test"):
        assert getattr(other, name) == pytest.approx(getattr(one, name) / (1 + 20 * R), rel=1e-12)


def test_with_a_dead_time_the_best_key_of_decoys_is_below_the_thinned_one_and_above_one_not_chosen_anew() -> None:
    plain, dead = (Link.of(eta=0.5, p_dark=1e-6, p_key_error=0.01, p_test_error=0.01, n_missed=n) for n in (0.0, 10.0))
    without = float(asymptotic_key_rate(plain, ec_inefficiency=1.16))
    rate = float(asymptotic_key_rate(dead, ec_inefficiency=1.16))
    mu = np.linspace(0.01, 1.5, 3000)
    light = 1 - np.exp(-0.5 * mu)
    D = 1e-6 + light * (1 - 1e-6)
    single = mu * np.exp(-mu) * (1e-6 + 0.5 * (1 - 1e-6))
    entropy = lambda e: -e * np.log2(e) - (1 - e) * np.log2(1 - e)  # noqa: E731
    e1 = (0.5e-6 + 0.01 * 0.5) / (1e-6 + 0.5 * (1 - 1e-6))
    secret = np.exp(-mu) * 1e-6 + single * (1 - entropy(e1)) - 1.16 * entropy((0.5e-6 + 0.01 * light) / D) * D
    assert rate == pytest.approx(np.max(secret / (1 + 10 * D)), rel=1e-6)
    assert without == pytest.approx(np.max(secret), rel=1e-6)
    assert rate > (secret / (1 + 10 * D))[np.argmax(secret)] * (1 + 1e-4)
    security = Security.of(p_insecure=1e-10, p_incorrect=1e-15, ec_inefficiency=1.16)
    assert 0.5 * rate < float(finite_key_rate(dead, n_block=1e10, security=security)) < rate


@pytest.mark.parametrize(
    ("changes", "columns"),
    [
        ({"p_afterpulse": 0.05, "p_dark": 1e-3}, ("gain", "qber_z")),
        ({"dead_us": 9.5}, ("gain",)),
        ({"jitter_us": 2e-3}, ("gain",)),
        ({"p_afterpulse": 0.1, "dead_us": 4.0, "jitter_us": 1e-3}, ("gain", "qber_x")),
    ],
)
def test_a_run_and_its_photons_have_the_detector_of_the_closed_forms(
    changes: dict[str, float], columns: tuple[str, ...]
) -> None:
    s = FIG7.replace(length_km=5.0, spacing_us=1.0, n_qubits=200, n_frames=500, misalignment=0.02, **changes)
    run = qps.simulate(s, seed=4, sample="photons")
    assert run.summary()["key_rate_hz"] == pytest.approx(qps.evaluate(s, "key_rate_hz"), rel=1e-9)
    assert run.photons.bb84.gain(p_coverage=0.999999).covers(qps.evaluate(s, "gain"))
    assert run.photons.bb84.qber("z", p_coverage=0.999999).covers(qps.evaluate(s, "qber_z"))
    plain = s.replace(**dict.fromkeys(changes, 0.0)).replace(p_dark=s.detector.p_dark)
    for name in columns:
        assert qps.evaluate(s, name) != qps.evaluate(plain, name)


@pytest.mark.parametrize(
    ("name", "value"), [("p_afterpulse", 1.1), ("dead_us", -1.0), ("jitter_us", math.nan), ("dead_us", math.inf)]
)
def test_a_detector_that_cannot_be_is_refused_by_name(name: str, value: float) -> None:
    with pytest.raises(qps.ParameterError, match=name):
        FIG7.replace(**{name: value})


@pytest.mark.parametrize(
    ("changes", "name"),
    [({"p_dark": 2.0}, "p_dark"), ({"p_afterpulse": -0.1}, "p_afterpulse"), ({"n_missed": -1}, "n_missed")],
)
def test_gates_that_cannot_be_are_refused_by_name(changes: dict[str, float], name: str) -> None:
    with pytest.raises(ValueError, match=name):
        Gates.of(**{"p_dark": 0.0, **changes})
