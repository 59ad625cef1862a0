"""Where fidelity and rate go, and what it would take to reach a goal."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

from qpsviz.closed_form.budget import Cost, budget
from qpsviz.closed_form.outputs import output
from qpsviz.closed_form.solve import solve
from qpsviz.closed_form.sweep import evaluate
from qpsviz.errors import ParameterError
from qpsviz.scenario import Scenario, parameter
from qpsviz.scenario.declaration import in_json
from qpsviz.session.controls.idle import idle_controls
from qpsviz.session.controls.rows import value_text
from qpsviz.session.plain_text import plain
from qpsviz.units import parse_quantity, quantity
from qpsviz.units.numerals import fixed

if TYPE_CHECKING:
    from qpsviz.session.protocol.tabs import Budget, BudgetData, BudgetRow, Goal, Needed, NeededTable
    from qpsviz.sim import Run

#: Outputs that can be brought to a goal.
GOAL_OUTPUTS = (
    "fidelity",
    "key_rate",
    "key_rate_hz",
    "reach_km",
    "entanglement_reach_km",
    "delay_us",
    "raman_per_gate",
)
LINKED = ("t1_us", "t2_us")
#: Parameters that are solved for; T1 and T2 move together.
SOLVED: tuple[tuple[str, ...], ...] = (
    LINKED,
    ("length_km",),
    ("n_relays",),
    ("processing_us",),
    ("guard_us",),
    ("loss_db_per_km",),
    ("depol_per_km",),
    ("insertion_loss_db",),
    ("p_free",),
    ("eta_detector",),
    ("p_dark",),
    ("launch_dbm",),
    ("filter_nm",),
)


def waterfall(scenario: Scenario, _run: Run | None) -> BudgetData:
    """Both budgets, element by element.

    Parameters
    ----------
    scenario : Scenario
        The present state.

    Returns
    -------
    dict
        For fidelity and key rate the rows and the total, fidelities as numbers, losses in dB.
    """
    return {
        "fidelity": _budget(scenario, "fidelity"),
        "key_rate": _budget(scenario, "key_rate"),
        "goals": _goals(scenario),
    }


def _budget(scenario: Scenario, of: str) -> Budget:
    rows = [_row(cost, of) for cost in budget(scenario, of)]
    return {"rows": rows, "total": _finite(evaluate(scenario, of))}


def _goals(scenario: Scenario) -> list[Goal]:
    texts = {name: quantity(evaluate(scenario, name), "1", n_digits=4, trimmed=True) for name in GOAL_OUTPUTS}
    return [{"name": name, "label": output(name).heading, "now": text} for name, text in texts.items()]


def _row(cost: Cost, goal: str) -> BudgetRow:
    change = cost.lost_fidelity if goal == "fidelity" else cost.loss_db
    text = fixed(-change, 4, signed=True) if goal == "fidelity" else quantity(change, "dB")
    return {
        "name": cost.name,
        "kind": cost.kind,
        "change": _finite(change),
        "text": text,
        "position": quantity(cost.position_km, "km", trimmed=True),
        "before": cost.before_fidelity,
        "after": cost.after_fidelity,
    }


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def what_it_takes(scenario: Scenario, _run: Run | None, question: Mapping[str, object]) -> NeededTable:
    """For every parameter that matters, the value at which an output reaches a wish.

    Parameters
    ----------
    scenario : Scenario
        The present state.
    question : dict
        ``output`` and the typed ``text`` of the wish.

    Returns
    -------
    dict
        Rows of parameter, present text, and either the needed value with its text or why none does.

    Raises
    ------
    ValueError
        If the wish is no number, or the output unknown.
    """
    name = str(question.get("output"))
    if name not in GOAL_OUTPUTS:
        raise ParameterError("output", f"unknown wish {name!r}")
    wish = parse_quantity(str(question.get("text")), output(name).unit)
    idle = idle_controls(scenario)
    return {"rows": [_needed(scenario, names, name, wish) for names in SOLVED if names[0] not in idle]}


def _needed(scenario: Scenario, names: tuple[str, ...], goal: str, wish: float) -> Needed:
    declared = parameter(names[0])
    row: Needed = {
        "label": "T₁ = T₂" if names == LINKED else declared.label,
        "now": value_text(declared, scenario.flat()[names[0]]),
        "parameters": list(names),
    }
    try:
        value = solve(scenario, names if len(names) > 1 else names[0], within=None, **{goal: wish})
    except ValueError as problem:
        return {**row, "why": plain(str(problem))}
    return {**row, "value": in_json(value), "needed": value_text(declared, value)}
