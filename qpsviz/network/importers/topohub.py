"""TopoHub's JSON and GML: lengths in km that are great circles of coordinates, where these are degrees at all."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from qpsviz.network.geography import Spot, great_circle_km
from qpsviz.network.importers.degrees import check_places, put_places
from qpsviz.network.importers.gml import read_gml
from qpsviz.network.importers.graph import Edge, Graph, Vertex
from qpsviz.network.importers.records import Record, read_json
from qpsviz.units.checks import in_short

_ROUNDING_KM = 3.0  # of places in hundredths of a degree, at both ends
_ROUNDING = 0.02
_PLANE_KM = 0.05


def read_topohub(path: Path, *, places: str | None, has_dist: bool) -> Graph:
    """Read a network of TopoHub.

    Parameters
    ----------
    path : Path
        A file of it, JSON or, where its name ends so, GML.
    places : str, optional
        What the caller says that coordinates are: ``"degrees"``, ``"degrees.minutes"`` or ``"drawing"``.
    has_dist : bool
        Whether the lengths of the file count.

    Returns
    -------
    Graph
        Stations with places, and fibre pairs.

    Raises
    ------
    GraphError
        If the file or an element of it cannot be read, or its coordinates seem to be no degrees.
    """
    check_places(places)
    is_gml = path.suffix.lower() == ".gml"
    top = read_gml(path) if is_gml else read_json(path)
    about = top if is_gml else top.inner("graph")
    name = about.values.get("name")
    graph = Graph(source=path.name, title=str(name) if name else path.stem, data={}, vertices=[], edges=[])
    nodes = top.rows("node" if is_gml else "nodes", "node")
    edges = top.rows("edge" if is_gml else "edges" if "edges" in top.values else "links", "edge")
    if not nodes:
        raise top.refuse("has no nodes, so this is no network of TopoHub")
    row = _put_nodes(graph, nodes)
    spots = [_gml_spot(node) if is_gml else _json_spot(node) for node in nodes]
    # In degrees.minutes and in pixels a length is that of the wrong places.
    km = [
        edge.number("dist") if has_dist and places in (None, "degrees") and "dist" in edge.values else None
        for edge in edges
    ]
    one_way = top.values.get("directed") in (True, 1)
    for edge, edge_km in zip(edges, km, strict=True):
        ends = _ends(edge, row)
        called = f"edge {edge.values['source']} – {edge.values['target']}"
        data: dict[str, object] = {} if edge_km is None else {"length_km": edge_km}
        graph.edges.append(Edge(element=called, ends=ends, one_way=one_way, data=data))
    if places is None and _is_plane(graph, spots):
        for vertex, spot in zip(graph.vertices, spots, strict=True):
            vertex.sketch = spot
        return graph
    put_places(graph, spots, places)
    _check_lengths(graph, spots)
    return graph


def _put_nodes(graph: Graph, nodes: list[Record]) -> dict[object, int]:
    """The vertices, and their rows by id."""
    row: dict[object, int] = {}
    for node in nodes:
        own = node.values.get("id")
        if isinstance(own, bool) or not isinstance(own, (int, str)):
            raise node.refuse(f"id = {in_short(own)} is no id")
        if own in row:
            raise replace(node, element=f"node {own!r}").refuse("occurs twice")
        row[own] = len(graph.vertices)
        label = next((node.values[key] for key in ("name", "label") if key in node.values), None)
        waypoint = str(node.values.get("type")).endswith("Waypoint")
        graph.vertices.append(
            Vertex(key=str(own), data={}, label=None if label is None else str(label), forwards_only=waypoint)
        )
    return row


def _json_spot(node: Record) -> Spot | None:
    """Longitude and latitude of ``pos``, None where there is none."""
    pos = node.values.get("pos")
    if pos is None:
        return None
    if not isinstance(pos, list) or len(pos) != 2:
        raise node.refuse(f"pos = {in_short(pos)} is not longitude and latitude")
    east, north = (replace(node, values={"pos": part}).number("pos", lo=-math.inf) for part in pos)
    return east, north


def _gml_spot(node: Record) -> Spot | None:
    """Longitude and latitude, None where either is missing."""
    known = {name.lower(): value for name, value in node.values.items()}
    east, north = (
        next((known[name] for name in names if name in known), None)
        for names in (("lon", "longitude"), ("lat", "latitude"))
    )
    if east is None or north is None:
        return None
    place = replace(node, values={"lon": east, "lat": north})
    return place.number("lon", lo=-math.inf), place.number("lat", lo=-math.inf)


def _ends(edge: Record, row: dict[object, int]) -> tuple[int, int]:
    found = []
    for name in ("source", "target"):
        key = edge.values.get(name)
        if not isinstance(key, (int, str)) or key not in row:
            raise edge.refuse(f"its {name} {in_short(key)} is not a node of this graph")
        found.append(row[key])
    return found[0], found[1]


def _is_plane(graph: Graph, spots: list[Spot | None]) -> bool:
    """Whether coordinates are km on a plane, as in Gabriel networks: every length is the straight way between them."""
    lengths = _lengths(graph, spots, lambda start, end: math.hypot(start[0] - end[0], start[1] - end[1]))
    return bool(lengths) and all(abs(km - straight) <= _PLANE_KM + 1e-3 * straight for _, km, straight in lengths)


def _check_lengths(graph: Graph, spots: list[Spot | None]) -> None:
    """Refuse a length that is shorter than the great circle between its places: one of both is wrong."""
    for edge, km, shortest in _lengths(graph, spots, great_circle_km):
        if km < shortest * (1 - _ROUNDING) - _ROUNDING_KM:
            reason = f"dist = {km:g} km is shorter than the {shortest:.0f} km between its places"
            raise graph.refuse(edge.element, f"{reason}; write places='drawing' if its coordinates are no degrees")


def _lengths(
    graph: Graph, spots: list[Spot | None], between: Callable[[Spot, Spot], float]
) -> list[tuple[Edge, float, float]]:
    """Edges with their own length and that between their places. [km]"""
    found = []
    for edge in graph.edges:
        km, (start, end) = edge.data.get("length_km"), (spots[i] for i in edge.ends)
        if isinstance(km, float) and start is not None and end is not None:
            found.append((edge, km, between(start, end)))
    return found
