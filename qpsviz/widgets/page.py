"""The widget: hears the newest wanted state, answers with what to draw."""

from __future__ import annotations

import asyncio
import itertools
import re
import time
from collections.abc import Iterable, Mapping
from typing import Any

import traitlets

from qpsviz.errors import ParameterError
from qpsviz.figures.plots import PLOTS, figure_json
from qpsviz.figures.theme import MODES
from qpsviz.scenario import Scenario
from qpsviz.scenario.presets import all_presets
from qpsviz.session import exports
from qpsviz.session import share_link as share
from qpsviz.session.answers import error_words, ghosts, pack, plot_columns, words
from qpsviz.session.bounds import check_run
from qpsviz.session.controls.rows import control_spec
from qpsviz.session.film.schedule import schedule, templates
from qpsviz.session.moves import PageState, changed_names, moved, opened
from qpsviz.session.tabs.panels import PANELS, QUESTIONS
from qpsviz.session.tabs.panes import PANES, Pane, pane_named, pane_spec
from qpsviz.session.tiles import delivered_tile, tile_specs
from qpsviz.sim import simulate
from qpsviz.web import assets
from qpsviz.widgets import heard

_numbers = itertools.count(1)
#: What an answer needs to leave the kernel and be painted before a simulation takes a core away from both. [s]
PAINTING_S = 0.030
#: A run that takes longer than the first waits until the controls have rested for the second. [s]
LONG_RUN_S, REST_S = 0.150, 0.250
MOST_MOVES = 500
MOST_VIEWS = 32


