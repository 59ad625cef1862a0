"""Run what is left of a grid, keep each point as it arrives, and give all of it as one data set."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from qpsviz.experiments.cluster import Client, on_cluster
from qpsviz.experiments.computing import Cancelled, WorkersLost
from qpsviz.experiments.dataset import dataset
from qpsviz.experiments.execution import Outcomes, in_processes, in_this_process
from qpsviz.experiments.grid import Grid, Point
from qpsviz.experiments.store import Store
from qpsviz.sim.engine.drive import ENGINES
from qpsviz.units.checks import one_of, whole

if TYPE_CHECKING:
    import xarray

Progress = Callable[[int, int], None]
_SHOWN_FAILURES = 3


class Stopped(RuntimeError):
    """Not all points of a grid have a result: the message says why, how many are left, and how to go on.

    Attributes
    ----------
    n_left : int
        Points without a result. [1]
    found : Dataset
        The results so far, not a number where there is none.
    """

    def __init__(self, message: str, *, n_left: int, found: xarray.Dataset) -> None:
        super().__init__(message)
        self.n_left = n_left
        self.found = found


def run(
    grid: Grid,
    *,
    store: str | os.PathLike[str] | Store | None = None,
    workers: int | None = 1,
    client: Client | None = None,
    progress: bool | Progress = True,
    cancel: Callable[[], bool] | None = None,
    engine: str = "auto",
) -> xarray.Dataset:
    """Run every point of a grid that is not in the store yet.

    Parameters
    ----------
    grid : Grid
        What to run.
    store : path or Store, optional
        Where finished points are kept: a ``.nc`` file. Points that are in it are not computed again.
    workers : int, optional
        1: in this process; more: in so many processes; None: in one per core. [1]
    client : distributed.Client, optional
        A Dask cluster that computes instead.
    progress : bool or callable
        Whether to show a bar; or what is called with the number of finished points and of all, again and again.
    cancel : callable, optional
        IsCancelled again and again; once it says yes, the run stops.
    engine : str
        As :func:`qpsviz.simulate` takes it.

    Returns
    -------
    Dataset
        The axes of the grid as dimensions and the numbers of :func:`qpsviz.experiments.computing.numbers_of` as
        variables: the same, bit for bit, wherever they were computed.

    Raises
    ------
    Stopped
        If points are left: cancelled, workers lost, a disk full, or points that cannot be simulated or that end their
        worker, in which case all others are run. Its ``found`` has what was found; what is in the store stays there.
    KeyboardInterrupt
        With such a message, after Ctrl-C.
    ValueError
        If an argument is out of range, or the store is damaged or none.
    OSError
        If the store cannot be read, or its place cannot be written to.

    Examples
    --------
    >>> import qpsviz as qps
    >>> grid = Grid("first", seeds=[1, 2], n_frames=[3], n_relays=[0, 1])
    >>> found = run(grid, progress=False)
    >>> dict(found.sizes), found["delivered"].values.tolist()
    ({'n_frames': 1, 'n_relays': 2, 'seed': 2}, [[[3.0, 3.0], [3.0, 3.0]]])
    """
    one_of("engine", engine, ENGINES)
    n_workers = whole("workers", os.cpu_count() or 1 if workers is None else workers, 1)
    kept = store if isinstance(store, Store) else Store(store)
    wanted = {point.digest: point for point in grid.points}
    left = {digest: point for digest, point in wanted.items() if digest not in kept}
    is_cancelled = cancel or (lambda: False)
    if client is not None:
        found = on_cluster(left.values(), engine, is_cancelled, client=client)
    elif n_workers > 1 and left:
        found = in_processes(left.values(), engine, is_cancelled, n_workers=min(n_workers, len(left)))
    else:
        found = in_this_process(left.values(), engine, is_cancelled)
    n_kept = len(wanted) - len(left)
    with _progress_of(progress, len(wanted), n_kept) as tell:
        why, cause = _keep_all(found, kept, lambda n_done: tell(n_kept + n_done))
    if not why:
        return dataset(grid, kept)
    n_left = sum(digest not in kept for digest in wanted)
    message = f"{why}: {_how_to_go_on(kept, len(wanted), n_left)}"
    if isinstance(cause, KeyboardInterrupt):
        raise KeyboardInterrupt(message) from None
    found_so_far = dataset(grid, kept)
    raise Stopped(message, n_left=n_left, found=found_so_far) from (None if isinstance(cause, Cancelled) else cause)


def _keep_all(found: Outcomes, kept: Store, tell: Callable[[int], None]) -> tuple[str, BaseException | None]:
    """Keep whatever is found; returns why not all of it was, if so."""
    failures: list[tuple[Point, Exception]] = []
    why = ""
    cause: BaseException | None = None
    try:
        with closing(found):  # type: ignore[type-var]  # generators
            tell(0)
            for n_done, (point, outcome) in enumerate(found, start=1):
                if isinstance(outcome, WorkersLost):
                    raise outcome
                if isinstance(outcome, Exception):
                    failures.append((point, outcome))
                else:
                    kept.add(point.digest, point.text, outcome)
                tell(n_done - len(failures))
    except (Cancelled, KeyboardInterrupt) as error:
        why, cause = "cancelled" if isinstance(error, Cancelled) else "interrupted", error
    except (OSError, WorkersLost) as error:
        why, cause = _said(error), error
    try:
        kept.write()
    except OSError as error:
        why, cause = _said(error), cause if isinstance(cause, KeyboardInterrupt) else error
    if failures and not why:
        shown = "; ".join(f"{point.text}: {error}" for point, error in failures[:_SHOWN_FAILURES])
        more = "" if len(failures) <= _SHOWN_FAILURES else "; …"
        why, cause = f"{len(failures)} failed ({shown}{more})", failures[0][1]
    return why, cause


def _how_to_go_on(kept: Store, n_points: int, n_left: int) -> str:
    where = "not kept: name a store" if kept.path is None else f"kept in {kept.path}"
    if kept.n_unwritten:
        where = f"in memory, the last {kept.n_unwritten} of them not in {kept.path}"
    how = "run the same grid with the same store to go on"
    return f"{n_points - n_left} of {n_points} points are finished and {where}; {n_left} are left: {how}"


def _said(error: BaseException) -> str:
    if isinstance(error, OSError) and error.strerror:
        return f"{error.strerror}: {error.filename}" if error.filename else error.strerror
    return str(error)


@contextmanager
def _progress_of(progress: bool | Progress, n_points: int, n_kept: int) -> Iterator[Callable[[int], None]]:
    """What is called with the number of finished points."""
    if callable(progress):
        yield lambda n_done: progress(n_done, n_points)
    elif not progress:
        yield lambda n_done: None
    else:
        from tqdm.auto import tqdm

        with tqdm(total=n_points, initial=n_kept, unit="point") as bar:
            yield lambda n_done: bar.update(n_done - bar.n)
