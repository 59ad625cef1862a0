"""A run as a trace of Q2NSViz says what the run says: times in whole nanoseconds, photons, pairs, fates."""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import qpsviz as qps
from qpsviz.sim.results.trace_file import MOST_LINES
from qpsviz.switch.fates import REASONS
from qpsviz.traces import Trace, load
from qpsviz.traces.model import Bit, Entangling, Move, Note, Packet, Removal

LOSSLESS = {"loss_db_per_km": 0.0, "insertion_loss_db": 0.0, "p_free": 1.0}
#: Runs with drops, second attempts, cut-off slots, waits and circuits, of kept and of travelling halves.
RUNS = {
    "burst": {"discipline": "burst", "p_free": 0.7, "max_attempts": 2, "guard_us": 25.0, "processing_us": 20.0},
    "store": {"discipline": "store", "memory_qubits": 10.0, "frame_gap_us": 0.0, "processing_us": 20.0},
    "circuit": {"discipline": "circuit", "p_free": 0.6, "max_attempts": 3},
    "split": {"discipline": "store", "layout": "split", "cutoff_us": 200.0},
    "split burst": {"discipline": "burst", "layout": "split", "p_free": 0.6, "guard_us": 150.0, "processing_us": 20.0},
    "coil": {"discipline": "store", "storage": "delay_line", "processing_us": 20.0},
}


def run_of(name: str) -> qps.Run:
    """One of the runs."""
    return qps.simulate(qps.Scenario().replace(n_frames=6, n_relays=2, length_km=60.0, **RUNS[name]), seed=2)


@pytest.fixture(params=RUNS)
def run(request: pytest.FixtureRequest) -> qps.Run:
    """Each of the runs."""
    return run_of(request.param)


def written(run: qps.Run, folder: Path, **chosen: Any) -> tuple[Trace, list[dict[str, Any]]]:
    """A run's trace, read back, and its lines as they stand in the file."""
    path = folder / "trace.json"
    n_lines = run.to_q2nsviz(path, **chosen)
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert len(lines) == n_lines
    return load(path), lines


def slot_ns(run: qps.Run, column: str) -> Any:
    """When the middle of every slot (columns) of every leg (rows) passes an end of its link. [ns]"""
    source = run.scenario.source
    middle_us = (np.arange(source.n_qubits) + 0.5) * source.spacing_us
    return np.rint(1000 * (run.legs[column][:, None] + middle_us)).astype(int)


def owner(name: str) -> tuple[int, int, int]:
    """Frame, attempt and place in the payload of a travelling qubit."""
    frame, attempt, place = re.fullmatch(r"q(\d+)(?:\.(\d+))?:(\d+)", name).groups()  # type: ignore[union-attr]
    return int(frame), int(attempt or 1), int(place)


def test_the_lines_are_in_order_of_time_and_times_are_whole_nanoseconds(run: qps.Run, tmp_path: Path) -> None:
    _, lines = written(run, tmp_path)
    times = [line.get("t_ns", line.get("t0_ns")) for line in lines]
    assert times == sorted(times)
    assert {type(line[name]) for line in lines for name in line if name.endswith("_ns")} == {int}


@pytest.mark.parametrize("layout", ["sender", "split"])
def test_every_photon_of_a_lossless_run_is_sent_at_the_times_of_every_leg(tmp_path: Path, layout: str) -> None:
    scenario = qps.Scenario().replace(discipline="store", layout=layout, n_relays=2, n_frames=4, **LOSSLESS)
    run = qps.simulate(scenario, seed=2)
    trace, _ = written(run, tmp_path)
    out_ns, in_ns = slot_ns(run, "payload_out_us"), slot_ns(run, "payload_in_us")
    ends = np.stack([run.legs["from_node"], run.legs["to_node"]], axis=1)
    told = [
        (frame, i, *ends[leg].tolist(), int(out_ns[leg, i]), int(in_ns[leg, i]))
        for leg, frame in enumerate(run.legs["frame"].tolist())
        for i in range(10)
    ]
    found = [
        (*owner(trace.bits[move.bit].name)[::2], move.source, move.destination, move.time_ns, move.in_ns)
        for move in trace.of_kind(Move)
    ]
    assert sorted(found) == sorted(told)
    assert trace.of_kind(Removal) == []


