"""The control column as data: every row comes from a parameter's declaration."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

from qpsviz.parameter import Parameter, Value
from qpsviz.scenario import Scenario, parameters
from qpsviz.units import quantity

GROUP_TITLES = {
    "path": "Path",
    "switch": "Switch",
    "memory": "Memory",
    "fibre": "Fibre",
    "source": "Frame & source",
    "detector": "Detector",
}
OPEN_GROUPS = ("path", "switch", "memory")
UNIT_TEXTS = {"us": "µs", "km/us": "km/µs", "1": ""}
CHOICE_TEXTS = {
    "split": "in the middle",
    "sender": "at the sender",
    "decibel": "decibel",
    "printed": "as printed",
    "truncate": "cut its head",
    "discard": "drop the frame",
    "after_frame": "whole frame in",
    "after_header": "header read",
    "t1t2": "T₁ and T₂",
    "twirled": "Pauli-twirled",
}


def unit_text(unit: str) -> str:
    """A unit as people write it."""
    return UNIT_TEXTS.get(unit, unit)


def value_text(declared: Parameter, value: Value) -> str:
    """A value as a control shows it, with unit and prefix."""
    if declared.kind == "choice":
        return CHOICE_TEXTS.get(str(value), str(value))
    if declared.kind == "flag":
        return "yes" if value else "no"
    if declared.unit == "us":
        return quantity(float(value), "us", n_digits=4, trimmed=True)
    number = "∞" if math.isinf(float(value)) else f"{float(value):.6g}"
    unit = unit_text(declared.unit)
    return f"{number} {unit}" if unit else number


def to_page(value: Value) -> Value:
    """A value as the page holds it: "never" is a word there, as in JSON."""
    return "inf" if isinstance(value, float) and math.isinf(value) else value


def from_page(declared: Parameter, value: Any) -> Any:
    """A value as the page sends it; whole numbers of a count come as floats from a slider."""
    if value == "inf" and declared.kind in ("number", "count"):
        return math.inf
    if declared.kind == "count" and isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def _row(declared: Parameter) -> dict[str, Any]:
    lo, hi = declared.shown
    return {
        "name": declared.name,
        "label": declared.label,
        "kind": declared.kind,
        "unit_text": unit_text(declared.unit),
        "default": to_page(declared.default),
        "default_text": value_text(declared, declared.default),
        "claim": declared.claim,
        "source": declared.source,
        "help": declared.help,
        "lo": lo,
        "hi": hi,
        "step": declared.step,
        "log": declared.log,
        "open": isinstance(declared.default, float) and math.isinf(declared.default),
        "choices": list(declared.choices),
        "choice_texts": [value_text(declared, c) for c in declared.choices],
    }


def control_spec(identity: str, names: Iterable[str] | None = None) -> dict[str, Any]:
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
    """
    wanted = None if names is None else set(names)
    groups = []
    for group, title in GROUP_TITLES.items():
        rows = [_row(p) for p in parameters() if p.group == group and (wanted is None or p.name in wanted)]
        if rows:
            is_open = group in OPEN_GROUPS or wanted is not None
            groups.append({"name": group, "title": title, "open": is_open, "first": not groups, "parameters": rows})
    return {"id": identity, "groups": groups}


def idle_controls(scenario: Scenario) -> dict[str, str]:
    """Parameters that change no output in this state, and why.

    Parameters
    ----------
    scenario : Scenario
        The present state.

    Returns
    -------
    dict
        Parameter name to one short reason.
    """
    v: Mapping[str, Any] = scenario.flat()
    idle: dict[str, str] = {}
    store, burst = v["discipline"] == "store", v["discipline"] == "burst"
    kept = v["layout"] == "sender" and v["partner_noise"]
    if v["layout"] == "split":
        idle["partner_noise"] = "Both halves travel: none is kept."
    if not store:
        for name in ("release", "cutoff_us", "memory_qubits"):
            idle[name] = "No memories in the switches here."
        if not kept:
            for name in ("t1_us", "t2_us", "memory_model"):
                idle[name] = "Nothing is stored here."
    if not burst:
        idle["late_payload"] = "Only bursts can overtake their header."
    if store:
        idle["p_free"] = "A stored frame waits instead of finding the port busy."
    if v["depol_per_km"] == 0:
        idle["depol_convention"] = "No depolarising: both readings agree."
    if v["n_relays"] == 0:
        reason = "No relay on the way."
        for name in (
            "processing_us", "p_free", "insertion_loss_db", "late_payload", "release", "cutoff_us", "memory_qubits"
        ):  # fmt: skip
            idle[name] = reason
        if not kept:
            for name in ("t1_us", "t2_us", "memory_model"):
                idle[name] = "Nothing is stored here."
    elif store and v["processing_us"] == 0 and v["release"] == "after_header" and v["guard_us"] == 0:
        idle["cutoff_us"] = "Nothing dwells."
    return idle
