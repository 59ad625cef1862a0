"""A run that keeps only what is not over finds the same as one that keeps all, in memory that does not grow."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import qpsviz as qps
from qpsviz.network.sessions import Sessions
from qpsviz.sim.engine import bucket_queue, compiled, drive, event_queue, growth, hops, plan
from qpsviz.sim.engine.plan import make_job
from qpsviz.units import times as times_of

RING = qps.Network.ring(n_nodes=6, length_km=5.0)
SWITCHES: dict[str, dict[str, Any]] = {
    "plain": {},
    "little memory": {"memory_qubits": 20},
    "two wavelengths": {"n_wavelengths": 2, "wavelength_conversion": False},
    "delayed": {"reservation": "delayed"},
    "loop": {"storage": "recirculating"},
    "corrected": {"correction": "five_qubit", "device": "long_term"},
}


def assert_same(kept: qps.Run, streamed: qps.Run) -> None:
    """Frames to the last bit, means but for the order of their sums."""
    for name, column in kept.frames.items():
        np.testing.assert_array_equal(streamed.frames[name], column, err_msg=name)
    assert_same_summary(kept, streamed)


def assert_same_summary(kept: qps.Run, streamed: qps.Run) -> None:
    for name, value in kept.summary().items():
        if isinstance(value, dict):
            assert streamed.summary()["dropped"] == value
        else:
            assert streamed.summary()[name] == pytest.approx(value, rel=1e-9, nan_ok=True), name  # type: ignore[literal-required]
    for name, column in kept.links.items():
        np.testing.assert_allclose(streamed.links[name], column, rtol=1e-9, err_msg=name)


@pytest.mark.parametrize("switch", SWITCHES)
@pytest.mark.parametrize("n_frames_per_session", [1, 7])
@pytest.mark.parametrize("max_attempts", [1, 3])
@pytest.mark.parametrize("discipline", ["burst", "store", "circuit"])
def test_what_is_kept_changes_nothing(
    discipline: str, max_attempts: int, n_frames_per_session: int, switch: str
) -> None:
    scenario = qps.Scenario().replace(
        discipline=discipline, max_attempts=max_attempts, guard_us=200.0, **SWITCHES[switch]
    )
    traffic = qps.Traffic(load=0.8, n_frames=400, n_frames_per_session=n_frames_per_session)
    for until_us in (np.inf, 3000.0):
        options = {"network": RING, "traffic": traffic, "seed": 1, "until_us": until_us}
        kept = qps.simulate(scenario, record="all", **options)
        for engine in ("python", "compiled"):
            assert_same(kept, qps.simulate(scenario, record="frames", engine=engine, **options))
        assert_same_summary(kept, qps.simulate(scenario, record="statistics", engine="python", **options))


@pytest.mark.parametrize("preset", ["first", "fig11", "fig7"])
def test_a_line_with_one_source_streams_too(preset: str) -> None:
    scenario = qps.preset(preset).replace(n_frames=40)
    assert_same(qps.simulate(scenario, record="all", seed=2), qps.simulate(scenario, record="frames", seed=2))


def test_pairs_that_are_sent_again_stream_too() -> None:
    scenario = qps.preset("fig11").replace(discipline="burst", p_free=0.6, max_attempts=4, guard_us=1e3, n_frames=60)
    kept, streamed = (qps.simulate(scenario, record=record, seed=4) for record in ("all", "frames"))
    assert len(set(kept.frames["attempts"].tolist())) > 1
    assert_same(kept, streamed)


def test_parallel_fibres_stream_too() -> None:
    network = qps.Network(
        name="two", node_names=["a", "b"], roles=["user", "user"], x_km=[0, 1], y_km=[0, 0],
        link_from=[0, 0, 1, 1], link_to=[1, 1, 0, 0], link_km=[10.0, 12.0, 10.0, 12.0],
    )  # fmt: skip
    options = {"network": network, "traffic": qps.Traffic(load=0.6, n_frames=300), "seed": 1}
    scenario = qps.Scenario().replace(discipline="store")
    kept, streamed = (qps.simulate(scenario, record=r, **options) for r in ("all", "frames"))
    assert set(kept.legs["link"].tolist()) == {0, 1, 2, 3}
    assert_same(kept, streamed)


def test_a_small_window_grows_and_finds_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """With a few rows to begin with, every table and the window of sessions has to grow while the run goes on."""
    scenario = qps.Scenario().replace(discipline="store", max_attempts=2, memory_qubits=40, t1_us=1e4, t2_us=1e4)
    options = {"network": RING, "traffic": qps.Traffic(load=0.9, n_frames=1200, n_frames_per_session=3), "seed": 5}
    kept = qps.simulate(scenario, record="all", **options)
    monkeypatch.setattr(growth, "_MIN_WINDOW", 2)
    monkeypatch.setattr(growth, "_WINDOW_LEGS", 8)
    monkeypatch.setattr(plan, "_FIRST_SESSIONS", 1)
    widened, calls = drive.widened, []
    monkeypatch.setattr(drive, "widened", lambda *known: calls.append(1) or widened(*known))
    for engine in ("python", "compiled"):
        assert_same(kept, qps.simulate(scenario, record="frames", engine=engine, **options))
    assert len(calls) >= 2


def test_statistics_have_no_frames_and_say_so() -> None:
    run = qps.simulate("first", record="statistics")
    assert run.summary()["offered"] == 12
    for table in ("frames", "legs", "events", "signals"):
        with pytest.raises(ValueError, match="this run kept only"):
            getattr(run, table)


def test_memory_does_not_grow_with_frames() -> None:
    """Ten times the frames, and less than a tenth of a row of frames more at the peak."""
    program = """
