"""The record that closed forms compute from has every declared parameter, and nothing else."""

from __future__ import annotations

import dataclasses

import numpy as np

from qpsviz import Scenario, parameters
from qpsviz.scenario import Values, parameter
from qpsviz.scenario.discipline import Discipline


def test_the_record_has_every_declared_parameter_and_holds_the_scenarios_values() -> None:
    assert [f.name for f in dataclasses.fields(Values)] == [p.name for p in parameters()]
    scenario = Scenario(length_km=12.0, discipline="burst")
    found = dataclasses.asdict(scenario.values())
    assert found == scenario.flat()
    assert scenario.values().discipline is Discipline.BURST


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
