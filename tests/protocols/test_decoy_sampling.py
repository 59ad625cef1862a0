"""Sessions of decoy states drawn pulse by pulse: intervals hold the closed forms, counts make the key they should."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import qpsviz as qps
from qpsviz.noise import QubitChannel, depolarising, loss
from qpsviz.protocols.decoy import Intensities, Security, Settings, best_block, finite_key_rate
from qpsviz.protocols.sampling import Receiver, sample_decoy
from qpsviz.protocols.sampling.decoy import link_of

SETTINGS = Settings(
    intensities=Intensities(n_photons=np.array([0.6, 0.2, 2e-4]), p_sent=np.array([0.6, 0.25, 0.15])),
    p_key_basis=np.float64(0.8),
)
PATH = depolarising(0.97).then(loss(3.0))
RECEIVER = Receiver(eta_detector=0.3, p_dark=1e-4, misalignment=0.01)
SURE: dict[str, Any] = {"p_coverage": 1 - 1e-9, "method": "clopper-pearson"}
FIG7 = qps.preset("fig7").replace(n_relays=1, length_km=20.0, misalignment=0.01, n_frames=2000, n_qubits=200)


def expected(mu: float, eta: float, p_dark: float, error: float, p_ap: float = 0.0) -> tuple[float, float]:
    """Clicks and wrong clicks per pulse: Lim et al. (2014), Section V; no afterpulse where the next gate clicks."""
    D = 1 - (1 - p_dark) * math.exp(-eta * mu)
    sent = SETTINGS.intensities
    free = (1 - p_dark) * sum(p * math.exp(-eta * k) for p, k in zip(sent.p_sent, sent.n_photons, strict=True))
    again = p_ap * free * D
    return D + again, p_dark / 2 + error * (1 - math.exp(-eta * mu)) + again / 2


@given(st.floats(0, 1), st.floats(0, 0.01), st.floats(0, 0.3), st.floats(0, 0.1), st.integers(0, 2**32))
def test_gain_and_errors_of_each_intensity_lie_in_their_intervals(
    loss_share: float, p_dark: float, misalignment: float, p_ap: float, seed: int
) -> None:
    path = loss(20 * loss_share)
    receiver = Receiver(eta_detector=0.8, p_dark=p_dark, misalignment=misalignment, p_afterpulse=p_ap)
    session = sample_decoy(path, [500_000] * 4, receiver, SETTINGS, seed=seed)
    for i, mu in enumerate(SETTINGS.intensities.n_photons):
        R, W = expected(float(mu), 0.8 * 10 ** (-2 * loss_share), p_dark, misalignment, p_ap)
        gain = session.gain(i, **SURE)
        assert gain.lo - 1e-12 <= R <= gain.hi + 1e-12
        for basis in ("key", "test"):
            qber = session.qber(i, basis, **SURE)
            if qber.n_trials:
                assert qber.lo - 1e-12 <= W / R <= qber.hi + 1e-12


def test_every_pulse_has_one_intensity_and_one_end() -> None:
    session = sample_decoy(PATH, [100_000, 0, 50_000], RECEIVER, SETTINGS, seed=2)
    counts = session.counts
    np.testing.assert_array_equal(counts["n_pulses"].sum(axis=1), [100_000, 0, 50_000])
    parts = sum(counts[name] for name in ("key_right", "key_wrong", "test_right", "test_wrong", "unsifted"))
    np.testing.assert_array_equal(counts["n_clicks"], parts)
    assert session.of_each("n_pulses") / 150_000 == pytest.approx([0.6, 0.25, 0.15], abs=0.01)
    in_key = (counts["key_right"] + counts["key_wrong"]).sum() / counts["n_clicks"].sum()
    assert in_key == pytest.approx(0.64, abs=0.03)


def test_intervals_of_single_photons_hold_the_closed_form_as_often_as_they_say() -> None:
    """400 sessions drawn once; the bounds are wider than exact intervals, which would fail half of the time."""
    eta = 0.3 * 10**-0.3
    Y1 = 1e-4 + eta * (1 - 1e-4)
    in_x = 0.01 + (1 - 0.02) * (1 - 0.97) / 2
    e1 = (0.5e-4 + in_x * eta) / Y1
    sessions = [sample_decoy(PATH, [300_000], RECEIVER, SETTINGS, seed=seed) for seed in range(400)]
    yields = [s.single_photon_yield() for s in sessions]
    assert np.mean([found.covers(Y1) for found in yields]) >= 0.95
    errors = [s.single_photon_error() for s in sessions]
    assert np.mean([found.covers(e1) for found in errors]) >= 0.95
    assert np.median([found.lo for found in yields]) > 0.5 * Y1
    assert np.median([found.hi for found in yields]) < 1.5 * Y1
    assert all(found.lo <= found.value <= found.hi for found in yields)


def test_the_more_pulses_the_closer_the_bounds_of_single_photons() -> None:
    eta = 0.3 * 10**-0.3
    widths, tops = [], []
    for n in (10**6, 10**8, 10**10):
        session = sample_decoy(PATH, [n], RECEIVER, SETTINGS, seed=5)
        found = session.single_photon_yield()
        widths.append(found.value - found.lo)
        tops.append(session.single_photon_error().hi)
    assert widths[0] > 5 * widths[1] > 25 * widths[2]
    assert widths[2] < 0.01 * eta
    assert tops[0] > tops[1] > tops[2] > 0.024


def test_the_counts_of_a_long_block_make_the_key_of_the_closed_form() -> None:
    security = Security.of(p_insecure=1e-10, p_incorrect=1e-15, ec_inefficiency=1.16)
    for n_missed in (0, 3):
        receiver = Receiver(eta_detector=0.3, p_dark=1e-6, misalignment=0.01, n_missed=n_missed, p_afterpulse=0.01)
        link = link_of(loss(5.0), receiver)
        best = best_block(link_of(loss(5.0), receiver), n_block=1e10, security=security).settings
        session = sample_decoy(loss(5.0), [10**10], receiver, best, seed=3)
        rate = float(finite_key_rate(link, n_block=1e10, security=security))
        assert float(session.key(security).bits) / 1e10 == pytest.approx(rate, rel=0.01)
        assert rate > 1e-3


def test_a_session_too_short_makes_no_key_and_says_so() -> None:
    security = Security.of(p_insecure=1e-10, p_incorrect=1e-15, ec_inefficiency=1.16)
    session = sample_decoy(PATH, [10_000], RECEIVER, SETTINGS, seed=1)
    key = session.key(security)
    assert float(key.bits) == 0
    assert "no single photon for certain" in str(key.reason)
    assert session.single_photon_yield().lo == 0
    assert session.single_photon_error().hi == 0.5
    nothing = sample_decoy(PATH, [0], RECEIVER, SETTINGS, seed=1)
    assert float(nothing.key(security).bits) == 0
    assert str(nothing.key(security).reason) == "no click was sifted"
    assert nothing.single_photon_yield().lo == 0


def test_a_simulated_session_of_decoys_measures_its_scenario() -> None:
    run = qps.simulate(FIG7, seed=3, sample="photons")
    session = run.photons.decoy
    eta = 0.5 * 10**-0.4
    for i, mu in enumerate(session.settings.intensities.n_photons):
        R, W = expected(float(mu), eta, 1e-6, 0.01)
        assert session.gain(i, p_coverage=0.999999).covers(R)
        assert session.qber(i, "key", p_coverage=0.999999).covers(W / R)
    n_sent = np.sum(session.counts["n_pulses"], axis=1)
    np.testing.assert_array_equal(n_sent, run.photons.bb84.counts["n_pulses"])
    assert session.single_photon_yield(p_coverage=0.999999).covers(1e-6 + eta * (1 - 1e-6))


def test_equal_seeds_draw_equal_decoys_and_the_other_sessions_do_not_notice() -> None:
    one, two = (qps.simulate(FIG7, seed=9, sample="photons").photons for _ in range(2))
    for name, column in one.decoy.counts.items():
        np.testing.assert_array_equal(column, two.decoy.counts[name])
    for name, column in one.bb84.counts.items():
        np.testing.assert_array_equal(column, two.bb84.counts[name])


def test_a_split_source_and_a_run_without_arrivals_have_no_decoys_to_count() -> None:
    split = qps.simulate(qps.preset("fig10a").replace(n_frames=3), seed=1, sample="photons")
    assert split.photons.decoy is None
    none = qps.simulate(FIG7.replace(p_free=0.0, n_frames=20), seed=1, sample="photons").photons.decoy
    assert none.total("n_pulses") == 0
    assert math.isnan(none.gain(0).value)


def test_decoys_of_frames_that_queue_tell_no_interval() -> None:
    ring, traffic = qps.Network.ring(n_nodes=6, length_km=5.0), qps.Traffic(load=0.8, n_frames=400)
    run = qps.simulate(qps.preset("memory-buys"), network=ring, traffic=traffic, seed=1, sample="photons")
    for found in (run.photons.decoy.gain(0), run.photons.decoy.single_photon_yield()):
        assert math.isnan(found.lo)
        assert math.isnan(found.hi)


def test_another_basis_is_refused() -> None:
    session = sample_decoy(QubitChannel.identity(), [10], RECEIVER, SETTINGS, seed=1)
    with pytest.raises(ValueError, match="basis = 'x'"):
        session.qber(0, "x")
    with pytest.raises(ValueError, match="n_pulses = -1"):
        sample_decoy(QubitChannel.identity(), [-1], RECEIVER, SETTINGS, seed=1)
