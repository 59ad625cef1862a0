"""Sifted counts of one block, and which counts cannot be."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from qpsviz.errors import ParameterError
from qpsviz.protocols.decoy.bounds import N_INTENSITIES, Intensities
from qpsviz.protocols.decoy.pulses import Link, clicks, wrong_clicks
from qpsviz.units import Array
from qpsviz.units.checks import in_short, numbers

_ROUNDING = 1e-9  # of counts
MOST_COUNTS = 1e100
"""Counts of a block at most: what is computed of more is beyond numbers. [1]"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Sifted counts of one block, by intensity along the first axis of length 3.

    Parameters
    ----------
    n_key, n_test : ndarray, shape (3, ...)
        Clicks where both sides chose the basis of the key, and where both chose the test. [1]
    n_wrong_key, n_wrong_test : ndarray, shape (3, ...)
        Those of them that differ. [1]
    """

    n_key: Array
    n_test: Array
    n_wrong_key: Array
    n_wrong_test: Array

    @classmethod
    def expected(cls, link: Link, intensities: Intensities, *, p_key_basis: Array, n_pulses: Array) -> Block:
        """Mean counts of a block.

        Parameters
        ----------
        link : Link
            What every pulse meets. [1]
        intensities : Intensities
            What is sent.
        p_key_basis : ndarray
            q_X, chance that either side picks the basis of the key. [1]
        n_pulses : ndarray
            Pulses of the block. [1]

        Returns
        -------
        Block
            Means, not rounded.
        """
        n = clicks(intensities.n_photons, link, intensities.p_sent)
        n_live = n_pulses * link.live(n, intensities.p_sent)
        in_key = n_live * intensities.p_sent * p_key_basis**2
        in_test = n_live * intensities.p_sent * (1 - p_key_basis) ** 2
        return cls(
            n_key=in_key * n,
            n_test=in_test * n,
            n_wrong_key=in_key * wrong_clicks(intensities.n_photons, link, intensities.p_sent, in_test=False),
            n_wrong_test=in_test * wrong_clicks(intensities.n_photons, link, intensities.p_sent, in_test=True),
        )

    def check(self) -> None:
        """Refuse counts that no block has.

        Raises
        ------
        ParameterError
            If an array is not three finite numbers of at least 0 along its first axis, or more clicks are wrong than
            there are.
        """
        for field in fields(self):
            _check_counts(field.name, getattr(self, field.name))
        for basis in ("key", "test"):
            wrong, n = np.asarray(getattr(self, f"n_wrong_{basis}")), np.asarray(getattr(self, f"n_{basis}"))
            if wrong.shape != n.shape:
                raise ParameterError(f"n_wrong_{basis}", f"n_wrong_{basis} and n_{basis} must have one shape")
            if np.any(wrong > n * (1 + _ROUNDING)):
                raise ParameterError(
                    f"n_wrong_{basis}",
                    f"n_wrong_{basis} = {in_short(wrong.tolist())} are more than the clicks n_{basis}",
                )


def _check_counts(name: str, values: object) -> None:
    found = numbers(name, values)
    if found.shape[0] != N_INTENSITIES:
        raise ParameterError(name, f"{name} must have {N_INTENSITIES} counts, one of each intensity")
    if not np.all((found >= 0) & (found <= MOST_COUNTS)):
        raise ParameterError(name, f"{name} = {in_short(found.tolist())} must be counts, from 0 to {MOST_COUNTS:g}")
