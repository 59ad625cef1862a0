"""Links with their own fibre, in a run and in its file."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import qpsviz as qps
from qpsviz.sim.results.channels import link_raman_dbm

LINE = qps.Network.line(n_relays=2, length_km=10.0)
LOSSES = {"link_loss_db_per_km": [0.5, math.nan, 0.1], "link_extra_loss_db": [0.0, 2.0, 0.7]}
QUIET = qps.Scenario().replace(loss_db_per_km=0.2, depol_per_km=0.0, t1_us=math.inf, t2_us=math.inf, n_frames=3)


def run_on(network: qps.Network, scenario: qps.Scenario = QUIET) -> qps.Run:
    """A run in which every frame arrives."""
    return qps.simulate(scenario.replace(p_free=1.0), network=network, seed=1, record="all")


def test_each_link_loses_what_it_says_and_what_the_scenario_says_otherwise() -> None:
    run = run_on(replace(LINE, **LOSSES))
    legs = run.legs[run.legs["frame"] == 0]
    ends_db = -10 * np.log10(legs["eta_in"][np.argsort(legs["hop"])])
    assert ends_db == pytest.approx([5.0, 5.0 + 2.0 + 2.0, 9.0 + 1.0 + 0.7])
    assert -10 * np.log10(run.frames["eta"]) == pytest.approx([10.7] * 3)


def test_each_link_depolarises_by_its_own_constant() -> None:
    run = run_on(replace(LINE, link_depol_per_km=[0.05, math.nan, 0.0]), QUIET.replace(depol_per_km=0.01))
    assert run.frames["c"] == pytest.approx([10 ** (-(0.5 + 0.1) / 10)] * 3)


def test_links_that_say_what_the_scenario_says_change_no_bit() -> None:
    same = run_on(replace(LINE, link_loss_db_per_km=[0.2] * 3, link_depol_per_km=[0.0] * 3))
    assert same.frames == run_on(LINE).frames


@pytest.mark.parametrize("changes", [LOSSES, {"link_power_dbm": [0.0, -math.inf, 3.0]}, {"routes_by": "relays"}])
def test_a_stored_run_keeps_what_its_links_say(tmp_path: Path, changes: dict[str, object]) -> None:
    run = run_on(replace(LINE, **changes))  # type: ignore[arg-type]
    run.save(tmp_path / "run.json")
    assert qps.Run.load(tmp_path / "run.json").network == run.network != LINE


def test_a_run_that_was_stored_before_links_said_anything_still_loads(tmp_path: Path) -> None:
    run = run_on(LINE)
    run.save(tmp_path / "run.json")
    whole = json.loads((tmp_path / "run.json").read_text())
    assert set(whole["network"]["links"]) == {"link", "from_node", "to_node", "length_km"}
    del whole["network"]["routes_by"]
    (tmp_path / "run.json").write_text(json.dumps(whole))
    assert qps.Run.load(tmp_path / "run.json").network == LINE


def test_a_stored_run_whose_link_gains_photons_is_refused(tmp_path: Path) -> None:
    run_on(replace(LINE, **LOSSES)).save(tmp_path / "run.json")
    text = (tmp_path / "run.json").read_text()
    (tmp_path / "run.json").write_text(text.replace('[0.5, "NaN", 0.1]', '[-0.5, "NaN", 0.1]'))
    with pytest.raises(ValueError, match=r"run\.json: link_loss_db_per_km = -0.5"):
        qps.Run.load(tmp_path / "run.json")


def test_classical_light_makes_raman_light_where_it_is_and_nowhere_else() -> None:
    lit = replace(LINE, link_power_dbm=[0.0, -math.inf, 3.0], **LOSSES)
    # P + beta (3e-9 /km/nm), 0.1 nm, 10 km, less the link's loss: 10 lg(3e-9) = -85.2288, twice the power is 3.01 dB.
    base_dbm = 10 * math.log10(3e-9 * 0.1 * 10.0)
    assert link_raman_dbm(QUIET, lit) == pytest.approx([base_dbm - 5.0, -math.inf, base_dbm + 3.0 - 1.7])
    assert np.all(np.isneginf(link_raman_dbm(QUIET, LINE)))


@pytest.mark.parametrize("layout", ["sender", "split"])
def test_every_fibre_of_a_run_takes_its_own_share_and_the_first_begins_with_all_photons(layout: str) -> None:
    scenario = qps.Scenario().replace(layout=layout, discipline="store", n_relays=2, length_km=90.0, correction="none")
    legs = qps.simulate(scenario, seed=1).legs
    of_fibre = 10 ** (-0.1 * scenario.fibre.loss_db_per_km * 90.0 / (3 if layout == "sender" else 6))
    np.testing.assert_allclose(legs["eta_out"][legs["hop"] == 0], 1.0)
    np.testing.assert_allclose(legs["eta_in"] / legs["eta_out"], of_fibre)
    np.testing.assert_allclose(legs["c_in"] / legs["c_out"], legs["c_in"][0])
