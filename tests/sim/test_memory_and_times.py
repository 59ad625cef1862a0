"""Memories and times: when two times are equal, and who finds room in a memory."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import qpsviz as qps
from qpsviz.noise.storage import RecirculatingLoop, whole_turns_us
from qpsviz.sim import KINDS
from qpsviz.sim.engine import compiled
from qpsviz.units.times import is_after

ENGINES = ["python", *(["compiled"] if compiled.available() else [])]
LINE = qps.Scenario().replace(n_relays=1, length_km=20.0, frame_gap_us=0.0, processing_us=100.0, n_frames=12)
LENGTHS_KM = st.sampled_from([0.0, 16.0, 17.77, 33.3, 40.0, 100 / 3, 1234.5])


def fates(scenario: qps.Scenario) -> list[str]:
    """What became of each frame."""
    return qps.simulate(scenario, engine="python").frames["fate"].tolist()


# -- equal times -------------------------------------------------------------------------------------------------------


@given(
    time_us=st.floats(0.0, 1e12),
    apart=st.floats(-1.0, 1.0),
)
def test_two_times_within_the_tolerance_are_equal_and_others_are_not(time_us: float, apart: float) -> None:
    tolerance_us = 1e-9 + 1e-13 * time_us
    near = time_us + 0.5 * apart * tolerance_us
    assert not is_after(near, time_us)
    assert not is_after(time_us, near)
    far = time_us + 3 * tolerance_us + 1e-6 * abs(apart)
    assert is_after(far, time_us)
    assert not is_after(time_us, far)


@pytest.mark.parametrize("late_payload", ["truncate", "discard"])
@pytest.mark.parametrize("engine", ENGINES)
def test_a_guard_of_n_processing_times_is_enough_however_they_are_written(late_payload: str, engine: str) -> None:
    for n_relays, processing_us, guard_us in (
        (3, 0.1, 0.3),
        (3, 0.7, 2.1),
        (6, 0.1, 0.6),
        (7, 0.1, 0.7),
        (9, 1.1, 9.9),
    ):
        scenario = qps.Scenario().replace(
            discipline="burst", n_relays=n_relays, processing_us=processing_us, guard_us=guard_us, p_free=1.0,
            late_payload=late_payload, length_km=80.0,
        )  # fmt: skip
        frames = qps.simulate(scenario, engine=engine).frames
        assert set(frames["fate"]) == {"DELIVERED"}
        assert set(frames["payload_kept"]) == {1.0}
        assert qps.evaluate(scenario, "payload_kept") == 1.0


@settings(max_examples=6)
@given(
    length_km=LENGTHS_KM, spacing_us=st.sampled_from([5.0, 0.1, 0.7]), start_us=st.sampled_from([0.0, 1 / 3, 1e6 + 0.1])
)
def test_equal_frames_in_a_queue_with_a_cutoff_on_the_edge_have_one_fate(
    length_km: float, spacing_us: float, start_us: float
) -> None:
    payload_us = 10 * spacing_us
    scenario = LINE.replace(
        spacing_us=spacing_us, processing_us=0.0, length_km=length_km, cutoff_us=payload_us, n_frames=500
    )
    arrivals = qps.Traffic(
        n_frames=500, start_us=start_us + payload_us * np.arange(500), source=[0] * 500, destination=[2] * 500
    )
    frames = qps.simulate(scenario, network=qps.Network.of(scenario), traffic=arrivals, engine="python").frames
    assert set(frames["fate"]) == {"DELIVERED"}
    assert qps.evaluate(scenario, "payload_kept") == 1.0


@given(dwell_us=st.floats(0.0, 1e6), turn_us=st.sampled_from([0.1, 0.3, 1.0, 7.7]), n=st.integers(0, 10**6))
def test_the_engine_and_the_closed_form_count_the_same_turns_of_a_loop(dwell_us: float, turn_us: float, n: int) -> None:
    loop = RecirculatingLoop(turn_us=turn_us, turn_loss_db=1.0)
    for wanted_us in (dwell_us, n * turn_us, sum([turn_us] * (n % 100)), math.nextafter(n * turn_us, math.inf)):
        assert whole_turns_us(wanted_us, turn_us, 0.0) == float(loop.kept_us(wanted_us))
    assert loop.turns(math.nextafter(n * turn_us, math.inf)) == n


# -- memory ------------------------------------------------------------------------------------------------------------


@settings(max_examples=20)
@given(length_km=LENGTHS_KM, guard_us=st.sampled_from([0.0, 100.0, 200.0, 0.1]))
def test_a_memory_that_just_fits_fits_at_every_length(length_km: float, guard_us: float) -> None:
    # A frame of 50 us is held for at most 100 us plus its own 50: three at a time, the fourth comes as the first goes.
    line = LINE.replace(length_km=length_km, guard_us=guard_us, n_frames=1)
    start_us = 50.0 * np.arange(12)
    frames = qps.simulate(
        line.replace(memory_qubits=30.0),
        network=qps.Network.of(line),
        traffic=qps.Traffic(n_frames=12, start_us=start_us, source=[0] * 12, destination=[2] * 12),
        engine="python",
    ).frames
    assert set(frames["fate"]) == {"DELIVERED"}


def test_one_qubit_less_than_three_frames_holds_two() -> None:
    assert fates(LINE.replace(memory_qubits=29.0)).count("MEMORY_FULL") == 4
    assert fates(LINE.replace(memory_qubits=9.0)) == ["MEMORY_FULL"] * 12


def test_memory_is_taken_when_the_payload_comes_and_not_when_its_header_is_read() -> None:
    # 500 us of guard: twelve headers are read before the first payload is there.
    assert set(fates(LINE.replace(guard_us=500.0, memory_qubits=20.0))) == {"DELIVERED"}
    full = LINE.replace(guard_us=500.0, memory_qubits=9.0, n_frames=1)
    run = qps.simulate(full, engine="python")
    assert run.frames["done_us"].tolist() == [500.0 + 10.0 / 0.2]


@pytest.mark.parametrize(("processing_us", "held"), [(0.0, 0), (5.0, 1), (12.0, 3), (45.0, 9), (50.0, 10), (125.0, 10)])
def test_a_frame_needs_as_much_memory_as_it_fills_at_once(processing_us: float, held: int) -> None:
    line = LINE.replace(release="after_header", processing_us=processing_us, n_frames=1)
    assert fates(line.replace(memory_qubits=float(held))) == ["DELIVERED"]
    assert qps.evaluate(line.replace(memory_qubits=float(held)), "payload_kept") == 1.0
    if held:
        assert fates(line.replace(memory_qubits=held - 1.0)) == ["MEMORY_FULL"]
        assert qps.evaluate(line.replace(memory_qubits=held - 1.0), "payload_kept") == 0.0


def test_a_payload_that_need_not_wait_is_never_stored() -> None:
    line = LINE.replace(release="after_header", guard_us=1000.0, memory_qubits=9.0)
    run = qps.simulate(line, engine="python")
    assert set(run.frames["fate"]) == {"DELIVERED"}
    assert not np.any(np.isin(run.events["kind"], [KINDS.index("STORED"), KINDS.index("RELEASED")]))


@st.composite
def arrivals(draw: st.DrawFn) -> tuple[qps.Scenario, qps.Traffic]:
    """Frames from two senders that meet at one relay."""
    steps = draw(st.lists(st.sampled_from([0.0, 0.1, 25.0, 50.0, 70.0, 130.0]), min_size=2, max_size=25))
    n = len(steps)
    scenario = LINE.replace(
        processing_us=draw(st.sampled_from([0.0, 0.1, 50.0, 125.0])),
        guard_us=draw(st.sampled_from([0.0, 50.0, 125.0, 300.0])),
        cutoff_us=draw(st.sampled_from([math.inf, 200.0])),
    )
    traffic = qps.Traffic(
        n_frames=n,
        start_us=np.cumsum(steps),
        source=draw(st.lists(st.sampled_from([0, 1]), min_size=n, max_size=n)),
        destination=[3] * n,
    )
    return scenario, traffic


def two_senders(length_km: float) -> qps.Network:
    """Two senders at one relay, with a receiver behind it."""
    return qps.Network(
        name="two", node_names=["a", "b", "relay", "receiver"], roles=["user", "user", "relay", "user"],
        x_km=[0, 0, 1, 2], y_km=[0, 1, 0, 0], link_from=[0, 1, 2], link_to=[2, 2, 3], link_km=[length_km] * 2 + [1.0],
    )  # fmt: skip


@settings(max_examples=20)
@given(case=arrivals())
def test_more_memory_never_loses_more_frames(case: tuple[qps.Scenario, qps.Traffic]) -> None:
    scenario, traffic = case
    network = two_senders(16.0)
    delivered = [
        fates_on(scenario.replace(memory_qubits=qubits), network, traffic).count("DELIVERED")
        for qubits in (5.0, 10.0, 15.0, 20.0, 30.0, 1e6, math.inf)
    ]
    assert all(fewer <= more for fewer, more in pairwise(delivered))
    assert delivered[-1] == delivered[-2]


def fates_on(scenario: qps.Scenario, network: qps.Network, traffic: qps.Traffic) -> list[str]:
    """What became of each frame of a traffic."""
    return qps.simulate(scenario, network=network, traffic=traffic, engine="python").frames["fate"].tolist()


@settings(max_examples=20)
@given(case=arrivals(), discipline=st.sampled_from(["store", "burst"]), qubits=st.sampled_from([10.0, 20.0, math.inf]))
def test_longer_fibres_and_a_later_start_change_no_fate(
    case: tuple[qps.Scenario, qps.Traffic], discipline: str, qubits: float
) -> None:
    scenario, traffic = case
    scenario = scenario.replace(discipline=discipline, memory_qubits=qubits, p_free=1.0)
    told = [fates_on(scenario, two_senders(length_km), traffic) for length_km in (0.0, 16.1, 40.0, 100 / 3)]
    later = qps.Traffic(
        n_frames=traffic.n_frames, start_us=np.asarray(traffic.start_us) + 1e5 / 3, source=traffic.source,
        destination=traffic.destination,
    )  # fmt: skip
    told.append(fates_on(scenario, two_senders(16.0), later))
    assert told.count(told[0]) == len(told)
