"""Classical light in the same fibre: spontaneous Raman photons that reach the quantum receiver (paper, Section V)."""

from __future__ import annotations

import numpy as np

from qpsviz.units import Array, ArrayLike, db_from_eta, eta_from_db, in_range, in_unit_interval
from qpsviz.units.checks import one_of

RAMAN_PER_KM_NM = 3e-9
DIRECTIONS = ("forward", "backward")

_PLANCK_LIGHT_MW_US_NM = 1.986445857e-7


def raman_dbm(
    length_km: ArrayLike,
    *,
    launch_dbm: ArrayLike,
    bandwidth_nm: ArrayLike = 0.1,
    loss_db_per_km: ArrayLike = 0.2,
    raman_per_km_nm: ArrayLike = RAMAN_PER_KM_NM,
    suppression_db: ArrayLike = 0.0,
    direction: str = "forward",
) -> Array:
    """Raman light of one classical signal within the receiver's filter.

    Parameters
    ----------
    length_km : array_like
        Length of fibre that both share. [km]
    launch_dbm : array_like
        Power of the classical signal where it enters, -inf for none. [dBm]
    bandwidth_nm : array_like
        Width of the receiver's filter. [nm]
    loss_db_per_km : array_like
        Attenuation, taken equal for both wavelengths. [dB/km]
    raman_per_km_nm : array_like
        Raman coefficient beta. [1/(km nm)]
    suppression_db : array_like
        By how much the fibre scatters less than glass; about 24 for a hollow core. [dB]
    direction : str
        ``"forward"``: the classical signal runs with the photons; ``"backward"``: against them.

    Returns
    -------
    ndarray
        Power at the receiver of the photons, -inf for none. [dBm]

    Raises
    ------
    ValueError
        If a number is out of range or the direction unknown.

    Notes
    -----
    forward P beta dlambda L e^(-alpha L), backward P beta dlambda (1 - e^(-2 alpha L))/(2 alpha), alpha per km
    (Eraerds et al., New J. Phys. 12, 063027 (2010)). Assumption: beta = 3e-9 /(km nm) anywhere inside the C band; the
    paper names the effect without a number.
    """
    one_of("direction", direction, DIRECTIONS)
    length = in_range("length_km", length_km, 0.0)
    alpha = -np.log(eta_from_db(in_range("loss_db_per_km", loss_db_per_km, 0.0)))
    per_km = in_range("raman_per_km_nm", raman_per_km_nm, 0.0) * in_range("bandwidth_nm", bandwidth_nm, 0.0)
    shared_km = length * np.exp(-alpha * length) if direction == "forward" else _backward_km(alpha, length)
    spared = in_range("suppression_db", suppression_db, 0.0)
    return np.asarray(in_range("launch_dbm", launch_dbm, -np.inf) - spared - db_from_eta(per_km * shared_km))


def dark_from_light(
    light_dbm: ArrayLike, *, gate_us: ArrayLike, eta_detector: ArrayLike, wavelength_nm: ArrayLike = 1550.0
) -> Array:
    """Clicks per gate that stray light adds to a detector's dark counts.

    Parameters
    ----------
    light_dbm : array_like
        Stray light at the receiver, as of :func:`raman_dbm`. [dBm]
    gate_us : array_like
        Time the detector looks, per pulse. [us]
    eta_detector : array_like
        Detector efficiency. [1]
    wavelength_nm : array_like
        Wavelength of the stray light. [nm]

    Returns
    -------
    ndarray
        Probability of at least one click. [1]

    Raises
    ------
    ValueError
        If a number is out of range.

    Notes
    -----
    mean = P lambda/(h c) gate eta, probability 1 - e^(-mean): the mean itself where it is small, and never above 1.

    Examples
    --------
    >>> stray = raman_dbm(100.0, launch_dbm=0.0)
    >>> f"{float(dark_from_light(stray, gate_us=1e-3, eta_detector=0.5)):.2e}"
    '1.17e-03'
    """
    power_mw = eta_from_db(-in_range("light_dbm", light_dbm, -np.inf))
    energy = power_mw * in_range("gate_us", gate_us, 0.0)
    photons = energy * in_range("wavelength_nm", wavelength_nm, 1.0) / _PLANCK_LIGHT_MW_US_NM
    return np.asarray(-np.expm1(-photons * in_unit_interval("eta_detector", eta_detector)))


def either_dark(p_dark: ArrayLike, p_stray: ArrayLike) -> Array:
    """Chance of a click without a photon, from the detector or from stray light.

    Parameters
    ----------
    p_dark, p_stray : array_like
        Each by itself, independent. [1]

    Returns
    -------
    ndarray
        1 - (1 - p_dark)(1 - p_stray). [1]

    Raises
    ------
    ValueError
        If a probability is outside [0, 1].
    """
    dark, stray = in_unit_interval("p_dark", p_dark), in_unit_interval("p_stray", p_stray)
    return np.asarray(dark + stray * (1 - dark))


def _backward_km(alpha: Array, length: Array) -> Array:
    """Effective length of backscattering; the length itself in a fibre without loss. [km]"""
    there_and_back = np.asarray(2 * alpha * length)
    safe = np.where(there_and_back > 0, there_and_back, 1.0)
    return np.where(there_and_back > 0, -np.expm1(-there_and_back) / safe, 1.0) * length
