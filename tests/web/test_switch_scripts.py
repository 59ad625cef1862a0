"""The scripts that place and move the marks inside a switch, run by Node where there is one."""

from __future__ import annotations

import itertools
import json
import shutil
import subprocess
from typing import Any

import numpy as np
import pytest

from qpsviz import preset, simulate
from qpsviz.session.film.schedule import schedule
from qpsviz.session.tabs.switch.diagram import switch_diagram
from qpsviz.switch.fates import REASONS
from qpsviz.switch.relay import DEVICES
from qpsviz.web import assets

MOVES = '{ storedAt, visitsTo, slotsOf } from "./tabs/switch/moves.js"'
LAYOUT = '{ layOutSwitch, SWITCH_LEAST_HEIGHT } from "./tabs/switch/layout.js"'
BALANCE = '{ countsAt } from "./tabs/events/balance.js"'
HOLDINGS = '{ holdings } from "./film/holdings.js"'

pytestmark = pytest.mark.skipif(shutil.which("node") is None, reason="no Node")


def ask(imports: str, question: str, **given: Any) -> Any:
    """What an expression over exports of a module, the function ``open`` of a run, and some data comes to."""
    data = json.dumps(given, default=plain)
    code = assets.joined(f'import {imports};\nimport {{ indexRun as open }} from "./film/run.js";\n')
    code += f"\nconst given = JSON.parse({json.dumps(data)});\nprocess.stdout.write(JSON.stringify({question}));"
    done = subprocess.run(
        ["node", "--input-type=module", "-"], input=code, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def plain(value: Any) -> Any:
    """Arrays as lists; JSON has no infinity, and none is needed here."""
    return np.where(np.isfinite(value), value, 1e300).tolist() if value.dtype.kind == "f" else value.tolist()


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("memory-buys", {}),
        ("memory-buys", {"memory_qubits": 10.0, "frame_gap_us": 0.0}),
        ("memory-buys", {"cutoff_us": 60.0, "n_frames": 5}),
        ("fig12", {"n_frames": 4}),
    ],
)
def test_the_memories_on_the_page_hold_what_the_run_stores(name: str, changes: dict[str, Any]) -> None:
    run = simulate(preset(name).replace(**changes), seed=2)
    times_us = np.linspace(0.3, float(run.events["time_us"].max()), 41).round(3)
    shown = ask(MOVES, "given.times.map((t) => storedAt(open(given.run), t))", run=schedule(run), times=times_us)
    assert shown == [[stored(run, node, t) for node in range(run.network.n_nodes)] for t in times_us]


def stored(run: Any, node: int, now_us: float) -> int:
    """Qubits at a relay by counting them one by one."""
    legs, source = run.legs, run.scenario.source
    if run.network.roles[node] != "relay":
        return 0
    held = 0
    for leg in np.flatnonzero(legs["to_node"] == node):
        same = (legs["frame"] == legs["frame"][leg]) & (legs["attempt"] == legs["attempt"][leg])
        behind = np.flatnonzero(same & (legs["hop"] == legs["hop"][leg] + 1))
        ends = run.events["time_us"][(run.events["frame"] == legs["frame"][leg]) & (run.events["reason"] != "")]
        for i in range(source.n_qubits):
            came_us = legs["payload_in_us"][leg] + (i + 0.5) * source.spacing_us
            goes_us = legs["payload_out_us"][behind[0]] + (i + 0.5) * source.spacing_us if behind.size else ends[0]
            held += came_us <= now_us < goes_us
    return held


def test_two_frames_never_lie_in_the_same_slots() -> None:
    run = simulate(preset("memory-buys").replace(frame_gap_us=0.0, processing_us=125.0, guard_us=0.0), seed=2)
    visits = ask(
        MOVES,
        "visitsTo(open(given.run), 1).map((v) => [v.slots, v.payloadIn, v.payloadOut])",
        run=schedule(run),
    )
    payload_us = run.scenario.source.n_qubits * run.scenario.source.spacing_us
    assert len({slot for slots, _, _ in visits for slot in slots}) > run.scenario.source.n_qubits
    for i, (slots, _, out_us) in enumerate(visits):
        later = [in_us for others, in_us, _ in visits[i + 1 :] if set(others) & set(slots)]
        assert all(in_us >= out_us + payload_us - 1e-9 for in_us in later)


@pytest.mark.parametrize(
    ("memory_qubits", "n_qubits", "shown"), [(1.0, 10, 1), (1.0, 1, 1), (20.0, 10, 20), (float("inf"), 10, 10)]
)
def test_a_switch_draws_the_slots_that_its_memory_has(memory_qubits: float, n_qubits: int, shown: int) -> None:
    run = simulate(preset("memory-buys").replace(memory_qubits=memory_qubits, n_qubits=n_qubits), seed=2)
    assert ask(MOVES, "slotsOf(given.run, visitsTo(open(given.run), 1))", run=schedule(run)) == shown


