"""A trace of another tool as the page animates it: what it says, and nothing that it does not say."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from qpsviz.network.roles import Role
from qpsviz.session.film.places import on_a_circle
from qpsviz.traces.entanglement import bonds
from qpsviz.traces.model import (
    Bit,
    Colouring,
    Entangling,
    Event,
    Measurement,
    Move,
    Note,
    Packet,
    Removal,
    Trace,
    end_of,
    names,
)
from qpsviz.units import Column

if TYPE_CHECKING:
    from qpsviz.session.protocol.film import NetworkNode
    from qpsviz.session.protocol.trace import TraceBits, TraceEvents, TracePackets, TraceSchedule

#: Kinds of events in the list, by number, with the shape that stands beside each.
KINDS = {
    "made": "qubit",
    "moved": "qubit",
    "packet": "header",
    "entangled": "",
    "measured": "",
    "lost": "drop",
    "note": "",
}
_NUMBERS = {kind: number for number, kind in enumerate(KINDS)}
#: The reason by which Q2NSViz tells a bit that somebody gave up from a lost one.
_GIVEN_UP = "discarded"


def trace_schedule(trace: Trace) -> TraceSchedule:
    """Everything that the player and the event list need.

    Parameters
    ----------
    trace : Trace
        As it was read.

    Returns
    -------
    dict
        Nodes, names and columns; times in us. A bit that stays has gone and was measured at infinity.

    Notes
    -----
    A trace says no lengths, no losses, no frames and no fidelity: none of them is here. Nodes without places, all of
    them where one has none, stand on a circle.
    """
    told, sentences = _events(trace)
    drawn = [c for c in trace.channels if c.kind in ("quantum", "classical")]
    moves, packets, bound = trace.of_kind(Move), trace.of_kind(Packet), bonds(trace)
    colours = trace.of_kind(Colouring)
    return {
        "description": description(trace),
        "nodes": _nodes(trace),
        "placed": _has_places(trace),
        "duration": trace.end_ns / 1000.0 or 1.0,
        "names": [bit.name for bit in trace.bits],
        "bits": _bits(trace),
        "reasons": _reasons(trace),
        "channels": {
            "from": _ints(c.source for c in drawn),
            "to": _ints(c.destination for c in drawn),
            "quantum": _ints(c.kind == "quantum" for c in drawn),
        },
        "moves": {"bit": _ints(m.bit for m in moves), **_travels(moves)},
        "packets": _travels(packets),
        "labels": [p.label for p in packets],
        "bonds": {
            "first": _ints(b.first for b in bound),
            "second": _ints(b.second for b in bound),
            "start": _times(b.start_ns for b in bound),
            "end": _times(b.end_ns for b in bound),
        },
        "colours": {"bit": _ints(c.bit for c in colours), "time": _times(c.time_ns for c in colours)},
        "colourNames": [c.color for c in colours],
        "firstColours": [bit.color for bit in trace.bits],
        "events": told,
        "sentences": sentences,
        "dropKinds": [_NUMBERS["lost"]],
    }


def description(trace: Trace) -> str:
    """What a trace holds, in one line."""
    n_quantum = sum(bit.is_quantum for bit in trace.bits)
    counts = [(len(trace.nodes), "node"), (n_quantum, "qubit"), (len(trace.bits) - n_quantum, "classical bit")]
    counts += [(len(trace.of_kind(Packet)), "packet")]
    parts = [f"{count} {word}{'' if count == 1 else 's'}" for count, word in counts if count]
    left_out = f"; left out: lines of type {', '.join(trace.left_out)}" if trace.left_out else ""
    return f"Trace of {trace.dialect.label}: {', '.join(parts)}{left_out}"


def _ints(values: Iterable[int]) -> Column:
    return np.fromiter(values, dtype=np.int32)


def _times(times_ns: Iterable[int | None]) -> Column:
    """Times in us; infinity for what never comes."""
    return np.fromiter((math.inf if t is None else t / 1000.0 for t in times_ns), dtype=np.float64)


def _travels(found: Sequence[Move | Packet]) -> TracePackets:
    return {
        "from": _ints(row.source for row in found),
        "to": _ints(row.destination for row in found),
        "out": _times(row.time_ns for row in found),
        "in": _times(row.in_ns for row in found),
    }


def _has_places(trace: Trace) -> bool:
    spots = {(node.left, node.down) for node in trace.nodes}
    return len(spots) == len(trace.nodes) and all(node.left is not None for node in trace.nodes)


def _nodes(trace: Trace) -> list[NetworkNode]:
    """Nodes in the plane, up and to the right; a percent is as long either way."""
    if _has_places(trace):
        x, y = [node.left or 0.0 for node in trace.nodes], [-(node.down or 0.0) for node in trace.nodes]
    else:
        x, y = (column.tolist() for column in on_a_circle(len(trace.nodes), 50.0))
    rows = zip(trace.nodes, x, y, strict=True)
    return [{"name": node.name, "role": Role.USER, "x": left, "y": up} for node, left, up in rows]


def _first(trace: Trace, kind: type[Measurement] | type[Removal]) -> list[int | None]:
    """When something first happened to each bit. [ns]"""
    found: list[int | None] = [None] * len(trace.bits)
    for event in reversed(trace.of_kind(kind)):
        found[event.bit] = event.time_ns
    return found


def _bits(trace: Trace) -> TraceBits:
    return {
        "node": _ints(bit.node for bit in trace.bits),
        "quantum": _ints(bit.is_quantum for bit in trace.bits),
        "made": _times(bit.time_ns for bit in trace.bits),
        "measured": _times(_first(trace, Measurement)),
        "gone": _times(_first(trace, Removal)),
    }


def _reasons(trace: Trace) -> list[str]:
    """Why each bit was lost, where the trace says so: not of bits that were measured or given up."""
    found = [""] * len(trace.bits)
    measured = _first(trace, Measurement)
    for event in reversed(trace.of_kind(Removal)):
        is_lost = measured[event.bit] is None and event.reason != _GIVEN_UP
        found[event.bit] = event.reason if is_lost else ""
    return found


def _events(trace: Trace) -> tuple[TraceEvents, list[str]]:
    """Rows of the list in order of time, and what each says; what travels is told when it leaves and when it comes."""
    rows: list[tuple[int, str, int, str]] = []
    latest: dict[int, Move] = {}
    lost = _reasons(trace)
    for event in trace.events:
        for kind, node, sentence in _told(trace, event, latest, lost):
            rows.append((event.time_ns if kind != "arrived" else end_of(event), kind, node, sentence))
        if isinstance(event, Move):
            latest[event.bit] = event
    rows.sort(key=lambda row: row[0])
    numbers = _NUMBERS | {"arrived": _NUMBERS["moved"]}
    columns: TraceEvents = {
        "time": _times(row[0] for row in rows),
        "kind": _ints(numbers[row[1]] for row in rows),
        "node": _ints(row[2] for row in rows),
    }
    return columns, [row[3] for row in rows]


def _told(trace: Trace, event: Event, latest: dict[int, Move], lost: list[str]) -> list[tuple[str, int, str]]:
    """Kind, node (-1 for none) and sentence of each row that an event makes."""
    where = [node.name for node in trace.nodes]

    def at(bit: int) -> int:
        move = latest.get(bit)
        return trace.bits[bit].node if move is None else move.destination if move.in_ns <= event.time_ns else -1

    if isinstance(event, Bit):
        return [("made", event.node, f"{_named(trace, event.bit)} is made at {where[event.node]}.")]
    if isinstance(event, Move):
        what = _named(trace, event.bit)
        leaves = f"{what} leaves {where[event.source]} for {where[event.destination]}."
        return [
            ("moved", event.source, leaves),
            ("arrived", event.destination, f"{what} reaches {where[event.destination]}."),
        ]
    if isinstance(event, Packet):
        label = f" “{event.label}”" if event.label else ""
        by = f" ({event.protocol})" if event.protocol else ""
        sent = f"{where[event.source]} sends a packet{label}{by} to {where[event.destination]}."
        return [("packet", event.source, sent)]
    if isinstance(event, Entangling):
        return [("entangled", at(event.bits[0]), f"Entangled with each other: {', '.join(names(trace, event.bits))}.")]
    if isinstance(event, Measurement):
        graph = ", of a graph state" if event.of_graph else ""
        return [("measured", at(event.bit), f"{_named(trace, event.bit)} is measured in base {event.base}{graph}.")]
    if isinstance(event, Removal):
        why = f": {event.reason}" if event.reason else ""
        kind = "lost" if lost[event.bit] else "note"
        return [(kind, at(event.bit), f"{_named(trace, event.bit)} is removed{why}.")]
    if isinstance(event, Note):
        return [("note", -1 if event.node is None else event.node, event.text)]
    return []


def _named(trace: Trace, bit: int) -> str:
    return f"{'Qubit' if trace.bits[bit].is_quantum else 'Bit'} {trace.bits[bit].name}"
