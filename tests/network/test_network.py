"""Networks and traffic: shapes, routes, files from elsewhere, and what is refused."""

from __future__ import annotations

import itertools
import math
import tomllib
from importlib.resources import files
from typing import Any

import networkx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import qpsviz as qps
from qpsviz.network.geography import great_circle_km

Network = qps.Network


def as_graph(network: qps.Network) -> networkx.DiGraph:
    """The same network as networkx knows it."""
    graph = networkx.DiGraph()
    graph.add_nodes_from(range(network.n_nodes))
    graph.add_weighted_edges_from(
        zip(network.link_from.tolist(), network.link_to.tolist(), network.link_km.tolist(), strict=True)
    )
    return graph


def route_km(network: qps.Network, start: int, end: int) -> float:
    """Length of the path that the network's next links describe."""
    total = 0.0
    while start != end:
        link = network.next_link[start, end]
        total += network.link_km[link]
        start = int(network.link_to[link])
    return total


@pytest.mark.parametrize(
    "network",
    [
        Network.ring(n_nodes=7, length_km=3.0),
        Network.grid(n_rows=3, n_columns=4, length_km=2.0),
        Network.nsfnet(),
        Network.random_regular(n_nodes=30, degree=4, length_km=20.0, seed=1),
        Network.star(n_users=5, length_km=2.0),
        Network.waxman(n_nodes=20, alpha=0.4, beta=0.6, seed=2),
        Network.cost239(),
    ],
    ids=lambda network: network.name,
)
def test_every_route_is_a_shortest_one(network: qps.Network) -> None:
    lengths = dict(networkx.all_pairs_dijkstra_path_length(as_graph(network)))
    for start in range(network.n_nodes):
        for end in range(network.n_nodes):
            if start != end:
                assert route_km(network, start, end) == pytest.approx(lengths[start][end])


def busiest_over_mean(network: qps.Network) -> float:
    """How much more often than the average link the busiest one is on the path of a pair."""
    times = np.zeros(network.n_links)
    for start, end in itertools.permutations(range(network.n_nodes), 2):
        while start != end:
            link = int(network.next_link[start, end])
            times[link] += 1
            start = int(network.link_to[link])
    return float(times.max() / times.mean())


def test_equally_short_ways_are_shared() -> None:
    assert [busiest_over_mean(Network.ring(n_nodes=n, length_km=5.0)) for n in (4, 5, 7, 8, 12)] == [1.0] * 5
    # Of six paths half round a ring of six, three go either way: one or two of a link's, beside three shorter ones.
    assert busiest_over_mean(Network.ring(n_nodes=6, length_km=0.1)) == pytest.approx(10 / 9)
    # Along its row first for all would put 2.1 and 2.5 times the mean on the middle of a grid.
    assert busiest_over_mean(Network.grid(n_rows=4, n_columns=4, length_km=5.0)) == pytest.approx(1.5)
    assert busiest_over_mean(Network.grid(n_rows=8, n_columns=8, length_km=0.3)) < 1.9


@given(n_relays=st.integers(0, 8), layout=st.sampled_from(["sender", "split"]))
def test_a_line_has_its_nodes_where_light_finds_them(n_relays: int, layout: str) -> None:
    line = Network.line(n_relays=n_relays, length_km=10.0, layout=layout)
    origin = line.roles.index("source" if layout == "split" else "sender")
    for end in (node for node, role in enumerate(line.roles) if role == "receiver"):
        assert line.n_hops([origin], [end])[0] == n_relays + 1
        assert route_km(line, origin, end) == pytest.approx(abs(line.x_km[end] - line.x_km[origin]))


def test_among_equally_short_ways_the_one_with_fewer_links_is_taken() -> None:
    graph = networkx.Graph()
    graph.add_weighted_edges_from([("a", "b", 5.0), ("b", "c", 5.0), ("a", "c", 10.0)], weight="length_km")
    network = Network.from_networkx(graph)
    assert network.n_hops([0], [2]).tolist() == [1]


def test_a_random_regular_network_is_regular_connected_and_made_by_its_seed() -> None:
    first, same, other = (Network.random_regular(n_nodes=50, degree=3, length_km=1.0, seed=s) for s in (4, 4, 5))
    assert set(np.bincount(first.link_from)) == {3}
    assert networkx.is_strongly_connected(as_graph(first))
    assert first == same
    assert first != other


def too_short(network: qps.Network) -> int:
    """How many fibre pairs of NSFNET are shorter than the great circle between their places."""
    spots = {name: (longitude, latitude) for name, longitude, latitude in nsfnet_table()["places"]}
    ends = [
        [spots[network.node_names[n]] for n in (a, b)] for a, b in zip(network.link_from, network.link_to, strict=True)
    ]
    gaps_km = np.array([great_circle_km(start, end) for start, end in ends])
    return int(np.count_nonzero(network.link_km < gaps_km * (1 - 1e-12))) // 2


