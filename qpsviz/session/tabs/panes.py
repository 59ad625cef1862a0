"""Panes of the page: tabs of figures, and tabs with a view of their own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from qpsviz.errors import ParameterError
from qpsviz.figures.plots import PLOTS, RELAYS
from qpsviz.figures.theme import DASHES


@dataclass(frozen=True, slots=True, kw_only=True)
class Pane:
    """A tab: its title, and either the names of its plots or the name of its view.

    A view is a class in ``web/js/page/views.js``; ``session/tabs/panels.py`` says under the same name what it shows.
    """

    title: str
    plots: tuple[str, ...] = ()
    view: str = ""


PANES: dict[str, Pane] = {
    "curves": Pane(title="Key rate & fidelity", plots=("key_rate", "fidelity")),
    "memories": Pane(title="Memory & processing", plots=("fidelity_t", "map_length", "map_processing")),
    "spacetime": Pane(title="Space–time", view="spacetime"),
    "switch": Pane(title="Inside a switch", view="switch"),
    "log": Pane(title="Events", view="log"),
    "frame": Pane(title="Frame", view="frame"),
    "budget": Pane(title="Budget", view="budget"),
    "state": Pane(title="State", view="state"),
    "audit": Pane(title="Paper audit", view="audit"),
}


def _legend(plot: str) -> list[dict[str, str]]:
    if plot.startswith("map"):
        return [{"text": "now", "series": "accent", "dash": "solid", "kind": "marker"}]
    now = {"text": "now", "series": "accent", "dash": "solid", "kind": "present"}
    relays = [
        {"text": "0 relays" if n == 0 else str(n), "series": f"series-{n}", "dash": DASHES[n], "kind": "relays"}
        for n in RELAYS
    ]
    return [now, *relays]


def pane_named(name: str) -> Pane:
    """One pane.

    Raises
    ------
    ParameterError
        If there is no such pane.
    """
    if name not in PANES:
        raise ParameterError("panes", f"unknown pane {name!r}; panes are {', '.join(PANES)}")
    return PANES[name]


def pane_spec(name: str) -> dict[str, Any]:
    """A pane as the page draws it once."""
    pane = pane_named(name)
    plots = [
        {
            "name": p,
            "title": PLOTS[p].title,
            "caption": PLOTS[p].caption,
            "legend": _legend(p),
            "drag": {axis: list(sets) for axis, sets in PLOTS[p].drag.items()},
        }
        for p in pane.plots
    ]
    return {"name": name, "title": pane.title, "plots": plots, "view": pane.view}
