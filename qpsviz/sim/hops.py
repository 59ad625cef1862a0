"""What happens to a frame at its source and at each relay, for burst and store-and-forward switching.

Runs both as plain Python on lists and compiled on arrays: scalars and columns only.

Assumptions where the paper is silent: header and trailer take no time and ride beside the payloads, so a port is
held from a payload's first qubit to its last; a relay decides when it has read the header, and books the
port from the payload's start ("horizon": gaps before a booking are not filled); a source that finds its own
port taken waits, because nothing has been generated yet; it finishes a payload that it began, even when it hears that
the frame is lost.
"""

from __future__ import annotations

from qpsviz.sim.draw import uniform
from qpsviz.sim.fates import CONTENTION, DELIVERED, EXPIRED, LATE, MEMORY_FULL
from qpsviz.sim.heap import push
from qpsviz.sim.state import BURST, FLIGHT, LEG, STORE, Plan, Row, State
from qpsviz.switch.rules import burst_timing, store_dwell, store_guard
from qpsviz.switch.storage import whole_turns_us

SEND, READ, ADMIT, FREE, NOTICE, SETUP, CONFIRM, REJECT, NEXT = range(9)
"""Kinds of scheduled events."""


def slack(time_us: float) -> float:
    """Overlap of two bookings that is rounding and not contention. [us]"""
    return 1e-9 + 1e-13 * time_us


def pick_port(plan: Plan, s: State, link: Row, start_us: float, channel: Row, any_channel: bool) -> int:
    """The port of a link to use at ``start_us``: the wanted channel, else the next free, else the first to free."""
    base = link * plan.n_channels
    best = base + channel
    if not any_channel or plan.n_channels == 1:
        return best
    for step in range(plan.n_channels):
        port = base + (channel + step) % plan.n_channels
        if s.floats[s.port_free_us + port] <= start_us + slack(start_us):
            return port
        if s.floats[s.port_free_us + port] < s.floats[s.port_free_us + best]:
            best = port
    return best


def log_leg(
    plan: Plan, s: State, flight: Row, link: Row, dwell_us: float, out_us: float, guard_us: float, lost_us: float
) -> None:
    """Note that a flight takes a link: payload head out, guard, payload lost so far and dwell just before."""
    leg = s.ints[LEG]
    s.ints[LEG] = leg + 1
    s.ints[s.leg_flight + leg] = flight
    s.ints[s.leg_hop + leg] = s.ints[s.flight_hop + flight]
    s.ints[s.leg_link + leg] = link
    s.floats[s.leg_dwell_us + leg] = dwell_us
    if plan.records:
        s.ints[s.leg_channel + leg] = s.ints[s.flight_channel + flight]
        s.floats[s.leg_payload_out_us + leg] = out_us
        s.floats[s.leg_guard_us + leg] = guard_us
        s.floats[s.leg_lost_us + leg] = lost_us


def depart(plan: Plan, s: State, flight: Row, link: Row, out_us: float, dwell_us: float) -> None:
    """Fly to the end of a link; the payload's head leaves at ``out_us`` (as if nothing had been cut off)."""
    guard_us, lost_us = s.floats[s.flight_guard_us + flight], s.floats[s.flight_lost_us + flight]
    log_leg(plan, s, flight, link, dwell_us, out_us, guard_us, lost_us)
    node = s.ints[s.link_to + link]
    at_us = out_us + s.floats[s.link_travel_us + link]
    s.ints[s.flight_node + flight] = node
    s.ints[s.flight_hop + flight] += 1
    s.floats[s.flight_payload_at_us + flight] = at_us
    s.floats[s.flight_dwell_us + flight] += dwell_us
    s.floats[s.flight_flown_us + flight] += s.floats[s.link_travel_us + link]
    if node == target_of(plan, s, s.ints[s.flight_frame + flight]):
        s.ints[s.flight_fate + flight] = DELIVERED
        s.floats[s.flight_end_us + flight] = at_us + plan.payload_us


