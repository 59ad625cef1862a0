"""What the tabs without figures show: one function for each, called only while its tab is open."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from qpsviz.scenario import Scenario
from qpsviz.session.executor import Executor
from qpsviz.session.film.event_marks import event_marks
from qpsviz.session.tabs.audit import table
from qpsviz.session.tabs.budget import waterfall, what_it_takes
from qpsviz.session.tabs.frame import tab as frame_tab
from qpsviz.session.tabs.state import state
from qpsviz.session.tabs.switch.anatomy import anatomy


def _nothing(_scenario: Scenario, _run: Any) -> dict[str, Any]:
    """The tab draws the run alone."""
    return {}


#: Name of a tab (as in ``session.tabs.declared``) to what makes its data from the scenario and the latest run.
CONTENTS: dict[str, Callable[[Scenario, Any], dict[str, Any]]] = {
    "spacetime": _nothing,
    "switch": lambda scenario, _run: anatomy(scenario),
    "log": lambda _scenario, _run: event_marks(),
    "frame": frame_tab.data,
    "budget": waterfall,
    "state": _nothing,
    "audit": _nothing,
}

#: Name of a tab to what answers a question that it asks with ``page.ask("tab", {tab, ...})``.
QUESTIONS: dict[str, Callable[[Scenario, Any, dict[str, Any], Executor], dict[str, Any]]] = {
    "frame": lambda scenario, run, asked, _executor: frame_tab.question(scenario, run, asked),
    "budget": lambda scenario, run, asked, _executor: what_it_takes(scenario, run, asked),
    "state": state,
    "audit": table,
}
