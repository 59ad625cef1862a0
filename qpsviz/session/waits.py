"""What the read-out tiles say of waits for busy ports: how their numbers were found, and what they leave out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from qpsviz.closed_form.drawn_path import draws_of
from qpsviz.closed_form.path import RelayPath
from qpsviz.closed_form.sweep import quantities_of
from qpsviz.scenario import Scenario
from qpsviz.switch.total_wait import p_within
from qpsviz.units import quantity

if TYPE_CHECKING:
    from qpsviz.session.protocol.values import Tile

OFTEN = 0.01
"""Chance of a wait that is longer than the gap between frames, above which tiles say that frames meet each other."""

_HARDLY_EVER = 1e-9  # chance that a port is ever free
_OF_SINGLE_PATH = ("key_rate", "reach_km", "qber_z", "key_rate_finite")
_WITHOUT_QUEUE = ("key_rate", "fidelity", "retention", "delay_us")


@dataclass(frozen=True, kw_only=True)
class Waits:
    """How the stored frames of a scenario wait for busy ports.

    Parameters
    ----------
    arm, single : RelayPath
        The path of one travelling half, and that of a key.
    gap_us : float
        From the end of one payload to the start of the next. [us]
    """

    arm: RelayPath
    single: RelayPath
    gap_us: float

    @classmethod
    def of(cls, scenario: Scenario) -> Waits:
        """Those of a scenario."""
        quantities, gap_us = quantities_of(scenario), scenario.source.frame_gap_us + scenario.switch.guard_us
        is_alone = scenario.source.n_frames == 1
        return cls(
            arm=quantities.arm, single=quantities.single_path, gap_us=float("inf") if is_alone else gap_us
        )  # fmt: skip

    @property
    def are_endless(self) -> bool:
        """Whether no port is ever free."""
        return self.arm.port is not None and bool(np.all(self.arm.port.p_ever < _HARDLY_EVER))

    @property
    def stored_text(self) -> str:
        """What is added to a time in memories."""
        return "" if self.arm.port is None or self.are_endless or self.p_meets > OFTEN else " on average"

    @property
    def p_meets(self) -> float:
        """Chance that a frame waits at a port for longer than the gap to the one behind it. [1]"""
        if self.arm.port is None or self.are_endless:
            return 0.0
        gap = self.gap_us / float(self.arm.payload_us)
        return 1 - float(p_within(gap, n_waits=1, p_free=float(np.asarray(self.arm.values.p_free))))

    def tell(self, name: str, tile: Tile) -> None:
        """Add to a tile how its number was found, what it assumes, and what it leaves out."""
        if self.arm.port is None or self.are_endless or name not in (*_OF_SINGLE_PATH, *_WITHOUT_QUEUE):
            return
        path = self.single if name in _OF_SINGLE_PATH else self.arm
        texts = []
        if np.any(path.is_drawn) if name == "retention" else path.drawn is not None:
            tile["how"] = "drawn"
            texts.append(
                f"A mean over {draws_of(path.relay)} drawn waits, right to a few per cent of what waits change."
            )
        texts.append("Assumption: waits are those behind other traffic that comes at random, at each relay anew.")
        if self.p_meets > OFTEN and self._counts_queue(name):
            tile["note"] += " · own queue extra"
            texts.append(
                f"The gap of {quantity(self.gap_us, 'us')} is so short that frames of this session also wait for each "
                "other: only the run has that."
            )
        tile["tip"] = " ".join(texts)

    def _counts_queue(self, name: str) -> bool:
        """Whether more waiting would change the number."""
        return name in _WITHOUT_QUEUE and (name != "retention" or bool(np.any(self.arm.decides)))
