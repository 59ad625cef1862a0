"""The page that specifies the format says what the code does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from qpsviz.frame import APPLICATIONS, ENCODINGS, Frame
from qpsviz.frame.fields import INFO_CODECS, INFO_FIELDS

PAGE = (Path(__file__).parents[2] / "docs" / "frame-format.md").read_text(encoding="utf-8")
PLUGIN = (Path(__file__).parents[2] / "contrib" / "wireshark" / "qpsviz.lua").read_text(encoding="utf-8")
SMALLEST = Frame(destination="02:00:00:00:00:02", source="02:00:00:00:00:01", role="header", payload_duration_us=50.0)
DUMP_LINE = re.compile(r"^ ?(\d+)  ((?:[0-9a-f]{2} {1,2})+)", re.MULTILINE)


@pytest.mark.parametrize(("section", "dialect"), [("## 2.", "paper"), ("## 3.", "lldp")])
def test_the_examples_are_the_octets_of_the_smallest_frame(section, dialect):
    text = PAGE[PAGE.index(section) :]
    lines = DUMP_LINE.findall(text[: text.index("\n## ", 1)])
    octets = SMALLEST.encode(dialect)
    assert len(lines) >= 6
    for offset, dump in lines:
        expected = bytes.fromhex(dump)
        assert octets[int(offset) : int(offset) + len(expected)] == expected, f"octet {offset}"


@pytest.mark.parametrize("names", [ENCODINGS, APPLICATIONS])
def test_page_and_dissector_name_every_code(names):
    known = [name for name in names if not name.startswith("code-")]
    assert ", ".join(f"{code} {name}" for code, name in enumerate(known)) in PAGE
    table = ", ".join(f'"{name}"' for name in known)
    assert f"[0] = {table}" in re.sub(r"\s+", " ", PLUGIN)


def test_the_page_has_every_flag_with_its_field_and_octets():
    for row, codec in zip(INFO_FIELDS, INFO_CODECS, strict=True):
        octets = str(row.offset) if codec.n_octets == 1 else f"{row.offset}–{row.offset + codec.n_octets - 1}"
        assert f"| 0x{row.flag:02x} | `{row.name}` | {octets} |" in PAGE


def test_every_filter_on_the_page_is_a_field_of_the_dissector():
    filters = re.findall(r"`(qeth\.[a-z_.]+)`", PAGE)
    assert len(filters) > 15
    for name in filters:
        assert f'"{name}"' in PLUGIN
