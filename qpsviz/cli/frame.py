"""``qpsviz frame decode`` and ``qpsviz frame encode``: octets in the shell."""

from __future__ import annotations

import argparse
import io
import json
import math
import re
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from qpsviz.cli.usage import Parser, UsageError
from qpsviz.files import MAX_TEXT_OCTETS, decoded, written_whole
from qpsviz.frame import CapturedPacket, Field, Frame, FrameError, Tlv, describe
from qpsviz.frame.capture_reader import is_capture, read_packets
from qpsviz.frame.fields import BY_NAME, FIELDS
from qpsviz.frame.hex_text import HexError, read_hex
from qpsviz.frame.wire import seal

_HEX = re.compile(r"(?:0[xX])?[0-9A-Fa-f\s:-]+\Z")
_BINARY = re.compile(r"[^\t\n\r\x20-\x7e]")
_METAVARS = {int: "N", float: "X", str: "TEXT"}
_ADDRESSES = ("destination", "source")


def add_frame(adder: argparse._SubParsersAction[Parser]) -> None:
    """Add ``frame decode`` and ``frame encode`` to the command's parser.

    Parameters
    ----------
    adder : argparse sub-parsers action
        What ``ArgumentParser.add_subparsers`` returned; each command sets the default ``run``.
    """
    frame = adder.add_parser("frame", help="read and write quantum Ethernet frames", allow_abbrev=False)
    commands = frame.add_subparsers(title="commands", metavar="COMMAND", required=True)
    decode = commands.add_parser("decode", help="show what octets mean", allow_abbrev=False)
    decode.add_argument(
        "octets", metavar="FILE|HEX|-", help="a pcap, pcapng, hex or binary file, hex, or standard input"
    )
    decode.add_argument(
        "--without-fcs", action="store_true", help="the octets end before the frame check sequence, as cards strip it"
    )
    decode.add_argument("--json", action="store_true", help="print JSON: a list of fields, or a line for each packet")
    decode.set_defaults(run=run_decode)
    encode = commands.add_parser("encode", help="print the octets of a frame", allow_abbrev=False)
    for name in _ADDRESSES:
        encode.add_argument("--" + name, required=True, metavar=_METAVARS[str])
    for row in FIELDS:
        flag, kind = "--" + row.name.replace("_", "-"), row.codec.kind
        encode.add_argument(flag, type=kind, required=row.mandatory, metavar=_METAVARS[kind])
    encode.add_argument("--tlv", action="append", default=[], metavar="TYPE:HEX", help="a reserved TLV, 5 to 126")
    encode.add_argument("--custom", action="append", default=[], metavar="OUI:SUBTYPE:HEX", help="a TLV 127")
    encode.add_argument("--dialect", choices=("paper", "lldp"), default="paper", help="default: paper")
    encode.add_argument("--out", metavar="FILE", help="write the octets there (default: hex on standard output)")
    encode.set_defaults(run=run_encode)


def run_decode(arguments: argparse.Namespace) -> None:
    """Print every field of a frame, or every packet of a capture."""
    octets = _octets_from(arguments.octets)
    if isinstance(octets, bytes):
        found = _described(octets, without_fcs=arguments.without_fcs)
        print(json.dumps([_as_json(field) for field in found], indent=1) if arguments.json else _table(found))
        return
    for packet in octets:
        print(json.dumps(_packet_json(packet)) if arguments.json else _packet_line(packet))


def _described(octets: bytes, *, without_fcs: bool) -> list[Field]:
    """Fields of a frame; where only the check sequence is missing, the error says how to read it."""
    if without_fcs:
        return describe(seal(octets))
    try:
        return describe(octets)
    except FrameError as error:
        if not _is_frame(seal(octets)):
            raise
        problem = f"{error.problem}; add --without-fcs if the octets end before the check sequence"
        raise FrameError(error.field, problem, error.offset) from None


def _is_frame(octets: bytes) -> bool:
    try:
        describe(octets)
    except FrameError:
        return False
    return True


def run_encode(arguments: argparse.Namespace) -> None:
    """Print the octets of the frame that the flags describe, as hex, or write them to a file."""
    given = {name: getattr(arguments, name) for name in (*_ADDRESSES, *BY_NAME)}
    stated = {name: value for name, value in given.items() if value is not None}
    try:
        frame = Frame(**stated, tlvs=(*map(_tlv, arguments.tlv), *map(_custom, arguments.custom)))
        octets = frame.encode(arguments.dialect)
    except FrameError as error:
        raise UsageError(str(error)) from error
    if arguments.out is None:
        print(octets.hex(" "))
        return
    with written_whole(arguments.out) as part:
        part.write_bytes(octets)
    print(f"wrote {len(octets)} octets to {arguments.out}", file=sys.stderr)


