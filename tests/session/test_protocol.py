"""The protocol between page and session: both sides say the same, and messages are what it says."""

from __future__ import annotations

import re
from importlib.resources import files
from typing import Any, get_type_hints

import pytest

from qpsviz.session import Session, protocol
from qpsviz.session.moves import PARTS

TYPES = {
    name: found for name, found in vars(protocol).items() if isinstance(found, type) and hasattr(found, "__total__")
}
BROWSER = files("qpsviz.web").joinpath("js", "protocol.d.ts").read_text(encoding="utf-8")
SCRIPT = files("qpsviz.web").joinpath("js", "app.js").read_text(encoding="utf-8")


def members(name: str) -> dict[str, bool]:
    """Members of an interface of the browser, and whether each may be missing."""
    found = re.search(rf"export interface {name} \{{(.*?)\n\}}", BROWSER, re.DOTALL)
    assert found is not None, f"the browser has no {name}"
    return {m[1]: m[2] == "?" for m in re.finditer(r"^  (\w+)(\??):", found[1], re.MULTILINE)}


@pytest.mark.parametrize("name", TYPES)
def test_both_sides_have_the_same_names_and_leave_out_the_same(name: str) -> None:
    mine: Any = TYPES[name]
    assert members(name) == {key: key in mine.__optional_keys__ for key in mine.__annotations__}


def test_the_browser_has_no_message_of_its_own() -> None:
    assert set(re.findall(r"export interface (\w+)", BROWSER)) == set(TYPES)


@pytest.fixture(scope="module")
def session() -> Session:
    """A session that has begun."""
    made = Session()
    made.first = made.begin()  # type: ignore[attr-defined]
    return made


def is_like(value: Any, declared: Any) -> None:
    """A table has all that it must have, and nothing that is not declared."""
    assert declared.__required_keys__ <= set(value) <= set(declared.__annotations__), declared.__name__


def test_an_answer_is_what_the_protocol_says(session: Session) -> None:
    first = session.first  # type: ignore[attr-defined]
    refused = session.hear({"view": "a", "moves": [{"revision": 1, "typed": {"name": "length_km", "text": "far"}}]})
    for answer in (first["answer"], refused["answer"]):
        is_like(answer, protocol.Answer)
        for tile in answer["tiles"].values():
            is_like(tile, protocol.Tile)
        for plot in answer["plots"].values():
            is_like(plot, protocol.Plot)
    is_like(refused["answer"]["error"], protocol.Fault)
    assert protocol.Run.__required_keys__ <= set(first["run"])


def test_a_move_has_the_parts_that_a_session_takes() -> None:
    assert set(get_type_hints(protocol.Move)) - {"revision"} == PARTS


@pytest.mark.parametrize("ask", ["link", "code", "file", "nonsense"])
def test_a_reply_is_what_the_protocol_says(session: Session, ask: str) -> None:
    reply, _ = session.ask({"ask": ask, "name": "scenario.toml", "number": 3, "asker": "a"})
    is_like(reply, protocol.Reply)


def test_the_page_reads_nothing_of_an_answer_that_is_not_sent() -> None:
    read = set(re.findall(r"\b(?:answer|told)\.(\w+)", SCRIPT))
    assert read <= set(protocol.Answer.__annotations__)
