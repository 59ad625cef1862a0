"""Which port a frame takes, and for how long it holds it.

A burst with *delayed* reservation books a port for its payload alone, and may use the gap before a payload that was
booked earlier; every other frame books a port from its header's reading or its release on, one after the other, to a
"horizon". Runs both as plain Python on lists and compiled on arrays: scalars and columns only.
"""

from __future__ import annotations

import math

from qpsviz.noise.storage import whole_turns_us
from qpsviz.sim.engine.chance import uniform
from qpsviz.sim.engine.state import BOOKING, FREE_BOOKING, Plan, Row, State
from qpsviz.switch.port_wait import NEVER_US, wait_at_luck
from qpsviz.units.times import is_after


def pick_port(plan: Plan, s: State, link: Row, start_us: float, channel: Row, any_channel: bool) -> int:
    """The port to use at ``start_us`` on a link or on a fibre beside it: a free one, else the first to be free.

    The wanted wavelength comes before all others, and a shorter fibre before a longer one.
    """
    best = link * plan.n_channels + channel
    if plan.n_channels == 1 and not plan.has_parallel:
        return best
    for step in range(plan.n_channels if any_channel else 1):
        fibre = link
        while fibre >= 0:
            port = fibre * plan.n_channels + (channel + step) % plan.n_channels
            if not is_after(s.port_free_us[port], start_us):
                return port
            if is_after(s.port_free_us[best], s.port_free_us[port]):
                best = port
            fibre = s.link_beside[fibre]
    return best


def hold_port(s: State, port: Row, from_us: float, until_us: float) -> None:
    """Book a port."""
    s.port_held_us[port] += until_us - from_us
    s.port_free_us[port] = until_us


def port_wait(plan: Plan, s: State, flight: Row) -> float:
    """How long a payload waits for a port that traffic beside this run keeps busy, where P is below 1. [us]

    See :mod:`qpsviz.switch.port_wait`; payloads of this run wait for each other on top.
    """
    if plan.p_free <= 0.0:
        return math.inf
    luck = uniform(plan.key, s.flight_frame[flight], s.flight_attempt[flight], s.flight_hop[flight])
    wait_us = plan.payload_us * wait_at_luck(luck, plan.p_free, plan.wait_rate, plan.wait_share)
    return whole_turns_us(wait_us, plan.turn_us, 0.0) if wait_us < NEVER_US else wait_us


def look_for_gaps(plan: Plan, s: State, link: Row, start_us: float, hold_us: float) -> None:
    """Set ``port_free_us`` to the first moment from ``start_us`` on at which a gap is long enough.

    At every port of a link and of the fibres beside it; only with delayed reservation, where a port has no horizon.
    """
    while link >= 0:
        for port in range(link * plan.n_channels, (link + 1) * plan.n_channels):
            free_us, booking = start_us, s.port_booking[port]
            while booking >= 0 and is_after(free_us + hold_us, s.booking_from_us[booking]):
                if is_after(s.booking_until_us[booking], free_us):
                    free_us = s.booking_until_us[booking]
                booking = s.booking_next[booking]
            s.port_free_us[port] = free_us
        link = s.link_beside[link]


def book(s: State, port: Row, from_us: float, until_us: float, now_us: float) -> None:
    """Note for which time a port is taken, in order and with gaps between; forget past times."""
    after = s.port_booking[port]
    while after >= 0 and not is_after(s.booking_until_us[after], now_us):
        after = forget_booking(s, after)
    before = -1
    s.port_booking[port] = after
    while after >= 0 and from_us > s.booking_from_us[after]:
        before, after = after, s.booking_next[after]
    if before < 0 or is_after(from_us, s.booking_until_us[before]):
        booking = new_booking(s)
        s.booking_from_us[booking] = from_us
        if before < 0:
            s.port_booking[port] = booking
        else:
            s.booking_next[before] = booking
    else:  # without a gap: one long time, or a source with much to send would search through all of it
        booking = before
    if after >= 0 and not is_after(s.booking_from_us[after], until_us):
        until_us = s.booking_until_us[after]
        after = forget_booking(s, after)
    s.booking_until_us[booking] = until_us
    s.booking_next[booking] = after


def new_booking(s: State) -> int:
    """A row for a booking: one that was forgotten, else a new one."""
    loose = s.counts[FREE_BOOKING]
    if loose > 0:
        s.counts[FREE_BOOKING] = s.booking_next[loose - 1]
        return loose - 1
    s.counts[BOOKING] += 1
    return s.counts[BOOKING] - 1


def forget_booking(s: State, booking: Row) -> int:
    """Give a booking's row back; returns the booking after it."""
    after = s.booking_next[booking]
    s.booking_next[booking] = s.counts[FREE_BOOKING]
    s.counts[FREE_BOOKING] = booking + 1
    return after
