"""How a claim about a scenario is measured, in one case, under one reading of the publication."""

from __future__ import annotations

import math
from functools import cached_property

import numpy as np

from qpsviz.closed_form.outputs import output
from qpsviz.closed_form.path import RelayPath
from qpsviz.closed_form.quantities import Quantities
from qpsviz.closed_form.solve import Search
from qpsviz.noise import QubitChannel
from qpsviz.paper.claims import Case, Claim, Reading, parameters_of
from qpsviz.scenario import Scenario, parameter
from qpsviz.scenario.presets import preset
from qpsviz.scenario.values import Values
from qpsviz.units import Array, quantity


def _default_first(name: str, texts: dict[str, str]) -> dict[str, str]:
    """The values of a choice with texts, the package's own first."""
    return dict(sorted(texts.items(), key=lambda item: item[0] != parameter(name).default))


READINGS: dict[str, dict[str, str]] = {
    "depol_convention": _default_first(
        "depol_convention", {"decibel": "decibel exponent", "printed": "printed exponent"}
    ),
    "fidelity_form": {"squared": "squared F", "root": "root F"},
    "memory_model": _default_first("memory_model", {"t1t2": "T₁ and T₂", "twirled": "Pauli-twirled"}),
    "partner_noise": {"decays": "kept half decays", "perfect": "kept half perfect"},
    "relay_count": {"on each arm": "relays on each arm", "end to end": "relays end to end"},
    "late_payload": _default_first("late_payload", {"truncate": "late payload cut", "discard": "late frame dropped"}),
    "dark_counts": _default_first(
        "dark_counts", {"receiver": "dark counts of the receiver", "detector": "dark counts of each detector"}
    ),
    "release": _default_first(
        "release", {"after_frame": "stored for a whole frame", "after_header": "stored until the header is read"}
    ),
    "eq2": {"floored": "Eq. 2 not below 0", "printed": "Eq. 2 as printed"},
    "waiting": {"for the header": "waits for the header", "for the port too": "waits for the port too"},
}
"""What the paper leaves open, each with its readings as people read them; the rest of the package takes the first."""

_NO_PARAMETER = ("fidelity_form", "relay_count", "eq2", "waiting")  # readings that no scenario can carry
REQUIRED = {"preset", "output"}
OPTIONAL = {"set", "cases", "measure", "to", "along", "goal", "within", "then", "compare", "against", "axis"}
WORDS = {"measure": ("value", "drop", "solve"), "compare": ("", "ratio", "difference", "largest_step", "steepest_from")}
_CLEARLY = 1e-6  # an output that only creeps up to its goal has not passed it


