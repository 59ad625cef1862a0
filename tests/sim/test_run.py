"""Runs as tables: columns, events told in order, files written and read back, and what a broken file says."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import qpsviz as qps
from qpsviz.frame import Frame, read_capture
from qpsviz.sim import KINDS, Table

FIRST = qps.preset("first").replace(p_free=1.0, n_frames=2)


@pytest.fixture(scope="module")
def mixed_run() -> qps.Run:
    """A run with deliveries, drops, retransmissions and frames still in flight."""
    scenario = FIRST.replace(p_free=0.6, n_frames=30, max_attempts=2, t1_us=math.inf, t2_us=math.inf)
    return qps.simulate(scenario, seed=4, until_us=4000.0)


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The text of a saved run."""
    path = tmp_path_factory.mktemp("saved") / "run.json"
    qps.simulate(FIRST.replace(n_relays=1)).save(path)
    return path.read_text(encoding="utf-8")


def story(run: qps.Run, frame: int) -> list[tuple[str, float, int]]:
    """What happened to one frame: kind, time, node."""
    e = run.events
    mine = np.flatnonzero(e["frame"] == frame)
    return [(KINDS[e["kind"][i]], float(e["time_us"][i]), int(e["node"][i])) for i in mine]


def test_the_guard_shrinks_by_one_processing_time_at_each_relay() -> None:
    legs = qps.simulate(FIRST).legs
    guard_us = (legs["payload_out_us"] - legs["header_out_us"])[legs["frame"] == 0]
    assert guard_us.tolist() == pytest.approx([80.0, 60.0, 40.0, 20.0])


def test_a_late_header_cuts_the_head_of_the_payload_and_nothing_else() -> None:
    legs = qps.simulate(FIRST.replace(guard_us=30.0)).legs
    mine = legs["frame"] == 0
    assert legs["lost_us"][mine].tolist() == pytest.approx([0.0, 0.0, 10.0, 30.0])
    travel_us = legs["payload_in_us"] - legs["payload_out_us"]
    np.testing.assert_allclose(travel_us, 15.0 / 0.2)
    # The trailer is read like the header, 20 us at each relay, and falls behind the payload.
    np.testing.assert_allclose((legs["trailer_out_us"] - legs["payload_out_us"])[mine], [50.0, 70.0, 90.0, 110.0])


def test_a_burst_frame_tells_its_story_in_causal_order() -> None:
    run = qps.simulate(FIRST.replace(n_relays=1, length_km=40.0))
    assert story(run, 0) == [
        ("HEADER_OUT", 0.0, 0),
        ("PAYLOAD_OUT", 80.0, 0),
        ("HEADER_IN", 100.0, 1),
        ("HEADER_READ", 120.0, 1),
        ("HEADER_OUT", 120.0, 1),
        ("TRAILER_OUT", 130.0, 0),
        ("PAYLOAD_IN", 180.0, 1),
        ("PAYLOAD_OUT", 180.0, 1),
        ("HEADER_IN", 220.0, 2),
        ("TRAILER_IN", 230.0, 1),
        ("TRAILER_OUT", 250.0, 1),
        ("PAYLOAD_IN", 280.0, 2),
        ("DELIVERED", 330.0, 2),
        ("TRAILER_IN", 350.0, 2),
    ]


def test_a_stored_frame_is_stored_released_and_its_guard_restored() -> None:
    run = qps.simulate(FIRST.replace(n_relays=1, length_km=40.0, discipline="store"))
    told = story(run, 0)
    assert ("STORED", 180.0, 1) in told
    assert ("RELEASED", 230.0, 1) in told
    assert ("HEADER_OUT", 150.0, 1) in told
    assert run.frames["guard_left_us"][0] == 80.0


def test_a_dropped_frame_is_told_to_the_source_which_sends_it_again() -> None:
    line = FIRST.replace(n_relays=1, length_km=40.0, late_payload="discard", guard_us=0.0, n_frames=1, max_attempts=2)
    run = qps.simulate(line)
    e = run.events
    dropped = e["kind"] == KINDS.index("DROPPED")
    assert e["reason"][dropped].tolist() == ["LATE"]
    assert e["time_us"][dropped].tolist() == [120.0]
    assert ("NOTICE", 220.0, 0) in story(run, 0)
    assert ("RETRANSMIT", 220.0, 0) in story(run, 0)
    assert run.frames.row(0) | {"attempts": 2, "fate": "DELIVERED", "guard_us": 20.0} == run.frames.row(0)


def test_both_halves_of_a_pair_are_sent_again_when_one_is_lost() -> None:
    split = FIRST.replace(layout="split", p_free=0.6, n_frames=200, max_attempts=3)
    frames = qps.simulate(split, seed=2).frames
    first, second = frames["arm"] == 0, frames["arm"] == 1
    assert np.array_equal(frames["pair"][first], frames["pair"][second])
    assert np.array_equal(frames["attempts"][first], frames["attempts"][second])
    both = (frames["fate"][first] == "DELIVERED") & (frames["fate"][second] == "DELIVERED")
    assert 0 < np.count_nonzero(both) < both.size
    for arm in (first, second):
        assert np.array_equal(~np.isnan(frames["fidelity"][arm]), both)


