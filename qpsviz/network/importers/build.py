"""Turns a graph that was read into a network: lengths in km, places, names, and no station without a fibre."""

from __future__ import annotations

import re
from collections import Counter
from itertools import count as count_from

import numpy as np

from qpsviz.errors import ParameterError
from qpsviz.network.geography import Spot, great_circle_km, map_km
from qpsviz.network.importers.degrees import Coordinates
from qpsviz.network.importers.graph import Edge, Graph, Vertex, is_blank, said
from qpsviz.network.importers.lengths import EQUATOR_KM, Lengths, length_km
from qpsviz.network.importers.own_values import own_values
from qpsviz.network.importers.places import is_drawn, sketch, spot
from qpsviz.network.network import Network
from qpsviz.network.roles import Role
from qpsviz.network.topologies import circle_km
from qpsviz.units import Array
from qpsviz.units.checks import one_of

MAX_STATIONS, MAX_FIBRES = 5_000, 100_000
_NAMES_SHOWN = 5


def build(graph: Graph, *, lengths: Lengths, places: str | None, drop_isolated: bool) -> Network:
    """Make a network of a graph.

    Parameters
    ----------
    graph : Graph
        The graph that was read.
    lengths : Lengths
        What the caller says about lengths.
    places : str, optional
        ``"degrees"`` where ``pos``, or ``x`` and ``y``, are longitude and latitude; ``"drawing"`` where nothing is.
    drop_isolated : bool
        Whether stations without any fibre are left out rather than refused.

    Returns
    -------
    Network
        The network.

    Raises
    ------
    GraphError
        If it is too large, a station has no fibre, or a length is missing or cannot be read.
    """
    if not isinstance(drop_isolated, bool):
        raise ParameterError("drop_isolated", f"drop_isolated = {drop_isolated!r} is not True or False")
    if places is not None:
        one_of("places", places, (Coordinates.DEGREES, Coordinates.DRAWING))
    edges = [edge for edge in graph.edges if edge.ends[0] != edge.ends[1]]
    _check_sizes(graph, edges)
    names = _names(graph)
    kept = _joined(graph, edges, names, drop_isolated)
    spots = [spot(vertex, graph, places) for vertex in graph.vertices]
    km = [_length_km(edge, names, spots, graph, lengths) for edge in edges]
    row = {old: new for new, old in enumerate(kept)}
    edges_km = [(*edge.ends, edge_km) for edge, edge_km in zip(edges, km, strict=True)]
    ways = [way for way, edge in enumerate(edges) for _ in range(1 if edge.one_way else 2)]
    turned = np.append(False, np.diff(ways) == 0)
    start, end = np.array([[row[a], row[b]] for a, b, _ in edges_km], dtype=np.int32)[ways].T
    said_of = own_values(edges, [_called(edge, names) for edge in edges], graph)
    own = {name: values[ways] for name, values in said_of.items()}
    on_earth = [place for i in kept if (place := spots[i]) is not None]
    known = np.array(on_earth).T if len(on_earth) == len(kept) else (None, None)
    x_km, y_km = (_drawn_km(graph, kept, edges_km, places) if known[0] is None else map_km(on_earth)).T
    return Network(
        name=graph.title,
        node_names=[names[i] for i in kept],
        roles=[Role.RELAY if _forwards_only(graph.vertices[i]) else Role.USER for i in kept],
        x_km=x_km,
        y_km=y_km,
        link_from=np.where(turned, end, start),
        link_to=np.where(turned, start, end),
        link_km=np.array(km)[ways],
        link_loss_db_per_km=own.get("loss_db_per_km"),
        link_extra_loss_db=own.get("extra_loss_db"),
        link_depol_per_km=own.get("depol_per_km"),
        link_power_dbm=own.get("power_dbm"),
        longitude_deg=known[0],
        latitude_deg=known[1],
    )


def _check_sizes(graph: Graph, edges: list[Edge]) -> None:
    n, m = len(graph.vertices), len(edges)
    if n > MAX_STATIONS or m > MAX_FIBRES:
        limit = f"at most {MAX_STATIONS:,} and {MAX_FIBRES:,} are read"
        raise graph.refuse("the graph", f"has {n:,} stations and {m:,} fibres; {limit}")
    if n < 2 or not m:
        raise graph.refuse("the graph", f"has {n} nodes and {m} edges between two of them; at least 2 and 1 are needed")


