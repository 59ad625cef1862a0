"""GraphML as its many writers have it: keys and defaults, nested and several graphs, and who points where."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from xml.etree.ElementTree import Element

from qpsviz.errors import ParameterError
from qpsviz.network.importers import yed
from qpsviz.network.importers.graph import Data, Edge, Graph, GraphError, Vertex, check_directed, is_blank, said, unsaid
from qpsviz.network.importers.markup import children, local, read_root
from qpsviz.units.checks import in_short


@dataclass(frozen=True, kw_only=True)
class _Key:
    """A declared attribute: its name, the default of elements that do not give it, and its unit if it states one."""

    name: str
    default: str | None
    unit: str | None
    graphics: str


class _Keys:
    """The declarations of a file, found by the kind of element that uses them."""

    def __init__(self, source: str, root: Element) -> None:
        self._keys: dict[tuple[str, str], _Key] = {}
        for element in (key for parent in (root, *children(root, "graph")) for key in children(parent, "key")):
            kind, own = element.get("for") or "all", element.get("id") or ""
            key = _key(element, own)
            if self._keys.setdefault((kind, own), key) != key:
                raise GraphError(source, f"key {own!r}", f"is declared twice for {kind}, differently")

    def find(self, kind: str, own: str) -> _Key | None:
        """The key that a data element of this kind of element means; None where it is another kind's."""
        declared = self._keys.get((kind, own)) or self._keys.get(("all", own))
        if declared is None and not any(name == own for _, name in self._keys):
            return _Key(name=own, default=None, unit=None, graphics="")
        return declared

    def defaults(self, kind: str) -> Data:
        """What an element of a kind says without saying it."""
        keys = [key for (own, _), key in self._keys.items() if own in (kind, "all") and key.default is not None]
        return {key.name: _with_unit(key.default, key.unit) for key in keys if not key.graphics}

    def has_graphics(self, kind: str) -> bool:
        """Whether a yFiles program declared such graphics."""
        return any(key.graphics == kind for key in self._keys.values())

    def read(self, element: Element, kind: str) -> tuple[Data, Data, list[Element]]:
        """What an element says itself, the defaults of what it does not say, and its yFiles graphics."""
        data: Data = {}
        graphics = []
        for child in children(element, "data"):
            key = self.find(kind, child.get("key") or "")
            if key is not None and key.graphics:
                graphics.append(child)
            elif key is not None:
                data[key.name] = _with_unit((child.text or "").strip(), key.unit)
        return data, unsaid(self.defaults(kind), data), graphics


def _key(element: Element, own: str) -> _Key:
    attributes = {local(name): value for name, value in element.attrib.items()}
    default = next(children(element, "default"), None)
    uri = attributes.get("attr.uri", "") if "yworks" in attributes.get("attr.uri", "") else ""
    return _Key(
        name=attributes.get("attr.name") or own,
        default=None if default is None else (default.text or "").strip(),
        unit=next(
            (attributes[name] for name in ("unit", "units", "attr.unit", "attr.units") if name in attributes), None
        ),
        graphics=attributes.get("yfiles.type", "") or uri.rsplit("/", 1)[-1],
    )


def _with_unit(text: str | None, unit: str | None) -> str:
    """A number with the unit that its key states; anything else as it is."""
    text = text or ""
    return f"{text} {unit}" if unit and text[-1:].isdigit() else text


def read_graphml(path: Path, *, graph: str | int | None = None, directed: bool | None = None) -> Graph:
    """Read one graph of a GraphML file.

    Parameters
    ----------
    path : Path
        The file.
    graph : str or int, optional
        Which graph, by id or counted from 0, where the file holds several.
    directed : bool, optional
        Whether every edge is one-way, instead of what the file says.

    Returns
    -------
    Graph
        Its stations and fibres.

    Raises
    ------
    GraphError
        If the file or an element of it cannot be read as a network.
    """
    check_directed(directed)
    root = read_root(path)
    if local(root.tag) != "graphml":
        raise GraphError(path.name, f"the element <{local(root.tag)}>", "is not <graphml>, so this is no GraphML file")
    keys = _Keys(path.name, root)
    top = _chosen(path.name, list(children(root, "graph")), graph)
    data, defaults, _ = keys.read(top, "graph")
    read = Graph(source=path.name, title=path.stem, data=data, defaults=defaults, vertices=[], edges=[])
    read.title = str(said(read, "name", "label", "network") or path.stem)
    walk = _Walk(read, keys, directed)
    walk.collect(top)
    walk.join()
    return walk.graph


