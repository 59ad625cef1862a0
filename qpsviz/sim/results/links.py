"""What the links of a network carried, and how long payloads waited for them."""

from __future__ import annotations

import numpy as np

from qpsviz.network import Network
from qpsviz.table import Table
from qpsviz.units import Array, Column


class LinkTotals:
    """Counts per one-way link over a run, which may come a part at a time.

    Parameters
    ----------
    network : Network
        Where the run is.
    """

    def __init__(self, network: Network) -> None:
        self._network = network
        self._n_frames: Column = np.zeros(network.n_links, dtype=np.int64)
        self._dwell_us: Array = np.zeros(network.n_links)

    def add(self, legs: dict[str, Column]) -> None:
        """Add legs: their ``link``, and how long each payload dwelt at the relay before it. [us]"""
        n_links = self._n_frames.size
        self._n_frames += np.bincount(legs["link"], minlength=n_links)
        self._dwell_us += np.bincount(legs["link"], legs["dwell_us"], minlength=n_links)

    def table(self, held_us: Array, *, n_channels: int, duration_us: float) -> Table:
        """One row per one-way link.

        Parameters
        ----------
        held_us : ndarray
            How long ports were taken, link after link, one port per wavelength. [us]
        n_channels : int
            Wavelengths per link.
        duration_us : float
            From the first moment to the last frame's end. [us]

        Returns
        -------
        Table
            ``link``, ``from_node``, ``to_node``, ``length_km``, ``n_frames`` (attempts that took it),
            ``utilisation`` (share of its port time that was taken: the carried load in Erlang per wavelength),
            ``dwell_us`` (mean dwell of its payloads at the relay before it) and ``n_waiting`` (payloads that dwell
            there for it, on average over the run, by Little's law).
        """
        network, n = self._network, self._n_frames
        taken_us = np.asarray(held_us, dtype=np.float64).reshape(network.n_links, n_channels).sum(axis=1)
        over_us = duration_us if duration_us > 0 else np.nan
        return Table({
            "link": np.arange(network.n_links, dtype=np.int32),
            "from_node": network.link_from,
            "to_node": network.link_to,
            "length_km": network.link_km,
            "n_frames": n,
            "utilisation": taken_us / (over_us * n_channels),
            "dwell_us": np.divide(self._dwell_us, n, out=np.full(n.size, np.nan), where=n > 0),
            "n_waiting": self._dwell_us / over_us,
        })  # fmt: skip
