"""Deflection: a burst whose port is taken goes another way, which is longer and costs guard."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import qpsviz as qps
from qpsviz.sim.engine import compiled

ENGINES = ["python", *(["compiled"] if compiled.available() else [])]
BURST = qps.Scenario().replace(discipline="burst", guard_us=2000.0, processing_us=100.0, p_free=1.0, max_deflections=1)


def diamond(*, more_km: float = 0.0) -> qps.Network:
    """From a and b over a relay r to t; around it over s, whose links are longer, and from s back to nowhere else."""
    ends = [("a", "r", 10.0), ("b", "r", 10.0), ("r", "t", 10.0), ("r", "s", 10.0 + more_km), ("s", "t", 15.0)]
    names = ["a", "b", "r", "s", "t"]
    number = {name: i for i, name in enumerate(names)}
    return qps.Network(
        name="diamond", node_names=names, roles=["user", "user", "relay", "relay", "user"],
        x_km=[0, 0, 1, 1, 2], y_km=[0, 1, 0, 1, 0], link_from=[number[a] for a, _, _ in ends],
        link_to=[number[b] for _, b, _ in ends], link_km=[km for *_, km in ends],
    )  # fmt: skip


def two_at_once(scenario: qps.Scenario, network: qps.Network | None = None, **options: Any) -> qps.Run:
    """Two bursts that want the port of r to t at the same moment."""
    traffic = qps.Traffic(start_us=[0.0, 0.0], source=[0, 1], destination=[4, 4], n_frames=2)
    return qps.simulate(scenario, network=network or diamond(), traffic=traffic, **options)


@pytest.mark.parametrize("reservation", ["immediate", "delayed"])
@pytest.mark.parametrize("engine", ENGINES)
def test_the_second_of_two_bursts_goes_around(engine: str, reservation: str) -> None:
    scenario = BURST.replace(reservation=reservation)
    run = two_at_once(scenario, engine=engine)
    assert run.frames["fate"].tolist() == ["DELIVERED", "DELIVERED"]
    assert run.frames["deflections"].tolist() == [0, 1]
    legs = run.legs
    assert legs["link"][legs["frame"] == 0].tolist() == [0, 2]
    assert legs["link"][legs["frame"] == 1].tolist() == [1, 3, 4]
    # Light for 15 km more, and one relay more that reads the header.
    delay_us = run.frames["delay_us"]
    assert delay_us[1] - delay_us[0] == pytest.approx(15.0 / 0.2)
    left_us = run.frames["guard_left_us"]
    assert left_us[0] - left_us[1] == pytest.approx(100.0)
    assert two_at_once(scenario.replace(max_deflections=0)).frames["fate"].tolist() == ["DELIVERED", "CONTENTION"]


def test_a_guard_for_one_relay_is_too_short_for_the_detour() -> None:
    late = two_at_once(BURST.replace(guard_us=100.0, late_payload="discard"))
    assert late.frames["fate"].tolist() == ["DELIVERED", "LATE"]
    cut = two_at_once(BURST.replace(guard_us=100.0 + 70.0, late_payload="truncate"))
    assert cut.frames["fate"].tolist() == ["DELIVERED", "DELIVERED"]
    assert cut.frames["payload_kept"].tolist() == pytest.approx([1.0, 1 - 30.0 / 50.0])


def test_no_burst_goes_back_to_where_it_came_from_or_would_be_sent_straight_back() -> None:
    """On a line of four users the only other links lead back; in a star the other users would send it back."""
    for network, ends in (
        (qps.Network.grid(n_rows=1, n_columns=4, length_km=10.0), ([0, 1], [3, 3])),
        (qps.Network.star(n_users=4, length_km=10.0), None),
    ):
        if ends is None:
            users = [i for i, role in enumerate(network.roles) if role == "user"]
            ends = ([users[0], users[1]], [users[2], users[2]])
        start_us = [0.0, 50.0] if network.n_nodes == 4 else [0.0, 0.0]
        traffic = qps.Traffic(start_us=start_us, source=ends[0], destination=ends[1], n_frames=2)
        run = qps.simulate(BURST.replace(max_deflections=5), network=network, traffic=traffic)
        assert sorted(run.frames["fate"].tolist()) == ["CONTENTION", "DELIVERED"], network.name
        assert run.frames["deflections"].tolist() == [0, 0]


def test_of_several_ways_around_the_quickest_free_one_is_taken() -> None:
    quick, slow = ("q", 12.0), ("p", 11.0)
    ends = [("a", "r", 10.0), ("b", "r", 10.0), ("c", "r", 10.0), ("r", "t", 10.0),
            ("r", quick[0], quick[1]), (quick[0], "t", 5.0), ("r", slow[0], slow[1]), (slow[0], "t", 9.0)]  # fmt: skip
    names = ["a", "b", "c", "r", "p", "q", "t"]
    number = {name: i for i, name in enumerate(names)}
    network = qps.Network(
        name="three ways", node_names=names, roles=["user"] * 3 + ["relay"] * 3 + ["user"], x_km=[0] * 7,
        y_km=list(range(7)), link_from=[number[a] for a, _, _ in ends], link_to=[number[b] for _, b, _ in ends],
        link_km=[km for *_, km in ends],
    )  # fmt: skip
    traffic = qps.Traffic(start_us=[0.0] * 3, source=[0, 1, 2], destination=[6] * 3, n_frames=3)
    run = qps.simulate(BURST, network=network, traffic=traffic)
    assert [run.legs["link"][run.legs["frame"] == i].tolist() for i in range(3)] == [[0, 3], [1, 4, 5], [2, 6, 7]]


@pytest.mark.parametrize("reservation", ["immediate", "delayed"])
@pytest.mark.parametrize("n_wavelengths", [1, 2])
def test_detours_are_the_same_however_a_run_is_kept(reservation: str, n_wavelengths: int) -> None:
    scenario = BURST.replace(
        reservation=reservation, max_deflections=3, max_attempts=2, n_wavelengths=n_wavelengths,
        wavelength_conversion=False,
    )  # fmt: skip
    options = {
        "network": qps.Network.grid(n_rows=3, n_columns=4, length_km=10.0),
        "traffic": qps.Traffic(load=0.9, n_frames=1500),
        "seed": 3,
    }
    kept = qps.simulate(scenario, record="all", engine="python", **options)
    assert int(kept.frames["deflections"].max()) > 1
    for engine in ENGINES:
        streamed = qps.simulate(scenario, record="frames", engine=engine, **options)
        for name, column in kept.frames.items():
            np.testing.assert_array_equal(streamed.frames[name], column, err_msg=name)
        np.testing.assert_array_equal(streamed.links["n_frames"], kept.links["n_frames"])


def test_every_leg_begins_where_the_one_before_ended_and_the_last_ends_at_the_target() -> None:
    network = qps.Network.nsfnet(mean_length_km=20.0)
    traffic = qps.Traffic(load=0.4, n_frames=800)
    run = qps.simulate(BURST.replace(max_deflections=4), network=network, traffic=traffic, seed=2, record="all")
    legs, frames = run.legs, run.frames
    assert int(frames["deflections"].max()) > 1
    goes_on = legs["hop"] > 0
    np.testing.assert_array_equal(legs["from_node"][goes_on], legs["to_node"][np.flatnonzero(goes_on) - 1])
    last = np.append(legs["hop"][1:] == 0, True)
    delivered = frames["fate"] == "DELIVERED"
    ends = dict(zip(legs["frame"][last].tolist(), legs["to_node"][last].tolist(), strict=True))
    assert [ends[i] for i in frames["frame"][delivered].tolist()] == frames["destination"][delivered].tolist()
    # Without a detour the links are those of the shortest path.
    straight = delivered & (frames["deflections"] == 0)
    flown_km = np.bincount(legs["frame"], network.link_km[legs["link"]], minlength=len(frames))
    ends_of = zip(frames["source"].tolist(), frames["destination"].tolist(), strict=True)
    shortest_km = np.array([network.k_shortest(*pair, 1)[0].length_km for pair in ends_of])
    np.testing.assert_allclose(flown_km[straight], shortest_km[straight])
    assert np.all(flown_km[delivered] >= shortest_km[delivered] - 1e-9)


def test_detours_help_at_low_load() -> None:
    """With little traffic a way around is nearly always free, so that fewer bursts are lost to contention."""
    network = qps.Network.nsfnet(mean_length_km=20.0)
    shares = []
    for n in (0, 2):
        run = qps.simulate(
            BURST.replace(max_deflections=n, reservation="delayed"), network=network,
            traffic=qps.Traffic(load=0.1, n_frames=4000),
            seed=1, record="statistics",
        )  # fmt: skip
        shares.append(run.summary()["delivered_share"])
    assert 1 - shares[1] < 0.8 * (1 - shares[0])


def test_only_bursts_are_deflected_and_a_line_has_one_way() -> None:
    for discipline in ("store", "circuit"):
        plain, asked = (
            two_at_once(BURST.replace(discipline=discipline, max_deflections=n), record="all") for n in (0, 5)
        )
        np.testing.assert_array_equal(asked.frames["done_us"], plain.frames["done_us"])
        assert not np.any(asked.frames["deflections"])
    plain, asked = (
        qps.simulate(qps.preset("first").replace(discipline="burst", max_deflections=n)).frames for n in (0, 5)
    )
    for name, column in plain.items():
        np.testing.assert_array_equal(asked[name], column)
