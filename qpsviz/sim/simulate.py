"""Run a scenario, event by event."""

from __future__ import annotations

import math
from typing import Any

from qpsviz.parameter import ParameterError
from qpsviz.scenario import Scenario
from qpsviz.sim import compiled
from qpsviz.sim.engine import CROWDED, DONE, SEND, advance
from qpsviz.sim.events import events_table
from qpsviz.sim.heap import push
from qpsviz.sim.network import Network, whole
from qpsviz.sim.plan import as_lists, make_plan
from qpsviz.sim.run import Run
from qpsviz.sim.state import Plan, State, grown, new_state, room
from qpsviz.sim.tables import follow, frames_table, legs_table, read_log
from qpsviz.sim.traffic import Traffic

RECORDS = ("auto", "all", "frames")
ENGINES = ("auto", "python", "compiled")
_RECORD_LIMIT = 20_000
_PLAIN_EVENTS = 5_000
_CHUNK = 1_000_000


def simulate(
    scenario: Scenario,
    *,
    network: Network | None = None,
    traffic: Traffic | None = None,
    seed: int = 0,
    record: str = "auto",
    until_us: float = math.inf,
    engine: str = "auto",
) -> Run:
    """Simulate a scenario event by event.

    Parameters
    ----------
    scenario : Scenario
        Switches, memories, fibre and frames; and the line, where no network is given.
    network : Network, optional
        Where frames travel; the scenario's own line if left out.
    traffic : Traffic, optional
        Who sends when; if left out, the source of a line sends the scenario's frames one after another.
    seed : int
        Equal scenario and seed give equal runs, bit for bit.
    record : str
        ``"all"`` keeps every leg and event, ``"frames"`` only the frames, ``"auto"`` all up to 20,000 frames.
    until_us : float
        When to stop; what is under way then is ``IN_FLIGHT``. [us]
    engine : str
        ``"python"``, ``"compiled"`` (with numba), or ``"auto"``: compiled for large runs. Results are the same.

    Returns
    -------
    Run
        Tables of frames, legs and events.

    Raises
    ------
    ValueError
        If an argument is out of range, or network, traffic and layout do not fit together.
    ImportError
        If the compiled engine is asked for and numba is not installed.

    Notes
    -----
    The rules are those of the paper, Sections II.B and IV; :mod:`qpsviz.sim.hops` lists what is assumed beyond it.

    Examples
    --------
    >>> run = simulate(Scenario().replace(n_frames=3), seed=1)
    >>> run.frames["fate"].tolist(), run.frames["dwell_us"].tolist()
    (['DELIVERED', 'DELIVERED', 'DELIVERED'], [375.0, 375.0, 375.0])
    """
    seed = whole("seed", seed, 0)
    for name, value, choices in (("record", record, RECORDS), ("engine", engine, ENGINES)):
        if value not in choices:
            raise ParameterError(name, f"{name} = {value!r} is not one of {', '.join(choices)}")
    if not until_us >= 0:
        raise ParameterError("until_us", f"until_us = {until_us!r} must be at least 0 us")
    n_frames = scenario.source.n_frames if traffic is None else traffic.n_frames
    records = record == "all" or (record == "auto" and n_frames <= _RECORD_LIMIT)
    network = Network.of(scenario) if network is None else network
    plan = make_plan(scenario, network, traffic, seed=seed, until_us=until_us, records=records)
    return _as_run(scenario, network, seed, plan, run_engine(plan, n_links=network.n_links, engine=engine))


def run_engine(plan: Plan, *, n_links: int, engine: str) -> State:
    """Work off every event of a plan, compiled or as plain Python: equal bit for bit."""
    is_compiled = engine == "compiled" or (engine == "auto" and _worth_compiling(plan))
    fast, step = (plan, compiled.advance()) if is_compiled else (as_lists(plan), advance)
    state = new_state(plan, n_links=n_links, compiled=is_compiled)
    push(state, float(plan.session_us[0]), SEND, 0)
    margins = room(plan)
    while (status := step(fast, state, _CHUNK, margins["heap"], margins["leg"])) != DONE:
        if status == CROWDED:
            state = grown(state, plan)
    return state


def _worth_compiling(plan: Plan) -> bool:
    """Small runs never wait for numba: a slider's move must not pay for its import."""
    n_events = plan.n_groups * plan.n_arms * plan.max_hops
    return compiled.available() and (compiled.ready() or n_events > _PLAIN_EVENTS)


def _as_run(scenario: Scenario, network: Network, seed: int, plan: Plan, state: State) -> Run:
    log = read_log(plan, state)
    channels = follow(log, scenario, network)
    frames = frames_table(log, channels, scenario)
    common: dict[str, Any] = {"scenario": scenario, "network": network, "seed": seed, "frames": frames}
    if not plan.records:
        return Run(**common, legs=None, events=None)
    legs = legs_table(log, channels, network, speed_km_per_us=scenario.fibre.speed_km_per_us)
    return Run(**common, legs=legs, events=lambda: events_table(log, legs))
