"""Statistics of a run: equal whatever is kept, and each against an independent count."""

from __future__ import annotations

import itertools
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import qpsviz as qps
from qpsviz.sim.results.fairness import SourceTotals
from qpsviz.sim.results.pairs import MAX_NODES
from qpsviz.sim.results.percentiles import Percentiles
from qpsviz.sim.results.summary import Summary, totals_of
from qpsviz.sim.results.warm_up import mser_5

RING = qps.Network.ring(n_nodes=6, length_km=5.0)
SCENARIOS = {
    "store": qps.Scenario().replace(discipline="store", processing_us=20.0),
    "expiring": qps.Scenario().replace(discipline="store", processing_us=20.0, cutoff_us=200.0, memory_qubits=30),
    "burst": qps.Scenario().replace(discipline="burst", guard_us=400.0, reservation="delayed"),
    "again": qps.Scenario().replace(discipline="burst", guard_us=20.0, processing_us=5.0, max_attempts=3),
    "circuit": qps.Scenario().replace(discipline="circuit", processing_us=5.0, n_wavelengths=2),
}


@pytest.mark.parametrize("until_us", [math.inf, 9000.0])
@pytest.mark.parametrize("warm_up", [0.0, 0.37])
@pytest.mark.parametrize("name", SCENARIOS)
def test_statistics_are_the_same_whatever_a_run_keeps(name: str, warm_up: float, until_us: float) -> None:
    traffic = qps.Traffic(load=0.7, n_frames=1500, n_frames_per_session=4, warm_up=warm_up)
    options = {"network": RING, "traffic": traffic, "seed": 3, "until_us": until_us, "engine": "python"}
    runs = [qps.simulate(SCENARIOS[name], record=record, **options) for record in ("all", "frames", "statistics")]
    summaries = [run.summary() for run in runs]
    assert summaries[0]["delivered"] > 20
    for other in (1, 2):
        assert list(summaries[other]) == list(summaries[0])
        for key, value in summaries[0].items():
            assert summaries[other][key] == (
                value if isinstance(value, dict) else pytest.approx(value, rel=1e-9, nan_ok=True)
            ), key
        for table in ("pairs", "links"):
            first, second = getattr(runs[0], table), getattr(runs[other], table)
            assert list(first) == list(second)
            for column in first:
                np.testing.assert_allclose(second[column], first[column], rtol=1e-9, err_msg=f"{table}.{column}")


@given(
    values=st.lists(st.floats(min_value=1e-5, max_value=1e12) | st.just(0.0), min_size=1, max_size=300),
    p_below=st.sampled_from([0.01, 0.5, 0.95, 0.99, 1.0]),
    n_parts=st.integers(1, 4),
)
def test_a_percentile_is_within_its_stated_width_of_the_exact_one(
    values: list[float], p_below: float, n_parts: int
) -> None:
    found = Percentiles()
    for part in np.array_split(np.array(values), n_parts):
        found.add(part)
    exact = np.percentile(values, 100 * p_below, method="inverted_cdf")
    assert found.at(p_below=p_below) == pytest.approx(exact, rel=1 / 128, abs=1e-12)


def test_a_percentile_of_values_that_are_alike_is_exact() -> None:
    found = Percentiles()
    assert math.isnan(found.at(p_below=0.5))
    found.add(np.repeat([0.0, 375.1, 500.3], [40, 50, 10]))
    assert [found.at(p_below=p) for p in (0.4, 0.41, 0.9, 0.91)] == pytest.approx([0.0, 375.1, 375.1, 500.3], rel=1e-14)


