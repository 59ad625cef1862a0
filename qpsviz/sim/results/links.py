"""What the links of a network carried, and how long payloads waited for them."""

from __future__ import annotations

import numpy as np

from qpsviz.network import Network
from qpsviz.sim.results.over_time import CountedTime
from qpsviz.sim.results.tables import Log
from qpsviz.table import Table
from qpsviz.units import Array, Column


class LinkTotals:
    """Counts per one-way link over a run, which may come a part at a time.

    Parameters
    ----------
    network : Network
        Where the run is.
    n_warm_up : int
        Sessions, the first ones, whose frames are not counted.
    """

    def __init__(self, network: Network, *, n_warm_up: int = 0) -> None:
        self._network = network
        self._n_warm_up = n_warm_up
        self._n_frames: Column = np.zeros(network.n_links, dtype=np.int64)
        self._dwell_us: Array = np.zeros(network.n_links)

    def add(self, log: Log) -> None:
        """Add legs: the link of each, and how long its payload dwelt at the relay before it."""
        legs, n_links = log.legs, self._n_frames.size
        link, dwell_us = legs["link"], legs["dwell_us"]
        if self._n_warm_up:
            plan = log.plan
            session = log.flights["frame"] // plan.n_arms // plan.n_session_groups + log.n_before
            counted = (session >= self._n_warm_up)[legs["flight"]]
            link, dwell_us = link[counted], dwell_us[counted]
        self._n_frames += np.bincount(link, minlength=n_links)
        self._dwell_us += np.bincount(link, dwell_us, minlength=n_links)

    def table(self, held_us: Array, *, n_channels: int, time: CountedTime) -> Table:
        """One row per one-way link.

        Parameters
        ----------
        held_us : ndarray
            How long ports were taken, link after link, one port per wavelength. [us]
        n_channels : int
            Wavelengths per link.
        time : CountedTime
            How long the run was, and for how long frames were counted.

        Returns
        -------
        Table
            ``link``, ``from_node``, ``to_node``, ``length_km``, ``n_frames`` (attempts that took it),
            ``utilisation`` (share of its port time that was taken: the carried load in Erlang per wavelength),
            ``dwell_us`` (mean dwell of its payloads at the relay before it) and ``n_waiting`` (payloads that dwell
            there for it, on average, by Little's law). Frames of the warm-up are not counted; ``utilisation`` is that
            of the whole run, with its warm-up and the time in which the last frames leave.
        """
        network, n = self._network, self._n_frames
        taken_us = np.asarray(held_us, dtype=np.float64).reshape(network.n_links, n_channels).sum(axis=1)
        whole_us, over_us = (us if us > 0 else np.nan for us in (time.duration_us, time.counted_us))
        return Table({
            "link": np.arange(network.n_links, dtype=np.int32),
            "from_node": network.link_from,
            "to_node": network.link_to,
            "length_km": network.link_km,
            "n_frames": n,
            "utilisation": taken_us / (whole_us * n_channels),
            "dwell_us": np.divide(self._dwell_us, n, out=np.full(n.size, np.nan), where=n > 0),
            "n_waiting": self._dwell_us / over_us,
        })  # fmt: skip
