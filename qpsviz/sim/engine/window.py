"""A run that streams: sessions come in when there is room for them, and go out, as a log, when they are over.

Nothing here changes what happens, only what is kept: a run that streams and one that keeps all have the same events.
"""

from __future__ import annotations

import numpy as np

from qpsviz.sim.engine.columns import columns_of, put
from qpsviz.sim.engine.plan import Job
from qpsviz.sim.engine.state import BEGUN, FREE_FLIGHTS, OLDEST, Buffers, Plan, State
from qpsviz.units import Column


class Part:
    """Sessions that went out together: the columns that :class:`qpsviz.sim.results.tables.Log` reads.

    Attributes
    ----------
    plan : Plan
        That of the run, for these sessions alone.
    columns : dict of ndarray
        As :func:`qpsviz.sim.engine.columns.tables` gives them; sessions, groups and frames are counted from 0.
    n_before : int
        Sessions of the run before the first of these.
    """

    def __init__(self, plan: Plan, columns: dict[str, Column], n_before: int) -> None:
        self.plan = plan
        self.columns = columns
        self.n_before = n_before


def fill(job: Job, s: State | Buffers) -> None:
    """Take as many sessions in as there is room for, in the rows of those that are over."""
    plan, first = job.plan, job.sessions.n_taken
    n = int(min(s.counts[OLDEST] + s.at.n_session_mask + 1, plan.n_sessions) - first)
    if n <= 0:
        return
    row = (first + np.arange(n)) & s.at.n_session_mask
    columns = job.columns_of(job.sessions.take(n))
    # Open until they begin.
    columns |= {"session_state": np.array(0), "session_open": np.array(1), "frame_flight": np.array(-1)}
    for name, values in columns.items():
        width = _width(plan, name)
        put(s, name, (row[:, None] * width + np.arange(width)).ravel(), values)


def _width(plan: Plan, column: str) -> int:
    """Rows of a column that belong to one session."""
    n_frames = plan.n_session_groups * plan.n_arms
    n_links = plan.n_arms * (plan.max_hops + 1)
    return {"session": 1, "arm": plan.n_arms, "frame": n_frames, "path": n_links}[column.partition("_")[0]]


def take_out(plan: Plan, s: State | Buffers, *, at_end: bool = False) -> Part | None:
    """Take out every session up to the first that is not over; at the end, every one that has begun.

    Returns
    -------
    Part or None
        None where there is none.
    """
    columns = columns_of(s)
    oldest, begun = int(s.counts[OLDEST]), int(s.counts[BEGUN])
    row = (oldest + np.arange(begun - oldest)) & s.at.n_session_mask
    n = row.size
    if not at_end:
        still_open = np.flatnonzero(columns["session_open"][row] > 0)
        n = int(still_open[0]) if still_open.size else n
    if n == 0:
        return None
    part = _part(plan, columns, oldest, row[:n])
    _free(s, columns, part.columns.pop("row"))
    s.counts[OLDEST] = oldest + n
    return part


def _free(s: State | Buffers, columns: dict[str, Column], row: Column) -> None:
    """Lay flights on the stack of free ones, that of the lowest row on top."""
    n_free = int(s.counts[FREE_FLIGHTS])
    put(s, "free_flight", n_free + np.arange(row.size), row[::-1])
    put(s, "flight_frame", row, np.array(-1))
    s.counts[FREE_FLIGHTS] = n_free + row.size


def _part(plan: Plan, columns: dict[str, Column], oldest: int, row: Column) -> Part:
    """The columns of sessions in a row, and the rows of their flights."""
    first, n = oldest * plan.n_session_groups, row.size * plan.n_session_groups
    n_groups = min(n, plan.n_groups - first)
    part_plan = plan._replace(n_sessions=row.size, n_groups=n_groups)
    found: dict[str, Column] = {}
    for name in columns:
        if name.startswith(("session_", "arm_", "frame_")):
            width = _width(plan, name)
            found[name] = columns[name][(row[:, None] * width + np.arange(width)).ravel()]
    frame = columns["flight_frame"]
    flights = np.flatnonzero((frame >= 0) & (frame < (first + n) * plan.n_arms))
    # In the order in which they left, which rows that were used before do not have; else with the most legs first, so
    # that those that go on are the first ones at every hop.
    order = columns["flight_attempt"] if plan.max_attempts > 1 else -columns["flight_hop"]
    flights = flights[np.argsort(order[flights].astype(np.int16), kind="stable")]
    found |= {name: columns[name][flights] for name in columns if name.startswith("flight_")}
    if plan.deflects:
        found["detour_n"] = columns["detour_n"][flights]
    found["flight_frame"] = found["flight_frame"] - first * plan.n_arms
    # Numbers of flights change: those of the rows become those of the part.
    new = np.full(frame.size, -1)
    new[flights] = np.arange(flights.size)
    last = found["frame_flight"][: n_groups * plan.n_arms]
    found["frame_flight"] = np.where(last >= 0, new[last], -1)
    found |= _legs(plan, columns, flights, found)
    return Part(part_plan, {"row": np.sort(flights), **_narrow(found)}, oldest)


def _legs(plan: Plan, columns: dict[str, Column], flights: Column, found: dict[str, Column]) -> dict[str, Column]:
    """The legs of some flights, hop by hop."""
    n_hops = found["flight_hop"]
    hop = np.arange(int(n_hops.max(initial=0)))
    which, flight = np.nonzero(hop[:, None] < n_hops[None, :])
    place = flights[flight] * plan.max_hops + which
    legs = {"leg_flight": flight, "leg_hop": which, "leg_dwell_us": columns["leg_dwell_us"][place]}
    if plan.has_parallel or plan.deflects:
        legs["leg_link"] = columns["leg_link"][place]
    else:
        legs["leg_link"] = columns["path_link"][found["flight_path"][flight] + which]
    legs["leg_channel"] = columns["leg_channel"][place] if plan.n_channels > 1 else np.empty(0)
    return legs


def _narrow(columns: dict[str, Column]) -> dict[str, Column]:
    return {name: c if name.endswith("_us") else c.astype(np.int32) for name, c in columns.items()}
