"""What the engine knows (`Plan`) and what it changes (`State`): columns and numbers, no objects per event."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

Column = Any
"""An ndarray when the engine is compiled, a list when it runs as plain Python."""

HEAP, SEQUENCE, FLIGHT, LEG, MARK = range(5)
"""Positions in ``State.count``."""

BURST, STORE, CIRCUIT = range(3)
"""Disciplines as the engine stores them."""


class Plan(NamedTuple):
    """Everything fixed before the first event; times in us, lengths as travel times."""

    discipline: int
    discards_late: bool
    after_frame: bool
    converts: bool
    records: bool
    n_channels: int
    n_nodes: int
    n_arms: int
    n_groups: int
    n_sessions: int
    groups_per_session: int
    max_attempts: int
    max_hops: int
    key: int
    processing_us: float
    payload_us: float
    guard_us: float
    period_us: float
    cutoff_us: float
    frames_in_memory: float
    p_free: float
    until_us: float
    link_to: Column
    link_travel_us: Column
    next_link: Column
    session_us: Column
    session_source: Column
    session_target: Column


class State(NamedTuple):
    """Everything that events change.

    A *session* is a run of *groups*; a group is the frames that one source emits together (one, or one per
    arm); a *flight* is one attempt to send one frame; a *leg* is one flight over one link; a *mark* is
    something that is not part of a flight: a reservation, a notice, a retransmission.
    """

    count: Column
    heap_time: Column
    heap_order: Column
    heap_code: Column
    flight_frame: Column
    flight_attempt: Column
    flight_node: Column
    flight_hop: Column
    flight_channel: Column
    flight_fate: Column
    flight_sent_us: Column
    flight_end_us: Column
    flight_first_guard_us: Column
    flight_guard_us: Column
    flight_lost_us: Column
    flight_payload_at_us: Column
    flight_dwell_us: Column
    flight_flown_us: Column
    leg_flight: Column
    leg_hop: Column
    leg_link: Column
    leg_channel: Column
    leg_dwell_us: Column
    leg_payload_out_us: Column
    leg_guard_us: Column
    leg_lost_us: Column
    mark_time_us: Column
    mark_kind: Column
    mark_frame: Column
    mark_attempt: Column
    mark_node: Column
    mark_link: Column
    port_free_us: Column
    node_frames: Column
    group_attempt: Column
    frame_flight: Column
    session_state: Column
    session_attempt: Column
    session_confirmed: Column
    session_end_us: Column
    arm_node: Column
    arm_hop: Column
    arm_channel: Column
    arm_flown_us: Column
    port_owner: Column


SETUP_ABSENT, SETUP_RUNNING, SETUP_DONE, SETUP_FAILED = range(4)
"""What a session's circuit has come to."""

_WHOLE = frozenset({
    "count", "heap_order", "heap_code", "flight_frame", "flight_attempt", "flight_node", "flight_hop",
    "flight_channel", "flight_fate", "leg_flight", "leg_hop", "leg_link", "leg_channel", "mark_kind", "mark_frame",
    "mark_attempt", "mark_node", "mark_link", "node_frames", "group_attempt", "frame_flight",
    "session_confirmed", "session_state", "session_attempt", "arm_node", "arm_hop", "arm_channel", "port_owner",
})  # fmt: skip
_WIDE = frozenset({"count", "heap_order", "heap_code"})
_DETAIL = frozenset({"leg_channel", "leg_payload_out_us", "leg_guard_us", "leg_lost_us"})
_GROWS = {"heap": HEAP, "flight": FLIGHT, "leg": LEG, "mark": MARK}


def room(plan: Plan) -> dict[str, int]:
    """Rows that one event may add to each growing table at most."""
    legs = plan.n_arms * plan.max_hops if plan.discipline == CIRCUIT else plan.n_arms
    return {"heap": 2 * plan.n_arms + 2, "flight": plan.n_arms, "leg": legs, "mark": 2 * plan.n_arms + 2}


def new_state(plan: Plan, *, n_links: int, compiled: bool) -> State:
    """Empty columns for a run of ``plan``: arrays when compiled, else lists."""
    n_frames, margins = plan.n_groups * plan.n_arms, room(plan)
    sizes = {
        "count": 5, "heap": 64, "flight": n_frames, "leg": 4 * n_frames, "mark": 64,
        "port": n_links * plan.n_channels, "node": plan.n_nodes, "group": plan.n_groups, "frame": n_frames,
        "session": plan.n_sessions, "arm": plan.n_sessions * plan.n_arms,
    }  # fmt: skip
    columns = {}
    for name in State._fields:
        kind = name.partition("_")[0]
        rows = sizes[kind] + margins.get(kind, 0)
        if name in _DETAIL and not plan.records:
            rows = 0
        columns[name] = _blank(name, rows, compiled)
    return State(**columns)


def _blank(name: str, rows: int, compiled: bool) -> Column:
    fill = -1 if name in ("port_owner", "frame_flight") else 0
    if not compiled:
        return [fill if name in _WHOLE else 0.0] * rows
    if name not in _WHOLE:
        return np.zeros(rows)
    return np.full(rows, fill, dtype=np.int64 if name in _WIDE else np.int32)


def grown(s: State, plan: Plan) -> State:
    """The same state with more room in every table that one more event could fill."""
    margins, bigger = room(plan), {}
    for name in s._fields:
        kind, column = name.partition("_")[0], getattr(s, name)
        if kind not in margins or not len(column):
            continue
        if len(column) - s.count[_GROWS[kind]] < margins[kind]:
            extra = _blank(name, len(column) + margins[kind], isinstance(column, np.ndarray))
            bigger[name] = (
                np.concatenate([column, extra]) if isinstance(column, np.ndarray) else column + extra
            )
    return s._replace(**bigger)


def filled(s: State, kind: str) -> dict[str, Any]:
    """The used rows of one growing table as arrays, by column name without the table's own."""
    n = s.count[_GROWS[kind]]
    return {
        name[len(kind) + 1 :]: _array(name, getattr(s, name)[:n])
        for name in s._fields
        if name.startswith(kind + "_") and len(getattr(s, name))
    }


def _array(name: str, column: Column) -> Any:
    dtype = np.float64 if name not in _WHOLE else np.int64 if name in _WIDE else np.int32
    return np.array(column, dtype=dtype)
