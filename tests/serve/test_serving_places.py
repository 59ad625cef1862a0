"""The places that a server has for pages, without a server: who gets one, and when a kernel has nobody left."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from tornado.web import HTTPError

from qpsviz.serve import kernels
from qpsviz.serve.kernels import PageKernels

WaitFor = Callable[[Any], Any]


@pytest.fixture
def manager(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A manager with two places and no real kernels, and the time as it is told."""
    found: Any = PageKernels(max_pages=2, cull_after_s=60.0)
    found.now, found.ended = [0.0], []
    monkeypatch.setattr(kernels, "time", SimpleNamespace(monotonic=lambda: found.now[0]))

    async def end(kernel_id: str, **_options: Any) -> None:
        found._kernels.pop(kernel_id)
        found._forget(kernel_id)
        found.ended.append(kernel_id)

    monkeypatch.setattr(found, "shutdown_kernel", end)
    return found


def enter(manager: Any, visitor: str, kernel_id: str) -> None:
    """A visitor's page is made, with a kernel."""
    with manager.opening(visitor) as page:
        manager._kernels[kernel_id], manager._kernel_connections[kernel_id] = object(), 0
        page.kernel_id = kernel_id


def test_a_kernel_ends_a_minute_after_its_last_connection_however_idle_it_was(manager: Any, wait_for: WaitFor) -> None:
    enter(manager, "ann", "a")
    manager.notify_connect("a")
    for now, gone in ((5_000.0, False), (5_001.0, False), (5_059.0, False), (5_060.0, True)):
        manager.now[0] = now
        if now == 5_000.0:
            manager.notify_disconnect("a")
        wait_for(manager.cull_kernel_if_idle("a"))
        assert (manager.ended == ["a"]) == gone


def test_a_page_that_is_back_within_the_minute_keeps_its_kernel(manager: Any, wait_for: WaitFor) -> None:
    enter(manager, "ann", "a")
    for now in range(0, 600, 50):
        manager.now[0] = float(now)
        manager.notify_connect("a")
        wait_for(manager.cull_kernel_if_idle("a"))
        manager.notify_disconnect("a")
        manager.now[0] += 49.0
        wait_for(manager.cull_kernel_if_idle("a"))
    assert manager.ended == []


def test_a_page_that_is_still_being_made_is_not_alone(manager: Any, wait_for: WaitFor) -> None:
    with manager.opening("ann") as page:
        manager._kernels["a"] = object()
        page.kernel_id = "a"
        for manager.now[0] in (0.0, 100.0, 200.0):
            wait_for(manager.cull_kernel_if_idle("a"))
    assert manager.ended == []


def test_places_are_counted_while_pages_are_made_and_given_back_when_one_fails(manager: Any) -> None:
    with manager.opening("ann"), manager.opening("bob"), pytest.raises(HTTPError, match="503"), manager.opening("eve"):
        pass
    assert manager.n_pages == 0
    enter(manager, "ann", "a")
    enter(manager, "bob", "b")
    with pytest.raises(HTTPError, match="503"):
        enter(manager, "eve", "e")
    manager.remove_kernel("a")
    enter(manager, "eve", "e")
    assert manager.n_pages == 2


def test_a_reload_of_a_full_house_takes_the_place_of_the_page_it_replaces(
    manager: Any, monkeypatch: pytest.MonkeyPatch, wait_for: WaitFor
) -> None:
    later: list[Any] = []
    loop = SimpleNamespace(call_later=lambda _delay, do, *arguments: later.append((do, arguments)))
    monkeypatch.setattr(kernels.IOLoop, "current", lambda: loop)
    enter(manager, "ann", "a")
    enter(manager, "bob", "b")
    enter(manager, "bob", "b2")
    with pytest.raises(HTTPError, match="503"):
        enter(manager, "ann", "a2")  # one move at a time, so that nobody can grow the number of kernels
    ((do, arguments),) = later
    wait_for(do(*arguments))
    assert manager.ended == ["b"]
    assert manager.n_pages == 2


def test_what_a_kernel_says_to_nobody_is_kept_up_to_a_bound(manager: Any) -> None:
    class Stream:
        """Stands for a channel; hands over what a kernel says."""

        socket = SimpleNamespace(closed=True)

        def on_recv(self, hear: Any) -> None:
            self.hear = hear

    enter(manager, "ann", "a")
    shell = Stream()
    manager.start_buffering("a", "a:test", {"shell": shell})
    shell.hear([b"first"])
    assert manager._kernel_buffers["a"]["buffer"] == [("shell", [b"first"])]
    piece = bytes(2**20)
    for _ in range(kernels.MAX_BUFFERED // len(piece)):
        shell.hear([piece])
    assert manager.get_buffer("a", "a:test") is None