def await_reading(plan: Plan, s: State, flight: Row) -> None:
    """Schedule the reading of a header on its way, or the payload's arrival where that comes first and matters."""
    at_us, guard_us = s.floats[s.flight_payload_at_us + flight], s.floats[s.flight_guard_us + flight]
    if plan.discipline == STORE and guard_us < plan.processing_us and plan.max_stored_frames < 1e18:
        push(s, at_us, ADMIT, flight)
    else:
        push(s, at_us + s.floats[s.flight_lost_us + flight] - guard_us + plan.processing_us, READ, flight)


def target_of(plan: Plan, s: State, frame: Row) -> int:
    """Node to which a frame goes."""
    session = frame // plan.n_arms // plan.n_session_groups
    return s.ints[s.arm_target + session * plan.n_arms + frame % plan.n_arms]


def drop(plan: Plan, s: State, flight: Row, fate: Row, now_us: float) -> None:
    """End a flight, and tell the source if it may try again."""
    s.ints[s.flight_fate + flight] = fate
    s.floats[s.flight_end_us + flight] = now_us
    if s.ints[s.flight_attempt + flight] < plan.max_attempts:
        push(s, now_us + s.floats[s.flight_flown_us + flight], NOTICE, flight)


def new_flight(plan: Plan, s: State, frame: Row, attempt: Row, guard_us: float, header_us: float) -> int:
    """A flight about to leave its source, with its header out at ``header_us``."""
    flight = s.ints[FLIGHT]
    s.ints[FLIGHT] = flight + 1
    s.ints[s.frame_flight + frame] = flight
    s.ints[s.flight_frame + flight] = frame
    s.ints[s.flight_attempt + flight] = attempt
    s.floats[s.flight_first_guard_us + flight] = guard_us
    s.floats[s.flight_guard_us + flight] = guard_us
    s.floats[s.flight_sent_us + flight] = header_us
    return flight


