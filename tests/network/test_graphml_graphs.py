"""Directions, parallel fibres and several graphs in one GraphML file, and what is no network at all."""

from __future__ import annotations

from collections.abc import Callable

import pytest

import qpsviz as qps
from qpsviz.network.importers import GraphError

Network = qps.Network
Read = Callable[..., qps.Network]
Write = Callable[..., str]
Paths = Callable[[qps.Network], list[tuple[str, str, float]]]
NODES = '<node id="a{0}"/><node id="b{0}"/><edge source="a{0}" target="b{0}"/>'
TWO_NODES = '<node id="a"/><node id="b"/><edge id="e" source="a" target="b"/>'
BERLIN, PARIS = (13.405, 52.52), (2.3522, 48.8566)


def test_each_edge_may_say_its_own_direction(read: Read, document: Write, paths: Paths) -> None:
    body = '<node id="a"/><node id="b"/><node id="c"/><edge source="a" target="b"/>'
    body += '<edge directed="true" source="c" target="b"/>'
    assert {(a, b) for a, b, _ in paths(read(document(body), length_km=1.0))} == {("a", "b"), ("b", "a"), ("c", "b")}
    both = read(document(body, edgedefault="directed"), length_km=1.0, directed=False)
    assert both.n_links == 4


def test_a_file_that_says_nothing_of_direction_is_refused(read: Read, document: Write, two_nodes: Write) -> None:
    text = document(two_nodes(), edgedefault="").replace('edgedefault=""', "")
    with pytest.raises(GraphError, match=r"edge 'e' \(a – b\): edgedefault = None does not say"):
        read(text, length_km=1.0)


def test_parallel_fibres_are_kept_and_loops_left_out(read: Read, document: Write) -> None:
    body = '<node id="a"/><node id="b"/>' + '<edge source="a" target="b"/>' * 2 + '<edge source="a" target="a"/>'
    assert read(document(body), length_km=1.0).n_links == 4


def test_nested_graphs_of_any_writer_are_read(read: Read, document: Write, paths: Paths) -> None:
    inner = '<graph id="sub" edgedefault="directed"><node id="x"/><edge source="a" target="x"/></graph>'
    body = f'<node id="a"/><node id="b">{inner}</node><node id="c"/><edge source="a" target="c"/>'
    assert {(a, b) for a, b, _ in paths(read(document(body), length_km=1.0))} == {("a", "x"), ("a", "c"), ("c", "a")}


def test_of_several_graphs_one_has_to_be_chosen(read: Read, document: Write, two_nodes: Write) -> None:
    second = document('<node id="c"/><node id="d"/><edge source="c" target="d"/>').replace('id="G"', 'id="H"')
    graph = second[second.index("<graph id") : second.index("</graphml>")]
    text = document(two_nodes()).replace("</graphml>", graph + "</graphml>")
    with pytest.raises(GraphError, match=r"net\.graphml: the file: holds 2 graphs; write graph= one of 'G', 'H'"):
        read(text, length_km=1.0)
    assert read(text, length_km=1.0, graph="H").node_names == ("c", "d")
    assert read(text, length_km=1.0, graph=0).node_names == ("a", "b")
    with pytest.raises(GraphError, match="graph 'I': is not there"):
        read(text, length_km=1.0, graph="I")


def test_a_hyperedge_node_of_the_topology_zoo_passes_on_but_has_no_users(
    read: Read, document: Write, city: Write, places: str
) -> None:
    keys = places + '<key id="h" for="node" attr.name="hyperedge" attr.type="int"/>'
    meeting = '<node id="2"><data key="h">1</data><data key="d33">None</data></node>'
    links = "".join(f'<edge source="{i}" target="2"/>' for i in (0, 1))
    network = read(
        document(city("0", "A", BERLIN) + city("1", "B", PARIS) + meeting + links, keys=keys), length_km=40.0
    )
    assert network.roles == ("user", "user", "relay")
    run = qps.simulate(qps.Scenario(), network=network, traffic=qps.Traffic(n_frames=20), seed=1)
    assert {*run.frames["source"], *run.frames["destination"]} == {0, 1}


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ('<node id="a"/><node id="a"/><edge source="a" target="a"/>', "node 'a': occurs twice"),
        ('<node/><node id="a"/>', "a <node>: has no id"),
        (TWO_NODES + '<hyperedge id="h"><endpoint node="a"/></hyperedge>', "hyperedge 'h': joins any number"),
        ('<locator href="other.graphml"/>', "is kept in another file"),
        (TWO_NODES.replace("<edge", '<edge directed="perhaps"'), "directed = 'perhaps'"),
        ('<node id="a"/>', "has 1 nodes and 0 edges"),
    ],
)
def test_what_is_no_network_is_refused(read: Read, body: str, reason: str, document: Write) -> None:
    with pytest.raises(GraphError, match=reason):
        read(document(body), length_km=1.0)


def test_isolated_stations_are_refused_by_name_or_left_out(
    read: Read, document: Write, city: Write, places: str
) -> None:
    body = (
        city("0", "Berlin", None)
        + city("1", "Paris", None)
        + city("2", "Tromsø", None)
        + '<edge source="0" target="1"/>'
    )
    with pytest.raises(GraphError, match="station Tromsø: has no fibre; write drop_isolated=True"):
        read(document(body, keys=places), length_km=1.0)
    assert read(document(body, keys=places), length_km=1.0, drop_isolated=True).node_names == ("Berlin", "Paris")


@pytest.mark.parametrize("graph", [True, False, 1.0])
def test_a_graph_is_chosen_by_id_or_number_and_by_nothing_else(
    read: Read, document: Write, two_nodes: Write, graph: object
) -> None:
    with pytest.raises(ValueError, match=f"graph = {graph} is neither an id nor a whole number"):
        read(document(two_nodes()), length_km=1.0, graph=graph)


def test_an_id_of_digits_comes_before_a_number_of_the_same_digits(read: Read, document: Write) -> None:
    parts = [f'<graph id="{own}" edgedefault="undirected">{NODES.format(own)}</graph>' for own in ("1", "2")]
    text = f"<graphml>{''.join(parts)}</graphml>"
    chosen = {wanted: read(text, length_km=1.0, graph=wanted).node_names[0] for wanted in ("1", "2", "0", 0, 1)}
    assert chosen == {"1": "a1", "2": "a2", "0": "a1", 0: "a1", 1: "a2"}
