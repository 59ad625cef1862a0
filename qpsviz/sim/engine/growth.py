"""The state before the first event, how much may happen before a table is full, and how tables grow."""

from __future__ import annotations

import sys
from collections.abc import Mapping

import numpy as np

from qpsviz.sim.engine.columns import GROWING, columns_of, laid_out, table_of
from qpsviz.sim.engine.state import (
    BUCKETS,
    DUE,
    FLIGHT,
    FREE_FLIGHTS,
    HEAP,
    N_COUNTERS,
    OLDEST,
    WAITING,
    Buffers,
    Plan,
    State,
)
from qpsviz.units import Column

LEAST_EVENTS = 256
"""Events for which there is room at least whenever the engine goes on, so that it seldom has to stop."""

_FIRST_HOPS = 16
_FIRST_EVENTS = 1 << 13
_MIN_WINDOW = 64
_WINDOW_LEGS = 1 << 17
_EVENTS_IN_BUCKET = 8


def room(plan: Plan) -> dict[str, int]:
    """Rows that one event may add to each growing table at most; of a run that streams, legs lie where flights do."""
    legs = plan.n_arms * plan.max_hops if plan.can.sets_up else plan.n_arms
    marks = 2 * plan.n_arms + 2
    return {
        "heap": marks,
        "flight": 0 if plan.streams else plan.n_arms,
        "leg": 0 if plan.streams else legs,
        "mark": marks if plan.records else 0,
        "booking": plan.n_arms if plan.delayed else 0,
    }


