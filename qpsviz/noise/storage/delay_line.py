"""Fibre of a chosen length, in which light is lost."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from qpsviz.noise.channel import QubitChannel
from qpsviz.noise.elements import loss
from qpsviz.noise.storage.base import Kind, Rates, Storage
from qpsviz.units import SPEED_IN_FIBRE_KM_PER_US, SPEED_IN_VACUUM_KM_PER_US, Array, ArrayLike, in_range

_PURE_SILICA_GROUP_INDEX = 1.462
_HOLLOW_CORE_KM_PER_US = 0.2997


@dataclass(frozen=True, kw_only=True)
class DelayLine(Storage):
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

    @property
    def rates(self) -> Rates:
        """Light alone. [1/us]"""
        return Rates(light_per_us=self.loss_db_per_us * (math.log(10.0) / 10.0))

    def kept_us(self, dwell_us: ArrayLike) -> Array:
        """The dwell itself: the line is as long as needed. [us]"""
        return in_range("dwell_us", dwell_us, 0.0)

    def loss_db(self, dwell_us: ArrayLike) -> Array:
        """Loss of the length that takes so long. [dB]"""
        return np.asarray(self.loss_db_per_us * in_range("dwell_us", dwell_us, 0.0))

    def hold(self, dwell_us: ArrayLike) -> tuple[Array, QubitChannel]:
        """The dwell, and the loss of that length. [us], [1]"""
        return self.kept_us(dwell_us), loss(self.loss_db(dwell_us))

    def card(self, dwell_us: float) -> str:
        """The price of waiting, and what this wait costs. [us]"""
        return f"{float(self.loss_db_per_us):.3f} dB/µs · {self.waiting_text(dwell_us)}"


ULTRA_LOW_LOSS = DelayLine(
    loss_db_per_km=0.16,
    speed_km_per_us=SPEED_IN_VACUUM_KM_PER_US / _PURE_SILICA_GROUP_INDEX,
    label="ultra-low-loss loop",
    source="ITU-T G.654 pure-silica core, group index 1.462",
)
HOLLOW_CORE = DelayLine(
    loss_db_per_km=0.091,
    speed_km_per_us=_HOLLOW_CORE_KM_PER_US,
    label="hollow-core loop",
    source="Petrovich et al., Nature Photonics (2025), doi:10.1038/s41566-025-01747-5",
)

KINDS = (
    Kind(word="delay_line", text="fibre delay line", type=DelayLine, make=lambda _: DelayLine()),
    Kind(word="ultra_low_loss", text="ultra-low-loss fibre", type=DelayLine, make=lambda _: ULTRA_LOW_LOSS),
    Kind(word="hollow_core", text="hollow-core fibre", type=DelayLine, make=lambda _: HOLLOW_CORE),
)
