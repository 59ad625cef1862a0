"""The blocks of a pcapng file, as packets."""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator
from typing import BinaryIO, Final, NamedTuple

from qpsviz.frame.capture_writer import (
    INTERFACE_BLOCK,
    OPT_END,
    OPT_FCS_LENGTH,
    OPT_FLAGS,
    OPT_NAME,
    OPT_RESOLUTION,
    OPT_TIME_OFFSET,
    PACKET_BLOCK,
    SECTION_BLOCK,
    SECTION_MAGIC,
)
from qpsviz.frame.captured_packet import CapturedPacket
from qpsviz.frame.error import FrameError

OLD_PACKET_BLOCK, SIMPLE_PACKET_BLOCK = 2, 3
MAX_BLOCK_OCTETS: Final = 1 << 24

_START = SECTION_BLOCK.to_bytes(4, "big")
_DIRECTIONS = {1: False, 2: True}


class _Interface(NamedTuple):
    name: str
    ticks_per_s: int
    offset_s: int
    link_type: int
    snap_octets: int
    n_fcs_octets: int | None


class _Block(NamedTuple):
    """Body of a packet block, with what its kind puts in different places."""

    body: bytes
    order: str
    at: int
    interface: _Interface
    start: int
    size: int
    on_wire: int
    ticks: int | None


def exactly(file: BinaryIO, n_octets: int, at: int) -> bytes:
    """So many octets of a file, or a `FrameError` at octet ``at``."""
    octets = file.read(n_octets)
    if len(octets) != n_octets:
        raise FrameError("capture", f"truncated: {len(octets)} of {n_octets} octets left", at)
    return octets


def read_pcapng(file: BinaryIO) -> Iterator[CapturedPacket]:
    """Packets of a file whose first four octets have been read."""
    interfaces: list[_Interface] = []
    order, at = "<", 0
    head = _START + file.read(4)
    while head:
        if len(head) < 8:
            raise FrameError("capture", "truncated: the last block has no whole header", at)
        start = b""
        if head.startswith(_START):
            start = exactly(file, 4, at)
            order = _byte_order(start, at)
            interfaces = []
        type_, total = struct.unpack(order + "II", head)
        if total < 12 + len(start) or total % 4 or total > MAX_BLOCK_OCTETS:
            raise FrameError("capture", f"block length {total} is not a multiple of 4 from 12 to 2^24", at)
        rest = exactly(file, total - 8 - len(start), at)
        body, again = rest[:-4], struct.unpack(order + "I", rest[-4:])[0]
        if again != total:
            raise FrameError("capture", f"block length {total} at its start is {again} at its end", at)
        if start:
            _check_version(body, order, at)
        if type_ == INTERFACE_BLOCK:
            interfaces.append(_interface(body, order, at))
        elif type_ in _PACKETS:
            yield _packet(_PACKETS[type_](body, order, interfaces, at))
        at += total
        head = file.read(8)


def _byte_order(magic: bytes, at: int) -> str:
    for order in "<", ">":
        if struct.unpack(order + "I", magic)[0] == SECTION_MAGIC:
            return order
    raise FrameError("capture", f"byte-order magic {magic.hex(' ')!r} is unknown", at + 8)


def _check_version(body: bytes, order: str, at: int) -> None:
    """Refuse a section whose format may be another one."""
    if len(body) < 12:
        raise FrameError("capture", "section header is too short", at)
    major, minor = struct.unpack_from(order + "HH", body)
    if major != 1:
        raise FrameError("capture", f"section of version {major}.{minor}; only version 1 is read", at)


def _options(body: bytes, start: int, order: str) -> dict[int, bytes]:
    options: dict[int, bytes] = {}
    while start + 4 <= len(body):
        code, length = struct.unpack_from(order + "HH", body, start)
        if code == OPT_END:
            break
        options.setdefault(code, body[start + 4 : start + 4 + length])
        start += 4 + length + -length % 4
    return options