def _octets_from(text: str) -> bytes | Iterator[CapturedPacket]:
    """Octets of one frame, or the packets of a capture."""
    if text == "-":
        return _from_content(sys.stdin.buffer.read())
    path = Path(text)
    if len(text) < 256 and path.is_file():
        with path.open("rb") as file:
            head = file.read(4)
        if is_capture(head):
            return _packets_of(path)
        if path.stat().st_size > MAX_TEXT_OCTETS:
            raise UsageError(f"{text!r} is too large to be a frame")
        return _from_content(path.read_bytes())
    if not _HEX.match(text):
        raise UsageError(f"{text!r} is neither a file nor hex octets")
    return _from_hex(text)


def _packets_of(path: Path) -> Iterator[CapturedPacket]:
    with path.open("rb") as file:
        yield from read_packets(file)


def _from_content(content: bytes) -> bytes | Iterator[CapturedPacket]:
    if is_capture(content):
        return read_packets(io.BytesIO(content))
    try:
        text = decoded(content)
    except ValueError:
        return content
    return content if _BINARY.search(text) else _from_hex(text)


def _from_hex(text: str) -> bytes:
    """Octets of hex in any notation that is read on the page, also the lines of a packet dump."""
    try:
        return read_hex(text, max_characters=MAX_TEXT_OCTETS)
    except HexError as error:
        raise UsageError(str(error)) from None


def _tlv(text: str) -> Tlv:
    type_, _, value = text.partition(":")
    try:
        return Tlv(type=int(type_), value=bytes.fromhex(value))
    except ValueError as error:
        raise UsageError(f"--tlv {text!r} must be TYPE:HEX ({error})") from error


def _custom(text: str) -> Tlv:
    oui, _, rest = text.partition(":")
    subtype, _, data = rest.partition(":")
    try:
        return Tlv.custom(oui, int(subtype), bytes.fromhex(data))
    except ValueError as error:
        raise UsageError(f"--custom {text!r} must be OUI:SUBTYPE:HEX, as in 00-11-22:7:cafe ({error})") from error


def _as_json(field: Field) -> dict[str, object]:
    return {**field._asdict(), "octets": field.octets.hex()}


def _table(found: list[Field]) -> str:
    """Offset, octets, label, value and meaning in columns; long runs of octets are cut."""
    rows = [("octet", "hex", "field", "value", "meaning")]
    for field in found:
        shown = field.octets[:8].hex(" ") + (" …" if field.length > 8 else "")
        rows.append((str(field.offset), shown, field.label, field.value, field.meaning))
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    widths[3] = min(widths[3], 30)
    lines = (
        "  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[4]]) for row in rows
    )
    return "\n".join(lines)


def _packet_json(packet: CapturedPacket) -> dict[str, object]:
    time_us = None if math.isnan(packet.time_us) else packet.time_us
    row: dict[str, object] = {"time_us": time_us, "time_ns": packet.time_ns}
    row |= {"node": packet.node, "outbound": packet.outbound}
    try:
        values = asdict(packet.frame())
    except FrameError as error:
        return {**row, "octets": packet.octets.hex(), "error": str(error)}
    values |= {row.name: None for row in FIELDS if values[row.name] == math.inf}
    values["tlvs"] = [{**tlv, "value": tlv["value"].hex()} for tlv in values["tlvs"]]
    return {**row, **values}


def _time_text(time_ns: int | None) -> str:
    """Whole nanoseconds as microseconds, also those of today, which a float would round."""
    return "no time" if time_ns is None else f"{time_ns // 1000}.{time_ns % 1000:03}"


def _packet_line(packet: CapturedPacket) -> str:
    arrow = {True: "leaves ", False: "reaches", None: "at     "}[packet.outbound]
    node = "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in packet.node)
    place = f"{_time_text(packet.time_ns):>14} µs  {arrow} {node:12}"
    try:
        frame = packet.frame()
    except FrameError as error:
        return f"{place}  not a quantum frame: {error}"
    number = "" if frame.frame_id is None else f" {frame.frame_id}"
    stated = ((frame.payload_duration_us, "payload"), (frame.guard_us, "guard"), (frame.memory_time_us, "in memory"))
    times = ", ".join(f"{label} {time:.6g} µs" for time, label in stated if time is not None)
    return f"{place}  {frame.source} → {frame.destination}  {frame.role}{number}, {times}"
