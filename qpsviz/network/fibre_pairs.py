"""Networks of fibre pairs: as many one-way links each way, equally long."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from qpsviz.network.roles import Role
from qpsviz.units import ArrayLike

if TYPE_CHECKING:
    from qpsviz.network.network import Network


def of_pairs(
    name: str, names: Sequence[str], places_km: ArrayLike, pairs: Iterable[Sequence[int]], lengths_km: ArrayLike, *,
    relays: Sequence[int] = (), places_deg: ArrayLike | None = None,
) -> Network:  # fmt: skip
    """A network with fibre both ways between pairs of nodes.

    Parameters
    ----------
    name : str
        What to call it.
    names : sequence of str
        One name per node.
    places_km : array_like, shape (n_nodes, 2)
        Where to draw each node. [km]
    pairs : iterable of pairs of int
        The two nodes of each pair.
    lengths_km : array_like
        Length of each pair, or of all. [km]
    relays : sequence of int
        Nodes that only forward; all others are users, which also send and receive.
    places_deg : array_like, shape (n_nodes, 2), optional
        Longitude and latitude of each node. [degree]
    """
    from qpsviz.network.network import Network

    ends = np.asarray(list(pairs), dtype=np.int32).reshape(-1, 2)
    lengths = np.broadcast_to(np.asarray(lengths_km, dtype=np.float64), len(ends))
    places = np.asarray(places_km, dtype=np.float64)
    on_earth = None if places_deg is None else np.asarray(places_deg, dtype=np.float64)
    return Network(
        name=name,
        node_names=names,
        roles=[Role.RELAY if node in relays else Role.USER for node in range(len(places))],
        x_km=places[:, 0],
        y_km=places[:, 1],
        link_from=np.stack([ends[:, 0], ends[:, 1]], axis=1).reshape(-1),
        link_to=np.stack([ends[:, 1], ends[:, 0]], axis=1).reshape(-1),
        link_km=np.repeat(lengths, 2),
        longitude_deg=None if on_earth is None else on_earth[:, 0],
        latitude_deg=None if on_earth is None else on_earth[:, 1],
    )
