"""Which port a frame takes, and for how long it holds it.

A burst with *delayed* reservation books a port for its payload alone, and may use the gap before a payload that was
booked earlier; every other frame books a port from its header's reading or its release on, one after the other, to a
"horizon". Runs both as plain Python on lists and compiled on arrays: scalars and columns only.
"""

from __future__ import annotations

from qpsviz.sim.engine.state import LEG, Plan, Row, State
from qpsviz.units.times import is_after


def pick_port(plan: Plan, s: State, link: Row, start_us: float, channel: Row, any_channel: bool) -> int:
    """The port to use at ``start_us`` on a link or on a fibre beside it: a free one, else the first to be free.

    The wanted wavelength comes before all others, and a shorter fibre before a longer one.
    """
    best = link * plan.n_channels + channel
    for step in range(plan.n_channels if any_channel else 1):
        fibre = link
        while fibre >= 0:
            port = fibre * plan.n_channels + (channel + step) % plan.n_channels
            if not is_after(s.floats[s.port_free_us + port], start_us):
                return port
            if is_after(s.floats[s.port_free_us + best], s.floats[s.port_free_us + port]):
                best = port
            fibre = s.ints[s.link_beside + fibre]
    return best


def hold_port(s: State, port: Row, from_us: float, until_us: float) -> None:
    """Book a port."""
    s.floats[s.port_held_us + port] += until_us - from_us
    s.floats[s.port_free_us + port] = until_us


def look_for_gaps(plan: Plan, s: State, link: Row, start_us: float, hold_us: float) -> None:
    """Set ``port_free_us`` to the first moment from ``start_us`` on at which a gap is long enough.

    At every port of a link and of the fibres beside it; only with delayed reservation, where a port has no horizon.
    """
    while link >= 0:
        for port in range(link * plan.n_channels, (link + 1) * plan.n_channels):
            free_us, booking = start_us, s.ints[s.port_booking + port]
            while booking >= 0 and is_after(free_us + hold_us, s.floats[s.leg_held_from_us + booking]):
                if is_after(s.floats[s.leg_held_until_us + booking], free_us):
                    free_us = s.floats[s.leg_held_until_us + booking]
                booking = s.ints[s.leg_booking + booking]
            s.floats[s.port_free_us + port] = free_us
        link = s.ints[s.link_beside + link]


def book(s: State, port: Row, from_us: float, until_us: float, now_us: float) -> None:
    """Note for which time the leg logged next books a port, in order and with gaps between; forget past times."""
    after = s.ints[s.port_booking + port]
    while after >= 0 and not is_after(s.floats[s.leg_held_until_us + after], now_us):
        after = s.ints[s.leg_booking + after]
    before = -1
    s.ints[s.port_booking + port] = after
    while after >= 0 and from_us > s.floats[s.leg_held_from_us + after]:
        before, after = after, s.ints[s.leg_booking + after]
    if before < 0 or is_after(from_us, s.floats[s.leg_held_until_us + before]):
        leg = s.ints[LEG]
        s.floats[s.leg_held_from_us + leg] = from_us
        if before < 0:
            s.ints[s.port_booking + port] = leg
        else:
            s.ints[s.leg_booking + before] = leg
    else:  # without a gap: one long time, or a source with much to send would search through all of it
        leg = before
    if after >= 0 and not is_after(s.floats[s.leg_held_from_us + after], until_us):
        until_us, after = s.floats[s.leg_held_until_us + after], s.ints[s.leg_booking + after]
    s.floats[s.leg_held_until_us + leg] = until_us
    s.ints[s.leg_booking + leg] = after
