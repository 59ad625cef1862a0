"""Percentiles of one number per frame, in memory that does not grow with the frames.

Values are counted in bins whose width is at most 1/128 of where they begin, and each bin knows the mean of its values.
A percentile is the mean of the bin that holds it: within 0.8 % of the exact one, and equal to it where all values of
that bin are alike, as dwell times often are. The rule is the same whether frames are kept or not.
"""

from __future__ import annotations

import math

import numpy as np

from qpsviz.units import Array, Column

_BITS = 7  # of the mantissa: 128 bins for each doubling
_SHIFT = 52 - _BITS
_LOWEST, _HIGHEST = 2.0**-20, 2.0**60
_FIRST = int(np.float64(_LOWEST).view(np.int64)) >> _SHIFT
_N_BINS = (int(np.float64(_HIGHEST).view(np.int64)) >> _SHIFT) - _FIRST + 1


class Percentiles:
    """Counts and sums of values of at least 0, by their size; those below a millionth count as one bin."""

    def __init__(self) -> None:
        self._counts: Column = np.zeros(_N_BINS, dtype=np.int64)
        self._sums: Array = np.zeros(_N_BINS)

    def add(self, values: Array) -> None:
        """Add values, of which none is "not a number"."""
        if not values.size:
            return
        within = np.clip(values, _LOWEST, _HIGHEST)
        number: Column = (within.view(np.int64) >> _SHIFT) - _FIRST
        first = int(number.min())
        counts = np.bincount(number - first)
        there = slice(first, first + counts.size)
        self._counts[there] += counts
        self._sums[there] += np.bincount(number - first, values)

    def at(self, *, p_below: float) -> float:
        """The smallest value that at least this share of all values does not exceed.

        Parameters
        ----------
        p_below : float
            Share, above 0 and at most 1. [1]

        Returns
        -------
        float
            In the unit of the values; not a number without any.
        """
        n = int(self._counts.sum())
        if not n:
            return math.nan
        rank = max(1, math.ceil(p_below * n - 1e-9))
        found = int(np.searchsorted(np.cumsum(self._counts), rank))
        return float(self._sums[found] / self._counts[found])
