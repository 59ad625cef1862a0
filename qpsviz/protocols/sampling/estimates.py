"""What counts say about chances: estimates with their confidence intervals."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from qpsviz.protocols.wilson import wilson
from qpsviz.units import Array, ArrayLike, in_range
from qpsviz.units.checks import one_of

METHODS = ("wilson", "clopper-pearson")


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """A number estimated from counts, NaN without any; ``lo`` … ``hi`` covers the truth with chance ``p_coverage``."""

    value: float
    lo: float
    hi: float
    n_trials: int
    p_coverage: float

    def covers(self, value: float) -> bool:
        """Whether a value lies in the interval."""
        return self.lo <= value <= self.hi


def interval(
    n_found: ArrayLike, n_trials: ArrayLike, *, p_coverage: float = 0.95, method: str = "wilson"
) -> tuple[Array, Array]:
    """Confidence interval of a chance, from how often it came true.

    Parameters
    ----------
    n_found, n_trials : array_like of int
        Times that it came true, out of how many; no trial says nothing, and gives 0 … 1. [1]
    p_coverage : float
        Chance that the interval covers the truth, between 0 and 1. [1]
    method : str
        ``"wilson"``: about that chance; ``"clopper-pearson"``: at least that chance, and wider.

    Returns
    -------
    tuple of ndarray
        Lower and upper ends. [1]

    Raises
    ------
    ValueError
        If the counts do not fit together, or the coverage or method is unknown.

    Notes
    -----
    E. B. Wilson, J. Am. Stat. Assoc. 22, 209 (1927); C. J. Clopper, E. S. Pearson, Biometrika 26, 404 (1934).

    Examples
    --------
    >>> [round(float(end), 4) for end in interval(2, 50)]
    [0.011, 0.1346]
    """
    k, n = np.broadcast_arrays(in_range("n_found", n_found, 0.0), in_range("n_trials", n_trials, 0.0))
    if np.any(k > n):
        raise ValueError(f"n_found = {k[k > n][0]:g} is more than n_trials = {n[k > n][0]:g}")
    if not 0 < p_coverage < 1:
        raise ValueError(f"p_coverage = {p_coverage!r} must lie between 0 and 1")
    one_of("method", method, METHODS)
    if method == "wilson":
        lo, hi = wilson(k, n, n_deviations=NormalDist().inv_cdf((1 + p_coverage) / 2))
    else:
        from scipy.special import betaincinv

        tail = (1 - p_coverage) / 2
        lo, hi = betaincinv(np.maximum(k, 0.5), n - k + 1, tail), betaincinv(k + 1, np.maximum(n - k, 0.5), 1 - tail)
    return np.where(k == 0, 0.0, lo), np.where(k == n, 1.0, hi)


def share(n_found: int, n_trials: int, *, p_coverage: float = 0.95, method: str = "wilson") -> Estimate:
    """A chance estimated as the share of trials in which it came true.

    Parameters
    ----------
    n_found, n_trials : int
        Times that it came true, out of how many. [1]
    p_coverage : float
        Chance that the interval covers the truth. [1]
    method : str
        As in :func:`interval`.

    Returns
    -------
    Estimate
        The share, NaN without trials, and its interval. [1]

    Raises
    ------
    ValueError
        As in :func:`interval`.
    """
    lo, hi = interval(n_found, n_trials, p_coverage=p_coverage, method=method)
    value = n_found / n_trials if n_trials else math.nan
    return Estimate(value=value, lo=float(lo), hi=float(hi), n_trials=int(n_trials), p_coverage=p_coverage)


def correlation(n_equal: int, n_trials: int, *, p_coverage: float = 0.95, method: str = "wilson") -> Estimate:
    """A correlation <AB> of two outcomes +1 or -1, from how often they were equal.

    Parameters
    ----------
    n_equal, n_trials : int
        Times that the outcomes were equal, out of how many. [1]
    p_coverage : float
        Chance that the interval covers the truth. [1]
    method : str
        As in :func:`interval`.

    Returns
    -------
    Estimate
        2 p - 1 in [-1, 1] for the chance p of equal outcomes. [1]

    Raises
    ------
    ValueError
        As in :func:`interval`.
    """
    p = share(n_equal, n_trials, p_coverage=p_coverage, method=method)
    ends = {"value": 2 * p.value - 1, "lo": 2 * p.lo - 1, "hi": 2 * p.hi - 1}
    return Estimate(**ends, n_trials=p.n_trials, p_coverage=p_coverage)


def bell_fidelity(xx: Estimate, yy: Estimate, zz: Estimate, *, method: str = "wilson") -> Estimate:
    """Fidelity with Phi+ estimated from the three correlations along equal axes.

    Parameters
    ----------
    xx, yy, zz : Estimate
        <XX>, <YY> and <ZZ>, measured on different pairs. [1]
    method : str
        ``"wilson"``: the three deviations are added in squares, and the coverage is about theirs;
        ``"clopper-pearson"``: they are added up, and the coverage is at least 1 less what the three lack together.

    Returns
    -------
    Estimate
        F = (1 + <XX> - <YY> + <ZZ>)/4 and its interval. [1]

    Raises
    ------
    ValueError
        If the method is unknown.

    Notes
    -----
    Squares, each deviation on the side that matters: G. Y. Zou, A. Donner, Stat. Med. 27, 1693 (2008). Sums: the
    inequality of Bonferroni.
    """
    one_of("method", method, METHODS)
    value, n_trials = (1 + xx.value - yy.value + zz.value) / 4, xx.n_trials + yy.n_trials + zz.n_trials
    down = (xx.value - xx.lo, yy.hi - yy.value, zz.value - zz.lo)
    up = (xx.hi - xx.value, yy.value - yy.lo, zz.hi - zz.value)
    below, above = (math.hypot(*d) / 4 if method == "wilson" else sum(d) / 4 for d in (down, up))
    lo, hi = (0.0, 1.0) if math.isnan(value) else (max(0.0, value - below), min(1.0, value + above))
    lacking = (max if method == "wilson" else sum)(1 - e.p_coverage for e in (xx, yy, zz))
    return Estimate(value=value, lo=lo, hi=hi, n_trials=n_trials, p_coverage=1 - lacking)
