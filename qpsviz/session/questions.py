"""Questions outside the state of a page, each under its word: its link, its code, a tab, a file, what a host gives."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qpsviz.errors import ParameterError
from qpsviz.session import exports, share_link
from qpsviz.session.answers import with_octets
from qpsviz.session.executor import Executor
from qpsviz.session.moves import PageState
from qpsviz.session.requests import short_name
from qpsviz.session.tabs.declared import TABS

if TYPE_CHECKING:
    from qpsviz.session.protocol.tabs import TabReply
    from qpsviz.sim import Run

    Answered = tuple[Mapping[str, object] | TabReply, list[bytes]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a question is about: the state on screen, its run, and who does what takes long.

    ``run`` may be that of an older state, or none yet; ``finished_run`` waits for that of the state. ``given`` is what
    the host of the page answers itself, as octets.
    """

    state: PageState
    run: Run | None
    finished_run: Callable[[], Run | None]
    executor: Executor
    given: Mapping[str, Callable[[], bytes]]


def answered(asked: Mapping[str, object], shown: Shown) -> Answered:
    """The answer to a question.

    Parameters
    ----------
    asked : mapping
        Untrusted: ``ask``, one of :data:`QUESTIONS` or what the host answers; and what goes with it.
    shown : Shown
        What it is about.

    Returns
    -------
    tuple
        The reply, and files as octets.

    Raises
    ------
    ValueError
        If there is no such question, or what it asks for is not there.
    """
    ask = short_name("ask", asked.get("ask"))
    if ask in shown.given:
        return {}, [shown.given[ask]()]
    if ask not in QUESTIONS:
        raise ParameterError("ask", f"unknown question {ask!r}")
    return QUESTIONS[ask](asked, shown)


def _link(_: Mapping[str, object], shown: Shown) -> Answered:
    return {"link": shown.state.link}, []


def _code(_: Mapping[str, object], shown: Shown) -> Answered:
    state, plots = shown.state, ("key_rate", "fidelity")
    return {"text": share_link.to_python(state.scenario, plots=plots, seed=state.seed)}, []


def _tab(asked: Mapping[str, object], shown: Shown) -> Answered:
    name = short_name("tab", asked.get("tab"))
    question = TABS[name].question if name in TABS else None
    if question is None:
        raise ParameterError("tab", f"no tab called {name!r} takes questions")
    told = {**asked, "seed": shown.state.seed}
    return with_octets(question(shown.state.scenario, shown.run, told, shown.executor))


def _file(asked: Mapping[str, object], shown: Shown) -> Answered:
    run = shown.finished_run()  # a file is of the state on screen, also in the moment before its film is there
    file, kind, data = exports.make(short_name("name", asked.get("name")), shown.state.scenario, run)
    return {"file": file, "type": kind}, [data]


QUESTIONS: dict[str, Callable[[Mapping[str, object], Shown], Answered]] = {
    "link": _link,
    "code": _code,
    "tab": _tab,
    "file": _file,
}
