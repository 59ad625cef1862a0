"""Other routes than the shortest, and several of them, compared with networkx."""

from __future__ import annotations

from itertools import islice, pairwise

import networkx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import qpsviz as qps

Network = qps.Network
NSFNET = Network.nsfnet()


def as_graph(network: qps.Network) -> networkx.DiGraph:
    """The shortest of parallel links, as networkx knows them."""
    graph = networkx.DiGraph()
    graph.add_nodes_from(range(network.n_nodes))
    order = np.argsort(-network.link_km, kind="stable")
    for start, end, km in zip(network.link_from[order], network.link_to[order], network.link_km[order], strict=True):
        graph.add_edge(int(start), int(end), km=float(km))
    return graph


@st.composite
def networks(draw: st.DrawFn) -> qps.Network:
    """Small networks, one-way and parallel links among them."""
    n = draw(st.integers(2, 6))
    ends = st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)).filter(lambda pair: pair[0] != pair[1])
    links = draw(st.lists(st.tuples(ends, st.integers(0, 20)), min_size=1, max_size=15))
    return Network(
        name="drawn", node_names=[f"N{i}" for i in range(n)], roles=["user"] * n, x_km=np.zeros(n), y_km=np.zeros(n),
        link_from=[a for (a, _), _ in links], link_to=[b for (_, b), _ in links],
        link_km=[float(km) for _, km in links],
    )  # fmt: skip


@given(network=networks(), k=st.integers(1, 8), by=st.sampled_from(["length", "relays"]))
def test_the_alternatives_are_those_of_networkx(network: qps.Network, k: int, by: str) -> None:
    graph = as_graph(network)
    weight = "km" if by == "length" else None
    try:
        expected = list(islice(networkx.shortest_simple_paths(graph, 0, 1, weight=weight), k))
    except networkx.NetworkXNoPath:
        with pytest.raises(ValueError, match="no path from N0 to N1"):
            network.with_routes(by).k_shortest(0, 1, k)
        return
    found = network.with_routes(by).k_shortest(0, 1, k)
    sums = [sum(graph.edges[a, b]["km"] for a, b in pairwise(path)) for path in expected]
    if by == "length":
        assert [route.length_km for route in found] == pytest.approx(sums)
    else:
        assert [route.n_relays for route in found] == [len(path) - 2 for path in expected]
    assert len({route.nodes for route in found}) == len(found)
    for route in found:
        assert len(set(route.nodes)) == len(route.nodes)
        assert route.nodes == (0, *network.link_to[list(route.links)].tolist())
        assert route.length_km == pytest.approx(sum(graph.edges[a, b]["km"] for a, b in pairwise(route.nodes)))


def test_from_seattle_to_college_park_fewer_relays_cost_three_thousand_kilometres() -> None:
    by_length, by_relays = (NSFNET.with_routes(by).k_shortest(0, 13, 1)[0] for by in ("length", "relays"))
    assert (by_length.length_km, by_length.n_relays) == (7200.0, 3)
    assert (by_relays.length_km, by_relays.n_relays) == (10_200.0, 2)


@pytest.mark.parametrize(
    "network",
    [
        NSFNET,
        Network.grid(n_rows=3, n_columns=4, length_km=2.0),
        Network.random_regular(n_nodes=30, degree=4, length_km=20.0, seed=1),
        Network.ring(n_nodes=6, length_km=0.0),
    ],
    ids=lambda network: network.name,
)
def test_a_route_by_relays_has_the_fewest_and_is_the_shortest_of_those(network: qps.Network) -> None:
    graph, routed = as_graph(network), network.with_routes("relays")
    links = dict(networkx.all_pairs_shortest_path_length(graph))
    for start in range(network.n_nodes):
        for end in range(network.n_nodes):
            if start == end:
                continue
            assert routed.n_hops([start], [end])[0] == links[start][end]
            shortest = min(
                networkx.path_weight(graph, path, "km") for path in networkx.all_shortest_paths(graph, start, end)
            )
            assert km_along(routed, start, end) == pytest.approx(shortest)


def km_along(network: qps.Network, start: int, end: int) -> float:
    """Length of the path that the network's next links describe."""
    total = 0.0
    while start != end:
        link = network.next_link[start, end]
        total += network.link_km[link]
        start = int(network.link_to[link])
    return total


def test_frames_take_the_routes_that_were_asked_for() -> None:
    traffic = qps.Traffic(n_frames=1, start_us=[0.0], source=[0], destination=[13])
    legs = [
        qps.simulate(qps.Scenario(), network=NSFNET.with_routes(by), traffic=traffic, record="all").legs
        for by in ("length", "relays")
    ]
    assert [len(taken) for taken in legs] == [4, 3]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((0, 14, 1), r"destination = 14 is not one of the nodes 0 … 13"),
        ((-1, 3, 1), "source = -1"),
        ((3, 3, 1), "destination = 3 is the source itself"),
        ((0, 3, 0), "k = 0 must be a whole number of at least 1"),
        ((0, 3.0, 1), "destination = 3.0"),
    ],
)
def test_alternatives_between_no_two_nodes_are_refused(arguments: tuple[int, int, int], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        NSFNET.k_shortest(*arguments)


def test_another_way_of_choosing_routes_is_refused() -> None:
    with pytest.raises(ValueError, match="routes_by = 'loss' is not one of length, relays"):
        NSFNET.with_routes("loss")


def test_links_between_one_pair_of_nodes_are_one_number() -> None:
    assert NSFNET.n_hops(0, 13) == NSFNET.n_hops([0], [13])[0] == 4
    assert NSFNET.n_hops(0, 13).shape == ()
    with pytest.raises(ValueError, match="destination = 3 is the source itself"):
        NSFNET.n_hops(3, 3)
