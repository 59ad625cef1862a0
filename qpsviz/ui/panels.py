"""What the views beside the figures show: one function for each, called only while its tab is open."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from qpsviz.scenario import Scenario
from qpsviz.ui import frame_panel
from qpsviz.ui.audit_panel import table
from qpsviz.ui.budget_panel import waterfall, what_it_takes
from qpsviz.ui.state_panel import state
from qpsviz.views.anatomy import anatomy
from qpsviz.views.event_marks import event_marks


def _nothing(_scenario: Scenario, _run: Any) -> dict[str, Any]:
    """The view draws the run alone."""
    return {}


#: View name (as in ``views.panes``) to what makes its data from the scenario and the latest run.
PANELS: dict[str, Callable[[Scenario, Any], dict[str, Any]]] = {
    "spacetime": _nothing,
    "switch": lambda scenario, _run: anatomy(scenario),
    "log": lambda _scenario, _run: event_marks(),
    "frame": frame_panel.data,
    "budget": waterfall,
    "state": _nothing,
    "audit": _nothing,
}

#: View name to what answers a question that a view asks with ``page.ask("panel", {view, ...})``.
QUESTIONS: dict[str, Callable[[Scenario, Any, dict[str, Any]], dict[str, Any]]] = {
    "frame": frame_panel.question,
    "budget": what_it_takes,
    "state": state,
    "audit": table,
}
