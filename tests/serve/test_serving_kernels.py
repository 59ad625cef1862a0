"""Pages and their kernels on a real server: a maximum, an end soon after the last connection, one protocol."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import urlsplit

import httpx
import nbformat
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

from qpsviz.serve.websocket import MAX_MESSAGE, PROTOCOL, type_of

WITHIN_S = 60.0
Write = Callable[..., bytes]


class Visitor:
    """Somebody with a browser of their own: keeps cookies, opens pages, and connects them to their kernels."""

    browsers: ClassVar[list[httpx.Client]] = []

    def __init__(self, url: str) -> None:
        self.url = url
        self.http = httpx.Client(base_url=url, timeout=120)
        self.browsers.append(self.http)

    def open(self, path: str = "") -> str:
        """Open a page; returns its kernel."""
        found = re.search(r'"kernelId": "([^"]+)"', self.http.get(path).text)
        assert found
        return found[1]

    def lives(self, kernel_id: str) -> bool:
        """Whether a kernel is there."""
        return self.http.get(f"api/kernels/{kernel_id}").status_code == 200

    def connect(self, kernel_id: str, *protocols: str) -> ClientConnection:
        """A connection to a kernel that offers these protocols."""
        address = f"{self.url.replace('http', 'ws', 1)}api/kernels/{kernel_id}/channels?session_id=test"
        return connect(address, subprotocols=[Subprotocol(p) for p in protocols] or None, max_size=None)

    def close_page(self, kernel_id: str, token: str | None) -> int:
        """What a closing page sends, with or without its token."""
        headers = {"X-XSRFToken": token} if token else {}
        return self.http.post(f"voila/api/shutdown/{kernel_id}", headers=headers).status_code


@pytest.fixture(scope="module")
def visitor(serve: Callable[..., Any]) -> Iterator[Visitor]:
    """The first visitor of a server with two places."""
    yield Visitor(serve("--max-kernels", "2", "--cull-after", "6").url)
    while Visitor.browsers:
        Visitor.browsers.pop().close()


def until(true: Callable[[], bool]) -> None:
    """Wait until something is true, for a bounded time."""
    deadline = time.monotonic() + WITHIN_S
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def closed(connection: ClientConnection) -> tuple[int, str]:
    """Code and word that a connection is closed with; nothing is sent on it."""
    try:
        while True:
            connection.recv(timeout=WITHIN_S)
    except ConnectionClosed as ended:
        assert ended.rcvd is not None
        return ended.rcvd.code, ended.rcvd.reason


def test_a_page_keeps_its_place_until_it_is_closed_and_a_third_is_asked_to_wait(visitor: Visitor) -> None:
    first = visitor.open()
    with visitor.connect(first, PROTOCOL):
        other = Visitor(visitor.url)
        second = other.open()
        with other.connect(second, PROTOCOL):
            third = Visitor(visitor.url)
            full = third.http.get("")
            assert full.status_code == 503
            assert int(full.headers["Retry-After"]) > 0
            assert "kernelId" not in full.text
            assert re.search(r"<button[^>]* data-reload>", full.text)
            assert not re.search(r"""(?:src|href)=["'](?:https?:)?//""", full.text)
            assert other.lives(second)
            assert other.close_page(second, None) == 403
            assert other.lives(second)
            assert other.close_page(second, other.http.cookies["_xsrf"]) == 204
            kernel = third.open()
            assert not other.lives(second)
            assert third.close_page(kernel, third.http.cookies["_xsrf"]) == 204
    until(lambda: not visitor.lives(first))  # the connection has ended, without a closing request


def test_a_page_that_never_connects_loses_its_kernel(visitor: Visitor) -> None:
    kernel = visitor.open("voila/render/glossary.ipynb")
    until(lambda: not visitor.lives(kernel))


def test_only_the_one_protocol_may_stay_and_the_kernel_outlives_who_is_sent_away(
    visitor: Visitor, kernel_message: Write
) -> None:
    kernel = visitor.open()
    with visitor.connect(kernel, PROTOCOL) as page:
        assert page.subprotocol == PROTOCOL
        for protocols in ((), ("v0.example",)):
            with visitor.connect(kernel, *protocols) as legacy:
                assert legacy.subprotocol is None
                assert closed(legacy) == (1002, f"needs {PROTOCOL}")
        page.send(kernel_message("kernel_info_request"))
        assert type_of(first_of(page, "kernel_info_reply")) == "kernel_info_reply"