def test_the_percentiles_of_a_run_are_those_of_its_delivered_frames() -> None:
    run = qps.simulate(
        SCENARIOS["expiring"], network=RING, traffic=qps.Traffic(load=0.8, n_frames=4000), seed=1, engine="python"
    )
    frames, summary = run.frames[run.frames["fate"] == "DELIVERED"], run.summary()
    assert 1000 < len(frames) < 4000
    times_us = {
        "delay": frames["delay_us"],
        "latency": frames["done_us"] - frames["offered_us"],
        "dwell": frames["dwell_us"],
    }
    for (name, values), percent in itertools.product(times_us.items(), (50, 95, 99)):
        exact = np.percentile(values, percent, method="inverted_cdf")
        assert summary[f"{name}_p{percent}_us"] == pytest.approx(exact, rel=1 / 128)  # type: ignore[literal-required]


@pytest.mark.parametrize(
    ("offered", "delivered", "expected"),
    [
        ([10, 20, 30], [5, 10, 15], 1.0),
        ([10, 10, 10, 10], [10, 0, 0, 0], 0.25),
        ([10, 10], [10, 5], 1.5**2 / (2 * 1.25)),
        ([10, 0, 10], [4, 0, 4], 1.0),
        ([10, 10], [0, 0], math.nan),
    ],
)
def test_jains_index_is_one_for_equal_shares_and_one_in_n_for_one_winner(
    offered: list[int], delivered: list[int], expected: float
) -> None:
    totals = SourceTotals(len(offered))
    for source, (n, n_delivered) in enumerate(zip(offered, delivered, strict=True)):
        totals.add(np.full(n, source), np.arange(n) < n_delivered)
    assert totals.jain_index() == pytest.approx(expected, nan_ok=True)


def test_frames_and_qubits_per_second_are_those_of_the_time_that_is_counted() -> None:
    # Frames meet nobody, and every second one comes too late for its guard and loses its head.
    scenario = qps.Scenario().replace(
        discipline="burst", processing_us=10.0, guard_us=10.0, n_qubits=10, spacing_us=5.0, p_free=1.0
    )
    line = qps.Network.line(n_relays=2, length_km=10.0)
    traffic = qps.Traffic(n_frames=100, start_us=1000.0 * np.arange(100), source=[0] * 100, destination=[3] * 100)
    run = qps.simulate(scenario, network=line, traffic=traffic, record="statistics")
    seconds = (99_000.0 + 10.0 + 50.0 + 30.0 / 0.2) * 1e-6
    summary = run.summary()
    assert summary["counted_us"] == summary["duration_us"] == pytest.approx(seconds * 1e6)
    kept = qps.simulate(scenario, network=line, traffic=traffic)
    assert totals_of(kept.frames, scenario, n_nodes=line.n_nodes).summary() == kept.summary()
    assert summary["throughput_hz"] == pytest.approx(100 / seconds)
    assert summary["throughput_qubits_hz"] == pytest.approx(100 * 8 / seconds)  # of two relays' 20 us, 10 are lost


def test_a_summary_has_the_numbers_that_it_declares() -> None:
    assert set(qps.simulate(qps.Scenario()).summary()) == set(Summary.__annotations__)


def test_a_pair_gets_the_key_of_its_path() -> None:
    scenario = qps.Scenario().replace(discipline="circuit", p_dark=1e-6, misalignment=0.01, depol_per_km=1e-4)
    traffic = qps.Traffic(load=0.01, n_frames=400, n_frames_per_session=2, arrivals="regular")
    run = qps.simulate(scenario, network=RING, traffic=traffic, record="statistics", seed=2)
    pairs, summary = run.pairs, run.summary()
    assert pairs["offered"].sum() == summary["offered"] == 400
    assert pairs["delivered"].sum() == summary["delivered"] == 400
    hops = RING.n_hops(pairs["source"], pairs["destination"])
    for n_hops in (1, 2, 3):
        path = scenario.replace(n_relays=n_hops - 1, length_km=5.0 * n_hops)
        of_path = hops == n_hops
        # Secret bits of a pulse that always gets through, which is a pulse of the closed form without its routing.
        per_pulse = qps.evaluate(path, "key_rate") / qps.evaluate(path, "retention")
        expected = pairs["delivered"][of_path] * scenario.source.n_qubits * per_pulse
        np.testing.assert_allclose(pairs["key_bits"][of_path], expected, rtol=1e-9)
        np.testing.assert_allclose(pairs["fidelity"][of_path], qps.evaluate(path, "fidelity"), rtol=1e-9)
    np.testing.assert_allclose(pairs["key_hz"], pairs["key_bits"] / summary["counted_us"] * 1e6, rtol=1e-12)


