"""Who sends when: parts of any size are equal, pairs and arrivals are what they are called, and the load is exact."""

from __future__ import annotations

import itertools
import math

import networkx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import ks_2samp

import qpsviz as qps
from qpsviz.network.arrivals import ARRIVALS
from qpsviz.network.patterns import PAIRS
from qpsviz.network.sessions import Sessions

PAYLOAD_US = 50.0
NSFNET = qps.Network.nsfnet()
NETWORKS = {
    "ring": qps.Network.ring(n_nodes=5, length_km=5.0),
    "nsfnet": NSFNET,
    "random": qps.Network.random_regular(n_nodes=60, degree=3, length_km=5.0, seed=1),
}
# Weights of the nodes of a ring of five, of which one has none.
WEIGHTS = [1.0, 0.0, 4.0, 2.0, 0.5]


def drawn(traffic: qps.Traffic, network: qps.Network, seed: int = 1, n_channels: int = 1) -> Sessions:
    """All sessions of a traffic."""
    return traffic.sessions(network, payload_us=PAYLOAD_US, n_channels=n_channels, seed=seed)


def counts_of_pairs(sessions: Sessions, n_nodes: int) -> np.ndarray:
    """Sessions from each node (row) to each other (column)."""
    return np.bincount(sessions.source * n_nodes + sessions.destination, minlength=n_nodes**2).reshape(n_nodes, n_nodes)


@given(
    pairs=st.sampled_from(PAIRS),
    arrivals=st.sampled_from(ARRIVALS),
    name=st.sampled_from([*NETWORKS]),
    sizes=st.lists(st.sampled_from([0, 1, 2, 5, 64, 700, 5000]), min_size=1, max_size=8),
    seed=st.integers(0, 2**40),
)
def test_sessions_taken_in_parts_of_any_size_are_the_same(
    pairs: str, arrivals: str, name: str, sizes: list[int], seed: int
) -> None:
    traffic = qps.Traffic(n_frames=max(1, sum(sizes)), pairs=pairs, arrivals=arrivals)
    whole = drawn(traffic, NETWORKS[name], seed)
    stream = traffic.stream(NETWORKS[name], payload_us=PAYLOAD_US, n_channels=1, seed=seed)
    for again in (False, True):
        stream = stream.again() if again else stream
        parts = [stream.take(n) for n in sizes]
        for column in ("start_us", "source", "destination"):
            joined = np.concatenate([getattr(part, column) for part in parts])
            assert np.array_equal(joined, getattr(whole, column)[: sum(sizes)]), column
    assert np.all(np.diff(whole.start_us) >= 0)
    assert not np.any(whole.source == whole.destination)


def test_all_pairs_are_equally_often_and_all_users_begin_before_any_begins_again() -> None:
    n = NSFNET.n_nodes
    sessions = drawn(qps.Traffic(n_frames=3 * n * (n - 1), pairs="all"), NSFNET)
    counts = counts_of_pairs(sessions, n)
    assert set(counts[~np.eye(n, dtype=bool)]) == {3}
    for column in (sessions.source, sessions.destination):
        assert np.array_equal(np.sort(column.reshape(-1, n), axis=1), np.tile(np.arange(n), (3 * (n - 1), 1)))
    # Each user meets all others before any a second time, and not in the order of their numbers.
    mine = sessions.destination[sessions.source == 4].reshape(3, n - 1)
    assert np.array_equal(np.sort(mine, axis=1), np.tile(np.delete(np.arange(n), 4), (3, 1)))
    assert not np.array_equal(mine[0], np.sort(mine[0]))


