"""Axes and links of sweeps, what is refused of them, and large grids."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from qpsviz import ParameterError, Scenario, evaluate, preset, sweep


def test_a_sweep_says_its_units_labels_and_source() -> None:
    found = sweep(Scenario(), "delay_us", length_km=[1.0, 2.0], t1_us=[1e3])
    assert found.name == "delay_us"
    assert found.attrs["units"] == "us"
    assert found.attrs["long_name"]
    assert found.attrs["source"]
    assert (found.length_km.attrs["units"], found.t1_us.attrs["units"]) == ("km", "us")


def test_a_linked_parameter_follows_its_axis() -> None:
    found = sweep(preset("fig12"), "fidelity", linked={"t2_us": "t1_us"}, t1_us=[100.0, 1e4])
    expected = [evaluate(preset("fig12").replace(t1_us=t, t2_us=t), "fidelity") for t in (100.0, 1e4)]
    assert found.values.tolist() == pytest.approx(expected, rel=1e-14)


@pytest.mark.parametrize(
    ("axes", "named"),
    [
        ({"lenth_km": [1.0]}, r"unknown parameter 'lenth_km'; did you mean length_km\?"),
        ({"length_km": 5.0}, "length_km needs a list of values"),
        ({"length_km": []}, "length_km needs a list of values"),
        ({"length_km": [[1.0], [2.0]]}, "length_km needs a list of values"),
        ({"length_km": [[1.0, 2.0], [3.0]]}, "length_km needs a list of values"),
        ({"length_km": [1.0, math.nan]}, "length_km = nan must be"),
        ({"length_km": [1.0, -1.0]}, "length_km = -1.0 must be"),
        ({"length_km": ["far", 1.0]}, "length_km = 'far' must be"),
        ({"length_km": [1 + 1j]}, "length_km = .* must be"),
        ({"length_km": [True]}, "length_km = True must be"),
        ({"n_relays": [1.5]}, "n_relays .* whole number"),
        ({"n_relays": [10**400]}, "n_relays = .* must be"),
        ({"layout": ["spilt"]}, "layout = 'spilt' must be one of split, sender"),
        ({"partner_noise": [0, 1]}, "partner_noise = 0 must be true or false"),
        ({"t2_us": [400.0, 1001.0]}, r"t2_us = 1001 exceeds 2 \* t1_us = 1000"),
        ({"t1_us": [249.0, 1e3]}, r"t2_us = 500 exceeds 2 \* t1_us = 498"),
    ],
)
def test_a_bad_axis_is_refused_by_name(axes: dict[str, Any], named: str) -> None:
    for name in ("fidelity", "loss_db"):
        with pytest.raises(ParameterError, match=named):
            sweep(Scenario(), name, **axes)


@pytest.mark.parametrize(
    ("linked", "named"),
    [
        ({"t2_us": "length_km"}, "t2_us is linked to length_km, which is not an axis"),
        ({"p_free": "t1_us"}, "p_free = 1000.0 must be"),
        ({"layout": "t1_us"}, "layout = 1000.0 must be"),
        ({"T2": "t1_us"}, "unknown parameter 'T2'"),
    ],
)
def test_a_bad_link_is_refused_by_name(linked: dict[str, str], named: str) -> None:
    with pytest.raises(ParameterError, match=named):
        sweep(Scenario(), "fidelity", linked=linked, t1_us=[1000.0])


def test_a_parameter_cannot_follow_an_axis_and_be_one() -> None:
    with pytest.raises(ParameterError, match="t2_us is linked to t1_us and cannot be an axis too"):
        sweep(Scenario(), "fidelity", linked={"t2_us": "t1_us"}, t1_us=[1.0], t2_us=[3.0])


@pytest.mark.parametrize("name", ["fidelty", "", "FIDELITY", "t1_us", "__init__", "values", "compute"])
def test_an_unknown_output_is_refused_by_name(name: str) -> None:
    with pytest.raises(ParameterError, match="unknown output"):
        evaluate(Scenario(), name)
    with pytest.raises(ParameterError, match="unknown output"):
        sweep(Scenario(), name, length_km=[1.0])


def test_a_misspelt_output_is_answered_with_the_right_one() -> None:
    with pytest.raises(ParameterError, match=r"did you mean fidelity\?"):
        evaluate(Scenario(), "fidelty")


@pytest.mark.parametrize(
    "order", [("length_km", "n_relays", "t1_us"), ("t1_us", "length_km", "discipline", "n_relays")]
)
@pytest.mark.parametrize("name", ["fidelity", "key_rate", "delay_us", "concurrence"])
def test_a_large_grid_computed_in_blocks_has_the_numbers_of_small_ones_bit_for_bit(
    monkeypatch: pytest.MonkeyPatch, order: tuple[str, ...], name: str
) -> None:
    values = {
        "length_km": np.linspace(0.0, 300.0, 7), "n_relays": [0, 3, 1], "t1_us": np.geomspace(10.0, 1e5, 11),
        "discipline": ["store", "burst"],
    }  # fmt: skip
    scenario, linked = preset("fig10b"), {"t2_us": "t1_us"}
    whole = sweep(scenario, name, linked=linked, **{axis: values[axis] for axis in order})
    for n_values in (1, 13, 40):
        monkeypatch.setattr("qpsviz.closed_form.sweep.BLOCK_VALUES", n_values)
        in_blocks = sweep(scenario, name, linked=linked, **{axis: values[axis] for axis in order})
        assert in_blocks.identical(whole)
        assert in_blocks.to_numpy().tobytes() == whole.to_numpy().tobytes()


def test_memories_that_no_physics_allows_are_refused_wherever_they_are_on_a_large_grid(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("qpsviz.closed_form.sweep.BLOCK_VALUES", 2)
    with pytest.raises(ParameterError, match="t2_us"):
        sweep(Scenario(), "fidelity", t1_us=[1e3, 1e3, 2.0], t2_us=[5.0, 6.0], length_km=[1.0, 2.0])


@pytest.mark.parametrize("name", ["fidelity", "key_rate", "dwell_us", "delivered_share", "loss_db", "concurrence"])
@pytest.mark.parametrize(
    "changes",
    [{}, {"storage": "recirculating"}, {"guard_us": 90.0, "release": "after_header"}, {"device": "long_term"}],
    ids=str,
)
def test_a_sweep_over_availabilities_and_cut_offs_is_the_same_point_by_point(name, changes) -> None:
    scenario = Scenario().replace(t1_us=3e4, t2_us=3e4, processing_us=100.0, **changes)
    if changes.get("device"):
        scenario = scenario.replace(correction="five_qubit")
    axes = {"p_free": [0.0, 1.0, 0.4, 1e-12], "cutoff_us": [math.inf, 500.0], "n_relays": [2, 0, 1]}
    found = sweep(scenario, name, **axes)
    for index in np.ndindex(found.shape):
        point = {axis: values[i] for (axis, values), i in zip(axes.items(), index, strict=True)}
        here = evaluate(scenario.replace(**point), name)
        assert found.values[index] == pytest.approx(here, rel=1e-12, abs=1e-15), point
