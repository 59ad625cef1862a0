"""Tabs of the page, each declared once: its title, and its figures or the functions that fill it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qpsviz.errors import ParameterError
from qpsviz.figures.key_plots import KEY_LINES, KEY_PLOTS
from qpsviz.figures.plots import PLOTS, RELAYS
from qpsviz.figures.storing_plots import STORING_LINES, STORING_PLOTS
from qpsviz.figures.theme import DASHES
from qpsviz.scenario import Scenario
from qpsviz.session.executor import Executor
from qpsviz.session.film.event_marks import event_marks
from qpsviz.session.tabs import budget, keys
from qpsviz.session.tabs.audit import table
from qpsviz.session.tabs.frame import tab as frame_tab
from qpsviz.session.tabs.state import state
from qpsviz.session.tabs.switch.diagram import switch_diagram
from qpsviz.session.tabs.traffic import tab as traffic_tab

if TYPE_CHECKING:
    from qpsviz.session.protocol.spec import LegendSpec, PlotSpec, TabSpec
    from qpsviz.session.protocol.tabs import TabData, TabReply
    from qpsviz.sim import Run


def _nothing(_scenario: Scenario, _run: Run | None) -> Mapping[str, object]:
    """The page draws the run alone, or asks for what it shows."""
    return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    """A tab: its title, and the names of its plots, what fills it, or both.

    ``web/js/tabs/classes.js`` has a class under the name of each tab that is more than plots. ``data`` makes what that
    class gets of the scenario and the latest run, only while the tab is open; ``question`` answers what it asks with
    ``page.ask("tab", {tab, ...})``.
    """

    title: str
    plots: tuple[str, ...] = ()
    data: Callable[[Scenario, Run | None], TabData | Mapping[str, object]] = _nothing
    question: Callable[[Scenario, Run | None, Mapping[str, object], Executor], TabReply] | None = None

    @property
    def draws_itself(self) -> bool:
        """Whether it is more than figures."""
        return not self.plots or self.data is not _nothing


TABS: dict[str, Tab] = {
    "curves": Tab(title="Key rate & fidelity", plots=("key_rate", "fidelity")),
    "keys": Tab(title="Keys", plots=tuple(plot.name for plot in KEY_PLOTS), data=keys.data, question=keys.question),
    "storing": Tab(title="Storing", plots=tuple(plot.name for plot in STORING_PLOTS)),
    "memories": Tab(title="Memory", plots=("fidelity_t", "map_length", "map_processing")),
    "spacetime": Tab(title="Space–time"),
    "switch": Tab(title="Inside a switch", data=lambda scenario, _run: switch_diagram(scenario)),
    "log": Tab(title="Events", data=lambda _scenario, _run: event_marks()),
    "frame": Tab(
        title="Frame",
        data=frame_tab.data,
        question=lambda scenario, run, asked, _executor: frame_tab.question(scenario, run, asked),
    ),
    "budget": Tab(title="Budget", data=budget.waterfall, question=budget.question),
    "traffic": Tab(title="Traffic", data=traffic_tab.data, question=traffic_tab.question),
    "state": Tab(title="State", question=state),
    "audit": Tab(title="Paper audit", question=table),
}


def _legend(plot: str) -> list[LegendSpec]:
    if plot.startswith("map"):
        return [{"text": "now", "series": "accent", "dash": "solid", "kind": "marker"}]
    for plots, lines in ((KEY_PLOTS, KEY_LINES), (STORING_PLOTS, STORING_LINES)):
        if plot in [known.name for known in plots]:
            return [
                {"text": text, "series": token, "dash": dash, "kind": "present" if part == "curves" else "key"}
                for part, text, token, dash in lines
            ]
    now: LegendSpec = {"text": "now", "series": "accent", "dash": "solid", "kind": "present"}
    relays: list[LegendSpec] = [
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


def tab_spec(name: str) -> TabSpec:
    """A tab as the page draws it once."""
    tab = tab_named(name)
    plots: list[PlotSpec] = [
        {
            "name": p,
            "title": PLOTS[p].title,
            "caption": PLOTS[p].caption,
            "legend": _legend(p),
            "drag": PLOTS[p].drag,
        }
        for p in tab.plots
    ]
    return {"name": name, "title": tab.title, "plots": plots}
