"""What the page is told about a scenario: values, texts, tiles, columns and the run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, Literal, TypeVar, cast, overload

import numpy as np

from qpsviz.errors import ParameterError
from qpsviz.figures.columns import COLUMNS
from qpsviz.scenario import Scenario, parameter, parameters
from qpsviz.scenario.declaration import in_json
from qpsviz.scenario.presets import all_presets
from qpsviz.session.controls.idle import idle_controls
from qpsviz.session.controls.rows import text_of
from qpsviz.session.plain_text import plain
from qpsviz.session.requests import shortened
from qpsviz.session.tiles import closed_form_tiles

if TYPE_CHECKING:
    from qpsviz.session.protocol.messages import Fault, PinnedCurve, Plot, Reset, ScenarioTexts
    from qpsviz.session.protocol.values import Packed

T = TypeVar("T")
_TYPES: Final[dict[str, Literal["f4", "i4", "u1"]]] = {"f": "f4", "i": "i4", "u": "i4", "b": "u1"}


@overload
def pack(value: dict[str, T], *, exact: bool = ...) -> dict[str, object]: ...
@overload
def pack(value: object, *, exact: bool = ...) -> object: ...
def pack(value: object, *, exact: bool = False) -> object:
    """Arrays as ``{type, data}`` with a binary buffer; lists and the rest as they are.

    Parameters
    ----------
    value : object
        An array, or anything JSON can hold.
    exact : bool
        Keep 64-bit floats, for times on a long axis.

    Returns
    -------
    object
        What ``array()`` on the page unpacks.
    """
    if isinstance(value, dict):
        return {name: pack(item, exact=exact) for name, item in value.items()}
    if not isinstance(value, np.ndarray):
        return value
    kind: Literal["f4", "f8", "i4", "u1"]
    kind = "f8" if exact and value.dtype.kind == "f" else _TYPES[value.dtype.kind]
    packed: Packed = {"type": kind, "data": memoryview(np.ascontiguousarray(value, dtype=f"<{kind}").tobytes())}
    if value.ndim == 2:
        packed["shape"] = list(value.shape)
    return packed


def with_octets(reply: T) -> tuple[T, list[bytes]]:
    """A reply whose arrays travel beside it: ``{type, at}`` says of what type each is, and its place among the octets.

    Parameters
    ----------
    reply : object
        Anything JSON can hold, and arrays.

    Returns
    -------
    tuple
        The reply, and the octets of its arrays in order.
    """
    octets: list[bytes] = []

    def told(value: object) -> object:
        if isinstance(value, dict):
            return {name: told(item) for name, item in value.items()}
        if not isinstance(value, np.ndarray):
            return value
        kind = "f8" if value.dtype.kind == "f" else _TYPES[value.dtype.kind]
        octets.append(np.ascontiguousarray(value, dtype=f"<{kind}").tobytes())
        return {"type": kind, "at": len(octets) - 1}

    return cast("T", told(reply)), octets


def plot_columns(scenario: Scenario, names: tuple[str, ...]) -> dict[str, Plot]:
    """Packed columns of the figures on screen."""
    answers: dict[str, Plot] = {}
    for name in names:
        made = COLUMNS[name](scenario)
        answers[name] = cast("Plot", {**made, "sources": pack(made["sources"])})
    return answers


def pinned_curves(pins: Mapping[str, Scenario]) -> dict[str, PinnedCurve]:
    """Packed curves that are pinned, by figure: the curve of each pinned scenario."""
    curves = {name: COLUMNS[name](scenario)["sources"].get(f"{name}.curves", {}) for name, scenario in pins.items()}
    packed = {name: pack({"x": c["x"], "y": c["present"]}) for name, c in curves.items() if "present" in c}
    return cast("dict[str, PinnedCurve]", packed)


def texts(scenario: Scenario, base: str) -> ScenarioTexts:
    """Everything about the scenario that is text, and what its controls go back to in the preset ``base``."""
    values = scenario.flat()
    known = next((p for p in all_presets() if p.scenario == scenario), None)
    return {
        "values": {name: in_json(value) for name, value in values.items()},
        "texts": {p.name: text_of(p.name, values[p.name]) for p in parameters()},
        "idle": idle_controls(scenario),
        "resets": _resets(scenario, base),
        "preset": known.name if known else None,
        "story": known.story if known else "Your own scenario. Share copies a link to it; Reset goes back.",
        "tiles": closed_form_tiles(scenario),
    }


def _resets(scenario: Scenario, base: str) -> dict[str, Reset]:
    """What each changed control goes back to: the value that it has in the preset one started from."""
    start = next(p for p in all_presets() if p.name == base)
    before, values = start.scenario.flat(), scenario.flat()
    return {
        name: {
            "value": in_json(before[name]),
            "text": f"{text_of(name, before[name])}, as in {start.title}",
        }
        for name in [name for name, value in values.items() if value != before[name]]
    }


def error_words(error: ValueError, fallback: str | None) -> Fault:
    """A refused input, for the message beside its control."""
    name = error.name if isinstance(error, ParameterError) else fallback
    text = shortened(str(error))
    try:
        declared = parameter(name or "")
    except ParameterError:
        return {"name": name, "message": plain(text)}
    shown = plain(text.replace(f"{declared.name} = ", ""))
    return {"name": name, "message": shown[0].upper() + shown[1:]}
