"""Graphs of networkx, with the defaults that its GraphML reader leaves beside them."""

from __future__ import annotations

from typing import Any

from qpsviz.sim.importers.graph import Data, Edge, Graph, GraphError, Vertex, check_directed, said


def read_networkx(graph: Any, *, name: str | None = None, directed: bool | None = None) -> Graph:
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
    title = str(name or said(data, "name", "label") or "graph")
    vertices = [
        Vertex(key=str(node), data=_with_defaults(own, data.get("node_default")))
        for node, own in graph.nodes(data=True)
    ]
    result = Graph(source=title, title=title, data=data, vertices=vertices, edges=[])
    if directed is None and graph.is_directed() and vertices and all("shape_type" in v.data for v in vertices):
        reason = "is directed as every yEd file is, but networkx does not keep the arrows; read the file with "
        raise result.refuse("the graph", f"{reason}Network.from_graphml, or write directed=False or True")
    one_way = graph.is_directed() if directed is None else directed
    place = {node: i for i, node in enumerate(graph.nodes)}
    for start, end, *key in graph.edges(keys=True) if graph.is_multigraph() else graph.edges:
        own = _with_defaults(graph.edges[(start, end, *key)], data.get("edge_default"))
        called = f"edge {start} – {end}" + (f" ({key[0]})" if key else "")
        result.edges.append(Edge(element=called, ends=(place[start], place[end]), one_way=one_way, data=own))
    return result


def _with_defaults(own: dict[Any, Any], defaults: Any) -> Data:
    """Data of a node or an edge, after the defaults that ``networkx.read_graphml`` puts on the graph only."""
    return {str(key): value for key, value in {**(defaults if isinstance(defaults, dict) else {}), **own}.items()}
