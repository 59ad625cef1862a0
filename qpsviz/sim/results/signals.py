"""Messages without a frame: what sets circuits up and down, and the notices that a frame was dropped, link by link."""

from __future__ import annotations

from enum import IntEnum

import numpy as np

from qpsviz.network import Network
from qpsviz.sim.engine.marks import EventKind
from qpsviz.sim.results.tables import Log
from qpsviz.switch.fates import DROPS, WORDS
from qpsviz.table import Table
from qpsviz.units import Array, Column, travel_us
from qpsviz.units.times import is_after


class Signal(IntEnum):
    """Kinds of messages: the first four belong to circuits, the last tells a source to send a frame again."""

    SETUP = 0
    CONFIRM = 1
    REFUSAL = 2
    RELEASE = 3
    NOTICE = 4

    @property
    def label(self) -> str:
        """What people call it."""
        return _LABELS[self]

    @property
    def goes_ahead(self) -> bool:
        """Whether it goes the way of frames; else it goes back to their source."""
        return self in (Signal.SETUP, Signal.RELEASE)

    @property
    def is_read(self) -> bool:
        """Whether a switch reads it, which takes T_P, before it goes on."""
        return self in (Signal.SETUP, Signal.CONFIRM, Signal.REFUSAL)

    @property
    def reserves(self) -> bool:
        """Whether it reserves the links that it passes."""
        return self is Signal.SETUP

    @property
    def frees(self) -> bool:
        """Whether it frees the links that it passes."""
        return self in (Signal.RELEASE, Signal.REFUSAL)


_LABELS = {
    Signal.SETUP: "set-up",
    Signal.CONFIRM: "confirmation",
    Signal.REFUSAL: "refusal",
    Signal.RELEASE: "release",
    Signal.NOTICE: "drop notice",
}
SIGNALS = tuple(kind.name for kind in Signal)
"""Words of the kinds of messages, by number."""

_COLUMNS = {
    "session": "i4",
    "frame": "i4",
    "attempt": "i4",
    "arm": "i4",
    "link": "i4",
    "from_node": "i4",
    "to_node": "i4",
}
_DROPPED = [WORDS.index(fate) for fate in DROPS]
_Rows = dict[str, Column]


def signals_table(log: Log, network: Network, *, speed_km_per_us: float) -> Table:
    """One row per message and link.

    Parameters
    ----------
    log : Log
        What the engine wrote down.
    network : Network
        Its links.
    speed_km_per_us : float
        Of light in fibre. [km/us]

    Returns
    -------
    Table
        ``kind`` (a word of :data:`SIGNALS`), ``session``, ``frame`` (the first one that the session sends along this
        arm; for a notice the one that was dropped), ``attempt``, ``arm``, ``link`` (of the frame's direction, also
        where the message goes the other way), ``from_node``, ``to_node``, ``out_us``, ``in_us``; in time order.

    Notes
    -----
    A set-up message is read for T_P by each relay before it goes on, a confirmation or refusal on its way back too. A
    release frees a link as it passes: behind the last trailer, or along the other arm when one was refused. Notices
    travel back at the speed of light.
    """
    travel = travel_us(network.link_km, speed_km_per_us)
    parts = _circuit_parts(log, network, travel) if log.plan.can.sets_up else [_notices(log, network, travel)]
    table = {name: np.concatenate([part[name] for part in parts]) for name in ("kind", *_COLUMNS, "out_us", "in_us")}
    order = np.lexsort((table["frame"], table["attempt"], table["kind"], table["out_us"]))
    order = order[~is_after(table["out_us"][order], log.plan.until_us)]
    words = np.array(SIGNALS)
    return Table({name: words[column[order]] if name == "kind" else column[order] for name, column in table.items()})


def _message(log: Log, network: Network, rows: _Rows, kind: Signal, out_us: Array, travel: Array) -> _Rows:
    """Rows of one kind of message."""
    plan, link = log.plan, rows["link"]
    ends = (network.link_from[link], network.link_to[link])
    start, end = ends if kind.goes_ahead else ends[::-1]
    known = rows | {
        "session": rows["frame"] // plan.n_arms // plan.n_session_groups, "arm": rows["frame"] % plan.n_arms,
        "from_node": start, "to_node": end,
    }  # fmt: skip
    columns = {name: np.asarray(known[name]).astype(kind_of) for name, kind_of in _COLUMNS.items()}
    return columns | {"kind": np.full(link.size, kind, dtype=np.int8), "out_us": out_us, "in_us": out_us + travel[link]}


