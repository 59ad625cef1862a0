"""What a q-processor gains and loses: quantum codes as maps on error and loss probabilities."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from qpsviz.units import Array, ArrayLike, db_from_eta, in_unit_interval

# Patterns of 0, 1, 2, … lost photons that leave the encoded qubit whole, out of C(n, k).
_FIVE_QUBIT_PATTERNS = (1, 5, 10)
_STEANE_PATTERNS = (1, 7, 21, 28, 7)


def five_qubit(p_error: ArrayLike, p_loss: ArrayLike = 0.0) -> Array:
    """Chance that a qubit in the [[5,1,3]] code is wrong after decoding, given that it was not lost.

    Parameters
    ----------
    p_error : array_like
        Chance that an arrived photon suffered a Pauli error, any of the three. [1]
    p_loss : array_like
        Chance that a photon is lost. [1]

    Returns
    -------
    ndarray
        Logical error probability. [1]

    Raises
    ------
    ValueError
        If a probability is outside [0, 1].

    Notes
    -----
    Without loss p_L = 1 - (1-p)^5 - 5p(1-p)^4 (Laflamme, Miquel, Paz, Zurek, Phys. Rev. Lett. 77, 198 (1996)).
    Assumption: perfect gates, independent photons, and every pattern of e errors and s lost photons with
    2e + s > 2 counts as wrong. A bound, not a simulation: some of those patterns are decoded by luck.
    :func:`qpsviz.switch.decoding.five_qubit_exact` counts them.

    Examples
    --------
    >>> round(float(five_qubit(0.01)), 6)
    0.00098
    """
    return _wrong(p_error, p_loss, 5, _FIVE_QUBIT_PATTERNS)


def five_qubit_loss(p_loss: ArrayLike) -> Array:
    """Chance that loss alone destroys a qubit in the [[5,1,3]] code: three or more of its five photons gone.

    Parameters
    ----------
    p_loss : array_like
        Chance that a photon is lost. [1]

    Returns
    -------
    ndarray
        Logical loss probability. [1]

    Raises
    ------
    ValueError
        If the probability is outside [0, 1].

    Notes
    -----
    Exact for perfect gates: any three photons hold the qubit, so (no cloning) no two do. Break-even at 1/2, 3 dB.
    """
    return _gone(p_loss, 5, _FIVE_QUBIT_PATTERNS)


def steane(p_flip: ArrayLike, p_loss: ArrayLike = 0.0) -> Array:
    """Chance of one kind of flip in the Steane [[7,1,3]] code after decoding, given that it was not lost.

    Parameters
    ----------
    p_flip : array_like
        Chance that an arrived photon suffered this kind of flip (bit flip, or phase flip). [1]
    p_loss : array_like
        Chance that a photon is lost. [1]

    Returns
    -------
    ndarray
        Logical flip probability. [1]

    Raises
    ------
    ValueError
        If a probability is outside [0, 1].

    Notes
    -----
    Without loss 1 - (1-p)^7 - 7p(1-p)^6 for each kind (Steane, Proc. R. Soc. A 452, 2551 (1996)).
    Assumption: as for :func:`five_qubit`.
    """
    return _wrong(p_flip, p_loss, 7, _STEANE_PATTERNS)


def steane_loss(p_loss: ArrayLike) -> Array:
    """Chance that loss alone destroys a qubit in the Steane code.

    Parameters
    ----------
    p_loss : array_like
        Chance that a photon is lost. [1]

    Returns
    -------
    ndarray
        Logical loss probability. [1]

    Raises
    ------
    ValueError
        If the probability is outside [0, 1].

    Notes
    -----
    Exact for perfect gates: of the 35 triples the 7 lines of the Fano plane carry a logical operator, and a set of
    four is harmless just when its complement is not. Break-even at 1/2, 3 dB.
    """
    return _gone(p_loss, 7, _STEANE_PATTERNS)


def loss_code(p_loss: ArrayLike) -> Array:
    """Qubits per photon that the best one-way code can save from loss.

    Parameters
    ----------
    p_loss : array_like
        Chance that a photon is lost in one hop. [1]

    Returns
    -------
    ndarray
        1 - 2 p, 0 beyond the 3 dB wall. [1]

    Raises
    ------
    ValueError
        If the probability is outside [0, 1].

    Notes
    -----
    Quantum capacity of the erasure channel (Bennett, DiVincenzo, Smolin, Phys. Rev. Lett. 78, 3217 (1997)).
    Assumption: ideal codes of unlimited length; a hop's share of qubits, so the weakest hop of a chain sets the rate.
    """
    return np.maximum(0.0, 1 - 2 * in_unit_interval("p_loss", p_loss))


def break_even(logical: Callable[[float], Array], *, p_harmed: float = 0.9) -> float:
    """Largest probability at which a code still helps: its logical probability equals the bare one.

    Parameters
    ----------
    logical : callable
        Map of a code, such as :func:`five_qubit`.
    p_harmed : float
        A probability at which the code already harms. [1]

    Returns
    -------
    float
        Root of logical(p) = p above 0, found by bisection. [1]

    Raises
    ------
    ValueError
        If the code does not help at 0.1 % or does not harm at ``p_harmed``.

    Examples
    --------
    >>> round(break_even(five_qubit), 4), round(break_even(steane), 4), round(break_even(five_qubit_loss), 4)
    (0.1311, 0.0579, 0.5)
    """
    return _root(lambda p: float(logical(p)) - p, 1e-3, p_harmed)


def loss_wall_db() -> float:
    """Loss per hop that no one-way code survives: where :func:`loss_code` ends. [dB]

    Examples
    --------
    >>> round(loss_wall_db(), 2)
    3.01
    """
    p_wall = _root(lambda p: 1e-15 - float(loss_code(p)), 1e-3, 0.9)
    return float(db_from_eta(1 - p_wall))


def _wrong(p_error: ArrayLike, p_loss: ArrayLike, n: int, patterns: tuple[int, ...]) -> Array:
    """Error after decoding, given a harmless pattern of losses; finite even where every photon is lost."""
    p, lost = in_unit_interval("p_error", p_error), in_unit_interval("p_loss", p_loss)
    most, kept = len(patterns) - 1, 1 - lost
    chance, wrong = np.zeros(()), np.zeros(())
    for k, count in enumerate(patterns):
        weight = count * lost**k * kept ** (most - k)
        chance = chance + weight
        wrong = wrong + weight * (_two_or_more(p, n) if k == 0 else _any(p, n - k))
    return np.asarray(np.clip(wrong / chance, 0.0, 1.0))


def _two_or_more(p: Array, n: int) -> Array:
    """Chance of at least two events in n, as a sum: 1 - (1-p)^n - n p (1-p)^(n-1) cancels where p is small."""
    return np.asarray(sum((math.comb(n, k) * p**k * (1 - p) ** (n - k) for k in range(2, n + 1)), np.zeros(())))


def _any(p: Array, n: int) -> Array:
    """Chance 1 - (1-p)^n of at least one event in n, good to the last digits."""
    with np.errstate(divide="ignore"):
        return np.asarray(-np.expm1(n * np.log1p(-p)))


def _gone(p_loss: ArrayLike, n: int, patterns: tuple[int, ...]) -> Array:
    lost = in_unit_interval("p_loss", p_loss)
    harmless = (*patterns, *(0,) * (n + 1 - len(patterns)))
    harmful = [math.comb(n, k) - count for k, count in enumerate(harmless)]
    gone = sum((count * lost**k * (1 - lost) ** (n - k) for k, count in enumerate(harmful)), np.zeros(()))
    return np.asarray(np.clip(gone, 0.0, 1.0))


def _root(harm: Callable[[float], float], lo: float, hi: float) -> float:
    """Where ``harm`` turns from negative to positive."""
    if not harm(lo) < 0 < harm(hi):
        raise ValueError(f"no break-even between {lo:g} and {hi:g}")
    while hi - lo > 1e-15:
        middle = (lo + hi) / 2
        if not lo < middle < hi:
            break
        lo, hi = (middle, hi) if harm(middle) < 0 else (lo, middle)
    return (lo + hi) / 2
