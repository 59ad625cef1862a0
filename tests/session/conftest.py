"""A page and its Frame tab without a browser: requests go in as the browser sends them, and messages are caught."""

from __future__ import annotations

import asyncio
import json
import math
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import strategies as st

import qpsviz as qps
from qpsviz.frame import Frame, Tlv
from qpsviz.session.tabs.frame.tab import question
from qpsviz.widgets import Page

Move = Callable[..., dict[str, Any]]

times_us = st.integers(0, 10**15).map(lambda ps: ps / 1e6)
any_frame = st.builds(
    Frame,
    destination=st.sampled_from(("02:00:00:00:00:02", "01:80:c2:00:00:0e")),
    source=st.just("02:00:00:00:00:01"),
    role=st.sampled_from(("header", "trailer")),
    payload_duration_us=times_us,
    memory_time_us=st.none() | times_us,
    cutoff_us=st.just(math.inf) | times_us,
    error_correction=st.none() | st.sampled_from(("[[5,1,3]]", "Code ß")),
    guard_us=st.none() | times_us,
    n_qubits=st.none() | st.integers(0, 2**32 - 1),
    spacing_us=st.none() | times_us,
    frame_id=st.none() | st.integers(0, 2**32 - 1),
    tlvs=st.lists(st.builds(Tlv, type=st.integers(5, 126), value=st.binary(max_size=30)), max_size=3).map(tuple),
)


@pytest.fixture(scope="session")
def at_rest() -> Callable[[Page], Awaitable[None]]:
    """Wait until a page has simulated what it was last asked for."""

    async def wait(page: Page) -> None:
        while page.session.awaits_run:
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


@pytest.fixture(scope="session")
def frames() -> st.SearchStrategy[Frame]:
    """Strategy for frames with and without optional fields and reserved TLVs."""
    return any_frame


@pytest.fixture(scope="session")
def least_frame() -> Frame:
    """A frame that states its mandatory fields alone."""
    return Frame(destination="02:00:00:00:00:02", source="02:00:00:00:00:01", role="trailer", payload_duration_us=50.0)


@pytest.fixture(scope="session")
def memory_buys() -> qps.Scenario:
    """The state in which the Frame tab is asked, unless a test names another."""
    return qps.preset("memory-buys")


@pytest.fixture(scope="session")
def ask(memory_buys: qps.Scenario) -> Callable[..., dict[str, Any]]:
    """Ask the Frame tab, whose answer must be JSON that a browser reads."""

    def put(do: str, run: Any = None, scenario: qps.Scenario = memory_buys, **asked: Any) -> dict[str, Any]:
        answer = question(scenario, run, {"do": do, **asked})
        json.dumps(answer, allow_nan=False)
        return answer

    return put


@pytest.fixture(scope="session")
def paste(ask: Callable[..., dict[str, Any]]) -> Callable[[str], dict[str, Any]]:
    """Paste a text into the Frame tab."""
    return lambda text: ask("paste", text=text)
