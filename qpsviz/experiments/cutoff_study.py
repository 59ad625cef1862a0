"""Whether a cut-off helps stored payloads on a network: secret bits per second against it, in the same arrivals."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from qpsviz.errors import ParameterError
from qpsviz.experiments.grid import Grid
from qpsviz.experiments.intervals import Interval, over_seeds
from qpsviz.experiments.runner import Progress, run
from qpsviz.experiments.steadiness import load_of_busiest
from qpsviz.network import Network
from qpsviz.network.fibre_pairs import of_pairs
from qpsviz.network.topologies import circle_km
from qpsviz.network.traffic import Traffic
from qpsviz.noise.storage import kind_of
from qpsviz.scenario import Scenario
from qpsviz.scenario.discipline import Discipline
from qpsviz.scenario.presets import scenario_of
from qpsviz.units import Array, Column, Mask
from qpsviz.units.checks import number, whole

if TYPE_CHECKING:
    import xarray

MEASURE = "pairs_key_hz"
"""What is compared: secret bits per second of all pairs of users together."""


def users_around_routers(*, n_users: int = 16, n_routers: int = 4, length_km: float = 5.0) -> Network:
    """Users around routers, which are a ring: every link has the same length, with fibre both ways.

    Parameters
    ----------
    n_users, n_routers : int
        Users, as many at each router but for the rest; routers, at least 3. [1]
    length_km : float
        Length of each link. [km]

    Returns
    -------
    Network
        Nodes 0, 1 … are the routers, which only forward.

    Raises
    ------
    ParameterError
        If a number is out of range.

    Notes
    -----
    As many users and routers as in Mandil, DiAdamo, Qi, Shabani, npj Quantum Information 9, 85 (2023). Assumption: a
    ring, and equal lengths; theirs are drawn at random.
    """
    n, users = whole("n_routers", n_routers, 3), whole("n_users", n_users, 2)
    length = number("length_km", length_km, lo=0.0)
    at = [u * n // users for u in range(users)]
    pairs = [(i, (i + 1) % n) for i in range(n)] + [(n + u, router) for u, router in enumerate(at)]
    inner = circle_km(n, length)
    turn = 2 * np.pi * (np.arange(users) + 0.5) / users - np.pi / n
    outer = (np.hypot(*inner[0]) + length) * np.stack([np.sin(turn), np.cos(turn)], axis=1)
    names = [f"Router {i + 1}" for i in range(n)] + [f"User {u + 1}" for u in range(users)]
    return of_pairs("users around routers", names, np.concatenate([inner, outer]), pairs, length, relays=range(n))


@dataclass(frozen=True, kw_only=True, eq=False)
class CutoffCurves:
    """Key against load and cut-off, for each seed, of stored payloads and of bursts.

    Parameters
    ----------
    storages : tuple of str
        Words of the parameter ``storage``.
    loads, cutoffs_us : ndarray
        In order; the last cut-off is infinite. [1], [us]
    stored_hz : ndarray, shape (n_storages, n_loads, n_cutoffs, n_seeds)
        Secret bits per second of all pairs together. [Hz]
    burst_hz : ndarray, shape (n_loads, n_seeds)
        The same for bursts in the same arrivals. [Hz]
    max_load : ndarray, shape (n_loads,)
        What the busiest link is offered: from 1 on, storing without a cut-off has no steady state. [1]
    """

    storages: tuple[str, ...]
    loads: Array
    cutoffs_us: Array
    stored_hz: Array
    burst_hz: Array
    max_load: Array

    def of(self, storage: str) -> Array:
        """Key per load, cut-off and seed of one storage.

        Raises
        ------
        ParameterError
            If it was not studied.
        """
        if storage not in self.storages:
            raise ParameterError("storage", f"storage = {storage!r} must be one of {', '.join(self.storages)}")
        return np.asarray(self.stored_hz[self.storages.index(storage)])

    @property
    def _n_first(self) -> int:
        return int(self.burst_hz.shape[-1] // 2)

    def best(self, storage: str) -> Column:
        """Place of the best cut-off at each load, found with the first half of the seeds."""
        return np.asarray(np.argmax(self.of(storage)[..., : self._n_first].mean(axis=-1), axis=-1), dtype=np.int64)

    def best_us(self, storage: str) -> Array:
        """The best cut-off at each load. [us]"""
        return np.asarray(self.cutoffs_us[self.best(storage)])

    def with_best(self, storage: str) -> Array:
        """Key with the best cut-off, per load, of the seeds that had no part in finding it. [Hz]"""
        later, best = self.of(storage)[..., self._n_first :], self.best(storage)
        return np.asarray(np.take_along_axis(later, best[:, None, None], axis=1)[:, 0])

    def gain(self, storage: str) -> Interval:
        """Key with the best cut-off over that without one, per load. [1]"""
        return over_seeds(self.with_best(storage) / self.of(storage)[:, -1, self._n_first :])

    def over_bursts(self, storage: str, *, cut: bool) -> Interval:
        """Key of stored payloads over that of bursts, per load: with the best cut-off, or without one. [1]"""
        kept = self.with_best(storage) if cut else self.of(storage)[:, -1, self._n_first :]
        return over_seeds(kept / self.burst_hz[:, self._n_first :])

    def findings(self) -> list[str]:
        """What the intervals are sure of, in sentences: one on cut-offs and one on storing for each storage."""
        told = []
        for word in self.storages:
            text, gain = kind_of(word).text, self.gain(word)
            told.append(f"{text}: the best cut-off gives more key than none {self._loads(gain.lo > 1)}.")
            for cut, words in ((False, "without a cut-off"), (True, "with the best cut-off")):
                ratio = self.over_bursts(word, cut=cut)
                told.append(
                    f"{text}: storing {words} gives more key than bursts {self._loads(ratio.lo > 1)}, less "
                    f"{self._loads(ratio.hi < 1)}."
                )
        return told

    def _loads(self, held: Mask) -> str:
        at = [f"{load:g}" for load, holds in zip(self.loads.tolist(), np.asarray(held).tolist(), strict=True) if holds]
        return f"at load {', '.join(at)}" if at else "at no load"

    def dataset(self) -> xarray.Dataset:
        """All of it with labels: ``stored``, ``burst`` and ``max_load``."""
        import xarray

        dims = ("storage", "load", "cutoff_us", "seed")
        return xarray.Dataset(
            {
                "stored": (dims, self.stored_hz, {"units": "Hz"}),
                "burst": (("load", "seed"), self.burst_hz, {"units": "Hz"}),
                "max_load": ("load", self.max_load, {"units": "1"}),
            },
            coords={"storage": list(self.storages), "load": self.loads, "cutoff_us": self.cutoffs_us},
        )


def cutoff_study(
    scenario: Scenario | str,
    *,
    network: Network,
    traffic: Traffic,
    loads: Sequence[float],
    cutoffs_us: Sequence[float],
    storages: Sequence[str] = ("t1t2", "delay_line"),
    seeds: Sequence[int] = range(6),
    workers: int | None = 1,
    progress: bool | Progress = True,
    engine: str = "auto",
) -> CutoffCurves:
    """Compare cut-offs under more and more load, for several storages and with bursts, in the same arrivals.

    Parameters
    ----------
    scenario : Scenario or str
        Frames, guard and detectors that all share, or the name of a preset.
    network, traffic
        Where frames travel and who sends when; the ``load`` of the traffic is not used.
    loads : sequence of float
        Loads to compare at. [1]
    cutoffs_us : sequence of float
        Cut-offs beside none, which is always compared. [us]
    storages : sequence of str
        Words of the parameter ``storage``.
    seeds : sequence of int
        At least 4: one half finds the best cut-off, the other measures what it gives. [1]
    workers, progress, engine
        As :func:`qpsviz.experiments.run` takes them. [1]

    Returns
    -------
    CutoffCurves
        Every key, the best cut-offs, and what the intervals are sure of.

    Raises
    ------
    ValueError
        If an argument is out of range.
    """
    base = scenario_of(scenario)
    if len(list(seeds)) < 4:
        raise ParameterError("seeds", f"seeds = {list(seeds)} must be at least 4: half of them find, half measure")
    if not list(storages):
        raise ParameterError("storages", "storages needs at least one word of the parameter storage")
    cutoffs = [*sorted({float(c) for c in cutoffs_us if not math.isinf(c)}), math.inf]
    asked = sorted(float(load) for load in loads)
    switched = {word: base.replace(discipline=Discipline.STORE.value, storage=word) for word in storages}
    kept = Grid(switched, network=network, traffic=traffic, seeds=seeds, load=asked, cutoff_us=cutoffs)
    burst = base.replace(discipline=Discipline.BURST.value)
    dropped = Grid(burst, network=network, traffic=traffic, seeds=seeds, load=asked)
    stored, bursts = (run(grid, workers=workers, progress=progress, engine=engine)[MEASURE] for grid in (kept, dropped))
    busiest = load_of_busiest(network, traffic, n_channels=base.switch.n_wavelengths, layout=base.path.layout)
    return CutoffCurves(
        storages=tuple(storages),
        loads=np.array(asked),
        cutoffs_us=np.array(cutoffs),
        stored_hz=stored.transpose("scenario", "load", "cutoff_us", "seed").to_numpy(),
        burst_hz=bursts.transpose("load", "seed").to_numpy(),
        max_load=np.array(asked) * busiest,
    )
