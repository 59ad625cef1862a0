"""What every answer of the dashboard obeys: the names it is called by, headers, cookies, errors, and a quiet log."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable, Iterator
from contextlib import suppress
from html.parser import HTMLParser
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import Page
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect
from websockets.typing import Subprotocol

from qpsviz.serve import Options, messages
from qpsviz.serve.guard import Hosts
from qpsviz.serve.websocket import PROTOCOL

PAGES = ["", "voila/render/glossary.ipynb"]
MISSING = [
    "nonsense", "wp-login.php", ".env", "voila/render/nonsense.ipynb", "voila/render/", "voila/templates/x",
    "voila/templates/qpsviz/static/none.css", "voila/static/none.js", "voila/api/themes/none", "api/kernels/a-b-c-d-e",
    "logout", "login", "voila/templates/qpsviz/static/", "voila/templates/qpsviz/static//", "voila/static/",
    "voila/templates/qpsviz/static/%2e", "voila/templates/qpsviz/static/%2e%2e/x", "voila/labextensions/%2e%2e/x",
    "voila/templates/qpsviz/static/a%2f%2e%2e%2f%2e%2e%2fx", "voila/api/themes/%2e%2e", "qpsviz/static/",
    "voila/files/none.png", "voila/render/%00.ipynb", "a" * 2000, "voila/render/" + "b" * 400 + ".ipynb", "%ff%fe",
]  # fmt: skip
FILES = ["voila/static/voila.js", "voila/templates/qpsviz/static/index.css", "qpsviz/static/bokeh.min.js"]


class Addresses(HTMLParser):
    """Every address that a page of one message names."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value or "" for name, value in attrs if name in ("src", "href", "action")]


@pytest.fixture(scope="module")
def client(dashboard_url: str) -> Iterator[httpx.Client]:
    """A visitor that keeps no cookies and follows no redirects."""
    with httpx.Client(base_url=dashboard_url, timeout=120) as visitor:
        visitor.cookies.jar.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        yield visitor


@pytest.fixture(scope="module")
def explorer_page(client: httpx.Client) -> httpx.Response:
    """The explorer, asked for in another look."""
    return client.get("?template=lab&theme=dark&%24=%22")


@pytest.fixture(scope="module")
def lesson_page(client: httpx.Client) -> httpx.Response:
    """A lesson, asked for in a look that does not exist, through a proxy that speaks https."""
    path = "voila/render/glossary.ipynb?template=nonsense&theme=nonsense"
    return client.get(path, headers={"X-Forwarded-Proto": "https"})


@pytest.mark.parametrize("path", ["", "nonsense", *FILES, "voila/files/a.ipynb", "api/kernels/a-b-c-d-e"])
def test_every_answer_carries_the_same_protection(client: httpx.Client, path: str) -> None:
    headers = client.head(path).headers if path == "" else client.get(path).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "frame-ancestors 'self'" in headers["Content-Security-Policy"]
    assert re.search(r"default-src '(self|none)'", headers["Content-Security-Policy"])
    assert "http" not in headers["Content-Security-Policy"]


def test_cookies_stay_with_our_own_pages_and_with_https_where_the_page_has_it(
    explorer_page: httpx.Response, lesson_page: httpx.Response
) -> None:
    for page, secure in ((explorer_page, False), (lesson_page, True)):
        cookies = page.headers.get_list("set-cookie")
        assert {cookie.partition("=")[0].split("-")[0] for cookie in cookies} == {"username", "_xsrf"}
        assert all("samesite=lax" in cookie.lower() for cookie in cookies)
        assert all(("; secure" in cookie.lower()) == secure for cookie in cookies)


@pytest.mark.parametrize("path", ["", "nonsense", *FILES, "api/kernels/a-b-c-d-e", "robots.txt"])
def test_a_name_that_is_not_ours_is_refused_everywhere(client: httpx.Client, path: str) -> None:
    for name in ("rebound.example", "localhost.example:8866", "192.0.2.7"):
        assert client.get(path, headers={"Host": name}).status_code == 403


def test_hosts_are_localhost_what_was_bound_and_what_was_allowed() -> None:
    bound = Hosts(Options(host="10.1.2.3", allow_hosts=("Class.Example",), max_kernels=1))
    for host in ("localhost:1", "127.0.0.1:8866", "[::1]:80", "10.1.2.3", "class.example", "CLASS.example:8866"):
        assert bound.knows(host), host
    for host in ("10.1.2.4", "other.example", "class.example.org", "", "localhost:1:2", "[localhost", "user@localhost"):
        assert not bound.knows(host), host


@pytest.mark.parametrize("host", ["0.0.0.0", "::", ""])
def test_a_server_on_every_interface_knows_its_addresses_and_its_machine(host: str) -> None:
    everywhere = Hosts(Options(host=host, max_kernels=1))
    assert everywhere.knows("10.1.2.4:8866")
    assert everywhere.knows("[2001:db8::1]")
    assert everywhere.knows(socket.gethostname())
    assert not everywhere.knows("rebound.example")


