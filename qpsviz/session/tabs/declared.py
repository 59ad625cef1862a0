"""Tabs of the page: tabs of figures, and tabs with contents of their own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from qpsviz.errors import ParameterError
from qpsviz.figures.plots import PLOTS, RELAYS
from qpsviz.figures.theme import DASHES


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    """A tab: its title and the names of its plots.

    A tab without plots draws itself: ``web/js/page/contents.js`` has a class and ``session/tabs/contents.py`` the data
    of it, both under the name of the tab.
    """

    title: str
    plots: tuple[str, ...] = ()


TABS: dict[str, Tab] = {
    "curves": Tab(title="Key rate & fidelity", plots=("key_rate", "fidelity")),
    "memories": Tab(title="Memory & processing", plots=("fidelity_t", "map_length", "map_processing")),
    "spacetime": Tab(title="Space–time"),
    "switch": Tab(title="Inside a switch"),
    "log": Tab(title="Events"),
    "frame": Tab(title="Frame"),
    "budget": Tab(title="Budget"),
    "state": Tab(title="State"),
    "audit": Tab(title="Paper audit"),
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


def tab_named(name: str) -> Tab:
    """One tab.

    Raises
    ------
    ParameterError
        If there is no such tab.
    """
    if name not in TABS:
        raise ParameterError("tabs", f"unknown tab {name!r}; tabs are {', '.join(TABS)}")
    return TABS[name]


def tab_spec(name: str) -> dict[str, Any]:
    """A tab as the page draws it once."""
    tab = tab_named(name)
    plots = [
        {
            "name": p,
            "title": PLOTS[p].title,
            "caption": PLOTS[p].caption,
            "legend": _legend(p),
            "drag": {axis: list(sets) for axis, sets in PLOTS[p].drag.items()},
        }
        for p in tab.plots
    ]
    return {"name": name, "title": tab.title, "plots": plots}
