"""The data of the paper's figures: axes, units, known points, and CSV that reads back."""

from __future__ import annotations

import csv
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from qpsviz import ParameterError, Scenario, evaluate, preset
from qpsviz.paper.datasets import figure, figures, memory_needed_us, write_csv

DATA = {name: figure(name, n_points=12) for name in figures()}


@pytest.mark.parametrize("name", figures())
def test_every_axis_and_variable_of_a_figure_has_its_unit_and_label(name: str) -> None:
    for variable in DATA[name].variables.values():
        assert variable.attrs["units"]
        assert variable.attrs["long_name"]
    assert DATA[name].attrs["title"] == figures()[name]
    assert Scenario.from_json(DATA[name].attrs["scenario"]) == preset(name)


def test_fig_7_has_the_rates_of_no_distance_and_a_common_reach() -> None:
    data = DATA["fig7"]
    found = data.key_rate.sel(length_km=0.0).values
    assert found == pytest.approx([0.500, 0.2475, 0.1225, 0.06062, 0.0300, 0.01484], rel=5e-4)
    np.testing.assert_allclose(data.reach_km, 254.5, atol=0.05)
    assert data.plob[0] == math.inf
    assert np.all(data.key_rate.sel(n_relays=0) <= data.plob)


@pytest.mark.parametrize(
    ("name", "crossings"), [("fig10a", [596.4, 344.7, 133.9, 0.0]), ("fig10b", [92.8, 61.4, None, 0.0])]
)
def test_fig_10_covers_550_km_and_marks_where_one_half_is_passed(name: str, crossings: list[float | None]) -> None:
    data = DATA[name]
    assert (float(data.length_km[0]), float(data.length_km[-1])) == (0, 550)
    for found, expected in zip(data.entanglement_reach_km.values, crossings, strict=True):
        assert expected is None or found == pytest.approx(expected, abs=0.06)


def test_fig_11_is_a_map_of_1e4_to_1e8_ns_against_length_in_both_layouts() -> None:
    data = DATA["fig11"]
    assert data.fidelity.dims == ("layout", "t1_us", "length_km")
    assert data.t1_us.values[[0, -1]].tolist() == pytest.approx([10.0, 1e5])
    assert data.layout.values.tolist() == ["split", "sender"]
    point = preset("fig11").replace(layout="split", t1_us=1e5, t2_us=1e5, length_km=550.0)
    assert float(data.fidelity[0, -1, -1]) == pytest.approx(evaluate(point, "fidelity"), rel=1e-12)


def test_fig_12_is_a_map_of_memory_against_1_ns_to_10_ms_with_three_contours() -> None:
    data = DATA["fig12"]
    assert data.processing_us.values[[0, -1]].tolist() == pytest.approx([1e-3, 1e4])
    assert data.fidelity_wanted.values.tolist() == [0.5, 0.8, 0.9]
    flat = data.memory_needed_us.sel(layout="split", fidelity_wanted=0.9)
    assert float(flat[0]) == pytest.approx(2070, abs=10)
    assert float(flat[-1]) == pytest.approx(2069.2 * 1e4 / 50, rel=1e-4)


def test_a_contour_of_fig_12_is_the_level_line_of_its_map() -> None:
    data = DATA["fig12"]
    for i, layout in enumerate(("split", "sender")):
        for j, wanted in enumerate((0.5, 0.8, 0.9)):
            for k, processing_us in enumerate(data.processing_us.values):
                time_us = float(data.memory_needed_us[i, j, k])
                length_km = {"split": 160.0, "sender": 80.0}[layout]
                found = preset("fig12").replace(
                    layout=layout, length_km=length_km, processing_us=processing_us, t1_us=time_us, t2_us=time_us
                )
                assert evaluate(found, "fidelity") == pytest.approx(wanted, abs=1e-9)
                line, better = data.fidelity[i, :, k], data.t1_us.values > time_us
                assert np.all((line.values >= wanted)[better])


def test_fig_13_compares_the_layouts_span_by_span() -> None:
    data = DATA["fig13"]
    assert data.fidelity.dims == ("layout", "n_relays", "length_km")
    one_relay = data.span_km.sel(n_relays=1, length_km=550.0)
    assert one_relay.values.tolist() == pytest.approx([550 / 4, 550 / 2])
    np.testing.assert_allclose(data.fidelity[0], DATA["fig10a"].fidelity, rtol=1e-14)
    np.testing.assert_allclose(data.fidelity[1], DATA["fig10b"].fidelity, rtol=1e-14)


def test_another_reading_gives_another_figure() -> None:
    printed = figure("fig10a", n_points=12, depol_convention="printed")
    assert float(printed.entanglement_reach_km[0]) == pytest.approx(59.6, abs=0.06)
    assert json.loads(printed.attrs["scenario"])["fibre"]["depol_convention"] == "printed"


def test_no_memory_is_good_enough_for_more_than_the_fibre_leaves() -> None:
    assert math.isnan(memory_needed_us(preset("fig11").replace(length_km=300.0), 0.9))


@pytest.mark.parametrize(
    ("name", "arguments", "named"),
    [
        ("fig8", {}, "unknown figure 'fig8'"),
        ("fig10", {}, r"did you mean fig10[ab]\?"),
        ("fig10a", {"n_points": 1}, "n_points = 1 must be a whole number"),
        ("fig10a", {"n_points": 2.5}, "n_points = 2.5"),
        ("fig10a", {"p_relays": 2}, "unknown parameter 'p_relays'"),
        ("fig10a", {"t2_us": 2000.0}, "t2_us = 2000 exceeds"),
        ("fig10a", {"length_km": 3.0}, "length_km is an axis of fig10a"),
        ("fig13", {"layout": "split"}, "layout is an axis of fig13"),
    ],
)
def test_a_bad_figure_is_refused_by_name(name: str, arguments: dict[str, Any], named: str) -> None:
    with pytest.raises(ParameterError, match=named):
        figure(name, **arguments)


@pytest.mark.parametrize("name", figures())
def test_a_csv_file_reads_back_to_the_figure_with_units_in_its_header(tmp_path: Path, name: str) -> None:
    data = DATA[name]
    columns_read = {}
    for file in write_csv(data, tmp_path / f"{name}.csv"):
        with file.open(encoding="utf-8", newline="") as handle:
            header, *rows = csv.reader(handle)
        for column, cells in zip(header, zip(*rows, strict=True), strict=True):
            variable, unit = column.removesuffix("]").split(" [")
            assert data[variable].attrs["units"] == unit
            columns_read[variable] = cells
    assert columns_read.keys() >= set(data.data_vars)
    for variable in data.data_vars:
        np.testing.assert_array_equal(np.array(columns_read[variable], dtype=float), data[variable].values.ravel())


def test_the_numbers_of_every_figure_are_written(tmp_path: Path) -> None:
    files = [file for name in figures() for file in write_csv(figure(name, n_points=3), tmp_path / f"{name}.csv")]
    assert {f.stem.split("-")[0] for f in files} == set(figures())
    assert all(f.stat().st_size > 0 for f in files)
