"""How strongly a fibre scatters classical light into the photons' filter: the Raman coefficient beta."""

from __future__ import annotations

from enum import StrEnum

import numpy as np

from qpsviz.errors import ParameterError
from qpsviz.units import Array, ArrayLike, eta_from_db, in_range

WORST_PER_KM_NM = 3e-9
C_BAND_NM = (1530.0, 1565.0)
HOLLOW_CORE_DB = 24.0
FARTHEST_THZ = 42.0

_LIGHT_NM_THZ = 299_792.458  # speed of light: wavelength in nm times frequency in THz
_PLANCK_J_PER_THZ = 6.62607015e-22
_THERMAL_THZ = 1.380649e-23 * 298.0 / _PLANCK_J_PER_THZ  # k T / h at 298 K
_REFERENCE_THZ = 206.184634112792
# Raman gain of standard fibre for a pump at _REFERENCE_THZ: how far below it [THz], gain [1/(W km)]. From GNPy 3.0.1
# (gnpy/core/parameters.py, BSD-3-Clause, Telecom Infra Project).
_GAIN_PROFILE = (
    (0, 0), (0.5, 0.011235161), (1, 0.0347838074), (1.5, 0.0579356636), (2, 0.080692168), (2.5, 0.0979845709),
    (3, 0.110454361), (3.5, 0.118735302), (4, 0.124736889), (4.5, 0.130110053), (5, 0.141001273), (5.5, 0.146383247),
    (6, 0.157011792), (6.5, 0.170765865), (7, 0.188408911), (7.5, 0.205914127), (8, 0.224074028), (8.5, 0.247508283),
    (9, 0.277729174), (9.5, 0.308044243), (10, 0.334764439), (10.5, 0.356481704), (11, 0.377127256),
    (11.5, 0.396269124), (12, 0.410955175), (12.5, 0.418718761), (12.75, 0.419511263), (13, 0.417025384),
    (13.25, 0.413565369), (13.5, 0.407726048), (14, 0.383671291), (14.5, 0.408564283), (14.75, 0.369571936),
    (15, 0.31444209), (15.5, 0.216074535), (16, 0.123097823), (16.5, 0.0895457457), (17, 0.07524704),
    (17.5, 0.0719806145), (18, 0.0887961158), (18.25, 0.0930812065), (18.5, 0.0937058268), (18.75, 0.0845719619),
    (19, 0.0690585286), (19.5, 0.0450407159), (20, 0.0336521245), (20.5, 0.0302292475), (21, 0.0269376939),
    (21.5, 0.0260020897), (22, 0.0282958958), (22.5, 0.0308667558), (23, 0.0366024657), (23.5, 0.0580610307),
    (24, 0.0654797937), (24.5, 0.0625022715), (25, 0.0537806442), (25.5, 0.0394996621), (26, 0.0268120644),
    (26.5, 0.0233038554), (27, 0.0179140757), (27.5, 0.0152472424), (28, 0.0132707565), (28.5, 0.010654176),
    (29, 0.00984649374), (29.5, 0.00913999627), (30, 0.00908971012), (30.5, 0.0104227525), (31, 0.0150419271),
    (31.5, 0.0177838232), (32, 0.0215810815), (32.5, 0.0203744008), (33, 0.0181939341), (33.5, 0.0131862121),
    (34, 0.00965352116), (34.5, 0.00862698322), (35, 0.00918688016), (35.5, 0.0101737784), (36, 0.0108017817),
    (36.5, 0.0103903588), (37, 0.00930040333), (37.5, 0.00830809173), (38, 0.00690650401), (38.5, 0.00552238029),
    (39, 0.00390648708), (39.5, 0.00222908227), (40, 0.00155796177), (40.5, 0.000977218716), (41, 0.000323477236),
    (41.5, 0.000160602454), (42, 7.97306386e-05),
)  # fmt: skip
_OFFSETS_THZ, _GAINS = np.array(_GAIN_PROFILE).T


class Scattering(StrEnum):
    """Where the Raman coefficient of a fibre comes from; a scenario holds the word."""

    C_BAND = "c_band"
    SPECTRUM = "spectrum"
    HOLLOW_CORE = "hollow_core"

    @property
    def label(self) -> str:
        """What is known of the fibre, in a few words."""
        return _LABELS[self]

    @property
    def follows_wavelength(self) -> bool:
        """Whether it depends on the wavelengths; else it is one number of the C band."""
        return self is Scattering.SPECTRUM


_LABELS = {
    Scattering.C_BAND: "C band, worst",
    Scattering.SPECTRUM: "by wavelength",
    Scattering.HOLLOW_CORE: "hollow core",
}


def raman_per_km_nm(signal_nm: ArrayLike, photon_nm: ArrayLike) -> Array:
    """Raman coefficient beta of glass, from its gain spectrum.

    Parameters
    ----------
    signal_nm, photon_nm : array_like
        Wavelength of the classical signal, and of the photons that its scattered light disturbs. [nm]

    Returns
    -------
    ndarray
        Share of the signal scattered per km of fibre and nm of filter, in one direction. [1/(km nm)]

    Raises
    ------
    ParameterError
        If a wavelength is not above 0, or both are farther apart than the spectrum reaches, 42 THz.

    Notes
    -----
    beta = h nu_q g(nu_s - nu_q) N c / lambda_q^2 with the gain g of GNPy's profile of silica, in proportion to the
    higher of both frequencies, and N = n + 1 towards longer waves, n towards shorter ones, n = 1/(e^(h dnu/kT) - 1) at
    298 K. Assumption: the receiver takes one polarisation, and so sees half of the scattered light; take twice as much
    for both.

    Examples
    --------
    >>> [f"{float(raman_per_km_nm(1550.0, photon_nm)):.1e}" for photon_nm in (1560.0, 1540.0, 1310.0)]
    ['3.7e-09', '3.2e-09', '9.8e-13']
    """
    signal, photon = in_range("signal_nm", signal_nm, 1.0), in_range("photon_nm", photon_nm, 1.0)
    above, below = _LIGHT_NM_THZ / signal, _LIGHT_NM_THZ / photon
    _refuse_far(signal, photon, np.abs(above - below) > FARTHEST_THZ)
    return _coefficient(above, below)


