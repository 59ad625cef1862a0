"""Where clicks fall whose time is not exact: in the window or the gate that they belong to, or in those of others."""

from __future__ import annotations

import math

import numpy as np

from qpsviz.noise.classical_light import open_us
from qpsviz.protocols.detectors import acts
from qpsviz.units import Array, ArrayLike, in_range

_erf = np.vectorize(math.erf, otypes=[np.float64])
_erfc = np.vectorize(math.erfc, otypes=[np.float64])
_SURE = 0.05  # jitter in slots up to which less than 1e-100 of the clicks reach another gate
_WIDE = 4  # jitter in slots from which all gates together catch their share of time


def window_share(window_us: ArrayLike, *, jitter_us: ArrayLike) -> Array:
    """Share of detections that lie in a window, or of pairs whose halves are detected within one of each other.

    Parameters
    ----------
    window_us : array_like
        Full width of the window: half of it before, half of it after. [us]
    jitter_us : array_like
        Full width at half maximum of what is timed: of one detection against its gate, or of the difference of two
        detection times. [us]

    Returns
    -------
    ndarray
        erf(sqrt(ln 2) w/t_jitter), 1 without jitter where the window is open. [1]

    Raises
    ------
    ValueError
        If a value is negative.

    Notes
    -----
    Neumann et al., Physical Review A 104, 022406 (2021). Assumption: what is timed is normally distributed around the
    middle of the window; for pairs that holds the delays of both arms equal.

    Examples
    --------
    >>> round(float(window_share(1.0, jitter_us=1.0)), 4)
    0.761
    """
    w, spread = in_range("window_us", window_us, 0.0), in_range("jitter_us", jitter_us, 0.0)
    if not acts(spread):
        return np.where(w > 0, 1.0, 0.0)
    with np.errstate(over="ignore"):  # a window that is wide beyond numbers catches all
        widths = np.where(spread > 0, w / np.where(spread > 0, spread, 1.0), np.where(w > 0, np.inf, 0.0))
    return np.asarray(_erf(np.sqrt(np.log(2.0)) * widths))


def slot_shares(gate_us: ArrayLike, *, spacing_us: ArrayLike, jitter_us: ArrayLike) -> tuple[Array, Array]:
    """Where the clicks of one slot fall.

    Parameters
    ----------
    gate_us, spacing_us : array_like
        Width of the gate in the middle of each slot, no longer than the slot, and time from one slot to the next. [us]
    jitter_us : array_like
        Full width at half maximum of a click's time. [us]

    Returns
    -------
    tuple of ndarray
        Share of clicks in the gate of their own slot, and in those of all others; the rest is lost between gates. [1]

    Raises
    ------
    ValueError
        If a value is negative.

    Notes
    -----
    :func:`window_share` of the own gate, and the same normal distribution over the gates at 1, 2, ... slots before and
    after. Where it is four slots wide or more, all gates together have their share of time, to 24 digits.

    Examples
    --------
    >>> own, others = slot_shares(1.0, spacing_us=1.0, jitter_us=1.0)
    >>> round(float(own), 4), round(float(others), 4)
    (0.761, 0.239)
    """
    g, s = open_us(gate_us, spacing_us=spacing_us), np.asarray(spacing_us, dtype=np.float64)
    own = window_share(g, jitter_us=jitter_us)
    t = np.asarray(jitter_us, dtype=np.float64)
    if np.all(t <= _SURE * s):
        return own, np.zeros(())
    per_us = 2 * np.sqrt(np.log(2.0)) / np.where(t > 0, t, np.inf)
    near = sum(_erfc((j * s - g / 2) * per_us) - _erfc((j * s + g / 2) * per_us) for j in range(1, 4 * _WIDE + 1))
    others = np.where(t < _WIDE * s, near, np.maximum(0.0, g / s - own))
    return own, np.asarray(np.where(t <= _SURE * s, 0.0, others))
