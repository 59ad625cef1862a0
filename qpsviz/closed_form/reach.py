"""The length beyond which something no longer holds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from qpsviz.scenario.values import Values
from qpsviz.units import Array, Mask

_LENGTHS_KM = np.concatenate([[0.0], np.geomspace(1.0, 1e6, 255)])
_FAR_KM = np.geomspace(1e6, 1e18, 257)  # what still holds at a hundred thousand light years has no end
_SHARES, _ROUNDS = np.linspace(0.0, 1.0, 257), 2


def last_length(values: Values, margin: Callable[[Values], Array]) -> Array:
    """Largest length at which a margin is positive: a grid over all lengths, two ever finer ones inside, then a line.

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
    if not np.all(first.nowhere | endless):
        for _ in range(_ROUNDS):
            last = _cell(columns, last.start + (last.end - last.start) * _SHARES, margin)
    return np.where(first.nowhere, 0.0, np.where(endless, np.inf, last.crossing[..., 0]))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cell:
    """Where a margin is positive for the last time on a grid of lengths. [km]"""

    nowhere: Mask
    everywhere: Mask
    start: Array
    end: Array
    crossing: Array

    def where(self, condition: Mask, other: _Cell) -> _Cell:
        """This cell where ``condition`` holds, ``other`` elsewhere."""
        inside = condition[..., None]
        start, end, crossing = (
            np.where(inside, mine, theirs)
            for mine, theirs in zip(
                (self.start, self.end, self.crossing), (other.start, other.end, other.crossing), strict=True
            )
        )
        return _Cell(nowhere=self.nowhere, everywhere=self.everywhere, start=start, end=end, crossing=crossing)


def _cell(values: Values, lengths: Array, margin: Callable[[Values], Array]) -> _Cell:
    """The last cell of a grid in which the margin turns negative, and where it does if it is straight there."""
    left, lengths = np.broadcast_arrays(margin(values.replace(length_km=lengths)), lengths)
    good = left > 0
    last = lengths.shape[-1] - 1 - np.argmax(good[..., ::-1], axis=-1)[..., None]
    following = np.minimum(last + 1, lengths.shape[-1] - 1)
    start, end = np.take_along_axis(lengths, last, -1), np.take_along_axis(lengths, following, -1)
    above, below = np.take_along_axis(left, last, -1), np.take_along_axis(left, following, -1)
    crossing = start + (end - start) * above / np.where(above > below, above - below, np.inf)
    return _Cell(nowhere=~np.any(good, axis=-1), everywhere=good[..., -1], start=start, end=end, crossing=crossing)
