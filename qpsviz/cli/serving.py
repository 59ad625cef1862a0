"""``qpsviz dashboard`` and ``qpsviz lab``: their options, read before anything is started."""

from __future__ import annotations

import argparse
import secrets
from datetime import timedelta

from qpsviz.cli.usage import Parser, UsageError

GENERATE = "(generate)"
CULL_AFTER_S = 60.0
LONGEST_S = 86_400.0
NOTES = """\
Each open page has a Python process of its own (plan 150 MB), which ends when the page closes, or --cull-after seconds
after its connection was lost. When --max-kernels pages are open, the next visitor is asked to wait.
The server answers only to localhost, the address in --host and the names in --allow-host. Without --token everyone who
reaches it may use it; nobody can run code of their own. docs/serving.md tells how to serve a class."""


def add_serving(adder: argparse._SubParsersAction[Parser]) -> None:
    """Add both commands to the parser's commands."""
    dashboard = adder.add_parser(
        "dashboard",
        help="open the explorer in a browser",
        epilog=NOTES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    dashboard.add_argument("--host", default="localhost", help="interface to listen on (default localhost)")
    dashboard.add_argument(
        "--allow-host", action="append", default=[], metavar="NAME", help="a further name the server is called by"
    )
    dashboard.add_argument("--max-kernels", metavar="N", help="pages open at a time (default: what memory allows)")
    dashboard.add_argument(
        "--cull-after", metavar="S", help=f"seconds a page's process outlives its connection (default {CULL_AFTER_S:g})"
    )
    dashboard.set_defaults(run=run_dashboard)
    lab = adder.add_parser("lab", help="open the notebooks in JupyterLab", allow_abbrev=False)
    lab.set_defaults(run=run_lab)
    made_up = {
        dashboard: "let in only who has this token; without a word one is made up",
        lab: "the token of the address",
    }
    for parser in (dashboard, lab):
        parser.add_argument("--port", metavar="N", help="port to listen on (default: the next free one)")
        parser.add_argument(
            "--base-url", default="/", metavar="PATH", help="path under which all is served (default /)"
        )
        parser.add_argument("--token", nargs="?", const=GENERATE, default="", metavar="WORD", help=made_up[parser])
        parser.add_argument("--no-browser", action="store_true", help="print the address, open nothing")


def run_dashboard(arguments: argparse.Namespace) -> None:
    """Serve the dashboard until interrupted."""
    from qpsviz import serve

    options = serve.Options(
        host=arguments.host,
        base_url=serve.base_path(arguments.base_url),
        token=_token(arguments.token),
        allow_hosts=tuple(arguments.allow_host),
        max_kernels=_count("--max-kernels", arguments.max_kernels) or serve.default_max_kernels(),
        cull_after=timedelta(seconds=_seconds("--cull-after", arguments.cull_after)),
    )
    serve.run_dashboard(options, port=_port(arguments.port), open_browser=not arguments.no_browser)


def run_lab(arguments: argparse.Namespace) -> None:
    """Serve the notebooks in JupyterLab until interrupted."""
    from qpsviz import serve

    serve.run_lab(
        port=_port(arguments.port),
        open_browser=not arguments.no_browser,
        base_url=serve.base_path(arguments.base_url),
        token=_token(arguments.token),
    )


def _token(text: str) -> str:
    if text == GENERATE:
        return secrets.token_urlsafe(18)
    if not text.isascii() or not text.isprintable() or " " in text:
        raise UsageError("--token may hold printable ASCII characters only, and no spaces")
    return text


def _count(flag: str, text: str | None) -> int | None:
    if text is None:
        return None
    if not text.isdecimal() or not 1 <= int(text) <= 10_000:
        raise UsageError(f"{flag} {text!r} must be a whole number 1 ... 10000")
    return int(text)


def _seconds(flag: str, text: str | None) -> float:
    try:
        seconds = CULL_AFTER_S if text is None else float(text)
    except ValueError:
        seconds = 0.0
    if not 1.0 <= seconds <= LONGEST_S:
        raise UsageError(f"{flag} {text!r} must be a number of seconds 1 ... {LONGEST_S:g}")
    return seconds


def _port(text: str | None) -> int | None:
    if text is None:
        return None
    if not text.isdecimal() or int(text) > 65535:
        raise UsageError(f"--port {text!r} must be a whole number 0 ... 65535")
    return int(text)
