"""Means over seeds with their errors."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from qpsviz.units import Array

_LEVEL = 0.95


class Interval(NamedTuple):
    """Means with the ends of their 95 % intervals, in the unit of what was averaged."""

    mean: Array
    lo: Array
    hi: Array


def over_seeds(values: Array) -> Interval:
    """Mean over the last axis, and its 95 % interval.

    Parameters
    ----------
    values : ndarray
        One value per seed along the last axis; not a number where a seed is not finished or has none. In any
        unit, which the result shares. [1]

    Returns
    -------
    Interval
        Arrays without the last axis, in the same unit: the mean is not a number without a value, and the ends are not
        a number with fewer than two.

    Notes
    -----
    Student's t for the mean of independent values: mean ± t s/√n with n - 1 degrees of freedom.

    Examples
    --------
    >>> [round(float(x), 3) for x in over_seeds(np.array([1.0, 2.0, 3.0]))]
    [2.0, -0.484, 4.484]
    """
    from scipy.special import stdtrit

    values = np.asarray(values, dtype=np.float64)
    is_there = np.isfinite(values)
    n = np.count_nonzero(is_there, axis=-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(is_there, values, 0.0).sum(axis=-1) / n
        deviation = np.where(is_there, values - mean[..., None], 0.0)
        error = np.sqrt((deviation**2).sum(axis=-1) / (n - 1) / n)
        half = np.where(n > 1, stdtrit(np.maximum(n - 1, 1), 0.5 + _LEVEL / 2) * error, np.nan)
    return Interval(mean, mean - half, mean + half)
