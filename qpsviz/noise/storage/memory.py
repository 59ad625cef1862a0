"""A memory in which qubits decohere."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from qpsviz.noise.channel import QubitChannel
from qpsviz.noise.elements import MEMORY_MODELS, check_t1_t2, memory
from qpsviz.noise.storage.base import Kind, Rates, Storage
from qpsviz.units import Array, ArrayLike, in_range, time_text
from qpsviz.units.checks import one_of


@dataclass(frozen=True, kw_only=True)
class T1T2Memory(Storage):
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

    label: str = field(default="T₁/T₂ memory", init=False)
    claim: str = field(default="paper", init=False)
    source: str = field(default="Section IV.B", init=False)
    decoheres: ClassVar[bool] = True
    needs: ClassVar[tuple[str, ...]] = ("t1_us", "t2_us", "memory_model")

    def __post_init__(self) -> None:
        check_t1_t2(in_range("t1_us", self.t1_us, 0.0), in_range("t2_us", self.t2_us, 0.0))
        one_of("memory_model", self.model, MEMORY_MODELS)

    @property
    def rates(self) -> Rates:
        """Phase and excitation. [1/us]"""
        with np.errstate(divide="ignore"):
            phase, excitation = np.divide(1.0, self.t2_us), np.divide(1.0, self.t1_us)
        return Rates(0.0, phase, excitation, p_ground=1.0 if self.model == "t1t2" else 0.5)

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

    def card(self, dwell_us: float) -> str:
        """Both times. [us]"""
        t1, t2 = time_text(self.t1_us), time_text(self.t2_us)
        return f"T₁ = T₂ = {t1}" if t1 == t2 else f"T₁ {t1}, T₂ {t2}"


KINDS = (
    Kind(
        word="t1t2",
        text="T₁ and T₂",
        type=T1T2Memory,
        make=lambda v: T1T2Memory(t1_us=v.t1_us, t2_us=v.t2_us, model=v.memory_model),
    ),
)
