"""Averages over the wait for a busy port: of its length, and of what fades meanwhile."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from qpsviz.noise import QubitChannel
from qpsviz.noise.storage import Storage
from qpsviz.switch.port_wait import NEVER_US, p_longer, tail
from qpsviz.units import Array, ArrayLike, in_range, in_unit_interval

_MOST_TURNS = 200_000
_LEAST = 1e-290  # availabilities below are none: the waits are longer than any number
_NOTHING_LEFT = 45.0  # exp(-45) of a chance or of light is below every digit


@dataclass(frozen=True, kw_only=True)
class BusyPort:
    """A port that other traffic keeps busy, and what a payload loses while it waits for it.

    Parameters
    ----------
    storage : Storage
        What it waits in; one that releases after whole steps makes it wait for the end of one.
    p_free : array_like
        Availability P: the chance that the port is free. [1]
    payload_us : array_like
        Duration D of a payload, of the watched frames and of all others. [us]

    Raises
    ------
    ValueError
        If P is outside [0, 1] or D is not above 0.

    Notes
    -----
    The wait is that of M/D/1: see :mod:`qpsviz.switch.port_wait`. Pollaczek and Khinchine: E[exp(-s W)] =
    P / (P + rho k), k = 1 - [1 - exp(-s D)]/(s D), all terms positive. At P = 0 there is no steady state: the wait has
    no end and nothing is left.

    Examples
    --------
    >>> from qpsviz.noise.storage import DelayLine
    >>> port = BusyPort(storage=DelayLine(), p_free=[1.0, 0.5, 0.0], payload_us=50.0)
    >>> port.mean_us.tolist()
    [0.0, 25.0, inf]
    """

    storage: Storage
    p_free: ArrayLike
    payload_us: ArrayLike

    def __post_init__(self) -> None:
        in_unit_interval("p_free", self.p_free)
        in_range("payload_us", self.payload_us, 1e-12)

    @property
    def mean_us(self) -> Array:
        """The wait on average. [us]"""
        P, D, step = self._numbers
        if np.any(step > 0):
            return np.asarray(step * _of_turns(P, step / D, 0.0))
        with np.errstate(divide="ignore", over="ignore"):
            return np.asarray(D * (np.divide(1 - P, P) / 2))

    @property
    def p_ever(self) -> Array:
        """Chance that a payload leaves at all: 0 where P is 0, and hardly below 1 for any other P that people meet. [1]

        No more than 1 - exp(-2 P x/D) wait shorter than x where that is not 1.
        """
        P, D, _ = self._numbers
        return np.asarray(-np.expm1(-2 * P * (NEVER_US / D)))

    def kept(self, rate_per_us: ArrayLike, *, weighed_per_us: ArrayLike = 0.0) -> tuple[Array, Array]:
        """What is left on average of something that fades while a payload waits, and what is gone.

        Parameters
        ----------
        rate_per_us : array_like
            Its rate s: exp(-s t) of it is left after a time t. [1/us]
        weighed_per_us : array_like
            Rate of something else that fades with it: waits count by what is left of that. [1/us]

        Returns
        -------
        tuple of ndarray
            (share left, share gone), each to its last digits. [1]
        """
        weight, rate = np.asarray(weighed_per_us, dtype=np.float64), np.asarray(rate_per_us, dtype=np.float64)
        P, D, step = self._numbers
        if np.any(step > 0):
            before, after = (1 - self._turned_away(r) for r in (weight, weight + rate))
            left = np.divide(after, before, out=np.zeros(np.broadcast(before, after).shape), where=before > 0)
            left = np.where(rate == 0, 1.0, left)
            return left, 1 - left
        before, after = (1 - P) * _faded(weight * D), (1 - P) * _faded((weight + rate) * D)
        whole = np.where(P + after > 0, P + after, 1.0)
        left = np.where(rate == 0, 1.0, (P + before) / whole)
        return left, np.where(rate == 0, 0.0, (after - before) / whole)

    @property
    def _numbers(self) -> tuple[Array, Array, Array]:
        P, D, step = (np.asarray(v, dtype=np.float64) for v in (self.p_free, self.payload_us, self.storage.step_us))
        return P, D, step

    def _turned_away(self, rate: Array) -> Array:
        """What is gone after whole steps. [1]"""
        P, D, step = self._numbers
        lost = -np.expm1(-rate * step) * _of_turns(P, step / D, np.where(rate > 0, rate * step, 1.0))
        return np.where(rate > 0, np.minimum(lost, 1.0), 0.0)

    def channel(self, *, weighed_per_us: ArrayLike = 0.0) -> QubitChannel:
        """What waiting for the port does to a qubit on average.

        Parameters
        ----------
        weighed_per_us : array_like
            As in :meth:`kept`. [1/us]

        Returns
        -------
        QubitChannel
            The mean of its four numbers. Light and state never fade in the same storage, so it is also that of the
            photons that are left. [1]
        """
        rates = self.storage.rates
        eta, _ = self.kept(rates.light_per_us, weighed_per_us=weighed_per_us)
        in_phase, out_of_phase = self.kept(rates.phase_per_us, weighed_per_us=weighed_per_us)
        excited, relaxed = self.kept(rates.excitation_per_us, weighed_per_us=weighed_per_us)
        down, up = relaxed * rates.p_ground, relaxed * (1 - rates.p_ground)
        return QubitChannel(
            eta=eta, c=in_phase, a=excited, b=down - up, p_up=up, p_down=down, p_phase=out_of_phase / 2
        )  # fmt: skip


def _faded(x: Array) -> Array:
    """1 - (1 - exp(-x))/x, what fades on average of a payload's time, to its last digits."""
    small = np.minimum(x, 0.5)
    series = np.zeros_like(small)
    for n in range(15, 1, -1):
        series = small / n * (1 - series)
    big = np.maximum(x, 0.5)
    return np.where(x < 0.5, series, 1 + np.expm1(-big) / big)


def _of_turns(p_free: ArrayLike, turn: ArrayLike, rate: ArrayLike) -> Array:
    """Sum over k of z^k P(W > k turns), ``turn`` in payloads and z = exp(-rate). [1]"""
    return np.asarray(_each_of_turns(p_free, turn, rate), dtype=np.float64)


@lru_cache(maxsize=4096)
def _one_of_turns(p_free: float, turn: float, rate: float) -> float:
    if p_free >= 1.0:
        return 0.0
    if p_free < _LEAST:
        return 1.0 / -math.expm1(-rate) if rate > 0 else math.inf
    theta, share = tail(p_free)
    n_near = math.ceil(11.0 / turn)
    n_last = n_near if rate * n_near < _NOTHING_LEFT else math.ceil(_NOTHING_LEFT / rate)
    if n_last > _MOST_TURNS:
        return _of_tiny_turns(p_free, turn, rate)
    near = sum(math.exp(-rate * k) * p_longer(k * turn, p_free, theta, share) for k in range(n_last))
    if n_last < n_near:
        return near
    fade = rate + theta * turn
    return near + share * math.exp(-fade * n_near) / -math.expm1(-fade)


def _of_tiny_turns(p_free: float, turn: float, rate: float) -> float:
    """The sum as an integral, half a turn longer than the wait: right to the square of a turn in payloads."""
    rho = 1 - p_free
    if rate == 0:
        return rho / (2 * p_free * turn) + rho / 2
    left = p_free / (p_free + rho * float(_faded(np.asarray(rate / turn))))
    whole = p_free + (left - p_free) * rate / math.expm1(rate)
    return (1 - whole) / -math.expm1(-rate)


_each_of_turns = np.vectorize(_one_of_turns, otypes=[np.float64])