def _passed(group: Array, step_us: Array, *, backward: bool) -> Array:
    """Time that a message has taken before each link of its path, for links sorted by group and place on the path."""
    total = np.cumsum(step_us)
    first = np.flatnonzero(np.append(True, group[1:] != group[:-1])) if group.size else np.zeros(0, dtype=np.int64)
    sizes = np.diff(np.append(first, group.size))
    before = total - step_us
    if backward:
        ends = total[first + sizes - 1] if group.size else total
        return np.asarray(np.repeat(ends, sizes) - total)
    return np.asarray(before - np.repeat(before[first], sizes))


def _circuit_parts(log: Log, network: Network, travel: Array) -> list[_Rows]:
    plan, noted = log.plan, log.table("mark")
    reserved = noted["kind"] == EventKind.SETUP
    rows = {name: column[reserved] for name, column in noted.items()}
    order = np.lexsort((rows["attempt"], rows["frame"]))  # stable: the links of one path stay in their order
    rows = {name: column[order] for name, column in rows.items()}
    group = _key(rows)
    setup = _message(log, network, rows, Signal.SETUP, rows["time_us"], travel)
    last = np.append(group[1:] != group[:-1], True) if group.size else np.zeros(0, dtype=bool)
    end_us = dict(zip(group[last].tolist(), setup["in_us"][last].tolist(), strict=True))
    at_destination = setup["to_node"][last] == log.destinations(rows["frame"][last])
    confirmed = {key: end_us[key] for key in group[last][at_destination].tolist()}
    refused = _times(noted, EventKind.BLOCKED)
    back_us = _passed(group, travel[rows["link"]] + plan.processing_us, backward=True)
    there_us = _passed(group, travel[rows["link"]], backward=False)
    heard = _heard(group, rows["link"], back_us, travel, refused)
    released = _times(noted, EventKind.TEARDOWN) | _given_up(log, heard, set(group.tolist()))
    parts = [setup]
    for kind, starts, after_us in (
        (Signal.CONFIRM, confirmed, back_us),
        (Signal.REFUSAL, refused, back_us),
        (Signal.RELEASE, released, there_us),
    ):
        start_us = np.array([starts.get(key, np.nan) for key in group.tolist()])
        chosen = ~np.isnan(start_us)
        here = {name: column[chosen] for name, column in rows.items()}
        parts.append(_message(log, network, here, kind, (start_us + after_us)[chosen], travel))
    return parts


def _key(rows: _Rows) -> Array:
    """One number per arm's first frame and attempt."""
    return np.asarray(rows["frame"].astype(np.int64) * 128 + rows["attempt"])


def _times(noted: _Rows, kind: int) -> dict[int, float]:
    """When something was noted, by arm and attempt. [us]"""
    chosen = noted["kind"] == kind
    key = _key({name: noted[name][chosen] for name in ("frame", "attempt")})
    return dict(zip(key.tolist(), noted["time_us"][chosen].tolist(), strict=True))


def _heard(group: Array, link: Array, back_us: Array, travel: Array, refused: dict[int, float]) -> dict[int, float]:
    """When the source heard of each refusal. [us]"""
    heard = dict(refused)
    first = np.append(True, group[1:] != group[:-1]) if group.size else np.zeros(0, dtype=bool)
    path_us = dict(zip(group[first].tolist(), (back_us + travel[link])[first].tolist(), strict=True))
    return {key: at_us + path_us.get(key, 0.0) for key, at_us in heard.items()}


def _given_up(log: Log, heard: dict[int, float], paths: set[int]) -> dict[int, float]:
    """When the source gives up the arms of a session of which another was refused. [us]"""
    plan, released = log.plan, {}
    for key, at_us in sorted(heard.items(), key=lambda entry: entry[1]):
        frame, attempt = key >> 7, key & 127
        for arm in range(plan.n_arms):
            other = (frame - frame % plan.n_arms + arm) * 128 + attempt
            if other in paths and other not in released and not heard.get(other, np.inf) <= at_us:
                released[other] = at_us
    return released


def _notices(log: Log, network: Network, travel: Array) -> _Rows:
    plan, f, legs = log.plan, log.flights, log.legs
    told = np.isin(f["fate"], _DROPPED) & (f["attempt"] < plan.max_attempts)
    rows = np.flatnonzero(told[legs["flight"]])
    rows = rows[np.lexsort((legs["hop"][rows], legs["flight"][rows]))]
    flight, link = legs["flight"][rows], legs["link"][rows]
    out_us = f["end_us"][flight] + _passed(flight, travel[link], backward=True)
    about = {"frame": f["frame"][flight], "attempt": f["attempt"][flight], "link": link}
    return _message(log, network, about, Signal.NOTICE, out_us, travel)
