"""Questions at the end of a lesson, graded by the package itself."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import traitlets

from qpsviz.closed_form.outputs import output
from qpsviz.scenario import Scenario, parameter
from qpsviz.session.controls.rows import unit_text
from qpsviz.session.requests import sentence, whole_number
from qpsviz.units import parse_quantity, quantity
from qpsviz.web import assets
from qpsviz.widgets.heard import Heard

if TYPE_CHECKING:
    from qpsviz.session.protocol.messages import LessonQuestion, Verdict

LONGEST_ANSWER = 300


class Question(Heard):
    """One question with a place for the answer and a word about it."""

    _esm = assets.script("question.js")
    _css = assets.style()
    spec = traitlets.Dict().tag(sync=True)
    verdict = traitlets.Dict().tag(sync=True)

    def __init__(self, *, hint: str, spec: LessonQuestion) -> None:
        self._hint = hint
        super().__init__(spec=spec, verdict={})
        self.observe(self._heard, names="request")

    def _heard(self, change: Mapping[str, object]) -> None:
        asked, number = change["new"], self.verdict.get("number")
        try:
            if not isinstance(asked, dict) or not isinstance(asked.get("answer", ""), str):
                raise ValueError("An answer is a text")
            number = whole_number("number", asked.get("number", 0))
            text = asked.get("answer", "")
            good, words = self.grade(text) if len(text) <= LONGEST_ANSWER else (False, "This is too long an answer.")
        except Exception as problem:
            good, words = False, f"{sentence(problem).removesuffix('.')}."
        verdict: Verdict = {"number": number, "good": good, "words": words}
        self.verdict = verdict

    def grade(self, text: str) -> tuple[bool, str]:
        """Whether an answer is right, and what to say about it."""
        raise NotImplementedError


class NumberQuestion(Question):
    """Asks for a quantity; typed units are understood."""

    def __init__(self, prompt: str, *, right: float, unit: str, tolerance: float, hint: str) -> None:
        self._right, self._unit, self._tolerance = right, unit, tolerance
        super().__init__(hint=hint, spec={"prompt": prompt, "kind": "number", "unit": unit_text(unit)})

    def grade(self, text: str) -> tuple[bool, str]:
        """Right within the relative tolerance, which is the question's own.

        Raises
        ------
        ValueError
            If the text is no number in the unit.
        """
        given = parse_quantity(text, self._unit)
        if math.isclose(given, self._right, rel_tol=self._tolerance, abs_tol=1e-12):
            return True, f"Right: {quantity(self._right, self._unit, n_digits=4, trimmed=True)}."
        side = "too small" if given < self._right else "too large"
        return False, f"{quantity(given, self._unit, trimmed=True)} is {side}. {self._hint}".strip()


class ChoiceQuestion(Question):
    """Asks for one of a few statements."""

    def __init__(self, prompt: str, *, options: Sequence[str], right: str, hint: str) -> None:
        self._right = right
        super().__init__(hint=hint, spec={"prompt": prompt, "kind": "choice", "options": list(options)})

    def grade(self, text: str) -> tuple[bool, str]:
        """Right when it is the statement that the package finds true."""
        if text == self._right:
            return True, "Right."
        return False, f"Not so. {self._hint}".strip() if text else "Choose one first."


def ask_output(
    prompt: str, scenario: Scenario, name: str, *, tolerance: float = 0.02, hint: str = ""
) -> NumberQuestion:
    """A question whose answer is an output of a scenario.

    Parameters
    ----------
    prompt : str
        What is asked.
    scenario : Scenario
        The scenario it is asked of.
    name : str
        One of :func:`qpsviz.outputs`; the package computes the answer.
    tolerance : float
        Relative difference still taken as right. [1]
    hint : str
        Said after a wrong answer.

    Returns
    -------
    NumberQuestion
        The widget; put it last in a cell.

    Raises
    ------
    ParameterError
        If there is no such output.
    """
    from qpsviz.closed_form.sweep import evaluate

    right = evaluate(scenario, name)
    return NumberQuestion(prompt, right=right, unit=output(name).unit, tolerance=tolerance, hint=hint)


def ask_solution(
    prompt: str,
    scenario: Scenario,
    names: str | tuple[str, ...],
    *,
    goal: dict[str, float],
    tolerance: float = 0.02,
    hint: str = "",
) -> NumberQuestion:
    """A question whose answer is the parameter value that reaches a goal.

    Parameters
    ----------
    prompt : str
        What is asked.
    scenario : Scenario
        Everything else.
    names : str or tuple of str
        Parameter, or parameters that share one value.
    goal : dict
        One output and its wanted value.
    tolerance : float
        Relative difference still taken as right. [1]
    hint : str
        Said after a wrong answer.

    Returns
    -------
    NumberQuestion
        The widget; put it last in a cell.

    Raises
    ------
    ValueError
        If no value reaches the goal, or a name is unknown.
    """
    from qpsviz.closed_form.solve import solve

    right = solve(scenario, names, within=None, **goal)
    first = names if isinstance(names, str) else names[0]
    return NumberQuestion(prompt, right=right, unit=parameter(first).unit, tolerance=tolerance, hint=hint)


def ask_larger(
    prompt: str, scenarios: dict[str, Scenario], name: str, *, hint: str = "", smaller: bool = False
) -> ChoiceQuestion:
    """A question for the scenario in which an output is largest, or smallest.

    Parameters
    ----------
    prompt : str
        What is asked.
    scenarios : dict
        Statement to scenario; the package decides which is right.
    name : str
        Output compared.
    hint : str
        Said after a wrong answer.
    smaller : bool
        Whether the smallest wins.

    Returns
    -------
    ChoiceQuestion
        The widget; put it last in a cell.

    Raises
    ------
    ValueError
        If the output is unknown, or two scenarios win.
    """
    from qpsviz.closed_form.sweep import evaluate

    values = {words: evaluate(scenario, name) for words, scenario in scenarios.items()}
    best = min(values.values()) if smaller else max(values.values())
    winners = [words for words, value in values.items() if math.isclose(value, best, rel_tol=1e-9)]
    if len(winners) != 1:
        raise ValueError(f"{name} is best in {len(winners)} scenarios; a question needs one answer")
    return ChoiceQuestion(prompt, options=list(scenarios), right=winners[0], hint=hint)


def ask_verdict(prompt: str, claim_id: str, *, hint: str = "") -> ChoiceQuestion:
    """A question for the verdict of the paper audit on one claim.

    Parameters
    ----------
    prompt : str
        What is asked.
    claim_id : str
        ``id`` of a claim in the data file of a publication.
    hint : str
        Said after a wrong answer.

    Returns
    -------
    ChoiceQuestion
        The widget; put it last in a cell.

    Raises
    ------
    ValueError
        If there is no such claim.
    """
    from qpsviz.paper.audit import find
    from qpsviz.paper.publications import publications

    claims = [claim for told in publications() for claim in told.claims if claim["id"] == claim_id]
    if not claims:
        raise ValueError(f"unknown claim {claim_id!r}")
    held = [outcome.holds for outcome in find(claims[0]).outcomes]
    options = ("It holds under every reading.", "It holds only under some readings.", "It holds under no reading.")
    right = options[0] if all(held) else options[1] if any(held) else options[2]
    return ChoiceQuestion(prompt, options=options, right=right, hint=hint)
