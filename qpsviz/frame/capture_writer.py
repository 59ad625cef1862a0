"""Capture files that any network analyser opens: nanosecond pcap, and pcapng with one interface per node."""

from __future__ import annotations

import os
import struct
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

from qpsviz.files import written_whole
from qpsviz.frame.error import FrameError
from qpsviz.frame.numbers import FCS_OCTETS

SUFFIXES: Final = (".pcap", ".pcapng")

_NS_PER_US: Final = 1e3
_NS_PER_S: Final = 1_000_000_000
_MAX_US: Final = 2.0**32 * 1e6  # the seconds of a pcap record have 32 bits
_SNAP_OCTETS: Final = 65_535
_BUFFER_OCTETS: Final = 1 << 20

PCAP_NS_MAGIC: Final = 0xA1B23C4D
PCAP_ETHERNET: Final = 1
#: Flag beside the link type: "length of the frame check sequence given". Not written: readers other than Wireshark
#: take it for a part of the link type and no longer see Ethernet.
PCAP_FCS_GIVEN: Final = 1 << 26
_PCAP_HEADER = struct.Struct("<IHHiIII")
_PCAP_RECORD = struct.Struct("<IIII")

SECTION_BLOCK, INTERFACE_BLOCK, PACKET_BLOCK = 0x0A0D0D0A, 1, 6
SECTION_MAGIC: Final = 0x1A2B3C4D
OPT_END, OPT_FLAGS, OPT_NAME, OPT_APPLICATION = 0, 2, 2, 4
OPT_RESOLUTION, OPT_FCS_LENGTH, OPT_TIME_OFFSET = 9, 13, 14
_BLOCK = struct.Struct("<II")
_PACKET = struct.Struct("<IIIIIII")


class Packet(NamedTuple):
    """One header or trailer seen at one node.

    Attributes
    ----------
    time_us : float
        When its last bit passed. [us]
    node : int
        Where: index into the names given to `write_capture`.
    octets : bytes
        What, frame check sequence included.
    outbound : bool or None
        Whether it left the node or reached it; None where that is unknown.
    """

    time_us: float
    node: int
    octets: bytes
    outbound: bool | None = None


def write_capture(
    path: str | os.PathLike[str],
    packets: Iterable[Packet | tuple[float, int, bytes]],
    *,
    nodes: Sequence[str],
) -> int:
    """Stream packets into a capture file, holding one of them at a time.

    Parameters
    ----------
    path : str or path
        ``.pcapng`` gives one interface per node, the direction of each packet and its frame check sequence; ``.pcap``
        has room for none of them: its packets end before the check sequence, as a network card delivers them.
    packets : iterable of Packet
        In time order; plain ``(time_us, node, octets)`` do as well.
    nodes : sequence of str
        Names of the nodes, in the order of their indices.

    Returns
    -------
    int
        Packets written.

    Raises
    ------
    FrameError
        If the suffix is another one, a node has no name, or a time is negative, not finite or goes backwards.
    OSError
        If the file cannot be written whole; an older one is then left as it was.

    Notes
    -----
    Times keep their whole nanoseconds, counted from 1970-01-01 as time zero.

    Examples
    --------
    >>> import tempfile
    >>> from qpsviz.frame import Frame
    >>> from qpsviz.frame.capture_reader import read_capture
    >>> octets = Frame(destination="02:00:00:00:00:02", source="02:00:00:00:00:01", role="header",
    ...                payload_duration_us=50.0).encode()
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     n = write_capture(f"{folder}/h.pcapng", [(0.0, 0, octets), (100.0, 1, octets)], nodes=["A", "B"])
    ...     [(p.time_us, p.node) for p in read_capture(f"{folder}/h.pcapng")]
    [(0.0, 'A'), (100.0, 'B')]
    """
    suffix = Path(path).suffix.lower()
    if suffix not in SUFFIXES:
        raise FrameError("path", f"{os.fspath(path)!r} ends neither in .pcap nor in .pcapng")
    with written_whole(path) as part, part.open("wb", buffering=_BUFFER_OCTETS) as file:
        if suffix == ".pcap":
            return _write_pcap(file, packets, len(nodes))
        return _write_pcapng(file, packets, nodes)


