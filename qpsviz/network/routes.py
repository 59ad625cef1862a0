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


def parallel_fibres(link_from: Ints, link_to: Ints, link_km: Array) -> tuple[Ints, Ints]:
    """Which links lead from one node to the same other one.

    Parameters
    ----------
    link_from, link_to : ndarray of int
        Nodes at the ends of each link.
    link_km : ndarray
        Length of each link. [km]

    Returns
    -------
    tuple of ndarray of int, shape (n_links,)
        The shortest of the links beside each, itself where it is alone; and the next longer one, -1 after the last.
    """
    order = np.lexsort((link_km, link_to, link_from))
    start, end = link_from[order], link_to[order]
    is_new = np.append(True, (start[1:] != start[:-1]) | (end[1:] != end[:-1]))
    first, beside = np.empty(order.size, dtype=np.int32), np.full(order.size, -1, dtype=np.int32)
    first[order] = order[is_new][np.cumsum(is_new) - 1]
    beside[order[:-1]] = np.where(is_new[1:], -1, order[1:])
    return first, beside


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


def hops(next_link: Ints, link_to: Ints, names: Sequence[str], source: Nodes, target: Nodes) -> Ints:
    """Links on the path between nodes; see :meth:`qpsviz.Network.n_hops`."""
    shape = np.shape(source)
    at, goal = np.atleast_1d(np.array(source, dtype=np.int32)), np.atleast_1d(np.asarray(target, dtype=np.int32))
    start, n_links = at.copy(), np.zeros(at.shape, dtype=np.int32)
    if np.any(at == goal):
        raise ValueError(f"destination = {at[at == goal].flat[0]} is the source itself")
    going = np.flatnonzero(at != goal)
    while going.size:
        link = next_link[at[going], goal[going]]
        if np.any(link < 0):
            lost = going[link < 0][0]
            raise ValueError(f"no path from {names[start[lost]]} to {names[goal[lost]]}")
        at[going] = link_to[link]
        n_links[going] += 1
        going = going[at[going] != goal[going]]
    return n_links.reshape(shape)


def paths(next_link: Ints, link_to: Ints, source: Ints, target: Ints, n_hops: int) -> Ints:
    """Links on the way from each source to its target, in order.

    Parameters
    ----------
    next_link, link_to : ndarray of int
        Link to take at a node (row) towards another (column), and the node at the end of each link.
    source, target : ndarray of int, shape (n,)
        Nodes between which there is a path.
    n_hops : int
        Columns of the result.

    Returns
    -------
    ndarray of int, shape (n, n_hops)
        Links, then -1.
    """
    found, at = np.full((len(source), n_hops), -1, dtype=np.int32), np.array(source, dtype=np.int32)
    going = np.flatnonzero(at != target)
    for hop in range(n_hops):
        if not going.size:
            break
        found[going, hop] = next_link[at[going], target[going]]
        at[going] = link_to[found[going, hop]]
        going = going[at[going] != target[going]]
    return found


def check_paths(next_link: Ints, names: Sequence[str], sources: Sequence[int], targets: Sequence[int]) -> None:
    """Check that every source reaches every other target, so that no draw of pairs meets two without a path.

    Raises
    ------
    ValueError
        Naming the first two without a path, and how many more there are.
    """
    here, there = np.asarray(sources)[:, None], np.asarray(targets)[None, :]
    lost = np.argwhere((next_link[here, there] < 0) & (here != there))
    if len(lost):
        more = f", nor between {len(lost) - 1} more pairs" if len(lost) > 1 else ""
        source, target = (names[nodes[i]] for nodes, i in zip((sources, targets), lost[0], strict=True))
        raise ValueError(f"no path from {source} to {target}{more}; give sessions of your own with start_us")
