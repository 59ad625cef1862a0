"""The table of frame fields is complete, and octets, faults, command line and page follow it."""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterator
from dataclasses import MISSING, fields, replace
from typing import get_type_hints
from zlib import crc32

import pytest

import qpsviz as qps
from qpsviz.cli.frame import add_frame
from qpsviz.frame import Frame, FrameError, describe
from qpsviz.frame.codecs import Number, Scaled, Text
from qpsviz.frame.fields import FIELDS, FrameField
from qpsviz.session.tabs.frame.fields import CHOICES, EDITABLE, SUGGESTIONS, edited, page_fields
from qpsviz.session.tabs.frame.tab import question

ENDS = {"destination": "02:00:00:00:00:02", "source": "02:00:00:00:00:01"}
DECLARED = {field.name: field for field in fields(Frame) if field.name not in (*ENDS, "tlvs")}
EVERY = Frame(**ENDS, **{row.name: row.example for row in FIELDS if row.name in DECLARED})
LEAST = Frame(**ENDS, **{row.name: row.example for row in FIELDS if row.mandatory})
OUI = bytes.fromhex("025145")
DIALECTS = pytest.mark.parametrize("dialect", ["paper", "lldp"])
EACH = pytest.mark.parametrize("row", FIELDS, ids=lambda row: row.name)


def tlvs(octets: bytes) -> Iterator[tuple[int, int, int, int]]:
    """Octet, type, first and last octet of the value of each TLV before the End."""
    at = 14
    while octets[at] >> 1:
        stop = at + 2 + ((octets[at] & 1) << 8 | octets[at + 1])
        yield at, octets[at] >> 1, at + 2, stop
        at = stop


def place(octets: bytes, row: FrameField) -> tuple[int, int, int]:
    """Octets of a row's TLV, of its own value, and of the end of that value, as the page of the format has them."""
    lldp = octets[12:14] == b"\x88\xcc"
    for at, type_, start, stop in list(tlvs(octets))[3 if lldp else 0 :]:
        ours = type_ == 127 and octets[start : start + 3] == OUI
        number, first = (octets[start + 3], start + 4) if ours else (0 if lldp else type_, start)
        if number == row.type and (ours or type_ < 5):
            return (at, first, stop) if not row.flag else (at, first + row.offset, first + row.offset + size(row))
    raise AssertionError(f"no TLV for {row.name}")


def size(row: FrameField) -> int:
    """Octets of the value of a row that has a fixed size."""
    assert isinstance(row.codec, Number)
    return row.codec.n_octets


def damaged(octets: bytes, first: int, last: int, new: bytes) -> bytes:
    """Octets with some replaced, and the right check sequence."""
    body = octets[:first] + new + octets[last:-4]
    return body + crc32(body).to_bytes(4, "little")


def test_every_parameter_of_a_frame_but_addresses_and_tlvs_has_a_row_with_its_default():
    assert list(DECLARED) == [row.name for row in FIELDS]
    for row in FIELDS:
        assert DECLARED[row.name].default == (MISSING if row.mandatory else row.absent), row.name


@EACH
def test_a_parameter_is_typed_and_documented_with_its_unit(row):
    hint = str(get_type_hints(Frame)[row.name])
    assert row.codec.kind.__name__ in hint or all(word in hint for word in row.codec.choices)
    documented = re.search(rf"^    (\w+, )*{row.name}(, \w+)* : (.*\n(        .*\n)+)", Frame.__doc__, re.MULTILINE)
    assert documented
    assert not row.codec.unit or documented[3].rstrip().endswith(f"[{row.codec.unit}]")


def test_no_two_fields_share_a_place_or_a_name():
    own = [row.type for row in FIELDS if not row.flag]
    assert len(set(own)) == len(own)
    assert not {0, 3, 8, 9, 127} & set(own)  # End, other payload information, and what carries other TLVs
    assert [row.type for row in FIELDS if row.flag] == [3] * len([row for row in FIELDS if row.flag])
    assert len({row.filter for row in FIELDS}) == len({row.label for row in FIELDS}) == len(FIELDS)


def test_the_fields_of_the_payload_information_fill_it_from_octet_2_and_take_one_flag_each():
    info = sorted((row for row in FIELDS if row.flag), key=lambda row: row.offset)
    ends = [2, *(row.offset + size(row) for row in info)]
    assert [row.offset for row in info] == ends[:-1]
    assert ends[-1] <= 28
    assert sorted(row.flag for row in info) == [1 << bit for bit in range(len(info))]
    assert not any(row.mandatory or row.is_endless for row in info)


@EACH
def test_a_row_tells_people_enough(row):
    assert row.label[0].isupper()
    assert row.meaning.endswith(".")
    assert not row.note or re.match("(Assumption|Deviation): .+[.]$", row.note)
    assert row.is_stated(row.example)
    assert row.name.endswith(f"_{row.codec.unit}") if row.codec.unit else not re.search("_(us|nm|km|db)$", row.name)


