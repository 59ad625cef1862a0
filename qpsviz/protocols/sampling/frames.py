"""What the users at the ends of a simulated line measure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np

from qpsviz.noise import QubitChannel
from qpsviz.protocols.decoy import Link, Security, best_block
from qpsviz.protocols.sampling.bb84 import Bb84Session, Receiver, sample_bb84
from qpsviz.protocols.sampling.counts import Counts, rounded
from qpsviz.protocols.sampling.decoy import DecoySession, link_of, sample_decoy
from qpsviz.protocols.sampling.epr import EprSession, sample_epr
from qpsviz.scenario import Scenario
from qpsviz.scenario.layout import Layout
from qpsviz.switch.relay import Relay, kept_half
from qpsviz.units import Column, Mask


@dataclass(frozen=True, kw_only=True)
class PhotonSample:
    """Sessions over the same frames; a split source sends no key, so ``bb84`` and ``decoy`` are None there."""

    bb84: Bb84Session | None
    epr: EprSession
    draw_decoy: Callable[[], DecoySession] | None = None

    @cached_property
    def decoy(self) -> DecoySession | None:
        """Weak coherent pulses with two decoys in place of single photons, drawn when first asked for.

        Intensities, their shares and the basis are those that make the longest key of the scenario's block.
        """
        return None if self.draw_decoy is None else self.draw_decoy()


def sample_frames(scenario: Scenario, frames: Mapping[str, Column], *, p_z: float = 0.5, seed: int) -> PhotonSample:
    """Photons for the frames of a run: a key and measured pairs.

    Parameters
    ----------
    scenario : Scenario
        The scenario that was simulated.
    frames : mapping of str to ndarray
        Columns ``payload_kept``, ``fidelity``, ``delay_us``, ``eta``, ``c``, ``a``, ``b`` of a run, NaN where nothing
        was delivered; the two halves of a split pair stand in turn. ``raman_per_gate``, where there is classical light.
    p_z : float
        Chance with which each user of BB84 chooses Z. [1]
    seed : int
        Equal seeds give equal counts.

    Returns
    -------
    PhotonSample
        Counts for every frame, zero where nothing was delivered. [1]

    Raises
    ------
    ValueError
        If a number is out of range.

    Notes
    -----
    Assumption: where a header cuts a payload within one pulse's slot, that pulse is lost with the share of its slot
    is cut, so that on average the payload kept is that of Eq. 2.

    Where delivered frames met different channels, as those that queue or take different paths, their photons share the
    luck of their frames: estimates then have no interval (``lo`` and ``hi`` are not a number). The run's own
    ``fidelity_low`` and ``fidelity_high`` come from whole sessions.
    """
    rng = np.random.default_rng([seed, 1])
    whole = np.isfinite(np.asarray(frames["fidelity"]))
    numbers = {name: np.where(whole, np.asarray(frames[name]), 0.0) for name in ("eta", "c", "a", "b")}
    left = np.where(whole, np.asarray(frames["payload_kept"]), 0.0) * scenario.source.n_qubits
    eta_detector = Receiver.of(scenario).eta_detector
    if not Layout(scenario.path.layout).keeps_half:
        first, second = (QubitChannel(**{name: column[i::2] for name, column in numbers.items()}) for i in (0, 1))
        # Each half loses its first pulses, so as many pairs are left as of the half that lost more.
        pairs = rounded(rng, np.minimum(left[0::2], left[1::2]))
        epr = sample_epr(first, second, pairs, eta_detector=eta_detector, seed=seed)
        epr.knows_spread = all(_are_alike({n: c[i::2] for n, c in frames.items()}, whole[i::2]) for i in (0, 1))
        return PhotonSample(bb84=None, epr=epr)
    knows = _are_alike(frames, whole)
    channel, pulses = QubitChannel(**numbers), rounded(rng, left)
    kept_us = np.where(whole, np.asarray(frames["delay_us"]), 0.0)
    kept = kept_half(Relay.of(scenario.values()), kept_us, decays=scenario.path.partner_noise)
    n_stray = np.where(whole, frames["raman_per_gate"], 0.0) if "raman_per_gate" in frames else 0.0
    bb84 = sample_bb84(
        channel, pulses, Receiver.of(scenario, p_z=p_z, n_stray=n_stray, eta_path=channel.eta), seed=seed
    )
    epr = sample_epr(channel, kept, pulses, eta_detector=eta_detector, seed=seed)
    bb84.knows_spread = epr.knows_spread = knows
    end = Receiver.of(scenario, n_stray=n_stray, eta_path=channel.eta)
    sent = max(1, whole.size * scenario.source.n_qubits)
    return PhotonSample(bb84=bb84, epr=epr, draw_decoy=partial(
        _decoy, scenario, channel, pulses, end, n_block=scenario.detector.n_block_pulses * pulses.sum() / sent,
        knows_spread=knows, seed=seed,
    ))  # fmt: skip


def _decoy(
    scenario: Scenario, channel: QubitChannel, pulses: Counts, receiver: Receiver, *, n_block: float,
    knows_spread: bool, seed: int,
) -> DecoySession:  # fmt: skip
    """A session of decoy states over frames, with the best settings for those that arrived."""
    d, arrived = scenario.detector, pulses > 0
    columns = [np.broadcast_to(column, pulses.shape) for column in link_of(channel, receiver).columns]
    link = Link.from_columns(np.asarray(np.mean(c[arrived]) if np.any(arrived) else 0.0) for c in columns)
    security = Security.of(p_insecure=d.p_insecure, p_incorrect=d.p_incorrect, ec_inefficiency=d.ec_inefficiency)
    settings = best_block(link, n_block=max(1.0, n_block), security=security).settings
    session = sample_decoy(channel, pulses, receiver, settings, seed=seed)
    session.knows_spread = knows_spread
    return session


def _are_alike(frames: Mapping[str, Column], whole: Mask) -> bool:
    """Whether all delivered frames met the same channel, and the same stray light."""
    names = ("eta", "c", "a", "b", "delay_us", "raman_per_gate")
    found = (np.asarray(frames[name])[whole] for name in names if name in frames)
    return all(not column.size or bool(np.ptp(column) <= 1e-9 * np.max(np.abs(column))) for column in found)
