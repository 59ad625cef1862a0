"""Where frames travel: nodes, one-way links between them, and the shortest path from each to each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from qpsviz.network.checks import MAX_LINK_KM
from qpsviz.network.routes import Ints, Nodes, hops, lines_outward, shortest_paths
from qpsviz.network.topologies import Topologies
from qpsviz.scenario import Scenario
from qpsviz.scenario.layout import Layout
from qpsviz.table import Table
from qpsviz.units import Array

if TYPE_CHECKING:
    import networkx

ROLES = ("sender", "receiver", "source", "relay", "user")


@dataclass(frozen=True, kw_only=True, eq=False)
class Network(Topologies):
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
        If the columns do not fit together, or a length is negative or above a million kilometres.

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
        for field in ("x_km", "y_km", "link_km", "link_from", "link_to"):
            kind = np.float64 if field.endswith("_km") else np.int32
            object.__setattr__(self, field, np.asarray(getattr(self, field), dtype=kind))
        self._check()

    def _check(self) -> None:
        n, m = self.n_nodes, self.n_links
        if {len(self.roles), self.x_km.size, self.y_km.size} != {n} or {self.link_from.size, self.link_to.size} != {m}:
            raise ValueError(f"the columns of network {self.name!r} are not equally long")
        if n < 2 or m < 1:
            raise ValueError(f"network {self.name!r} has {n} nodes and {m} links; at least 2 and 1 are needed")
        for role in set(self.roles) - set(ROLES):
            raise ValueError(f"role = {role!r} is not one of {', '.join(ROLES)}")
        ends = np.concatenate([self.link_from, self.link_to])
        if ends.min() < 0 or ends.max() >= n or np.any(self.link_from == self.link_to):
            raise ValueError(f"links of network {self.name!r} must join two different nodes of 0 … {n - 1}")
        good = (self.link_km >= 0) & (self.link_km <= MAX_LINK_KM)
        if not good.all():
            raise ValueError(f"length_km = {self.link_km[~good][0]:g} must be a number of 0 to {MAX_LINK_KM:g} km")

    def __eq__(self, other: object) -> bool:
        mine = (self.name, self.nodes, self.links)
        return isinstance(other, Network) and mine == (other.name, other.nodes, other.links)

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
    def ends(self) -> tuple[list[int], list[int]]:
        """Nodes that send and nodes that receive.

        Raises
        ------
        ValueError
            If there are no two that could talk to each other.
        """
        senders = self.with_role("sender") or self.with_role("user")
        receivers = self.with_role("receiver") if self.is_line else senders
        if not senders or len(set(senders) | set(receivers)) < 2:
            raise ValueError(f"network {self.name!r} has no two users that could talk to each other")
        return senders, receivers

    @cached_property
    def hops_between_ends(self) -> Ints:
        """Links on the path from each node that sends to every other that receives.

        Raises
        ------
        ValueError
            If there is no path between two of them.
        """
        source, target = (side.ravel() for side in np.meshgrid(*self.ends, indexing="ij"))
        differ = source != target
        return self.n_hops(source[differ], target[differ])

    @cached_property
    def is_line(self) -> bool:
        """Whether the only paths are outward from one sender or one pair source."""
        return "user" not in self.roles

    @cached_property
    def next_link(self) -> Ints:
        """Link to take at a node (row) towards another (column), -1 where there is no path.

        The shortest path, which is the quickest in fibre of one kind; equally short ones with the fewest links are
        shared by receivers.
        """
        route = lines_outward if self.is_line else shortest_paths
        return route(self.n_nodes, self.link_from, self.link_to, self.link_km)

    def n_hops(self, source: Nodes, target: Nodes) -> Ints:
        """Links on the path from each source to its target, equally many nodes.

        Raises
        ------
        ValueError
            If there is no path, or a source is its own target.
        """
        return hops(self.next_link, self.link_to, self.node_names, source, target)

    @classmethod
    def of(cls, scenario: Scenario) -> Network:
        """The line that a scenario describes."""
        path = scenario.path
        n_links = (path.n_relays + 1) * Layout(path.layout).n_arms
        return cls.line(n_relays=path.n_relays, length_km=path.length_km / n_links, layout=path.layout)

    @classmethod
    def from_networkx(
        cls, graph: networkx.Graph, *, length_km: float | None = None, length_unit: str | None = None,
        length_attribute: str | None = None, great_circle_factor: float | None = None, places: str | None = None,
        directed: bool | None = None, drop_isolated: bool = False, name: str | None = None,
    ) -> Network:  # fmt: skip
        """A network from a networkx graph: undirected edges become fibre both ways, parallel ones parallel fibres.

        Parameters
        ----------
        graph : networkx.Graph
            Edges with ``length_km``, or ``length``, ``distance`` or ``dist``; nodes with ``label`` or ``name``.
        length_km : float, optional
            Length of edges that say nothing. [km]
        length_unit : str, optional
            ``"km"`` or ``"m"``: what a bare number is. A unit that the graph gives comes first: in the text
            (``"12 km"``), in the name (``length_m``), or beside it (``length_units``); OSMnx writes metres.
        length_attribute : str, optional
            Edge attribute to read as the length instead.
        great_circle_factor : float, optional
            At least 1: edges that say nothing are the great circle between their places times this. [1]
        places : str, optional
            ``"degrees"`` where ``pos``, or ``x`` and ``y``, are longitude and latitude (a ``crs`` may say so too);
            ``"drawing"`` where nothing is.
        directed : bool, optional
            Whether every edge is one-way, instead of what the graph says.
        drop_isolated : bool
            Whether to leave out stations without a fibre, which are refused otherwise.
        name : str, optional
            Name, instead of the graph's own.

        Raises
        ------
        ValueError
            If an element cannot be read as what it says; the message names graph, element and reason.

        Notes
        -----
        Assumption: 0° N 0° E is no place. An edge from a station to itself carries nothing and is left out.
        """
        from qpsviz.network.importers import Lengths, build, read_networkx

        read = read_networkx(graph, name=name, directed=directed)
        lengths = Lengths(length_km, length_unit, length_attribute, great_circle_factor)
        return build(read, lengths=lengths, places=places, drop_isolated=drop_isolated)

    @classmethod
    def from_graphml(
        cls, path: str | Path, *, length_km: float | None = None, length_unit: str | None = None,
        length_attribute: str | None = None, great_circle_factor: float | None = None, places: str | None = None,
        directed: bool | None = None, drop_isolated: bool = False, graph: str | int | None = None,
    ) -> Network:  # fmt: skip
        """A network from a GraphML file; the other parameters are those of :meth:`from_networkx`.

        Parameters
        ----------
        path : str or Path
            A file of yEd, the Topology Zoo, OSMnx, igraph, networkx, Gephi or another writer. In yEd's an edge is
            one-way only where an arrow points one way; frames around stations, and notes, are no stations.
        graph : str or int, optional
            Which graph, by id or counted from 0, where the file holds several.

        Raises
        ------
        ValueError
            If the file or an element cannot be read as what it says; the message names file, element and reason.
        OSError
            If it cannot be opened.
        """
        from qpsviz.network.importers import Lengths, build, read_graphml

        lengths = Lengths(length_km, length_unit, length_attribute, great_circle_factor)
        read = read_graphml(Path(path), graph=graph, directed=directed)
        return build(read, lengths=lengths, places=places, drop_isolated=drop_isolated)