def test_the_rows_of_pairs_are_counts_of_frames() -> None:
    run = qps.simulate(
        SCENARIOS["again"], network=RING, traffic=qps.Traffic(load=0.9, n_frames=2000, warm_up=0.1), seed=5
    )
    frames = run.frames[run.frames["session"] >= 200]
    for row in (run.pairs.row(i) for i in range(len(run.pairs))):
        mine = frames[(frames["source"] == row["source"]) & (frames["destination"] == row["destination"])]
        assert (row["offered"], row["delivered"]) == (len(mine), np.count_nonzero(mine["fate"] == "DELIVERED"))
        known = mine["fidelity"][~np.isnan(mine["fidelity"])]
        assert row["fidelity"] == pytest.approx(known.mean() if known.size else math.nan, nan_ok=True)
    assert len(run.pairs) == 30


def test_pairs_are_kept_apart_up_to_a_stated_number_and_have_no_key_where_both_halves_travel() -> None:
    large = qps.Network.ring(n_nodes=MAX_NODES + 1, length_km=1.0)
    run = qps.simulate(qps.Scenario(), network=large, traffic=qps.Traffic(n_frames=5), record="statistics")
    assert run.summary()["offered"] == 5
    with pytest.raises(ValueError, match="networks of at most 256 nodes, and this one has 257"):
        _ = run.pairs
    split = qps.simulate(qps.Scenario().replace(layout="split", n_frames=5))
    assert np.all(np.isnan(split.pairs["key_bits"]))
    assert split.pairs["offered"].tolist() == [5]


# -- warm-up -----------------------------------------------------------------------------------------------------------


def test_sessions_of_the_warm_up_are_simulated_and_not_counted(tmp_path: Path) -> None:
    options = {"network": RING, "seed": 4, "engine": "python", "record": "all"}
    traffic = {"load": 0.7, "n_frames": 900, "n_frames_per_session": 3}
    whole = qps.simulate(SCENARIOS["store"], traffic=qps.Traffic(**traffic), **options)
    run = qps.simulate(SCENARIOS["store"], traffic=qps.Traffic(**traffic, warm_up=0.25), **options)
    assert (run.n_warm_up, run.frames, run.legs) == (75, whole.frames, whole.legs)
    counted = run.frames[run.frames["session"] >= 75]
    summary, expected = run.summary(), totals_of(counted, run.scenario, n_nodes=RING.n_nodes).summary()
    assert summary["offered"] == len(counted) == 675
    for name in ("fidelity", "latency_us", "key_rate_hz", "dwell_p95_us", "delivered_share", "jain_index"):
        assert summary[name] == pytest.approx(expected[name], rel=1e-12), name  # type: ignore[literal-required]
    assert summary["counted_us"] == summary["duration_us"] - counted["offered_us"].min()
    legs = run.legs[np.isin(run.legs["frame"], counted["frame"])]
    assert run.links["n_frames"].tolist() == np.bincount(legs["link"], minlength=RING.n_links).tolist()
    assert run.links["utilisation"].tolist() == whole.links["utilisation"].tolist()
    run.save(tmp_path / "run.json")
    again = qps.Run.load(tmp_path / "run.json")
    assert (again.n_warm_up, again.summary()) == (75, summary)
    assert again.pairs == run.pairs


