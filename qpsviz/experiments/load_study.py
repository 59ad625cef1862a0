"""Disciplines side by side under more and more load, in the same arrivals."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from qpsviz.errors import ParameterError
from qpsviz.experiments.cluster import Client
from qpsviz.experiments.computing import Numbers
from qpsviz.experiments.dataset import columns
from qpsviz.experiments.grid import Grid, Point
from qpsviz.experiments.load_curves import LoadCurves
from qpsviz.experiments.runner import Progress, run
from qpsviz.experiments.steadiness import load_of_busiest
from qpsviz.experiments.store import Store
from qpsviz.experiments.variants import USUAL, VARIANTS, Variant
from qpsviz.network import Network
from qpsviz.network.given import network_given
from qpsviz.network.traffic import Traffic
from qpsviz.scenario import Scenario
from qpsviz.scenario.presets import scenario_of
from qpsviz.units import Array
from qpsviz.units.checks import in_short, numbers

if TYPE_CHECKING:
    import xarray


class LoadStudy:
    """What is to be compared, as a grid of points, and how their numbers become curves.

    Parameters
    ----------
    scenario : Scenario or str
        Fibre, memories, switches and frames, which all disciplines share, or the name of a preset.
    network : Network
        Where frames travel.
    traffic : Traffic
        Who sends to whom, how much, and how much of the beginning is left out; its ``load`` is not used.
    loads : sequence of float
        Loads to compare at. [1]
    disciplines : sequence of str
        Words of :data:`qpsviz.experiments.VARIANTS`; if left out, all but bursts that are deflected.
    seeds : sequence of int
        One run each; all disciplines have the same arrivals with the same seed. [1]

    Raises
    ------
    ParameterError
        For an unknown discipline, sessions that are listed, or what the grid refuses.
    """

    def __init__(
        self,
        scenario: Scenario | str,
        *,
        network: Network,
        traffic: Traffic,
        loads: Sequence[float],
        disciplines: Sequence[str] = USUAL,
        seeds: Sequence[int] = range(5),
    ) -> None:
        base = scenario_of(scenario)
        for word in disciplines:
            if not isinstance(word, str) or word not in VARIANTS:
                raise ParameterError("disciplines", f"disciplines has {word!r}, which is none of {', '.join(VARIANTS)}")
        if len(set(disciplines)) < len(disciplines):
            raise ParameterError("disciplines", f"disciplines = {in_short(list(disciplines))} has one of them twice")
        if network_given(network) is None:
            raise ParameterError("network", "a load study needs a network: write network=qps.Network.ring(…)")
        asked = numbers("loads", loads)
        if asked.ndim != 1:
            raise ParameterError("loads", f"loads = {in_short(loads)} must be a list of numbers")
        self.variants: tuple[Variant, ...] = tuple(VARIANTS[word] for word in disciplines)
        self.grid = Grid(
            {variant.word: variant.of(base) for variant in self.variants},
            network=network, traffic=traffic, load=sorted(asked.tolist()), seeds=seeds,
        )  # fmt: skip
        self.loads = np.array(list(self.grid.axes["load"]), dtype=np.float64)
        self.waits = tuple(variant.waits(base) for variant in self.variants)
        #: Erlang per wavelength that the busiest link is offered, at each load.
        self.max_load = self.loads * load_of_busiest(
            network, traffic, n_channels=base.switch.n_wavelengths, layout=base.path.layout
        )

    def curves(self, found: Mapping[str, Numbers]) -> LoadCurves:
        """Curves of the points that are finished.

        Parameters
        ----------
        found : mapping
            The numbers of each point, by its digest.
        """
        return self._curves(columns(self.grid, found))

    def read(self, found: xarray.Dataset) -> LoadCurves:
        """Curves of what :func:`qpsviz.experiments.run` returns for the grid, or kept of it when it was stopped."""
        return self._curves({str(name): column.to_numpy() for name, column in found.data_vars.items()})

    def _curves(self, values: dict[str, Array]) -> LoadCurves:
        return LoadCurves(
            variants=self.variants, waits=self.waits, loads=self.loads, max_load=self.max_load, values=values
        )

    def in_rounds(self) -> list[Point]:
        """All points, one seed after the other, so that every curve is there early and then gets sharper."""
        return sorted(self.grid.points, key=lambda point: list(self.grid.axes["seed"]).index(point.labels["seed"]))


def load_study(
    scenario: Scenario | str,
    *,
    network: Network,
    traffic: Traffic,
    loads: Sequence[float],
    disciplines: Sequence[str] = USUAL,
    seeds: Sequence[int] = range(5),
    store: str | os.PathLike[str] | Store | None = None,
    workers: int | None = 1,
    client: Client | None = None,
    progress: bool | Progress = True,
    cancel: Callable[[], bool] | None = None,
    engine: str = "auto",
) -> LoadCurves:
    """Compare disciplines under more and more load, in the same arrivals.

    Parameters
    ----------
    scenario, network, traffic, loads, disciplines, seeds
        As :class:`LoadStudy` takes them. [1]
    store, workers, client, progress, cancel, engine
        As :func:`qpsviz.experiments.run` takes them. [1]

    Returns
    -------
    LoadCurves
        Means over seeds with 95 % intervals, what has no steady state, and the verdict.

    Raises
    ------
    Stopped
        If points are left; ``LoadStudy(…).read(stopped.found)`` has the curves so far.
    ValueError
        If an argument is out of range.

    Examples
    --------
    >>> ring = Network.ring(n_nodes=6, length_km=5.0)
    >>> study = load_study(
    ...     "first", network=ring, traffic=Traffic(n_frames=300), loads=[0.2, 0.4], seeds=range(4),
    ...     disciplines=["store", "circuit_blocked"], progress=False,
    ... )
    >>> study.verdict().sentence
    'From load 0.2 to 0.4 store-and-forward delivers more qubits per second than any circuits.'
    """
    study = LoadStudy(
        scenario, network=network, traffic=traffic, loads=loads, disciplines=disciplines, seeds=seeds
    )  # fmt: skip
    found = run(
        study.grid, store=store, workers=workers, client=client, progress=progress, cancel=cancel, engine=engine
    )  # fmt: skip
    return study.read(found)
