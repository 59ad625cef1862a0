"""The six-state protocol: BB84 with a third basis, which tells more about an eavesdropper."""

from __future__ import annotations

import numpy as np

from qpsviz.protocols.reconciliation import shannon_factor
from qpsviz.units import Array, ArrayLike, in_range, in_unit_interval

__all__ = ["pauli_weights", "secret_share"]


def pauli_weights(qber_z: ArrayLike, qber_x: ArrayLike, qber_y: ArrayLike) -> Array:
    """Chances of the four Pauli errors that error rates in three bases leave, once they are told apart no further.

    Parameters
    ----------
    qber_z, qber_x, qber_y : array_like
        Error rate in each basis. [1]

    Returns
    -------
    ndarray
        Weights of I, X, Y, Z along the first axis, together 1, not below 0. [1]

    Raises
    ------
    ValueError
        If a rate is outside [0, 1], or no channel has such three: one of them is above the sum of the others.

    Notes
    -----
    e_Z = p_X + p_Y, e_X = p_Z + p_Y, e_Y = p_X + p_Z; Bruss, Phys. Rev. Lett. 81, 3018 (1998).

    Examples
    --------
    >>> pauli_weights(0.1, 0.1, 0.1).round(12).tolist()
    [0.85, 0.05, 0.05, 0.05]
    """
    z, x, y = (in_unit_interval(f"qber_{basis}", e) for basis, e in (("z", qber_z), ("x", qber_x), ("y", qber_y)))
    weights = np.stack(np.broadcast_arrays(1 - (x + y + z) / 2, (z + y - x) / 2, (z + x - y) / 2, (x + y - z) / 2))
    in_range("weights of Pauli errors", weights, -1e-12)
    return np.asarray(np.maximum(weights, 0.0))


def secret_share(qber_z: ArrayLike, qber_x: ArrayLike, qber_y: ArrayLike, *, ec_inefficiency: ArrayLike) -> Array:
    """Secret bits per click, asymptotically; negative where no key is possible.

    Parameters
    ----------
    qber_z, qber_x, qber_y : array_like
        Error rate in each basis; Z is that of the key. [1]
    ec_inefficiency : array_like
        Reconciliation inefficiency f, at least 1. [1]

    Returns
    -------
    ndarray
        1 - H(p_I, p_X, p_Y, p_Z) - (f - 1) H2(e_Z), with one-way communication. [bit]

    Raises
    ------
    ValueError
        If an input is out of range, or the three rates do not fit together.

    Notes
    -----
    Lo, Quantum Inf. Comput. 1, 81 (2001), with codes that are not degenerate: key up to 12.62 % errors that are equal
    in all bases, where BB84 ends at 11.00 %. Nearly all pulses use Z, so there is no sifting factor.

    Examples
    --------
    >>> [round(float(secret_share(e, e, e, ec_inefficiency=1.0)), 4) for e in (0.0, 0.1, 0.13)]
    [1.0, 0.1524, -0.0209]
    """
    f = shannon_factor(ec_inefficiency)
    weights = pauli_weights(qber_z, qber_x, qber_y)
    z = np.asarray(qber_z, dtype=np.float64)
    flips = np.stack(np.broadcast_arrays(z, 1 - z))
    return np.asarray(1 - _entropy(weights) - (f - 1) * _entropy(flips))


def _entropy(weights: Array) -> Array:
    """Shannon entropy of chances along the first axis. [bit]"""
    sure = np.where(weights > 0, weights, 1.0)
    return np.asarray(-np.sum(sure * np.log2(sure), axis=0))
