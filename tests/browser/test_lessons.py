"""A lesson in Voila: the picture moves, the controls answer, and the questions are graded."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest

import qpsviz as qps

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
FIRST = "01-what-is-a-hybrid-frame.ipynb"
ANCHORS = "() => [...document.querySelectorAll('#rendered_cells [id]')].map((e) => e.id)"


@pytest.fixture(scope="module")
def lesson(open_explorer: Any) -> Iterator[Any]:
    """The first lesson, opened as a pupil opens it."""
    opened = open_explorer(f"voila/render/{FIRST}")
    yield opened
    opened.page.context.close()


def test_a_lesson_opens_on_its_question_and_moves(lesson: Any) -> None:
    title = lesson.page.get_by_role("heading", level=1).first.inner_text()
    assert title.rstrip("¶").endswith("?")
    before = lesson.ask("p => p.clock.time")
    lesson.page.locator(".qps-network").scroll_into_view_if_needed()
    lesson.until(f"p => p.clock.time > {before} + 2")
    assert lesson.page.locator(".jp-CodeMirrorEditor, .jp-InputArea-editor").filter(visible=True).count() == 0
    assert lesson.errors == []


def test_a_control_of_a_lesson_moves_its_curves(lesson: Any) -> None:
    lesson.act(lambda: lesson.slider("length_km").press("ArrowRight"))
    assert lesson.scenario == qps.preset("first").replace(length_km=61.0)
    lesson.check_everything_shown()


def test_a_lesson_asks_only_for_what_it_shows(lesson: Any) -> None:
    source = "".join(cell.source for cell in nbformat.read(NOTEBOOKS / FIRST, as_version=4).cells)
    wanted = re.search(r"controls=\[(.*?)\]", source, re.DOTALL)
    assert wanted is not None
    shown = lesson.page.locator(".qps-row").evaluate_all("(rows) => rows.map((row) => row.dataset.parameter)")
    assert sorted(shown) == sorted(re.findall(r'"(\w+)"', wanted[1]))


def test_a_right_answer_is_praised_and_a_wrong_one_gets_a_hint(lesson: Any) -> None:
    question = lesson.page.locator(".qps-question").filter(has_text="How much guard")
    verdict = question.get_by_role("status")
    right = qps.solve(qps.preset("first").replace(n_relays=4), "guard_us", payload_kept=1.0)
    question.get_by_role("textbox").fill("10 us")
    question.get_by_role("button").click()
    verdict.filter(has_text="too small").wait_for()
    question.get_by_role("textbox").fill("some")
    question.get_by_role("textbox").press("Enter")
    verdict.filter(has_text="'some' is not a number").wait_for()
    question.get_by_role("textbox").fill(f"{right / 1e3} ms")
    question.get_by_role("textbox").press("Enter")
    verdict.filter(has_text="Right").wait_for()
    assert lesson.errors == []


def test_no_two_parts_of_a_lesson_share_an_id(lesson: Any) -> None:
    assert lesson.page.locator(".qps-question").count() > 1
    ids = lesson.page.locator(".qps, .qps [id]").evaluate_all("(all) => all.map((e) => e.id).filter(Boolean)")
    names = lesson.page.locator(".qps-question").evaluate_all(
        "(all) => all.flatMap((form) => [...new Set([...form.querySelectorAll('[name]')].map((e) => e.name))])"
    )
    assert len(ids) == len(set(ids))
    assert len(names) == len(set(names)), "two questions share their answers"


def test_a_lesson_fits_its_window(lesson: Any) -> None:
    for width in (1280, 390):
        lesson.page.set_viewport_size({"width": width, "height": 800})
        lesson.page.wait_for_function(f"document.scrollingElement.scrollWidth <= {width}")  # figures follow a resize
    lesson.page.set_viewport_size({"width": 1280, "height": 800})


def test_a_word_of_a_lesson_leads_to_its_place_in_the_glossary(lesson: Any) -> None:
    links = lesson.page.locator("a[href*='glossary.ipynb#']")
    wanted = links.evaluate_all("(all) => all.map((a) => a.getAttribute('href').split('#')[1])")
    assert len(wanted) >= 3
    links.first.click()
    lesson.page.wait_for_url("**/glossary.ipynb*")
    lesson.page.get_by_role("heading", level=1).first.wait_for()
    assert set(wanted) <= set(lesson.page.evaluate(ANCHORS))


def test_a_picture_of_a_lesson_is_whole_and_its_python_is_shown(
    new_context: Any, explorer_on: Any, dashboard_url: str
) -> None:
    page = new_context().new_page()
    page.goto(f"{dashboard_url}voila/render/03-what-happens-inside-a-q-roadm.ipynb")
    explorer_on(page)
    box = page.locator(".qps-switch-box")
    assert box.evaluate("(e) => e.scrollWidth - e.clientWidth") <= 0
    code = page.locator(".qpsviz-python")
    assert code.count() == 1
    assert "QRoadm.near_term" in code.inner_text()
    page.context.close()
