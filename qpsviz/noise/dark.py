"""Clicks of a receiver without a photon of its sender: whose dark counts a number is, and stray light."""

from __future__ import annotations

import numpy as np

from qpsviz.noise.raman import either_dark, stray_clicks
from qpsviz.units import Array, ArrayLike, in_unit_interval
from qpsviz.units.checks import one_of

DARK_COUNTS = ("receiver", "detector")


def dark_yield(
    p_dark: ArrayLike, dark_counts: str = "receiver", *, n_stray: ArrayLike = 0.0, eta_detector: ArrayLike = 1.0
) -> Array:
    """Chance that a receiver clicks in a gate without a photon of its sender: Y0.

    Parameters
    ----------
    p_dark : array_like
        Dark-count probability per gate. [1]
    dark_counts : str
        Whose clicks ``p_dark`` counts: ``"receiver"``, all detectors together, or ``"detector"``, each of Fig. 6's two.
    n_stray : array_like
        Photons per gate of stray light at the receiver, on average. [1]
    eta_detector : array_like
        Detector efficiency, for stray photons. [1]

    Returns
    -------
    ndarray
        p, or 1 - (1 - p)^2 = p (2 - p), and with stray light :func:`qpsviz.noise.raman.either_dark` of both. [1]

    Raises
    ------
    ValueError
        If a number is out of range or the word unknown.

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
    dark = p if dark_counts == "receiver" else p * (2 - p)
    return either_dark(dark, stray_clicks(n_stray, eta_detector)) if np.any(n_stray) else dark
