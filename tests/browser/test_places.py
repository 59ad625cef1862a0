"""A server with few places, as browsers meet it: policy, closing, reload, a full house."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext

WITHIN_S = 60.0
KERNEL = "JSON.parse(document.getElementById('jupyter-config-data').textContent).kernelId"


@pytest.fixture(scope="module")
def full_url(serve: Callable[..., Any]) -> str:
    """Address of a server with one place."""
    return str(serve("--max-kernels", "1", "--cull-after", "600").url)


def lives(context: BrowserContext, url: str, kernel: str) -> bool:
    """Whether a kernel is there."""
    return context.request.get(f"{url}api/kernels/{kernel}").status == 200


def until(true: Callable[[], bool]) -> None:
    """Wait until something is true, for a bounded time."""
    deadline = time.monotonic() + WITHIN_S
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_one_place_is_kept_through_a_reload_and_given_back_by_a_closed_page(
    full_url: str, new_context: Callable[..., BrowserContext], explorer_on: Callable[..., Any]
) -> None:
    ann, bob = new_context(), new_context(viewport={"width": 390, "height": 844}, color_scheme="dark")
    page = ann.new_page()
    violations: list[str] = []
    page.on("console", lambda m: violations.append(m.text) if "Content Security Policy" in m.text else None)
    page.goto(full_url)
    explorer = explorer_on(page)
    first = page.evaluate(KERNEL)

    waiting = bob.new_page()
    answer = waiting.goto(f"{full_url}#s?length_km=37.0")
    assert answer is not None
    assert answer.status == 503
    assert waiting.get_by_role("heading").inner_text() == "Every place is taken"
    assert waiting.evaluate("document.scrollingElement.scrollWidth - innerWidth") <= 0

    page.reload()
    explorer = explorer_on(page)
    second = page.evaluate(KERNEL)
    assert second != first
    until(lambda: not lives(ann, full_url, first))
    explorer.act(lambda: explorer.slider("n_relays").press("ArrowRight"))
    assert violations == []

    page.goto("about:blank")
    until(lambda: not lives(bob, full_url, second))
    waiting.get_by_role("button", name="Try again").click()
    assert explorer_on(waiting).scenario.path.length_km == 37.0, "the full page has lost the state in its address"
    bob.close()
    ann.close()
