"""The state of one page and its answers: what every host of the explorer talks to, with widgets or without."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, cast

from qpsviz.errors import ParameterError
from qpsviz.scenario import Scenario
from qpsviz.session.answers import error_words, pack, pinned_curves, plot_columns, texts
from qpsviz.session.bounds import check_run
from qpsviz.session.executor import Executor, Inline, Latest
from qpsviz.session.film.schedule import schedule
from qpsviz.session.moves import PageState, changed_names, moved, opened
from qpsviz.session.questions import Shown, answered
from qpsviz.session.requests import new_moves, sentence
from qpsviz.session.spec import page_spec
from qpsviz.session.tabs.declared import TABS, tab_named
from qpsviz.session.tiles import delivered_tile, settled_tiles
from qpsviz.sim import Run, simulate

if TYPE_CHECKING:
    from qpsviz.session.protocol.film import Schedule
    from qpsviz.session.protocol.messages import Answer, Contents, Fault, OwnState, Reply, Update
    from qpsviz.session.protocol.values import Run as RunHead

#: What an answer needs to leave the process and be painted before a simulation takes a core away from both. [s]
PAINTING_S = 0.030
#: A run that takes longer than the first waits until the controls have rested for the second, as do searches. [s]
LONG_RUN_S, REST_S = 0.150, 0.250
MOST_VIEWS = 32


class Session:
    """One scenario with its controls, read-outs and views.

    The state belongs to this object. Every view of it (a widget shown twice, two browsers on one session) sends its
    moves under a name of its own and hears of all moves.

    Parameters
    ----------
    opening : str, optional
        Preset to open with; ``"first"`` when None.
    controls : iterable of str, optional
        Parameters with a control; all when None.
    tabs : iterable of str, optional
        Tabs; all when None.
    network : bool
        Whether frames move.
    kind : str
        ``"dashboard"`` fills the window; ``"lesson"`` sits in a notebook.
    executor : Executor, optional
        Who does what takes long; at once when None.
    later : callable, optional
        Takes what changes after an answer, as :meth:`hear` returns it: the run of a state comes after its curves.
    given : mapping, optional
        Questions that the host of the page answers itself, with octets.

    Attributes
    ----------
    spec : dict
        What a page draws once.
    plots : tuple of str
        Names of the figures in all tabs.

    Raises
    ------
    ValueError
        If a preset, parameter or tab is unknown.

    Examples
    --------
    >>> session = Session(opening="fig10b")
    >>> shown = session.begin()
    >>> round(shown["answer"]["values"]["length_km"])
    60
    >>> answer = session.hear({"revision": 1, "values": {"length_km": 40.0}})["answer"]
    >>> answer["texts"]["length_km"], answer["error"]
    ('40 km', None)
    >>> session.ask({"ask": "code"})[0]["text"].splitlines()[0]
    'import numpy as np'
    """

    def __init__(
        self,
        *,
        opening: str | None = None,
        controls: Iterable[str] | None = None,
        tabs: Iterable[str] | None = None,
        network: bool = True,
        kind: str = "dashboard",
        executor: Executor | None = None,
        later: Callable[[Update], None] | None = None,
        given: Mapping[str, Callable[[], bytes]] | None = None,
    ) -> None:
        names = tuple(TABS) if tabs is None else tuple(tabs)
        self._tabs = {name: tab_named(name) for name in names}
        self.plots = tuple(plot for tab in self._tabs.values() for plot in tab.plots)
        self._state = opened(opening or "first", names[0] if names else "")
        self._network = network
        self._executor = executor or Inline()
        self._later = later
        self._given = given or {}
        self._told: Update | None = None
        self.latest_run: Run | None = None
        self._scene = 0
        self._revisions: dict[str, int] = {}
        self._run_wanted: int | None = None
        self._run_s = 0.0
        self._film, self._search = Latest(self._executor), Latest(self._executor)
        self.spec = page_spec(opening, controls, kind=kind, tabs=self._tabs, network=network)

    @property
    def scenario(self) -> Scenario:
        """The present scenario."""
        return self._state.scenario

    @property
    def awaits_run(self) -> bool:
        """Whether the state on screen is still to be simulated."""
        return self._run_wanted is not None

    def begin(self) -> Update:
        """What a page shows first.

        Returns
        -------
        dict
            ``answer``, ``pins`` and, where frames move, ``run`` and ``settled``.
        """
        told = self._answer("", 0, None)
        if self._network:
            told.update(self._simulate(0) | self._settled())
        return told

    def hear(self, wanted: object) -> Update:
        """Take the moves of one view that are new, and answer all views.

        Parameters
        ----------
        wanted : dict
            Untrusted: ``view``, and ``moves`` with a ``revision`` each.

        Returns
        -------
        dict
            What changed of what :meth:`begin` shows. A refusal is said in the answer and changes nothing.
        """
        before, view, revision = self._state, "", self._revisions.get("", 0)
        error: Fault | None = None
        own: OwnState = {}
        try:
            view, revision, moves = new_moves(wanted, self._revisions)
            for number, move in moves:
                try:
                    own.update(self._take(move))
                except ValueError as problem:
                    name, *_ = (*changed_names(move), None)
                    error = error_words(problem, name)
                self._revisions[view] = number
        except ValueError as problem:
            error = error_words(problem, None)
        try:
            told = self._answer(view, revision, error, before, own)
        except Exception as problem:  # no state that cannot be drawn is kept
            self._state = before
            told = self._answer(view, revision, {"name": None, "message": sentence(problem)}, before)
        self._told = told
        try:
            self._simulate_soon(revision, before)
        finally:
            self._told = None
        return told

    def ask(self, content: object) -> tuple[Reply, list[bytes]]:
        """Answer a question outside the state; :mod:`qpsviz.session.questions` lists them.

        Parameters
        ----------
        content : dict
            Untrusted: ``ask``, and ``number`` and ``asker``, which come back.

        Returns
        -------
        tuple
            The reply, with ``error`` in place of an answer that cannot be given, and files as octets.
        """
        asked = content if isinstance(content, dict) else {}
        asker = {k: v for k, v in asked.items() if k in ("number", "asker") and isinstance(v, (int, str))}
        try:
            if not isinstance(content, dict):
                raise ParameterError("ask", f"a question is a table, not {type(content).__name__}")
            shown = Shown(
                state=self._state, run=self.latest_run, finished_run=self._finished_run, executor=self._executor,
                given=self._given,
            )  # fmt: skip
            reply, buffers = answered(asked, shown)
        except Exception as problem:
            reply, buffers = {"error": sentence(problem)}, []
        return cast("Reply", {"number": None, **asker, **reply}), buffers

    def _take(self, move: Mapping[str, object]) -> OwnState:
        """Move to the wanted state, or raise and stay."""
        state, own = moved(self._state, move, self._tabs)
        if self._network and state.scenario != self.scenario:
            check_run(state.scenario, changed_names(move))
        self._state = state
        return own

    def _answer(
        self,
        view: str,
        revision: int,
        error: Fault | None,
        before: PageState | None = None,
        own: OwnState | None = None,
    ) -> Update:
        state, tab = self._state, self._tabs.get(self._state.tab)
        shown = texts(state.scenario, state.base)
        plots, contents = plot_columns(state.scenario, tab.plots if tab else ()), self._contents()
        if before is None or before.film != state.film:
            self._scene += 1
        self._revisions[view] = revision
        while len(self._revisions) > MOST_VIEWS:
            del self._revisions[next(name for name in self._revisions if name != view)]
        answer: Answer = {
            "revision": revision,
            "view": view,
            "revisions": dict(self._revisions),
            "scene": self._scene,
            "error": error,
            "own": own or {},
            "tab": state.tab,
            "linked": state.linked,
            "seed": state.seed,
            "link": state.link,
            **shown,
            "plots": plots,
            "contents": contents,
        }
        if before is None or state.pins != before.pins:
            return {"pins": pinned_curves(state.pins), "answer": answer}
        return {"answer": answer}

    def _contents(self) -> Contents:
        """What the open tab shows, under its name; a tab that is figures alone gets columns instead."""
        name = self._state.tab
        tab = TABS.get(name)
        if tab is None or not tab.draws_itself:
            return {}
        return cast("Contents", {name: pack(tab.data(self.scenario, self.latest_run))})

    def _simulate_soon(self, revision: int, before: PageState) -> None:
        """Answer first, simulate after, search last: the curves do not wait for the frames."""
        if not self._network or before.film == self._state.film:
            return
        self._search.soon(REST_S, lambda: self._tell(self._settled()))
        was_waiting, self._run_wanted = self.awaits_run, revision
        is_long = self._run_s > LONG_RUN_S
        if was_waiting and not is_long:
            return
        self._film.soon(REST_S if is_long else PAINTING_S, self._simulate_wanted)

    def _simulate_wanted(self) -> None:
        revision, self._run_wanted = self._run_wanted, None
        if revision is None:
            return
        self._tell(self._simulate(revision))

    def _tell(self, told: Update) -> None:
        """Say it with the answer that is being made, or after it."""
        if self._told is not None:
            self._told.update(told)
        elif self._later is not None:
            self._later(told)

    def _settled(self) -> Update:
        return {"settled": {"scene": self._scene, "tiles": settled_tiles(self.scenario)}}

    def _simulate(self, revision: int) -> Update:
        head: RunHead = {"revision": revision, "scene": self._scene}
        start = time.perf_counter()
        try:
            self.latest_run = None
            self.latest_run = simulate(self.scenario, seed=self._state.seed)
            packed = cast("Schedule", pack(schedule(self.latest_run), exact=True))
            tiles = {"delivered": delivered_tile(self.latest_run.summary())}
        except Exception as problem:  # the page says so, instead of showing the film of another state
            return {"run": {**head, "error": sentence(problem)}}
        self._run_s = time.perf_counter() - start
        return {"run": {**head, **packed, "tiles": tiles}}

    def _finished_run(self) -> Run | None:
        self._simulate_wanted()
        return self.latest_run
