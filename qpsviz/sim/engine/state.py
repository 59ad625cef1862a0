"""What the engine knows (`Plan`) and what it changes (`State`): numbers and columns, no objects per event.

A run that *streams* keeps only the sessions that are not over: rows of flights, sessions, groups and frames are used
again once :mod:`qpsviz.sim.engine.window` has taken out what is over. Otherwise every row stays.

All columns lie end to end in two buffers, one of whole numbers and one of times, and a `State` says where each begins:
``s.floats[s.at.flight_guard_us + flight]``. Two arrays instead of fifty make the compiled engine compile in a third of
the time, and plain Python reads the same lines from two lists.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from qpsviz.scenario.discipline import Abilities
from qpsviz.units import Column

Row = int
"""Which row of a table; or which of the numbered words of a list."""

Place = int
"""Where in its buffer a column begins."""

HEAP, SEQUENCE, FLIGHT, LEG, MARK, DUE, BOOKING, LOOSE_BOOKING, FREE_FLIGHTS, BEGUN, OLDEST = range(11)
WAITING, LOOSE_WAITING, BUCKET = range(11, 14)
"""Positions of the counters at the beginning of ``State.ints``.

Rows in use of each growing table; the next sequence number; the first row of a booking and of a waiting event to be
used again (plus 1, 0 for none); the bucket of waiting events that was opened last; and of a run that streams: flights
free to be used, sessions that have begun, and the oldest session still kept.
"""

FLIGHT_STEP = 8
"""Places from one flight to the next: its numbers lie side by side, in one line of a cache.

A flight is called by its place, which is its row times the step.
"""

BUCKETS = 1024
"""Spans of time that events which wait are sorted by, a power of two."""

SETUP_RUNNING, SETUP_DONE, SETUP_FAILED = range(1, 4)
"""What a session's circuit has come to; 0 before it is asked for."""


class Plan(NamedTuple):
    """Everything fixed before the first event."""

    can: Abilities
    discards_late: bool
    after_frame: bool
    converts: bool
    immediate: bool
    delayed: bool
    records: bool
    streams: bool
    has_parallel: bool
    n_channels: int
    n_nodes: int
    n_arms: int
    n_groups: int
    n_sessions: int
    n_session_groups: int
    max_attempts: int
    max_hops: int
    key: int
    n_qubits: int
    memory_qubits: float
    spacing_us: float
    processing_us: float
    payload_us: float
    guard_us: float
    period_us: float
    cutoff_us: float
    turn_us: float
    p_free: float
    until_us: float
    look_us: float


class Places(NamedTuple):
    """Rows of the tables that grow, and where in its buffer each column begins.

    A *session* is a run of *groups*; a group is the frames that one source emits together (one, or one per
    arm); a *flight* is one attempt to send one frame; a *leg* is one flight over one link; a *mark* is
    something that is not part of a flight: a reservation, a notice, a retransmission; a *booking* is a time for which a
    port is taken, where there may be gaps between. Columns in us are in ``floats``, all others in ``ints``. The row of
    a session is its number under ``session_mask``, that of a flight's leg in a run that streams the flight's place
    times ``Plan.max_hops`` plus the hop.
    """

    n_heap_rows: int
    n_flight_rows: int
    n_leg_rows: int
    n_mark_rows: int
    n_booking_rows: int
    session_mask: int
    heap_us: Place
    heap_order: Place
    heap_code: Place
    due_us: Place
    due_order: Place
    due_code: Place
    instant_us: Place
    rate_per_us: Place
    bucket_first: Place
    waiting_us: Place
    waiting_order: Place
    waiting_code: Place
    waiting_next: Place
    flight_frame: Place
    flight_attempt: Place
    flight_node: Place
    flight_hop: Place
    flight_channel: Place
    flight_fate: Place
    flight_stored: Place
    flight_sent_us: Place
    flight_end_us: Place
    flight_first_guard_us: Place
    flight_guard_us: Place
    flight_lost_us: Place
    flight_payload_at_us: Place
    flight_dwell_us: Place
    flight_flown_us: Place
    flight_path: Place
    free_flight: Place
    leg_flight: Place
    leg_hop: Place
    leg_link: Place
    leg_dwell_us: Place
    leg_channel: Place
    leg_payload_out_us: Place
    leg_guard_us: Place
    leg_lost_us: Place
    mark_time_us: Place
    mark_kind: Place
    mark_frame: Place
    mark_attempt: Place
    mark_node: Place
    mark_link: Place
    booking_next: Place
    booking_from_us: Place
    booking_until_us: Place
    link_to: Place
    link_travel_us: Place
    link_beside: Place
    port_free_us: Place
    port_held_us: Place
    port_owner: Place
    port_booking: Place
    node_qubits: Place
    frame_flight: Place
    group_attempt: Place
    session_start_us: Place
    session_source: Place
    session_state: Place
    session_attempt: Place
    session_confirmed: Place
    session_end_us: Place
    session_open: Place
    arm_target: Place
    path_link: Place
    arm_node: Place
    arm_hop: Place
    arm_channel: Place
    arm_flown_us: Place