def n_possible(s: State | Buffers, margins: Mapping[str, int]) -> int:
    """Events that can be worked off before a table could be full, as :func:`room` has them."""
    possible = sys.maxsize
    for table, margin in margins.items():
        if margin:
            possible = min(possible, _n_free(s, table) // margin)
    return possible


def _n_free(s: State | Buffers, table: str) -> int:
    if table != "heap":
        return int(getattr(s.at, f"n_{table}_rows") - s.counts[GROWING[table]])
    if isinstance(s, State):
        return sys.maxsize  # a list that grows by itself
    return int(s.at.n_heap_rows - s.counts[HEAP] - s.counts[DUE] - s.counts[WAITING])


def new_state(plan: Plan, given: Mapping[str, Column], *, compiled: bool) -> State | Buffers:
    """The state before the first event.

    Parameters
    ----------
    plan : Plan
        What will run.
    given : mapping of str to ndarray
        Columns known from the start: links and routes; of a run that keeps all, sessions and the arms' destinations.
    compiled : bool
        Arrays for buffers when true, else lists.
    """
    n_flights, n_sessions = _first_window(plan) if plan.streams else (plan.n_groups * plan.n_arms, plan.n_sessions)
    n_groups = n_sessions * plan.n_session_groups if plan.streams else plan.n_groups
    n_legs = 0 if plan.streams else n_flights * min(plan.max_hops, _FIRST_HOPS)
    rows = {
        "instant": 1, "rate": 1, "bucket": BUCKETS, "heap": 0, "flight": n_flights, "mark": 0,
        "leg": n_legs, "booking": 0,
        "link": given["link_to"].size, "port": given["link_to"].size * plan.n_channels,
        "node": plan.n_nodes, "out": given["out_link"].size, "route": given["route_link"].size,
        "frame": n_groups * plan.n_arms, "group": n_groups, "session": n_sessions,
        "arm": n_sessions * plan.n_arms, "path": n_sessions * plan.n_arms * (plan.max_hops + 1),
    }  # fmt: skip
    for table, margin in room(plan).items():
        rows[table] += margin * (_FIRST_EVENTS if table == "heap" else LEAST_EVENTS)
    counters = np.zeros(N_COUNTERS, dtype=np.int64)
    old = {name: np.asarray(column) for name, column in given.items()}
    old["rate_per_us"] = np.array([_buckets_per_us(plan, given["session_start_us"])])
    old["frame_flight"] = np.full(rows["frame"], -1)
    old["port_owner"] = old["port_booking"] = np.full(rows["port"], -1)
    rows["free"] = 0
    if plan.streams:
        rows["leg"] = rows["flight"] * plan.max_hops
        _add_free_flights(old, counters, 0, rows["flight"])
    return laid_out(plan, rows, counters, old, compiled=compiled)


def _buckets_per_us(plan: Plan, start_us: Column) -> float:
    """So many that a bucket holds a few events of these sessions; only speed depends on it."""
    apart_us = float(start_us[-1] - start_us[0]) / max(start_us.size - 1, 1)
    span_us = apart_us if start_us.size > 1 else plan.n_session_groups * plan.period_us
    n_events = plan.n_session_groups * plan.n_arms * (plan.max_hops + 1)
    return min(max(n_events / max(span_us, plan.spacing_us, 1e-3) / _EVENTS_IN_BUCKET, 1e-6), 1e3)


def _first_window(plan: Plan) -> tuple[int, int]:
    """Flights and sessions (a power of two) to keep at first: as many as a processor's cache holds."""
    n_frames = plan.n_session_groups * plan.n_arms
    n_flights = max(_MIN_WINDOW, min(_WINDOW_LEGS // plan.max_hops, plan.n_groups * plan.n_arms))
    n_sessions = min(n_flights // n_frames, plan.n_sessions)
    return n_flights, max(_MIN_WINDOW, 1 << n_sessions.bit_length())


def _add_free_flights(columns: dict[str, Column], counters: Column, n_rows: int, n_more: int) -> None:
    """Lay the rows after the first ``n_rows`` on the stack of free flights; the lowest is used first."""
    free = columns.get("free_flight", np.empty(0))[: counters[FREE_FLIGHTS]]
    more = np.arange(n_rows + n_more - 1, n_rows - 1, -1)
    columns["free_flight"] = np.concatenate([free, more])
    columns["flight_frame"] = np.concatenate([columns.get("flight_frame", np.empty(0))[:n_rows], np.full(n_more, -1)])
    counters[FREE_FLIGHTS] += n_more
    counters[FLIGHT] = n_rows + n_more


def grown(s: State | Buffers, plan: Plan, *, more_flights: bool = False) -> State | Buffers:
    """The same state with more room in every table that could soon be full, and for flights where asked for."""
    rows = {table: getattr(s.at, f"n_{table}_rows") for table in GROWING}
    used, counters = columns_of(s), np.array(s.counts[:N_COUNTERS], dtype=np.int64)
    for table, margin in room(plan).items():
        if margin and _n_free(s, table) < margin * LEAST_EVENTS:
            rows[table] += rows[table] + margin * LEAST_EVENTS
    if more_flights:
        n_more = rows["flight"] + plan.n_arms
        _add_free_flights(used, counters, rows["flight"], n_more)
        rows["flight"] += n_more
        rows["leg"] += n_more * plan.max_hops
    sizes = {table_of(name): column.size for name, column in used.items() if table_of(name) not in GROWING}
    return _like(s, plan, sizes | rows, counters, used)


def _like(
    s: State | Buffers, plan: Plan, rows: dict[str, int], counters: Column, columns: dict[str, Column]
) -> State | Buffers:
    """A state of the same kind with other columns, and what has yet to come."""
    made = laid_out(plan, rows, counters, columns, compiled=isinstance(s, Buffers))
    if isinstance(s, State) and isinstance(made, State):
        made.queue, made.due = s.queue, s.due
    return made


def widened(s: State | Buffers, plan: Plan) -> State | Buffers:
    """The same state of a run that streams, with room for twice as many sessions."""
    used, counters = columns_of(s), np.array(s.counts[:N_COUNTERS], dtype=np.int64)
    n = s.at.n_session_mask + 1
    session = counters[OLDEST] + np.arange(n)
    sizes = {"session": 1, "arm": plan.n_arms, "group": plan.n_session_groups}
    sizes["path"] = plan.n_arms * (plan.max_hops + 1)
    sizes["frame"] = sizes["arm"] * sizes["group"]
    for name, column in used.items():
        if width := sizes.get(table_of(name)):
            wide = np.zeros((2 * n, width))
            wide[session & (2 * n - 1)] = column.reshape(n, width)[session & (n - 1)]
            used[name] = wide.reshape(-1)
    # A flight's path lies where its session does.
    frame, width = used["flight_frame"], sizes["path"]
    row = (frame // sizes["frame"]) & (2 * n - 1)
    used["flight_path"] = row * width + (frame % plan.n_arms) * (plan.max_hops + 1)
    rows = {table_of(name): column.size for name, column in used.items()}
    rows |= {table: getattr(s.at, f"n_{table}_rows") for table in GROWING}
    return _like(s, plan, rows, counters, used)
