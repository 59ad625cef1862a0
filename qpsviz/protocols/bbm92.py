"""BBM92: with pairs in slots that both sides know, and with a source that shines all the time.

Notes
-----
:class:`PairSlots` is for pairs in frames, whose headers say when each comes: both sides look in every slot. For
:class:`PairLink` no pulse says when a pair was made, a coincidence window does.

Neumann, Scheidl, Selimovic, Pivoluska, Liu, Bohmann, Ursin, Physical Review A 104, 022406 (2021). A source makes B
pairs per second; side i (a or b) detects eta_i B of their photons, eta_i = 10^(-loss_i/10) eta_detector, and D_i dark
counts:

    S_i = (eta_i B + D_i) l_i,   l_i = 1/(1 + (eta_i B + D_i) t_dead/n)      detections per second
    C   = B eta_a eta_b l_a l_b erf(sqrt(ln 2) w/t_jitter)                   both halves of a pair within the window w
    A   = (1 - exp(-S_a w)) (1 - exp(-S_b w))/w                              accidental coincidences
    raw = (C + A)/2,   Q = (p C + A/2)/(C + A),   key = raw (1 - (1 + f) h(Q))

Half of all coincidences are measured in equal bases; half of the accidental ones agree by chance. l_i is the share of
time in which a detector is not dead, for n detectors that share what a side detects evenly. Deviation: the dead time
also hides dark counts; arXiv 2505.24851, which uses these equations, adds them after it. That moves none of its numbers
by more than 0.001 %. A counts windows, at most one coincidence in each: windows in which a side detects more than 0.1
times are refused, because accidental coincidences would be too few by more than a tenth, down to none in endless ones.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from qpsviz.errors import ParameterError
from qpsviz.protocols.detectors import Gates, live_gates, live_share, whole_detectors
from qpsviz.protocols.jitter import window_share
from qpsviz.protocols.qkd import secret_share
from qpsviz.protocols.reconciliation import shannon_factor
from qpsviz.units import Array, ArrayLike, eta_from_db, in_range, in_unit_interval

__all__ = ["PairLink", "PairSlots", "accidental_hz", "live_share", "window_share"]

_MOST = 1e100  # of a rate, a time or a count: products of more are beyond numbers
FULLEST = 0.1
"""Detections of one side in one coincidence window, at most: Neumann et al.'s accidentals are then within 10 %. [1]"""
SIFTED = 0.5
"""Share of coincidences in which both sides measure in the same one of two bases, each chosen half of the time. [1]"""


def accidental_hz(first_hz: ArrayLike, second_hz: ArrayLike, *, window_us: ArrayLike) -> Array:
    """Windows per second in which two sides detect something by chance.

    Parameters
    ----------
    first_hz, second_hz : array_like
        Detections of each side. [Hz]
    window_us : array_like
        Full width of the coincidence window. [us]

    Returns
    -------
    ndarray
        (1 - exp(-S_a w)) (1 - exp(-S_b w))/w, 0 for a closed window. [Hz]

    Raises
    ------
    ValueError
        If a value is negative or has no end, or the window is so wide that a side detects more than :data:`FULLEST`
        times in it on average.
    """
    w = in_range("window_us", window_us, 0.0, _MOST) * 1e-6
    sides = in_range("first_hz", first_hz, 0.0), in_range("second_hz", second_hz, 0.0)
    each = [side * w for side in sides]  # detections in a window
    most = max(float(np.max(n, initial=0.0)) for n in each)
    if most > FULLEST:
        raise ParameterError(
            "window_us",
            f"window_us is too wide: one side detects {most:.3g} times in a window, and pairs are told apart only up "
            f"to {FULLEST:g}",
        )
    both = np.expm1(-each[0]) * np.expm1(-each[1])
    return np.asarray(np.where(w > 0, both / np.where(w > 0, w, 1.0), 0.0))