class State(NamedTuple):
    """Two buffers (arrays when compiled, else lists), and where in them what is.

    Compiled, ``at`` is a NumPy record of the same fields, as the plan is: it is handed on as one address, where a tuple
    would be copied field by field at every call.
    """

    ints: list[int]
    floats: list[float]
    at: Places


COLUMNS = Places._fields[Places._fields.index("heap_us") :]
_COUNTERS = 14
_STEPS = {"flight": FLIGHT_STEP}
_DETAIL = ("leg_payload_out_us", "leg_guard_us", "leg_lost_us")
_GROWING = {"heap": HEAP, "flight": FLIGHT, "leg": LEG, "mark": MARK, "booking": BOOKING}
_FIRST_ROWS = 64
_FIRST_HOPS = 16
_MIN_WINDOW = 64
_WINDOW_LEGS = 1 << 17
_EVENTS_IN_BUCKET = 8


def room(plan: Plan) -> dict[str, int]:
    """Rows that one event may add to each growing table at most."""
    legs = plan.n_arms * plan.max_hops if plan.can.sets_up else plan.n_arms
    marks = 2 * plan.n_arms + 2
    return {"heap": marks, "flight": plan.n_arms, "leg": legs, "mark": marks, "booking": plan.n_arms}


def new_state(plan: Plan, given: Mapping[str, Column], *, compiled: bool) -> State:
    """The state before the first event.

    Parameters
    ----------
    plan : Plan
        What will run.
    given : mapping of str to ndarray
        Columns known from the start: links and routes; and sessions and the arms' targets, of a run that keeps all.
    compiled : bool
        Arrays for buffers when true, else lists.
    """
    n_flights, n_sessions = _first_window(plan) if plan.streams else (plan.n_groups * plan.n_arms, plan.n_sessions)
    n_groups = n_sessions * plan.n_session_groups if plan.streams else plan.n_groups
    n_legs = 0 if plan.streams else n_flights * min(plan.max_hops, _FIRST_HOPS)
    rows = {
        "instant": 1, "rate": 1, "bucket": BUCKETS, "heap": _FIRST_ROWS, "flight": n_flights, "mark": 0,
        "leg": n_legs, "booking": 0,
        "link": given["link_to"].size, "port": given["link_to"].size * plan.n_channels,
        "node": plan.n_nodes, "frame": n_groups * plan.n_arms, "group": n_groups, "session": n_sessions,
        "arm": n_sessions * plan.n_arms, "path": n_sessions * plan.n_arms * (plan.max_hops + 1),
    }  # fmt: skip
    for table, margin in room(plan).items():
        rows[table] += margin
    counters = np.zeros(_COUNTERS, dtype=np.int64)
    old = {name: np.asarray(column) for name, column in given.items()}
    old["rate_per_us"] = np.array([_buckets_per_us(plan, given["session_start_us"])])
    old["frame_flight"] = np.full(rows["frame"], -1)
    old["port_owner"] = old["port_booking"] = np.full(rows["port"], -1)
    rows["free"] = 0
    if plan.streams:
        rows["leg"] = rows["flight"] * plan.max_hops
        _add_free_flights(old, counters, 0, rows["flight"])
    return _laid_out(plan, rows, counters, old, compiled=compiled)


