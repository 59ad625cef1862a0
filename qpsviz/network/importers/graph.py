"""What every importer reads into: vertices and edges with their data, before any unit or place is understood."""

from __future__ import annotations

from dataclasses import dataclass, field

from qpsviz.errors import ParameterError

Data = dict[str, object]
Sketch = tuple[float, float]
"""Where a drawing has a vertex, to the right and upwards, in no particular unit."""


class GraphError(ValueError):
    """A graph cannot be read as a network; ``source``, ``element`` and ``reason`` say where and why."""

    def __init__(self, source: str, element: str, reason: str) -> None:
        super().__init__(f"{source}: {element}: {reason}")
        self.source, self.element, self.reason = source, element, reason

    def __reduce__(self) -> tuple[type, tuple[str, str, str]]:
        """Pickle with all three arguments, so that a worker process can raise it."""
        return type(self), (self.source, self.element, self.reason)


@dataclass(kw_only=True)
class Vertex:
    """A station: what its writer calls it, what it says itself, what others say of it, and where a drawing has it.

    Nobody sends or receives where it ``forwards_only``.
    """

    key: str
    data: Data
    defaults: Data = field(default_factory=dict)
    label: str | None = None
    sketch: Sketch | None = None
    forwards_only: bool = False


@dataclass(kw_only=True)
class Edge:
    """A fibre pair, or a one-way link from the first to the second end: positions in the list of vertices."""

    element: str
    ends: tuple[int, int]
    one_way: bool
    data: Data
    defaults: Data = field(default_factory=dict)
    labels: list[str] = field(default_factory=list)


@dataclass(kw_only=True)
class Graph:
    """Vertices and edges of one graph, its own data, and the file or graph to name in errors."""

    source: str
    title: str
    data: Data
    defaults: Data = field(default_factory=dict)
    vertices: list[Vertex]
    edges: list[Edge]

    def refuse(self, element: str, reason: str) -> GraphError:
        """The error that says which element of this graph cannot be read, and why."""
        return GraphError(self.source, element, reason)


def check_directed(directed: bool | None) -> None:
    """Check that the caller says True, False or nothing.

    Raises
    ------
    ParameterError
        If it is anything else, such as a word.
    """
    if directed is not None and not isinstance(directed, bool):
        raise ParameterError("directed", f"directed = {directed!r} is not True or False")


def unsaid(defaults: Data, own: Data) -> Data:
    """The defaults that count: those of names that an element does not give itself, be it blank."""
    return {name: value for name, value in defaults.items() if name not in own}


def said(element: Vertex | Edge | Graph, *names: str) -> object:
    """The first value under one of these names (in lower case) that says anything, or None.

    Whatever an element says itself comes before every default, also before one of a name that is asked for earlier.
    """
    for data in (element.data, element.defaults):
        for name in names:
            for own, value in data.items():
                if own.lower() == name and not is_blank(value):
                    return value
    return None


def is_blank(value: object) -> bool:
    """Whether a value is what writers put where they know nothing: None, blanks, or the word ``None``."""
    return value is None or (isinstance(value, str) and value.strip().lower() in ("", "none", "null"))