def test_the_network_comes_back_as_a_graph_with_both_kinds_of_channel(tmp_path: Path) -> None:
    network = qps.Network.nsfnet()
    run = qps.simulate(qps.Scenario().replace(n_qubits=1), network=network, traffic=qps.Traffic(n_frames=3, load=0.1))
    trace, _ = written(run, tmp_path)
    assert [node.name for node in trace.nodes] == list(network.node_names)
    pairs = {frozenset(pair) for pair in zip(network.link_from.tolist(), network.link_to.tolist(), strict=True)}
    for kind in ("quantum", "classical"):
        found = [frozenset((c.source, c.destination)) for c in trace.channels if c.kind == kind]
        assert len(found) == len(set(found))
        assert set(found) == pairs
    # East is right, north is up, and a kilometre is as long either way.
    left, down = (np.array([getattr(node, name) for node in trace.nodes]) for name in ("left", "down"))
    assert np.all((left >= 0) & (left <= 100) & (down >= 0) & (down <= 100))
    scale = np.polyfit(network.x_km, left, 1)[0]
    np.testing.assert_allclose(np.polyfit(network.y_km, down, 1)[0], -scale, rtol=1e-3)


def test_a_network_without_places_leaves_them_out(tmp_path: Path) -> None:
    network = qps.Network.from_text("A <==20km==> B\nB <==20km==> C\nC <==9km==> A")
    run = qps.simulate(qps.Scenario(), network=network, traffic=qps.Traffic(n_frames=2, load=0.1))
    _, lines = written(run, tmp_path)
    assert all(("x" in line) == bool(np.isfinite(network.x_km).all()) for line in lines if line["type"] == "createNode")


def test_headers_and_trailers_are_packets_at_their_times(run: qps.Run, tmp_path: Path) -> None:
    trace, _ = written(run, tmp_path)
    legs = run.legs
    for part in ("header", "trailer"):
        columns = (legs["from_node"], legs["to_node"], *(np.rint(1000 * legs[f"{part}_{e}_us"]) for e in ("out", "in")))
        found = [(p.source, p.destination, p.time_ns, p.in_ns) for p in trace.of_kind(Packet) if p.protocol == part]
        assert sorted(found) == sorted(zip(*(np.asarray(c, dtype=int).tolist() for c in columns), strict=True))


def test_messages_are_packets_at_their_times(tmp_path: Path) -> None:
    run = run_of("circuit")
    trace, _ = written(run, tmp_path)
    found = Counter(p.protocol for p in trace.of_kind(Packet) if p.protocol not in ("header", "trailer"))
    assert found == Counter(word.lower() for word in run.signals["kind"].tolist())
    setups = [(p.time_ns, p.in_ns) for p in trace.of_kind(Packet) if p.protocol == "setup"]
    rows = run.signals["kind"] == "SETUP"
    told = np.rint(1000 * np.stack([run.signals["out_us"][rows], run.signals["in_us"][rows]], axis=1)).astype(int)
    assert setups == [tuple(row) for row in told.tolist()]


