"""Teleportation over delivered pairs (paper, Section V, Fig. 14)."""

from __future__ import annotations

import numpy as np

from qpsviz.units import Array, ArrayLike, in_range, in_unit_interval


def fidelity(pair_fidelity: ArrayLike) -> Array:
    """Average fidelity of a qubit teleported over one pair.

    Parameters
    ----------
    pair_fidelity : array_like
        Fidelity F of the pair, squared form. [1]

    Returns
    -------
    ndarray
        (2F + 1)/3; above 2/3 beats every classical channel. [1]

    Raises
    ------
    ValueError
        If F is outside [0, 1].

    Notes
    -----
    M., P. and R. Horodecki, Physical Review A 60, 1888 (1999).
    """
    return (2 * in_unit_interval("pair_fidelity", pair_fidelity) + 1) / 3


def werner(pair_fidelity: ArrayLike) -> Array:
    """Werner parameter of a pair.

    Parameters
    ----------
    pair_fidelity : array_like
        Fidelity F of the pair. [1]

    Returns
    -------
    ndarray
        W = (4F - 1)/3, 1 for a perfect pair, 0 for a maximally mixed one. [1]

    Raises
    ------
    ValueError
        If F is outside [0, 1].
    """
    return (4 * in_unit_interval("pair_fidelity", pair_fidelity) - 1) / 3


def chain_fidelity(
    link_fidelity: ArrayLike,
    n_links: ArrayLike,
    *,
    swap_survival: ArrayLike = 1.0,
    access_survival: ArrayLike = 1.0,
) -> Array:
    """Fidelity of a qubit that is teleported over a chain of pairs joined by swapping.

    Parameters
    ----------
    link_fidelity : array_like
        Fidelity of each pair. [1]
    n_links : array_like of int
        Number m of pairs, at least 1.
    swap_survival : array_like
        Depolarising survival W_bsm of each of the m Bell measurements: m - 1 swaps and the teleportation's own. [1]
    access_survival : array_like
        Depolarising survival of both access networks together. [1]

    Returns
    -------
    ndarray
        F = 1/4 + 3/4 W_access W_link^m W_bsm^m. [1]

    Raises
    ------
    ValueError
        If an input is out of range.

    Notes
    -----
    Entanglement fidelity: that of a pair of which one half is teleported. Swapping multiplies Werner parameters. The
    paper draws Fig. 14 without numbers. A pair that is delivered and not yet used has one Bell measurement less,
    :func:`pair_fidelity`.

    Examples
    --------
    >>> chain_fidelity(0.95, [1, 2, 4, 8]).round(3).tolist()
    [0.95, 0.903, 0.819, 0.682]
    >>> chain_fidelity(0.95, [1, 2], swap_survival=0.97).round(4).tolist()
    [0.929, 0.8647]
    """
    m, bsm = _whole(n_links), in_unit_interval("swap_survival", swap_survival)
    ends = in_unit_interval("access_survival", access_survival)
    return 0.25 + 0.75 * ends * np.power(werner(link_fidelity), m) * np.power(bsm, m)


def pair_fidelity(link_fidelity: ArrayLike, n_links: ArrayLike, *, swap_survival: ArrayLike = 1.0) -> Array:
    """Fidelity of the pair that a chain of pairs delivers after swapping.

    Parameters
    ----------
    link_fidelity : array_like
        Fidelity of each pair. [1]
    n_links : array_like of int
        Number m of pairs, at least 1.
    swap_survival : array_like
        Depolarising survival W_bsm of each of the m - 1 swaps. [1]

    Returns
    -------
    ndarray
        F = 1/4 + 3/4 W_link^m W_bsm^(m-1). [1]

    Raises
    ------
    ValueError
        If an input is out of range.

    Examples
    --------
    >>> pair_fidelity(0.95, [1, 2], swap_survival=0.97).round(4).tolist()
    [0.95, 0.8837]
    """
    m, bsm = _whole(n_links), in_unit_interval("swap_survival", swap_survival)
    return 0.25 + 0.75 * np.power(werner(link_fidelity), m) * np.power(bsm, m - 1)


def _whole(n_links: ArrayLike) -> Array:
    m = in_range("n_links", n_links, 1.0)
    if np.any(m != np.floor(m)):
        raise ValueError(f"n_links = {np.asarray(n_links).tolist()} must be whole")
    return m
