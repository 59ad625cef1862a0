"""Run a scenario, event by event."""

from __future__ import annotations

import logging
import math
from collections.abc import Callable
from functools import partial

import numpy as np

from qpsviz.errors import ParameterError
from qpsviz.network import Network
from qpsviz.network.checks import whole
from qpsviz.network.traffic import Traffic
from qpsviz.protocols.sampling import sample_frames
from qpsviz.scenario import Scenario
from qpsviz.scenario.presets import scenario_of
from qpsviz.sim.engine import compiled
from qpsviz.sim.engine.heap import push
from qpsviz.sim.engine.hops import SEND
from qpsviz.sim.engine.loop import CROWDED, DONE, advance
from qpsviz.sim.engine.plan import Job, make_job
from qpsviz.sim.engine.state import Plan, State, grown, new_state, room
from qpsviz.sim.results.events import events_table
from qpsviz.sim.results.run import Run
from qpsviz.sim.results.signals import signals_table
from qpsviz.sim.results.tables import Log, follow, frames_table, legs_table, read_log

_log = logging.getLogger("qpsviz")

RECORDS = ("auto", "all", "frames")
ENGINES = ("auto", "python", "compiled")
SAMPLES = ("none", "photons")
_RECORD_LIMIT = 200_000
_PLAIN_EVENTS = 50_000
_COMPILING = "compiling the simulation engine: once per installation, about a quarter of a minute"
_CHUNK = 1_000_000
_PLAIN_CHUNK = 20_000


def simulate(
    scenario: Scenario | str,
    *,
    network: Network | None = None,
    traffic: Traffic | None = None,
    seed: int = 0,
    record: str = "auto",
    until_us: float = math.inf,
    engine: str = "auto",
    sample: str = "none",
    progress: Callable[[float], None] | None = None,
    announce: Callable[[str], None] | None = None,
) -> Run:
    """Simulate a scenario event by event.

    Parameters
    ----------
    scenario : Scenario or str
        A preset's name, or switches, memories, fibre and frames; and the line, where no network is given.
    network : Network, optional
        Where frames travel; the scenario's own line if left out.
    traffic : Traffic, optional
        Who sends when; if left out, the source of a line sends the scenario's frames one after another.
    seed : int
        Equal scenario and seed give equal runs, bit for bit.
    record : str
        ``"all"`` keeps every leg and event, ``"frames"`` only the frames, ``"auto"`` all up to 200,000 legs.
    until_us : float
        When to stop; what is under way then is ``IN_FLIGHT``. [us]
    engine : str
        ``"python"``, ``"compiled"`` (with numba), or ``"auto"``: compiled for large runs. Results are the same.
    sample : str
        ``"photons"`` also draws what the users measure: a BB84 session and measured pairs, in ``run.photons``.
    progress : callable, optional
        Called now and then with the share of frames sent so far, which never falls, and at the end with 1.0; an
        exception that it raises ends the simulation.
    announce : callable, optional
        Called with a sentence before something long that has no share: the engine is compiled once per installation.
        If left out, the sentence goes to the log of ``qpsviz`` as a warning, which shows on the standard error.

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
    The rules are those of the paper, Sections II.B and IV; :mod:`qpsviz.sim.engine.hops` lists what is assumed beyond
    it.

    Examples
    --------
    >>> run = simulate(Scenario().replace(n_frames=3), seed=1)
    >>> run.frames["fate"].tolist(), run.frames["dwell_us"].tolist()
    (['DELIVERED', 'DELIVERED', 'DELIVERED'], [375.0, 375.0, 375.0])
    """
    scenario, seed = scenario_of(scenario), whole("seed", seed, 0)
    _check_types(network, traffic)
    for name, value, choices in (("record", record, RECORDS), ("engine", engine, ENGINES), ("sample", sample, SAMPLES)):
        if value not in choices:
            raise ParameterError(name, f"{name} = {value!r} is not one of {', '.join(choices)}")
    if not until_us >= 0:
        raise ParameterError("until_us", f"until_us = {until_us!r} must be at least 0 us")
    network = Network.of(scenario) if network is None else network
    job = make_job(scenario, network, traffic, seed=seed, until_us=until_us, records=record == "all")
    if record == "auto":
        job = Job(job.plan._replace(records=legs_sent_once(job.plan) <= _RECORD_LIMIT), job.given)
    log = read_log(job.plan, run_engine(job, engine=engine, progress=progress, announce=announce))
    run = _as_run(scenario, network, seed, log)
    if sample == "photons":
        run.photons = sample_frames(scenario, run.frames, seed=seed)
    if progress is not None:
        progress(1.0)
    return run


def _check_types(network: object, traffic: object) -> None:
    if network is not None and not isinstance(network, Network):
        hint = "write network=qps.Network.ring(…), .nsfnet(), .from_graphml(path) or .from_networkx(graph)"
        raise ParameterError("network", f"network = {network!r} is no Network: {hint}")
    if traffic is not None and not isinstance(traffic, Traffic):
        raise ParameterError("traffic", f"traffic = {traffic!r} is no Traffic: write traffic=qps.Traffic(load=0.5)")


def run_engine(
    job: Job,
    *,
    engine: str,
    progress: Callable[[float], None] | None = None,
    announce: Callable[[str], None] | None = None,
) -> State:
    """Work off every event of a job, compiled or as plain Python: equal bit for bit."""
    plan = job.plan
    is_compiled = engine == "compiled" or (engine == "auto" and _worth_compiling(plan))
    step = compiled.advance() if is_compiled else advance
    if is_compiled and not compiled.is_kept():
        (announce or _log.warning)(_COMPILING)
    state = new_state(plan, job.given, compiled=is_compiled)
    push(state, float(job.given["session_start_us"][0]), SEND, 0)
    margins, n_events = room(plan), _CHUNK if is_compiled else _PLAIN_CHUNK
    while (status := step(plan, state, n_events, margins["heap"], margins["leg"])) != DONE:
        if status == CROWDED:
            state = grown(state, plan)
        if progress is not None and (share := share_sent(plan, state)) < 1.0:
            progress(share)
    return state


def share_sent(plan: Plan, state: State) -> float:
    """Share of the frames that their sources have sent at least once; equal to 1 before the last one arrives. [1]"""
    n_frames = plan.n_groups * plan.n_arms
    flights = np.asarray(state.ints[state.frame_flight : state.frame_flight + n_frames])
    return float(np.count_nonzero(flights >= 0) / n_frames)


def _worth_compiling(plan: Plan) -> bool:
    """Small runs never wait for numba: a slider's move must not pay for its import.

    Plain Python works off 50,000 events in a third of a second; loading the compiled engine takes longer.
    """
    return compiled.available() and (compiled.ready() or legs_sent_once(plan) > _PLAIN_EVENTS)


def legs_sent_once(plan: Plan) -> int:
    """Legs that all frames together travel at most when each is sent once; there are about as many events."""
    return plan.n_groups * plan.n_arms * plan.max_hops


def _as_run(scenario: Scenario, network: Network, seed: int, log: Log) -> Run:
    channels = follow(log, scenario, network)
    frames = frames_table(log, channels, scenario)
    run = partial(Run, scenario=scenario, network=network, seed=seed, frames=frames)
    if not log.plan.records:
        return run(legs=None, events=None)
    speed = scenario.fibre.speed_km_per_us
    legs = legs_table(log, channels, network, speed_km_per_us=speed)
    return run(
        legs=legs,
        events=lambda: events_table(log, legs),
        signals=lambda: signals_table(log, network, speed_km_per_us=speed),
    )
