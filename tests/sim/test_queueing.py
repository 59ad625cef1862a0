"""The engine's ports against queueing theory: loss without memory, waiting with it."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest

import qpsviz as qps
from qpsviz.noise.storage import DelayLine
from qpsviz.switch.busy_port import BusyPort
from qpsviz.switch.port_wait import p_longer, tail

N_LEAVES = 400
HUB, SINK = N_LEAVES, N_LEAVES + 1
LEAF_KM, TRUNK_KM = 2.0, 6.0
PAYLOAD_US, PROCESSING_US = 50.0, 5.0
N_BATCHES = 50


@pytest.fixture(scope="module")
def star() -> qps.Network:
    """Many leaves around one hub with a trunk to a sink: the hub's port is the only one that can contend."""
    n = N_LEAVES
    return qps.Network(
        name="star",
        node_names=[f"leaf {i}" for i in range(n)] + ["hub", "sink"],
        roles=["user"] * (n + 2),
        x_km=np.zeros(n + 2),
        y_km=np.zeros(n + 2),
        link_from=np.append(np.arange(n), HUB).astype(np.int32),
        link_to=np.append(np.full(n, HUB), SINK).astype(np.int32),
        link_km=np.append(np.full(n, LEAF_KM), TRUNK_KM),
    )


@pytest.fixture(scope="module")
def through_the_hub(star: qps.Network) -> Callable[..., qps.Run]:
    """A run of Poisson arrivals at the hub's port, each from the leaf that has rested longest."""

    def simulate(rate_per_us: float, n_frames: int, seed: int, **changes: object) -> qps.Run:
        scenario = qps.Scenario().replace(
            processing_us=PROCESSING_US, guard_us=PROCESSING_US, n_qubits=10, spacing_us=PAYLOAD_US / 10, **changes
        )
        start_us = np.cumsum(np.random.default_rng(seed).exponential(1 / rate_per_us, size=n_frames))
        leaves = np.arange(n_frames) % N_LEAVES
        traffic = qps.Traffic(n_frames=n_frames, start_us=start_us, source=leaves, destination=np.full(n_frames, SINK))
        return qps.simulate(scenario, network=star, traffic=traffic, seed=seed, engine="python", record="frames")

    return simulate


def erlang_b(load: float, n_servers: int) -> float:
    """Chance that all servers are busy, by the usual recursion."""
    blocked = 1.0
    for n in range(1, n_servers + 1):
        blocked = load * blocked / (n + load * blocked)
    return blocked


def agrees(values: np.ndarray, expected: float) -> bool:
    """Whether the mean of correlated values is within four standard errors, estimated from batches."""
    means = np.array([batch.mean() for batch in np.array_split(values, N_BATCHES)])
    error = means.std(ddof=1) / math.sqrt(N_BATCHES)
    assert error < 0.05 * expected, "too few frames to say anything"
    return abs(means.mean() - expected) < 4 * error


@pytest.mark.parametrize("load", [0.3, 1.0, 2.0])
def test_one_bufferless_port_loses_what_erlang_b_says(load: float, through_the_hub: Callable[..., qps.Run]) -> None:
    run = through_the_hub(load / PAYLOAD_US, 40_000, 5, discipline="burst")
    lost = run.frames["fate"] == "CONTENTION"
    assert agrees(lost, erlang_b(load, 1))
    assert erlang_b(load, 1) == pytest.approx(load / (1 + load))
    assert set(run.frames["fate"]) == {"DELIVERED", "CONTENTION"}


@pytest.mark.parametrize("n_wavelengths", [2, 4])
def test_w_wavelengths_with_conversion_lose_what_erlang_b_says(
    n_wavelengths: int, through_the_hub: Callable[..., qps.Run]
) -> None:
    load = 0.8 * n_wavelengths
    run = through_the_hub(load / PAYLOAD_US, 40_000, 6, discipline="burst", n_wavelengths=n_wavelengths)
    assert agrees(run.frames["fate"] == "CONTENTION", erlang_b(load, n_wavelengths))


def test_without_conversion_each_wavelength_is_a_port_of_its_own(through_the_hub: Callable[..., qps.Run]) -> None:
    changes = {"discipline": "burst", "n_wavelengths": 4, "wavelength_conversion": False}
    run = through_the_hub(3.2 / PAYLOAD_US, 40_000, 7, **changes)
    assert agrees(run.frames["fate"] == "CONTENTION", erlang_b(0.8, 1))