def _buckets_per_us(plan: Plan, start_us: Column) -> float:
    """So many that a bucket holds a few events of these sessions; only speed depends on it."""
    span_us = float(start_us[-1] - start_us[0]) / start_us.size if start_us.size > 1 else plan.period_us
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
    more = np.arange(n_rows + n_more - 1, n_rows - 1, -1) * FLIGHT_STEP
    columns["free_flight"] = np.concatenate([free, more])
    columns["flight_frame"] = np.concatenate([columns.get("flight_frame", np.empty(0))[:n_rows], np.full(n_more, -1)])
    counters[FREE_FLIGHTS] += n_more
    counters[FLIGHT] = n_rows + n_more


def grown(s: State, plan: Plan, *, more_flights: bool = False) -> State:
    """The same state with more room in every table that one more event could fill, and for flights where asked for."""
    rows = {table: getattr(s.at, f"n_{table}_rows") for table in _GROWING}
    used, counters = columns_of(s), np.array(s.ints[:_COUNTERS], dtype=np.int64)
    for table, margin in room(plan).items():
        if table == "leg" and plan.streams:
            continue
        if _n_free(s, plan, table) < margin or (more_flights and table == "flight"):
            n_more = rows[table] + margin
            if table == "flight" and plan.streams:
                _add_free_flights(used, counters, rows[table], n_more)
                rows["leg"] += n_more * plan.max_hops
            rows[table] += n_more
    sizes = {_table(name): column.size for name, column in used.items() if _table(name) not in _GROWING}
    return _laid_out(plan, sizes | rows, counters, used, compiled=isinstance(s.ints, np.ndarray))


def _n_free(s: State, plan: Plan, table: str) -> int:
    if table == "flight" and plan.streams:
        return int(s.ints[FREE_FLIGHTS])
    n_rows = int(getattr(s.at, f"n_{table}_rows"))
    n_used = s.ints[HEAP] + s.ints[DUE] + s.ints[WAITING] if table == "heap" else s.ints[_GROWING[table]]
    return n_rows - int(n_used)


