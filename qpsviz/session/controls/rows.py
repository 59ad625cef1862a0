"""The control column as data: every row comes from a parameter's declaration."""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING

from qpsviz.scenario import parameter, parameters
from qpsviz.scenario.declaration import Parameter, Value, in_json
from qpsviz.session.plain_text import plain
from qpsviz.units import quantity

if TYPE_CHECKING:
    from qpsviz.session.protocol.spec import ControlsSpec, GroupSpec, ParameterSpec

GROUP_TITLES = {
    "path": "Path",
    "switch": "Switch",
    "memory": "Memory",
    "fibre": "Fibre",
    "source": "Frame & source",
    "detector": "Detector",
    "light": "Classical light",
}
OPEN_GROUPS = ("path", "switch", "memory")
UNIT_TEXTS = {"us": "µs", "km/us": "km/µs", "1": ""}


def unit_text(unit: str) -> str:
    """A unit as people write it."""
    return UNIT_TEXTS.get(unit, unit)


def value_text(declared: Parameter, value: Value) -> str:
    """A value as a control shows it, with unit and prefix."""
    if declared.kind == "choice":
        return dict(zip(declared.choices, declared.choice_texts, strict=True))[str(value)]
    if declared.kind == "flag":
        return "yes" if value else "no"
    if declared.unit == "us":
        return quantity(float(value), "us", n_digits=4, trimmed=True)
    number = quantity(float(value), n_digits=6, trimmed=True)
    unit = unit_text(declared.unit)
    return f"{number} {unit}" if unit else number


@lru_cache(maxsize=1024)
def text_of(name: str, value: Value) -> str:
    """:func:`value_text` of a parameter by its name, kept: one move of a control changes one of some forty."""
    return value_text(parameter(name), value)


def from_page(declared: Parameter, value: object) -> object:
    """A value as the page sends it; whole numbers of a count come as floats from a slider."""
    value = declared.from_json(value)
    if declared.kind == "count" and isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def _row(declared: Parameter) -> ParameterSpec:
    lo, hi = declared.shown if declared.kind in ("number", "count") else (None, None)
    return {
        "name": declared.name,
        "label": declared.label,
        "kind": declared.kind,
        "unit_text": unit_text(declared.unit),
        "default": in_json(declared.default),
        "default_text": value_text(declared, declared.default),
        "claim": declared.claim,
        "source": plain(declared.source),
        "help": plain(declared.help),
        "lo": lo,
        "hi": hi,
        "step": declared.step,
        "log": declared.log,
        "open": isinstance(declared.default, float) and math.isinf(declared.default),
        "choices": list(declared.choices),
        "choice_texts": list(declared.choice_texts),
    }


def control_spec(identity: str, names: Iterable[str] | None = None) -> ControlsSpec:
    """What the page needs to draw the control column.

    Parameters
    ----------
    identity : str
        Prefix of element ids, so that two pages can share a document.
    names : iterable of str, optional
        Only these parameters, in groups; all when None.

    Returns
    -------
    dict
        Groups with their rows.

    Raises
    ------
    ParameterError
        If there is no such parameter.
    """
    wanted = None if names is None else {parameter(name).name for name in names}
    groups: list[GroupSpec] = []
    for group, title in GROUP_TITLES.items():
        rows = [_row(p) for p in parameters() if p.group == group and (wanted is None or p.name in wanted)]
        if rows:
            is_open = group in OPEN_GROUPS or wanted is not None
            groups.append({"name": group, "title": title, "open": is_open, "first": not groups, "parameters": rows})
    return {"id": identity, "groups": groups}
