"""Where a network is drawn: places of its nodes, its fibres, and the paths that frames take."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from qpsviz.network.roles import Role
from qpsviz.units import Array, Column

if TYPE_CHECKING:
    from qpsviz.session.protocol.film import Fibre, NetworkNode, NetworkPath
    from qpsviz.sim import Network, Run

#: Paths that a space-time diagram offers to choose from; the busiest come first.
MOST_WAYS = 200


def is_line(network: Network) -> bool:
    """Whether the nodes lie on one straight line, each joined to its neighbours alone."""
    if not network.is_line or np.any(network.y_km != 0) or not np.isfinite(network.x_km).all():
        return False
    rank = np.argsort(np.argsort(network.x_km, kind="stable"))
    return bool(np.all(np.abs(rank[network.link_from] - rank[network.link_to]) == 1))


def nodes(network: Network) -> list[NetworkNode]:
    """Name, role and place of every node. [km]"""
    x_km, y_km = _places(network)
    rows = zip(network.node_names, map(Role, network.roles), x_km.tolist(), y_km.tolist(), strict=True)
    return [{"name": name, "role": role, "x": x, "y": y} for name, role, x, y in rows]


def _places(network: Network) -> tuple[Array, Array]:
    """Places that differ from node to node; a circle where the network has none."""
    if is_line(network):
        return network.x_km, network.y_km
    spots = np.stack([network.x_km, network.y_km], axis=1)
    n = len(spots)
    if np.isfinite(spots).all() and len(np.unique(spots, axis=0)) == n:
        return network.x_km, network.y_km
    return on_a_circle(n, max(1.0, float(np.mean(network.link_km)) * n / (2 * np.pi)))


def on_a_circle(n_places: int, radius_km: float) -> tuple[Array, Array]:
    """Places apart from each other, from the top on to the right. [km]"""
    angle = np.pi / 2 - 2 * np.pi * np.arange(n_places) / n_places
    return radius_km * np.cos(angle), radius_km * np.sin(angle)


def links(network: Network) -> list[Fibre]:
    """Fibres, each drawn once: both ways of a pair are one, parallel ones are counted."""
    ends = zip(network.link_from.tolist(), network.link_to.tolist(), network.link_km.tolist(), strict=True)
    found: dict[tuple[int, int, float], list[int]] = {}
    for tail, head, length in ends:
        a, b = sorted((tail, head))
        found.setdefault((a, b, length), [0, 0])[int(tail > head)] += 1
    return [{"from": a, "to": b, "length": length, "count": max(paths)} for (a, b, length), paths in found.items()]


def lanes(network: Network) -> Column:
    """For each one-way link, which of the parallel ones between the same two nodes it is, from 0."""
    seen: dict[tuple[int, int], int] = {}
    made = []
    for ends in zip(network.link_from.tolist(), network.link_to.tolist(), strict=True):
        made.append(seen.get(ends, 0))
        seen[ends] = made[-1] + 1
    return np.asarray(made, dtype=np.int32)


def paths(run: Run) -> list[NetworkPath]:
    """The paths between the pairs of nodes that have frames, busiest first: a name, nodes, and km from the start.

    On a line there is one path, the whole of it, with the places of its nodes.
    """
    network = run.network
    if is_line(network):
        order = np.argsort(network.x_km, kind="stable")
        km = network.x_km[order] - network.x_km.min()
        return [{"name": "", "nodes": order.tolist(), "km": km.tolist(), "both": True}]
    pairs = np.stack([run.frames["source"], run.frames["destination"]], axis=1)
    unique, counts = np.unique(pairs, axis=0, return_counts=True)
    order = np.argsort(-counts, kind="stable")[:MOST_WAYS]
    return [_path(network, int(unique[row, 0]), int(unique[row, 1]), int(counts[row])) for row in order]


def _path(network: Network, source: int, destination: int, n_frames: int) -> NetworkPath:
    stops, km = [source], [0.0]
    while stops[-1] != destination:
        link = int(network.next_link[stops[-1], destination])
        stops.append(int(network.link_to[link]))
        km.append(km[-1] + float(network.link_km[link]))
    word = "frame" if n_frames == 1 else "frames"
    name = f"{network.node_names[source]} to {network.node_names[destination]}, {n_frames} {word}"
    return {"name": name, "nodes": stops, "km": km, "both": False}
