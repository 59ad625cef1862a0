"""JSON Schemas of scenarios, networks and traffic, made from the declarations that check them."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable

from qpsviz.network.link_values import LINK_VALUES, MAX_LINK_KM
from qpsviz.network.patterns import PATTERNS
from qpsviz.network.roles import Role
from qpsviz.network.routes import ROUTES_BY
from qpsviz.network.settings import Setting, settings_of
from qpsviz.network.stored import NETWORK_FORMAT, TRAFFIC_FORMAT, VERSION
from qpsviz.network.traffic import Traffic
from qpsviz.scenario import parameters
from qpsviz.scenario.declaration import Parameter
from qpsviz.units.checks import one_of

Schema = dict[str, object]

DRAFT = "https://json-schema.org/draft/2020-12/schema"
#: What these schemas cannot say, and the package checks all the same; each stands in its schema's description.
RULES = {
    "scenario": ("T2 is at most twice T1: t2_us <= 2 * t1_us.",),
    "network": (
        "from_node and to_node are two different nodes, counted from 0 in the order of nodes.",
        "A run needs two users (or a sender and a receiver) and a path between each pair of them.",
    ),
    "traffic": (
        "start_us is in order, and start_us, source and destination have an entry for each session: "
        "n_frames over n_frames_per_session, rounded up.",
        "weights has an entry for each node, and all nodes are nodes of the network.",
        "pair_sources belongs to drawn sessions, so start_us, source and destination leave it out.",
        'Where the scenario\'s layout is "split", an entry of destination is two nodes, else one.',
    ),
}


def json_schema(kind: str) -> Schema:
    """The JSON Schema (draft 2020-12) of what ``to_json`` writes and ``from_json`` reads.

    Parameters
    ----------
    kind : str
        ``"scenario"``, ``"network"`` or ``"traffic"``.

    Returns
    -------
    dict
        The schema, as JSON has it. Every property has its label as ``title``, its ``unit`` where it has one, its bounds
        and its default. What the schema cannot say stands in its ``description``.

    Raises
    ------
    ParameterError
        If it is another word.

    Examples
    --------
    >>> json_schema("scenario")["properties"]["fibre"]["properties"]["speed_km_per_us"]["unit"]
    'km/us'
    """
    made = _SCHEMAS[one_of("kind", kind, tuple(_SCHEMAS))]()
    return {"$schema": DRAFT, "$id": f"urn:qpsviz:{kind}:{VERSION}", "title": f"qpsviz {kind}", **made}


def _description(kind: str, text: str) -> str:
    return " ".join((text, "Not said by this schema, and checked all the same:", *RULES[kind]))


def _number(lo: float, hi: float, *, open_lo: bool = False, open_hi: bool = False, kind: str = "number") -> Schema:
    """A number within bounds; an infinite one is no bound."""
    bounds: Schema = {"type": kind}
    if math.isfinite(lo):
        bounds["exclusiveMinimum" if open_lo else "minimum"] = lo
    if math.isfinite(hi):
        bounds["exclusiveMaximum" if open_hi else "maximum"] = hi
    return bounds


def _object(properties: Schema, *, required: tuple[str, ...] = ()) -> Schema:
    made: Schema = {"type": "object", "properties": properties, "additionalProperties": False}
    return {**made, "required": list(required)} if required else made


def _scenario() -> Schema:
    groups: dict[str, Schema] = {}
    for declared in parameters():
        groups.setdefault(declared.group, {})[declared.name] = _parameter(declared)
    text = 'Every parameter by its group; what is left out keeps its default. "inf" stands for infinity.'
    return {
        "description": _description("scenario", text),
        **_object({group: _object(members) for group, members in groups.items()}),
    }


def _parameter(declared: Parameter) -> Schema:
    never = isinstance(declared.default, float) and math.isinf(declared.default)
    about: Schema = {
        "title": declared.label,
        "description": " ".join(part for part in (declared.help, f"Default: {declared.source}.") if part),
        "default": "inf" if never else declared.default,
    }
    if declared.unit != "1":
        about["unit"] = declared.unit
    if declared.kind == "choice":
        return {**about, "enum": list(declared.choices)}
    if declared.kind == "flag":
        return {**about, "type": "boolean"}
    allowed = _number(declared.lo, declared.hi, kind="integer" if declared.kind == "count" else "number")
    if declared.kind == "number" and math.isinf(declared.hi):
        return {**about, "anyOf": [allowed, {"const": "inf"}]}
    return {**about, **allowed}


def _node() -> Schema:
    place = {"type": "number", "unit": "km", "description": "Left out where the place is not known."}
    on_earth = {"unit": "degree", "description": "Of all nodes, or of none."}
    return _object(
        {
            "name": {"type": "string", "title": "Name"},
            "role": {"enum": [role.value for role in Role], "title": "Role"},
            "x_km": {"title": "To the east", **place},
            "y_km": {"title": "To the north", **place},
            "longitude_deg": {"title": "Longitude", **_number(-180.0, 360.0), **on_earth},
            "latitude_deg": {"title": "Latitude", **_number(-90.0, 90.0), **on_earth},
        },
        required=("name", "role"),
    )


def _network() -> Schema:
    values = {
        name: {**_number(kind.lo, kind.hi), "title": kind.label, "unit": kind.unit}
        for name, kind in LINK_VALUES.items()
    }
    link = _object(
        {
            "from_node": {"type": "integer", "minimum": 0, "title": "Node where it begins"},
            "to_node": {"type": "integer", "minimum": 0, "title": "Node where it ends"},
            "length_km": {**_number(0.0, MAX_LINK_KM), "title": "Length", "unit": "km"},
            **values,
        },
        required=("from_node", "to_node", "length_km"),
    )
    text = "Nodes, and one-way links between them: a fibre pair is two. What a link leaves out is the scenario's."
    return {
        "description": _description("network", text),
        **_object(
            {
                **_head(NETWORK_FORMAT),
                "name": {"type": "string", "title": "Name"},
                "routes_by": {"enum": list(ROUTES_BY), "default": ROUTES_BY[0], "title": "What a route has least of"},
                "nodes": {"type": "array", "minItems": 2, "items": _node()},
                "links": {"type": "array", "minItems": 1, "items": link},
            },
            required=("format", "version", "nodes", "links"),
        ),
    }


def _head(name: str) -> dict[str, object]:
    return {"format": {"const": name}, "version": {"const": VERSION}}


def _traffic() -> Schema:
    defaults = {f.name: f.default for f in dataclasses.fields(Traffic)}
    properties = {name: _setting(one, defaults[name]) for name, one in settings_of(Traffic).items()}
    lists = ("start_us", "source", "destination")
    belongs = [
        {"if": {"required": [name]}, "then": {"required": ["pairs"], "properties": {"pairs": {"const": pairs}}}}
        for pairs, declared in PATTERNS.items()
        for name in declared.settings
    ]
    text = "Who sends when, at which load; what is left out keeps its default."
    return {
        "description": _description("traffic", text),
        **_object({**_head(TRAFFIC_FORMAT), **properties}, required=("format", "version")),
        "dependentRequired": {name: [other for other in lists if other != name] for name in lists},
        "allOf": belongs,
    }


def _setting(declared: Setting, default: object) -> Schema:
    about: Schema = {"title": declared.label}
    if default is not None:
        about["default"] = default
    if declared.unit != "1":
        about["unit"] = declared.unit
    if declared.kind == "choice":
        return {**about, "enum": list(declared.words)}
    if declared.kind == "flag":
        return {**about, "type": "boolean"}
    kind = "integer" if declared.kind in ("count", "counts") else "number"
    allowed = _number(declared.lo, declared.hi, open_lo=declared.open_lo, open_hi=declared.open_hi, kind=kind)
    if not declared.is_list:
        return {**about, **allowed}
    twos: Schema = {"type": "array", "items": allowed, "minItems": 2, "maxItems": 2}
    return {**about, "type": "array", "items": {"anyOf": [allowed, twos]} if declared.or_twos else allowed}


_SCHEMAS: dict[str, Callable[[], Schema]] = {"scenario": _scenario, "network": _network, "traffic": _traffic}
