"""Detectors of real receivers: dead time and afterpulses, for gates that open once per pulse slot.

Every rule stands here once, for light that comes in slots (BB84 and its kin) and for pairs at any time (BBM92).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from qpsviz.errors import ParameterError
from qpsviz.protocols import qkd
from qpsviz.units import Array, ArrayLike, in_range, in_unit_interval
from qpsviz.units.checks import in_short
from qpsviz.units.times import is_after

__all__ = ["Gates", "acts", "live_gates", "live_share", "missed_gates", "whole_detectors"]


def acts(value: ArrayLike) -> bool:
    """Whether a number, or any of several, is not 0: what is 0 need not be computed.

    Parameters
    ----------
    value : array_like
        Of a detector. [1]

    Returns
    -------
    bool
        As said.
    """
    return bool(value) if isinstance(value, float) else bool(np.any(value))


_ENDLESS = 1e300  # gates: as good as never ready again


def live_share(light_hz: ArrayLike, *, dead_us: ArrayLike, n_detectors: ArrayLike = 1) -> Array:
    """Share of the time in which a detector is not dead.

    Parameters
    ----------
    light_hz : array_like
        What would be detected without dead time, by all detectors of a side together. [Hz]
    dead_us : array_like
        Dead time after each detection. [us]
    n_detectors : array_like of int
        Detectors that share it evenly, at least 1.

    Returns
    -------
    ndarray
        1/(1 + S t/n). [1]

    Raises
    ------
    ValueError
        If a value is negative, or the number of detectors not a whole one above 0.

    Notes
    -----
    Neumann et al., Physical Review A 104, 022406 (2021). Assumption: what arrives in a dead time does not make it
    longer.

    Examples
    --------
    >>> float(live_share(1e6, dead_us=1.0))
    0.5
    """
    each = in_range("light_hz", light_hz, 0.0) * 1e-6 / whole_detectors(n_detectors)
    return live_gates(each, n_missed=in_range("dead_us", dead_us, 0.0))


def whole_detectors(n_detectors: ArrayLike) -> Array:
    """Check numbers of detectors, which are whole and at least 1.

    Parameters
    ----------
    n_detectors : array_like of int
        Detectors of one side. [1]

    Returns
    -------
    ndarray
        The numbers. [1]

    Raises
    ------
    ValueError
        If one is less than 1, not whole or without an end.
    """
    n = in_range("n_detectors", n_detectors, 1.0)
    if not np.all(np.isfinite(n) & (n == np.floor(n))):
        raise ParameterError("n_detectors", f"n_detectors = {in_short(n.tolist())} must be a whole number")
    return n


def missed_gates(dead_us: ArrayLike, *, spacing_us: ArrayLike) -> Array:
    """Gates that open while a detector is dead after one click.

    Parameters
    ----------
    dead_us : array_like
        Dead time after a click. [us]
    spacing_us : array_like
        Time from one gate to the next. [us]

    Returns
    -------
    ndarray
        Later gates that open before the dead time is over; one that opens as it ends is not missed. At most 1e300. [1]

    Raises
    ------
    ValueError
        If a value is negative, or no time lies between gates.

    Examples
    --------
    >>> missed_gates([0.0, 4.0, 5.0, 6.0, 23.0], spacing_us=5.0).tolist()
    [0.0, 0.0, 0.0, 1.0, 4.0]
    """
    dead, spacing = in_range("dead_us", dead_us, 0.0), in_range("spacing_us", spacing_us, 0.0)
    if np.any(spacing == 0):
        raise ParameterError("spacing_us", "spacing_us = 0 must be above 0: gates at one time are one gate")
    if not acts(dead):
        return np.zeros(())
    with np.errstate(over="ignore"):
        n = np.minimum(np.ceil(dead / spacing), _ENDLESS)
    n = np.where((n > 0) & ~is_after(dead, (n - 1) * spacing), n - 1, n)
    return np.asarray(np.maximum(n - 1, 0.0))


def live_gates(n_clicks: ArrayLike, *, n_missed: ArrayLike) -> Array:
    """Share of gates that are not missed; :func:`live_share` for light in slots.

    Parameters
    ----------
    n_clicks : array_like
        R, clicks per gate that is not missed. [1]
    n_missed : array_like
        m, gates that each click makes the receiver miss. [1]

    Returns
    -------
    ndarray
        1/(1 + m R); values are not checked. [1]
    """
    if not acts(n_missed):
        return np.ones(())
    return np.asarray(1 / (1 + np.minimum(n_missed, _ENDLESS) * np.asarray(n_clicks)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Gates:
    """A receiver that looks once per pulse slot; every number may be an array, and all broadcast together.

    Nothing is checked here; :meth:`of` does.

    Parameters
    ----------
    p_dark : array_like
        Clicks per gate without a photon of the sender: dark counts and stray light. [1]
    p_afterpulse : array_like
        Chance that a click is followed by another that means nothing, once the receiver is ready again. [1]
    n_missed : array_like
        Gates that a click makes the receiver miss, :func:`missed_gates`. [1]

    Notes
    -----
    D = Y0 + eta - Y0 eta clicks per live gate come of photons and of the dark. An afterpulse shows in the next live
    gate, unless that clicks by itself: R = D + p_ap D (1 - D), its bit random. A receiver that misses m gates after a
    click is live in 1/(1 + m R) of them (:func:`live_share`), whatever is sent, so rates fall and errors do not
    change. Where D is small this is D (1 + p_ap) of Lim et al., Phys. Rev. A 89, 022307 (2014); coherent pulses follow
    the same rule, :mod:`qpsviz.protocols.decoy.pulses`. Assumption: a click of one detector closes both, as Rogers,
    Bienfang, Nakassis, Xu and Clark, New J. Phys. 9, 319 (2007) ask for, so that no bit follows from the one before;
    an afterpulse is followed by none. Assumption: the receiver counts gates, not time, so that a dead time which the
    payload does not outlast goes on in the next one as if nothing lay between; what it recovers between payloads
    makes more clicks than these, never fewer.

    Examples
    --------
    >>> dead = Gates(p_dark=0.0, p_afterpulse=0.0, n_missed=3)
    >>> float(dead.gain(1.0)), float(dead.gain(0.01))
    (0.25, 0.00970873786407767)
    """

    p_dark: ArrayLike
    p_afterpulse: ArrayLike = 0.0
    n_missed: ArrayLike = 0.0

    @classmethod
    def of(cls, *, p_dark: ArrayLike, p_afterpulse: ArrayLike = 0.0, n_missed: ArrayLike = 0.0) -> Gates:
        """A receiver of checked values.

        Parameters
        ----------
        p_dark, p_afterpulse, n_missed : array_like
            As those of the class. [1]

        Returns
        -------
        Gates
            The same as arrays.

        Raises
        ------
        ValueError
            If a chance is outside [0, 1] or the number of gates negative.
        """
        return cls(
            p_dark=in_unit_interval("p_dark", p_dark),
            p_afterpulse=in_unit_interval("p_afterpulse", p_afterpulse),
            n_missed=in_range("n_missed", n_missed, 0.0),
        )

    def clicks(self, eta: ArrayLike) -> Array:
        """R, clicks per live gate to which a photon gets and is detected with chance ``eta``. [1]"""
        return self.with_afterpulses(qkd.gain(eta, self.p_dark))

    def with_afterpulses(self, n_clicks: ArrayLike) -> Array:
        """R of D: clicks per live gate and what they bring with them. [1]"""
        D = np.asarray(n_clicks)
        return D + np.asarray(self.p_afterpulse) * D * (1 - D) if acts(self.p_afterpulse) else D

    def noise(self, eta: ArrayLike) -> Array:
        """R - eta, clicks per live gate that no photon of the sender made. [1]"""
        D = qkd.gain(eta, self.p_dark)
        return np.asarray((1 - np.asarray(eta)) * self.p_dark + (self.with_afterpulses(D) - D))

    def sharper(self, eta: ArrayLike) -> Array:
        """How much more surely a live gate clicks for a photon that is detected than for none. [1]"""
        later = np.asarray(self.p_afterpulse) * qkd.gain(eta, self.p_dark) if acts(self.p_afterpulse) else 0.0
        return np.asarray((1 - np.asarray(self.p_dark)) * (1 - later))

    def gain(self, eta: ArrayLike) -> Array:
        """Clicks per gate, missed ones counted: Q. [1]"""
        R = self.clicks(eta)
        return np.asarray(R * live_gates(R, n_missed=self.n_missed)) if acts(self.n_missed) else R

    def qber(self, eta: ArrayLike, error: ArrayLike) -> Array:
        """Share of clicks with the wrong bit, where a photon is read wrongly with chance ``error``. [1]"""
        e = qkd.qber(eta, self.p_dark, error)
        if not acts(self.p_afterpulse):
            return e
        more = np.asarray(self.p_afterpulse) * (1 - qkd.gain(eta, self.p_dark))  # p_ap (1 - D), per click of D
        return np.asarray((e + more / 2) / (1 + more))
