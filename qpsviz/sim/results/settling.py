"""Whether frames take longer and longer while a run goes on: what it takes to see a queue that grows without end."""

from __future__ import annotations

import math

import numpy as np

from qpsviz.table import Table
from qpsviz.units import Array, Mask

_QUARTERS = 4


class QuarterTotals:
    """Mean latency of delivered frames by quarter of the sessions that count, which may come a part at a time.

    Parameters
    ----------
    n_sessions : int
        Sessions of the run.
    n_warm_up : int
        Sessions, the first ones, that are not counted.

    Notes
    -----
    By Little's law L = λ W the number of frames under way grows if and only if, at the same rate of arrivals, the time
    that each takes grows; a time is told by every frame by itself.
    """

    def __init__(self, *, n_sessions: int, n_warm_up: int) -> None:
        self._first, self._n = n_warm_up, max(n_sessions - n_warm_up, 1)
        self._sums: Array = np.zeros(_QUARTERS)
        self._counts: Array = np.zeros(_QUARTERS)

    def add(self, frames: Table, delivered: Mask) -> None:
        """Add frames, and which of them were delivered."""
        session = frames["session"][delivered].astype(np.int64)
        quarter = np.clip((session - self._first) * _QUARTERS // self._n, 0, _QUARTERS - 1)
        latency_us = (frames["done_us"] - frames["offered_us"])[delivered]
        # One after the other into its quarter, so that parts of any size give the same sums.
        np.add.at(self._sums, quarter, latency_us)
        np.add.at(self._counts, quarter, 1.0)

    @property
    def early_us(self) -> float:
        """Mean latency in the second quarter, not a number where nothing was delivered. [us]"""
        return self._mean_us(1)

    @property
    def late_us(self) -> float:
        """Mean latency in the last quarter, not a number where nothing was delivered. [us]"""
        return self._mean_us(_QUARTERS - 1)

    def _mean_us(self, quarter: int) -> float:
        count = self._counts[quarter]
        return float(self._sums[quarter] / count) if count else math.nan
