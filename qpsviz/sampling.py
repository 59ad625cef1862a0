"""Photons drawn at random: a BB84 session over frames, and pairs measured one axis at a time.

Pulses of one frame are alike and independent, so how many of them end in which way is multinomial. Drawing the counts
of a whole frame at once is therefore exact, no approximation of drawing pulse by pulse, and is what is done here;
:func:`record_bb84` draws every photon by itself, for small sessions that somebody wants to look at.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from qpsviz.estimates import Estimate, bell_fidelity, correlation, share
from qpsviz.noise import QubitChannel
from qpsviz.scenario import Scenario
from qpsviz.units import Array, ArrayLike, in_range, in_unit_interval

Counts = Mapping[str, npt.NDArray[np.int64]]
RECORD_LIMIT = 5_000_000  # pulses that are drawn one by one
_BB84_ENDS = ("z_right", "z_wrong", "x_right", "x_wrong", "unsifted")
_EPR_ENDS = ("xx_equal", "xx_unequal", "yy_equal", "yy_unequal", "zz_equal", "zz_unequal")


@dataclass(frozen=True, kw_only=True)
class Receiver:
    """How pulses are measured: by whom, with which errors, and how often in Z."""

    eta_detector: float = 1.0
    p_dark: float = 0.0
    misalignment: float = 0.0
    p_z: float = 0.5  # Assumption: the paper says "randomly chosen"; both users choose Z with this chance

    def __post_init__(self) -> None:
        for name in ("eta_detector", "p_dark", "misalignment", "p_z"):
            in_unit_interval(name, getattr(self, name))

    @classmethod
    def of(cls, scenario: Scenario, *, p_z: float = 0.5) -> Receiver:
        """The receiver of a scenario.

        Raises
        ------
        ValueError
            If p_z is no probability.
        """
        d = scenario.detector
        return cls(eta_detector=d.eta_detector, p_dark=d.p_dark, misalignment=d.misalignment, p_z=p_z)


class Bb84Session:
    """Counts of a BB84 session, one entry per frame, and the estimates that its two users would make.

    ``counts`` has ``n_pulses``, ``n_clicks``, the clicks in equal bases ``z_right``, ``z_wrong``, ``x_right``,
    ``x_wrong``, and those in different ones, ``unsifted``.
    """

    def __init__(self, counts: Counts) -> None:
        self.counts = dict(counts)

    def total(self, name: str) -> int:
        """Sum of one column over all frames. [1]"""
        return int(self.counts[name].sum())

    def gain(self, *, p_coverage: float = 0.95, method: str = "wilson") -> Estimate:
        """Clicks per pulse that routing left: Q of Eq. 1. [1]"""
        return share(self.total("n_clicks"), self.total("n_pulses"), p_coverage=p_coverage, method=method)

    def qber(self, basis: str, *, p_coverage: float = 0.95, method: str = "wilson") -> Estimate:
        """Wrong bits among the clicks that both users had in ``basis``, "z" or "x": e of Eq. 1. [1]

        Raises
        ------
        ValueError
            For another basis.
        """
        if basis not in ("z", "x"):
            raise ValueError(f"basis = {basis!r} is not one of z, x")
        wrong = self.total(f"{basis}_wrong")
        return share(wrong, wrong + self.total(f"{basis}_right"), p_coverage=p_coverage, method=method)


class EprSession:
    """Counts of measured pairs, one entry per frame: ``n_pairs``, and equal and unequal outcomes along each axis."""

    def __init__(self, counts: Counts) -> None:
        self.counts = dict(counts)

    def total(self, name: str) -> int:
        """Sum of one column over all frames. [1]"""
        return int(self.counts[name].sum())

    def correlation(self, axis: str, *, p_coverage: float = 0.95, method: str = "wilson") -> Estimate:
        """<XX>, <YY> or <ZZ>, for the axes "xx", "yy" and "zz". [1]

        Raises
        ------
        ValueError
            For another axis.
        """
        if axis not in ("xx", "yy", "zz"):
            raise ValueError(f"axis = {axis!r} is not one of xx, yy, zz")
        equal = self.total(f"{axis}_equal")
        return correlation(equal, equal + self.total(f"{axis}_unequal"), p_coverage=p_coverage, method=method)

    def fidelity(self, *, p_coverage: float = 0.95, method: str = "wilson") -> Estimate:
        """Fidelity of the arrived pairs: Eq. 3, squared form. [1]"""
        along = (self.correlation(axis, p_coverage=p_coverage, method=method) for axis in ("xx", "yy", "zz"))
        return bell_fidelity(*along)


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
    dark count gives a random one. A relaxing memory's shift hurts one bit as much as it helps the other.

    Examples
    --------
    >>> session = sample_bb84(QubitChannel.identity(), [1_000_000], Receiver(misalignment=0.02), seed=1)
    >>> session.gain().value, session.qber("z").covers(0.02)
    (1.0, True)
    """
    r = receiver or Receiver()
    pulses = _whole("n_pulses", n_pulses)
    photon = np.asarray(channel.eta * r.eta_detector)
    dark = (1 - photon) * r.p_dark
    chances = []
    for factor, both in ((channel.a, r.p_z**2), (channel.c, (1 - r.p_z) ** 2)):
        wrong = photon * _flipped(r.misalignment, (1 - factor) / 2) + dark / 2
        chances += [both * (photon + dark - wrong), both * wrong]
    chances.append(2 * r.p_z * (1 - r.p_z) * (photon + dark))
    counts = _ends(np.random.default_rng(seed), pulses, chances, _BB84_ENDS)
    clicks = np.sum([counts[end] for end in _BB84_ENDS], axis=0)
    return Bb84Session({"n_pulses": pulses, "n_clicks": clicks, **counts})


