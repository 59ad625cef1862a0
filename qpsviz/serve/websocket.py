"""The connection between a page and its kernel: prompt, of one protocol, and bounded both ways."""

from __future__ import annotations

import json
import time
from asyncio import Future
from itertools import pairwise

from jupyter_server.services.kernels.websocket import KernelWebsocketHandler
from tornado.websocket import WebSocketClosedError
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler

from qpsviz.serve.guard import Guard

PROTOCOL = "v1.kernel.websocket.jupyter.org"
MAX_MESSAGE = 2**20  # octets; the longest that a page sends is some 20,000
MAX_QUEUED = 16 * 2**20  # octets that wait for a page to read them
MAX_BURST, PER_SECOND = 4 * 2**20, 2**20  # octets that a page may send to its kernel
MAX_CONNECTIONS = 4  # to one kernel; a page has one, and a second while it comes back
MIN_OFFSETS, MAX_OFFSETS = 6, 256  # channel, four parts and the end; the others begin buffers
CHANNELS = (b"shell", b"control", b"stdin")  # that a page may send on
_NEEDED = {"comm_open": ("comm_id", "target_name"), "comm_msg": ("comm_id",), "comm_close": ("comm_id",)}
PROTOCOL_ERROR, BAD_DATA, POLICY, TRY_LATER = 1002, 1007, 1008, 1013


class OneProtocol(KernelWebsocketHandler):
    """Closes a connection that does not speak the one protocol: the others can make a server spin and grow."""

    _refused: tuple[int, str] | None = None

    async def pre_get(self) -> None:
        """Meet the kernel, unless this connection is to be closed as soon as it is open."""
        self._refused = self._refusal()
        if not self._refused:
            await super().pre_get()

    def _refusal(self) -> tuple[int, str] | None:
        """Code and word that a connection is closed with, or None where it may stay."""
        offered = self.request.headers.get("Sec-WebSocket-Protocol", "").split(",")
        if PROTOCOL not in (protocol.strip() for protocol in offered):
            return PROTOCOL_ERROR, f"needs {PROTOCOL}"
        return None

    def select_subprotocol(self, subprotocols: list[str]) -> str | None:
        """The one protocol, for a connection that may stay."""
        return PROTOCOL if PROTOCOL in subprotocols else None

    async def open(self, kernel_id: str) -> None:
        """Connect a page to its kernel, or close again with a code and a word."""
        if self._refused:
            self.close(*self._refused)
            return
        await super().open(kernel_id)

    def on_message(self, message: object) -> None:
        """Pass a message to the kernel, unless this connection is being closed."""
        if not self._refused:
            super().on_message(message)

    def on_close(self) -> None:
        """Leave the kernel, if this connection had one."""
        if getattr(self, "connection", None) is not None:
            super().on_close()


class KernelConnection(Guard, OneProtocol, VoilaKernelWebsocketHandler):
    """Sends every message at once, speaks one protocol, and lets nobody fill the server's memory.

    A kernel says "busy", answers and says "idle" in three short messages. With Nagle's algorithm, which Tornado leaves
    on, the answer waits until the browser's system has acknowledged "busy": 40 ms on Linux.
    """

    _n_queued = 0  # octets given to the connection and not yet taken by the system
    _allowance, _counted_at = float(MAX_BURST), 0.0

    def _refusal(self) -> tuple[int, str] | None:
        if self.kernel_manager.n_connections(self.kernel_id) >= MAX_CONNECTIONS:
            return super()._refusal() or (TRY_LATER, "too many connections to one kernel")
        return super()._refusal()

    async def open(self, kernel_id: str) -> None:
        """Connect a page to its kernel without Nagle's algorithm."""
        if not self._refused:
            self.set_nodelay(True)
        await super().open(kernel_id)

    def on_message(self, message: object) -> None:
        """Pass a message to the kernel, where it is a sound one and the page does not send too much."""
        if self._refused:
            return
        if not isinstance(message, bytes) or not is_sound(message):
            self._refuse(BAD_DATA, "not a kernel message")
        elif not self._may_send(len(message)):
            self._refuse(POLICY, "sends too much")
        else:
            super().on_message(message)

    def write_message(self, message: bytes | str | dict[str, object], binary: bool = False) -> Future[None] | None:
        """Send a message to the page, unless it has long stopped reading; what went wrong stays in the terminal."""
        if self._refused or (isinstance(message, bytes) and _is_stderr(message)):
            return None
        if self._n_queued > MAX_QUEUED:
            self._refuse(POLICY, "reads too slowly")
            return None
        try:
            sent: Future[None] | None = super().write_message(message, binary)
        except WebSocketClosedError:  # while the last messages of the kernel were under way
            return None
        if isinstance(sent, Future):
            size = len(message)
            self._n_queued += size
            sent.add_done_callback(lambda done: self._taken(done, size))
        return sent

    def _taken(self, done: Future[None], size: int) -> None:
        self._n_queued -= size
        done.cancelled() or done.exception()  # A connection that breaks needs no mention.

    def _refuse(self, code: int, reason: str) -> None:
        self._refused = (code, reason)
        self.close(code, reason)

    def _may_send(self, size: int) -> bool:
        now = time.monotonic()
        grown = self._allowance + (now - self._counted_at) * PER_SECOND if self._counted_at else MAX_BURST
        self._allowance, self._counted_at = min(MAX_BURST, grown) - size, now
        return self._allowance >= 0


def parts_of(message: bytes) -> list[bytes] | None:
    """Channel, header, parent, metadata, content and buffers of a message, or None where it is not one.

    Where a part begins is counted by the message itself, so every number in it is held against its length first.
    """
    n = int.from_bytes(message[:8], "little")
    if len(message) < 8 or not MIN_OFFSETS <= n <= MAX_OFFSETS or 8 * (n + 1) > len(message):
        return None
    starts = [int.from_bytes(message[8 * i : 8 * (i + 1)], "little") for i in range(1, n + 1)]
    if starts != sorted(starts) or starts[0] < 8 * (n + 1) or starts[-1] > len(message):
        return None
    return [message[start:stop] for start, stop in pairwise(starts)]


def type_of(message: bytes) -> str | None:
    """Type of a kernel message, or None where it is not one."""
    parts = parts_of(message)
    try:
        header = json.loads(parts[1]) if parts else None
    except (ValueError, RecursionError):
        return None
    kind = header.get("msg_type") if isinstance(header, dict) else None
    return kind if isinstance(kind, str) else None


def is_sound(message: bytes) -> bool:
    """Whether a kernel can read a message of a page; of one that it cannot it prints a traceback."""
    channel, *whole = parts_of(message) or [b""]
    try:
        header, parent, metadata, content = (json.loads(part) for part in whole[:4])
    except (ValueError, RecursionError):
        return False
    if channel not in CHANNELS or not all(isinstance(part, dict) for part in (header, parent, metadata, content)):
        return False
    kind, texts = header.get("msg_type"), (header.get("msg_id"), header.get("msg_type"), header.get("version", ""))
    if not all(isinstance(text, str) for text in texts):
        return False
    needed = _NEEDED.get(str(kind), ())
    of_comm = str(kind).startswith("comm_")
    return all(isinstance(content.get(name), str) for name in needed) and (channel == b"shell" or not of_comm)


def _is_stderr(message: bytes) -> bool:
    """Whether a kernel writes to its standard error, where tracebacks with paths of this machine go."""
    if type_of(message) != "stream":
        return False
    parts = parts_of(message)
    return bool(parts and json.loads(parts[4]).get("name") == "stderr")
