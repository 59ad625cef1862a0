"""The numbers of a grid as one labelled data set."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from qpsviz.experiments.grid import Grid
from qpsviz.experiments.identity import code_digest
from qpsviz.experiments.store import Store
from qpsviz.scenario import parameters
from qpsviz.units import Array

if TYPE_CHECKING:
    import xarray

_UNITS = {"us": "us", "hz": "Hz", "db": "dB", "km": "km"}


def dataset(grid: Grid, store: Store) -> xarray.Dataset:
    """Everything that a store holds of a grid.

    Parameters
    ----------
    grid : Grid
        What was to be run.
    store : Store
        Finished points.

    Returns
    -------
    Dataset
        One dimension per axis of the grid, in its order; a variable for every number of a run, which is not a number
        where the point is not finished. ``attrs`` hold the scenario of the first point as JSON, the traffic in words,
        and ``code_digest``, a digest of the code.
    """
    import xarray

    dims, numbers = tuple(grid.shape), {p.digest: store.numbers(p.digest) for p in grid.points if p.digest in store}
    data = {name: (dims, column, {"units": unit_of(name)}) for name, column in columns(grid, numbers).items()}
    coords = {name: (name, np.asarray(list(labels)), _about(name)) for name, labels in grid.axes.items()}
    first = grid.points[0]
    attrs = {
        "code_digest": code_digest(),
        "scenario": first.scenario.to_json(),
        "network": "line of the scenario" if first.network is None else first.network.name,
        "traffic": "" if grid.traffic is None else repr(grid.traffic),
        "linked": json.dumps(grid.linked),
    }
    return xarray.Dataset(data, coords=coords, attrs=attrs)


def columns(grid: Grid, numbers: Mapping[str, Mapping[str, float]]) -> dict[str, Array]:
    """Every number of a run over the axes of a grid, not a number where a point is not finished.

    Parameters
    ----------
    grid : Grid
        What was to be run.
    numbers : mapping
        The numbers of finished points, by digest.
    """
    found: dict[str, Array] = {}
    for place, point in enumerate(grid.points):
        for name, value in numbers.get(point.digest, {}).items():
            found.setdefault(name, np.full(len(grid.points), np.nan))[place] = value
    return {name: column.reshape(tuple(grid.shape.values())) for name, column in found.items()}


def unit_of(name: str) -> str:
    """Unit of a number of a run, by the end of its name."""
    return _UNITS.get(name.rsplit("_", 1)[-1], "1")


def _about(name: str) -> dict[str, str]:
    declared = next((p for p in parameters() if p.name == name), None)
    return {"units": "1"} if declared is None else {"units": declared.unit, "long_name": declared.label}
