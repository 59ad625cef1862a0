"""Work too long for a slider's path: done once in a thread, while the page says that it is waiting."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any


class Once:
    """The result of a slow call, made in the background when first asked for.

    Parameters
    ----------
    work : callable
        Takes nothing; what it returns is kept, what it raises is raised to who asks.
    """

    def __init__(self, work: Callable[[], Any]) -> None:
        self._work = work
        self._thread: threading.Thread | None = None
        self._result: Any = None
        self._error: Exception | None = None

    def ready(self) -> bool:
        """Whether the result is there; the first question starts the work."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, daemon=True)
            self._thread.start()
        return not self._thread.is_alive()

    def result(self) -> Any:
        """What the work returned, waiting for it if need be.

        Raises
        ------
        Exception
            Whatever the work raised.
        """
        self.ready()
        assert self._thread is not None
        self._thread.join()
        if self._error is not None:
            raise self._error
        return self._result

    def _run(self) -> None:
        try:
            self._result = self._work()
        except Exception as error:  # handed over to who asks
            self._error = error
