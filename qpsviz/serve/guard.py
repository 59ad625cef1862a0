"""What every answer of the dashboard obeys: which names it is called by, its headers and cookies, errors, the log."""

from __future__ import annotations

import ipaddress
import logging
import re
import socket
import traceback
from collections.abc import Awaitable, Iterable
from types import TracebackType
from typing import Any
from urllib.parse import unquote

from jupyter_server.base.handlers import APIHandler
from tornado.iostream import StreamClosedError
from tornado.web import HTTPError, RequestHandler

from qpsviz.serve import messages
from qpsviz.serve.options import NAMELESS, Options

LOG = logging.getLogger("qpsviz.serve")
LONGEST_NAME = 200  # characters between two slashes; file systems refuse longer ones with errors of their own
RETRY_AFTER_S = 30

#: Voila's scripts need "unsafe-eval" (JupyterLab compiles schemas) and its cells inline scripts; widgets come as blobs.
POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; media-src 'self' blob:; connect-src 'self' data: blob:; "
    "worker-src 'self' blob:; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
}
WORDS = {
    403: ("This is not served", "The address exists, but nobody may read it from here."),
    404: ("There is nothing here", "The address may be mistyped, or come from another version of qpsviz."),
    500: ("This page could not be made", "The terminal that runs qpsviz says what went wrong."),
    503: (
        "Every place is taken",
        "Each open page has a Python process of its own on this server, and it has no room for one more.",
        "A place is free as soon as somebody closes a page. Your link is kept.",
    ),
}
WRONG_NAME = (
    "This server does not go by that name",
    "Whoever runs it can allow a name with qpsviz dashboard --allow-host NAME.",
)
OTHER_WORDS = ("This cannot be answered", "The server did not understand what it was asked.")

Rule = tuple[Any, ...]
"""A rule of Tornado: a pattern, its handler, and what the handler is told."""


class WrongNameError(HTTPError):
    """The server was called by a name that is not its own."""


class Guard(RequestHandler):
    """Comes first among the base classes of every handler."""

    def set_default_headers(self) -> None:
        """Put our headers on every answer, also on files and errors."""
        super().set_default_headers()
        for name, value in HEADERS.items():
            self.set_header(name, value)

    def prepare(self) -> Awaitable[None] | None:
        """Refuse names that are not ours (an attacker's name may point here) and paths that no file can have."""
        if not self.settings["hosts"].knows(self.request.host):
            raise WrongNameError(403)
        path = self.request.path
        parts = path.split("/")
        if re.search(r"%00|%5c|[\x00-\x1f\\]", path, re.I) or max(map(len, parts)) > LONGEST_NAME:
            raise HTTPError(404)
        if any(part in (".", "..") for name in parts for part in unquote(name).split("/")):
            raise HTTPError(404)  # browsers work these out themselves
        return super().prepare()

    def set_cookie(self, name: str, value: str | bytes, *arguments: Any, **passed_on: Any) -> None:
        """Set a cookie that no other site's form sends along, and that needs https where the page does."""
        passed_on.setdefault("samesite", "Lax")
        if self.request.protocol == "https":
            passed_on["secure"] = True
        super().set_cookie(name, value, *arguments, **passed_on)

    def write_error(self, status_code: int, **passed_on: Any) -> None:
        """Answer an error with a page in our look, or as data where a script asked."""
        if isinstance(self, APIHandler):
            super().write_error(status_code, **passed_on)
            return
        self.set_header("Content-Type", "text/html; charset=UTF-8")
        self.set_header("Content-Security-Policy", messages.POLICY)
        self.set_header("Cache-Control", "no-store")
        if status_code == 503:
            self.set_header("Retry-After", str(RETRY_AFTER_S))
        wrong_name = isinstance(passed_on.get("exc_info", [None, None])[1], WrongNameError)
        words = WRONG_NAME if wrong_name else WORDS.get(status_code, OTHER_WORDS)
        action = messages.link_button("Open the explorer", self.settings["base_url"])
        if status_code >= 500:
            action = messages.reload_button("Try again")
        status = f"{status_code} {self._reason}"
        self.write(messages.message_page(*words, action="" if wrong_name else action, status=status))

    def log_exception(
        self, typ: type[BaseException] | None, value: BaseException | None, tb: TracebackType | None
    ) -> None:
        """Say faults of ours in one line each, and nothing about addresses that do not exist."""
        if value is None or isinstance(value, HTTPError | StreamClosedError):
            return
        last = traceback.extract_tb(tb)[-1]
        place = f"{last.filename}:{last.lineno}"
        kind, path = type(value).__name__, self.request.path[:200]
        LOG.error("%s %r: %s: %.200s (%s)", self.request.method, path, kind, value, place)


class NotFound(Guard):
    """Answers every address that nothing else answers."""

    def prepare(self) -> None:
        """Refuse the name first, then the address."""
        super().prepare()
        raise HTTPError(404)


class Robots(Guard):
    """Asks search engines to stay away: each visit would start a kernel."""

    def get(self) -> None:
        """``robots.txt``."""
        self.set_header("Content-Type", "text/plain; charset=UTF-8")
        self.finish("User-agent: *\nDisallow: /\n")


class Hosts:
    """The names that a browser may call this server by, in the ``Host`` of a request.

    A page on another site can have its own name point to this machine and then read what is served here (DNS
    rebinding). An address of numbers cannot be made to point elsewhere.
    """

    def __init__(self, options: Options) -> None:
        self._everywhere = options.host in NAMELESS
        ours = {"localhost", options.host.lower(), *(name.lower() for name in options.allow_hosts)}
        if self._everywhere:
            name = socket.gethostname().lower()
            ours |= {name, name.partition(".")[0], f"{name.partition('.')[0]}.local", socket.getfqdn().lower()}
        self._names = {name.strip("[]") for name in ours} - NAMELESS

    def knows(self, host: str) -> bool:
        """Whether a ``Host`` header, with or without a port, names this server."""
        found = re.fullmatch(r"\[([^\]]+)\](?::\d+)?|([^:]*)(?::\d+)?", host.lower())
        if found is None:
            return False
        name = (found[1] or found[2]).rstrip(".")
        if name in self._names:
            return True
        try:
            address = ipaddress.ip_address(name)
        except ValueError:
            return False
        return self._everywhere or address.is_loopback


def guarded(rules: Iterable[Rule]) -> list[Rule]:
    """Tornado rules whose handlers all obey :class:`Guard`."""
    return [(pattern, _guard(handler), *options) for pattern, handler, *options in rules]


def _guard(handler: type[RequestHandler]) -> type[RequestHandler]:
    if issubclass(handler, Guard):
        return handler
    return type(handler.__name__, (Guard, handler), {})
