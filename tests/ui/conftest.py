"""A page without a browser: requests go in as the browser sends them, and its messages are caught."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from qpsviz.ui import Page

Move = Callable[..., dict[str, Any]]


@pytest.fixture(scope="session")
def at_rest() -> Callable[[Page], Awaitable[None]]:
    """Wait until a page has simulated what it was last asked for."""

    async def wait(page: Page) -> None:
        while page._run_wanted is not None:
            await asyncio.sleep(0.002)

    return wait


@pytest.fixture(scope="session")
def kernel() -> Iterator[ThreadPoolExecutor]:
    """A thread with an event loop of its own, as a kernel has."""
    with ThreadPoolExecutor(1) as thread:
        yield thread


@pytest.fixture(scope="session")
def newly_opened(kernel: ThreadPoolExecutor) -> Page:
    """One explorer for all tests: opening it takes a second."""
    return kernel.submit(Page).result()


@pytest.fixture(scope="session")
def move(kernel: ThreadPoolExecutor, at_rest: Callable[[Page], Awaitable[None]]) -> Move:
    """Ask a page as the browser does, let its kernel come to rest, and return its answer."""

    def send(page: Page, **request: Any) -> dict[str, Any]:
        async def turn() -> None:
            page.request = {"revision": page.answer["revision"] + 1, **request}
            await at_rest(page)

        kernel.submit(asyncio.run, turn()).result()
        return page.answer

    return send


@pytest.fixture
def opened(newly_opened: Page, move: Move) -> Page:
    """The explorer in the state it opens in."""
    move(newly_opened, preset="first")
    return newly_opened


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[dict[str, Any], list[Any]]]:
    """Ask a page a question outside its state, and return message and buffers."""

    def ask(page: Page, what: str, **details: Any) -> tuple[dict[str, Any], list[Any]]:
        sent: list[tuple[dict[str, Any], list[Any]]] = []
        monkeypatch.setattr(page, "send", lambda content, buffers=None: sent.append((content, buffers or [])))
        page._handle_custom_msg({"ask": what, "number": 7, **details}, [])
        (answer,) = sent
        assert answer[0].pop("number") == 7
        return answer

    return ask
