"""JSON files, and their objects: what they say, with the file and the element to name where it cannot be read."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from qpsviz.files import from_json
from qpsviz.network.importers.graph import GraphError
from qpsviz.network.importers.markup import read_text
from qpsviz.units.checks import in_short


@dataclass(frozen=True)
class Record:
    """One object of a file, and what to call it in an error; in some files numbers are texts."""

    source: str
    element: str
    values: Mapping[str, object]
    has_texts_for_numbers: bool = False

    def refuse(self, reason: str) -> GraphError:
        """The error that says why this object cannot be read."""
        return GraphError(self.source, self.element, reason)

    def text(self, name: str) -> str:
        """A text or whole number that is not blank, as a text.

        Raises
        ------
        GraphError
            If it is missing or anything else.
        """
        value = self.values.get(name)
        if isinstance(value, bool) or not isinstance(value, (str, int)) or not str(value).strip():
            given = f"{name} = {in_short(value)} is no name" if name in self.values else f"has no {name}"
            raise self.refuse(given)
        return str(value)

    def number(self, name: str, *, unsaid: float | None = None, lo: float = 0.0, hi: float = math.inf) -> float:
        """A finite number of at least ``lo`` and at most ``hi``; ``unsaid`` where it is missing or null.

        Raises
        ------
        GraphError
            If it is missing and ``unsaid`` is not given, no number, or out of range.
        """
        value = self.values.get(name)
        if value is None and unsaid is not None:
            return unsaid
        if value is None:
            raise self.refuse(f"has no {name}")
        amount = self._amount(value)
        if not (math.isfinite(amount) and lo <= amount <= hi):
            bounds = f"{lo:g} to {hi:g}" if hi < math.inf else f"at least {lo:g}" if lo > -math.inf else "any size"
            raise self.refuse(f"{name} = {in_short(value)} is not a number of {bounds}")
        return amount

    def _amount(self, value: object) -> float:
        kinds = (int, float, str) if self.has_texts_for_numbers else (int, float)
        try:
            return float(value) if isinstance(value, kinds) and not isinstance(value, bool) else math.nan
        except (ValueError, OverflowError):
            return math.nan

    def inner(self, name: str) -> Record:
        """The object of a name within this one, empty where it is missing or null.

        Raises
        ------
        GraphError
            If it is no object.
        """
        value = self.values.get(name)
        return self._of(self.element, {} if value is None else value, name)

    def rows(self, name: str, called: str) -> list[Record]:
        """The objects of a list, empty where it is missing or null; each is called by its number.

        Raises
        ------
        GraphError
            If it is no list, or holds anything but objects.
        """
        value = self.values.get(name)
        if value is not None and not isinstance(value, list):
            raise self.refuse(f"{name} = {in_short(value)} is no list")
        start = f"{self.element}, " if self.element != "the file" else ""
        return [self._of(f"{start}{called} {i}", row, f"{name}[{i}]") for i, row in enumerate(value or [])]

    def _of(self, element: str, value: object, name: str) -> Record:
        if not isinstance(value, dict):
            raise self.refuse(f"{name} = {in_short(value)} is no object")
        return Record(self.source, element, value, self.has_texts_for_numbers)


def read_json(path: Path) -> Record:
    """The outermost object of a JSON file.

    Parameters
    ----------
    path : Path
        The file.

    Raises
    ------
    GraphError
        If it is too large, or not JSON with an object outside.
    OSError
        If it cannot be opened.
    """
    text = read_text(path)
    try:
        whole = from_json(text)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise GraphError(path.name, place, f"is not JSON ({error.msg})") from None
    except ValueError as error:
        raise GraphError(path.name, "the file", f"holds {error}") from None
    if not isinstance(whole, dict):
        raise GraphError(path.name, "the file", "holds no object")
    return Record(path.name, "the file", whole)
