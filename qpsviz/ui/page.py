"""The widget: hears the newest wanted state, answers with what to draw."""

from __future__ import annotations

import asyncio
import itertools
import re
from collections.abc import Iterable
from typing import Any

import anywidget
import traitlets

from qpsviz.parameter import ParameterError
from qpsviz.presets import all_presets, preset
from qpsviz.scenario import parameter
from qpsviz.sim import simulate
from qpsviz.sim.checks import whole
from qpsviz.ui import exports, share
from qpsviz.ui.answers import error_words, pack, plot_columns, words
from qpsviz.ui.controls import control_spec, from_page
from qpsviz.ui.panels import PANELS, QUESTIONS
from qpsviz.ui.readouts import delivered_tile, tile_specs
from qpsviz.ui.words import plain
from qpsviz.units import parse_quantity
from qpsviz.views import assets
from qpsviz.views.panes import PANES, Pane, pane_named, pane_spec
from qpsviz.views.plots import PLOTS, figure_json
from qpsviz.views.schedule import schedule, templates
from qpsviz.views.theme import MODES

_numbers = itertools.count(1)
SEED = 1
MOST_FRAMES = 5_000
#: What an answer needs to leave the kernel and be painted before a simulation takes a core away from both. [s]
PAINTING_S = 0.030


