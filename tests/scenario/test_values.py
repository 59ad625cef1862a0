"""The record that closed forms compute from has every declared parameter, and nothing else."""

from __future__ import annotations

import dataclasses

import numpy as np

from qpsviz import Scenario, parameters
from qpsviz.scenario import Values, parameter
from qpsviz.scenario.discipline import Discipline
from qpsviz.scenario.layout import Layout


def test_the_record_has_every_declared_parameter_and_holds_the_scenarios_values() -> None:
    assert [f.name for f in dataclasses.fields(Values)] == [p.name for p in parameters()]
    scenario = Scenario(length_km=12.0, discipline="burst")
    found = dataclasses.asdict(scenario.values())
    assert found == scenario.flat()
    assert scenario.values().discipline is Discipline.BURST
    assert scenario.values().layout is Layout.SENDER


def test_an_axis_is_added_to_arrays_alone() -> None:
    values = Scenario().values().replace(length_km=np.arange(3.0), n_relays=2)
    more = values.with_one_more_axis()
    assert np.shape(more.length_km) == (3, 1)
    assert more.n_relays == 2
    assert more.layout == values.layout


def test_a_discipline_states_what_it_can_do() -> None:
    able = {str(d): (d.reads_header, d.overtakes, d.stores, d.sets_up) for d in Discipline}
    assert able["burst"] == (True, True, False, False)
    assert able["store"] == (True, False, True, False)
    assert able["circuit"] == (False, False, False, True)
    assert Discipline.STORE.label == "store-and-forward"


def test_the_parameter_says_in_a_few_words_what_each_discipline_does() -> None:
    assert parameter("discipline").choices == tuple(Discipline)
    for discipline in Discipline:
        assert discipline.label
        assert f"{discipline}: {discipline.summary}" in parameter("discipline").help


def test_a_layout_states_what_follows_from_it() -> None:
    assert {str(layout): (layout.n_arms, layout.keeps_half) for layout in Layout} == {
        "split": (2, False),
        "sender": (1, True),
    }
    assert all(layout.other.other is layout is not layout.other for layout in Layout)


def test_the_parameter_says_in_a_few_words_what_each_layout_means() -> None:
    assert parameter("layout").choices == tuple(Layout)
    text = "split: the pair source sits in the middle; sender: the sender keeps one half."
    assert parameter("layout").help == text
