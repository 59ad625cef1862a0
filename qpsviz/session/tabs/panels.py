"""What the views beside the figures show: one function for each, called only while its tab is open."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from qpsviz.scenario import Scenario
from qpsviz.session.film.event_marks import event_marks
from qpsviz.session.tabs.audit import table
from qpsviz.session.tabs.budget import waterfall, what_it_takes
from qpsviz.session.tabs.frame import panel as frame_panel
from qpsviz.session.tabs.state import state
from qpsviz.session.tabs.switch.anatomy import anatomy


def _nothing(_scenario: Scenario, _run: Any) -> dict[str, Any]:
    """The view draws the run alone."""
    return {}


#: View name (as in ``session.tabs.panes``) to what makes its data from the scenario and the latest run.
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
