"""The columns of every figure are the models' numbers, in the places that the figure draws."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import qpsviz as qps
from qpsviz.figures.columns import COLUMNS
from qpsviz.figures.plots import PLOTS, RELAYS, figure_json
from qpsviz.figures.theme import MODES
from qpsviz.paper.datasets import figure
from qpsviz.session.tabs.declared import TABS

SCENARIOS = {name: qps.preset(name) for name in ("first", "fig7", "fig10a", "fig12", "hollow-core")} | {
    "no relays": qps.Scenario().replace(n_relays=0),
    "many relays": qps.Scenario().replace(n_relays=7, length_km=700.0),
    "no key": qps.preset("fig7").replace(misalignment=0.2),
    "unequal times": qps.preset("fig10b").replace(t1_us=900.0, t2_us=300.0),
    "endless memory": qps.preset("fig10b").replace(t1_us=math.inf, t2_us=math.inf),
}
AXES = {"key_rate": "length_km", "fidelity": "length_km", "fidelity_t": "t1_us"}
KEY_FLOOR = 1e-8


def curves(name: str, scenario: qps.Scenario) -> dict[str, Any]:
    """Columns of a figure's curves."""
    return COLUMNS[name](scenario)["sources"][f"{name}.curves"]


def at(name: str, scenario: qps.Scenario, x: float, n_relays: int) -> float:
    """What a figure's output is at one place of its axis, asked of the scenario there."""
    if name == "fidelity_t":
        return qps.evaluate(scenario.replace(t1_us=1e3 * x, t2_us=1e3 * x, n_relays=n_relays), "fidelity")
    return qps.evaluate(scenario.replace(length_km=x, n_relays=n_relays), name)


@settings(max_examples=40)
@given(st.sampled_from(sorted(SCENARIOS)), st.sampled_from(sorted(AXES)), st.data())
def test_a_point_of_a_curve_is_the_output_of_the_scenario_there(state: str, name: str, data: st.DataObject) -> None:
    scenario = SCENARIOS[state]
    columns = curves(name, scenario)
    i = data.draw(st.integers(0, len(columns["x"]) - 1))
    for n in (*RELAYS, scenario.path.n_relays):
        column = "present" if n not in RELAYS else f"n{n}"
        expected = at(name, scenario, float(columns["x"][i]), n)
        if name == "key_rate" and expected <= KEY_FLOOR:
            leaves = i > 0 and at(name, scenario, float(columns["x"][i - 1]), n) > KEY_FLOOR
            expected = KEY_FLOOR if leaves else math.nan
        assert columns[column][i] == pytest.approx(expected, rel=1e-9, nan_ok=True)


@pytest.mark.parametrize("state", SCENARIOS)
def test_a_key_curve_goes_down_to_the_axis_at_the_reach_of_the_key(state: str) -> None:
    scenario = SCENARIOS[state]
    columns, reach = curves("key_rate", scenario), qps.evaluate(scenario, "reach_km")
    x, present = columns["x"], columns["present"]
    assert np.nanmin(present, initial=1.0) >= KEY_FLOOR, "the line leaves the frame of the figure"
    if 0 < reach < x[-1]:
        last = np.flatnonzero(np.isfinite(present))[-1]
        assert present[last] == KEY_FLOOR
        assert x[last] == pytest.approx(reach, rel=1e-3)


@pytest.mark.parametrize("name", ["key_rate", "fidelity"])
def test_moving_among_the_drawn_relays_changes_the_present_curve_alone(name: str) -> None:
    few, many = (SCENARIOS["first"].replace(n_relays=n) for n in (1, 3))
    before, after = curves(name, few), curves(name, many)
    assert [c for c in before if not np.array_equal(before[c], after[c], equal_nan=True)] in ([], ["present"])
    np.testing.assert_array_equal(after["present"], before["n3"])


@pytest.mark.parametrize("state", SCENARIOS)
def test_the_curves_are_those_of_a_sweep(state: str) -> None:
    scenario = SCENARIOS[state]
    columns = curves("fidelity", scenario)
    swept = qps.sweep(scenario, "fidelity", n_relays=[*RELAYS, scenario.path.n_relays], length_km=columns["x"])
    for n in RELAYS:
        np.testing.assert_allclose(columns[f"n{n}"], swept.isel(n_relays=n), rtol=1e-12)
    np.testing.assert_allclose(columns["present"], swept.isel(n_relays=-1), rtol=1e-12)
    other = scenario.replace(layout="sender" if scenario.path.layout == "split" else "split")
    for n in RELAYS:
        np.testing.assert_allclose(
            columns[f"o{n}"], qps.sweep(other, "fidelity", n_relays=[n], length_km=columns["x"])[0], rtol=1e-12
        )


@pytest.mark.parametrize("state", SCENARIOS)
@pytest.mark.parametrize("name", AXES)
def test_the_marker_lies_on_the_present_curve(state: str, name: str) -> None:
    scenario = SCENARIOS[state]
    marker = COLUMNS[name](scenario)["marker"]
    columns = curves(name, scenario)
    if name == "fidelity_t" and math.isinf(scenario.memory.t1_us):
        assert marker is None
    elif (name == "fidelity_t" and scenario.memory.t1_us != scenario.memory.t2_us) or (
        name == "key_rate" and qps.evaluate(scenario, name) <= KEY_FLOOR
    ):
        assert not marker["on"]
    else:
        assert marker["on"]
        assert marker["y"] == qps.evaluate(scenario, "key_rate" if name == "key_rate" else "fidelity")
        axis = {"fidelity_t": scenario.memory.t1_us / 1e3}.get(name, scenario.path.length_km)
        assert marker["x"] == axis
        assert axis <= columns["x"][-1]


