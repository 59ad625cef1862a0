"""Sampled photons: counts that add up, and estimates that bracket the closed forms."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qpsviz import Scenario, evaluate, preset, simulate
from qpsviz.noise import QubitChannel, depolarising, fibre, loss, memory
from qpsviz.protocols import epr, qkd
from qpsviz.protocols.sampling import PhotonSample, Receiver, record_bb84, sample_bb84, sample_epr, sample_frames

ALMOST_SURE = 1 - 1e-6  # a wrong sampler fails; a right one fails for one seed in a million
SEEDS = st.integers(0, 2**32)
RECEIVERS = st.builds(
    Receiver,
    eta_detector=st.floats(0, 1),
    p_dark=st.floats(0, 0.1),
    misalignment=st.floats(0, 0.5),
    p_z=st.floats(0.1, 0.9),
)


@st.composite
def channels(draw: st.DrawFn) -> QubitChannel:
    """Fibre, a memory, a lossy switch."""
    t1_us = draw(st.floats(10, 1e5))
    return (
        fibre(draw(st.floats(0, 100)), loss_db_per_km=0.2, depol_per_km=draw(st.floats(0, 0.02)))
        .then(memory(draw(st.floats(0, 500)), t1_us=t1_us, t2_us=t1_us * draw(st.floats(0.1, 2))))
        .then(loss(draw(st.floats(0, 3))))
    )


def expected(channel: QubitChannel, r: Receiver) -> tuple[float, float, float]:
    """Q, e_Z and e_X of Eq. 1's inputs, in closed form."""
    eta = channel.eta * r.eta_detector
    errors = (qkd.combined_error(r.misalignment, e) for e in qkd.path_errors(channel))
    e_z, e_x = (float(qkd.qber(eta, r.p_dark, e)) for e in errors)
    return float(qkd.gain(eta, r.p_dark)), e_z, e_x


@given(channels(), RECEIVERS, SEEDS)
def test_the_estimates_of_a_session_bracket_the_inputs_of_eq_1(
    channel: QubitChannel, receiver: Receiver, seed: int
) -> None:
    session = sample_bb84(channel, [1_000_000] * 3, receiver, seed=seed)
    q, e_z, e_x = expected(channel, receiver)
    options: dict[str, Any] = {"p_coverage": 1 - 1e-9, "method": "clopper-pearson"}
    for estimate, truth in ((session.gain(**options), q), (session.qber("z", **options), e_z)):
        assert estimate.lo - 1e-12 <= truth <= estimate.hi + 1e-12
    x = session.qber("x", **options)
    assert x.lo - 1e-12 <= e_x <= x.hi + 1e-12


def test_the_stated_coverage_is_met_over_many_sessions() -> None:
    channel, receiver = depolarising(0.9), Receiver(eta_detector=0.1, p_dark=1e-3)
    q, e_z, e_x = expected(channel, receiver)
    sessions = [sample_bb84(channel, [5000], receiver, seed=seed) for seed in range(600)]
    for covered in (
        [s.gain().covers(q) for s in sessions],
        [s.qber("z").covers(e_z) for s in sessions],
        [s.qber("x").covers(e_x) for s in sessions],
    ):
        assert np.mean(covered) == pytest.approx(0.95, abs=0.03)
    sure = [s.qber("z", method="clopper-pearson").covers(e_z) for s in sessions]
    assert np.mean(sure) >= 0.94


@given(channels(), RECEIVERS, st.lists(st.integers(0, 1000), min_size=1, max_size=5), SEEDS)
def test_every_pulse_ends_in_exactly_one_way(
    channel: QubitChannel, receiver: Receiver, n_pulses: list[int], seed: int
) -> None:
    counts = sample_bb84(channel, n_pulses, receiver, seed=seed).counts
    parts = np.sum([counts[n] for n in ("z_right", "z_wrong", "x_right", "x_wrong", "unsifted")], axis=0)
    np.testing.assert_array_equal(counts["n_pulses"], n_pulses)
    np.testing.assert_array_equal(counts["n_clicks"], parts)
    assert np.all(counts["n_clicks"] <= counts["n_pulses"])


@given(channels(), RECEIVERS, SEEDS)
def test_equal_seeds_give_equal_sessions_and_other_seeds_others(
    channel: QubitChannel, receiver: Receiver, seed: int
) -> None:
    def drawn(s: int) -> list[int]:
        return sample_bb84(channel, [10**9] * 4, receiver, seed=s).counts["z_right"].tolist()

    assert drawn(seed) == drawn(seed)
    if min(drawn(seed)) > 1000:
        assert drawn(seed) != drawn(seed + 1)


