"""Well-known shapes of networks, and graphs from elsewhere."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np

from qpsviz.parameter import ParameterError
from qpsviz.sim.checks import number, whole
from qpsviz.sim.network import Network

_EARTH_KM = 6371.0

Spot = tuple[float, float]
"""Longitude and latitude. [degree]"""

# Place names, longitude and latitude in degrees, and the rounded fibre lengths that optical-network studies use.
_NSFNET_NODES = (
    ("Seattle", -122.3, 47.6), ("Palo Alto", -122.1, 37.4), ("San Diego", -117.2, 32.7),
    ("Salt Lake City", -111.9, 40.8), ("Boulder", -105.3, 40.0), ("Houston", -95.4, 29.8),
    ("Lincoln", -96.7, 40.8), ("Champaign", -88.2, 40.1), ("Pittsburgh", -80.0, 40.4),
    ("Atlanta", -84.4, 33.7), ("Ann Arbor", -83.7, 42.3), ("Ithaca", -76.5, 42.4),
    ("Princeton", -74.7, 40.3), ("College Park", -76.9, 39.0),
)  # fmt: skip
_NSFNET_LINKS = (
    (0, 1, 1050), (0, 2, 1500), (0, 7, 2400), (1, 2, 600), (1, 3, 750), (2, 5, 1800), (3, 4, 600), (3, 10, 1950),
    (4, 5, 1200), (4, 6, 600), (5, 9, 1050), (5, 13, 1800), (6, 7, 750), (6, 9, 1350), (7, 8, 750), (8, 9, 750),
    (8, 11, 300), (8, 12, 300), (10, 11, 600), (10, 12, 750), (11, 13, 300), (12, 13, 150),
)  # fmt: skip


def _of_pairs(name: str, names: Any, places: Any, pairs: Any, lengths_km: Any) -> Network:
    """A network whose nodes all send, forward and receive, with fibre both ways between pairs of them."""
    pairs = np.asarray(pairs, dtype=np.int32).reshape(-1, 2)
    lengths = np.broadcast_to(np.asarray(lengths_km, dtype=np.float64), len(pairs))
    places = np.asarray(places, dtype=np.float64)
    return Network(
        name=name,
        node_names=names,
        roles=["user"] * len(places),
        x_km=places[:, 0],
        y_km=places[:, 1],
        link_from=np.stack([pairs[:, 0], pairs[:, 1]], axis=1).reshape(-1),
        link_to=np.stack([pairs[:, 1], pairs[:, 0]], axis=1).reshape(-1),
        link_km=np.repeat(lengths, 2),
    )


def _circle(n_nodes: int, length_km: float) -> Any:
    """Places on a circle, neighbours about ``length_km`` apart, the first on top. [km]"""
    angle = np.pi / 2 - 2 * np.pi * np.arange(n_nodes) / max(1, n_nodes)
    radius_km = length_km * n_nodes / (2 * np.pi)
    return np.stack([radius_km * np.cos(angle), radius_km * np.sin(angle)], axis=1)


def line(*, n_relays: int, length_km: float, layout: str) -> Network:
    """See :meth:`Network.line`."""
    n, length = whole("n_relays", n_relays, 0), number("length_km", length_km, lo=0.0)
    steps = np.arange(n + 1, dtype=np.int32)
    if layout == "sender":
        roles = ["sender", *["relay"] * n, "receiver"]
        names = ["Sender", *(f"Relay {i + 1}" for i in range(n)), "Receiver"]
        here, there = steps, steps + 1
    elif layout == "split":
        roles = ["receiver", *["relay"] * n, "source", *["relay"] * n, "receiver"]
        inward, outward = [f"Relay A{i}" for i in range(n, 0, -1)], [f"Relay B{i}" for i in range(1, n + 1)]
        names = ["Receiver A", *inward, "Source", *outward, "Receiver B"]
        here = np.concatenate([n + 1 - steps, n + 1 + steps])
        there = np.concatenate([n - steps, n + 2 + steps])
    else:
        raise ParameterError("layout", f"layout = {layout!r} is not one of split, sender")
    x_km = np.arange(float(len(roles))) * length
    return Network(
        name="line", node_names=names, roles=roles, x_km=x_km, y_km=np.zeros(len(roles)), link_from=here,
        link_to=there, link_km=np.full(here.size, length),
    )  # fmt: skip


def ring(*, n_nodes: int, length_km: float) -> Network:
    """See :meth:`Network.ring`."""
    n, length = whole("n_nodes", n_nodes, 3), number("length_km", length_km, lo=0.0)
    pairs = [(i, (i + 1) % n) for i in range(n)]
    return _of_pairs("ring", [f"N{i + 1}" for i in range(n)], _circle(n, length), pairs, length)


def grid(*, n_rows: int, n_columns: int, length_km: float) -> Network:
    """See :meth:`Network.grid`."""
    rows, columns = whole("n_rows", n_rows, 1), whole("n_columns", n_columns, 2)
    length = number("length_km", length_km, lo=0.0)
    node = np.arange(rows * columns).reshape(rows, columns)
    along = np.stack([node[:, :-1], node[:, 1:]], axis=-1).reshape(-1, 2)
    across = np.stack([node[:-1], node[1:]], axis=-1).reshape(-1, 2)
    places = [(c * length, -r * length) for r in range(rows) for c in range(columns)]
    names = [f"{r + 1}.{c + 1}" for r in range(rows) for c in range(columns)]
    return _of_pairs("grid", names, places, np.concatenate([along, across]), length)


def nsfnet(*, mean_length_km: float | None = None) -> Network:
    """See :meth:`Network.nsfnet`."""
    lengths = np.array([km for *_, km in _NSFNET_LINKS], dtype=np.float64)
    scale = 1.0
    if mean_length_km is not None:
        scale = number("mean_length_km", mean_length_km, lo=0.0, open_lo=True) / float(lengths.mean())
    places = _map_km([(longitude, latitude) for _, longitude, latitude in _NSFNET_NODES]) * scale
    pairs = [(a, b) for a, b, _ in _NSFNET_LINKS]
    return _of_pairs("nsfnet", [name for name, *_ in _NSFNET_NODES], places, pairs, lengths * scale)


def random_regular(*, n_nodes: int, degree: int, length_km: float, seed: int) -> Network:
    """See :meth:`Network.random_regular`."""
    import networkx

    n, d, length = whole("n_nodes", n_nodes, 3), whole("degree", degree, 2), number("length_km", length_km, lo=0.0)
    if d >= n or n * d % 2:
        raise ParameterError("degree", f"degree = {d} must be below n_nodes = {n}, and their product even")
    rng = np.random.default_rng([whole("seed", seed, 0), 0x9EA9])
    while True:
        graph = networkx.random_regular_graph(d, n, seed=int(rng.integers(2**31)))
        if networkx.is_connected(graph):
            break
    pairs = sorted((min(a, b), max(a, b)) for a, b in graph.edges)
    return _of_pairs("random regular", [f"N{i + 1}" for i in range(n)], _circle(n, length), pairs, length)


def from_networkx(graph: Any, *, length_km: float | None = None, name: str | None = None) -> Network:
    """See :meth:`Network.from_networkx`."""
    index = {node: i for i, node in enumerate(graph.nodes)}
    spots = [_spot(data) for _, data in graph.nodes(data=True)]
    on_a_map = bool(spots) and all(spot is not None for spot in spots)
    ends, lengths = [], []
    for a, b, data in graph.edges(data=True):
        if a == b:
            continue
        ends.append((index[a], index[b]))
        lengths.append(_edge_km(f"{a} – {b}", data, spots[index[a]], spots[index[b]], length_km))
    names = [str(data.get("label", node)) for node, data in graph.nodes(data=True)]
    mean_km = float(np.mean(lengths)) if lengths else 1.0
    places = _map_km(spots) if on_a_map else _circle(len(names), mean_km)
    title = str(name or graph.graph.get("name") or graph.graph.get("label") or "graph")
    whole_network = _of_pairs(title, names, places, ends, lengths)
    if not graph.is_directed():
        return whole_network
    return Network(
        name=title, node_names=names, roles=whole_network.roles, x_km=whole_network.x_km, y_km=whole_network.y_km,
        link_from=whole_network.link_from[::2], link_to=whole_network.link_to[::2], link_km=whole_network.link_km[::2],
    )  # fmt: skip


def from_graphml(path: str | Path, *, length_km: float | None = None) -> Network:
    """See :meth:`Network.from_graphml`."""
    import networkx

    file = Path(path)
    text = file.read_bytes()
    try:
        graph = networkx.parse_graphml(text.decode("utf-8-sig"))
        return from_networkx(graph, length_km=length_km, name=graph.graph.get("name") or file.stem)
    except OSError:
        raise
    except Exception as error:
        # networkx lets XML, key, type and value errors through; to a reader they are all a bad file.
        raise ValueError(f"{file.name} is not a network in GraphML: {error}") from None


def _spot(data: dict[str, Any]) -> Spot | None:
    """Longitude and latitude of a node, if it has them. [degree]"""
    for longitude, latitude in (("Longitude", "Latitude"), ("longitude", "latitude"), ("lon", "lat")):
        if longitude in data and latitude in data:
            return float(data[longitude]), float(data[latitude])
    return None


def _edge_km(edge: str, data: dict[str, Any], start: Any, end: Any, default_km: float | None) -> float:
    for key in ("length_km", "length", "dist", "distance"):
        if key in data:
            return number(f"{key} of {edge}", float(data[key]), lo=0.0)
    if start is not None and end is not None:
        return great_circle_km(start, end)
    if default_km is None:
        raise ParameterError("length_km", f"link {edge} has no length_km and its nodes no place; give length_km")
    return number("length_km", default_km, lo=0.0)


def great_circle_km(start: Spot, end: Spot) -> float:
    """Distance over the Earth's surface between two places.

    Parameters
    ----------
    start, end : Spot
        Longitude and latitude. [degree]

    Returns
    -------
    float
        Distance. [km]

    Notes
    -----
    The haversine formula on a sphere. Assumption: fibre follows the shortest way.
    """
    (lon1, lat1), (lon2, lat2) = (tuple(map(math.radians, spot)) for spot in (start, end))
    h = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * _EARTH_KM * math.asin(math.sqrt(min(1.0, h)))


def _map_km(spots: Any) -> Any:
    """Places on a flat map about their middle. [km]"""
    degrees = np.asarray(spots, dtype=np.float64)
    middle = degrees.mean(axis=0)
    per_degree = _EARTH_KM * np.pi / 180
    return (degrees - middle) * per_degree * np.array([np.cos(np.radians(middle[1])), 1.0])
