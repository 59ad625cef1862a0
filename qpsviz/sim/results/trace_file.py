"""A run as a trace that Q2NSViz plays: one JSON object a line, in whole nanoseconds, in order of time."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from qpsviz.files import written_whole
from qpsviz.network import Network
from qpsviz.scenario.discipline import Discipline
from qpsviz.sim.engine.marks import EventKind
from qpsviz.sim.results.signals import Signal
from qpsviz.sim.results.trace_photons import Flight, Moment, flights_of, photon_lines, rows_of
from qpsviz.switch.fates import REASONS
from qpsviz.units import Column, quantity

if TYPE_CHECKING:
    from qpsviz.sim.results.run import Run

SUFFIXES = (".json", ".ndjson")
MOST_LINES = 20_000
"""Most lines that are written: the time that Q2NSViz takes to load grows with the square of their number."""
_MARGIN_PERCENT = 6.0


def write_trace(run: Run, path: str | Path, *, frames: Iterable[int] | None = None) -> int:
    """Write what happened as a trace of Q2NSViz.

    Parameters
    ----------
    run : Run
        A run that kept its legs.
    path : str or path
        ``.json`` or ``.ndjson``.
    frames : iterable of int, optional
        Numbers of the frames that are written (rows of ``run.frames``), such as ``range(100)``; all when None.

    Returns
    -------
    int
        Lines written.

    Raises
    ------
    ValueError
        If the run kept only its frames, a frame is not there, the suffix is another one, or more than 20,000 lines
        would be needed.
    OSError
        If the file cannot be written.

    Notes
    -----
    Nodes with their places, a quantum and a classical channel for each pair of neighbours; each photon of each frame
    that is sent, pair by pair; header, trailer and messages as packets; waits in memories, drops and fidelities as
    texts. Lengths, losses and parameters have no place in such a file. Photons are those of the film.
    """
    if Path(path).suffix.lower() not in SUFFIXES:
        raise ValueError(f"path = {str(path)!r} must end in {' or '.join(SUFFIXES)}")
    lines = trace_lines(run, frames=frames)
    with written_whole(path) as part:
        part.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")
    return len(lines)


def trace_lines(run: Run, *, frames: Iterable[int] | None = None) -> list[dict[str, object]]:
    """The lines of :func:`write_trace`, each as it is written.

    Raises
    ------
    ValueError
        As :func:`write_trace`, but for the suffix.
    """
    chosen = _chosen(run, frames)
    if np.isin(rows_of(run, run.legs["frame"]), chosen).sum() > MOST_LINES:
        raise _too_long(run, chosen)
    lines, moments = network_lines(run.network), [*_message_lines(run, chosen), *_event_lines(run, chosen)]
    for group in _groups(run, chosen):
        moments += _group_lines(run, group)
        if len(lines) + len(moments) > MOST_LINES:
            raise _too_long(run, chosen)
    # What a photon does comes before what is said about its frame at the same time.
    moments.sort(key=lambda moment: (_whole_ns(moment[0]), moment[1]["type"] == "traceText"))
    return [*lines, *(_timed(time_us, line) for time_us, line in moments)]


def _chosen(run: Run, frames: Iterable[int] | None) -> Column:
    n_frames = len(run.frames)
    if frames is None:
        return np.arange(n_frames)
    chosen = np.unique(np.fromiter((int(frame) for frame in frames), dtype=np.int64))
    if not chosen.size:
        raise ValueError("frames names no frame")
    outside = chosen[(chosen < 0) | (chosen >= n_frames)]
    if outside.size:
        raise ValueError(f"frames: there is no frame {outside[0]}; this run has 0 … {n_frames - 1}")
    return chosen


def _too_long(run: Run, chosen: Column) -> ValueError:
    """What to do about a trace that nobody could load."""
    per_frame = np.bincount(rows_of(run, run.legs["frame"]), minlength=len(run.frames))[chosen]
    n_qubits = run.scenario.source.n_qubits
    needed = np.cumsum(per_frame * (n_qubits + 6) + 5 * n_qubits + 2)
    n_fit = max(1, int(np.searchsorted(needed, MOST_LINES, side="right")))
    first, last = int(chosen[0]), int(chosen[n_fit - 1])
    return ValueError(
        f"a trace has at most {MOST_LINES:,} lines, because the time that Q2NSViz takes to load it grows with their "
        f"square, and this one would have more: choose fewer frames with frames=range({first}, {last + 1}), "
        f"or --frames {first}-{last}"
    )


def network_lines(network: Network) -> list[dict[str, object]]:
    """Nodes with their places, where they have any, and both kinds of channel between neighbours."""
    names = network.node_names
    lines = [{"type": "createNode", "t_ns": 0, "label": n, **p} for n, p in zip(names, _places(network), strict=True)]
    ends = zip(network.link_from.tolist(), network.link_to.tolist(), strict=True)
    for first, second in dict.fromkeys(tuple(sorted(pair)) for pair in ends):
        for kind in ("quantum", "classical"):
            between = {"from": names[first], "to": names[second]}
            lines.append({"type": "createChannel", "t_ns": 0, **between, "kind": kind})
    return lines


def _places(network: Network) -> list[dict[str, float]]:
    """Places in percent from the upper left corner; none where the network has none, and Q2NSViz draws a circle."""
    spots = np.stack([network.x_km, -network.y_km])
    if not np.isfinite(spots).all() or len(np.unique(spots, axis=1).T) < network.n_nodes:
        return [{}] * network.n_nodes
    low, high = spots.min(axis=1, keepdims=True), spots.max(axis=1, keepdims=True)
    widest = float((high - low).max()) or 1.0
    percent = np.round(50.0 + (100.0 - 2 * _MARGIN_PERCENT) * (spots - (low + high) / 2) / widest, 2)
    return [{"x": x, "y": y} for x, y in percent.T.tolist()]


def _groups(run: Run, chosen: Column) -> Iterator[list[Flight]]:
    """Attempts to send a frame, or both frames of a pair."""
    pair = run.frames["pair"].tolist()
    groups: dict[tuple[int, int], list[Flight]] = {}
    for flight in flights_of(run, chosen):
        groups.setdefault((pair[flight.row], flight.attempt), []).append(flight)
    yield from groups.values()


def _group_lines(run: Run, group: list[Flight]) -> Iterator[Moment]:
    yield from photon_lines(run, group)
    names = run.network.node_names
    for flight in group:
        for leg in flight.legs:
            ends = {"from": names[int(leg["from_node"])], "to": names[int(leg["to_node"])]}
            for part in ("header", "trailer"):
                line = {"type": "sendPacket", "t1_us": leg[f"{part}_in_us"], **ends}
                yield leg[f"{part}_out_us"], {**line, "label": f"{part} {flight.name}", "protocol": part}


def _message_lines(run: Run, chosen: Column) -> Iterator[Moment]:
    """Messages beside the frames: how circuits are set up and released, and notices of drops."""
    found, names = run.signals, run.network.node_names
    frame = rows_of(run, found["frame"])
    about = np.isin(frame, chosen)
    if Discipline(run.scenario.switch.discipline).sets_up:
        about = np.isin(found["session"], run.frames["session"][chosen])
    columns = [frame, *(found[name] for name in ("kind", "session", "from_node", "to_node", "out_us", "in_us"))]
    for row, word, session, first, second, out_us, in_us in zip(*(c[about].tolist() for c in columns), strict=True):
        kind = Signal[word]
        whom = f"frame {row}" if kind is Signal.NOTICE else f"session {session}"
        line = {"type": "sendPacket", "t1_us": in_us, "from": names[first], "to": names[second]}
        yield out_us, {**line, "label": f"{kind.label}, {whom}", "protocol": word.lower()}


def _event_lines(run: Run, chosen: Column) -> Iterator[Moment]:
    """Waits in memories, drops, and what was delivered, as texts at the nodes."""
    events, names = run.events, run.network.node_names
    row = rows_of(run, events["frame"])
    told = np.isin(row, chosen) & np.isin(events["kind"], list(_TELLERS))
    dwell_us = _dwells(run)
    columns = [row, *(events[name] for name in ("kind", "attempt", "node", "reason", "time_us"))]
    for frame, kind, attempt, node, reason, time_us in zip(*(c[told].tolist() for c in columns), strict=True):
        again = "" if attempt == 1 else f" (attempt {attempt})"
        told_of = {
            "reason": REASONS.get(reason, ""),
            "dwell": quantity(dwell_us.get((frame, attempt, node), 0.0), "us", trimmed=True),
            "fidelity": _fidelity(run, frame),
        }
        text = f"frame {frame}{again} {_TELLERS[kind].format(**told_of)}"
        yield time_us, {"type": "traceText", "text": text, "node": names[node]}


def _fidelity(run: Run, row: int) -> str:
    fidelity = float(run.frames["fidelity"][row])
    return f", fidelity {fidelity:.4f}" if math.isfinite(fidelity) else ""


def _dwells(run: Run) -> dict[tuple[int, int, int], float]:
    """Time in the memory of the node that a leg leaves, by frame, attempt and node. [us]"""
    legs = run.legs
    keys = zip(rows_of(run, legs["frame"]).tolist(), legs["attempt"].tolist(), legs["from_node"].tolist(), strict=True)
    return dict(zip(keys, legs["dwell_us"].tolist(), strict=True))


_TELLERS = {
    EventKind.STORED: "goes into the memory",
    EventKind.RELEASED: "leaves the memory after {dwell}",
    EventKind.DELIVERED: "is delivered{fidelity}",
    EventKind.DROPPED: "is dropped: {reason}",
}


def _whole_ns(time_us: float) -> int:
    return round(time_us * 1000.0)


def _timed(time_us: float, line: dict[str, object]) -> dict[str, object]:
    """A line with its times, in whole nanoseconds."""
    rest = {name: value for name, value in line.items() if name not in ("type", "t1_us")}
    in_us = line.get("t1_us")
    if isinstance(in_us, float):
        return {"type": line["type"], "t0_ns": _whole_ns(time_us), "t1_ns": _whole_ns(in_us), **rest}
    return {"type": line["type"], "t_ns": _whole_ns(time_us), **rest}
