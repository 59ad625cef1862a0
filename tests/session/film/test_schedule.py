"""What the page animates is the run: legs in chains, events in order, and the fidelity it ends with."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qpsviz import Discipline, Fate, Network, Run, Scenario, Traffic, preset, presets, simulate
from qpsviz.session.film.schedule import FLYING, schedule, templates
from qpsviz.switch.fates import REASONS
from qpsviz.units import quantity

SMALL: dict[str, list[Any]] = {
    "discipline": list(Discipline),
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
    assert np.array_equal(legs["to"][here], legs["from"][there])
    flight = legs["h1"] - legs["h0"]
    assert np.all(legs["h0"][there] >= legs["h1"][here] - 1e-9), "a header leaves before it came"
    assert np.all(legs["p0"][there] >= (legs["p0"] + flight)[here] - 1e-9), "a payload leaves before it came"
    assert np.all(legs["lost"][there] >= legs["lost"][here] - 1e-9), "cut-off qubits come back"
    assert not np.any(legs["home"][here]), "a frame goes on from where it is delivered"
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
        np.testing.assert_array_equal(legs["doneTime"][last[0]], run.frames["done_us"][row])
    assert np.all(legs["end"][legs["next"] >= 0] == FLYING)


@settings(max_examples=60)
@given(scenarios, seeds)
def test_events_come_in_order_and_each_makes_a_sentence(scenario: Scenario, seed: int) -> None:
    made = schedule(simulate(scenario, seed=seed))
    events, words = made["events"], templates()
    assert np.all(np.diff(events["time"]) >= 0)
    assert len(made["notes"]) == len(events["time"])
    for kind, node, note in zip(events["kind"].tolist(), events["node"].tolist(), made["notes"], strict=True):
        name = made["nodes"][node]["name"]
        said = words[kind].format(frame="frame 0", Frame="Frame 0", session=0, destination="X", node=name, note=note)
        assert said.endswith(".")
        assert not any(gap in said for gap in ("; .", ": .", ", .", "now -", "now −"))
    assert made["duration"] >= (events["time"][-1] if len(events["time"]) else 0.0)


@pytest.mark.parametrize("name", presets())
def test_a_preset_has_frames_to_watch_that_move_at_the_speed_of_light(name: str) -> None:
    scenario = preset(name)
    run = simulate(scenario, seed=1)
    made = schedule(run)
    legs = made["legs"]
    assert len(legs["frame"]) > 10
    speed = run.network.link_km[run.legs["link"]] / (legs["h1"] - legs["h0"])
    np.testing.assert_allclose(speed, scenario.fibre.speed_km_per_us, rtol=1e-9)
    names = [node["name"] for node in made["nodes"]]
    assert len(set(names)) == len(names)
    assert made["line"]


def test_the_note_of_a_header_says_how_much_guard_is_left() -> None:
    made = schedule(simulate(preset("first").replace(p_free=1.0, n_frames=1), seed=1))
    assert guards(made) == ["guard now 80 µs", "guard now 60 µs", "guard now 40 µs", "guard now 20 µs"]


def test_no_guard_is_left_where_the_payload_was_cut_and_none_is_negative() -> None:
    made = schedule(simulate(preset("first").replace(p_free=1.0, n_frames=1, guard_us=25.0), seed=1))
    assert guards(made) == ["guard now 25 µs", "guard now 5 µs", "guard now 0 µs", "guard now 0 µs"]
    exact = {"p_free": 1.0, "n_frames": 40, "guard_us": 0.3, "processing_us": 0.1}
    made = schedule(simulate(preset("first").replace(**exact), seed=1))
    assert set(guards(made)) == {"guard now 300 ns", "guard now 200 ns", "guard now 100 ns", "guard now 0 µs"}


def guards(made: dict[str, Any]) -> list[str]:
    """The notes of all headers, in order of time."""
    kinds = [templates()[k].startswith("{node} sends the header") for k in made["events"]["kind"].tolist()]
    return [note for note, is_header in zip(made["notes"], kinds, strict=True) if is_header]


def test_a_frame_is_called_by_its_row_in_the_table_of_frames() -> None:
    traffic = Traffic(load=0.5, n_frames=60, n_frames_per_session=6)
    run = simulate(
        Scenario().replace(discipline="burst"), network=Network.ring(n_nodes=5, length_km=10.0), traffic=traffic,
        seed=3, until_us=900.0,
    )  # fmt: skip
    made, ids = schedule(run), run.frames["frame"]
    assert ids[-1] >= len(ids), "no frame of this run is left out, so nothing is tested"
    assert np.array_equal(ids[made["legs"]["frame"]], run.legs["frame"])
    assert np.array_equal(np.sort(ids[made["events"]["frame"]])[-50:], np.sort(run.events["frame"])[-50:])
    assert made["frames"]["source"].tolist() == run.frames["source"].tolist()


def test_the_kept_half_fades_only_where_it_decoheres() -> None:
    still = {"n_relays": 0, "depol_per_km": 0.0, "length_km": 80.0, "t1_us": 900.0, "t2_us": 700.0}
    run = simulate(preset("fig10b").replace(**still), seed=1)
    kept = schedule(run)["kept"]
    assert kept["f"][0] == pytest.approx(1.0)
    assert np.all(np.diff(kept["f"]) < 0)
    # Nothing else harms this pair: when it arrives, its fidelity is that of the half that waited.
    waits_us = np.linspace(0.0, kept["longest"], len(kept["f"]))
    shown = np.interp(run.frames["delay_us"][0], waits_us, kept["f"])
    assert shown == pytest.approx(run.frames["fidelity"][0], abs=1e-4)
    perfect = schedule(simulate(preset("fig10b").replace(**still, partner_noise=False), seed=1))["kept"]
    assert np.all(perfect["f"] == 1.0)
    assert schedule(simulate(preset("fig10a"), seed=1))["kept"] is None


def test_the_film_tells_and_draws_how_long_a_payload_waits_for_a_busy_port() -> None:
    busy = preset("hollow-core").replace(p_free=0.4, n_frames=30, frame_gap_us=2000.0)
    run = simulate(busy, seed=3)
    made, legs = schedule(run), run.legs
    released = templates().index("{node} releases the qubits of {frame} from its memory, {note}.")
    stored_us = legs["dwell_us"][legs["hop"] > 0]
    assert stored_us.max() > stored_us.min() == pytest.approx(50.0)  # a free port: as long as the frame lasts
    told = [note for note, kind in zip(made["notes"], made["events"]["kind"].tolist(), strict=True) if kind == released]
    assert sorted(told) == sorted(f"after {quantity(us, 'us', trimmed=True)}" for us in stored_us.tolist())
    drawn, after = made["legs"], np.flatnonzero(made["legs"]["next"] >= 0)
    came_us = run.legs["payload_in_us"][after]
    np.testing.assert_allclose(
        sorted(drawn["p0"][drawn["next"][after]] - came_us), sorted(stored_us.tolist()), atol=1e-6
    )  # fmt: skip