def total_per_km_nm(
    scattering: str, *, n_signals: ArrayLike, signal_nm: ArrayLike, signal_spacing_nm: ArrayLike, photon_nm: ArrayLike
) -> Array:
    """Raman coefficients of all signals of a comb together.

    Parameters
    ----------
    scattering : str
        Word of :class:`Scattering`.
    n_signals : array_like of int
        Signals, equally strong. [1]
    signal_nm, signal_spacing_nm : array_like
        Wavelength of the first, and by how much each further one is longer; where one value holds in the C band, all
        are taken to lie there. [nm]
    photon_nm : array_like
        Wavelength of the photons. [nm]

    Returns
    -------
    ndarray
        Sum of beta over the signals; 0 without any. [1/(km nm)]

    Raises
    ------
    ParameterError
        If a signal or the photons are where the coefficient is not known.

    Notes
    -----
    By wavelength: :func:`raman_per_km_nm`. Worst of the C band: 3e-9, the worst value there of Kumar, Qin and Alleaume
    (New J. Phys. 17, 043027 (2015)), which we have second hand, from a public test suite. Hollow core: that, less
    24 dB. Assumption: 24 dB is by how much more classical power 2 km of hollow core bore at equal noise than glass did,
    0 dBm against -24 dBm (abstract in J. Lightwave Technol., 2022); it stands for a coefficient that we know no
    measurement of.
    """
    kind, n = Scattering(scattering), in_range("n_signals", n_signals, 0.0)
    first, photon = in_range("signal_nm", signal_nm, 1.0), in_range("photon_nm", photon_nm, 1.0)
    last = first + np.maximum(n - 1, 0) * in_range("signal_spacing_nm", signal_spacing_nm, 0.0)
    if not kind.follows_wavelength:
        for name, wavelength in (("signal_nm", first), ("photon_nm", photon)):
            _refuse_outside_c_band(name, wavelength, n > 0)
        return n * WORST_PER_KM_NM * eta_from_db(HOLLOW_CORE_DB if kind is Scattering.HOLLOW_CORE else 0.0)
    below = _LIGHT_NM_THZ / photon
    for outermost in (first, last):
        _refuse_far(outermost, photon, (n > 0) & (np.abs(_LIGHT_NM_THZ / outermost - below) > FARTHEST_THZ))
    total = np.zeros(np.broadcast_shapes(n.shape, last.shape, photon.shape))
    for i in range(int(np.max(n, initial=0))):
        signal = first + i * np.asarray(signal_spacing_nm)
        total = total + np.where(i < n, _coefficient(_LIGHT_NM_THZ / signal, below), 0.0)
    return total


def _coefficient(signal_thz: Array, photon_thz: Array) -> Array:
    """Beta of two frequencies; at equal ones the limit, in which thermal phonons make up for the vanishing gain."""
    shift = np.asarray(signal_thz - photon_thz)
    far = np.maximum(np.abs(shift), 1e-9)
    gain = np.interp(far, _OFFSETS_THZ, _GAINS) * np.maximum(signal_thz, photon_thz) / _REFERENCE_THZ
    phonons = 1 / np.expm1(far / _THERMAL_THZ) + (shift > 0)
    per_nm = photon_thz**2 / _LIGHT_NM_THZ * 1e12  # c / lambda^2 [Hz/nm]
    return np.asarray(_PLANCK_J_PER_THZ * photon_thz * gain * phonons * per_nm)


def _refuse_far(signal_nm: Array, photon_nm: Array, is_far: ArrayLike) -> None:
    signal, photon, far = np.broadcast_arrays(signal_nm, photon_nm, is_far)
    if np.any(far):
        at, beside = float(signal[far][0]), float(photon[far][0])
        raise ParameterError(
            "signal_nm",
            f"a signal at {at:g} nm is {abs(_LIGHT_NM_THZ / at - _LIGHT_NM_THZ / beside):.3g} THz from "
            f"photon_nm = {beside:g}; the Raman spectrum ends at {FARTHEST_THZ:g} THz",
        )


def _refuse_outside_c_band(name: str, wavelength_nm: Array, is_lit: ArrayLike) -> None:
    wavelength, lit = np.broadcast_arrays(wavelength_nm, is_lit)
    outside = lit & ((wavelength < C_BAND_NM[0]) | (wavelength > C_BAND_NM[1]))
    if np.any(outside):
        what = "photon_nm =" if name == "photon_nm" else "a signal at"
        raise ParameterError(
            name,
            f"{what} {float(wavelength[outside][0]):g} nm is outside the C band, {C_BAND_NM[0]:g} … {C_BAND_NM[1]:g} nm"
            f'; choose the scattering "{Scattering.SPECTRUM.value}": {Scattering.SPECTRUM.label}',
        )
