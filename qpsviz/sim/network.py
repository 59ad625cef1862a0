"""Where frames travel: nodes, one-way links between them, and the quickest way from each to each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from qpsviz.scenario import Scenario
from qpsviz.sim.table import Table
from qpsviz.units import Array

Ints = npt.NDArray[np.int32]

ROLES = ("sender", "receiver", "source", "relay", "user")
_HOP_KM = 1e-9


@dataclass(frozen=True, kw_only=True, eq=False)
class Network:
    """Nodes with places, and one-way links with lengths; a fibre pair is two links.

    Parameters
    ----------
    name : str
        What to call it.
    node_names : sequence of str
        One name per node.
    roles : sequence of str
        ``"sender"``, ``"receiver"``, ``"source"`` (of pairs, in the middle), ``"relay"``, or ``"user"``, which is
        all of them at once.
    x_km, y_km : array_like
        Where to draw each node; on a line ``x_km`` is the distance along the fibre. [km]
    link_from, link_to : array_like of int
        Nodes at the ends of each link.
    link_km : array_like
        Length of each link. [km]

    Raises
    ------
    ValueError
        If the columns do not fit together, or a length is negative or not finite.

    Examples
    --------
    >>> Network.line(n_relays=3, length_km=20.0).nodes["role"].tolist()
    ['sender', 'relay', 'relay', 'relay', 'receiver']
    """

    name: str
    node_names: Sequence[str]
    roles: Sequence[str]
    x_km: Array
    y_km: Array
    link_from: Ints
    link_to: Ints
    link_km: Array

    def __post_init__(self) -> None:
        object.__setattr__(self, "node_names", tuple(str(n) for n in self.node_names))
        object.__setattr__(self, "roles", tuple(self.roles))
        for field in ("x_km", "y_km", "link_km"):
            object.__setattr__(self, field, np.asarray(getattr(self, field), dtype=np.float64))
        for field in ("link_from", "link_to"):
            object.__setattr__(self, field, np.asarray(getattr(self, field), dtype=np.int32))
        self._check()

    def _check(self) -> None:
        n, m = self.n_nodes, self.n_links
        if not (len(self.roles) == self.x_km.size == self.y_km.size == n) or not (
            self.link_from.size == self.link_to.size == m
        ):
            raise ValueError(f"the columns of network {self.name!r} are not equally long")
        if n < 2 or m < 1:
            raise ValueError(f"network {self.name!r} has {n} nodes and {m} links; at least 2 and 1 are needed")
        for role in set(self.roles) - set(ROLES):
            raise ValueError(f"role = {role!r} is not one of {', '.join(ROLES)}")
        ends = np.concatenate([self.link_from, self.link_to])
        if ends.min() < 0 or ends.max() >= n or np.any(self.link_from == self.link_to):
            raise ValueError(f"links of network {self.name!r} must join two different nodes of 0 … {n - 1}")
        good = np.isfinite(self.link_km) & (self.link_km >= 0)
        if not good.all():
            raise ValueError(f"length_km = {self.link_km[~good][0]:g} must be a number of at least 0 km")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Network) and (self.name, self.nodes, self.links) == (
            other.name, other.nodes, other.links,
        )  # fmt: skip

    __hash__ = None  # type: ignore[assignment]

    @property
    def n_nodes(self) -> int:
        """Number of nodes."""
        return len(self.node_names)

    @property
    def n_links(self) -> int:
        """Number of one-way links."""
        return int(self.link_km.size)

    @cached_property
    def nodes(self) -> Table:
        """One row per node: ``node``, ``name``, ``role``, ``x_km``, ``y_km``."""
        return Table({
            "node": np.arange(self.n_nodes, dtype=np.int32),
            "name": np.array(self.node_names, dtype=str),
            "role": np.array(self.roles, dtype=str),
            "x_km": self.x_km,
            "y_km": self.y_km,
        })  # fmt: skip

    @cached_property
    def links(self) -> Table:
        """One row per one-way link: ``link``, ``from_node``, ``to_node``, ``length_km``."""
        return Table({
            "link": np.arange(self.n_links, dtype=np.int32),
            "from_node": self.link_from,
            "to_node": self.link_to,
            "length_km": self.link_km,
        })  # fmt: skip

    def with_role(self, role: str) -> list[int]:
        """The nodes that have a role."""
        return [node for node, r in enumerate(self.roles) if r == role]

    @cached_property
    def is_line(self) -> bool:
        """Whether the only ways are outward from one sender or one pair source."""
        return "user" not in self.roles

    @cached_property
    def next_link(self) -> Ints:
        """Link to take at a node (row) towards another (column), -1 where there is no way.

        Notes
        -----
        The shortest way, which is the quickest in fibre of one kind; among equally short ones, one with the
        fewest links.
        """
        if self.is_line:
            return self._line_routes()
        from scipy.sparse import csr_array
        from scipy.sparse.csgraph import dijkstra

        n = self.n_nodes
        order = np.lexsort((self.link_km, self.link_to, self.link_from))[::-1]
        shortest = np.full((n, n), -1, dtype=np.int32)
        shortest[self.link_from[order], self.link_to[order]] = order
        here, there = np.nonzero(shortest >= 0)
        cost = self.link_km[shortest[here, there]] + _HOP_KM
        backwards = csr_array((cost, (there, here)), shape=(n, n))
        _, hop = dijkstra(backwards, return_predecessors=True)
        nodes = np.arange(n)[:, None]
        return np.where(hop.T < 0, np.int32(-1), shortest[nodes, np.maximum(hop.T, 0)])

    def _line_routes(self) -> Ints:
        """Routes of a tree of links that all lead away from one node, without any search."""
        routes = np.full((self.n_nodes, self.n_nodes), -1, dtype=np.int32)
        for link in range(self.n_links - 1, -1, -1):
            here, there = self.link_from[link], self.link_to[link]
            beyond = routes[there] >= 0
            beyond[there] = True
            routes[here, beyond] = link
        return routes

    def n_hops(self, source: Any, target: Any) -> Ints:
        """Links on the way between nodes.

        Parameters
        ----------
        source, target : array_like of int
            Nodes, equally many.

        Returns
        -------
        ndarray of int
            Links on each way.

        Raises
        ------
        ValueError
            If there is no way, or a source is its own target.
        """
        at, target = np.array(source, dtype=np.int32), np.asarray(target, dtype=np.int32)
        hops = np.zeros(at.shape, dtype=np.int32)
        if np.any(at == target):
            raise ValueError(f"destination = {at[at == target].flat[0]} is the source itself")
        going = np.flatnonzero(at != target)
        while going.size:
            link = self.next_link[at[going], target[going]]
            if np.any(link < 0):
                lost = going[link < 0][0]
                raise ValueError(f"no way from node {np.asarray(source)[lost]} to node {target[lost]}")
            at[going] = self.link_to[link]
            hops[going] += 1
            going = going[at[going] != target[going]]
        return hops

    @classmethod
    def line(cls, *, n_relays: int, length_km: float, layout: str = "sender") -> Network:
        """A line of equal links: sender, relays, receiver; or a pair source with such an arm to either side.

        Parameters
        ----------
        n_relays : int
            Relays, on each arm in layout ``"split"``.
        length_km : float
            Length of each link. [km]
        layout : str
            ``"sender"`` or ``"split"``.

        Raises
        ------
        ValueError
            If the count or length is negative or the layout unknown.
        """
        from qpsviz.sim.topologies import line

        return line(n_relays=n_relays, length_km=length_km, layout=layout)

    @classmethod
    def of(cls, scenario: Scenario) -> Network:
        """The line that a scenario describes."""
        path = scenario.path
        n_links = (path.n_relays + 1) * (2 if path.layout == "split" else 1)
        return cls.line(n_relays=path.n_relays, length_km=path.length_km / n_links, layout=path.layout)

    @classmethod
    def ring(cls, *, n_nodes: int, length_km: float) -> Network:
        """A ring of at least three users, with fibre both ways and ``length_km`` per link. [km]"""
        from qpsviz.sim.topologies import ring

        return ring(n_nodes=n_nodes, length_km=length_km)

    @classmethod
    def grid(cls, *, n_rows: int, n_columns: int, length_km: float) -> Network:
        """A rectangular grid of users, with fibre both ways and ``length_km`` per link. [km]"""
        from qpsviz.sim.topologies import grid

        return grid(n_rows=n_rows, n_columns=n_columns, length_km=length_km)

    @classmethod
    def nsfnet(cls, *, mean_length_km: float | None = None) -> Network:
        """The 14 nodes of NSFNET and 22 fibre pairs of 150 to 2400 km, or all scaled to a mean length. [km]"""
        from qpsviz.sim.topologies import nsfnet

        return nsfnet(mean_length_km=mean_length_km)

    @classmethod
    def random_regular(cls, *, n_nodes: int, degree: int, length_km: float, seed: int = 0) -> Network:
        """A connected random network in which every user has ``degree`` neighbours ``length_km`` away. [km]"""
        from qpsviz.sim.topologies import random_regular

        return random_regular(n_nodes=n_nodes, degree=degree, length_km=length_km, seed=seed)

    @classmethod
    def from_networkx(cls, graph: Any, *, length_km: float | None = None, name: str | None = None) -> Network:
        """A network from a networkx graph; undirected edges become fibre both ways.

        Parameters
        ----------
        graph : networkx.Graph
            Edges with ``length_km`` (or ``length``, ``dist``, ``distance``), or nodes with ``Longitude``, ``Latitude``.
        length_km : float, optional
            Length of edges that say nothing. [km]
        name : str, optional
            Name, where the graph has none.

        Raises
        ------
        ValueError
            If a length is missing or bad, or the graph too small.
        """
        from qpsviz.sim.topologies import from_networkx

        return from_networkx(graph, length_km=length_km, name=name)

    @classmethod
    def from_graphml(cls, path: str | Path, *, length_km: float | None = None) -> Network:
        """A network from a GraphML file, such as those of the Internet Topology Zoo; see :meth:`from_networkx`.

        Raises
        ------
        ValueError
            If the file is not GraphML or :meth:`from_networkx` refuses it; the message names it.
        OSError
            If it cannot be read.
        """
        from qpsviz.sim.topologies import from_graphml

        return from_graphml(path, length_km=length_km)
