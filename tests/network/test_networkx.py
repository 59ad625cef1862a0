"""Graphs of networkx as networks: read right, or refused with graph, element and reason."""

from __future__ import annotations

import math
import pickle
from typing import Any

import networkx
import numpy as np
import pytest

import qpsviz as qps
from qpsviz.network.importers import GraphError

Network = qps.Network


def pair(**data: Any) -> networkx.Graph:
    """Two cities and one edge with some data."""
    graph = networkx.Graph(name="pair")
    graph.add_edge("Oslo", "Bergen", **data)
    return graph


@pytest.mark.parametrize(
    ("data", "options", "km"),
    [
        ({"length_km": 305}, {}, 305.0),
        ({"length_km": np.float32(305.0)}, {}, 305.0),
        ({"length": "305 km"}, {}, 305.0),
        ({"length": "305000 m"}, {}, 305.0),
        ({"length": 305_000.0, "length_units": "m"}, {}, 305.0),
        ({"length": 305.0, "unit": "Gbit/s"}, {"length_unit": "km"}, 305.0),
        ({"distance": 305_000.0}, {"length_unit": "m"}, 305.0),
        ({"dist": 305.0}, {"length_unit": "km"}, 305.0),
        ({"length_km": 305.0, "length": 7.0}, {}, 305.0),
        ({"length": None}, {"length_km": 12.0}, 12.0),
        ({}, {"length_km": 12.0}, 12.0),
        ({"weight": 305.0}, {"length_attribute": "weight", "length_unit": "km"}, 305.0),
    ],
)
def test_a_length_is_read_in_its_unit(data: dict[str, Any], options: dict[str, Any], km: float) -> None:
    assert Network.from_networkx(pair(**data), **options).link_km.tolist() == [km, km]


@pytest.mark.parametrize(
    ("data", "options", "reason"),
    [
        ({"length": 305.0}, {}, "length = 305.0 has no unit; write length_unit='km' or length_unit='m'"),
        ({"length": 190, "length_units": "mi"}, {}, "is in 'mi', which is not one of km, m"),
        ({"weight": 305.0}, {"length_attribute": "cost"}, "has no cost; write length_km="),
        ({"length": None}, {}, "has no length; write length_km="),
        ({}, {}, "has no length; write length_km="),
        ({"length_km": math.nan}, {}, "length_km = nan is not a length"),
        ({"length_km": True}, {}, "length_km = True is not a length"),
        ({"length_km": [1.0, 2.0]}, {}, r"length_km = \[1.0, 2.0\] is not a length"),
        ({"length": "1,000 km"}, {}, "is not a length"),
        ({"length": "190 mi"}, {}, "not one of km, m"),
        ({"length_km": 10**400}, {}, r"length_km = 1000+\.\.\.0+ is not a length"),
        ({"length_km": 10**5000}, {}, "length_km = an enormous int is not a length"),
        ({"length": "0x1p+5000 km"}, {}, "is not a length"),
        ({"length_km": 305.0, "length_m": 20_000}, {}, "length_km = 305.0 and length_m = 20000 are two lengths"),
        ({"length_km": 305.0, "length_units": "m"}, {}, "length_km = 305.0 is stated in 'km' and 'm'"),
        ({"length_km": 305.0, "length": 7}, {"length_unit": "km"}, "are two lengths"),
    ],
)
def test_a_length_that_cannot_be_read_is_refused_with_graph_element_and_reason(
    data: dict[str, Any], options: dict[str, Any], reason: str
) -> None:
    with pytest.raises(GraphError, match=reason) as refused:
        Network.from_networkx(pair(**data), **options)
    assert (refused.value.source, refused.value.element) == ("pair", "edge Oslo – Bergen, Oslo – Bergen")
    assert str(pickle.loads(pickle.dumps(refused.value))) == str(refused.value)


def test_defaults_that_networkx_puts_beside_the_graph_count(tmp_path: Any) -> None:
    graph = pair(length_km=5.0)
    graph.add_edge("Bergen", "Voss")
    graph.graph["edge_default"] = {"length_km": 80.0}
    graph.add_edge("Voss", "Oslo", dist="9 km")
    graph.graph["node_default"] = {"hyperedge": 1}
    network = Network.from_networkx(graph, length_km=1.0)
    assert network.link_km.tolist() == [5.0, 5.0, 9.0, 9.0, 80.0, 80.0]
    assert set(network.roles) == {"relay"}


@pytest.mark.parametrize(
    ("kind", "n_links"),
    [(networkx.Graph, 2), (networkx.DiGraph, 1), (networkx.MultiGraph, 4), (networkx.MultiDiGraph, 2)],
)
def test_each_kind_of_graph_gives_its_own_links(kind: type[networkx.Graph], n_links: int) -> None:
    graph = kind()
    for _ in range(2):
        graph.add_edge(0, 1, length_km=3.0)
    assert Network.from_networkx(graph).n_links == n_links
    assert (
        Network.from_networkx(graph, directed=False).n_links == 2 * Network.from_networkx(graph, directed=True).n_links
    )


