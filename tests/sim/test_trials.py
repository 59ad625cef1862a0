"""Intervals of a run's means cover what such runs give on average as often as they say, also where frames queue."""

from __future__ import annotations

import math

import numpy as np
import pytest

import qpsviz as qps
from qpsviz.sim.results.trials import Mean, Sums, mean_from, share_from, trials_of
from qpsviz.table import Table

RING = qps.Network.ring(n_nodes=6, length_km=5.0)
SCENARIOS = {
    "store": qps.Scenario().replace(discipline="store"),
    "slow": qps.preset("memory-buys"),
    # A guard for every relay of a path, that takes no port away: else three times the load would be offered.
    "burst": qps.Scenario().replace(discipline="burst", guard_us=400.0, reservation="delayed"),
}
SEEDS = range(1000, 1200)  # the rule was chosen on others


def summaries(scenario: str, **traffic: float) -> list[dict[str, float]]:
    """Runs on a ring in which frames share their sessions and meet each other."""
    users, options = qps.Traffic(**traffic), {"network": RING, "record": "frames", "engine": "compiled"}
    return [qps.simulate(SCENARIOS[scenario], traffic=users, seed=i, **options).summary() for i in SEEDS]


def coverage(runs: list[dict[str, float]], name: str) -> float:
    """Share of the runs, all with an interval, whose interval holds the mean of all runs."""
    low, high = (np.array([run[f"{name}_{end}"] for run in runs]) for end in ("low", "high"))
    assert not np.isnan(low).any()
    middle = np.mean([run["delivered_share" if name == "delivered" else name] for run in runs])
    return float(np.mean((low <= middle) & (middle <= high)))


@pytest.mark.parametrize(("n_frames", "n_frames_per_session"), [(600, 1), (600, 10), (3000, 50)])
@pytest.mark.parametrize("load", [0.3, 0.8])
def test_intervals_cover_the_mean_of_many_runs_where_frames_queue(load, n_frames, n_frames_per_session) -> None:
    runs = summaries("store", load=load, n_frames=n_frames, n_frames_per_session=n_frames_per_session)
    # Of 200 draws with chance 0.95, all but one in 1000 give 0.9 or more; with 0.85, one in 40 does.
    # That they are no wider than need be is told by their errors.
    assert coverage(runs, "fidelity") >= 0.9
    errors = [run["fidelity_error"] for run in runs]
    assert np.sqrt(np.mean(np.square(errors))) == pytest.approx(np.std([run["fidelity"] for run in runs]), rel=0.25)


@pytest.mark.parametrize(("n_frames", "n_frames_per_session"), [(600, 1), (600, 10), (1000, 50)])
@pytest.mark.parametrize("load", [0.3, 0.8])
def test_intervals_cover_the_mean_of_many_runs_of_bursts(load, n_frames, n_frames_per_session) -> None:
    runs = summaries("burst", load=load, n_frames=n_frames, n_frames_per_session=n_frames_per_session)
    for name in ("fidelity", "delivered", "retention"):
        assert 0.9 <= coverage(runs, name) <= 0.995, name
    error = np.sqrt(np.mean([run["retention_error"] ** 2 for run in runs]))
    assert error == pytest.approx(np.std([run["retention"] for run in runs]), rel=0.2)


@pytest.mark.parametrize("n_frames_per_session", [1, 10])
def test_intervals_cover_where_queues_last_longer_than_a_tenth_of_the_run(n_frames_per_session) -> None:
    runs = summaries("slow", load=0.8, n_frames=1000, n_frames_per_session=n_frames_per_session)
    assert 0.9 <= coverage(runs, "fidelity") <= 0.99
    errors = [run["fidelity_error"] for run in runs]
    assert np.sqrt(np.mean(np.square(errors))) > 0.7 * np.std([run["fidelity"] for run in runs])