def test_each_frame_has_its_own_channel() -> None:
    session = sample_bb84(loss([0.0, 10.0, 300.0]), [100_000] * 3, seed=1)
    shares = session.counts["n_clicks"] / 100_000
    assert shares == pytest.approx([1, 0.1, 0], abs=0.01)


def test_a_photon_by_photon_record_has_the_counts_of_the_multinomial_session() -> None:
    held = memory(200.0, t1_us=500.0, t2_us=700.0).then(loss(3.0))
    receiver = Receiver(eta_detector=0.6, p_dark=0.05, misalignment=0.03, p_z=0.7)
    told = record_bb84(held, [400_000, 600_000], receiver, seed=3)
    q, e_z, e_x = expected(held, receiver)
    clicks, z = told["bob_bit"] >= 0, told["alice_basis"] == 0
    assert clicks.mean() == pytest.approx(q, abs=0.0025)
    assert told["wrong"][told["sifted"] & z].mean() == pytest.approx(e_z, abs=0.004)
    assert told["wrong"][told["sifted"] & ~z].mean() == pytest.approx(e_x, abs=0.008)
    assert told["sifted"].sum() / clicks.sum() == pytest.approx(0.7**2 + 0.3**2, abs=0.004)
    assert np.bincount(told["frame"]).tolist() == [400_000, 600_000]
    assert told["alice_bit"].mean() == pytest.approx(0.5, abs=0.003)


def test_in_a_record_a_relaxing_memory_flips_ones_and_not_zeros() -> None:
    told = record_bb84(memory(300.0, t1_us=500.0, t2_us=500.0), [200_000], Receiver(p_z=1.0), seed=1)
    ones = told["alice_bit"] == 1
    assert told["wrong"][~ones].sum() == 0
    assert told["wrong"][ones].mean() == pytest.approx(1 - np.exp(-0.6), abs=0.01)


@pytest.mark.parametrize("dark_counts", ["receiver", "detector"])
def test_a_receiver_counts_the_dark_clicks_that_the_scenario_means(dark_counts: str) -> None:
    """2,000,000 gates without light; two detectors that click by themselves with 0.05 make 0.0975 clicks."""
    scenario = Scenario().replace(p_dark=0.05, dark_counts=dark_counts, eta_detector=0.0)
    receiver = Receiver.of(scenario)
    session = sample_bb84(loss(0.0), [2_000_000], receiver, seed=4)
    expected_clicks = {"receiver": 0.05, "detector": 0.0975}[dark_counts]
    assert session.gain(p_coverage=ALMOST_SURE, method="clopper-pearson").covers(expected_clicks)
    assert evaluate(scenario, "gain") == pytest.approx(expected_clicks, rel=1e-14)
    told = record_bb84(loss(0.0), [200_000], receiver, seed=4)
    assert np.mean(told["dark"]) == pytest.approx(expected_clicks, rel=0.05)


def test_a_record_has_no_click_without_a_photon_or_a_dark_count_and_is_made_again_from_its_seed() -> None:
    receiver = Receiver(eta_detector=0.5, p_dark=0.1)
    told, again = (record_bb84(loss(3.0), [1000, 2000], receiver, seed=9) for _ in range(2))
    np.testing.assert_array_equal(told["bob_bit"] >= 0, told["arrived"] | told["dark"])
    assert not np.any(told["arrived"] & told["dark"])
    assert not np.any(told["sifted"] & (told["alice_basis"] != told["bob_basis"]))
    for name, column in told.items():
        np.testing.assert_array_equal(column, again[name])


@given(channels(), channels(), SEEDS, st.floats(0.2, 1))
def test_the_measured_fidelity_brackets_eq_3(a: QubitChannel, b: QubitChannel, seed: int, eta: float) -> None:
    session = sample_epr(a, b, [10**7] * 2, eta_detector=eta, seed=seed)
    found = session.fidelity(p_coverage=1 - 1e-9, method="clopper-pearson")
    assert found.p_coverage == pytest.approx(1 - 1e-9, abs=1e-15)
    assert found.lo - 1e-9 <= float(epr.fidelity(a, b)) <= found.hi + 1e-9
    for axis, truth in zip(("xx", "yy", "zz"), epr.correlations(a, b), strict=True):
        along = session.correlation(axis, p_coverage=1 - 1e-9, method="clopper-pearson")
        assert along.lo - 1e-9 <= float(truth) <= along.hi + 1e-9