def test_every_pair_is_entangled_once(run: qps.Run, tmp_path: Path) -> None:
    trace, _ = written(run, tmp_path)
    split = run.scenario.path.layout == "split"
    made = trace.of_kind(Entangling)
    assert all(len(event.bits) == 2 for event in made)
    bits = [bit for event in made for bit in event.bits]
    assert len(bits) == len(set(bits))
    for event in made:
        first, second = (trace.bits[bit] for bit in event.bits)
        assert event.time_ns >= max(first.time_ns, second.time_ns)
        if split:
            a, b = owner(first.name), owner(second.name)
            assert run.frames["pair"][a[0]] == run.frames["pair"][b[0]]
            assert a[0] != b[0]
            assert a[1:] == b[1:]
        else:
            assert second.name == f"kept {first.name}"
            assert second.node == first.node == run.frames["source"][owner(first.name)[0]]
    flights = set(zip(run.legs["pair"].tolist(), run.legs["attempt"].tolist(), run.legs["arm"].tolist(), strict=True))
    whole = [(p, n) for p, n, arm in flights if arm == 0 and (not split or (p, n, 1) in flights)]
    assert len(made) == run.scenario.source.n_qubits * len(whole)


def test_the_photons_that_arrive_are_those_of_the_film(
    run: qps.Run, tmp_path: Path, luck: Callable[[qps.Run], Any], survivors: Callable[[qps.Run], Any]
) -> None:
    trace, _ = written(run, tmp_path)
    gone = {removal.bit for removal in trace.of_kind(Removal)}
    there = Counter(owner(b.name)[:2] for b in trace.bits if not b.name.startswith("kept") and b.bit not in gone)
    legs, delivered = run.legs, set()
    events = run.events[run.events["event"] == "DELIVERED"]
    delivered = set(zip(events["frame"].tolist(), events["attempt"].tolist(), strict=True))
    reach = {
        (frame, attempt): int(n)
        for frame, attempt, n in zip(legs["frame"].tolist(), legs["attempt"].tolist(), survivors(run), strict=True)
    }
    expected = {key: n for key, n in reach.items() if key in delivered and n}
    assert {key: n for key, n in there.items() if key in delivered} == expected
    lost_on = (luck(run) < legs["eta_out"][:, None]) & (luck(run) >= legs["eta_in"][:, None])
    middle_us = (np.arange(run.scenario.source.n_qubits) + 0.5) * run.scenario.source.spacing_us
    lost_on &= middle_us >= legs["lost_us"][:, None]
    assert sum(r.reason == "lost in the fibre" for r in trace.of_kind(Removal)) == lost_on.sum()


@pytest.mark.parametrize("name", ["burst", "store", "split", "split burst"])
def test_the_photons_of_a_dropped_frame_are_removed_with_its_fate_where_and_when_it_was_dropped(
    name: str, tmp_path: Path
) -> None:
    run = run_of(name)
    trace, _ = written(run, tmp_path)
    drops = run.events[run.events["event"] == "DROPPED"]
    assert len(drops)
    ends = {
        (frame, attempt): (node, round(1000 * time_us), REASONS[reason])
        for frame, attempt, node, time_us, reason in zip(
            *(drops[n].tolist() for n in ("frame", "attempt", "node", "time_us", "reason")), strict=True
        )
    }
    last = {move.bit: move for move in trace.of_kind(Move)}
    told = 0
    for removal in trace.of_kind(Removal):
        if removal.reason not in REASONS.values():
            continue
        node, time_ns, reason = ends[owner(trace.bits[removal.bit].name)[:2]]
        assert removal.reason == reason
        assert last[removal.bit].destination == node
        assert removal.time_ns == max(time_ns, last[removal.bit].in_ns)
        told += 1
    assert told
    texts = {(note.node, note.time_ns, note.text.partition(" is dropped: ")[2]) for note in trace.of_kind(Note)}
    assert set(ends.values()) <= texts


def test_every_fate_and_fidelity_comes_back_as_a_text(run: qps.Run, tmp_path: Path) -> None:
    trace, _ = written(run, tmp_path)
    texts = [note.text for note in trace.of_kind(Note)]
    for frame, (fate, fidelity) in enumerate(zip(run.frames["fate"], run.frames["fidelity"], strict=True)):
        said = [t for t in texts if re.match(rf"frame {frame}( \(attempt \d+\))? is delivered", t)]
        assert bool(said) == (fate == "DELIVERED")
        if said and math.isfinite(fidelity):
            assert float(said[-1].rpartition(" ")[2]) == pytest.approx(fidelity, abs=5e-5)


