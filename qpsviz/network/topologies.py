"""Well-known shapes of networks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from qpsviz.errors import ParameterError
from qpsviz.network.fibre_pairs import of_pairs
from qpsviz.network.link_values import MAX_LINK_KM
from qpsviz.network.published import Published
from qpsviz.network.roles import Role
from qpsviz.scenario.layout import Layout
from qpsviz.units import Array
from qpsviz.units.checks import number, one_of, whole

if TYPE_CHECKING:
    from qpsviz.network.network import Network


def circle_km(n_nodes: int, length_km: float) -> Array:
    """Places on a circle, the first on top.

    Parameters
    ----------
    n_nodes : int
        Number of places.
    length_km : float
        About how far neighbours are apart. [km]

    Returns
    -------
    ndarray, shape (n_nodes, 2)
        To the right and upwards. [km]
    """
    angle = np.pi / 2 - 2 * np.pi * np.arange(n_nodes) / max(1, n_nodes)
    radius_km = length_km * n_nodes / (2 * np.pi)
    return np.stack([radius_km * np.cos(angle), radius_km * np.sin(angle)], axis=1)


class Topologies(Published):
    """Well-known shapes, as class methods of :class:`~qpsviz.Network`."""

    @classmethod
    def line(cls, *, n_relays: int, length_km: float, layout: str = Layout.SENDER.value) -> Network:
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
        from qpsviz.network.network import Network

        n, length = whole("n_relays", n_relays, 0), number("length_km", length_km, lo=0.0, hi=MAX_LINK_KM)
        steps = np.arange(n + 1, dtype=np.int32)
        one_of("layout", layout, tuple(Layout))
        if Layout(layout).keeps_half:
            roles = [Role.SENDER, *[Role.RELAY] * n, Role.RECEIVER]
            names = ["Sender", *(f"Relay {i + 1}" for i in range(n)), "Receiver"]
            here, there = steps, steps + 1
        else:
            roles = [Role.RECEIVER, *[Role.RELAY] * n, Role.SOURCE, *[Role.RELAY] * n, Role.RECEIVER]
            inward, outward = [f"Relay A{i}" for i in range(n, 0, -1)], [f"Relay B{i}" for i in range(1, n + 1)]
            names = ["Receiver A", *inward, "Source", *outward, "Receiver B"]
            here = np.concatenate([n + 1 - steps, n + 1 + steps])
            there = np.concatenate([n - steps, n + 2 + steps])
        x_km = np.arange(float(len(roles))) * length
        return Network(
            name="line", node_names=names, roles=roles, x_km=x_km, y_km=np.zeros(len(roles)), link_from=here,
            link_to=there, link_km=np.full(here.size, length),
        )  # fmt: skip

    @classmethod
    def ring(cls, *, n_nodes: int, length_km: float) -> Network:
        """A ring of at least three users, with fibre both ways and ``length_km`` per link. [km]"""
        n, length = whole("n_nodes", n_nodes, 3), number("length_km", length_km, lo=0.0, hi=MAX_LINK_KM)
        pairs = [(i, (i + 1) % n) for i in range(n)]
        return of_pairs("ring", [f"N{i + 1}" for i in range(n)], circle_km(n, length), pairs, length)

    @classmethod
    def star(cls, *, n_users: int, length_km: float) -> Network:
        """At least two users around a relay that only forwards, with fibre both ways.

        Parameters
        ----------
        n_users : int
            Number of users.
        length_km : float
            Length of each link, between a user and the relay. [km]

        Raises
        ------
        ValueError
            If there are fewer than two users, or the length is negative.
        """
        n, length = whole("n_users", n_users, 2), number("length_km", length_km, lo=0.0, hi=MAX_LINK_KM)
        places = np.concatenate([np.zeros((1, 2)), circle_km(n, 2 * np.pi * length / n)])
        names = ["Relay", *(f"User {i + 1}" for i in range(n))]
        return of_pairs("star", names, places, [(0, i + 1) for i in range(n)], length, relays=[0])

    @classmethod
    def grid(cls, *, n_rows: int, n_columns: int, length_km: float) -> Network:
        """A rectangular grid of users, with fibre both ways and ``length_km`` per link. [km]"""
        rows, columns = whole("n_rows", n_rows, 1), whole("n_columns", n_columns, 2)
        length = number("length_km", length_km, lo=0.0, hi=MAX_LINK_KM)
        node = np.arange(rows * columns).reshape(rows, columns)
        along = np.stack([node[:, :-1], node[:, 1:]], axis=-1).reshape(-1, 2)
        across = np.stack([node[:-1], node[1:]], axis=-1).reshape(-1, 2)
        places = [(c * length, -r * length) for r in range(rows) for c in range(columns)]
        names = [f"{r + 1}.{c + 1}" for r in range(rows) for c in range(columns)]
        return of_pairs("grid", names, places, np.concatenate([along, across]), length)

    @classmethod
    def random_regular(cls, *, n_nodes: int, degree: int, length_km: float, seed: int = 0) -> Network:
        """A connected random network in which every user has ``degree`` neighbours ``length_km`` away. [km]"""
        import networkx

        n, d = whole("n_nodes", n_nodes, 3), whole("degree", degree, 2)
        length = number("length_km", length_km, lo=0.0, hi=MAX_LINK_KM)
        if d >= n or n * d % 2:
            raise ParameterError("degree", f"degree = {d} must be below n_nodes = {n}, and their product even")
        rng = np.random.default_rng([whole("seed", seed, 0), 0x9EA9])
        while True:
            graph = networkx.random_regular_graph(d, n, seed=int(rng.integers(2**31)))
            if networkx.is_connected(graph):
                break
        pairs = sorted((min(a, b), max(a, b)) for a, b in graph.edges)
        # On a circle as wide as a link is long, no two stations are further apart than their fibre reaches.
        places = circle_km(n, np.pi * length / n)
        return of_pairs("random regular", [f"N{i + 1}" for i in range(n)], places, pairs, length)

    @classmethod
    def waxman(
        cls, *, n_nodes: int, alpha: float = 0.2, beta: float = 0.4, side_km: float = 100.0, seed: int = 0
    ) -> Network:
        """A random network of users in a square, in which near ones are joined more often than far ones.

        Parameters
        ----------
        n_nodes : int
            Number of users, at least 2.
        alpha : float
            How far links reach: the larger, the more long ones. [1]
        beta : float
            How many links there are: the probability of one between users in the same place. [1]
        side_km : float
            Side of the square, in which users are placed evenly. [km]
        seed : int
            Same seed, same network.

        Raises
        ------
        ValueError
            If a number is out of range, or the network that this seed draws is not connected.

        Notes
        -----
        P(link) = beta exp(-d / (alpha L)), L the largest distance between two users (Waxman, IEEE JSAC 6, 1617
        (1988)). Deviation: his places have whole coordinates, these any. A link is as long as the straight line
        between its users; real fibre is longer.
        """
        n = whole("n_nodes", n_nodes, 2)
        reach, density = (
            number("alpha", alpha, lo=0.0, open_lo=True),
            number("beta", beta, lo=0.0, hi=1.0, open_lo=True),
        )
        side = number("side_km", side_km, lo=0.0, hi=MAX_LINK_KM / 2, open_lo=True)
        rng = np.random.default_rng([whole("seed", seed, 0), 0x3A73A])
        places = rng.random((n, 2)) * side
        longest = max(float(_distances(places, i).max()) for i in range(n - 1))
        pairs, lengths = [], []
        for i in range(n - 1):
            far = _distances(places, i)
            joined = np.flatnonzero(rng.random(far.size) < density * np.exp(-far / (reach * longest)))
            pairs += [(i, i + 1 + int(j)) for j in joined]
            lengths += far[joined].tolist()
        _check_connected(n, pairs, seed)
        return of_pairs("Waxman", [f"N{i + 1}" for i in range(n)], places, pairs, lengths)


def _distances(places: Array, node: int) -> Array:
    """From a node to each with a higher number. [km]"""
    gaps = places[node + 1 :] - places[node]
    return np.asarray(np.hypot(gaps[:, 0], gaps[:, 1]))


def _check_connected(n_nodes: int, pairs: list[tuple[int, int]], seed: int) -> None:
    """Refuse a random network that has more than one part."""
    import networkx

    graph = networkx.Graph(pairs)
    graph.add_nodes_from(range(n_nodes))
    n_parts = networkx.number_connected_components(graph)
    if n_parts > 1:
        reason = f"the network of seed = {seed} has {len(pairs)} links and is in {n_parts} parts"
        raise ParameterError("seed", f"{reason}; write another seed, or a larger alpha or beta")
