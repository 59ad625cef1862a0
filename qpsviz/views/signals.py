"""The messages beside the frames of a run: set-up, confirmation, refusal, release, and notices of drops."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from qpsviz.sim.marks import KINDS

if TYPE_CHECKING:
    from qpsviz.sim import Run

#: Kinds of messages, by the number that a page gets, and the event that their arrival is.
ARRIVALS = {
    "setup": "SETUP_IN", "confirm": "CONFIRM_IN", "refuse": "REFUSAL_IN", "release": "RELEASE_IN",
    "notice": "NOTICE_IN",
}  # fmt: skip
SIGNALS = tuple(ARRIVALS)
_COLUMNS = ("kind", "frame", "attempt", "from", "to", "out", "in")

Row = tuple[int, int, int, int, int, float, float]


def signals(run: Run) -> dict[str, Any]:
    """Every message on every link it travels.

    Parameters
    ----------
    run : Run
        A run that kept its legs and events.

    Returns
    -------
    dict of ndarray
        ``kind`` (a position in :data:`SIGNALS`), ``frame`` (the first of its session, or the one it is about),
        ``attempt``, ``from`` and ``to`` (nodes), ``out`` and ``in``. [us]
    """
    rows = [*_circuits(run), *_notices(run)]
    columns = list(zip(*rows, strict=True)) or [()] * len(_COLUMNS)
    kinds = (np.int32, np.int32, np.int32, np.int32, np.int32, np.float64, np.float64)
    made = {name: np.asarray(c, dtype=k) for name, c, k in zip(_COLUMNS, columns, kinds, strict=True)}
    order = np.argsort(made["out"], kind="stable")
    return {name: column[order] for name, column in made.items()}


def _travel_us(run: Run, link: int) -> float:
    return float(run.network.link_km[link] / run.scenario.fibre.speed_km_per_us)


def _circuits(run: Run) -> list[Row]:
    """Messages of circuits, told from the marks that the engine left.

    A set-up message goes on when its link is reserved; answers walk back the same way and are read for T_P by each
    relay; a release follows the last trailer at the speed of light.
    """
    if run.scenario.switch.discipline != "circuit":
        return []
    processing_us, events = float(run.scenario.switch.processing_us), run.events
    ways: dict[tuple[int, int], list[int]] = {}
    rows: list[Row] = []
    names = ("time_us", "kind", "frame", "attempt", "node", "link")
    for time, kind, frame, attempt, node, link in zip(*(events[n].tolist() for n in names), strict=True):
        way = ways.setdefault((frame, attempt), [])
        name = KINDS[kind]
        if name == "SETUP":
            way.append(link)
            rows.append((SIGNALS.index("setup"), frame, attempt, node, int(run.network.link_to[link]), time,
                         time + _travel_us(run, link)))  # fmt: skip
        elif name == "CONFIRMED":
            total_us = sum(_travel_us(run, x) for x in way) + (len(way) - 1) * processing_us
            rows += _back(run, "confirm", frame, attempt, way, time - total_us)
        elif name == "BLOCKED":
            rows += _back(run, "refuse", frame, attempt, way, time)
        elif name == "TEARDOWN":
            rows += _along(run, frame, attempt, way, time)
    return rows


def _back(run: Run, kind: str, frame: int, attempt: int, way: list[int], out_us: float) -> list[Row]:
    rows: list[Row] = []
    for link in reversed(way):
        in_us = out_us + _travel_us(run, link)
        tail, head = int(run.network.link_from[link]), int(run.network.link_to[link])
        rows.append((SIGNALS.index(kind), frame, attempt, head, tail, out_us, in_us))
        out_us = in_us + float(run.scenario.switch.processing_us)
    return rows


def _along(run: Run, frame: int, attempt: int, way: list[int], out_us: float) -> list[Row]:
    rows: list[Row] = []
    for link in way:
        in_us = out_us + _travel_us(run, link)
        tail, head = int(run.network.link_from[link]), int(run.network.link_to[link])
        rows.append((SIGNALS.index("release"), frame, attempt, tail, head, out_us, in_us))
        out_us = in_us
    return rows


def _notices(run: Run) -> list[Row]:
    """Notices of drops on their way back to the source, which go straight through all relays."""
    legs, events = run.legs, run.events
    heard = np.flatnonzero(events["kind"] == KINDS.index("NOTICE"))
    if not heard.size:
        return []
    names = ("frame", "attempt", "from_node", "to_node", "header_out_us", "header_in_us")
    travelled: dict[tuple[int, int], list[tuple[int, int, float]]] = {}
    for frame, attempt, tail, head, out_us, in_us in zip(*(legs[n].tolist() for n in names), strict=True):
        travelled.setdefault((frame, attempt), []).append((tail, head, in_us - out_us))
    rows: list[Row] = []
    for row in heard.tolist():
        frame, attempt, at_us = (events[n][row].item() for n in ("frame", "attempt", "time_us"))
        for tail, head, flight_us in travelled.get((frame, attempt), []):
            rows.append((SIGNALS.index("notice"), frame, attempt, head, tail, at_us - flight_us, at_us))
            at_us -= flight_us
    return rows
