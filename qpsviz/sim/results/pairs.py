"""What each pair of users got: frames, fidelity and key, where there are few enough pairs to keep them apart."""

from __future__ import annotations

import numpy as np

from qpsviz.scenario import Scenario
from qpsviz.sim.results.rate import Clicks, key_bits
from qpsviz.sim.results.served import Served
from qpsviz.table import Table
from qpsviz.units import Array

MAX_NODES = 256
"""Nodes up to which pairs are kept apart: 65,536 ordered pairs."""

_SUMS = ("offered", "delivered", "n_fidelities", "fidelity", "clicks", "wrong_z", "wrong_x")


class PairTotals:
    """Sums over the frames of every ordered pair of nodes, which may come a part at a time.

    Parameters
    ----------
    scenario : Scenario
        That of the run.
    n_nodes : int
        Nodes of the network.
    """

    def __init__(self, scenario: Scenario, n_nodes: int) -> None:
        self._scenario = scenario
        self._n_nodes = n_nodes
        self._has_key = False
        # One after the other into its pair, so that parts of any size give the same sums.
        self._sums: dict[str, Array] = {name: np.zeros(n_nodes**2 if self.is_kept else 0) for name in _SUMS}

    @property
    def is_kept(self) -> bool:
        """Whether there are few enough pairs."""
        return self._n_nodes <= MAX_NODES

    def add(self, served: Served, clicks: Clicks | None) -> None:
        """Add frames: the users that they serve, and what those that were delivered let the receivers click."""
        if not self.is_kept:
            return
        pair = served.first.astype(np.int64) * self._n_nodes + served.second
        np.add.at(self._sums["offered"], pair, 1.0)
        of_delivered = pair[served.delivered]
        np.add.at(self._sums["delivered"], of_delivered, 1.0)
        fidelity = served.fidelity
        known = ~np.isnan(fidelity)
        np.add.at(self._sums["n_fidelities"], pair[known], 1.0)
        np.add.at(self._sums["fidelity"], pair[known], fidelity[known])
        if clicks is not None:
            self._has_key = True
            for name, values in (
                ("clicks", clicks.n_clicks),
                ("wrong_z", clicks.n_wrong_z),
                ("wrong_x", clicks.n_wrong_x),
            ):
                np.add.at(self._sums[name], of_delivered, values)

    def table(self, *, counted_us: float) -> Table:
        """One row per pair that was offered a frame.

        Parameters
        ----------
        counted_us : float
            For how long frames were counted. [us]

        Returns
        -------
        Table
            ``source``, ``destination`` (the two users that a pair source sends to, where both halves travel),
            ``offered`` and ``delivered`` (frames; two that belong together count once, as delivered if both are),
            ``delivered_share``, ``fidelity`` (mean over delivered frames), ``key_bits`` and ``key_hz`` (secret bits of
            all delivered frames of the pair together by Eq. 1, and per second of the time counted; 0 where the errors
            leave none). Not a number where there is nothing to average, and for the key where both halves of a pair
            travel.

        Raises
        ------
        ValueError
            If there are too many pairs to keep them apart.
        """
        if not self.is_kept:
            raise ValueError(
                f"pairs are kept apart on networks of at most {MAX_NODES} nodes, and this one has {self._n_nodes}"
            )
        sums = self._sums
        pair = np.flatnonzero(sums["offered"])
        offered, delivered, n_fidelities, fidelity = (sums[name][pair] for name in _SUMS[:4])
        bits = key_bits(self._scenario, *(sums[name][pair] for name in _SUMS[4:]))
        bits = bits if self._has_key else np.full(bits.shape, np.nan)
        return Table({
            "source": (pair // self._n_nodes).astype(np.int32),
            "destination": (pair % self._n_nodes).astype(np.int32),
            "offered": offered.astype(np.int64),
            "delivered": delivered.astype(np.int64),
            "delivered_share": delivered / offered,
            "fidelity": _ratio(fidelity, n_fidelities),
            "key_bits": bits,
            "key_hz": bits / (counted_us if counted_us > 0 else np.nan) * 1e6,
        })  # fmt: skip


def _ratio(sums: Array, counts: Array) -> Array:
    """Sums over counts; not a number where nothing was counted."""
    return np.asarray(np.divide(sums, counts, out=np.full(sums.shape, np.nan), where=counts > 0))
