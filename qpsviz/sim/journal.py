"""What noise did to every travelling qubit, from the dwells and links that the engine wrote down."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from qpsviz.applications import epr
from qpsviz.noise import QubitChannel, fibre, loss, memory
from qpsviz.scenario import Scenario
from qpsviz.sim.network import Network
from qpsviz.units import Array

NUMBERS = ("eta", "c", "a", "b")


@dataclass(frozen=True, kw_only=True)
class Channels:
    """Accumulated channel of the travelling qubits, as four rows (eta, c, a, b).

    ``end`` has a column per flight, where it ended; ``leg_out`` and ``leg_in`` a column per leg, or are None.
    """

    end: Array
    leg_out: Array | None
    leg_in: Array | None


def accumulate(
    scenario: Scenario, network: Network, legs: dict[str, Any], *, n_flights: int, keep_legs: bool
) -> Channels:
    """Follow all flights at once, link by link.

    Parameters
    ----------
    scenario : Scenario
        Fibre, memory and switch loss.
    network : Network
        Lengths of the links.
    legs : dict of ndarray
        ``flight``, ``hop``, ``link`` and ``dwell_us`` of every leg, any order.
    n_flights : int
        Number of flights.
    keep_legs : bool
        Whether to keep the channel at both ends of every leg.

    Notes
    -----
    Per link: memory of the node before it, switch loss, fibre; the algebra of :class:`QubitChannel`. At the source
    there is neither memory nor switch.
    """
    v = scenario
    spans = fibre(
        network.link_km,
        loss_db_per_km=v.fibre.loss_db_per_km,
        depol_per_km=v.fibre.depol_per_km,
        convention=v.fibre.depol_convention,
    )
    switch = loss(v.switch.insertion_loss_db)
    held = hold(v, legs["dwell_us"])
    way = np.zeros((4, n_flights))
    way[:3] = 1.0
    ends = [np.empty((4, legs["hop"].size)) if keep_legs else None for _ in range(2)]
    n_hops = int(legs["hop"].max(initial=-1)) + 1
    for hop in range(n_hops):
        rows = np.flatnonzero(legs["hop"] == hop)
        flight, link = legs["flight"][rows], legs["link"][rows]
        here = _channel(way[:, flight])
        if hop:
            here = here.then(_part(held, rows)).then(switch)
        there = here.then(_part(spans, link))
        way[:, flight] = _rows(there, rows.size)
        for kept, channel in zip(ends, (here, there), strict=True):
            if kept is not None:
                kept[:, rows] = _rows(channel, rows.size)
    return Channels(end=way, leg_out=ends[0], leg_in=ends[1])


def hold(scenario: Scenario, dwell_us: Array) -> QubitChannel:
    """What a memory of the scenario does to qubits held for ``dwell_us``."""
    m = scenario.memory
    return memory(dwell_us, t1_us=m.t1_us, t2_us=m.t2_us, model=m.memory_model)


def pair_fidelity(scenario: Scenario, first: Array, second: Array | None, delay_us: Array) -> Array:
    """Fidelity of pairs whose halves arrived.

    Parameters
    ----------
    scenario : Scenario
        The memory of the kept half.
    first, second : ndarray, shape (4, n)
        Channels of both halves; None for a second half that the sender keeps.
    delay_us : ndarray
        How long the sender keeps it. [us]

    Returns
    -------
    ndarray
        Squared-form fidelity. [1]
    """
    if second is not None:
        partner = _channel(second)
    elif scenario.path.partner_noise:
        partner = hold(scenario, delay_us)
    else:
        partner = QubitChannel.identity()
    return epr.fidelity(_channel(first), partner)


def _channel(rows: Array) -> QubitChannel:
    return QubitChannel(eta=rows[0], c=rows[1], a=rows[2], b=rows[3])


def _part(channel: QubitChannel, which: Any) -> QubitChannel:
    parts = {name: getattr(channel, name) for name in NUMBERS}
    return QubitChannel(**{name: value[which] if value.ndim else value for name, value in parts.items()})


def _rows(channel: QubitChannel, n: int) -> Array:
    return np.stack([np.broadcast_to(getattr(channel, name), n) for name in NUMBERS])
