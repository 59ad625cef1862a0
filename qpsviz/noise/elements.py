"""Elements a qubit meets, each as a :class:`~qpsviz.noise.QubitChannel`."""

from __future__ import annotations

import math

import numpy as np

from qpsviz.errors import ParameterError
from qpsviz.noise.channel import QubitChannel
from qpsviz.units import Array, ArrayLike, eta_from_db, in_range, in_unit_interval
from qpsviz.units.checks import one_of

CONVENTIONS = ("decibel", "printed")
MEMORY_MODELS = ("t1t2", "twirled")


def loss(loss_db: ArrayLike) -> QubitChannel:
    """Loss that erases the photon and leaves the survivors' state alone.

    Parameters
    ----------
    loss_db : array_like
        Loss of the element, not negative. [dB]

    Returns
    -------
    QubitChannel
        ``eta = 10^(-loss/10)``, otherwise the identity. [1]

    Raises
    ------
    ValueError
        If the loss is negative or not a number.
    """
    eta = eta_from_db(in_range("loss_db", loss_db, 0.0))
    return QubitChannel(eta=eta, c=1.0, a=1.0, b=0.0, p_up=0.0, p_down=0.0, p_phase=0.0)


def depolarising(survival: ArrayLike) -> QubitChannel:
    """Depolarising channel: the state survives with probability w, else it is maximally mixed.

    Parameters
    ----------
    survival : array_like
        w = 1 - p_depol in [0, 1]. [1]

    Returns
    -------
    QubitChannel
        ``c = a = w``, ``b = 0``. [1]

    Raises
    ------
    ValueError
        If w is outside [0, 1].
    """
    w = in_unit_interval("survival", survival)
    return QubitChannel(eta=1.0, c=w, a=w, b=0.0)


def depolarising_survival(length_km: ArrayLike, *, depol_per_km: ArrayLike, convention: str = "decibel") -> Array:
    """Probability w that fibre leaves the state alone.

    Parameters
    ----------
    length_km : array_like
        Length of fibre. [km]
    depol_per_km : array_like
        Depolarising constant p_L of Eq. 4. [1/km]
    convention : str
        ``"decibel"``: w = 10^(-L p_L / 10); ``"printed"``: w = 10^(-L p_L).

    Returns
    -------
    ndarray
        Survival w. [1]

    Raises
    ------
    ValueError
        If a number is negative or the convention unknown.

    Notes
    -----
    Paper, Eq. 4: p_depol = 1 - 10^(-L p_L). Deviation: the default divides the exponent by ten, because the
    printed formula ends at 59.6 km where the paper's figures go on to about 550 km.
    """
    return np.exp(_log_survival(length_km, depol_per_km=depol_per_km, convention=convention))


def fibre(
    length_km: ArrayLike,
    *,
    loss_db_per_km: ArrayLike = 0.0,
    depol_per_km: ArrayLike = 0.0,
    convention: str = "decibel",
) -> QubitChannel:
    """A stretch of fibre: loss and depolarising.

    Parameters
    ----------
    length_km : array_like
        Length. [km]
    loss_db_per_km : array_like
        Attenuation alpha. [dB/km]
    depol_per_km : array_like
        Depolarising constant p_L. [1/km]
    convention : str
        Reading of Eq. 4, see :func:`depolarising_survival`.

    Returns
    -------
    QubitChannel
        ``eta = 10^(-alpha L / 10)``, ``c = a = w``, ``b = 0``. [1]

    Raises
    ------
    ValueError
        If a number is negative or the convention unknown.

    Notes
    -----
    Eq. 4 for w; loss is standard and left out of the paper's entanglement study.
    """
    length = in_range("length_km", length_km, 0.0)
    alpha = in_range("loss_db_per_km", loss_db_per_km, 0.0)
    survived = _log_survival(length, depol_per_km=depol_per_km, convention=convention)
    w, flips = np.exp(survived), -np.expm1(survived) / 2
    return QubitChannel(eta=eta_from_db(alpha * length), c=w, a=w, b=0.0, p_up=flips, p_down=flips, p_phase=flips)


