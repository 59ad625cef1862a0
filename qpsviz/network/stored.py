"""Networks and traffic as JSON, in the form that their JSON Schemas describe."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from qpsviz.errors import ParameterError, nearest
from qpsviz.files import from_json
from qpsviz.network.geography import DEGREES
from qpsviz.network.link_values import LINK_VALUES
from qpsviz.network.settings import Setting, settings_of
from qpsviz.units.checks import in_short

if TYPE_CHECKING:
    from qpsviz.network.network import Network
    from qpsviz.network.traffic import Traffic

NETWORK_FORMAT, TRAFFIC_FORMAT, VERSION = "qpsviz-network", "qpsviz-traffic", 1
NODE_NAMES = ("name", "role", "x_km", "y_km", *DEGREES)
LINK_NAMES = ("from_node", "to_node", "length_km", *LINK_VALUES)


def network_json(network: Network) -> str:
    """A network as JSON: a place that is not known, and what a link does not say itself, are left out."""
    nodes = [_row(network.nodes.row(i), NODE_NAMES) for i in range(network.n_nodes)]
    links = [_row(network.links.row(i), LINK_NAMES) for i in range(network.n_links)]
    head = {"format": NETWORK_FORMAT, "version": VERSION, "name": network.name, "routes_by": network.routes_by}
    return json.dumps({**head, "nodes": nodes, "links": links}, ensure_ascii=False)


def _row(row: Mapping[str, object], names: Iterable[str]) -> dict[str, object]:
    known = {name: row[name] for name in names if name in row}
    return {n: v for n, v in known.items() if not (isinstance(v, float) and not math.isfinite(v))}


def network_values(text: str) -> dict[str, Any]:
    """The arguments of a network from what :func:`network_json` wrote.

    Raises
    ------
    ParameterError
        If it is no such text, or a value is unknown, missing or out of range.
    """
    whole = _object(text, NETWORK_FORMAT)
    _check_names(whole, ("format", "version", "name", "routes_by", "nodes", "links"), "a network")
    nodes = _rows(whole, "nodes", NODE_NAMES, needed=("name", "role"))
    links = _rows(whole, "links", LINK_NAMES, needed=("from_node", "to_node", "length_km"))
    stated = {
        f"link_{n}": [link.get(n, math.nan) for link in links] for n in LINK_VALUES if any(n in link for link in links)
    }
    degrees = [name for name in DEGREES if any(name in node for node in nodes)]
    return {
        "name": _text(whole.get("name", "network"), "name"),
        "routes_by": _text(whole.get("routes_by", "length"), "routes_by"),
        "node_names": [_text(node["name"], "name") for node in nodes],
        "roles": [_text(node["role"], "role") for node in nodes],
        "x_km": [_number(node.get("x_km", math.nan), "x_km") for node in nodes],
        "y_km": [_number(node.get("y_km", math.nan), "y_km") for node in nodes],
        **{name: [_number(node.get(name, math.nan), name) for node in nodes] for name in degrees},
        "link_from": [_count(link["from_node"], "from_node") for link in links],
        "link_to": [_count(link["to_node"], "to_node") for link in links],
        "link_km": [_number(link["length_km"], "length_km") for link in links],
        **{name: [_number(value, name) for value in column] for name, column in stated.items()},
    }


def traffic_json(traffic: Traffic) -> str:
    """Traffic as JSON; what is None is left out."""
    values = {name: getattr(traffic, name) for name in settings_of(traffic)}
    said = {
        name: np.asarray(v).tolist() if settings_of(traffic)[name].is_list else v
        for name, v in values.items()
        if v is not None
    }
    return json.dumps({"format": TRAFFIC_FORMAT, "version": VERSION, **said})


def traffic_values(text: str, declared: Mapping[str, Setting]) -> dict[str, Any]:
    """The arguments of a traffic from what :func:`traffic_json` wrote.

    Raises
    ------
    ParameterError
        If it is no such text, or a value is unknown or of another type.
    """
    whole = _object(text, TRAFFIC_FORMAT)
    _check_names(whole, ("format", "version", *declared), "traffic")
    return {name: one.read(name, whole[name]) for name, one in declared.items() if name in whole}


def _object(text: str, wanted: str) -> dict[str, object]:
    try:
        whole = from_json(text)
    except ValueError as error:
        raise ParameterError("format", f"not JSON: {error}") from None
    if not isinstance(whole, dict) or whole.get("format") != wanted:
        raise ParameterError("format", f"not a {wanted}: no format {wanted!r}")
    if whole.get("version") != VERSION:
        raise ParameterError("version", f"version = {in_short(whole.get('version'))} of a {wanted} is not {VERSION}")
    return whole


def _check_names(found: dict[str, object], names: Iterable[str], where: str) -> None:
    known = tuple(names)
    for name in found:
        if name not in known:
            raise ParameterError(name, f"{where} has no {in_short(name)}{nearest(name, known)}")


def _rows(
    whole: dict[str, object], name: str, names: tuple[str, ...], needed: tuple[str, ...]
) -> list[dict[str, object]]:
    rows = whole.get(name)
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise ParameterError(name, f"{name} = {in_short(rows)} must be a list of objects")
    for i, row in enumerate(rows):
        _check_names(row, names, f"{name}[{i}]")
        for one in needed:
            if one not in row:
                raise ParameterError(one, f"{name}[{i}] has no {one}")
    return rows


def _text(value: object, name: str) -> str:
    if not isinstance(value, str):
        raise ParameterError(name, f"{name} = {in_short(value)} must be a text")
    return value


def _number(value: object, name: str) -> float:
    try:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return float(value)
    except OverflowError:
        pass
    raise ParameterError(name, f"{name} = {in_short(value)} must be a number")


def _count(value: object, name: str) -> int:
    number = _number(value, name)
    if not number.is_integer() or abs(number) > 2**31 - 1:
        raise ParameterError(name, f"{name} = {in_short(value)} must be the number of a node")
    return int(number)
