"""GraphML of many writers: read right, or refused with file, element and reason. Every sample is written here."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import networkx
import numpy as np
import pytest

import qpsviz as qps
from qpsviz.sim.geography import great_circle_km
from qpsviz.sim.importers import GraphError, markup

Network = qps.Network
Read = Callable[..., qps.Network]

BERLIN, PARIS = (13.405, 52.52), (2.3522, 48.8566)
LENGTH_KM = '<key id="l" for="edge" attr.name="length_km" attr.type="double"/>'


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Write a text as ``net.graphml`` and read it as a network."""

    def write_and_read(text: str, **options: object) -> qps.Network:
        (tmp_path / "net.graphml").write_text(text, encoding="utf-8")
        return Network.from_graphml(tmp_path / "net.graphml", **options)  # type: ignore[arg-type]

    return write_and_read


def document(body: str, *, keys: str = "", edgedefault: str = "undirected", attributes: str = "") -> str:
    """A GraphML file with one graph."""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
        <graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:y="http://www.yworks.com/xml/graphml">
        {keys}<graph id="G" edgedefault="{edgedefault}" {attributes}>{body}</graph></graphml>"""


def two_nodes(edge: str = "", *, node: str = "") -> str:
    """Nodes a and b, with the same data, and one edge between them."""
    return f'<node id="a">{node}</node><node id="b">{node}</node><edge id="e" source="a" target="b">{edge}</edge>'


def ways(network: qps.Network) -> list[tuple[str, str, float]]:
    """Every one-way link by the names of its ends, with its length."""
    names = network.node_names
    rows = zip(network.link_from.tolist(), network.link_to.tolist(), network.link_km.tolist(), strict=True)
    return [(names[a], names[b], km) for a, b, km in rows]


# ---- lengths, their defaults and units -------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["edge", "all"])
def test_a_default_is_the_length_of_edges_that_give_none(read: Read, kind: str) -> None:
    key = f'<key id="l" for="{kind}" attr.name="length_km" attr.type="double"><default>80</default></key>'
    body = '<node id="a"/><node id="b"/><node id="c"/><edge source="a" target="b"/>'
    body += '<edge source="b" target="c"><data key="l">5</data></edge>'
    assert sorted(set(read(document(body, keys=key), length_km=1.0).link_km)) == [5.0, 80.0]


@pytest.mark.parametrize(
    ("name", "text", "options", "km"),
    [
        ("length_km", "80", {}, 80.0),
        ("length_m", "80000", {}, 80.0),
        ("Fiber Length (m)", "80000", {}, 80.0),
        ("distanceKm", "80", {}, 80.0),
        ("length", "12 km", {}, 12.0),
        ("length", "12000 m", {}, 12.0),
        ("length", "12.5km", {"length_unit": "m"}, 12.5),
        ("Length", " 80 kilometres ", {}, 80.0),
        ("distance", "80000", {"length_unit": "m"}, 80.0),
        ("dist", "80", {"length_unit": "km"}, 80.0),
        ("length", "0x1.4p+6", {"length_unit": "km"}, 80.0),  # graph-tool writes the exact bits
        ("weight", "80", {"length_attribute": "weight", "length_unit": "km"}, 80.0),
        ("weight", "80", {"length_km": 3.0}, 3.0),
        ("label", "80 km", {}, 80.0),
    ],
)
def test_a_length_is_read_in_its_unit(read: Read, name: str, text: str, options: dict[str, object], km: float) -> None:
    key = f'<key id="d7" for="edge" attr.name="{name}" attr.type="string"/>'
    network = read(document(two_nodes(f'<data key="d7">{text}</data>'), keys=key), **options)
    assert ways(network) == [("a", "b", km), ("b", "a", km)]


@pytest.mark.parametrize("where", ["edge", "graph", "key"])
def test_a_unit_beside_the_length_is_its_unit(read: Read, where: str) -> None:
    stated = '<data key="u">m</data>'
    units = "" if where == "key" else f'<key id="u" for="{where}" attr.name="length_units" attr.type="string"/>'
    on_key = 'unit="m"' if where == "key" else ""
    keys = f'<key id="l" for="edge" attr.name="length" attr.type="double" {on_key}/>{units}'
    edge = '<data key="l">80000</data>' + (stated if where == "edge" else "")
    body = (stated if where == "graph" else "") + two_nodes(edge)
    assert read(document(body, keys=keys)).link_km.tolist() == [80.0, 80.0]


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("length", "80", r"length = '80' has no unit; write length_unit='km' or length_unit='m'"),
        ("distance", "80", "has no unit"),
        ("length", "80 mi", "'mi', which is not one of km, m"),
        ("length_ft", "80", "'ft', which is not one of km, m"),
        ("length", "long", "'long' is not a length"),
        ("length_km", "12,5", "'12,5' is not a length"),
        ("length_km", "-1", "'-1' is not a length of at least 0"),
        ("length_km", "nan", "'nan' is not a length"),
        ("length_km", "inf", "'inf' is not a length"),
        ("length_km", "80000", "longer than the equator; is it in metres"),
        ("length_km", "", "has no length; write length_km="),
        ("length_km", "None", "has no length; write length_km="),
        ("weight", "80", "has no length; write length_km="),
    ],
)
def test_a_length_that_cannot_be_read_is_refused_with_file_element_and_reason(
    read: Read, name: str, text: str, reason: str
) -> None:
    key = f'<key id="d7" for="edge" attr.name="{name}" attr.type="string"/>'
    with pytest.raises(GraphError, match=reason) as refused:
        read(document(two_nodes(f'<data key="d7">{text}</data>'), keys=key))
    assert refused.value.source == "net.graphml"
    assert refused.value.element == "edge 'e' (a – b), a – b"


def test_osmnx_writes_lengths_in_metres_as_text_and_places_as_x_and_y(read: Read) -> None:
    keys = """<key id="d9" for="edge" attr.name="length" attr.type="string"/>
        <key id="d8" for="edge" attr.name="osmid" attr.type="string"/>
        <key id="d7" for="edge" attr.name="oneway" attr.type="string"/>
        <key id="d5" for="node" attr.name="x" attr.type="string"/>
        <key id="d4" for="node" attr.name="y" attr.type="string"/>
        <key id="d2" for="graph" attr.name="crs" attr.type="string"/>
        <key id="d1" for="graph" attr.name="created_with" attr.type="string"/>"""
    road = '<data key="d8">17</data><data key="d7">False</data><data key="d9">55.114</data>'
    body = f"""<data key="d1">OSMnx 1.9</data><data key="d2">epsg:4326</data>
        <node id="41"><data key="d4">33.2963878</data><data key="d5">-111.8302054</data></node>
        <node id="42"><data key="d4">33.2963871</data><data key="d5">-111.8296124</data></node>
        <edge source="41" target="42" id="0">{road}</edge><edge source="42" target="41" id="0">{road}</edge>"""
    network = read(document(body, keys=keys, edgedefault="directed"))
    assert ways(network) == [("41", "42", 0.055114), ("42", "41", 0.055114)]
    drawn_km = np.hypot(np.diff(network.x_km), np.diff(network.y_km))
    assert drawn_km == pytest.approx([0.0551], abs=1e-4)


# ---- places ----------------------------------------------------------------------------------------------------------

PLACES = """<key id="d29" for="node" attr.name="Latitude" attr.type="double"/>
    <key id="d32" for="node" attr.name="Longitude" attr.type="double"/>
    <key id="d33" for="node" attr.name="label" attr.type="string"/>"""


def city(key: str, label: str, spot: tuple[float, float] | None) -> str:
    """A node as the Topology Zoo has it; without a place where its place is not known."""
    place = f'<data key="d29">{spot[1]}</data><data key="d32">{spot[0]}</data>' if spot else ""
    return f'<node id="{key}">{place}<data key="d33">{label}</data></node>'


def test_a_link_without_a_length_takes_the_great_circle_only_where_asked(read: Read) -> None:
    text = document(
        city("0", "Berlin", BERLIN) + city("1", "Paris", PARIS) + '<edge source="0" target="1"/>', keys=PLACES
    )
    with pytest.raises(GraphError, match=r"Berlin – Paris: has no length; .* great_circle_factor="):
        read(text)
    network = read(text, great_circle_factor=1.2)
    assert network.link_km == pytest.approx([1.2 * great_circle_km(BERLIN, PARIS)] * 2)
    assert np.hypot(*np.ravel([np.diff(network.x_km), np.diff(network.y_km)])) == pytest.approx(878, rel=0.01)


@pytest.mark.parametrize("spot", [None, (0.0, 0.0)])
def test_a_missing_place_never_makes_a_length(read: Read, spot: tuple[float, float] | None) -> None:
    body = city("0", "Berlin", BERLIN) + city("1", "Outside", spot) + '<edge source="0" target="1"/>'
    with pytest.raises(GraphError, match="has no length, and Outside no longitude and latitude"):
        read(document(body, keys=PLACES), great_circle_factor=1.0)
    assert read(document(body, keys=PLACES), great_circle_factor=1.0, length_km=30.0).link_km.tolist() == [30.0, 30.0]


def test_pixels_in_place_of_degrees_are_refused_or_drawn(read: Read) -> None:
    body = city("0", "A", (515.0, 120.0)) + city("1", "B", (515.0, 20.0)) + '<edge source="0" target="1"/>'
    with pytest.raises(GraphError, match=r"net\.graphml: node '0': longitude 515 and latitude 120 are no place"):
        read(document(body, keys=PLACES), length_km=1.0)
    network = read(document(body, keys=PLACES), length_km=9.0, places="drawing")
    assert (np.ptp(network.x_km), np.ptp(network.y_km)) == pytest.approx((0.0, 9.0))


@pytest.mark.parametrize(
    ("crs", "options", "works"),
    [
        ("epsg:4326", {}, True),
        ("{'init': 'epsg:4326'}", {}, True),
        ("EPSG:32633", {}, False),
        ("", {}, False),
        ("", {"places": "degrees"}, True),
    ],
)
def test_x_and_y_are_degrees_where_the_crs_or_the_caller_says_so(
    read: Read, crs: str, options: dict[str, str], works: bool
) -> None:
    keys = """<key id="x" for="node" attr.name="x" attr.type="double"/>
        <key id="y" for="node" attr.name="y" attr.type="double"/>
        <key id="c" for="graph" attr.name="crs" attr.type="string"/>"""
    nodes = "".join(
        f'<node id="{k}"><data key="x">{x}</data><data key="y">{y}</data></node>'
        for k, (x, y) in (("0", BERLIN), ("1", PARIS))
    )
    text = document(f'<data key="c">{crs}</data>{nodes}<edge source="0" target="1"/>', keys=keys)
    if works:
        assert read(text, great_circle_factor=1.0, **options).link_km[0] == pytest.approx(877.5, abs=2.0)
    else:
        with pytest.raises(GraphError, match="places='degrees'"):
            read(text, great_circle_factor=1.0, **options)


def test_a_drawing_keeps_its_shape_with_links_as_long_on_average_as_they_are(read: Read) -> None:
    keys = '<key id="p" for="node" attr.name="pos" attr.type="vector_float"/>' + LENGTH_KM
    nodes = "".join(
        f'<node id="{k}"><data key="p">{x}, {y}</data></node>' for k, x, y in (("a", 0, 0), ("b", 0, 3), ("c", 0, 4))
    )
    ends = (("a", "b", 70), ("b", "c", 10))
    links = "".join(f'<edge source="{a}" target="{b}"><data key="l">{km}</data></edge>' for a, b, km in ends)
    network = read(document(nodes + links, keys=keys))
    assert np.diff(network.y_km).tolist() == pytest.approx([60.0, 20.0])
    assert np.ptp(network.x_km) == 0


@pytest.mark.parametrize("x", ["nan", "inf", "1e308", "0"])
def test_a_drawing_that_cannot_be_drawn_becomes_a_circle(read: Read, x: str) -> None:
    keys = YED + '<key id="x" for="node" attr.name="x"/><key id="y" for="node" attr.name="y"/>'
    sides = (("a", x), ("b", f"-{x}"))
    nodes = "".join(f'<node id="{k}"><data key="x">{v}</data><data key="y">0</data></node>' for k, v in sides)
    network = read(document(nodes + '<edge source="a" target="b"/>', keys=keys), length_km=np.pi)
    assert network.y_km.tolist() == pytest.approx([1.0, -1.0])


# ---- names -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("attribute", "value", "name"),
    [
        ("label", "Berlin", "Berlin"),
        ("name", "Berlin", "Berlin"),
        ("Name", "Berlin", "Berlin"),
        ("id", "Berlin", "Berlin"),
        ("id", "17", "n0"),
        ("label", "None", "n0"),
        ("label", "", "n0"),
        ("colour", "red", "n0"),
    ],
)
def test_a_station_is_called_by_its_label_its_name_or_a_telling_id(
    read: Read, attribute: str, value: str, name: str
) -> None:
    keys = LENGTH_KM + f'<key id="v" for="node" attr.name="{attribute}" attr.type="string"/>'
    body = f'<node id="n0"><data key="v">{value}</data></node><node id="n1"/><edge source="n0" target="n1"/>'
    assert read(document(body, keys=keys), length_km=1.0).node_names == (name, "n1")


def test_two_stations_of_one_name_are_told_apart_by_their_ids(read: Read) -> None:
    body = city("0", "Sydney", None) + city("1", "Sydney", None) + '<edge source="0" target="1"/>'
    assert read(document(body, keys=PLACES), length_km=1.0).node_names == ("Sydney [0]", "Sydney [1]")


# ---- yEd and other yFiles programs -----------------------------------------------------------------------------------

YED = """<key for="node" id="d6" yfiles.type="nodegraphics"/><key for="edge" id="d10" yfiles.type="edgegraphics"/>
    <key for="node" id="d5" attr.name="description" attr.type="string"/>"""


def drawn(key: str, label: str, *, shape: str = "ShapeNode", at: tuple[float, float] = (0.0, 0.0)) -> str:
    """A node as yEd draws it."""
    geometry = f'<y:Geometry height="10" width="20" x="{at[0]}" y="{at[1]}"/>'
    picture = f"<y:{shape}>{geometry}<y:NodeLabel>{label}</y:NodeLabel></y:{shape}>"
    return f'<node id="{key}"><data key="d5"/><data key="d6">{picture}</data></node>'


def line(key: str, start: str, end: str, arrows: str = 'source="none" target="none"', label: str = "") -> str:
    """An edge as yEd draws it."""
    text = f"<y:EdgeLabel>{label}</y:EdgeLabel>" if label else ""
    picture = f"<y:PolyLineEdge><y:Arrows {arrows}/>{text}</y:PolyLineEdge>"
    return f'<edge id="{key}" source="{start}" target="{end}"><data key="d10">{picture}</data></edge>'


@pytest.mark.parametrize(
    ("arrows", "expected"),
    [
        ('source="none" target="none"', {("A", "B"), ("B", "A")}),
        ('source="none" target="standard"', {("A", "B")}),
        ('source="delta" target="none"', {("B", "A")}),
        ('source="standard" target="standard"', {("A", "B"), ("B", "A")}),
        ('source="none" target="crows_foot_many"', {("A", "B"), ("B", "A")}),
    ],
)
def test_an_edge_of_yed_is_one_way_only_where_an_arrow_says_so(
    read: Read, arrows: str, expected: set[tuple[str, str]]
) -> None:
    body = drawn("n0", "A") + drawn("n1", "B") + line("e0", "n0", "n1", arrows)
    network = read(document(body, keys=YED, edgedefault="directed"), length_km=7.0)
    assert {(a, b) for a, b, _ in ways(network)} == expected


def test_an_edge_of_yed_without_graphics_is_fibre_both_ways(read: Read) -> None:
    body = drawn("n0", "A") + drawn("n1", "B") + '<edge source="n0" target="n1"/>'
    assert read(document(body, keys=YED, edgedefault="directed"), length_km=7.0).n_links == 2


def test_group_frames_and_notes_of_yed_are_no_stations_and_what_is_inside_is_kept(read: Read) -> None:
    inner = drawn("n0::n0", "Inner\n city", at=(100, 0)) + drawn("n0::n1", "Other", at=(0, 300))
    inner += line("n0::e0", "n0::n0", "n0::n1", label="80 km")
    frame = f"""<node id="n0" yfiles.foldertype="group"><data key="d6"><y:ProxyAutoBoundsNode><y:Realizers active="0">
        <y:GroupNode><y:NodeLabel>Region</y:NodeLabel></y:GroupNode></y:Realizers></y:ProxyAutoBoundsNode></data>
        <graph edgedefault="directed" id="n0:">{inner}</graph></node>"""
    body = frame + drawn("n1", "Outer", at=(0, 0)) + drawn("n2", "Legend", shape="UMLNoteNode")
    network = read(document(body + line("e0", "n1", "n0::n0"), keys=YED, edgedefault="directed"), length_km=20.0)
    assert network.node_names == ("Inner city", "Other", "Outer")
    assert set(ways(network)[::2]) == {("Inner city", "Other", 80.0), ("Outer", "Inner city", 20.0)}
    assert network.y_km[1] < network.y_km[0]  # yEd counts downwards


@pytest.mark.parametrize(
    ("end", "reason"),
    [("g", "'g' is a group, which is a frame"), ("note", "'note' is a note"), ("x", "'x' is not a node of this graph")],
)
def test_an_edge_that_ends_at_no_station_is_refused(read: Read, end: str, reason: str) -> None:
    group = '<node id="g" yfiles.foldertype="group"/>'
    body = drawn("n0", "A") + drawn("n1", "B") + group + drawn("note", "Remark", shape="UMLNoteNode")
    text = document(body + line("e0", "n0", "n1") + line("e1", "n0", end), keys=YED, edgedefault="directed")
    with pytest.raises(GraphError, match=rf"net\.graphml: edge 'e1' \(n0 – {end}\): its target {reason}"):
        read(text, length_km=1.0)


def test_yfiles_of_other_programs_keep_arrows_where_we_do_not_look_so_their_ways_are_asked_for(read: Read) -> None:
    uri = "http://www.yworks.com/xml/yfiles-common/2.0"
    keys = f"""<key id="d1" for="node" attr.name="NodeLabels" y:attr.uri="{uri}/NodeLabels"/>
        <key id="d8" for="edge" attr.name="EdgeStyle" y:attr.uri="{uri}/EdgeStyle"/>"""
    label = "<y:Label><y:Label.Text>{}</y:Label.Text></y:Label>"
    nodes = "".join(f'<node id="n{i}"><data key="d1">{label.format(x)}</data></node>' for i, x in enumerate("AB"))
    text = document(nodes + '<edge id="e" source="n0" target="n1"/>', keys=keys, edgedefault="directed")
    with pytest.raises(GraphError, match="directed=False"):
        read(text, length_km=1.0)
    assert ways(read(text, length_km=1.0, directed=False)) == [("A", "B", 1.0), ("B", "A", 1.0)]


# ---- directions, parallel fibres, several graphs ---------------------------------------------------------------------


def test_each_edge_may_say_its_own_direction(read: Read) -> None:
    body = '<node id="a"/><node id="b"/><node id="c"/><edge source="a" target="b"/>'
    body += '<edge directed="true" source="c" target="b"/>'
    assert {(a, b) for a, b, _ in ways(read(document(body), length_km=1.0))} == {("a", "b"), ("b", "a"), ("c", "b")}
    both = read(document(body, edgedefault="directed"), length_km=1.0, directed=False)
    assert both.n_links == 4


def test_a_file_that_says_nothing_of_direction_is_refused(read: Read) -> None:
    text = document(two_nodes(), edgedefault="").replace('edgedefault=""', "")
    with pytest.raises(GraphError, match=r"edge 'e' \(a – b\): edgedefault = None does not say"):
        read(text, length_km=1.0)


def test_parallel_fibres_are_kept_and_loops_left_out(read: Read) -> None:
    body = '<node id="a"/><node id="b"/>' + '<edge source="a" target="b"/>' * 2 + '<edge source="a" target="a"/>'
    assert read(document(body), length_km=1.0).n_links == 4


def test_nested_graphs_of_any_writer_are_read(read: Read) -> None:
    inner = '<graph id="sub" edgedefault="directed"><node id="x"/><edge source="a" target="x"/></graph>'
    body = f'<node id="a"/><node id="b">{inner}</node><node id="c"/><edge source="a" target="c"/>'
    assert {(a, b) for a, b, _ in ways(read(document(body), length_km=1.0))} == {("a", "x"), ("a", "c"), ("c", "a")}


def test_of_several_graphs_one_has_to_be_chosen(read: Read) -> None:
    second = document('<node id="c"/><node id="d"/><edge source="c" target="d"/>').replace('id="G"', 'id="H"')
    graph = second[second.index("<graph id") : second.index("</graphml>")]
    text = document(two_nodes()).replace("</graphml>", graph + "</graphml>")
    with pytest.raises(GraphError, match=r"net\.graphml: the file: holds 2 graphs; write graph= one of 'G', 'H'"):
        read(text, length_km=1.0)
    assert read(text, length_km=1.0, graph="H").node_names == ("c", "d")
    assert read(text, length_km=1.0, graph=0).node_names == ("a", "b")
    with pytest.raises(GraphError, match="graph 'I': is not there"):
        read(text, length_km=1.0, graph="I")


def test_a_hyperedge_node_of_the_topology_zoo_passes_on_but_has_no_users(read: Read) -> None:
    keys = PLACES + '<key id="h" for="node" attr.name="hyperedge" attr.type="int"/>'
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
        (two_nodes() + '<hyperedge id="h"><endpoint node="a"/></hyperedge>', "hyperedge 'h': joins any number"),
        ('<locator href="other.graphml"/>', "is kept in another file"),
        (two_nodes().replace("<edge", '<edge directed="perhaps"'), "directed = 'perhaps'"),
        ('<node id="a"/>', "has 1 nodes and 0 edges"),
    ],
)
def test_what_is_no_network_is_refused(read: Read, body: str, reason: str) -> None:
    with pytest.raises(GraphError, match=reason):
        read(document(body), length_km=1.0)


def test_isolated_stations_are_refused_by_name_or_left_out(read: Read) -> None:
    body = (
        city("0", "Berlin", None)
        + city("1", "Paris", None)
        + city("2", "Tromsø", None)
        + '<edge source="0" target="1"/>'
    )
    with pytest.raises(GraphError, match="station Tromsø: has no fibre; write drop_isolated=True"):
        read(document(body, keys=PLACES), length_km=1.0)
    assert read(document(body, keys=PLACES), length_km=1.0, drop_isolated=True).node_names == ("Berlin", "Paris")


# ---- the file itself -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "iso-8859-1", "windows-1252", "utf-16", "utf-16-le", "shift_jis"]
)
def test_a_declared_encoding_is_read(tmp_path: Path, encoding: str) -> None:
    name = "東京" if encoding == "shift_jis" else "Zürich"
    declared = {"utf-8-sig": "UTF-8", "utf-16-le": "UTF-16"}.get(encoding, encoding)
    text = document(city("0", name, None) + city("1", "B", None) + '<edge source="0" target="1"/>', keys=PLACES)
    (tmp_path / "net.graphml").write_bytes(text.replace("UTF-8", declared).encode(encoding))
    assert Network.from_graphml(tmp_path / "net.graphml", length_km=1.0).node_names == (name, "B")


def test_a_file_in_8_bits_that_declares_16_is_read_as_what_it_is(read: Read) -> None:
    assert read(document(two_nodes()).replace("UTF-8", "utf-16"), length_km=1.0).n_links == 2


@pytest.mark.parametrize(
    ("octets", "reason"),
    [
        (b"", "line 1, column 1: is not XML"),
        (b"not xml", "is not XML"),
        (b"<a><b></a>", "line 1, column 9: is not XML"),
        (b"<gexf/>", "<gexf>: is not <graphml>"),
        (b"<graphml/>", "holds no graph"),
        (b'<?xml version="1.0" encoding="klingon"?><graphml/>', "unknown encoding 'klingon'"),
        (b'<?xml version="1.0" encoding="rot13"?><graphml/>', "unknown encoding 'rot13'"),
        ("<graphml>Zürich</graphml>".encode("iso-8859-1"), "octet 10: is not text in the encoding 'utf-8'"),
        (b"\x1f\x8b\x08\x00", "is packed"),
        (b'<graphml><y:a xmlns="u"/></graphml>', "unbound prefix"),
        (b'<!DOCTYPE graphml [<!ENTITY city "Berlin">]><graphml/>', "entity 'city': is declared"),
        (b'<!DOCTYPE graphml [<!ENTITY % part "x">]><graphml/>', "entity 'part': is declared"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_graphml_is_refused_by_name_place_and_reason(
    tmp_path: Path, octets: bytes, reason: str
) -> None:
    (tmp_path / "bad.graphml").write_bytes(octets)
    with pytest.raises(GraphError, match=reason) as refused:
        Network.from_graphml(tmp_path / "bad.graphml")
    assert refused.value.source == "bad.graphml"


def test_a_plain_doctype_is_allowed_and_nothing_is_fetched_for_it(read: Read) -> None:
    doctype = '?><!DOCTYPE graphml SYSTEM "http://127.0.0.1:9/graphml.dtd">'
    assert read(document(two_nodes()).replace("?>", doctype, 1), length_km=1.0).n_links == 2


@pytest.mark.parametrize(
    ("limit", "text", "reason"),
    [
        ("MAX_ELEMENTS", document(two_nodes() + "<desc/>" * 9), "holds more than 8 elements"),
        ("MAX_DEPTH", "<a>" * 9 + "</a>" * 9, "holds more than 8 levels of elements"),
        ("MAX_MB", "x" * (8 * 2**20 + 1), "is larger than 8 MB"),
    ],
)
def test_files_beyond_a_bound_are_refused(
    read: Read, monkeypatch: pytest.MonkeyPatch, limit: str, text: str, reason: str
) -> None:
    monkeypatch.setattr(markup, limit, 8)
    with pytest.raises(GraphError, match=rf"net\.graphml: the file: {reason}"):
        read(text, length_km=1.0)


def test_more_stations_than_a_table_of_routes_can_hold_are_refused() -> None:
    with pytest.raises(GraphError, match="has 5,001 stations and 5,000 fibres; at most 5,000 and 100,000 are read"):
        Network.from_networkx(networkx.path_graph(5_001), length_km=1.0)


def test_a_file_that_cannot_be_opened_is_an_error_of_the_system(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Network.from_graphml(tmp_path / "absent.graphml")


# ---- writers whose keys or namespaces differ -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "<graphml><graph edgedefault='undirected'><node id='0'/><node id='1'/><edge source='1' target='0'/></graph>"
        "</graphml>",
        "<g:graphml xmlns:g='http://graphml.graphdrawing.org/xmlns'><g:graph edgedefault='undirected'><g:node id='0'/>"
        "<g:node id='1'/><g:edge source='1' target='0'/></g:graph></g:graphml>",
        "<graphml xmlns='http://graphml.graphdrawing.org/xmlns/graphml'><key id='length' for='edge'>"
        "<default>0 km</default></key><graph edgedefault='directed'>"
        "<node id='0'/><node id='1'/><edge directed='false' source='1' target='0'/>"
        "</graph></graphml>",
    ],
    ids=["no namespace", "prefix", "keys without names"],
)
def test_namespaces_and_names_may_be_left_out(read: Read, text: str) -> None:
    assert read(text, length_km=1.0).n_links == 2


def test_one_id_may_be_the_key_of_nodes_and_of_edges(read: Read) -> None:
    keys = '<key id="k" for="node" attr.name="label"/><key id="k" for="edge" attr.name="length_km"/>'
    body = '<node id="a"><data key="k">Oslo</data></node><node id="b"/>'
    body += '<edge source="a" target="b"><data key="k">9</data></edge>'
    assert ways(read(document(body, keys=keys)))[0] == ("Oslo", "b", 9.0)


def test_a_key_declared_twice_with_different_meanings_is_refused(read: Read) -> None:
    keys = '<key id="k" for="edge" attr.name="length_km"/><key id="k" for="edge" attr.name="cost"/>'
    with pytest.raises(GraphError, match="key 'k': is declared twice for edge"):
        read(document(two_nodes('<data key="k">9</data>'), keys=keys))


def test_igraph_keeps_names_beside_its_own_ids(read: Read) -> None:
    keys = """<key id="v_name" for="node" attr.name="name" attr.type="string"/>
        <key id="e_dist" for="edge" attr.name="dist" attr.type="double"/>"""
    body = """<node id="n0"><data key="v_name">Oslo</data></node><node id="n1"><data key="v_name">Bergen</data></node>
        <edge source="n0" target="n1"><data key="e_dist">305</data></edge>"""
    assert ways(read(document(body, keys=keys), length_unit="km"))[0] == ("Oslo", "Bergen", 305.0)


def test_what_networkx_writes_comes_back(tmp_path: Path) -> None:
    graph = networkx.MultiGraph(name="pair")
    graph.add_edge("Oslo", "Bergen", length_km=305.0)
    graph.add_edge("Oslo", "Bergen", length_km=400.0)
    networkx.write_graphml(graph, tmp_path / "pair.graphml")
    network = Network.from_graphml(tmp_path / "pair.graphml")
    assert network == Network.from_networkx(graph)
    assert (network.name, sorted(network.link_km)) == ("pair", [305.0, 305.0, 400.0, 400.0])
