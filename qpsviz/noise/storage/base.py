"""What every storage can tell, and how one is offered as a choice."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, NamedTuple, Protocol

from qpsviz.noise.channel import QubitChannel
from qpsviz.units import Array, ArrayLike, decibel


class Rates(NamedTuple):
    """How fast what waits fades: light, phase and excitation go as exp(-rate t); as arrays, or 0.

    ``p_ground`` is the chance that a lost excitation ends in |0>: 1, or 1/2 where either state is as likely.
    """

    light_per_us: ArrayLike = 0.0
    phase_per_us: ArrayLike = 0.0
    excitation_per_us: ArrayLike = 0.0
    p_ground: float = 1.0


class Storage(ABC):
    """Anything a payload can wait in. A new one is a module of this room with a subclass and its ``KINDS``.

    Attributes
    ----------
    label : str
        Name for a picture.
    claim : str
        Whose number it is: ``"paper"``, ``"standard"`` or ``"ours"``.
    source : str
        Where the number comes from.
    decoheres : bool
        Whether a qubit that waits in it loses its state.
    needs : tuple of str
        Parameters of a scenario that it depends on.
    """

    label: str
    claim: str
    source: str
    decoheres: ClassVar[bool] = False
    needs: ClassVar[tuple[str, ...]] = ()

    @property
    @abstractmethod
    def rates(self) -> Rates:
        """How fast a qubit fades in it, over the time that it really stays. [1/us]"""

    @property
    def step_us(self) -> ArrayLike:
        """:attr:`period_us`, of arrays too. [us]"""
        return 0.0

    @property
    def period_us(self) -> float:
        """Time between two moments of release; 0 for one that releases at any moment. [us]"""
        return 0.0

    @abstractmethod
    def kept_us(self, dwell_us: ArrayLike) -> Array:
        """How long a payload really stays when asked to stay for ``dwell_us``; never shorter. [us]"""

    @abstractmethod
    def loss_db(self, dwell_us: ArrayLike) -> Array:
        """Light erased while it stays. [dB]"""

    @abstractmethod
    def hold(self, dwell_us: ArrayLike) -> tuple[Array, QubitChannel]:
        """How long it really stays, and what that does to a qubit. [us], [1]"""

    @abstractmethod
    def card(self, dwell_us: float) -> str:
        """What waiting costs, in a few words. [us]"""

    def waiting_text(self, dwell_us: float) -> str:
        """What this wait costs, in a few words. [us]"""
        return f"{decibel(float(self.loss_db(dwell_us)))} here" if dwell_us else "no wait here"


class Parameters(Protocol):
    """What a storage may depend on, of all parameter values of a scenario; numbers or arrays."""

    @property
    def storage(self) -> str:
        """Word of the kind."""

    @property
    def t1_us(self) -> ArrayLike:
        """Relaxation time. [us]"""

    @property
    def t2_us(self) -> ArrayLike:
        """Dephasing time. [us]"""

    @property
    def memory_model(self) -> str:
        """As in :func:`qpsviz.noise.memory`."""

    @property
    def turn_us(self) -> ArrayLike:
        """Time of one turn of a loop. [us]"""

    @property
    def turn_loss_db(self) -> ArrayLike:
        """Loss of one turn beside its fibre. [dB]"""


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A choice of the parameter ``storage``: its word, its text on a page, and what makes it from a scenario."""

    word: str
    text: str
    type: type[Storage]
    make: Callable[[Parameters], Storage]
