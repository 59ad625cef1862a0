"""Capture files read back: pcap and pcapng, of either byte order and any time resolution, ours or anybody's."""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from typing import BinaryIO

from qpsviz.frame.capture_writer import PCAP_FCS_GIVEN, SECTION_BLOCK
from qpsviz.frame.captured_packet import CapturedPacket
from qpsviz.frame.error import FrameError
from qpsviz.frame.pcapng import MAX_BLOCK_OCTETS, exactly, read_pcapng

_PCAP_TICKS_PER_S = {0xA1B2C3D4: 10**6, 0xA1B23C4D: 10**9}
_PCAPNG_START = SECTION_BLOCK.to_bytes(4, "big")
_NS_PER_S = 10**9


def read_capture(path: str | os.PathLike[str]) -> Iterator[CapturedPacket]:
    """Packets of a capture file, one at a time.

    Parameters
    ----------
    path : str or path
        A pcap or pcapng file; told apart by content.

    Yields
    ------
    CapturedPacket
        In file order; `CapturedPacket.frame` reads one as a quantum frame.

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
        yield from read_pcapng(file)
        return
    for order in "<", ">":
        ticks_per_s = _PCAP_TICKS_PER_S.get(int.from_bytes(magic, "little" if order == "<" else "big"))
        if len(magic) == 4 and ticks_per_s is not None:
            yield from _read_pcap(file, order, ticks_per_s)
            return
    raise FrameError("capture", f"starts with {magic.hex(' ')!r}, neither pcap nor pcapng", 0)


def is_capture(octets: bytes) -> bool:
    """Whether a file that starts with these octets is a capture."""
    magics = [number.to_bytes(4, order) for number in _PCAP_TICKS_PER_S for order in ("little", "big")]
    return octets[:4] in (_PCAPNG_START, *magics)


def _read_pcap(file: BinaryIO, order: str, ticks_per_s: int) -> Iterator[CapturedPacket]:
    network = struct.unpack(order + "16xI", exactly(file, 20, 4))[0]
    n_fcs = (network >> 28) * 2 if network & PCAP_FCS_GIVEN else None
    record = struct.Struct(order + "IIII")
    at = 24
    while head := file.read(record.size):
        if len(head) < record.size:
            raise FrameError("capture", "truncated: the last record has no whole header", at)
        seconds, ticks, size, on_wire = record.unpack(head)
        if size > MAX_BLOCK_OCTETS:
            raise FrameError("capture", f"a packet of {size} octets is too large to be one", at)
        octets = exactly(file, size, at)
        time_ns = seconds * _NS_PER_S + ticks * (_NS_PER_S // ticks_per_s)
        yield CapturedPacket(
            time_us=time_ns / 1000, node="", octets=octets, outbound=None, time_ns=time_ns,
            link_type=network & 0xFFFF, n_fcs_octets=n_fcs, n_wire_octets=on_wire,
        )  # fmt: skip
        at += record.size + size