def _ordered(
    packets: Iterable[Packet | tuple[float, int, bytes]], n_nodes: int
) -> Iterator[tuple[int, int, bytes, bool | None]]:
    """Packets with their time in whole nanoseconds, checked."""
    before_us = 0.0
    for index, packet in enumerate(packets):
        time_us, node, octets = packet[:3]
        if not before_us <= time_us < _MAX_US:
            problem = f"packet {index} at {time_us!r} us is not from {before_us!r} us (time order) to {_MAX_US:g} us"
            raise FrameError("time_us", problem)
        if not 0 <= node < n_nodes:
            raise FrameError("node", f"packet {index} is at node {node!r}; there are {n_nodes} names")
        before_us = time_us
        yield round(time_us * _NS_PER_US), node, octets, packet[3] if len(packet) > 3 else None


def _write_pcap(file: BinaryIO, packets: Iterable[Packet | tuple[float, int, bytes]], n_nodes: int) -> int:
    file.write(_PCAP_HEADER.pack(PCAP_NS_MAGIC, 2, 4, 0, 0, _SNAP_OCTETS, PCAP_ETHERNET))
    count = 0
    for time_ns, _, octets, _ in _ordered(packets, n_nodes):
        seconds, nanoseconds = divmod(time_ns, _NS_PER_S)
        size = max(0, len(octets) - FCS_OCTETS)
        file.write(_PCAP_RECORD.pack(seconds, nanoseconds, size, size) + octets[:size])
        count += 1
    return count


def _write_pcapng(file: BinaryIO, packets: Iterable[Packet | tuple[float, int, bytes]], nodes: Sequence[str]) -> int:
    file.write(_section())
    for name in nodes:
        file.write(_interface(name))
    ends: dict[tuple[int, bool | None], tuple[int, bytes]] = {}
    count = 0
    for time_ns, node, octets, outbound in _ordered(packets, len(nodes)):
        size = len(octets)
        end = ends.get((size, outbound))
        if end is None:
            end = ends[size, outbound] = _packet_end(size, outbound)
        head = _PACKET.pack(PACKET_BLOCK, end[0], node, time_ns >> 32, time_ns & 0xFFFFFFFF, size, size)
        file.write(head + octets + end[1])
        count += 1
    return count


def _packet_end(size: int, outbound: bool | None) -> tuple[int, bytes]:
    """Total length of a packet block and all that follows the packet's octets in it."""
    options = b""
    if outbound is not None:
        options = _option(OPT_FLAGS, struct.pack("<I", 2 if outbound else 1)) + _option(OPT_END, b"")
    padding = b"\0" * (-size % 4)
    total = _PACKET.size + size + len(padding) + len(options) + 4
    return total, padding + options + struct.pack("<I", total)


def _option(code: int, value: bytes) -> bytes:
    return struct.pack("<HH", code, len(value)) + value + b"\0" * (-len(value) % 4)


def _block(type_: int, body: bytes) -> bytes:
    total = len(body) + 12
    return _BLOCK.pack(type_, total) + body + struct.pack("<I", total)


def _section() -> bytes:
    body = struct.pack("<IHHq", SECTION_MAGIC, 1, 0, -1)
    return _block(SECTION_BLOCK, body + _option(OPT_APPLICATION, b"qpsviz") + _option(OPT_END, b""))


def _interface(name: str) -> bytes:
    options = (
        _option(OPT_NAME, name.encode()[:_SNAP_OCTETS])
        + _option(OPT_RESOLUTION, b"\x09")
        + _option(OPT_FCS_LENGTH, b"\x04")
        + _option(OPT_END, b"")
    )
    return _block(INTERFACE_BLOCK, struct.pack("<HHI", 1, 0, _SNAP_OCTETS) + options)
