"""The kernels behind the pages: never more than a maximum, and none that outlives its page for long."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import TYPE_CHECKING, Any

from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from tornado.ioloop import IOLoop
from tornado.web import HTTPError
from traitlets import Float, Integer
from voila.request_info_handler import RequestInfoSocketHandler

if TYPE_CHECKING:
    from zmq.eventloop.zmqstream import ZMQStream

MAX_BUFFERED = 16 * 2**20  # octets kept for a page that is away
MOVE_AFTER_S = 5.0  # A page that is reloaded asks for the end of its kernel well within this time.
LOOK_EVERY_S = 0.05


class OpeningPage:
    """One page that is being made; its kernel is known once it has one."""

    def __init__(self, visitor: str) -> None:
        self.visitor = visitor
        self.kernel_id = ""


class PageKernels(AsyncMappingKernelManager):
    """Jupyter's kernel manager, with a maximum of pages and an end for kernels that nobody is connected to.

    Jupyter ends a kernel by its last message, so a page that was idle for long would lose its kernel with the first
    second of a broken network. Here the time counts from the last connection, or from the page that never connected.
    """

    max_pages = Integer(20, min=1, config=True, help="Pages open at a time.")
    cull_after_s = Float(60.0, config=True, help="Seconds that a kernel outlives its last connection.")

    def __init__(self, **passed_on: object) -> None:
        super().__init__(**passed_on)
        self._entering: set[OpeningPage] = set()
        self._visitors: dict[str, str] = {}  # by the kernel of their page, oldest page first
        self._alone_since: dict[str, float] = {}

    @property
    def n_pages(self) -> int:
        """Pages that have a kernel or are about to get one; the kernel kept warm for the next page is none."""
        return len(self._entering) + len(self._visitors)

    @contextmanager
    def opening(self, visitor: str) -> Iterator[OpeningPage]:
        """Counts one more page of ``visitor`` while it is made, and its kernel from then on.

        At the maximum, a visitor who has a page may open one more, and soon loses the oldest: this is how a
        reload looks that comes before the closing request of the page it replaces.

        Raises
        ------
        tornado.web.HTTPError
            503 where the maximum is reached.
        """
        moves = visitor in self._visitors.values() and self.n_pages == self.max_pages
        if self.n_pages >= self.max_pages and not moves:
            raise HTTPError(503)
        page = OpeningPage(visitor)
        self._entering.add(page)
        try:
            yield page
        finally:
            self._entering.discard(page)
            if page.kernel_id in self:
                self._visitors[page.kernel_id] = visitor
                if self.n_pages > self.max_pages:
                    IOLoop.current().call_later(MOVE_AFTER_S, self._end_oldest, visitor)

    async def _end_oldest(self, visitor: str) -> None:
        mine = [kernel_id for kernel_id, whose in self._visitors.items() if whose == visitor]
        if self.n_pages > self.max_pages and len(mine) > 1:
            with suppress(HTTPError):  # it has just gone by itself
                await self.shutdown_kernel(mine[0], now=True)

    def notify_connect(self, kernel_id: str) -> None:
        """A page has connected to its kernel."""
        super().notify_connect(kernel_id)
        self._alone_since.pop(kernel_id, None)

    def notify_disconnect(self, kernel_id: str) -> None:
        """A page has left; it may come back."""
        super().notify_disconnect(kernel_id)
        if not self.n_connections(kernel_id):
            self._alone_since[kernel_id] = time.monotonic()

    def n_connections(self, kernel_id: str) -> int:
        """How many pages are connected to a kernel."""
        return max(0, int(self._kernel_connections.get(kernel_id, 0)))

    async def cull_kernel_if_idle(self, kernel_id: str) -> None:
        """End a kernel that nobody has been connected to for long; Voila never asks about a warm one."""
        if self._makes_page(kernel_id) or self.n_connections(kernel_id):
            self._alone_since.pop(kernel_id, None)
            return
        since = self._alone_since.setdefault(kernel_id, time.monotonic())
        if time.monotonic() - since >= self.cull_after_s:
            await self.shutdown_kernel(kernel_id, now=True)

    async def shutdown_kernel(self, kernel_id: str, now: bool = False, restart: bool = False) -> None:
        """End a kernel, once the page that it makes is made: one that dies in the middle fills the log."""
        while self._makes_page(kernel_id):
            await asyncio.sleep(LOOK_EVERY_S)
        await self._async_shutdown_kernel(kernel_id, now=now, restart=restart)

    async def _async_shutdown_kernel(self, kernel_id: str, now: bool = False, restart: bool = False) -> None:
        self._forget(kernel_id)
        await super()._async_shutdown_kernel(kernel_id, now=now, restart=restart)

    def _makes_page(self, kernel_id: str) -> bool:
        return any(page.kernel_id == kernel_id for page in self._entering)

    def remove_kernel(self, kernel_id: str) -> Any:
        """Forget a kernel that has ended or died."""
        self._forget(kernel_id)
        return super().remove_kernel(kernel_id)

    def _forget(self, kernel_id: str) -> None:
        for known in (self._visitors, self._alone_since, RequestInfoSocketHandler._cache):
            known.pop(kernel_id, None)

    def start_buffering(self, kernel_id: str, session_key: str, channels: dict[str, ZMQStream]) -> None:
        """Keep what a kernel says while its page is away, up to a bound; then the page has to be reloaded."""
        super().start_buffering(kernel_id, session_key, channels)
        kept = self._kernel_buffers[kernel_id]["buffer"]
        room = MAX_BUFFERED

        def keep(channel: str, parts: list[bytes]) -> None:
            nonlocal room
            room -= sum(len(part) for part in parts)
            if room < 0:
                self.stop_buffering(kernel_id)
            else:
                kept.append((channel, parts))

        for name, stream in channels.items():
            stream.on_recv(partial(keep, name))
