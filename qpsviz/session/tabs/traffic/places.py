"""Where stations and fibres are drawn: on a flat map with great circles, as given, or in rings about one station."""

from __future__ import annotations

import math

import numpy as np

from qpsviz.network import Network
from qpsviz.network.geography import Spot, map_km
from qpsviz.units import Array, Column

_RIM = 1e-6
_GOLDEN = math.pi * (3 - math.sqrt(5))


def midway(start: Spot, end: Spot) -> Spot:
    """The middle of the great circle between two places.

    Parameters
    ----------
    start, end : Spot
        Longitude and latitude. [degree]

    Returns
    -------
    Spot
        Longitude and latitude. [degree]
    """
    (lon1, lat1), (lon2, lat2) = (tuple(map(math.radians, spot)) for spot in (start, end))
    x = math.cos(lat1) * math.cos(lon1) + math.cos(lat2) * math.cos(lon2)
    y = math.cos(lat1) * math.sin(lon1) + math.cos(lat2) * math.sin(lon2)
    z = math.sin(lat1) + math.sin(lat2)
    return math.degrees(math.atan2(y, x)), math.degrees(math.atan2(z, math.hypot(x, y)))


def drawn_at(network: Network) -> Array:
    """Where to draw each station of a network whose fibres are straight.

    Returns
    -------
    ndarray, shape (n_nodes, 2)
        To the right and upwards. [km]

    Notes
    -----
    The network's own places; where these are all on one circle but it is no ring, they say nothing, and
    :func:`in_rings` draws it.
    """
    at = np.stack([network.x_km, network.y_km], axis=1)
    if is_circle(at) and np.bincount(network.link_from, minlength=network.n_nodes).max() > 2:
        return in_rings(network)
    return at


def is_circle(at: Array) -> bool:
    """Whether all of at least four places are equally far from their middle."""
    far = np.hypot(*(at - at.mean(axis=0)).T)
    return len(at) > 3 and bool(np.ptp(far) <= _RIM * max(float(far.max()), _RIM))


def in_rings(network: Network) -> Array:
    """Stations in rings about the first one, by how many links they are away from it, each near the one before it.

    Returns
    -------
    ndarray, shape (n_nodes, 2)
        Places that fill a disc evenly. [km]
    """
    n, at = network.n_nodes, np.zeros((network.n_nodes, 2))
    neighbours: list[list[int]] = [[] for _ in range(n)]
    for start, end in zip(network.link_from.tolist(), network.link_to.tolist(), strict=True):
        neighbours[start].append(end)
    ring, seen, n_placed = [0], {0}, 1
    angles = {0: 0.0}
    spacing_km = float(np.mean(network.link_km)) or 1.0
    while ring:
        wider = [(angles[node] + 1e-3 * k, other) for node in ring for k, other in enumerate(neighbours[node])]
        ring = []
        for _, other in sorted(wider):
            if other not in seen:
                seen.add(other)
                ring.append(other)
        radius_km = spacing_km * math.sqrt(n_placed + len(ring) / 2)
        for k, node in enumerate(ring):
            angles[node] = 2 * math.pi * (k + 0.5) / len(ring)
            jitter = 1.0 + 0.5 * len(ring) / (n_placed + len(ring) / 2) * (((k * _GOLDEN) % 1.0) - 0.5)
            at[node] = radius_km * jitter * np.array([math.cos(angles[node]), math.sin(angles[node])])
        n_placed += len(ring)
    return at


def on_map(network: Network, pairs: Column) -> tuple[Array, Array]:
    """Stations of a network on the Earth on a flat map, and the middle of the great circle of each fibre pair.

    Parameters
    ----------
    network : Network
        The network, with longitudes and latitudes; its lengths may be scaled.
    pairs : ndarray, shape (n_pairs, 2)
        The ends of each fibre pair.

    Returns
    -------
    tuple of ndarray
        Places of stations, shape (n_nodes, 2), and of middles, shape (n_pairs, 2). [km]
    """
    spots: list[Spot] = list(
        zip(np.asarray(network.longitude_deg).tolist(), np.asarray(network.latitude_deg).tolist(), strict=True)
    )
    middles = [midway(spots[a], spots[b]) for a, b in pairs.tolist()]
    flat = map_km([*spots, *middles])
    # The map's own middle is that of all points; its scale is the one of stations and middles alike.
    return flat[: len(spots)], flat[len(spots) :]
