"""Points computed in this process, or in processes that are started for them."""

from __future__ import annotations

import concurrent.futures
import multiprocessing
import multiprocessing.connection
import os
import signal
import threading
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import BrokenExecutor, Future
from concurrent.futures.process import ProcessPoolExecutor
from types import TracebackType
from typing import TYPE_CHECKING

from qpsviz.experiments.computing import Cancelled, Numbers, WorkersLost, compute, compute_elsewhere, without_routes
from qpsviz.experiments.grid import Point
from qpsviz.experiments.identity import code_digest

if TYPE_CHECKING:
    from multiprocessing.synchronize import Event

MOST_TRIES = 3
"""Times that a point is tried whose worker is killed."""

_LOOK_S = 0.2

Outcome = Numbers | Exception
Outcomes = Iterator[tuple[Point, Outcome]]
IsCancelled = Callable[[], bool]


def in_this_process(points: Iterable[Point], engine: str, is_cancelled: IsCancelled) -> Outcomes:
    """Compute in this process, one point after another.

    Raises
    ------
    Cancelled
        If that was asked for.
    """
    for point in points:
        if is_cancelled():
            raise Cancelled
        try:
            outcome: Outcome = compute(point, engine, is_cancelled)
        except Cancelled:
            raise
        except Exception as error:
            outcome = error
        yield point, outcome


def in_processes(points: Iterable[Point], engine: str, is_cancelled: IsCancelled, *, n_workers: int) -> Outcomes:
    """Compute in processes that are started anew.

    A killed worker takes all others with it. They are started again, and what was under way is then tried one by one,
    so that only a point that ends its worker each time is given up, after ``MOST_TRIES``.

    Parameters
    ----------
    points : iterable of Point
        What to compute.
    engine : str
        As :func:`qpsviz.simulate` takes it.
    is_cancelled : callable
        Asked now and then.
    n_workers : int
        How many processes. [1]

    Raises
    ------
    WorkersLost
        If workers end before any point is finished.
    Cancelled
        If that was asked for.
    """
    waiting, retries = deque(points), deque[Point]()
    n_tries: Counter[str] = Counter()
    n_starts, is_any_found = 0, False
    while waiting or retries:
        broken: list[Point] = []
        n_starts += 1
        with _Processes(n_workers, engine) as processes:
            for queue, n_at_once in ((retries, 1), (waiting, n_workers)):
                for point, outcome in compute_all(processes.submit, queue, n_at_once, lambda: stop_if(is_cancelled())):
                    if isinstance(outcome, BrokenExecutor):
                        broken.append(point)
                    else:
                        is_any_found = True
                        yield point, outcome
                if broken:
                    break
        if broken and n_starts >= MOST_TRIES and not is_any_found:
            hint = 'in a script, call run(…) under if __name__ == "__main__":'
            raise WorkersLost(f"workers end before any point is finished; {hint}")
        for point in broken:
            n_tries[point.digest] += 1
            if n_tries[point.digest] < MOST_TRIES:
                retries.append(point)
            else:
                yield point, RuntimeError(f"its worker was killed {MOST_TRIES} times (too little memory?)")


class _Processes:
    """Processes that compute points, and end when this is left."""

    def __init__(self, n_workers: int, engine: str) -> None:
        context = multiprocessing.get_context("spawn")
        self._ends = context.Event()
        self._engine = engine
        self._pool = ProcessPoolExecutor(n_workers, context, initializer=_begin, initargs=(self._ends,))

    def __enter__(self) -> _Processes:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self._ends.set()
        self._pool.shutdown(wait=True, cancel_futures=True)

    def submit(self, point: Point) -> Future[Numbers]:
        """Hand a point to the next process that is free."""
        return self._pool.submit(_compute_in_process, without_routes(point), self._engine, code_digest())


_ending: list[Event] = []


def _begin(ends: Event) -> None:
    """In a new process: Ctrl-C is for the one that started it, which then sets ``ends``; its end is the end of this."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _ending.append(ends)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """Wait for the process that started this one: killed, as a kernel that does not stop in time, it says nothing."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        multiprocessing.connection.wait([parent.sentinel])
        os._exit(1)


def _compute_in_process(point: Point, engine: str, expected: str) -> Numbers:
    return compute_elsewhere(point, engine, expected, _ending[-1].is_set)


def compute_all(
    submit: Callable[[Point], Future[Numbers]], queue: deque[Point], n_at_once: int, check: Callable[[], None]
) -> Outcomes:
    """Outcomes of points, until none is left or workers break.

    Parameters
    ----------
    submit : callable
        Begins to compute a point.
    queue : deque of Point
        What to compute, which is taken out of it.
    n_at_once : int
        How many are under way together. [1]
    check : callable
        Called now and then; it may raise.
    """
    under_way: dict[Future[Numbers], Point] = {}
    is_broken = False
    try:
        while under_way or (queue and not is_broken):
            while queue and not is_broken and len(under_way) < n_at_once:
                point = queue.popleft()
                under_way[_submitted(submit, point)] = point
            check()
            done, _ = concurrent.futures.wait(
                under_way, timeout=_LOOK_S, return_when=concurrent.futures.FIRST_COMPLETED
            )
            for future in done:
                outcome = _outcome(future)
                is_broken |= isinstance(outcome, BrokenExecutor)
                yield under_way.pop(future), outcome
    finally:
        for future in under_way:
            future.cancel()


def _submitted(submit: Callable[[Point], Future[Numbers]], point: Point) -> Future[Numbers]:
    try:
        return submit(point)
    except BrokenExecutor as error:
        failed: Future[Numbers] = Future()
        failed.set_exception(error)
        return failed


def _outcome(future: Future[Numbers]) -> Outcome:
    try:
        return future.result()
    except Exception as error:
        return error


def stop_if(condition: bool) -> None:
    """Raise ``Cancelled`` if that was asked for."""
    if condition:
        raise Cancelled
