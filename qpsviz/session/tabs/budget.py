"""Where fidelity and rate go, and what it would take to reach a goal."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

from qpsviz.closed_form.budget import budget
from qpsviz.closed_form.costs import Cost
from qpsviz.closed_form.outputs import output
from qpsviz.closed_form.sweep import evaluate
from qpsviz.errors import ParameterError
from qpsviz.scenario import Scenario
from qpsviz.session.executor import Executor
from qpsviz.session.tabs.needed import GOAL_OUTPUTS, what_it_takes
from qpsviz.units import quantity
from qpsviz.units.numerals import fixed

if TYPE_CHECKING:
    from qpsviz.session.protocol.tabs import Budget, BudgetData, BudgetRow, Goal, NeededTable
    from qpsviz.sim import Run

#: Budgets that take a search, so that a page asks for them when the controls rest.
ASKED_BUDGETS = ("key_rate_finite",)


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
    return [{"name": name, "label": output(name).heading, "now": _now(scenario, name)} for name in GOAL_OUTPUTS]


def _now(scenario: Scenario, name: str) -> str:
    """The present value of an output to begin a wish with; none of those that take a search at every move."""
    return "" if output(name).searched else quantity(evaluate(scenario, name), "1", n_digits=4, trimmed=True)


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


def question(
    scenario: Scenario, _run: Run | None, asked: Mapping[str, object], executor: Executor
) -> NeededTable | Budget:
    """What the page asks beside its budgets: the one that takes a search, or what a goal would take.

    Parameters
    ----------
    scenario : Scenario
        The present state.
    asked : dict
        ``of``, one of :data:`ASKED_BUDGETS`; or ``output`` and the typed ``text`` of a wish.
    executor : Executor
        Who searches.

    Returns
    -------
    dict
        Rows and total of the budget, or a table as :func:`qpsviz.session.tabs.needed.what_it_takes` has it.

    Raises
    ------
    ValueError
        If the wish is no number, or the output or budget unknown.
    """
    of = asked.get("of")
    if of is None:
        return what_it_takes(scenario, asked, executor)
    if of not in ASKED_BUDGETS:
        raise ParameterError("of", f"no budget of {of!r} is asked for")
    return _budget(scenario, str(of))