def test_a_qubit_that_waits_for_less_than_a_payload_shares_its_slot_with_a_later_one() -> None:
    changes = {"release": "after_header", "processing_us": 12.0, "guard_us": 0.0, "n_frames": 1}
    run = simulate(preset("memory-buys").replace(**changes), seed=2)
    slots = ask(MOVES, "visitsTo(open(given.run), 1)[0].slots", run=schedule(run))
    assert slots == [0, 1, 2]  # 12 µs at 5 µs each


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize(("width", "height"), [(300, 150), (932, 190), (1500, 420)])
def test_the_cards_of_a_switch_lie_side_by_side_inside_the_picture(device: str, width: int, height: int) -> None:
    data = switch_diagram(preset("memory-buys").replace(device=device))
    laid = ask(
        LAYOUT, "layOutSwitch(given.data, given.width, Math.max(given.height, SWITCH_LEAST_HEIGHT))",
        data=data, width=width, height=height,
    )  # fmt: skip
    cards = laid["cards"]
    for i, a in enumerate(cards):
        assert a["x"] >= 0
        assert a["y"] >= 0
        assert a["x"] + a["w"] <= laid["width"] + 1e-6
        assert a["y"] + a["h"] <= laid["height"] + 1e-6
        for b in cards[i + 1 :]:
            beside = a["x"] + a["w"] <= b["x"] or b["x"] + b["w"] <= a["x"]
            assert beside or a["y"] + a["h"] <= b["y"] or b["y"] + b["h"] <= a["y"]


@pytest.mark.parametrize("device", DEVICES)
def test_header_and_payload_part_before_the_memory_and_join_behind_it(device: str) -> None:
    data = switch_diagram(preset("memory-buys").replace(device=device))
    laid = ask(
        LAYOUT,
        "(({parting, merging}) => [parting, merging])(layOutSwitch(given.data, 932, 190))",
        data=data,
    )
    kinds = [data["nodes"][i]["kind"] for i in laid]
    assert kinds == (
        ["optical switch", "optical switch"] if device == "near_term" else ["demultiplexer", "switch fabric"]
    )


@pytest.mark.parametrize("device", DEVICES)
def test_a_way_through_the_picture_has_no_gap_and_no_slanted_piece(device: str) -> None:
    data = switch_diagram(preset("memory-buys").replace(device=device))
    laid = ask(
        LAYOUT,
        "(({header, payload}) => [header.points, payload.points])(layOutSwitch(given.data, 932, 190))",
        data=data,
    )
    for points in laid:
        for (x0, y0, s0), (x1, y1, s1) in itertools.pairwise(points):
            assert x0 == x1 or y0 == y1
            assert s1 - s0 == pytest.approx(abs(x1 - x0) + abs(y1 - y0))
            assert x1 >= x0


def test_the_balance_shown_is_the_line_of_the_ledger_at_the_cursor() -> None:
    run = simulate(preset("metro-ring").replace(max_attempts=2), seed=1)
    book = schedule(run)["ledger"]
    times_us = [-1.0, *(book["time"] - 0.01), *book["time"], float(book["time"][-1]) + 1e6]
    shown = ask(BALANCE, "given.times.map((t) => countsAt(given.book, t))", book=book, times=times_us)
    for now_us, counts in zip(times_us, shown, strict=True):
        row = int(np.searchsorted(book["time"], now_us + 1e-9, side="right")) - 1
        assert counts["offered"] == (book["offered"][row] if row >= 0 else 0)
        assert counts["offered"] == counts["delivered"] + counts["inFlight"] + sum(counts["reasons"])
        assert counts["reasons"] == [book[name][row] if row >= 0 else 0 for name in REASONS]


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("first", {"max_attempts": 2}),
        ("fig12", {"discipline": "burst"}),
        ("first", {"discipline": "circuit", "p_free": 1.0}),
    ],
)
def test_a_receiver_counts_photons_of_slots_that_have_come_or_ended(name: str, changes: dict[str, Any]) -> None:
    run = simulate(preset(name).replace(**changes), seed=1)
    times_us = np.linspace(0.0, float(run.legs["trailer_in_us"].max()) + 100.0, 60).round(3)
    question = "given.times.map((t) => holdings(open(given.run), t).map((n) => [n.due, n.slots, n.photons]))"
    counts = np.array(ask(HOLDINGS, question, run=schedule(run), times=times_us)).sum(axis=1)
    due, slots, photons = counts.T
    first_us = float(run.legs["payload_in_us"][run.legs["to_node"] == run.network.n_nodes - 1].min())
    assert np.all(
        due[times_us < min(first_us, float(run.events["time_us"][run.events["reason"] != ""].min(initial=1e9)))] == 0
    )
    assert due[-1] == run.scenario.source.n_qubits * np.count_nonzero(run.legs["hop"] == 0)
    assert np.all(np.diff(due) >= 0)
    assert np.all(due >= slots)
    assert np.all(slots >= photons)
