"""Any run on any network can be drawn: places, fibres, paths, and what the description calls it."""

from __future__ import annotations

from collections.abc import Callable

import networkx
import numpy as np
import pytest

from qpsviz import Discipline, Network, Scenario, Traffic, preset, simulate
from qpsviz.session.answers import pack
from qpsviz.session.film import places
from qpsviz.session.film.schedule import schedule


def without_places() -> Network:
    """A graph with parallel fibres and no places at all."""
    return Network(
        name="three towns", node_names=["A", "B", "C"], roles=["user"] * 3, x_km=[0.0] * 3, y_km=[0.0] * 3,
        link_from=[0, 0, 1, 1, 1, 2], link_to=[1, 1, 0, 0, 2, 1], link_km=[60.0, 60.0, 60.0, 60.0, 25.0, 25.0],
    )  # fmt: skip


def one_way_star() -> Network:
    """A sender whose light reaches two receivers by way of one relay."""
    return Network(
        name="star", node_names=["S", "R", "X", "Y"], roles=["sender", "relay", "receiver", "receiver"],
        x_km=[0.0, 10.0, 20.0, 20.0], y_km=[0.0, 0.0, 5.0, -5.0], link_from=[0, 1, 1], link_to=[1, 2, 3],
        link_km=[10.0, 11.2, 11.2],
    )  # fmt: skip


NETWORKS: dict[str, Callable[[], Network]] = {
    "ring": lambda: Network.ring(n_nodes=6, length_km=20.0),
    "grid": lambda: Network.grid(n_rows=2, n_columns=4, length_km=10.0),
    "nsfnet": Network.nsfnet,
    "random regular": lambda: Network.random_regular(n_nodes=10, degree=3, length_km=20.0),
    "graph": lambda: Network.from_networkx(networkx.path_graph(4), length_km=12.0),
    "three towns": without_places,
    "star": one_way_star,
}


@pytest.mark.parametrize("discipline", Discipline)
@pytest.mark.parametrize("name", NETWORKS)
def test_a_run_on_any_network_has_a_film(name: str, discipline: str) -> None:
    network = NETWORKS[name]()
    scenario = Scenario().replace(discipline=discipline, max_attempts=2)
    traffic = Traffic(load=0.5, n_frames=30, n_frames_per_session=3)
    run = simulate(scenario, network=network, traffic=traffic, seed=1)
    made = schedule(run)
    pack(made, exact=True)
    assert name in made["description"]
    assert not made["line"]
    spots = {(node["x"], node["y"]) for node in made["nodes"]}
    assert len(spots) == network.n_nodes
    assert np.isfinite(np.array(list(spots))).all()
    assert sum(link["count"] for link in made["links"]) * (1 if name == "star" else 2) == network.n_links
    ends = {(run.network.link_from[link], run.network.link_to[link]) for link in run.legs["link"]}
    assert ends == set(zip(made["legs"]["from"].tolist(), made["legs"]["to"].tolist(), strict=True))
    pairs = set(zip(run.frames["source"].tolist(), run.frames["destination"].tolist(), strict=True))
    assert {(path["nodes"][0], path["nodes"][-1]) for path in made["paths"]} == pairs
    steps = {step for path in made["paths"] for step in zip(path["nodes"], path["nodes"][1:], strict=False)}
    assert ends <= steps


def test_parallel_fibres_lie_beside_each_other() -> None:
    network = without_places()
    assert places.lanes(network).tolist() == [0, 1, 0, 1, 0, 0]
    assert [(link["from"], link["to"], link["count"]) for link in places.links(network)] == [(0, 1, 2), (1, 2, 1)]


def test_a_way_is_as_long_as_its_links() -> None:
    network = Network.ring(n_nodes=5, length_km=7.0)
    traffic = Traffic(start_us=[0.0], source=[0], destination=[2], n_frames=1)
    (path,) = places.paths(simulate(Scenario(), network=network, traffic=traffic))
    assert (path["nodes"], path["km"]) == ([0, 1, 2], [0.0, 7.0, 14.0])
    assert path["name"] == "N1 to N3, 1 frame"


@pytest.mark.parametrize("layout", ["sender", "split"])
def test_the_line_of_a_scenario_is_drawn_as_a_line(layout: str) -> None:
    made = schedule(simulate(preset("first").replace(layout=layout, n_frames=3), seed=4))
    assert made["line"]
    assert made["description"].startswith("6 frames (3 pairs)" if layout == "split" else "3 frames of 10 qubits")
    assert "on a line of 60 km, burst switching, seed 4" in made["description"]


def test_a_line_of_ones_own_does_not_claim_the_length_of_the_scenario() -> None:
    run = simulate(preset("first"), network=Network.line(n_relays=1, length_km=5.0), seed=1)
    assert "on a line of 3 nodes" in schedule(run)["description"]