def _interface(body: bytes, order: str, at: int) -> _Interface:
    if len(body) < 8:
        raise FrameError("capture", "interface block is too short", at)
    link_type, snap_octets = struct.unpack_from(order + "HxxI", body)
    options = _options(body, 8, order)
    resolution = (options.get(OPT_RESOLUTION) or b"\x06")[0]
    offset = options.get(OPT_TIME_OFFSET, b"")
    fcs = options.get(OPT_FCS_LENGTH, b"")
    return _Interface(
        name=options.get(OPT_NAME, b"").decode(errors="replace"),
        ticks_per_s=(2 if resolution & 0x80 else 10) ** (resolution & 0x7F),
        offset_s=struct.unpack(order + "q", offset)[0] if len(offset) == 8 else 0,
        link_type=link_type,
        snap_octets=snap_octets,
        n_fcs_octets=fcs[0] if len(fcs) == 1 else None,
    )


def _known(interfaces: list[_Interface], index: int, at: int) -> _Interface:
    if index >= len(interfaces):
        raise FrameError("capture", f"packet at interface {index} of {len(interfaces)}", at)
    return interfaces[index]


def _fields(form: str, body: bytes, order: str, at: int) -> tuple[int, ...]:
    if len(body) < struct.calcsize(order + form):
        raise FrameError("capture", "packet block is too short", at)
    return struct.unpack_from(order + form, body)


def _enhanced(body: bytes, order: str, interfaces: list[_Interface], at: int) -> _Block:
    index, high, low, size, on_wire = _fields("IIIII", body, order, at)
    return _Block(body, order, at, _known(interfaces, index, at), 20, size, on_wire, high << 32 | low)


def _obsolete(body: bytes, order: str, interfaces: list[_Interface], at: int) -> _Block:
    index, _, high, low, size, on_wire = _fields("HHIIII", body, order, at)
    return _Block(body, order, at, _known(interfaces, index, at), 20, size, on_wire, high << 32 | low)


def _simple(body: bytes, order: str, interfaces: list[_Interface], at: int) -> _Block:
    """Without a time, and with the snapshot length of the only interface."""
    (on_wire,) = _fields("I", body, order, at)
    interface = _known(interfaces, 0, at)
    size = min(on_wire, interface.snap_octets or on_wire)
    return _Block(body, order, at, interface, 4, size, on_wire, None)


_PACKETS = {PACKET_BLOCK: _enhanced, OLD_PACKET_BLOCK: _obsolete, SIMPLE_PACKET_BLOCK: _simple}


def _packet(block: _Block) -> CapturedPacket:
    stop = block.start + block.size
    if stop > len(block.body):
        raise FrameError("capture", f"a packet of {block.size} octets overruns its block", block.at)
    flags = (
        _options(block.body, stop + -block.size % 4, block.order).get(OPT_FLAGS, b"")
        if block.ticks is not None
        else b""
    )
    word = struct.unpack(block.order + "I", flags)[0] if len(flags) == 4 else 0
    time_us, time_ns = _time(block)
    return CapturedPacket(
        time_us=time_us,
        node=block.interface.name,
        octets=block.body[block.start : stop],
        outbound=_DIRECTIONS.get(word & 3),
        time_ns=time_ns,
        link_type=block.interface.link_type,
        n_fcs_octets=word >> 5 & 0xF or block.interface.n_fcs_octets,
        n_wire_octets=block.on_wire,
    )


def _time(block: _Block) -> tuple[float, int | None]:
    """Time of a packet in us and in whole ns, from exact ticks."""
    if block.ticks is None:
        return math.nan, None
    per_s, offset_s = block.interface.ticks_per_s, block.interface.offset_s
    ticks = block.ticks + offset_s * per_s
    return ticks * 10**6 / per_s, (2 * ticks * 10**9 + per_s) // (2 * per_s)
