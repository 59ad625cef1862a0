"""Circuits and bursts against the laws of loss systems: Erlang, Engset, insensitivity, product form, fixed point."""

from __future__ import annotations

import heapq
import math
from fractions import Fraction

import numpy as np
import pytest

import qpsviz as qps

PAYLOAD_US = 50.0
N_BATCHES = 40
# Circuits that are there at once and hold their links for one payload.
CIRCUIT = qps.Scenario().replace(
    discipline="circuit", processing_us=0.0, guard_us=0.0, n_qubits=10, spacing_us=PAYLOAD_US / 10
)


def erlang_b(load: float, n_servers: int) -> float:
    """Chance that all servers are busy, as the ratio of the last term to all."""
    terms = [load**n / math.factorial(n) for n in range(n_servers + 1)]
    return terms[-1] / sum(terms)


def agrees(lost: np.ndarray, expected: float, within: float = 0.05) -> bool:
    """Whether a share is within four standard errors of batches, which a right one misses once in 7,000 draws."""
    means = np.array([batch.mean() for batch in np.array_split(lost, N_BATCHES)])
    error = means.std(ddof=1) / math.sqrt(N_BATCHES)
    assert error < within * expected, "too few frames to say anything"
    return abs(means.mean() - expected) < 4 * error


def star(n_leaves: int, far_km: list[float] | None = None) -> qps.Network:
    """Users around a hub, with fibre both ways."""
    n, hub = n_leaves, n_leaves
    return qps.Network(
        name="star", node_names=[str(i) for i in range(n + 1)], roles=["user"] * n + ["relay"], x_km=np.zeros(n + 1),
        y_km=np.zeros(n + 1), link_from=np.append(np.arange(n), np.full(n, hub)),
        link_to=np.append(np.full(n, hub), np.arange(n)), link_km=[*(far_km or [0.0] * n)] * 2,
    )  # fmt: skip


# -- one port ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("n_wavelengths", [1, 3])
@pytest.mark.parametrize("load", [0.2, 1.0, 2.0])
def test_circuits_over_one_link_are_blocked_as_erlang_b_says(load: float, n_wavelengths: int) -> None:
    network = qps.Network(
        name="pair", node_names="ab", roles=["sender", "receiver"], x_km=[0, 15], y_km=[0, 0],
        link_from=[0], link_to=[1], link_km=[15.0],
    )  # fmt: skip
    # The set-up goes there and back while the link is held; each session sends two frames.
    held_us = 2 * 15.0 / 0.2 + 2 * PAYLOAD_US
    n, rng = 30_000, np.random.default_rng(7)
    traffic = qps.Traffic(
        n_frames=2 * n, n_frames_per_session=2, start_us=np.cumsum(rng.exponential(held_us / load, size=n)),
        source=np.zeros(n, dtype=int), destination=np.ones(n, dtype=int),
    )  # fmt: skip
    scenario = CIRCUIT.replace(n_wavelengths=n_wavelengths, frame_gap_us=0.0)
    run = qps.simulate(scenario, network=network, traffic=traffic, record="frames")
    assert agrees(run.frames["fate"][::2] == "BLOCKED", erlang_b(load, n_wavelengths), within=0.2)
    # What is carried is what is offered and not blocked, whatever the draw.
    delivered = run.summary()["delivered"]
    carried = run.links["utilisation"][0] * n_wavelengths * run.summary()["duration_us"]
    assert carried == pytest.approx(delivered / 2 * held_us, rel=2e-3)


# Distances behind a shared link of 30 km, with their chances: equal mean holding times of that link, unlike spreads.
MIXES = {"equal": [(110.0, 1.0)], "two": [(10.0, 0.5), (210.0, 0.5)], "rare and long": [(10.0, 0.95), (2010.0, 0.05)]}


