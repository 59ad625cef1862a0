"""Which of many values is the closest to a goal, where rounding tells some of them apart."""

from __future__ import annotations

import numpy as np

from qpsviz.units import Array

SAME = 1e-12
"""Relative difference at which an output has reached its goal."""
_TIED = 1e-9  # share by which two misses of a goal may differ and count as one


def closest(y: Array, goal: float) -> int:
    """Where values come closest to a goal.

    Parameters
    ----------
    y : ndarray, shape (n,)
        Values of an output, in its unit; those that are not finite do not count. [1]
    goal : float
        What they shall reach, in their unit. [1]

    Returns
    -------
    int
        The first place of those that only rounding of the values tells apart; 0 where none is finite. [1]

    Notes
    -----
    Values are compared, not their distances from the goal: of a distant goal, these have lost all digits that differ.

    Examples
    --------
    >>> import numpy as np
    >>> closest(np.array([36.9, 37.9, 37.9]), 1e9), closest(np.array([1.0, 4.0, 6.0]), 5.5)
    (1, 2)
    """
    known = np.where(np.isfinite(y), y, np.nan)
    sides = known[known <= goal], known[known >= goal]
    ends = [float(end(side)) for end, side in zip((np.max, np.min), sides, strict=True) if side.size]
    if not ends:
        return 0
    least, size = min(abs(end - goal) for end in ends), float(np.nanmax(np.abs(known)))
    rounding = SAME * size + _TIED * min(least, size)
    nearest = [end for end in ends if abs(end - goal) <= least + rounding]
    return int(np.argmax(np.any([np.abs(known - end) <= rounding for end in nearest], axis=0)))
