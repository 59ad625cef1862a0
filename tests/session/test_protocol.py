"""The protocol between page and session: both sides say the same, and messages are what it says."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from importlib import import_module
from importlib.resources import files
from pathlib import Path
from typing import Any, get_type_hints, is_typeddict

import pytest

from qpsviz.figures.plots import figure_spec
from qpsviz.lessons.questions import ChoiceQuestion, NumberQuestion
from qpsviz.session import Session, protocol
from qpsviz.session.film.trace import trace_schedule
from qpsviz.session.moves import PARTS
from qpsviz.session.protocol import frame, messages, spec, tabs, trace
from qpsviz.session.protocol.film import FilmData
from qpsviz.session.tabs.declared import TABS
from qpsviz.traces import load
from qpsviz.widgets import film

MODULES = ("values", "film", "trace", "frame", "traffic", "tabs", "spec", "messages")
SCRIPTS = files("qpsviz.web").joinpath("js")
TYPES: dict[str, Any] = {
    name: found
    for module in map(import_module, (f"qpsviz.session.protocol.{name}" for name in MODULES))
    for name, found in vars(module).items()
    if is_typeddict(found)
}
BROWSER = {name: SCRIPTS.joinpath("protocol", f"{name}.d.ts").read_text(encoding="utf-8") for name in MODULES}
PYTHON_BASES = {
    node.name: [ast.unparse(base) for base in node.bases]
    for module in MODULES
    for node in ast.parse(Path(protocol.__file__).with_name(f"{module}.py").read_text(encoding="utf-8")).body
    if isinstance(node, ast.ClassDef)
}
SCRIPT = SCRIPTS.joinpath("app.js").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", TYPES)
def test_both_sides_have_the_same_names_types_and_leave_out_the_same(name: str, typescript: Any) -> None:
    theirs = typescript.interfaces("\n".join(BROWSER.values()))
    assert theirs[name] == typescript.members_of_python(TYPES[name])


@pytest.mark.parametrize("name", TYPES)
def test_a_message_that_extends_others_says_so_on_both_sides(name: str, typescript: Any) -> None:
    bases = [base for base in PYTHON_BASES.get(name, []) if base in TYPES]
    assert typescript.bases("\n".join(BROWSER.values()))[name] == bases


def test_the_browser_has_no_message_of_its_own(typescript: Any) -> None:
    assert set(typescript.interfaces("\n".join(BROWSER.values()))) == set(TYPES)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("number[] | null", "Array<number> | null"),
        ("(Packed | null)[]", "Array<Packed | null>"),
        ('Record<"x" | "y", [string, number]>', 'Record<"x" | "y", [string, number]>'),
        ("[reserved: number, refused: number]", "[number, number]"),
        ("Value", "boolean | null | number | string"),
    ],
)
def test_a_type_of_the_browser_is_read_as_it_is_written(typescript: Any, written: str, read: str) -> None:
    aliases = {"Value": "number | boolean | string | null"}
    assert typescript.TypeReader(written, aliases).union() == read


@pytest.mark.parametrize(
    ("value", "declared"),
    [
        ({"text": "1", "unit": "", "note": ""}, messages.Tile),
        ({"text": "1", "unit": "", "note": "", "bad": 0}, messages.Tile),
        ({"text": 1, "unit": "", "note": "", "bad": False}, messages.Tile),
        ({"marks": ["header", None]}, tabs.EventMarks),
        ({"marks": [], "more": 1}, tabs.EventMarks),
        ({"loading": False}, tabs.Loading),
    ],
)
def test_a_message_that_is_not_what_its_type_says_is_found(typescript: Any, value: object, declared: object) -> None:
    assert typescript.differences(value, declared) != []


@pytest.fixture(scope="module")
def session() -> Session:
    """A session that has begun."""
    made = Session()
    made.first = made.begin()  # type: ignore[attr-defined]
    return made


@pytest.fixture(scope="module")
def typescript() -> Any:
    """What reads and compares types."""
    from importlib.util import module_from_spec, spec_from_file_location

    found = spec_from_file_location("typescript", Path(__file__).with_name("typescript.py"))
    assert found is not None
    assert found.loader is not None
    module = module_from_spec(found)
    found.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def is_like(typescript: Any) -> Callable[[object, object], None]:
    """A message is what its type says."""

    def check(value: object, declared: object) -> None:
        assert typescript.differences(value, declared) == []

    return check


def test_what_a_page_draws_once_is_what_the_protocol_says(session: Session, is_like: Any) -> None:
    is_like(session.spec, spec.SessionSpec)
    is_like({**session.spec, **figure_spec(session.plots)}, spec.PageSpec)


def test_an_answer_is_what_the_protocol_says(session: Session, is_like: Any) -> None:
    first = session.first  # type: ignore[attr-defined]
    is_like(first, messages.Update)
    is_like(first["run"], FilmData)
    refused = session.hear({"view": "a", "moves": [{"revision": 1, "typed": {"name": "length_km", "text": "far"}}]})
    is_like(refused, messages.Update)
    is_like(refused["answer"]["error"], messages.Fault)


@pytest.mark.parametrize("tab", TABS)
def test_an_answer_with_any_tab_open_is_what_the_protocol_says(session: Session, is_like: Any, tab: str) -> None:
    for moves in ({"tab": tab}, {"pin": {"figure": "fidelity", "on": tab != "audit"}}, {"preset": "memory-buys"}):
        answer = session.hear({"revision": session.first["answer"]["revision"] + 1, **moves})  # type: ignore[attr-defined]
        is_like(answer, messages.Update)
        assert answer["answer"]["error"] is None
    assert set(answer["answer"]["contents"]) <= {tab}


def test_what_a_link_says_about_one_view_is_what_the_protocol_says(session: Session, is_like: Any) -> None:
    answer = session.hear({"revision": 9, "link": LINK})["answer"]
    is_like(answer["own"], messages.OwnState)
    assert set(answer["own"]) == set(messages.OwnState.__annotations__)


def test_a_move_has_the_parts_that_a_session_takes() -> None:
    assert set(get_type_hints(messages.Move)) - {"revision"} == PARTS


@pytest.mark.parametrize("ask", ["link", "code", "file", "nonsense"])
def test_a_reply_is_what_the_protocol_says(session: Session, is_like: Any, ask: str) -> None:
    reply, _ = session.ask({"ask": ask, "name": "scenario.toml", "number": 3, "asker": "a"})
    is_like(reply, messages.Reply)


LINK = (
    "cursor=4.5&relay=1&theme=dark&dots=slots&tab=log&traffic=metro,even,poisson,1,0.4,store"
    "&publication=measured-bbm92-link"
)
FRAME = "02000000000202000000000188b5" + "00" * 50


@pytest.mark.parametrize(
    ("tab", "asked", "declared"),
    [
        ("frame", {"do": "follow", "time": 5.0}, frame.RunFrame),
        ("frame", {"do": "paste", "text": "02 zz"}, frame.FrameOctets),
        ("frame", {"do": "paste", "text": FRAME}, frame.FrameOctets),
        ("budget", {"output": "fidelity", "text": "0.9"}, tabs.NeededTable),
        ("budget", {"output": "key_rate", "text": "5"}, tabs.NeededTable),
        ("budget", {"of": "key_rate_finite"}, tabs.Budget),
        ("keys", {}, tabs.KeysAnswer),
        pytest.param("state", {}, tabs.StateAnswer, marks=pytest.mark.slow),
        pytest.param("audit", {}, tabs.AuditTable, marks=pytest.mark.slow),
        ("audit", {"publication": "measured-bbm92-link"}, tabs.AuditTable),
    ],
)
def test_the_reply_to_a_tab_is_what_the_protocol_says(
    session: Session, is_like: Any, tab: str, asked: dict[str, object], declared: Any
) -> None:
    reply, _ = session.ask({"ask": "tab", "tab": tab, "number": 3, "asker": "a", **asked})
    assert (reply.pop("number"), reply.pop("asker")) == (3, "a")
    is_like(reply, declared)


def test_the_replies_to_a_valid_frame_are_what_the_protocol_says(session: Session, is_like: Any) -> None:
    def ask(**asked: object) -> dict[str, Any]:
        reply: Any = session.ask({"ask": "tab", "tab": "frame", "number": 3, "asker": "a", **asked})[0]
        return {name: value for name, value in reply.items() if name not in ("number", "asker")}

    octets = ask(do="follow", time=0.0)["octets"]
    is_like(ask(do="paste", text=octets), frame.ValidFrame)
    is_like(ask(do="edit", octets=octets, name="attempt", text="2"), frame.ValidFrame)
    is_like(ask(do="edit", octets=octets, name="attempt", text="never"), frame.RefusedEdit)
    is_like(ask(do="repair", text=octets[:-8], how="append"), frame.FrameText)
    is_like(ask(do="misread", octets=octets), frame.FrameText)


def test_a_film_alone_is_what_the_protocol_says(session: Session, is_like: Any) -> None:
    assert session.latest_run is not None
    is_like(film(session.latest_run).spec, spec.FilmSpec)


def test_the_film_of_a_trace_is_what_the_protocol_says(session: Session, is_like: Any, tmp_path: Path) -> None:
    assert session.latest_run is not None
    session.latest_run.to_q2nsviz(tmp_path / "trace.json")
    read = load(tmp_path / "trace.json")
    is_like(film(read).spec, spec.FilmSpec)
    is_like(trace_schedule(read), trace.TraceSchedule)


def test_a_question_of_a_lesson_is_what_the_protocol_says(is_like: Any) -> None:
    number = NumberQuestion("How far?", right=40.0, unit="km", tolerance=0.02, hint="")
    choice = ChoiceQuestion("Which?", options=["this", "that"], right="this", hint="")
    for question, answer in ((number, "40 km"), (choice, "that")):
        is_like(question.spec, messages.LessonQuestion)
        is_like(question.verdict, messages.Verdict)
        question.request = {"number": 1, "answer": answer}
        is_like(question.request, messages.LessonAnswer)
        is_like(question.verdict, messages.Verdict)
        assert question.verdict["good"] == (answer == "40 km")


def test_the_page_reads_nothing_of_an_answer_that_is_not_sent() -> None:
    read = set(re.findall(r"\b(?:answer|told)\.(\w+)", SCRIPT))
    assert read <= set(messages.Answer.__annotations__)
