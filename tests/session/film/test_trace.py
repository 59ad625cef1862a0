"""The film of a trace holds what the trace says, and nothing that it does not say."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pytest

from qpsviz.session.film.trace import KINDS, description, trace_schedule
from qpsviz.traces.reader import parse

NODES = [{"type": "createNode", "label": name, "x": x, "y": y} for name, x, y in (("A", 10, 20), ("B", 60, 90))]


def bit(name: str, time_ns: int = 0, node: str = "A") -> dict[str, Any]:
    """A line that makes a qubit."""
    return {"type": "createQubit", "t_ns": time_ns, "label": name, "node": node}


def film_of(*lines: dict[str, Any], nodes: list[dict[str, Any]] = NODES) -> Any:
    """The film of a trace of these lines."""
    return trace_schedule(parse(json.dumps([*nodes, *lines])))


def send(name: str, out_ns: int, in_ns: int) -> dict[str, Any]:
    """A line that sends a qubit from A to B."""
    return {"type": "sendQubit", "t0_ns": out_ns, "t1_ns": in_ns, "bit": name, "from": "A", "to": "B"}


def told(made: Any) -> list[tuple[float, str, int, str]]:
    """Rows of the list: time, kind, node and sentence."""
    events = made["events"]
    kinds = [list(KINDS)[kind] for kind in events["kind"]]
    return list(zip(events["time"].tolist(), kinds, events["node"].tolist(), made["sentences"], strict=True))


def test_no_length_no_loss_and_no_fidelity_is_made_up() -> None:
    made = film_of(bit("p"), send("p", 100, 300))
    assert not {"links", "speed", "legs", "frames", "f0", "eta0", "ledger", "memory"} & set(made)
    assert made["channels"]["from"].size == 0, "there is no channel where none is said"
    assert made["reasons"] == [""]


def test_places_keep_their_shape_and_down_is_down() -> None:
    made = film_of(bit("p"))
    assert made["placed"]
    (a, b) = made["nodes"]
    assert (b["x"] - a["x"], b["y"] - a["y"]) == (50.0, -70.0)


@pytest.mark.parametrize("change", [{"x": None}, {"x": 60, "y": 90}])
def test_nodes_without_places_of_their_own_stand_on_a_circle(change: dict[str, Any]) -> None:
    made = film_of(bit("p"), nodes=[NODES[1], {**NODES[0], **change}, {"type": "createNode", "label": "C"}])
    assert not made["placed"]
    spots = np.array([(node["x"], node["y"]) for node in made["nodes"]])
    np.testing.assert_allclose(np.hypot(*spots.T), np.hypot(*spots[0]))
    assert len(np.unique(spots.round(6), axis=0)) == 3


def test_what_travels_is_told_when_it_leaves_and_when_it_comes_in_order_of_time() -> None:
    packet = {
        "type": "sendPacket",
        "t0_ns": 150,
        "t1_ns": 250,
        "from": "B",
        "to": "A",
        "label": "hi",
        "protocol": "udp",
    }
    note = {"type": "traceText", "t_ns": 200, "text": "in between"}
    assert told(film_of(bit("p"), send("p", 100, 300), packet, note)) == [
        (0.0, "made", 0, "Qubit p is made at A."),
        (0.1, "moved", 0, "Qubit p leaves A for B."),
        (0.15, "packet", 1, "B sends a packet “hi” (udp) to A."),
        (0.2, "note", -1, "in between"),
        (0.3, "moved", 1, "Qubit p reaches B."),
    ]


def test_a_bit_that_ends_on_its_way_is_at_no_node() -> None:
    rows = told(
        film_of(bit("p"), send("p", 100, 300), {"type": "removeQubit", "t_ns": 200, "bit": "p", "reason": "hole"})
    )
    assert (0.2, "lost", -1, "Qubit p is removed: hole.") in rows


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ([{"type": "removeQubit", "t_ns": 9, "bit": "p", "reason": "port busy"}], "port busy"),
        ([{"type": "removeQubit", "t_ns": 9, "bit": "p", "reason": "discarded"}], ""),
        ([{"type": "removeQubit", "t_ns": 9, "bit": "p"}], ""),
        (
            [{"type": "measure", "t_ns": 8, "bit": "p"}, {"type": "removeQubit", "t_ns": 9, "bit": "p", "reason": "x"}],
            "",
        ),
        ([{"type": "removeQubit", "t_ns": 9, "bit": "p", "reason": "first"}] * 2, "first"),
    ],
)
def test_a_bit_is_lost_only_where_the_trace_says_why(lines: list[dict[str, Any]], reason: str) -> None:
    made = film_of(bit("p"), *lines)
    assert made["reasons"] == [reason]
    assert made["bits"]["gone"].tolist() == [0.009]
    assert ("lost" in {row[1] for row in told(made)}) == bool(reason)
    assert [list(KINDS)[kind] for kind in made["dropKinds"]] == ["lost"]


def test_what_never_happens_is_at_infinity() -> None:
    made = film_of(bit("p"), bit("q"), {"type": "entangle", "t_ns": 5, "bits": ["p", "q"]})
    for name in ("measured", "gone"):
        assert made["bits"][name].tolist() == [math.inf] * 2
    assert made["bonds"]["end"].tolist() == [math.inf]
    assert made["bonds"]["start"].tolist() == [0.005]


def test_colours_are_those_that_q2ns_says() -> None:
    made_bit = {"type": "createBit", "t_ns": 0, "label": "p", "node": "A", "kind": "quantum", "color": "#010203"}
    made = film_of(made_bit, {"type": "setBitColor", "t_ns": 7, "bit": "p", "color": "teal"})
    assert (made["firstColours"], made["colourNames"], made["colours"]["time"].tolist()) == (
        ["#010203"],
        ["teal"],
        [0.007],
    )


def test_the_title_counts_and_names_what_was_left_out() -> None:
    trace = parse(
        json.dumps([*NODES, bit("p"), {"type": "createCbit", "t_ns": 1, "label": "m", "node": "B"}, {"type": "wink"}])
    )
    assert description(trace) == "Trace of Q2NSViz: 2 nodes, 1 qubit, 1 classical bit; left out: lines of type wink"
