"""Well-known shapes of networks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NotRequired, TypedDict

import numpy as np

from qpsviz.errors import ParameterError
from qpsviz.network.checks import MAX_LINK_KM, number, whole
from qpsviz.network.geography import Spot, great_circle_km, map_km
from qpsviz.scenario.layout import Layout
from qpsviz.units import Array, ArrayLike

if TYPE_CHECKING:
    from qpsviz.network.network import Network

_NSFNET = "nsfnet.toml"
NSFNET_LENGTHS = ("published", "halved", "ramaswami", "great_circle")


def _of_pairs(name: str, names: Sequence[str], places: ArrayLike, pairs: ArrayLike, lengths_km: ArrayLike) -> Network:
    """A network whose nodes all send, forward and receive, with fibre both ways between pairs of them."""
    from qpsviz.network.network import Network

    ends = np.asarray(pairs, dtype=np.int32).reshape(-1, 2)
    lengths = np.broadcast_to(np.asarray(lengths_km, dtype=np.float64), len(ends))
    spots = np.asarray(places, dtype=np.float64)
    return Network(
        name=name,
        node_names=names,
        roles=["user"] * len(spots),
        x_km=spots[:, 0],
        y_km=spots[:, 1],
        link_from=np.stack([ends[:, 0], ends[:, 1]], axis=1).reshape(-1),
        link_to=np.stack([ends[:, 1], ends[:, 0]], axis=1).reshape(-1),
        link_km=np.repeat(lengths, 2),
    )


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


class _Link(TypedDict):
    """A fibre pair of NSFNET, and its length in each list that has it."""

    ends: tuple[str, str]
    published_km: NotRequired[float]
    ramaswami_km: NotRequired[float]


def _nsfnet_km(link: _Link, spots: dict[str, Spot], lengths: str) -> float | None:
    """Length of one link in one of the lists, None where the list does not have it. [km]"""
    if lengths == "great_circle":
        start, end = link["ends"]
        return great_circle_km(spots[start], spots[end])
    if lengths == "halved":
        return 0.5 * float(link["published_km"])
    value = link.get("published_km") if lengths == "published" else link.get("ramaswami_km")
    return None if value is None else float(value)


class Topologies:
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
        if layout not in tuple(Layout):
            raise ParameterError("layout", f"layout = {layout!r} is not one of {', '.join(Layout)}")
        if Layout(layout).keeps_half:
            roles = ["sender", *["relay"] * n, "receiver"]
            names = ["Sender", *(f"Relay {i + 1}" for i in range(n)), "Receiver"]
            here, there = steps, steps + 1
        else:
            roles = ["receiver", *["relay"] * n, "source", *["relay"] * n, "receiver"]
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
        return _of_pairs("ring", [f"N{i + 1}" for i in range(n)], circle_km(n, length), pairs, length)

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
        return _of_pairs("grid", names, places, np.concatenate([along, across]), length)

    @classmethod
    def nsfnet(cls, *, lengths: str = "published", mean_length_km: float | None = None) -> Network:
        """The 14 nodes of NSFNET and its fibre pairs, between places in the United States.

        Parameters
        ----------
        lengths : str
            ``"published"``: 22 pairs of 300 to 4800 km, 1.21 to 2.15 times the great circle between their places.
            ``"halved"``: half of these, which most programs use; 17 are shorter than the great circle, so no fibre
            can be. ``"ramaswami"``: another list, of 21 pairs; 8 are too short. ``"great_circle"``: the shortest that
            22 pairs can be. None is measured; ``qpsviz/network/data/nsfnet.toml`` says where each comes from.
        mean_length_km : float, optional
            Mean length to which lengths and places are scaled. [km]

        Raises
        ------
        ValueError
            If there is no such list, or the mean is not above 0.
        """
        import tomllib
        from importlib.resources import files

        if lengths not in NSFNET_LENGTHS:
            raise ParameterError("lengths", f"lengths = {lengths!r} is not one of {', '.join(NSFNET_LENGTHS)}")
        table = tomllib.loads((files("qpsviz.network") / "data" / _NSFNET).read_text(encoding="utf-8"))
        spots = {name: (longitude, latitude) for name, longitude, latitude in table["places"]}
        row = {name: i for i, name in enumerate(spots)}
        listed = [(link["ends"], _nsfnet_km(link, spots, lengths)) for link in table["links"]]
        ends = [(row[a], row[b]) for (a, b), value in listed if value is not None]
        km = np.array([value for _, value in listed if value is not None])
        scale = 1.0
        if mean_length_km is not None:
            scale = number("mean_length_km", mean_length_km, lo=0.0, open_lo=True) / float(km.mean())
        return _of_pairs(table["name"], list(spots), map_km(list(spots.values())) * scale, ends, km * scale)

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
        return _of_pairs("random regular", [f"N{i + 1}" for i in range(n)], places, pairs, length)
