"""BB84 over a packet-switched path (paper, Section IV.A; Eq. 1 and 2)."""

from __future__ import annotations

import numpy as np

from qpsviz.noise import QubitChannel
from qpsviz.noise.dark import DARK_COUNTS, dark_yield
from qpsviz.protocols.reconciliation import shannon_factor
from qpsviz.protocols.retention import LATE_PAYLOADS, RESERVATIONS, payload_kept, payload_retention
from qpsviz.units import Array, ArrayLike, in_range, in_unit_interval

__all__ = [
    "DARK_COUNTS",
    "LATE_PAYLOADS",
    "RESERVATIONS",
    "binary_entropy",
    "combined_error",
    "dark_yield",
    "gain",
    "key_rate",
    "path_errors",
    "payload_kept",
    "payload_retention",
    "qber",
    "repeaterless_bound",
    "repeaterless_bound_of_loss",
    "secret_share",
]


def gain(eta: ArrayLike, p_dark: ArrayLike) -> Array:
    """Chance that a sent pulse makes the receiver click.

    Parameters
    ----------
    eta : array_like
        Transmittance of the path and the detector together. [1]
    p_dark : array_like
        Dark-count probability per gate. [1]

    Returns
    -------
    ndarray
        Q. [1]

    Raises
    ------
    ValueError
        If a probability is outside [0, 1].

    Notes
    -----
    Q = Y0 + eta - Y0 eta. Assumption: the standard single-photon gain; the paper does not write it.

    Examples
    --------
    >>> float(gain(0.5, 0.0))
    0.5
    """
    eta, Y0 = in_unit_interval("eta", eta), in_unit_interval("p_dark", p_dark)
    return Y0 + eta * (1 - Y0)


def qber(eta: ArrayLike, p_dark: ArrayLike, error: ArrayLike) -> Array:
    """Share of clicks that carry the wrong bit, for one basis.

    Parameters
    ----------
    eta : array_like
        Transmittance of the path and the detector together. [1]
    p_dark : array_like
        Dark-count probability per gate. [1]
    error : array_like
        Chance that an arrived photon is read wrongly: misalignment and path noise. [1]

    Returns
    -------
    ndarray
        e, 1/2 where nothing ever clicks. [1]

    Raises
    ------
    ValueError
        If a probability is outside [0, 1].

    Notes
    -----
    e = [Y0 (1 - eta)/2 + e_d eta]/Q. Assumption: dark counts are random bits, and a photon's click hides one.
    With the share d = Y0 (1 - eta)/Q of clicks that are dark this is e_d + (1/2 - e_d) d, which has no small number
    divided by another where light is weak.
    """
    eta, Y0 = in_unit_interval("eta", eta), in_unit_interval("p_dark", p_dark)
    e_d = in_unit_interval("error", error)
    Q = gain(eta, Y0)
    dark = np.where(Q > 0, Y0 * (1 - eta) / np.where(Q > 0, Q, 1.0), 1.0)
    return np.asarray(e_d + (0.5 - e_d) * dark)


def combined_error(first: ArrayLike, second: ArrayLike) -> Array:
    """Chance that exactly one of two independent bit flips happens.

    Parameters
    ----------
    first, second : array_like
        Flip probabilities. [1]

    Returns
    -------
    ndarray
        p (1 - q) + (1 - p) q. [1]

    Raises
    ------
    ValueError
        If a probability is outside [0, 1].
    """
    p, q = in_unit_interval("first", first), in_unit_interval("second", second)
    return p * (1 - q) + (1 - p) * q


def path_errors(channel: QubitChannel) -> tuple[Array, Array]:
    """Bit error that a path adds in the Z and X basis.

    Parameters
    ----------
    channel : QubitChannel
        The whole path. [1]

    Returns
    -------
    tuple of ndarray
        (e_Z, e_X) = ((1 - a)/2, (1 - c)/2), from the channel's chances of a flip. [1]

    Notes
    -----
    The shift b of a relaxing memory makes one Z state worse by what it makes the other better.
    """
    return np.asarray((channel.p_up + channel.p_down) / 2), channel.p_phase


