"""A simulated frame on an idle path against the closed forms, and a contended run against their expectation."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import qpsviz as qps
from qpsviz.closed_form.path import RelayPath

TIMES = st.floats(min_value=0.0, max_value=500.0, allow_subnormal=False)
LENGTHS = st.floats(min_value=0.0, max_value=400.0, allow_subnormal=False)


@st.composite
def idle_paths(draw: st.DrawFn) -> qps.Scenario:
    """Scenarios of a few frames that never meet, with any discipline and layout."""
    t1_us = draw(st.floats(min_value=50.0, max_value=1e5))
    return qps.Scenario().replace(
        discipline=draw(st.sampled_from(qps.Discipline)),
        layout=draw(st.sampled_from(["sender", "split"])),
        partner_noise=draw(st.booleans()),
        n_relays=draw(st.integers(min_value=0, max_value=6)),
        length_km=draw(LENGTHS),
        late_payload=draw(st.sampled_from(["truncate", "discard"])),
        release=draw(st.sampled_from(["after_frame", "after_header"])),
        memory_model=draw(st.sampled_from(["t1t2", "twirled"])),
        depol_convention=draw(st.sampled_from(["decibel", "printed"])),
        depol_per_km=draw(st.floats(min_value=0.0, max_value=0.01, allow_subnormal=False)),
        insertion_loss_db=draw(st.floats(min_value=0.0, max_value=6.0, allow_subnormal=False)),
        speed_km_per_us=draw(st.floats(min_value=0.1, max_value=0.29)),
        processing_us=draw(TIMES),
        guard_us=draw(TIMES),
        n_qubits=draw(st.integers(min_value=1, max_value=40)),
        spacing_us=draw(st.floats(min_value=0.1, max_value=20.0)),
        t1_us=t1_us,
        t2_us=draw(st.floats(min_value=10.0, max_value=2 * t1_us)),
        cutoff_us=draw(st.sampled_from([math.inf, 200.0, 1000.0])),
        storage=draw(st.sampled_from(["t1t2", "delay_line", "recirculating"])),
        device=draw(st.sampled_from(["ideal", "near_term", "long_term"])),
        correction=draw(st.sampled_from(["none", "none", "five_qubit", "steane"])),
        frame_gap_us=draw(st.floats(min_value=0.0, max_value=100.0, allow_subnormal=False)),
        n_frames=3,
        p_free=1.0,
    )


def closed_form(scenario: qps.Scenario, name: str) -> float:
    """The closed form, for one arm of a split path."""
    if scenario.path.layout == "split" and name == "payload_kept":
        scenario = scenario.replace(layout="sender")
    return qps.evaluate(scenario, name)


@given(scenario=idle_paths())
def test_an_idle_path_equals_the_closed_forms(scenario: qps.Scenario) -> None:
    kept = closed_form(scenario, "payload_kept")
    assume(kept == 0 or kept > 1e-9)
    frames = qps.simulate(scenario, engine="python").frames
    delivered = frames["fate"] == "DELIVERED"
    np.testing.assert_allclose(frames["payload_kept"], kept, rtol=0, atol=1e-12)
    assert np.all(delivered == (kept > 0))
    if kept > 0:
        np.testing.assert_allclose(frames["dwell_us"], closed_form(scenario, "dwell_us"), rtol=1e-12)
        np.testing.assert_allclose(frames["delay_us"], closed_form(scenario, "delay_us"), rtol=1e-12)
        np.testing.assert_allclose(frames["fidelity"], closed_form(scenario, "fidelity"), rtol=0, atol=1e-12)


@given(scenario=idle_paths())
def test_every_number_of_the_travelling_channel_equals_the_journey(scenario: qps.Scenario) -> None:
    one_way = scenario.replace(layout="sender", late_payload="truncate", guard_us=1e4, cutoff_us=math.inf)
    frames = qps.simulate(one_way, engine="python").frames
    path = RelayPath(
        length_km=np.asarray(one_way.path.length_km),
        n_relays=np.asarray(one_way.path.n_relays),
        values=one_way.values(),
    )
    for name in ("eta", "c", "a", "b"):
        expected = getattr(path.channel, name)
        np.testing.assert_allclose(frames[name], expected, rtol=1e-12, atol=1e-14, err_msg=name)


def test_a_perfectly_kept_partner_gives_the_known_fidelity_of_the_benchmark_line() -> None:
    line = qps.Scenario().replace(partner_noise=False, n_frames=50)
    printed = qps.simulate(line.replace(depol_convention="printed")).summary()
    assert printed["fidelity"] == pytest.approx(0.331160, abs=5e-7)
    assert qps.simulate(line).summary()["fidelity"] == pytest.approx(0.555732, abs=5e-7)
    assert printed["fidelity_exact"]


@pytest.mark.parametrize("n_relays", [1, 3])
@pytest.mark.parametrize("guard_us", [0.0, 30.0])
def test_a_contended_burst_run_keeps_the_share_that_eq_2_expects(n_relays: int, guard_us: float) -> None:
    scenario = qps.Scenario().replace(
        discipline="burst", n_relays=n_relays, p_free=0.7, processing_us=10.0, guard_us=guard_us, n_frames=8000
    )
    summary = qps.simulate(scenario, seed=11, engine="python").summary()
    assert abs(summary["retention"] - qps.evaluate(scenario, "retention")) < 4 * summary["retention_error"]
    assert summary["retention_error"] < 0.005
    expected = 0.7**n_relays
    assert abs(summary["delivered_share"] - expected) < 4 * math.sqrt(expected * (1 - expected) / 8000)


def test_circuits_are_accepted_as_often_as_all_relays_are_free() -> None:
    scenario = qps.Scenario().replace(discipline="circuit", n_relays=3, p_free=0.8, guard_us=0.0)
    n_sessions = 4000
    calls = qps.Traffic(
        n_frames=2 * n_sessions,
        n_frames_per_session=2,
        use_p_free=True,
        start_us=[1e4 * i for i in range(n_sessions)],
        source=[0] * n_sessions,
        destination=[4] * n_sessions,
    )
    run = qps.simulate(scenario, network=qps.Network.of(scenario), traffic=calls, seed=3, engine="python")
    summary = run.summary()
    assert summary["delivered_low"] < 0.8**3 < summary["delivered_high"]
    # Half as many independent trials as frames: the interval knows.
    assert summary["delivered_high"] - summary["delivered_low"] > 0.03
    assert abs(summary["retention"] - qps.evaluate(scenario, "retention")) < 4 * summary["retention_error"]


def test_the_set_up_of_a_circuit_takes_the_way_there_and_back_and_two_readings_per_relay() -> None:
    scenario = qps.Scenario().replace(discipline="circuit", n_relays=3, length_km=80.0, processing_us=125.0, p_free=1.0)
    frames = qps.simulate(scenario).frames
    assert frames["sent_us"][0] == pytest.approx(2 * (80.0 / 0.2 + 3 * 125.0), rel=1e-12)
