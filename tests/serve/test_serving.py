"""``qpsviz dashboard`` and ``qpsviz lab``: one line each, nothing exposed that need not be, nothing left behind."""

from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psutil
import pytest
from jupyter_server.services.kernels.websocket import KernelWebsocketHandler
from playwright.sync_api import Page
from tornado.httputil import HTTPHeaders, HTTPServerRequest, RequestStartLine
from tornado.iostream import IOStream
from tornado.web import Application, RequestHandler
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler

from qpsviz.serve import Unavailable, _jupyter_server_extension_points, assets, start
from qpsviz.serve.options import GUARDED
from qpsviz.serve.websocket import PROTOCOL, KernelConnection, OneProtocol

ROOT = Path(__file__).parents[2]


def get(url: str) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of an address on this machine."""
    try:
        with urllib.request.urlopen(url, timeout=180) as answer:
            return answer.status, dict(answer.headers), answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, dict(error.headers), error.read()


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """The command, run to its end."""
    command = [sys.executable, "-m", "qpsviz", *arguments]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=180)


def occupied(port: int = 0) -> socket.socket:
    """A socket that holds a port of localhost."""
    taken = socket.socket()
    taken.bind(("127.0.0.1", port))
    taken.listen()
    return taken


def test_the_page_asks_no_other_host_for_anything(dashboard_url: str) -> None:
    status, _, body = get(dashboard_url)
    page = body.decode()
    addresses = re.findall(r"""(?:src|href)=["']([^"']+)""", page)
    assert status == 200
    assert [a for a in addresses if a.startswith(("http", "//"))] == []
    assert any("bokeh.min.js" in a for a in addresses)
    assert "cdnjs" not in page
    assert "jsdelivr" not in page


def test_the_page_has_a_title_a_viewport_an_icon_and_a_loading_state(dashboard_url: str) -> None:
    page = get(dashboard_url)[2].decode()
    assert re.search(r"<title>[^<]*qpsviz[^<]*</title>", page)
    assert '<meta name="viewport" content="width=device-width' in page
    assert '<meta name="color-scheme" content="light dark">' in page
    assert '<link rel="icon" href="data:' in page
    assert "Starting the explorer" in page


def test_bokehjs_comes_from_the_installed_bokeh_and_a_versioned_address_is_kept(dashboard_url: str) -> None:
    import bokeh

    installed = Path(bokeh.__file__).parent / "server" / "static" / "js" / "bokeh.min.js"
    address = dashboard_url.rstrip("/") + assets.bokeh_url("/")
    status, headers, body = get(address)
    assert status == 200
    assert body == installed.read_bytes()
    assert "immutable" in headers["Cache-Control"]
    assert get(address.split("?")[0])[1]["Cache-Control"] == "no-cache"


@pytest.mark.parametrize(
    "path",
    [
        "voila/tree",
        "voila/api/contents/",
        "voila/query/0a1b2c3d-0000-0000-0000-000000000000",
        "voila/templates/lab/static/index.css",
        "voila/render/01-what-is-a-hybrid-frame.txt",
        "voila/render/.hidden.ipynb",
        "voila/files/dashboard.ipynb",
        "voila/files/../qpsviz/units.py",
        "api/contents",
        "api/kernels",
        "api/terminals",
        "qpsviz/static/..%2f..%2f__init__.py",
        "qpsviz/static/compiler.js",
    ],
)
def test_nothing_but_pages_and_their_scripts_is_served(path: str, dashboard_url: str) -> None:
    assert get(dashboard_url + path)[0] in (403, 404)


def test_a_taken_port_is_one_line_and_exit_code_one() -> None:
    with occupied() as taken:
        port = taken.getsockname()[1]
        for command in ("dashboard", "lab"):
            done = run(command, "--no-browser", "--port", str(port))
            assert done.returncode == 1
            assert done.stdout == ""
            assert done.stderr == f"qpsviz: port {port} is taken; choose another with --port, or leave --port out\n"


def test_without_a_port_the_next_free_one_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    with occupied() as taken, ExitStack() as stack:
        monkeypatch.setattr(start, "DEFAULT_PORT", taken.getsockname()[1])
        sockets = [stack.enter_context(s) for s in start.listen(None, "127.0.0.1")]
        assert sockets[0].getsockname()[1] > taken.getsockname()[1]


def test_a_host_that_is_not_this_machine_is_refused() -> None:
    with pytest.raises(Unavailable, match=r"192\.0\.2\.1"):
        start.listen(0, "192.0.2.1")


def test_missing_notebooks_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(start, "DASHBOARD", "no-such.ipynb")
    with pytest.raises(Unavailable, match=r"notebooks/no-such\.ipynb is missing"):
        start.notebooks_directory()


def test_stopping_prints_nothing_more_and_leaves_no_kernel_behind(serve: Callable[..., Any]) -> None:
    served = serve()
    parent = psutil.Process(served.process.pid)
    deadline = time.monotonic() + 60
    while not (kernels := parent.children(recursive=True)) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert kernels
    served.process.send_signal(signal.SIGINT)
    rest, _ = served.process.communicate(timeout=180)
    assert rest == ""
    assert psutil.wait_procs(kernels, timeout=20)[1] == []


def test_a_jupyter_server_finds_bokehjs_through_the_extension() -> None:
    (point,) = _jupyter_server_extension_points()
    assert point["module"] == assets.__name__
    config = Path(start.__file__).parent / "jupyter" / "jupyter_server_config.d" / "qpsviz.json"
    enabled = json.loads(config.read_text(encoding="utf-8"))["ServerApp"]["jpserver_extensions"]
    assert enabled == {"qpsviz.serve": True}
    web_app = Application(base_url="/user/ann/")
    assets._load_jupyter_server_extension(SimpleNamespace(web_app=web_app))
    addresses = [rule.matcher.regex.pattern for host in web_app.default_router.rules for rule in _rules(host.target)]
    assert any(re.fullmatch(a, assets.bokeh_url("/user/ann/").split("?")[0]) for a in addresses)


@pytest.mark.parametrize(("told", "expected"), [("1", True), ("", False)])
def test_connections_of_a_jupyter_server_are_guarded_only_where_it_is_for_our_notebooks(
    monkeypatch: pytest.MonkeyPatch, told: str, expected: bool
) -> None:
    monkeypatch.setenv(GUARDED, told)
    web_app = Application([(r"/user/ann/api/kernels/.*", RequestHandler)], base_url="/user/ann/")
    assets._load_jupyter_server_extension(SimpleNamespace(web_app=web_app))
    line = RequestStartLine("GET", "/user/ann/api/kernels/a-b-c-d-e/channels", "HTTP/1.1")
    asked = HTTPServerRequest(
        start_line=line, headers=HTTPHeaders({"Host": "localhost"}), connection=SimpleNamespace(context=None)
    )
    found: Any = web_app.find_handler(asked)
    assert (found.handler_class is OneProtocol) == expected
    start_script = (ROOT / "binder" / "start").read_text(encoding="utf-8")
    assert f"export {GUARDED}=1" in start_script


@pytest.mark.parametrize(("offered", "closed"), [("", True), ("v0.example", True), (f"other, {PROTOCOL}", False)])
def test_a_guarded_connection_of_another_protocol_is_closed_before_it_meets_a_kernel(
    monkeypatch: pytest.MonkeyPatch, wait_for: Callable[[Any], Any], offered: str, closed: bool
) -> None:
    done: list[Any] = []

    async def note(_handler: Any, *arguments: str) -> None:
        done.append(arguments)

    monkeypatch.setattr(KernelWebsocketHandler, "pre_get", note)
    monkeypatch.setattr(KernelWebsocketHandler, "open", note)
    monkeypatch.setattr(KernelWebsocketHandler, "on_message", lambda _handler, sent: done.append(sent))
    handler: Any = object.__new__(OneProtocol)
    handler.request = SimpleNamespace(headers={"Sec-WebSocket-Protocol": offered})
    handler.close = lambda code, word: done.append((code, word))

    async def connect() -> None:
        await handler.pre_get()
        await handler.open("kernel")
        handler.on_message(b"text")
        handler.on_close()

    wait_for(connect())
    assert done == ([(1002, f"needs {PROTOCOL}")] if closed else [(), ("kernel",), b"text"])


def test_a_page_is_answered_without_waiting_for_acknowledgements(
    monkeypatch: pytest.MonkeyPatch, wait_for: Callable[[Any], Any]
) -> None:
    async def connect(_handler: Any, _kernel_id: str) -> None:
        """Without a kernel there is nothing to connect to."""

    async def nodelay_after_opening() -> int:
        with socket.create_server(("localhost", 0)) as listening, socket.create_connection(listening.getsockname()):
            stream = IOStream(listening.accept()[0])
            handler = object.__new__(KernelConnection)
            handler.ws_connection = stream
            assert not stream.socket.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
            await handler.open("any")
            delayed = stream.socket.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
            stream.close()
            return delayed

    monkeypatch.setattr(VoilaKernelWebsocketHandler, "open", connect)
    assert wait_for(nodelay_after_opening())


def _rules(router: Any) -> list[Any]:
    return list(getattr(router, "rules", []))


@pytest.mark.browser
def test_the_loading_state_gives_way_to_widgets_without_a_console_error(page: Page, dashboard_url: str) -> None:
    errors: list[str] = []
    page.on("console", lambda m: errors.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    outside: list[str] = []
    page.on("request", lambda r: None if r.url.startswith((dashboard_url, "data:", "blob:")) else outside.append(r.url))
    page.goto(dashboard_url)
    page.wait_for_selector("#loading", state="detached", timeout=60_000)
    assert page.locator("#rendered_cells .jp-OutputArea-output").inner_text().strip() != ""
    assert page.evaluate("window.Bokeh.version") == assets.bokeh_version()
    assert errors == []
    assert outside == []
