"""The light of headers beside their photons, and the way around amplifiers: sums written out, and runs."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qpsviz import ParameterError, Scenario, evaluate, outputs, preset, presets, simulate
from qpsviz.closed_form.budget import budget
from qpsviz.noise.classical_light import sum_dbm

FIG7 = preset("fig7").replace(length_km=60.0)
PHOTON_J = 6.62607015e-34 * 299792458.0 / 1550e-9


def photons(power_dbm: float, s: Scenario) -> float:
    """Photons per gate of a power, by hand."""
    return 1e-3 * 10 ** (power_dbm / 10) * s.light.gate_us * 1e-6 / PHOTON_J


def through(n_made: float, s: Scenario) -> float:
    """Photons at the end of the path of which each fibre's end adds as many."""
    n_fibres = s.path.n_relays + 1
    behind_db = s.path.length_km / n_fibres * s.fibre.loss_db_per_km + s.switch.insertion_loss_db
    return sum(n_made * 10 ** (-behind_db * j / 10) for j in range(n_fibres))


@given(
    n_relays=st.integers(0, 4), length_km=st.floats(0.0, 150.0), header_dbm=st.floats(-40.0, 10.0),
    header_isolation_db=st.floats(40.0, 160.0), insertion_loss_db=st.floats(0.0, 5.0),
    signal_loss_ratio=st.floats(0.5, 2.0), kind=st.sampled_from(["time", "wavelength"]),
)  # fmt: skip
def test_a_header_leaks_by_its_isolation_and_scatters_only_at_another_wavelength(
    n_relays: int, length_km: float, header_dbm: float, header_isolation_db: float, insertion_loss_db: float,
    signal_loss_ratio: float, kind: str,
) -> None:  # fmt: skip
    s = FIG7.replace(
        n_relays=n_relays, length_km=length_km, header_light=kind, header_dbm=header_dbm,
        header_isolation_db=header_isolation_db, insertion_loss_db=insertion_loss_db,
        signal_loss_ratio=signal_loss_ratio,
    )  # fmt: skip
    ratio = signal_loss_ratio if kind == "wavelength" else 1.0
    lost_db = length_km / (n_relays + 1) * s.fibre.loss_db_per_km * ratio
    expected = through(photons(header_dbm - header_isolation_db - lost_db, s), s)
    if kind == "wavelength":
        one = s.replace(header_light="ignored", n_signals=1, launch_dbm=header_dbm, signal_direction="forward")
        expected += evaluate(one, "raman_per_gate")
    assert evaluate(s, "raman_per_gate") == pytest.approx(expected, rel=1e-9)


def test_headers_and_signals_add_up() -> None:
    signals = FIG7.replace(n_signals=3, launch_dbm=-25.0, signal_direction="backward")
    headers = FIG7.replace(header_light="wavelength", header_dbm=-12.0)
    both = signals.replace(header_light="wavelength", header_dbm=-12.0)
    parts = [evaluate(s, "raman_per_gate") for s in (signals, headers)]
    assert evaluate(both, "raman_per_gate") == pytest.approx(math.fsum(parts), rel=1e-12)


def test_a_time_of_its_own_spares_the_photons_what_a_wavelength_of_its_own_scatters() -> None:
    lit = {kind: FIG7.replace(header_light=kind, header_isolation_db=150.0) for kind in ("time", "wavelength")}
    assert evaluate(lit["time"], "reach_km") == pytest.approx(evaluate(FIG7, "reach_km"), rel=1e-2)
    one_signal = FIG7.replace(n_signals=1)
    assert evaluate(lit["wavelength"], "reach_km") == pytest.approx(evaluate(one_signal, "reach_km"), rel=1e-2)


@pytest.mark.parametrize("name", presets())
def test_with_headers_left_out_what_else_is_said_of_them_changes_no_number(name: str) -> None:
    said = preset(name).replace(header_dbm=20.0, header_isolation_db=40.0)
    for output in outputs():
        np.testing.assert_equal(evaluate(said, output.name), evaluate(preset(name), output.name))


def test_a_bypass_costs_each_relay_its_loss_where_signals_are_amplified() -> None:
    lit = FIG7.replace(n_signals=1, launch_dbm=-20.0)
    bypassed, inserted = lit.replace(bypass_loss_db=1.0), lit.replace(insertion_loss_db=1.0)
    for output in outputs():
        assert evaluate(bypassed, output.name) == pytest.approx(evaluate(inserted, output.name), rel=1e-12)
    assert evaluate(bypassed, "loss_db") == evaluate(lit, "loss_db") + 2.0
    dark = FIG7.replace(bypass_loss_db=1.0)
    assert evaluate(dark, "loss_db") == evaluate(FIG7, "loss_db")


@pytest.mark.parametrize("changes", [{"header_light": "wavelength"}, {"header_light": "time"}, {"n_signals": 2}])
def test_the_budget_charges_the_bypass_to_switches_and_light_with_what_it_takes(changes: dict[str, object]) -> None:
    lit = FIG7.replace(length_km=20.0, header_dbm=-20.0, launch_dbm=-20.0, bypass_loss_db=1.0, **changes)
    costs = budget(lit, "key_rate")
    assert math.fsum(c.loss_db for c in costs) == pytest.approx(-10 * math.log10(evaluate(lit, "key_rate")))
    switches = [c.loss_db for c in costs if c.kind == "switch"]
    assert switches == ([] if "n_signals" not in changes else pytest.approx([1.0, 1.0]))
    dark = FIG7.replace(length_km=20.0, insertion_loss_db=1.0 if "n_signals" in changes else 0.0)
    taken_db = 10 * math.log10(evaluate(dark, "key_rate") / evaluate(lit, "key_rate"))
    assert next(c.loss_db for c in costs if c.kind == "light") == pytest.approx(taken_db)


@settings(max_examples=10, deadline=None)
@given(
    kind=st.sampled_from(["time", "wavelength"]), n_signals=st.integers(0, 2),
    discipline=st.sampled_from(["burst", "store"]), bypass_loss_db=st.floats(0.0, 2.0),
)  # fmt: skip
def test_a_run_meets_the_same_light_as_the_closed_form(
    kind: str, n_signals: int, discipline: str, bypass_loss_db: float
) -> None:
    s = FIG7.replace(
        header_light=kind, n_signals=n_signals, discipline=discipline, bypass_loss_db=bypass_loss_db, p_free=1.0,
        launch_dbm=-30.0, n_frames=2,
    )  # fmt: skip
    arrived = np.asarray(simulate(s, seed=1).frames["raman_per_gate"])
    assert arrived == pytest.approx(np.full(2, evaluate(s, "raman_per_gate")), rel=1e-9)


def test_a_header_at_a_wavelength_without_a_coefficient_is_refused_and_one_in_time_is_not() -> None:
    assert evaluate(FIG7.replace(header_light="time", photon_nm=1310.0), "raman_per_gate") > 0
    with pytest.raises(ParameterError, match="outside the C band"):
        FIG7.replace(header_light="wavelength", photon_nm=1310.0)


def test_powers_add_up_and_none_adds_nothing() -> None:
    assert sum_dbm(-30.0, -math.inf, -30.0) == pytest.approx(-30.0 + 10 * math.log10(2.0), rel=1e-12)
    assert sum_dbm(-math.inf, -math.inf) == -math.inf
    assert sum_dbm(-9000.0, -8990.0) == pytest.approx(-8990.0 + 10 * math.log10(1.1), rel=1e-12)
