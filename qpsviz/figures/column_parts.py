"""What the columns of several figures are made of: sources, the marker, the ends of axes."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import TypedDict

import numpy as np

from qpsviz.closed_form.sweep import EQUAL_TIMES
from qpsviz.figures.parts import KEY_FLOOR
from qpsviz.scenario import Scenario, parameter
from qpsviz.units import Array

N_CORNER = 12
NICE_KM = (10, 20, 30, 50, 80, 100, 150, 200, 300, 400, 600, 800, 1000, 1500, 2000, 3000, 5000)


Source = Mapping[str, Array | Sequence[object]]
"""Columns of one source of a figure."""


class Marker(TypedDict):
    """Where the present scenario is, and whether that is on a curve."""

    x: float
    y: float
    on: bool


class Plotted(TypedDict):
    """What a figure draws: columns of its sources, its marker and the ranges of its axes."""

    sources: dict[str, Source]
    marker: Marker | None
    ranges: dict[str, tuple[float, float]]


def without(scenario: Scenario, *names: str) -> Scenario:
    """The scenario that all scenarios share which differ in these parameters only."""
    linked = [follower for follower, leader in EQUAL_TIMES.items() if leader in names]
    return scenario.replace(**{name: parameter(name).default for name in (*names, *linked)})


def down_to_axis(n_bits: Array) -> Array:
    """Key rates, in bits per pulse, that the axis shows; where a curve leaves it, one point on it ends the line."""
    above = n_bits > KEY_FLOOR
    leaves = np.concatenate([[False], above[:-1] & ~above[1:]])
    return np.where(above, n_bits, np.where(leaves, KEY_FLOOR, np.nan))


def to_the_axis(x: Array, rate: Callable[[Array], Array]) -> tuple[Array, Array]:
    """A line of key rates with more points where it leaves the axis or comes up from it, down to the axis.

    Parameters
    ----------
    x : ndarray
        Places, in ascending order.
    rate : callable
        Key rates, in bits per pulse, at places.

    Returns
    -------
    tuple of ndarray
        Places and key rates, not a number where the axis shows none.
    """
    y = rate(x)
    above = y > KEY_FLOOR
    falls, rises = np.flatnonzero(above[:-1] & ~above[1:]), np.flatnonzero(~above[:-1] & above[1:])
    steep = {int(i) for last in falls[-1:] for i in (last - 1, last)} | {int(i) for i in rises[:1] for i in (i, i + 1)}
    cells = [i for i in sorted(steep) if 0 <= i < len(x) - 1]
    if cells:
        corner = np.concatenate([np.linspace(x[i], x[i + 1], N_CORNER)[1:-1] for i in cells])
        x, y = np.concatenate([x, corner]), np.concatenate([y, rate(corner)])
        order = np.argsort(x)
        x, y = x[order], y[order]
    shown = down_to_axis(y)
    comes_up = np.concatenate([~(y[:-1] > KEY_FLOOR) & (y[1:] > KEY_FLOOR), [False]])
    return x, np.where(comes_up, KEY_FLOOR, shown)


def marker(x: float, y: float, on_curve: bool) -> Marker | None:
    """Where the present scenario is; off the curve it is shown on the axis, and nowhere if that has no end."""
    return {"x": x, "y": y, "on": on_curve} if math.isfinite(x) and math.isfinite(y) else None


def nice(length_km: float) -> float:
    """The first length of a ladder that holds ``length_km``, so that the axis does not jitter."""
    if length_km > NICE_KM[-1]:
        return float(10 ** math.ceil(math.log10(length_km)))
    return float(next(step for step in NICE_KM if step >= length_km))
