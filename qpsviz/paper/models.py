"""What claims can be measured with: each model with the parts and the readings that its claims may have."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from qpsviz.paper import link_model, scenario_model
from qpsviz.paper.claims import RULES, Case, Claim, Reading, allowed, cases, expected
from qpsviz.scenario import Scenario

_REQUIRED = {"id", "where", "says"}
_OPTIONAL = {"model", "column", "expect", "error", "at_least", "at_most", "readings", *RULES}


@dataclass(frozen=True, kw_only=True)
class Model:
    """A way to measure claims.

    ``required`` and ``optional`` are the parts of a claim beside those that all have, ``words`` what some of them may
    say, ``readings`` what a publication may leave open, each with its words and their texts, the default first.
    ``label`` is that of an output and ``parameter_text`` what a case changes, as people read them. ``scenario_of`` is
    None where what is measured is no scenario.
    """

    required: Collection[str]
    optional: Collection[str]
    words: Mapping[str, Collection[str]]
    readings: Mapping[str, Mapping[str, str]]
    measure: Callable[[Claim, Reading, Case], float]
    measured_unit: Callable[[Claim], str]
    label: Callable[[str], str]
    parameter_text: Callable[[str, object], str]
    scenario_of: Callable[[Claim, Reading, Case], Scenario] | None = None


MODELS: dict[str, Model] = {
    "scenario": Model(
        required=scenario_model.REQUIRED,
        optional=scenario_model.OPTIONAL,
        words=scenario_model.WORDS,
        readings=scenario_model.READINGS,
        measure=scenario_model.measure,
        measured_unit=scenario_model.measured_unit,
        label=scenario_model.label,
        parameter_text=scenario_model.parameter_text,
        scenario_of=scenario_model.scenario_of,
    ),
    "bbm92": Model(
        required=link_model.REQUIRED,
        optional=link_model.OPTIONAL,
        words=link_model.WORDS,
        readings=link_model.READINGS,
        measure=link_model.measure,
        measured_unit=link_model.measured_unit,
        label=link_model.label,
        parameter_text=link_model.parameter_text,
    ),
}
READING_TEXTS: dict[str, Mapping[str, str]] = {
    name: words for model in MODELS.values() for name, words in model.readings.items()
}
"""The readings of all models: no two models have one of the same name."""


def model_of(claim: Claim) -> Model:
    """The model that a claim is measured with, a scenario where it names none.

    Raises
    ------
    ValueError
        If there is no such model.
    """
    name = claim.get("model", "scenario")
    if name not in MODELS:
        raise ValueError(f"{_name(claim)}: unknown model {name!r}; models are {', '.join(MODELS)}")
    return MODELS[name]


def check_claim(claim: Claim) -> None:
    """Refuse a claim that cannot be measured.

    Raises
    ------
    ValueError
        Naming the claim and what is wrong with it.
    """
    model, name = model_of(claim), _name(claim)
    required = _REQUIRED | set(model.required)
    missing, unknown = required - claim.keys(), claim.keys() - required - _OPTIONAL - set(model.optional)
    if missing or unknown:
        raise ValueError(f"{name}: missing {sorted(missing)}, unknown {sorted(unknown)}")
    said: Mapping[str, object] = claim
    if any(said.get(part, "") not in ("", *words) for part, words in model.words.items()):
        allowed_words = ", ".join(f"{part} one of {tuple(words)}" for part, words in model.words.items())
        raise ValueError(f"{name}: {allowed_words.replace(' one of', ' is one of', 1)}")
    _check_rule(claim, name)
    if misread := set(claim.get("readings", [])) - model.readings.keys():
        raise ValueError(f"{name}: unknown readings {sorted(misread)}; known are {', '.join(model.readings)}")


def _check_rule(claim: Claim, name: str) -> None:
    """What a number is compared with, and one rule by which it is near enough."""
    wanted = [expected(claim, case) for case in cases(claim)]
    rules = [rule for rule in RULES if rule in claim]
    has_numbers = None not in wanted
    is_compared = has_numbers or (not any(w is not None for w in wanted) and {"at_least", "at_most"} & claim.keys())
    if not is_compared or len(rules) != has_numbers:
        raise ValueError(f"{name}: needs expect with tolerance (or one of {', '.join(RULES[1:])}), at_least or at_most")
    if has_numbers:
        for case in cases(claim):
            allowed(claim, case)


def _name(claim: Claim) -> str:
    return f"claim {claim.get('id', '?')!r}"