def test_a_frame_under_way_at_the_end_is_in_flight_and_nothing_later_is_told(mixed_run: qps.Run) -> None:
    assert mixed_run.summary()["in_flight"] > 0
    assert mixed_run.events["time_us"].max() <= 4000.0
    assert mixed_run.legs["header_out_us"].max() <= 4000.0
    assert np.nanmax(mixed_run.frames["done_us"]) <= 4000.0


def test_a_full_memory_drops_the_frame_and_a_freed_one_takes_the_next() -> None:
    line = qps.Scenario().replace(n_relays=1, length_km=20.0, frame_gap_us=0.0, n_frames=3, processing_us=125.0)
    assert set(qps.simulate(line.replace(memory_qubits=40)).frames["fate"]) == {"DELIVERED"}
    # A payload is held from its first qubit in (50 us) until its last is out (225 us): 175 of the 50 us between frames.
    frames = qps.simulate(line.replace(memory_qubits=10)).frames
    assert frames["fate"].tolist() == ["DELIVERED", "MEMORY_FULL", "MEMORY_FULL"]
    assert frames["done_us"][1:].tolist() == [100.0, 150.0]
    late = qps.simulate(line.replace(memory_qubits=10, frame_gap_us=126.0, n_frames=2)).frames
    assert set(late["fate"]) == {"DELIVERED"}


def test_a_frame_is_dropped_as_soon_as_its_dwell_would_pass_the_cutoff() -> None:
    line = qps.Scenario().replace(n_frames=1, cutoff_us=250.0)
    run = qps.simulate(line)
    assert run.frames["fate"].tolist() == ["EXPIRED"]
    assert run.frames["dwell_us"].tolist() == [250.0]
    assert set(qps.simulate(line.replace(cutoff_us=375.0)).frames["fate"]) == {"DELIVERED"}


def test_a_saved_run_comes_back_byte_for_byte(mixed_run: qps.Run, tmp_path: Path) -> None:
    mixed_run.save(tmp_path / "run.json")
    again = qps.Run.load(tmp_path / "run.json")
    assert (again.frames, again.legs, again.events) == (mixed_run.frames, mixed_run.legs, mixed_run.events)
    assert (again.scenario, again.network, again.seed) == (mixed_run.scenario, mixed_run.network, mixed_run.seed)
    assert again.summary() == mixed_run.summary()
    json.loads((tmp_path / "run.json").read_text(), parse_constant=lambda word: pytest.fail(f"not JSON: {word}"))


def test_a_run_of_frames_only_comes_back_and_says_what_it_lacks(tmp_path: Path) -> None:
    qps.simulate(FIRST, record="frames").save(tmp_path / "run.json")
    again = qps.Run.load(tmp_path / "run.json")
    assert len(again.frames) == 2
    for read in (lambda: again.legs, lambda: again.events, lambda: again.to_pcap(tmp_path / "h.pcap")):
        with pytest.raises(ValueError, match="only its frames"):
            read()


@settings(max_examples=200)
@given(data=st.data())
def test_a_broken_file_is_a_value_error_that_names_it(
    saved: str, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    text = saved
    start = data.draw(st.integers(0, len(text) - 1))
    length = data.draw(st.integers(1, 60))
    junk = data.draw(st.sampled_from(["", "null", "1e999", '"', "[]", "{}", "-1", "NaN", "\x00"]))
    path = tmp_path_factory.getbasetemp() / "broken.json"
    path.write_text(text[:start] + junk + text[start + length :], encoding="utf-8")
    try:
        run = qps.Run.load(path)
    except ValueError as error:
        assert "broken.json" in str(error)
    else:
        assert len(run.frames["fate"]) == len(run.frames)


def test_every_header_and_trailer_is_in_the_capture(tmp_path: Path) -> None:
    run = qps.simulate(FIRST.replace(discipline="store"))
    n = run.to_pcap(tmp_path / "h.pcapng")
    packets = list(read_capture(tmp_path / "h.pcapng"))
    assert n == len(packets) == 4 * len(run.legs)
    frames = [Frame.decode(p.octets) for p in packets]
    first = [(p, f) for p, f in zip(packets, frames, strict=True) if f.frame_id == 0 and f.role == "header"]
    at_receiver = [(p.time_us, f.memory_time_us, f.guard_us) for p, f in first if p.node == "Receiver"]
    legs = run.legs
    last = np.flatnonzero((legs["frame"] == 0) & (legs["hop"] == 3))[0]
    expected = (legs["header_in_us"][last], run.frames["dwell_us"][0], run.frames["guard_left_us"][0])
    assert at_receiver == [pytest.approx(expected)]


def test_a_table_is_frozen_and_refuses_ragged_columns() -> None:
    table = Table({"frame": [0, 1], "time_us": [0.0, 1.5]})
    with pytest.raises(ValueError, match="read-only"):
        table["frame"][0] = 7
    with pytest.raises(ValueError, match="equally long"):
        Table({"frame": [0, 1], "time_us": [0.0]})
    assert table.to_pandas()["time_us"].sum() == 1.5


def test_progress_grows_to_one_and_can_cancel() -> None:
    shares: list[float] = []
    big = FIRST.replace(n_frames=20_000)
    qps.simulate(big, engine="python", record="frames", progress=shares.append)
    assert shares == sorted(shares)
    assert 0 < shares[0] <= shares[-1] <= 1

    def cancel(share: float) -> None:
        raise KeyboardInterrupt(share)

    with pytest.raises(KeyboardInterrupt):
        qps.simulate(big, engine="python", record="frames", progress=cancel)
