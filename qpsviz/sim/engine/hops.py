"""What happens to a frame at its source and at each relay, for burst and store-and-forward switching.

Runs both as plain Python on lists and compiled on arrays: scalars and columns only.

A burst's port is reserved *immediately*, from the reading of the header (at the source: from its departure) to the
payload's end, so that the guard costs channel time; or with *delay*, for the payload alone. A stored payload holds a
port only while it leaves. A frame takes any free one of the fibres between two nodes, on its own wavelength if it can:
see :mod:`qpsviz.sim.engine.ports`. A burst whose port is taken may go another way: see
:mod:`qpsviz.sim.engine.detours`.

Assumptions where the paper is silent: header and trailer take no time and ride beside the payloads, so no port is held
for a trailer. A relay without memory decides when it has read the header; one with memory when it has read it and the
payload's head is there, the moment at which memory is taken (a header that went ahead of a payload then dropped is
ignored). Where the ports are not always free (availability P), other traffic makes a stored payload wait as in M/D/1.
A port is booked when the header is read, for the payload that it announces: a header that is read later for
a payload that comes earlier may use the gap before it. A source that finds its own port taken waits, because nothing
has been generated yet; it finishes a payload that it began, even when it hears that the frame is lost.
"""

from __future__ import annotations

from qpsviz.noise.storage import whole_turns_us
from qpsviz.sim.engine.chance import uniform
from qpsviz.sim.engine.detours import way_around
from qpsviz.sim.engine.event_queue import push
from qpsviz.sim.engine.ports import book, hold_port, look_for_gaps, pick_port, port_wait
from qpsviz.sim.engine.rows import arm_of, close, keep_open, next_link, path_of, row_of, session_of
from qpsviz.sim.engine.state import FLIGHT, FREE_FLIGHTS, LEG, Plan, Row, State
from qpsviz.switch.fates import CONTENTION, DELIVERED, EXPIRED, IN_FLIGHT, LATE, MEMORY_FULL
from qpsviz.switch.port_wait import NEVER_US
from qpsviz.switch.timing import attempt_guard, burst_timing, qubits_held, store_dwell, store_guard
from qpsviz.units.times import is_after

FREE, READ, ADMIT, REJECT, CONFIRM, NEXT, SETUP, NOTICE, SEND = range(9)
"""Kinds of scheduled events; at equal times lower ones come first: what gives back before what asks."""

NO_LIMIT = 1e18
"""Qubits from which on a memory is not counted."""


def log_leg(
    plan: Plan, s: State, flight: Row, link: Row, dwell_us: float, out_us: float, guard_us: float, lost_us: float
) -> None:
    """Note that a flight takes a link: payload head out, guard, payload lost so far and dwell just before."""
    hop = s.flight_hop[flight]
    if plan.streams:
        leg = flight * plan.max_hops + hop
    else:
        leg = s.counts[LEG]
        s.counts[LEG] += 1
        s.leg_flight[leg] = flight
        s.leg_hop[leg] = hop
    if plan.has_parallel or plan.deflects or not plan.streams:  # else a run that streams finds it in the path
        s.leg_link[leg] = link
    s.leg_dwell_us[leg] = dwell_us
    if plan.records or plan.n_channels > 1:
        s.leg_channel[leg] = s.flight_channel[flight]
    if plan.records:
        s.leg_payload_out_us[leg] = out_us
        s.leg_guard_us[leg] = guard_us
        s.leg_lost_us[leg] = lost_us


def depart(plan: Plan, s: State, flight: Row, link: Row, out_us: float, dwell_us: float) -> None:
    """Fly to the end of a link; the payload's head leaves at ``out_us`` (as if nothing had been cut off)."""
    guard_us, lost_us = s.flight_guard_us[flight], s.flight_lost_us[flight]
    log_leg(plan, s, flight, link, dwell_us, out_us, guard_us, lost_us)
    at_us = out_us + s.link_travel_us[link]
    if plan.deflects:
        s.detour_from[flight] = s.flight_node[flight]
    s.flight_node[flight] = s.link_to[link]
    s.flight_hop[flight] += 1
    s.flight_payload_at_us[flight] = at_us
    s.flight_dwell_us[flight] += dwell_us
    s.flight_flown_us[flight] += s.link_travel_us[link]
    if next_link(plan, s, flight) < 0:
        close(plan, s, s.flight_frame[flight])
        s.flight_fate[flight] = DELIVERED
        s.flight_end_us[flight] = at_us + plan.payload_us


def await_reading(plan: Plan, s: State, flight: Row) -> None:
    """Schedule when the next relay decides, and before it the payload's arrival where that already takes memory."""
    at_us, guard_us = s.flight_payload_at_us[flight], s.flight_guard_us[flight]
    if plan.can.overtakes:
        push(s, at_us + s.flight_lost_us[flight] - guard_us + plan.processing_us, READ, flight)
    elif not is_after(plan.processing_us, guard_us):
        push(s, at_us, READ, flight)
    elif plan.memory_qubits < NO_LIMIT:
        push(s, at_us, ADMIT, flight)
    else:
        push(s, at_us - guard_us + plan.processing_us, READ, flight)


