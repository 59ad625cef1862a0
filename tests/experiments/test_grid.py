"""What is to be run: axes, what each point is, and what is refused before anything runs."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from qpsviz import Network, ParameterError, Scenario, Traffic, preset
from qpsviz.experiments import Grid

RING = Network.ring(n_nodes=4, length_km=5.0)


def test_a_grid_has_every_combination_in_the_order_of_its_axes() -> None:
    networks = {"ring": RING, "nsfnet": Network.nsfnet()}
    grid = Grid(
        {"a": "fig7", "b": preset("fig7").replace(p_dark=0.0)}, network=networks, traffic=Traffic(n_frames=50),
        seeds=[3, 4], load=np.array([0.1, 0.2]), n_wavelengths=[1, 2],
    )  # fmt: skip
    assert grid.shape == {"scenario": 2, "network": 2, "load": 2, "n_wavelengths": 2, "seed": 2}
    assert len(grid.points) == 32
    last = grid.points[-1]
    assert last.text == "scenario=b, network=nsfnet, load=0.2, n_wavelengths=2, seed=4"
    assert (last.scenario.p_dark, last.scenario.n_wavelengths, last.seed) == (0.0, 2, 4)
    assert last.network is networks["nsfnet"]
    assert last.traffic == Traffic(n_frames=50, load=0.2)
    assert grid.points[2].text == "scenario=a, network=ring, load=0.1, n_wavelengths=2, seed=3"
    assert len({point.digest for point in grid.points}) == 32


def test_presets_in_a_list_are_an_axis() -> None:
    assert Grid(["fig7", "fig11"]).shape == {"scenario": 2, "seed": 1}


def test_a_parameter_follows_its_axis() -> None:
    grid = Grid(Scenario(), t1_us=[10.0, 20.0], linked={"t2_us": "t1_us"})
    assert [(p.scenario.t1_us, p.scenario.t2_us) for p in grid.points] == [(10.0, 10.0), (20.0, 20.0)]


def test_n_frames_is_of_the_traffic_where_there_is_one_and_of_the_source_elsewhere() -> None:
    with_traffic = Grid(Scenario(), traffic=Traffic(), n_frames=[7]).points[0]
    assert with_traffic.traffic == Traffic(n_frames=7)
    assert with_traffic.scenario == Scenario()
    assert Grid(Scenario(), n_frames=[7]).points[0].scenario.n_frames == 7


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ({"lenght_km": [1.0]}, "did you mean length_km"),
        ({"load": [0.5]}, "load is of traffic: write traffic=qps.Traffic"),
        ({"length_km": [1.0, -1.0]}, "length_km = -1.0 must be"),
        ({"length_km": []}, "length_km needs a list of different values"),
        ({"length_km": [1.0, 1.0]}, "length_km needs a list of different values"),
        ({"length_km": 1.0}, "is no list of values"),
        ({"discipline": "burst"}, "is no list of values"),
        ({"traffic": Traffic(), "load": [-0.5]}, "load = -0.5 must be"),
        ({"traffic": 0.5}, "is no Traffic"),
        ({"network": "nsfnet"}, "is no Network"),
        ({"seeds": [-1]}, "seed = -1 must be"),
        ({"seeds": [1.5]}, "seed = 1.5 must be"),
        ({"seeds": range(100_001)}, "a grid of 100,001 points"),
        ({"linked": {"t2_us": "t1_us"}}, "which is not an axis"),
        ({"linked": {"t2_us": "t1_us"}, "t1_us": [1.0], "t2_us": [1.0]}, "cannot be an axis too"),
        ({"traffic": Traffic(), "start_us": [[0.0]]}, "give each a name"),
    ],
)
def test_what_cannot_be_run_is_refused_before_anything_is(given: dict[str, Any], fault: str) -> None:
    with pytest.raises(ParameterError, match=fault):
        Grid(Scenario(), **given)


def test_values_that_are_no_words_or_numbers_have_names() -> None:
    lists = {"early": [0.0], "late": [5.0]}
    traffic = Traffic(n_frames=1, start_us=[1.0], source=[0], destination=[1])
    grid = Grid(Scenario(), network=RING, traffic=traffic, start_us=lists)
    assert list(grid.axes["start_us"]) == ["early", "late"]
    assert [p.traffic.start_us for p in grid.points if p.traffic] == [[0.0], [5.0]]
