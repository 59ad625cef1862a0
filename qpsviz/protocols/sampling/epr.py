"""Pairs measured along one axis at a time, and the fidelity estimated from them."""

from __future__ import annotations

import numpy as np

from qpsviz.noise import QubitChannel
from qpsviz.protocols.sampling.counts import Session, ends, whole_counts
from qpsviz.protocols.sampling.estimates import Estimate, bell_fidelity, correlation
from qpsviz.units import Array, ArrayLike, in_unit_interval
from qpsviz.units.checks import one_of

ENDS = ("xx_equal", "xx_unequal", "yy_equal", "yy_unequal", "zz_equal", "zz_unequal")


class EprSession(Session):
    """Counts of measured pairs, one entry per frame: ``n_pairs``, and equal and unequal outcomes along each axis."""

    def correlation(self, axis: str, *, p_coverage: float = 0.95, method: str = "wilson") -> Estimate:
        """<XX>, <YY> or <ZZ>, for the axes "xx", "yy" and "zz". [1]

        Raises
        ------
        ValueError
            For another axis.
        """
        one_of("axis", axis, ("xx", "yy", "zz"))
        equal = self.total(f"{axis}_equal")
        n_trials = equal + self.total(f"{axis}_unequal")
        return self.told(correlation(equal, n_trials, p_coverage=p_coverage, method=method))

    def fidelity(self, *, p_coverage: float = 0.95, method: str = "wilson") -> Estimate:
        """Fidelity of the arrived pairs: Eq. 3, squared form; methods as in :func:`bell_fidelity`. [1]"""
        each = p_coverage if method == "wilson" else 1 - (1 - p_coverage) / 3
        along = (self.correlation(axis, p_coverage=each, method=method) for axis in ("xx", "yy", "zz"))
        return self.told(bell_fidelity(*along, method=method))


def sample_epr(
    channel_a: QubitChannel, channel_b: QubitChannel, n_pairs: ArrayLike, *, eta_detector: float = 1.0, seed: int
) -> EprSession:
    """Pairs measured along X, Y or Z, the same on both sides and chosen at random.

    Parameters
    ----------
    channel_a, channel_b : QubitChannel
        What both halves of the pairs of each frame met. [1]
    n_pairs : array_like of int
        Pairs of each frame. [1]
    eta_detector : float
        Detector efficiency on each side; pairs that lose a half are not counted. [1]
    seed : int
        Equal seeds give equal counts.

    Returns
    -------
    EprSession
        Counts for every frame. [1]

    Raises
    ------
    ValueError
        If a number is out of range.

    Notes
    -----
    Assumption: no dark counts, as in the paper's entanglement study, which leaves out loss and detectors.
    """
    A, B = channel_a, channel_b
    pairs = whole_counts("n_pairs", n_pairs)
    seen = A.eta * B.eta * in_unit_interval("eta_detector", eta_detector) ** 2 / 3
    equatorial = A.c * B.c
    chances: list[Array] = []
    for expected in (equatorial, -equatorial, A.a * B.a + A.b * B.b):
        chances += [seen * (1 + expected) / 2, seen * (1 - expected) / 2]
    return EprSession({"n_pairs": pairs, **ends(np.random.default_rng(seed), pairs, chances, ENDS)})
