"""Raman coefficients of a fibre: values that were worked out elsewhere, and laws of thermal light."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qpsviz import ParameterError
from qpsviz.noise.scattering import Scattering, raman_per_km_nm, total_per_km_nm

C_BAND_NM = st.floats(1530, 1565)


@pytest.mark.parametrize(
    ("signal_nm", "photon_nm", "expected"),
    [
        (1550, 1549, 2.1e-9), (1550, 1540, 3.2e-9), (1550, 1560, 3.7e-9), (1550, 1490, 1.5e-9), (1550, 1460, 1.3e-9),
        (1550, 1310, 9.9e-13), (1530, 1310, 2.7e-12), (1310, 1550, 1.8e-10),
    ],
)  # fmt: skip
def test_the_spectrum_gives_the_values_that_others_worked_out_of_it(
    signal_nm: float, photon_nm: float, expected: float
) -> None:
    assert float(raman_per_km_nm(signal_nm, photon_nm)) == pytest.approx(expected, rel=0.03)


def test_photons_in_the_o_band_gain_35_db_over_the_c_band() -> None:
    gained = raman_per_km_nm(1550.0, 1540.0) / raman_per_km_nm(1550.0, 1310.0)
    assert round(10 * math.log10(float(gained))) == 35


@given(st.floats(1300, 1600), st.floats(0.5, 40))
def test_light_scatters_to_longer_and_shorter_waves_as_298_k_has_it(signal_nm: float, shift_thz: float) -> None:
    """Per photon and hertz, Stokes over anti-Stokes light is e^(h dnu/kT), but for the gain's slope with frequency."""
    light = 299792.458
    up, down = light / (light / signal_nm + shift_thz), light / (light / signal_nm - shift_thz)

    def per_photon(photon_nm: float) -> float:
        frequency, other = light / photon_nm, light / signal_nm
        return float(raman_per_km_nm(signal_nm, photon_nm)) / frequency**3 / max(frequency, other)

    boltzmann = math.exp(6.62607015e-34 * shift_thz * 1e12 / (1.380649e-23 * 298.0))
    assert per_photon(down) / per_photon(up) == pytest.approx(boltzmann, rel=1e-9)


@given(C_BAND_NM, st.floats(1e-7, 1e-3))
def test_close_to_the_signal_the_coefficient_stays_finite_and_steady(signal_nm: float, shift_nm: float) -> None:
    at, beside = raman_per_km_nm(signal_nm, [signal_nm, signal_nm + shift_nm])
    assert at == pytest.approx(2.1e-9, rel=0.05)
    assert beside == pytest.approx(at, rel=1e-3)


@given(st.integers(0, 12), st.floats(1500, 1540), st.floats(0, 3), C_BAND_NM)
def test_a_comb_scatters_as_its_signals_one_by_one(
    n: int, first_nm: float, spacing_nm: float, photon_nm: float
) -> None:
    single = [float(raman_per_km_nm(first_nm + i * spacing_nm, photon_nm)) for i in range(n)]
    found = total_per_km_nm(
        "spectrum", n_signals=n, signal_nm=first_nm, signal_spacing_nm=spacing_nm, photon_nm=photon_nm
    )
    assert float(found) == pytest.approx(math.fsum(single), rel=1e-12)


def test_the_number_of_signals_may_be_an_axis() -> None:
    found = total_per_km_nm(
        "spectrum",
        n_signals=np.arange(4)[:, None],
        signal_nm=np.array([1540.0, 1545.0]),
        signal_spacing_nm=1.0,
        photon_nm=1550.0,
    )
    assert found.shape == (4, 2)
    assert found[3, 1] == pytest.approx(sum(float(raman_per_km_nm(nm, 1550.0)) for nm in (1545.0, 1546.0, 1547.0)))


def test_glass_of_the_c_band_has_one_value_and_hollow_core_24_db_less() -> None:
    comb = {"n_signals": 5, "signal_nm": 1535.0, "signal_spacing_nm": 0.8, "photon_nm": 1550.0}
    glass, hollow = (float(total_per_km_nm(word, **comb)) for word in ("c_band", "hollow_core"))
    assert glass == pytest.approx(5 * 3e-9)
    assert 10 * math.log10(glass / hollow) == pytest.approx(24.0)
    assert [kind for kind in Scattering if kind.follows_wavelength] == [Scattering.SPECTRUM]


@pytest.mark.parametrize(
    ("word", "changes", "named"),
    [
        ("c_band", {"photon_nm": 1310.0}, "photon_nm = 1310 nm is outside the C band"),
        ("c_band", {"signal_nm": 1500.0}, "a signal at 1500 nm is outside the C band"),
        ("hollow_core", {"signal_nm": 1565.5}, r"a signal at 1565\.5 nm is outside the C band"),
        ("spectrum", {"photon_nm": 1250.0}, r"a signal at 1535 nm is 44\.5 THz from photon_nm = 1250"),
        ("spectrum", {"n_signals": 40, "signal_spacing_nm": 20.0}, r"a signal at 2315 nm is 63\.9 THz from"),
        ("spectrum", {"n_signals": math.nan}, "n_signals = nan"),
        ("spectrum", {"photon_nm": 0.0}, "photon_nm = 0"),
        ("glass", {}, "'glass' is not a valid Scattering"),
    ],
)  # fmt: skip
def test_a_wavelength_without_a_coefficient_is_refused_by_name(
    word: str, changes: dict[str, float], named: str
) -> None:
    comb = {"n_signals": 1, "signal_nm": 1535.0, "signal_spacing_nm": 0.8, "photon_nm": 1550.0}
    with pytest.raises(ValueError, match=named):
        total_per_km_nm(word, **(comb | changes))


def test_no_signals_need_no_coefficient() -> None:
    comb = {"signal_nm": 1000.0, "signal_spacing_nm": 0.8, "photon_nm": 1310.0}
    assert float(total_per_km_nm("c_band", n_signals=0, **comb)) == 0.0


def test_two_wavelengths_are_refused_where_the_spectrum_ends() -> None:
    with pytest.raises(ParameterError, match="ends at 42 THz") as refused:
        raman_per_km_nm([1550.0, 1700.0], 1310.0)
    assert refused.value.name == "signal_nm"