def widened(s: State, plan: Plan) -> State:
    """The same state of a run that streams, with room for twice as many sessions."""
    used, counters = columns_of(s), np.array(s.ints[:_COUNTERS], dtype=np.int64)
    n = s.at.session_mask + 1
    session = counters[OLDEST] + np.arange(n)
    sizes = {"session": 1, "arm": plan.n_arms, "group": plan.n_session_groups}
    sizes["path"] = plan.n_arms * (plan.max_hops + 1)
    sizes["frame"] = sizes["arm"] * sizes["group"]
    for name, column in used.items():
        if width := sizes.get(_table(name)):
            wide = np.zeros((2 * n, width))
            wide[session & (2 * n - 1)] = column.reshape(n, width)[session & (n - 1)]
            used[name] = wide.reshape(-1)
    # A flight's path lies where its session does.
    frame, width = used["flight_frame"], sizes["path"]
    row = (frame // sizes["frame"]) & (2 * n - 1)
    used["flight_path"] = row * width + (frame % plan.n_arms) * (plan.max_hops + 1)
    rows = {_table(name): column.size for name, column in used.items()}
    rows |= {table: getattr(s.at, f"n_{table}_rows") for table in _GROWING}
    return _laid_out(plan, rows, counters, used, compiled=isinstance(s.ints, np.ndarray))


def _table(column: str) -> str:
    return column.partition("_")[0]


def step_of(column: str) -> int:
    """Places from one row of a column to the next."""
    return _STEPS.get(_table(column), 1)


def _kind(column: str) -> str:
    return "floats" if column.endswith("_us") else "ints"


_TABLES = {table: [c for c in COLUMNS if _table(c) == table] for table in map(_table, COLUMNS)}


def _is_kept(plan: Plan, column: str) -> bool:
    """Whether a column is written: a leg's detail on demand, and its wavelength where there are several."""
    return plan.records or not (column in _DETAIL or (column == "leg_channel" and plan.n_channels == 1))


def _laid_out(
    plan: Plan, rows: dict[str, int], counters: Column, old: Mapping[str, Column], *, compiled: bool
) -> State:
    """Lay all columns out, those of a table end to end or side by side, and copy what is known of them."""
    rows["due"] = rows["waiting"] = rows["heap"]
    rows["free"] = rows["flight"] if plan.streams else 0
    ends = {"ints": -(-_COUNTERS // FLIGHT_STEP) * FLIGHT_STEP, "floats": 0}
    starts: dict[str, int] = {}
    for table, names in _TABLES.items():
        step = _STEPS.get(table, 1)
        for kind in ends:
            for i, name in enumerate(n for n in names if _kind(n) == kind):
                starts[name] = ends[kind] + (i if step > 1 else i * rows[table])
            ends[kind] += rows[table] * (step if step > 1 else sum(_kind(n) == kind for n in names))
    ints, floats = np.zeros(ends["ints"], dtype=np.int64), np.zeros(ends["floats"])
    ints[:_COUNTERS] = counters
    for name, column in old.items():
        buffer, step = floats if _kind(name) == "floats" else ints, step_of(name)
        buffer[starts[name] : starts[name] + column.size * step : step] = column
    mask = rows["session"] - 1 if plan.streams else -1
    at = Places._make([*(rows[table] for table in _GROWING), mask, *(starts[name] for name in COLUMNS)])
    if compiled:
        return State(ints, floats, record_of(at))  # type: ignore[arg-type]
    return State(ints.tolist(), floats.tolist(), at)


def record_of(known: Any) -> Any:
    """A named tuple of numbers, truths and such tuples as a NumPy record, whose fields have the same names."""

    def kind(value: object) -> Any:
        if isinstance(value, tuple):
            return [(name, kind(part)) for name, part in zip(value._fields, value, strict=True)]  # type: ignore[attr-defined]
        return np.bool_ if isinstance(value, bool) else np.int64 if isinstance(value, int | np.integer) else np.float64

    return np.array([known], dtype=np.dtype((np.record, kind(known))))[0]


def columns_of(s: State) -> dict[str, Column]:
    """Every column with all its rows; of a compiled run, as views of the buffers."""
    buffers = {"ints": np.asarray(s.ints, dtype=np.int64), "floats": np.asarray(s.floats, dtype=np.float64)}
    starts = {kind: sorted([getattr(s.at, n) for n in COLUMNS if _kind(n) == kind]) for kind in buffers}
    columns = {}
    for name in COLUMNS:
        kind, table, start = _kind(name), _table(name), getattr(s.at, name)
        if table in _STEPS:
            step = _STEPS[table]
            columns[name] = buffers[kind][start : start + getattr(s.at, f"n_{table}_rows") * step : step]
        else:
            after = bisect_right(starts[kind], start)
            end = starts[kind][after] if after < len(starts[kind]) else buffers[kind].size
            columns[name] = buffers[kind][start:end]
    return columns


def tables(plan: Plan, s: State) -> dict[str, Column]:
    """Every column that was written, by name, as an array of the rows in use; flights are called by their rows."""
    used = {}
    for name, column in columns_of(s).items():
        counter = _GROWING.get(_table(name))
        n = column.size if counter is None else s.ints[counter]
        n = n if _is_kept(plan, name) else 0
        used[name] = column[:n].copy() if _kind(name) == "floats" else column[:n].astype(np.int32)
    for name in ("frame_flight", "leg_flight"):
        used[name] //= FLIGHT_STEP  # -1 stays -1
    return used


def port_held_us(s: State) -> Column:
    """How long each port was taken, link after link. [us]"""
    return columns_of(s)["port_held_us"].copy()
