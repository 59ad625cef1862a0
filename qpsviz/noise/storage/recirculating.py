"""A loop of fibre that releases after whole turns."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from qpsviz.noise.channel import QubitChannel
from qpsviz.noise.elements import loss
from qpsviz.noise.storage.base import Kind, Rates, Storage
from qpsviz.noise.storage.delay_line import DelayLine
from qpsviz.units import Array, ArrayLike, in_range, quantity, time_text
from qpsviz.units.times import is_after, whole_steps


@dataclass(frozen=True, kw_only=True)
class RecirculatingLoop(Storage):
    """A loop of fixed length behind a switch: a payload stays for whole turns and pays for each.

    Parameters
    ----------
    turn_us : array_like
        Time of one turn, above 0. [us]
    turn_loss_db : array_like
        Loss of the switch that keeps the light in, per turn. [dB]
    line : DelayLine
        The fibre of the loop.

    Raises
    ------
    ValueError
        If a number is out of range.

    Notes
    -----
    turns = ceil(dwell / turn), loss = turns (switch + alpha v turn). Assumption: no turn, no loss: a payload that
    need not wait passes by.

    Examples
    --------
    >>> loop = RecirculatingLoop(turn_us=10.0, turn_loss_db=1.0)
    >>> loop.kept_us([0.0, 10.0, 10.5, 125.0]).tolist()
    [0.0, 10.0, 20.0, 130.0]
    """

    turn_us: ArrayLike
    turn_loss_db: ArrayLike
    line: DelayLine = field(default_factory=DelayLine)

    label: str = field(default="recirculating loop", init=False)
    claim: str = field(default="ours", init=False)
    source: str = field(
        default="the paper names delay lines; one piezo or 2x2 switch and the loop's fibre per turn", init=False
    )
    needs: ClassVar[tuple[str, ...]] = ("turn_us", "turn_loss_db")

    def __post_init__(self) -> None:
        in_range("turn_us", self.turn_us, 1e-6)
        in_range("turn_loss_db", self.turn_loss_db, 0.0)

    @property
    def rates(self) -> Rates:
        """Light alone, by whole turns. [1/us]"""
        per_turn_db = np.asarray(self.turn_loss_db) + self.line.loss_db(self.turn_us)
        return Rates(light_per_us=per_turn_db * (math.log(10.0) / 10.0) / np.asarray(self.turn_us))

    @property
    def step_us(self) -> ArrayLike:
        """One turn. [us]"""
        return self.turn_us

    @property
    def period_us(self) -> float:
        """One turn. [us]"""
        return float(self.turn_us)  # type: ignore[arg-type]

    def turns(self, dwell_us: ArrayLike) -> Array:
        """Fewest whole turns that last at least ``dwell_us``. [1]"""
        dwell, turn = in_range("dwell_us", dwell_us, 0.0), np.asarray(self.turn_us, dtype=np.float64)
        n = np.ceil(dwell / turn)
        return np.where((n > 0) & ~is_after(dwell, (n - 1) * turn), n - 1, n)

    def kept_us(self, dwell_us: ArrayLike) -> Array:
        """The dwell rounded up to whole turns. [us]"""
        return np.multiply(self.turns(dwell_us), self.turn_us)

    def loss_db(self, dwell_us: ArrayLike) -> Array:
        """Loss of the switch and the fibre in every turn. [dB]"""
        per_turn = np.asarray(self.turn_loss_db) + self.line.loss_db(self.turn_us)
        return np.asarray(self.turns(dwell_us) * per_turn)

    def hold(self, dwell_us: ArrayLike) -> tuple[Array, QubitChannel]:
        """Whole turns, and their loss. [us], [1]"""
        return self.kept_us(dwell_us), loss(self.loss_db(dwell_us))

    def card(self, dwell_us: float) -> str:
        """The price of a turn, and what this wait costs. [us]"""
        turn = quantity(float(self.loss_db(self.turn_us)), "dB")
        return f"{turn} per {time_text(self.turn_us)} · {self.waiting_text(dwell_us)}"


def whole_turns_us(dwell_us: float, turn_us: float, from_us: float) -> float:
    """:meth:`RecirculatingLoop.kept_us` for one frame, free of NumPy for the event engine; ``turn_us = 0`` is no loop.

    Parameters
    ----------
    dwell_us : float
        How long the payload must wait. [us]
    turn_us : float
        Time of one turn; 0 for a storage that releases at any moment. [us]
    from_us : float
        When the wait began on the clock that the dwell was found from. [us]

    Returns
    -------
    float
        The dwell, rounded up to whole turns. [us]

    Examples
    --------
    >>> whole_turns_us(125.0, 10.0, 0.0), whole_turns_us(125.0, 0.0, 0.0)
    (130.0, 125.0)
    """
    if turn_us <= 0.0:
        return dwell_us
    return whole_steps(dwell_us, turn_us, from_us) * turn_us


KINDS = (
    Kind(
        word="recirculating",
        text="recirculating loop",
        type=RecirculatingLoop,
        make=lambda v: RecirculatingLoop(turn_us=v.turn_us, turn_loss_db=v.turn_loss_db),
    ),
)