def _chosen(source: str, graphs: list[Element], wanted: str | int | None) -> Element:
    """The graph to read: the only one that holds anything, or the one asked for."""
    names = [repr(graph.get("id") or i) for i, graph in enumerate(graphs)]
    if wanted is not None:
        if isinstance(wanted, bool) or not isinstance(wanted, (str, int)):
            raise ParameterError("graph", f"graph = {in_short(wanted)} is neither an id nor a whole number from 0")
        found = [g for g in graphs if g.get("id") == wanted]
        if not found and str(wanted).isdecimal():
            found = graphs[int(wanted) :][:1]
        if not found:
            raise GraphError(source, f"graph {wanted!r}", f"is not there; the file holds {', '.join(names) or 'none'}")
        return found[0]
    full = [graph for graph in graphs if any(True for _ in children(graph, "node"))]
    if len(full) > 1:
        raise GraphError(source, "the file", f"holds {len(graphs)} graphs; write graph= one of {', '.join(names)}")
    if not graphs:
        raise GraphError(source, "the file", "holds no graph")
    return full[0] if full else graphs[0]


class _Walk:
    """Collects the nodes of a graph and of the graphs inside it, then joins its edges to them."""

    def __init__(self, graph: Graph, keys: _Keys, directed: bool | None) -> None:
        self.graph, self.keys, self.directed = graph, keys, directed
        self._found: dict[str, int | str] = {}
        self._edges: list[tuple[Element, str | None]] = []

    def collect(self, graph: Element) -> None:
        """Every node, nested ones included, in the order of the file; edges wait until all nodes are known."""
        for child in graph:
            kind = local(child.tag)
            if kind == "node":
                self._node(child)
            elif kind == "edge":
                self._edges.append((child, graph.get("edgedefault")))
            elif kind == "hyperedge":
                raise self.graph.refuse(_called(child), "joins any number of nodes; a fibre joins two")
            elif kind == "locator":
                raise self.graph.refuse(f"graph {graph.get('id')!r}", "is kept in another file, which is not read")
            for inner in children(child, "graph") if kind in ("node", "edge") else ():
                self.collect(inner)

    def _node(self, node: Element) -> None:
        key = node.get("id")
        if key is None:
            raise self.graph.refuse("a <node>", "has no id")
        if yed.is_frame(node):
            self._found.setdefault(key, "a group, which is a frame around stations and no station")
            return
        if isinstance(self._found.get(key), int):
            raise self.graph.refuse(f"node {key!r}", "occurs twice")
        data, defaults, graphics = self.keys.read(node, "node")
        label = next(iter(yed.labels(graphics)), None)
        vertex = Vertex(key=key, data=data, defaults=defaults, label=label, sketch=yed.place(graphics))
        if yed.is_note(graphics):
            self._found[key] = "a note, which is no station"
            return
        self._found[key] = len(self.graph.vertices)
        self.graph.vertices.append(vertex)

    def join(self) -> None:
        """Every edge, between the stations it names."""
        for element, edgedefault in self._edges:
            called = _called(element)
            start, end = (self._end(element, called, name) for name in ("source", "target"))
            data, defaults, graphics = self.keys.read(element, "edge")
            backwards, one_way = self._directions(element, called, graphics, edgedefault)
            ends = (end, start) if backwards else (start, end)
            edge = Edge(element=called, ends=ends, one_way=one_way, data=data, defaults=defaults)
            edge.labels = yed.labels(graphics)
            self.graph.edges.append(edge)

    def _end(self, element: Element, called: str, name: str) -> int:
        key = element.get(name)
        found = self._found.get(key or "")
        if isinstance(found, int):
            return found
        raise self.graph.refuse(called, f"its {name} {key!r} is {found or 'not a node of this graph'}")

    def _directions(
        self, element: Element, called: str, graphics: list[Element], edgedefault: str | None
    ) -> tuple[bool, bool]:
        """Whether an edge runs backwards, and whether it is one-way."""
        if self.directed is not None:
            return False, self.directed
        own = (element.get("directed") or "").lower()
        if own not in ("", "true", "false", "1", "0"):
            raise self.graph.refuse(called, f"directed = {own!r} is not true or false")
        if self.keys.has_graphics("edgegraphics"):
            # Every yEd file says directed; what its user drew is in the arrows.
            at_source, at_target = yed.arrows(graphics) or (False, own in ("true", "1"))
            return at_source and not at_target, at_source != at_target
        if own:
            return False, own in ("true", "1")
        if edgedefault not in ("directed", "undirected"):
            reason = f"edgedefault = {edgedefault!r} does not say whether it is one-way"
            raise self.graph.refuse(called, f"{reason}; write directed=False or directed=True")
        if edgedefault == "directed" and self.keys.has_graphics("EdgeStyle"):
            reason = "yFiles keeps its arrows in styles, which are not read"
            raise self.graph.refuse(called, f"{reason}; write directed=False (both ways) or directed=True")
        return False, edgedefault == "directed"


def _called(element: Element) -> str:
    own = element.get("id")
    ends = f"{element.get('source')} – {element.get('target')}"
    kind = local(element.tag)
    if kind == "hyperedge":
        return f"hyperedge {own!r}"
    return f"edge {ends}" if is_blank(own) else f"edge {own!r} ({ends})"
