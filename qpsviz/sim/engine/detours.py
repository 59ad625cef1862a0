"""Another way for a burst whose port is taken: deflection routing.

The relay sends it by the port that is free and from which it gets to its destination soonest, and from there it goes
on by the shortest path. Not back to where it came from, and not to a node that would send it straight back. Each detour
means more relays, which the guard of the burst was not made for: it may be cut or dropped as late there.

Assumptions, as the paper drops such a burst: a relay knows how far its neighbours are from every destination, and tries
other ways in no time; a port that the availability P takes from a burst has no free port beside it. Runs both as plain
Python on lists and compiled on arrays: scalars and columns only.
"""

from __future__ import annotations

import math

from qpsviz.sim.engine.ports import look_for_gaps, pick_port
from qpsviz.sim.engine.rows import arm_of, next_link
from qpsviz.sim.engine.state import Plan, Row, State
from qpsviz.units.times import is_after


def way_around(plan: Plan, s: State, flight: Row, start_us: float, until_us: float) -> int:
    """The free port from which a burst arrives soonest, -1 where there is none or it may not deflect again."""
    best, best_us = -1, math.inf
    if not plan.deflects or s.detour_n[flight] >= plan.max_deflections:
        return best
    node, destination = s.flight_node[flight], s.arm_destination[arm_of(plan, s, s.flight_frame[flight])]
    taken, place = next_link(plan, s, flight), s.node_out[node]
    while s.out_link[place] >= 0:
        link = s.out_link[place]
        place += 1
        ahead_us = s.link_travel_us[link] + s.route_us[s.link_to[link] * plan.n_nodes + destination]
        if link == taken or ahead_us >= best_us or leads_back(plan, s, flight, link, destination):
            continue
        if plan.delayed:
            look_for_gaps(plan, s, link, start_us, until_us - start_us)
        port = pick_port(plan, s, link, start_us, s.flight_channel[flight], plan.converts)
        if not is_after(s.port_free_us[port], start_us):
            best, best_us = port, ahead_us
    if best >= 0:
        s.detour_n[flight] += 1
    return best


def leads_back(plan: Plan, s: State, flight: Row, link: Row, destination: Row) -> bool:
    """Whether a link leads to where a flight came from, or to a node that would send it straight back."""
    there = s.link_to[link]
    if there == s.detour_from[flight]:
        return True
    onward = s.route_link[there * plan.n_nodes + destination]
    return onward >= 0 and s.link_to[onward] == s.flight_node[flight]