def drop(plan: Plan, s: State, flight: Row, fate: Row, now_us: float) -> None:
    """End a flight, and tell the source if it may try again."""
    s.flight_fate[flight] = fate
    s.flight_end_us[flight] = now_us
    if s.flight_attempt[flight] < plan.max_attempts:
        push(s, now_us + s.flight_flown_us[flight], NOTICE, flight)
    else:
        close(plan, s, s.flight_frame[flight])


def new_flight(plan: Plan, s: State, frame: Row, attempt: Row, guard_us: float, header_us: float) -> int:
    """A flight about to leave its source, with its header out at ``header_us``."""
    if plan.streams:
        s.counts[FREE_FLIGHTS] -= 1
        flight = s.free_flight[s.counts[FREE_FLIGHTS]]
        forget(s, flight)
    else:
        flight = s.counts[FLIGHT]
        s.counts[FLIGHT] += 1
    keep_open(plan, s, frame)
    s.frame_flight[row_of(plan, s, frame)] = flight
    s.flight_frame[flight] = frame
    s.flight_path[flight] = path_of(plan, s, arm_of(plan, s, frame))
    s.flight_attempt[flight] = attempt
    s.flight_first_guard_us[flight] = guard_us
    s.flight_guard_us[flight] = guard_us
    s.flight_sent_us[flight] = header_us
    if plan.deflects:
        s.flight_node[flight] = s.session_source[session_of(plan, s, frame)]
        s.detour_n[flight] = 0
    return flight


def forget(s: State, flight: Row) -> None:
    """Make a row that was used before as good as new."""
    s.flight_hop[flight] = 0
    s.flight_fate[flight] = IN_FLIGHT
    s.flight_stored[flight] = 0
    s.flight_end_us[flight] = 0.0
    s.flight_lost_us[flight] = 0.0
    s.flight_dwell_us[flight] = 0.0
    s.flight_flown_us[flight] = 0.0


