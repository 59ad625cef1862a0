"""How often the links of a network are on the path of a session: exact, from the pattern of pairs and the routes."""

from __future__ import annotations

import numpy as np

from qpsviz.network.network import Network
from qpsviz.network.pair_sources import PairSources, arms
from qpsviz.network.patterns import Pattern
from qpsviz.network.routes import Ints
from qpsviz.units import Array

_PAIRS_AT_ONCE = 1 << 20


def crossings(network: Network, pattern: Pattern, sources: PairSources | None = None) -> Array:
    """Chance that a session takes each link (both halves of its pairs together).

    Parameters
    ----------
    network : Network
        Where it flows.
    pattern : Pattern
        Who talks to whom.
    sources : PairSources, optional
        Nodes that send one half of a pair to each of the two; if left out, the one sends to the other.

    Returns
    -------
    ndarray, shape (n_links,)
        Their sum is the mean number of links that the frames of a session take. Fibres beside each other share what is
        asked of them evenly. [1]
    """
    senders, receivers = (np.asarray(nodes) for nodes in network.ends)
    found: Array = np.zeros(network.n_links)
    n_rows = max(1, _PAIRS_AT_ONCE // receivers.size)
    for first in range(0, senders.size, n_rows):
        rows = np.arange(first, min(first + n_rows, senders.size))
        shares = pattern.shares(rows)
        row, column = np.nonzero(shares)
        for at, destination in arms(sources, senders[rows[row]], receivers[column]):
            found += _taken(network, at, destination, shares[row, column])
    return _shared_beside(network, found)


def _taken(network: Network, at: Ints, destination: Ints, share: Array) -> Array:
    """Sum of the shares of the paths that take each link."""
    found: Array = np.zeros(network.n_links)
    while at.size:
        link = network.next_link[at, destination]
        found += np.bincount(link, share, minlength=network.n_links)
        at = network.link_to[link]
        going = at != destination
        at, destination, share = at[going], destination[going], share[going]
    return found


def _shared_beside(network: Network, of_links: Array) -> Array:
    """Fibres between the same two nodes have equal shares of what is asked of them all."""
    first, _ = network.parallel_fibres
    shared: Array = (np.bincount(first, of_links) / np.maximum(np.bincount(first), 1))[first]
    return shared
