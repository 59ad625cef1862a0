"""GML, the Graph Modelling Language: keys with numbers, texts or lists of such, in brackets."""

from __future__ import annotations

import html
import re
from pathlib import Path

from qpsviz.network.importers.graph import GraphError
from qpsviz.network.importers.markup import MAX_DEPTH, MAX_ELEMENTS, read_text
from qpsviz.network.importers.records import Record

_TOKEN = re.compile(r'\s*(?:#[^\n]*|"([^"]*)"|([\[\]])|([^\s\[\]"]+))')
_WHOLE = re.compile(r"[-+]?\d{1,18}")
_LISTS = ("node", "edge")


def read_gml(path: Path) -> Record:
    """The graph of a GML file, its nodes and edges as lists ``node`` and ``edge``.

    Parameters
    ----------
    path : Path
        The file, in UTF-8; texts may have characters as XML writes them (``&#233;``).

    Raises
    ------
    GraphError
        If it is too large, or not GML with a graph.
    OSError
        If it cannot be opened.
    """
    whole = Record(path.name, "the file", _Reader(path.name, read_text(path)).read())
    if not isinstance(whole.values.get("graph"), dict):
        raise whole.refuse("holds no graph, so this is no GML file")
    return whole.inner("graph")


class _Reader:
    """Reads the text from its start to its end once."""

    def __init__(self, source: str, text: str) -> None:
        self.source, self.text, self.at, self.n_values = source, text, 0, 0

    def read(self) -> dict[str, object]:
        """Everything, as nested objects; a key that occurs twice has a list, and so have nodes and edges."""
        inner: list[dict[str, object]] = [{}]
        names: list[str] = []
        while (key := self._next()) is not None:
            if key == "]" and len(inner) > 1:
                _put(inner[-2], names.pop(), inner.pop())
                continue
            if not isinstance(key, str) or key in ("[", "]") or not re.match(r"[A-Za-z_]", key):
                raise self._refuse(f"{key!r} stands where a name is expected")
            value = self._next()
            if value == "[":
                inner.append({})
                names.append(key)
                if len(inner) > MAX_DEPTH:
                    raise self._refuse(f"is nested deeper than {MAX_DEPTH} brackets")
            elif value is None or value == "]":
                raise self._refuse(f"{key} has no value")
            else:
                _put(inner[-1], key, value.text if isinstance(value, _Text) else _number(value))
        if len(inner) > 1:
            raise self._refuse(f"the bracket of {names[-1]} is not closed")
        return inner[0]

    def _next(self) -> str | _Text | None:
        """The next name, number, bracket or text; None at the end."""
        while True:
            match = _TOKEN.match(self.text, self.at)
            if match is None:
                if self.text[self.at :].strip():
                    raise self._refuse("holds a text that is not closed")
                return None
            self.at = match.end()
            text, bracket, word = match.groups()
            self.n_values += 1
            if self.n_values > MAX_ELEMENTS:
                raise self._refuse(f"holds more than {MAX_ELEMENTS:,} values")
            if text is not None:
                return _Text(html.unescape(text))
            if bracket or word:
                return bracket or word

    def _refuse(self, reason: str) -> GraphError:
        line = self.text.count("\n", 0, self.at) + 1
        return GraphError(self.source, f"line {line}", reason)


class _Text:
    """A text in quotes, which is no name and no number."""

    def __init__(self, text: str) -> None:
        self.text = text


def _put(into: dict[str, object], name: str, value: object) -> None:
    known = into.get(name)
    if name in _LISTS and known is None:
        into[name] = [value]
    elif name in into:
        into[name] = [*known, value] if isinstance(known, list) else [known, value]
    else:
        into[name] = value


def _number(word: str) -> object:
    """A number, or the word itself."""
    try:
        return int(word) if _WHOLE.fullmatch(word) else float(word)
    except ValueError:
        return word