@dataclass(frozen=True, slots=True, kw_only=True)
class PairLink:
    """A pair source between two receivers; every number may be an array, and all broadcast together.

    Parameters
    ----------
    pair_hz : array_like
        Pairs that the source makes. [Hz]
    loss_a_db, loss_b_db : array_like
        Loss from the source to the detectors of each side, without the detectors. [dB]
    eta_detector : array_like
        Chance that a detector sees a photon that reaches it. [1]
    dark_a_hz, dark_b_hz : array_like
        Dark counts of all detectors of a side together. [Hz]
    dead_us : array_like
        Dead time of a detector. [us]
    n_detectors : array_like of int
        Detectors of each side: four for two bases chosen by a beam splitter.
    p_wrong : array_like
        Chance that optics make the two halves of a pair disagree. [1]
    jitter_us : array_like
        Full width at half maximum of the difference of both detection times. [us]
    ec_inefficiency : array_like
        Reconciliation inefficiency f, at least 1. [1]

    Raises
    ------
    ValueError
        If a value is out of range, or a number of detectors is not whole; by the methods, if the window is closed to
        none or wider than :func:`accidental_hz` takes.

    Notes
    -----
    The equations stand at the top of this module. Assumption: afterpulses, pairs of higher order within one window and
    the time that a time tagger needs are left out; a key of unlimited length.

    Examples
    --------
    >>> link = PairLink(pair_hz=1.5e6, loss_a_db=12.0, loss_b_db=12.0, eta_detector=0.6, dark_a_hz=500.0,
    ...     dark_b_hz=1800.0, dead_us=0.045, n_detectors=4, p_wrong=0.03, jitter_us=1.625e-3, ec_inefficiency=1.1)
    >>> link.raw_hz([1e-3, 2e-3]).round(1).tolist(), link.qber(1e-3).round(4).tolist()
    ([572.0, 918.7], 0.0314)
    """

    pair_hz: ArrayLike
    loss_a_db: ArrayLike
    loss_b_db: ArrayLike
    eta_detector: ArrayLike
    dark_a_hz: ArrayLike
    dark_b_hz: ArrayLike
    dead_us: ArrayLike
    n_detectors: ArrayLike
    p_wrong: ArrayLike
    jitter_us: ArrayLike
    ec_inefficiency: ArrayLike

    def __post_init__(self) -> None:
        for name in ("pair_hz", "dark_a_hz", "dark_b_hz", "dead_us"):
            in_range(name, getattr(self, name), 0.0, _MOST)
        for name in ("loss_a_db", "loss_b_db", "jitter_us"):
            in_range(name, getattr(self, name), 0.0)
        in_unit_interval("eta_detector", self.eta_detector)
        in_unit_interval("p_wrong", self.p_wrong)
        whole_detectors(self.n_detectors)
        shannon_factor(self.ec_inefficiency)

    def pairs_hz(self, window_us: ArrayLike) -> Array:
        """Pairs of which both halves are detected, within one window of each other: C. [Hz]"""
        (light_a, live_a), (light_b, live_b) = self._sides()
        share = window_share(window_us, jitter_us=self.jitter_us)
        eta_b = light_b / np.where(np.asarray(self.pair_hz) > 0, self.pair_hz, 1.0)
        return np.asarray(light_a * eta_b * live_a * live_b * share)

    def accidentals_hz(self, window_us: ArrayLike) -> Array:
        """Coincidences of detections that do not belong together: A. [Hz]"""
        (light_a, live_a), (light_b, live_b) = self._sides()
        singles = (light_a + np.asarray(self.dark_a_hz)) * live_a, (light_b + np.asarray(self.dark_b_hz)) * live_b
        return accidental_hz(*singles, window_us=window_us)

    def raw_hz(self, window_us: ArrayLike) -> Array:
        """Bits of raw key: coincidences that were measured in equal bases. [Hz]"""
        return SIFTED * (self.pairs_hz(window_us) + self.accidentals_hz(window_us))

    def qber(self, window_us: ArrayLike) -> Array:
        """Share of the raw key that differs between both sides, 1/2 where there is none. [1]"""
        pairs, accidentals = self.pairs_hz(window_us), self.accidentals_hz(window_us)
        both = pairs + accidentals
        wrong = np.asarray(self.p_wrong) * pairs + 0.5 * accidentals
        return np.asarray(np.where(both > 0, wrong / np.where(both > 0, both, 1.0), 0.5))

    def key_hz(self, window_us: ArrayLike) -> Array:
        """Secret bits of the raw key, asymptotically; both bases have the error rate Q. [Hz]"""
        q = self.qber(window_us)
        share = secret_share(q, q, ec_inefficiency=self.ec_inefficiency)
        return np.asarray(self.raw_hz(window_us) * np.maximum(0.0, share))

    def _sides(self) -> tuple[tuple[Array, Array], tuple[Array, Array]]:
        """Of each side: photons that its detectors would see per second, and the share of time they are not dead."""
        a, b = (
            np.asarray(self.pair_hz) * eta_from_db(loss_db) * np.asarray(self.eta_detector)
            for loss_db in (self.loss_a_db, self.loss_b_db)
        )
        dead = {"dead_us": self.dead_us, "n_detectors": self.n_detectors}
        dark_a, dark_b = np.asarray(self.dark_a_hz), np.asarray(self.dark_b_hz)
        return (a, live_share(a + dark_a, **dead)), (b, live_share(b + dark_b, **dead))