def test_a_run_that_ends_in_its_warm_up_counts_nothing() -> None:
    for record in ("all", "statistics"):
        run = qps.simulate(
            SCENARIOS["store"], network=RING, traffic=qps.Traffic(n_frames=500, warm_up=0.9), until_us=500.0,
            record=record,
        )  # fmt: skip
        summary = run.summary()
        assert (summary["offered"], summary["delivered"], len(run.pairs)) == (0, 0, 0)
        assert math.isnan(summary["throughput_hz"])
        assert math.isnan(summary["delivered_share"])


def test_without_its_warm_up_a_run_that_starts_empty_waits_as_long_as_a_steady_queue() -> None:
    # Many pairs of neighbours that never meet: each has a port of its own, with a queue at the source.
    n, n_each, load = 500, 60, 0.7
    apart = qps.Network(
        name="apart", node_names=[str(i) for i in range(2 * n)], roles=["user"] * (2 * n), x_km=np.arange(2 * n),
        y_km=np.zeros(2 * n), link_from=np.arange(n), link_to=n + np.arange(n), link_km=np.full(n, 2.0),
    )  # fmt: skip
    times_us = np.cumsum(np.random.default_rng(1).exponential(50.0 / load, size=(n, n_each)), axis=1).ravel()
    order = np.argsort(times_us)
    source = np.repeat(np.arange(n), n_each)[order]
    traffic = qps.Traffic(
        n_frames=n * n_each, start_us=times_us[order], source=source, destination=n + source, warm_up=0.5
    )
    run = qps.simulate(qps.Scenario(), network=apart, traffic=traffic, record="frames")
    waits_us = run.frames["done_us"] - run.frames["offered_us"] - 50.0 - 2.0 / 0.2
    counted = run.frames["session"] >= run.n_warm_up
    assert run.summary()["latency_us"] == pytest.approx(waits_us[counted].mean() + 60.0)
    # M/D/1: a payload waits for load/(2 (1 - load)) others on average. Four errors are missed once in 16,000 draws.
    steady_us = 50.0 * load / (2 * (1 - load))
    for of_run, is_low in ((np.ones(source.size, dtype=bool), True), (counted, False)):
        means_us = np.bincount(source[of_run], waits_us[of_run]) / np.bincount(source[of_run])
        error_us = np.std(means_us, ddof=1) / math.sqrt(n)
        assert (np.mean(means_us) < steady_us - 4 * error_us) == is_low


@given(values=st.lists(st.floats(0.0, 1e3), min_size=20, max_size=80))
def test_mser_5_leaves_out_what_makes_the_error_of_the_mean_least(values: list[float]) -> None:
    z = [sum(values[i : i + 5]) / 5 for i in range(0, len(values) // 5 * 5, 5)]
    errors = []
    for d in range(len(z) // 2 + 1):
        kept = z[d:]
        mean = sum(kept) / len(kept)
        errors.append(sum((x - mean) ** 2 for x in kept) / len(kept) ** 2)
    try:
        found = mser_5(np.array(values)) // 5
    except ValueError:
        found = len(z) // 2
    assert errors[found] <= min(errors) + 1e-9 * max(1.0, max(errors))


def test_a_warm_up_is_found_and_a_series_that_only_grows_has_no_steady_state() -> None:
    scenario = qps.Scenario().replace(discipline="store", processing_us=5.0, guard_us=5.0, release="after_header")
    traffic = qps.Traffic(load=0.9, n_frames=6000)
    run = qps.simulate(scenario, network=RING, traffic=traffic, seed=1, record="frames")
    assert 0.0 <= run.warm_up_found() < 0.5
    again = qps.Traffic(load=0.9, n_frames=6000, warm_up=run.warm_up_found())
    assert again.n_warm_up == round(run.warm_up_found() * 6000)
    with pytest.raises(ValueError, match="no steady state"):
        mser_5(np.arange(100.0))
    with pytest.raises(ValueError, match="at least 20 are needed"):
        qps.simulate(scenario, network=RING, traffic=qps.Traffic(n_frames=9), seed=1).warm_up_found()
