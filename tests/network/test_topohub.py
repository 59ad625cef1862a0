"""Networks of TopoHub: km that are great circles, and coordinates that are no degrees."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import qpsviz as qps
from qpsviz.network.geography import great_circle_km
from qpsviz.network.importers import GraphError

Network = qps.Network
Spots = dict[str, tuple[float, float]]
Read = Callable[..., qps.Network]

EUROPE: Spots = {"Bern": (7.45, 46.95), "Wien": (16.37, 48.21), "Köln": (6.96, 50.94), "Genève": (6.14, 46.2)}
PAIRS = [("Bern", "Wien"), ("Wien", "Köln"), ("Köln", "Bern"), ("Bern", "Genève")]


@pytest.fixture(params=["json", "gml"])
def read_spots(request: pytest.FixtureRequest, tmp_path: Path) -> Read:
    """Write stations and edges with their length as either file, and read it."""

    def write_and_read(spots: Spots, lengths: dict[tuple[str, str], float | None], **options: object) -> qps.Network:
        path = tmp_path / f"hub.{request.param}"
        text = as_gml(spots, lengths) if request.param == "gml" else as_json(spots, lengths)
        path.write_text(text, encoding="utf-8")
        return Network.from_topohub(path, **options)  # type: ignore[arg-type]

    return write_and_read


def as_json(spots: Spots, lengths: dict[tuple[str, str], float | None]) -> str:
    """Node-link data: ids are numbers, names beside them."""
    ids = {name: i for i, name in enumerate(spots)}
    nodes = [{"id": ids[name], "name": name, "pos": list(spot)} for name, spot in spots.items()]
    edges = [
        {"source": ids[a], "target": ids[b], **({} if km is None else {"dist": km})} for (a, b), km in lengths.items()
    ]
    graph = {"name": "hub", "demands": {"0": {"1": 5.0}}, "stats": {"nodes": 4}}
    return json.dumps({"directed": False, "multigraph": False, "graph": graph, "nodes": nodes, "edges": edges})


def as_gml(spots: Spots, lengths: dict[tuple[str, str], float | None]) -> str:
    """The same as GML, other characters than ASCII as XML writes them."""
    ids = {name: i for i, name in enumerate(spots)}
    text = 'graph [\n  name "hub"\n  directed 0\n  stats [\n    nodes 4\n  ]\n'
    for name, (east, north) in spots.items():
        label = name.encode("ascii", "xmlcharrefreplace").decode()
        text += f'  node [\n    id {ids[name]}\n    label "{label}"\n    lon {east}\n    lat {north}\n  ]\n'
    for (a, b), km in lengths.items():
        dist = "" if km is None else f"    dist {km}\n"
        text += f"  edge [\n    source {ids[a]}\n    target {ids[b]}\n{dist}    ecmp_fwd [ uni 1.5 ]\n  ]\n"
    return text + "]\n"


def great_circles(spots: Spots) -> dict[tuple[str, str], float | None]:
    """The lengths that TopoHub would write."""
    return {(a, b): round(great_circle_km(spots[a], spots[b]) * 6372.8 / 6371.0, 2) for a, b in PAIRS}


def test_stations_keep_names_and_places_and_links_their_km(read_spots: Read) -> None:
    network = read_spots(EUROPE, great_circles(EUROPE))
    assert network.name == "hub"
    assert network.node_names == ("Bern", "Wien", "Köln", "Genève")
    assert network.n_links == 8
    assert network.link_km[::2].tolist() == list(great_circles(EUROPE).values())
    assert network.x_km[1] - network.x_km[0] == pytest.approx(670, abs=10)


def test_a_factor_counts_from_the_places_whatever_dist_says(read_spots: Read) -> None:
    network = read_spots(EUROPE, great_circles(EUROPE), great_circle_factor=1.2)
    expected = [1.2 * great_circle_km(EUROPE[a], EUROPE[b]) for a, b in PAIRS]
    assert network.link_km[::2] == pytest.approx(expected)


def test_longer_fibre_than_the_great_circle_is_believed_and_shorter_is_refused(read_spots: Read) -> None:
    longer = {**great_circles(EUROPE), ("Bern", "Wien"): 1000.0}
    assert read_spots(EUROPE, longer).link_km[0] == 1000.0
    shorter = {**great_circles(EUROPE), ("Bern", "Wien"): 500.0}
    with pytest.raises(GraphError, match=r"edge 0 – 1: dist = 500 km is shorter than the 68\d km between its places"):
        read_spots(EUROPE, shorter)


def test_pixels_are_refused_by_what_no_degree_can_be(read_spots: Read) -> None:
    pixels = {name: (40.0 + 90 * i, 30.0 + 170 * (i % 3)) for i, name in enumerate(EUROPE)}
    with pytest.raises(GraphError, match=r"node '1': longitude 130 and latitude 200 are no place on the Earth, but"):
        read_spots(pixels, great_circles(EUROPE))
    with pytest.raises(GraphError, match="has no length; write length_km="):
        read_spots(pixels, great_circles(EUROPE), places="drawing")
    drawn = read_spots(pixels, great_circles(EUROPE), places="drawing", length_km=12.0)
    assert set(drawn.link_km.tolist()) == {12.0}
    steps = (drawn.x_km[1:] - drawn.x_km[0]) / (drawn.x_km[1] - drawn.x_km[0])
    assert steps == pytest.approx([1.0, 2.0, 3.0])


def test_pixels_that_could_be_degrees_are_refused_because_all_are_whole(read_spots: Read) -> None:
    pixels = {name: (5.0 * i, 3.0 * (i % 3)) for i, name in enumerate(EUROPE)}
    with pytest.raises(GraphError, match="the nodes: have whole numbers for coordinates, as pixels are"):
        read_spots(pixels, great_circles(pixels))
    assert read_spots(pixels, great_circles(pixels), places="degrees").n_nodes == 4


def test_kilometres_on_a_plane_are_known_by_their_lengths(read_spots: Read) -> None:
    plane = {name: (12.25 + 80 * i, 40.5 + 33 * (i % 3)) for i, name in enumerate(EUROPE)}
    lengths = {(a, b): round(float(np.hypot(*np.subtract(plane[a], plane[b]))), 2) for a, b in PAIRS}
    network = read_spots(plane, lengths)
    assert network.link_km[::2].tolist() == list(lengths.values())
    assert network.x_km[1] - network.x_km[0] == pytest.approx(80.0, rel=1e-3)


def in_minutes(degrees: float) -> float:
    """48.5 as 48.30."""
    return round(int(degrees) + (degrees - int(degrees)) * 0.6, 2)


def test_minutes_behind_the_point_are_refused_until_somebody_says_what_they_are(read_spots: Read) -> None:
    rng = np.random.default_rng(5)
    true = {f"N{i}": (float(rng.uniform(-9, 20)), float(rng.uniform(40, 55))) for i in range(12)}
    written = {name: (in_minutes(east), in_minutes(north)) for name, (east, north) in true.items()}
    pairs = [(f"N{i}", f"N{i + 1}") for i in range(11)]
    lengths = {(a, b): great_circle_km(written[a], written[b]) for a, b in pairs}
    with pytest.raises(
        GraphError, match=r"the nodes: none of their 24 coordinates has \.60 or more .* places='degrees"
    ):
        read_spots(written, lengths)
    network = read_spots(written, lengths, places="degrees.minutes", great_circle_factor=1.0)
    # Half a minute of rounding is 0.9 km on the Earth.
    expected = [great_circle_km(true[a], true[b]) for a, b in pairs]
    assert network.link_km[::2] == pytest.approx(expected, abs=3.0)
    with pytest.raises(GraphError, match="has no length; write length_km="):
        read_spots(written, lengths, places="degrees.minutes")


def test_decimal_degrees_are_not_taken_for_minutes(read_spots: Read) -> None:
    with pytest.raises(GraphError, match=r"node '0': 46\.95 has 95 minutes of 60; write places='degrees'"):
        read_spots(EUROPE, great_circles(EUROPE), places="degrees.minutes")


def test_a_waypoint_of_a_sea_cable_only_forwards(tmp_path: Path) -> None:
    whole = json.loads(as_json(EUROPE, great_circles(EUROPE)))
    whole["nodes"][0]["type"] = "Seacable Waypoint"
    (tmp_path / "sea.json").write_text(json.dumps(whole), encoding="utf-8")
    assert Network.from_topohub(tmp_path / "sea.json").roles == ("relay", "user", "user", "user")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"nodes": []}, "has no nodes, so this is no network of TopoHub"),
        ({"nodes": [{"id": 0}, {"id": 0}]}, "node 0: occurs twice"),
        ({"nodes": [{"id": 0}, {"id": None}]}, "node 1: id = None is no id"),
        ({"nodes": [{"id": 0, "pos": [1]}]}, r"node 0: pos = \[1\] is not longitude and latitude"),
        ({"nodes": [{"id": 0, "pos": ["x", 1]}]}, "node 0: pos = 'x' is not a number"),
        ({"edges": [{"source": 0, "target": 7, "dist": 1}]}, "edge 0: its target 7 is not a node of this graph"),
        ({"edges": [{"source": 0, "target": 1, "dist": -1}]}, "edge 0: dist = -1 is not a number of at least 0"),
        ({"edges": [{"source": 0, "target": 1}]}, "Bern – Wien: has no length"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path, change: dict[str, object], message: str) -> None:
    whole = {**json.loads(as_json(EUROPE, great_circles(EUROPE))), **change}
    (tmp_path / "hub.json").write_text(json.dumps(whole), encoding="utf-8")
    with pytest.raises(GraphError, match=message):
        Network.from_topohub(tmp_path / "hub.json", drop_isolated=True)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the file: holds no graph, so this is no GML file"),
        ("graph [ node [ id 1 ]", "line 1: the bracket of graph is not closed"),
        ("graph [\n node [\n id ]\n]", "line 3: id has no value"),
        ("graph [\n 5 6 ]", "line 2: '5' stands where a name is expected"),
        ('graph [\n label "open ]', "holds a text that is not closed"),
        ("graph [ " + "a [ " * 200, "is nested deeper than 100 brackets"),
        ("] ", "']' stands where a name is expected"),
    ],
)
def test_text_that_is_no_gml_is_refused(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "hub.gml").write_text(text, encoding="utf-8")
    with pytest.raises(GraphError, match=message):
        Network.from_topohub(tmp_path / "hub.gml")


def test_another_word_for_places_is_refused(read_spots: Read) -> None:
    with pytest.raises(qps.errors.ParameterError, match=r"places = 'gps' is not one of degrees, degrees\.minutes, dr"):
        read_spots(EUROPE, great_circles(EUROPE), places="gps")