def binary_entropy(p: ArrayLike) -> Array:
    """Shannon entropy H2 of a bit that is 1 with probability p.

    Parameters
    ----------
    p : array_like
        Probability in [0, 1]. [1]

    Returns
    -------
    ndarray
        -p log2 p - (1-p) log2 (1-p). [bit]

    Raises
    ------
    ValueError
        If p is outside [0, 1].

    Examples
    --------
    >>> float(binary_entropy(0.5))
    1.0
    """
    p = in_unit_interval("p", p)
    with np.errstate(divide="ignore", invalid="ignore"):
        bits = -p * np.log2(p) - (1 - p) * np.log1p(-p) / np.log(2.0)
    return np.where((p > 0) & (p < 1), bits, 0.0)


def key_rate(
    retention: ArrayLike,
    q_gain: ArrayLike,
    qber_z: ArrayLike,
    qber_x: ArrayLike,
    *,
    ec_inefficiency: ArrayLike,
) -> Array:
    """Secret key bits per pulse slot of efficient BB84, asymptotically.

    Parameters
    ----------
    retention : array_like
        K, payload that routing leaves. [1]
    q_gain : array_like
        Gain Q. [1]
    qber_z, qber_x : array_like
        Error rate in each basis. [1]
    ec_inefficiency : array_like
        Reconciliation inefficiency f, at least 1. [1]

    Returns
    -------
    ndarray
        R, not below 0. [bit]

    Raises
    ------
    ValueError
        If an input is out of range.

    Notes
    -----
    Eq. 1: R = K Q [1 - f H2(e_Z) - H2(e_X)]; no sifting factor because almost all pulses use one basis.
    """
    share = secret_share(qber_z, qber_x, ec_inefficiency=ec_inefficiency)
    return np.asarray(np.asarray(retention) * np.asarray(q_gain) * np.maximum(0.0, share))


def secret_share(qber_z: ArrayLike, qber_x: ArrayLike, *, ec_inefficiency: ArrayLike) -> Array:
    """Secret bits per click; negative where no key is possible.

    Parameters
    ----------
    qber_z, qber_x : array_like
        Error rate in each basis. [1]
    ec_inefficiency : array_like
        Reconciliation inefficiency f, at least 1. [1]

    Returns
    -------
    ndarray
        1 - f H2(e_Z) - H2(e_X). [bit]

    Raises
    ------
    ValueError
        If an input is out of range.

    Notes
    -----
    The bracket of Eq. 1.
    """
    f = shannon_factor(ec_inefficiency)
    return 1 - f * binary_entropy(qber_z) - binary_entropy(qber_x)


def repeaterless_bound(eta: ArrayLike) -> Array:
    """Most secret bits per pulse over pure loss, without a repeater or a code of several pulses.

    Parameters
    ----------
    eta : array_like
        Transmittance of the channel, without the receiver. [1]

    Returns
    -------
    ndarray
        -log2(1 - eta), ``inf`` without loss. [bit]

    Raises
    ------
    ValueError
        If eta is outside [0, 1].

    Notes
    -----
    Pirandola, Laurenza, Ottaviani, Banchi, Nature Communications 8, 15043 (2017).
    """
    with np.errstate(divide="ignore"):
        return np.asarray(-np.log1p(-in_unit_interval("eta", eta)) / np.log(2.0))


def repeaterless_bound_of_loss(loss_db: ArrayLike) -> Array:
    """:func:`repeaterless_bound` of a loss, with every digit where hardly anything or nearly all is lost.

    Parameters
    ----------
    loss_db : array_like
        Loss of the channel, without the receiver. [dB]

    Returns
    -------
    ndarray
        -log2(1 - eta), ``inf`` without loss. [bit]

    Raises
    ------
    ValueError
        If the loss is negative.

    Examples
    --------
    >>> repeaterless_bound_of_loss([10 * np.log10(2), np.inf, 0.0]).round(12).tolist()
    [1.0, 0.0, inf]
    """
    lost = in_range("loss_db", loss_db, 0.0) * np.log(10.0) / 10.0
    with np.errstate(divide="ignore"):
        missing = np.where(lost < np.log(2.0), np.log(-np.expm1(-lost)), np.log1p(-np.exp(-lost)))
    return np.asarray(np.abs(missing) / np.log(2.0))
