"""What decoding really leaves wrong: every Pauli error of a code tried, where the maps of `correction` are bounds."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from qpsviz.errors import ParameterError, nearest
from qpsviz.switch.correction import break_even, five_qubit, steane
from qpsviz.units import Array, ArrayLike, in_unit_interval

Bits = npt.NDArray[np.int64]

_FIVE_QUBIT = ("XZZXI", "IXZZX", "XIXZZ", "ZXIXZ")
_FIVE_QUBIT_LOGICAL = ("XXXXX", "ZZZZZ")
_HAMMING = np.array([[0, 0, 0, 1, 1, 1, 1], [0, 1, 1, 0, 0, 1, 1], [1, 0, 1, 0, 1, 0, 1]])


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakEven:
    """Where a code stops to help, for the chance of ``error``: of its bound (NaN without one) and exactly. [1]"""

    error: str
    p_bound: float
    p_exact: float


@cache
def break_evens(correction: str) -> tuple[BreakEven, ...]:
    """Break-evens of a code without loss, those of the bound and those of exact decoding.

    Parameters
    ----------
    correction : str
        ``"five_qubit"`` or ``"steane"``.

    Returns
    -------
    tuple of BreakEven
        One for each meaning of the error probability. [1]

    Raises
    ------
    ParameterError
        For another word.

    Examples
    --------
    >>> for b in break_evens("five_qubit") + break_evens("steane"):
    ...     print(f"{b.error}: bound {b.p_bound:.4f}, exact {b.p_exact:.4f}")
    any Pauli error: bound 0.1311, exact 0.1376
    one kind of flip: bound 0.0579, exact 0.0646
    any Pauli error: bound nan, exact 0.0811
    """
    if correction not in _BREAK_EVENS:
        known = tuple(_BREAK_EVENS)
        raise ParameterError(
            "correction", f"correction = {correction!r} must be one of {known}{nearest(correction, known)}"
        )
    return _BREAK_EVENS[correction]()


def _five_qubit_break_evens() -> tuple[BreakEven, ...]:
    exact = break_even(five_qubit_exact, p_harmed=0.5)
    return (BreakEven(error="any Pauli error", p_bound=break_even(five_qubit), p_exact=exact),)


def _steane_break_evens() -> tuple[BreakEven, ...]:
    flip, both = (break_even(f, p_harmed=0.3) for f in (steane_flip_exact, steane_exact))
    one_kind = BreakEven(error="one kind of flip", p_bound=break_even(steane), p_exact=flip)
    return one_kind, BreakEven(error="any Pauli error", p_bound=np.nan, p_exact=both)


_BREAK_EVENS = {"five_qubit": _five_qubit_break_evens, "steane": _steane_break_evens}


def five_qubit_exact(p_depolarising: ArrayLike) -> Array:
    """Chance that a qubit in the [[5,1,3]] code is wrong after decoding.

    Parameters
    ----------
    p_depolarising : array_like
        Chance p of a Pauli error of each photon: X, Y and Z p/3 each. [1]

    Returns
    -------
    ndarray
        Chance of any logical error. [1]

    Raises
    ------
    ValueError
        If a probability is outside [0, 1].

    Notes
    -----
    All 4^5 errors, each decoded as the lightest one of its syndrome; perfect gates, no loss.

    Examples
    --------
    >>> from qpsviz.switch.correction import break_even
    >>> round(float(five_qubit_exact(0.01)), 10), round(break_even(five_qubit_exact, p_harmed=0.5), 6)
    (0.0009779551, 0.137628)
    """
    return _chance(_five_qubit_failures(), in_unit_interval("p_depolarising", p_depolarising), each=3)


def steane_exact(p_depolarising: ArrayLike) -> Array:
    """Chance that a qubit in the Steane [[7,1,3]] code is wrong after decoding.

    Parameters
    ----------
    p_depolarising : array_like
        Chance p of a Pauli error of each photon: X, Y and Z p/3 each. [1]

    Returns
    -------
    ndarray
        Chance of any logical error. [1]

    Raises
    ------
    ValueError
        If a probability is outside [0, 1].

    Notes
    -----
    All 4^7 errors, bit and phase flips decoded each by itself; perfect gates, no loss.

    Examples
    --------
    >>> from qpsviz.switch.correction import break_even
    >>> round(float(steane_exact(0.01)), 9), round(break_even(steane_exact, p_harmed=0.5), 6)
    (0.001578207, 0.081082)
    """
    return _chance(_steane_failures(), in_unit_interval("p_depolarising", p_depolarising), each=3)


def steane_flip_exact(p_flip: ArrayLike) -> Array:
    """Chance of one kind of logical flip in the Steane code after decoding.

    Parameters
    ----------
    p_flip : array_like
        Chance q of this kind of flip of each photon; 2p/3 where it depolarises with p. [1]

    Returns
    -------
    ndarray
        Chance of a logical flip of this kind. [1]

    Raises
    ------
    ValueError
        If a probability is outside [0, 1].

    Notes
    -----
    All 2^7 patterns of flips; perfect gates, no loss.

    Examples
    --------
    >>> from qpsviz.switch.correction import break_even
    >>> round(float(steane_flip_exact(0.01)), 9), round(break_even(steane_flip_exact, p_harmed=0.3), 6)
    (0.002004075, 0.064596)
    """
    return _chance(_steane_flip_failures(), in_unit_interval("p_flip", p_flip), each=1)


def _chance(failures: tuple[int, ...], p: Array, *, each: int) -> Array:
    """Sum over all errors that are decoded wrongly, of which ``failures`` counts those of each weight."""
    n = len(failures) - 1
    terms = [count * (p / each) ** k * (1 - p) ** (n - k) for k, count in enumerate(failures)]
    return np.asarray(sum(terms, np.zeros(())))


def _symplectic(operator: str) -> Bits:
    """A Pauli string as its X bits followed by its Z bits."""
    return np.array([s in "XY" for s in operator] + [s in "ZY" for s in operator], dtype=np.int64)


def _anticommute(errors: Bits, operators: Bits) -> Bits:
    """1 where an error (row) anticommutes with an operator (column)."""
    n = operators.shape[1] // 2
    return np.asarray(errors @ np.hstack([operators[:, n:], operators[:, :n]]).T % 2)


def _weight(errors: Bits) -> Bits:
    n = errors.shape[1] // 2
    return np.asarray((errors[:, :n] | errors[:, n:]).sum(axis=1))


@cache
def _five_qubit_failures() -> tuple[int, ...]:
    """Errors of each weight, out of 4^5, that are decoded wrongly."""
    errors = np.array(list(itertools.product((0, 1), repeat=10)))
    errors = errors[np.argsort(_weight(errors), kind="stable")]
    stabilisers, logical = (np.array([_symplectic(o) for o in rows]) for rows in (_FIVE_QUBIT, _FIVE_QUBIT_LOGICAL))
    _, lightest, syndrome = np.unique(_anticommute(errors, stabilisers), axis=0, return_index=True, return_inverse=True)
    left = errors ^ errors[lightest[syndrome.ravel()]]
    wrong = _anticommute(left, logical).any(axis=1)
    return tuple(np.bincount(_weight(errors[wrong]), minlength=6).tolist())


@cache
def _flips_left() -> tuple[Bits, npt.NDArray[np.bool_]]:
    """All patterns of one kind of flip on seven photons, and whether Hamming decoding leaves a logical one."""
    flips = np.array(list(itertools.product((0, 1), repeat=7)))
    place = flips @ _HAMMING.T % 2 @ np.array([4, 2, 1])
    undone = np.vstack([np.zeros((1, 7), dtype=np.int64), np.eye(7, dtype=np.int64)])[place]
    return flips, (flips ^ undone).sum(axis=1) % 2 == 1


@cache
def _steane_flip_failures() -> tuple[int, ...]:
    flips, wrong = _flips_left()
    return tuple(np.bincount(flips[wrong].sum(axis=1), minlength=8).tolist())


@cache
def _steane_failures() -> tuple[int, ...]:
    flips, wrong = _flips_left()
    weight = (flips[:, None, :] | flips[None, :, :]).sum(axis=-1)
    return tuple(np.bincount(weight[wrong[:, None] | wrong[None, :]], minlength=8).tolist())
