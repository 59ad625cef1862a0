"""Graphs of networkx, with the defaults that its GraphML reader leaves beside them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from qpsviz.network.importers.graph import Data, Edge, Graph, GraphError, Vertex, check_directed, said, unsaid

if TYPE_CHECKING:
    import networkx


def read_networkx(graph: networkx.Graph, *, name: str | None = None, directed: bool | None = None) -> Graph:
    """Read a networkx graph.

    Parameters
    ----------
    graph : networkx.Graph
        The graph, of any of the four kinds.
    name : str, optional
        What to call it, instead of what it calls itself.
    directed : bool, optional
        Whether every edge is one-way, instead of what the graph says.

    Returns
    -------
    Graph
        Its stations and fibres.

    Raises
    ------
    GraphError
        If this is no networkx graph, or came from a yEd file and may have lost the arrows.
    """
    check_directed(directed)
    if not all(hasattr(graph, member) for member in ("nodes", "edges", "graph", "is_directed")):
        raise GraphError(name or type(graph).__name__, "the graph", "is not a graph of networkx")
    data = {str(key): value for key, value in graph.graph.items()}
    vertices = []
    for node, own in graph.nodes(data=True):
        itself, defaults = _data(own, data.get("node_default"))
        vertices.append(Vertex(key=str(node), data=itself, defaults=defaults))
    result = Graph(source="graph", title="graph", data=data, vertices=vertices, edges=[])
    result.source = result.title = str(name or said(result, "name", "label") or "graph")
    if directed is None and graph.is_directed() and vertices and all("shape_type" in v.data for v in vertices):
        reason = "is directed as every yEd file is, but networkx does not keep the arrows; read the file with "
        raise result.refuse("the graph", f"{reason}Network.from_graphml, or write directed=False or directed=True")
    one_way = graph.is_directed() if directed is None else directed
    place = {node: i for i, node in enumerate(graph.nodes)}
    for start, end, *key in graph.edges(keys=True) if graph.is_multigraph() else graph.edges:
        itself, defaults = _data(graph.edges[(start, end, *key)], data.get("edge_default"))
        called = f"edge {start} – {end}" + (f" ({key[0]})" if key else "")
        ends = (place[start], place[end])
        result.edges.append(Edge(element=called, ends=ends, one_way=one_way, data=itself, defaults=defaults))
    return result


def _data(own: Mapping[object, object], defaults: object) -> tuple[Data, Data]:
    """What a node or an edge says, and the defaults that ``networkx.read_graphml`` puts on the graph only."""
    data: Data = {str(key): value for key, value in own.items()}
    others = {str(key): value for key, value in defaults.items()} if isinstance(defaults, dict) else {}
    return data, unsaid(others, data)
