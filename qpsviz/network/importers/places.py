"""Where a station is: which attributes give degrees, and which only say where a drawing had it."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from numbers import Real
from typing import Any

from qpsviz.network.geography import Spot
from qpsviz.network.importers.degrees import Coordinates
from qpsviz.network.importers.graph import Graph, Sketch, Vertex, is_blank, said
from qpsviz.units.checks import in_short

_LATITUDES = ("latitude", "lat")
_LONGITUDES = ("longitude", "lon", "lng", "long")
# Coordinate systems whose x and y are longitude and latitude; every other is taken for a plane.
_DEGREES = re.compile(
    r"""epsg:+(?:\d+:+)?(?:4326|4258|4269|4267|4283|4619|4674|4979)\b | crs:?84 | \+proj=longlat | ^\s*geog(?:crs|cs)
        | ^\s*wgs\s*_?84\s*$""",
    re.IGNORECASE | re.VERBOSE,
)
_NUMBER = re.compile(r"[-+]?(?:0x[0-9a-f.]+(?:p[-+]?\d+)?|(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)", re.IGNORECASE)


def spot(vertex: Vertex, graph: Graph, places: str | None) -> Spot | None:
    """Longitude and latitude of a vertex.

    Parameters
    ----------
    vertex : Vertex
        The vertex.
    graph : Graph
        The graph it belongs to; its ``crs`` says what x and y are.
    places : str, optional
        ``"degrees"`` where the caller says that ``pos``, or ``x`` and ``y``, are longitude and latitude;
        ``"drawing"`` where nothing is.

    Returns
    -------
    Spot or None
        Longitude and latitude, None where the vertex has none. [degree]

    Raises
    ------
    GraphError
        If what it has is no place on the Earth.

    Notes
    -----
    Assumption: 0, 0 in the Gulf of Guinea is what a writer puts who knows no place.
    """
    if places == Coordinates.DRAWING:
        return None
    plane = places == Coordinates.DEGREES or _is_geographic(graph)
    itself = _given(replace(vertex, defaults={}), plane)
    longitude, latitude = _given(vertex, plane) if None in itself else itself
    if latitude is None or longitude is None:
        return None
    element = f"node {vertex.key!r}"
    east, north = (_degrees(graph, element, value) for value in (longitude, latitude))
    if math.isnan(east) or math.isnan(north) or (east == 0 and north == 0):
        return None
    if abs(north) > 90 or not -180 <= east <= 360:
        reason = f"longitude {east:g} and latitude {north:g} are no place on the Earth; write places='drawing'"
        raise graph.refuse(element, f"{reason} if they are not degrees")
    return east, north


def _given(vertex: Vertex, plane: bool) -> tuple[object, object]:
    """Longitude and latitude as a vertex has them; ``plane`` says that ``pos``, or ``x`` and ``y``, are both."""
    given = said(vertex, *_LONGITUDES), said(vertex, *_LATITUDES)
    return _plane(vertex) if None in given and plane else given


def sketch(vertex: Vertex, places: str | None) -> Sketch | None:
    """Where a drawing has a vertex, in no particular unit.

    Parameters
    ----------
    vertex : Vertex
        The vertex.
    places : str, optional
        ``"drawing"`` where the caller says that longitude and latitude are none.

    Returns
    -------
    Sketch or None
        To the right and upwards; None where it says nothing that can be read.
    """
    x, y = _plane(vertex)
    if places == Coordinates.DRAWING and (x is None or y is None):
        x, y = said(vertex, *_LONGITUDES), said(vertex, *_LATITUDES)
    try:
        right, up = _number(x), _number(y)
    except ValueError:
        return vertex.sketch
    return (right, up) if math.isfinite(right) and math.isfinite(up) else vertex.sketch


def is_drawn(vertex: Vertex) -> bool:
    """Whether a vertex has ``pos``, or ``x`` and ``y``."""
    return None not in _plane(vertex)


def _is_geographic(graph: Graph) -> bool:
    return bool(_DEGREES.search(str(said(graph, "crs") or "")))


def _plane(vertex: Vertex) -> tuple[object, object]:
    """``pos``, or ``x`` and ``y``, as the vertex has them."""
    pos: Any = said(vertex, "pos")  # of networkx: a list, a tuple, an array
    if isinstance(pos, str):
        pos = _NUMBER.findall(pos)
    if pos is not None and hasattr(pos, "__len__") and len(pos) >= 2 and not isinstance(pos, dict):
        return pos[0], pos[1]
    return said(vertex, "x"), said(vertex, "y")


def _degrees(graph: Graph, element: str, value: object) -> float:
    try:
        return math.nan if is_blank(value) else _number(value)
    except ValueError:
        raise graph.refuse(element, f"{in_short(value)} is not a number of degrees") from None


def _number(value: object) -> float:
    try:
        if isinstance(value, Real) and not isinstance(value, bool):
            return float(value)
        if isinstance(value, str):
            text = value.strip()
            return float.fromhex(text) if "0x" in text.lower() else float(text)
    except OverflowError:  # beyond every float
        return math.inf
    raise ValueError(f"{in_short(value)} is not a number")
