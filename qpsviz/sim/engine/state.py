"""What the engine knows (`Plan`) and what it changes (`State`): numbers and columns, no objects per event.

All columns lie end to end in two buffers, one of whole numbers and one of times, and a `State` says where each begins:
``s.floats[s.flight_guard_us + flight]``. Two arrays instead of fifty make the compiled engine compile in a third of
the time, and plain Python reads the same lines from two lists.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import numpy as np

from qpsviz.scenario.discipline import Abilities
from qpsviz.units import Column

Row = int
"""Which row of a table; or which of the numbered words of a list."""

Place = int
"""Where in its buffer a column begins."""

HEAP, SEQUENCE, FLIGHT, LEG, MARK, DUE = range(6)
"""Positions of the counters at the beginning of ``State.ints``: rows in use, and the next sequence number."""

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


class State(NamedTuple):
    """Two buffers (arrays when compiled, else lists), and where in them each column begins.

    A *session* is a run of *groups*; a group is the frames that one source emits together (one, or one per
    arm); a *flight* is one attempt to send one frame; a *leg* is one flight over one link; a *mark* is
    something that is not part of a flight: a reservation, a notice, a retransmission. Columns in us are in
    ``floats``, all others in ``ints``.
    """

    ints: list[int]
    floats: list[float]
    n_heap_rows: int
    n_flight_rows: int
    n_leg_rows: int
    n_mark_rows: int
    heap_us: Place
    heap_order: Place
    heap_code: Place
    due_us: Place
    due_order: Place
    due_code: Place
    instant_us: Place
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
    leg_flight: Place
    leg_hop: Place
    leg_link: Place
    leg_dwell_us: Place
    leg_channel: Place
    leg_payload_out_us: Place
    leg_guard_us: Place
    leg_lost_us: Place
    leg_booking: Place
    leg_held_from_us: Place
    leg_held_until_us: Place
    mark_time_us: Place
    mark_kind: Place
    mark_frame: Place
    mark_attempt: Place
    mark_node: Place
    mark_link: Place
    link_to: Place
    link_travel_us: Place
    link_beside: Place
    route_link: Place
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
    arm_target: Place
    arm_node: Place
    arm_hop: Place
    arm_channel: Place
    arm_flown_us: Place


COLUMNS = State._fields[6:]
_COUNTERS = 6
_BOOKING = ("leg_booking", "leg_held_from_us", "leg_held_until_us")
_DETAIL = ("leg_payload_out_us", "leg_guard_us", "leg_lost_us")
_GROWING = {"heap": HEAP, "flight": FLIGHT, "leg": LEG, "mark": MARK}
_FIRST_ROWS = 64
_FIRST_HOPS = 16


def room(plan: Plan) -> dict[str, int]:
    """Rows that one event may add to each growing table at most."""
    legs = plan.n_arms * plan.max_hops if plan.can.sets_up else plan.n_arms
    return {"heap": 2 * plan.n_arms + 2, "flight": plan.n_arms, "leg": legs, "mark": 2 * plan.n_arms + 2}


def new_state(plan: Plan, given: Mapping[str, Column], *, compiled: bool) -> State:
    """The state before the first event.

    Parameters
    ----------
    plan : Plan
        What will run.
    given : mapping of str to ndarray
        Columns known from the start: links, routes, sessions and the arms' targets.
    compiled : bool
        Arrays for buffers when true, else lists.
    """
    n_frames = plan.n_groups * plan.n_arms
    rows = {
        "instant": 1, "heap": _FIRST_ROWS, "flight": n_frames, "mark": _FIRST_ROWS,
        "leg": n_frames * min(plan.max_hops, _FIRST_HOPS),
        "link": given["link_to"].size, "route": plan.n_nodes**2, "port": given["link_to"].size * plan.n_channels,
        "node": plan.n_nodes, "frame": n_frames, "group": plan.n_groups, "session": plan.n_sessions,
        "arm": plan.n_sessions * plan.n_arms,
    }  # fmt: skip
    for table, margin in room(plan).items():
        rows[table] += margin
    rows["due"] = rows["heap"]
    old = {name: np.asarray(column) for name, column in given.items()}
    old["frame_flight"] = np.full(n_frames, -1)
    old["port_owner"] = old["port_booking"] = np.full(rows["port"], -1)
    return _laid_out(plan, rows, np.zeros(_COUNTERS, dtype=np.int64), old, compiled=compiled)


def grown(s: State, plan: Plan) -> State:
    """The same state with more room in every table that one more event could fill."""
    rows = {table: getattr(s, f"n_{table}_rows") for table in _GROWING}
    for table, margin in room(plan).items():
        used_rows = s.ints[HEAP] + s.ints[DUE] if table == "heap" else s.ints[_GROWING[table]]
        if rows[table] - used_rows < margin:
            rows[table] = 2 * rows[table] + margin
    rows["due"] = rows["heap"]
    used = dict(zip(COLUMNS, _columns(s), strict=True))
    sizes = {_table(name): column.size for name, column in used.items() if _table(name) not in _GROWING}
    counters = np.array(s.ints[:_COUNTERS], dtype=np.int64)
    return _laid_out(plan, sizes | rows, counters, used, compiled=isinstance(s.ints, np.ndarray))


def _table(column: str) -> str:
    return column.partition("_")[0]


def _is_kept(plan: Plan, column: str) -> bool:
    """Whether a column is written: a leg's detail on demand, its wavelength and its booking where there are several."""
    if column in _BOOKING:
        return plan.delayed
    return plan.records or not (column in _DETAIL or (column == "leg_channel" and plan.n_channels == 1))


def _laid_out(
    plan: Plan, rows: Mapping[str, int], counters: Column, old: Mapping[str, Column], *, compiled: bool
) -> State:
    """Lay all columns end to end and copy what is known of them."""
    ends = {"ints": _COUNTERS, "floats": 0}
    starts = {}
    for name in COLUMNS:
        kind = "floats" if name.endswith("_us") else "ints"
        starts[name] = ends[kind]
        ends[kind] += rows[_table(name)] if _is_kept(plan, name) else 0
    ints, floats = np.zeros(ends["ints"], dtype=np.int64), np.zeros(ends["floats"])
    ints[:_COUNTERS] = counters
    for name, column in old.items():
        buffer: Column = floats if name.endswith("_us") else ints
        buffer[starts[name] : starts[name] + column.size] = column
    both: Iterable[object] = (ints, floats) if compiled else (ints.tolist(), floats.tolist())
    return State._make([*both, *(rows[table] for table in _GROWING), *starts.values()])


def _columns(s: State) -> list[Column]:
    """Every column as an array of its own, with all its room."""
    buffers = {"ints": np.asarray(s.ints, dtype=np.int64), "floats": np.asarray(s.floats, dtype=np.float64)}
    columns: list[Column] = [np.empty(0)] * len(COLUMNS)
    for kind, buffer in buffers.items():
        places = [i for i, name in enumerate(COLUMNS) if name.endswith("_us") == (kind == "floats")]
        edges = [getattr(s, COLUMNS[i]) for i in places] + [buffer.size]
        for i, start, end in zip(places, edges, edges[1:], strict=False):
            columns[i] = buffer[start:end]
    return columns


def tables(s: State) -> dict[str, Column]:
    """Every column by name, as an array of the rows in use."""
    used = {}
    for name, column in zip(COLUMNS, _columns(s), strict=True):
        counter = _GROWING.get(_table(name))
        n = column.size if counter is None else s.ints[counter]
        used[name] = column[:n] if name.endswith("_us") else column[:n].astype(np.int32)
    return used
