"""What had become of the frames of a run by any moment: a balance that always adds up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from qpsviz.sim.engine.marks import EventKind
from qpsviz.switch.fates import REASONS
from qpsviz.units import Array, Column

if TYPE_CHECKING:
    from qpsviz.sim import Run


def ledger(run: Run) -> dict[str, Column]:
    """Frames offered, delivered, dropped and in flight after every moment at which one of these changes.

    Parameters
    ----------
    run : Run
        With its legs and events.

    Returns
    -------
    dict of ndarray
        ``time`` in us, ascending, and counts from that time on: ``offered``, ``delivered``, ``inFlight``, ``resent``
        and one column per reason. At every time offered = delivered + dropped for any reason + in flight.

    Notes
    -----
    A frame is offered when its source sets out to send it, and in flight from then on, even while it waits for its
    port or for the sender to hear that it must be sent again. What is sent again is no longer counted as dropped.
    A circuit that is refused takes all its frames with it, also those whose turn had not come.
    """
    delivered_us = run.events["time_us"][run.events["kind"] == EventKind.DELIVERED]
    lost = _dropped(run)
    offered_us = _offered(run, lost)
    again = _sent_again(run, lost)
    moves: dict[str, list[tuple[Column, int]]] = {
        "offered": [(offered_us, 1)],
        "delivered": [(delivered_us, 1)],
        "inFlight": [(offered_us, 1), (delivered_us, -1), (lost["time_us"], -1), (again["time_us"], 1)],
        "resent": [(again["time_us"], 1)],
    }
    for reason in REASONS:
        there, back = lost["reason"] == reason, again["reason"] == reason
        moves[reason] = [(lost["time_us"][there], 1), (again["time_us"][back], -1)]
    times_us = np.unique(np.concatenate([when for column in moves.values() for when, _ in column]))
    counts = {name: _running(times_us, changes) for name, changes in moves.items()}
    return {"time": times_us, **counts}


def _offered(run: Run, lost: dict[str, Column]) -> Array:
    """When each frame was offered, at the latest when it was dropped. [us]"""
    frames = run.frames
    offered_us = np.array(frames["offered_us"], dtype=np.float64)
    if lost["frame"].size:
        np.minimum.at(offered_us, np.searchsorted(frames["frame"], lost["frame"]), lost["time_us"])
    return offered_us


def _running(times_us: Column, changes: list[tuple[Column, int]]) -> Column:
    total = np.zeros(times_us.size, dtype=np.int32)
    for when, step in changes:
        np.add.at(total, np.searchsorted(times_us, when), step)
    return np.cumsum(total, dtype=np.int32)


def _dropped(run: Run) -> dict[str, Column]:
    events = run.events
    rows = events["kind"] == EventKind.DROPPED
    return {name: events[name][rows] for name in ("time_us", "frame", "attempt", "reason")}


def _sent_again(run: Run, lost: dict[str, Column]) -> dict[str, Column]:
    """When the frames of earlier drops left their source once more, and why they had been dropped."""
    legs = run.legs
    rows = (legs["hop"] == 0) & (legs["attempt"] > 1)
    span = int(max(legs["attempt"].max(initial=1), lost["attempt"].max(initial=1))) + 2
    dropped = lost["frame"].astype(np.int64) * span + lost["attempt"]
    sent = legs["frame"][rows].astype(np.int64) * span + legs["attempt"][rows] - 1
    order = np.argsort(dropped)
    place = order[np.minimum(np.searchsorted(dropped[order], sent), max(order.size - 1, 0))] if order.size else []
    known = dropped[place] == sent if order.size else np.zeros(sent.size, dtype=bool)
    reason = lost["reason"][place][known] if order.size else lost["reason"]
    return {"time_us": legs["header_out_us"][rows][known], "reason": reason}
