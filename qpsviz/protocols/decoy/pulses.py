"""Clicks and wrong clicks of a weak coherent pulse, by its intensity.

Notes
-----
Lim, Curty, Walenta, Xu, Zbinden, Phys. Rev. A 89, 022307 (2014), Section V: a pulse of intensity k clicks first with
chance D_k = 1 - (1 - Y0) exp(-eta k), and R_k = D_k (1 + p_ap) with its afterpulse, which is more than one click per
gate where light is strong. Here, by the rule of :class:`qpsviz.protocols.detectors.Gates`, an afterpulse shows in the
next gate unless that clicks by itself, which it does with the mean D of all intensities:

    R_k = D_k [1 + p_ap (1 - D)],   all together D + p_ap D (1 - D)

Deviation: that is less than theirs by p_ap D, 0.2 % of R_k where their figures begin (eta 0.1, p_ap 0.04) and 0.02 % at
50 km. Assumption: as theirs, an afterpulse counts for the intensity of the pulse that it follows. Counted for that of
the next gate, where it shows, the same clicks make more key (29 % more at 50 km), for they are then a noise that all
intensities share.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from qpsviz.protocols.detectors import acts, live_gates
from qpsviz.units import Array, ArrayLike, in_range, in_unit_interval


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """What a pulse meets between the sender's modulator and the receiver's click; arrays that broadcast.

    Parameters
    ----------
    eta : ndarray
        Transmittance of path and detector together, for each photon. [1]
    p_dark : ndarray
        Chance that the receiver clicks in a gate without light. [1]
    p_key_error, p_test_error : ndarray
        Chance that a detected photon is read wrongly, in the basis of the key and in the other one. [1]
    p_afterpulse : ndarray
        Chance that a click is followed by another one that means nothing. [1]
    n_missed : ndarray
        Gates that the receiver misses after each click, its dead time. [1]
    """

    eta: Array
    p_dark: Array
    p_key_error: Array
    p_test_error: Array
    p_afterpulse: Array
    n_missed: Array

    @classmethod
    def of(
        cls,
        *,
        eta: ArrayLike,
        p_dark: ArrayLike,
        p_key_error: ArrayLike,
        p_test_error: ArrayLike,
        p_afterpulse: ArrayLike = 0.0,
        n_missed: ArrayLike = 0.0,
    ) -> Link:
        """A link of checked values.

        Parameters
        ----------
        eta, p_dark, p_key_error, p_test_error, p_afterpulse, n_missed : array_like
            As the fields of the class. [1]

        Returns
        -------
        Link
            The same as arrays.

        Raises
        ------
        ValueError
            If a chance is outside [0, 1], that of a wrong reading above 1/2, or the number of gates negative.
        """
        return cls(
            eta=in_unit_interval("eta", eta),
            p_dark=in_unit_interval("p_dark", p_dark),
            p_key_error=in_range("p_key_error", p_key_error, 0.0, 0.5),
            p_test_error=in_range("p_test_error", p_test_error, 0.0, 0.5),
            p_afterpulse=in_unit_interval("p_afterpulse", p_afterpulse),
            n_missed=in_range("n_missed", n_missed, 0.0),
        )

    @classmethod
    def from_columns(cls, columns: Iterable[Array]) -> Link:
        """The link of six arrays in the order of their declaration; nothing is checked."""
        eta, p_dark, p_key_error, p_test_error, p_afterpulse, n_missed = columns
        return cls(
            eta=eta, p_dark=p_dark, p_key_error=p_key_error, p_test_error=p_test_error, p_afterpulse=p_afterpulse,
            n_missed=n_missed,
        )  # fmt: skip

    @property
    def columns(self) -> tuple[Array, ...]:
        """Its six arrays in the order of their declaration. [1]"""
        return self.eta, self.p_dark, self.p_key_error, self.p_test_error, self.p_afterpulse, self.n_missed

    def live(self, n_clicks: Array, p_sent: Array) -> Array:
        """Share of gates that are not missed, for clicks per live gate of each intensity and how often it is sent. [1]

        The first axis of both is that of the intensities.
        """
        if not np.any(self.n_missed):
            return np.ones(())
        return live_gates(np.sum(p_sent * n_clicks, axis=0), n_missed=self.n_missed)


def first_click(n_photons: ArrayLike, *, eta: ArrayLike, p_dark: ArrayLike) -> Array:
    """Chance that a coherent pulse, or the dark, makes the receiver click.

    Parameters
    ----------
    n_photons : array_like
        Mean number of photons of the pulse, its intensity. [1]
    eta, p_dark : array_like
        Transmittance with detector, and clicks per gate without light. [1]

    Returns
    -------
    ndarray
        D. [1]

    Notes
    -----
    D = 1 - (1 - Y0) exp(-eta k), Lim, Curty, Walenta, Xu, Zbinden, Phys. Rev. A 89, 022307 (2014), Section V, where
    Y0 = 2 p_dc of two detectors.

    Examples
    --------
    >>> float(first_click(0.0, eta=0.1, p_dark=1e-6))
    1e-06
    """
    light = _light(n_photons, eta)
    Y0 = np.asarray(p_dark)
    return np.asarray(Y0 + light * (1 - Y0))


def clicks(n_photons: ArrayLike, link: Link, p_sent: ArrayLike | None = None) -> Array:
    """Clicks per pulse of an intensity, afterpulses included.

    Parameters
    ----------
    n_photons : array_like
        Mean number of photons of the pulse; with ``p_sent``, of all intensities along the first axis. [1]
    link : Link
        What it meets. [1]
    p_sent : array_like, optional
        How often each intensity is sent; without it, each as if it were the only one. [1]

    Returns
    -------
    ndarray
        R_k, per gate that is not missed. [1]
    """
    first = first_click(n_photons, eta=link.eta, p_dark=link.p_dark)
    return first * (1 + followed(first, link, p_sent)) if acts(link.p_afterpulse) else first


def wrong_clicks(n_photons: ArrayLike, link: Link, p_sent: ArrayLike | None = None, *, in_test: bool) -> Array:
    """Clicks per pulse of an intensity that carry the wrong bit.

    Parameters
    ----------
    n_photons, link, p_sent
        As in :func:`clicks`. [1]
    in_test : bool
        In the test basis, or in that of the key.

    Returns
    -------
    ndarray
        Y0/2 + e_d [1 - exp(-eta k)] + p_ap (1 - D) D_k/2. [1]

    Notes
    -----
    Lim et al. (2014), Section V. Deviation: they print the channel's transmittance beside e_mis; with it their own
    figures do not follow (R(1e9)/R(1e7) = 2.73 at 100 km instead of 1.75), with that of the whole system they do.
    Assumption: a dark click beside a photon's click counts as well, which adds less than Y0 eta k/2 to Eq. 1's
    error model.
    """
    error = link.p_test_error if in_test else link.p_key_error
    wrong = link.p_dark / 2 + error * _light(n_photons, link.eta)
    if not acts(link.p_afterpulse):
        return np.asarray(wrong)
    first = first_click(n_photons, eta=link.eta, p_dark=link.p_dark)
    return np.asarray(wrong + followed(first, link, p_sent) * first / 2)


def followed(first: Array, link: Link, p_sent: ArrayLike | None = None) -> Array:
    """Chance that a first click is followed by an afterpulse: p_ap (1 - D). [1]"""
    mean = first if p_sent is None else np.sum(np.asarray(p_sent) * first, axis=0)
    return np.asarray(link.p_afterpulse * (1 - mean))


def _light(n_photons: ArrayLike, eta: ArrayLike) -> Array:
    """Chance that at least one photon is detected. [1]"""
    return np.asarray(-np.expm1(-np.asarray(eta) * np.asarray(n_photons)))
