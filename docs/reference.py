"""Writes ``docs/reference.md`` from the declarations of the package.

Usage: ``.venv/bin/python docs/reference.py``. A test fails while the page is not what this would write.
"""

from __future__ import annotations

import argparse
import importlib
import inspect
import math
import pkgutil
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path

import qpsviz as qps
from qpsviz.cli.parser import build_parser
from qpsviz.frame import Frame, describe
from qpsviz.scenario.presets import all_presets

#: Rooms whose functions are models on their own.
MODELS = ("noise", "frame", "switch", "network", "protocols")
PAGE = Path(__file__).with_name("reference.md")
EVERY_FIELD = Frame(
    destination="02:00:00:00:00:02",
    source="02:00:00:00:00:01",
    role="header",
    payload_duration_us=50.0,
    memory_time_us=125.0,
    cutoff_us=1000.0,
    error_correction="[[5,1,3]]",
    guard_us=12.5,
    n_qubits=10,
    spacing_us=5.0,
    encoding="polarisation",
    application="qkd",
    wavelength_nm=1550.12,
    frame_id=7,
    attempt=1,
)


def table(titles: Iterable[str], rows: Iterable[Iterable[object]]) -> list[str]:
    """A Markdown table."""
    names = list(titles)
    lines = [names, ["---"] * len(names), *([str(cell).replace("|", "\\|") for cell in row] for row in rows)]
    return ["| " + " | ".join(line) + " |" for line in lines] + [""]


def number(value: object) -> str:
    """A default as it is written in Python, infinity as ∞."""
    return (
        "∞"
        if isinstance(value, float) and math.isinf(value)
        else f"{value:g}"
        if isinstance(value, float)
        else str(value)
    )


def parameter_tables() -> list[str]:
    """Every parameter by its group."""
    lines = [
        "## Parameters",
        "",
        "What a scenario holds; `qps.parameters()`. On the command line `--length-km 80`.",
        "",
    ]
    for group, members in groupby(qps.parameters(), key=lambda p: p.group):
        rows = [
            (f"`{p.name}`", "" if p.unit == "1" else p.unit, number(p.default), p.range_text, p.claim, p.source, p.help)
            for p in members
        ]
        lines += [
            f"### {group}",
            "",
            *table(("name", "unit", "default", "allowed", "claim", "source", "meaning"), rows),
        ]
    return lines


def output_table() -> list[str]:
    """Every closed-form output."""
    rows = [(f"`{o.name}`", "" if o.unit == "1" else o.unit, o.label, o.source) for o in qps.outputs()]
    return [
        "## Outputs",
        "",
        "What `qps.evaluate` and `qps.sweep` compute.",
        "",
        *table(("name", "unit", "what", "source"), rows),
    ]


def preset_table() -> list[str]:
    """Every preset and its story."""
    rows = [(f"`{p.name}`", p.title, p.story) for p in all_presets()]
    return ["## Presets", "", "`qps.preset(name)`.", "", *table(("name", "title", "story"), rows)]


def frame_table() -> list[str]:
    """Every field of a frame that states them all, in the order of the wire."""
    rows = [(f"`{f.name}`", f.label, f.offset, f.length, f.meaning) for f in describe(EVERY_FIELD.encode())]
    about = "A header that states every field, in the paper's dialect; the format: [frame-format.md](frame-format.md)."
    return ["## Frame fields", "", about, "", *table(("name", "label", "octet", "octets", "meaning"), rows)]


def command_table() -> list[str]:
    """Every command with its own flags; those of a scenario are the parameters above."""
    lines = [
        "## Commands",
        "",
        "`qpsviz COMMAND --help` tells more. A command that takes a scenario takes every parameter as a flag.",
        "",
    ]
    scenario = {"--" + p.name.replace("_", "-") for p in qps.parameters()}
    return lines + table(("command", "what it does", "flags"), commands(build_parser(), "qpsviz", scenario))


def function_tables() -> list[str]:
    """Public functions and classes of the models, by module, with the first line of their documentation."""
    about = "What scripts can use beside `qpsviz` itself; `help()` tells shapes, units, errors and sources."
    lines = ["## Models for scripts", "", about, ""]
    for room in MODELS:
        package = importlib.import_module(f"qpsviz.{room}")
        for info in sorted(pkgutil.walk_packages(package.__path__, f"{package.__name__}."), key=lambda info: info.name):
            module = importlib.import_module(info.name)
            rows = [
                (f"`{name}`", (member.__doc__ or "").split("\n")[0])
                for name, member in vars(module).items()
                if not name.startswith("_") and inspect.getmodule(member) is module and callable(member)
            ]
            if rows:
                lines += [f"### {info.name}", "", *table(("name", "what it is"), rows)]
    return lines


def commands(parser: argparse.ArgumentParser, name: str, scenario: set[str]) -> Iterable[tuple[str, str, str]]:
    """Name, help and flags of every command below a parser."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            helps = {choice.dest: choice.help or "" for choice in action._choices_actions}
            for word, below in action.choices.items():
                if not any(isinstance(a, argparse._SubParsersAction) for a in below._actions):
                    yield f"`{name} {word}`", helps.get(word, ""), flags(below, scenario)
                yield from commands(below, f"{name} {word}", scenario)


def flags(parser: argparse.ArgumentParser, scenario: set[str]) -> str:
    """Flags of one command, without those of the scenario."""
    every = [a.option_strings[-1] for a in parser._actions if a.option_strings]
    own = [flag for flag in every if "--preset" not in every or flag not in scenario]
    return " ".join(f"`{flag}`" for flag in own if flag != "--help")


def page() -> str:
    """The whole page."""
    head = ["# Reference", "", "Written by `docs/reference.py` from the declarations of the package.", ""]
    parts = [parameter_tables(), output_table(), preset_table(), frame_table(), command_table(), function_tables()]
    return "\n".join([*head, *(line for part in parts for line in part)]).rstrip() + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