@pytest.mark.parametrize("n_wavelengths", [1, 2])
@pytest.mark.parametrize("mix", MIXES)
def test_blocking_depends_on_the_mean_holding_time_alone(mix: str, n_wavelengths: int) -> None:
    lengths_km, chances = zip(*MIXES[mix], strict=True)
    n_ends, n, load = len(lengths_km), 40_000, 0.8 * n_wavelengths
    network = qps.Network(
        name="fork", node_names=[str(i) for i in range(2 + n_ends)], roles=["user"] * (2 + n_ends),
        x_km=np.zeros(2 + n_ends), y_km=np.zeros(2 + n_ends), link_from=[0] + [1] * n_ends,
        link_to=np.arange(1, 2 + n_ends), link_km=[30.0, *lengths_km],
    )  # fmt: skip
    held_us = 2 * (30.0 + np.dot(lengths_km, chances)) / 0.2 + PAYLOAD_US
    assert held_us == pytest.approx(1450.0)
    rng = np.random.default_rng(11)
    traffic = qps.Traffic(
        n_frames=n, start_us=np.cumsum(rng.exponential(held_us / load, size=n)), source=np.zeros(n, dtype=int),
        destination=2 + rng.choice(n_ends, size=n, p=chances),
    )  # fmt: skip
    scenario = CIRCUIT.replace(n_wavelengths=n_wavelengths)
    run = qps.simulate(scenario, network=network, traffic=traffic, record="frames")
    assert agrees(run.frames["fate"] == "BLOCKED", erlang_b(load, n_wavelengths))


def engset(n_sources: int, n_servers: int, load: float) -> tuple[float, float]:
    """Share of time, and of calls, that find all servers busy; ``load`` is that of one idle source."""

    def full(n: int) -> float:
        terms = [math.comb(n, k) * load**k for k in range(n_servers + 1)]
        return terms[-1] / sum(terms)

    return full(n_sources), full(n_sources - 1)


def calls_of_few(n_sources: int, n_servers: int, load: float, n_calls: int) -> tuple[np.ndarray, np.ndarray]:
    """When sources that rest for exponential times call, and which calls find all servers busy."""
    rng = np.random.default_rng(3)
    rest_us = PAYLOAD_US / load
    calls = [(rng.exponential(rest_us), source) for source in range(n_sources)]
    heapq.heapify(calls)
    free_us = [0.0] * n_servers
    starts, blocked = [], []
    for _ in range(n_calls):
        now_us, source = heapq.heappop(calls)
        soonest = free_us.index(min(free_us))
        is_blocked = free_us[soonest] > now_us
        starts.append(now_us)
        blocked.append(is_blocked)
        if not is_blocked:
            free_us[soonest] = now_us + PAYLOAD_US
        heapq.heappush(calls, (now_us + (not is_blocked) * PAYLOAD_US + rng.exponential(rest_us), source))
    return np.array(starts), np.array(blocked)


@pytest.mark.parametrize(
    ("n_sources", "n_servers", "load", "in_time", "of_calls"),
    [(4, 1, 0.5, 0.666667, 0.6), (10, 3, 0.2, 0.166667, 0.136808)],
)
def test_few_sources_are_blocked_as_engset_says(
    n_sources: int, n_servers: int, load: float, in_time: float, of_calls: float
) -> None:
    assert engset(n_sources, n_servers, load) == pytest.approx((in_time, of_calls), abs=1e-6)
    n, n_leaves = 20_000, 100
    start_us, blocked = calls_of_few(n_sources, n_servers, load, n)
    # Each call comes from a leaf that has rested long, so that the hub's port is the only one that can be taken.
    network = qps.Network(
        name="star", node_names=[str(i) for i in range(n_leaves + 2)], roles=["user"] * (n_leaves + 2),
        x_km=np.zeros(n_leaves + 2), y_km=np.zeros(n_leaves + 2),
        link_from=np.arange(n_leaves + 1), link_to=np.append(np.full(n_leaves, n_leaves), n_leaves + 1),
        link_km=np.full(n_leaves + 1, 2.0),
    )  # fmt: skip
    traffic = qps.Traffic(
        n_frames=n, start_us=start_us, source=np.arange(n) % n_leaves, destination=np.full(n, n_leaves + 1)
    )
    scenario = qps.Scenario().replace(
        discipline="burst", processing_us=5.0, guard_us=5.0, reservation="delayed", n_wavelengths=n_servers,
        wavelength_conversion=True,
    )  # fmt: skip
    run = qps.simulate(scenario, network=network, traffic=traffic, record="frames")
    lost = run.frames["fate"] == "CONTENTION"
    assert np.array_equal(lost, blocked)
    assert agrees(lost, of_calls)
    busy = run.links["utilisation"][-1] * n_servers
    # Mean of busy servers: each source is idle for one of (1 + load) where it is never blocked.
    expected = n_sources * load * (1 - of_calls) / (1 + load * (1 - of_calls))
    assert busy == pytest.approx(expected, rel=0.02)


