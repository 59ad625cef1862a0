"""The numbers of a grid as one labelled data set."""

from __future__ import annotations

import json
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

    shape = tuple(grid.shape.values())
    places = [(place, point.digest) for place, point in enumerate(grid.points) if point.digest in store]
    columns: dict[str, Array] = {}
    for place, digest in places:
        for name, value in store.numbers(digest).items():
            if name not in columns:
                columns[name] = np.full(len(grid.points), np.nan)
            columns[name][place] = value
    dims = tuple(grid.shape)
    data = {name: (dims, column.reshape(shape), {"units": _unit(name)}) for name, column in columns.items()}
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


def _unit(name: str) -> str:
    return _UNITS.get(name.rsplit("_", 1)[-1], "1")


def _about(name: str) -> dict[str, str]:
    declared = next((p for p in parameters() if p.name == name), None)
    return {"units": "1"} if declared is None else {"units": declared.unit, "long_name": declared.label}
