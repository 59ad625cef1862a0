"""Classical light in the same fibre: spontaneous Raman photons that reach the quantum receiver (paper, Section V)."""

from __future__ import annotations

import numpy as np

from qpsviz.noise.scattering import WORST_PER_KM_NM
from qpsviz.units import Array, ArrayLike, db_from_eta, eta_from_db, in_range, in_unit_interval
from qpsviz.units.checks import one_of

RAMAN_PER_KM_NM = WORST_PER_KM_NM
DIRECTIONS = ("forward", "backward")

_PLANCK_LIGHT_MW_US_NM = 1.986445857e-7


def raman_dbm(
    length_km: ArrayLike,
    *,
    launch_dbm: ArrayLike,
    bandwidth_nm: ArrayLike = 0.1,
    loss_db_per_km: ArrayLike = 0.2,
    signal_loss_db_per_km: ArrayLike | None = None,
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
        Attenuation at the photons' wavelength. [dB/km]
    signal_loss_db_per_km : array_like, optional
        Attenuation of the classical signal; that of the photons where it is not given. [dB/km]
    raman_per_km_nm : array_like
        Raman coefficient beta, as :mod:`qpsviz.noise.scattering` has it. [1/(km nm)]
    suppression_db : array_like
        By how much the fibre scatters less than glass. Hollow core bore 24 dB more classical power at equal noise: a
        ratio of tolerated powers, no measured suppression. [dB]
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
    With equal attenuation: forward P beta dlambda L e^(-alpha L), backward
    P beta dlambda (1 - e^(-2 alpha L))/(2 alpha), alpha per km (Eraerds et al., New J. Phys. 12, 063027 (2010)); with
    different ones, the same integrals. Left out: four-wave mixing of several signals, and what of a signal leaks
    through the filter. Assumption: beta = 3e-9 /(km nm) anywhere inside the C band, the worst value there of Kumar, Qin
    and Alleaume, second hand; the paper names the effect without a number.
    """
    one_of("direction", direction, DIRECTIONS)
    length = in_range("length_km", length_km, 0.0)
    lost = in_range("loss_db_per_km", loss_db_per_km, 0.0)
    own = lost if signal_loss_db_per_km is None else in_range("signal_loss_db_per_km", signal_loss_db_per_km, 0.0)
    per_km = in_range("raman_per_km_nm", raman_per_km_nm, 0.0) * in_range("bandwidth_nm", bandwidth_nm, 0.0)
    if direction == "forward":
        shared_km, behind_db = _effective_km(np.abs(lost - own), length), np.minimum(lost, own) * length
    else:
        shared_km, behind_db = _effective_km(lost + own, length), np.zeros(())
    scattered_db = in_range("suppression_db", suppression_db, 0.0) + db_from_eta(per_km * shared_km)
    return np.asarray(in_range("launch_dbm", launch_dbm, -np.inf) - scattered_db - behind_db)


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
    photons = photons_per_gate(light_dbm, gate_us=gate_us, wavelength_nm=wavelength_nm)
    return stray_clicks(photons, eta_detector)


def photons_per_gate(light_dbm: ArrayLike, *, gate_us: ArrayLike, wavelength_nm: ArrayLike = 1550.0) -> Array:
    """Photons of steady light in one gate, on average.

    Parameters
    ----------
    light_dbm : array_like
        Power, -inf for none. [dBm]
    gate_us : array_like
        Time the detector looks, per pulse. [us]
    wavelength_nm : array_like
        Wavelength of the light. [nm]

    Returns
    -------
    ndarray
        P lambda/(h c) gate. [1]

    Raises
    ------
    ValueError
        If a number is out of range.
    """
    power_dbm, gate = in_range("light_dbm", light_dbm, -np.inf), in_range("gate_us", gate_us, 0.0)
    per_mw = gate * in_range("wavelength_nm", wavelength_nm, 1.0) / _PLANCK_LIGHT_MW_US_NM
    # In decibels, where a light that is too weak for a number in mW still is one of photons.
    return eta_from_db(db_from_eta(per_mw) - power_dbm)


def stray_clicks(n_stray: ArrayLike, eta_detector: ArrayLike) -> Array:
    """Chance that stray photons make a detector click.

    Parameters
    ----------
    n_stray : array_like
        Stray photons per gate, on average. [1]
    eta_detector : array_like
        Detector efficiency. [1]

    Returns
    -------
    ndarray
        1 - e^(-n eta), as light of many modes has it. [1]

    Raises
    ------
    ValueError
        If a number is out of range.
    """
    photons = in_range("n_stray", n_stray, 0.0)
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


def _effective_km(loss_db_per_km: Array, length: Array) -> Array:
    """Integral of the transmittance over the length; the length itself where nothing is lost. [km]"""
    lost = np.asarray(loss_db_per_km * length * np.log(10.0) / 10.0)
    safe = np.where(lost > 0, lost, 1.0)
    return np.where(lost > 0, -np.expm1(-lost) / safe, 1.0) * length
