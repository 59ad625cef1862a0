"""Classical signals of a scenario in a fibre of its photons: how many stray photons leave it with them.

Every fibre carries the same signals at the same power. Assumption: classical light is read and sent anew, or
amplified, at each relay, as a header is, and photons bypass what does so. The stray photons of one fibre pass the
relays and fibres behind it as photons do, a memory included. Left out: four-wave mixing, signals that leak through the
filter, and light of amplifiers.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np

from qpsviz.noise.raman import photons_per_gate, raman_dbm
from qpsviz.noise.scattering import total_per_km_nm
from qpsviz.units import Array, ArrayLike


class LightParameters(Protocol):
    """What a scenario says of its classical light, as numbers or arrays that broadcast, and words."""

    @property
    def n_signals(self) -> ArrayLike:
        """Classical signals in every fibre. [1]"""

    @property
    def launch_dbm(self) -> ArrayLike:
        """Power of each where it enters. [dBm]"""

    @property
    def signal_direction(self) -> str:
        """``"forward"`` with the photons, ``"backward"`` against them."""

    @property
    def scattering(self) -> str:
        """Word of :class:`qpsviz.noise.scattering.Scattering`."""

    @property
    def signal_nm(self) -> ArrayLike:
        """Wavelength of the first signal. [nm]"""

    @property
    def signal_spacing_nm(self) -> ArrayLike:
        """From one signal to the next. [nm]"""

    @property
    def signal_loss_ratio(self) -> ArrayLike:
        """Loss of the signals over that of the photons, both in dB. [1]"""

    @property
    def photon_nm(self) -> ArrayLike:
        """Wavelength of the photons. [nm]"""

    @property
    def filter_nm(self) -> ArrayLike:
        """Width of the receiver's filter. [nm]"""

    @property
    def gate_us(self) -> ArrayLike:
        """Time that a detector looks, per pulse. [us]"""


def check_light(light: LightParameters) -> None:
    """Refuse signals beside photons where no Raman coefficient is known.

    Raises
    ------
    ParameterError
        Naming the wavelength.
    """
    if has_light(light):
        _total_per_km_nm(light)


def has_light(light: LightParameters) -> bool:
    """Whether any of the scenarios has classical light."""
    return bool(np.any(np.asarray(light.n_signals) > 0))


def stray_dbm(light: LightParameters, length_km: ArrayLike, *, loss_db_per_km: ArrayLike) -> Array:
    """Raman light of all signals within the filter, where it leaves a fibre with the photons.

    Parameters
    ----------
    light : LightParameters
        The signals, the filter and the photons.
    length_km : array_like
        Length of the fibre. [km]
    loss_db_per_km : array_like
        What it takes of the photons; of the signals, ``signal_loss_ratio`` times as much. [dB/km]

    Returns
    -------
    ndarray
        Power, -inf without signals. [dBm]

    Raises
    ------
    ValueError
        If a number is out of range.

    Notes
    -----
    :func:`qpsviz.noise.raman.raman_dbm` with the sum of the signals' coefficients.
    """
    return raman_dbm(
        length_km,
        launch_dbm=light.launch_dbm,
        bandwidth_nm=light.filter_nm,
        loss_db_per_km=loss_db_per_km,
        signal_loss_db_per_km=np.multiply(light.signal_loss_ratio, loss_db_per_km),
        raman_per_km_nm=_total_per_km_nm(light),
        direction=light.signal_direction,
    )


def stray_photons(light: LightParameters, power_dbm: ArrayLike) -> Array:
    """Photons per gate of stray light at the photons' wavelength.

    Parameters
    ----------
    light : LightParameters
        The gate and the wavelength.
    power_dbm : array_like
        Stray light, as of :func:`stray_dbm`. [dBm]

    Returns
    -------
    ndarray
        Mean number. [1]
    """
    return photons_per_gate(power_dbm, gate_us=light.gate_us, wavelength_nm=light.photon_nm)


def _total_per_km_nm(light: LightParameters) -> Array:
    return total_per_km_nm(
        light.scattering,
        n_signals=light.n_signals,
        signal_nm=light.signal_nm,
        signal_spacing_nm=light.signal_spacing_nm,
        photon_nm=light.photon_nm,
    )
