"""The Wireshark dissector against the table of frame fields: its text, and where there is one, tshark."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import NamedTuple

import pytest

from qpsviz.frame import Frame, write_capture
from qpsviz.frame.codecs import Code, Scaled, Text, Word
from qpsviz.frame.fields import FIELDS, NAME_OF, FrameField
from qpsviz.frame.numbers import (
    CUSTOM,
    END,
    ETHERTYPE_OF,
    INFO,
    INFO_OCTETS,
    LAST_OF_TABLE_I,
    OUI,
    RESERVED_TLV,
    STATION_TLV,
)

PLUGIN = Path(__file__).parents[2] / "contrib" / "wireshark" / "qpsviz.lua"
LUA = PLUGIN.read_text(encoding="utf-8")
EACH = pytest.mark.parametrize("row", FIELDS, ids=lambda row: row.name)
TREE = ("dialect", "tlv.", "info.", "padding")  # shown, but no field of a frame


class Shown(NamedTuple):
    """A `ProtoField`: its kind, its text, and the table of its words."""

    kind: str
    text: str
    words: str


def block(name: str) -> str:
    """What stands between the braces of a table of the dissector."""
    return re.search(rf"^local {name} = \{{\n?(.*?)\}}$", LUA, re.MULTILINE | re.DOTALL)[1]


def constants() -> dict[str, int]:
    """Numbers that have a name: ``local A, B = 1, 2``."""
    found = {}
    for names, values in re.findall(r"^local ([A-Z_, ]+) = ([0-9a-fx, ]+)$", LUA, re.MULTILINE):
        for name, value in zip(names.split(", "), values.split(", "), strict=True):
            found[name] = int(value, 0)
    return found


def words(name: str) -> tuple[str, ...]:
    """Names of codes from 0."""
    text = re.search(rf"^local {name} = \{{(.*?)\}}$", LUA, re.MULTILINE | re.DOTALL)[1]
    assert text.strip().startswith("[0] = ")
    return tuple(re.findall(r'"([^"]+)"', text))


CONSTANTS = constants()
KEY_OF = {name: {number: key for key, number in CONSTANTS.items()}.get(type_) for type_, name in NAME_OF.items()}
TITLES = dict(re.findall(r'\[([A-Z_]+)\] = "([^"]+)"', block("TITLES")))
DECLARED = re.findall(
    r'^  (\w+) = ProtoField\.(\w+)\("qeth\.([\w.]+)", "([^"]+)"(?:, base\.\w+)?(?:, (\w+))?\)', LUA, re.M
)
FILTER_OF = {variable: name for variable, _, name, _, _ in DECLARED}
SHOWN = {name: Shown(kind, text, table) for _, kind, name, text, table in DECLARED}


def used(text: str) -> set[str]:
    """Filters that a piece of the dissector fills."""
    return {FILTER_OF[name] for name in re.findall(r"\bf\.(\w+)", text)}


def names_of(row: FrameField) -> tuple[str, ...]:
    """Filters of a row: the value, and the exact number where the wire has a smaller unit."""
    return (row.filter, f"{row.filter}_{row.codec.step}") if isinstance(row.codec, Scaled) else (row.filter,)


def test_both_have_the_same_numbers():
    same = {"END": END, "INFO": INFO, "CUSTOM": CUSTOM, "RESERVED_TLV": RESERVED_TLV, "STATION_TLV": STATION_TLV}
    same |= {"OUI": int.from_bytes(OUI, "big"), "INFO_OCTETS": INFO_OCTETS}
    same |= {f"ETHERTYPE_{dialect.upper()}": number for dialect, number in ETHERTYPE_OF.items()}
    assert {name: CONSTANTS[name] for name in same} == same
    assert CONSTANTS["MEMORY"] == LAST_OF_TABLE_I  # where Table I ends, in the dissector


def test_the_dissector_knows_every_type_and_subtype_and_no_other():
    carried = {RESERVED_TLV, STATION_TLV}
    assert {CONSTANTS[key] for key in TITLES} == {*NAME_OF, *carried}


def test_every_name_of_the_dissector_is_a_field_or_a_part_of_the_tree():
    assert {name for name in SHOWN if not name.startswith(TREE)} == {name for row in FIELDS for name in names_of(row)}


@EACH
def test_a_tlv_is_called_as_in_the_table(row):
    title = "Other payload information" if row.flag else row.heading
    assert TITLES[KEY_OF["payload_info" if row.flag else row.name]] == title


@EACH
def test_a_field_has_its_name_text_kind_and_words(row):
    codec, shown = row.codec, SHOWN[row.filter]
    if isinstance(codec, Text):
        assert shown == ("string", row.label, "")
    elif isinstance(codec, Scaled):
        assert shown == ("double", f"{row.label} ({codec.unit})", "")
        assert SHOWN[f"{row.filter}_{codec.step}"] == (f"uint{8 * codec.n_octets}", f"{row.label} ({codec.step})", "")
    else:
        assert shown.kind == f"uint{8 * codec.n_octets}"
        assert shown.text in (row.label, row.filter.capitalize())
        assert isinstance(codec, Word | Code) == bool(shown.words)
        assert not shown.words or words(shown.words) == codec.choices


@EACH
def test_a_field_is_read_where_the_table_puts_it(row):
    if row.flag:
        entries = re.split(r"^  (?=\{flag)", block("INFO_FIELDS"), flags=re.MULTILINE)
        (entry,) = (text for text in entries if f"flag = 0x{row.flag:02x}," in text)
        assert f" at = {row.offset}, size = {row.codec.n_octets}," in entry
        assert used(entry) == set(names_of(row))
        return
    key = KEY_OF[row.name]
    if isinstance(row.codec, Text):
        texts = re.search(r"^local TEXTS = \{(.*)\}$", LUA, re.MULTILINE)[1]
        assert used(re.search(rf"\[{key}\] = (f\.\w+)", texts)[1]) == {row.filter}
    elif row.name == "role":
        assert used(re.search(r"elseif key == ROLE then\n(.*?)\n  elseif", LUA, re.DOTALL)[1]) == {"role"}
    else:
        entry = re.search(rf"^  \[{key}\] = (time\({key}, |\{{)(.*)", block("NUMBERS"), re.MULTILINE)
        assert used(entry[2]) == set(names_of(row))
        n_octets = 8 if entry[1].startswith("time") else int(re.search(r"size = (\d+)", entry[2])[1])
        assert n_octets == row.codec.n_octets
        assert isinstance(row.codec, Scaled) == entry[1].startswith("time")


def number(row: FrameField) -> float | str:
    """The example of a row as the dissector shows it: codes by number, the exact number where there are two."""
    if isinstance(row.codec, Scaled):
        return round(row.example * row.codec.n_per_unit)
    return row.codec.choices.index(row.example) if row.codec.choices else row.example


@pytest.mark.skipif(shutil.which("tshark") is None, reason="no tshark (on Debian: apt install tshark)")
def test_tshark_shows_every_field_of_the_table_alone_and_together_in_both_dialects(tmp_path):
    ends = {"destination": "02:00:00:00:00:02", "source": "02:00:00:00:00:01"}
    least = {row.name: row.example for row in FIELDS if row.mandatory}
    stated = [{**least, row.name: row.example} for row in FIELDS] + [{row.name: row.example for row in FIELDS}]
    frames = [Frame(**ends, **values) for values in stated]
    path = tmp_path / "fields.pcapng"
    octets = [frame.encode(dialect) for frame in frames for dialect in ("paper", "lldp")]
    write_capture(path, [(float(i), 0, frame) for i, frame in enumerate(octets)], nodes=["A"])
    columns = [f"qeth.{names_of(row)[-1]}" for row in FIELDS] + ["_ws.expert.message", "_ws.lua.error"]
    command = ["tshark", "-n", "-r", str(path), "-X", f"lua_script:{PLUGIN}", "-T", "fields", "-E", "separator=/t"]
    command += [word for column in columns for word in ("-e", column)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    lines = [line.split("\t") for line in done.stdout.split("\n")[:-1]]
    expected = [[str(number(row)) if row.name in values else "" for row in FIELDS] + ["", ""] for values in stated]
    assert lines == [line for line in expected for _ in range(2)]
