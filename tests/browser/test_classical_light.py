"""Classical light on the page: its controls, what they change, and what the budget says of it."""

from __future__ import annotations

from typing import Any

import pytest

import qpsviz as qps
from qpsviz.closed_form.budget import budget


def test_the_first_signal_wakes_the_controls_of_light_and_changes_the_key(explorer: Any) -> None:
    explorer.start("fig7", length_km=40.0)
    explorer.open_groups()
    assert explorer.message("launch_dbm") == "No classical light in the fibres."
    explorer.type_into("n_signals", "1")
    assert explorer.message("launch_dbm") == ""
    assert explorer.message("signal_nm") == "One value holds all over the C band."
    assert explorer.scenario == qps.preset("fig7").replace(length_km=40.0, n_signals=1)
    explorer.check_everything_shown()
    explorer.act(lambda: explorer.choose("scattering", "hollow_core"))
    assert explorer.scenario.light.scattering == "hollow_core"
    explorer.check_everything_shown()


def test_photons_outside_the_c_band_are_refused_in_words_and_taken_by_wavelength(explorer: Any) -> None:
    explorer.start("shared-fibre")
    explorer.open_groups()
    explorer.type_into("photon_nm", "1310")
    said = explorer.message("photon_nm")
    assert "outside the C band" in said
    assert "_" not in said
    assert explorer.scenario == qps.preset("shared-fibre")
    explorer.type_into("photon_nm", "1550")
    explorer.act(lambda: explorer.choose("scattering", "spectrum"))
    explorer.type_into("photon_nm", "1310")
    assert explorer.message("photon_nm") == ""
    explorer.check_everything_shown()


def test_the_budget_draws_what_light_takes_of_the_key(explorer: Any) -> None:
    scenario = explorer.start("shared-fibre", tab="budget")
    explorer.page.locator(".qps-budget").get_by_label("key rate").check()
    taken_db = budget(scenario, "key_rate")[-1].loss_db
    bar = explorer.page.locator(".qps-waterfall .qps-cost-light")
    assert bar.count() == 1
    rows = explorer.ask("p => p.contents.get('budget').data.key_rate.rows")
    assert rows[-1]["name"] == "classical light"
    assert rows[-1]["change"] == pytest.approx(taken_db)
    noise = next(g for g in explorer.ask("p => p.contents.get('budget').data.goals") if g["name"] == "raman_per_gate")
    assert float(noise["now"].replace(" m", "e-3")) == pytest.approx(qps.evaluate(scenario, "raman_per_gate"), rel=1e-3)