def test_waits_in_a_memory_are_told(tmp_path: Path) -> None:
    run = run_of("coil")
    trace, _ = written(run, tmp_path)
    told = [n for n in trace.of_kind(Note) if "leaves the memory after" in n.text]
    released = run.events[run.events["event"] == "RELEASED"]
    assert [n.time_ns for n in told] == np.rint(1000 * released["time_us"]).astype(int).tolist()
    dwell = sorted(run.legs["dwell_us"][run.legs["dwell_us"] > 0])
    assert sorted(float(n.text.split()[-2]) for n in told) == pytest.approx(dwell, rel=1e-2)


def test_a_kept_half_stays_while_its_twin_is_on_its_way_and_goes_when_it_is_missed(tmp_path: Path) -> None:
    run = run_of("store")
    trace, _ = written(run, tmp_path)
    gone = {removal.bit: removal for removal in trace.of_kind(Removal)}
    by_name = {bit.name: bit.bit for bit in trace.bits}
    for name, kept in by_name.items():
        if not name.startswith("kept "):
            continue
        twin = gone.get(by_name[name.removeprefix("kept ")])
        assert (kept in gone) == (twin is not None)
        if twin is not None:
            assert gone[kept].reason == "discarded"
            assert gone[kept].time_ns >= twin.time_ns


def test_a_part_of_a_run_is_what_the_whole_says_about_these_frames(tmp_path: Path) -> None:
    run = run_of("split")
    whole, part = (written(run, tmp_path, **chosen)[0] for chosen in ({}, {"frames": range(2, 4)}))
    mine = [bit for bit in whole.bits if owner(bit.name)[0] in (2, 3)]
    assert [(b.name, b.node, b.time_ns) for b in part.bits] == [(b.name, b.node, b.time_ns) for b in mine]
    assert {n.text.split()[1] for n in part.of_kind(Note)} == {"2", "3"}
    assert len(part.of_kind(Bit)) == 20


def test_a_long_run_is_refused_with_the_frames_that_fit(tmp_path: Path) -> None:
    run = qps.simulate(qps.Scenario().replace(n_frames=2000), seed=1, record="all")
    with pytest.raises(ValueError, match=r"at most 20,000 lines.*square") as caught:
        run.to_q2nsviz(tmp_path / "trace.json")
    assert not list(tmp_path.iterdir())
    first, end = map(int, re.search(r"frames=range\((\d+), (\d+)\)", str(caught.value)).groups())  # type: ignore[union-attr]
    assert f"--frames {first}-{end - 1}" in str(caught.value)
    n_lines = run.to_q2nsviz(tmp_path / "trace.json", frames=range(first, end))
    assert MOST_LINES / 2 < n_lines <= MOST_LINES
    with pytest.raises(ValueError, match=r"frames=range\(700, "):
        run.to_q2nsviz(tmp_path / "other.json", frames=range(700, 1900))


@pytest.mark.parametrize(
    ("name", "frames", "words"),
    [
        ("trace.txt", None, r"must end in \.json or \.ndjson"),
        ("trace.json", [6], r"no frame 6; this run has 0 … 5"),
        ("trace.json", [-1], r"no frame -1"),
        ("trace.json", [], r"names no frame"),
    ],
)
def test_what_cannot_be_written_is_refused_in_one_sentence(
    tmp_path: Path, name: str, frames: list[int] | None, words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        run_of("store").to_q2nsviz(tmp_path / name, frames=frames)
    assert not list(tmp_path.iterdir())


def test_a_run_without_its_legs_is_refused(tmp_path: Path) -> None:
    run = qps.simulate(qps.Scenario(), seed=1, record="frames")
    with pytest.raises(ValueError, match="record='all'"):
        run.to_q2nsviz(tmp_path / "trace.json")