def test_a_page_that_sends_what_is_no_message_or_too_long_is_closed(visitor: Visitor, kernel_message: Write) -> None:
    kernel = visitor.open()
    for sent, code in (
        ("hello", 1007),
        (b"hello", 1007),
        (kernel_message("comm_msg", {"comm_id": "c", "data": "x" * (MAX_MESSAGE + 1)}), 1009),
    ):
        with visitor.connect(kernel, PROTOCOL) as page:
            page.send(sent)
            assert closed(page)[0] == code
    assert visitor.lives(kernel)


def test_a_page_that_comes_back_finds_its_kernel(visitor: Visitor, kernel_message: Write) -> None:
    kernel = visitor.open()
    for _ in range(2):
        with visitor.connect(kernel, PROTOCOL) as page:
            page.send(kernel_message("kernel_info_request"))
            first_of(page, "kernel_info_reply")


@pytest.mark.parametrize("sent", ["Content-Length: 2000000", f"X-Long: {'y' * 40_000}"])
def test_a_request_that_is_too_large_is_refused_before_it_is_read(visitor: Visitor, sent: str) -> None:
    where = urlsplit(visitor.url)
    with socket.create_connection((where.hostname, where.port), timeout=WITHIN_S) as client:
        client.sendall(f"POST / HTTP/1.1\r\nHost: localhost\r\n{sent}\r\n\r\n".encode())
        answer = client.recv(1000)
    assert answer == b"" or answer.split()[1] in (b"400", b"413", b"431")


def first_of(page: ClientConnection, kind: str) -> bytes:
    """The first message of a type, within a bounded time."""
    while True:
        found = page.recv(timeout=WITHIN_S)
        assert isinstance(found, bytes)
        if type_of(found) == kind:
            return found


# A dashboard whose one cell takes its time, and says in a folder that it runs.
SERVE_SLOW = """
import sys
from pathlib import Path
from qpsviz.serve import start
start.notebooks_directory = lambda: Path(sys.argv[1])
start.run_dashboard(port=0, open_browser=False)
"""
SLOW_CELL = """
import time, uuid
from pathlib import Path
Path("{folder}", uuid.uuid4().hex).touch()
time.sleep({seconds})
"""


@pytest.mark.parametrize("seconds", [30, 2])
def test_a_kernel_that_is_ended_while_it_makes_a_page_leaves_the_log_empty(tmp_path: Path, seconds: int) -> None:
    notebooks, running = tmp_path / "notebooks", tmp_path / "running"
    notebooks.mkdir()
    running.mkdir()
    cell = nbformat.v4.new_code_cell(SLOW_CELL.format(folder=running, seconds=seconds))
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), notebooks / "dashboard.ipynb")
    command = [sys.executable, "-c", SERVE_SLOW, str(notebooks)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert process.stdout is not None
    try:
        url = next(word for word in process.stdout.readline().split() if word.startswith("http://"))
        until(lambda: any(running.iterdir()))  # the warm kernel; with 30 seconds it is still at it when all ends
        if seconds == 2:
            leave_early(url)
    finally:
        process.terminate()
        said, _ = process.communicate(timeout=WITHIN_S)
    assert said == ""


def leave_early(url: str) -> None:
    """Open a page and close it as soon as it has named its kernel, before that has made it."""
    with httpx.Client(base_url=url, timeout=WITHIN_S) as http:
        http.get("")  # has the warm kernel
        with http.stream("GET", "") as page:
            start = ""
            parts = page.iter_text()
            while not (kernel := re.search(r'"kernelId": "([^"]+)"', start)):
                start += next(parts)
            token = http.cookies["_xsrf"]
            answer = http.post(f"voila/api/shutdown/{kernel[1]}", headers={"X-XSRFToken": token})
            assert answer.status_code == 204
            assert http.get(f"api/kernels/{kernel[1]}").status_code == 404
