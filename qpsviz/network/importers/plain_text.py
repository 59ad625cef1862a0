"""Networks as they are typed: ``Alice <==20km==> Relay ==5km, 0.25dB/km==> Bob``, a path a line."""

from __future__ import annotations

import re

from qpsviz.network.importers.graph import Data, Edge, Graph, GraphError, Vertex
from qpsviz.units import parse_quantity
from qpsviz.units.checks import in_short

_ARROW = re.compile(r"(<)?==+([^=<>]*)==+(>)?")
_COMMENT = re.compile(r"(?:^|\s)#.*")
_QUANTITY = re.compile(r"([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*([a-zA-Z/]+)")
_VALUES = {
    "km": "length_km", "m": "length_km", "dB/km": "loss_db_per_km", "dB": "extra_loss_db", "/km": "depol_per_km",
    "dBm": "power_dbm",
}  # fmt: skip
_MOST_CHARACTERS = 10_000_000


def read_plain_text(text: str, *, name: str, source: str) -> Graph:
    """Read a network that is written as paths.

    Parameters
    ----------
    text : str
        Lines of names with arrows between them; what follows ``#`` is a comment.
    name : str
        What to call the network.
    source : str
        What to call the text in an error.

    Returns
    -------
    Graph
        Stations in the order in which they are first named, and fibre pairs or one-way links.

    Raises
    ------
    GraphError
        If a line cannot be read as a path.
    """
    if len(text) > _MOST_CHARACTERS:
        raise GraphError(source, "the text", f"is longer than {_MOST_CHARACTERS:,} characters")
    graph = Graph(source=source, title=name, data={}, vertices=[], edges=[])
    row: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        path = _COMMENT.sub("", line).strip()
        if path:
            _read_path(graph, row, path, f"line {number}")
    return graph


def _read_path(graph: Graph, row: dict[str, int], path: str, called: str) -> None:
    """Put the stations and links of one line into the graph."""
    parts = _ARROW.split(path)
    names = [" ".join(part.split()) for part in parts[::4]]
    for station in names:
        if not station or re.search(r"[<>=]", station):
            missing = (
                "has an arrow without a name before or behind it" if not station else f"{in_short(station)} is no name"
            )
            raise graph.refuse(called, f"{missing}; write A <==20km==> B, or A ==20km==> B for one way")
        if station not in row:
            row[station] = len(row)
            graph.vertices.append(Vertex(key=station, data={}, label=station))
    for i, (back, said, forth) in enumerate(zip(parts[1::4], parts[2::4], parts[3::4], strict=True)):
        a, b = names[i], names[i + 1]
        element = f"{called}, {a} – {b}"
        if not back and not forth:
            raise graph.refuse(element, "its arrow points nowhere; write <==20km==> for both ways, ==20km==> for one")
        if a == b:
            raise graph.refuse(element, "joins a station to itself")
        ends = (row[a], row[b]) if forth else (row[b], row[a])
        data = _values(graph, element, said)
        graph.edges.append(Edge(element=called, ends=ends, one_way=not (back and forth), data=data))


def _values(graph: Graph, element: str, said: str) -> Data:
    """What stands in an arrow: a length, and what else is said of the fibre."""
    found: Data = {}
    for part in said.split(","):
        match = _QUANTITY.fullmatch(part.strip())
        digits, unit = match.groups() if match else ("", "")
        if unit not in _VALUES:
            known = ", ".join(_VALUES)
            raise graph.refuse(element, f"{in_short(part.strip())} is not a number with one of the units {known}")
        name = _VALUES[unit]
        if name in found:
            raise graph.refuse(element, f"says its {name} twice")
        found[name] = parse_quantity(f"{digits} m", "km") if unit == "m" else float(digits)
    if "length_km" not in found:
        raise graph.refuse(element, "says no length; write it in km or m, as in ==20km==>")
    return found
