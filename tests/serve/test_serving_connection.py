"""The connection between a page and its kernel, without either: what is a message, and what is bounded."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from jupyter_server.services.kernels.connection.base import serialize_msg_to_ws_v1
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler

from qpsviz.serve import websocket
from qpsviz.serve.websocket import MAX_BURST, MAX_QUEUED, KernelConnection, is_sound, parts_of, type_of

WaitFor = Callable[[Any], Any]
Write = Callable[..., bytes]


def test_a_message_is_one_only_where_its_numbers_fit_its_length(kernel_message: Write) -> None:
    whole = kernel_message("comm_msg", {"comm_id": "c", "data": {"text": "x"}})
    assert [part and json.loads(part) for part in (parts_of(whole) or [])[1:3]][1] == {}
    assert type_of(whole) == "comm_msg"
    for broken in (b"", b"hello", whole[:7], whole[:40], whole[:-1], b"\0" * 64, kernel_message("x")[8:]):
        assert type_of(broken) is None
    assert type_of(serialize_msg_to_ws_v1([b"[1]", b"{}", b"{}", b"{}"], "shell")) is None


@pytest.fixture
def page_connection(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A connection whose other end never reads; its kernel notes what it gets."""

    def send(self: Any, _message: Any, _binary: bool = False) -> Any:
        self.futures.append(asyncio.get_running_loop().create_future())
        return self.futures[-1]

    monkeypatch.setattr(VoilaKernelWebsocketHandler, "write_message", send)
    monkeypatch.setattr(VoilaKernelWebsocketHandler, "on_message", lambda self, sent: self.got.append(sent))
    handler: Any = object.__new__(KernelConnection)
    handler.futures, handler.got, handler.ended = [], [], []
    handler.close = lambda code, reason: handler.ended.append((code, reason))
    return handler


def test_a_page_that_does_not_read_is_closed_before_it_fills_the_memory(
    page_connection: Any, wait_for: WaitFor, kernel_message: Write
) -> None:
    piece = kernel_message("comm_msg", {"comm_id": "c", "data": {"text": "x" * 2**20}})

    async def talk() -> None:
        for _ in range(40):
            page_connection.write_message(piece, binary=True)
        assert MAX_QUEUED < sum(len(piece) for _ in page_connection.futures) <= MAX_QUEUED + len(piece)
        assert page_connection.ended == [(1008, "reads too slowly")]

    wait_for(talk())


def test_a_page_that_reads_is_sent_any_amount(page_connection: Any, wait_for: WaitFor, kernel_message: Write) -> None:
    piece = kernel_message("comm_msg", {"comm_id": "c", "data": {"text": "x" * 2**20}})

    async def talk() -> None:
        for _ in range(40):
            page_connection.write_message(piece, binary=True)
            page_connection.futures[-1].set_result(None)
            await asyncio.sleep(0)
        assert page_connection.ended == []

    wait_for(talk())


def test_a_page_that_sends_too_much_is_closed(
    page_connection: Any, monkeypatch: pytest.MonkeyPatch, kernel_message: Write
) -> None:
    now = [100.0]
    monkeypatch.setattr(websocket, "time", SimpleNamespace(monotonic=lambda: now[0]))
    piece = kernel_message("comm_msg", {"comm_id": "c", "data": {"text": "x" * 2**19}})
    while not page_connection.ended:
        page_connection.on_message(piece)
    assert len(page_connection.got) == MAX_BURST // len(piece)
    assert page_connection.ended == [(1008, "sends too much")]
    page_connection._refused, page_connection.ended[:] = None, []
    for _ in range(20):
        now[0] += 1.0
        page_connection.on_message(piece)
    assert page_connection.ended == []


def test_what_a_kernel_writes_to_its_error_output_stays_in_the_terminal(
    page_connection: Any, wait_for: WaitFor
) -> None:
    def stream(name: str) -> bytes:
        parts = [{"msg_type": "stream"}, {}, {}, {"name": name, "text": "File /somewhere/private.py"}]
        return serialize_msg_to_ws_v1([json.dumps(part).encode() for part in parts], "iopub")

    async def talk() -> None:
        assert page_connection.write_message(stream("stderr"), binary=True) is None
        assert page_connection.write_message(stream("stdout"), binary=True) is not None

    wait_for(talk())


SOUND: list[dict[str, Any]] = [
    {"kind": "kernel_info_request"},
    {"kind": "kernel_info_request", "channel": "control"},
    {"kind": "input_reply", "channel": "stdin"},
    {"kind": "comm_info_request"},
    {"kind": "comm_open", "content": {"comm_id": "c", "target_name": "t"}},
    {"kind": "comm_msg", "content": {"comm_id": "c", "data": {}}},
    {"kind": "comm_close", "content": {"comm_id": "c"}},
]
UNSOUND: list[dict[str, Any]] = [
    {"kind": "comm_msg"},
    {"kind": "comm_msg", "content": {"comm_id": ["c"], "data": {}}},
    {"kind": "comm_close", "content": {"comm_id": 3}},
    {"kind": "comm_open", "content": {"comm_id": "c"}},
    {"kind": "comm_msg", "content": {"comm_id": "c"}, "channel": "control"},
    {"kind": "kernel_info_request", "channel": "iopub"},
    {"kind": "kernel_info_request", "channel": "nonsense"},
    {"kind": "kernel_info_request", "channel": ""},
    {"kind": "kernel_info_request", "header": {"msg_id": None}},
    {"kind": "kernel_info_request", "header": {"msg_type": 3}},
    {"kind": "kernel_info_request", "header": {"version": 5}},
    *({"kind": "kernel_info_request", "parts": {i: b"{"}} for i in range(4)),
    *({"kind": "kernel_info_request", "parts": {i: b"[]"}} for i in range(4)),
    {"kind": "kernel_info_request", "parts": {0: b'{"msg_type": "kernel_info_request"}'}},
    {"kind": "kernel_info_request", "parts": {3: b"[" * 5000 + b"]" * 5000}},
    {"kind": "kernel_info_request", "parts": {3: b'{"a": "\xff"}'}},
]


@pytest.mark.parametrize(("told", "sound"), [*((told, True) for told in SOUND), *((told, False) for told in UNSOUND)])
def test_only_what_a_kernel_can_read_reaches_it(
    page_connection: Any, kernel_message: Write, told: dict[str, Any], sound: bool
) -> None:
    sent = kernel_message(**told)
    assert is_sound(sent) == sound
    page_connection.on_message(sent)
    assert page_connection.got == ([sent] if sound else [])
    assert page_connection.ended == ([] if sound else [(1007, "not a kernel message")])


@pytest.mark.parametrize("broken", [b"", b"hello", b"\0" * 64])
def test_what_is_no_message_is_not_sound(broken: bytes) -> None:
    assert not is_sound(broken)
