"""The load study of a choice, computed beside the answers for as long as somebody watches."""

from __future__ import annotations

import logging
import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from qpsviz.experiments import USUAL, LoadCurves, LoadStudy
from qpsviz.experiments.computing import Cancelled, Numbers, WorkersLost
from qpsviz.experiments.execution import Outcomes, in_processes, in_this_process
from qpsviz.experiments.grid import Point
from qpsviz.network import Network
from qpsviz.scenario import Scenario
from qpsviz.session.executor import Executor
from qpsviz.session.tabs.traffic.choices import Choice
from qpsviz.sim.engine import compiled

if TYPE_CHECKING:
    from qpsviz.session.protocol.traffic import TrafficProgress

LOADS = (0.05, 0.1, 0.2, 0.3, 0.45, 0.6, 0.75, 0.9, 1.1)
N_SEEDS = 12
COMPARED = USUAL
#: Sessions of a run last this many times the longest set-up of a circuit, within these numbers of frames.
N_ROUND_TRIPS, MIN_FRAMES, MAX_FRAMES = 30.0, 4_000, 60_000
#: Without a question for this long nobody watches. [s]
UNWATCHED_S = 5.0
MOST_KEPT = 4
_log = logging.getLogger("qpsviz")


def frames_per_run(scenario: Scenario, network: Network, choice: Choice) -> int:
    """Frames of each run: enough for a circuit to be set up many times while they come.

    Parameters
    ----------
    scenario, network, choice
        What is compared.

    Returns
    -------
    int
        The same for all loads and disciplines.
    """
    hops, longest = network.hops_between_ends, float(network.link_km.max())
    n_most = int(hops.max())
    once_us = n_most * (longest / scenario.fibre.speed_km_per_us + scenario.switch.processing_us)
    span_us = N_ROUND_TRIPS * 2 * once_us
    per_us = network.n_links * scenario.switch.n_wavelengths / (float(np.mean(hops)) * scenario.source.payload_us)
    n_wanted = 0.5 * per_us * span_us
    least = max(MIN_FRAMES, 200 * choice.n_frames_per_session)
    return int(min(max(n_wanted, least), max(MAX_FRAMES, least)))


class BackgroundStudy:
    """A load study that goes on while it is asked for, one seed after the other.

    Parameters
    ----------
    scenario, network, choice
        What is compared; the load and the variant of the choice are not used.
    """

    def __init__(self, scenario: Scenario, network: Network, choice: Choice) -> None:
        self.n_frames = frames_per_run(scenario, network, choice)
        self.study = LoadStudy(
            scenario, network=network, traffic=choice.traffic(self.n_frames), loads=LOADS, disciplines=COMPARED,
            seeds=range(N_SEEDS),
        )  # fmt: skip
        self._points = self.study.in_rounds()
        self._found: dict[str, Numbers] = {}
        self._lock = threading.Lock()
        self._asked_s = 0.0
        self._is_paused = False
        self._problem = ""
        self._work: Future[None] | None = None

    def ask(self, executor: Executor, *, pause: bool | None = None) -> TrafficProgress:
        """How far it is; goes on if it rests, unless it was paused."""
        self._asked_s = time.monotonic()
        if pause is not None:
            self._is_paused, self._problem = pause, ""
        is_resting = self._work is None or self._work.done()
        if is_resting and not self._is_paused and not self._problem and self.n_done < len(self._points):
            self._work = executor.start(lambda: self._go_on(beside=executor.goes_on))
        return self._progress()

    @property
    def n_done(self) -> int:
        """Points that are finished."""
        return len(self._found)

    def curves(self) -> LoadCurves:
        """The curves so far."""
        with self._lock:
            return self.study.curves(dict(self._found))

    def pause(self) -> None:
        """Go on only when somebody says so."""
        self._is_paused = True

    def rest(self) -> None:
        """Stop until somebody asks again."""
        self._asked_s = -math.inf

    def _is_over(self) -> bool:
        return self._is_paused or time.monotonic() - self._asked_s > UNWATCHED_S

    def _go_on(self, *, beside: bool) -> None:
        try:
            with _one_at_work:
                left = [point for point in self._points if point.digest not in self._found and not self._is_over()]
                with closing(self._computed(left, beside=beside)) as found:  # type: ignore[type-var]  # a generator
                    for point, outcome in found:
                        self._keep(point, outcome)
        except Cancelled:
            pass
        except (WorkersLost, OSError) as error:
            _log.debug("a load study", exc_info=error)
            self._problem = "The process that computes was ended. Go on starts another one."

    def _computed(self, left: list[Point], *, beside: bool) -> Outcomes:
        engine = "compiled" if beside and compiled.available() else "auto"
        if beside:
            return in_processes(left, engine, self._is_over, n_workers=1)
        return in_this_process(left, engine, self._is_over)

    def _keep(self, point: Point, outcome: Numbers | Exception) -> None:
        if isinstance(outcome, Exception):
            self._problem = f"A run could not be made: {outcome}"
            raise Cancelled
        with self._lock:
            self._found[point.digest] = outcome

    def _progress(self) -> TrafficProgress:
        n_round = len(self._points) // N_SEEDS
        state: Literal["running", "paused", "done", "failed"]
        if self._problem:
            state = "failed"
        elif self.n_done == len(self._points):
            state = "done"
        else:
            state = "paused" if self._is_paused else "running"
        return {
            "state": state,
            "done": self.n_done,
            "points": len(self._points),
            "seeds": self.n_done // n_round,
            "most_seeds": N_SEEDS,
            "frames": self.n_frames,
            "problem": self._problem,
        }


#: However quickly choices change, one process computes.
_one_at_work = threading.Lock()
_studies: OrderedDict[tuple[Scenario, Choice], BackgroundStudy] = OrderedDict()


def study_of(scenario: Scenario, choice: Choice, make_network: Callable[[], Network]) -> BackgroundStudy:
    """The study of a choice, begun when it is first asked for; the others rest.

    Parameters
    ----------
    scenario : Scenario
        The present state of the page.
    choice : Choice
        Its load and variant do not matter.
    make_network : callable
        Gives its network.
    """
    first = Choice()
    key = scenario, replace(choice, load=first.load, variant=first.variant)
    if key not in _studies:
        for other in _studies.values():
            other.rest()
        _studies[key] = BackgroundStudy(scenario, make_network(), choice)
    _studies.move_to_end(key)
    while len(_studies) > MOST_KEPT:
        _studies.popitem(last=False)[1].pause()
    return _studies[key]
