"""What the engine knows (`Plan`) and what it changes (`State`): numbers and columns, no objects per event.

A run that *streams* keeps only the sessions that are not over: rows of flights, sessions, groups and frames are used
again once :mod:`qpsviz.sim.engine.window` has taken out what is over. Otherwise every row stays.

Columns lie in two buffers, one of whole numbers and one of times, and a `State` says where each begins:
``s.floats[s.at.flight_guard_us + flight]``. Two arrays instead of fifty make the compiled engine compile in a third of
the time, and plain Python reads the same lines from two lists.
"""

from __future__ import annotations

from typing import NamedTuple

from qpsviz.scenario.discipline import Abilities

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
    a session is its number under ``n_session_mask``, that of a flight's leg in a run that streams the flight's place
    times ``Plan.max_hops`` plus the hop.
    """

    n_heap_rows: int
    n_flight_rows: int
    n_leg_rows: int
    n_mark_rows: int
    n_booking_rows: int
    n_session_mask: int
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
