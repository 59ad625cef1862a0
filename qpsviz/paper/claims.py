"""What a publication says, as data, and the rules by which a number that was measured meets it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TypedDict

Case = Mapping[str, object]
"""Parameters that one case changes. ``against`` holds those that it is compared against; ``expect`` and ``error`` are
those of the case, where a publication gives a number for each."""
Reading = Mapping[str, str]
BESIDE_PARAMETERS = ("against", "expect", "error")
RULES = ("tolerance", "tolerance_percent", "within_errors")
"""How far a number may be from what is expected: an amount, a share of it, or a multiple of its standard error."""


class Claim(TypedDict, total=False):
    """A claim as a data file has it; :func:`qpsviz.paper.models.check_claim` says which parts it needs."""

    id: str
    where: str
    says: str
    model: str
    column: str
    preset: str
    output: str
    set: dict[str, object]
    cases: list[Case]
    measure: str
    to: dict[str, object]
    along: str | list[str]
    goal: float
    within: tuple[float, float]
    then: str
    compare: str
    against: dict[str, object]
    axis: dict[str, list[float]]
    expect: float
    error: float
    tolerance: float
    tolerance_percent: float
    within_errors: float
    at_least: float
    at_most: float
    readings: list[str]


def cases(claim: Claim) -> list[Case]:
    """The variations in every one of which a claim must hold."""
    return list(claim.get("cases", [{}]))


def parameters_of(case: Case) -> dict[str, object]:
    """What a case changes, without what it is compared with."""
    return {name: value for name, value in case.items() if name not in BESIDE_PARAMETERS}


def expected(claim: Claim, case: Case) -> float | None:
    """The number that a publication gives for one case, in the unit of what is measured; None for bounds alone."""
    return _number(claim, case, "expect")


def standard_error(claim: Claim, case: Case) -> float | None:
    """The standard error that a publication gives with its number, in the same unit; None where it gives none."""
    return _number(claim, case, "error")


def allowed(claim: Claim, case: Case) -> float:
    """How far from the expected number is still near enough, in its unit.

    Raises
    ------
    ValueError
        If the claim has no rule, its rule needs a number that it does not have, or nothing could be near enough.
    """
    name = f"claim {claim.get('id', '?')!r}"
    rule = next((rule for rule in RULES if rule in claim), None)
    if rule is None:
        raise ValueError(f"{name}: says no rule; it is one of {', '.join(RULES)}")
    of_what = {"tolerance": None, "tolerance_percent": "expect", "within_errors": "error"}[rule]
    amount = 1.0 if of_what is None else abs(_given(claim, case, of_what))
    far = _given(claim, {}, rule) * amount / (100 if rule == "tolerance_percent" else 1)
    if not far > 0:
        raise ValueError(f"{name}: nothing but the number itself is near enough: {rule} = {_given(claim, {}, rule):g}")
    return far


def meets(claim: Claim, value: float, case: Case | None = None) -> bool:
    """Whether a number is what the claim says it is; "never" is not.

    Parameters
    ----------
    claim : Claim
        The claim.
    value : float
        The number, in the unit of what is measured.
    case : Case, optional
        The case in which it was measured, by default one that changes nothing.

    Returns
    -------
    bool
        Whether it lies within the tolerance and the bounds.
    """
    case = case or {}
    wanted = expected(claim, case)
    near = wanted is None or abs(value - wanted) <= allowed(claim, case)
    return bool(near and claim.get("at_least", -math.inf) <= value <= claim.get("at_most", math.inf))


def _number(claim: Claim, case: Case, name: str) -> float | None:
    said: Mapping[str, object] = claim
    value = case.get(name, said.get(name))
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"claim {claim.get('id', '?')!r}: {name} = {value!r} is not a number")
    return float(value)


def _given(claim: Claim, case: Case, name: str) -> float:
    value = _number(claim, case, name)
    if value is None:
        raise ValueError(f"claim {claim.get('id', '?')!r}: its rule needs {name} in every case")
    return value
