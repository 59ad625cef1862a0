"""Work off all events of a job, compiled or as plain Python: equal bit for bit."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator

import numpy as np

from qpsviz.sim.engine import compiled
from qpsviz.sim.engine.columns import columns_of, record_of
from qpsviz.sim.engine.growth import LEAST_EVENTS, grown, n_possible, new_state, room, widened
from qpsviz.sim.engine.loop import CROWDED, DONE, PAUSED, advance, lacks_session
from qpsviz.sim.engine.plan import Job
from qpsviz.sim.engine.state import FREE_FLIGHTS, OLDEST, Buffers, Plan, State
from qpsviz.sim.engine.window import Part, fill, take_out

_log = logging.getLogger("qpsviz")

ENGINES = ("auto", "python", "compiled")
_PLAIN_EVENTS = 50_000
_COMPILING = "compiling the simulation engine: once per installation, up to a minute"
_CHUNK = 1_000_000
_PLAIN_CHUNK = 20_000

Progress = Callable[[float], None]
Announce = Callable[[str], None]


class Engine:
    """A job under way.

    Parameters
    ----------
    job : Job
        What to work off.
    engine : str
        One of ``ENGINES``.
    announce : callable, optional
        Called with a sentence before the engine is compiled; if left out, the sentence is logged as a warning.

    Raises
    ------
    ImportError
        If the compiled engine is asked for and numba is not installed.
    """

    def __init__(self, job: Job, *, engine: str, announce: Announce | None = None) -> None:
        self.job = job
        is_compiled = engine == "compiled" or (engine == "auto" and _worth_compiling(job.plan))
        self._step: Callable[..., int] = compiled.advance() if is_compiled else advance
        if is_compiled and not compiled.is_kept():
            (announce or _log.warning)(_COMPILING)
        self._n_events = _CHUNK if is_compiled else _PLAIN_CHUNK
        self._known = record_of(job.plan._asdict()) if is_compiled else job.plan
        self._margins = room(job.plan)
        self.state: State | Buffers = new_state(job.plan, job.given, compiled=is_compiled)

    def _go_on(self) -> int:
        """Work off events until sessions have to be taken out, nothing is left, or it is enough for now."""
        n_left = self._n_events
        while n_left > 0:
            n = min(n_left, n_possible(self.state, self._margins))
            if n < min(n_left, LEAST_EVENTS):
                self.state = grown(self.state, self.job.plan)
                continue
            if (status := self._step(self._known, self.state, n)) != PAUSED:
                return status
            n_left -= n
        return PAUSED

    def run(self, progress: Progress | None = None) -> State | Buffers:
        """Work off everything and keep it all."""
        while self._go_on() != DONE:
            if progress is not None and (share := share_sent(self.job.plan, self.state)) < 1.0:
                progress(share)
        return self.state

    def parts(self, progress: Progress | None = None) -> Iterator[Part]:
        """Work off everything, and hand out sessions that are over, in order and without gaps."""
        plan = self.job.plan
        fill(self.job, self.state)
        while (status := self._go_on()) != DONE:
            if status != CROWDED:
                continue
            lacks = lacks_session(plan, self.state), self.state.counts[FREE_FLIGHTS] < plan.n_arms
            part = take_out(plan, self.state)
            fill(self.job, self.state)
            self._make_room(part.plan.n_sessions if part else 0, *lacks)
            if part:
                yield part
            if progress is not None and 0.0 < (share := int(self.state.counts[OLDEST]) / plan.n_sessions) < 1.0:
                progress(share)
        if part := take_out(plan, self.state, at_end=True):
            yield part

    def _make_room(self, n_out: int, lacked_session: bool, lacked_flight: bool) -> None:
        """More rows where few of those that lacked became free, so that taking out stays a small share of the work."""
        plan, s = self.job.plan, self.state
        if lacked_session and 4 * n_out <= s.at.n_session_mask:
            self.state = s = widened(s, plan)
            fill(self.job, s)
        if lacked_flight and 4 * s.counts[FREE_FLIGHTS] < s.at.n_flight_rows:
            self.state = grown(s, plan, more_flights=True)


def share_sent(plan: Plan, state: State | Buffers) -> float:
    """Share of the frames that their sources have sent at least once; equal to 1 before the last one arrives. [1]"""
    n_frames = plan.n_groups * plan.n_arms
    flights = columns_of(state)["frame_flight"][:n_frames]
    return float(np.count_nonzero(flights >= 0) / n_frames)


def _worth_compiling(plan: Plan) -> bool:
    """Small runs never wait for numba: a slider's move must not pay for its import.

    Plain Python works off 50,000 events in a third of a second; loading the compiled engine takes longer.
    """
    return compiled.available() and (compiled.ready() or legs_sent_once(plan) > _PLAIN_EVENTS)


def legs_sent_once(plan: Plan) -> int:
    """Legs that all frames together travel at most when each is sent once; there are about as many events."""
    return plan.n_groups * plan.n_arms * plan.max_hops
