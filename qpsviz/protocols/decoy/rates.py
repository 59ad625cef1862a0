"""Key per pulse of weak coherent light with two decoys, with everything that the sender may choose at its best."""

from __future__ import annotations

import numpy as np

from qpsviz.protocols.decoy.block import MOST_COUNTS
from qpsviz.protocols.decoy.finite_key import Security, entropy_of_error, security_bits
from qpsviz.protocols.decoy.maximum import maximise
from qpsviz.protocols.decoy.pulses import Link, clicks, first_click, followed, wrong_clicks
from qpsviz.protocols.decoy.settings import BLOCKS_OF, BlockOf, Plan, longest
from qpsviz.protocols.detectors import acts, live_gates
from qpsviz.protocols.reconciliation import shannon_factor
from qpsviz.units import Array, ArrayLike, Column, in_range
from qpsviz.units.checks import one_of

_INTENSITIES = np.geomspace(1e-3, 1.0, 13)  # mean photons where a climb may begin
_SURE_LOSS = -1e-5  # of a pulse of 1e-3 photons, in clicks of half a photon: a weaker one that made key would lose less
_AT_ONCE = 256  # blocks whose intermediate results fit the cache


def asymptotic_key_rate(link: Link, *, ec_inefficiency: ArrayLike) -> Array:
    """Secret bits per pulse of blocks without end.

    Parameters
    ----------
    link : Link
        What every pulse meets. [1]
    ec_inefficiency : array_like
        Bits spent on error correction, over the Shannon limit. [1]

    Returns
    -------
    ndarray
        R, not below 0. [bit]

    Raises
    ------
    ValueError
        If the inefficiency is below 1.

    Notes
    -----
    Largest over mu of e^-mu Y0 + mu e^-mu Y1 [1 - h(e1)] - f h(E) Q, the limit of Lim et al. (2014) for long blocks:
    decoys as weak and as rare as one likes then tell the yield and the phase error of single photons exactly, and
    nearly all pulses are signals in the basis of the key. The whole is thinned by the gates that are missed.

    Examples
    --------
    >>> link = Link.of(eta=0.01, p_dark=1.2e-6, p_key_error=0.005, p_test_error=0.005)
    >>> f"{asymptotic_key_rate(link, ec_inefficiency=1.0):.3e}"
    '3.081e-03'
    """
    f = shannon_factor(ec_inefficiency)
    *columns, f = np.broadcast_arrays(*link.columns, f)
    shape, columns, f = f.shape, [column.reshape(-1) for column in columns], f.reshape(-1)
    climbing = Link.from_columns(columns)
    is_followed, (vacuum, single) = acts(climbing.p_afterpulse), _yields(climbing, 0.0)
    in_all = clicks(0.5, climbing)
    of_half_a_photon, is_ever_dead = np.where(in_all > 0, in_all, 1.0), bool(np.any(climbing.n_missed))

    def score(place: Array, rows: Column) -> Array:
        mu, one = np.exp(place[0]), Link.from_columns(column[rows, None] for column in columns)
        n = clicks(mu, one)
        qber = wrong_clicks(mu, one, in_test=False) / np.where(n > 0, n, 1.0)
        none, lone = vacuum[rows, None], single[rows, None]
        if is_followed:
            none, lone = _yields(one, followed(first_click(mu, eta=one.eta, p_dark=one.p_dark), one))
        kept = np.exp(-mu) * (none + mu * lone)
        secret = (kept - f[rows, None] * entropy_of_error(qber) * n) / of_half_a_photon[rows, None]
        return np.asarray(secret * live_gates(n, n_missed=one.n_missed) if is_ever_dead else secret)

    begun = score(np.log(_INTENSITIES)[None, None, :], np.arange(f.size))
    first = np.argmax(begun, axis=1)
    # Where the least light is the best and still costs key, there is none: the rate goes to 0 from below.
    hopeful = np.flatnonzero((first > 0) | (begun[:, 0] > _SURE_LOSS))
    best = maximise(lambda place, rows: score(place, hopeful[rows]), np.log(_INTENSITIES)[None, first[hopeful]])
    rate = np.zeros(f.size)
    rate[hopeful] = np.maximum(0.0, score(best[:, :, None], hopeful)[:, 0] * in_all[hopeful])
    return rate.reshape(shape)


def finite_key_rate(link: Link, *, n_block: ArrayLike, security: Security, block_of: BlockOf = "sent") -> Array:
    """Secret bits per pulse of one block.

    Parameters
    ----------
    link : Link
        What every pulse meets. [1]
    n_block : array_like
        Pulses sent, or clicks in the basis of the key, of a block. [1]
    security : Security
        What the key promises. [1]
    block_of : str
        ``"sent"`` or ``"sifted"``: what ``n_block`` counts.

    Returns
    -------
    ndarray
        Length of the key over the pulses sent, 0 where the block is too short for one bit. [bit]

    Raises
    ------
    ValueError
        If the block is negative or without an end, or ``block_of`` another word.

    Notes
    -----
    :func:`~qpsviz.protocols.decoy.settings.longest` chooses intensities, shares and basis. Nothing is searched
    where not even the rate without end would make more bits of the block than secrecy and comparison cost.

    Examples
    --------
    >>> link = Link.of(eta=0.01, p_dark=1.2e-6, p_key_error=0.005, p_test_error=0.005)
    >>> security = Security.of(p_insecure=1e-10, p_incorrect=1e-15, ec_inefficiency=1.16)
    >>> rates = finite_key_rate(link, n_block=[1e5, 1e9, 1e10], security=security)
    >>> [f"{rate:.3e}" for rate in rates]
    ['0.000e+00', '8.857e-04', '1.305e-03']
    """
    n_block = in_range("n_block", n_block, 0.0, MOST_COUNTS)
    one_of("block_of", block_of, BLOCKS_OF)
    promised = (security.p_insecure, security.p_incorrect, security.ec_inefficiency)
    without_end = asymptotic_key_rate(link, ec_inefficiency=security.ec_inefficiency)
    columns = np.broadcast_arrays(*link.columns, *promised, n_block, without_end)
    shape, flat = columns[0].shape, [column.reshape(-1) for column in columns]
    found = np.zeros(flat[0].size)
    hopeful = np.flatnonzero((flat[-1] > 0) & (flat[-2] > 0))
    if block_of == "sent":
        hopeful = hopeful[(flat[-2] * flat[-1] > security_bits(flat[-5], flat[-4]))[hopeful]]
    for start in range(0, hopeful.size, _AT_ONCE):
        rows = hopeful[start : start + _AT_ONCE]
        *of_link, p_insecure, p_incorrect, f, n, _ = (column[rows] for column in flat)
        plan = Plan(
            link=Link.from_columns(of_link), n_block=n, block_of=block_of,
            security=Security(p_insecure=p_insecure, p_incorrect=p_incorrect, ec_inefficiency=f),
        )  # fmt: skip
        key, n_pulses = plan.key(longest(plan))
        found[rows] = key.bits / n_pulses
    return found.reshape(shape)


def _yields(link: Link, follows: ArrayLike) -> tuple[Array, Array]:
    """Clicks of a pulse without a photon, and secret ones of a pulse with exactly one. [1]

    ``follows`` is the chance that a click is followed by an afterpulse.
    """
    Y0, again = link.p_dark, 1 + np.asarray(follows)
    first = Y0 + link.eta * (1 - Y0)
    wrong = Y0 / 2 + link.p_test_error * link.eta + np.asarray(follows) * first / 2
    phase = wrong / np.where(first > 0, first * again, 1.0)
    return Y0 * again, first * again * (1 - entropy_of_error(phase))
