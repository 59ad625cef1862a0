"""The numbers of one point, computed in whichever process it is."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable
from functools import lru_cache

from qpsviz.experiments.grid import Point
from qpsviz.experiments.identity import code_digest
from qpsviz.network import Network
from qpsviz.sim import Run, simulate
from qpsviz.sim.results.pairs import MAX_NODES
from qpsviz.switch.fates import DROPS

Numbers = dict[str, float]


class Cancelled(Exception):
    """A point under way was asked to end."""


class WorkersLost(RuntimeError):
    """No worker is left that could go on, or none that has the same code."""


def numbers_of(run: Run) -> Numbers:
    """A run as named numbers.

    Parameters
    ----------
    run : Run
        Any run.

    Returns
    -------
    dict
        Every single number of its summary; ``dropped_<reason>`` for every reason; over its links ``utilisation``
        (mean), ``max_utilisation``, and ``n_waiting``, the payloads that wait on average in all relays together; and
        ``pairs_key_hz``, the secret bits per second of all pairs of users together, not a number where the network
        has too many nodes to keep its pairs apart. [1]
    """
    summary = dict(run.summary())
    found = {name: float(value) for name, value in summary.items() if isinstance(value, (bool, int, float))}
    dropped: dict[str, int] = run.summary()["dropped"]
    found |= {f"dropped_{fate.value.lower()}": float(dropped.get(fate.value, 0)) for fate in DROPS}
    links = run.links
    return found | {
        "utilisation": float(links["utilisation"].mean()),
        "max_utilisation": float(links["utilisation"].max()),
        "n_waiting": float(links["n_waiting"].sum()),
        "pairs_key_hz": float(run.pairs["key_hz"].sum()) if run.network.n_nodes <= MAX_NODES else math.nan,
    }


def compute(point: Point, engine: str, is_cancelled: Callable[[], bool] | None = None) -> Numbers:
    """Simulate one point in this process.

    Parameters
    ----------
    point : Point
        What to run.
    engine : str
        As :func:`qpsviz.simulate` takes it.
    is_cancelled : callable, optional
        IsCancelled now and then.

    Raises
    ------
    Cancelled
        If it said yes.
    ValueError
        If the point cannot be simulated.
    """

    def go_on(_: float) -> None:
        if is_cancelled is not None and is_cancelled():
            raise Cancelled

    run = simulate(
        point.scenario,
        network=point.network,
        traffic=point.traffic,
        seed=point.seed,
        record="statistics",
        engine=engine,
        progress=go_on,
    )
    return numbers_of(run)


def compute_elsewhere(
    point: Point, engine: str, its_code: str, is_cancelled: Callable[[], bool] | None = None
) -> Numbers:
    """Simulate one point that came from another process, with routes that are found once per process.

    Raises
    ------
    WorkersLost
        If this process has other code than the one that asks.
    """
    if code_digest() != its_code:
        raise WorkersLost("the workers have another version of qpsviz than this process: install the same")
    if point.network is not None:
        point = dataclasses.replace(point, network=_first_of(point.network_digest, point.network))
    return compute(point, engine, is_cancelled)


def without_routes(point: Point) -> Point:
    """The point as it goes to another process: without routes, which are longer than all else."""
    bare = None if point.network is None else dataclasses.replace(point.network)
    return dataclasses.replace(point, network=bare)


@lru_cache(maxsize=8)
def _place_of(network_digest: str) -> list[Network]:
    """Where the first network is kept that comes with a digest."""
    return []


def _first_of(network_digest: str, network: Network) -> Network:
    """The first network that came with a digest, with the routes that were found for it meanwhile."""
    place = _place_of(network_digest)
    if not place:
        place.append(network)
    return place[0]
