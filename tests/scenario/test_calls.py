"""A scenario as a user first writes it works, or says what to write."""

from __future__ import annotations

import copy
import pickle

import pytest

import qpsviz as qps


def test_a_scenario_takes_and_gives_flat_parameters() -> None:
    scenario = qps.Scenario(length_km=50, n_relays=1, memory=qps.preset("fig12").memory, t2_us=7.0)
    assert (scenario.length_km, scenario.n_relays, scenario.t2_us) == (50.0, 1, 7.0)
    assert scenario.memory.t1_us == qps.preset("fig12").memory.t1_us
    assert scenario == qps.Scenario().replace(length_km=50, n_relays=1, t1_us=scenario.t1_us, t2_us=7.0)
    for again in (pickle.loads(pickle.dumps(scenario)), copy.deepcopy(scenario), copy.copy(scenario)):
        assert again == scenario


def test_a_misspelt_attribute_is_an_attribute_error_with_a_hint() -> None:
    with pytest.raises(AttributeError, match="did you mean length_km"):
        qps.Scenario().lenght_km  # noqa: B018
    assert not hasattr(qps.Scenario(), "wormhole")


def test_a_scenario_that_is_assigned_to_says_how_to_change_it() -> None:
    scenario = qps.Scenario()
    for name in ("length_km", "memory", "wormhole"):
        with pytest.raises(AttributeError, match=rf"write scenario\.replace\({name}="):
            setattr(scenario, name, 5)
