"""Clicks of a receiver without light: whose dark counts a number is."""

from __future__ import annotations

from qpsviz.units import Array, ArrayLike, in_unit_interval
from qpsviz.units.checks import one_of

DARK_COUNTS = ("receiver", "detector")


def dark_yield(p_dark: ArrayLike, dark_counts: str = "receiver") -> Array:
    """Chance that a receiver clicks in a gate without light: Y0.

    Parameters
    ----------
    p_dark : array_like
        Dark-count probability per gate. [1]
    dark_counts : str
        Whose clicks ``p_dark`` counts: ``"receiver"``, all detectors together, or ``"detector"``, each of Fig. 6's two.

    Returns
    -------
    ndarray
        p, or 1 - (1 - p)^2 = p (2 - p). [1]

    Raises
    ------
    ValueError
        If the probability is outside [0, 1] or the word unknown.

    Notes
    -----
    Assumption: the paper says "detector dark count probability" and draws two detectors; it does not say which is
    meant. Two independent ones click at least once with p (2 - p). The 2 p that is often written ends the key of
    Fig. 7 only 1.1 cm earlier.

    Examples
    --------
    >>> float(dark_yield(0.1)), round(float(dark_yield(0.1, "detector")), 12)
    (0.1, 0.19)
    """
    one_of("dark_counts", dark_counts, DARK_COUNTS)
    p = in_unit_interval("p_dark", p_dark)
    return p if dark_counts == "receiver" else p * (2 - p)
