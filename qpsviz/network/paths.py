"""What follows from the link that each node takes towards each other: paths, their links and times."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from qpsviz.network.routes import Ints, Nodes
from qpsviz.units import Array


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


def hops(next_link: Ints, link_to: Ints, names: Sequence[str], source: Nodes, destination: Nodes) -> Ints:
    """Links on the path between nodes; see :meth:`qpsviz.Network.n_hops`."""
    shape = np.shape(source)
    at, goal = np.atleast_1d(np.array(source, dtype=np.int32)), np.atleast_1d(np.asarray(destination, dtype=np.int32))
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


def paths(next_link: Ints, link_to: Ints, source: Ints, destination: Ints, n_hops: int) -> Ints:
    """Links on the way from each source to its destination, in order.

    Parameters
    ----------
    next_link, link_to : ndarray of int
        Link to take at a node (row) towards another (column), and the node at the end of each link.
    source, destination : ndarray of int, shape (n,)
        Nodes between which there is a path.
    n_hops : int
        Columns of the result. [1]

    Returns
    -------
    ndarray of int, shape (n, n_hops)
        Links, then -1.
    """
    found = np.full((len(source), n_hops), -1, dtype=np.int32)
    going = np.flatnonzero(np.asarray(source) != destination)
    at, goal = np.asarray(source)[going].astype(np.int64), np.asarray(destination)[going]
    steps = next_link.ravel()
    for hop in range(n_hops):
        if not going.size:
            break
        link = steps[at * len(next_link) + goal]
        found[going, hop] = link
        at = link_to[link].astype(np.int64)
        still = np.flatnonzero(at != goal)
        going, at, goal = going[still], at[still], goal[still]
    return found


def route_lengths(next_link: Ints, link_to: Ints, link_km: Array) -> tuple[Array, int]:
    """How far each node is from each other along its path, and how many links the longest path has.

    Parameters
    ----------
    next_link, link_to : ndarray of int
        Link to take at a node (row) towards another (column), and the node at the end of each link.
    link_km : ndarray
        Length of each link. [km]

    Returns
    -------
    tuple of (ndarray, int)
        Lengths by first node (row) and last (column), inf where there is no path [km]; and a number of links.
    """
    n_nodes = len(next_link)
    at, goal = (side.ravel() for side in np.indices((n_nodes, n_nodes)))
    km = np.where((next_link.ravel() >= 0) | (at == goal), 0.0, np.inf)
    going, n_links = np.flatnonzero((next_link.ravel() >= 0) & (at != goal)), 0
    while going.size:
        link = next_link[at[going], goal[going]]
        km[going] += link_km[link]
        at[going], n_links = link_to[link], n_links + 1
        going = going[at[going] != goal[going]]
    return km.reshape(n_nodes, n_nodes), n_links


def check_paths(next_link: Ints, names: Sequence[str], sources: Sequence[int], destinations: Sequence[int]) -> None:
    """Check that every source reaches every other destination, so that no draw of pairs meets two without a path.

    Raises
    ------
    ValueError
        Naming the first two without a path, and how many more there are.
    """
    here, there = np.asarray(sources)[:, None], np.asarray(destinations)[None, :]
    lost = np.argwhere((next_link[here, there] < 0) & (here != there))
    if len(lost):
        more = f", nor between {len(lost) - 1} more pairs" if len(lost) > 1 else ""
        source, destination = (names[nodes[i]] for nodes, i in zip((sources, destinations), lost[0], strict=True))
        raise ValueError(f"no path from {source} to {destination}{more}; give sessions of your own with start_us")
