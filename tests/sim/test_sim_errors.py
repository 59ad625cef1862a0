"""Intervals of a run's means cover what such runs give on average as often as they say, also where frames queue."""

from __future__ import annotations

import math

import numpy as np
import pytest

import qpsviz as qps
from qpsviz.sim.table import Table
from qpsviz.sim.trials import Mean, mean_of, share_of, trials_of

RING = qps.Network.ring(n_nodes=6, length_km=5.0)
SEEDS = range(200)


def summaries(discipline: str, load: float, n_frames_per_session: int) -> list[dict[str, float]]:
    """Runs on a ring in which frames share their sessions and meet each other."""
    scenario = qps.Scenario().replace(discipline=discipline)
    if discipline == "burst":
        # A guard for every relay of a way, that takes no port away: else three times the load would be offered.
        scenario = scenario.replace(guard_us=400.0, reservation="delayed")
    traffic = qps.Traffic(load=load, n_frames=1000, n_frames_per_session=n_frames_per_session)
    return [
        qps.simulate(scenario, network=RING, traffic=traffic, seed=i, record="frames", engine="compiled").summary()
        for i in SEEDS
    ]


def coverage(runs: list[dict[str, float]], name: str) -> tuple[float, float]:
    """Share of the runs with an interval, and how many of those intervals hold the mean of all runs."""
    low, high = (np.array([run[f"{name}_{end}"] for run in runs]) for end in ("low", "high"))
    middle = np.mean([run["delivered_share" if name == "delivered" else name] for run in runs])
    known = ~np.isnan(low)
    covered = (low <= middle) & (middle <= high)
    return float(np.mean(known)), float(np.mean(covered[known])) if known.any() else math.nan


@pytest.mark.parametrize("n_frames_per_session", [1, 10, 50])
@pytest.mark.parametrize("load", [0.3, 0.8])
@pytest.mark.parametrize(
    ("discipline", "of"), [("store", ("fidelity",)), ("burst", ("fidelity", "delivered", "retention"))]
)
def test_intervals_cover_the_mean_of_many_runs(discipline, of, load, n_frames_per_session) -> None:
    runs = summaries(discipline, load, n_frames_per_session)
    for name in of:
        known, covered = coverage(runs, name)
        # Twenty sessions of 50 frames that queue tell no interval; in all other cases each run does.
        assert known == (0.0 if (discipline, n_frames_per_session) == ("store", 50) else 1.0)
        # Of 200 draws with chance 0.95, all but one in a thousand lie within three deviations of 1.5 %.
        assert known == 0 or 0.905 <= covered <= 0.995, (name, covered)


@pytest.mark.parametrize(("n_frames", "n_frames_per_session"), [(3000, 1), (1000, 1), (3000, 10)])
def test_intervals_cover_where_queues_last_longer_than_a_tenth_of_the_run(n_frames, n_frames_per_session) -> None:
    traffic = qps.Traffic(load=0.8, n_frames=n_frames, n_frames_per_session=n_frames_per_session)
    scenario = qps.preset("memory-buys")
    runs = [
        qps.simulate(scenario, network=RING, traffic=traffic, seed=i, record="frames", engine="compiled").summary()
        for i in SEEDS
    ]
    known, covered = coverage(runs, "fidelity")
    assert known == 1.0
    assert 0.91 <= covered <= 0.99
    errors = [run["fidelity_error"] for run in runs]
    assert np.sqrt(np.mean(np.square(errors))) > 0.8 * np.std([run["fidelity"] for run in runs])


def test_too_few_sessions_tell_no_error() -> None:
    scenario = qps.Scenario().replace(discipline="store")
    few = qps.Traffic(load=0.8, n_frames=190, n_frames_per_session=10)
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
        trials = trials_of(Table({"session": session, "pair": np.arange(session.size)}), scenario)
        values = np.repeat(fates, n_copies).astype(float)
        return share_of(values, trials), mean_of(values, trials)

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
        hops = RING.n_hops(sessions.source, sessions.target)
        rates.append((float(np.mean(hops)), sessions.start_us[-1] / 400))
    way, gap_us = np.array(rates).T
    assert np.mean(gap_us) == pytest.approx(1.8 * 50.0 / (0.5 * RING.n_links), rel=0.02)
    assert abs(np.corrcoef(way, gap_us)[0, 1]) < 0.25