import resource, sys
import qpsviz as qps
network = qps.Network.ring(n_nodes=6, length_km=5.0)
scenario = qps.Scenario().replace(discipline="store")
def run(n_frames):
    traffic = qps.Traffic(load=0.3, n_frames=n_frames)
    run = qps.simulate(scenario, network=network, traffic=traffic, record="statistics", engine="compiled")
    assert run.summary()["delivered"] == n_frames
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
few, many = run(100_000), run(1_000_000)
print(many - few)
"""
    found = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert int(found.stdout.splitlines()[-1]) < 16 * 2**20  # a table of frames would be 200 MB


@given(parts=st.lists(st.integers(1, 400), max_size=8))
def test_sessions_are_the_same_in_any_parts(parts: list[int]) -> None:
    traffic = qps.Traffic(load=0.5, n_frames=sum(parts) + 1)
    options = {"payload_us": 50.0, "n_channels": 1, "seed": 3}
    whole, stream = traffic.sessions(RING, **options), traffic.stream(RING, **options)
    taken: list[Sessions] = [stream.take(n) for n in [*parts, 1]]
    for name in ("start_us", "source", "destination"):
        together = np.concatenate([getattr(part, name) for part in taken])
        np.testing.assert_array_equal(together, getattr(whole, name))
    np.testing.assert_array_equal(stream.again().take(1).start_us, whole.start_us[:1])


def test_what_is_kept_of_the_compiled_engine_is_not_that_of_other_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    digest = compiled._digest.__wrapped__
    known = digest()
    assert digest() == known
    for module, name in ((bucket_queue, "BUCKETS"), (hops, "LATE"), (times_of, "_SAME_US")):
        with monkeypatch.context() as changed:
            changed.setattr(module, name, getattr(module, name) * 2)
            assert digest() != known


times = st.one_of(st.floats(0.0, 1e6), st.integers(0, 50).map(float), st.sampled_from([0.1 + 0.2, 0.3, 1e9, 5e9]))


@pytest.mark.parametrize("queue", [event_queue, bucket_queue])
@given(asked=st.lists(st.tuples(times, st.integers(0, 8), st.booleans()), max_size=120))
def test_events_come_in_order_of_time_kind_and_number(queue: Any, asked: list[tuple[float, int, bool]]) -> None:
    """Both queues against a sorted list, with pushes and pops mixed and moments that differ by rounding alone."""
    job = make_job(qps.Scenario(), qps.Network.of(qps.Scenario()), None, seed=0, until_us=np.inf, record="all")
    is_compiled = queue is bucket_queue
    s = growth.new_state(job.plan, job.given, compiled=is_compiled)
    made = compiled.on_buffers(compiled.reached(queue.push, queue.pop, queue.is_over)) if is_compiled else {}
    push, pop, is_over = (made.get(f, f) for f in (queue.push, queue.pop, queue.is_over))
    waiting: list[tuple[float, int, int]] = []
    now_us, instant_us = 0.0, -1.0

    def take_one() -> float:
        """Pop one event, which must be the first of the list, and take it off the list; returns its time."""
        nonlocal instant_us
        assert not is_over(s, np.inf)
        earliest_us = min(waiting)[0]
        if not earliest_us <= instant_us + 1e-9 + 1e-13 * instant_us:
            instant_us = earliest_us
        of_instant = [event for event in waiting if event[0] <= instant_us + 1e-9 + 1e-13 * instant_us]
        expected = min(of_instant, key=lambda event: event[1:])
        time_us, code = pop(s)
        assert (time_us, code & 15, code >> 4) == expected
        waiting.remove(expected)
        if len(of_instant) == 1:
            instant_us = -1.0
        return time_us

    for number, (ahead_us, kind, then_pops) in enumerate(asked):
        s = growth.grown(s, job.plan)
        push(s, now_us + ahead_us, kind, number)
        waiting.append((now_us + ahead_us, kind, number))
        if then_pops:
            now_us = take_one()
    while waiting:
        take_one()
    assert is_over(s, np.inf)
