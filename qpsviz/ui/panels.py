"""What the views beside the figures show: one function for each, called only while its tab is open."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from qpsviz.scenario import Scenario


def _nothing(_scenario: Scenario, _run: Any) -> dict[str, Any]:
    """The view draws the run alone."""
    return {}


#: View name (as in ``views.panes``) to what makes its data from the scenario and the latest run.
PANELS: dict[str, Callable[[Scenario, Any], dict[str, Any]]] = {
    "spacetime": _nothing,
}

#: View name to what answers a question that a view asks with ``page.ask("panel", {view, ...})``.
QUESTIONS: dict[str, Callable[[Scenario, Any, dict[str, Any]], dict[str, Any]]] = {}
