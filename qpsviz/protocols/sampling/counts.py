"""Counts of pulses and pairs, and how they are drawn."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from qpsviz.protocols.sampling.estimates import Estimate
from qpsviz.units import Array, ArrayLike, in_range

Counts = npt.NDArray[np.int64]


class Session:
    """Counts of what was measured, one entry per frame, in the columns of ``counts``.

    Without ``knows_spread`` the frames met different channels by a luck that they shared, as frames that queue do: then
    counts of photons cannot tell how far off an estimate is, and its ends are not a number.
    """

    def __init__(self, counts: Mapping[str, Counts], *, knows_spread: bool = True) -> None:
        self.counts = dict(counts)
        self.knows_spread = knows_spread

    def told(self, estimate: Estimate) -> Estimate:
        """An estimate from these counts, without ends where they cannot be known."""
        return estimate if self.knows_spread else replace(estimate, lo=math.nan, hi=math.nan)

    def total(self, name: str) -> int:
        """Sum of one column over all frames. [1]"""
        return int(self.counts[name].sum())


def ends(
    rng: np.random.Generator, n_drawn: Counts, p_ends: Sequence[ArrayLike], names: tuple[str, ...]
) -> dict[str, Counts]:
    """Multinomial counts per frame of how pulses end; what is left of the chance is no click at all. [1]"""
    columns = np.stack([np.broadcast_to(chance, n_drawn.shape) for chance in p_ends], axis=-1).clip(0, 1)
    none = (1 - columns.sum(axis=-1, keepdims=True)).clip(0, 1)
    drawn = rng.multinomial(n_drawn, np.concatenate([columns, none], axis=-1))
    return {name: drawn[..., i] for i, name in enumerate(names)}


def rounded(rng: np.random.Generator, values: Array) -> Counts:
    """Whole numbers that are ``values`` on average. [1]"""
    whole = np.floor(values)
    return np.asarray(whole + (rng.random(values.shape) < values - whole), dtype=np.int64)


def whole_counts(name: str, values: ArrayLike) -> Counts:
    """``values`` as counts, at least one-dimensional. [1]

    Raises
    ------
    ValueError
        If one is negative, no number or not whole.
    """
    numbers = np.atleast_1d(in_range(name, values, 0.0, 2.0**62))
    if np.any(numbers != np.floor(numbers)):
        raise ValueError(f"{name} = {numbers[numbers != np.floor(numbers)][0]:g} must be a whole number")
    return numbers.astype(np.int64)
