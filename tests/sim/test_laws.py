"""Laws that every run obeys, whatever is simulated."""

from __future__ import annotations

import math
import subprocess
import sys
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import qpsviz as qps
from qpsviz.sim import KINDS, Fate
from qpsviz.sim.engine import compiled


@st.composite
def busy_scenarios(draw: st.DrawFn) -> qps.Scenario:
    """Scenarios in which frames get in each other's way and in every kind of trouble."""
    return qps.Scenario().replace(
        discipline=draw(st.sampled_from(qps.Discipline)),
        n_relays=draw(st.integers(min_value=0, max_value=4)),
        length_km=draw(st.sampled_from([0.0, 10.0, 60.0])),
        late_payload=draw(st.sampled_from(["truncate", "discard"])),
        release=draw(st.sampled_from(["after_frame", "after_header"])),
        processing_us=draw(st.sampled_from([0.0, 7.5, 20.0, 125.0])),
        guard_us=draw(st.sampled_from([0.0, 10.0, 40.0, 130.0])),
        p_free=draw(st.sampled_from([0.3, 0.8, 1.0])),
        max_attempts=draw(st.sampled_from([1, 2, 5])),
        n_wavelengths=draw(st.sampled_from([1, 3])),
        wavelength_conversion=draw(st.booleans()),
        reservation=draw(st.sampled_from(["immediate", "delayed"])),
        device=draw(st.sampled_from(["ideal", "near_term", "long_term"])),
        cutoff_us=draw(st.sampled_from([math.inf, 130.0, 300.0])),
        memory_qubits=draw(st.sampled_from([math.inf, 5.0, 10.0, 25.0])),
        frame_gap_us=draw(st.sampled_from([0.0, 50.0])),
        n_frames=draw(st.sampled_from([1, 20, 60])),
    )


NETWORKS = {
    "line": qps.Network.line(n_relays=3, length_km=5.0),
    "ring": qps.Network.ring(n_nodes=5, length_km=4.0),
    "grid": qps.Network.grid(n_rows=2, n_columns=3, length_km=3.0),
    "parallel": qps.Network(
        name="parallel",
        node_names="abc",
        roles=["user"] * 3,
        x_km=[0, 1, 2],
        y_km=[0, 0, 0],
        link_from=[0, 1, 0, 1, 1, 2, 1, 2],
        link_to=[1, 0, 1, 0, 2, 1, 2, 1],
        link_km=[5, 5, 5, 5, 3, 3, 4, 4],
    ),
}


@st.composite
def busy_runs(draw: st.DrawFn, engine: str = "python") -> qps.Run:
    """Runs on the scenario's own line, in either layout, or with traffic on a network."""
    scenario = draw(busy_scenarios())
    seed = draw(st.integers(min_value=0, max_value=2**40))
    until_us = draw(st.sampled_from([math.inf, 700.0]))
    place = draw(st.sampled_from(["own", "split", *NETWORKS]))
    if place in NETWORKS:
        traffic = qps.Traffic(
            load=draw(st.sampled_from([0.2, 1.5])),
            n_frames=40,
            n_frames_per_session=draw(st.sampled_from([1, 3])),
            use_p_free=draw(st.booleans()),
        )
        return qps.simulate(
            scenario, network=NETWORKS[place], traffic=traffic, seed=seed, until_us=until_us, engine=engine
        )
    layout = "split" if place == "split" else "sender"
    return qps.simulate(scenario.replace(layout=layout), seed=seed, until_us=until_us, engine=engine)


@given(run=busy_runs())
def test_every_frame_is_delivered_dropped_for_a_reason_or_in_flight(run: qps.Run) -> None:
    summary = run.summary()
    assert summary["offered"] == summary["delivered"] + summary["in_flight"] + sum(summary["dropped"].values())
    assert set(run.frames["fate"]) <= {fate.value for fate in Fate}
    assert len(set(run.frames["frame"])) == len(run.frames)


@given(run=busy_runs())
def test_only_delivered_frames_have_payload_delay_and_fidelity(run: qps.Run) -> None:
    frames = run.frames
    delivered = frames["fate"] == "DELIVERED"
    assert np.array_equal(delivered, frames["payload_kept"] > 0)
    assert np.array_equal(delivered, ~np.isnan(frames["delay_us"]))
    assert not np.any(~delivered & ~np.isnan(frames["fidelity"]))
    assert np.array_equal(frames["fate"] == "IN_FLIGHT", np.isnan(frames["done_us"]))
    assert np.all(frames["attempts"] <= run.scenario.switch.max_attempts)
    assert np.all(frames["dwell_us"] <= run.scenario.memory.cutoff_us + 1e-9)