def record_bb84(
    channel: QubitChannel, n_pulses: ArrayLike, receiver: Receiver | None = None, *, seed: int
) -> dict[str, Any]:
    """Every pulse of a small BB84 session: Alice's bit and basis, Bob's, and what his detectors did.

    Parameters
    ----------
    channel, n_pulses, receiver, seed
        As in :func:`sample_bb84`; at most 5 million pulses. [1]

    Returns
    -------
    dict of ndarray
        ``frame``, ``alice_bit``, ``alice_basis`` and ``bob_basis`` (0 is Z, 1 is X), ``arrived``, ``dark`` (a click
        without a photon), ``bob_bit`` (-1 without a click), ``sifted`` and ``wrong``. [1]

    Raises
    ------
    ValueError
        If a number is out of range, or there are too many pulses.
    """
    r = receiver or Receiver()
    pulses = _whole("n_pulses", n_pulses)
    if (n_all := int(pulses.sum())) > RECORD_LIMIT:
        raise ValueError(f"n_pulses = {n_all} in all must be at most {RECORD_LIMIT}: sample_bb84 takes any number")
    rng = np.random.default_rng(seed)
    frame = np.repeat(np.arange(pulses.size), pulses)
    eta, c, a, b = (np.broadcast_to(v, pulses.shape)[frame] for v in (channel.eta, channel.c, channel.a, channel.b))
    alice_bit, (alice_basis, bob_basis) = rng.integers(0, 2, n_all), rng.random((2, n_all)) >= r.p_z
    arrived = rng.random(n_all) < eta * r.eta_detector
    dark = ~arrived & (rng.random(n_all) < r.p_dark)
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


def sample_epr(
    channel_a: QubitChannel, channel_b: QubitChannel, n_pairs: ArrayLike, *, eta_detector: float = 1.0, seed: int
) -> EprSession:
    """Pairs measured along X, Y or Z, the same on both sides and chosen at random.

    Parameters
    ----------
    channel_a, channel_b : QubitChannel
        What both halves of the pairs of each frame met. [1]
    n_pairs : array_like of int
        Pairs of each frame. [1]
    eta_detector : float
        Detector efficiency on each side; pairs that lose a half are not counted. [1]
    seed : int
        Equal seeds give equal counts.

    Returns
    -------
    EprSession
        Counts for every frame. [1]

    Raises
    ------
    ValueError
        If a number is out of range.

    Notes
    -----
    Assumption: no dark counts, as in the paper's entanglement study, which leaves out loss and detectors.
    """
    A, B = channel_a, channel_b
    pairs = _whole("n_pairs", n_pairs)
    seen = A.eta * B.eta * in_unit_interval("eta_detector", eta_detector) ** 2 / 3
    equatorial = A.c * B.c
    chances: list[Any] = []
    for expected in (equatorial, -equatorial, A.a * B.a + A.b * B.b):
        chances += [seen * (1 + expected) / 2, seen * (1 - expected) / 2]
    return EprSession({"n_pairs": pairs, **_ends(np.random.default_rng(seed), pairs, chances, _EPR_ENDS)})


