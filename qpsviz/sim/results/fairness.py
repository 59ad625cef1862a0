"""How evenly users are served."""

from __future__ import annotations

import math

import numpy as np

from qpsviz.units import Column, Mask


class SourceTotals:
    """Frames offered and delivered by source, which may come a part at a time.

    Parameters
    ----------
    n_nodes : int
        Nodes of the network.
    """

    def __init__(self, n_nodes: int) -> None:
        self._offered: Column = np.zeros(n_nodes, dtype=np.int64)
        self._delivered: Column = np.zeros(n_nodes, dtype=np.int64)

    def add(self, source: Column, delivered: Mask) -> None:
        """Add frames: their sources, and which were delivered."""
        self._offered += np.bincount(source, minlength=self._offered.size)
        self._delivered += np.bincount(source[delivered], minlength=self._offered.size)

    def jain_index(self) -> float:
        """Jain's index of the shares of their frames that sources had delivered.

        Returns
        -------
        float
            1 where all sources have the same share, 1/n where one of n has everything; not a number where nothing was
            delivered. [1]

        Notes
        -----
        (Σx)²/(n Σx²): Jain, Chiu and Hawe, DEC-TR-301 (1984).
        """
        sends = self._offered > 0
        shares = self._delivered[sends] / self._offered[sends]
        if not np.any(shares):
            return math.nan
        return float(shares.sum() ** 2 / (shares.size * np.sum(shares**2)))
