"""Where the rows of a frame, its session and its path are, and when a session is over.

Runs both as plain Python on lists and compiled on arrays: scalars and columns only.
"""

from __future__ import annotations

from qpsviz.sim.engine.state import Plan, Row, State


def session_of(plan: Plan, s: State, frame: Row) -> int:
    """Row of the session of a frame."""
    return (frame // plan.n_arms // plan.n_session_groups) & s.at.n_session_mask


def row_of(plan: Plan, s: State, frame: Row) -> int:
    """Row of a frame: its place in its session, after those of the sessions before."""
    n = plan.n_session_groups * plan.n_arms
    return session_of(plan, s, frame) * n + frame % n


def path_of(plan: Plan, s: State, arm: Row) -> int:
    """Where the links of an arm's path begin, which -1 ends."""
    return arm * (plan.max_hops + 1)


def arm_of(plan: Plan, s: State, frame: Row) -> int:
    """Row of the arm by which a frame goes."""
    return session_of(plan, s, frame) * plan.n_arms + frame % plan.n_arms


def next_link(plan: Plan, s: State, flight: Row) -> int:
    """The link by which a flight goes on, the shortest of those beside each other; -1 at its destination."""
    if plan.deflects:
        destination = s.arm_destination[arm_of(plan, s, s.flight_frame[flight])]
        return s.route_link[s.flight_node[flight] * plan.n_nodes + destination]
    return s.path_link[s.flight_path[flight] + s.flight_hop[flight]]


def keep_open(plan: Plan, s: State, frame: Row) -> None:
    """One more thing is to happen in the session of a frame, which a run that streams wants to know."""
    if plan.streams:
        s.session_open[session_of(plan, s, frame)] += 1


def close(plan: Plan, s: State, frame: Row) -> None:
    """One thing less is to happen in the session of a frame; with none left, the session is over."""
    if plan.streams:
        s.session_open[session_of(plan, s, frame)] -= 1
