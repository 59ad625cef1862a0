"""SNDlib's networks, XML and native text: stations with coordinates, fibre pairs, and no lengths at all."""

from __future__ import annotations

import math
import re
from collections import Counter
from pathlib import Path
from xml.etree.ElementTree import Element

from qpsviz.network.geography import Spot
from qpsviz.network.importers.degrees import check_places, put_places
from qpsviz.network.importers.graph import Edge, Graph, GraphError, Vertex, check_directed
from qpsviz.network.importers.markup import children, inside, local, read_root, read_text
from qpsviz.units.checks import in_short

NATIVE = "?SNDlib native format"
_TOKEN = re.compile(r"[()]|[^\s()]+")
_CAPACITIES = 4  # a link's capacity and costs, between its ends and its modules


def read_sndlib(path: Path, *, places: str | None, directed: bool | None) -> tuple[Graph, str | None]:
    """Read a network of SNDlib.

    Parameters
    ----------
    path : Path
        A file of it, XML or native text.
    places : str, optional
        What the caller says that coordinates are: ``"degrees"``, ``"degrees.minutes"`` or ``"drawing"``.
    directed : bool, optional
        Whether every link is one-way; without a word each is, where every one has another that goes back.

    Returns
    -------
    tuple of Graph and str or None
        Stations and fibre pairs; and what the coordinates are, ``"drawing"`` where the file says pixels.

    Raises
    ------
    GraphError
        If the file or an element of it cannot be read, or its coordinates seem to be no degrees.
    """
    check_places(places)
    check_directed(directed)
    is_native = not read_text(path).lstrip().startswith("<")
    graph = Graph(source=path.name, title=path.stem, data={}, vertices=[], edges=[])
    nodes, links, are_pixels = _native(path) if is_native else _xml(path)
    row: dict[str, int] = {}
    for key, _ in nodes:
        if key in row:
            raise graph.refuse(f"node {key!r}", "occurs twice")
        row[key] = len(row)
        graph.vertices.append(Vertex(key=key, data={}, label=key))
    one_way = _goes_back(links) if directed is None else directed
    for own, *ends in links:
        for key in ends:
            if key not in row:
                raise graph.refuse(f"link {own!r}", f"its end {key!r} is not a node of this file")
        edge = Edge(element=f"link {own!r}", ends=(row[ends[0]], row[ends[1]]), one_way=one_way, data={})
        graph.edges.append(edge)
    told = places or ("drawing" if are_pixels else None)
    put_places(graph, [spot for _, spot in nodes], told)
    return graph, told


_Nodes = list[tuple[str, Spot | None]]
_Links = list[tuple[str, str, str]]


def _xml(path: Path) -> tuple[_Nodes, _Links, bool]:
    """Nodes, links, and whether coordinates are pixels, of an XML file."""
    root = read_root(path)
    if local(root.tag) != "network":
        raise GraphError(
            path.name, f"the element <{local(root.tag)}>", "is not <network>, so this is no SNDlib network"
        )
    kinds = {group.get("coordinatesType") or "geographical" for group in inside(root, "nodes")}
    for kind in kinds - {"geographical", "pixel"}:
        raise GraphError(path.name, "the nodes", f"coordinatesType = {kind!r} is not one of geographical, pixel")
    nodes: _Nodes = []
    for node in (node for group in inside(root, "nodes") for node in children(group, "node")):
        key = _id(path, node)
        at = next(children(node, "coordinates"), None)
        texts = None if at is None else (_inner(at, "x"), _inner(at, "y"))
        nodes.append((key, None if texts is None else _spot(path, key, texts)))
    links: _Links = []
    for link in (link for group in inside(root, "links") for link in children(group, "link")):
        own = _id(path, link)
        links.append((own, _inner(link, "source"), _inner(link, "target")))
    return nodes, links, "pixel" in kinds


def _goes_back(links: _Links) -> bool:
    """Whether every link has another one for the way back, as in networks whose links are one-way."""
    ways = Counter((a, b) for _, a, b in links)
    return bool(ways) and all(ways[b, a] == n for (a, b), n in ways.items())