@given(run=busy_runs())
def test_the_legs_of_a_flight_join_up_in_space_and_time(run: qps.Run) -> None:
    legs = run.legs
    follows = legs["hop"][1:] > 0
    for name in ("frame", "attempt"):
        assert np.array_equal(legs[name][1:][follows], legs[name][:-1][follows])
    assert np.array_equal(legs["hop"][1:][follows], legs["hop"][:-1][follows] + 1)
    assert np.array_equal(legs["from_node"][1:][follows], legs["to_node"][:-1][follows])
    stayed_us = legs["payload_out_us"][1:][follows] - legs["payload_in_us"][:-1][follows]
    np.testing.assert_allclose(stayed_us, legs["dwell_us"][1:][follows], atol=1e-6)
    for number in ("eta", "c", "a", "b"):
        # Between two legs a qubit dwells and passes a switch: neither brings back light or coherence.
        assert np.all(legs[f"{number}_out"] <= 1.0 + 1e-12)
        if number in ("eta", "c"):
            assert np.all(legs[f"{number}_out"][1:][follows] <= legs[f"{number}_in"][:-1][follows] + 1e-12)
    read_us = legs["header_out_us"][1:][follows] - legs["header_in_us"][:-1][follows]
    needed_us = run.scenario.switch.processing_us if run.scenario.values().discipline.reads_header else 0.0
    assert np.all(read_us >= needed_us - 1e-6)


@given(run=busy_runs())
def test_no_two_payloads_share_a_wavelength_of_a_link(run: qps.Run) -> None:
    legs = run.legs
    switch, source = run.scenario.switch, run.scenario.source
    discipline = run.scenario.values().discipline
    is_immediate = discipline.overtakes and switch.reservation == "immediate"
    start_us = legs["header_out_us"] if is_immediate else legs["payload_out_us"] + legs["lost_us"]
    end_us = legs["payload_out_us"] + source.n_qubits * source.spacing_us
    for link, channel in {(x, y) for x, y in zip(legs["link"], legs["channel"], strict=True)}:
        here = np.flatnonzero((legs["link"] == link) & (legs["channel"] == channel))
        order = here[np.argsort(start_us[here])]
        assert np.all(start_us[order][1:] >= end_us[order][:-1] - 1e-6)
    converts = switch.wavelength_conversion and switch.device != "near_term"
    if not discipline.sets_up and not converts:
        follows = legs["hop"][1:] > 0
        assert np.array_equal(legs["channel"][1:][follows], legs["channel"][:-1][follows])


@given(run=busy_runs())
def test_no_memory_ever_holds_more_than_it_can(run: qps.Run) -> None:
    if not run.scenario.values().discipline.stores:
        return
    legs, source = run.legs, run.scenario.source
    follows = np.flatnonzero((legs["hop"] > 0) & (legs["dwell_us"] > 0))
    events = []
    for i in follows:  # qubit by qubit: each stays from when it comes until it goes
        for j in range(source.n_qubits):
            events.append((legs["payload_in_us"][i - 1] + j * source.spacing_us, 1, legs["from_node"][i]))
            events.append((legs["payload_out_us"][i] + j * source.spacing_us - 1e-6, -1, legs["from_node"][i]))
    held = dict.fromkeys(range(run.network.n_nodes), 0)
    for _, change, node in sorted(events):
        held[int(node)] += change
        assert held[int(node)] <= run.scenario.memory.memory_qubits


@given(run=busy_runs())
def test_events_come_in_order_of_time_and_none_is_missing(run: qps.Run) -> None:
    events = run.events
    assert np.all(np.diff(events["time_us"]) >= 0)
    counts = {name: int(np.count_nonzero(events["kind"] == i)) for i, name in enumerate(KINDS)}
    summary = run.summary()
    last = run.frames["attempts"][np.searchsorted(run.frames["frame"], events["frame"])] == events["attempt"]
    delivered = (events["kind"] == KINDS.index("DELIVERED")) & last
    dropped = (events["kind"] == KINDS.index("DROPPED")) & last
    assert np.count_nonzero(delivered) == summary["delivered"]
    assert np.count_nonzero(dropped) == sum(summary["dropped"].values())
    assert set(events["reason"][dropped]) == set(summary["dropped"])
    assert counts["HEADER_OUT"] == len(run.legs)
    assert counts["TRAILER_IN"] <= counts["PAYLOAD_IN"] <= counts["HEADER_IN"] <= counts["HEADER_OUT"]


@given(scenario=busy_scenarios(), layout=st.sampled_from(["sender", "split"]), seed=st.integers(0, 2**63))
def test_the_same_seed_gives_the_same_bytes(scenario: qps.Scenario, layout: str, seed: int) -> None:
    first, second = (qps.simulate(scenario.replace(layout=layout), seed=seed, engine="python") for _ in range(2))
    assert (first.frames, first.legs, first.events) == (second.frames, second.legs, second.events)