@pytest.mark.parametrize("path", PAGES)
def test_head_says_that_a_page_is_there(client: httpx.Client, path: str) -> None:
    answer = client.head(path)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/html")
    assert answer.content == b""
    assert client.head("voila/render/none.ipynb").status_code == 404


@pytest.mark.parametrize(
    "agent", ["Slackbot-LinkExpanding 1.0", "Mozilla/5.0 (compatible; Googlebot/2.1)", "WhatsApp/2"]
)
def test_who_shows_a_card_of_the_link_gets_one_without_a_kernel(client: httpx.Client, agent: str) -> None:
    answer = client.get("", headers={"User-Agent": agent})
    assert answer.status_code == 200
    assert "kernelId" not in answer.text
    assert "packet switching" in answer.text


@pytest.mark.parametrize(
    "header", [{"Sec-Purpose": "prefetch;prerender"}, {"Purpose": "prefetch"}, {"X-Moz": "prefetch"}]
)
def test_a_browser_that_asks_ahead_is_put_off(client: httpx.Client, header: dict[str, str]) -> None:
    answer = client.get("", headers=header)
    assert answer.status_code == 503
    assert answer.headers["Cache-Control"] == "no-store"


def test_search_engines_are_asked_to_stay_away(client: httpx.Client) -> None:
    assert client.get("robots.txt").text == "User-agent: *\nDisallow: /\n"


def test_no_address_chooses_another_template_or_theme(
    explorer_page: httpx.Response, lesson_page: httpx.Response
) -> None:
    for page in (explorer_page.text, lesson_page.text):
        assert 'id="qpsviz-bokeh"' in page
        assert 'data-jp-theme-light="true"' in page
        assert '"jupyterLabTheme": "light"' in page
        assert not re.search(r"""(?:src|href)=["'](?:https?:)?//""", page)


@pytest.mark.parametrize("path", MISSING)
def test_an_address_that_is_not_there_gets_a_page_in_our_look(client: httpx.Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code in (400, 403, 404)
    if answer.headers["Content-Type"].startswith("text/html"):
        assert "qpsviz" in answer.text
        assert not any(urlsplit(address).netloc for address in Addresses(answer.text).found)
    for private in ("Traceback", "site-packages", ".py", "Error:"):
        assert private not in answer.text


def test_nonsense_leaves_the_log_empty(serve: Callable[..., Any], kernel_message: Callable[..., bytes]) -> None:
    served = serve()
    with httpx.Client(base_url=served.url, timeout=60) as visitor:
        for path in MISSING:
            visitor.get(path)
            visitor.head(path)
            visitor.post(path)
        visitor.get("", headers={"Host": "rebound.example"})
        visitor.post("voila/api/shutdown/none")
        kernel = re.search(r'"kernelId": "([^"]+)"', visitor.get("").text)
        assert kernel
        place = f"api/kernels/{kernel[1]}/channels"
        assert visitor.get(place).status_code == 400
        sent = [
            kernel_message("comm_msg"), kernel_message("comm_open"), kernel_message("kernel_info_request", channel="x"),
            kernel_message("kernel_info_request", header={"msg_id": None}), b"hello",
            kernel_message("comm_msg", {"comm_id": "nobody", "data": {"method": "dance"}}),
        ]  # fmt: skip
        for message in sent:
            with connect(f"ws{served.url[4:]}{place}?session_id=x", subprotocols=[Subprotocol(PROTOCOL)]) as page:
                page.send(message)
                with suppress(ConnectionClosed, TimeoutError):
                    while True:
                        page.recv(timeout=0.5)
    served.process.terminate()
    rest, _ = served.process.communicate(timeout=60)
    assert rest == ""


def test_a_message_escapes_what_it_is_told() -> None:
    page = messages.message_page("<b>title</b>", "a & b", action=messages.link_button('">x', "/a?b=1&c=2"))
    assert "<b>title" not in page
    assert "a &amp; b" in page
    assert "/a?b=1&amp;c=2" in page


@pytest.mark.browser
@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_an_error_page_fits_and_breaks_no_rule_of_its_own(
    page: Page, dashboard_url: str, mode: Any, width: int
) -> None:
    said: list[str] = []
    page.on("console", lambda m: said.append(m.text) if "404" not in m.text else None)
    page.set_viewport_size({"width": width, "height": 700})
    page.emulate_media(color_scheme=mode)
    page.goto(dashboard_url + "nonsense")
    assert page.evaluate("document.scrollingElement.scrollWidth - innerWidth") <= 0
    assert page.get_by_role("heading").inner_text() == "There is nothing here"
    dark = page.evaluate("getComputedStyle(document.querySelector('main')).backgroundColor") != "rgb(255, 255, 255)"
    assert dark == (mode == "dark")
    assert page.get_by_role("link", name="Open the explorer").get_attribute("href") == "/"
    assert said == []
