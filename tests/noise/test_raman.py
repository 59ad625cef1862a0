"""Classical light beside the photons: reach of the key of Fig. 7, and laws of Raman light."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qpsviz.noise.raman import dark_from_light, either_dark, raman_dbm
from qpsviz.protocols import qkd

LENGTHS = st.floats(0, 500)
POWERS = st.floats(-60, 20)
DIRECTION = st.sampled_from(["forward", "backward"])


def reach_km(launch_dbm: float, direction: str, suppression_db: float = 0.0) -> float:
    """Reach of the key of Fig. 7 beside one classical signal; 0.1 nm, 1 ns, to 10 m."""
    length_km = np.arange(0.0, 300.0, 0.01)
    stray = raman_dbm(length_km, launch_dbm=launch_dbm, direction=direction, suppression_db=suppression_db)
    dark = either_dark(1e-6, dark_from_light(stray, gate_us=1e-3, eta_detector=0.5))
    error = qkd.qber(0.5 * 10 ** (-0.02 * length_km), dark, 0.0)
    return float(length_km[qkd.secret_share(error, error, ec_inefficiency=1.15) > 0].max())


@pytest.mark.parametrize(
    ("direction", "launch_dbm", "expected_km"),
    [
        ("forward", 0.0, 106), ("forward", -10.0, 249),
        ("backward", 0.0, 51), ("backward", -10.0, 99), ("backward", -20.0, 149), ("backward", -30.0, 198),
    ],
)  # fmt: skip
def test_the_key_of_fig_7_ends_where_raman_light_drowns_it(direction: str, launch_dbm: float, expected_km: int) -> None:
    assert round(reach_km(launch_dbm, direction)) == expected_km


def test_a_hollow_core_lets_a_key_and_a_milliwatt_share_a_fibre() -> None:
    dark_fibre = reach_km(-math.inf, "forward")
    assert dark_fibre == pytest.approx(254.5, abs=0.1)
    assert reach_km(0.0, "forward") < 0.5 * dark_fibre
    assert reach_km(0.0, "forward", 24.0) > 0.95 * dark_fibre


@given(LENGTHS, POWERS, st.floats(-10, 10), DIRECTION)
def test_raman_light_follows_the_launched_power_db_for_db(
    length_km: float, launch_dbm: float, change_db: float, direction: str
) -> None:
    first, second = (
        raman_dbm(length_km, launch_dbm=p, direction=direction) for p in (launch_dbm, launch_dbm + change_db)
    )
    assert float(second) == pytest.approx(float(first) + change_db, abs=1e-9)


@given(st.floats(1e-3, 500), st.floats(0.01, 1.0), DIRECTION)
def test_raman_light_is_what_a_sum_over_short_pieces_of_fibre_scatters(
    length_km: float, loss_db_per_km: float, direction: str
) -> None:
    """Each piece scatters a share of what reaches it; its light runs on, or back to where the signal came from."""
    alpha, n = loss_db_per_km * math.log(10) / 10, 20_000
    z = (np.arange(n) + 0.5) * length_km / n
    way_km = z + (length_km - z if direction == "forward" else z)
    power_mw = 3e-9 * 0.1 * np.sum(np.exp(-alpha * way_km)) * length_km / n
    found = raman_dbm(length_km, launch_dbm=0.0, loss_db_per_km=loss_db_per_km, direction=direction)
    assert float(found) == pytest.approx(10 * math.log10(power_mw), abs=1e-3)


@given(st.floats(1e-3, 400), POWERS)
def test_light_against_the_photons_is_never_weaker_at_their_receiver(length_km: float, launch_dbm: float) -> None:
    forward, backward = (raman_dbm(length_km, launch_dbm=launch_dbm, direction=d) for d in ("forward", "backward"))
    assert float(backward) >= float(forward) - 1e-9


@given(LENGTHS)
def test_without_loss_both_directions_scatter_alike(length_km: float) -> None:
    both = [raman_dbm(length_km, launch_dbm=0.0, loss_db_per_km=0.0, direction=d) for d in ("forward", "backward")]
    assert float(both[0]) == float(both[1])


def test_no_signal_or_no_fibre_adds_no_clicks() -> None:
    for light in (raman_dbm(50.0, launch_dbm=-math.inf), raman_dbm(0.0, launch_dbm=0.0)):
        assert float(dark_from_light(light, gate_us=1e-3, eta_detector=0.5)) == 0.0


def test_one_photon_energy_per_gate_is_one_photon() -> None:
    """h c / (1550 nm) = 1.28e-19 J, so 1.28e-10 W for 1 ns; a perfect detector clicks with 1 - 1/e."""
    one_dbm = 10 * math.log10(6.62607015e-34 * 299792458.0 / 1550e-9 / 1e-9 / 1e-3)
    assert float(dark_from_light(one_dbm, gate_us=1e-3, eta_detector=1.0)) == pytest.approx(1 - math.exp(-1), rel=1e-8)


@given(st.floats(-300, 60), st.floats(1e-6, 1.0), st.floats(0, 1), st.floats(0, 1))
def test_clicks_stay_probabilities_and_stray_light_never_lowers_them(
    light_dbm: float, gate_us: float, eta: float, p_dark: float
) -> None:
    stray = dark_from_light(light_dbm, gate_us=gate_us, eta_detector=eta)
    assert 0.0 <= float(stray) <= 1.0
    assert p_dark - 1e-15 <= float(either_dark(p_dark, stray)) <= 1.0


@pytest.mark.parametrize(
    ("call", "named"),
    [
        (lambda: raman_dbm(-1.0, launch_dbm=0.0), "length_km = -1"),
        (lambda: raman_dbm(1.0, launch_dbm=math.nan), "launch_dbm = nan"),
        (lambda: raman_dbm(1.0, launch_dbm=0.0, direction="up"), "direction = 'up'"),
        (lambda: raman_dbm(1.0, launch_dbm=0.0, suppression_db=-1.0), "suppression_db = -1"),
        (lambda: dark_from_light(0.0, gate_us=-1.0, eta_detector=0.5), "gate_us = -1"),
        (lambda: dark_from_light(0.0, gate_us=1.0, eta_detector=1.5), r"eta_detector = 1\.5"),
        (lambda: either_dark(0.5, 2.0), "p_stray = 2"),
    ],
)
def test_what_cannot_be_is_refused_by_name_and_value(call: object, named: str) -> None:
    with pytest.raises(ValueError, match=named):
        call()  # type: ignore[operator]
