"""The length beyond which something no longer holds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from qpsviz.scenario.values import Values
from qpsviz.units import Array, Mask

_LENGTHS_KM = np.concatenate([[0.0], np.geomspace(1.0, 1e6, 255)])
_FAR_KM = np.geomspace(1e6, 1e18, 257)  # what still holds at a hundred thousand light years has no end
_SHARES = np.linspace(0.0, 1.0, 257)
_N_NEAR = 4  # points of the finer grid through which the crossing is drawn
_STRAIGHT = 3e-4  # how far that may be from the line through two of them, as a share of their distance


def last_length(values: Values, margin: Callable[[Values], Array]) -> Array:
    """Largest length at which a margin is positive: a grid over all lengths, finer ones inside, then a cubic.

    Parameters
    ----------
    values : Values
        Every parameter of a scenario; its length is not used.
    margin : callable
        From such values to a quantity that is positive as long as it holds.

    Returns
    -------
    ndarray
        The length, 0 if it holds nowhere and infinite if it holds at any length. [km]

    Examples
    --------
    >>> from qpsviz import Scenario
    >>> round(float(last_length(Scenario().values(), lambda values: 200.0 - values.length_km)), 9)
    200.0
    """
    columns = values.with_one_more_axis()
    first = last = _cell(columns, _LENGTHS_KM, margin)
    endless = first.everywhere
    if np.any(endless):
        far = _cell(columns, _FAR_KM, margin)
        last, endless = first.where(~endless, far), endless & far.everywhere
    if np.all(first.nowhere | endless):
        return np.where(first.nowhere, 0.0, np.inf)
    last = _cell(columns, last.shared(), margin)
    if not np.all(first.nowhere | endless | last.is_straight()):
        last = _cell(columns, last.shared(), margin)
    return np.where(first.nowhere, 0.0, np.where(endless, np.inf, last.crossing))


@dataclass(frozen=True, kw_only=True)
class _Cell:
    """Where a margin is positive for the last time on a grid: points along the last axis, lengths in km."""

    nowhere: Mask
    everywhere: Mask
    ends: Array
    end_margins: Array
    near: Array
    near_margins: Array

    def where(self, condition: Mask, other: _Cell) -> _Cell:
        """This cell where ``condition`` holds, ``other`` elsewhere."""
        inside = condition[..., None]
        return _Cell(
            nowhere=self.nowhere, everywhere=self.everywhere,
            ends=np.where(inside, self.ends, other.ends),
            end_margins=np.where(inside, self.end_margins, other.end_margins),
            near=np.where(inside, self.near, other.near),
            near_margins=np.where(inside, self.near_margins, other.near_margins),
        )  # fmt: skip

    def shared(self) -> Array:
        """A finer grid inside this cell. [km]"""
        start, end = self.ends[..., :1], self.ends[..., 1:]
        return np.asarray(start + (end - start) * _SHARES)

    @cached_property
    def line(self) -> Array:
        """Where the line through the ends of the cell is zero. [km]"""
        (start, end), (above, below) = np.moveaxis(self.ends, -1, 0), np.moveaxis(self.end_margins, -1, 0)
        return np.asarray(start + (end - start) * above / np.where(above > below, above - below, np.inf))

    @cached_property
    def crossing(self) -> Array:
        """Where the margin is zero: on the cubic through the points near the cell, or else on the line. [km]

        The cubic is one of length over margin, so that no equation needs to be solved. Where the margin does not fall
        from each point to the next, or the cubic leaves the cell, the line stands.
        """
        (start, end), x = np.moveaxis(self.ends, -1, 0), np.moveaxis(self.near, -1, 0)
        y = np.moveaxis(self.near_margins, -1, 0)
        with np.errstate(all="ignore"):
            cubic = start + sum(
                (x[i] - start) * np.prod([y[j] / (y[j] - y[i]) for j in range(_N_NEAR) if j != i], axis=0)
                for i in range(_N_NEAR)
            )
            falls = np.all(np.diff(y, axis=0) < 0, axis=0)
        return np.asarray(np.where(falls & (cubic >= start) & (cubic <= end), cubic, self.line))

    def is_straight(self) -> Mask:
        """Whether the margin is so straight here that cubic and line hardly differ."""
        start, end = np.moveaxis(self.ends, -1, 0)
        return np.asarray(np.abs(self.crossing - self.line) <= _STRAIGHT * (end - start))


def _cell(values: Values, lengths: Array, margin: Callable[[Values], Array]) -> _Cell:
    """The last cell of a grid in which the margin turns negative."""
    left, lengths = np.broadcast_arrays(margin(values.replace(length_km=lengths)), lengths)
    shape, n = left.shape[:-1], left.shape[-1]
    left, lengths = left.reshape(-1, n), lengths.reshape(-1, n)
    good, rows = left > 0, np.arange(len(left))[:, None]
    last = n - 1 - np.argmax(good[:, ::-1], axis=-1)[:, None]
    ends = np.minimum(last + np.arange(2), n - 1)
    near = np.clip(last - 1, 0, n - _N_NEAR) + np.arange(_N_NEAR)
    return _Cell(
        nowhere=~np.any(good, axis=-1).reshape(shape), everywhere=good[:, -1].reshape(shape),
        ends=lengths[rows, ends].reshape(*shape, -1), end_margins=left[rows, ends].reshape(*shape, -1),
        near=lengths[rows, near].reshape(*shape, -1), near_margins=left[rows, near].reshape(*shape, -1),
    )  # fmt: skip
