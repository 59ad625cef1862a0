"""Maxima of a smooth function, many at once: Newton's method on finite differences."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import numpy as np

from qpsviz.units import Array, Column

#: From points of shape (places, n, m) and the numbers of their problems, shape (n,), to values of shape (n, m).
Score = Callable[[Array, Column], Array]

_STEP = 1e-3
_LONGEST = 2.0  # of one move, in any coordinate
_SCALES = np.array([2.0, 1.0, 0.5, 0.2, 0.05, 0.01, 1e-3])
_MOST_MOVES = 60
_LEAST_GAIN = 1e-14  # of the value; a climb gains the square of it next


def maximise(score: Score, x: Array) -> Array:
    """Climb from each starting point to a maximum.

    Parameters
    ----------
    score : callable
        What is maximised: from points, shape (d, n, m), and which of the problems each of the n rows is, shape (n,).
        -inf where a point is not allowed.
    x : ndarray, shape (d, n)
        Where the climb of each of n problems begins. [1]

    Returns
    -------
    ndarray, shape (d, n)
        Where each climb ended; it never ends lower than it began.

    Notes
    -----
    Curvature counts by its size, so that a saddle is left upwards; of several lengths of a move the best is taken. A
    row whose neighbours are not allowed stays where it is.
    """
    best = np.array(x, dtype=np.float64)
    going = np.arange(best.shape[1])
    for _ in range(_MOST_MOVES):
        if not going.size:
            break
        here = best[:, going]
        move = _newton_move(score, here, going)
        tried = here[:, :, None] + move[:, :, None] * np.concatenate([[0.0], _SCALES])
        found = score(tried, going)
        rows, chosen = np.arange(going.size), np.argmax(found, axis=1)
        best[:, going] = tried[:, rows, chosen]
        before, after = found[:, 0], found[rows, chosen]
        allowed = np.isfinite(before)
        rounding = _LEAST_GAIN * np.abs(np.where(allowed, before, 0.0))
        going = going[allowed & (after > np.where(allowed, before, 0.0) + rounding)]
    return best


def _newton_move(score: Score, here: Array, rows: Column) -> Array:
    """Newton's step at each point, uphill and no longer than allowed; 0 where a neighbour has no finite value."""
    d = len(here)
    pairs = list(itertools.combinations(range(d), 2))
    unit = np.eye(d) * _STEP
    both = np.array([unit[i] + unit[j] for i, j in pairs]).reshape(-1, d)
    around = np.concatenate([np.zeros((1, d)), unit, -unit, both, -both])
    value = score(here[:, :, None] + around.T[:, None, :], rows)
    finite = np.all(np.isfinite(value), axis=1)
    value = np.where(finite[:, None], value, 0.0)
    middle, up, down = value[:, :1], value[:, 1 : d + 1], value[:, d + 1 : 2 * d + 1]
    plus, minus = value[:, 2 * d + 1 : 2 * d + 1 + len(pairs)], value[:, 2 * d + 1 + len(pairs) :]
    slope = (up - down) / (2 * _STEP)
    curvature = np.empty((len(value), d, d))
    curvature[:, range(d), range(d)] = (up + down - 2 * middle) / _STEP**2
    for k, (i, j) in enumerate(pairs):
        mixed = plus[:, k] + minus[:, k] - up[:, i] - down[:, i] - up[:, j] - down[:, j] + 2 * middle[:, 0]
        curvature[:, i, j] = curvature[:, j, i] = mixed / (2 * _STEP**2)
    bend, axes = np.linalg.eigh(curvature)
    steepest = np.max(np.abs(bend), axis=1, keepdims=True)
    bend = np.maximum(np.abs(bend), 1e-6 * steepest + np.finfo(np.float64).tiny)
    along = np.einsum("nij,ni->nj", axes, slope) / bend
    move = np.einsum("nij,nj->in", axes, along)
    longest = np.max(np.abs(move), axis=0)
    return np.asarray(move * np.minimum(1.0, _LONGEST / np.where(longest > 0, longest, 1.0)))
