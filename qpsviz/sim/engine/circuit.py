"""Circuits: reserve every link of the path, send all frames of the session, tear down.

Runs both as plain Python on lists and compiled on arrays: scalars and columns only.

Assumptions where the paper is silent: a refusal frees each link as its notice passes on the way back, read for T_P
by each relay; the source tries again T_P after it heard of a refusal; the tear-down follows the last trailer at
the speed of light, and frees each link as it passes. When both halves of a pair travel, one refused arm stops the
other.
"""

from __future__ import annotations

import math

from qpsviz.sim.engine.chance import uniform
from qpsviz.sim.engine.event_queue import push
from qpsviz.sim.engine.hops import CONFIRM, NEXT, REJECT, SETUP, depart, new_flight
from qpsviz.sim.engine.marks import MARK_BLOCKED, MARK_CONFIRMED, MARK_RETRANSMIT, MARK_SETUP, MARK_TEARDOWN, log_mark
from qpsviz.sim.engine.ports import pick_port
from qpsviz.sim.engine.rows import keep_open, next_link, path_of
from qpsviz.sim.engine.state import SETUP_DONE, SETUP_FAILED, SETUP_RUNNING, Plan, Row, State
from qpsviz.switch.fates import DELIVERED
from qpsviz.units.times import is_after

ATTEMPT_BITS = 7
_ATTEMPT_MASK = (1 << ATTEMPT_BITS) - 1


def begin_session(plan: Plan, s: State, session: Row, attempt: Row, at_us: float) -> None:
    """Send a set-up message along every arm of a session."""
    row = session & s.at.n_session_mask
    s.session_state[row] = SETUP_RUNNING
    s.session_attempt[row] = attempt
    s.session_confirmed[row] = 0
    for side in range(plan.n_arms):
        arm = row * plan.n_arms + side
        s.arm_node[arm] = s.session_source[row]
        s.arm_hop[arm] = 0
        s.arm_channel[arm] = 0
        s.arm_flown_us[arm] = 0.0
        post(plan, s, at_us, SETUP, ((session * plan.n_arms + side) << ATTEMPT_BITS) | attempt)


def post(plan: Plan, s: State, at_us: float, kind: Row, item: Row) -> None:
    """Send a message of a session, which is not over before the message has come."""
    keep_open(plan, s, first_frame(plan, item >> ATTEMPT_BITS))
    push(s, at_us, kind, item)