def _id(path: Path, element: Element) -> str:
    own = element.get("id")
    if not own:
        raise GraphError(path.name, f"a <{local(element.tag)}>", "has no id")
    return own


def _inner(element: Element, name: str) -> str:
    """The text of a child, blank where it is missing."""
    child = next(children(element, name), None)
    return "" if child is None else (child.text or "").strip()


def _native(path: Path) -> tuple[_Nodes, _Links, bool]:
    """Nodes and links of a native file, which does not say what coordinates are."""
    text = read_text(path)
    if not text.lstrip().startswith(NATIVE):
        raise GraphError(path.name, "the first line", f"is not {NATIVE!r}, so this is no SNDlib network")
    if not re.match(r"[^\n]*type:\s*network\b", text.lstrip()):
        raise GraphError(path.name, "the first line", "does not say type: network")
    lines = [re.sub(r"#.*", "", line) for line in text.lstrip().splitlines()[1:]]
    tokens = _Tokens(path.name, _TOKEN.findall("\n".join(lines)))
    nodes: _Nodes = []
    links: _Links = []
    while (name := tokens.next()) is not None:
        tokens.expect("(", name)
        if name == "NODES":
            while (key := tokens.word()) is not None:
                inner = tokens.group() if tokens.peek() == "(" else None
                nodes.append((key, None if inner is None else _spot(path, key, inner)))
        elif name == "LINKS":
            while (key := tokens.word()) is not None:
                links.append(tokens.link(key))
        else:
            tokens.skip()
    return nodes, links, False


class _Tokens:
    """The words and brackets of a native file, one after the other."""

    def __init__(self, source: str, tokens: list[str]) -> None:
        self.source, self.tokens, self.at = source, tokens, 0

    def peek(self) -> str | None:
        """What comes next, without taking it."""
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def next(self) -> str | None:
        """What comes next, None at the end."""
        self.at += 1
        return self.tokens[self.at - 1] if self.at <= len(self.tokens) else None

    def expect(self, wanted: str, element: str) -> None:
        """Take a bracket that must stand here."""
        token = self.next()
        if token != wanted:
            found = "the file ends" if token is None else f"{in_short(token)} stands"
            raise GraphError(self.source, element, f"{found} where {wanted!r} is expected")

    def word(self) -> str | None:
        """The next word, or None where the list ends, of which the bracket is taken."""
        token = self.next()
        if token in (None, "("):
            raise GraphError(self.source, "the file", "ends in a list, or has a bracket where a name is expected")
        return None if token == ")" else token

    def group(self) -> list[str]:
        """The words in brackets."""
        self.expect("(", "the file")
        found: list[str] = []
        while (token := self.word()) is not None:
            found.append(token)
        return found

    def link(self, key: str) -> tuple[str, str, str]:
        """A link after its name: its ends; capacity, costs and modules are passed over."""
        ends = self.group()
        if len(ends) != 2:
            raise GraphError(self.source, f"link {key!r}", f"joins {len(ends)} nodes; a fibre joins two")
        for _ in range(_CAPACITIES):
            self.word()
        self.group()
        return key, ends[0], ends[1]

    def skip(self) -> None:
        """Everything to the end of a list whose bracket was taken."""
        depth = 1
        while depth:
            token = self.next()
            if token is None:
                raise GraphError(self.source, "the file", "ends in a list")
            depth += {"(": 1, ")": -1}.get(token, 0)


def _spot(path: Path, key: str, texts: tuple[str, str] | list[str]) -> Spot:
    """Longitude and latitude of two texts."""
    try:
        east, north = (float(text) for text in texts)
    except ValueError:
        east = north = math.nan
    if not (math.isfinite(east) and math.isfinite(north)):
        raise GraphError(path.name, f"node {key!r}", f"its coordinates {in_short(list(texts))} are not two numbers")
    return east, north
