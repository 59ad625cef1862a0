"""Pair sources in a network: one half of each pair to each of two users."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import qpsviz as qps
from qpsviz.network.pair_sources import PairSources
from qpsviz.sim.engine import compiled

ENGINES = ["python", *(["compiled"] if compiled.available() else [])]
SPLIT = qps.Scenario().replace(layout="split", guard_us=1000.0, p_free=1.0)


@pytest.mark.parametrize("discipline", ["burst", "store", "circuit"])
@pytest.mark.parametrize("n_relays", [0, 1, 3])
def test_a_source_in_the_middle_of_a_path_is_the_source_of_the_papers_line(discipline: str, n_relays: int) -> None:
    """The closed form of a line with so many relays on either side of its source."""
    n_links = 2 * (n_relays + 1)
    scenario = SPLIT.replace(discipline=discipline, n_relays=n_relays, length_km=10.0 * n_links)
    network = qps.Network.grid(n_rows=1, n_columns=n_links + 1, length_km=10.0)
    listed = qps.Traffic(start_us=[0.0], source=[n_links // 2], destination=[[0, n_links]], n_frames=1)
    run = qps.simulate(scenario, network=network, traffic=listed)
    assert run.frames["fate"].tolist() == ["DELIVERED", "DELIVERED"]
    assert run.frames["destination"].tolist() == [0, n_links]
    np.testing.assert_allclose(run.frames["fidelity"], qps.evaluate(scenario, "fidelity"), rtol=1e-12)
    on_line = qps.simulate(scenario.replace(n_frames=1))
    np.testing.assert_allclose(run.frames["delay_us"], on_line.frames["delay_us"])


def test_two_users_are_served_by_the_node_between_them() -> None:
    """Against a search through all nodes, pair by pair."""
    network = qps.Network.nsfnet(mean_length_km=20.0)
    sources = PairSources.of(network, None)
    first, second = (side.ravel() for side in np.indices((14, 14)))
    first, second = first[first != second], second[first != second]
    found = sources.serving(first, second)

    def lengths(source: int, pair: tuple[int, int]) -> tuple[float, float]:
        return tuple(network.k_shortest(source, user, 1)[0].length_km for user in pair)  # type: ignore[return-value]

    for a, b, source in list(zip(first.tolist(), second.tolist(), found.tolist(), strict=True))[::7]:
        assert source not in (a, b)
        others = {node: lengths(node, (a, b)) for node in range(14) if node not in (a, b)}
        shortest = min(sum(ways) for ways in others.values())
        assert sum(others[source]) == pytest.approx(shortest)
        alike = [abs(x - y) for x, y in others.values() if x + y <= shortest * (1 + 1e-9)]
        assert abs(others[source][0] - others[source][1]) == pytest.approx(min(alike), abs=1e-6)


@pytest.mark.parametrize("pairs", ["even", "gravity", "hot_spot"])
def test_the_load_that_is_offered_is_what_frames_ask_of_each_link(pairs: str) -> None:
    network = qps.Network.nsfnet(mean_length_km=20.0)
    traffic = qps.Traffic(load=0.05, n_frames=20_000, pairs=pairs, pair_sources=[2, 6, 9])
    offered = traffic.offered_load(network, layout="split")
    assert offered.mean() == pytest.approx(0.05)
    run = qps.simulate(SPLIT.replace(discipline="store"), network=network, traffic=traffic, seed=3, record="statistics")
    assert run.summary()["delivered"] == 40_000
    expected = offered / offered.sum() * run.links["n_frames"].sum()
    spread = np.sqrt(np.maximum(expected, 1.0))  # both frames of a session may take one link: twice Poisson's variance
    assert np.all(np.abs(run.links["n_frames"] - expected) < 5 * np.sqrt(2) * spread)
    np.testing.assert_allclose(run.links["utilisation"].mean(), 0.05, rtol=0.05)


@pytest.mark.parametrize("discipline", ["burst", "store", "circuit"])
def test_pairs_are_the_same_however_a_run_is_kept(discipline: str) -> None:
    network = qps.Network.ring(n_nodes=6, length_km=5.0)
    options = {"network": network, "traffic": qps.Traffic(load=0.4, n_frames=600), "seed": 2}
    scenario = SPLIT.replace(discipline=discipline, max_attempts=2)
    kept = qps.simulate(scenario, record="all", engine="python", **options)
    for engine in ENGINES:
        streamed = qps.simulate(scenario, record="frames", engine=engine, **options)
        for name, column in kept.frames.items():
            np.testing.assert_array_equal(streamed.frames[name], column, err_msg=name)
    both = qps.simulate(scenario, record="statistics", **options).pairs
    for name, column in kept.pairs.items():
        np.testing.assert_allclose(both[name], column, rtol=1e-9, err_msg=name)


def test_a_pair_of_users_counts_once_and_is_delivered_if_both_halves_are() -> None:
    network = qps.Network.grid(n_rows=1, n_columns=3, length_km=10.0)
    listed = qps.Traffic(start_us=[0.0] * 3, source=[1] * 3, destination=[[0, 2], [0, 2], [2, 0]], n_frames=3)
    run = qps.simulate(SPLIT.replace(discipline="burst"), network=network, traffic=listed)
    pairs = {(a, b): (n, m) for a, b, n, m in zip(*(run.pairs[c].tolist() for c in list(run.pairs)[:4]), strict=True)}
    assert pairs == {(0, 2): (2, 2), (2, 0): (1, 1)}
    assert run.pairs["fidelity"].tolist() == pytest.approx([run.frames["fidelity"][0]] * 2)
    assert run.summary()["jain_index"] == pytest.approx(1.0)


def test_bad_sources_are_refused() -> None:
    ring = qps.Network.ring(n_nodes=4, length_km=5.0)

    def simulate(network: qps.Network, **traffic: object) -> None:
        qps.simulate(SPLIT, network=network, traffic=qps.Traffic(n_frames=5, **traffic))  # type: ignore[arg-type]

    for bad in ([4], [-1], [], [0.5]):
        with pytest.raises(ValueError, match="pair_sources must be nodes"):
            simulate(ring, pair_sources=bad)
    with pytest.raises(ValueError, match=r"pair_sources = .* must be a list of numbers"):
        simulate(ring, pair_sources=["a"])
    with pytest.raises(ValueError, match="third node"):
        simulate(ring, pair_sources=[0, 1])
    with pytest.raises(ValueError, match="third node"):
        simulate(qps.Network.grid(n_rows=1, n_columns=2, length_km=5.0))
    one_way = qps.Network(
        name="one way", node_names=["a", "b", "s", "t"], roles=["user", "user", "relay", "relay"], x_km=[0] * 4,
        y_km=[0] * 4, link_from=[0, 1, 2, 2, 3], link_to=[1, 0, 0, 1, 0], link_km=[1.0] * 5,
    )  # fmt: skip
    simulate(one_way, pair_sources=[2, 3])
    cut = qps.Network(
        name="cut", node_names=["a", "b", "s"], roles=["user", "user", "relay"], x_km=[0] * 3, y_km=[0] * 3,
        link_from=[0, 1, 0], link_to=[1, 0, 2], link_km=[1.0] * 3,
    )  # fmt: skip
    with pytest.raises(ValueError, match="no path from s to a"):
        simulate(cut, pair_sources=[2])
    with pytest.raises(ValueError, match="two nodes each"):
        simulate(ring, start_us=[0.0], source=[0], destination=[1])
    for same in ([[2, 2]], [[0, 2]]):
        with pytest.raises(ValueError, match="must differ from each other"):
            qps.simulate(
                SPLIT, network=ring, traffic=qps.Traffic(start_us=[0.0], source=[0], destination=same, n_frames=1)
            )
    with pytest.raises(ValueError, match=r"traffic=Traffic\(…\) between users"):
        qps.simulate(SPLIT.replace(layout="split"), network=qps.Network.line(n_relays=1, length_km=5.0))


def test_a_run_with_pair_sources_is_stored_and_watched(tmp_path: Path) -> None:
    network = qps.Network.ring(n_nodes=6, length_km=5.0)
    run = qps.simulate(SPLIT, network=network, traffic=qps.Traffic(load=0.3, n_frames=20), seed=1)
    path = tmp_path / "run.json"
    run.save(path)
    again = qps.Run.load(path)
    np.testing.assert_array_equal(again.frames["fidelity"], run.frames["fidelity"])
    assert qps.film(run) is not None
