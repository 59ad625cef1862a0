"""Entangled pairs that have travelled (paper, Section IV.B; Eq. 3)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from qpsviz.noise import QubitChannel
from qpsviz.units import Array, ArrayLike, in_unit_interval


@dataclass(frozen=True, kw_only=True)
class PairState:
    """The state of arrived pairs, as the means over their channels A and B that its measures depend on.

    The mean of a product is not the product of the means where both halves had a luck together, such as one wait.

    Parameters
    ----------
    c, a, b : ndarray
        Means of cA cB, of aA aB and of bA bB. [1]
    eta : ndarray
        Mean of etaA etaB, the chance that both halves arrive. [1]
    p_unequal : callable
        Chances of the bits 01 and 10, worked out when they are asked for. [1]

    Notes
    -----
    F, the largest CHSH value and the concurrence are those of the mean state: of pairs of which nobody knows how long
    each waited.
    """

    c: Array
    a: Array
    b: Array
    eta: Array
    p_unequal: Callable[[], tuple[Array, Array]]

    @classmethod
    def of(cls, channel_a: QubitChannel, channel_b: QubitChannel) -> PairState:
        """Of pairs whose halves went through two channels. [1]"""
        A, B = channel_a, channel_b

        def p_unequal() -> tuple[Array, Array]:
            p01 = ((1 - A.p_up) * B.p_up + A.p_down * (1 - B.p_down)) / 2
            p10 = (A.p_up * (1 - B.p_up) + (1 - A.p_down) * B.p_down) / 2
            return np.asarray(p01), np.asarray(p10)

        c, a, b, eta = (np.asarray(getattr(A, name) * getattr(B, name)) for name in _PRODUCTS)
        return cls(c=c, a=a, b=b, eta=eta, p_unequal=p_unequal)

    def where(self, condition: ArrayLike, other: PairState) -> PairState:
        """This state where ``condition`` holds, ``other`` elsewhere."""

        def p_unequal() -> tuple[Array, Array]:
            p01, p10 = (np.where(condition, *both) for both in zip(self.p_unequal(), other.p_unequal(), strict=True))
            return p01, p10

        c, a, b, eta = (np.where(condition, getattr(self, name), getattr(other, name)) for name in _PRODUCTS)
        return PairState(c=c, a=a, b=b, eta=eta, p_unequal=p_unequal)

    @property
    def fidelity(self) -> Array:
        """As :func:`fidelity`. [1]"""
        return np.asarray((1 + 2 * self.c + self.a + self.b) / 4)

    @property
    def chsh_max(self) -> Array:
        """As :func:`chsh_max`. [1]"""
        zz = self.a + self.b
        return 2 * np.sqrt(self.c**2 + np.maximum(self.c**2, zz**2))

    @property
    def concurrence(self) -> Array:
        """As :func:`concurrence`. [1]"""
        p01, p10 = self.p_unequal()
        return np.asarray(np.maximum(0.0, np.abs(self.c) - 2 * np.sqrt(p01) * np.sqrt(p10)))


_PRODUCTS = ("c", "a", "b", "eta")


def fidelity(channel_a: QubitChannel, channel_b: QubitChannel) -> Array:
    """Fidelity of a pair whose halves went through two channels.

    Parameters
    ----------
    channel_a, channel_b : QubitChannel
        What each half met. [1]

    Returns
    -------
    ndarray
        <Phi+|rho|Phi+> of the pairs of which both halves arrived, in [0, 1]. [1]

    Notes
    -----
    F = (1 + 2 cA cB + aA aB + bA bB)/4: Eq. 3, squared form, with Phi+ = (|00> + |11>)/sqrt(2) as reference,
    the state that the paper writes Psi.

    Examples
    --------
    >>> from qpsviz.noise import depolarising, QubitChannel
    >>> float(fidelity(depolarising(0.0), QubitChannel.identity()))
    0.25
    """
    return PairState.of(channel_a, channel_b).fidelity


def root(squared: ArrayLike) -> Array:
    """Root form of a fidelity.

    Parameters
    ----------
    squared : array_like
        Squared-form fidelity F. [1]

    Returns
    -------
    ndarray
        sqrt(F). [1]

    Raises
    ------
    ValueError
        If F is outside [0, 1].

    Notes
    -----
    The other common reading of Eq. 3. Its floor is 1/2, the value of a maximally mixed pair, which has no entanglement.
    """
    return np.sqrt(in_unit_interval("squared", squared))


def correlations(channel_a: QubitChannel, channel_b: QubitChannel) -> tuple[Array, Array, Array]:
    """Correlations of the arrived pair along equal axes.

    Parameters
    ----------
    channel_a, channel_b : QubitChannel
        What each half met. [1]

    Returns
    -------
    tuple of ndarray
        (<XX>, <YY>, <ZZ>). [1]

    Notes
    -----
    (cA cB, -cA cB, aA aB + bA bB), from applying both channels to Phi+.
    """
    equatorial = np.asarray(channel_a.c * channel_b.c)
    return equatorial, -equatorial, np.asarray(channel_a.a * channel_b.a + channel_a.b * channel_b.b)


def chsh_max(channel_a: QubitChannel, channel_b: QubitChannel) -> Array:
    """Largest CHSH value over all measurement directions; above 2 is nonlocal.

    Parameters
    ----------
    channel_a, channel_b : QubitChannel
        What each half met. [1]

    Returns
    -------
    ndarray
        2 sqrt of the sum of the two largest squared singular values of the correlation matrix. [1]

    Notes
    -----
    R. Horodecki, P. Horodecki, M. Horodecki, Physics Letters A 200, 340 (1995).
    """
    return PairState.of(channel_a, channel_b).chsh_max


def concurrence(channel_a: QubitChannel, channel_b: QubitChannel) -> Array:
    """Entanglement of the arrived pair: 0 none, 1 maximal.

    Parameters
    ----------
    channel_a, channel_b : QubitChannel
        What each half met. [1]

    Returns
    -------
    ndarray
        Concurrence. [1]

    Notes
    -----
    The state is of X form: C = max(0, |cA cB| - 2 sqrt(p01 p10)) with p01, p10 the chances of unequal bits
    (Yu, Eberly, Quantum Information and Computation 7, 459 (2007)), each a sum of positive terms: the root of a
    rounding error of 1e-17 would be one of 1e-9.

    Examples
    --------
    >>> from qpsviz.noise import QubitChannel, memory
    >>> kept = memory(300.0, t1_us=500.0, t2_us=500.0)
    >>> float(concurrence(QubitChannel.identity(), kept)) == float(kept.c)
    True
    """
    return PairState.of(channel_a, channel_b).concurrence
