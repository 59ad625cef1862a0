"""From scenario, network and traffic to the columns that the engine works on."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import numpy as np

from qpsviz.errors import ParameterError
from qpsviz.network import Network
from qpsviz.network.paths import paths, route_lengths
from qpsviz.network.routes import Ints
from qpsviz.network.sessions import Sessions, SessionStream, from_one_source
from qpsviz.network.traffic import Traffic
from qpsviz.noise.storage import storage_of
from qpsviz.scenario import Scenario
from qpsviz.scenario.choices import LatePayload, Release, Reservation
from qpsviz.scenario.discipline import Discipline
from qpsviz.scenario.layout import Layout
from qpsviz.sim.engine.state import Plan
from qpsviz.switch.port_wait import tail
from qpsviz.switch.relay import can_convert
from qpsviz.units import Column, travel_us
from qpsviz.units.times import is_after

RECORD_LIMIT = 200_000
"""Legs up to which a run keeps all if nothing else is asked for."""

_FIRST_SESSIONS = 64
_COUNTED_AT_ONCE = 1 << 12


class Job(NamedTuple):
    """A plan, the columns that it starts from, and those of the sessions that a run which streams has yet to take."""

    plan: Plan
    given: dict[str, Column]
    columns_of: Callable[[Sessions], dict[str, Column]]
    sessions: SessionStream

    def n_offered(self) -> tuple[int, int]:
        """Sessions, and groups, that begin until the last moment looked at."""
        plan, stream = self.plan, self.sessions.again()
        if math.isinf(plan.until_us):
            return plan.n_sessions, plan.n_groups
        n_sessions = n_groups = 0
        in_session_us = np.arange(plan.n_session_groups) * plan.period_us
        while n_sessions < plan.n_sessions:
            start_us = stream.take(min(_COUNTED_AT_ONCE, plan.n_sessions - n_sessions)).start_us
            begun = start_us[~is_after(start_us, plan.until_us)]
            n_sessions += begun.size
            n_groups += int(np.count_nonzero(~is_after(begun[:, None] + in_session_us, plan.until_us)))
            if begun.size < start_us.size:
                break
        return n_sessions, min(n_groups, plan.n_groups)


def make_job(
    scenario: Scenario,
    network: Network,
    traffic: Traffic | None,
    *,
    seed: int,
    until_us: float,
    record: str,
) -> Job:
    """Everything fixed before the first event.

    Parameters
    ----------
    scenario : Scenario
        Switches, memories and frames.
    network : Network
        Where frames travel.
    traffic : Traffic or None
        Who sends when; None is the one source of a line, with the scenario's frames.
    seed : int
        Randomness of arrivals and of availability.
    until_us : float
        When to stop looking. [us]
    record : str
        What to keep, as in :func:`qpsviz.sim.simulate`.

    Raises
    ------
    ValueError
        If they do not fit together.
    """
    payload_us = scenario.source.payload_us
    n_groups, n_session_groups, stream = _who_sends(scenario, network, traffic, payload_us=payload_us, seed=seed)
    n_sessions = -(-n_groups // n_session_groups)
    n_arms, max_hops = stream.n_arms, stream.max_hops
    records = record == "all" or (record == "auto" and n_groups * n_arms * max_hops <= RECORD_LIMIT)
    sessions = stream.take(n_sessions if records else min(n_sessions, _FIRST_SESSIONS))
    _check_layout(scenario, network, n_arms)
    first, beside = network.parallel_fibres
    links = np.ascontiguousarray(np.where(network.next_link < 0, -1, first[network.next_link]))
    ways, most_links = _ways_around(scenario, network, links)
    n_detours = scenario.switch.max_deflections if ways["out_link"].size > 1 else 0
    max_hops += n_detours * (1 + most_links)
    plan = _plan(
        scenario, seed=seed, until_us=until_us, records=records, has_parallel=bool(np.any(beside >= 0)),
        max_deflections=n_detours,
        n_nodes=network.n_nodes, n_arms=n_arms, n_groups=n_groups, n_sessions=n_sessions,
        n_session_groups=n_session_groups, max_hops=max_hops, uses_p_free=traffic is None or traffic.use_p_free,
    )  # fmt: skip
    columns_of = partial(_session_columns, network, links, plan)
    return Job(plan, _given(scenario, network, beside) | ways | columns_of(sessions), columns_of, stream)


def _plan(
    scenario: Scenario, *, seed: int, until_us: float, records: bool, has_parallel: bool, max_deflections: int,
    n_nodes: int, n_arms: int, n_groups: int, n_sessions: int, n_session_groups: int, max_hops: int, uses_p_free: bool,
) -> Plan:  # fmt: skip
    """What switches, memories and frames of a scenario are to the engine."""
    switch, source, memory = scenario.switch, scenario.source, scenario.memory
    discipline = Discipline(switch.discipline)
    reservation = Reservation.of(discipline, switch.reservation)
    return Plan(
        can=discipline.can,
        discards_late=LatePayload(switch.late_payload).drops_frame,
        after_frame=Release(switch.release).waits_for_frame,
        converts=switch.wavelength_conversion and can_convert(switch.device),
        immediate=reservation is Reservation.IMMEDIATE,
        delayed=reservation is Reservation.DELAYED,
        records=records,
        streams=not records,
        has_parallel=has_parallel,
        deflects=max_deflections > 0,
        n_channels=switch.n_wavelengths,
        n_nodes=n_nodes,
        n_arms=n_arms,
        n_groups=n_groups,
        n_sessions=n_sessions,
        n_session_groups=n_session_groups,
        max_attempts=switch.max_attempts,
        max_hops=max_hops,
        max_deflections=max_deflections,
        key=int(np.random.SeedSequence(seed).generate_state(1)[0]),
        n_qubits=source.n_qubits,
        memory_qubits=float(memory.memory_qubits),
        spacing_us=float(source.spacing_us),
        processing_us=float(switch.processing_us),
        payload_us=float(source.payload_us),
        guard_us=float(switch.guard_us),
        period_us=float(switch.guard_us + source.payload_us + source.frame_gap_us),
        cutoff_us=float(memory.cutoff_us),
        turn_us=storage_of(scenario.values()).period_us,
        **_ports(scenario, uses_p_free),
        until_us=float(until_us),
        # A stored frame's header may leave this much before the relay's decision is worked off.
        look_us=float(until_us + (switch.guard_us if discipline.stores else 0.0)),
    )


def _ports(scenario: Scenario, uses_p_free: bool) -> dict[str, float]:
    """How free ports are of other traffic, and the tail of the waits for one that is not."""
    p_free = float(scenario.switch.p_free) if uses_p_free else 1.0
    waits = Discipline(scenario.switch.discipline).stores and 0.0 < p_free < 1.0
    wait_rate, wait_share = tail(p_free) if waits else (0.0, 0.0)
    return {"p_free": p_free, "wait_rate": wait_rate, "wait_share": wait_share}


def _session_columns(network: Network, links: Ints, plan: Plan, sessions: Sessions) -> dict[str, Column]:
    """What the engine knows of sessions: when, from where, to where, and by which links."""
    source = np.repeat(sessions.source, plan.n_arms)
    return {
        "session_start_us": sessions.start_us,
        "session_source": sessions.source,
        "arm_destination": sessions.destination,
        "path_link": paths(links, network.link_to, source, sessions.destination, plan.max_hops + 1).reshape(-1),
    }


def _given(scenario: Scenario, network: Network, beside: Ints) -> dict[str, Column]:
    """The columns of links."""
    return {
        "link_to": network.link_to,
        "link_travel_us": travel_us(network.link_km, scenario.fibre.speed_km_per_us),
        "link_beside": beside,
    }


def _ways_around(scenario: Scenario, network: Network, route_link: Ints) -> tuple[dict[str, Column], int]:
    """The links that leave each node, and paths by node and destination; and how many links the longest path has.

    One row that ends the list, where no burst may be deflected: on a line there is one way only.
    """
    switch = scenario.switch
    if not (switch.max_deflections and Discipline(switch.discipline).overtakes) or network.is_line:
        return {"node_out": np.zeros(1), "out_link": np.array([-1]), "route_link": np.empty(0)}, 0
    links = np.unique(network.parallel_fibres[0])
    order = links[np.argsort(network.link_from[links], kind="stable")]
    n_out = np.bincount(network.link_from[order], minlength=network.n_nodes)
    start = np.append(0, np.cumsum(n_out + 1)[:-1])
    out_link = np.full(int(n_out.sum()) + network.n_nodes, -1)
    out_link[np.arange(order.size) + network.link_from[order]] = order  # those of each node, then -1
    route_km, most_links = route_lengths(network.next_link, network.link_to, network.link_km)
    route_us = travel_us(route_km, scenario.fibre.speed_km_per_us)
    return {
        "node_out": start,
        "out_link": out_link,
        "route_link": route_link.ravel(),
        "route_us": route_us.ravel(),
    }, most_links


def _who_sends(
    scenario: Scenario, network: Network, traffic: Traffic | None, *, payload_us: float, seed: int
) -> tuple[int, int, SessionStream]:
    """Groups in all, groups per session, and the sessions."""
    if traffic is None:
        # A circuit is reserved once for all frames of the source; without one, each frame finds its own way.
        n_frames = scenario.source.n_frames
        return n_frames, n_frames, SessionStream.listed(network, from_one_source(network))
    n_channels = scenario.switch.n_wavelengths
    sessions = traffic.stream(
        network, payload_us=payload_us, n_channels=n_channels, seed=seed, layout=scenario.path.layout
    )
    return traffic.n_frames, traffic.n_frames_per_session, sessions


def _check_layout(scenario: Scenario, network: Network, n_arms: int) -> None:
    asked = scenario.path.layout
    if Layout(asked).n_arms != n_arms:
        raise ParameterError(
            "layout",
            f"layout = {asked!r} does not fit network {network.name!r}: a source that sends both halves of a pair "
            "needs Network.line(..., layout='split'), or traffic=Traffic(…) between users; everywhere else layout must "
            "be 'sender'",
        )
