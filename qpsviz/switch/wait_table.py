"""The wait for a busy port for arrays: chances of shorter ones, and the wait at a luck, to four digits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from qpsviz.switch.port_wait import tail
from qpsviz.units import Array

_KNOTS = np.concatenate([np.linspace(1.0, 5.0, 129), np.linspace(5.25, 11.0, 24)])  # payloads
_N_POINTS = 4, 10  # up to one payload, and beyond
_LEAST = 1e-12  # availabilities below have waits as long as this one


@dataclass(frozen=True, kw_only=True)
class WaitTable:
    """Waits at ports of several availabilities.

    Parameters
    ----------
    p_free : ndarray
        Availabilities P in [0, 1], whose last axis has one entry. [1]

    Notes
    -----
    Up to one payload P(W <= x) = P exp(rho x); from 11 payloads on the tail of
    :func:`qpsviz.switch.port_wait.tail`; between them -log P(W > x) is nearly a straight line, which knots follow to
    1e-4. A port that is never free has waits without end.
    """

    p_free: Array

    @cached_property
    def _known(self) -> tuple[Array, Array]:
        known, place = np.unique(self.p_free, return_inverse=True)
        return known, np.reshape(place, np.shape(self.p_free))

    @cached_property
    def _rows(self) -> tuple[Array, Array]:
        """Rate of the tail, and -log P(W > x) at the knots, for each availability that is known."""
        P = np.clip(self._known[0], _LEAST, 1 - _LEAST)
        rate = np.array([tail(float(p))[0] for p in P])
        return rate, np.maximum.accumulate(-np.log(np.maximum(_longer(_KNOTS, P[:, None]), 1e-16)), axis=-1)

    def shorter(self, n_payloads: Array) -> Array:
        """Chance of a wait of at most so many payloads. [1]"""
        x, P = np.broadcast_arrays(np.asarray(n_payloads, dtype=np.float64), self.p_free)
        with np.errstate(over="ignore", invalid="ignore", under="ignore"):
            near = P * np.exp((1 - P) * np.clip(x, 0.0, 1.0))
            far = -np.expm1(-self._each(x, lambda y, rate, row: _followed(y, _KNOTS, row, rate)))
        chance = np.where(x <= 1, near, far)
        return np.where(x < 0, 0.0, np.where(P >= 1, 1.0, np.where(P <= 0, 0.0, chance)))

    def wait(self, p_shorter: Array) -> Array:
        """The wait than which a shorter one has this chance: the inverse of :meth:`shorter`. [payload]"""
        u, P = np.broadcast_arrays(np.asarray(p_shorter, dtype=np.float64), self.p_free)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            near = np.log(np.maximum(u / P, 1.0)) / np.where(P < 1, 1 - P, 1.0)
            far = self._each(-np.log1p(-u), lambda y, rate, row: _followed(y, row, _KNOTS, 1 / rate))
        return np.where(P <= 0, np.inf, np.where(near <= 1, near, far))

    def points(self) -> tuple[Array, Array]:
        """Waits along the last axis, and shares, over which a mean of what fades with a wait is right to 1e-3.

        Returns
        -------
        tuple of ndarray
            (waits, shares that add up to 1). [payload], [1]

        Notes
        -----
        No wait at all; Gauss and Legendre's points x up to one payload, with the density rho P exp(rho x); and points y
        beyond, where the chance of a longer wait is y^2 times that of one payload.
        """
        P = self.p_free
        rho, (near, near_parts), (far, far_parts) = 1 - P, *(_unit_points(n) for n in _N_POINTS)
        longer = np.where(P > 0, -np.expm1(np.log(np.where(P > 0, P, 1.0)) + rho), 1.0)
        x = np.broadcast_to(near, (*P.shape[:-1], near.size))
        y = self.wait(np.where(P > 0, 1 - longer * far**2, 0.0))
        none = np.where(P > 0, 0.0, np.inf)
        waits = np.concatenate([none, np.where(P > 0, x, np.inf), y], axis=-1)
        return waits, np.concatenate([P, rho * P * np.exp(rho * x) * near_parts, 2 * longer * far * far_parts], axis=-1)

    def _each(self, values: Array, of_row: Callable[[Array, float, Array], Array]) -> Array:
        """What ``of_row`` makes of the values of each availability, along the last axis and of all at once."""
        known, place = self._known
        rate, rows = self._rows
        if known.size == 1:
            return of_row(values, float(rate[0]), rows[0])
        flat, of = values.reshape(-1, values.shape[-1]), np.broadcast_to(place, (*values.shape[:-1], 1)).ravel()
        found, order = np.empty(flat.shape), np.argsort(of, kind="stable")
        for i, here in enumerate(np.split(order, np.searchsorted(of[order], np.arange(1, known.size)))):
            found[here] = of_row(flat[here], float(rate[i]), rows[i])
        return found.reshape(values.shape)


def _unit_points(n: int) -> tuple[Array, Array]:
    """Gauss and Legendre's points in (0, 1), and their shares. [1]"""
    places, parts = np.polynomial.legendre.leggauss(n)
    return (places + 1) / 2, parts / 2


def _followed(x: Array, knots: Array, values: Array, slope: float) -> Array:
    """The line through knots at ``x``, and straight on behind the last one."""
    return np.asarray(np.interp(x, knots, values) + slope * np.maximum(x - knots[-1], 0.0))


def _longer(payloads: Array, p_free: Array) -> Array:
    """:func:`qpsviz.switch.port_wait.p_longer` for arrays, from 1 to 11 payloads. [1]"""
    total, rho = np.zeros(np.broadcast(payloads, p_free).shape), 1 - p_free
    for j in range(int(payloads[-1]) + 1):
        y = rho * np.maximum(payloads - j, 0.0)
        term = np.where(payloads >= j, np.exp(y), 0.0)
        for i in range(j):
            term = -term * y / (i + 1.0)
        total += term
    return np.asarray(1 - p_free * total)
