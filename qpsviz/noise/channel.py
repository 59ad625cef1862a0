"""The phase-covariant qubit channel: four numbers that compose in closed form."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

import numpy as np

from qpsviz.units import Array, ArrayLike

Flips = tuple[Array, Array, Array]
"""Chances that |0> is read as |1>, |1> as |0>, and |+> as |->. [1]"""


def _given_flips(
    c: Array, a: Array, b: Array, p_up: ArrayLike | None, p_down: ArrayLike | None, p_phase: ArrayLike | None
) -> Flips:
    """The chances of a wrong reading as they were given, or from c, a and b. [1]"""
    if p_up is None:
        p_up = np.maximum(0.0, (1 - a - b) / 2)
    if p_down is None:
        p_down = np.maximum(0.0, (1 - a + b) / 2)
    if p_phase is None:
        p_phase = (1 - c) / 2
    return (
        np.asarray(p_up, dtype=np.float64),
        np.asarray(p_down, dtype=np.float64),
        np.asarray(p_phase, dtype=np.float64),
    )


_MOST_PENDING = 32  # steps of which the chances are not worked out yet, and whose arrays are kept for it


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
    differences lose their digits where noise is weak. They are worked out, when asked for, as sums of positive terms
    instead, such as ``p_up = a2 p_up1 + p_up2``, so that error rates and concurrence are good to the last digits.

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
    _flips: Flips | Callable[[], Flips]
    _n_pending: int

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
        keep(self, "_n_pending", 0)
        # No reference to this channel: a circle would keep its arrays until the garbage collector comes by.
        keep(self, "_flips", partial(_given_flips, self.c, self.a, self.b, p_up, p_down, p_phase))

    @classmethod
    def _of(
        cls, eta: Array, c: Array, a: Array, b: Array, flips: Callable[[], Flips], *, n_pending: int
    ) -> QubitChannel:  # fmt: skip
        """A channel whose chances of a wrong reading are worked out when they are asked for. [1]"""
        made, keep = object.__new__(cls), object.__setattr__
        for name, value in (("eta", eta), ("c", c), ("a", a), ("b", b), ("_flips", flips)):
            keep(made, name, value)
        keep(made, "_n_pending", n_pending)
        if n_pending > _MOST_PENDING:
            made._found_flips()
        return made

    def _found_flips(self) -> Flips:
        found = self._flips
        if not isinstance(found, tuple):
            found = found()
            object.__setattr__(self, "_flips", found)
            object.__setattr__(self, "_n_pending", 0)
        return found

    @property
    def p_up(self) -> Array:
        """Chance that |0> is read as |1>. [1]"""
        return self._found_flips()[0]

    @property
    def p_down(self) -> Array:
        """Chance that |1> is read as |0>. [1]"""
        return self._found_flips()[1]

    @property
    def p_phase(self) -> Array:
        """Chance that |+> is read as |->. [1]"""
        return self._found_flips()[2]

    @classmethod
    def identity(cls) -> QubitChannel:
        """Nothing happens: eta = c = a = 1, b = 0. [1]"""
        return cls(eta=1.0, c=1.0, a=1.0, b=0.0, p_up=0.0, p_down=0.0, p_phase=0.0)

    def then(self, other: QubitChannel) -> QubitChannel:
        """The channel of this one followed by ``other`` (shapes broadcast)."""

        def flips() -> Flips:
            (up, down, phase), (more_up, more_down, more_phase) = self._found_flips(), other._found_flips()
            return (
                np.asarray(other.a * up + more_up),
                np.asarray(other.a * down + more_down),
                np.asarray(other.c * phase + more_phase),
            )

        return self._of(
            np.asarray(self.eta * other.eta),
            np.asarray(self.c * other.c),
            np.asarray(self.a * other.a),
            np.asarray(other.a * self.b + other.b),
            flips,
            n_pending=max(self._n_pending, other._n_pending) + 1,
        )

    def where(self, condition: ArrayLike, other: QubitChannel) -> QubitChannel:
        """This channel where ``condition`` holds, ``other`` elsewhere."""

        def flips() -> Flips:
            mine, its = self._found_flips(), other._found_flips()
            up, down, phase = (np.where(condition, *both) for both in zip(mine, its, strict=True))
            return up, down, phase

        return self._of(
            np.where(condition, self.eta, other.eta),
            np.where(condition, self.c, other.c),
            np.where(condition, self.a, other.a),
            np.where(condition, self.b, other.b),
            flips,
            n_pending=max(self._n_pending, other._n_pending) + 1,
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
