"""Lengths of GraphML of many writers: read in their unit, or refused with file, element and reason."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

import qpsviz as qps
from qpsviz.network.importers import GraphError

Network = qps.Network
Read = Callable[..., qps.Network]
Write = Callable[..., str]
Paths = Callable[[qps.Network], list[tuple[str, str, float]]]


@pytest.mark.parametrize("kind", ["edge", "all"])
def test_a_default_is_the_length_of_edges_that_give_none(read: Read, kind: str, document: Write) -> None:
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
def test_a_length_is_read_in_its_unit(
    read: Read,
    name: str,
    text: str,
    options: dict[str, object],
    km: float,
    document: Write,
    two_nodes: Write,
    paths: Paths,
) -> None:
    key = f'<key id="d7" for="edge" attr.name="{name}" attr.type="string"/>'
    network = read(document(two_nodes(f'<data key="d7">{text}</data>'), keys=key), **options)
    assert paths(network) == [("a", "b", km), ("b", "a", km)]


@pytest.mark.parametrize("where", ["edge", "graph", "key"])
def test_a_unit_beside_the_length_is_its_unit(read: Read, where: str, document: Write, two_nodes: Write) -> None:
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
    read: Read, name: str, text: str, reason: str, document: Write, two_nodes: Write
) -> None:
    key = f'<key id="d7" for="edge" attr.name="{name}" attr.type="string"/>'
    with pytest.raises(GraphError, match=reason) as refused:
        read(document(two_nodes(f'<data key="d7">{text}</data>'), keys=key))
    assert refused.value.source == "net.graphml"
    assert refused.value.element == "edge 'e' (a – b), a – b"


def test_osmnx_writes_lengths_in_metres_as_text_and_places_as_x_and_y(
    read: Read, document: Write, paths: Paths
) -> None:
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
    assert paths(network) == [("41", "42", 0.055114), ("42", "41", 0.055114)]
    drawn_km = np.hypot(np.diff(network.x_km), np.diff(network.y_km))
    assert drawn_km == pytest.approx([0.0551], abs=1e-4)


@pytest.mark.parametrize(
    ("keys", "edge", "km"),
    [
        ({"length_km": "1", "length": None}, {"length": "80 km"}, 80.0),
        ({"length": "1 km", "dist": None}, {"dist": "80 km"}, 80.0),
        ({"length_km": "1", "label": None}, {"label": "80 km"}, 80.0),
        ({"length_units": "m", "length": None, "unit": None}, {"length": "80", "unit": "km"}, 80.0),
        ({"length_units": "m", "length_km": None}, {"length_km": "80"}, 80.0),
        ({"length_units": "m", "length": None}, {"length": "80000"}, 80.0),
        ({"length_km": "1", "dist": "2 km"}, {"length_km": ""}, 2.0),
    ],
)
def test_what_an_edge_says_itself_comes_before_every_default(
    read: Read, document: Write, two_nodes: Write, keys: dict[str, str | None], edge: dict[str, str], km: float
) -> None:
    declared = "".join(
        f'<key id="{name}" for="edge" attr.name="{name}">'
        + ("" if default is None else f"<default>{default}</default>")
        + "</key>"
        for name, default in keys.items()
    )
    data = "".join(f'<data key="{name}">{text}</data>' for name, text in edge.items())
    assert read(document(two_nodes(data), keys=declared)).link_km.tolist() == [km, km]


def test_a_label_that_an_edge_draws_comes_before_a_default(read: Read, document: Write, two_nodes: Write) -> None:
    keys = '<key id="l" for="edge" attr.name="length_km"><default>1</default></key>'
    keys += '<key id="d10" for="edge" yfiles.type="edgegraphics"/>'
    drawn = '<data key="d10"><y:PolyLineEdge><y:EdgeLabel>80 km</y:EdgeLabel></y:PolyLineEdge></data>'
    assert read(document(two_nodes(drawn), keys=keys)).link_km.tolist() == [80.0, 80.0]


@pytest.mark.parametrize(
    ("edge", "reason"),
    [
        ({"length_m": "20000", "length_km": "300"}, "length_m = '20000' and length_km = '300' are two lengths"),
        ({"length_km": "80", "dist": "81 km"}, "are two lengths"),
        ({"length_km": "80", "label": "300 km"}, "length_km = '80' and label = '300 km' are two lengths"),
        ({"length_km": "80", "length_units": "m"}, "length_km = '80' is stated in 'km' and 'm'"),
        ({"length_km": "80 m"}, "is stated in 'm' and 'km'"),
        ({"length": "80 km", "unit": "m"}, "is stated in 'km' and 'm'"),
        ({"length": "80", "unit": "km", "length_units": "m"}, "is stated in 'km' and 'm'"),
        ({"length_km": "80", "length_units": "mi"}, "is stated in 'km' and 'mi'"),
    ],
)
def test_an_edge_that_contradicts_itself_is_refused_and_the_right_attribute_may_be_named(
    read: Read, document: Write, two_nodes: Write, edge: dict[str, str], reason: str
) -> None:
    keys = "".join(f'<key id="{name}" for="edge" attr.name="{name}"/>' for name in edge)
    data = "".join(f'<data key="{name}">{text}</data>' for name, text in edge.items())
    with pytest.raises(GraphError, match=f"{reason}; mend the file, or write length_attribute=") as refused:
        read(document(two_nodes(data), keys=keys))
    assert (refused.value.source, refused.value.element) == ("net.graphml", "edge 'e' (a – b), a – b")
    if "two lengths" in reason:
        assert read(document(two_nodes(data), keys=keys), length_attribute="length_km").n_links == 2


@pytest.mark.parametrize(
    ("edge", "km"),
    [
        ({"length_km": "80", "length_m": "80000"}, 80.0),
        ({"length_km": "80.4", "label": "80 km"}, 80.4),
        ({"length_km": "80.4123", "length_m": "80412"}, 80.4123),
        ({"length_km": "80", "unit": "Gbit/s"}, 80.0),
        ({"length_km": "80", "length_mi": "50"}, 80.0),
        ({"length_km": "80", "length": "7"}, 80.0),
    ],
)
def test_lengths_that_agree_within_their_last_digits_or_state_no_unit_pass(
    read: Read, document: Write, two_nodes: Write, edge: dict[str, str], km: float
) -> None:
    keys = "".join(f'<key id="{name}" for="edge" attr.name="{name}"/>' for name in edge)
    for names in (list(edge), list(edge)[::-1]):
        data = "".join(f'<data key="{name}">{edge[name]}</data>' for name in names)
        assert read(document(two_nodes(data), keys=keys)).link_km.tolist() == [km, km]


def test_an_edge_may_say_what_its_fibre_loses(read: Read, document: Write, two_nodes: Write) -> None:
    names = ("length_km", "loss_db_per_km", "extra_loss_db", "depol_per_km", "power_dbm")
    keys = "".join(f'<key id="{name}" for="edge" attr.name="{name}" attr.type="double"/>' for name in names)
    values = dict(zip(names, ("12", "0.31", "1.5", "0.02", "-6"), strict=True))
    data = "".join(f'<data key="{name}">{value}</data>' for name, value in values.items())
    network = read(document(two_nodes(data), keys=keys))
    for name in names[1:]:
        assert network.links[name].tolist() == [float(values[name])] * 2
    with pytest.raises(GraphError, match=r"edge 'e' \(a – b\), a – b: extra_loss_db = 'much' is not a number of 0 to"):
        read(document(two_nodes(data.replace("1.5", "much")), keys=keys))
    with pytest.raises(GraphError, match=r"loss_db_per_km = '-0.31' is not a number of 0 to 1000 dB/km"):
        read(document(two_nodes(data.replace("0.31", "-0.31")), keys=keys))