class Page(anywidget.AnyWidget):
    """One scenario with its controls, read-outs and views.

    Parameters
    ----------
    opening : str
        Preset to open with.
    controls : iterable of str, optional
        Parameters with a control; all when None.
    panes : iterable of str, optional
        Panes of plots; all when None.
    network : bool
        Whether frames move.
    kind : str
        ``"dashboard"`` fills the window; ``"lesson"`` sits in a notebook.
    """

    _esm = assets.script("app.js")
    _css = assets.style()
    spec = traitlets.Dict().tag(sync=True)
    answer = traitlets.Dict().tag(sync=True)
    run = traitlets.Dict().tag(sync=True)
    request = traitlets.Dict().tag(sync=True, echo_update=False)

    def __init__(
        self,
        *,
        opening: str = "first",
        controls: Iterable[str] | None = None,
        panes: Iterable[str] | None = None,
        network: bool = True,
        kind: str = "dashboard",
    ) -> None:
        self.scenario = preset(opening)
        self.latest_run: Any = None
        self._network = network
        linked = self.scenario.memory.t1_us == self.scenario.memory.t2_us
        self._state: dict[str, Any] = {"pane": "", "linked": linked, "seed": SEED}
        self._run_wanted: int | None = None
        self._base = opening
        names = tuple(PANES) if panes is None else tuple(panes)
        self._panes = {name: pane_named(name) for name in names}
        self._state["pane"] = names[0] if names else ""
        super().__init__(spec=self._spec(opening, controls, kind))
        self._answer(0, None)
        self._simulate(0)
        self.observe(self._heard, names="request")
        self.on_msg(self._asked)

    def _spec(self, opening: str, controls: Iterable[str] | None, kind: str) -> dict[str, Any]:
        import bokeh

        identity = f"qps{next(_numbers)}"
        plots = [plot for pane in self._panes.values() for plot in pane.plots]
        return {
            "id": identity,
            "kind": kind,
            "title": "qpsviz",
            "opening": opening,
            "bokeh": re.sub(r"\+.*", "", bokeh.__version__),
            "speed": 50,
            "network": self._network,
            "controls": control_spec(identity, controls),
            "tiles": tile_specs(has_run=self._network),
            "presets": [{"name": p.name, "title": p.title} for p in all_presets()],
            "panes": [pane_spec(name) for name in self._panes],
            "figures": {name: {mode: figure_json(PLOTS[name], mode) for mode in MODES} for name in plots},
            "templates": templates(),
            "exports": exports.EXPORTS,
        }

    def _heard(self, change: Any) -> None:
        wanted = change["new"]
        error = None
        try:
            self._take(wanted)
        except ValueError as problem:
            typed = wanted.get("typed")
            error = error_words(problem, typed.get("name") if isinstance(typed, dict) else None)
        self._answer(int(wanted.get("revision", 0)), error)
        if error is None:
            self._simulate_soon(int(wanted.get("revision", 0)))

    def _take(self, wanted: dict[str, Any]) -> None:
        """Move to the wanted state, or raise and stay."""
        scenario, state, base = self.scenario, dict(self._state), self._base
        if str(wanted.get("pane")) in self._panes:
            state["pane"] = wanted["pane"]
        state["linked"] = bool(wanted.get("linked", state["linked"]))
        state["seed"] = whole("seed", wanted.get("seed", state["seed"]), 0)
        if wanted.get("link") is not None:
            scenario, restored = share.from_link(wanted["link"])
            base = share.nearest_preset(scenario).name
            state |= {k: v for k, v in restored.items() if k != "pane" or v in self._panes}
        elif wanted.get("preset") is not None:
            scenario, base = preset(wanted["preset"]), wanted["preset"]
            state["linked"] = scenario.memory.t1_us == scenario.memory.t2_us
            state["seed"] = SEED
            state["pane"] = self._pane_of(wanted["preset"], state["pane"])
        else:
            values = {k: from_page(parameter(k), v) for k, v in _table(wanted, "values").items()}
            values |= self._typed(_table(wanted, "typed"), state["linked"])
            scenario = scenario.replace(**values)
            if state["linked"] and scenario.memory.t1_us != scenario.memory.t2_us:
                scenario = scenario.replace(t2_us=scenario.memory.t1_us)
        if self._network and scenario.source.n_frames > MOST_FRAMES:
            text = f"n_frames = {scenario.source.n_frames} is more than a page shows: 1 … {MOST_FRAMES}"
            raise ParameterError("n_frames", f"{text} (qps.simulate takes more)")
        self.scenario, self._state, self._base = scenario, state, base

    def _typed(self, typed: dict[str, Any], linked: bool) -> dict[str, Any]:
        if not typed:
            return {}
        declared = parameter(str(typed.get("name")))
        try:
            value = parse_quantity(str(typed.get("text")), declared.unit)
        except ValueError as problem:
            raise ParameterError(declared.name, f"{problem}; must be {declared.range_text}") from None
        both = ("t1_us", "t2_us")
        names = both if linked and declared.name in both else (declared.name,)
        return {name: declared.check(value) for name in names}

    def _pane_of(self, name: str, present: str) -> str:
        curve = next(p.curve for p in all_presets() if p.name == name)
        return next((key for key, pane in self._panes.items() if curve in pane.plots), present)

    def _answer(self, revision: int, error: dict[str, Any] | None) -> None:
        pane = self._panes.get(self._state["pane"])
        self.answer = {
            "revision": revision,
            "error": error,
            **self._state,
            **words(self.scenario, self._base),
            "plots": plot_columns(self.scenario, pane.plots if pane else ()),
            "views": self._view_data(pane),
        }

    def _view_data(self, pane: Pane | None) -> dict[str, Any]:
        if pane is None or not pane.view:
            return {}
        return {pane.view: pack(PANELS[pane.view](self.scenario, self.latest_run))}

    def _simulate_soon(self, revision: int) -> None:
        """Answer first, simulate after: the curves do not wait for the frames."""
        if not self._network:
            return
        self._run_wanted = revision
        try:
            asyncio.get_running_loop().call_later(PAINTING_S, self._simulate_wanted)
        except RuntimeError:
            self._simulate_wanted()

    def _simulate_wanted(self) -> None:
        revision, self._run_wanted = self._run_wanted, None
        if revision is not None:
            self._simulate(revision)

    def _simulate(self, revision: int) -> None:
        if not self._network:
            return
        self.latest_run = simulate(self.scenario, seed=self._state["seed"])
        packed = pack(schedule(self.latest_run), exact=True)
        tiles = {"delivered": delivered_tile(self.latest_run.summary())}
        self.run = {"revision": revision, **packed, "tiles": tiles}

    def _asked(self, _widget: Any, content: Any, _buffers: Any) -> None:
        """Questions outside the state: BokehJS, the link, the code, files."""
        number, ask = content.get("number"), content.get("ask")
        try:
            if ask == "bokeh":
                self.send({"number": number}, [assets.bokeh_js()])
            elif ask == "link":
                self.send({"number": number, "link": share.to_link(self.scenario, self._state)})
            elif ask == "code":
                self.send({"number": number, "text": share.to_python(self.scenario, plots=("key_rate", "fidelity"))})
            elif ask == "panel":
                answer = QUESTIONS[str(content.get("view"))](self.scenario, self.latest_run, content)
                self.send({"number": number, **answer})
            elif ask == "file":
                file, kind, data = exports.make(str(content.get("name")), self.scenario, self.latest_run)
                self.send({"number": number, "file": file, "type": kind}, [data])
            else:
                raise ParameterError("ask", f"unknown question {ask!r}")
        except (ValueError, KeyError, OSError) as problem:
            self.send({"number": number, "error": plain(str(problem))})


def _table(wanted: dict[str, Any], name: str) -> dict[str, Any]:
    """A part of a request that must be a table; what the browser sends is as suspicious as any input."""
    value = wanted.get(name) or {}
    if not isinstance(value, dict):
        raise ParameterError(name, f"{name} = {value!r} must be a table")
    return value