def row_of_arm(plan: Plan, s: State, arm: Row) -> int:
    """Row of an arm."""
    return ((arm // plan.n_arms) & s.at.n_session_mask) * plan.n_arms + arm % plan.n_arms


def is_stale(plan: Plan, s: State, item: Row) -> bool:
    """Whether a message belongs to an attempt that is over."""
    session = ((item >> ATTEMPT_BITS) // plan.n_arms) & s.at.n_session_mask
    return s.session_attempt[session] != item & _ATTEMPT_MASK or s.session_state[session] != SETUP_RUNNING


def first_frame(plan: Plan, arm: Row) -> int:
    """The first frame that a session sends along an arm."""
    return (arm // plan.n_arms) * plan.n_session_groups * plan.n_arms + arm % plan.n_arms


def reserve_next(plan: Plan, s: State, item: Row, now_us: float) -> None:
    """A node has read a set-up message: reserve the next link and pass it on, or refuse."""
    if is_stale(plan, s, item):
        return
    number, attempt = item >> ATTEMPT_BITS, item & _ATTEMPT_MASK
    arm, frame = row_of_arm(plan, s, number), first_frame(plan, number)
    node, hop = s.arm_node[arm], s.arm_hop[arm]
    link = s.path_link[path_of(plan, s, arm) + hop]
    lucky = hop == 0 or plan.p_free >= 1.0 or uniform(plan.key, frame, attempt, hop) < plan.p_free
    channel = s.arm_channel[arm]
    if hop == 0 and plan.n_channels > 1 and not plan.converts:
        channel = int(uniform(plan.key, frame, attempt, 0) * plan.n_channels)
    port = pick_port(plan, s, link, now_us, channel, plan.converts or hop == 0)
    link = port // plan.n_channels
    if not lucky or is_after(s.port_free_us[port], now_us):
        refuse(plan, s, item, now_us, link)
        return
    log_mark(plan, s, now_us, MARK_SETUP, frame, attempt, node, link)
    s.port_free_us[port] = math.inf
    s.port_held_us[port] -= now_us
    s.port_owner[port] = number
    s.arm_channel[arm] = port % plan.n_channels
    s.arm_node[arm] = s.link_to[link]
    s.arm_hop[arm] = hop + 1
    s.arm_flown_us[arm] += s.link_travel_us[link]
    at_us = now_us + s.link_travel_us[link]
    if s.path_link[path_of(plan, s, arm) + hop + 1] < 0:
        post(plan, s, at_us + s.arm_flown_us[arm] + hop * plan.processing_us, CONFIRM, item)
    else:
        post(plan, s, at_us + plan.processing_us, SETUP, item)


def refuse(plan: Plan, s: State, item: Row, now_us: float, link: Row) -> None:
    """A node cannot reserve a link: the refusal goes back to the source and frees what was reserved."""
    number = item >> ATTEMPT_BITS
    arm = row_of_arm(plan, s, number)
    hop, flown_us = s.arm_hop[arm], s.arm_flown_us[arm]
    log_mark(
        plan,
        s,
        now_us,
        MARK_BLOCKED,
        first_frame(plan, number),
        item & _ATTEMPT_MASK,
        s.arm_node[arm],
        link,
    )
    passed_us = 0.0
    for back in range(hop):
        port = owned_port(plan, s, s.path_link[path_of(plan, s, arm) + back], number)
        link = port // plan.n_channels
        n_read = hop - back if back > 0 else hop - 1
        free_us = now_us + (flown_us - passed_us) + n_read * plan.processing_us
        s.port_free_us[port] = free_us
        s.port_held_us[port] += free_us
        passed_us += s.link_travel_us[link]
    n_relays = hop - 1 if hop > 0 else 0
    post(plan, s, now_us + flown_us + n_relays * plan.processing_us, REJECT, item)


def owned_port(plan: Plan, s: State, link: Row, arm: Row) -> int:
    """The port of a link, or of a fibre beside it, that an arm has reserved, -1 if none."""
    while link >= 0:
        for port in range(link * plan.n_channels, (link + 1) * plan.n_channels):
            if s.port_owner[port] == arm:
                return port
        link = s.link_beside[link]
    return -1


def release(plan: Plan, s: State, number: Row, from_us: float) -> None:
    """Free every reserved link of an arm as a message from its source passes, unless a refusal freed it before."""
    arm, at_us = row_of_arm(plan, s, number), from_us
    for hop in range(s.arm_hop[arm]):
        link = s.path_link[path_of(plan, s, arm) + hop]
        port = owned_port(plan, s, link, number)
        if port >= 0:
            link = port // plan.n_channels
            s.port_owner[port] = -1
            free_us = s.port_free_us[port]
            if at_us < free_us:
                s.port_held_us[port] += at_us if math.isinf(free_us) else at_us - free_us
                s.port_free_us[port] = at_us
        at_us += s.link_travel_us[link]


def hear_refusal(plan: Plan, s: State, item: Row, now_us: float) -> None:
    """A refusal reaches the source: give up the other arm too, and try again or fail."""
    if is_stale(plan, s, item):
        return
    session, attempt = (item >> ATTEMPT_BITS) // plan.n_arms, item & _ATTEMPT_MASK
    row = session & s.at.n_session_mask
    for arm in range(session * plan.n_arms, (session + 1) * plan.n_arms):
        release(plan, s, arm, now_us)
    if attempt < plan.max_attempts:
        frame, source = session * plan.n_session_groups * plan.n_arms, s.session_source[row]
        log_mark(plan, s, now_us + plan.processing_us, MARK_RETRANSMIT, frame, attempt + 1, source, -1)
        begin_session(plan, s, session, attempt + 1, now_us + plan.processing_us)
    else:
        s.session_state[row] = SETUP_FAILED
        s.session_end_us[row] = now_us


def confirm(plan: Plan, s: State, item: Row, now_us: float) -> None:
    """The source hears that an arm is reserved; when all are, its frames flow."""
    if is_stale(plan, s, item):
        return
    arm = item >> ATTEMPT_BITS
    session = arm // plan.n_arms
    row = session & s.at.n_session_mask
    log_mark(
        plan,
        s,
        now_us,
        MARK_CONFIRMED,
        first_frame(plan, arm),
        item & _ATTEMPT_MASK,
        s.session_source[row],
        -1,
    )
    s.session_confirmed[row] += 1
    if s.session_confirmed[row] == plan.n_arms:
        s.session_state[row] = SETUP_DONE
        flow(plan, s, session * plan.n_session_groups, now_us)


def flow(plan: Plan, s: State, group: Row, now_us: float) -> None:
    """Send one group over its circuits: no relay reads, nothing waits; after the last, tear down."""
    session = group // plan.n_session_groups
    row = session & s.at.n_session_mask
    attempt, source = s.session_attempt[row], s.session_source[row]
    for arm in range(plan.n_arms):
        flight = new_flight(plan, s, group * plan.n_arms + arm, attempt, plan.guard_us, now_us)
        out_us = now_us + plan.guard_us
        while s.flight_fate[flight] != DELIVERED:
            port = owned_port(plan, s, next_link(plan, s, flight), session * plan.n_arms + arm)
            s.flight_channel[flight] = port % plan.n_channels
            depart(plan, s, flight, port // plan.n_channels, out_us, 0.0)
            out_us = s.flight_payload_at_us[flight]
    last = min((session + 1) * plan.n_session_groups, plan.n_groups) - 1
    if group < last:
        keep_open(plan, s, group * plan.n_arms)
        push(s, now_us + plan.period_us, NEXT, group + 1)
        return
    end_us = now_us + plan.guard_us + plan.payload_us
    for arm in range(session * plan.n_arms, (session + 1) * plan.n_arms):
        log_mark(plan, s, end_us, MARK_TEARDOWN, first_frame(plan, arm), attempt, source, -1)
        release(plan, s, arm, end_us)
