"""Which port a frame takes, and for how long it holds it.

A burst with *delayed* reservation books a port for its payload alone, and may use the gap before a payload that was
booked earlier; every other frame books a port from its header's reading or its release on, one after the other, to a
"horizon". Runs both as plain Python on lists and compiled on arrays: scalars and columns only.
"""

from __future__ import annotations

from qpsviz.sim.state import LEG, Plan, Row, State
from qpsviz.times import is_after


def pick_port(plan: Plan, s: State, link: Row, start_us: float, hold_us: float, channel: Row, any_channel: bool) -> int:
    """The port to use at ``start_us`` on a link or on a fibre beside it: a free one, else the first to be free.

    The wanted wavelength comes before all others, and a shorter fibre before a longer one. ``port_free_us`` then says
    when that port is free: its horizon, or with delayed reservation the first moment from ``start_us`` on at which it
    can be held for ``hold_us``.
    """
    best = -1
    for step in range(plan.n_channels if any_channel else 1):
        fibre = link
        while fibre >= 0:
            port = fibre * plan.n_channels + (channel + step) % plan.n_channels
            if plan.delayed:
                look_for_gap(s, port, start_us, hold_us)
            if not is_after(s.floats[s.port_free_us + port], start_us):
                return port
            if best < 0 or is_after(s.floats[s.port_free_us + best], s.floats[s.port_free_us + port]):
                best = port
            fibre = s.ints[s.link_beside + fibre]
    return best


def look_for_gap(s: State, port: Row, start_us: float, hold_us: float) -> None:
    """Find the first moment from ``start_us`` on from which a port is not booked for as long as ``hold_us``."""
    booking = s.ints[s.port_booking + port]
    while booking >= 0 and is_after(start_us + hold_us, s.floats[s.leg_held_from_us + booking]):
        if is_after(s.floats[s.leg_held_until_us + booking], start_us):
            start_us = s.floats[s.leg_held_until_us + booking]
        booking = s.ints[s.leg_booking + booking]
    s.floats[s.port_free_us + port] = start_us


def hold_port(plan: Plan, s: State, port: Row, from_us: float, until_us: float, now_us: float) -> None:
    """Book a port for the leg that is logged next."""
    s.floats[s.port_held_us + port] += until_us - from_us
    if plan.delayed:
        book(s, port, from_us, until_us, now_us)
    else:
        s.floats[s.port_free_us + port] = until_us


def book(s: State, port: Row, from_us: float, until_us: float, now_us: float) -> None:
    """Add a time to those for which a port is booked, which follow each other with gaps between; forget past ones."""
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
