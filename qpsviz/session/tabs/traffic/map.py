"""The network as the tab draws it once: stations, fibre pairs, and what a frame needs to cross it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from qpsviz.network import Network
from qpsviz.network.roles import Role
from qpsviz.scenario import Scenario
from qpsviz.session.tabs.traffic.networks import MENU
from qpsviz.session.tabs.traffic.places import drawn_at, on_map
from qpsviz.units import Array, Column, quantity

if TYPE_CHECKING:
    from qpsviz.session.protocol.traffic import TrafficMap


def pairs_of(network: Network) -> tuple[Column, Column]:
    """Fibre pairs: their ends, and of which pair each one-way link is.

    Returns
    -------
    tuple of ndarray of int
        Shape (n_pairs, 2), smaller node first, and shape (n_links,).
    """
    ends = np.sort(np.stack([network.link_from, network.link_to], axis=1), axis=1)
    pairs, which = np.unique(ends, axis=0, return_inverse=True)
    return pairs, which.reshape(-1).astype(np.int32)


def network_map(name: str, network: Network) -> TrafficMap:
    """Everything of a network that stays.

    Parameters
    ----------
    name : str
        Its word.
    network : Network
        The network.

    Returns
    -------
    dict
        ``title``; ``names``, ``roles``, ``x`` and ``y`` of stations [km]; ``pair_from``, ``pair_to`` and the middle
        ``pair_x``, ``pair_y`` of each fibre pair [km]; ``link_from``, ``link_to``, ``link_pair``, ``link_km`` of each
        one-way link; and sentences about lengths and places.
    """
    entry = MENU.get(name)
    pairs, which = pairs_of(network)
    is_earth = network.longitude_deg is not None
    if is_earth:
        at, middle = on_map(network, pairs)
    else:
        at = drawn_at(network)
        middle = (at[pairs[:, 0]] + at[pairs[:, 1]]) / 2
    hops = network.hops_between_ends
    return {
        "name": name,
        "title": entry.title if entry else network.name,
        "names": list(network.node_names),
        "roles": list(map(Role, network.roles)),
        "x": _plain(at[:, 0]),
        "y": _plain(at[:, 1]),
        "pair_from": pairs[:, 0].tolist(),
        "pair_to": pairs[:, 1].tolist(),
        "pair_x": _plain(middle[:, 0]),
        "pair_y": _plain(middle[:, 1]),
        "link_from": network.link_from.tolist(),
        "link_to": network.link_to.tolist(),
        "link_pair": which.tolist(),
        "link_km": _plain(network.link_km),
        "about": f"{_count(network, len(pairs))} {entry.lengths if entry else 'Lengths as the file has them.'}",
        "paths": f"Paths have {hops.mean():.1f} links on average and {int(hops.max())} at most.",
        "is_earth": is_earth,
    }


def _count(network: Network, n_pairs: int) -> str:
    n_users = len(set(network.ends[0]) | set(network.ends[1]))
    others = network.n_nodes - n_users
    relays = f", {others} that only forward" if others else ""
    return f"{network.n_nodes:,} stations{relays}, {n_pairs:,} fibre pairs."


def _plain(values: Array) -> list[float]:
    """Numbers with as many digits as a picture can show."""
    return [float(f"{value:.6g}") for value in np.asarray(values).tolist()]


def guard_note(scenario: Scenario, network: Network) -> tuple[str, float | None]:
    """Whether the guard is long enough for the longest path of a burst, and which one would be.

    Returns
    -------
    tuple
        A sentence, empty where it is, and the guard that would be long enough. [us]

    Notes
    -----
    Every relay reads the header for T_P while the payload flies on, so that a path of n relays takes a guard of n T_P
    (paper, Section II.B).
    """
    n_relays = int(network.hops_between_ends.max()) - 1
    needed_us = n_relays * scenario.switch.processing_us
    if scenario.switch.guard_us >= needed_us:
        return "", None
    have, need = (quantity(us, "us", trimmed=True) for us in (scenario.switch.guard_us, needed_us))
    text = f"A burst's guard time of {have} is too short for the longest path of {n_relays} relays, which takes {need}."
    return text, needed_us
