"""Run a scenario, event by event."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

from qpsviz.errors import ParameterError
from qpsviz.network import Network
from qpsviz.network.given import network_given, traffic_given
from qpsviz.network.traffic import Traffic
from qpsviz.protocols.sampling import sample_frames
from qpsviz.scenario import Scenario
from qpsviz.scenario.presets import scenario_of
from qpsviz.sim.engine.columns import port_held_us
from qpsviz.sim.engine.drive import ENGINES, Engine, Progress
from qpsviz.sim.engine.plan import make_job
from qpsviz.sim.results.events import events_table
from qpsviz.sim.results.links import LinkTotals
from qpsviz.sim.results.over_time import CountedTime
from qpsviz.sim.results.run import Run
from qpsviz.sim.results.signals import signals_table
from qpsviz.sim.results.summary import Totals
from qpsviz.sim.results.tables import Log, follow, frames_table, legs_table, log_of, read_log
from qpsviz.sim.results.trials import planned_trials
from qpsviz.table import stacked
from qpsviz.units.checks import one_of, whole

RECORDS = ("auto", "all", "frames", "statistics")
SAMPLES = ("none", "photons")


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
        ``"all"`` keeps every leg and event, ``"frames"`` only the frames, ``"auto"`` all up to 200,000 legs, and
        ``"statistics"`` no row per frame: ``run.summary()`` and ``run.links``, in memory that does not grow with the
        frames.
    until_us : float
        When to stop; what is under way then is ``IN_FLIGHT``. [us]
    engine : str
        ``"python"``, ``"compiled"`` (with numba), or ``"auto"``: compiled for large runs. Results are the same.
    sample : str
        ``"photons"`` also draws what users measure, in ``run.photons``: a BB84 session, decoy states, measured pairs.
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
    traffic = traffic_given(traffic)
    for name, value, choices in (("record", record, RECORDS), ("engine", engine, ENGINES), ("sample", sample, SAMPLES)):
        one_of(name, value, choices)
    if not until_us >= 0:
        raise ParameterError("until_us", f"until_us = {until_us!r} must be at least 0 us")
    network = network_given(network) or Network.of(scenario)
    job = make_job(scenario, network, traffic, seed=seed, until_us=until_us, record=record)
    at_work = Engine(job, engine=engine, announce=announce)
    setup = RunSetup(scenario, network, seed, 0 if traffic is None else traffic.n_warm_up)
    if job.plan.records:
        run = _whole(read_log(job.plan, at_work.run(progress)), setup)
    else:
        run = _streamed(at_work, setup, progress, keeps_frames=record != "statistics")
    if sample == "photons":
        run.photons = sample_frames(scenario, run.frames, seed=seed)
    if progress is not None:
        progress(1.0)
    return run


class RunSetup(NamedTuple):
    """What is simulated, where, with which randomness, and how many of the first sessions are not counted."""

    scenario: Scenario
    network: Network
    seed: int
    n_warm_up: int


def _whole(log: Log, setup: RunSetup) -> Run:
    """A run of which everything was kept."""
    scenario, network, seed, n_warm_up = setup
    channels = follow(log, scenario, network)
    speed = scenario.fibre.speed_km_per_us
    frames = frames_table(log, channels, scenario)
    time = CountedTime(n_warm_up)
    time.counted(frames)
    links = LinkTotals(network, n_warm_up=n_warm_up)
    links.add(log)
    legs = legs_table(log, channels, network, speed_km_per_us=speed)
    return Run(
        scenario=scenario,
        network=network,
        seed=seed,
        frames=frames,
        legs=legs,
        events=lambda: events_table(log, legs),
        signals=lambda: signals_table(log, network, speed_km_per_us=speed),
        links=links.table(log.columns["port_held_us"], n_channels=log.plan.n_channels, time=time),
        n_warm_up=n_warm_up,
    )


def _streamed(at_work: Engine, setup: RunSetup, progress: Progress | None, *, keeps_frames: bool) -> Run:
    """A run of which the frames were kept, or statistics alone."""
    scenario, network, seed, n_warm_up = setup
    job = at_work.job
    n_sessions, n_groups = job.n_offered()
    trials = planned_trials(n_sessions, n_groups, scenario, n_warm_up=n_warm_up)
    totals = Totals(scenario, trials, n_nodes=network.n_nodes, n_sessions=n_sessions, n_warm_up=n_warm_up)
    links, tables = LinkTotals(network, n_warm_up=n_warm_up), []
    for part in at_work.parts(progress):
        log = log_of(part.plan, part.columns, n_before=part.n_before)
        frames = frames_table(log, follow(log, scenario, network), scenario)
        links.add(log)
        totals.add(frames)
        if keeps_frames:
            tables.append(frames)
    return Run(
        scenario=scenario,
        network=network,
        seed=seed,
        frames=stacked(tables) if keeps_frames else None,
        totals=totals,
        links=links.table(port_held_us(at_work.state), n_channels=job.plan.n_channels, time=totals.time),
        n_warm_up=n_warm_up,
    )