def sample_frames(
    scenario: Scenario, frames: Mapping[str, Any], *, p_z: float = 0.5, seed: int
) -> Bb84Session | EprSession:
    """What the users at the ends of a simulated line measure: keys for the sender's layout, pairs for the split one.

    Parameters
    ----------
    scenario : Scenario
        The scenario that was simulated.
    frames : mapping of str to ndarray
        Columns ``fate``, ``payload_kept``, ``eta``, ``c``, ``a``, ``b`` of a run; halves of a pair stand in turn.
    p_z : float
        Chance with which each user of BB84 chooses Z. [1]
    seed : int
        Equal seeds give equal counts.

    Returns
    -------
    Bb84Session or EprSession
        Counts for every frame, zero where nothing was delivered. [1]

    Raises
    ------
    ValueError
        If a number is out of range.

    Notes
    -----
    Assumption: where a header cuts a payload within one pulse's slot, that pulse is lost with the share of its slot
    that is cut, so that on average the payload kept is that of Eq. 2.
    """
    rng = np.random.default_rng([seed, 1])
    delivered = np.asarray(frames["fate"]) == "DELIVERED"
    eta, c, a, b = (np.where(delivered, np.asarray(frames[name]), 0.0) for name in ("eta", "c", "a", "b"))
    way = QubitChannel(eta=eta, c=c, a=a, b=b)
    left = np.where(delivered, np.asarray(frames["payload_kept"]), 0.0) * scenario.source.n_qubits
    if scenario.path.layout == "sender":
        return sample_bb84(way, _rounded(rng, left), Receiver.of(scenario, p_z=p_z), seed=seed)
    first, second = (QubitChannel(eta=eta[i::2], c=c[i::2], a=a[i::2], b=b[i::2]) for i in (0, 1))
    # The first pulses of both halves are cut, so as many pairs are left as of the half that lost more.
    pairs = _rounded(rng, np.minimum(left[0::2], left[1::2]))
    return sample_epr(first, second, pairs, eta_detector=scenario.detector.eta_detector, seed=seed)


def _ends(
    rng: np.random.Generator, n_drawn: npt.NDArray[np.int64], chances: list[Any], names: tuple[str, ...]
) -> dict[str, npt.NDArray[np.int64]]:
    """Multinomial counts per frame of how pulses end; what is left of the chance is no click at all."""
    columns = np.stack([np.broadcast_to(chance, n_drawn.shape) for chance in chances], axis=-1).clip(0, 1)
    none = (1 - columns.sum(axis=-1, keepdims=True)).clip(0, 1)
    drawn = rng.multinomial(n_drawn, np.concatenate([columns, none], axis=-1))
    return {name: drawn[..., i] for i, name in enumerate(names)}


def _flipped(p: ArrayLike, error: ArrayLike) -> Array:
    """Chance that exactly one of two independent flips happens."""
    first, second = np.asarray(p, dtype=np.float64), np.asarray(error, dtype=np.float64)
    return np.asarray(first + second - 2 * first * second)


def _rounded(rng: np.random.Generator, expected: Array) -> npt.NDArray[np.int64]:
    """Whole numbers that are ``expected`` on average. [1]"""
    whole = np.floor(expected)
    return np.asarray(whole + (rng.random(expected.shape) < expected - whole), dtype=np.int64)


def _whole(name: str, values: ArrayLike) -> npt.NDArray[np.int64]:
    numbers = np.atleast_1d(in_range(name, values, 0.0, 2.0**62))
    if np.any(numbers != np.floor(numbers)):
        raise ValueError(f"{name} = {numbers[numbers != np.floor(numbers)][0]:g} must be a whole number")
    return numbers.astype(np.int64)
