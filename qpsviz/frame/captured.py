"""Capture files read back: pcap and pcapng, of either byte order and any time resolution."""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from qpsviz.frame.capture import (
    INTERFACE_BLOCK,
    OPT_END,
    OPT_FLAGS,
    OPT_NAME,
    OPT_RESOLUTION,
    PACKET_BLOCK,
    SECTION_BLOCK,
    SECTION_MAGIC,
)
from qpsviz.frame.tlv import FrameError

_PCAP_TICKS_PER_US = {0xA1B2C3D4: 1.0, 0xA1B23C4D: 1e3}
_PCAPNG_START = SECTION_BLOCK.to_bytes(4, "big")
_MAX_BLOCK_OCTETS = 1 << 24


class CapturedPacket(NamedTuple):
    """A packet of a capture file.

    Attributes
    ----------
    time_us : float
        Since 1970-01-01, time zero of a run. [us]
    node : str
        Name of the interface; empty in a pcap file.
    octets : bytes
        As captured.
    outbound : bool or None
        Direction, where the file tells.
    """

    time_us: float
    node: str
    octets: bytes
    outbound: bool | None


class _Interface(NamedTuple):
    name: str
    ticks_per_us: float


def read_capture(path: str | os.PathLike[str]) -> Iterator[CapturedPacket]:
    """Packets of a capture file, one at a time.

    Parameters
    ----------
    path : str or path
        A pcap or pcapng file; told apart by content.

    Yields
    ------
    CapturedPacket
        In file order.

    Raises
    ------
    FrameError
        If the file is no capture, or is damaged; ``offset`` is the octet of the file.
    """
    with open(path, "rb") as file:
        yield from read_packets(file)


def read_packets(file: BinaryIO) -> Iterator[CapturedPacket]:
    """As `read_capture`, from a file that is open at its start."""
    magic = file.read(4)
    if magic == _PCAPNG_START:
        yield from _read_pcapng(file)
        return
    for order in "<", ">":
        ticks_per_us = _PCAP_TICKS_PER_US.get(int.from_bytes(magic, "little" if order == "<" else "big"))
        if len(magic) == 4 and ticks_per_us is not None:
            yield from _read_pcap(file, order, ticks_per_us)
            return
    raise FrameError("capture", f"starts with {magic.hex(' ')!r}, neither pcap nor pcapng", 0)


def is_capture(octets: bytes) -> bool:
    """Whether a file that starts with these octets is a capture."""
    magics = [number.to_bytes(4, order) for number in _PCAP_TICKS_PER_US for order in ("little", "big")]
    return octets[:4] in (_PCAPNG_START, *magics)


def _exactly(file: BinaryIO, count: int, at: int) -> bytes:
    octets = file.read(count)
    if len(octets) != count:
        raise FrameError("capture", f"truncated: {len(octets)} of {count} octets left", at)
    return octets


def _read_pcap(file: BinaryIO, order: str, ticks_per_us: float) -> Iterator[CapturedPacket]:
    _exactly(file, 20, 4)
    record = struct.Struct(order + "IIII")
    at = 24
    while head := file.read(record.size):
        if len(head) < record.size:
            raise FrameError("capture", "truncated: the last record has no whole header", at)
        seconds, ticks, size, _ = record.unpack(head)
        if size > _MAX_BLOCK_OCTETS:
            raise FrameError("capture", f"a packet of {size} octets is too large to be one", at)
        octets = _exactly(file, size, at)
        yield CapturedPacket(seconds * 1e6 + ticks / ticks_per_us, "", octets, None)
        at += record.size + size


def _read_pcapng(file: BinaryIO) -> Iterator[CapturedPacket]:
    interfaces: list[_Interface] = []
    order, at = "<", 0
    head = _PCAPNG_START + file.read(4)
    while head:
        if len(head) < 8:
            raise FrameError("capture", "truncated: the last block has no whole header", at)
        start = b""
        if head.startswith(_PCAPNG_START):
            start = _exactly(file, 4, at)
            order = _byte_order(start, at)
            interfaces = []
        type_, total = struct.unpack(order + "II", head)
        if total < 12 + len(start) or total % 4 or total > _MAX_BLOCK_OCTETS:
            raise FrameError("capture", f"block length {total} is not a multiple of 4 from 12 to 2^24", at)
        body = _exactly(file, total - 8 - len(start), at)[:-4]
        if type_ == INTERFACE_BLOCK:
            interfaces.append(_interface_of(body, order, at))
        elif type_ == PACKET_BLOCK:
            yield _packet(body, order, interfaces, at)
        at += total
        head = file.read(8)


def _byte_order(magic: bytes, at: int) -> str:
    for order in "<", ">":
        if struct.unpack(order + "I", magic)[0] == SECTION_MAGIC:
            return order
    raise FrameError("capture", f"byte-order magic {magic.hex(' ')!r} is unknown", at + 8)


def _options(body: bytes, start: int, order: str) -> dict[int, bytes]:
    options: dict[int, bytes] = {}
    while start + 4 <= len(body):
        code, length = struct.unpack_from(order + "HH", body, start)
        if code == OPT_END:
            break
        options.setdefault(code, body[start + 4 : start + 4 + length])
        start += 4 + length + -length % 4
    return options


def _interface_of(body: bytes, order: str, at: int) -> _Interface:
    if len(body) < 8:
        raise FrameError("capture", "interface block is too short", at)
    options = _options(body, 8, order)
    resolution = (options.get(OPT_RESOLUTION) or b"\x06")[0]
    exponent = resolution & 0x7F
    ticks_per_s = 2.0**exponent if resolution & 0x80 else 10.0**exponent
    return _Interface(options.get(OPT_NAME, b"").decode(errors="replace"), ticks_per_s / 1e6)


def _packet(body: bytes, order: str, interfaces: list[_Interface], at: int) -> CapturedPacket:
    if len(body) < 20:
        raise FrameError("capture", "packet block is too short", at)
    index, high, low, size, _ = struct.unpack_from(order + "IIIII", body)
    if index >= len(interfaces):
        raise FrameError("capture", f"packet at interface {index} of {len(interfaces)}", at)
    if 20 + size > len(body):
        raise FrameError("capture", f"a packet of {size} octets overruns its block", at)
    name, ticks_per_us = interfaces[index]
    flags = _options(body, 20 + size + -size % 4, order).get(OPT_FLAGS, b"")
    outbound = None
    if len(flags) == 4:
        outbound = {1: False, 2: True}.get(struct.unpack(order + "I", flags)[0] & 3)
    return CapturedPacket((high << 32 | low) / ticks_per_us, name, body[20 : 20 + size], outbound)
