"""Writes ``docs/reference.md``, and the parts of other pages between marks, from the declarations.

Usage: ``.venv/bin/python docs/reference.py``. A test fails while a page is not what this would write.
"""

from __future__ import annotations

import argparse
import importlib
import inspect
import math
import pkgutil
import re
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path

import qpsviz as qps
from qpsviz.cli.parser import build_parser
from qpsviz.frame import Frame, describe
from qpsviz.frame.codecs import Scaled, Word
from qpsviz.frame.compiled import RESERVED_AT
from qpsviz.frame.fields import FIELDS, INFO_CODECS, INFO_FIELDS, TLV_FIELDS, FrameField
from qpsviz.frame.numbers import INFO_OCTETS, LAST_OF_TABLE_I
from qpsviz.noise.storage import KINDS, DelayLine
from qpsviz.scenario.discipline import Discipline
from qpsviz.scenario.presets import all_presets
from qpsviz.switch.fates import Fate, can_drop

#: Rooms whose functions are models on their own.
MODELS = ("noise", "frame", "switch", "network", "protocols")
PAGE = Path(__file__).with_name("reference.md")
PAGES_WITH_PARTS = ("frame-format.md", "q-roadm.md")
STORED_US = 125.0  # the wait that the table of storages gives a price for
PART = re.compile(r"<!-- written: ([a-z ]+) -->\n.*?<!-- end -->", re.DOTALL)
EVERY_FIELD = Frame(
    destination="02:00:00:00:00:02", source="02:00:00:00:00:01", **{field.name: field.example for field in FIELDS}
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


def fate_table() -> list[str]:
    """What can become of a frame, and for a drop with which disciplines and where."""
    rows = [
        (
            f"`{fate.value}`",
            fate.about.label,
            fate.about.sentence,
            ", ".join(discipline.value for discipline in Discipline if can_drop(discipline, fate)),
            " or ".join(kind.value for kind in fate.about.places),
        )
        for fate in Fate
    ]
    about = "The column `fate` of a run's frames; with a drop, where in a q-ROADM it happens."
    return ["## Fates", "", about, "", *table(("word", "on the page", "meaning", "disciplines", "place"), rows)]


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
    runs = [fate_table(), frame_table()]
    parts = [parameter_tables(), output_table(), preset_table(), *runs, command_table(), function_tables()]
    return "\n".join([*head, *(line for part in parts for line in part)]).rstrip() + "\n"


def octets_text(start: int, n_octets: int) -> str:
    """First and last octet of some, as 4–7."""
    return str(start) if n_octets == 1 else f"{start}–{start + n_octets - 1}"


def info_table() -> list[str]:
    """Fields of the other payload information by flag."""
    rows = [
        (f"0x{f.flag:02x}", f"`{f.name}`", octets_text(f.offset, codec.n_octets), codec.form, f.meaning)
        for f, codec in sorted(zip(INFO_FIELDS, INFO_CODECS, strict=True), key=lambda pair: pair[0].flag)
    ]
    free = [(f"0x{1 << bit:02x}", "reserved", "", "0", "") for bit in range(len(rows), 8)]
    return table(("flag", "field", "octets", "value", "meaning"), [*rows, *free])


def info_drawing() -> list[str]:
    """The structure of the other payload information, eight octets a line."""
    n_letters = 13
    cells = [("version, u8 = 1", 0, 1), ("flags, u8", 1, 1)]
    cells += [
        (f"{f.name}, u{8 * c.n_octets}", f.offset, c.n_octets) for f, c in zip(INFO_FIELDS, INFO_CODECS, strict=True)
    ]
    cells += [("reserved, zero", RESERVED_AT, INFO_OCTETS - RESERVED_AT)] if RESERVED_AT < INFO_OCTETS else []
    lines = ["```text"]
    for first in range(0, INFO_OCTETS, 8):
        row = [cell for cell in cells if first <= cell[1] < first + 8]
        widths = [n_letters * n_octets - 1 for _, _, n_octets in row]
        names = (
            name.partition(",")[0] if len(name) > width else name
            for (name, _, _), width in zip(row, widths, strict=True)
        )
        lines += [
            "octet  ┌" + "┬".join("─" * width for width in widths) + "┐",
            f"{first:4}   │" + "│".join(name.center(width) for name, width in zip(names, widths, strict=True)) + "│",
            "       └" + "┴".join("─" * width for width in widths) + "┘",
        ]
    return [*lines, "```"]


def subtype_table() -> list[str]:
    """Subtypes of the TLV 127 of our organisation."""
    rows: list[tuple[object, ...]] = [
        (f.type, "both", f"{f.label}: {f.meaning}", f.codec.form, f"`{f.name}`")
        for f in TLV_FIELDS
        if f.type > LAST_OF_TABLE_I
    ]
    rows.append((9, "paper only", "a TLV of LLDP", "its type in one octet, then its value", '`tlvs`, `dialect="lldp"`'))
    rows.sort()
    head = ("1–4, 8", "lldp only", "section 3", "", "")
    rest = ("others", "both", "reserved", "kept in `tlvs`", "")
    return table(("subtype", "dialect", "field", "data", "parameter"), [head, *rows, rest])


def filter_row(field: FrameField) -> tuple[str, str, str]:
    """Names of a field in Wireshark, and what they show."""
    name, codec = f"qeth.{field.filter}", field.codec
    if isinstance(codec, Scaled):
        return f"`{name}`, `{name}_{codec.step}`", f"{codec.unit.replace('us', 'µs')}; {codec.step}", field.label
    return f"`{name}`", codec.form if isinstance(codec, Word) else "as stated", field.label


def filter_table() -> list[str]:
    """Names of all fields in Wireshark, with what they show."""
    return table(("filter", "shows", "field"), map(filter_row, FIELDS))


def storage_table() -> list[str]:
    """What a payload can wait in, and what it costs there."""
    rows = []
    for kind in KINDS:
        storage = kind.make(qps.Scenario().values())
        per_km = f"{storage.loss_db_per_km:g} dB/km, " if isinstance(storage, DelayLine) else ""
        does = "decoheres, never erases" if kind.type.decoheres else "erases"
        rows.append((f"`{kind.word}`", does, storage.card(STORED_US), storage.claim, f"{per_km}{storage.source}"))
    return table(
        ("`storage`", "what waiting does", f"price; here: a wait of {STORED_US:g} µs", "claim", "source"), rows
    )


PARTS = {
    "payload information": info_table,
    "payload information drawing": info_drawing,
    "subtypes": subtype_table,
    "filters": filter_table,
    "storages": storage_table,
}


def with_parts(before: str) -> str:
    """A page with its parts between marks written anew."""

    def written(match: re.Match[str]) -> str:
        lines = "\n".join(PARTS[match[1]]()).rstrip()
        return f"<!-- written: {match[1]} -->\n{lines}\n<!-- end -->"

    return PART.sub(written, before)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    for name in PAGES_WITH_PARTS:
        file = PAGE.with_name(name)
        file.write_text(with_parts(file.read_text(encoding="utf-8")), encoding="utf-8")
