"""Calls as a user first writes them work, or say what to write."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import qpsviz as qps


def test_a_list_of_outputs_gives_each_by_its_name() -> None:
    fig7 = qps.preset("fig7")
    found = qps.evaluate(fig7, ["key_rate", "qber_z"])
    assert found == {name: qps.evaluate(fig7, name) for name in ("key_rate", "qber_z")}


def test_the_name_of_a_preset_stands_for_its_scenario() -> None:
    fig7 = qps.preset("fig7")
    assert qps.evaluate("fig7", "key_rate") == qps.evaluate(fig7, "key_rate")
    assert qps.sweep("fig7", "key_rate", n_relays=[1]).equals(qps.sweep(fig7, "key_rate", n_relays=[1]))
    assert qps.solve("fig12", ("t1_us", "t2_us"), fidelity=0.9) == pytest.approx(2069, abs=1)
    assert qps.simulate("first", seed=1).frames == qps.simulate(qps.preset("first"), seed=1).frames


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: qps.evaluate(3, "fidelity"), "write qps.Scenario(length_km=50.0) or the name of a preset"),
        (lambda: qps.evaluate("fig77", "fidelity"), "did you mean fig7"),
        (lambda: qps.evaluate("fig7", 3), "must be a name of qps.outputs(), or a list of names"),
        (lambda: qps.evaluate("fig7", ["fidelity", "key_rte"]), "did you mean key_rate"),
        (lambda: qps.sweep("fig7", ["fidelity", "key_rate"], n_relays=[0]), "sweep each in turn"),
        (lambda: qps.sweep("fig10a", "fidelity", t1_us=[1.0, 1e3]), 'linked={"t2_us": "t1_us"}'),
        (lambda: qps.simulate("first", traffic=0.5), "write traffic=qps.Traffic(load=0.5)"),
        (lambda: qps.simulate("first", network="ring"), "write network=qps.Network.ring("),
        (lambda: qps.Scenario(lenght_km=50), "did you mean length_km"),
        (lambda: qps.Scenario(memory=3), "memory = 3 must be a Memory"),
        (lambda: qps.Scenario(length_km=-1), "length_km = -1"),
        (lambda: qps.Scenario(t1="1 ms"), "unknown parameter 't1'; write t1_us=1000.0 [us]"),
        (lambda: qps.Scenario().replace(t2=5), "unknown parameter 't2'; write t2_us=5 [us]"),
        (lambda: qps.Scenario(t1="long"), "unknown parameter 't1'; did you mean t1_us?"),
        (lambda: qps.Scenario(t1_us="1 ms"), "t1_us = '1 ms' must be at least 0.001 us; write t1_us=1000.0"),
        (lambda: qps.Scenario(speed="200000 km/s"), "write speed_km_per_us=0.2 [km/us]"),
        (lambda: qps.Scenario(n_relays="3"), "n_relays = '3' must be a whole number 0 … 1000; write n_relays=3"),
        (lambda: qps.Scenario(layout="middle"), "layout = 'middle' must be one of split, sender"),
        (lambda: qps.sweep("fig7", "fidelity", linked=["t1_us"], t1_us=[1.0]), 'write linked={"t2_us": "t1_us"}'),
        (lambda: qps.sweep("fig7", "fidelity", linked="t1_us", t1_us=[1.0]), "linked = 't1_us' is no dict"),
        (lambda: qps.evaluate([qps.Scenario()] * 2, "fidelity"), "one at a time, or qps.sweep("),
        (
            lambda: qps.sweep("fig7", "fidelity", length_km=np.zeros(20_000), p_free=np.zeros(20_000)),
            "a grid of 20,000 × 20,000 is 400,000,000 values; at most 10,000,000",
        ),
    ],
)
def test_what_cannot_be_meant_says_what_to_write(call: Callable[[], Any], words: str) -> None:
    with pytest.raises(ValueError, match=r"(?s).*") as caught:
        call()
    assert words in str(caught.value)


def test_an_error_about_many_scenarios_stays_short() -> None:
    with pytest.raises(ValueError, match="is no Scenario") as caught:
        qps.evaluate([qps.Scenario()] * 50, "fidelity")  # type: ignore[call-overload]
    assert len(str(caught.value)) < 500
