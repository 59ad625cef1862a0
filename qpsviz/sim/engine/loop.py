"""The event loop: one engine for the line and the network, for every discipline.

Runs both as plain Python on lists and compiled on arrays, equal bit for bit; see :mod:`qpsviz.sim.engine.compiled`.
"""

from __future__ import annotations

from qpsviz.sim.engine.circuit import (
    ATTEMPT_BITS,
    begin_session,
    confirm,
    first_frame,
    flow,
    hear_refusal,
    reserve_next,
)
from qpsviz.sim.engine.event_queue import KIND_BITS, KIND_MASK, is_over, pop, push
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
from qpsviz.sim.engine.rows import close, keep_open, row_of, session_of
from qpsviz.sim.engine.state import BEGUN, FREE_FLIGHTS, OLDEST, SEQUENCE, Buffers, Plan, Row, State
from qpsviz.units.times import is_after

DONE, CROWDED, PAUSED = range(3)
"""How :func:`advance` comes back: nothing left, sessions that are over have to make room, or enough for now."""

_LAST_IN_RELAYS = ADMIT  # a header may leave before its payload is there to be worked off: see Plan.look_us


def advance(plan: Plan, s: State, n_events: int) -> int:
    """Work off up to ``n_events`` events, for which there must be room in all tables.

    A run that streams stops before a flight or the session after the next one could be missing.
    """
    if s.counts[SEQUENCE] == 0:
        push(s, s.session_start_us[0], SEND, 0)
    for _ in range(n_events):
        if is_over(s, plan.look_us):
            return DONE
        if plan.streams and (s.counts[FREE_FLIGHTS] < plan.n_arms or lacks_session(plan, s)):
            return CROWDED
        now_us, code = pop(s)
        kind = code & KIND_MASK
        if kind <= _LAST_IN_RELAYS or not is_after(now_us, plan.until_us):
            handle(plan, s, now_us, kind, code >> KIND_BITS)
    return PAUSED


def lacks_session(plan: Plan, s: State | Buffers) -> bool:
    """Whether a run that streams has no room for the session after the next one."""
    return s.counts[BEGUN] + 1 < plan.n_sessions and s.counts[BEGUN] - s.counts[OLDEST] >= s.at.n_session_mask


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
        close(plan, s, first_frame(plan, item >> ATTEMPT_BITS))
    elif kind == CONFIRM:
        confirm(plan, s, item, now_us)
        close(plan, s, first_frame(plan, item >> ATTEMPT_BITS))
    elif kind == NEXT:
        flow(plan, s, item, now_us)
        close(plan, s, item * plan.n_arms)
    elif kind == REJECT:
        hear_refusal(plan, s, item, now_us)
        close(plan, s, first_frame(plan, item >> ATTEMPT_BITS))


def send(plan: Plan, s: State, group: Row, now_us: float) -> None:
    """The source sends a group for the first time; the next group and the next session line up behind it."""
    session, place = group // plan.n_session_groups, group % plan.n_session_groups
    row, frame = session & s.at.n_session_mask, group * plan.n_arms
    if place == 0:
        s.counts[BEGUN] += 1
        s.session_open[row] = 1  # its first group, or its circuit, is to be sent
        if session + 1 < plan.n_sessions:
            after = (session + 1) & s.at.n_session_mask
            push(s, s.session_start_us[after], SEND, group + plan.n_session_groups)
    if plan.can.sets_up:
        begin_session(plan, s, session, 1, now_us)
        close(plan, s, frame)
        return
    if place + 1 < plan.n_session_groups and group + 1 < plan.n_groups:
        keep_open(plan, s, frame)
        push(s, s.session_start_us[row] + (place + 1) * plan.period_us, SEND, group + 1)
    s.group_attempt[row * plan.n_session_groups + place] = 1
    emit(plan, s, group, 1, now_us)
    close(plan, s, frame)


def hear_of_loss(plan: Plan, s: State, flight: Row, now_us: float) -> None:
    """A drop notice reaches the source: send the group again, once per attempt."""
    frame, attempt = s.flight_frame[flight], s.flight_attempt[flight]
    group, row = frame // plan.n_arms, session_of(plan, s, frame)
    source, kept = s.session_source[row], row_of(plan, s, frame) // plan.n_arms
    log_mark(plan, s, now_us, MARK_NOTICE, frame, attempt, source, -1)
    if s.group_attempt[kept] == attempt:
        s.group_attempt[kept] = attempt + 1
        log_mark(plan, s, now_us, MARK_RETRANSMIT, frame, attempt + 1, source, -1)
        emit(plan, s, group, attempt + 1, now_us)
    close(plan, s, frame)
