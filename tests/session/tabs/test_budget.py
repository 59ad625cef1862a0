"""The tab Budget: the budget that takes a search, and what a goal would take, a row at a time."""

from __future__ import annotations

import math
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

import pytest

import qpsviz as qps
from qpsviz.errors import ParameterError
from qpsviz.session import Inline
from qpsviz.session.tabs.budget import ASKED_BUDGETS, question, waterfall
from qpsviz.session.tabs.needed import GOAL_OUTPUTS, SOLVED

LIM = qps.preset("fig7").replace(n_relays=0, length_km=80.0, spacing_us=1e-3)


class ByHand(Inline):
    """Begins long work and does it when told."""

    def __init__(self) -> None:
        self.waiting: list[Callable[[], None]] = []

    def start(self, work: Callable[[], Any]) -> Future[Any]:
        """Keep the work."""
        future: Future[Any] = Future()
        self.waiting.append(lambda: future.set_result(work()))
        return future


def test_the_budget_of_a_finite_key_is_asked_for_and_ends_at_its_rate() -> None:
    lit = qps.preset("shared-fibre").replace(length_km=20.0)
    found: Any = question(lit, None, {"of": "key_rate_finite"}, Inline())
    rate = qps.evaluate(lit, "key_rate_finite")
    assert found["total"] == rate
    assert sum(row["change"] for row in found["rows"]) == pytest.approx(-10 * math.log10(rate))
    assert [row["kind"] for row in found["rows"]][-3:] == ["light", "source", "block"]


@pytest.mark.parametrize("of", ["fidelity", "nonsense", 3])
def test_no_other_budget_is_asked_for(of: object) -> None:
    with pytest.raises(ParameterError, match="no budget of"):
        question(LIM, None, {"of": of}, Inline())


def test_no_move_searches_for_the_present_value_of_a_goal() -> None:
    now = {goal["name"]: goal["now"] for goal in waterfall(LIM, None)["goals"]}
    assert list(now) == list(GOAL_OUTPUTS)
    assert {name for name, text in now.items() if not text} == {"key_rate_finite_hz", "first_key_us"}
    assert set(ASKED_BUDGETS) == {"key_rate_finite"}


def test_a_kilobit_a_second_takes_these_blocks_dark_counts_and_lengths() -> None:
    found: Any = question(LIM, None, {"output": "key_rate_finite_hz", "text": "1000"}, Inline())
    needed = {row["parameters"][0]: row for row in found["rows"]}
    assert found["left"] == 0
    assert {"n_block_pulses", "p_dark", "length_km", "spacing_us"} <= set(needed)
    reached = {name: row["value"] for name, row in needed.items() if "value" in row}
    assert reached
    for name, value in reached.items():
        assert qps.evaluate(LIM.replace(**{name: value}), "key_rate_finite_hz") == pytest.approx(1000.0, rel=1e-4), name


def test_rows_come_as_they_are_found_and_another_wish_stops_the_search() -> None:
    executor = ByHand()
    first = {"output": "key_rate_hz", "text": "1"}
    found: Any = question(LIM, None, first, executor)
    assert (found["rows"], found["left"]) == ([], len(executor_names(LIM)))
    again: Any = question(LIM, None, first, executor)
    assert again["left"] == found["left"]
    assert len(executor.waiting) == 1, "it is looked for once"
    question(LIM, None, {"output": "key_rate_hz", "text": "2"}, executor)
    executor.waiting.pop(0)()
    stopped: Any = question(LIM, None, first, ByHand())
    assert stopped["rows"] == [], "it was stopped before its first row"


def executor_names(scenario: qps.Scenario) -> list[tuple[str, ...]]:
    """Parameters that have a row."""
    found: Any = question(scenario, None, {"output": "delay_us", "text": "1"}, Inline())
    return [tuple(row["parameters"]) for row in found["rows"]]


def test_every_parameter_with_an_effect_has_its_row_in_order() -> None:
    lit = qps.preset("shared-fibre")
    names = executor_names(lit)
    assert names == [known for known in SOLVED if known in names]
    assert {("launch_dbm",), ("n_block_pulses",)} <= set(names)
