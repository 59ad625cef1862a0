"""Keys beside classical light: reaches of Fig. 7, a sum written out fibre by fibre, and no light as before."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qpsviz import ParameterError, Scenario, evaluate, outputs, preset, presets, solve, sweep
from qpsviz.closed_form.budget import budget

FIG7 = preset("fig7").replace(n_relays=0)
LIT = FIG7.replace(n_signals=1)
PHOTON_J = 6.62607015e-34 * 299792458.0 / 1550e-9


@pytest.mark.parametrize(
    ("direction", "launch_dbm", "expected_km"),
    [
        ("forward", 0.0, 106), ("forward", -10.0, 249),
        ("backward", 0.0, 51), ("backward", -10.0, 99), ("backward", -20.0, 149), ("backward", -30.0, 198),
    ],
)  # fmt: skip
def test_the_reach_of_fig_7_beside_one_signal_is_the_known_one(
    direction: str, launch_dbm: float, expected_km: int
) -> None:
    lit = LIT.replace(signal_direction=direction, launch_dbm=launch_dbm)
    assert round(evaluate(lit, "reach_km")) == expected_km
    assert evaluate(lit.replace(length_km=expected_km - 1.0), "key_rate") > 0
    assert evaluate(lit.replace(length_km=expected_km + 1.0), "key_rate") == 0


@pytest.mark.parametrize("name", [name for name in presets() if not preset(name).light.n_signals])
def test_without_signals_what_else_is_said_of_light_changes_no_number(name: str) -> None:
    dark = preset(name)
    said = dark.replace(launch_dbm=20.0, signal_direction="backward", scattering="spectrum", filter_nm=5.0, gate_us=1.0)
    for output in outputs():
        np.testing.assert_equal(evaluate(said, output.name), evaluate(dark, output.name), err_msg=output.name)
    assert evaluate(dark, "raman_per_gate") == 0.0


def by_hand(s: Scenario, *, beta: float) -> float:
    """Raman photons per gate, added up over short pieces of each fibre; signals enter every fibre anew."""
    n_fibres, n_pieces = s.path.n_relays + 1, 4000
    span_km = s.path.length_km / n_fibres
    z = (np.arange(n_pieces) + 0.5) * span_km / n_pieces
    lit_km = z if s.light.signal_direction == "forward" else span_km - z
    lost_db = (lit_km * s.light.signal_loss_ratio + span_km - z) * s.fibre.loss_db_per_km
    shared_km = float(np.sum(10 ** (-lost_db / 10))) * span_km / n_pieces
    in_watts = 1e-3 * 10 ** (s.light.launch_dbm / 10) * beta * s.light.filter_nm * shared_km
    made = in_watts * s.light.gate_us * 1e-6 / PHOTON_J
    behind_db = span_km * s.fibre.loss_db_per_km + s.switch.insertion_loss_db
    return float(sum(made * 10 ** (-behind_db * j / 10) for j in range(n_fibres)))


@given(
    n_relays=st.integers(0, 5), length_km=st.floats(0.1, 200), launch_dbm=st.floats(-60, 10),
    direction=st.sampled_from(["forward", "backward"]), insertion_loss_db=st.floats(0, 5),
    signal_loss_ratio=st.floats(0.5, 2.0), n_signals=st.integers(1, 8),
    discipline=st.sampled_from(["burst", "store", "circuit"]),
)  # fmt: skip
def test_noise_photons_are_those_added_up_fibre_by_fibre(
    n_relays: int, length_km: float, launch_dbm: float, direction: str, insertion_loss_db: float,
    signal_loss_ratio: float, n_signals: int, discipline: str,
) -> None:  # fmt: skip
    s = Scenario().replace(
        n_relays=n_relays, length_km=length_km, launch_dbm=launch_dbm, signal_direction=direction,
        insertion_loss_db=insertion_loss_db, signal_loss_ratio=signal_loss_ratio, n_signals=n_signals,
        discipline=discipline, filter_nm=0.3, gate_us=2e-3,
    )  # fmt: skip
    expected = by_hand(s, beta=3e-9 * n_signals)
    assert evaluate(s, "raman_per_gate") == pytest.approx(expected, rel=1e-5)


@given(st.integers(1, 32), st.floats(-40, 0), st.floats(0, 150), st.floats(0, 1e-3), st.sampled_from([0.1, 0.5, 1.0]))
def test_stray_clicks_are_random_bits_beside_those_of_the_detector(
    n_signals: int, launch_dbm: float, length_km: float, p_dark: float, eta_detector: float
) -> None:
    s = FIG7.replace(
        n_signals=n_signals, launch_dbm=launch_dbm, length_km=length_km, p_dark=p_dark, eta_detector=eta_detector
    )
    eta, n_stray = eta_detector * 10 ** (-0.02 * length_km), evaluate(s, "raman_per_gate")
    silent = (1 - p_dark) * math.exp(-n_stray * eta_detector)
    assert evaluate(s, "gain") == pytest.approx(1 - (1 - eta) * silent, rel=1e-9)
    assert evaluate(s, "qber_z") == pytest.approx(0.5 * (1 - silent) * (1 - eta) / evaluate(s, "gain"), rel=1e-9)


@given(st.floats(0, 200), st.integers(0, 4), st.sampled_from(["c_band", "spectrum", "hollow_core"]))
def test_more_light_a_wider_filter_or_a_longer_gate_never_helps_a_key(
    length_km: float, n_relays: int, scattering: str
) -> None:
    s = LIT.replace(length_km=length_km, n_relays=n_relays, scattering=scattering, launch_dbm=-20.0)
    for more in ({"launch_dbm": -15.0}, {"n_signals": 2}, {"filter_nm": 0.2}, {"gate_us": 2e-3}):
        assert evaluate(s.replace(**more), "key_rate") <= evaluate(s, "key_rate")


def test_without_dark_counts_the_reach_beside_light_is_still_an_end() -> None:
    """There the light alone ends it; it must not seem endless where both light and photons are below any number."""
    ends_km = evaluate(LIT.replace(p_dark=0.0), "reach_km")
    assert evaluate(LIT, "reach_km") <= ends_km < evaluate(LIT, "reach_km") + 0.2


def test_light_launched_anew_at_relays_ends_a_key_earlier() -> None:
    reaches = sweep(LIT, "reach_km", n_relays=[0, 1, 2, 3]).values
    assert np.all(np.diff(reaches) < 0)
    dark = sweep(FIG7, "reach_km", n_relays=[0, 3]).values
    assert dark[0] == dark[1]


def test_o_band_photons_and_hollow_core_live_with_a_milliwatt() -> None:
    in_c_band = evaluate(LIT.replace(scattering="spectrum", signal_direction="backward"), "reach_km")
    o_band = {"photon_nm": 1310.0, "loss_db_per_km": 0.33, "signal_loss_ratio": 0.6, "scattering": "spectrum"}
    assert evaluate(LIT.replace(**o_band, signal_direction="backward"), "reach_km") > 2.5 * in_c_band
    assert evaluate(LIT.replace(scattering="hollow_core"), "reach_km") > 0.99 * evaluate(FIG7, "reach_km")


def test_every_number_of_light_may_be_an_axis() -> None:
    axes = {
        "n_signals": [0, 1, 3], "launch_dbm": [-20.0, 0.0], "signal_nm": [1540.0, 1545.0],
        "photon_nm": [1550.0, 1555.0], "filter_nm": [0.1], "gate_us": [1e-3, 1e-2], "n_relays": [0, 2],
    }  # fmt: skip
    lit = LIT.replace(scattering="spectrum", length_km=30.0)
    found = sweep(lit, "raman_per_gate", **axes)
    for place in ((0, 1, 1, 1, 0, 1, 1), (1, 0, 1, 0, 0, 0, 0), (2, 1, 0, 1, 0, 1, 1)):
        point = {name: values[i] for (name, values), i in zip(axes.items(), place, strict=True)}
        assert float(found.values[place]) == pytest.approx(evaluate(lit.replace(**point), "raman_per_gate"), rel=1e-12)


def test_the_launch_power_that_a_key_bears_is_found() -> None:
    here = LIT.replace(length_km=80.0)
    power_dbm = solve(here, "launch_dbm", key_rate=1e-3)
    assert evaluate(here.replace(launch_dbm=power_dbm), "key_rate") == pytest.approx(1e-3, rel=1e-6)


def test_the_budget_charges_light_with_what_it_takes() -> None:
    lit = LIT.replace(length_km=80.0)
    taken_db = {cost.name: cost.loss_db for cost in budget(lit, "key_rate")}
    with_db, without_db = (-10 * math.log10(evaluate(s, "key_rate")) for s in (lit, lit.replace(n_signals=0)))
    assert taken_db["classical light"] == pytest.approx(with_db - without_db, abs=1e-9)
    assert {c.name for c in budget(FIG7, "key_rate")} == taken_db.keys() - {"classical light"}
    assert budget(LIT.replace(length_km=200.0), "key_rate")[-1].loss_db == math.inf


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"launch_dbm": math.nan}, "launch_dbm"), ({"launch_dbm": math.inf}, "launch_dbm"),
        ({"launch_dbm": -math.inf}, "launch_dbm"), ({"gate_us": 0.0}, "gate_us"), ({"filter_nm": 0.0}, "filter_nm"),
        ({"n_signals": -1}, "n_signals"), ({"n_signals": 1.5}, "n_signals"), ({"signal_direction": "up"}, "signal_dir"),
        ({"photon_nm": 1310.0}, "photon_nm = 1310 nm is outside the C band"),
        ({"scattering": "spectrum", "photon_nm": 1200.0}, "ends at 42 THz"),
    ],
)  # fmt: skip
def test_light_that_cannot_be_is_refused_by_name(changes: dict[str, object], named: str) -> None:
    with pytest.raises(ParameterError, match=named):
        LIT.replace(**changes)


def test_an_axis_that_leaves_the_known_wavelengths_is_refused() -> None:
    with pytest.raises(ParameterError, match="photon_nm = 1310 nm is outside"):
        sweep(LIT, "key_rate", photon_nm=[1550.0, 1310.0])