class Page(heard.Heard):
    """One scenario with its controls, read-outs and views.

    The state belongs to this object. Every view of it (the widget shown twice, two browsers on one kernel) sends its
    moves under a name of its own and hears of all moves.

    Parameters
    ----------
    opening : str, optional
        Preset to open with; ``"first"`` when None. In JupyterLab, whose address belongs to JupyterLab, an opening
        given here wins over a link in the address; in Voila the address is the visitor's, and a link wins.
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
    pins = traitlets.Dict().tag(sync=True)

    def __init__(
        self,
        *,
        opening: str | None = None,
        controls: Iterable[str] | None = None,
        panes: Iterable[str] | None = None,
        network: bool = True,
        kind: str = "dashboard",
    ) -> None:
        names = tuple(PANES) if panes is None else tuple(panes)
        self._panes = {name: pane_named(name) for name in names}
        self._state = opened(opening or "first", names[0] if names else "")
        self._network = network
        self.latest_run: Any = None
        self._scene = 0
        self._revisions: dict[str, int] = {}
        self._run_wanted: int | None = None
        self._run_s = 0.0
        self._timer: asyncio.TimerHandle | None = None
        super().__init__(spec=self._spec(opening, controls, kind))
        self._answer("", 0, None)
        self._simulate(0)
        self.observe(self._heard, names="request")
        self.on_msg(self._asked)

    @property
    def scenario(self) -> Scenario:
        """The present scenario."""
        return self._state.scenario

    def _spec(self, opening: str | None, controls: Iterable[str] | None, kind: str) -> dict[str, Any]:
        import bokeh

        identity = f"qps{next(_numbers)}"
        plots = [plot for pane in self._panes.values() for plot in pane.plots]
        return {
            "id": identity,
            "kind": kind,
            "title": "qpsviz",
            "opening": opening or "first",
            "chosen": opening is not None,
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
        """Take the moves of one view that are new, and answer all views."""
        before, view, revision = self._state, "", self._revisions.get("", 0)
        error: dict[str, Any] | None = None
        own: dict[str, Any] = {}
        try:
            view, revision, moves = self._read(change["new"])
            for number, move in moves:
                try:
                    own |= self._take(move)
                except ValueError as problem:
                    name, *_ = (*changed_names(move), None) if isinstance(move, Mapping) else (None,)
                    error = error_words(problem, name)
                self._revisions[view] = number
        except ValueError as problem:
            error = error_words(problem, None)
        try:
            self._answer(view, revision, error, before, own)
        except Exception as problem:  # no state that cannot be drawn is kept
            self._state = before
            self._answer(view, revision, {"name": None, "message": heard.sentence(problem)}, before)
        self._simulate_soon(revision, before)

    def _read(self, wanted: Any) -> tuple[str, int, list[tuple[int, Any]]]:
        """Name of the view, its newest revision, and the moves that were not taken before."""
        if not isinstance(wanted, dict):
            raise ParameterError("request", f"a request is a table, not {type(wanted).__name__}")
        view = heard.word("view", wanted.get("view", ""))
        known = self._revisions.get(view, 0)
        if "moves" not in wanted:
            revision = heard.whole("revision", wanted.get("revision", 0))
            return view, revision, [(revision, {k: v for k, v in wanted.items() if k not in ("view", "revision")})]
        moves = wanted["moves"]
        if not isinstance(moves, list) or len(moves) > MOST_MOVES or not all(isinstance(m, dict) for m in moves):
            raise ParameterError("moves", f"moves must be a list of at most {MOST_MOVES} tables")
        numbered = [
            (heard.whole("revision", m.get("revision")), {k: m[k] for k in m if k != "revision"}) for m in moves
        ]
        new = [(number, move) for number, move in numbered if number > known]
        return view, max((number for number, _ in new), default=known), new

    def _take(self, move: Any) -> dict[str, Any]:
        """Move to the wanted state, or raise and stay."""
        state, own = moved(self._state, move, self._panes)
        if self._network and state.scenario != self.scenario:
            check_run(state.scenario, changed_names(move))
        self._state = state
        return own

    def _answer(
        self,
        view: str,
        revision: int,
        error: dict[str, Any] | None,
        before: PageState | None = None,
        own: dict[str, Any] | None = None,
    ) -> None:
        state, pane = self._state, self._panes.get(self._state.pane)
        told = {
            **state.shown(),
            "link": share.to_link(state.scenario, state.beside()),
            **words(state.scenario, state.base),
            "plots": plot_columns(state.scenario, pane.plots if pane else ()),
            "views": self._view_data(pane),
        }
        if before is None or state.pins != before.pins:
            self.pins = ghosts(state.pins)
        if before is None or _film_of(before) != _film_of(state):
            self._scene += 1
        self._revisions[view] = revision
        while len(self._revisions) > MOST_VIEWS:
            del self._revisions[next(name for name in self._revisions if name != view)]
        who = {"revision": revision, "view": view, "revisions": dict(self._revisions)}
        self.answer = {**who, "scene": self._scene, "error": error, "own": own or {}, **told}

    def _view_data(self, pane: Pane | None) -> dict[str, Any]:
        if pane is None or not pane.view:
            return {}
        return {pane.view: pack(PANELS[pane.view](self.scenario, self.latest_run))}

    def _simulate_soon(self, revision: int, before: PageState) -> None:
        """Answer first, simulate after: the curves do not wait for the frames."""
        if not self._network or _film_of(before) == _film_of(self._state):
            return
        is_waiting, self._run_wanted = self._run_wanted is not None, revision
        is_long = self._run_s > LONG_RUN_S
        if is_waiting and not is_long:
            return
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            self._simulate_wanted()
            return
        if self._timer is not None:
            self._timer.cancel()
        self._timer = loop.call_later(REST_S if is_long else PAINTING_S, self._simulate_wanted)

    def _simulate_wanted(self) -> None:
        revision, self._run_wanted = self._run_wanted, None
        if revision is not None:
            self._simulate(revision)

    def _simulate(self, revision: int) -> None:
        if not self._network:
            return
        film, start = {"revision": revision, "scene": self._scene}, time.perf_counter()
        try:
            self.latest_run = None
            self.latest_run = simulate(self.scenario, seed=self._state.seed)
            packed = pack(schedule(self.latest_run), exact=True)
            tiles = {"delivered": delivered_tile(self.latest_run.summary())}
        except Exception as problem:  # the page says so, instead of showing the film of another state
            self.run = {**film, "error": heard.sentence(problem)}
            return
        self._run_s = time.perf_counter() - start
        self.run = {**film, **packed, "tiles": tiles}

    def _asked(self, _widget: Any, content: Any, _buffers: Any) -> None:
        """Questions outside the state: BokehJS, the link, the code, files."""
        asked = content if isinstance(content, dict) else {}
        asker = {k: v for k, v in asked.items() if k in ("number", "asker") and isinstance(v, (int, str))}
        try:
            if not isinstance(content, dict):
                raise ParameterError("ask", f"a question is a table, not {type(content).__name__}")
            reply, buffers = self._reply(asked)
        except Exception as problem:
            reply, buffers = {"error": heard.sentence(problem)}, []
        self.send({"number": None, **asker, **reply}, buffers)

    def _reply(self, asked: dict[str, Any]) -> tuple[dict[str, Any], list[bytes]]:
        ask = heard.word("ask", asked.get("ask"))
        if ask == "bokeh":
            return {}, [assets.bokeh_js()]
        if ask == "link":
            return {"link": self.answer["link"]}, []
        if ask == "code":
            plots = ("key_rate", "fidelity")
            return {"text": share.to_python(self.scenario, plots=plots, seed=self._state.seed)}, []
        if ask == "panel":
            view = heard.word("view", asked.get("view"))
            if view not in QUESTIONS:
                raise ParameterError("view", f"no view called {view!r} takes questions")
            return QUESTIONS[view](self.scenario, self.latest_run, asked), []
        if ask == "file":
            self._simulate_wanted()  # a file is of the state on screen, also in the moment before its film is there
            name = heard.word("name", asked.get("name"))
            file, kind, data = exports.make(name, self.scenario, self.latest_run)
            return {"file": file, "type": kind}, [data]
        raise ParameterError("ask", f"unknown question {ask!r}")


def _film_of(state: PageState) -> tuple[Scenario, int]:
    """What a film depends on."""
    return state.scenario, state.seed
