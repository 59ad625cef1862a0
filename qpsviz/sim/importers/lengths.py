"""How long an edge is: which attributes say so, in which unit, and what is refused because nothing says it."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from numbers import Real
from typing import Any

from qpsviz.parameter import ParameterError
from qpsviz.sim.checks import number
from qpsviz.sim.importers.graph import Edge, Graph, is_blank
from qpsviz.units import parse_quantity

_EQUATOR_KM = 40_075.0
_UNITS = {
    **dict.fromkeys(("km", "kms", "kilometre", "kilometres", "kilometer", "kilometers"), "km"),
    **dict.fromkeys(("m", "metre", "metres", "meter", "meters"), "m"),
}
_OTHER_UNITS = ("mi", "mile", "miles", "ft", "foot", "feet", "yd", "nmi", "mm", "cm", "um", "nm", "px", "deg")
_STEMS = ("length", "distance", "dist")
_NAME = re.compile(rf"(?:(?:fib(?:re|er)|link|edge|cable|span)_?)?({'|'.join(_STEMS)})(?:_in)?(?:_([a-z]+))?")
_UNIT_NAME = re.compile(rf"(?:({'|'.join(_STEMS)})_)?units?")
_NUMBER = r"[-+]?(?:0x[0-9a-f.]+(?:p[-+]?\d+)?|(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?|inf|nan)"
_TEXT = re.compile(rf"\s*({_NUMBER})\s*([a-z]*)\.?\s*", re.IGNORECASE)


@dataclass(frozen=True)
class Lengths:
    """What the caller says about lengths; see :meth:`qpsviz.Network.from_networkx` for each field."""

    length_km: float | None = None
    length_unit: str | None = None
    length_attribute: str | None = None
    great_circle_factor: float | None = None

    def __post_init__(self) -> None:
        if self.length_km is not None:
            number("length_km", self.length_km, lo=0.0)
        if self.great_circle_factor is not None:
            number("great_circle_factor", self.great_circle_factor, lo=1.0)
        if self.length_unit is not None and self.length_unit not in ("km", "m"):
            raise ParameterError("length_unit", f"length_unit = {self.length_unit!r} is not one of km, m")


def length_km(edge: Edge, element: str, graph: Graph, lengths: Lengths) -> float | None:
    """Length that an edge gives itself.

    Parameters
    ----------
    edge : Edge
        The edge.
    element : str
        What to call it in an error.
    graph : Graph
        The graph it belongs to.
    lengths : Lengths
        What the caller says.

    Returns
    -------
    float or None
        Its length, or None where it says nothing. [km]

    Raises
    ------
    GraphError
        If what it says is no length, or has no unit.
    """
    found = _attribute(edge, element, graph, lengths)
    if found is None:
        return _from_labels(edge)
    name, value, named_unit = found
    amount, written_unit = _amount(value)
    if amount is None or not math.isfinite(amount) or amount < 0:
        raise graph.refuse(element, f"{name} = {value!r} is not a length of at least 0")
    unit = written_unit or named_unit or _stated_unit(edge, graph) or _writers_unit(edge, graph) or lengths.length_unit
    if unit is None:
        raise graph.refuse(element, f"{name} = {value!r} has no unit; write length_unit='km' or length_unit='m'")
    if unit not in _UNITS:
        raise graph.refuse(element, f"{name} = {value!r} is in {unit!r}, which is not one of km, m")
    result = parse_quantity(f"{amount!r} {_UNITS[unit]}", "km")
    if result > _EQUATOR_KM:
        raise graph.refuse(
            element, f"{name} = {value!r} is {result:,.0f} km, longer than the equator; is it in metres?"
        )
    return result


def _attribute(edge: Edge, element: str, graph: Graph, lengths: Lengths) -> tuple[str, Any, str | None] | None:
    """Name, value and unit in the name of the attribute that gives the length; one with a unit comes first."""
    own = lengths.length_attribute
    if own is not None:
        if own not in edge.data:
            return None
        parts = _in_name(own)
        return None if is_blank(edge.data[own]) else (own, edge.data[own], parts[1] if parts else None)
    found = []
    for name, value in edge.data.items():
        parts = _in_name(name)
        if parts is not None and not is_blank(value):
            found.append((parts[1] is None, _STEMS.index(parts[0]), name, value, parts[1]))
    if not found:
        return None
    *_, name, value, unit = min(found, key=lambda row: row[:2])
    return name, value, unit


def _in_name(name: str) -> tuple[str, str | None] | None:
    """Stem and unit of an attribute that names a length: ``length``, ``distance_km``, ``Fiber Length (m)``."""
    match = _NAME.fullmatch(_snake(name))
    if match is None or (match[2] and match[2] not in _UNITS and match[2] not in _OTHER_UNITS):
        return None
    return match[1], match[2]


def _snake(name: str) -> str:
    """``fiberLength (m)`` as ``fiber_length_m``."""
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name)
    return re.sub(r"[\W_]+", "_", parted).strip("_").lower()


def _amount(value: Any) -> tuple[float | None, str | None]:
    """A number, and the unit written behind it."""
    if isinstance(value, Real) and not isinstance(value, bool):
        return float(value), None
    match = _TEXT.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        return None, None
    digits, unit = match.groups()
    amount = float.fromhex(digits) if "0x" in digits.lower() else float(digits)
    return amount, unit.lower() or None


def _stated_unit(edge: Edge, graph: Graph) -> str | None:
    """The unit that a ``length_units``, ``unit`` or the like beside the length states, on the edge or the graph."""
    for data in (edge.data, graph.data):
        for name, value in data.items():
            match = _UNIT_NAME.fullmatch(_snake(name))
            unit = str(value).strip().lower()
            # A bare "unit" may be that of a capacity; a "length_units" can only be that of the length.
            if match is not None and not is_blank(value) and (match[1] or unit in _UNITS):
                return unit
    return None


def _writers_unit(edge: Edge, graph: Graph) -> str | None:
    """Metres, where OSMnx wrote the graph: its documentation says so, its files do not."""
    by_osmnx = str(graph.data.get("created_with", "")).lower().startswith("osmnx")
    by_osmnx = by_osmnx or ("osmid" in edge.data and ("oneway" in edge.data or "highway" in edge.data))
    return "m" if by_osmnx else None


def _from_labels(edge: Edge) -> float | None:
    """The length on a label such as ``80 km``; a bare number or metres could be anything."""
    for label in (*edge.labels, *(edge.data.get(name) for name in ("label", "LinkLabel"))):
        amount, unit = _amount(label)
        if amount is not None and math.isfinite(amount) and amount >= 0 and _UNITS.get(unit or "") == "km":
            return amount
    return None