def _names(graph: Graph) -> list[str]:
    """A name for every vertex: its label or name, else its id; the id is added where two are called the same."""
    names = []
    for vertex in graph.vertices:
        own = said(vertex, "id")
        text = str(own) if own is not None and not re.fullmatch(r"[-+.\d]+", str(own)) else vertex.key
        names.append(" ".join(str(said(vertex, "label", "name") or _blank_as_none(vertex.label) or text).split()))
    count = Counter(names)
    taken = set(names)
    return [
        name if count[name] == 1 else _not_yet(f"{name} [{vertex.key}", taken)
        for name, vertex in zip(names, graph.vertices, strict=True)
    ]


def _not_yet(start: str, taken: set[str]) -> str:
    """A name that no other station has: the start with a bracket, with a number before it where that is taken."""
    name = next(name for n in count_from(1) if (name := f"{start}]" if n == 1 else f"{start}, {n}]") not in taken)
    taken.add(name)
    return name


def _blank_as_none(text: str | None) -> str | None:
    return None if is_blank(text) else text


def _joined(graph: Graph, edges: list[Edge], names: list[str], drop_isolated: bool) -> list[int]:
    """Vertices that have a fibre; the others are left out if the caller says so, else refused by name."""
    joined = {end for edge in edges for end in edge.ends}
    alone = [names[i] for i in range(len(names)) if i not in joined]
    if alone and not drop_isolated:
        more = f" and {len(alone) - _NAMES_SHOWN} more" if len(alone) > _NAMES_SHOWN else ""
        called = ", ".join(alone[:_NAMES_SHOWN]) + more
        raise graph.refuse(f"station {called}", "has no fibre; write drop_isolated=True to leave such stations out")
    return [i for i in range(len(names)) if i in joined]


def _called(edge: Edge, names: list[str]) -> str:
    """What to call an edge in an error."""
    return f"{edge.element}, {' – '.join(names[i] for i in edge.ends)}"


def _length_km(edge: Edge, names: list[str], spots: list[Spot | None], graph: Graph, lengths: Lengths) -> float:
    element = _called(edge, names)
    own_km = length_km(edge, element, graph, lengths)
    if own_km is not None:
        return own_km
    start, end = (spots[i] for i in edge.ends)
    if lengths.great_circle_factor is not None and start is not None and end is not None:
        edge_km = lengths.great_circle_factor * great_circle_km(start, end)
        if edge_km > EQUATOR_KM:
            reason = f"great_circle_factor={lengths.great_circle_factor:g} makes it {edge_km:,.0f} km"
            raise graph.refuse(element, f"{reason}, longer than the equator")
        return edge_km
    if lengths.length_km is not None:
        return float(lengths.length_km)
    nowhere = [i for i in edge.ends if spots[i] is None]
    what, fill = lengths.length_attribute or "length", "write length_km= for links that say nothing"
    if not nowhere:
        raise graph.refuse(element, f"has no {what}; {fill}, or great_circle_factor= for the path between its places")
    if lengths.great_circle_factor is None:
        raise graph.refuse(element, f"has no {what}; {fill}")
    drawn = any(is_drawn(graph.vertices[i]) for i in nowhere)
    hint = ", or places='degrees' if its pos, or x and y, are longitude and latitude" if drawn else ""
    where = " and ".join(names[i] for i in nowhere)
    raise graph.refuse(element, f"has no {what}, and {where} no longitude and latitude; {fill}{hint}")


def _drawn_km(graph: Graph, kept: list[int], edges_km: list[tuple[int, int, float]], places: str | None) -> Array:
    """Where to draw stations that are not on a map: as the file draws them, or on a circle."""
    drawn = {i: sketch(graph.vertices[i], places) for i in kept}
    mean_km = float(np.mean([edge_km for *_, edge_km in edges_km]))
    if any(place is None for place in drawn.values()):
        return circle_km(len(kept), mean_km)
    flat: Array = np.array([drawn[i] for i in kept], dtype=np.float64)
    row = {old: new for new, old in enumerate(kept)}
    with np.errstate(over="ignore", invalid="ignore"):
        steps = [np.hypot(*(flat[row[a]] - flat[row[b]])) for a, b, _ in edges_km]
        # A drawing has no unit: its links are drawn as long on average as they are.
        mean_drawn = float(np.mean(steps))
        scaled: Array = (flat - flat.mean(axis=0)) * (mean_km / mean_drawn if 0 < mean_drawn < np.inf else np.nan)
    return scaled if np.isfinite(scaled).all() else circle_km(len(kept), mean_km)


def _forwards_only(vertex: Vertex) -> bool:
    """Whether nobody sends or receives here; the Topology Zoo says so of points where several fibres meet."""
    return vertex.forwards_only or str(said(vertex, "hyperedge")).lower() in ("1", "true")