# -- networks of links -------------------------------------------------------------------------------------------------


def placements(n_rows: int, n_forbidden: int, load: Fraction) -> Fraction:
    """Sum over all ways to place rooks on a square board with forbidden cells on its diagonal, weighed by their number.

    A rook is a circuit: no two share a row (the link from a leaf) or a column (the link to one).
    """
    total = Fraction(0)
    for n in range(n_rows + 1):
        n_ways = sum(
            (-1) ** j * math.comb(n_forbidden, j) * math.comb(n_rows - j, n - j) ** 2 * math.factorial(n - j)
            for j in range(min(n, n_forbidden) + 1)
        )
        total += n_ways * load**n
    return total


def blocked_on_a_star(n_leaves: int, load: Fraction) -> float:
    """Product form of a loss network: a circuit is blocked unless its two links are free.

    ``load`` is that of a link; nobody calls itself.
    """
    per_pair = load / (n_leaves - 1)
    free = placements(n_leaves - 1, n_leaves - 2, per_pair)
    return 1 - float(free / placements(n_leaves, n_leaves, per_pair))


@pytest.mark.parametrize(("n_leaves", "load"), [(3, 0.5), (4, 1.0), (6, 2.0), (30, 1.0)])
def test_circuits_on_a_star_are_blocked_as_the_product_form_says(n_leaves: int, load: float) -> None:
    network = star(n_leaves)
    traffic = qps.Traffic(load=load, n_frames=30_000)
    np.testing.assert_allclose(traffic.offered_load(network), load)
    run = qps.simulate(CIRCUIT, network=network, traffic=traffic, seed=5, record="frames")
    expected = blocked_on_a_star(n_leaves, Fraction(load))
    assert agrees(run.frames["fate"] == "BLOCKED", expected)
    # Nobody is blocked for another reason than a link that is taken: both links are taken or none.
    assert run.links["utilisation"].mean() == pytest.approx(load * (1 - expected), rel=0.03)


def test_the_product_form_by_hand_for_three_leaves() -> None:
    # Circuits 0→1, 0→2, 1→0, 1→2, 2→0, 2→1; of two, six pairs of routes and three swaps fit; of three, two rounds.
    load = 0.25
    states = 1 + 6 * load + 9 * load**2 + 2 * load**3
    # Beside 0→1 fit 1→0, 1→2, 2→0 and the pair of 1→2 and 2→0.
    free = 1 + 3 * load + load**2
    assert blocked_on_a_star(3, Fraction(1, 2)) == pytest.approx(1 - free / states, rel=1e-12)


def fixed_point(load: float, n_links: int) -> tuple[float, float]:
    """Blocking of a link, and of a route over so many, where each link is blocked by itself."""
    blocked = 0.5
    for _ in range(200):
        blocked = erlang_b(load * (1 - blocked) ** (n_links - 1), 1)
    return blocked, 1 - (1 - blocked) ** n_links


def test_the_fixed_point_holds_where_many_routes_share_links_and_not_for_one_route_alone() -> None:
    link, route = fixed_point(1.0, 2)
    assert (link, route) == pytest.approx(((3 - math.sqrt(5)) / 2, 0.6180), abs=1e-4)
    # On a star the two links of a route are taken by others independently, the more leaves it has.
    errors = [blocked_on_a_star(n, Fraction(1)) - route for n in (10, 20, 40, 80)]
    assert [abs(e) for e in errors] == sorted((abs(e) for e in errors), reverse=True)
    assert abs(errors[-1]) < 0.003
    # Alone on its two links, a route takes both at once: one server, and no fixed point.
    line = qps.Network.line(n_relays=1, length_km=0.0)
    traffic = qps.Traffic(load=1.0, n_frames=30_000)
    run = qps.simulate(CIRCUIT, network=line, traffic=traffic, seed=2, record="frames")
    assert agrees(run.frames["fate"] == "BLOCKED", erlang_b(1.0, 1))