@EACH
@DIALECTS
def test_a_value_lies_where_the_table_says(row, dialect):
    octets = EVERY.encode(dialect)
    at, first, last = place(octets, row)
    if isinstance(row.codec, Text):
        assert octets[first:last].decode() == row.example
        return
    n_steps = row.codec.n_per_unit if isinstance(row.codec, Scaled) else 1
    words = row.codec.choices
    number = words.index(row.example) if words else round(row.example * n_steps)
    assert int.from_bytes(octets[first:last], "big") == number
    assert last - first == size(row)
    assert at < first


@EACH
@DIALECTS
def test_a_frame_states_one_field_and_leaves_it_out_again(row, dialect):
    alone = replace(LEAST, **{row.name: row.example})
    assert Frame.decode(alone.encode(dialect)) == alone
    if not row.mandatory:
        assert getattr(Frame.decode(LEAST.encode(dialect)), row.name) == row.absent
        assert replace(alone, **{row.name: row.absent}).encode(dialect) == LEAST.encode(dialect)


@EACH
@DIALECTS
def test_a_fault_names_the_field_and_its_octet(row, dialect):
    octets = EVERY.encode(dialect)
    at, first, last = place(octets, row)
    if isinstance(row.codec, Number) and row.codec.is_narrow:
        number = row.codec.hi + 1 if row.codec.hi + 1 < 256 ** size(row) else row.codec.lo - 1
        with pytest.raises(FrameError) as fault:
            Frame.decode(damaged(octets, first, last, number.to_bytes(size(row), "big")))
        assert (fault.value.field, fault.value.offset) == (row.name, first)
    if not row.flag:
        longer = octets[at : at + 1] + bytes((octets[at + 1] + 100,)) + octets[at + 2 : last] + b"x" * 100
        with pytest.raises(FrameError, match="length out of range") as fault:
            Frame.decode(damaged(octets, at, last, longer))
        assert (fault.value.field, fault.value.offset) == (row.name, at)


@EACH
@pytest.mark.parametrize("wrong", [b"", float("nan"), -1, []], ids=repr)
def test_a_value_of_no_meaning_is_refused_by_name(row, wrong):
    with pytest.raises(FrameError, match=f"^{row.name}: {row.name} = ") as refusal:
        replace(EVERY, **{row.name: wrong})
    assert refusal.value.offset is None


@DIALECTS
def test_the_description_and_the_page_show_each_field_with_the_words_of_its_row(dialect):
    described = {field.name: field for field in describe(EVERY.encode(dialect))}
    on_page = {field["name"]: field for field in page_fields(EVERY.encode(dialect))}
    for row in FIELDS:
        assert (described[row.name].label, described[row.name].meaning) == (row.label, row.meaning)
        shown = on_page[row.name]
        assert (shown["label"], shown["meaning"], shown["note"]) == (row.label, row.meaning, row.note)
        assert shown["edit"] == row.name
        assert shown["kind"] == ("mandatory" if row.mandatory else "optional")


@EACH
def test_the_page_edits_each_field_and_offers_its_words(row):
    assert edited(LEAST, row.name, str(row.example)) == replace(LEAST, **{row.name: row.example})
    assert row.name in EDITABLE
    assert CHOICES.get(row.name, []) == list(row.codec.choices)
    assert SUGGESTIONS.get(row.name, []) == list(row.suggestions)
    if row.mandatory:
        with pytest.raises(FrameError, match="mandatory"):
            edited(EVERY, row.name, "")
    else:
        assert getattr(edited(EVERY, row.name, ""), row.name) == row.absent


def test_the_page_offers_every_field_that_is_absent_and_nothing_else():
    def offered(frame: Frame) -> list[str]:
        answer = question(qps.preset("first"), None, {"do": "paste", "text": frame.encode().hex()})
        return [field["name"] for field in answer["absent"]]

    own = [row.name for row in FIELDS if not row.flag and not row.mandatory]
    first = next(row.name for row in FIELDS if row.flag == 1)
    assert offered(LEAST) == [*own, first]
    assert offered(EVERY) == []
    assert all(offered(replace(EVERY, **{name: None})) == [name] for name in own if name != "cutoff_us")


def test_the_command_line_has_a_flag_for_each_field_and_reads_all_of_them(capsys):
    parser = argparse.ArgumentParser()
    add_frame(parser.add_subparsers(required=True))

    def run(*arguments: str) -> str:
        chosen = parser.parse_args(["frame", *arguments])
        chosen.run(chosen)
        return capsys.readouterr().out

    flags = {name: f"--{name.replace('_', '-')}" for name in (*ENDS, *(row.name for row in FIELDS))}
    given = [word for name, flag in flags.items() for word in (flag, str(getattr(EVERY, name)))]
    octets = bytes.fromhex(run("encode", *given))
    assert octets == EVERY.encode()
    shown = json.loads(run("decode", octets.hex(), "--json"))
    assert set(flags) <= {field["name"] for field in shown}
    with pytest.raises(SystemExit):
        parser.parse_args(["frame", "encode"])
    required = re.search("required: (.*)", capsys.readouterr().err)[1].split(", ")
    assert required == [*(flags[name] for name in ENDS), *(flags[row.name] for row in FIELDS if row.mandatory)]
