"""What the engine knows (`Plan`) and what it changes (`State`): numbers and columns, no objects per event.

A run that *streams* keeps only the sessions that are not over: rows of flights, sessions, groups and frames are used
again once :mod:`qpsviz.sim.engine.window` has taken out what is over. Otherwise every row stays.

The engine's functions read and write ``s.flight_guard_us[flight]``. Plain Python finds a list there. Compiled, all
columns lie in two arrays (`Buffers`), because numba compiles two arrays in a third of the time that it needs for
seventy: :mod:`qpsviz.sim.engine.compiled` says so in the functions before it compiles them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from qpsviz.scenario.discipline import Abilities
from qpsviz.units import Column

Row = int
"""Which row of a table; or which of the numbered words of a list."""

HEAP, SEQUENCE, FLIGHT, LEG, MARK, DUE, BOOKING, FREE_BOOKING, FREE_FLIGHTS, BEGUN, OLDEST = range(11)
WAITING, FREE_WAITING, BUCKET = range(11, 14)
N_COUNTERS = 14
"""Positions in ``State.counts``.

Rows in use of each growing table; the next sequence number; the first row of a booking and of a waiting event to be
used again (plus 1, 0 for none); the bucket of waiting events that was opened last; and of a run that streams: flights
free to be used, sessions that have begun, and the oldest session still kept.
"""

FLIGHT_STEP, WAITING_STEP = 8, 4
"""Places from one flight, and one waiting event, to the next in `Buffers`: its numbers lie in one line of a cache."""

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
    deflects: bool
    n_channels: int
    n_nodes: int
    n_arms: int
    n_groups: int
    n_sessions: int
    n_session_groups: int
    max_attempts: int
    max_hops: int
    max_deflections: int
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
    wait_rate: float
    wait_share: float
    until_us: float
    look_us: float


class Sizes(NamedTuple):
    """Rows of the tables that grow; the row of a session is its number under ``n_session_mask``."""

    n_heap_rows: int
    n_flight_rows: int
    n_leg_rows: int
    n_mark_rows: int
    n_booking_rows: int
    n_session_mask: int


@dataclass(slots=True)
class State:
    """Everything that changes, as lists.

    A *session* is a run of *groups*; a group is the frames that one source emits together (one, or one per
    arm); a *flight* is one attempt to send one frame; a *leg* is one flight over one link; a *mark* is
    something that is not part of a flight: a reservation, a notice, a retransmission; a *booking* is a time for which a
    port is taken, where there may be gaps between. The row of a flight's leg in a run that streams is the flight times
    ``Plan.max_hops`` plus the hop. A flight that deflection may lead away from its path has a *detour*, and finds its
    links by node and destination in ``route_link``. Events that have yet to come lie in ``queue``, those of one instant
    in ``due``: see :mod:`qpsviz.sim.engine.event_queue`; compiled, in tables of :mod:`qpsviz.sim.engine.bucket_queue`.
    """

    counts: list[int]
    at: Sizes
    queue: list[tuple[float, int, int]]
    due: list[tuple[int, int, int, float]]
    heap_us: list[float]
    heap_order: list[int]
    heap_code: list[int]
    due_us: list[float]
    due_order: list[int]
    due_code: list[int]
    instant_us: list[float]
    rate_per_us: list[float]
    bucket_first: list[int]
    waiting_us: list[float]
    waiting_order: list[int]
    waiting_code: list[int]
    waiting_next: list[int]
    flight_frame: list[int]
    flight_attempt: list[int]
    flight_node: list[int]
    flight_hop: list[int]
    flight_channel: list[int]
    flight_fate: list[int]
    flight_stored: list[int]
    flight_sent_us: list[float]
    flight_end_us: list[float]
    flight_first_guard_us: list[float]
    flight_guard_us: list[float]
    flight_lost_us: list[float]
    flight_payload_at_us: list[float]
    flight_dwell_us: list[float]
    flight_flown_us: list[float]
    flight_path: list[int]
    detour_n: list[int]
    detour_from: list[int]
    free_flight: list[int]
    leg_flight: list[int]
    leg_hop: list[int]
    leg_link: list[int]
    leg_dwell_us: list[float]
    leg_channel: list[int]
    leg_payload_out_us: list[float]
    leg_guard_us: list[float]
    leg_lost_us: list[float]
    mark_time_us: list[float]
    mark_kind: list[int]
    mark_frame: list[int]
    mark_attempt: list[int]
    mark_node: list[int]
    mark_link: list[int]
    booking_next: list[int]
    booking_from_us: list[float]
    booking_until_us: list[float]
    link_to: list[int]
    link_travel_us: list[float]
    link_beside: list[int]
    port_free_us: list[float]
    port_held_us: list[float]
    port_owner: list[int]
    port_booking: list[int]
    node_qubits: list[int]
    node_out: list[int]
    out_link: list[int]
    route_link: list[int]
    route_us: list[float]
    frame_flight: list[int]
    group_attempt: list[int]
    session_start_us: list[float]
    session_source: list[int]
    session_state: list[int]
    session_attempt: list[int]
    session_confirmed: list[int]
    session_end_us: list[float]
    session_open: list[int]
    arm_destination: list[int]
    path_link: list[int]
    arm_node: list[int]
    arm_hop: list[int]
    arm_channel: list[int]
    arm_flown_us: list[float]


class Buffers(NamedTuple):
    """The same in two arrays, and where in them each column begins.

    ``at`` is a NumPy record: it is handed on as one address, where a tuple would be copied field by field at every
    call. It holds the fields of `Sizes` and a place per column.
    """

    ints: Column
    floats: Column
    at: np.record

    @property
    def counts(self) -> Column:
        """The counters, which are the first of the whole numbers."""
        return self.ints[:N_COUNTERS]
