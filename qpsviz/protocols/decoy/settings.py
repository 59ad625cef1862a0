"""What the sender of decoy states chooses, as five free numbers, and the choice that makes the longest key."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from qpsviz.protocols.decoy.block import Block
from qpsviz.protocols.decoy.bounds import Intensities
from qpsviz.protocols.decoy.finite_key import BlockKey, Security, key_of_expected
from qpsviz.protocols.decoy.maximum import maximise
from qpsviz.protocols.decoy.pulses import Link, clicks
from qpsviz.units import Array, Column, Mask
from qpsviz.units.checks import one_of

NEAR_VACUUM = 2e-4  # mean photons of the weakest pulse: what a modulator lets through, Lim et al. (2014)
BlockOf = Literal["sent", "sifted"]
BLOCKS_OF: tuple[BlockOf, ...] = ("sent", "sifted")

# Where the climbs may begin: signal, decoy, shares of both, bias of the basis.
_GRID = np.array([
    (mu1, mu2, p1, p2, q)
    for mu1 in (0.45, 0.65)
    for mu2 in (0.05, 0.15, 0.3)
    for p1, p2 in ((0.25, 0.5), (0.55, 0.3), (0.9, 0.07))
    for q in (0.5, 0.75, 0.9, 0.97, 0.995)
]).T  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Intensities with their shares, and the chance that either side picks the basis of the key. [1]"""

    intensities: Intensities
    p_key_basis: Array

    @classmethod
    def at(cls, x: Array) -> Settings:
        """Settings at five free numbers x, any of which is allowed; the inverse of :meth:`place`."""
        span, odds, signals, decoys, bias = np.exp(x)
        mu2 = NEAR_VACUUM + span * odds / (1 + odds)
        rest = 1 / (1 + signals + decoys)
        return cls(
            intensities=Intensities(
                n_photons=np.stack([2 * NEAR_VACUUM + span, mu2, np.full_like(mu2, NEAR_VACUUM)]),
                p_sent=np.stack([rest * signals, rest * decoys, rest]),
            ),
            p_key_basis=bias / (1 + bias),
        )

    def place(self) -> Array:
        """Five free numbers that stand for these settings, along the first axis. [1]"""
        (mu1, mu2, mu3), (p1, p2, p3), q = self.intensities.n_photons, self.intensities.p_sent, self.p_key_basis
        return np.stack([
            np.log(mu1 - 2 * mu3), np.log((mu2 - mu3) / (mu1 - mu2 - mu3)), np.log(p1 / p3), np.log(p2 / p3),
            np.log(q / (1 - q)),
        ])  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Blocks to be filled over links: n of each, their arrays have shape (n,).

    ``n_block`` counts pulses sent, or clicks in the basis of the key, as ``block_of`` says.
    """

    link: Link
    security: Security
    n_block: Array
    block_of: BlockOf = "sent"

    def __post_init__(self) -> None:
        one_of("block_of", self.block_of, BLOCKS_OF)

    def chosen(self, columns: Column) -> Plan:
        """Some of the blocks, each with one more axis for several settings."""
        return Plan(
            link=Link.from_columns(np.asarray(column)[columns, None] for column in self.link.columns),
            security=Security(
                p_insecure=self.security.p_insecure[columns, None],
                p_incorrect=self.security.p_incorrect[columns, None],
                ec_inefficiency=self.security.ec_inefficiency[columns, None],
            ),
            n_block=self.n_block[columns, None],
            block_of=self.block_of,
        )  # fmt: skip

    def n_pulses(self, settings: Settings) -> Array:
        """Pulses that fill the blocks. [1]"""
        if self.block_of == "sent":
            return self.n_block
        sent = settings.intensities
        n = clicks(sent.n_photons, self.link, sent.p_sent)
        per_pulse = settings.p_key_basis**2 * np.sum(sent.p_sent * n, axis=0) * self.link.live(n, sent.p_sent)
        return np.asarray(self.n_block / np.where(per_pulse > 0, per_pulse, np.nan))

    def key(self, settings: Settings) -> tuple[BlockKey, Array]:
        """The keys that settings make of the blocks, and the pulses of each block. [1]"""
        n_pulses = self.n_pulses(settings)
        block = Block.expected(self.link, settings.intensities, p_key_basis=settings.p_key_basis, n_pulses=n_pulses)
        return key_of_expected(block, settings.intensities, self.security), n_pulses


def _worth(plan: Plan, settings: Settings) -> tuple[Array, Mask]:
    """What a choice is worth, and whether it counts on clicks without a photon.

    Bits per pulse, over the clicks of a half-photon pulse; where there is no key yet, missing bits per sifted click,
    so that a block too short is not best left empty.
    """
    with np.errstate(all="ignore"):
        key, n_pulses = plan.key(settings)
        rate = key.n_balance_bits / (n_pulses * clicks(0.5, plan.link))
        short = key.n_balance_bits / key.n_sifted
    worth = np.where(key.n_balance_bits > 0, rate, short)
    return np.where(np.isnan(worth), -np.inf, worth), np.broadcast_to(key.n_vacuum > 0, worth.shape)


def longest(plan: Plan) -> Settings:
    """Settings that make the longest key per pulse, for each block of a plan.

    Parameters
    ----------
    plan : Plan
        The blocks. [1]

    Returns
    -------
    Settings
        One for each block; where no settings make a key, those that lack the fewest bits per sifted click.

    Notes
    -----
    mu1, mu2, both shares and q_X are free, mu3 is 2e-4 as in Lim et al. (2014). The key is the greater of two smooth
    functions, one that counts on vacuum clicks and one that does not; a climb begins at the best place of a coarse
    grid in each.
    """
    n = len(plan.n_block)
    first = Settings(intensities=Intensities(
        n_photons=np.stack([_GRID[0], _GRID[1], np.full(_GRID.shape[1], NEAR_VACUUM)]),
        p_sent=np.stack([_GRID[2], _GRID[3], 1 - _GRID[2] - _GRID[3]]),
    ), p_key_basis=_GRID[4])  # fmt: skip
    places = first.place()
    worth, on_vacuum = _worth(plan.chosen(np.arange(n)), Settings.at(places[:, None, :]))
    starts = [np.argmax(np.where(side, worth, -np.inf), axis=1) for side in (on_vacuum, ~on_vacuum)]
    twice = np.tile(np.arange(n), 2)
    ends = maximise(
        lambda place, rows: _worth(plan.chosen(twice[rows]), Settings.at(place))[0], places[:, np.concatenate(starts)]
    )
    value = _worth(plan.chosen(twice), Settings.at(ends[:, :, None]))[0][:, 0]
    better = value[:n] >= value[n:]
    return Settings.at(np.where(better, ends[:, :n], ends[:, n:]))