@pytest.mark.parametrize("load", [0.3, 0.8])
@pytest.mark.parametrize("scenario", ["store", "burst"])
def test_after_a_warm_up_intervals_cover_the_mean_of_a_run_without_end(scenario: str, load: float) -> None:
    options = {"network": RING, "record": "statistics", "engine": "compiled"}
    endless = qps.Traffic(load=load, n_frames=300_000, warm_up=0.02)
    steady = qps.simulate(SCENARIOS[scenario], traffic=endless, seed=77, **options).summary()
    runs = summaries(scenario, load=load, n_frames=800, warm_up=0.25)
    for name, mean in (("fidelity", steady["fidelity"]), ("delivered", steady["delivered_share"])):
        covers = [run[f"{name}_low"] <= mean <= run[f"{name}_high"] for run in runs]
        assert np.mean(covers) >= 0.9, name
    if scenario == "store" and load == 0.8:  # where queues take long to build, a run from the start is too good
        from_start = np.mean([run["fidelity"] for run in summaries(scenario, load=load, n_frames=800)])
        assert np.mean([run["fidelity"] for run in runs]) - steady["fidelity"] < 0.7 * (from_start - steady["fidelity"])


def test_too_few_sessions_tell_no_error() -> None:
    scenario = qps.Scenario().replace(discipline="store")
    few = qps.Traffic(load=0.8, n_frames=590, n_frames_per_session=10)
    summary = qps.simulate(scenario, network=RING, traffic=few, seed=1).summary()
    unknown = ("delivered_low", "delivered_high", "retention_error", "retention_low", "fidelity_error", "fidelity_high")
    assert all(math.isnan(summary[name]) for name in unknown)
    assert 0 < summary["fidelity"] < 1
    one_circuit = qps.simulate(qps.preset("fig7").replace(discipline="circuit", p_free=1.0)).summary()
    assert math.isnan(one_circuit["delivered_low"])


def test_frames_of_one_source_are_trials_of_their_own() -> None:
    summary = qps.simulate(qps.preset("fig7").replace(n_relays=1, n_frames=400), seed=1).summary()
    share = summary["delivered_share"]
    assert summary["retention_error"] == pytest.approx(0.99 * math.sqrt(share * (1 - share) / 399), rel=1e-9)
    assert summary["delivered_high"] - summary["delivered_low"] == pytest.approx(2 * 1.96 * 0.025, rel=0.02)


def test_frames_that_all_share_one_fate_do_not_make_the_error_zero() -> None:
    scenario = qps.preset("fig7").replace(n_relays=4)
    runs = [qps.simulate(scenario, seed=i, engine="python").summary() for i in range(40)]
    none = [run["retention_error"] for run in runs if run["delivered"] == 0]
    assert len(none) > 5
    # One of 12 frames in 16 arrives: the true spread of the mean is 0.067.
    assert all(0.04 < error < 0.1 for error in none)


def test_frames_that_share_a_fate_in_their_session_do_not_narrow_the_interval() -> None:
    scenario, rng = qps.Scenario().replace(discipline="burst"), np.random.default_rng(1)
    fates = rng.random(200) < 0.5

    def shares(n_copies: int) -> tuple[Mean, Mean]:
        session = np.repeat(np.arange(200), n_copies)
        frames = Table({"session": session, "pair": np.arange(session.size)})
        trials = trials_of(frames, scenario)
        assert trials is not None
        values, number = np.repeat(fates, n_copies).astype(float), trials.of(frames)
        sums = Sums(trials)
        sums.add(values, number)
        return share_from(sums), mean_from(sums)

    once, often = shares(1), shares(50)
    for alone, copied in zip(once, often, strict=True):
        assert (copied.lo, copied.hi) == (pytest.approx(alone.lo, rel=1e-9), pytest.approx(alone.hi, rel=1e-9))


def test_shares_that_are_all_or_nothing_keep_an_interval() -> None:
    scenario = qps.Scenario().replace(discipline="store")
    traffic = qps.Traffic(load=0.3, n_frames=300)
    summary = qps.simulate(scenario, network=RING, traffic=traffic, seed=1).summary()
    assert (summary["delivered_share"], summary["delivered_high"]) == (1.0, 1.0)
    assert 0.98 < summary["delivered_low"] < 0.99


def test_the_load_is_that_of_all_pairs_and_not_of_those_drawn() -> None:
    rates = []
    for seed in range(200):
        sessions = qps.Traffic(load=0.5, n_frames=400).sessions(RING, payload_us=50.0, n_channels=1, seed=seed)
        hops = RING.n_hops(sessions.source, sessions.destination)
        rates.append((float(np.mean(hops)), sessions.start_us[-1] / 400))
    path, gap_us = np.array(rates).T
    assert np.mean(gap_us) == pytest.approx(1.8 * 50.0 / (0.5 * RING.n_links), rel=0.02)
    assert abs(np.corrcoef(path, gap_us)[0, 1]) < 0.25
