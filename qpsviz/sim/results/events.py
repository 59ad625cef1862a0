"""The event log: everything that happened, in order of time, told from the legs, the flights and the EventKind."""

from __future__ import annotations

import numpy as np

from qpsviz.sim.engine.marks import EventKind
from qpsviz.sim.results.tables import FATE_NAMES, Log
from qpsviz.switch.fates import DELIVERED, EXPIRED, IN_FLIGHT, MEMORY_FULL
from qpsviz.table import Table
from qpsviz.units import Array, Column, Mask
from qpsviz.units.times import is_after

_COLUMNS = ("time_us", "kind", "frame", "attempt", "node", "link")


def events_table(log: Log, legs: Table) -> Table:
    """One row per event: time, kind (a position in ``KINDS``), frame, attempt, node, link (-1 for none), reason.

    Notes
    -----
    Times of payload events are those of its first surviving qubit. A trailer is read and written anew at each relay, so
    its ``TRAILER_OUT`` may come after the payload's end; ``DELIVERED`` is when the last qubit is in, and a frame is
    complete with its ``TRAILER_IN`` at the receiver. A payload that need not wait is not ``STORED``. At equal times a
    frame's events keep their causal order; a payload that reaches a node which has dropped it still shows there as
    ``PAYLOAD_IN``.
    """
    parts = [*_leg_events(log, legs), *_relay_events(log, legs), _mark_events(log), *_end_events(log)]
    columns = {name: np.concatenate([part[name] for part in parts]) for name in _COLUMNS}
    columns["reason"] = np.concatenate([part.get("reason", np.full(part["kind"].size, "")) for part in parts])
    seen = ~is_after(columns["time_us"], log.plan.until_us)
    order = np.lexsort((columns["attempt"], columns["frame"], columns["kind"], columns["time_us"]))
    order = order[seen[order]]
    return Table({name: column[order] for name, column in columns.items()})


def _part(time_us: Array, kind: int, rows: dict[str, Column], node: str, link: bool = True) -> dict[str, Column]:
    n = time_us.size
    return {
        "time_us": time_us,
        "kind": np.full(n, kind, dtype=np.int8),
        "frame": rows["frame"],
        "attempt": rows["attempt"],
        "node": rows[node],
        "link": rows["link"] if link else np.full(n, -1, dtype=np.int32),
    }


def _leg_events(log: Log, legs: Table) -> list[dict[str, Column]]:
    columns = dict(legs)
    lost_us = columns["lost_us"]
    return [
        _part(columns["header_out_us"], EventKind.HEADER_OUT, columns, "from_node"),
        _part(columns["payload_out_us"] + lost_us, EventKind.PAYLOAD_OUT, columns, "from_node"),
        _part(columns["trailer_out_us"], EventKind.TRAILER_OUT, columns, "from_node"),
        _part(columns["header_in_us"], EventKind.HEADER_IN, columns, "to_node"),
        _part(columns["payload_in_us"] + lost_us, EventKind.PAYLOAD_IN, columns, "to_node"),
        _part(columns["trailer_in_us"], EventKind.TRAILER_IN, columns, "to_node"),
    ]


def _relay_events(log: Log, legs: Table) -> list[dict[str, Column]]:
    """What relays do between two legs: read the header, store and release the payload."""
    plan = log.plan
    if plan.can.sets_up:
        return []
    columns = dict(legs)
    at_relay = columns["to_node"] != log.destinations(columns["frame"])
    at_us = columns["header_in_us"] + plan.processing_us
    fate, end_us = _flight_ends(log, columns)
    dropped_here = at_relay & _is_last_leg(columns)
    unread = dropped_here & (fate == MEMORY_FULL) & is_after(at_us, end_us)
    parts = [_part(at_us, EventKind.HEADER_READ, columns, "to_node", link=False)]
    chosen = [at_relay & ~unread]
    if plan.can.stores:
        in_us = columns["payload_in_us"]
        refused = dropped_here & ((fate == MEMORY_FULL) | (fate == EXPIRED)) & ~is_after(end_us, in_us)
        passed_by = at_relay & ~_is_last_leg(columns) & (np.append(columns["dwell_us"][1:], 0.0) == 0)
        parts.append(_part(in_us, EventKind.STORED, columns, "to_node", link=False))
        chosen.append(at_relay & ~refused & ~passed_by)
        parts.append(_part(columns["payload_out_us"], EventKind.RELEASED, columns, "from_node", link=False))
        chosen.append((columns["hop"] > 0) & (columns["dwell_us"] > 0))
    return [{name: column[which] for name, column in part.items()} for part, which in zip(parts, chosen, strict=True)]


def _is_last_leg(columns: dict[str, Column]) -> Mask:
    """Which legs are the last of their flight, in a table sorted by frame, attempt and hop."""
    n = columns["hop"].size
    return np.append(columns["hop"][1:] == 0, True) if n else np.zeros(0, dtype=bool)


def _flight_ends(log: Log, columns: dict[str, Column]) -> tuple[Column, Column]:
    """Fate and end of the flight that each leg belongs to."""
    f = log.flights
    order = np.lexsort((f["attempt"], f["frame"]))
    keys = f["frame"][order].astype(np.int64) * 128 + f["attempt"][order]
    flight = order[np.searchsorted(keys, columns["frame"].astype(np.int64) * 128 + columns["attempt"])]
    return f["fate"][flight], f["end_us"][flight]


def _mark_events(log: Log) -> dict[str, Column]:
    return {name: column for name, column in log.table("mark").items() if name in _COLUMNS}


def _end_events(log: Log) -> list[dict[str, Column]]:
    f = log.flights
    rows = {name: f[name] for name in ("frame", "attempt", "node")}
    parts = []
    dropped = (f["fate"] != DELIVERED) & (f["fate"] != IN_FLIGHT)
    for kind, which in ((EventKind.DELIVERED, f["fate"] == DELIVERED), (EventKind.DROPPED, dropped)):
        chosen = {name: column[which] for name, column in rows.items()}
        part = _part(f["end_us"][which], kind, chosen, "node", link=False)
        part["reason"] = FATE_NAMES[f["fate"][which]] if kind is EventKind.DROPPED else np.full(part["kind"].size, "")
        parts.append(part)
    return parts