def test_a_graph_that_networkx_read_from_a_yed_file_has_lost_its_arrows() -> None:
    graph = networkx.DiGraph()
    graph.add_node(0, shape_type="ellipse", label="A")
    graph.add_node(1, shape_type="ellipse", label="B")
    graph.add_edge(0, 1)
    with pytest.raises(GraphError, match=r"does not keep the arrows; read the file with Network\.from_graphml"):
        Network.from_networkx(graph, length_km=1.0)
    assert Network.from_networkx(graph, length_km=1.0, directed=False).n_links == 2


def test_pos_is_a_drawing_unless_the_caller_says_it_is_degrees() -> None:
    graph = pair()
    networkx.set_node_attributes(graph, {"Oslo": [10.75, 59.91], "Bergen": [5.32, 60.39]}, "pos")
    with pytest.raises(GraphError, match="places='degrees' if its pos"):
        Network.from_networkx(graph, great_circle_factor=1.0)
    km = Network.from_networkx(graph, great_circle_factor=1.0, places="degrees").link_km
    assert km == pytest.approx([305.0, 305.0], abs=2.0)
    drawn = Network.from_networkx(graph, length_km=305.0)
    assert math.hypot(*np.diff(drawn.x_km), *np.diff(drawn.y_km)) == pytest.approx(305.0)


def test_a_layout_of_networkx_is_drawn_as_it_is() -> None:
    graph = networkx.cycle_graph(5)
    layout = networkx.circular_layout(graph)
    networkx.set_node_attributes(graph, layout, "pos")
    network = Network.from_networkx(graph, length_km=10.0)
    centred = np.array([layout[node] for node in graph]) - np.mean(list(layout.values()), axis=0)
    scale = network.x_km[0] / centred[0, 0]
    assert np.stack([network.x_km, network.y_km], axis=1) == pytest.approx(centred * scale)


def test_isolated_stations_are_refused_by_name_or_left_out() -> None:
    graph = pair(length_km=305.0)
    graph.add_nodes_from(["Tromsø", "Bodø"])
    with pytest.raises(GraphError, match="pair: station Tromsø, Bodø: has no fibre; write drop_isolated=True"):
        Network.from_networkx(graph)
    assert Network.from_networkx(graph, drop_isolated=True).node_names == ("Oslo", "Bergen")


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Network.from_networkx(networkx.Graph(), length_km=1.0), "graph: the graph: has 0 nodes and 0 edges"),
        (lambda: Network.from_networkx([(0, 1)], length_km=1.0), "list: the graph: is not a graph of networkx"),
        (lambda: Network.from_networkx(pair(), length_km=-1.0), "length_km = -1.0"),
        (lambda: Network.from_networkx(pair(), length_km=1e9), "length_km = 1000000000.0 .* at most 40075"),
        (lambda: Network.from_networkx(pair(), length_km=10**400), "length_km = 1000.* must be a number"),
        (lambda: Network.ring(n_nodes=3, length_km=1e9), "length_km = 1000000000.0 .* at most 1e[+]06"),
        (lambda: Network.from_networkx(pair(), directed=1), "directed = 1 is not True or False"),
        (lambda: Network.from_networkx(pair(), length_unit="mi"), "length_unit = 'mi' is not one of km, m"),
        (lambda: Network.from_networkx(pair(), great_circle_factor=0.5), "great_circle_factor = 0.5"),
        (lambda: Network.from_networkx(pair(), places="pixels"), "places = 'pixels' is not one of degrees, drawing"),
        (lambda: Network.from_networkx(pair(), directed="no"), "directed = 'no' is not True or False"),
        (lambda: Network.from_networkx(pair(), drop_isolated="no"), "drop_isolated = 'no' is not True or False"),
    ],
)
def test_bad_input_is_refused_by_name_and_value(make: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make()


def test_a_way_between_places_is_never_longer_than_the_equator() -> None:
    graph = pair()
    networkx.set_node_attributes(graph, {"Oslo": 59.91, "Bergen": 60.39}, "lat")
    networkx.set_node_attributes(graph, {"Oslo": 10.75, "Bergen": 5.32}, "lon")
    with pytest.raises(GraphError, match=r"great_circle_factor=1e\+06 makes it .* km, longer than the equator"):
        Network.from_networkx(graph, great_circle_factor=1e6)


def test_nodes_that_are_written_the_same_have_names_of_their_own() -> None:
    graph = networkx.Graph()
    graph.add_edge(1, "1", length_km=3.0)
    assert Network.from_networkx(graph).node_names == ("1 [1]", "1 [1, 2]")


def test_edges_of_a_graph_may_say_what_their_fibre_loses() -> None:
    graph = networkx.MultiDiGraph()
    graph.add_edge("a", "b", length_km=3.0, loss_db_per_km=0.3)
    graph.add_edge("b", "a", length_km=3.0, extra_loss_db=2, depol_per_km=np.float64(0.1))
    links = qps.Network.from_networkx(graph).links
    assert links["loss_db_per_km"].tolist() == pytest.approx([0.3, float("nan")], nan_ok=True)
    assert links["extra_loss_db"].tolist() == [0.0, 2.0]
    assert links["depol_per_km"].tolist() == pytest.approx([float("nan"), 0.1], nan_ok=True)
