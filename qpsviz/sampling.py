"""Photons drawn at random: a BB84 session over frames, measured pairs, and what is estimated from them.

Pulses of one frame are alike and independent, so their counts are multinomial: drawing the counts of a frame at once
is exact, not an approximation of drawing pulse by pulse, and is what the functions here do by default.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

import numpy as np
import numpy.typing as npt

from qpsviz.noise import QubitChannel, memory
from qpsviz.parameter import ParameterError
from qpsviz.scenario import Scenario
from qpsviz.units import Array, ArrayLike, in_range, in_unit_interval

Counts = npt.NDArray[np.int64]
METHODS = ("wilson", "clopper-pearson")
RECORD_LIMIT = 10_000_000  # pulses that are drawn one by one


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """A number estimated from counts, with the interval that covers the truth with chance ``p_coverage``."""

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
    n, k = in_range("n_trials", n_trials, 0.0), in_range("n_found", n_found, 0.0)
    if np.any(k > n):
        raise ValueError(f"n_found = {np.max(k - n):g} more than n_trials")
    if not 0 < p_coverage < 1:
        raise ValueError(f"p_coverage = {p_coverage} must lie between 0 and 1")
    if method == "wilson":
        z2 = NormalDist().inv_cdf((1 + p_coverage) / 2) ** 2
        middle, root = k + z2 / 2, np.sqrt(z2 * (k * (n - k) / np.maximum(n, 1) + z2 / 4))
        lo, hi = (middle - root) / (n + z2), (middle + root) / (n + z2)
    elif method == "clopper-pearson":
        from scipy.special import betaincinv

        tail = (1 - p_coverage) / 2
        lo = betaincinv(np.maximum(k, 1e-300), n - k + 1, tail)
        hi = betaincinv(k + 1, np.maximum(n - k, 1e-300), 1 - tail)
    else:
        raise ValueError(f"method = {method!r} is not one of {', '.join(METHODS)}")
    return np.where(k == 0, 0.0, np.clip(lo, 0, 1)), np.where(k == n, 1.0, np.clip(hi, 0, 1))


def estimate(n_found: int, n_trials: int, *, p_coverage: float = 0.95, method: str = "wilson") -> Estimate:
    """A chance estimated from counts.

    Parameters
    ----------
    n_found, n_trials, p_coverage, method
        As in :func:`interval`. [1]

    Returns
    -------
    Estimate
        The share found, NaN without trials, and its interval. [1]

    Raises
    ------
    ValueError
        As in :func:`interval`.
    """
    lo, hi = interval(n_found, n_trials, p_coverage=p_coverage, method=method)
    value = n_found / n_trials if n_trials else float("nan")
    return Estimate(value=value, lo=float(lo), hi=float(hi), n_trials=int(n_trials), p_coverage=p_coverage)


class Bb84Session:
    """Counts of a BB84 session, one entry per frame, and the estimates that its users would make.

    ``counts`` has the columns ``n_pulses``, ``n_clicks`` and, for clicks in equal bases, ``z_right``, ``z_wrong``,
    ``x_right``, ``x_wrong``.
    """

    def __init__(self, counts: Mapping[str, Counts]) -> None:
        self.counts = dict(counts)

    def total(self, name: str) -> int:
        """Sum of one column over all frames. [1]"""
        return int(self.counts[name].sum())

    def gain(self, **options: Any) -> Estimate:
        """Clicks per pulse that reached the receiver's gate: Q of Eq. 1; options as in :func:`interval`. [1]"""
        return estimate(self.total("n_clicks"), self.total("n_pulses"), **options)

    def qber_z(self, **options: Any) -> Estimate:
        """Wrong bits among the clicks with both bases Z: e_Z of Eq. 1; options as in :func:`interval`. [1]"""
        wrong = self.total("z_wrong")
        return estimate(wrong, wrong + self.total("z_right"), **options)

    def qber_x(self, **options: Any) -> Estimate:
        """Wrong bits among the clicks with both bases X: e_X of Eq. 1; options as in :func:`interval`. [1]"""
        wrong = self.total("x_wrong")
        return estimate(wrong, wrong + self.total("x_right"), **options)


def sample_bb84(channel: QubitChannel) -> Bb84Session:
    raise NotImplementedError