@dataclass(frozen=True, slots=True, kw_only=True)
class PairSlots:
    """One pair per slot between two receivers that look once per slot; arrays broadcast together.

    Parameters
    ----------
    eta_a, eta_b : array_like
        Chance that the half of each side is detected. [1]
    gates_a, gates_b : Gates
        Both receivers.
    eta_both : array_like, optional
        Chance that both halves of a pair are: the product, unless they had a luck together. [1]

    Raises
    ------
    ValueError
        If a chance is out of range.

    Notes
    -----
    Q = R_ab l_a l_b coincidences per slot, where R_i are clicks per gate that is not missed and l_i the share of
    these; R_ab = R_a R_b, and g_a g_b times what eta_ab is above eta_a eta_b more, with g_i the clicks that a photon
    makes more certain. Of R_ab, eta_ab are pairs, and the rest agrees by chance: e = e_pair + (1/2 - e_pair) d with
    its share d. Ma, Fung, Lo, Phys. Rev. A 76, 012307 (2007), for one pair at most. Assumption: both sides miss gates
    independently, as in Neumann et al. (2021). Asymptotically 1 - f H2(e_Z) - H2(e_X) of each is key whatever the
    source does (Koashi, Preskill, Phys. Rev. Lett. 90, 057902 (2003)); nearly all pairs are measured in Z.
    """

    eta_a: ArrayLike
    eta_b: ArrayLike
    gates_a: Gates
    gates_b: Gates
    eta_both: ArrayLike | None = None

    def __post_init__(self) -> None:
        in_unit_interval("eta_a", self.eta_a)
        in_unit_interval("eta_b", self.eta_b)
        if self.eta_both is not None:
            in_unit_interval("eta_both", self.eta_both)

    @property
    def _together(self) -> Array:
        """How much more often both halves are detected than by independent luck. [1]"""
        if self.eta_both is None:
            return np.zeros(())
        return np.asarray(self.eta_both) - np.multiply(self.eta_a, self.eta_b)

    def gain(self) -> Array:
        """Slots in which both sides click. [1]"""
        a, b = self.gates_a.clicks(self.eta_a), self.gates_b.clicks(self.eta_b)
        live = live_gates(a, n_missed=self.gates_a.n_missed) * live_gates(b, n_missed=self.gates_b.n_missed)
        sharper = self.gates_a.sharper(self.eta_a) * self.gates_b.sharper(self.eta_b)
        return np.asarray((a * b + sharper * self._together) * live)

    def qber(self, error: ArrayLike) -> Array:
        """Share of coincidences that differ, where the halves of a pair do with chance ``error``. [1]"""
        e, a, b = in_unit_interval("error", error), np.asarray(self.eta_a), np.asarray(self.eta_b)
        by_chance = self.gates_a.noise(a) * self.gates_b.clicks(b) + a * self.gates_b.noise(b)
        sharper, more = self.gates_a.sharper(a) * self.gates_b.sharper(b), self._together
        by_chance = np.maximum(0.0, by_chance - (1 - sharper) * more)
        both = self.gates_a.clicks(a) * self.gates_b.clicks(b) + sharper * more
        share = np.where(both > 0, by_chance / np.where(both > 0, both, 1.0), 1.0)
        return np.asarray(e + (0.5 - e) * share)
