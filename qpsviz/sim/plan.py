"""From scenario, network and traffic to the columns that the engine works on."""

from __future__ import annotations

import numpy as np

from qpsviz.parameter import ParameterError
from qpsviz.scenario import Scenario
from qpsviz.sim.network import Network
from qpsviz.sim.state import BURST, CIRCUIT, STORE, Plan
from qpsviz.sim.traffic import Sessions, Traffic, from_one_source
from qpsviz.units import travel_us

_DISCIPLINES = {"burst": BURST, "store": STORE, "circuit": CIRCUIT}


def make_plan(
    scenario: Scenario,
    network: Network,
    traffic: Traffic | None,
    *,
    seed: int,
    until_us: float,
    records: bool,
) -> Plan:
    """Everything fixed before the first event, with columns as arrays.

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
    records : bool
        Whether to keep the timing of every leg.

    Raises
    ------
    ValueError
        If they do not fit together.
    """
    switch, source, memory = scenario.switch, scenario.source, scenario.memory
    payload_us = source.n_qubits * source.spacing_us
    n_groups, per_session = (source.n_frames, 1) if traffic is None else (traffic.n_frames, traffic.frames_per_session)
    period_us = switch.guard_us + payload_us + source.frame_gap_us
    if traffic is None:
        # A circuit is reserved once for all frames of the source; without one, each frame finds its own way.
        per_session = n_groups
        sessions = from_one_source(network, n_sessions=1, apart_us=0.0)
    else:
        sessions = traffic.sessions(network, payload_us=payload_us, n_channels=switch.n_wavelengths, seed=seed)
    n_arms = len(sessions.target) // len(sessions.source)
    _check_layout(scenario, network, n_arms)
    return Plan(
        discipline=_DISCIPLINES[switch.discipline],
        discards_late=switch.late_payload == "discard",
        after_frame=switch.release == "after_frame",
        converts=switch.wavelength_conversion,
        records=records,
        n_channels=switch.n_wavelengths,
        n_nodes=network.n_nodes,
        n_arms=n_arms,
        n_groups=n_groups,
        n_sessions=len(sessions.source),
        groups_per_session=per_session,
        max_attempts=switch.max_attempts,
        max_hops=_most_hops(network, sessions, n_arms),
        key=int(np.random.SeedSequence(seed).generate_state(1)[0]),
        processing_us=float(switch.processing_us),
        payload_us=float(payload_us),
        guard_us=float(switch.guard_us),
        period_us=float(period_us),
        cutoff_us=float(memory.cutoff_us),
        frames_in_memory=float(memory.memory_qubits) / source.n_qubits,
        p_free=float(switch.p_free) if traffic is None or traffic.use_p_free else 1.0,
        until_us=float(until_us),
        link_to=network.link_to,
        link_travel_us=travel_us(network.link_km, scenario.fibre.speed_km_per_us),
        next_link=network.next_link.reshape(-1),
        session_us=sessions.start_us,
        session_source=sessions.source,
        session_target=sessions.target,
    )


def _most_hops(network: Network, sessions: Sessions, n_arms: int) -> int:
    return int(network.n_hops(np.repeat(sessions.source, n_arms), sessions.target).max())


def _check_layout(scenario: Scenario, network: Network, n_arms: int) -> None:
    asked = scenario.path.layout
    if (asked == "split") != (n_arms == 2):
        raise ParameterError(
            "layout",
            f"layout = {asked!r} does not fit network {network.name!r}: a source that sends both halves of a pair "
            "needs Network.line(..., layout='split'); everywhere else layout must be 'sender'",
        )


def as_lists(plan: Plan) -> Plan:
    """The same plan with lists for columns, which plain Python reads several times faster."""
    columns = {name: value.tolist() for name, value in plan._asdict().items() if isinstance(value, np.ndarray)}
    return plan._replace(**columns)