@pytest.mark.parametrize("state", SCENARIOS)
@pytest.mark.parametrize(("name", "axis"), [("map_length", "length_km"), ("map_processing", "processing_us")])
def test_a_cell_of_a_map_is_the_fidelity_there(state: str, name: str, axis: str) -> None:
    scenario = SCENARIOS[state]
    made = COLUMNS[name](scenario)
    cells = made["sources"][f"{name}.image"]["image"]
    lo, hi = made["ranges"][f"{name}.x"]
    t_us = np.geomspace(10.0, 1e5, cells.shape[0])
    across = (np.linspace if axis == "length_km" else np.geomspace)(lo, hi, cells.shape[1])
    for i, j in ((0, 0), (10, 40), (40, 10), (-1, -1)):
        there = scenario.replace(t1_us=float(t_us[i]), t2_us=float(t_us[i]), **{axis: float(across[j])})
        assert cells[i, j] == pytest.approx(qps.evaluate(there, "fidelity"), rel=1e-9)


def test_a_contour_runs_where_the_fidelity_has_its_level() -> None:
    scenario = qps.preset("fig11")
    contours = COLUMNS["map_length"](scenario)["sources"]["map_length.contours"]
    levels = contours["level"]
    assert {0.5, 0.8, 0.9} <= set(levels)
    for xs, ys, level in zip(contours["xs"], contours["ys"], levels, strict=True):
        x, y = xs[len(xs) // 2], 1e3 * ys[len(ys) // 2]
        there = scenario.replace(length_km=x, t1_us=y, t2_us=y)
        assert qps.evaluate(there, "fidelity") == pytest.approx(level, abs=0.01)


def test_the_rule_of_the_key_rate_stands_at_its_reach() -> None:
    scenario = qps.preset("fig7")
    made = COLUMNS["key_rate"](scenario)
    reach = qps.evaluate(scenario, "reach_km")
    rule = made["sources"]["key_rate.rule"]
    assert rule["x"] == [pytest.approx(reach, abs=1e-6)]
    assert rule["text"] == [f"reach {reach:.1f} km"]
    present, x = curves("key_rate", scenario)["present"], curves("key_rate", scenario)["x"]
    assert np.all(np.isnan(present[x > reach + 1e-6]))
    assert np.all(np.isfinite(present[x < 0.99 * reach]))


@pytest.mark.parametrize("name", PLOTS)
def test_a_figure_has_a_model_for_everything_that_is_sent_to_it(name: str) -> None:
    made = COLUMNS[name](qps.preset("first"))
    wanted = {*made["sources"], *made["ranges"]}
    for mode in MODES:
        figure = figure_json(PLOTS[name], mode)
        assert wanted <= names_in(figure)
        sources = {m["attributes"]["name"]: m for m in models_in(figure) if m["name"] == "ColumnDataSource"}
        for source, columns in made["sources"].items():
            entries = dict(sources[source]["attributes"]["data"]["entries"])
            drawn = {"x", *entries["name"]} if "name" in entries else set(entries)  # one row for each named line
            assert drawn == set(columns), source


@pytest.mark.parametrize("name", PLOTS)
def test_both_axes_of_a_figure_carry_a_label_with_a_unit_or_a_pure_number(name: str) -> None:
    axes = [m for m in models_in(figure_json(PLOTS[name], "light")) if m["name"] in ("LinearAxis", "LogAxis")]
    labels = [axis["attributes"]["axis_label"] for axis in axes]
    assert len(labels) == 2
    assert all("[" in label or label == "fidelity F" for label in labels)


def models_in(part: Any) -> list[dict[str, Any]]:
    """Every Bokeh model in a figure as data."""
    if isinstance(part, dict):
        own = [part] if part.get("type") == "object" and "attributes" in part else []
        return own + [m for value in part.values() for m in models_in(value)]
    return [m for value in part for m in models_in(value)] if isinstance(part, list) else []


def names_in(figure: Any) -> set[str]:
    """Names that models of a figure were given."""
    return {m["attributes"]["name"] for m in models_in(figure) if m["attributes"].get("name")}


def test_every_plot_is_on_a_tab() -> None:
    assert {plot for tab in TABS.values() for plot in tab.plots} == set(PLOTS) == set(COLUMNS)


def test_the_repeaterless_bound_is_not_drawn_where_a_code_or_a_repeater_is_used() -> None:
    bound = {word: COLUMNS["key_rate"](qps.preset("fig7").replace(**word_of)) for word, word_of in BOUNDED.items()}
    drawn = {word: len(columns["sources"]["key_rate.bound"]["x"]) > 0 for word, columns in bound.items()}
    assert drawn == {"plain": True, "coded": False, "no processor": True}
    told = {word: bool(figure("fig7", n_points=3, **word_of).plob.notnull().all()) for word, word_of in BOUNDED.items()}
    assert told == drawn


BOUNDED: dict[str, dict[str, str]] = {
    "plain": {},
    "coded": {"correction": "steane"},
    "no processor": {"correction": "steane", "device": "near_term"},
}
