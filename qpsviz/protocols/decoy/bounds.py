"""What two decoys say about the pulses that left with no photon and with one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from qpsviz.errors import ParameterError
from qpsviz.units import Array, Mask
from qpsviz.units.checks import in_short, numbers

N_INTENSITIES = 3
_ROUNDING = 1e-9  # of counts
_LEAST, _MOST = 1e-100, 100.0  # of mean photons and shares: beyond, their powers are no numbers any more


@dataclass(frozen=True, slots=True, kw_only=True)
class Intensities:
    """Three intensities and how often each is sent; the first axis of both arrays has length 3.

    Parameters
    ----------
    n_photons : ndarray, shape (3, ...)
        Mean photons of the signal, the decoy and the near-vacuum pulse, mu1 > mu2 + mu3 and mu2 > mu3 >= 0. [1]
    p_sent : ndarray, shape (3, ...)
        Share of pulses with each, above 0, together 1. [1]
    """

    n_photons: Array
    p_sent: Array

    def check(self) -> None:
        """Refuse what no sender sends.

        Raises
        ------
        ParameterError
            If an array is not three numbers along its first axis, the intensities are not in their order or negative,
            or the shares do not sum to 1.
        """
        for name in ("n_photons", "p_sent"):
            if numbers(name, getattr(self, name)).shape[0] != N_INTENSITIES:
                raise ParameterError(name, f"{name} must have {N_INTENSITIES} numbers, one of each intensity")
        mu1, mu2, mu3 = self.n_photons
        if not np.all((mu1 <= _MOST) & (mu1 > mu2 + mu3) & (mu2 > mu3) & (mu3 >= 0) & (mu2 >= _LEAST)):
            raise ParameterError(
                "n_photons",
                f"n_photons = {in_short(np.asarray(self.n_photons).tolist())} must be signal > decoy + near-vacuum, "
                f"decoy > near-vacuum >= 0, and at most {_MOST:g}",
            )
        if not np.all((self.p_sent >= _LEAST) & (np.abs(np.sum(self.p_sent, axis=0) - 1) <= _ROUNDING)):
            raise ParameterError(
                "p_sent", f"p_sent = {in_short(np.asarray(self.p_sent).tolist())} must be shares above 0 that sum to 1"
            )

    def p_number(self, n_emitted: int) -> Array:
        """tau_n: chance that a pulse of an intensity unknown leaves with none or one photon. [1]"""
        weight = self.n_photons if n_emitted else 1.0
        return np.asarray(np.sum(self.p_sent * np.exp(-self.n_photons) * weight, axis=0))

    def scaled(self, n_counts: Array) -> Array:
        """Counts of each intensity, per share and vacuum weight: e^k n_k / p_k. [1]"""
        return np.exp(self.n_photons) / self.p_sent * n_counts


def vacuum_counts(intensities: Intensities, n_counts: Array, n_deviation: Array) -> Array:
    """Fewest counts from pulses that left with no photon.

    Parameters
    ----------
    intensities : Intensities
        The three.
    n_counts : ndarray, shape (3, ...)
        Counts of each. [1]
    n_deviation : ndarray
        How far each count may lie from its mean; 0 for exact statistics. [1]

    Returns
    -------
    ndarray
        s0, 0 where the bound is negative: then it says nothing. [1]

    Notes
    -----
    Lim et al. (2014), Eq. 2: tau_0 (mu2 n3- - mu3 n2+)/(mu2 - mu3).
    """
    _, mu2, mu3 = intensities.n_photons
    above, below = intensities.scaled(n_counts + n_deviation), intensities.scaled(n_counts - n_deviation)
    return np.asarray(np.maximum(0.0, intensities.p_number(0) * (mu2 * below[2] - mu3 * above[1]) / (mu2 - mu3)))


def single_photon_counts(intensities: Intensities, n_counts: Array, n_deviation: Array, n_vacuum: Array) -> Array:
    """Fewest counts from pulses that left with one photon; not above 0 where fluctuations leave nothing.

    Parameters
    ----------
    intensities : Intensities
        The three.
    n_counts : ndarray, shape (3, ...)
        Counts of each. [1]
    n_deviation : ndarray
        How far each count may lie from its mean. [1]
    n_vacuum : ndarray
        :func:`vacuum_counts` of the same. [1]

    Returns
    -------
    ndarray
        s1. [1]

    Notes
    -----
    Lim et al. (2014), Eq. 3: tau_1 mu1 [n2- - n3+ - (mu2^2 - mu3^2)/mu1^2 (n1+ - s0/tau_0)] /
    [mu1 (mu2 - mu3) - mu2^2 + mu3^2].
    """
    mu1, mu2, mu3 = intensities.n_photons
    above, below = intensities.scaled(n_counts + n_deviation), intensities.scaled(n_counts - n_deviation)
    several = (mu2**2 - mu3**2) / mu1**2 * (above[0] - n_vacuum / intensities.p_number(0))
    left = below[1] - above[2] - several
    return np.asarray(intensities.p_number(1) * mu1 * left / ((mu2 - mu3) * (mu1 - mu2 - mu3)))


def single_photon_errors(intensities: Intensities, n_wrong: Array, n_deviation: Array) -> Array:
    """Most wrong counts from pulses that left with one photon.

    Parameters
    ----------
    intensities : Intensities
        The three.
    n_wrong : ndarray, shape (3, ...)
        Wrong counts of each. [1]
    n_deviation : ndarray
        How far each may lie from its mean. [1]

    Returns
    -------
    ndarray
        v1, not below 0. [1]

    Notes
    -----
    Lim et al. (2014), Eq. 4: tau_1 (m2+ - m3-)/(mu2 - mu3).
    """
    _, mu2, mu3 = intensities.n_photons
    above, below = intensities.scaled(n_wrong + n_deviation), intensities.scaled(n_wrong - n_deviation)
    return np.asarray(np.maximum(0.0, intensities.p_number(1) * (above[1] - below[2]) / (mu2 - mu3)))


def most_single_photon_counts(intensities: Intensities, n_counts: Array, n_deviation: Array, n_vacuum: Array) -> Array:
    """Most counts from pulses that left with one photon.

    Parameters
    ----------
    intensities : Intensities
        The three.
    n_counts : ndarray, shape (3, ...)
        Counts of each. [1]
    n_deviation : ndarray
        How far each count may lie from its mean. [1]
    n_vacuum : ndarray
        :func:`vacuum_counts` of the same. [1]

    Returns
    -------
    ndarray
        Least over the intensities mu of tau_1 (n+ - s0/tau_0)/mu, not below 0. [1]

    Notes
    -----
    e^mu n_mu/p_mu = sum over photon numbers m of mu^m s_m/(m! tau_m), of which no part is negative.
    """
    above = intensities.scaled(n_counts + n_deviation) - n_vacuum / intensities.p_number(0)
    each = above / np.where(intensities.n_photons > 0, intensities.n_photons, np.nan)
    return np.asarray(np.maximum(0.0, intensities.p_number(1) * np.nanmin(each, axis=0)))


def grow_with_intensity(intensities: Intensities, n_counts: Array, n_deviation: Array) -> Mask:
    """Whether e^mu n_mu/p_mu, a series in mu of which no part is negative, can grow with mu.

    Parameters
    ----------
    intensities : Intensities
        The three.
    n_counts : ndarray, shape (3, ...)
        Clicks of each, or wrong ones. [1]
    n_deviation : ndarray
        How far each count may lie from its mean. [1]

    Returns
    -------
    ndarray of bool
        False where a brighter pulse makes fewer for certain.
    """
    above, below = intensities.scaled(n_counts + n_deviation), intensities.scaled(n_counts - n_deviation)
    return np.asarray(np.all(below[1:] <= above[:-1] * (1 + _ROUNDING), axis=0))
