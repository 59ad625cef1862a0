"""``qpsviz trace``: runs as traces of Q2NSViz, and traces of Q2NS and Q2NSViz told or watched."""

from __future__ import annotations

import argparse
import json
import re
import sys
import tempfile
import webbrowser
from collections import Counter
from pathlib import Path

from qpsviz.cli.usage import Parser, UsageError
from qpsviz.files import check_place, read_text, written_whole
from qpsviz.sim.results.run import Run
from qpsviz.sim.results.run_file import FORMAT
from qpsviz.sim.results.trace_file import MOST_LINES, SUFFIXES
from qpsviz.traces import Trace, load
from qpsviz.traces.model import Packet, Removal

FRAMES_HELP = "only these frames of the trace, by number, as in 0-99 or 3-3"
_RUN = re.compile(r'\s*\{\s*"format"\s*:\s*"' + FORMAT + '"')


def add_trace(adder: argparse._SubParsersAction[Parser]) -> None:
    """Add ``trace write``, ``trace show`` and ``trace watch`` to the command's parser.

    Parameters
    ----------
    adder : argparse sub-parsers action
        What ``ArgumentParser.add_subparsers`` returned; each command sets the default ``run``.
    """
    trace = adder.add_parser("trace", help="exchange runs with Q2NS and Q2NSViz", allow_abbrev=False)
    commands = trace.add_subparsers(title="commands", metavar="COMMAND", required=True)
    write = commands.add_parser("write", help="write a stored run as a trace of Q2NSViz", allow_abbrev=False)
    write.add_argument("file", metavar="RUN", help="a .json file that simulate --out wrote")
    write.add_argument(
        "--out", required=True, metavar="FILE", help=f"a .json or .ndjson file of up to {MOST_LINES} lines"
    )
    write.add_argument("--frames", metavar="FIRST-LAST", help=FRAMES_HELP)
    write.set_defaults(run=run_write)
    show = commands.add_parser("show", help="say what a trace holds", allow_abbrev=False)
    show.add_argument("file", metavar="TRACE", help="a trace of Q2NS or Q2NSViz, a JSON object a line or one array")
    show.add_argument("--json", action="store_true", help="print JSON")
    show.set_defaults(run=run_show)
    watch = commands.add_parser("watch", help="open the film of a trace or of a stored run", allow_abbrev=False)
    watch.add_argument("file", metavar="FILE", help="a trace, or a .json file that simulate --out wrote")
    watch.add_argument("--out", metavar="PAGE", help="the .html page to write (default: a temporary file)")
    watch.add_argument("--no-browser", action="store_true", help="write the page, open nothing")
    watch.set_defaults(run=run_watch)


def frames_from(text: str | None) -> range | None:
    """The frames of a flag; None for all.

    Raises
    ------
    UsageError
        If it does not say the first and the last one.

    Examples
    --------
    >>> frames_from("0-99"), frames_from(None)
    (range(0, 100), None)
    """
    if text is None:
        return None
    found = re.fullmatch(r"(\d{1,12})-(\d{1,12})", text.strip())
    if not found or int(found[1]) > int(found[2]):
        raise UsageError(f"--frames {text!r} must be the first and the last one, as in 0-99")
    return range(int(found[1]), int(found[2]) + 1)


def run_write(arguments: argparse.Namespace) -> None:
    """Write a stored run as a trace."""
    frames, target = frames_from(arguments.frames), Path(arguments.out)
    if target.suffix.lower() not in SUFFIXES:
        raise UsageError(f"--out {arguments.out!r} must end in {' or '.join(SUFFIXES)}")
    check_place(target)
    n_lines = Run.load(arguments.file).to_q2nsviz(target, frames=frames)
    print(f"wrote {n_lines} lines to {target}", file=sys.stderr)


def run_show(arguments: argparse.Namespace) -> None:
    """Print counts, times and fates."""
    trace = load(arguments.file)
    rows = _counts(trace)
    if arguments.json:
        print(json.dumps(rows, ensure_ascii=False))
        return
    for name, value in rows.items():
        shown = ", ".join(f"{n} {word}" for word, n in value.items()) or "none" if isinstance(value, dict) else value
        print(f"{name:18}{shown}")


def _counts(trace: Trace) -> dict[str, object]:
    removed = Counter(event.reason or "no reason" for event in trace.of_kind(Removal))
    n_quantum = sum(bit.is_quantum for bit in trace.bits)
    return {
        "dialect": trace.dialect.label,
        "nodes": len(trace.nodes),
        "channels": len(trace.channels),
        "qubits": n_quantum,
        "classical_bits": len(trace.bits) - n_quantum,
        "packets": len(trace.of_kind(Packet)),
        "events": len(trace.events),
        "end_us": trace.end_ns / 1000.0,
        "removed": dict(removed),
        "left_out": ", ".join(trace.left_out) or "nothing",
    }


def run_watch(arguments: argparse.Namespace) -> None:
    """Write the film as a page, and open it."""
    if arguments.out is not None:
        if Path(arguments.out).suffix.lower() != ".html":
            raise UsageError(f"--out {arguments.out!r} must end in .html")
        check_place(arguments.out)
    source: Run | Trace = Run.load(arguments.file) if _is_run(arguments.file) else load(arguments.file)
    from qpsviz.widgets import film

    page = film(source).page()
    target = Path(arguments.out or Path(tempfile.mkdtemp(prefix="qpsviz-")) / f"{Path(arguments.file).stem}.html")
    with written_whole(target) as part:
        part.write_text(page, encoding="utf-8")
    print(f"wrote {target}", file=sys.stderr)
    if not arguments.no_browser and not webbrowser.open(target.resolve().as_uri()):
        print("no browser was found: open the page yourself", file=sys.stderr)


def _is_run(path: str) -> bool:
    """Whether a file is a stored run, which begins with its format."""
    try:
        return _RUN.match(read_text(path)[:200]) is not None
    except ValueError:
        return False
