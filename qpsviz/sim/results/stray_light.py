"""Stray light of classical signals along the way of every frame, by the rule of the closed forms."""

from __future__ import annotations

import numpy as np

from qpsviz.network import Network
from qpsviz.noise.classical_light import has_light, stray_photons
from qpsviz.scenario import Scenario
from qpsviz.sim.results.channels import link_channels, link_raman_dbm, rows_by_hop
from qpsviz.switch.relay import Relay
from qpsviz.units import Array, Column, eta_from_db


def stray_at_end(scenario: Scenario, network: Network, legs: dict[str, Column], *, n_flights: int) -> Array | None:
    """Raman photons per gate that arrive with each flight's qubits.

    Parameters
    ----------
    scenario : Scenario
        Its classical light, fibre and relays.
    network : Network
        Its links, with light of their own or the scenario's.
    legs : dict of ndarray
        ``flight``, ``hop``, ``link`` and ``dwell_us`` of every leg, any order; ``channel`` if there are many.
    n_flights : int
        Number of flights. [1]

    Returns
    -------
    ndarray or None
        One number per flight, where it ended; None where no link has classical light. [1]

    Notes
    -----
    Per link: what came with the qubits passes the relay before it and its fibre as they do, and its fibre adds its own;
    so has :attr:`qpsviz.closed_form.path.RelayPath.n_stray` it. Links with light of their own: see
    :func:`qpsviz.sim.results.channels.link_raman_dbm`.
    """
    if network.link_power_dbm is None and not has_light(scenario.values()):
        return None
    made = np.broadcast_to(
        stray_photons(scenario.values(), link_raman_dbm(scenario, network)), np.shape(network.link_km)
    )
    eta = np.broadcast_to(link_channels(scenario, network).eta, np.shape(network.link_km))
    relay, n_stray = Relay.of(scenario.values()), np.zeros(n_flights)
    channel_of = np.zeros(n_flights, dtype=np.int32)
    for hop, rows in enumerate(rows_by_hop(legs["hop"])):
        flight, link = legs["flight"][rows], legs["link"][rows]
        channel = legs["channel"][rows] if legs["channel"].size else channel_of[flight]
        here = n_stray[flight]
        if hop:
            converted_db = np.where(channel != channel_of[flight], relay.converter_db, 0.0)
            here = here * relay.passage(legs["dwell_us"][rows]).eta * eta_from_db(converted_db)
        channel_of[flight] = channel
        n_stray[flight] = here * eta[link] + made[link]
    return n_stray
