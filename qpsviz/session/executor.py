"""Who does what takes long, and when: the host of a page says so, by the executor that it gives to the session."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Generic, Protocol, TypeVar

T = TypeVar("T")


class Executor(Protocol):
    """What a session asks of its host; ``goes_on`` says whether long work is done beside the answers."""

    goes_on: bool

    def soon(self, delay_s: float, work: Callable[[], None]) -> Callable[[], None]:
        """Do short work after a delay [s]; what is returned calls it off."""

    def start(self, work: Callable[[], T]) -> Future[T]:
        """Begin long work; whether it is done, and its result, can be asked."""


class Inline:
    """Everything at once, in the order asked: for scripts, tests, and hosts without threads."""

    goes_on = False

    def soon(self, delay_s: float, work: Callable[[], None]) -> Callable[[], None]:
        """Do it now."""
        work()
        return _nothing

    def start(self, work: Callable[[], T]) -> Future[T]:
        """Do it now."""
        future: Future[T] = Future()
        _run(work, future)
        return future


class Threads(Inline):
    """Short work on the event loop of this thread where there is one, long work in threads of its own."""

    goes_on = True

    def soon(self, delay_s: float, work: Callable[[], None]) -> Callable[[], None]:
        """Do it on the event loop after the delay; where none runs, now."""
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            return super().soon(delay_s, work)
        return loop.call_later(delay_s, work).cancel

    def start(self, work: Callable[[], T]) -> Future[T]:
        """Begin it in a thread that does not keep the process alive."""
        future: Future[T] = Future()
        threading.Thread(target=_run, args=(work, future), daemon=True).start()
        return future


class Latest:
    """Short work of which only the newest counts: what was asked before and is not yet done is called off.

    Parameters
    ----------
    executor : Executor
        Who does it.
    """

    def __init__(self, executor: Executor) -> None:
        self._executor = executor
        self._call_off: Callable[[], None] = _nothing

    def soon(self, delay_s: float, work: Callable[[], None]) -> None:
        """Do it after a delay [s], in place of what waits."""
        self._call_off()
        self._call_off = self._executor.soon(delay_s, work)


class Once(Generic[T]):
    """The result of long work, which the first question starts and which is then kept for all.

    Parameters
    ----------
    work : callable
        Takes nothing; what it returns is kept, what it raises is raised to who asks.
    """

    def __init__(self, work: Callable[[], T]) -> None:
        self._work = work
        self._future: Future[T] | None = None

    def ready(self, executor: Executor) -> bool:
        """Whether the result is there; the first question starts the work."""
        if self._future is None:
            self._future = executor.start(self._work)
        return self._future.done()

    def result(self) -> T:
        """What the work returned; waits for it.

        Raises
        ------
        Exception
            What the work raised.
        RuntimeError
            If nobody has asked whether it is ready, so that it was never started.
        """
        if self._future is None:
            raise RuntimeError("ask whether it is ready first: nothing was started")
        return self._future.result()


def _run(work: Callable[[], T], future: Future[T]) -> None:
    try:
        future.set_result(work())
    except Exception as error:  # handed over to who asks
        future.set_exception(error)


def _nothing() -> None:
    """There is nothing to call off."""
