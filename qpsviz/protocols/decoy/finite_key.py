"""Length of the secret key of one block: the bound of Lim, Curty, Walenta, Xu and Zbinden."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from qpsviz.errors import ParameterError
from qpsviz.protocols.decoy.block import Block
from qpsviz.protocols.decoy.bounds import (
    Intensities,
    grow_with_intensity,
    most_single_photon_counts,
    single_photon_counts,
    single_photon_errors,
    vacuum_counts,
)
from qpsviz.protocols.reconciliation import shannon_factor
from qpsviz.units import Array, ArrayLike, Mask, in_unit_interval

LEAST_CHANCE = 1e-300
"""Chance of a failure at least: logarithms of a smaller one are beyond numbers. [1]"""
_ROUNDING = 1e-9  # of counts
N_EVENTS = 21  # failures of estimates and of privacy amplification that share the secrecy parameter


@dataclass(frozen=True, slots=True, kw_only=True)
class Security:
    """Security parameters of a key: chances that it is not secret, and that both copies differ.

    Parameters
    ----------
    p_insecure, p_incorrect : ndarray
        epsilon_sec and epsilon_cor, each above 0 and below 1. [1]
    ec_inefficiency : ndarray
        Bits spent on error correction, over the Shannon limit. [1]
    """

    p_insecure: Array
    p_incorrect: Array
    ec_inefficiency: Array

    @classmethod
    def of(cls, *, p_insecure: ArrayLike, p_incorrect: ArrayLike, ec_inefficiency: ArrayLike) -> Security:
        """Security parameters of checked values.

        Parameters
        ----------
        p_insecure, p_incorrect, ec_inefficiency : array_like
            As the fields of the class. [1]

        Returns
        -------
        Security
            The same as arrays.

        Raises
        ------
        ValueError
            If one is out of range: nothing is secret or equal for certain.
        """
        for name, value in (("p_insecure", p_insecure), ("p_incorrect", p_incorrect)):
            if np.any(in_unit_interval(name, value) < LEAST_CHANCE) or np.any(np.asarray(value) == 1):
                raise ParameterError(
                    name, f"{name} must be at least {LEAST_CHANCE:g} and below 1: no key is secret for certain"
                )
        return cls(
            p_insecure=np.asarray(p_insecure, dtype=np.float64),
            p_incorrect=np.asarray(p_incorrect, dtype=np.float64),
            ec_inefficiency=shannon_factor(ec_inefficiency),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockKey:
    """The secret key of a block and the numbers that led to it; arrays.

    ``n_sifted`` clicks in the basis of the key, of them at least ``n_vacuum`` without a photon and ``n_single`` with
    one, of which the test basis has at least ``n_tested``; their phase error is at most ``qber_phase``;
    ``n_leaked_bits`` said for error correction. ``n_balance_bits`` is the bound itself, negative where the block is too
    short; -inf where the counts bound no single photon, or their bounds contradict each other: then they are not those
    of their intensities, and ``is_possible`` is false.
    """

    n_sifted: Array
    n_vacuum: Array
    n_single: Array
    n_tested: Array
    qber_phase: Array
    n_leaked_bits: Array
    n_balance_bits: Array
    is_possible: Mask

    @property
    def bits(self) -> Array:
        """Secret bits of the block, 0 where the bound leaves less than one. [bit]"""
        return np.where(self.n_balance_bits >= 1, self.n_balance_bits, 0.0)

    @property
    def reason(self) -> npt.NDArray[np.str_]:
        """Why there is no key, as the first thing that is missing; empty where there is one."""
        brought = self.n_vacuum + self.n_single * (1 - entropy_of_error(self.qber_phase))
        checks = {
            "no click was sifted": self.n_sifted <= 0,
            "the clicks are not those of these intensities": ~self.is_possible,
            "fluctuations leave no single photon for certain in the basis of the key": self.n_single <= 0,
            "fluctuations leave no single photon for certain in the test basis": self.n_tested <= 0,
            "phase errors may be as frequent as one half": self.qber_phase >= 0.5,
            "error correction takes more bits than single photons bring": brought <= self.n_leaked_bits,
            "secrecy and comparison take more bits than are left": self.n_balance_bits < 1,
        }
        return np.select([np.asarray(found) for found in checks.values()], list(checks), default="")


def deviation(n_total: Array, p_insecure: Array) -> Array:
    """How far the counts of an intensity may lie from their mean, given how many there are of all.

    Parameters
    ----------
    n_total : ndarray
        Counts of all intensities. [1]
    p_insecure : ndarray
        epsilon_sec. [1]

    Returns
    -------
    ndarray
        Hoeffding's sqrt(n/2 ln(21/epsilon_sec)). [1]
    """
    return np.sqrt(n_total / 2 * np.log(N_EVENTS / p_insecure))


def phase_error(n_wrong: Array, n_test: Array, n_key: Array, p_insecure: Array) -> Array:
    """Most phase errors among the single photons of the key, from those of the test.

    Parameters
    ----------
    n_wrong, n_test : ndarray
        Single photons of the test that were read wrongly at most, and all of them at least. [1]
    n_key : ndarray
        Single photons of the key at least. [1]
    p_insecure : ndarray
        epsilon_sec. [1]

    Returns
    -------
    ndarray
        phi, 1/2 where nothing better is known. [1]

    Notes
    -----
    Lim et al. (2014), Eq. 5: b + gamma, gamma^2 = (c + d)(1 - b) b/(c d ln 2) log2[(c + d)/(c d (1 - b) b) 21^2/eps^2].
    Deviation: gamma vanishes with b, as if a test without an error proved that there is none. phi is therefore never
    below the share that such a test misses with the same chance, ln(21^2/eps^2)/[d ln(1 + c/d)].
    """
    known = (n_test > 0) & (n_key > 0)
    c, d = np.where(known, n_test, 1.0), np.where(known, n_key, 1.0)
    b = np.minimum(n_wrong / c, 0.5)
    spread = c / (c + d) * d * np.where(b > 0, (1 - b) * b, 0.25)
    confidence = 2 * np.log(N_EVENTS / p_insecure)
    gamma = np.sqrt(np.maximum(0.0, confidence - np.log(spread)) / spread) * (1 - b) * b / np.log(2.0)
    unseen = confidence / (d * np.log1p(c / d))
    return np.where(known, np.minimum(0.5, np.maximum(b + gamma, unseen)), 0.5)


def block_key(block: Block, intensities: Intensities, security: Security) -> BlockKey:
    """Secret key that the counts of a block allow.

    Parameters
    ----------
    block : Block
        Counts, measured or expected. [1]
    intensities : Intensities
        What was sent.
    security : Security
        What the key promises. [1]

    Returns
    -------
    BlockKey
        Its length and what led to it.

    Raises
    ------
    ParameterError
        If a count is negative or no number, more clicks are wrong than there are, the intensities are not in their
        order, or their shares do not sum to 1.

    Notes
    -----
    Lim et al. (2014), Eq. 1: l = s0 + s1 [1 - h(phi)] - lambda - 6 log2(21/eps_sec) - log2(2/eps_cor), all intensities
    make key, lambda = f h(E) n. Assumption: an error rate above 1/2 costs as much as 1/2. Counts whose bounds in either
    basis contradict each other, by a fault or an attack, make no key: more single photons than clicked, or than one
    intensity can hold, or fewer clicks or errors of brighter pulses.
    """
    block.check()
    intensities.check()
    key = key_of_expected(block, intensities, security)
    agree = _agree(block, intensities, security.p_insecure, key)
    return replace(
        key,
        is_possible=key.is_possible & agree,
        n_balance_bits=np.where(agree, key.n_balance_bits, -np.inf),
    )


def key_of_expected(block: Block, intensities: Intensities, security: Security) -> BlockKey:
    """:func:`block_key` of counts that these intensities make: a search has thousands of them and checks none."""
    eps = security.p_insecure
    n_sifted = np.sum(block.n_key, axis=0)
    n_vacuum, n_single, is_key = _fewest(block.n_key, intensities, eps)
    _, n_tested, is_test = _fewest(block.n_test, intensities, eps)
    n_wrong = single_photon_errors(intensities, block.n_wrong_test, deviation(np.sum(block.n_wrong_test, axis=0), eps))
    phi = phase_error(n_wrong, n_tested, n_single, eps)
    qber = np.sum(block.n_wrong_key, axis=0) / np.where(n_sifted > 0, n_sifted, 1.0)
    leaked = security.ec_inefficiency * entropy_of_error(qber) * n_sifted
    balance = n_vacuum + n_single * (1 - entropy_of_error(phi)) - leaked - security_bits(eps, security.p_incorrect)
    return BlockKey(
        n_sifted=n_sifted, n_vacuum=n_vacuum, n_single=np.maximum(0.0, n_single), n_tested=np.maximum(0.0, n_tested),
        qber_phase=phi, n_leaked_bits=leaked, is_possible=is_key & is_test,
        n_balance_bits=np.where((n_single > 0) & (n_tested > 0) & is_key & is_test, balance, -np.inf),
    )  # fmt: skip


def _fewest(n_counts: Array, intensities: Intensities, p_insecure: Array) -> tuple[Array, Array, Mask]:
    """Fewest clicks of one basis without a photon and with one, and whether there are as many clicks."""
    n_all = np.sum(n_counts, axis=0)
    spread = deviation(n_all, p_insecure)
    n_vacuum = vacuum_counts(intensities, n_counts, spread)
    n_single = single_photon_counts(intensities, n_counts, spread, n_vacuum)
    return n_vacuum, n_single, n_vacuum + n_single <= n_all * (1 + _ROUNDING)


def _agree(block: Block, intensities: Intensities, p_insecure: Array, key: BlockKey) -> Mask:
    """Whether brighter pulses make no fewer clicks and errors, and no intensity fewer than its single photons."""
    agree = np.ones((), dtype=np.bool_)
    for n_counts in (block.n_key, block.n_test, block.n_wrong_key, block.n_wrong_test):
        spread = deviation(np.sum(n_counts, axis=0), p_insecure)
        agree = agree & grow_with_intensity(intensities, n_counts, spread)
    for n_counts, n_single in ((block.n_key, key.n_single), (block.n_test, key.n_tested)):
        spread = deviation(np.sum(n_counts, axis=0), p_insecure)
        n_vacuum = vacuum_counts(intensities, n_counts, spread)
        most = most_single_photon_counts(intensities, n_counts, spread, n_vacuum)
        agree = agree & (n_single <= most * (1 + _ROUNDING))
    return agree


def security_bits(p_insecure: Array, p_incorrect: Array) -> Array:
    """Bits that every block gives up: 6 log2(21/eps_sec) for secrecy, log2(2/eps_cor) for the comparison. [bit]"""
    return np.asarray(6 * np.log2(N_EVENTS / p_insecure) + np.log2(2 / p_incorrect))


def entropy_of_error(error: Array) -> Array:
    """Shannon entropy of an error rate, 1 from 1/2 on. [bit]"""
    e = np.minimum(error, 0.5)
    inside = np.maximum(e, np.finfo(np.float64).tiny)
    return np.where(e > 0, -(inside * np.log(inside) + (1 - inside) * np.log1p(-inside)) / np.log(2.0), 0.0)
