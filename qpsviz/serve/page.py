"""A page of a notebook: for a person, in our look whatever its address asks for, and only where there is room."""

from __future__ import annotations

import re
from collections.abc import Awaitable
from typing import Any
from urllib.parse import parse_qsl, urlencode

from jupyter_server.utils import ensure_async
from tornado.web import HTTPError, authenticated
from voila.tornado.handler import TornadoVoilaHandler

from qpsviz.serve import messages
from qpsviz.serve.guard import Guard
from qpsviz.serve.kernels import OpeningPage

FIXED = ("template", "theme")  # Voila would take them from the address; other templates ask other hosts for scripts.
# Programs that fetch an address to show a card of it, or to find it again.
PREVIEWERS = re.compile(
    r"bot\b|crawl|spider|preview|externalhit|slack|whatsapp|telegram|skype|discord|embedly|pinterest|vkshare", re.I
)
DESCRIPTION = "An interactive explorer of packet switching in quantum networks."


class PageHandler(Guard, TornadoVoilaHandler):
    """Voila's handler of a notebook, that counts the pages of each visitor."""

    _opening: OpeningPage

    def prepare(self) -> Awaitable[None] | None:
        """Drop what must not be chosen by an address."""
        for name in FIXED:
            self.request.arguments.pop(name, None)
        return super().prepare()

    @authenticated
    async def head(self, path: str = "") -> None:
        """Say that the page is there, without starting a kernel."""
        await self._find(path)
        self.set_header("Content-Type", "text/html; charset=UTF-8")
        self.set_header("Cache-Control", "no-store")

    @authenticated
    async def get(self, path: str = "") -> None:
        """Make the page, with the warm kernel or a new one."""
        await self._find(path)
        if self.get_query_arguments("token"):
            # The cookie has it from now on; an address that holds it would be copied and shared.
            rest = [(n, v) for n, v in parse_qsl(self.request.query, keep_blank_values=True) if n != "token"]
            self.redirect(self.request.path + (f"?{urlencode(rest)}" if rest else ""))
            return
        if self._asked_ahead():
            raise HTTPError(503)  # A browser drops this, and asks again when somebody really comes.
        if PREVIEWERS.search(self.request.headers.get("User-Agent", "")):
            self._write_card()
            return
        _ = self.xsrf_token  # Sets the cookie without which the closing page cannot end its kernel (Voila issue 1458).
        with self.settings["kernel_manager"].opening(self.current_user.username) as self._opening:
            async for html in self.get_generator(path=path):
                self.write(html)
                await self.flush()

    @property
    def kernel_manager(self) -> _ManagerOfPage:
        """Voila's kernel manager, that notes which kernel the page got."""
        return _ManagerOfPage(self.settings["kernel_manager"], self._opening)

    async def _find(self, path: str) -> None:
        """Leave with 404 unless the address is that of a file among the notebooks."""
        file = self.notebook_path or path
        contents = self.contents_manager
        if (
            not file
            or await ensure_async(contents.is_hidden(file))
            or not await ensure_async(contents.file_exists(file))
        ):
            raise HTTPError(404)

    def _asked_ahead(self) -> bool:
        purpose = self.request.headers.get("Sec-Purpose") or self.request.headers.get("Purpose") or ""
        return "prefetch" in purpose or "prefetch" in self.request.headers.get("X-Moz", "")

    def _write_card(self) -> None:
        self.set_header("Content-Type", "text/html; charset=UTF-8")
        self.set_header("Content-Security-Policy", messages.POLICY)
        self.write(messages.message_page("qpsviz: packet switching in quantum networks", DESCRIPTION))


class _ManagerOfPage:
    """A kernel manager as one page sees it: whichever way Voila takes to a kernel, it is noted."""

    def __init__(self, manager: Any, opening: OpeningPage) -> None:
        self._manager = manager
        self._opening = opening

    def __getattr__(self, name: str) -> Any:
        return getattr(self._manager, name)

    async def start_kernel(self, **passed_on: object) -> str:
        self._opening.kernel_id = await ensure_async(self._manager.start_kernel(**passed_on))
        return self._opening.kernel_id

    async def get_rendered_notebook(self, **passed_on: object) -> Any:
        found = await self._manager.get_rendered_notebook(**passed_on)
        self._opening.kernel_id = found[2]
        return found