def test_the_fidelity_interval_covers_the_truth_as_often_as_it_says() -> None:
    a, b = memory(125.0, t1_us=500.0, t2_us=500.0), depolarising(0.95)
    truth = float(epr.fidelity(a, b))
    sessions = [sample_epr(a, b, [900], seed=seed) for seed in range(800)]
    assert np.mean([s.fidelity().covers(truth) for s in sessions]) == pytest.approx(0.95, abs=0.025)
    assert np.mean([s.fidelity(method="clopper-pearson").covers(truth) for s in sessions]) >= 0.95


def test_only_pairs_of_which_both_halves_were_seen_are_counted() -> None:
    session = sample_epr(loss(3.0), loss(7.0), [1_000_000], eta_detector=0.5, seed=2)
    seen = sum(session.total(f"{axis}_{kind}") for axis in ("xx", "yy", "zz") for kind in ("equal", "unequal"))
    assert seen / 1_000_000 == pytest.approx(0.1 * 0.25, rel=0.03)
    assert session.fidelity().value == 1


def measured(scenario: Scenario, seed: int = 1) -> PhotonSample:
    return sample_frames(scenario, simulate(scenario, seed=seed, record="frames").frames, seed=seed)


def test_a_simulated_burst_session_measures_the_gain_errors_and_retention_of_its_scenario() -> None:
    scenario = preset("fig7").replace(n_frames=20_000, n_qubits=100, length_km=20.0, misalignment=0.02)
    sample = measured(scenario)
    assert sample.bb84 is not None
    assert sample.bb84.gain(p_coverage=ALMOST_SURE).covers(evaluate(scenario, "gain"))
    assert sample.bb84.qber("z", p_coverage=ALMOST_SURE).covers(evaluate(scenario, "qber_z"))
    assert sample.bb84.qber("x", p_coverage=ALMOST_SURE).covers(evaluate(scenario, "qber_x"))
    kept = sample.bb84.total("n_pulses") / (20_000 * 100)
    assert kept == pytest.approx(evaluate(scenario, "retention"), abs=0.01)


@pytest.mark.parametrize("name", ["fig10a", "fig10b", "hollow-core"])
def test_a_simulated_source_of_pairs_measures_the_fidelity_of_its_scenario(name: str) -> None:
    scenario = preset(name).replace(n_frames=500, n_qubits=1000, spacing_us=0.05, eta_detector=1.0, loss_db_per_km=0.0)
    sample = measured(scenario)
    assert sample.epr.fidelity(p_coverage=ALMOST_SURE).covers(evaluate(scenario, "fidelity"))
    assert sample.epr.total("n_pairs") == 500_000
    assert (sample.bb84 is None) == (scenario.path.layout == "split")


def test_frames_that_were_dropped_measure_nothing() -> None:
    scenario = preset("fig7").replace(p_free=0.0)
    sample = measured(scenario)
    assert sample.bb84 is not None
    assert (sample.bb84.total("n_pulses"), sample.bb84.total("n_clicks"), sample.epr.total("n_pairs")) == (0, 0, 0)


@pytest.mark.parametrize(
    ("call", "named"),
    [
        (lambda: Receiver(eta_detector=1.5), "eta_detector = 1.5"),
        (lambda: Receiver(p_z=float("nan")), "p_z = nan"),
        (lambda: sample_bb84(loss(0.0), [-1], seed=1), "n_pulses = -1"),
        (lambda: sample_bb84(loss(0.0), [1.5], seed=1), r"n_pulses = 1\.5 must be a whole number"),
        (lambda: sample_bb84(loss(0.0), [1], seed=1).qber("y"), "basis = 'y' is not one of z, x"),
        (lambda: record_bb84(loss(0.0), [10**9], seed=1), "must be at most 5000000"),
        (lambda: sample_epr(loss(0.0), loss(0.0), [1], eta_detector=-1.0, seed=1), "eta_detector = -1"),
        (lambda: sample_epr(loss(0.0), loss(0.0), [1], seed=1).correlation("xy"), "axis = 'xy' is not one of"),
    ],
)
def test_bad_input_is_named_with_its_value(call: Callable[[], object], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        call()
