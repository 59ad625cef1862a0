"""The phase-covariant qubit channel: four numbers that compose in closed form."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from qpsviz.units import Array, ArrayLike


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, init=False)
class QubitChannel:
    """What a stretch of the path does to a qubit's Bloch vector and to its survival.

    The Bloch vector goes ``x, y -> c (x, y)`` and ``z -> a z + b``; the photon is still there with
    probability ``eta``. The four numbers may be arrays of any broadcastable shapes.

    Parameters
    ----------
    eta : array_like
        Probability that the photon survives. [1]
    c : array_like
        Factor on the equatorial Bloch components. [1]
    a : array_like
        Factor on the z component. [1]
    b : array_like
        Shift of the z component (towards the ground state |0>). [1]
    p_up, p_down, p_phase : array_like, optional
        Chances that |0> is read as |1>, |1> as |0>, and |+> as |->; taken from c, a and b when left out. [1]

    Notes
    -----
    First (eta1, c1, a1, b1), then (eta2, c2, a2, b2) is ``eta1 eta2, c1 c2, a1 a2, a2 b1 + b2``: the noises
    of the paper (Eq. 4 depolarising, T1/T2 memory, loss) are all of this form and closed under composition.
    ``p_up = (1 - a - b)/2``, ``p_down = (1 - a + b)/2`` and ``p_phase = (1 - c)/2`` say nothing new, but these
    differences lose their digits where noise is weak. They are carried along as sums of positive terms instead, such as
    ``p_up = a2 p_up1 + p_up2``, so that error rates and concurrence are good to the last digits.

    Examples
    --------
    >>> from qpsviz.noise import loss, memory
    >>> stored = loss(3.0).then(memory(50.0, t1_us=500.0, t2_us=500.0))
    >>> round(float(stored.eta), 4), round(float(stored.c), 4), round(float(stored.b), 4)
    (0.5012, 0.9048, 0.0952)
    """

    eta: Array
    c: Array
    a: Array
    b: Array
    p_up: Array
    p_down: Array
    p_phase: Array

    def __init__(
        self,
        *,
        eta: ArrayLike,
        c: ArrayLike,
        a: ArrayLike,
        b: ArrayLike,
        p_up: ArrayLike | None = None,
        p_down: ArrayLike | None = None,
        p_phase: ArrayLike | None = None,
    ) -> None:
        keep, array = object.__setattr__, np.asarray
        keep(self, "eta", array(eta, dtype=np.float64))
        keep(self, "c", array(c, dtype=np.float64))
        keep(self, "a", array(a, dtype=np.float64))
        keep(self, "b", array(b, dtype=np.float64))
        if p_up is None:
            p_up = np.maximum(0.0, (1 - self.a - self.b) / 2)
        if p_down is None:
            p_down = np.maximum(0.0, (1 - self.a + self.b) / 2)
        keep(self, "p_up", array(p_up, dtype=np.float64))
        keep(self, "p_down", array(p_down, dtype=np.float64))
        keep(self, "p_phase", array((1 - self.c) / 2 if p_phase is None else p_phase, dtype=np.float64))

    @classmethod
    def identity(cls) -> QubitChannel:
        """Nothing happens: eta = c = a = 1, b = 0. [1]"""
        return cls(eta=1.0, c=1.0, a=1.0, b=0.0, p_up=0.0, p_down=0.0, p_phase=0.0)

    def then(self, other: QubitChannel) -> QubitChannel:
        """The channel of this one followed by ``other`` (shapes broadcast)."""
        return QubitChannel(
            eta=self.eta * other.eta,
            c=self.c * other.c,
            a=self.a * other.a,
            b=other.a * self.b + other.b,
            p_up=other.a * self.p_up + other.p_up,
            p_down=other.a * self.p_down + other.p_down,
            p_phase=other.c * self.p_phase + other.p_phase,
        )

    def where(self, condition: ArrayLike, other: QubitChannel) -> QubitChannel:
        """This channel where ``condition`` holds, ``other`` elsewhere."""
        return QubitChannel(
            eta=np.where(condition, self.eta, other.eta),
            c=np.where(condition, self.c, other.c),
            a=np.where(condition, self.a, other.a),
            b=np.where(condition, self.b, other.b),
            p_up=np.where(condition, self.p_up, other.p_up),
            p_down=np.where(condition, self.p_down, other.p_down),
            p_phase=np.where(condition, self.p_phase, other.p_phase),
        )

    @classmethod
    def chain(cls, channels: Iterable[QubitChannel]) -> QubitChannel:
        """All ``channels``, in the order in which the qubit meets them."""
        total = cls.identity()
        for channel in channels:
            total = total.then(channel)
        return total

    @property
    def shape(self) -> tuple[int, ...]:
        """Broadcast shape of the four numbers."""
        return np.broadcast_shapes(self.eta.shape, self.c.shape, self.a.shape, self.b.shape)

    def bloch(self, x: ArrayLike, y: ArrayLike, z: ArrayLike) -> tuple[Array, Array, Array]:
        """Bloch vector of an arrived photon that was sent as (x, y, z). [1]"""
        return (
            self.c * np.asarray(x, dtype=np.float64),
            self.c * np.asarray(y, dtype=np.float64),
            self.a * np.asarray(z, dtype=np.float64) + self.b,
        )
