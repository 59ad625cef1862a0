"""The event loop: one engine for the line and the network, for every discipline.

Runs both as plain Python on lists and compiled on arrays, equal bit for bit; see :mod:`qpsviz.sim.engine.compiled`.
"""

from __future__ import annotations

from qpsviz.sim.engine.circuit import begin_session, confirm, flow, hear_refusal, reserve_next
from qpsviz.sim.engine.heap import KIND_BITS, pop, push
from qpsviz.sim.engine.hops import (
    ADMIT,
    CONFIRM,
    FREE,
    NEXT,
    NOTICE,
    READ,
    REJECT,
    SEND,
    SETUP,
    admit,
    emit,
    give_back,
    read_burst,
    read_store,
)
from qpsviz.sim.engine.marks import MARK_NOTICE, MARK_RETRANSMIT, log_mark
from qpsviz.sim.engine.state import DUE, FLIGHT, HEAP, LEG, MARK, Plan, Row, State
from qpsviz.units.times import is_after

DONE, CROWDED, PAUSED = range(3)
"""How :func:`advance` comes back: nothing left, a table is full, or enough for now."""

_KIND_MASK = (1 << KIND_BITS) - 1
_LAST_IN_RELAYS = ADMIT  # a header may leave before its payload is there to be worked off: see Plan.look_us


def advance(plan: Plan, s: State, n_events: int, n_heap_free: int, n_legs_free: int) -> int:
    """Work off up to ``n_events`` events, stopping before any table could overflow."""
    for _ in range(n_events):
        if s.ints[DUE] == 0 and (s.ints[HEAP] == 0 or is_after(s.floats[s.heap_us], plan.look_us)):
            return DONE
        if (
            s.n_heap_rows - s.ints[HEAP] - s.ints[DUE] < n_heap_free
            or s.n_mark_rows - s.ints[MARK] < n_heap_free
            or s.n_flight_rows - s.ints[FLIGHT] < plan.n_arms
            or s.n_leg_rows - s.ints[LEG] < n_legs_free
        ):
            return CROWDED
        now_us, code = pop(s)
        kind = code & _KIND_MASK
        if kind <= _LAST_IN_RELAYS or not is_after(now_us, plan.until_us):
            handle(plan, s, now_us, kind, code >> KIND_BITS)
    return PAUSED


def handle(plan: Plan, s: State, now_us: float, kind: Row, item: Row) -> None:
    """Work off one event."""
    if kind == READ:
        if plan.can.overtakes:
            read_burst(plan, s, item, now_us)
        else:
            read_store(plan, s, item, now_us)
    elif kind == SEND:
        send(plan, s, item, now_us)
    elif kind == FREE:
        give_back(plan, s, item)
    elif kind == ADMIT:
        admit(plan, s, item, now_us)
    elif kind == NOTICE:
        hear_of_loss(plan, s, item, now_us)
    elif kind == SETUP:
        reserve_next(plan, s, item, now_us)
    elif kind == CONFIRM:
        confirm(plan, s, item, now_us)
    elif kind == NEXT:
        flow(plan, s, item, now_us)
    elif kind == REJECT:
        hear_refusal(plan, s, item, now_us)


def send(plan: Plan, s: State, group: Row, now_us: float) -> None:
    """The source sends a group for the first time; the next group and the next session line up behind it."""
    session, place = group // plan.n_session_groups, group % plan.n_session_groups
    if place == 0 and session + 1 < plan.n_sessions:
        push(s, s.floats[s.session_start_us + session + 1], SEND, group + plan.n_session_groups)
    if plan.can.sets_up:
        begin_session(plan, s, session, 1, now_us)
        return
    if place + 1 < plan.n_session_groups and group + 1 < plan.n_groups:
        push(s, s.floats[s.session_start_us + session] + (place + 1) * plan.period_us, SEND, group + 1)
    s.ints[s.group_attempt + group] = 1
    emit(plan, s, group, 1, now_us)


def hear_of_loss(plan: Plan, s: State, flight: Row, now_us: float) -> None:
    """A drop notice reaches the source: send the group again, once per attempt."""
    frame, attempt = s.ints[s.flight_frame + flight], s.ints[s.flight_attempt + flight]
    group = frame // plan.n_arms
    source = s.ints[s.session_source + group // plan.n_session_groups]
    log_mark(s, now_us, MARK_NOTICE, frame, attempt, source, -1)
    if s.ints[s.group_attempt + group] == attempt:
        s.ints[s.group_attempt + group] = attempt + 1
        log_mark(s, now_us, MARK_RETRANSMIT, frame, attempt + 1, source, -1)
        emit(plan, s, group, attempt + 1, now_us)