def emit(plan: Plan, s: State, group: Row, attempt: Row, now_us: float) -> None:
    """Send the frames of a group together as soon as all their ports are free."""
    guard_us = attempt_guard(plan.guard_us, attempt - 1, plan.processing_us, plan.can.overtakes)
    wait_us = 0.0 if plan.immediate else guard_us
    free_us = now_us + wait_us
    if plan.delayed:
        free_us = first_gaps(plan, s, group, attempt, free_us)
    for arm in range(plan.n_arms):
        port = source_port(plan, s, group * plan.n_arms + arm, attempt, free_us)
        if is_after(s.port_free_us[port], free_us):
            free_us = s.port_free_us[port]
    start_us = free_us + (guard_us - wait_us)
    for arm in range(plan.n_arms):
        frame = group * plan.n_arms + arm
        port = source_port(plan, s, frame, attempt, free_us)
        flight = new_flight(plan, s, frame, attempt, guard_us, start_us - guard_us)
        s.flight_channel[flight] = port % plan.n_channels
        hold_port(s, port, free_us, start_us + plan.payload_us)
        if plan.delayed:
            book(s, port, free_us, start_us + plan.payload_us, now_us)
        depart(plan, s, flight, port // plan.n_channels, start_us, 0.0)
        if s.flight_fate[flight] != DELIVERED:
            await_reading(plan, s, flight)


def first_gaps(plan: Plan, s: State, group: Row, attempt: Row, start_us: float) -> float:
    """First moment from ``start_us`` on at which every frame of a group finds a gap for its payload."""
    n_agreed, arm = 0, 0
    while n_agreed < plan.n_arms:
        frame = group * plan.n_arms + arm
        link = s.path_link[path_of(plan, s, arm_of(plan, s, frame))]
        look_for_gaps(plan, s, link, start_us, plan.payload_us)
        port = source_port(plan, s, frame, attempt, start_us)
        if is_after(s.port_free_us[port], start_us):
            start_us, n_agreed = s.port_free_us[port], 0  # the other frames may find no gap then
        else:
            n_agreed, arm = n_agreed + 1, (arm + 1) % plan.n_arms
    return start_us


def source_port(plan: Plan, s: State, frame: Row, attempt: Row, start_us: float) -> int:
    """Port by which a source sends; without conversion it prefers a random wavelength, to spread the load."""
    link = s.path_link[path_of(plan, s, arm_of(plan, s, frame))]
    channel = 0
    if plan.n_channels > 1 and not plan.converts:
        channel = int(uniform(plan.key, frame, attempt, 0) * plan.n_channels)
    return pick_port(plan, s, link, start_us, channel, True)


def read_burst(plan: Plan, s: State, flight: Row, now_us: float) -> None:
    """A relay without memory has read a header: pass the payload on, or drop it."""
    guard_us, lost_us = burst_timing(s.flight_first_guard_us[flight], s.flight_hop[flight], plan.processing_us)
    if not is_after(plan.payload_us, lost_us) or (plan.discards_late and lost_us > 0.0):
        drop(plan, s, flight, LATE, now_us)
        return
    frame, channel = s.flight_frame[flight], s.flight_channel[flight]
    if plan.p_free < 1.0:
        luck = uniform(plan.key, frame, s.flight_attempt[flight], s.flight_hop[flight])
        if luck >= plan.p_free:
            drop(plan, s, flight, CONTENTION, now_us)
            return
    head_us = s.flight_payload_at_us[flight]
    start_us = head_us + lost_us
    if plan.immediate:
        start_us -= guard_us
    link = next_link(plan, s, flight)
    if plan.delayed:
        look_for_gaps(plan, s, link, start_us, head_us + plan.payload_us - start_us)
    port = pick_port(plan, s, link, start_us, channel, plan.converts)
    if is_after(s.port_free_us[port], start_us):
        port = way_around(plan, s, flight, start_us, head_us + plan.payload_us)
        if port < 0:
            drop(plan, s, flight, CONTENTION, now_us)
            return
    s.flight_channel[flight] = port % plan.n_channels
    s.flight_guard_us[flight] = guard_us
    s.flight_lost_us[flight] = lost_us
    hold_port(s, port, start_us, head_us + plan.payload_us)
    if plan.delayed:
        book(s, port, start_us, head_us + plan.payload_us, now_us)
    depart(plan, s, flight, port // plan.n_channels, head_us, 0.0)
    if s.flight_fate[flight] != DELIVERED:
        await_reading(plan, s, flight)


def admit(plan: Plan, s: State, flight: Row, now_us: float) -> None:
    """A payload's head is there before its header is read: it takes the memory for the wait that is certain."""
    head_us, guard_us = s.flight_payload_at_us[flight], s.flight_guard_us[flight]
    if take_memory(plan, s, flight, least_dwell(plan, s, flight), now_us):
        push(s, head_us - guard_us + plan.processing_us, READ, flight)


def least_dwell(plan: Plan, s: State, flight: Row) -> float:
    """How long a payload stays at a relay whose port is free. [us]"""
    dwell_us = store_dwell(s.flight_guard_us[flight], plan.processing_us, plan.payload_us, plan.after_frame)
    return whole_turns_us(dwell_us, plan.turn_us, s.flight_payload_at_us[flight])


def take_memory(plan: Plan, s: State, flight: Row, dwell_us: float, now_us: float) -> bool:
    """Hold as much memory as a dwell needs, or drop the frame when there is too little."""
    node = s.flight_node[flight]
    n = qubits_held(dwell_us, plan.n_qubits, plan.spacing_us, s.flight_payload_at_us[flight])
    more = n - s.flight_stored[flight]
    if s.node_qubits[node] + more > plan.memory_qubits:
        lose_memory(s, flight)
        drop(plan, s, flight, MEMORY_FULL, now_us)
        return False
    s.node_qubits[node] += more
    s.flight_stored[flight] = n
    return True


def lose_memory(s: State, flight: Row) -> None:
    """Give back at once what a flight holds."""
    s.node_qubits[s.flight_node[flight]] -= s.flight_stored[flight]
    s.flight_stored[flight] = 0


def give_back(plan: Plan, s: State, item: Row) -> None:
    """The last qubit of a payload has left a relay's memory."""
    s.node_qubits[item // (plan.n_qubits + 1)] -= item % (plan.n_qubits + 1)


def read_store(plan: Plan, s: State, flight: Row, now_us: float) -> None:
    """A relay with memory has read a header and sees the payload: book the port for when it can leave, or drop it."""
    limited = plan.memory_qubits < NO_LIMIT
    head_us, so_far_us = s.flight_payload_at_us[flight], s.flight_dwell_us[flight]
    dwell_us = least_dwell(plan, s, flight)
    if plan.p_free < 1.0:
        dwell_us += port_wait(plan, s, flight)
    channel = s.flight_channel[flight]
    port = pick_port(plan, s, next_link(plan, s, flight), head_us + dwell_us, channel, plan.converts)
    if is_after(s.port_free_us[port], head_us + dwell_us):
        dwell_us = whole_turns_us(s.port_free_us[port] - head_us, plan.turn_us, head_us)
    if is_after(head_us + so_far_us + dwell_us, head_us + plan.cutoff_us):
        lose_memory(s, flight)
        drop(plan, s, flight, EXPIRED, now_us)
        return
    if dwell_us >= NEVER_US:
        close(plan, s, s.flight_frame[flight])
        return
    if limited and not take_memory(plan, s, flight, dwell_us, now_us):
        return
    guard_us, out_us = s.flight_guard_us[flight], head_us + dwell_us
    s.flight_channel[flight] = port % plan.n_channels
    s.flight_guard_us[flight] = store_guard(guard_us, dwell_us, plan.processing_us)
    hold_port(s, port, out_us, out_us + plan.payload_us)
    if s.flight_stored[flight] > 0:
        item = s.flight_node[flight] * (plan.n_qubits + 1) + s.flight_stored[flight]
        push(s, out_us + plan.payload_us, FREE, item)
        s.flight_stored[flight] = 0
    depart(plan, s, flight, port // plan.n_channels, out_us, dwell_us)
    if s.flight_fate[flight] != DELIVERED:
        await_reading(plan, s, flight)
