"""How long a payload waits for all busy ports of its path together, in closed form."""

from __future__ import annotations

import math

import numpy as np

from qpsviz.units import Array, ArrayLike, in_range, in_unit_interval

_SUMMED = 24  # payloads up to which the sum over uniform numbers is short
_A, _PLAIN, _AVERAGED = 18.4, 24, 12  # of Abate and Whitt: what is missing is below exp(-A) = 1e-8


def p_within(n_payloads: ArrayLike, *, n_waits: ArrayLike, p_free: ArrayLike) -> Array:
    """Chance that independent waits for busy ports last no longer than so many payloads together.

    Parameters
    ----------
    n_payloads : array_like
        Time for all waits together, in payloads; below 0 there is none. [1]
    n_waits : array_like of int
        Ports that a payload waits for.
    p_free : array_like
        Availability P of each. [1]

    Returns
    -------
    ndarray
        Chance: to its last digits up to 24 payloads, to 1e-7 beyond. [1]

    Raises
    ------
    ValueError
        If P is outside [0, 1] or there are fewer ports than none.

    Notes
    -----
    A wait is a sum of uniform numbers of payloads, j of them with chance P rho^j (:mod:`qpsviz.switch.port_wait`), so n
    waits are a sum of m with chance C(m + n - 1, m) P^n rho^m. The chance that m uniform numbers add up to at most x
    (Irwin, Hall 1927) is F_m(x) = [x F_(m-1)(x) + (m - x) F_(m-1)(x - 1)]/m, all terms positive. Beyond, the transform
    of Pollaczek and Khinchine is turned back as J. Abate, W. Whitt, ORSA J. Comput. 7, 36 (1995) do it ("Euler").

    Examples
    --------
    >>> p_within([-0.1, 0.0, 1.0, 1e9], n_waits=3, p_free=0.2).round(6).tolist()
    [0.0, 0.008, 0.051989, 1.0]
    """
    x, n, P = np.broadcast_arrays(
        np.asarray(n_payloads, dtype=np.float64), in_range("n_waits", n_waits, 0.0), in_unit_interval("p_free", p_free)
    )
    chance = np.where((x >= 0) & ((n == 0) | (P >= 1)), 1.0, 0.0)
    drawn = (x >= 0) & (n > 0) & (P > 0) & (P < 1)
    for near, find in ((x <= _SUMMED, _summed), (x > _SUMMED, _turned_back)):
        here = drawn & near
        if np.any(here):
            chance[here] = find(x[here], n[here], P[here])
    return chance


def _summed(x: Array, n: Array, P: Array) -> Array:
    """The sum over how many uniform numbers there are. [1]"""
    left = x - np.arange(math.floor(float(np.max(x))) + 2)[:, None]  # x, x - 1, … and a last one below 0
    within, total = np.where(left >= 0, 1.0, 0.0), np.zeros(x.shape)
    share = P**n
    for m in range(1, _most_numbers(float(np.max(x)), float(np.max(n))) + 1):
        total += share * within[0]
        share = share * (1 - P) * (m + n - 1) / m
        fewer = np.concatenate([within[1:], np.zeros((1, x.size))])
        mixed = (left * within + (m - left) * fewer) / m
        within = np.where(left >= m, 1.0, np.where(left >= 0, mixed, 0.0))
    return np.minimum(total, 1.0)


def _most_numbers(x: float, n: float) -> int:
    """How many uniform numbers hardly ever add up to so little, be there never so many with n waits."""
    return math.ceil(math.e * x + 8 * math.sqrt((x + 1) * (n + 1)) + 40)


def _turned_back(x: Array, n: Array, P: Array) -> Array:
    """The transform of the chance of a longer wait, turned back at x. [1]"""
    k = np.arange(_PLAIN + _AVERAGED + 1)[:, None]
    with np.errstate(all="ignore"):  # of endless times nothing is left
        s = (_A + 2j * math.pi * k) / (2 * x)
        each = P / (P + (1 - P) * (1 + np.expm1(-s) / s))
        terms = np.real((1 - np.exp(n * np.log(each))) / s) * np.where(k % 2, -1.0, 1.0)
    terms[0] /= 2
    sums = np.cumsum(terms, axis=0)[_PLAIN:]
    weights = np.array([math.comb(_AVERAGED, j) for j in range(_AVERAGED + 1)]) / 2.0**_AVERAGED
    longer = math.exp(_A / 2) / x * np.tensordot(weights, sums, axes=1)
    return np.asarray(np.clip(1 - np.where(np.isfinite(longer), longer, 0.0), 0.0, 1.0))
