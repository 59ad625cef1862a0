"""What a page refuses, in words and without a change: malformed requests and messages, and what cannot be made."""

from __future__ import annotations

import builtins
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import qpsviz as qps
from qpsviz.lessons import questions as lesson
from qpsviz.session import bounds, session
from qpsviz.session.executor import Inline, Once
from qpsviz.widgets import Page

Ask = Callable[..., tuple[dict[str, Any], list[Any]]]
Move = Callable[..., dict[str, Any]]
FIRST = qps.preset("first")


MALFORMED: list[Any] = [
    [],
    "preset",
    None,
    7,
    {"revision": "two"},
    {"revision": None},
    {"revision": float("nan")},
    {"revision": -1},
    {"revision": True},
    {"revision": 10**400},
    {"view": ["a"]},
    {"view": "x" * 1000},
    {"wormhole": 1},
    {"values": []},
    {"values": {"x" * 100_000: 1}},
    {"values": {"length_km": {}}},
    {"values": {"length_km": float("inf")}},
    {"typed": {"name": "length_km", "text": "1" * 1_000_000}},
    {"typed": {"name": [], "text": "1"}},
    {"preset": {}},
    {"link": {}},
    {"linked": "yes"},
    {"tab": 3},
    {"tab": "attic"},
    {"seed": 1.5},
    {"pin": []},
    {"pin": {"figure": None}},
    {"moves": {}},
    {"moves": [3]},
    {"moves": [{"values": {}}]},
    {"moves": [{"revision": "x"}]},
    {"moves": [{"revision": 1}] * 100_000},
]


@pytest.mark.parametrize("request_", MALFORMED, ids=lambda r: f"{r!r:.40}")
def test_a_malformed_request_is_answered_with_an_error_and_changes_nothing(
    opened: Page, kernel: ThreadPoolExecutor, capsys: pytest.CaptureFixture[str], request_: Any
) -> None:
    sent = {
        "content": {"data": {"method": "update", "state": {"request": request_}, "buffer_paths": []}},
        "buffers": [],
    }
    kernel.submit(opened._handle_msg, sent).result()
    assert opened.answer["error"]["message"]
    assert len(opened.answer["error"]["message"]) < 400
    assert opened.scenario == FIRST
    json.dumps(opened.answer["error"], allow_nan=False)
    shown = "".join(capsys.readouterr())
    assert ".py" not in shown


@pytest.mark.parametrize(
    "data",
    [
        [],
        {},
        {"method": "update", "state": []},
        {"method": "update", "state": {"answer": {}}},
        {"method": "update", "state": {"_esm": "alert(1)"}},
        {"method": "update", "state": {"request": {}}, "buffer_paths": [["request", "x"]]},
        {"method": "destroy"},
        {"method": "custom", "content": []},
        {"method": "custom", "content": "link"},
        {"method": "custom", "content": {"ask": {}, "number": [1]}},
        {"method": "custom", "content": {"ask": "tab", "tab": ["frame"]}},
        {"method": "custom", "content": {"ask": "tab", "tab": "frame", "do": "paste", "text": {}}},
        {"method": "custom", "content": {"ask": "file", "name": None}},
    ],
    ids=lambda d: f"{d!r:.60}",
)
def test_a_malformed_message_is_answered_in_words_without_a_traceback(
    opened: Page, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], data: Any
) -> None:
    said: list[dict[str, Any]] = []
    monkeypatch.setattr(opened, "send", lambda content, buffers=None: said.append(content))
    before = (opened.answer, opened._esm)
    opened._handle_msg({"content": {"data": data}, "buffers": [b"x"]})
    (answer,) = said
    assert answer.get("error") or answer.get("fault")
    json.dumps(answer, allow_nan=False)
    assert (opened.answer, opened._esm) == before
    assert ".py" not in "".join(capsys.readouterr()) + str(answer)


@pytest.mark.parametrize(
    "request_", [[], "x", {"answer": ["1"]}, {"number": "x", "answer": "1"}, {"answer": "1" * 10**6}]
)
def test_a_malformed_answer_to_a_question_is_a_wrong_one(request_: Any) -> None:
    question = lesson.ask_output("How far?", qps.preset("fig7"), "reach_km")
    question.request = request_
    assert question.verdict["good"] is False
    assert question.verdict["words"].endswith(".")
    assert len(question.verdict["words"]) < 100


def test_without_qutip_the_state_tab_says_so(opened: Page, answers: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *rest: Any) -> Any:
        if name.partition(".")[0] == "qutip":
            raise ModuleNotFoundError("No module named 'qutip'", name="qutip")
        return real(name, *rest)

    def load() -> None:
        without("qutip")

    referee = Once(load)
    monkeypatch.setattr("qpsviz.session.tabs.state._referee", referee)
    assert referee.ready(Inline())
    error = answers(opened, "tab", tab="state")[0]["error"]
    assert "qutip is not installed" in error
    assert "pip install qutip" in error


def test_what_cannot_be_drawn_is_refused_and_the_state_stays(
    opened: Page, move: Move, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = opened.run
    monkeypatch.setattr(session, "plot_columns", lambda scenario, _: {} if scenario == FIRST else 1 / 0)
    answer = move(opened, values={"length_km": 70.0})
    assert answer["error"]["message"] == "This could not be computed (ZeroDivisionError)."
    assert opened.scenario == FIRST
    assert opened.run is run
    assert answer["scene"] == run["scene"]


def test_a_film_that_cannot_be_made_says_so_instead_of_showing_another(
    opened: Page, move: Move, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise MemoryError

    monkeypatch.setattr(session, "simulate", broken)
    answer = move(opened, values={"length_km": 71.0})
    assert opened.run == {
        "revision": answer["revision"],
        "scene": answer["scene"],
        "error": "This could not be computed (MemoryError).",
    }


@pytest.mark.parametrize(
    ("values", "moved_name"),
    [
        ({"n_frames": 5_001}, "n_frames"),
        ({"n_frames": 200, "n_relays": 1000}, "n_frames"),
        ({"n_relays": 1000, "n_frames": 200}, "n_relays"),
    ],
)
def test_a_run_too_long_for_a_page_is_refused_beside_what_made_it_long(
    opened: Page, move: Move, values: dict[str, Any], moved_name: str
) -> None:
    run = opened.run
    error = move(opened, values=values)["error"]
    assert error["name"] == moved_name
    assert "more than a page shows" in error["message"]
    assert opened.run is run
    assert opened.scenario == FIRST
    assert move(opened, values={"n_frames": 5_000})["error"] is None
    assert len(np.frombuffer(opened.run["legs"]["p0"]["data"])) <= bounds.MOST_LEGS


@settings(max_examples=40)
@given(
    layout=st.sampled_from(("split", "sender")),
    discipline=st.sampled_from(qps.Discipline),
    n_relays=st.integers(0, 4),
    n_frames=st.integers(1, 8),
    max_attempts=st.integers(1, 4),
    p_free=st.sampled_from((0.3, 0.8, 1.0)),
    processing_us=st.sampled_from((0.0, 20.0, 100.0)),
    late_payload=st.sampled_from(("truncate", "discard")),
)
def test_no_run_has_more_legs_than_its_bound(**values: Any) -> None:
    scenario = FIRST.replace(**values)
    assert len(qps.simulate(scenario, seed=3).legs) <= bounds.most_legs(scenario)
