"""Sources of single photons that are not perfect: some slots are empty, some hold two photons, some are announced."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from qpsviz.errors import ParameterError
from qpsviz.protocols.qkd import binary_entropy
from qpsviz.protocols.reconciliation import shannon_factor
from qpsviz.units import Array, ArrayLike, in_range, in_unit_interval
from qpsviz.units.checks import one_of

__all__ = ["PhotonSource", "heralded", "tagged_secret_share"]

_ROUNDING = 1e-9  # of a photon per slot
_MOST_PAIRS = 1e100  # per slot: products of more are beyond numbers
STATISTICS = ("thermal", "poisson")


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotonSource:
    """What a slot holds that the source announces; every number may be an array, and all broadcast together.

    Parameters
    ----------
    eta_source : array_like
        Mean photons mu that such a slot puts into the fibre: brightness, or heralding efficiency. [1]
    g2 : array_like
        Second-order correlation <n(n - 1)>/mu^2: 0 for one photon at most, 1 for laser light. [1]
    p_herald : array_like
        Share of slots that are announced; 1 for photons on demand. [1]

    Raises
    ------
    ValueError
        If a number is out of range, or g2 mu above 1: then slots with two photons hold more than mu by themselves.

    Notes
    -----
    No slot with several photons is more frequent than g2 mu^2/2, since n(n - 1)/2 is at least 1 there (Waks, Santori,
    Yamamoto, Phys. Rev. A 66, 042315 (2002)). Assumption: in the clicks of an undisturbed path no slot has more than
    two photons.
    """

    eta_source: ArrayLike = 1.0
    g2: ArrayLike = 0.0
    p_herald: ArrayLike = 1.0

    def __post_init__(self) -> None:
        in_unit_interval("eta_source", self.eta_source)
        in_unit_interval("p_herald", self.p_herald)
        in_range("g2", self.g2, 0.0)
        in_unit_interval("g2 eta_source", np.asarray(self.g2) * np.asarray(self.eta_source))

    @property
    def p_several(self) -> Array:
        """Most slots with several photons. [1]"""
        return np.asarray(np.asarray(self.g2) * np.asarray(self.eta_source) ** 2 / 2)

    def detected(self, eta: ArrayLike) -> Array:
        """Chance that at least one photon of a slot is detected, where each is with chance ``eta``. [1]"""
        eta = in_unit_interval("eta", eta)
        return np.asarray(np.asarray(self.eta_source) * eta - self.p_several * eta**2)


def heralded(
    n_pairs: ArrayLike, *, eta_herald: ArrayLike, eta_collected: ArrayLike = 1.0, p_dark: ArrayLike = 0.0,
    statistics: str = "thermal",
) -> PhotonSource:  # fmt: skip
    """A source that makes pairs and announces one half by the click of the other.

    Parameters
    ----------
    n_pairs : array_like
        Pairs per slot on average, above 0. [1]
    eta_herald : array_like
        Chance that the announcing detector sees a photon that was made. [1]
    eta_collected : array_like
        Chance that the other half gets into the fibre. [1]
    p_dark : array_like
        Dark counts of the announcing detector per slot. [1]
    statistics : str
        ``"thermal"``: pairs of one mode; ``"poisson"``: of very many.

    Returns
    -------
    PhotonSource
        What its announced slots hold. [1]

    Raises
    ------
    ValueError
        If a number is out of range, nothing is ever announced, or too many pairs are made at once.

    Notes
    -----
    Sums over photon numbers n of P(n) [1 - (1 - d)(1 - eta)^n], of a detector that tells light from none, by their
    generating functions; Ma and Lo, New J. Phys. 10, 073018 (2008).

    Examples
    --------
    >>> source = heralded(0.01, eta_herald=0.5, eta_collected=0.8)
    >>> f"{float(source.p_herald):.4f} {float(source.g2):.4f}"
    '0.0050 0.0294'
    """
    one_of("statistics", statistics, STATISTICS)
    mu, eta = in_range("n_pairs", n_pairs, 0.0, _MOST_PAIRS), in_unit_interval("eta_herald", eta_herald)
    dark, into = in_unit_interval("p_dark", p_dark), in_unit_interval("eta_collected", eta_collected)
    x, missed = 1 - eta, eta * (2 - eta)  # missed: of x^2, what it lacks to 1
    # Of <1>, <n> and <n(n - 1)>: what is announced, in parts of which none is negative, so that no digit is lost.
    if statistics == "thermal":
        unseen, seen = 1 / (1 + mu * eta), mu * eta / (1 + mu * eta)
        of_one = seen * (1 + unseen) + unseen**2 * (eta + dark * x)
        of_two = 2 * (seen * (1 + unseen + unseen**2) + unseen**3 * (missed + dark * x**2))
    else:
        unseen, seen = np.exp(-mu * eta), -np.expm1(-mu * eta)
        of_one = seen + unseen * (eta + dark * x)
        of_two = seen + unseen * (missed + dark * x**2)
    p_herald = seen + dark * unseen
    if np.any(p_herald <= 0):
        raise ParameterError("n_pairs", "n_pairs, eta_herald and p_dark announce no slot at all")
    mean = into * (mu * (of_one / p_herald))
    # <n(n - 1)>/<n>^2, in which n_pairs stands twice above and below.
    sure = np.where(of_one > 0, of_one, 1.0)
    g2 = np.where((of_one > 0) & (mu > 0), of_two / sure * (p_herald / sure), 0.0)
    if np.any(mean > 1 + _ROUNDING) or np.any(g2 * mean > 1):
        raise ParameterError(
            "n_pairs",
            f"n_pairs = {np.max(mu):g} makes too many pairs at once: up to {np.max(mean):.6g} photons in an announced "
            "slot, where one is the limit; make fewer pairs, or collect fewer",
        )
    return PhotonSource(eta_source=np.minimum(mean, 1.0), g2=g2, p_herald=p_herald)


def tagged_secret_share(
    n_clicks: ArrayLike, p_several: ArrayLike, qber_z: ArrayLike, qber_x: ArrayLike, *, ec_inefficiency: ArrayLike
) -> Array:
    """Secret bits per click where every slot with several photons is known to an eavesdropper.

    Parameters
    ----------
    n_clicks : array_like
        Clicks per gate that is not missed. [1]
    p_several : array_like
        Most slots with several photons. [1]
    qber_z, qber_x : array_like
        Error rate in each basis. [1]
    ec_inefficiency : array_like
        Reconciliation inefficiency f, at least 1. [1]

    Returns
    -------
    ndarray
        A [1 - H2(e_X/A)] - f H2(e_Z); negative where no key is possible. [bit]

    Raises
    ------
    ValueError
        If an input is out of range.

    Notes
    -----
    Gottesman, Lo, Luetkenhaus, Preskill, Quantum Inf. Comput. 4, 325 (2004): of Q clicks at most p_several are tagged,
    because an eavesdropper may let all of these pass and lose others instead; A = 1 - p_several/Q is left, and all
    errors may be theirs. Asymptotic, without decoys.
    """
    Q = in_range("n_clicks", n_clicks, 0.0)
    several = in_unit_interval("p_several", p_several)
    A = np.maximum(0.0, 1 - several / np.where(Q > 0, Q, 1.0)) * ((Q > 0) | (several == 0))
    e_x = in_unit_interval("qber_x", qber_x)
    phase = np.where(A > 0, np.minimum(0.5, e_x / np.where(A > 0, A, 1.0)), 0.5)
    f = shannon_factor(ec_inefficiency)
    return np.asarray(A * (1 - binary_entropy(phase)) - f * binary_entropy(qber_z))
