"""Disciplines under load: laws of queueing inside the intervals, what never settles, and what the verdict says."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from scipy import stats

import qpsviz as qps
from qpsviz import experiments
from qpsviz.experiments.intervals import over_seeds
from qpsviz.experiments.steadiness import State, states
from qpsviz.experiments.variants import VARIANTS
from qpsviz.experiments.verdict import verdict_of

RING = qps.Network.ring(n_nodes=6, length_km=5.0)
STORE, BLOCKED, QUEUED = VARIANTS["store"], VARIANTS["circuit_blocked"], VARIANTS["circuit_queued"]


def study(**given: Any) -> experiments.LoadCurves:
    """A small study of the ring."""
    known: dict[str, Any] = {
        "network": RING, "traffic": qps.Traffic(n_frames=600, warm_up=0.1), "loads": [0.2, 0.5], "seeds": range(4),
        "progress": False, "engine": "python",
    }  # fmt: skip
    return experiments.load_study("first", **{**known, **given})


@pytest.fixture(scope="module")
def found() -> experiments.LoadCurves:
    """Four disciplines at three loads, the last beyond what the busiest link can carry."""
    return study(
        loads=[0.2, 0.5, 1.3], disciplines=["store", "burst_delayed", "burst_immediate", "circuit_blocked"],
        traffic=qps.Traffic(n_frames=900, warm_up=0.1),
    )  # fmt: skip


def test_an_interval_is_the_one_that_scipy_gives() -> None:
    values = np.random.default_rng(5).normal(3.0, 2.0, size=(2, 7))
    mean, lo, hi = over_seeds(values)
    for row, *ends in zip(values, lo, hi, strict=True):
        assert ends == pytest.approx(stats.t.interval(0.95, 6, loc=row.mean(), scale=stats.sem(row)))
    assert mean == pytest.approx(values.mean(axis=1))


def test_seeds_that_are_not_finished_are_left_out_and_one_alone_has_no_interval() -> None:
    mean, lo, hi = over_seeds(np.array([[1.0, np.nan, 3.0], [4.0, np.nan, np.nan], [np.nan] * 3]))
    whole = over_seeds(np.array([[1.0, 3.0]]))
    assert (mean[0], lo[0], hi[0]) == (whole.mean[0], whole.lo[0], whole.hi[0])
    assert mean[1] == 4.0
    assert np.isnan([lo[1], hi[1], mean[2], lo[2], hi[2]]).all()


@pytest.mark.parametrize("n_wavelengths", [1, 3])
def test_circuits_over_one_link_are_blocked_as_erlang_b_says(n_wavelengths: int) -> None:
    """A right program fails it with one choice of seeds in twenty for each load; these do not."""
    pair = qps.Network(
        name="pair", node_names="ab", roles=["sender", "receiver"], x_km=[0, 0], y_km=[0, 0],
        link_from=[0], link_to=[1], link_km=[0.0],
    )  # fmt: skip
    scenario = qps.Scenario().replace(processing_us=0.0, guard_us=0.0, frame_gap_us=0.0, n_wavelengths=n_wavelengths)
    curves = experiments.load_study(
        scenario, network=pair, traffic=qps.Traffic(n_frames=2000, warm_up=0.05), loads=[0.3, 2.0],
        disciplines=["circuit_blocked"], seeds=range(6), progress=False,
    )  # fmt: skip
    blocked = curves.interval("dropped_share_blocked")
    for at, load in enumerate(curves.loads):
        erlang = load * n_wavelengths
        terms = [erlang**n / math.factorial(n) for n in range(n_wavelengths + 1)]
        assert blocked.lo[0, at] < terms[-1] / sum(terms) < blocked.hi[0, at]
        assert blocked.hi[0, at] - blocked.lo[0, at] < 0.08
    assert curves.states == ((State.STEADY,) * 2,), "who is refused does not wait, so that no queue can grow"
    assert curves.max_load == pytest.approx([0.3, 2.0])


def test_all_disciplines_have_the_same_arrivals(found: experiments.LoadCurves) -> None:
    offered = found.of("offered")
    assert np.all(offered == offered[0])
    points = experiments.LoadStudy("first", network=RING, traffic=qps.Traffic(n_frames=50), loads=[0.3], seeds=[4]).grid
    starts = [
        qps.simulate(p.scenario, network=p.network, traffic=p.traffic, seed=p.seed).frames["offered_us"]
        for p in points.points
    ]
    assert len(starts) == 5
    for start_us in starts[1:]:
        np.testing.assert_array_equal(start_us, starts[0])


def test_common_arrivals_make_differences_sharper_than_the_disciplines_by_themselves(
    found: experiments.LoadCurves,
) -> None:
    delivered = found.of("throughput_hz")[:, 0]
    store, burst = delivered[0], delivered[1]
    paired = over_seeds(store - burst)
    apart = [over_seeds(one) for one in (store, burst)]
    assert paired.hi - paired.lo < 0.8 * math.hypot(*(float(i.hi - i.lo) for i in apart))
    # A burst that books its port for the payload alone finds no fewer ports free than one that books the guard too.
    assert np.all(found.of("delivered")[1, :2] >= found.of("delivered")[2, :2])


def test_a_saturated_ring_is_named_and_not_compared(found: experiments.LoadCurves) -> None:
    assert [state.value for state in found.states[0]] == ["steady", "steady", "overloaded"]
    assert found.max_load[2] == pytest.approx(float(qps.Traffic(load=1.3).offered_load(RING).max()))
    assert found.notes()[0] == (
        "Store-and-forward has no steady state from load 1.3 on: "
        "the busiest link is offered 1.44 Erlang per wavelength."
    )
    assert found.verdict().won[0].loads[1] < 1.3
    latency = found.interval("latency_late_us").mean / found.interval("latency_early_us").mean
    assert latency[0, 2] > 1.25, "and the runs show it, too"


def test_a_memory_with_an_end_has_a_steady_state_beyond_one_erlang() -> None:
    scenario = qps.preset("first").replace(memory_qubits=30)
    assert (STORE.waits(qps.preset("first")), STORE.waits(scenario)) == (True, False)
    assert (BLOCKED.waits(scenario), QUEUED.waits(scenario)) == (False, True)


def test_the_busiest_link_is_that_of_the_pair_sources_where_they_send() -> None:
    traffic = qps.Traffic(n_frames=10, pair_sources=[0, 1, 2])
    split = qps.Scenario().replace(layout="split")
    for scenario, layout in ((split, "split"), (qps.Scenario(), "sender")):
        compared = experiments.LoadStudy(scenario, network=RING, traffic=traffic, loads=[0.4], disciplines=["store"])
        of_links = qps.Traffic(load=0.4, pair_sources=[0, 1, 2]).offered_load(RING, layout=layout)
        assert compared.max_load == pytest.approx([of_links.max()])
    assert of_links.max() < qps.Traffic(load=0.4, pair_sources=[0, 1, 2]).offered_load(RING, layout="split").max()


def test_growth_is_told_from_chance() -> None:
    rng = np.random.default_rng(3)
    early_us, noise_us = np.full((3, 6), 100.0), rng.normal(0.0, 3.0, size=(3, 6))
    late_us = early_us + noise_us + np.array([[0.0], [60.0], [60.0]])
    late_us[2, 1:] = np.nan
    peak = np.array([0.5, 0.8, 0.9])
    assert states(early_us, late_us, max_load=peak, waits=True) == [State.STEADY, State.GROWING, State.OPEN]


def test_a_source_whose_port_is_full_of_guards_is_seen_to_grow() -> None:
    """Ports are held for guards, too, and a source waits for its own, so that payloads alone do not tell."""
    curves = study(
        loads=[0.9], disciplines=["burst_immediate"], traffic=qps.Traffic(n_frames=1200, warm_up=0.1),
        network=qps.Network.star(n_users=3, length_km=1.0),
    )  # fmt: skip
    assert curves.max_load[0] < 1.0
    assert curves.states == ((State.GROWING,),)


def test_packets_win_on_the_ring_and_the_sentence_says_where(found: experiments.LoadCurves) -> None:
    verdict = found.verdict()
    store, circuit = found.interval("throughput_qubits_hz").mean[[0, 3], 1]
    assert store > circuit
    assert verdict.sentence == (
        "From load 0.2 to 0.5 store-and-forward and at load 1.3 burst switching with delayed reservation "
        "delivers more qubits per second than any circuits."
    )
    assert (verdict.measure, verdict.n_seeds) == ("throughput_qubits_hz", 4)


STEADY = [[State.STEADY] * 3] * 3


def say(values: np.ndarray, states_: Any = STEADY) -> str:
    """The verdict about two kinds of packets and one circuit."""
    variants = [VARIANTS["store"], VARIANTS["burst_delayed"], VARIANTS["circuit_blocked"]]
    return verdict_of(
        values, measure="throughput_hz", loads=[0.1, 0.2, 0.4], variants=variants, states=states_
    ).sentence


def test_a_verdict_needs_a_paired_difference_beyond_chance() -> None:
    seeds = np.array([0.0, 50.0, -30.0, 10.0])
    means = np.array([[100.0, 100.0, 100.0], [90.0, 95.0, 103.0], [99.0, 99.0, 140.0]])
    together = means[:, :, None] + seeds
    assert say(together) == (
        "From load 0.1 to 0.2 store-and-forward delivers more frames per second than any circuits; "
        "at load 0.4 circuit switching without a queue delivers more frames per second than any packets."
    )
    apart = means[:, :, None] + np.array([seeds, np.roll(seeds, 1), np.roll(seeds, 2)])[:, None]
    assert say(apart) == "At no load the difference between packets and circuits is larger than chance, with 4 seeds."
    few = together.copy()
    few[1, 2, 0] = np.nan
    assert say(few) == "Packets and circuits are compared once every point has 4 seeds; 3 are there."


def test_who_has_no_steady_state_neither_wins_nor_is_beaten() -> None:
    means = np.array([[100.0, 100.0, 200.0], [90.0, 90.0, 150.0], [80.0, 95.0, 140.0]])
    values = means[:, :, None] + np.array([0.0, 0.1, 0.2, 0.1])
    unsteady = [[State.STEADY, State.STEADY, State.OVERLOADED], STEADY[1], STEADY[2]]
    assert say(values, unsteady).startswith("From load 0.1 to 0.2 store-and-forward")
    alone = [STEADY[0], STEADY[1], [State.GROWING] * 3]
    assert say(values, alone).startswith("At no load")


def test_bursts_that_may_go_another_way_lose_fewer_frames_at_low_load() -> None:
    curves = study(
        network=qps.Network.grid(n_rows=3, n_columns=3, length_km=10.0), loads=[0.1],
        traffic=qps.Traffic(n_frames=1500),
        disciplines=[f"burst_{how}" for how in ("delayed", "delayed_deflected", "immediate", "immediate_deflected")],
    )  # fmt: skip
    means = curves.interval("delivered_share").mean[:, 0]
    assert means[1] > means[0]
    assert means[3] > means[2]
    deflections = curves.interval("deflections").mean[:, 0]
    assert deflections[0] == deflections[2] == 0 < min(deflections[1], deflections[3])


def test_curves_so_far_have_what_is_finished() -> None:
    plan = experiments.LoadStudy(
        "first", network=RING, traffic=qps.Traffic(n_frames=60), loads=[0.2, 0.5], seeds=[7, 8]
    )
    first = plan.in_rounds()[: len(plan.grid.points) // 2]
    assert {point.seed for point in first} == {7}
    from qpsviz.experiments.computing import compute

    curves = plan.curves({point.digest: compute(point, "python") for point in first})
    assert np.isfinite(curves.interval("delivered").mean).all()
    assert np.isnan(curves.interval("delivered").lo).all()
    assert {state for row in curves.states for state in row} <= {State.OPEN, State.OVERLOADED}


def test_a_study_that_was_stopped_goes_on_with_its_store(tmp_path: Any) -> None:
    given: dict[str, Any] = {"disciplines": ["store"], "store": tmp_path / "points.nc"}
    asked = iter([False] * 9)
    with pytest.raises(experiments.Stopped) as stopped:
        study(cancel=lambda: next(asked, True), **given)
    assert 0 < stopped.value.n_left < 8
    whole, fresh = study(**given), study(disciplines=["store"])
    np.testing.assert_array_equal(whole.of("throughput_hz"), fresh.of("throughput_hz"))


def test_the_data_set_has_ends_states_and_the_verdict(found: experiments.LoadCurves) -> None:
    data = found.dataset()
    assert data.sizes == {"discipline": 4, "load": 3}
    assert (
        float(data["throughput_hz_lo"][0, 0])
        < float(data["throughput_hz"][0, 0])
        < float(data["throughput_hz_hi"][0, 0])
    )
    assert data["state"].values[0, 2] == "overloaded"
    assert data.attrs["verdict"] == found.verdict().sentence
    shares = sum(
        data[f"dropped_share_{reason}"] for reason in ("contention", "late", "expired", "memory_full", "blocked")
    )
    np.testing.assert_allclose(data["dropped_share"], shares)
    np.testing.assert_allclose(data["delivered_share"] + data["dropped_share"], 1.0, atol=1e-12)


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ({"disciplines": ["packet"]}, "disciplines has 'packet', which is none of store"),
        ({"disciplines": ["store", "store"]}, "has one of them twice"),
        ({"network": None}, "a load study needs a network"),
        ({"loads": [0.0]}, "load = 0"),
        ({"loads": 0.2}, "loads = 0.2 must be a list of numbers"),
        ({"loads": ["a", 0.2]}, "loads = .* must be a list of numbers"),
        ({"loads": [[0.1], [0.2]]}, "loads = .* must be a list of numbers"),
        ({"disciplines": [["store"]]}, "which is none of store"),
        ({"loads": [math.nan]}, "load = nan"),
        ({"traffic": qps.Traffic(n_frames=1, start_us=[0.0], source=[0], destination=[1])}, "leave start_us out"),
        ({"network": qps.Network.from_text("a <==1km==> b\nc <==1km==> d")}, "no path"),
    ],
)
def test_what_cannot_be_compared_is_refused_in_one_sentence(given: dict[str, Any], fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        study(**given)


def test_a_number_or_measure_that_is_not_there_is_refused(found: experiments.LoadCurves) -> None:
    with pytest.raises(qps.ParameterError, match="did you mean throughput_hz"):
        found.interval("throughput_khz")
    with pytest.raises(qps.ParameterError, match="measure = 'delay_us' is not one of"):
        found.verdict("delay_us")
