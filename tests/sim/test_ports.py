"""Ports and wavelengths: who gets what, and what a frame pays for it."""

from __future__ import annotations

import math

import numpy as np
import pytest

import qpsviz as qps

LINE = qps.Scenario().replace(n_relays=1, length_km=20.0, frame_gap_us=0.0, processing_us=100.0, n_frames=12)


def erlang_b(load: float, n_servers: int) -> float:
    """Chance that all servers are busy, as the ratio of the last term to all."""
    terms = [load**n / math.factorial(n) for n in range(n_servers + 1)]
    return terms[-1] / sum(terms)


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
