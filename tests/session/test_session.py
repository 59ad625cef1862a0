"""A page without a widget: the same state and answers for every host, and nothing heavier than NumPy."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from concurrent.futures import Future
from importlib.resources import files
from typing import Any, get_args, get_type_hints

import pytest

import qpsviz as qps
from qpsviz.session import Inline, Session, Threads
from qpsviz.session.executor import Once
from qpsviz.session.protocol import messages
from qpsviz.session.questions import QUESTIONS
from qpsviz.session.tabs.declared import TABS
from qpsviz.session.tiles import settled_tiles


class ByHand(Inline):
    """Does nothing until it is told to."""

    def __init__(self) -> None:
        self.waiting: list[Callable[[], None]] = []
        self.delays_s: list[float] = []

    def soon(self, delay_s: float, work: Callable[[], None]) -> Callable[[], None]:
        """Keep the work."""
        self.waiting.append(work)
        self.delays_s.append(delay_s)
        return lambda: self.waiting.remove(work) if work in self.waiting else None

    def start(self, work: Callable[[], Any]) -> Future[Any]:
        """Keep long work, too."""
        future: Future[Any] = Future()
        self.waiting.append(lambda: future.set_result(work()))
        return future

    def do(self) -> None:
        """Do all that waits."""
        waiting, self.waiting[:] = list(self.waiting), []
        for work in waiting:
            work()


def test_a_session_that_computes_at_once_answers_with_its_run() -> None:
    session = Session(opening="fig7")
    first = session.begin()
    assert set(first) == {"answer", "pins", "run", "settled"}
    told = session.hear({"revision": 1, "values": {"length_km": 30.0}})
    assert set(told) == {"answer", "run", "settled"}
    assert session.scenario == qps.preset("fig7").replace(length_km=30.0)
    assert told["run"]["scene"] == told["answer"]["scene"] == first["answer"]["scene"] + 1
    assert session.latest_run is not None
    assert session.latest_run.scenario == session.scenario


def test_a_run_comes_after_its_curves_and_an_overtaken_state_is_not_simulated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qpsviz.session.session.LONG_RUN_S", float("inf"))  # however busy the machine is
    told: list[dict[str, Any]] = []
    executor = ByHand()
    session = Session(executor=executor, later=told.append)
    session.begin()
    for revision, length_km in enumerate((70.0, 75.0, 80.0), 1):
        assert set(session.hear({"revision": revision, "values": {"length_km": length_km}})) == {"answer"}
    assert session.awaits_run
    executor.do()
    assert [list(changed) for changed in told] == [["run"], ["settled"]]
    assert told[0]["run"]["revision"] == 3
    assert not session.awaits_run


def test_after_a_long_run_the_next_waits_until_the_controls_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[dict[str, Any]] = []
    executor = ByHand()
    session = Session(executor=executor, later=told.append)
    now = [0.0]

    def tick() -> float:
        now[0] += 0.2
        return now[0]

    monkeypatch.setattr(time, "perf_counter", tick)
    session.begin()
    for revision in (1, 2, 3):
        session.hear({"revision": revision, "values": {"length_km": 60.0 + revision}})
    assert executor.delays_s == [0.25] * 6, "a run and a search for each move"
    assert len(executor.waiting) == 2, "what was overtaken is still to come"
    executor.do()
    assert [changed["run"]["revision"] for changed in told if "run" in changed] == [3]


def test_what_takes_a_search_is_of_the_newest_state_and_of_the_scene_that_the_answer_names() -> None:
    told: list[dict[str, Any]] = []
    executor = ByHand()
    session = Session(executor=executor, later=told.append)
    session.begin()
    for revision in (1, 2, 3):
        answer = session.hear({"revision": revision, "values": {"length_km": 60.0 + revision}})["answer"]
    executor.do()
    (settled,) = [changed["settled"] for changed in told if "settled" in changed]
    assert settled == {"scene": answer["scene"], "tiles": settled_tiles(session.scenario)}
    session.hear({"revision": 4, "tab": "switch"})
    assert executor.waiting == [], "another tab needs no search"


def test_a_search_that_fails_is_said_in_its_tile_and_the_curves_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(scenario: qps.Scenario) -> None:
        raise ValueError("no settings found")

    monkeypatch.setattr("qpsviz.session.tiles.finite_key_tile", refuse)
    told = Session().hear({"revision": 1, "values": {"length_km": 61.0}})
    assert told["answer"]["error"] is None
    assert told["settled"]["tiles"]["key_rate_finite"]["note"] == "no settings found"


def test_a_file_is_of_the_state_on_screen_even_before_its_run_was_shown() -> None:
    executor = ByHand()
    session = Session(executor=executor)
    session.begin()
    session.hear({"revision": 1, "preset": "fig10b"})
    reply, (octets,) = session.ask({"ask": "file", "name": "scenario.toml", "number": 5, "asker": "a"})
    assert reply == {"number": 5, "asker": "a", "file": "scenario.toml", "type": "application/toml"}
    assert qps.Scenario.from_toml(octets.decode()) == qps.preset("fig10b")
    run = session.ask({"ask": "file", "name": "run.json"})[1][0]
    assert b"fig10b" in run or len(run) > 1000
    assert not session.awaits_run


@pytest.mark.parametrize("name", ["run.json", "headers.pcapng"])
def test_a_page_without_a_run_says_so_when_asked_for_a_file_of_it(name: str) -> None:
    reply, files = Session(network=False).ask({"ask": "file", "name": name})
    assert (reply, files) == ({"number": None, "error": f"there is no run to make {name} of"}, [])


def test_every_tab_that_is_more_than_figures_has_a_class_in_the_browser() -> None:
    script = files("qpsviz.web").joinpath("js", "tabs", "classes.js").read_text(encoding="utf-8")
    classes = re.findall(r"^  (\w+): \w+Tab,$", script, re.MULTILINE)
    assert {name for name, tab in TABS.items() if tab.draws_itself} ^ set(classes) == set()


@pytest.mark.parametrize("view", sorted(name for name, tab in TABS.items() if tab.question))
def test_every_tab_answers_a_question_without_a_widget(view: str) -> None:
    asked = {"frame": {"do": "paste", "text": "00"}, "budget": {"output": "fidelity", "goal": 0.9}}.get(view, {})
    session = Session(opening="fig10b")
    session.begin()
    reply, files = session.ask({"ask": "tab", "tab": view, "number": 1, **asked})
    assert files == []
    assert reply["number"] == 1
    assert not reply.get("loading"), "long work was not done at once by an executor that does everything at once"


def test_long_work_is_done_once_and_its_error_reaches_everybody() -> None:
    calls: list[int] = []

    def work() -> int:
        calls.append(1)
        raise ZeroDivisionError

    once = Once(work)
    with pytest.raises(RuntimeError, match="nothing was started"):
        once.result()
    for executor in (Inline(), Inline()):
        assert once.ready(executor)
        with pytest.raises(ZeroDivisionError):
            once.result()
    assert calls == [1]


def test_threads_begin_long_work_without_waiting_for_it() -> None:
    gate: Future[int] = Future()
    once = Once(gate.result)
    assert not once.ready(Threads())
    gate.set_result(3)
    assert once.result() == 3
    assert once.ready(Threads())


def test_what_a_host_answers_itself_is_asked_of_it() -> None:
    session = Session(network=False, given={"bokeh": lambda: b"script"})
    session.begin()
    assert session.ask({"ask": "bokeh", "number": 4}) == ({"number": 4}, [b"script"])


def test_every_question_of_the_protocol_is_answered_by_the_session_or_its_host() -> None:
    asked = get_args(get_type_hints(messages.Question)["ask"])
    assert {*asked} - {*QUESTIONS} == {"bokeh"}
    assert {*QUESTIONS} <= {*asked}


@pytest.mark.parametrize("content", [None, [], "ask", {"ask": 7}, {"ask": "bokeh"}, {"ask": "tab", "tab": "roof"}])
def test_a_question_that_is_none_is_answered_in_a_sentence(content: Any) -> None:
    session = Session(network=False)
    session.begin()
    reply, files = session.ask(content)
    assert reply["error"]
    assert files == []
