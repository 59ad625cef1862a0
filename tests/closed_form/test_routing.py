"""Rates and retentions: one attempt, one frame, channel time and seconds, each tied to the run that it describes."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import qpsviz as qps
from qpsviz.closed_form.budget import budget
from qpsviz.protocols.attempts import set_up_us

DISCIPLINES = tuple(qps.Discipline)
SHARED = ("retention", "retention_per_frame", "retention_per_channel_time", "channel_time_us", "attempts")


@pytest.mark.parametrize(("discipline", "hz"), [("burst", 488.55), ("circuit", 271.67)])
def test_on_the_line_of_fig_7_a_burst_beats_a_circuit_that_must_be_set_up_for_twelve_frames(discipline, hz) -> None:
    scenario = qps.preset("fig7").replace(discipline=discipline, p_free=1.0)
    assert qps.evaluate(scenario, "key_rate_hz") == pytest.approx(hz, abs=0.005)
    assert qps.simulate(scenario).summary()["key_rate_hz"] == pytest.approx(hz, abs=0.005)


def test_a_circuit_wins_once_its_session_is_long() -> None:
    long = qps.preset("fig7").replace(p_free=1.0, n_frames=10_000)
    circuit, burst = (qps.evaluate(long.replace(discipline=d), "key_rate_hz") for d in ("circuit", "burst"))
    assert burst < circuit < qps.evaluate(long, "key_rate") / 0.98 * 1e5


@st.composite
def idle_senders(draw: st.DrawFn) -> qps.Scenario:
    """One source whose frames find every port free."""
    return qps.Scenario().replace(
        discipline=draw(st.sampled_from(DISCIPLINES)),
        reservation=draw(st.sampled_from(["immediate", "delayed"])),
        late_payload=draw(st.sampled_from(["truncate", "discard"])),
        max_attempts=draw(st.sampled_from([1, 2, 5])),
        n_relays=draw(st.integers(0, 4)),
        length_km=draw(st.sampled_from([0.0, 10.0, 77.0])),
        processing_us=draw(st.sampled_from([0.0, 3.0, 20.0, 125.0])),
        guard_us=draw(st.sampled_from([0.0, 10.0, 60.0])),
        n_qubits=draw(st.sampled_from([1, 10])),
        frame_gap_us=draw(st.sampled_from([0.0, 50.0])),
        n_frames=draw(st.integers(1, 4)),
        misalignment=draw(st.sampled_from([0.0, 0.02])),
        t1_us=1e5,
        t2_us=1e5,
        depol_per_km=0.0005,
        p_free=1.0,
    )


@settings(max_examples=40)
@given(scenario=idle_senders())
def test_every_rate_and_retention_is_that_of_the_run_of_an_idle_path(scenario) -> None:
    run = qps.simulate(scenario, engine="python")
    summary = run.summary()
    for name in (*SHARED, "delivered_share", "key_rate_hz"):
        assert summary[name] == pytest.approx(qps.evaluate(scenario, name), rel=1e-9, abs=1e-15), name
    first = run.legs["hop"] == 0
    sent_us = run.legs["trailer_out_us"][first] - run.legs["header_out_us"][first] + scenario.source.frame_gap_us
    waited_us = run.frames["sent_us"][0] if scenario.values().discipline.sets_up else 0.0
    assert qps.evaluate(scenario, "session_us") == pytest.approx(waited_us + np.sum(sent_us), rel=1e-9)


def test_a_session_that_is_sent_once_ends_a_gap_after_its_last_trailer_left() -> None:
    for discipline in DISCIPLINES:
        scenario = qps.preset("first").replace(discipline=discipline, p_free=1.0, n_frames=7)
        legs = qps.simulate(scenario).legs
        left_us = legs["trailer_out_us"][legs["hop"] == 0].max() + scenario.source.frame_gap_us
        assert qps.evaluate(scenario, "session_us") == pytest.approx(left_us, rel=1e-12)


@pytest.mark.parametrize("late_payload", ["truncate", "discard"])
@pytest.mark.parametrize("max_attempts", [1, 3, 10])
@pytest.mark.parametrize("layout", ["sender", "split"])
def test_each_retention_of_a_run_with_retransmission_is_the_one_of_its_name(layout, max_attempts, late_payload) -> None:
    scenario = qps.preset("fig7").replace(
        layout=layout, n_relays=1, max_attempts=max_attempts, late_payload=late_payload, n_frames=1500
    )
    summary = qps.simulate(scenario, seed=4, engine="python", record="frames").summary()
    assert qps.evaluate(scenario, "retention") == pytest.approx(0.495 if late_payload == "truncate" else 0.0)
    for name in (*SHARED, "delivered_share"):
        assert summary[name] == pytest.approx(qps.evaluate(scenario, name), rel=0.08), name
    if layout == "sender":
        assert summary["key_rate_hz"] == pytest.approx(qps.evaluate(scenario, "key_rate_hz"), rel=0.09)
    assert summary["retention_low"] <= qps.evaluate(scenario, "retention") <= summary["retention_high"]


def test_the_three_retentions_of_fig_7_with_one_relay_by_hand() -> None:
    thrice = qps.preset("fig7").replace(n_relays=1, max_attempts=3)
    # Attempts have 0, 0.5 and 1 us of guard; each is lost at the port with chance 1/2.
    assert qps.evaluate(thrice, "retention_per_frame") == pytest.approx(0.5 * 0.99 + 0.25 + 0.125)
    assert qps.evaluate(thrice, "channel_time_us") == pytest.approx(50 + 50.5 / 2 + 51 / 4)
    assert qps.evaluate(thrice, "retention_per_channel_time") == pytest.approx(0.87 * 50 / 88)
    assert qps.evaluate(thrice, "key_rate") < qps.evaluate(thrice.replace(max_attempts=1), "key_rate")
    delayed = thrice.replace(reservation="delayed")
    assert qps.evaluate(delayed, "channel_time_us") == pytest.approx(50 * 1.75)
    assert qps.evaluate(delayed, "key_rate_hz") == pytest.approx(qps.evaluate(thrice, "key_rate_hz"))


def test_retransmission_brings_back_frames_that_come_too_early() -> None:
    early = qps.preset("fig7").replace(late_payload="discard", p_free=1.0, n_relays=2)
    assert qps.evaluate(early, "key_rate_hz") == 0
    again = early.replace(max_attempts=3)
    assert qps.evaluate(again, "delivered_share") == 1
    assert qps.evaluate(again, "attempts") == 3
    assert qps.evaluate(again, "reach_km") == pytest.approx(254.5, abs=0.05)
    assert qps.evaluate(again, "retention") == 0
    costs = budget(again, "key_rate")
    assert math.fsum(c.loss_db for c in costs) == pytest.approx(-10 * math.log10(qps.evaluate(again, "key_rate")))


def test_a_delayed_reservation_gives_the_guard_to_others() -> None:
    guarded = qps.preset("first").replace(p_free=0.5)
    immediate, delayed = (qps.evaluate(guarded.replace(reservation=r), "retention") for r in ("immediate", "delayed"))
    assert (immediate, delayed) == (pytest.approx(0.125 * 50 / 130), pytest.approx(0.125))
    assert qps.evaluate(guarded.replace(guard_us=0.0, reservation="delayed"), "retention") == pytest.approx(
        qps.evaluate(guarded.replace(guard_us=0.0), "retention")
    )


@pytest.mark.parametrize("max_attempts", [1, 3])
def test_a_circuit_is_waited_for_as_long_as_in_runs_that_are_refused_at_any_relay(max_attempts) -> None:
    scenario = qps.preset("first").replace(
        discipline="circuit", p_free=0.6, max_attempts=max_attempts, n_frames=1, guard_us=0.0
    )
    waited_us = []
    for seed in range(250):
        frames = qps.simulate(scenario, seed=seed, record="frames", engine="python").frames
        ends = frames["sent_us"] if frames["fate"][0] == "DELIVERED" else frames["done_us"]
        waited_us.append(float(ends[0]))
    expected_us = float(set_up_us(3, travel_us=300.0, processing_us=20.0, p_free=0.6, max_attempts=max_attempts))
    assert np.mean(waited_us) == pytest.approx(expected_us, abs=4 * np.std(waited_us) / math.sqrt(250))


def test_both_arms_of_a_split_circuit_must_be_free() -> None:
    scenario = qps.preset("fig10a").replace(discipline="circuit", n_relays=1, p_free=0.5, n_frames=1)
    assert qps.evaluate(scenario, "delivered_share") == 0.25
    shares = [qps.simulate(scenario, seed=i, engine="python").summary()["delivered_share"] for i in range(150)]
    assert np.mean(shares) == pytest.approx(0.25, abs=0.12)


@pytest.mark.parametrize("discipline", DISCIPLINES)
@pytest.mark.parametrize("name", qps.presets())
def test_an_exact_tile_is_what_the_run_of_a_preset_gives(name, discipline) -> None:
    scenario = qps.preset(name).replace(discipline=discipline)
    free = scenario.replace(p_free=1.0)
    summary = qps.simulate(free).summary()
    arrived = ("fidelity", "delay_us", "dwell_us") if summary["delivered"] else ()  # of qubits that arrive
    assert summary["delivered"] == (12 if qps.evaluate(free, "delivered_share") else 0) * (
        1 + (free.path.layout == "split")
    )
    for output in (*arrived, *SHARED):
        assert summary[output] == pytest.approx(qps.evaluate(free, output), rel=1e-9), output
    if free.path.layout == "sender":
        assert summary["key_rate_hz"] == pytest.approx(qps.evaluate(free, "key_rate_hz"), rel=1e-9)
    if not scenario.values().discipline.sets_up:
        stores = scenario.values().discipline.stores  # frames far apart, or they wait for each other, too
        many = scenario.replace(n_frames=500, frame_gap_us=1e4 if stores else scenario.source.frame_gap_us)
        summary = qps.simulate(many, seed=1, engine="python", record="frames").summary()
        assert abs(summary["retention"] - qps.evaluate(many, "retention")) <= 4 * summary["retention_error"] + 1e-12
        if summary["delivered"]:
            away = abs(summary["fidelity"] - qps.evaluate(many, "fidelity"))
            assert away <= 4 * summary["fidelity_error"] + 1e-9
            assert summary["fidelity_exact"] == (not stores or many.switch.p_free == 1)
