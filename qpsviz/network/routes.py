"""Which link to take from each node towards each other, and how many links that makes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from qpsviz.units import Array

Ints = npt.NDArray[np.int32]
Nodes = int | Sequence[int] | Ints

ROUTES_BY = ("length", "relays")
_HOP_KM = 1e-9
_SAME_KM = 1e-10


@dataclass(frozen=True, kw_only=True)
class Route:
    """One path: the nodes on it, the link from each to the next, and its length. [km]"""

    nodes: tuple[int, ...]
    links: tuple[int, ...]
    length_km: float

    @property
    def n_relays(self) -> int:
        """Nodes between its ends."""
        return len(self.links) - 1


def route_costs(routes_by: str, n_nodes: int, link_km: Array) -> Array:
    """What a path should have least of, per link.

    Parameters
    ----------
    routes_by : str
        ``"length"``, or ``"relays"``: the fewest relays, and the shortest path among those with equally many.
    n_nodes : int
        Number of nodes.
    link_km : ndarray
        Length of each link. [km]

    Returns
    -------
    ndarray
        The length, or 1 and so small a share of it that all links of a path together stay below one more link.
    """
    if routes_by == "length":
        return link_km
    return 1.0 + link_km / max(1.0, 2 * n_nodes * float(link_km.max()))


def k_shortest(
    n_nodes: int,
    link_from: Ints,
    link_to: Ints,
    cost_km: Array,
    link_km: Array,
    *,
    ends: tuple[int, int],
    n_routes: int,
) -> list[Route]:
    """The best paths between two nodes, each without a loop, the best first.

    Parameters
    ----------
    n_nodes : int
        Number of nodes.
    link_from, link_to : ndarray of int
        Nodes at the ends of each link.
    cost_km : ndarray
        What a path should have least of, per link; see :func:`route_costs`. [km]
    link_km : ndarray
        Length of each link. [km]
    ends : tuple of int
        First and last node.
    n_routes : int
        How many at most.

    Returns
    -------
    list of Route
        Paths of different nodes, fewer where there are no more. Of parallel fibres each takes the shortest.

    Notes
    -----
    Yen's algorithm (1971), of SciPy.
    """
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import yen

    first = _first_links(n_nodes, link_from, link_to, link_km)
    here, there = (nodes.astype(np.int32) for nodes in np.nonzero(first >= 0))  # the only integers that yen takes
    graph = csr_array((cost_km[first[here, there]] + _HOP_KM, (here, there)), shape=(n_nodes, n_nodes))
    start, end = ends
    _, before = yen(graph, start, end, n_routes, return_predecessors=True)
    return [_route(row, start, end, first, link_km) for row in before]


def _route(before: Ints, start: int, end: int, first: Ints, link_km: Array) -> Route:
    """A path from what comes before each of its nodes."""
    nodes = [end]
    while nodes[-1] != start:
        nodes.append(int(before[nodes[-1]]))
    nodes.reverse()
    links = [int(first[a, b]) for a, b in pairwise(nodes)]
    return Route(nodes=tuple(nodes), links=tuple(links), length_km=float(link_km[links].sum()))


def _first_links(n_nodes: int, link_from: Ints, link_to: Ints, link_km: Array) -> Ints:
    """The shortest link from a node (row) to another (column), -1 where there is none."""
    order = np.lexsort((link_km, link_to, link_from))[::-1]
    first = np.full((n_nodes, n_nodes), -1, dtype=np.int32)
    first[link_from[order], link_to[order]] = order
    return first


def shortest_paths(n_nodes: int, link_from: Ints, link_to: Ints, link_km: Array) -> Ints:
    """Shortest paths between all nodes; among equally short ones, those with the fewest links, shared by receivers.

    Parameters
    ----------
    n_nodes : int
        Number of nodes.
    link_from, link_to : ndarray of int
        Nodes at the ends of each link.
    link_km : ndarray
        Length of each link, or what else a path should have least of; see :func:`route_costs`. [km]

    Returns
    -------
    ndarray of int, shape (n_nodes, n_nodes)
        Link to take at a node (row) towards another (column), -1 where there is no path.

    Notes
    -----
    Where several links begin a shortest path, receivers take them in turn by their number, so that half of the longest
    paths of an even ring go either way round, and on a grid half of the receivers are met along their row.
    """
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import dijkstra

    shortest = _first_links(n_nodes, link_from, link_to, link_km)
    here, there = np.nonzero(shortest >= 0)
    cost = link_km[shortest[here, there]] + _HOP_KM
    backwards = csr_array((cost, (there, here)), shape=(n_nodes, n_nodes))
    far, hop = dijkstra(backwards, return_predecessors=True)
    nodes = np.arange(n_nodes)[:, None]
    routes = np.where(hop.T < 0, np.int32(-1), shortest[nodes, np.maximum(hop.T, 0)])
    _share(routes, np.ascontiguousarray(far.T), shortest, link_km)
    return routes


def _share(routes: Ints, far: Array, shortest: Ints, link_km: Array) -> None:
    """Let receivers take equally short paths in turn; ``far`` is from a node (row) to another (column). [km]"""
    n_nodes = len(routes)
    turn = np.arange(n_nodes)
    for node, links in enumerate(shortest):
        # Neighbours in the order of their number, counted from this node: on a ring first the one, then the other way.
        beside = np.flatnonzero(links >= 0)
        beside = np.roll(beside, -int(np.searchsorted(beside, node, side="right")))
        by_km = far[beside] + (link_km[links[beside]] + _HOP_KM)[:, None]
        fits = (by_km <= far[node] + _SAME_KM) & (far[beside] < far[node])
        n_tied = np.count_nonzero(fits, axis=0)
        tied = np.flatnonzero(n_tied > 1)
        if not tied.size:
            continue
        paths = fits[:, tied]
        place = np.cumsum(paths, axis=0) - 1
        chosen = np.argmax(paths & (place == turn[tied] % n_tied[tied]), axis=0)
        routes[node, tied] = links[beside][chosen]


def lines_outward(n_nodes: int, link_from: Ints, link_to: Ints, link_km: Array) -> Ints:
    """Paths in a tree of links that all lead away from one node, without any search.

    Parameters
    ----------
    n_nodes : int
        Number of nodes.
    link_from, link_to : ndarray of int
        Nodes at the ends of each link, outward in order.
    link_km : ndarray
        Length of each link, which makes no difference where there is one path only. [km]

    Returns
    -------
    ndarray of int, shape (n_nodes, n_nodes)
        Link to take at a node (row) towards another (column), -1 where there is no path.
    """
    routes = np.full((n_nodes, n_nodes), -1, dtype=np.int32)
    for link in range(link_km.size - 1, -1, -1):
        here, there = link_from[link], link_to[link]
        beyond = routes[there] >= 0
        beyond[there] = True
        routes[here, beyond] = link
    return routes
