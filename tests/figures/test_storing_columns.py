"""The figures of storing against dropping draw the outputs of the scenario, and say where both give as much key."""

from __future__ import annotations

import numpy as np
import pytest

import qpsviz as qps
from qpsviz.closed_form.storing import WAYS, even_p_free, even_t_us
from qpsviz.figures.columns import COLUMNS
from qpsviz.figures.parts import KEY_FLOOR
from qpsviz.figures.storing_columns import AXES

LINE = qps.preset("fig7").replace(n_relays=1, length_km=50.0)
STATES = {
    "fig7": qps.preset("fig7"), "stored": LINE.replace(discipline="store", p_free=0.3, t1_us=2000.0, t2_us=2000.0),
    "circuit": LINE.replace(discipline="circuit"), "free ports": qps.preset("fig12"),
    "cut off": LINE.replace(discipline="store", p_free=0.5, cutoff_us=200.0), "no key": LINE.replace(misalignment=0.2),
}  # fmt: skip


@pytest.mark.parametrize("figure", AXES)
@pytest.mark.parametrize("state", STATES)
def test_a_point_of_a_line_is_the_key_rate_of_the_scenario_there(state: str, figure: str) -> None:
    scenario, (axis, unit) = STATES[state], AXES[figure]
    sources = COLUMNS[figure](scenario)["sources"]
    for part, changes in {"curves": {}, **WAYS}.items():
        columns = sources[f"{figure}.{part}"]
        x, y = np.asarray(columns["x"]), np.asarray(columns["present" if part == "curves" else "y"])
        for i in np.flatnonzero(y > KEY_FLOOR)[::13]:
            there = {axis: x[i] * unit, **({"t2_us": x[i] * unit} if axis == "t1_us" else {})}
            expected = qps.evaluate(scenario.replace(**changes, **there), "key_rate")
            assert y[i] == pytest.approx(expected, rel=1e-6), (part, x[i])


@pytest.mark.parametrize("state", ["fig7", "stored"])
def test_a_rule_is_where_storing_in_memories_gives_as_much_as_dropping(state: str) -> None:
    scenario = STATES[state]
    drop, store = scenario.replace(**WAYS["drop"]), scenario.replace(**WAYS["memory"])
    rule = COLUMNS["storing_t"](scenario)["sources"]["storing_t.rule"]
    (t_us,) = (float(x) * 1e3 for x in rule["x"])
    assert t_us == pytest.approx(even_t_us(scenario))
    assert qps.evaluate(store.replace(t1_us=t_us, t2_us=t_us), "key_rate") == pytest.approx(
        qps.evaluate(drop, "key_rate"), rel=1e-6
    )
    rule = COLUMNS["storing_p"](scenario)["sources"]["storing_p.rule"]
    assert list(rule["x"]) == pytest.approx(even_p_free(store))
    for p_free in (float(x) for x in rule["x"]):
        both = (qps.evaluate(s.replace(p_free=p_free), "key_rate") for s in (drop, store))
        assert next(both) == pytest.approx(next(both), rel=1e-6)


def test_where_one_way_is_always_better_there_is_no_rule_and_no_word() -> None:
    rule = COLUMNS["storing_t"](STATES["no key"])["sources"]["storing_t.rule"]
    assert all(list(column) == [] for column in rule.values())


def test_the_marker_is_on_the_line_of_the_present_discipline() -> None:
    scenario = STATES["stored"]
    for figure, place in (("storing_p", 0.3), ("storing_t", 2.0)):
        marker = COLUMNS[figure](scenario)["marker"]
        assert marker == {"x": place, "y": pytest.approx(qps.evaluate(scenario, "key_rate")), "on": True}


def test_a_line_comes_up_from_the_axis_where_its_key_begins() -> None:
    columns = COLUMNS["storing_t"](STATES["fig7"])["sources"]["storing_t.memory"]
    x, y = np.asarray(columns["x"]), np.asarray(columns["y"])
    first, second = np.flatnonzero(np.isfinite(y))[:2]
    assert first > 0, "the line would begin at the end of the axis"
    assert y[first] == KEY_FLOOR
    stored = STATES["fig7"].replace(**WAYS["memory"])
    rates = (qps.evaluate(stored.replace(t1_us=t, t2_us=t), "key_rate") for t in (x[first] * 1e3, x[second] * 1e3))
    assert next(rates) <= KEY_FLOOR < next(rates)
    assert x[second] < 1.02 * x[first]


def test_words_of_several_rules_are_in_rows_of_their_own() -> None:
    rule = COLUMNS["storing_p"](qps.preset("fig12"))["sources"]["storing_p.rule"]
    assert len(rule["x"]) == 2
    assert len(set(rule["y"])) == 2
    assert all(y >= KEY_FLOOR for y in rule["y"])
