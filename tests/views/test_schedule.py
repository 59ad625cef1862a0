"""What the page animates is the run: legs in chains, events in order, and the fidelity it ends with."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qpsviz import Fate, Run, Scenario, preset, presets, simulate
from qpsviz.views.schedule import FLYING, REASONS, schedule, templates

SMALL: dict[str, list[Any]] = {
    "discipline": ["burst", "store", "circuit"],
    "layout": ["split", "sender"],
    "partner_noise": [True, False],
    "n_relays": [0, 1, 2, 4],
    "length_km": [0.0, 30.0, 111.1],
    "depol_per_km": [0.0, 0.008],
    "processing_us": [0.0, 10.0, 125.0],
    "guard_us": [0.0, 25.0, 300.0],
    "p_free": [0.0, 0.6, 1.0],
    "late_payload": ["truncate", "discard"],
    "release": ["after_frame", "after_header"],
    "max_attempts": [1, 3],
    "n_wavelengths": [1, 2],
    "insertion_loss_db": [0.0, 1.0],
    "t1_us": [150.0, 2070.0, float("inf")],
    "memory_model": ["t1t2", "twirled"],
    "storage": ["t1t2", "delay_line", "recirculating"],
    "cutoff_us": [200.0, float("inf")],
    "memory_qubits": [5.0, 20.0, float("inf")],
    "n_qubits": [1, 6, 10],
    "frame_gap_us": [0.0, 50.0],
    "n_frames": [1, 7],
}
scenarios = st.fixed_dictionaries({name: st.sampled_from(values) for name, values in SMALL.items()}).map(
    lambda values: Scenario().replace(**values, t2_us=values["t1_us"])
)
seeds = st.integers(0, 2**20)


@settings(max_examples=60)
@given(scenarios, seeds)
def test_a_pair_ends_with_the_fidelity_that_the_run_gives_it(scenario: Scenario, seed: int) -> None:
    run = simulate(scenario, seed=seed)
    legs, frames = schedule(run)["legs"], run.frames
    whole = np.flatnonzero(~np.isnan(frames["fidelity"]))
    shown = {pair: final_fidelity(run, legs, pair) for pair in set(frames["pair"][whole].tolist())}
    for row in whole:
        assert shown[frames["pair"][row]] == pytest.approx(frames["fidelity"][row], rel=0, abs=1e-12)


def final_fidelity(run: Run, legs: dict[str, Any], pair: int) -> float:
    """Fidelity of a pair when the last of its halves arrives, as the page colours it."""
    last = np.flatnonzero((run.legs["pair"] == pair) & (legs["next"] < 0) & (legs["end"] == 0))
    return float(legs["f1"][last[np.argmax(run.legs["payload_in_us"][last])]])


@settings(max_examples=60)
@given(scenarios, seeds)
def test_a_frame_goes_on_from_where_it_is_and_not_before_it_is_there(scenario: Scenario, seed: int) -> None:
    run = simulate(scenario, seed=seed)
    legs = schedule(run)["legs"]
    here = np.flatnonzero(legs["next"] >= 0)
    there = legs["next"][here]
    assert np.array_equal(legs["frame"][here], legs["frame"][there])
    assert np.array_equal(run.legs["attempt"][here], run.legs["attempt"][there])
    assert np.array_equal(legs["hop"][here] + 1, legs["hop"][there])
    np.testing.assert_allclose(legs["x1"][here], legs["x0"][there], atol=1e-9)
    flight = legs["h1"] - legs["h0"]
    assert np.all(legs["h0"][there] >= legs["h1"][here] - 1e-9), "a header leaves before it came"
    assert np.all(legs["p0"][there] >= (legs["p0"] + flight)[here] - 1e-9), "a payload leaves before it came"
    assert np.all(legs["lost"][there] >= legs["lost"][here] - 1e-9), "cut-off qubits come back"
    assert len(set(there.tolist())) == len(there), "two legs lead to one"
    np.testing.assert_allclose(legs["fEnd"][here], legs["f0"][there], atol=1e-12)


@settings(max_examples=60)
@given(scenarios, seeds)
def test_every_attempt_ends_as_the_run_says(scenario: Scenario, seed: int) -> None:
    run = simulate(scenario, seed=seed)
    legs = schedule(run)["legs"]
    reasons = ["", *REASONS]
    for row, frame in enumerate(run.frames["frame"].tolist()):
        mine = (run.legs["frame"] == frame) & (run.legs["attempt"] == run.frames["attempts"][row])
        last = np.flatnonzero(mine & (legs["next"] < 0))
        if not len(last):
            assert run.frames["fate"][row] == Fate.BLOCKED
            continue
        end = int(legs["end"][last[0]])
        fate = "DELIVERED" if end == 0 else "IN_FLIGHT" if end == FLYING else reasons[end]
        assert fate == run.frames["fate"][row]
        assert legs["doneTime"][last[0]] == run.frames["done_us"][row]
    assert np.all(legs["end"][legs["next"] >= 0] == FLYING)


@settings(max_examples=60)
@given(scenarios, seeds)
def test_events_come_in_order_and_each_makes_a_sentence(scenario: Scenario, seed: int) -> None:
    made = schedule(simulate(scenario, seed=seed))
    events, words = made["events"], templates()
    assert np.all(np.diff(events["time"]) >= 0)
    assert len(made["notes"]) == len(events["time"])
    for kind, node, note in zip(events["kind"].tolist(), events["node"].tolist(), made["notes"], strict=True):
        sentence = words[kind].format(frame=1, node=made["nodes"][node]["name"], note=note)
        assert sentence.endswith(".")
        assert "; ." not in sentence
        assert ": ." not in sentence
    assert made["duration"] >= (events["time"][-1] if len(events["time"]) else 0.0)


@pytest.mark.parametrize("name", presets())
def test_a_preset_has_frames_to_watch_that_move_at_the_speed_of_light(name: str) -> None:
    scenario = preset(name)
    made = schedule(simulate(scenario, seed=1))
    legs = made["legs"]
    assert len(legs["frame"]) > 10
    speed = np.abs(legs["x1"] - legs["x0"]) / (legs["h1"] - legs["h0"])
    np.testing.assert_allclose(speed, scenario.fibre.speed_km_per_us, rtol=1e-9)
    names = [node["name"] for node in made["nodes"]]
    assert len(set(names)) == len(names)
    assert made["nodes"][made["sourceNode"]]["role"] in ("sender", "source")


def test_the_note_of_a_header_says_how_much_guard_is_left() -> None:
    made = schedule(simulate(preset("first").replace(p_free=1.0, n_frames=1), seed=1))
    kinds = [templates()[k].startswith("{node} sends the header") for k in made["events"]["kind"].tolist()]
    notes = [note for note, is_header in zip(made["notes"], kinds, strict=True) if is_header]
    assert notes == ["guard now 80 µs", "guard now 60 µs", "guard now 40 µs", "guard now 20 µs"]
