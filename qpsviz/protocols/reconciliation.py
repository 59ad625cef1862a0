"""How many bits are spent on making both copies of a key equal, over the Shannon limit."""

from __future__ import annotations

from qpsviz.units import Array, ArrayLike, in_range

MOST_INEFFICIENT = 1e6
"""Largest reconciliation inefficiency. [1]"""


def shannon_factor(ec_inefficiency: ArrayLike) -> Array:
    """Check a reconciliation inefficiency.

    Parameters
    ----------
    ec_inefficiency : array_like
        f, bits spent on error correction over the Shannon limit. [1]

    Returns
    -------
    ndarray
        The values. [1]

    Raises
    ------
    ValueError
        If one is below 1 or above 1e6: without a limit, errors that never happen would cost a number that is none.
    """
    return in_range("ec_inefficiency", ec_inefficiency, 1.0, MOST_INEFFICIENT)