def test_a_user_that_is_on_and_off_meets_all_others_in_turn_too() -> None:
    sessions = drawn(qps.Traffic(n_frames=3000, pairs="all", arrivals="on_off"), NSFNET)
    for user in range(14):
        mine = sessions.destination[sessions.source == user]
        turns = mine[: mine.size // 13 * 13].reshape(-1, 13)
        assert len(turns) > 5
        assert np.array_equal(np.sort(turns, axis=1), np.tile(np.delete(np.arange(14), user), (len(turns), 1)))


@pytest.mark.parametrize("pairs", PAIRS)
def test_regular_sessions_are_those_of_poisson_at_other_times(pairs: str) -> None:
    regular, poisson = (drawn(qps.Traffic(n_frames=500, pairs=pairs, arrivals=a), NSFNET) for a in ARRIVALS[::-2])
    assert np.array_equal(regular.source, poisson.source)
    assert np.array_equal(regular.destination, poisson.destination)
    np.testing.assert_allclose(np.diff(regular.start_us), regular.start_us[0], rtol=1e-9)
    assert np.diff(poisson.start_us).std() > 0.8 * regular.start_us[0]


@pytest.mark.parametrize("arrivals", ["poisson", "on_off"])
def test_gravity_draws_pairs_in_proportion_to_both_weights(arrivals: str) -> None:
    n = 200_000
    traffic = qps.Traffic(n_frames=n, pairs="gravity", weights=WEIGHTS, arrivals=arrivals, burstiness=2.0)
    counts = counts_of_pairs(drawn(traffic, NETWORKS["ring"]), 5)
    products = {(i, j): WEIGHTS[i] * WEIGHTS[j] for i, j in itertools.permutations(range(5), 2)}
    for (i, j), product in products.items():
        expected = n * product / sum(products.values())
        # Twenty counts, of at most twice the variance of independent ones: five deviations are missed once in 100,000.
        assert abs(counts[i, j] - expected) <= 5 * math.sqrt(2 * expected)
    assert counts.trace() == counts[1].sum() == counts[:, 1].sum() == 0


def test_gravity_weighs_nodes_by_their_links_where_nothing_else_is_said() -> None:
    links = np.bincount(NSFNET.link_from)
    by_degree = drawn(qps.Traffic(n_frames=500, pairs="gravity"), NSFNET)
    assert counts_of_pairs(by_degree, 14).tolist() == counts_of_pairs(
        drawn(qps.Traffic(n_frames=500, pairs="gravity", weights=links.tolist()), NSFNET), 14
    ).tolist()  # fmt: skip
    even = drawn(qps.Traffic(n_frames=100_000, pairs="gravity", weights=[3.0] * 14), NSFNET)
    counts = counts_of_pairs(even, 14)[~np.eye(14, dtype=bool)]
    assert np.all(np.abs(counts - 100_000 / 182) < 5 * math.sqrt(100_000 / 182))


def test_a_hot_spot_gets_its_share_beside_what_is_even() -> None:
    n, share = 200_000, 0.3
    sessions = drawn(qps.Traffic(n_frames=n, pairs="hot_spot", hot_node=6, hot_share=share), NSFNET)
    counts = counts_of_pairs(sessions, 14)
    from_others = n * 13 / 14
    expected = from_others * (share + (1 - share) / 13)
    assert abs(counts[:, 6].sum() - expected) < 5 * math.sqrt(expected)
    assert np.all(np.abs(counts.sum(axis=1) - n / 14) < 5 * math.sqrt(n / 14))
    assert np.all(np.abs(np.delete(counts[6], 6) - n / 14 / 13) < 5 * math.sqrt(n / 14 / 13))


def test_a_hotter_spot_only_changes_who_receives() -> None:
    cool, hot = (drawn(qps.Traffic(n_frames=5000, pairs="hot_spot", hot_node=2, hot_share=h), NSFNET) for h in (0, 0.6))
    assert np.array_equal(cool.source, hot.source)
    assert set(hot.destination[hot.destination != cool.destination]) == {2}
    assert np.array_equal(cool.destination, drawn(qps.Traffic(n_frames=5000), NSFNET).destination)


def test_a_hot_spot_is_the_first_of_the_nodes_with_most_links_where_none_is_named() -> None:
    most = int(np.argmax(np.bincount(NSFNET.link_from)))
    traffic = {"n_frames": 50_000, "pairs": "hot_spot", "hot_share": 0.9}
    assert np.bincount(drawn(qps.Traffic(**traffic), NSFNET).destination).argmax() == most


def gaps_of_a_source_on_and_off(burstiness: float, p_on: float, n: int) -> np.ndarray:
    """Times between sessions of a source that begins one per unit of time, by its periods on and off one by one."""
    rng = np.random.default_rng(5)
    change = 2 * (1 - p_on) / (p_on * (burstiness - 1))
    mean_on, mean_off = 1 / ((1 - p_on) * change), 1 / (p_on * change)
    times, now = [], 0.0
    while len(times) < n:
        end = now + rng.exponential(mean_on)
        while (now := now + rng.exponential(p_on)) < end:
            times.append(now)
        now = end + rng.exponential(mean_off)
    return np.diff(times)


@pytest.mark.parametrize(("burstiness", "p_on"), [(2.0, 0.5), (10.0, 0.2), (5.0, 0.8)])
def test_a_user_on_and_off_has_the_gaps_of_an_interrupted_poisson_process(burstiness: float, p_on: float) -> None:
    network, n = NETWORKS["ring"], 400_000
    traffic = qps.Traffic(load=0.3, n_frames=n, arrivals="on_off", burstiness=burstiness, p_on=p_on)
    sessions = drawn(traffic, network)
    # Mean time between the sessions of one of five users.
    gap_us = 5 * PAYLOAD_US * float(np.mean(network.hops_between_ends)) / (0.3 * network.n_links)
    gaps = np.diff(sessions.start_us[sessions.source == 3]) / gap_us
    assert gaps.var() / gaps.mean() ** 2 == pytest.approx(burstiness, rel=0.05)
    assert ks_2samp(gaps, gaps_of_a_source_on_and_off(burstiness, p_on, 80_000)).pvalue > 1e-3


@pytest.mark.parametrize(("arrivals", "dispersion"), [("poisson", 1.0), ("on_off", 6.0), ("regular", 0.0)])
def test_burstiness_is_the_variance_over_the_mean_of_all_sessions_in_a_long_time(
    arrivals: str, dispersion: float
) -> None:
    traffic = qps.Traffic(n_frames=1_000_000, arrivals=arrivals, burstiness=6.0, p_on=0.5)
    start_us = drawn(traffic, NETWORKS["ring"]).start_us
    counts = np.histogram(start_us, bins=1000)[0]
    # 1000 counts in a row: their variance has an error of 4.5 %, and a long time is not endless.
    assert counts.var() / counts.mean() == pytest.approx(dispersion, rel=0.18, abs=0.01)


@pytest.mark.parametrize("pairs", PAIRS)
@pytest.mark.parametrize("arrivals", ARRIVALS)
def test_the_offered_load_of_every_link_is_that_of_the_sessions_drawn(pairs: str, arrivals: str) -> None:
    traffic = qps.Traffic(load=0.4, n_frames=200_000, pairs=pairs, arrivals=arrivals, burstiness=4.0, p_on=0.4)
    sessions = drawn(traffic, NSFNET, seed=3, n_channels=2)
    crossed, at = np.zeros(NSFNET.n_links), sessions.source.copy()
    while (going := np.flatnonzero(at != sessions.destination)).size:
        link = NSFNET.next_link[at[going], sessions.destination[going]]
        crossed += np.bincount(link, minlength=NSFNET.n_links)
        at[going] = NSFNET.link_to[link]
    offered = traffic.offered_load(NSFNET, n_channels=2)
    assert offered.mean() == pytest.approx(2 * 0.4, rel=1e-12)
    expected = offered * sessions.start_us[-1] / PAYLOAD_US
    # No pattern spreads counts more than four times as much as independent sessions; 44 links, once in 30,000.
    assert np.all(np.abs(crossed - expected) <= 5 * np.sqrt(4 * expected))
    assert crossed.sum() == pytest.approx(expected.sum(), rel=0.02)


def test_the_offered_load_is_the_sum_over_all_pairs_whose_path_takes_the_link() -> None:
    network = qps.Network.nsfnet(lengths="great_circle")  # no two paths are equally long
    graph = networkx.DiGraph()
    ends = [*zip(network.link_from.tolist(), network.link_to.tolist(), strict=True)]
    graph.add_weighted_edges_from([(a, b, km) for (a, b), km in zip(ends, network.link_km.tolist(), strict=True)])
    paths = dict(networkx.all_pairs_dijkstra_path(graph))
    taken = dict.fromkeys(ends, 0.0)
    for start, end in itertools.permutations(range(14), 2):
        share = (0.25 * (end == 9 and start != 9) + (0.75 if start != 9 else 1.0) / 13) / 14
        for step in itertools.pairwise(paths[start][end]):
            taken[step] += share
    traffic = qps.Traffic(load=0.2, pairs="hot_spot", hot_node=9, hot_share=0.25)
    per_link = np.array([taken[end] for end in ends])
    np.testing.assert_allclose(traffic.offered_load(network), 0.2 * 44 * per_link / per_link.sum(), rtol=1e-12)


def test_fibres_beside_each_other_share_what_is_offered() -> None:
    network = qps.Network(
        name="three", node_names="abc", roles=["user"] * 3, x_km=[0, 1, 2], y_km=[0, 0, 0],
        link_from=[0, 1, 0, 1, 1, 2], link_to=[1, 0, 1, 0, 2, 1], link_km=[5, 5, 7, 7, 3, 3],
    )  # fmt: skip
    # Of six pairs two take each way between a and b, on two fibres, and two each way between b and c.
    np.testing.assert_allclose(qps.Traffic(load=0.9).offered_load(network), 0.9 * np.array([3, 3, 3, 3, 6, 6]) / 4)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"pairs": "some"}, "pairs = 'some' is not one of even, all, gravity, hot_spot"),
        ({"arrivals": "often"}, "arrivals = 'often' is not one of poisson, on_off, regular"),
        ({"burstiness": 1.0}, "burstiness = 1.0 must be a number above 1"),
        ({"burstiness": math.inf}, "burstiness = inf"),
        ({"p_on": 0.0}, "p_on = 0.0 must be a number above 0 and below 1"),
        ({"p_on": 1.0}, "p_on = 1.0"),
        ({"hot_share": 1.2}, "hot_share = 1.2 must be a number of at least 0 and at most 1"),
        ({"hot_node": -1}, "hot_node = -1"),
        ({"warm_up": 1.0}, "warm_up = 1.0 must be a number of at least 0 and below 1"),
        ({"warm_up": -0.1}, "warm_up = -0.1"),
        ({"weights": [1.0] * 14}, "weights belongs to pairs = 'gravity', not to 'even'"),
        ({"pairs": "gravity", "hot_node": 3}, "hot_node belongs to pairs = 'hot_spot'"),
        ({"pairs": "hot_spot", "hot_node": 14}, "hot_node = 14 is no user of network 'nsfnet'"),
        ({"pairs": "gravity", "weights": [1.0]}, "weights must be 14 numbers, one per node, got 1"),
        ({"pairs": "gravity", "weights": [1.0] + [0.0] * 13}, "above 0 for at least two users"),
        ({"pairs": "gravity", "weights": [-1.0] + [1.0] * 13}, "of at least 0"),
        ({"pairs": "gravity", "weights": [math.nan] + [1.0] * 13}, "of at least 0"),
    ],
)
def test_traffic_that_cannot_be_is_refused_by_name_and_value(arguments: dict[str, object], message: str) -> None:
    with pytest.raises(qps.ParameterError, match=message):
        drawn(qps.Traffic(**arguments), NSFNET)  # type: ignore[arg-type]


def test_a_line_has_one_pattern_and_a_list_no_mean_rate() -> None:
    with pytest.raises(qps.ParameterError, match="pairs = 'gravity' needs users"):
        drawn(qps.Traffic(pairs="gravity"), qps.Network.line(n_relays=1, length_km=5.0))
    listed = qps.Traffic(n_frames=1, start_us=[0.0], source=[0], destination=[1])
    with pytest.raises(qps.ParameterError, match="no mean rate"):
        listed.offered_load(NSFNET)
