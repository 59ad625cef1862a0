"""Points computed on a Dask cluster."""

from __future__ import annotations

import concurrent.futures
import time
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager, suppress
from typing import Protocol

from qpsviz.experiments.computing import Cancelled, Numbers, WorkersLost, compute_elsewhere, without_routes
from qpsviz.experiments.execution import IsCancelled, Outcomes, compute_all, stop_if
from qpsviz.experiments.grid import Point
from qpsviz.experiments.identity import code_digest

_GONE = "the Dask cluster went away"
_PATIENCE_S = 15.0
_CONNECT_S = 10.0
_POINTS_PER_THREAD = 2


class Client(Protocol):
    """What is used of a ``distributed.Client``."""

    @property
    def status(self) -> str:
        """``"running"`` while there is a scheduler."""

    def get_executor(self, *, pure: bool) -> Executor:
        """An executor on the cluster."""

    def nthreads(self) -> dict[str, int]:
        """Threads of each worker."""


@contextmanager
def connected(address: str) -> Iterator[Client]:
    """A client of the Dask scheduler at an address, such as ``tcp://10.0.0.5:8786``.

    Raises
    ------
    ImportError
        If Dask is not installed.
    WorkersLost
        If no scheduler answers there.
    """
    try:
        from distributed import Client as DaskClient
    except ImportError:
        raise ImportError("Dask is not installed: pip install 'qpsviz[dask]'") from None
    try:
        client = DaskClient(address, timeout=_CONNECT_S)
    except (OSError, ValueError) as error:
        raise WorkersLost(f"no Dask scheduler answers at {address!r}: {error}") from None
    with client:
        yield client


def on_cluster(points: Iterable[Point], engine: str, is_cancelled: IsCancelled, *, client: Client) -> Outcomes:
    """Compute on a Dask cluster, which tries points of killed workers again by itself.

    Raises
    ------
    WorkersLost
        If the cluster goes away.
    Cancelled
        If that was asked for; points under way on the cluster end there.
    """
    last_seen_s = time.monotonic()

    def check() -> None:
        nonlocal last_seen_s
        stop_if(is_cancelled())
        if client.status == "running":
            last_seen_s = time.monotonic()
        elif client.status == "closed" or time.monotonic() - last_seen_s > _PATIENCE_S:
            raise WorkersLost(_GONE)

    def submit(point: Point) -> Future[Numbers]:
        check()
        return executor.submit(compute_elsewhere, without_routes(point), engine, code_digest())

    check()
    with _loss_of_cluster(client), _shut_down(client.get_executor(pure=False)) as executor:
        n_at_once = _POINTS_PER_THREAD * max(1, sum(client.nthreads().values()))
        for point, outcome in compute_all(submit, deque(points), n_at_once, check):
            if isinstance(outcome, concurrent.futures.CancelledError):
                raise WorkersLost(_GONE)
            if type(outcome).__name__ == "KilledWorker":
                outcome = RuntimeError("its worker was killed each time that it was tried (too little memory?)")
            yield point, outcome


@contextmanager
def _loss_of_cluster(client: Client) -> Iterator[None]:
    """Say of whatever Dask raises when its scheduler has gone that it has."""
    try:
        yield
    except (Cancelled, WorkersLost):
        raise
    except Exception as error:
        if client.status == "running" and not isinstance(error, OSError):
            raise
        raise WorkersLost(_GONE) from error


@contextmanager
def _shut_down(executor: Executor) -> Iterator[Executor]:
    """End it without what is not done yet, whatever Dask says where the cluster has gone meanwhile."""
    try:
        yield executor
    finally:
        with suppress(Exception):
            executor.shutdown(wait=False)
