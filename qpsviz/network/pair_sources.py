"""Nodes that make pairs of qubits and send one half to each of two users."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from qpsviz.errors import ParameterError
from qpsviz.network.network import Network
from qpsviz.network.paths import route_lengths
from qpsviz.network.routes import Ints
from qpsviz.units import Array, Column
from qpsviz.units.checks import numbers

_NUMBERS_AT_ONCE = 1 << 22
_SAME_SHARE = 1e-9


@dataclass(frozen=True)
class PairSources:
    """Which node serves which two users.

    Parameters
    ----------
    nodes : ndarray of int, shape (n,)
        The nodes that make pairs.
    route_km : ndarray, shape (n, n_nodes)
        Length of the path from each of them to each node, inf where there is none. [km]
    max_hops : int
        Links on the longest path between any two nodes.
    """

    nodes: Ints
    route_km: Array
    max_hops: int

    @classmethod
    def of(cls, network: Network, nodes: Sequence[int] | None) -> PairSources:
        """The sources of a network.

        Parameters
        ----------
        network : Network
            Where they are.
        nodes : sequence of int, optional
            Their nodes; every node that reaches all users if left out.

        Raises
        ------
        ParameterError
            If one of them does not exist or does not reach a user, or two users have none beside themselves.
        """
        route_km, max_hops = route_lengths(network.next_link, network.link_to, network.link_km)
        users = np.asarray(network.ends[1])
        reaches = np.atleast_1d(np.isfinite(route_km[:, users]).all(axis=1))
        chosen: Column = np.flatnonzero(reaches) if nodes is None else np.unique(numbers("pair_sources", nodes))
        if not chosen.size or chosen.dtype.kind not in "iu" or chosen[0] < 0 or chosen[-1] >= network.n_nodes:
            raise ParameterError("pair_sources", f"pair_sources must be nodes 0 … {network.n_nodes - 1} that reach all")
        for node in chosen[~reaches[chosen]].tolist():
            lost = users[~np.isfinite(route_km[node, users])][0]
            ends = f"{network.node_names[node]} to {network.node_names[lost]}"
            raise ParameterError("pair_sources", f"pair_sources: there is no path from {ends}")
        if np.isin(chosen, users).all() and chosen.size < 3:
            raise ParameterError("pair_sources", "pair_sources: two users need a third node that sends to both")
        return cls(chosen.astype(np.int32), route_km[chosen], max_hops)

    def serving(self, first: Ints, second: Ints) -> Ints:
        """The source of each two users, another node than both.

        Parameters
        ----------
        first, second : ndarray of int, shape (m,)
            The users.

        Returns
        -------
        ndarray of int, shape (m,)
            The source with the shortest paths to both together; among several the one whose two paths differ least.
            Of those that are alike, users take one after the other by the number of the first user.
        """
        n_rows = max(1, _NUMBERS_AT_ONCE // self.nodes.size)
        parts = [self._serving(first[i : i + n_rows], second[i : i + n_rows]) for i in range(0, first.size, n_rows)]
        return np.concatenate(parts) if parts else np.empty(0, dtype=np.int32)

    def _serving(self, first: Ints, second: Ints) -> Ints:
        one_km, other_km = self.route_km[:, first], self.route_km[:, second]
        both_km = one_km + other_km
        both_km[(self.nodes[:, None] == first) | (self.nodes[:, None] == second)] = np.inf
        shortest_km = both_km.min(axis=0)
        uneven_km = np.abs(one_km - other_km)
        uneven_km[both_km > shortest_km * (1 + _SAME_SHARE)] = np.inf
        least_km = uneven_km.min(axis=0)
        is_best = uneven_km <= least_km + _SAME_SHARE * shortest_km
        turn = first % np.count_nonzero(is_best, axis=0)
        found: Ints = self.nodes[np.argmax(np.cumsum(is_best, axis=0) > turn, axis=0)]
        return found


def arms(sources: PairSources | None, sender: Ints, receiver: Ints) -> list[tuple[Ints, Ints]]:
    """First and last nodes of the paths by which the frames of sessions go, path by path.

    One path from the sender to the receiver; or where ``sources`` serve the two users, one to each of them.
    """
    if sources is None:
        return [(sender, receiver)]
    source = sources.serving(sender, receiver)
    return [(source, sender), (source, receiver)]
