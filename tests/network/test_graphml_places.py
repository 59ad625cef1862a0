"""Places and names of stations in GraphML of many writers: degrees, drawings, and who is called what."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

import qpsviz as qps
from qpsviz.network.geography import great_circle_km
from qpsviz.network.importers import GraphError

Network = qps.Network
Read = Callable[..., qps.Network]
Write = Callable[..., str]
Paths = Callable[[qps.Network], list[tuple[str, str, float]]]
BERLIN, PARIS = (13.405, 52.52), (2.3522, 48.8566)
LENGTH_KM = '<key id="l" for="edge" attr.name="length_km" attr.type="double"/>'


def test_a_link_without_a_length_takes_the_great_circle_only_where_asked(
    read: Read, document: Write, city: Write, places: str
) -> None:
    text = document(
        city("0", "Berlin", BERLIN) + city("1", "Paris", PARIS) + '<edge source="0" target="1"/>', keys=places
    )
    with pytest.raises(GraphError, match=r"Berlin – Paris: has no length; .* great_circle_factor="):
        read(text)
    network = read(text, great_circle_factor=1.2)
    assert network.link_km == pytest.approx([1.2 * great_circle_km(BERLIN, PARIS)] * 2)
    assert np.hypot(*np.ravel([np.diff(network.x_km), np.diff(network.y_km)])) == pytest.approx(878, rel=0.01)


@pytest.mark.parametrize("spot", [None, (0.0, 0.0)])
def test_a_missing_place_never_makes_a_length(
    read: Read, spot: tuple[float, float] | None, document: Write, city: Write, places: str
) -> None:
    body = city("0", "Berlin", BERLIN) + city("1", "Outside", spot) + '<edge source="0" target="1"/>'
    with pytest.raises(GraphError, match="has no length, and Outside no longitude and latitude"):
        read(document(body, keys=places), great_circle_factor=1.0)
    assert read(document(body, keys=places), great_circle_factor=1.0, length_km=30.0).link_km.tolist() == [30.0, 30.0]


def test_pixels_in_place_of_degrees_are_refused_or_drawn(read: Read, document: Write, city: Write, places: str) -> None:
    body = city("0", "A", (515.0, 120.0)) + city("1", "B", (515.0, 20.0)) + '<edge source="0" target="1"/>'
    with pytest.raises(GraphError, match=r"net\.graphml: node '0': longitude 515 and latitude 120 are no place"):
        read(document(body, keys=places), length_km=1.0)
    network = read(document(body, keys=places), length_km=9.0, places="drawing")
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
    read: Read, crs: str, options: dict[str, str], works: bool, document: Write
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


def test_a_drawing_keeps_its_shape_with_links_as_long_on_average_as_they_are(read: Read, document: Write) -> None:
    keys = '<key id="p" for="node" attr.name="pos" attr.type="vector_float"/>' + LENGTH_KM
    nodes = "".join(
        f'<node id="{k}"><data key="p">{x}, {y}</data></node>' for k, x, y in (("a", 0, 0), ("b", 0, 3), ("c", 0, 4))
    )
    ends = (("a", "b", 70), ("b", "c", 10))
    links = "".join(f'<edge source="{a}" target="{b}"><data key="l">{km}</data></edge>' for a, b, km in ends)
    network = read(document(nodes + links, keys=keys))
    assert np.diff(network.y_km).tolist() == pytest.approx([60.0, 20.0])
    assert np.ptp(network.x_km) == 0


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
    read: Read, attribute: str, value: str, name: str, document: Write
) -> None:
    keys = LENGTH_KM + f'<key id="v" for="node" attr.name="{attribute}" attr.type="string"/>'
    body = f'<node id="n0"><data key="v">{value}</data></node><node id="n1"/><edge source="n0" target="n1"/>'
    assert read(document(body, keys=keys), length_km=1.0).node_names == (name, "n1")


def test_two_stations_of_one_name_are_told_apart_by_their_ids(
    read: Read, document: Write, city: Write, places: str
) -> None:
    body = city("0", "Sydney", None) + city("1", "Sydney", None) + '<edge source="0" target="1"/>'
    assert read(document(body, keys=places), length_km=1.0).node_names == ("Sydney [0]", "Sydney [1]")


@pytest.mark.parametrize(
    ("labels", "names"),
    [
        (("X", "X", "X [1]"), ("X [0]", "X [1, 2]", "X [1]")),
        (("X [1]", "X", "X"), ("X [1]", "X [1, 2]", "X [2]")),
        (("X", "X", "X [1]", "X [1]"), ("X [0]", "X [1, 2]", "X [1] [2]", "X [1] [3]")),
    ],
)
def test_no_two_stations_are_ever_called_the_same(
    read: Read, document: Write, city: Write, places: str, labels: tuple[str, ...], names: tuple[str, ...]
) -> None:
    ring = "".join(f'<edge source="{i}" target="{(i + 1) % len(labels)}"/>' for i in range(len(labels)))
    body = "".join(city(str(i), label, None) for i, label in enumerate(labels)) + ring
    assert read(document(body, keys=places), length_km=1.0).node_names == names


def test_what_a_station_says_itself_comes_before_every_default(read: Read, document: Write) -> None:
    keys = LENGTH_KM + "".join(
        f'<key id="{name}" for="node" attr.name="{name}">{default}</key>'
        for name, default in (
            ("label", "<default>City</default>"),
            ("name", ""),
            ("x", ""),
            ("y", ""),
            ("Latitude", "<default>1</default>"),
            ("Longitude", "<default>2</default>"),
        )
    )
    spots = (("Berlin", BERLIN), ("Paris", PARIS))
    nodes = "".join(
        f'<node id="{name}"><data key="name">{name}</data><data key="x">{x}</data><data key="y">{y}</data></node>'
        for name, (x, y) in spots
    )
    text = document(nodes + '<edge source="Berlin" target="Paris"/>', keys=keys)
    network = read(text, great_circle_factor=1.0, places="degrees")
    assert network.node_names == ("Berlin", "Paris")
    assert network.link_km[0] == pytest.approx(877.5, abs=2.0)


@pytest.mark.parametrize("latitude", ["1e400", "0x1p+5000", "-0x1p+5000"])
def test_a_place_beyond_every_float_is_no_place(
    read: Read, document: Write, city: Write, places: str, latitude: str
) -> None:
    body = city("0", "A", (1.0, 99.0)).replace("99.0", latitude) + city("1", "B", PARIS)
    with pytest.raises(GraphError, match=r"node '0': longitude 1 and latitude -?inf are no place"):
        read(document(body + '<edge source="0" target="1"/>', keys=places), length_km=1.0)
