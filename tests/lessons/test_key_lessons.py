"""Every number that the two lessons about keys state, computed; and each is found in their words."""

from __future__ import annotations

import math
from pathlib import Path

import nbformat
import pytest

import qpsviz as qps

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
FIG7 = qps.preset("fig7")
SHARED = qps.preset("shared-fibre")


def words(name: str) -> str:
    """All prose of a lesson on one line."""
    cells = nbformat.read(NOTEBOOKS / name, as_version=4).cells
    return " ".join(" ".join(c.source for c in cells if c.cell_type == "markdown").split())


@pytest.fixture(scope="module")
def relays() -> str:
    """The lesson about relays."""
    return words("06-does-doubling-the-relays-halve-the-reach.ipynb")


@pytest.fixture(scope="module")
def light() -> str:
    """The lesson about classical light."""
    return words("08-how-much-classical-light-does-a-key-bear.ipynb")


def is_the_end(scenario: qps.Scenario, output: str, length_km: float, digit_km: float) -> bool:
    """Whether a rate ends at a length, as written to a digit."""
    inside, outside = (
        qps.evaluate(scenario.replace(length_km=length_km + step), output) for step in (-digit_km / 2, digit_km / 2)
    )
    return inside > 0 and outside == 0


def test_relays_take_rate_and_no_reach(relays: str) -> None:
    rates = [qps.evaluate(FIG7.replace(n_relays=n), "key_rate") for n in range(4)]
    assert ", ".join(f"{rate:.3g}" for rate in rates[:3]) + f" and {rates[3]:.3g} bit per pulse" in relays
    for n in range(5):
        assert f"{qps.evaluate(FIG7.replace(n_relays=n), 'reach_km'):.1f} km" in relays
    at_end = qps.evaluate(FIG7.replace(length_km=254.5), "qber_z")
    assert f"{100 * at_end:.1f} % of all clicks" in relays


def test_a_switch_of_one_decibel_takes_five_kilometres(relays: str) -> None:
    lossy = [qps.evaluate(FIG7.replace(n_relays=n, insertion_loss_db=1.0), "reach_km") for n in (3, 4)]
    assert lossy[0] - lossy[1] == pytest.approx(5.0, abs=1e-6)
    assert f"ends at {lossy[1]:.1f} km" in relays


@pytest.mark.parametrize(("n_relays", "end_km"), [(0, 198), (2, 186), (4, 169)])
def test_relays_take_reach_of_a_block(relays: str, n_relays: int, end_km: int) -> None:
    assert f"at {end_km} km with" in relays
    assert is_the_end(FIG7.replace(n_relays=n_relays), "key_rate_finite", float(end_km), 1.0)
    assert is_the_end(FIG7.replace(n_relays=n_relays), "key_rate_decoy", 237.0, 1.0)
    assert "237 km with none and with four" in relays


def test_a_block_a_hundred_times_longer_saves_reach(relays: str) -> None:
    assert "four relays cost 12 km instead of 29 km" in relays
    long, short = FIG7.replace(n_block_pulses=1e12), FIG7
    for scenario, ends_km in ((long, (222.8, 211.2)), (short, (198.2, 169.1))):
        for n_relays, end_km in zip((0, 4), ends_km, strict=True):
            assert is_the_end(scenario.replace(n_relays=n_relays), "key_rate_finite", end_km, 0.2)
    assert (round(222.8 - 211.2), round(198.2 - 169.1)) == (12, 29)


def test_a_milliwatt_is_a_flood(light: str) -> None:
    assert f"{qps.evaluate(SHARED, 'raman_per_gate'):.3f} noise photons per gate at 40 km" in light
    lit, dark = (qps.evaluate(SHARED.replace(n_signals=n), "reach_km") for n in (1, 0))
    assert f"ends at {lit:.1f} km instead of {dark:.1f} km" in light


def test_a_tenth_of_power_filter_or_gate_is_the_same_tenth(light: str) -> None:
    tenths = [{"launch_dbm": -10.0}, {"filter_nm": 0.01}, {"gate_us": 1e-4}]
    for tenth in tenths:
        assert f"the reach is {qps.evaluate(SHARED.replace(**tenth), 'reach_km'):.1f} km each time" in light


def test_direction_and_power_set_the_reach(light: str) -> None:
    straight = SHARED.replace(n_relays=0)
    for direction, text in (("forward", "reach {} km at 0 dBm and {} km at −10 dBm"), ("backward", "{} km and {} km")):
        reaches = [
            round(qps.evaluate(straight.replace(signal_direction=direction, launch_dbm=dbm), "reach_km"))
            for dbm in (0.0, -10.0)
        ]
        assert text.format(*reaches) in light


def test_another_band_hollow_core_and_headers_have_the_reaches_that_are_said(light: str) -> None:
    o_band, c_band = (
        qps.evaluate(SHARED.replace(scattering="spectrum", signal_nm=1550.0, photon_nm=nm), "raman_per_gate")
        for nm in (1310.0, 1540.0)
    )
    assert f"meet {10 * math.log10(c_band / o_band):.0f} dB less noise" in light
    assert f"the key ends at {qps.evaluate(SHARED.replace(scattering='hollow_core'), 'reach_km'):.0f} km" in light
    headers = SHARED.replace(n_signals=0)
    lit, in_time = (qps.evaluate(headers.replace(header_light=kind), "reach_km") for kind in ("wavelength", "time"))
    assert f"ends the key at {lit:.1f} km" in light
    assert f"the key ends at {in_time:.0f} km" in light


def test_weak_pulses_bear_less_light(light: str) -> None:
    assert "decoys end at 28.7 km and one block of 10¹⁰ slots at 23.0 km" in light
    assert is_the_end(SHARED, "key_rate_decoy", 28.7, 0.2)
    assert is_the_end(SHARED, "key_rate_finite", 23.0, 0.2)