@pytest.mark.parametrize("load", [0.4, 0.7])
def test_one_port_with_memory_makes_frames_wait_as_in_m_d_1(
    load: float, through_the_hub: Callable[..., qps.Run]
) -> None:
    run = through_the_hub(load / PAYLOAD_US, 60_000, 8, discipline="store", release="after_header")
    # With the whole guard left at the hub, an idle relay would hold the payload not at all.
    assert agrees(run.frames["dwell_us"], load * PAYLOAD_US / (2 * (1 - load)))
    assert set(run.frames["fate"]) == {"DELIVERED"}


@pytest.mark.parametrize("load", [0.4, 0.7])
def test_payloads_that_meet_wait_as_those_that_meet_an_availability(
    load: float, through_the_hub: Callable[..., qps.Run]
) -> None:
    """A queue of frames, simulated, against the distribution that stands for traffic which is not."""
    run = through_the_hub(load / PAYLOAD_US, 60_000, 8, discipline="store", release="after_header")
    waited, of = run.frames["dwell_us"] / PAYLOAD_US, tail(1 - load)
    for n_payloads in (0.0, 0.3, 1.0, 1.6):
        assert agrees(waited > n_payloads + 1e-9, p_longer(n_payloads, 1 - load, *of)), n_payloads
    port = BusyPort(storage=DelayLine(), p_free=1 - load, payload_us=PAYLOAD_US)
    for constant_us in (20.0, 200.0):
        faded = 1 - np.exp(-waited * PAYLOAD_US / constant_us)
        assert agrees(faded, float(port.kept(1 / constant_us)[1]))


def test_a_circuit_is_blocked_as_often_as_erlang_b_says_for_its_holding_time(
    through_the_hub: Callable[..., qps.Run],
) -> None:
    # From the hub's reservation to the tear-down: confirmation back to the leaf, header and payload out again.
    there_us = (LEAF_KM + TRUNK_KM) / 0.2
    held_us = TRUNK_KM / 0.2 + there_us + PROCESSING_US + PROCESSING_US + PAYLOAD_US + LEAF_KM / 0.2
    load = 0.6
    run = through_the_hub(load / held_us, 40_000, 9, discipline="circuit")
    assert agrees(run.frames["fate"] == "BLOCKED", erlang_b(load, 1))


@pytest.mark.parametrize("seed", range(5))
def test_another_wavelength_never_costs_a_frame_at_one_port(seed: int, through_the_hub: Callable[..., qps.Run]) -> None:
    delivered = [
        np.count_nonzero(
            through_the_hub(2.5 / PAYLOAD_US, 2000, seed, discipline="burst", n_wavelengths=w).frames["fate"]
            == "DELIVERED"
        )
        for w in (1, 2, 3, 4)
    ]
    assert delivered == sorted(delivered)


def test_retrying_delivers_more_and_the_notice_takes_the_way_back(through_the_hub: Callable[..., qps.Run]) -> None:
    once, thrice = (
        through_the_hub(1.0 / PAYLOAD_US, 5000, 3, discipline="burst", max_attempts=n).frames for n in (1, 3)
    )
    assert np.count_nonzero(thrice["fate"] == "DELIVERED") > np.count_nonzero(once["fate"] == "DELIVERED")
    np.testing.assert_allclose(thrice["guard_us"], PROCESSING_US * thrice["attempts"])
    # Header out, read and refused at the hub, notice back; but the leaf first finishes the payload that it began.
    second = (thrice["attempts"] == 2) & (thrice["fate"] == "DELIVERED")
    heard_us = 2 * LEAF_KM / 0.2 + PROCESSING_US
    # Immediate reservation: the new header leaves when the port is free, its payload a guard of two readings later.
    start_us = max(heard_us, PROCESSING_US + PAYLOAD_US) + 2 * PROCESSING_US
    least_us = start_us + PAYLOAD_US + (LEAF_KM + TRUNK_KM) / 0.2
    taken_us = (thrice["done_us"] - thrice["sent_us"])[second]
    np.testing.assert_allclose(taken_us.min(), least_us, rtol=1e-9)
