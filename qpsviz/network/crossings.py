"""How often the links of a network are on the path of a session: exact, from the pattern of pairs and the routes."""

from __future__ import annotations

import numpy as np

from qpsviz.network.network import Network
from qpsviz.network.patterns import Pattern
from qpsviz.units import Array

_PAIRS_AT_ONCE = 1 << 20


def crossings(network: Network, pattern: Pattern) -> Array:
    """Chance that a session takes each link.

    Parameters
    ----------
    network : Network
        Where it flows.
    pattern : Pattern
        Who talks to whom.

    Returns
    -------
    ndarray, shape (n_links,)
        Their sum is the mean number of links of a path. Fibres beside each other share what is asked of them
        evenly. [1]
    """
    senders, receivers = (np.asarray(nodes) for nodes in network.ends)
    found: Array = np.zeros(network.n_links)
    n_rows = max(1, _PAIRS_AT_ONCE // receivers.size)
    for first in range(0, senders.size, n_rows):
        rows = np.arange(first, min(first + n_rows, senders.size))
        shares = pattern.shares(rows)
        row, column = np.nonzero(shares)
        at, destination, share = senders[rows[row]], receivers[column], shares[row, column]
        while at.size:
            link = network.next_link[at, destination]
            found += np.bincount(link, share, minlength=network.n_links)
            at = network.link_to[link]
            going = at != destination
            at, destination, share = at[going], destination[going], share[going]
    return _shared_beside(network, found)


def _shared_beside(network: Network, of_links: Array) -> Array:
    """Fibres between the same two nodes have equal shares of what is asked of them all."""
    first, _ = network.parallel_fibres
    shared: Array = (np.bincount(first, of_links) / np.maximum(np.bincount(first), 1))[first]
    return shared
