"""What noise did to every travelling qubit, from the dwells and links that the engine wrote down."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from qpsviz.network import Network
from qpsviz.noise import QubitChannel, fibre, loss
from qpsviz.noise.classical_light import stray_dbm
from qpsviz.protocols import epr
from qpsviz.scenario import Scenario
from qpsviz.switch.path_channel import PathChannel
from qpsviz.switch.relay import Relay, kept_half
from qpsviz.units import Array, Column

NUMBERS = ("eta", "c", "a", "b")

Rows = Array
"""Channels as four rows, one per number."""


@dataclass(frozen=True, kw_only=True)
class Channels:
    """Accumulated channel of the travelling qubits, as four rows (eta, c, a, b).

    ``end`` has a column per flight, where it ended; ``leg_out`` and ``leg_in`` a column per leg, or are None.
    ``n_stray``: stray photons per gate that arrive with each flight, None without classical light.
    """

    end: Rows
    leg_out: Rows | None
    leg_in: Rows | None
    n_stray: Array | None = None


def accumulate(
    scenario: Scenario, network: Network, legs: dict[str, Column], *, n_flights: int, keep_legs: bool
) -> Channels:
    """Follow all flights at once, link by link.

    Parameters
    ----------
    scenario : Scenario
        Fibre, relays and their storage.
    network : Network
        Lengths of the links.
    legs : dict of ndarray
        ``flight``, ``hop``, ``link`` and ``dwell_us`` of every leg, any order; ``channel`` if there are many.
    n_flights : int
        Number of flights. [1]
    keep_legs : bool
        Whether to keep the channel at both ends of every leg.

    Notes
    -----
    Per link: the relay before it, then its fibre, as :class:`qpsviz.switch.path_channel.PathChannel` has them. At the
    source there is no relay. Where the wavelength changes from one leg to the next, the relay between them converts it.
    """
    spans, relay = link_channels(scenario, network), Relay.of(scenario.values())
    path = _Paths(PathChannel.start(relay), n_flights)
    ends = [np.empty((4, legs["hop"].size)) if keep_legs else None for _ in range(2)]
    channel_of = np.zeros(n_flights, dtype=np.int32)
    for hop, rows in enumerate(rows_by_hop(legs["hop"])):
        flight = _span(legs["flight"][rows])
        here = path.of(flight)
        channel = legs["channel"][rows] if legs["channel"].size else channel_of[flight]
        if hop:
            here = here.through(legs["dwell_us"][rows], is_converted=channel != channel_of[flight])
        channel_of[flight] = channel
        there = here.along(_part(spans, legs["link"][rows]))
        for kept, so_far in zip(ends, (here, there), strict=True):
            if kept is not None:
                kept[:, rows] = _rows(so_far.now, legs["hop"][rows].size)
        path.put(flight, there)  # last: `here` is a view of the rows that this writes
    return Channels(end=_rows(path.of(slice(None)).arrived, n_flights), leg_out=ends[0], leg_in=ends[1])


def rows_by_hop(hop: Column) -> list[Column | slice]:
    """Rows of each hop from the first on; slices where the legs are in the order of their hops."""
    n_hops = int(hop.max(initial=-1)) + 1
    if np.all(hop[1:] >= hop[:-1]):
        edges = np.searchsorted(hop, np.arange(n_hops + 1))
        return [slice(a, b) for a, b in zip(edges.tolist(), edges[1:].tolist(), strict=False)]
    return [np.flatnonzero(hop == number) for number in range(n_hops)]


def _span(rows: Column) -> Column | slice:
    """Row numbers as a slice where they follow one another, which is much quicker."""
    if rows.size and rows[-1] - rows[0] == rows.size - 1 and np.all(rows[1:] > rows[:-1]):
        return slice(int(rows[0]), int(rows[-1]) + 1)
    return rows


class _Paths:
    """The passages of all flights so far, as columns."""

    def __init__(self, start: PathChannel, n_flights: int) -> None:
        self.relay = start.relay
        self.recent = _rows(start.recent, n_flights)
        self.settled = _rows(start.settled, n_flights) if start.relay.corrects else None

    def of(self, flight: Column | slice) -> PathChannel:
        settled = QubitChannel.identity() if self.settled is None else _channel(self.settled[:, flight])
        return PathChannel(relay=self.relay, settled=settled, recent=_channel(self.recent[:, flight]))

    def put(self, flight: Column | slice, so_far: PathChannel) -> None:
        for kept, channel in ((self.recent, so_far.recent), (self.settled, so_far.settled)):
            if kept is not None:
                for row, name in zip(kept, NUMBERS, strict=True):
                    row[flight] = getattr(channel, name)


def link_channels(scenario: Scenario, network: Network) -> QubitChannel:
    """What each link's fibre does to a qubit: with its own loss and depolarising where it has them."""
    f = scenario.fibre
    spans = fibre(
        network.link_km,
        loss_db_per_km=_own_or(network.link_loss_db_per_km, f.loss_db_per_km),
        depol_per_km=_own_or(network.link_depol_per_km, f.depol_per_km),
        convention=f.depol_convention,
    )
    extra_db = network.link_extra_loss_db
    return spans if extra_db is None else spans.then(loss(extra_db))


