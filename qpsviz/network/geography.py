"""Places on the Earth: how far apart they are, and where a flat map draws them."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from qpsviz.errors import ParameterError
from qpsviz.units import Array

_EARTH_KM = 6371.0

Spot = tuple[float, float]
"""Longitude and latitude. [degree]"""


DEGREES = ("longitude_deg", "latitude_deg")
"""Columns of nodes that say where they are on the Earth. [degree]"""


def degrees(longitude_deg: ArrayLike | None, latitude_deg: ArrayLike | None, n_nodes: int) -> dict[str, Array]:
    """The columns that say where nodes are on the Earth.

    Parameters
    ----------
    longitude_deg, latitude_deg : array_like or None
        Of every node, or None where they are not known. [degree]
    n_nodes : int
        Number of nodes.

    Returns
    -------
    dict of str to ndarray
        ``longitude_deg`` and ``latitude_deg``, shape (n_nodes,), or nothing. [degree]

    Raises
    ------
    ParameterError
        If one is without the other, a column has another length, or a value is no place on the Earth.
    """
    found = {"longitude_deg": longitude_deg, "latitude_deg": latitude_deg}
    if longitude_deg is None and latitude_deg is None:
        return {}
    columns = {}
    for (name, given), (lo, hi) in zip(found.items(), ((-180.0, 360.0), (-90.0, 90.0)), strict=True):
        column = np.asarray(math.nan if given is None else given, dtype=np.float64)
        if column.shape != (n_nodes,) or not np.all((column >= lo) & (column <= hi)):
            raise ParameterError(
                name, f"{name} must be {n_nodes} numbers of {lo:g} to {hi:g} degrees, beside the other of the two"
            )
        columns[name] = column
    return columns


def great_circle_km(start: Spot, end: Spot) -> float:
    """Distance over the Earth's surface between two places.

    Parameters
    ----------
    start, end : Spot
        Longitude and latitude. [degree]

    Returns
    -------
    float
        Distance. [km]

    Notes
    -----
    The haversine formula on a sphere of 6371 km. No fibre between the places is shorter.
    """
    (lon1, lat1), (lon2, lat2) = (tuple(map(math.radians, spot)) for spot in (start, end))
    h = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * _EARTH_KM * math.asin(math.sqrt(min(1.0, h)))


def map_km(spots: Sequence[Spot]) -> Array:
    """Places on a flat map about their middle.

    Parameters
    ----------
    spots : sequence of Spot
        Longitudes and latitudes. [degree]

    Returns
    -------
    ndarray, shape (n, 2)
        East and north of the middle. [km]

    Notes
    -----
    For drawing only: a flat map stretches distances away from its middle latitude.
    """
    degrees = np.asarray(spots, dtype=np.float64)
    middle = degrees.mean(axis=0)
    per_degree = _EARTH_KM * np.pi / 180
    flat: Array = (degrees - middle) * per_degree * np.array([np.cos(np.radians(middle[1])), 1.0])
    return flat