@given(scenario=busy_scenarios(), layout=st.sampled_from(["sender", "split"]), seed=st.integers(0, 1000))
def test_a_freer_line_never_loses_a_frame_that_got_through(scenario: qps.Scenario, layout: str, seed: int) -> None:
    line = scenario.replace(layout=layout, max_attempts=1)
    if line.values().discipline.stores:  # a frame that is dropped makes room for the next one
        line = line.replace(n_frames=1)
    through = [
        qps.simulate(line.replace(p_free=p), seed=seed, engine="python").frames["fate"] == "DELIVERED"
        for p in (0.2, 0.5, 0.8, 1.0)
    ]
    for fewer, more in pairwise(through):
        assert np.all(more | ~fewer)


@given(
    n_relays=st.integers(min_value=1, max_value=12),
    processing_us=st.floats(min_value=0.01, max_value=1e3),
    late_payload=st.sampled_from(["truncate", "discard"]),
)
def test_the_guard_for_zero_loss_is_one_processing_time_per_relay(
    n_relays: int, processing_us: float, late_payload: str
) -> None:
    scenario = qps.Scenario().replace(
        discipline="burst", n_relays=n_relays, processing_us=processing_us, late_payload=late_payload, p_free=1.0
    )
    enough = qps.simulate(scenario.replace(guard_us=n_relays * processing_us), engine="python").frames
    assert np.all(enough["payload_kept"] == 1.0)
    less = qps.simulate(scenario.replace(guard_us=n_relays * processing_us * (1 - 1e-6)), engine="python").frames
    assert np.all(less["payload_kept"] < 1.0)
    assert late_payload == "truncate" or set(less["fate"]) == {"LATE"}


@given(scenario=busy_scenarios(), seed=st.integers(0, 1000))
def test_an_infinite_cutoff_is_no_cutoff(scenario: qps.Scenario, seed: int) -> None:
    endless, long = (
        qps.simulate(scenario.replace(cutoff_us=cutoff_us), seed=seed, engine="python")
        for cutoff_us in (math.inf, 1e12)
    )
    assert endless.frames == long.frames
    assert endless.legs == long.legs
    assert "EXPIRED" not in endless.frames["fate"]


@pytest.mark.skipif(not compiled.available(), reason="numba is not installed")
@settings(max_examples=150)
@given(data=st.data())
def test_the_compiled_engine_equals_plain_python_byte_for_byte(data: st.DataObject) -> None:
    scenario, seed = data.draw(busy_scenarios()), data.draw(st.integers(0, 1000))
    layout, place = data.draw(st.sampled_from(["sender", "split"])), data.draw(st.sampled_from([None, *NETWORKS]))
    if place is None:
        runs = [qps.simulate(scenario.replace(layout=layout), seed=seed, engine=e) for e in ("python", "compiled")]
    else:
        traffic = qps.Traffic(load=0.8, n_frames=40, n_frames_per_session=2, use_p_free=True)
        runs = [
            qps.simulate(scenario, network=NETWORKS[place], traffic=traffic, seed=seed, engine=e)
            for e in ("python", "compiled")
        ]
    assert (runs[0].frames, runs[0].legs, runs[0].events) == (runs[1].frames, runs[1].legs, runs[1].events)
    assert runs[0].signals == runs[1].signals


def test_a_small_run_never_loads_numba_pandas_or_scipy() -> None:
    program = (
        "import sys, qpsviz as qps\n"
        "run = qps.simulate(qps.Scenario().replace(n_frames=200, n_relays=5))\n"
        "run.events, run.summary()\n"
        "print([m for m in ('numba', 'pandas', 'scipy', 'networkx') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"


def test_without_numba_large_runs_take_the_plain_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled, "available", lambda: False)
    monkeypatch.setattr(compiled, "advance", lambda: pytest.fail("the compiled engine was asked for"))
    assert len(qps.simulate(qps.Scenario().replace(n_frames=15_000)).frames) == 15_000


@pytest.mark.skipif(not compiled.available(), reason="numba is not installed")
def test_the_engine_compiles_where_nothing_can_be_kept_on_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    import numba

    asked: list[bool] = []

    def njit(cache: bool = False, **options: bool) -> object:
        asked.append(cache)
        if cache:
            raise RuntimeError("cannot cache function: no locator available")
        return lambda function: function

    monkeypatch.setattr(numba, "njit", njit)
    assert compiled.advance.__wrapped__() is not None
    assert {True, False} == set(asked)
