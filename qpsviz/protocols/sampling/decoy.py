"""A session of weak coherent pulses with two decoys: intensities drawn per pulse, counted, and what they say."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from qpsviz.noise import QubitChannel
from qpsviz.protocols.decoy import Block, BlockKey, Intensities, Link, Security, Settings, block_key
from qpsviz.protocols.decoy.bounds import (
    most_single_photon_counts,
    single_photon_counts,
    single_photon_errors,
    vacuum_counts,
)
from qpsviz.protocols.decoy.pulses import clicks, wrong_clicks
from qpsviz.protocols.qkd import combined_error, path_errors
from qpsviz.protocols.sampling.bb84 import Receiver
from qpsviz.protocols.sampling.counts import Counts, Session, whole_counts
from qpsviz.protocols.sampling.estimates import Estimate, interval, share
from qpsviz.units import Array, ArrayLike
from qpsviz.units.checks import one_of

ENDS = ("key_right", "key_wrong", "test_right", "test_wrong", "unsifted", "none")
BASES = ("key", "test")


class DecoySession(Session):
    """Counts of a session of decoy states, by frame and intensity (shape (frames, 3)), and what they say.

    ``counts`` has ``n_pulses``, ``n_clicks``, the clicks of equal bases ``key_right``, ``key_wrong``, ``test_right``,
    ``test_wrong``, and those of different ones, ``unsifted``; the intensities are signal, decoy and near-vacuum, as
    ``settings`` has them. The basis of the key is Z.
    """

    def __init__(self, counts: Mapping[str, Counts], settings: Settings) -> None:
        super().__init__(counts)
        self.settings = settings

    def of_each(self, name: str) -> Array:
        """One column summed over frames, by intensity. [1]"""
        return np.asarray(self.counts[name].sum(axis=0), dtype=np.float64)

    def gain(self, index: int, *, p_coverage: float = 0.95, method: str = "wilson") -> Estimate:
        """Clicks per pulse of the intensity 0, 1 or 2 that ``index`` names. [1]"""
        found = int(self.of_each("n_clicks")[index]), int(self.of_each("n_pulses")[index])
        return self.told(share(*found, p_coverage=p_coverage, method=method))

    def qber(self, index: int, basis: str, *, p_coverage: float = 0.95, method: str = "wilson") -> Estimate:
        """Wrong bits among the sifted clicks of an intensity in the basis "key" or "test". [1]

        Raises
        ------
        ValueError
            For another basis.
        """
        one_of("basis", basis, BASES)
        wrong, right = (int(self.of_each(f"{basis}_{end}")[index]) for end in ("wrong", "right"))
        return self.told(share(wrong, wrong + right, p_coverage=p_coverage, method=method))

    def single_photon_yield(self, *, p_coverage: float = 0.95) -> Estimate:
        """Clicks per pulse that left with one photon, from the clicks of all three intensities.

        Parameters
        ----------
        p_coverage : float
            Chance that the interval holds the truth, at least. [1]

        Returns
        -------
        Estimate
            ``value`` is the bound of the rates as they were counted, ``lo`` and ``hi`` those that any rates within
            their intervals allow. [1]
        """
        sent = self._per_pulse
        rates, spread = self._rates("n_clicks", p_coverage)
        low = self._single(sent, rates, spread)
        most = most_single_photon_counts(sent, rates, spread, vacuum_counts(sent, rates, spread))
        exact = self._single(sent, *self._rates("n_clicks", p_coverage, exact=True))
        return self._estimate(exact, low, min(1.0, float(most) / float(sent.p_number(1))), p_coverage)

    def single_photon_error(self, *, p_coverage: float = 0.95) -> Estimate:
        """Wrong bits among the clicks of single photons in the test basis: the phase errors of the key.

        Parameters
        ----------
        p_coverage : float
            Chance that the interval holds the truth, at least. [1]

        Returns
        -------
        Estimate
            ``hi`` is a bound, 1/2 where nothing better is known; ``lo`` is 0: decoys bound no error from below. [1]
        """
        each = 1 - (1 - p_coverage) / 2
        ends = [self._error_at_most(each, exact=exact) for exact in (True, False)]
        return self._estimate(ends[0], 0.0, ends[1], p_coverage)

    @property
    def block(self) -> Block:
        """All sifted counts together, as a block from which a key is made."""
        return Block(
            n_key=self.of_each("key_right") + self.of_each("key_wrong"),
            n_test=self.of_each("test_right") + self.of_each("test_wrong"),
            n_wrong_key=self.of_each("key_wrong"),
            n_wrong_test=self.of_each("test_wrong"),
        )

    def key(self, security: Security) -> BlockKey:
        """The secret key that these counts allow, were they one block."""
        return block_key(self.block, self.settings.intensities, security)

    @property
    def _per_pulse(self) -> Intensities:
        """The intensities as if each were sent alone: then rates take the place of counts."""
        return Intensities(n_photons=self.settings.intensities.n_photons, p_sent=np.ones(3))

    def _rates(self, name: str, p_coverage: float, *, exact: bool = False) -> tuple[Array, Array]:
        """Middle and half width of the intervals of rates per pulse, all three true with chance ``p_coverage``. [1]"""
        found, of = self.of_each(name), self.of_each("n_pulses")
        if exact:
            return found / np.where(of > 0, of, 1.0), np.zeros(3)
        lo, hi = interval(found, of, p_coverage=1 - (1 - p_coverage) / 3, method="clopper-pearson")
        return (lo + hi) / 2, (hi - lo) / 2

    def _single(self, sent: Intensities, rates: Array, spread: Array) -> float:
        n = single_photon_counts(sent, rates, spread, vacuum_counts(sent, rates, spread))
        return max(0.0, float(n) / float(sent.p_number(1)))

    def _error_at_most(self, p_coverage: float, *, exact: bool) -> float:
        sent, both = self._per_pulse, (1 - float(self.settings.p_key_basis)) ** 2
        wrong = single_photon_errors(sent, *self._rates("test_wrong", p_coverage, exact=exact)) / both
        clicked = self._single(sent, *self._rates("n_clicks", p_coverage, exact=exact)) * sent.p_number(1)
        return min(0.5, float(wrong) / float(clicked)) if clicked > 0 else 0.5

    def _estimate(self, value: float, lo: float, hi: float, p_coverage: float) -> Estimate:
        n = self.total("n_pulses")
        return self.told(Estimate(value=value, lo=lo, hi=hi, n_trials=n, p_coverage=p_coverage))


def link_of(channel: QubitChannel, receiver: Receiver) -> Link:
    """What pulses meet on a channel and in a receiver.

    Parameters
    ----------
    channel : QubitChannel
        The path. [1]
    receiver : Receiver
        Its end.

    Returns
    -------
    Link
        Of the shape of the channel. [1]
    """
    in_z, in_x = path_errors(channel)
    return Link.of(
        eta=channel.eta * receiver.eta_detector,
        p_dark=receiver.p_dark,
        p_key_error=combined_error(receiver.misalignment, in_z),
        p_test_error=combined_error(receiver.misalignment, in_x),
        p_afterpulse=receiver.p_afterpulse,
        n_missed=receiver.n_missed,
    )


def sample_decoy(
    channel: QubitChannel, n_pulses: ArrayLike, receiver: Receiver, settings: Settings, *, seed: int
) -> DecoySession:
    """A session of decoy states over frames of which each is one channel.

    Parameters
    ----------
    channel : QubitChannel
        What the pulses of each frame met, one entry per frame or the same for all. [1]
    n_pulses : array_like of int
        Pulses of each frame that routing left. [1]
    receiver : Receiver
        Detector; both sides choose bases as ``settings`` says, not by its ``p_z``.
    settings : Settings
        Intensities, how often each is sent, and how often either side picks the basis of the key.
    seed : int
        Equal seeds give equal counts.

    Returns
    -------
    DecoySession
        Counts for every frame and intensity. [1]

    Raises
    ------
    ValueError
        If a number is out of range.

    Notes
    -----
    An intensity is drawn for every pulse, and how it ends; pulses of a frame are alike and independent, so both are one
    multinomial draw. Clicks and errors are those of :mod:`qpsviz.protocols.decoy.pulses`. Assumption: missed gates and
    afterpulses as in :func:`qpsviz.protocols.sampling.sample_bb84`.
    """
    pulses = whole_counts("n_pulses", n_pulses)
    one = Link.from_columns(np.broadcast_to(c, pulses.shape) for c in link_of(channel, receiver).columns)
    mu, p_sent = (column[:, None] for column in (settings.intensities.n_photons, settings.intensities.p_sent))
    n = clicks(mu, one, p_sent)
    live, n = one.live(n, p_sent), np.minimum(n, 1.0)  # Lim's convention may give a rare bright pulse more
    wrong = [np.minimum(wrong_clicks(mu, one, p_sent, in_test=in_test), n) for in_test in (False, True)]
    q = float(settings.p_key_basis)
    ends = [q**2 * (n - wrong[0]), q**2 * wrong[0], (1 - q) ** 2 * (n - wrong[1]), (1 - q) ** 2 * wrong[1]]
    chances = np.stack([*ends, 2 * q * (1 - q) * n]) * live  # ends, intensities, frames
    chances = p_sent * np.concatenate([chances, 1 - chances.sum(axis=0, keepdims=True)]).clip(0.0, 1.0)
    columns = np.moveaxis(chances, -1, 0).reshape(pulses.size, -1)
    drawn = np.random.default_rng(seed).multinomial(pulses, columns / columns.sum(axis=1, keepdims=True))
    found = dict(zip(ENDS, np.moveaxis(drawn.reshape(pulses.size, len(ENDS), 3), 1, 0), strict=True))
    n_pulses_of = np.sum([*found.values()], axis=0)
    n_clicks = n_pulses_of - found.pop("none")
    return DecoySession({"n_pulses": n_pulses_of, "n_clicks": n_clicks, **found}, settings)
