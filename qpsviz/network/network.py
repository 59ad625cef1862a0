"""Where frames travel: nodes, one-way links between them, and the shortest path from each to each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from qpsviz.errors import ParameterError
from qpsviz.network.geography import DEGREES, degrees
from qpsviz.network.link_values import LINK_VALUES, MAX_LINK_KM, stated
from qpsviz.network.paths import hops, parallel_fibres
from qpsviz.network.readers import Readers
from qpsviz.network.roles import Role
from qpsviz.network.routes import (
    ROUTES_BY,
    Ints,
    Nodes,
    Route,
    k_shortest,
    lines_outward,
    route_costs,
    shortest_paths,
)
from qpsviz.network.stored import network_json, network_values
from qpsviz.network.topologies import Topologies
from qpsviz.scenario import Scenario
from qpsviz.scenario.layout import Layout
from qpsviz.table import Table
from qpsviz.units import Array
from qpsviz.units.checks import one_of, whole


@dataclass(frozen=True, kw_only=True, eq=False)
class Network(Topologies, Readers):
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
    link_loss_db_per_km : array_like, optional
        Attenuation of each link's fibre; not a number where the scenario's counts. [dB/km]
    link_extra_loss_db : array_like, optional
        Loss of each link beside its fibre: connectors, splices. [dB]
    link_depol_per_km : array_like, optional
        Depolarising constant of each link; not a number where the scenario's counts. [1/km]
    link_power_dbm : array_like, optional
        Power of classical light that enters each link beside the photons, -inf for none. [dBm]
    routes_by : str
        What a route has least of: ``"length"``, or ``"relays"``, see :meth:`with_routes`.
    longitude_deg, latitude_deg : array_like, optional
        Where each node is on the Earth, where that is known of all. [degree]

    Raises
    ------
    ValueError
        If the columns do not fit together, or a value is out of range.

    Notes
    -----
    ``dataclasses.replace(network, link_loss_db_per_km=…)`` gives the same network with other fibre.

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
    link_loss_db_per_km: Array | None = None
    link_extra_loss_db: Array | None = None
    link_depol_per_km: Array | None = None
    link_power_dbm: Array | None = None
    routes_by: str = "length"
    longitude_deg: Array | None = None
    latitude_deg: Array | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "node_names", tuple(str(n) for n in self.node_names))
        object.__setattr__(self, "roles", tuple(Role(one_of("role", role, tuple(Role))) for role in self.roles))
        for field in ("x_km", "y_km", "link_km", "link_from", "link_to"):
            kind = np.float64 if field.endswith("_km") else np.int32
            object.__setattr__(self, field, np.asarray(getattr(self, field), dtype=kind))
        self._check()
        for field, column in degrees(self.longitude_deg, self.latitude_deg, self.n_nodes).items():
            object.__setattr__(self, field, column)
        for name in LINK_VALUES:
            object.__setattr__(self, f"link_{name}", stated(name, getattr(self, f"link_{name}"), self.n_links))

    def _check(self) -> None:
        n, m = self.n_nodes, self.n_links
        if {len(self.roles), self.x_km.size, self.y_km.size} != {n} or {self.link_from.size, self.link_to.size} != {m}:
            raise ValueError(f"the columns of network {self.name!r} are not equally long")
        if n < 2 or m < 1:
            raise ValueError(f"network {self.name!r} has {n} nodes and {m} links; at least 2 and 1 are needed")
        ends = np.concatenate([self.link_from, self.link_to])
        if ends.min() < 0 or ends.max() >= n or np.any(self.link_from == self.link_to):
            raise ValueError(f"links of network {self.name!r} must join two different nodes of 0 … {n - 1}")
        good = (self.link_km >= 0) & (self.link_km <= MAX_LINK_KM)
        if not good.all():
            raise ValueError(f"length_km = {self.link_km[~good][0]:g} must be a number of 0 to {MAX_LINK_KM:g} km")
        one_of("routes_by", self.routes_by, ROUTES_BY)

    def __eq__(self, other: object) -> bool:
        mine = (self.name, self.routes_by, self.nodes, self.links)
        return isinstance(other, Network) and mine == (other.name, other.routes_by, other.nodes, other.links)

    __hash__ = None  # type: ignore[assignment]

    def to_json(self) -> str:
        """The network as JSON, which :meth:`from_json` reads; ``qps.json_schema("network")`` describes it."""
        return network_json(self)

    @classmethod
    def from_json(cls, text: str) -> Network:
        """Read what :meth:`to_json` wrote; a ValueError says what is unknown, missing or out of range."""
        return cls(**network_values(text))

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
        """One row per node: ``node``, ``name``, ``role``, ``x_km``, ``y_km``, and where it is on the Earth if known."""
        return Table({
            "node": np.arange(self.n_nodes, dtype=np.int32),
            "name": np.array(self.node_names, dtype=str),
            "role": np.array(self.roles, dtype=str),
            "x_km": self.x_km,
            "y_km": self.y_km,
            **{field: column for field in DEGREES if (column := getattr(self, field)) is not None},
        })  # fmt: skip

    @cached_property
    def links(self) -> Table:
        """One row per one-way link: ``link``, ``from_node``, ``to_node``, ``length_km``.

        And ``loss_db_per_km``, ``extra_loss_db``, ``depol_per_km``, ``power_dbm``, each where any link says so itself.
        """
        values = {name: getattr(self, f"link_{name}") for name in LINK_VALUES}
        return Table({
            "link": np.arange(self.n_links, dtype=np.int32),
            "from_node": self.link_from,
            "to_node": self.link_to,
            "length_km": self.link_km,
            **{name: column for name, column in values.items() if column is not None},
        })  # fmt: skip

    def with_role(self, role: Role) -> list[int]:
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
        senders = self.with_role(Role.SENDER) or self.with_role(Role.USER)
        receivers = self.with_role(Role.RECEIVER) if self.is_line else senders
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
        source, destination = (side.ravel() for side in np.meshgrid(*self.ends, indexing="ij"))
        differ = source != destination
        return self.n_hops(source[differ], destination[differ])

    @cached_property
    def is_line(self) -> bool:
        """Whether the only paths are outward from one sender or one pair source."""
        return Role.USER not in self.roles

    @cached_property
    def next_link(self) -> Ints:
        """Link to take at a node (row) towards another (column), -1 where there is no path.

        The shortest path, which is the quickest in fibre of one kind, or that of :meth:`with_routes`; equally short
        ones with the fewest links are shared by receivers.
        """
        route = lines_outward if self.is_line else shortest_paths
        return route(self.n_nodes, self.link_from, self.link_to, self._costs)

    @cached_property
    def parallel_fibres(self) -> tuple[Ints, Ints]:
        """The shortest of the links beside each, and the next longer one, -1 after the last.

        Fibres between the same two nodes are one link to a route; a frame takes the shortest of them that it can.
        """
        return parallel_fibres(self.link_from, self.link_to, self.link_km)

    @property
    def _costs(self) -> Array:
        return route_costs(self.routes_by, self.n_nodes, self.link_km)

    def with_routes(self, by: str) -> Network:
        """The same network with other routes.

        Parameters
        ----------
        by : str
            ``"length"``: the shortest path; ``"relays"``: the one with the fewest relays, and the shortest of those.

        Raises
        ------
        ParameterError
            If it is another word.
        """
        return replace(self, routes_by=by)

    def k_shortest(self, source: int, destination: int, k: int) -> list[Route]:
        """The ``k`` best paths from one node to another, each without a loop, the best first.

        Parameters
        ----------
        source, destination : int
            First and last node.
        k : int
            How many at most; fewer are returned where there are no more. Paths differ in their nodes, so that
            parallel fibres are one path.

        Raises
        ------
        ValueError
            If a node is not there, both are the same, or no path joins them.

        Examples
        --------
        >>> [route.length_km for route in Network.ring(n_nodes=5, length_km=10.0).k_shortest(0, 2, 3)]
        [20.0, 30.0]
        """
        for name, node in (("source", source), ("destination", destination)):
            if whole(name, node, 0) >= self.n_nodes:
                raise ParameterError(name, f"{name} = {node} is not one of the nodes 0 … {self.n_nodes - 1}")
        if source == destination:
            raise ParameterError("destination", f"destination = {destination} is the source itself")
        ends, n_routes = (int(source), int(destination)), whole("k", k, 1)
        found = k_shortest(
            self.n_nodes, self.link_from, self.link_to, self._costs, self.link_km, ends=ends, n_routes=n_routes
        )
        if not found:
            raise ValueError(f"no path from {self.node_names[source]} to {self.node_names[destination]}")
        return found

    def n_hops(self, source: Nodes, destination: Nodes) -> Ints:
        """Links on the path from each source to its destination, equally many nodes.

        Raises
        ------
        ValueError
            If there is no path, or a source is its own destination.
        """
        return hops(self.next_link, self.link_to, self.node_names, source, destination)

    @classmethod
    def of(cls, scenario: Scenario) -> Network:
        """The line that a scenario describes."""
        path = scenario.path
        n_links = (path.n_relays + 1) * Layout(path.layout).n_arms
        return cls.line(n_relays=path.n_relays, length_km=path.length_km / n_links, layout=path.layout)
