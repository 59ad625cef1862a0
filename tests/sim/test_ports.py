"""Ports, memories and times: who gets what, when two times are equal, and what a frame pays for it."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import qpsviz as qps
from qpsviz.noise.storage import RecirculatingLoop, whole_turns_us
from qpsviz.sim import KINDS, SIGNALS
from qpsviz.sim.engine import compiled
from qpsviz.units.times import is_after

ENGINES = ["python", *(["compiled"] if compiled.available() else [])]
LINE = qps.Scenario().replace(n_relays=1, length_km=20.0, frame_gap_us=0.0, processing_us=100.0, n_frames=12)
LENGTHS_KM = st.sampled_from([0.0, 16.0, 17.77, 33.3, 40.0, 100 / 3, 1234.5])


def fates(scenario: qps.Scenario) -> list[str]:
    """What became of each frame."""
    return qps.simulate(scenario, engine="python").frames["fate"].tolist()


def erlang_b(load: float, n_servers: int) -> float:
    """Chance that all servers are busy, as the ratio of the last term to all."""
    terms = [load**n / math.factorial(n) for n in range(n_servers + 1)]
    return terms[-1] / sum(terms)


# -- equal times -------------------------------------------------------------------------------------------------------


@given(
    time_us=st.floats(0.0, 1e12),
    apart=st.floats(-1.0, 1.0),
)
def test_two_times_within_the_tolerance_are_equal_and_others_are_not(time_us: float, apart: float) -> None:
    tolerance_us = 1e-9 + 1e-13 * time_us
    near = time_us + 0.5 * apart * tolerance_us
    assert not is_after(near, time_us)
    assert not is_after(time_us, near)
    far = time_us + 3 * tolerance_us + 1e-6 * abs(apart)
    assert is_after(far, time_us)
    assert not is_after(time_us, far)


@pytest.mark.parametrize("late_payload", ["truncate", "discard"])
@pytest.mark.parametrize("engine", ENGINES)
def test_a_guard_of_n_processing_times_is_enough_however_they_are_written(late_payload: str, engine: str) -> None:
    for n_relays, processing_us, guard_us in (
        (3, 0.1, 0.3),
        (3, 0.7, 2.1),
        (6, 0.1, 0.6),
        (7, 0.1, 0.7),
        (9, 1.1, 9.9),
    ):
        scenario = qps.Scenario().replace(
            discipline="burst", n_relays=n_relays, processing_us=processing_us, guard_us=guard_us, p_free=1.0,
            late_payload=late_payload, length_km=80.0,
        )  # fmt: skip
        frames = qps.simulate(scenario, engine=engine).frames
        assert set(frames["fate"]) == {"DELIVERED"}
        assert set(frames["payload_kept"]) == {1.0}
        assert qps.evaluate(scenario, "payload_kept") == 1.0


@settings(max_examples=6)
@given(
    length_km=LENGTHS_KM, spacing_us=st.sampled_from([5.0, 0.1, 0.7]), start_us=st.sampled_from([0.0, 1 / 3, 1e6 + 0.1])
)
def test_equal_frames_in_a_queue_with_a_cutoff_on_the_edge_have_one_fate(
    length_km: float, spacing_us: float, start_us: float
) -> None:
    payload_us = 10 * spacing_us
    scenario = LINE.replace(
        spacing_us=spacing_us, processing_us=0.0, length_km=length_km, cutoff_us=payload_us, n_frames=500
    )
    arrivals = qps.Traffic(
        n_frames=500, start_us=start_us + payload_us * np.arange(500), source=[0] * 500, destination=[2] * 500
    )
    frames = qps.simulate(scenario, network=qps.Network.of(scenario), traffic=arrivals, engine="python").frames
    assert set(frames["fate"]) == {"DELIVERED"}
    assert qps.evaluate(scenario, "payload_kept") == 1.0


@given(dwell_us=st.floats(0.0, 1e6), turn_us=st.sampled_from([0.1, 0.3, 1.0, 7.7]), n=st.integers(0, 10**6))
def test_the_engine_and_the_closed_form_count_the_same_turns_of_a_loop(dwell_us: float, turn_us: float, n: int) -> None:
    loop = RecirculatingLoop(turn_us=turn_us, turn_loss_db=1.0)
    for wanted_us in (dwell_us, n * turn_us, sum([turn_us] * (n % 100)), math.nextafter(n * turn_us, math.inf)):
        assert whole_turns_us(wanted_us, turn_us, 0.0) == float(loop.kept_us(wanted_us))
    assert loop.turns(math.nextafter(n * turn_us, math.inf)) == n


# -- memory ------------------------------------------------------------------------------------------------------------


@settings(max_examples=20)
@given(length_km=LENGTHS_KM, guard_us=st.sampled_from([0.0, 100.0, 200.0, 0.1]))
def test_a_memory_that_just_fits_fits_at_every_length(length_km: float, guard_us: float) -> None:
    # A frame of 50 us is held for at most 100 us plus its own 50: three at a time, the fourth comes as the first goes.
    line = LINE.replace(length_km=length_km, guard_us=guard_us, n_frames=1)
    start_us = 50.0 * np.arange(12)
    frames = qps.simulate(
        line.replace(memory_qubits=30.0),
        network=qps.Network.of(line),
        traffic=qps.Traffic(n_frames=12, start_us=start_us, source=[0] * 12, destination=[2] * 12),
        engine="python",
    ).frames
    assert set(frames["fate"]) == {"DELIVERED"}


def test_one_qubit_less_than_three_frames_holds_two() -> None:
    assert fates(LINE.replace(memory_qubits=29.0)).count("MEMORY_FULL") == 4
    assert fates(LINE.replace(memory_qubits=9.0)) == ["MEMORY_FULL"] * 12


def test_memory_is_taken_when_the_payload_comes_and_not_when_its_header_is_read() -> None:
    # 500 us of guard: twelve headers are read before the first payload is there.
    assert set(fates(LINE.replace(guard_us=500.0, memory_qubits=20.0))) == {"DELIVERED"}
    full = LINE.replace(guard_us=500.0, memory_qubits=9.0, n_frames=1)
    run = qps.simulate(full, engine="python")
    assert run.frames["done_us"].tolist() == [500.0 + 10.0 / 0.2]


@pytest.mark.parametrize(("processing_us", "held"), [(0.0, 0), (5.0, 1), (12.0, 3), (45.0, 9), (50.0, 10), (125.0, 10)])
def test_a_frame_needs_as_much_memory_as_it_fills_at_once(processing_us: float, held: int) -> None:
    line = LINE.replace(release="after_header", processing_us=processing_us, n_frames=1)
    assert fates(line.replace(memory_qubits=float(held))) == ["DELIVERED"]
    assert qps.evaluate(line.replace(memory_qubits=float(held)), "payload_kept") == 1.0
    if held:
        assert fates(line.replace(memory_qubits=held - 1.0)) == ["MEMORY_FULL"]
        assert qps.evaluate(line.replace(memory_qubits=held - 1.0), "payload_kept") == 0.0


def test_a_payload_that_need_not_wait_is_never_stored() -> None:
    line = LINE.replace(release="after_header", guard_us=1000.0, memory_qubits=9.0)
    run = qps.simulate(line, engine="python")
    assert set(run.frames["fate"]) == {"DELIVERED"}
    assert not np.any(np.isin(run.events["kind"], [KINDS.index("STORED"), KINDS.index("RELEASED")]))


@st.composite
def arrivals(draw: st.DrawFn) -> tuple[qps.Scenario, qps.Traffic]:
    """Frames from two senders that meet at one relay."""
    steps = draw(st.lists(st.sampled_from([0.0, 0.1, 25.0, 50.0, 70.0, 130.0]), min_size=2, max_size=25))
    n = len(steps)
    scenario = LINE.replace(
        processing_us=draw(st.sampled_from([0.0, 0.1, 50.0, 125.0])),
        guard_us=draw(st.sampled_from([0.0, 50.0, 125.0, 300.0])),
        cutoff_us=draw(st.sampled_from([math.inf, 200.0])),
    )
    traffic = qps.Traffic(
        n_frames=n,
        start_us=np.cumsum(steps),
        source=draw(st.lists(st.sampled_from([0, 1]), min_size=n, max_size=n)),
        destination=[3] * n,
    )
    return scenario, traffic


def two_senders(length_km: float) -> qps.Network:
    """Two senders at one relay, with a receiver behind it."""
    return qps.Network(
        name="two", node_names=["a", "b", "relay", "receiver"], roles=["user", "user", "relay", "user"],
        x_km=[0, 0, 1, 2], y_km=[0, 1, 0, 0], link_from=[0, 1, 2], link_to=[2, 2, 3], link_km=[length_km] * 2 + [1.0],
    )  # fmt: skip


@settings(max_examples=20)
@given(case=arrivals())
def test_more_memory_never_loses_more_frames(case: tuple[qps.Scenario, qps.Traffic]) -> None:
    scenario, traffic = case
    network = two_senders(16.0)
    delivered = [
        fates_on(scenario.replace(memory_qubits=qubits), network, traffic).count("DELIVERED")
        for qubits in (5.0, 10.0, 15.0, 20.0, 30.0, 1e6, math.inf)
    ]
    assert all(fewer <= more for fewer, more in pairwise(delivered))
    assert delivered[-1] == delivered[-2]


def fates_on(scenario: qps.Scenario, network: qps.Network, traffic: qps.Traffic) -> list[str]:
    """What became of each frame of a traffic."""
    return qps.simulate(scenario, network=network, traffic=traffic, engine="python").frames["fate"].tolist()


@settings(max_examples=20)
@given(case=arrivals(), discipline=st.sampled_from(["store", "burst"]), qubits=st.sampled_from([10.0, 20.0, math.inf]))
def test_longer_fibres_and_a_later_start_change_no_fate(
    case: tuple[qps.Scenario, qps.Traffic], discipline: str, qubits: float
) -> None:
    scenario, traffic = case
    scenario = scenario.replace(discipline=discipline, memory_qubits=qubits, p_free=1.0)
    told = [fates_on(scenario, two_senders(length_km), traffic) for length_km in (0.0, 16.1, 40.0, 100 / 3)]
    later = qps.Traffic(
        n_frames=traffic.n_frames, start_us=np.asarray(traffic.start_us) + 1e5 / 3, source=traffic.source,
        destination=traffic.destination,
    )  # fmt: skip
    told.append(fates_on(scenario, two_senders(16.0), later))
    assert told.count(told[0]) == len(told)


# -- ports -------------------------------------------------------------------------------------------------------------


def pair_of_nodes(n_fibres: int) -> qps.Network:
    """Two users with so many fibres each way."""
    n = n_fibres
    return qps.Network(
        name="pair", node_names="ab", roles=["user"] * 2, x_km=[0, 15], y_km=[0, 0],
        link_from=[0] * n + [1] * n, link_to=[1] * n + [0] * n, link_km=[15.0] * 2 * n,
    )  # fmt: skip


def test_parallel_fibres_share_the_load_that_counts_them() -> None:
    run = qps.simulate(
        qps.Scenario(), network=pair_of_nodes(2), traffic=qps.Traffic(load=0.6, n_frames=20_000), seed=1,
        engine="python",
    )  # fmt: skip
    legs = run.legs
    shares = np.bincount(legs["link"], minlength=4) / len(legs)
    assert np.all(shares > 0.2)
    # M/D/2 at 0.6 waits less than M/M/2, (C/(2·µ·(1-ρ)) with Erlang C = 0.45, and more than half of it.
    mean_wait_us = run.summary()["latency_us"] - 50.0 - 15.0 / 0.2
    assert 0.5 * 0.45 * 50.0 / 0.8 < mean_wait_us < 0.45 * 50.0 / 0.8


@pytest.mark.parametrize("n_fibres", [1, 2, 3])
@pytest.mark.parametrize(("reservation", "held_us"), [("immediate", 50.0 + 30.0), ("delayed", 50.0)])
def test_a_burst_finds_all_fibres_taken_as_erlang_b_says_for_what_it_reserves(
    n_fibres: int, reservation: str, held_us: float
) -> None:
    n, load, leaves = 12_000, 0.7 * n_fibres, 300
    network = qps.Network(
        name="star", node_names=[str(i) for i in range(leaves + 2)], roles=["user"] * (leaves + 2),
        x_km=np.zeros(leaves + 2), y_km=np.zeros(leaves + 2),
        link_from=np.append(np.arange(leaves), [leaves] * n_fibres),
        link_to=np.append(np.full(leaves, leaves), [leaves + 1] * n_fibres),
        link_km=np.append(np.full(leaves, 2.0), [6.0] * n_fibres),
    )  # fmt: skip
    traffic = qps.Traffic(
        n_frames=n, start_us=np.cumsum(np.random.default_rng(2).exponential(held_us / load, size=n)),
        source=np.arange(n) % leaves, destination=np.full(n, leaves + 1),
    )  # fmt: skip
    scenario = qps.Scenario().replace(discipline="burst", processing_us=5.0, guard_us=35.0, reservation=reservation)
    run = qps.simulate(scenario, network=network, traffic=traffic, engine="python", record="frames")
    lost = np.array_split(run.frames["fate"] == "CONTENTION", 40)
    means = np.array([batch.mean() for batch in lost])
    assert abs(means.mean() - erlang_b(load, n_fibres)) < 4 * means.std(ddof=1) / math.sqrt(40)


@pytest.mark.parametrize(("reservation", "apart_us"), [("immediate", 130.0), ("delayed", 50.0)])
def test_a_source_holds_its_own_port_from_the_header_on_or_for_the_payload_alone(
    reservation: str, apart_us: float
) -> None:
    scenario = LINE.replace(discipline="burst", processing_us=1.0, guard_us=80.0, reservation=reservation)
    traffic = qps.Traffic(n_frames=3, start_us=[0.0] * 3, source=[0] * 3, destination=[2] * 3)
    run = qps.simulate(scenario, network=qps.Network.of(scenario), traffic=traffic, engine="python")
    assert np.diff(run.frames["sent_us"]).tolist() == pytest.approx([apart_us] * 2)


# -- wavelengths -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("device", "passing_db", "converter_db"), [("ideal", 0.0, 0.0), ("long_term", 7.0, 3.4)])
def test_a_frame_that_changes_its_wavelength_pays_the_converter(
    device: str, passing_db: float, converter_db: float
) -> None:
    scenario = qps.Scenario().replace(device=device, n_wavelengths=3, processing_us=20.0)
    ring = qps.Network.ring(n_nodes=5, length_km=5)
    run = qps.simulate(scenario, network=ring, traffic=qps.Traffic(load=0.8, n_frames=400), seed=1, engine="python")
    legs = run.legs
    follows = legs["hop"][1:] > 0
    changed = (legs["channel"][1:] != legs["channel"][:-1])[follows]
    loss_db = (-10 * np.log10(legs["eta_out"][1:] / legs["eta_in"][:-1]))[follows]
    assert changed.any()
    np.testing.assert_allclose(loss_db, passing_db + converter_db * changed, atol=1e-9)
    few = qps.simulate(
        scenario, network=ring, traffic=qps.Traffic(load=0.8, n_frames=400), seed=1, engine="python", record="frames"
    )
    assert few.frames == run.frames


@pytest.mark.parametrize("discipline", ["store", "burst", "circuit"])
def test_a_device_without_a_converter_cannot_convert(discipline: str) -> None:
    scenario = qps.Scenario().replace(device="near_term", n_wavelengths=3, processing_us=5.0, guard_us=30.0, p_free=1.0)
    scenario = scenario.replace(discipline=discipline, wavelength_conversion=True)
    ring = qps.Network.ring(n_nodes=5, length_km=5)
    legs = qps.simulate(scenario, network=ring, traffic=qps.Traffic(load=0.8, n_frames=300), seed=1).legs
    follows = legs["hop"][1:] > 0
    assert np.array_equal(legs["channel"][1:][follows], legs["channel"][:-1][follows])
    assert len(set(legs["channel"])) == 3


# -- trailers and messages ---------------------------------------------------------------------------------------------


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
