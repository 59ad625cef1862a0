"""Trailers and messages: what travels beside the payloads, and what a caller is told meanwhile."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import qpsviz as qps
from qpsviz.sim import KINDS, SIGNALS
from qpsviz.sim.engine import compiled

LINE = qps.Scenario().replace(n_relays=1, length_km=20.0, frame_gap_us=0.0, processing_us=100.0, n_frames=12)


@pytest.mark.parametrize(
    ("discipline", "lags_us"),
    [("burst", [0.0, 20.0, 40.0, 60.0]), ("store", [0.0, 0.0, 0.0, 0.0]), ("circuit", [0.0, 0.0, 0.0, 0.0])],
)
def test_a_trailer_is_read_like_a_header_and_completes_the_frame(discipline: str, lags_us: list[float]) -> None:
    scenario = qps.preset("first").replace(p_free=1.0, n_frames=1, discipline=discipline)
    run = qps.simulate(scenario)
    legs = run.legs
    for end in ("out", "in"):
        behind_us = legs[f"trailer_{end}_us"] - legs[f"payload_{end}_us"] - 50.0
        np.testing.assert_allclose(behind_us, lags_us, atol=1e-9)
    assert run.frames["complete_us"][0] - run.frames["done_us"][0] == pytest.approx(lags_us[-1])


def test_a_trailer_leaves_a_memory_late_when_the_payload_waits_less_than_its_reading() -> None:
    scenario = LINE.replace(n_relays=3, processing_us=100.0, guard_us=70.0, release="after_header", n_frames=1)
    legs = qps.simulate(scenario).legs
    assert legs["dwell_us"].tolist() == pytest.approx([0.0, 30.0, 100.0, 100.0])
    behind_us = legs["trailer_out_us"] - legs["payload_out_us"] - 50.0
    assert behind_us.tolist() == pytest.approx([0.0, 70.0, 70.0, 70.0])


def messages(run: qps.Run, kind: str) -> list[tuple[int, int, float, float]]:
    """Where and when the messages of a kind go: from, to, out, in."""
    s = run.signals
    rows = np.flatnonzero(s["kind"] == kind)
    return [(int(s["from_node"][i]), int(s["to_node"][i]), float(s["out_us"][i]), float(s["in_us"][i])) for i in rows]


def test_a_circuit_is_set_up_confirmed_and_released_link_by_link() -> None:
    scenario = qps.Scenario().replace(
        discipline="circuit", n_relays=2, length_km=60.0, processing_us=10.0, p_free=1.0, n_frames=2, frame_gap_us=0.0
    )
    run = qps.simulate(scenario)
    assert messages(run, "SETUP") == [(0, 1, 0.0, 100.0), (1, 2, 110.0, 210.0), (2, 3, 220.0, 320.0)]
    assert messages(run, "CONFIRM") == [(3, 2, 320.0, 420.0), (2, 1, 430.0, 530.0), (1, 0, 540.0, 640.0)]
    # Two frames of 50 us from 640 us on, then the release behind the last.
    assert messages(run, "RELEASE") == [(0, 1, 740.0, 840.0), (1, 2, 840.0, 940.0), (2, 3, 940.0, 1040.0)]
    assert run.frames["sent_us"][0] == 640.0


def test_a_refusal_walks_back_and_a_notice_flies() -> None:
    line = qps.Scenario().replace(n_relays=2, length_km=60.0, processing_us=10.0, p_free=0.5, n_frames=1)
    refused = [qps.simulate(line.replace(discipline="circuit"), seed=seed) for seed in range(20)]
    blocked = next(run for run in refused if messages(run, "REFUSAL")[:1] == [(2, 1, 220.0, 320.0)])
    assert messages(blocked, "REFUSAL") == [(2, 1, 220.0, 320.0), (1, 0, 330.0, 430.0)]
    assert blocked.frames["done_us"].tolist() == [430.0]
    bursts = [qps.simulate(line.replace(discipline="burst", guard_us=50.0, max_attempts=2), seed=s) for s in range(20)]
    dropped = next(run for run in bursts if messages(run, "NOTICE")[:1] == [(2, 1, 220.0, 320.0)])
    assert messages(dropped, "NOTICE")[:2] == [(2, 1, 220.0, 320.0), (1, 0, 320.0, 420.0)]


def test_the_other_arm_is_released_when_one_is_refused() -> None:
    line = qps.Scenario().replace(discipline="circuit", layout="split", n_relays=2, length_km=120.0, n_frames=1)
    for seed in range(30):
        run = qps.simulate(line.replace(p_free=0.7), seed=seed)
        if set(run.signals["arm"][run.signals["kind"] == "REFUSAL"]) == {0}:
            break
    s = run.signals
    assert set(s["arm"][s["kind"] == "RELEASE"]) == {1}
    heard_us = s["in_us"][s["kind"] == "REFUSAL"].max()
    assert s["out_us"][s["kind"] == "RELEASE"].min() == pytest.approx(heard_us)


@settings(max_examples=25)
@given(seed=st.integers(0, 1000), n_relays=st.integers(0, 4), p_free=st.sampled_from([0.5, 1.0]))
def test_messages_agree_with_the_events_of_a_circuit(seed: int, n_relays: int, p_free: float) -> None:
    scenario = qps.Scenario().replace(discipline="circuit", n_relays=n_relays, p_free=p_free, max_attempts=3)
    run = qps.simulate(scenario, seed=seed, engine="python")
    s, e = run.signals, run.events
    assert set(s["kind"]) <= set(SIGNALS)
    for kind, event in (("SETUP", "SETUP"), ("RELEASE", "TEARDOWN")):
        times_us = s["out_us"][(s["kind"] == kind) & ((kind == "SETUP") | (s["from_node"] == 0))]
        np.testing.assert_allclose(np.sort(times_us), e["time_us"][e["kind"] == KINDS.index(event)], rtol=1e-12)
    confirmed = s["in_us"][(s["kind"] == "CONFIRM") & (s["to_node"] == 0)]
    np.testing.assert_allclose(confirmed, e["time_us"][e["kind"] == KINDS.index("CONFIRMED")], rtol=1e-12)


def test_progress_ends_at_one_also_for_runs_of_a_moment() -> None:
    for n_frames in (1, 4000):
        shares: list[float] = []
        scenario = qps.Scenario().replace(n_frames=n_frames, p_free=0.5, discipline="burst", max_attempts=3)
        qps.simulate(scenario, engine="python", record="frames", progress=shares.append)
        assert shares == sorted(shares)
        assert shares[-1] == 1.0
        assert shares.count(1.0) == 1


@pytest.mark.skipif(not compiled.available(), reason="numba is not installed")
def test_compiling_is_announced_and_loading_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    scenario = qps.Scenario().replace(n_frames=1)
    qps.simulate(scenario, engine="compiled", announce=said.append)
    said.clear()
    qps.simulate(scenario, engine="compiled", announce=said.append)
    assert said == []
    monkeypatch.setattr(compiled, "is_kept", lambda: False)
    qps.simulate(scenario, engine="compiled", announce=said.append)
    assert len(said) == 1
    assert "once" in said[0]
