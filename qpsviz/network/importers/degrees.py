"""Whether coordinates are degrees at all: pixels and degrees.minutes are found before they become wrong lengths."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from qpsviz.network.geography import Spot
from qpsviz.network.importers.graph import Graph, Vertex
from qpsviz.units.checks import one_of


class Coordinates(StrEnum):
    """What the caller of a reader says that coordinates are, as the parameter ``places`` has it."""

    DEGREES = "degrees"
    DEGREES_AND_MINUTES = "degrees.minutes"
    DRAWING = "drawing"


_FEWEST_WHOLE = 8
_FEWEST_MINUTES = 20  # that many hundredths are all below .60 by chance once in 27,000 networks
_MINUTE = 0.6


def check_places(places: str | None) -> None:
    """Check what the caller says that coordinates are.

    Raises
    ------
    ParameterError
        If it is another word.
    """
    if places is not None:
        one_of("places", places, tuple(Coordinates))


def put_places(graph: Graph, spots: Sequence[Spot | None], places: str | None) -> None:
    """Give the vertices of a graph their longitude and latitude.

    Parameters
    ----------
    graph : Graph
        The graph; its vertices are changed.
    spots : sequence of Spot or None
        What the file has for each, the one along the equator first; None where it has nothing. [degree]
    places : str, optional
        ``"degrees"``, ``"degrees.minutes"`` (48.30 is 48° 30′), or ``"drawing"`` where they are neither.

    Raises
    ------
    GraphError
        If the caller says nothing and they look like pixels or degrees.minutes, or are no places.
    """
    if places is None:
        _check(graph, [(vertex, spot) for vertex, spot in zip(graph.vertices, spots, strict=True) if spot is not None])
    for vertex, spot in zip(graph.vertices, spots, strict=True):
        if spot is None:
            continue
        vertex.sketch = spot
        if places != Coordinates.DRAWING:
            has_minutes = places == Coordinates.DEGREES_AND_MINUTES
            east, north = (_minutes(graph, vertex, c) for c in spot) if has_minutes else spot
            vertex.data.update(longitude=east, latitude=north)


def _check(graph: Graph, found: list[tuple[Vertex, Spot]]) -> None:
    numbers = [number for _, spot in found for number in spot]
    drawing = "write places='drawing' if they are those of a drawing, or places='degrees'"
    for vertex, (east, north) in found:
        if abs(north) > 90 or abs(east) > 180:
            reason = f"longitude {east:g} and latitude {north:g} are no place on the Earth, but perhaps pixels"
            raise graph.refuse(f"node {vertex.key!r}", f"{reason}; write places='drawing'")
    if len(numbers) >= _FEWEST_WHOLE and all(number == round(number) for number in numbers):
        raise graph.refuse("the nodes", f"have whole numbers for coordinates, as pixels are; {drawing}")
    hundredths = all(abs(number * 100 - round(number * 100)) < 1e-6 for number in numbers)
    if len(numbers) >= _FEWEST_MINUTES and hundredths and all(_share(number) < _MINUTE for number in numbers):
        reason = f"none of their {len(numbers)} coordinates has .60 or more after its point, as in degrees.minutes"
        raise graph.refuse("the nodes", f"{reason}; write places='degrees.minutes', or places='degrees'")


def _share(number: float) -> float:
    """What a number has after its point."""
    return round(abs(number) % 1, 9)


def _minutes(graph: Graph, vertex: Vertex, number: float) -> float:
    """Degrees of a number with its minutes after the point. [degree]"""
    minutes = _share(number)
    if minutes >= _MINUTE:
        reason = f"{number:g} has {100 * minutes:g} minutes of 60; write places='degrees'"
        raise graph.refuse(f"node {vertex.key!r}", reason)
    degrees = int(abs(number)) + minutes / _MINUTE
    return -degrees if number < 0 else degrees
