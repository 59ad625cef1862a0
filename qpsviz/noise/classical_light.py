"""Classical signals and headers in a fibre of a scenario's photons: how many stray photons leave it with them.

Every fibre carries the same signals at the same power. Assumption: classical light is read and sent anew, or
amplified, at each relay, as a header is, and photons bypass what does so. The stray photons of one fibre pass the
relays and fibres behind it as photons do, a memory included. Left out: four-wave mixing, signals that leak through the
filter, and light of amplifiers.

A header is sent with its photons. In a time of its own it is dark while they pass, but for the rest that its isolation
leaves; what it scatters forward runs along with it, and so misses them. At a wavelength of its own, that of the first
signal, it is taken to be lit while they pass (Assumption: its carrier stays on): it leaks by its isolation and scatters
as one more signal that runs with them. Assumption: no filter at a relay takes off what has leaked.
"""

from __future__ import annotations

import math
from typing import Protocol

import numpy as np

from qpsviz.noise.raman import photons_per_gate, raman_dbm
from qpsviz.noise.scattering import total_per_km_nm
from qpsviz.units import Array, ArrayLike, Mask
from qpsviz.units.checks import one_of

#: What of a header's light counts; nothing, or as the header has a time or a wavelength of its own.
HEADER_LIGHT = ("ignored", "time", "wavelength")


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

    @property
    def header_light(self) -> str:
        """One of :data:`HEADER_LIGHT`."""

    @property
    def header_dbm(self) -> ArrayLike:
        """Power of a header where it enters a fibre. [dBm]"""

    @property
    def header_isolation_db(self) -> ArrayLike:
        """How much weaker a header is within filter and gate. [dB]"""


class SlottedLight(LightParameters, Protocol):
    """The same with the time of one pulse, which no gate outlasts."""

    @property
    def spacing_us(self) -> ArrayLike:
        """Time from one pulse to the next. [us]"""


def check_light(light: LightParameters) -> None:
    """Refuse signals beside photons where no Raman coefficient is known.

    Raises
    ------
    ParameterError
        Naming the wavelength.
    """
    if has_light(light):
        _total_per_km_nm(light, light.n_signals)
        _total_per_km_nm(light, _n_lit_headers(light))


def has_light(light: LightParameters) -> bool:
    """Whether any of the scenarios has classical light."""
    return light.header_light != HEADER_LIGHT[0] or bool(np.any(np.asarray(light.n_signals) > 0))


def is_dark(light: LightParameters, length_km: ArrayLike) -> Mask:
    """Whether no stray light leaves a fibre of a length, be it too little for a number; a header leaks at any. [km]"""
    is_unlit = (np.asarray(light.n_signals) == 0) | (np.asarray(length_km) == 0)
    return np.asarray(is_unlit & (light.header_light == HEADER_LIGHT[0]))


def stray_dbm(light: LightParameters, length_km: ArrayLike, *, loss_db_per_km: ArrayLike) -> Array:
    """Light of all signals and of the header within the filter, where it leaves a fibre with the photons.

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
    :func:`qpsviz.noise.raman.raman_dbm` with the sum of the signals' coefficients; a header adds its power, less its
    isolation and the loss of the fibre, and at a wavelength of its own the Raman light of one signal.
    """
    signals = _raman_dbm(
        light, length_km, loss_db_per_km=loss_db_per_km, launch_dbm=light.launch_dbm, n_signals=light.n_signals,
        direction=light.signal_direction,
    )  # fmt: skip
    if one_of("header_light", light.header_light, HEADER_LIGHT) == "ignored":
        return signals
    is_apart = light.header_light == "wavelength"
    lost_db = np.multiply(light.signal_loss_ratio if is_apart else 1.0, loss_db_per_km) * np.asarray(length_km)
    leaked = np.subtract(light.header_dbm, light.header_isolation_db) - lost_db
    scattered = _raman_dbm(
        light, length_km, loss_db_per_km=loss_db_per_km, launch_dbm=light.header_dbm, n_signals=_n_lit_headers(light),
        direction="forward",
    )  # fmt: skip
    return sum_dbm(signals, leaked, scattered)


def sum_dbm(*powers_dbm: ArrayLike) -> Array:
    """Powers together; -inf for none. [dBm]

    Examples
    --------
    >>> round(float(sum_dbm(0.0, 0.0)), 4), float(sum_dbm(-5000.0, -math.inf))
    (3.0103, -5000.0)
    """
    per_db = math.log(10.0) / 10.0
    return np.asarray(np.logaddexp.reduce(np.broadcast_arrays(*(np.multiply(per_db, p) for p in powers_dbm))) / per_db)


def _raman_dbm(
    light: LightParameters,
    length_km: ArrayLike,
    *,
    loss_db_per_km: ArrayLike,
    launch_dbm: ArrayLike,
    n_signals: ArrayLike,
    direction: str,
) -> Array:
    return raman_dbm(
        length_km,
        launch_dbm=launch_dbm,
        bandwidth_nm=light.filter_nm,
        loss_db_per_km=loss_db_per_km,
        signal_loss_db_per_km=np.multiply(light.signal_loss_ratio, loss_db_per_km),
        raman_per_km_nm=_total_per_km_nm(light, n_signals),
        direction=direction,
    )


def _n_lit_headers(light: LightParameters) -> int:
    """Headers that are lit at another wavelength while photons pass."""
    return int(light.header_light == "wavelength")


def open_us(gate_us: ArrayLike, *, spacing_us: ArrayLike) -> Array:
    """Time that a detector looks for one pulse: its gate, cut where the next one opens.

    Parameters
    ----------
    gate_us, spacing_us : array_like
        Time that a gate is set to, and time from one pulse to the next. [us]

    Returns
    -------
    ndarray
        The shorter of both. [us]
    """
    return np.asarray(np.minimum(gate_us, spacing_us))


def stray_photons(light: SlottedLight, power_dbm: ArrayLike) -> Array:
    """Photons per gate of stray light at the photons' wavelength.

    Parameters
    ----------
    light : SlottedLight
        The gate, the time of a pulse and the wavelength.
    power_dbm : array_like
        Stray light, as of :func:`stray_dbm`. [dBm]

    Returns
    -------
    ndarray
        Mean number. [1]
    """
    looks_us = open_us(light.gate_us, spacing_us=light.spacing_us)
    return photons_per_gate(power_dbm, gate_us=looks_us, wavelength_nm=light.photon_nm)


def _total_per_km_nm(light: LightParameters, n_signals: ArrayLike) -> Array:
    return total_per_km_nm(
        light.scattering,
        n_signals=n_signals,
        signal_nm=light.signal_nm,
        signal_spacing_nm=light.signal_spacing_nm,
        photon_nm=light.photon_nm,
    )
