"""Clicks whose time is not exact: against drawn times, integrals, and what a receiver then reads."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

import qpsviz as qps
from qpsviz.protocols.jitter import slot_shares, window_share

FIG7 = qps.preset("fig7").replace(n_relays=0, length_km=10.0)


@pytest.mark.parametrize("jitter_us", [0.01, 0.3, 0.7, 1.0, 2.5, 3.99, 4.0, 7.0, 300.0])
@pytest.mark.parametrize("gate_us", [1e-3, 0.4, 1.0, 50.0])
def test_clicks_fall_into_gates_as_a_normal_distribution_says(gate_us: float, jitter_us: float) -> None:
    sigma_us, half_us = jitter_us / math.sqrt(8 * math.log(2)), min(gate_us, 1.0) / 2
    slots = np.arange(1, 3000)
    own = norm.cdf(half_us, scale=sigma_us) - norm.cdf(-half_us, scale=sigma_us)
    tails = norm.sf(slots - half_us, scale=sigma_us) - norm.sf(slots + half_us, scale=sigma_us)
    found = slot_shares(gate_us, spacing_us=1.0, jitter_us=jitter_us)
    np.testing.assert_allclose([float(f) for f in found], [own, 2 * tails.sum()], rtol=1e-9, atol=1e-30)


def test_shares_of_several_jitters_are_those_of_each() -> None:
    jitters_us = np.array([0.0, 0.01, 0.5, 3.0, 10.0])
    together = slot_shares(0.2, spacing_us=1.0, jitter_us=jitters_us)
    each = [slot_shares(0.2, spacing_us=1.0, jitter_us=t) for t in jitters_us]
    np.testing.assert_array_equal(together, np.array(each).T)
    assert each[0] == (1.0, 0.0)


@given(st.floats(1e-9, 1e6), st.floats(1e-6, 1e9), st.floats(0, 1e6))
def test_no_more_clicks_are_found_than_there_are(gate_us: float, spacing_us: float, jitter_us: float) -> None:
    own, others = (float(f) for f in slot_shares(gate_us, spacing_us=spacing_us, jitter_us=jitter_us))
    assert own == float(window_share(min(gate_us, spacing_us), jitter_us=jitter_us))
    assert 0 <= others <= 1
    assert own + others <= 1 + 1e-12


def test_jitter_over_many_slots_leaves_random_bits_and_no_key() -> None:
    s = FIG7.replace(jitter_us=1e3, gate_us=2e3, spacing_us=5.0)
    assert qps.evaluate(s, "qber_z") == pytest.approx(0.5, abs=0.005)
    for output in ("key_rate", "key_rate_decoy", "key_rate_source", "key_rate_six_state", "key_rate_bbm92"):
        assert qps.evaluate(s, output) == 0, output
    split = s.replace(layout="split")
    assert qps.evaluate(split, "key_rate_bbm92") == 0


def test_bits_of_drawn_clicks_in_gates_of_other_slots_are_read_as_the_closed_form_says() -> None:
    """A million slots drawn once, each with a photon at a drawn time: 5 deviations, so a right one fails below 1e-6.

    A gate with clicks of several photons reads the bit of its own, as the model has it where one is there.
    """
    n, eta, spacing_us, gate_us, jitter_us = 1_000_000, 0.05, 1.0, 0.6, 1.0
    rng = np.random.default_rng(3)
    bits, seen = rng.integers(0, 2, n), np.flatnonzero(rng.random(n) < eta)
    times_us = seen * spacing_us + rng.normal(0, jitter_us / math.sqrt(8 * math.log(2)), seen.size)
    gates = np.rint(times_us / spacing_us).astype(int)
    inside = (np.abs(times_us - gates * spacing_us) < gate_us / 2) & (gates >= 0) & (gates < n)
    order = np.argsort(gates[inside] == seen[inside], kind="stable")  # the own photon last: it decides
    read = np.full(n, -1)
    read[gates[inside][order]] = bits[seen[inside][order]]
    clicked = read >= 0
    s = FIG7.replace(
        length_km=0.0, eta_detector=eta, p_dark=0.0, spacing_us=spacing_us, gate_us=gate_us, jitter_us=jitter_us
    )
    gain, qber = qps.evaluate(s, "gain"), qps.evaluate(s, "qber_z")
    assert clicked.mean() == pytest.approx(gain, abs=5 * math.sqrt(gain / n))
    wrong = (read != bits)[clicked]
    assert wrong.mean() == pytest.approx(qber, abs=5 * math.sqrt(qber * (1 - qber) / wrong.size))
    assert qber > 0.05


def test_a_gate_is_cut_where_the_next_one_opens() -> None:
    lit = FIG7.replace(n_signals=2, launch_dbm=-20.0, spacing_us=5.0, jitter_us=0.0)
    cut, whole = lit.replace(gate_us=1e3), lit.replace(gate_us=5.0)
    for output in ("raman_per_gate", "gain", "qber_z", "key_rate"):
        assert qps.evaluate(cut, output) == qps.evaluate(whole, output)
    runs = [qps.simulate(s.replace(n_frames=5), seed=1).frames["raman_per_gate"] for s in (cut, whole)]
    np.testing.assert_array_equal(*runs)


def test_a_run_and_its_photons_read_clicks_of_other_slots_as_the_closed_forms_do() -> None:
    s = FIG7.replace(
        length_km=5.0, spacing_us=1.0, gate_us=0.8, jitter_us=1.0, n_qubits=200, n_frames=500, misalignment=0.01
    )
    assert qps.evaluate(s, "qber_z") > 0.05
    run = qps.simulate(s, seed=4, sample="photons")
    assert run.summary()["key_rate_hz"] == pytest.approx(qps.evaluate(s, "key_rate_hz"), rel=1e-9)
    assert run.photons.bb84.gain(p_coverage=0.999999).covers(qps.evaluate(s, "gain"))
    assert run.photons.bb84.qber("z", p_coverage=0.999999).covers(qps.evaluate(s, "qber_z"))