def emit(plan: Plan, s: State, group: Row, attempt: Row, now_us: float) -> None:
    """Send the frames of a group together as soon as all their ports are free."""
    guard_us = plan.guard_us
    if plan.discipline == BURST:
        guard_us += (attempt - 1) * plan.processing_us
    source = s.ints[s.session_source + group // plan.n_session_groups]
    start_us = now_us + guard_us
    for arm in range(plan.n_arms):
        frame = group * plan.n_arms + arm
        free_us = s.floats[s.port_free_us + source_port(plan, s, source, frame, attempt, now_us + guard_us)]
        if free_us > start_us + slack(start_us):
            start_us = free_us
    for arm in range(plan.n_arms):
        frame = group * plan.n_arms + arm
        port = source_port(plan, s, source, frame, attempt, start_us)
        flight = new_flight(plan, s, frame, attempt, guard_us, start_us - guard_us)
        s.ints[s.flight_channel + flight] = port % plan.n_channels
        s.floats[s.port_free_us + port] = start_us + plan.payload_us
        depart(plan, s, flight, port // plan.n_channels, start_us, 0.0)
        if s.ints[s.flight_fate + flight] != DELIVERED:
            await_reading(plan, s, flight)


def source_port(plan: Plan, s: State, source: Row, frame: Row, attempt: Row, start_us: float) -> int:
    """Port by which a source sends; without conversion it prefers a random wavelength, to spread the load."""
    link = s.ints[s.route_link + source * plan.n_nodes + target_of(plan, s, frame)]
    channel = 0
    if plan.n_channels > 1 and not plan.converts:
        channel = int(uniform(plan.key, frame, attempt, 0) * plan.n_channels)
    return pick_port(plan, s, link, start_us, channel, True)


def read_burst(plan: Plan, s: State, flight: Row, now_us: float) -> None:
    """A relay without memory has read a header: pass the payload on, or drop it."""
    guard_us, lost_us = burst_timing(
        s.floats[s.flight_first_guard_us + flight], s.ints[s.flight_hop + flight], plan.processing_us
    )
    if lost_us >= plan.payload_us or (plan.discards_late and lost_us > 0.0):
        drop(plan, s, flight, LATE, now_us)
        return
    frame, channel = s.ints[s.flight_frame + flight], s.ints[s.flight_channel + flight]
    if plan.p_free < 1.0:
        luck = uniform(plan.key, frame, s.ints[s.flight_attempt + flight], s.ints[s.flight_hop + flight])
        if luck >= plan.p_free:
            drop(plan, s, flight, CONTENTION, now_us)
            return
    link = s.ints[s.route_link + s.ints[s.flight_node + flight] * plan.n_nodes + target_of(plan, s, frame)]
    head_us = s.floats[s.flight_payload_at_us + flight]
    port = pick_port(plan, s, link, head_us + lost_us, channel, plan.converts)
    if s.floats[s.port_free_us + port] > head_us + lost_us + slack(head_us):
        drop(plan, s, flight, CONTENTION, now_us)
        return
    s.ints[s.flight_channel + flight] = port % plan.n_channels
    s.floats[s.flight_guard_us + flight] = guard_us
    s.floats[s.flight_lost_us + flight] = lost_us
    s.floats[s.port_free_us + port] = head_us + plan.payload_us
    depart(plan, s, flight, link, head_us, 0.0)
    if s.ints[s.flight_fate + flight] != DELIVERED:
        await_reading(plan, s, flight)


def admit(plan: Plan, s: State, flight: Row, now_us: float) -> bool:
    """Take memory for a whole payload, or drop the frame when there is too little."""
    node = s.ints[s.flight_node + flight]
    if s.ints[s.node_frames + node] + 1 > plan.max_stored_frames:
        drop(plan, s, flight, MEMORY_FULL, now_us)
        return False
    s.ints[s.node_frames + node] += 1
    return True


def read_store(plan: Plan, s: State, flight: Row, now_us: float) -> None:
    """A relay with memory has read a header: book the port for when the payload can leave, or drop it."""
    limited = plan.max_stored_frames < 1e18
    guard_us, node = s.floats[s.flight_guard_us + flight], s.ints[s.flight_node + flight]
    if limited and guard_us >= plan.processing_us and not admit(plan, s, flight, now_us):
        return
    head_us = s.floats[s.flight_payload_at_us + flight]
    least_us = store_dwell(guard_us, plan.processing_us, plan.payload_us, plan.after_frame)
    dwell_us = whole_turns_us(least_us, plan.turn_us)
    link = s.ints[s.route_link + node * plan.n_nodes + target_of(plan, s, s.ints[s.flight_frame + flight])]
    port = pick_port(plan, s, link, head_us + dwell_us, s.ints[s.flight_channel + flight], plan.converts)
    wait_us = s.floats[s.port_free_us + port] - head_us
    if wait_us > dwell_us + slack(head_us):
        dwell_us = whole_turns_us(wait_us, plan.turn_us)
    if s.floats[s.flight_dwell_us + flight] + dwell_us > plan.cutoff_us:
        if limited:
            s.ints[s.node_frames + node] -= 1
        drop(plan, s, flight, EXPIRED, now_us)
        return
    s.ints[s.flight_channel + flight] = port % plan.n_channels
    s.floats[s.flight_guard_us + flight] = store_guard(guard_us, dwell_us, plan.processing_us)
    s.floats[s.port_free_us + port] = head_us + dwell_us + plan.payload_us
    if limited:
        push(s, head_us + dwell_us + plan.payload_us, FREE, node)
    depart(plan, s, flight, link, head_us + dwell_us, dwell_us)
    if s.ints[s.flight_fate + flight] != DELIVERED:
        await_reading(plan, s, flight)