def link_raman_dbm(scenario: Scenario, network: Network, *, bandwidth_nm: float | None = None) -> Array:
    """Stray light of the classical light in each link, where it leaves the link towards the receiver.

    Parameters
    ----------
    scenario : Scenario
        Its classical light, and the fibre of links that say nothing of their own.
    network : Network
        Its links; ``link_power_dbm``, where it is given, is the light that enters them instead of the scenario's.
    bandwidth_nm : float, optional
        Width of the receiver's filter; the scenario's where it is not given. [nm]

    Returns
    -------
    ndarray, shape (n_links,)
        Power within the filter, -inf where there is no classical light. [dBm]

    Raises
    ------
    ParameterError
        If no Raman coefficient is known for the scenario's wavelengths.

    Notes
    -----
    :func:`qpsviz.noise.classical_light.stray_dbm`. Assumption: what a link loses beside its fibre, it loses at its end;
    the light of a link that says its own power is all at the wavelength of the scenario's first signal.
    """
    light, own_dbm = scenario.values(), network.link_power_dbm
    if own_dbm is not None:
        light = light.replace(n_signals=1, launch_dbm=own_dbm)
    if bandwidth_nm is not None:
        light = light.replace(filter_nm=bandwidth_nm)
    lost = _own_or(network.link_loss_db_per_km, scenario.fibre.loss_db_per_km)
    found = stray_dbm(light, network.link_km, loss_db_per_km=lost)
    return found if network.link_extra_loss_db is None else found - network.link_extra_loss_db


def _own_or(own: Array | None, scenarios: float) -> Array:
    """What links say themselves, and the scenario's value where they say nothing."""
    return np.asarray(scenarios if own is None else np.where(np.isnan(own), scenarios, own))


def pair_fidelity(scenario: Scenario, first: Rows, second: Rows | None, delay_us: Array) -> Array:
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
    else:
        partner = kept_half(Relay.of(scenario.values()), delay_us, decays=scenario.path.partner_noise)
    return epr.fidelity(_channel(first), partner)


def _channel(rows: Array) -> QubitChannel:
    return QubitChannel(eta=rows[0], c=rows[1], a=rows[2], b=rows[3])


def _part(channel: QubitChannel, which: Column) -> QubitChannel:
    parts = {name: getattr(channel, name) for name in NUMBERS}
    return QubitChannel(**{name: value[which] if value.ndim else value for name, value in parts.items()})


def _rows(channel: QubitChannel, n: int) -> Array:
    rows = np.empty((len(NUMBERS), n))
    for row, name in zip(rows, NUMBERS, strict=True):
        row[:] = getattr(channel, name)
    return rows
