"""How long an edge is: which attributes say so, in which unit, and what is refused because nothing says it."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from decimal import Decimal
from numbers import Real

from qpsviz.network.importers.graph import Data, Edge, Graph, is_blank
from qpsviz.units import parse_quantity
from qpsviz.units.checks import in_short, number, one_of

EQUATOR_KM = 40_075.0
_ROUNDING = 1e-9  # of a product of floats, relative
_CHOOSE = "mend the file, or write length_attribute= and the name of the right one"
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
            number("length_km", self.length_km, lo=0.0, hi=EQUATOR_KM)
        if self.great_circle_factor is not None:
            number("great_circle_factor", self.great_circle_factor, lo=1.0)
        if self.length_unit is not None:
            one_of("length_unit", self.length_unit, ("km", "m"))


@dataclass(frozen=True)
class _Stated:
    """One statement of a length: what it is called, what it says, and the unit in its name."""

    name: str
    value: object
    named_unit: str | None


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
        If what it says is no length, has no unit, or contradicts itself.

    Notes
    -----
    What the edge says itself, on a label too, comes before every default. Statements of one edge must agree within
    half a unit of the coarsest one's last digit, and the finest counts; a number that nothing gives a unit states no
    length beside one that has one.
    """
    stated = _statements(edge.data, lengths)
    labels = _labels(edge)
    if not stated and labels:
        return _km(labels[0], edge, element, graph, lengths)[0]
    if not stated:
        stated, labels = _statements(edge.defaults, lengths), []
    if not stated:
        return None
    first = stated[0]
    km, half_km = finest = _km(first, edge, element, graph, lengths)
    for other in () if lengths.length_attribute else (*stated[1:], *labels):
        if _unit(other, edge, element, graph, lengths) not in _UNITS or _amount(other.value)[0] is None:
            continue
        other_km, other_half_km = _km(other, edge, element, graph, lengths)
        if abs(km - other_km) > max(half_km, other_half_km) + _ROUNDING * km:
            both = " and ".join(f"{one.name} = {in_short(one.value)}" for one in (first, other))
            raise graph.refuse(element, f"{both} are two lengths; {_CHOOSE}")
        finest = min(finest, (other_km, other_half_km), key=lambda length: length[1])
    return finest[0]


def _km(stated: _Stated, edge: Edge, element: str, graph: Graph, lengths: Lengths) -> tuple[float, float]:
    """A statement in km, and half a unit of its last digit."""
    called = f"{stated.name} = {in_short(stated.value)}"
    amount, _ = _amount(stated.value)
    if amount is None or not math.isfinite(amount) or amount < 0:
        raise graph.refuse(element, f"{called} is not a length of at least 0")
    unit = _unit(stated, edge, element, graph, lengths)
    if unit is None:
        raise graph.refuse(element, f"{called} has no unit; write length_unit='km' or length_unit='m'")
    if unit not in _UNITS:
        raise graph.refuse(element, f"{called} is in {unit!r}, which is not one of km, m")
    result = parse_quantity(f"{amount!r} {_UNITS[unit]}", "km")
    if result > EQUATOR_KM:
        raise graph.refuse(element, f"{called} is {result:,.0f} km, longer than the equator; is it in metres?")
    return result, _half_a_digit(stated.value) * (1.0 if _UNITS[unit] == "km" else 1e-3)


def _unit(stated: _Stated, edge: Edge, element: str, graph: Graph, lengths: Lengths) -> str | None:
    """The unit of a statement: what is written or named, else what stands beside it, is a default, or is told."""
    _, written = _amount(stated.value)
    stem = (_in_name(stated.name) or ("", None))[0]
    beside = _stated_units(edge.data, stem)
    own = {_UNITS.get(unit, unit): unit for unit in (written, stated.named_unit, *beside) if unit is not None}
    if len(own) > 1 and set(own) & set(_UNITS.values()):
        units = " and ".join(map(repr, own.values()))
        called = f"{stated.name} = {in_short(stated.value)}"
        raise graph.refuse(element, f"{called} is stated in {units}; {_CHOOSE}")
    further = (*_stated_units(edge.defaults, stem), *_stated_units(graph.data, stem))
    told = _writers_unit(edge, graph) or lengths.length_unit
    return next(iter((*own.values(), *further)), told)


def _statements(data: Data, lengths: Lengths) -> list[_Stated]:
    """What gives a length, the best first: a unit in the name that can be read, then the plainest name."""
    wanted = lengths.length_attribute
    found = []
    for name, value in data.items():
        parts = _in_name(name)
        if (parts is not None if wanted is None else name == wanted) and not is_blank(value):
            stem, unit = parts or ("length", None)
            rank = (2 if unit in _OTHER_UNITS else 1 if unit is None else 0, _STEMS.index(stem))
            found.append((rank, _Stated(name, value, unit)))
    return [stated for _, stated in sorted(found, key=lambda row: row[0])]


def _labels(edge: Edge) -> list[_Stated]:
    """The lengths on labels such as ``80 km``; a bare number or metres could be anything."""
    texts = (*(("its label", label) for label in edge.labels), *((n, edge.data.get(n)) for n in ("label", "LinkLabel")))
    found = []
    for name, label in texts:
        amount, unit = _amount(label)
        if amount is not None and math.isfinite(amount) and amount >= 0 and _UNITS.get(unit or "") == "km":
            found.append(_Stated(name, label, None))
    return found


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


def _amount(value: object) -> tuple[float | None, str | None]:
    """A number, and the unit written behind it; infinity where it is beyond every float."""
    try:
        if isinstance(value, Real) and not isinstance(value, bool):
            return float(value), None
        match = _TEXT.fullmatch(value) if isinstance(value, str) else None
        if match is None:
            return None, None
        digits, unit = match.groups()
        amount = float.fromhex(digits) if "0x" in digits.lower() else float(digits)
        return amount, unit.lower() or None
    except OverflowError:
        return math.inf, None


def _half_a_digit(value: object) -> float:
    """Half a unit of the last digit of a number as it is written; 0 for exact bits."""
    digits = _TEXT.fullmatch(value if isinstance(value, str) else repr(_amount(value)[0]))
    if digits is None or not re.fullmatch(r"[-+.\de]+", digits[1], re.IGNORECASE):
        return 0.0
    exponent = Decimal(digits[1]).as_tuple().exponent
    return 0.5 * 10.0**exponent if isinstance(exponent, int) else 0.0


def _stated_units(data: Data, stem: str) -> list[str]:
    """The units that ``length_units``, ``unit`` or the like state for lengths of a stem."""
    found = []
    for name, value in data.items():
        match = _UNIT_NAME.fullmatch(_snake(name))
        unit = str(value).strip().lower()
        # A bare "unit" may be that of a capacity; a "length_units" can only be that of the length.
        if match is not None and not is_blank(value) and (match[1] in (stem, "length") if match[1] else unit in _UNITS):
            found.append(unit)
    return found


def _writers_unit(edge: Edge, graph: Graph) -> str | None:
    """Metres, where OSMnx wrote the graph: its documentation says so, its files do not."""
    by_osmnx = str(graph.data.get("created_with", "")).lower().startswith("osmnx")
    by_osmnx = by_osmnx or ("osmid" in edge.data and ("oneway" in edge.data or "highway" in edge.data))
    return "m" if by_osmnx else None