def nsfnet_table() -> dict[str, list[list[Any]]]:
    """The shipped table of NSFNET."""
    return tomllib.loads((files("qpsviz.network") / "data" / "nsfnet.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("lengths", "n_pairs", "n_too_short", "sum_km"),
    [
        ("published", 22, 0, 42_600.0),
        ("halved", 22, 17, 21_300.0),
        ("ramaswami", 21, 8, 22_700.0),
        ("great_circle", 22, 0, 24_021.4),
    ],
)
def test_nsfnet_says_which_of_its_lists_fibre_could_have(
    lengths: str, n_pairs: int, n_too_short: int, sum_km: float
) -> None:
    network = Network.nsfnet(lengths=lengths)
    assert (network.n_nodes, network.n_links) == (14, 2 * n_pairs)
    assert too_short(network) == n_too_short
    assert network.link_km.sum() / 2 == pytest.approx(sum_km, abs=0.1)
    assert Network.nsfnet() == Network.nsfnet(lengths="published")


def test_nsfnet_can_be_shrunk_to_a_mean_length_with_its_map() -> None:
    full, small = Network.nsfnet(), Network.nsfnet(mean_length_km=20.0)
    assert (full.link_km.min(), full.link_km.max()) == (300.0, 4800.0)
    assert small.link_km.mean() == pytest.approx(20.0)
    assert np.ptp(small.x_km) / small.link_km[0] == pytest.approx(np.ptp(full.x_km) / full.link_km[0])


@pytest.mark.parametrize(
    "network",
    [
        Network.line(n_relays=4, length_km=20.0),
        Network.line(n_relays=2, length_km=20.0, layout="split"),
        Network.ring(n_nodes=3, length_km=5.0),
        Network.ring(n_nodes=40, length_km=5.0),
        Network.grid(n_rows=3, n_columns=4, length_km=2.0),
        Network.random_regular(n_nodes=30, degree=4, length_km=20.0, seed=1),
        Network.random_regular(n_nodes=5, degree=2, length_km=20.0),
        Network.star(n_users=2, length_km=2.0),
        Network.star(n_users=7, length_km=2.0),
        Network.waxman(n_nodes=20, alpha=0.4, beta=0.6, seed=2),
    ],
    ids=lambda network: f"{network.name} of {network.n_nodes}",
)
def test_no_link_is_shorter_than_the_straight_way_between_its_places(network: qps.Network) -> None:
    gaps = (places[network.link_from] - places[network.link_to] for places in (network.x_km, network.y_km))
    assert np.all(network.link_km >= np.hypot(*gaps) * (1 - 1e-12))


def test_a_quarter_of_a_great_circle_is_ten_thousand_kilometres() -> None:
    assert great_circle_km((0.0, 0.0), (0.0, 90.0)) == pytest.approx(10_007.5, abs=0.1)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Network.line(n_relays=-1, length_km=1.0), "n_relays = -1"),
        (lambda: Network.line(n_relays=1, length_km=-1.0), "length_km = -1"),
        (lambda: Network.line(n_relays=1, length_km=math.nan), "length_km = nan"),
        (lambda: Network.line(n_relays=1, length_km=1.0, layout="star"), "layout = 'star'"),
        (lambda: Network.ring(n_nodes=2, length_km=1.0), "n_nodes = 2"),
        (lambda: Network.grid(n_rows=1, n_columns=1, length_km=1.0), "n_columns = 1"),
        (lambda: Network.nsfnet(mean_length_km=0.0), "mean_length_km = 0"),
        (lambda: Network.nsfnet(lengths="true"), "lengths = 'true' is not one of published, halved"),
        (lambda: Network.random_regular(n_nodes=5, degree=3, length_km=1.0), "degree = 3"),
        (lambda: Network.random_regular(n_nodes=5, degree=6, length_km=1.0), "degree = 6"),
        (lambda: Network.star(n_users=1, length_km=1.0), "n_users = 1"),
        (lambda: Network.star(n_users=3, length_km=-1.0), "length_km = -1"),
        (lambda: Network.waxman(n_nodes=1), "n_nodes = 1"),
        (lambda: Network.waxman(n_nodes=9, alpha=0.0), "alpha = 0"),
        (lambda: Network.waxman(n_nodes=9, beta=1.1), "beta = 1.1"),
        (lambda: Network.waxman(n_nodes=9, side_km=0.0), "side_km = 0"),
        (lambda: Network.waxman(n_nodes=30, alpha=0.05, beta=0.1), "seed = 0 has 1 links and is in 29 parts; write an"),
        (lambda: Network.cost239(lengths="halved"), "lengths = 'halved' is not one of published, great_circle"),
        (lambda: Network.cost239(mean_length_km=-1.0), "mean_length_km = -1"),
        (lambda: qps.Traffic(load=0.0), "load = 0"),
        (lambda: qps.Traffic(load=math.inf), "load = inf"),
        (lambda: qps.Traffic(n_frames=0), "n_frames = 0"),
        (lambda: qps.Traffic(start_us=[0.0]), "belong together"),
        (
            lambda: qps.Traffic(start_us=[0.0], source=[0], destination=[1], pair_sources=[0]),
            "belongs to drawn sessions",
        ),
        (lambda: qps.Traffic(use_p_free="no"), "use_p_free = 'no' must be true or false"),  # type: ignore[arg-type]
    ],
)
def test_bad_input_is_refused_by_name_and_value(make: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make()  # type: ignore[operator]


RING = Network.ring(n_nodes=4, length_km=5.0)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"network": RING}, "traffic"),
        ({"seed": -1}, "seed = -1"),
        ({"seed": 1.5}, "seed = 1.5"),
        ({"record": "some"}, "record = 'some'"),
        ({"engine": "c"}, "engine = 'c'"),
        ({"until_us": math.nan}, "until_us = nan"),
        ({"network": RING, "traffic": qps.Traffic(n_frames=1, start_us=[0.0], source=[0], destination=[0])}, "source"),
        ({"network": RING, "traffic": qps.Traffic(n_frames=1, start_us=[0.0], source=[0], destination=[9])}, "0 … 3"),
        ({"network": RING, "traffic": qps.Traffic(n_frames=2, start_us=[0.0], source=[0], destination=[1])}, "2 sess"),
        (
            {"network": RING, "traffic": qps.Traffic(n_frames=2, start_us=[2, 1], source=[0, 0], destination=[1, 1])},
            "in order",
        ),
        ({"network": RING, "traffic": qps.Traffic(n_frames=1, start_us=[], source=[], destination=[])}, "got 0, 0 and"),
        ({"network": RING, "traffic": qps.Traffic(n_frames=1, start_us=["now"], source=[0], destination=[1])}, "'now'"),  # type: ignore[list-item]
        (
            {
                "network": RING,
                "traffic": qps.Traffic(n_frames=2, start_us=[0, 1], source=[0, 0], destination=[[1], [1, 2]]),
            },
            "destination = .* must be a list of numbers",
        ),
        ({"network": RING, "traffic": qps.Traffic(pairs="gravity", weights="abcd")}, "weights = 'abcd' must be a list"),  # type: ignore[arg-type]
    ],
)
def test_simulate_refuses_what_does_not_fit_together(arguments: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        qps.simulate(qps.Scenario(), **arguments)  # type: ignore[arg-type]


def test_a_pair_source_needs_a_line_with_two_arms_or_users_between_whom_it_is() -> None:
    split = qps.Scenario().replace(layout="split")
    with pytest.raises(ValueError, match="layout = 'split'"):
        qps.simulate(split, network=Network.line(n_relays=1, length_km=5.0))
    with pytest.raises(ValueError, match="has no single source"):
        qps.simulate(split, network=RING)
    assert qps.simulate(split, network=RING, traffic=qps.Traffic(n_frames=1)).summary()["delivered"] == 2


def test_the_offered_load_is_the_mean_use_of_a_link_when_nothing_is_lost() -> None:
    network = Network.grid(n_rows=3, n_columns=3, length_km=1.0)
    scenario = qps.Scenario().replace(processing_us=1.0, n_wavelengths=2)
    run = qps.simulate(scenario, network=network, traffic=qps.Traffic(load=0.3, n_frames=20_000), seed=2)
    payload_us = scenario.source.n_qubits * scenario.source.spacing_us
    start_us = run.frames["offered_us"]
    used = len(run.legs) * payload_us / (network.n_links * 2 * (start_us[-1] - start_us[0]))
    assert used == pytest.approx(0.3, rel=0.03)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_users_without_a_way_to_each_other_are_refused_by_name_whatever_the_seed(seed: int) -> None:
    graph = networkx.DiGraph([("Oslo", "Bergen"), ("Bergen", "Oslo"), ("Bergen", "Tromsø")])
    network = Network.from_networkx(graph, length_km=5.0)
    with pytest.raises(ValueError, match="no path from Tromsø to Oslo, nor between 1 more pairs"):
        qps.simulate(qps.Scenario(), network=network, traffic=qps.Traffic(n_frames=1), seed=seed)
    listed = qps.Traffic(n_frames=1, start_us=[0.0], source=[0], destination=[2])
    assert len(qps.simulate(qps.Scenario(), network=network, traffic=listed).frames) == 1
    with pytest.raises(ValueError, match="no path from Tromsø to Bergen"):
        network.n_hops([2], [1])


def test_pairs_are_drawn_evenly() -> None:
    run = qps.simulate(
        qps.Scenario(), network=RING, traffic=qps.Traffic(n_frames=12_000), seed=1, engine="python", record="frames"
    )
    counts = np.bincount(run.frames["source"] * 4 + run.frames["destination"], minlength=16).reshape(4, 4)
    assert np.all(np.diag(counts) == 0)
    others = counts[~np.eye(4, dtype=bool)]
    assert np.sum((others - 1000) ** 2 / 1000) < 31.3  # chi squared, 11 degrees of freedom, p = 0.001
