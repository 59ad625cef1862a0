"""The figures of keys draw the outputs of the scenario, and each line ends where its key does."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import qpsviz as qps
from qpsviz.figures.columns import COLUMNS
from qpsviz.figures.key_columns import AXES, finite_line
from qpsviz.figures.parts import KEY_FLOOR

LIT = qps.preset("shared-fibre").replace(launch_dbm=-15.0)
SCENARIOS = {
    "fig7": qps.preset("fig7"), "lit": LIT, "metro-ring": qps.preset("metro-ring"),
    "no key": qps.preset("fig7").replace(misalignment=0.2), "short block": LIT.replace(n_block_pulses=1e5),
}  # fmt: skip
LINES = {"curves": "key_rate", "decoy": "key_rate_decoy"}


def lines(figure: str, scenario: qps.Scenario) -> dict[str, tuple[Any, Any]]:
    """The three lines of a figure, each under its output."""
    sources = COLUMNS[figure](scenario)["sources"]
    found = {
        output: (sources[f"{figure}.{part}"]["x"], sources[f"{figure}.{part}"]["present" if part == "curves" else "y"])
        for part, output in LINES.items()
    }
    finite = finite_line(scenario, figure)
    return {**found, "key_rate_finite": (finite["x"], finite["y"])}


@pytest.mark.parametrize("figure", AXES)
@pytest.mark.parametrize("state", SCENARIOS)
def test_a_point_of_a_line_is_the_output_of_the_scenario_there(state: str, figure: str) -> None:
    scenario = SCENARIOS[state]
    there = scenario if figure == "keys_length" or scenario.light.n_signals else scenario.replace(n_signals=1)
    for output, (x, y) in lines(figure, scenario).items():
        for i in np.flatnonzero(np.asarray(y) > KEY_FLOOR)[::17]:
            expected = qps.evaluate(there.replace(**{AXES[figure]: float(x[i])}), output)
            assert y[i] == pytest.approx(expected, rel=1e-6), (output, x[i])


@pytest.mark.parametrize("figure", AXES)
@pytest.mark.parametrize("state", SCENARIOS)
def test_a_line_goes_down_to_the_axis_where_its_key_ends(state: str, figure: str) -> None:
    scenario = SCENARIOS[state]
    for output, (x, y) in lines(figure, scenario).items():
        seen = np.flatnonzero(np.isfinite(y))
        if not seen.size or x[seen[-1]] == COLUMNS[figure](scenario)["ranges"][f"{figure}.x"][1]:
            continue
        before, end = (float(x[i]) for i in seen[-2:])
        there = scenario if figure == "keys_length" or scenario.light.n_signals else scenario.replace(n_signals=1)
        assert y[seen[-1]] == KEY_FLOOR
        assert qps.evaluate(there.replace(**{AXES[figure]: end}), output) <= KEY_FLOOR < y[seen[-2]]
        assert end - before < 0.01 * (x[-1] - x[0] if len(x) > 2 else 300.0) or output == "key_rate_finite"


def test_less_light_and_less_of_a_source_are_never_better_than_the_perfect_photon() -> None:
    for figure in AXES:
        drawn = lines(figure, LIT)
        perfect = dict(zip(*(column.tolist() for column in drawn["key_rate"]), strict=True))
        for output in ("key_rate_decoy", "key_rate_finite"):
            both = [(perfect[x], y) for x, y in zip(*drawn[output], strict=True) if x in perfect and y > KEY_FLOOR]
            assert len(both) > 5
            assert all(weaker < full for full, weaker in both)


def test_the_marker_is_on_the_line_of_perfect_photons_and_a_dot_on_that_of_decoys() -> None:
    for figure, axis in AXES.items():
        made = COLUMNS[figure](LIT)
        place = LIT.flat()[axis]
        assert made["marker"] == {"x": place, "y": qps.evaluate(LIT, "key_rate"), "on": True}
        dot = made["sources"][f"{figure}.decoy_now"]
        assert (dot["x"], dot["y"]) == ([place], [qps.evaluate(LIT, "key_rate_decoy")])


def test_without_classical_light_its_figure_shows_one_signal_and_no_marker() -> None:
    dark, one = qps.preset("fig7"), qps.preset("fig7").replace(n_signals=1)
    made, lit = COLUMNS["keys_launch"](dark), COLUMNS["keys_launch"](one)
    assert made["marker"] is None
    assert made["sources"]["keys_launch.decoy_now"] == {"x": [], "y": []}
    np.testing.assert_array_equal(
        made["sources"]["keys_launch.curves"]["present"], lit["sources"]["keys_launch.curves"]["present"]
    )
    assert lit["marker"] is not None


def test_where_no_scattering_is_known_its_figure_is_empty() -> None:
    unknown = qps.preset("fig7").replace(photon_nm=1310.0)
    assert len(COLUMNS["keys_launch"](unknown)["sources"]["keys_launch.curves"]["x"]) == 0
    assert finite_line(unknown, "keys_launch")["x"].size == 0
    assert finite_line(unknown, "keys_length")["x"].size > 0


def test_a_move_along_an_axis_leaves_the_lines_of_its_figure() -> None:
    before, after = (COLUMNS["keys_length"](LIT.replace(length_km=km))["sources"] for km in (31.0, 32.0))
    for part in LINES:
        for column in before[f"keys_length.{part}"]:
            np.testing.assert_array_equal(before[f"keys_length.{part}"][column], after[f"keys_length.{part}"][column])
    assert math.isfinite(before["keys_length.decoy_now"]["y"][0])


def test_the_length_of_a_block_moves_its_own_line_alone() -> None:
    long, short = LIT, LIT.replace(n_block_pulses=1e8, p_insecure=1e-6)
    for figure in AXES:
        before, after = lines(figure, long), lines(figure, short)
        for output in LINES.values():
            np.testing.assert_array_equal(before[output], after[output])
        assert before["key_rate_finite"][0].tolist() != after["key_rate_finite"][0].tolist()