def memory(
    dwell_us: ArrayLike,
    *,
    t1_us: ArrayLike = math.inf,
    t2_us: ArrayLike = math.inf,
    eta: ArrayLike = 1.0,
    model: str = "t1t2",
) -> QubitChannel:
    """A quantum memory in which a qubit dwells.

    Parameters
    ----------
    dwell_us : array_like
        Time in the memory. [us]
    t1_us, t2_us : array_like
        Relaxation and dephasing time, ``math.inf`` for none; T2 <= 2 T1. [us]
    eta : array_like
        Storage efficiency. [1]
    model : str
        ``"t1t2"``: relaxation towards |0>; ``"twirled"``: its Pauli twirl (no shift), as stabiliser
        simulators use.

    Returns
    -------
    QubitChannel
        ``c = exp(-t/T2)``, ``a = exp(-t/T1)``, ``b = 1 - exp(-t/T1)`` (0 when twirled). [1]

    Raises
    ------
    ValueError
        If a time is negative, T2 exceeds 2 T1, or the model is unknown.

    Notes
    -----
    The T1/T2 model named in the paper, Section IV.B.
    """
    one_of("memory_model", model, MEMORY_MODELS)
    dwell = in_range("dwell_us", dwell_us, 0.0)
    t1, t2 = in_range("t1_us", t1_us, 0.0), in_range("t2_us", t2_us, 0.0)
    check_t1_t2(t1, t2)
    kept, decayed = _kept_and_lost(_rate(dwell, t1))
    # Where T2 follows T1, a million points need not be computed twice.
    in_phase, out_of_phase = (kept, decayed) if t2_us is t1_us else _kept_and_lost(_rate(dwell, t2))
    down, up = (decayed, np.zeros_like(decayed)) if model == "t1t2" else (decayed / 2, decayed / 2)
    return QubitChannel(
        eta=in_unit_interval("eta", eta),
        c=in_phase,
        a=kept,
        b=down - up,
        p_up=up,
        p_down=down,
        p_phase=out_of_phase / 2,
    )


def _kept_and_lost(exponent: Array) -> tuple[Array, Array]:
    """What is left of one after a decay, and what is gone, each to its last digits."""
    return np.exp(-exponent), -np.expm1(-exponent)


def check_t1_t2(t1_us: ArrayLike, t2_us: ArrayLike) -> None:
    """Refuse memories that no physics allows.

    Parameters
    ----------
    t1_us, t2_us : array_like
        Relaxation and dephasing time. [us]

    Raises
    ------
    ParameterError
        If T2 > 2 T1 anywhere.
    """
    t1, t2 = np.asarray(t1_us, dtype=np.float64), np.asarray(t2_us, dtype=np.float64)
    if t1.ndim == 0 and t2.ndim == 0 and float(t2) <= 2 * float(t1):  # the common case, without array comparisons
        return
    t1, t2 = np.broadcast_arrays(t1, t2)
    bad = t2 > 2 * t1
    if np.any(bad):
        worst = f"t2_us = {t2[bad].flat[0]:g} exceeds 2 * t1_us = {2 * t1[bad].flat[0]:g}"
        raise ParameterError("t2_us", worst)


def _log_survival(length_km: ArrayLike, *, depol_per_km: ArrayLike, convention: str) -> Array:
    """Natural logarithm of :func:`depolarising_survival`. [1]"""
    one_of("depol_convention", convention, CONVENTIONS)
    per_km = in_range("depol_per_km", depol_per_km, 0.0)
    scale = math.log(10.0) / (10.0 if convention == "decibel" else 1.0)
    return -in_range("length_km", length_km, 0.0) * per_km * scale


def _rate(dwell: Array, constant: Array) -> Array:
    """t/T with no decay at t = 0 or T = inf, and full decay at T = 0 < t."""
    if np.all(constant > 0) and not np.any(np.isinf(dwell)):
        return np.asarray(dwell / constant)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.asarray(dwell / constant)
    return np.where((dwell == 0) | np.isinf(constant), 0.0, ratio)
