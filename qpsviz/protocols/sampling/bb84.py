"""A BB84 session photon by photon, or in counts that are distributed as if it were."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from qpsviz.noise import QubitChannel
from qpsviz.noise.dark import dark_yield
from qpsviz.protocols.detectors import Gates, live_gates, missed_gates
from qpsviz.protocols.jitter import slot_shares
from qpsviz.protocols.sampling.counts import Session, ends, whole_counts
from qpsviz.protocols.sampling.estimates import Estimate, share
from qpsviz.scenario import Scenario
from qpsviz.units import Array, ArrayLike, Column, Mask, in_range, in_unit_interval
from qpsviz.units.checks import one_of

RECORD_LIMIT = 5_000_000  # pulses that are drawn one by one
ENDS = ("z_right", "z_wrong", "x_right", "x_wrong", "unsifted")


@dataclass(frozen=True, kw_only=True)
class Receiver:
    """How pulses are measured: by whom, with which errors, and how often in Z.

    ``eta_detector`` counts clicks within their gate. ``p_dark`` is of the whole receiver, stray light included; an
    array has a value for each frame. After a click the receiver misses ``n_missed`` gates, and then clicks once more
    without meaning with chance ``p_afterpulse``.
    """

    eta_detector: float = 1.0
    p_dark: ArrayLike = 0.0
    misalignment: float = 0.0
    p_z: float = 0.5  # Assumption: the paper says "randomly chosen"; both users choose Z with this chance
    p_afterpulse: float = 0.0
    n_missed: float = 0.0

    def __post_init__(self) -> None:
        for name in ("eta_detector", "p_dark", "misalignment", "p_z", "p_afterpulse"):
            in_unit_interval(name, getattr(self, name))
        in_range("n_missed", self.n_missed, 0.0)

    @property
    def gates(self) -> Gates:
        """The same as closed forms have it."""
        return Gates(p_dark=self.p_dark, p_afterpulse=self.p_afterpulse, n_missed=self.n_missed)

    @classmethod
    def of(
        cls, scenario: Scenario, *, p_z: float = 0.5, n_stray: ArrayLike = 0.0, eta_path: ArrayLike = 0.0
    ) -> Receiver:
        """The receiver of a scenario.

        Parameters
        ----------
        scenario : Scenario
            Its detector.
        p_z : float
            Chance with which each user chooses Z. [1]
        n_stray : array_like
            Stray photons per gate that reach it, for all frames or each of them. [1]
        eta_path : array_like
            Transmittance of the path, for all frames or each of them: jitter moves a share of what arrives into the
            gates of other slots. [1]

        Raises
        ------
        ValueError
            If a number is out of range.
        """
        d, spacing_us = scenario.detector, scenario.source.spacing_us
        own, others = slot_shares(scenario.light.gate_us, spacing_us=spacing_us, jitter_us=d.jitter_us)
        n_beside = np.asarray(n_stray) + np.asarray(eta_path) * others
        return cls(
            eta_detector=d.eta_detector * float(own),
            p_dark=dark_yield(d.p_dark, d.dark_counts, n_stray=n_beside, eta_detector=d.eta_detector),
            misalignment=d.misalignment,
            p_z=p_z,
            p_afterpulse=d.p_afterpulse,
            n_missed=float(missed_gates(d.dead_us, spacing_us=spacing_us)),
        )


class Bb84Session(Session):
    """Counts of a BB84 session, one entry per frame, and the estimates that its two users would make.

    ``counts`` has ``n_pulses``, ``n_clicks``, the clicks in equal bases ``z_right``, ``z_wrong``, ``x_right``,
    ``x_wrong``, and those in different ones, ``unsifted``.
    """

    def gain(self, *, p_coverage: float = 0.95, method: str = "wilson") -> Estimate:
        """Clicks per pulse that routing left: Q of Eq. 1. [1]"""
        n_clicks, n_pulses = self.total("n_clicks"), self.total("n_pulses")
        return self.told(share(n_clicks, n_pulses, p_coverage=p_coverage, method=method))

    def qber(self, basis: str, *, p_coverage: float = 0.95, method: str = "wilson") -> Estimate:
        """Wrong bits among the clicks that both users had in ``basis``, "z" or "x": e of Eq. 1. [1]

        Raises
        ------
        ValueError
            For another basis.
        """
        one_of("basis", basis, ("z", "x"))
        wrong = self.total(f"{basis}_wrong")
        n_trials = wrong + self.total(f"{basis}_right")
        return self.told(share(wrong, n_trials, p_coverage=p_coverage, method=method))


def sample_bb84(
    channel: QubitChannel, n_pulses: ArrayLike, receiver: Receiver | None = None, *, seed: int
) -> Bb84Session:
    """A BB84 session over frames of which each is one channel.

    Parameters
    ----------
    channel : QubitChannel
        What the pulses of each frame met, one entry per frame or the same for all. [1]
    n_pulses : array_like of int
        Pulses of each frame that routing left. [1]
    receiver : Receiver, optional
        Detector and bases.
    seed : int
        Equal seeds give equal counts.

    Returns
    -------
    Bb84Session
        Counts for every frame. [1]

    Raises
    ------
    ValueError
        If a number is out of range.

    Notes
    -----
    A photon that arrives and is detected gives the right bit but for path noise and misalignment; where none is, a
    dark count gives a random one. A relaxing memory's shift hurts one bit as much as it helps the other. Assumption:
    missed gates and afterpulses thin and add clicks at random, with the means of :class:`Gates`; of
    :func:`record_bb84`, which draws them after each click, the counts spread less.

    Examples
    --------
    >>> session = sample_bb84(QubitChannel.identity(), [1_000_000], Receiver(misalignment=0.02), seed=1)
    >>> session.gain().value, session.qber("z").covers(0.02)
    (1.0, True)
    """
    r = receiver or Receiver()
    pulses = whole_counts("n_pulses", n_pulses)
    photon = np.asarray(channel.eta * r.eta_detector)
    dark = (1 - photon) * np.asarray(r.p_dark)
    clicks = r.gates.with_afterpulses(photon + dark)
    live = live_gates(clicks, n_missed=r.n_missed)
    photon, dark = photon * live, (dark + (clicks - (photon + dark))) * live
    chances = []
    for path, both in (((channel.p_up + channel.p_down) / 2, r.p_z**2), (channel.p_phase, (1 - r.p_z) ** 2)):
        wrong = photon * _flipped(r.misalignment, path) + dark / 2
        chances += [both * (photon + dark - wrong), both * wrong]
    chances.append(2 * r.p_z * (1 - r.p_z) * (photon + dark))
    counts = ends(np.random.default_rng(seed), pulses, chances, ENDS)
    clicks = np.sum([counts[end] for end in ENDS], axis=0)
    return Bb84Session({"n_pulses": pulses, "n_clicks": clicks, **counts})


def record_bb84(
    channel: QubitChannel, n_pulses: ArrayLike, receiver: Receiver | None = None, *, seed: int
) -> dict[str, Column]:
    """Every pulse of a small BB84 session: Alice's bit and basis, Bob's, and what his detectors did.

    Parameters
    ----------
    channel, n_pulses, receiver, seed
        As in :func:`sample_bb84`; at most 5 million pulses. [1]

    Returns
    -------
    dict of ndarray
        ``frame``, ``alice_bit``, ``alice_basis`` and ``bob_basis`` (0 is Z, 1 is X), ``arrived`` (and detected),
        ``dark`` (a click without a photon), ``bob_bit`` (-1 without a click), ``sifted`` and ``wrong``. [1]

    Raises
    ------
    ValueError
        If a number is out of range, or there are too many pulses.
    """
    r = receiver or Receiver()
    pulses = whole_counts("n_pulses", n_pulses)
    if (n_all := int(pulses.sum())) > RECORD_LIMIT:
        raise ValueError(f"n_pulses = {n_all} in all must be at most {RECORD_LIMIT}: sample_bb84 takes any number")
    rng = np.random.default_rng(seed)
    frame = np.repeat(np.arange(pulses.size), pulses)
    of_frames = (channel.eta, channel.c, channel.a, channel.b, r.p_dark)
    eta, c, a, b, p_dark = (np.broadcast_to(v, pulses.shape)[frame] for v in of_frames)
    alice_bit, (alice_basis, bob_basis) = rng.integers(0, 2, n_all), rng.random((2, n_all)) >= r.p_z
    arrived = rng.random(n_all) < eta * r.eta_detector
    dark = ~arrived & (rng.random(n_all) < p_dark)
    if r.p_afterpulse or r.n_missed:
        seen, again = _one_by_one(arrived | dark, r, np.random.default_rng([seed, 1]))
        arrived, dark = arrived & seen, (dark & seen) | again
    sign = 1.0 - 2.0 * alice_bit
    kept = np.where(alice_basis, c, a + sign * b)  # <right - wrong> of the bit that was sent
    flipped = rng.random(n_all) < _flipped(r.misalignment, (1 - kept) / 2)
    random_bit = rng.integers(0, 2, n_all)
    read = np.where(arrived & (alice_basis == bob_basis), alice_bit ^ flipped, random_bit)
    bob_bit = np.where(arrived | dark, read, -1)
    sifted = (arrived | dark) & (alice_basis == bob_basis)
    told = {"frame": frame, "alice_bit": alice_bit, "alice_basis": alice_basis.astype(int)}
    told |= {"bob_basis": bob_basis.astype(int), "arrived": arrived, "dark": dark, "bob_bit": bob_bit}
    return told | {"sifted": sifted, "wrong": sifted & (bob_bit != alice_bit)}


def _one_by_one(lit: Mask, receiver: Receiver, rng: np.random.Generator) -> tuple[Mask, Mask]:
    """Gates that click, and those that click as afterpulses, gate by gate, as :class:`Gates` has them.

    ``lit`` gates would click without the ones before. The gates of all frames stand in a row.
    """
    found, m, end = np.flatnonzero(lit), int(min(receiver.n_missed, lit.size)), lit.size
    seen, again = np.zeros((2, end), dtype=bool)
    ready, after = 0, end  # the next gate that is not missed; one that clicks again, if before the next lit one
    follows = rng.random(found.size) < receiver.p_afterpulse
    for gate, is_followed in zip(found.tolist(), follows.tolist(), strict=True):
        if after < gate:
            again[after], ready = True, after + m + 1
            after = end
        if gate < ready:
            continue
        seen[gate], ready = True, gate + m + 1
        after = ready if is_followed else end
    if after < end:
        again[after] = True
    return seen, again


def _flipped(p: ArrayLike, error: ArrayLike) -> Array:
    """Chance that exactly one of two independent flips happens."""
    first, second = np.asarray(p, dtype=np.float64), np.asarray(error, dtype=np.float64)
    return np.asarray(first * (1 - second) + (1 - first) * second)
