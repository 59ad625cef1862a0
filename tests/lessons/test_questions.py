"""A lesson's questions are graded by the package, and every wrong answer gets a helpful word."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

import qpsviz as qps
from qpsviz.lessons import questions as lesson
from qpsviz.paper.publications import publications

SCENARIO = qps.preset("fig10a")
KEY = qps.preset("fig7")


def answered(question: lesson.Question, text: str) -> dict[str, Any]:
    """The verdict on an answer, asked as the browser asks."""
    number = (question.verdict.get("number") or 0) + 1
    question.request = {"number": number, "answer": text}
    assert question.verdict["number"] == number
    return question.verdict


def test_the_right_answer_is_the_models_within_the_tolerance() -> None:
    question = lesson.ask_output("How far?", KEY, "reach_km", tolerance=0.05, hint="Look at the rule.")
    right = qps.evaluate(KEY, "reach_km")
    assert answered(question, f"{right:.1f}")["good"]
    assert answered(question, f"{1.04 * right} km")["good"]
    low, high = answered(question, f"{0.9 * right}"), answered(question, f"{1.1 * right}")
    assert (low["good"], high["good"]) == (False, False)
    assert "too small" in low["words"]
    assert "too large" in high["words"]
    assert "Look at the rule." in high["words"]


@pytest.mark.parametrize("text", ["", "far", "nan", "5 ms", "<b>5</b>", "1e999999"])
def test_what_is_no_answer_is_told_so_and_is_wrong(text: str) -> None:
    verdict = answered(lesson.ask_output("How far?", KEY, "reach_km"), text)
    assert not verdict["good"]
    assert verdict["words"].endswith(".")
    json.dumps(verdict, allow_nan=False)


def test_a_time_is_understood_with_its_unit() -> None:
    question = lesson.ask_output("How long does a qubit travel?", SCENARIO, "delay_us")
    right = qps.evaluate(SCENARIO, "delay_us")
    assert answered(question, f"{right / 1e3} ms")["good"]
    assert answered(question, f"{right} us")["good"]
    assert not answered(question, f"{right} ms")["good"]


def test_a_solution_is_a_value_that_reaches_the_goal() -> None:
    question = lesson.ask_solution("How long must T₁ = T₂ be?", SCENARIO, ("t1_us", "t2_us"), goal={"fidelity": 0.7})
    right = qps.solve(SCENARIO, ("t1_us", "t2_us"), fidelity=0.7)
    assert answered(question, f"{right} us")["good"]
    reached = SCENARIO.replace(t1_us=right, t2_us=right)
    assert qps.evaluate(reached, "fidelity") == pytest.approx(0.7, abs=1e-6)


@pytest.mark.parametrize("smaller", [False, True])
def test_the_winner_of_a_comparison_is_found_by_the_package(smaller: bool) -> None:
    scenarios = {f"{n} relays": SCENARIO.replace(n_relays=n) for n in (0, 1, 2)}
    question = lesson.ask_larger("Which keeps most?", scenarios, "fidelity", smaller=smaller)
    values = {words: qps.evaluate(scenario, "fidelity") for words, scenario in scenarios.items()}
    best = (min if smaller else max)(values, key=lambda words: values[words])
    assert [answered(question, words)["good"] for words in scenarios] == [words == best for words in scenarios]
    assert answered(question, "")["words"] == "Choose one first."


def test_a_comparison_without_one_winner_is_no_question() -> None:
    with pytest.raises(ValueError, match="one answer"):
        lesson.ask_larger("Which?", {"this": SCENARIO, "that": SCENARIO}, "fidelity")


@pytest.mark.parametrize("claim_id", [told.claims[0]["id"] for told in publications()])
def test_a_verdict_is_the_audits(claim_id: str) -> None:
    question = lesson.ask_verdict("Does it hold?", claim_id)
    good = [words for words in question.spec["options"] if answered(question, words)["good"]]
    assert len(good) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: lesson.ask_output("?", SCENARIO, "wisdom"),
        lambda: lesson.ask_solution("?", SCENARIO, "wormhole", goal={"fidelity": 0.9}),
        lambda: lesson.ask_solution("?", SCENARIO, "t1_us", goal={"fidelity": 1.5}),
        lambda: lesson.ask_verdict("?", "the earth is flat"),
    ],
)
def test_a_question_about_what_does_not_exist_is_an_error(wrong: Callable[[], object]) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        wrong()


def test_the_browser_is_never_told_the_answer() -> None:
    question = lesson.ask_output("How far?", KEY, "reach_km")
    sent = json.dumps({"spec": question.spec, "verdict": question.verdict})
    assert f"{qps.evaluate(KEY, 'reach_km'):.2f}" not in sent
    assert set(question.spec) == {"prompt", "kind", "unit"}