class EndToEnd(Quantities):
    """A split pair whose relays are counted over both arms; of an odd number one arm has one more."""

    @cached_property
    def halves(self) -> tuple[QubitChannel, QubitChannel]:
        """The channels of both halves, over arms that may differ."""
        if self.values.layout.keeps_half:
            return Quantities(self.values).halves
        n_relays = np.asarray(self.values.n_relays)
        half_km = np.asarray(self.values.length_km) / 2
        few, many = (
            RelayPath(length_km=half_km, n_relays=n, values=self.values).channel
            for n in (n_relays // 2, n_relays - n_relays // 2)
        )
        return few, many


def scenario_of(claim: Claim, reading: Reading, case: Case) -> Scenario:
    """The scenario of one case, as far as a scenario can carry the reading."""
    scenario = preset(claim["preset"]).replace(**_case(claim, case)[0], **_parameters(reading))
    return scenario.replace(p_free=1.0) if _ignores_ports(scenario.values(), reading) else scenario


def _ignores_ports(values: Values, reading: Reading) -> bool:
    """Whether stored payloads find every port free, as in Section IV.B, however busy those of bursts are."""
    return values.discipline.stores and reading.get("waiting") != "for the port too"


def measured_unit(claim: Claim) -> str:
    """Unit of the number that a claim is about."""
    compare = claim.get("compare", "")
    if compare == "ratio":
        return "1"
    if compare == "steepest_from":
        return parameter(next(iter(claim["axis"])).split(", ")[0]).unit
    if claim.get("measure") == "solve" and "then" not in claim:
        return parameter(_along(claim)[0]).unit
    return output(claim.get("then", claim["output"])).unit


def label(name: str) -> str:
    """An output as people read it."""
    return output(name).label


def parameter_text(name: str, value: object) -> str:
    """A parameter with its value as people read it.

    Examples
    --------
    >>> parameter_text("t1_us", 500.0), parameter_text("layout", "split")
    ('Relaxation time T₁ 500 µs', 'Source split')
    """
    declared = parameter(name)
    text = quantity(value, declared.unit) if isinstance(value, int | float) else str(value)
    return f"{declared.label} {text}"


def measure(claim: Claim, reading: Reading, case: Case) -> float:
    """The number that a claim is about, in one case under one reading; NaN for never.

    Raises
    ------
    ValueError
        If the claim asks for an unknown output or parameter, or a value that no scenario can have.
    """
    changes, against = _case(claim, case)
    compare = claim.get("compare", "")
    if compare in ("largest_step", "steepest_from"):
        ((names, values),) = claim["axis"].items()
        found = [_one(claim, changes | dict.fromkeys(names.split(", "), v), reading) for v in values]
        steps = np.diff(found)
        return float(steps.max()) if compare == "largest_step" else float(values[int(np.argmax(steps))])
    number = _one(claim, changes, reading)
    if compare == "difference":
        return number - _one(claim, against, reading)
    return number / _one(claim, against, reading) if compare == "ratio" else number


def _case(claim: Claim, case: Case) -> tuple[dict[str, object], dict[str, object]]:
    """Changes to the preset in one case, and on top of them what it is compared against."""
    changes: dict[str, object] = claim.get("set", {}) | parameters_of(case)
    against = case.get("against", {})
    assert isinstance(against, dict)
    return changes, changes | claim.get("against", {}) | against


def _parameters(reading: Reading) -> dict[str, object]:
    """The part of a reading that a scenario can carry, as flat parameters."""
    words = {"decays": True, "perfect": False}
    return {k: words.get(v, v) for k, v in reading.items() if k not in _NO_PARAMETER}


def _along(claim: Claim) -> list[str]:
    return [claim["along"]] if isinstance(claim["along"], str) else list(claim["along"])


def _one(claim: Claim, changes: dict[str, object], reading: Reading) -> float:
    if claim.get("measure") == "solve":
        return _last_passed(claim, changes, reading)
    here = _evaluate(claim, changes, claim["output"], reading)
    if claim.get("measure") == "drop":
        return here - _evaluate(claim, changes | claim["to"], claim["output"], reading)
    return here


def _last_passed(claim: Claim, changes: dict[str, object], reading: Reading) -> float:
    """Where the output passes the goal for the last time, or ``then`` there; NaN if it never does."""
    names, goal = _along(claim), claim["goal"]
    lo, hi = claim.get("within", (parameter(names[0]).lo, 1e12))

    def f(x: Array) -> Array:
        return _column(claim, changes | dict.fromkeys(names, x), claim["output"], reading, x)

    try:
        last = Search(f=f, value=goal).run(lo, hi)[-1]
    except ValueError:
        return math.nan
    if abs(float(f(np.array([hi]))[0]) - goal) < _CLEARLY:
        return math.nan
    return _evaluate(claim, changes | dict.fromkeys(names, last), claim["then"], reading) if "then" in claim else last


def _evaluate(claim: Claim, changes: dict[str, object], name: str, reading: Reading) -> float:
    preset(claim["preset"]).replace(**changes)  # refuses what no scenario can have
    return float(_column(claim, changes, name, reading, np.zeros(())))


def _column(claim: Claim, changes: dict[str, object], name: str, reading: Reading, like: Array) -> Array:
    values = Values.of({**preset(claim["preset"]).flat(), **changes, **_parameters(reading)})
    if name == "retention" and reading.get("eq2") == "printed":
        return np.array(np.broadcast_to(_printed_retention(values), like.shape))
    if _ignores_ports(values, reading):
        values = values.replace(p_free=1.0)
    quantities = (EndToEnd if reading.get("relay_count") == "end to end" else Quantities)(values)
    if name == "fidelity" and reading.get("fidelity_form") == "root":
        name = "fidelity_root"
    return np.array(np.broadcast_to(getattr(quantities, output(name).name)(), like.shape))


def _printed_retention(values: Values) -> Array:
    """Eq. 2 to the letter: negative where the headers take longer than the payload. [1]"""
    n, payload_us = np.asarray(values.n_relays), values.payload_us
    return np.asarray(values.p_free**n * (payload_us - n * values.processing_us) / payload_us)
