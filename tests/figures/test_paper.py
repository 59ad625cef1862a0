"""Figures of the paper as files: what is drawn is what was computed."""

import csv
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from qpsviz import ParameterError, preset, sweep
from qpsviz.figures.paper import draw, save_figures
from qpsviz.paper.datasets import figure


def test_every_file_of_a_figure_is_written_and_readable(tmp_path):
    files = save_figures(tmp_path, ("fig10a",), n_points=12)
    names = {file.name for file in files}
    assert {"fig10a.csv", "fig10a.png", "fig10a.svg"} <= names
    assert (tmp_path / "fig10a.png").read_bytes().startswith(b"\x89PNG")
    assert ET.parse(tmp_path / "fig10a.svg").getroot().tag.endswith("svg")
    with (tmp_path / "fig10a.csv").open(encoding="utf-8") as handle:
        header = next(csv.reader(handle))
    assert header == ["n_relays [1]", "length_km [km]", "fidelity [1]"]


@pytest.mark.parametrize("name", ["fig10a", "fig10b"])
def test_drawn_lines_are_the_swept_fidelities(name):
    data = figure(name, n_points=23)
    (axes,) = draw(name, data).axes
    lines = [line for line in axes.get_lines() if len(line.get_xdata()) == 23]
    again = sweep(preset(name), "fidelity", n_relays=[0, 1, 2, 3], length_km=np.linspace(0, 550, 23))
    assert len(lines) == 4
    for line, row in zip(lines, again.values, strict=True):
        np.testing.assert_array_equal(line.get_ydata(), row)


@pytest.mark.parametrize("name", ["fig11", "fig12"])
def test_maps_show_both_layouts_with_units_on_their_axes(name):
    sheet = draw(name, figure(name, n_points=8))
    maps = [axes for axes in sheet.axes if axes.get_title()]
    assert [axes.get_title() for axes in maps] == ["source in the middle", "source at the sender"]
    assert all("[" in axes.get_xlabel() for axes in maps)
    assert "[ms]" in maps[0].get_ylabel()


def test_an_unknown_figure_is_refused_before_anything_is_written(tmp_path):
    with pytest.raises(ParameterError, match="unknown figure 'fig9'"):
        save_figures(tmp_path / "out", ("fig9",))
    assert not (tmp_path / "out").exists()
