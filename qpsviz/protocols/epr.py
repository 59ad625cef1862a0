"""Entangled pairs that have travelled (paper, Section IV.B; Eq. 3)."""

from __future__ import annotations

import numpy as np

from qpsviz.noise import QubitChannel
from qpsviz.units import Array, ArrayLike, in_unit_interval


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
    A, B = channel_a, channel_b
    return np.asarray((1 + 2 * A.c * B.c + A.a * B.a + A.b * B.b) / 4)


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
    xx, _, zz = correlations(channel_a, channel_b)
    return 2 * np.sqrt(xx**2 + np.maximum(xx**2, zz**2))


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
    A, B = channel_a, channel_b
    p01 = ((1 - A.p_up) * B.p_up + A.p_down * (1 - B.p_down)) / 2
    p10 = (A.p_up * (1 - B.p_up) + (1 - A.p_down) * B.p_down) / 2
    return np.asarray(np.maximum(0.0, np.abs(A.c * B.c) - 2 * np.sqrt(p01) * np.sqrt(p10)))
