"""Where a payload waits inside a switch: a memory that decoheres, or fibre that erases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

import numpy as np

from qpsviz.errors import ParameterError, nearest
from qpsviz.noise import QubitChannel, loss, memory
from qpsviz.noise.elements import MEMORY_MODELS, check_t1_t2
from qpsviz.units import SPEED_IN_FIBRE_KM_PER_US, SPEED_IN_VACUUM_KM_PER_US, Array, ArrayLike, in_range
from qpsviz.units.times import is_after, whole_steps

_PURE_SILICA_GROUP_INDEX = 1.462
_HOLLOW_CORE_KM_PER_US = 0.2997


@runtime_checkable
class Storage(Protocol):
    """Anything a payload can wait in."""

    @property
    def label(self) -> str:
        """Name for a picture."""

    @property
    def claim(self) -> str:
        """Whose number it is: ``"paper"``, ``"standard"`` or ``"ours"``."""

    @property
    def source(self) -> str:
        """Where the number comes from."""

    def kept_us(self, dwell_us: ArrayLike) -> Array:
        """How long a payload really stays when asked to stay for ``dwell_us``; never shorter. [us]"""

    def loss_db(self, dwell_us: ArrayLike) -> Array:
        """Light erased while it stays. [dB]"""

    def hold(self, dwell_us: ArrayLike) -> tuple[Array, QubitChannel]:
        """How long it really stays, and what that does to a qubit. [us], [1]"""


@dataclass(frozen=True, kw_only=True)
class T1T2Memory:
    """A memory in which qubits decohere but are not lost.

    Parameters
    ----------
    t1_us, t2_us : array_like
        Relaxation and dephasing time, ``math.inf`` for none. [us]
    model : str
        As in :func:`qpsviz.noise.memory`.

    Raises
    ------
    ValueError
        If a time is negative, T2 exceeds 2 T1 or the model is unknown.

    Notes
    -----
    The storage of the paper's Section IV.B.
    """

    t1_us: ArrayLike
    t2_us: ArrayLike
    model: str = "t1t2"

    label = "T₁/T₂ memory"
    claim = "paper"
    source = "Section IV.B"

    def __post_init__(self) -> None:
        check_t1_t2(in_range("t1_us", self.t1_us, 0.0), in_range("t2_us", self.t2_us, 0.0))
        if self.model not in MEMORY_MODELS:
            raise ValueError(f"memory_model = {self.model!r} is not one of {', '.join(MEMORY_MODELS)}")

    def kept_us(self, dwell_us: ArrayLike) -> Array:
        """The dwell itself: such a memory releases at any moment. [us]"""
        return in_range("dwell_us", dwell_us, 0.0)

    def loss_db(self, dwell_us: ArrayLike) -> Array:
        """Nothing: it does not erase. [dB]"""
        return np.zeros_like(in_range("dwell_us", dwell_us, 0.0))

    def hold(self, dwell_us: ArrayLike) -> tuple[Array, QubitChannel]:
        """The dwell, and relaxation and dephasing for that long. [us], [1]"""
        kept = self.kept_us(dwell_us)
        return kept, memory(kept, t1_us=self.t1_us, t2_us=self.t2_us, model=self.model)


@dataclass(frozen=True, kw_only=True)
class DelayLine:
    """Fibre of a chosen length: light that waits is light that is lost.

    Parameters
    ----------
    loss_db_per_km : array_like
        Attenuation. [dB/km]
    speed_km_per_us : array_like
        Speed of light in it. [km/us]
    label, claim, source : str
        What it is, and whose numbers these are.

    Raises
    ------
    ValueError
        If a number is out of range.

    Notes
    -----
    loss = alpha v t. Assumption: a coil erases and nothing else; its spool is kept still, so the depolarising of
    a buried fibre (Eq. 4) is left out. Assumption: the device holds a bank of lengths, so any dwell can be had.

    Examples
    --------
    >>> round(float(DelayLine().loss_db(125.0)), 6)
    5.0
    """

    loss_db_per_km: ArrayLike = 0.20
    speed_km_per_us: ArrayLike = SPEED_IN_FIBRE_KM_PER_US
    label: str = "fibre delay line"
    claim: str = "standard"
    source: str = "ITU-T G.652 at 1550 nm"

    def __post_init__(self) -> None:
        in_range("loss_db_per_km", self.loss_db_per_km, 0.0)
        in_range("speed_km_per_us", self.speed_km_per_us, 1e-3, SPEED_IN_VACUUM_KM_PER_US)

    @property
    def loss_db_per_us(self) -> Array:
        """Price of waiting. [dB/us]"""
        return np.multiply(self.loss_db_per_km, self.speed_km_per_us)

    def kept_us(self, dwell_us: ArrayLike) -> Array:
        """The dwell itself: the line is as long as needed. [us]"""
        return in_range("dwell_us", dwell_us, 0.0)

    def loss_db(self, dwell_us: ArrayLike) -> Array:
        """Loss of the length that takes so long. [dB]"""
        return np.asarray(self.loss_db_per_us * in_range("dwell_us", dwell_us, 0.0))

    def hold(self, dwell_us: ArrayLike) -> tuple[Array, QubitChannel]:
        """The dwell, and the loss of that length. [us], [1]"""
        return self.kept_us(dwell_us), loss(self.loss_db(dwell_us))


@dataclass(frozen=True, kw_only=True)
class RecirculatingLoop:
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
    line: DelayLine = DelayLine()

    label = "recirculating loop"
    claim = "ours"
    source = "the paper names delay lines; one piezo or 2x2 switch and the loop's fibre per turn"

    def __post_init__(self) -> None:
        in_range("turn_us", self.turn_us, 1e-6)
        in_range("turn_loss_db", self.turn_loss_db, 0.0)

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


DELAY_LINES = {
    "delay_line": DelayLine(),
    "ultra_low_loss": DelayLine(
        loss_db_per_km=0.16,
        speed_km_per_us=SPEED_IN_VACUUM_KM_PER_US / _PURE_SILICA_GROUP_INDEX,
        label="ultra-low-loss loop",
        source="ITU-T G.654 pure-silica core, group index 1.462",
    ),
    "hollow_core": DelayLine(
        loss_db_per_km=0.091,
        speed_km_per_us=_HOLLOW_CORE_KM_PER_US,
        label="hollow-core loop",
        source="Petrovich et al., Nature Photonics (2025), doi:10.1038/s41566-025-01747-5",
    ),
}
STORAGES = ("t1t2", *DELAY_LINES, "recirculating")


def storage_of(values: Mapping[str, Any]) -> Storage:
    """The storage that flat parameter values describe.

    Parameters
    ----------
    values : mapping
        ``storage``, and whichever of ``t1_us``, ``t2_us``, ``memory_model``, ``turn_us``, ``turn_loss_db`` it needs.

    Returns
    -------
    Storage
        Of arrays, if the values are.

    Raises
    ------
    ValueError
        If the word is unknown or a number out of range.
    """
    name = values["storage"]
    if name == "t1t2":
        return T1T2Memory(t1_us=values["t1_us"], t2_us=values["t2_us"], model=values["memory_model"])
    if name == "recirculating":
        return RecirculatingLoop(turn_us=values["turn_us"], turn_loss_db=values["turn_loss_db"])
    if name not in DELAY_LINES:
        words = f"{', '.join(STORAGES)}{nearest(name, STORAGES)}"
        raise ParameterError("storage", f"storage = {name!r} must be one of {words}")
    return DELAY_LINES[name]
