"""Captures of other tools and of real interfaces: read right, or refused with the reason."""

from __future__ import annotations

import json
import math
import struct
from pathlib import Path
from typing import Any

import pytest

from qpsviz.frame import Frame, FrameError, Packet, read_capture, write_capture
from qpsviz.frame.wire import seal

TODAY_NS = 1_795_723_200_123_456_789  # some moment of 2026
NEIGHBOUR = bytes.fromhex("0180c200000e 0a0b0c0d0e0f 88cc 0207 04 0a0b0c0d0e0f 0403 05 6531 0602 0078 0000")


def block(type_: int, body: bytes, order: str = "<") -> bytes:
    """A block of pcapng; the body is padded."""
    body += b"\0" * (-len(body) % 4)
    total = struct.pack(order + "I", len(body) + 12)
    return struct.pack(order + "I", type_) + total + body + total


def option(code: int, value: bytes, order: str = "<") -> bytes:
    """An option of pcapng."""
    return struct.pack(order + "HH", code, len(value)) + value + b"\0" * (-len(value) % 4)


def section(order: str = "<") -> bytes:
    """The block that opens a section."""
    return block(0x0A0D0D0A, struct.pack(order + "IHHq", 0x1A2B3C4D, 1, 0, -1), order)


def interface(*options: bytes, link_type: int = 1, snap: int = 0, order: str = "<") -> bytes:
    """The block that describes an interface."""
    return block(1, struct.pack(order + "HHI", link_type, 0, snap) + b"".join(options), order)


def enhanced(octets: bytes, ticks: int, *options: bytes, on_wire: int | None = None, order: str = "<") -> bytes:
    """The block of a packet."""
    size = len(octets)
    head = struct.pack(order + "IIIII", 0, ticks >> 32, ticks & 0xFFFFFFFF, size, on_wire or size)
    return block(6, head + octets + b"\0" * (-size % 4) + b"".join(options), order)


def one(path: Path, content: bytes) -> Any:
    """The only packet of a capture with this content."""
    path.write_bytes(content)
    (packet,) = read_capture(path)
    return packet


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where a capture is written."""
    return tmp_path / "foreign.pcapng"


@pytest.mark.parametrize("dialect", ["paper", "lldp"])
def test_a_frame_without_the_check_sequence_that_cards_strip_is_read(file: Path, full_frame: Frame, dialect: Any):
    octets = full_frame.encode(dialect)
    assert one(file, section() + interface() + enhanced(octets[:-4], 0)).frame() == full_frame
    assert one(file, section() + interface() + enhanced(octets, 0)).frame() == full_frame


def test_a_frame_captured_before_it_was_padded_is_read(file: Path):
    frame = Frame(destination="02:00:00:00:00:02", source="02:00:00:00:00:01", role="trailer", payload_duration_us=5.0)
    octets = frame.encode()
    unpadded = octets[:-4].rstrip(b"\0") + b"\0\0"
    assert len(unpadded) < 60
    assert one(file, section() + interface() + enhanced(unpadded, 0)).frame() == frame


def test_a_file_that_says_there_is_a_check_sequence_is_taken_at_its_word(file: Path, full_frame: Frame):
    octets = full_frame.encode()
    damaged = octets[:-1] + bytes((octets[-1] ^ 1,))
    said = section() + interface(option(13, b"\x04"))
    assert one(file, said + enhanced(octets, 0)).frame() == full_frame
    with pytest.raises(FrameError, match="bad frame check sequence"):
        one(file, said + enhanced(damaged, 0)).frame()
    with pytest.raises(FrameError, match="bad frame check sequence"):
        one(file, section() + interface() + enhanced(damaged, 0)).frame()
    flags = option(2, struct.pack("<I", 4 << 5 | 2))
    with pytest.raises(FrameError, match="bad frame check sequence"):
        one(file, section() + interface() + enhanced(damaged, 0, flags)).frame()


@pytest.mark.parametrize("with_fcs", [True, False])
def test_the_lldp_of_a_neighbour_is_called_ordinary_and_not_corrupted(file: Path, with_fcs: bool):
    octets = seal(NEIGHBOUR) if with_fcs else NEIGHBOUR.ljust(60, b"\0")
    packet = one(file, section() + interface() + enhanced(octets, 0))
    with pytest.raises(FrameError, match="missing: this is ordinary LLDP"):
        packet.frame()


@pytest.mark.parametrize("order", ["<", ">"])
def test_the_time_offset_of_an_interface_counts(file: Path, order: str):
    offset = option(14, struct.pack(order + "q", 1_795_723_200), order)
    content = section(order) + interface(option(9, b"\x09", order), offset, order=order)
    packet = one(file, content + enhanced(b"abcd", 123_456_789, order=order))
    assert packet.time_ns == TODAY_NS


def test_nanoseconds_of_today_are_kept(file: Path):
    whole = one(file, section() + interface(option(9, b"\x09")) + enhanced(b"abcd", TODAY_NS))
    assert whole.time_ns == TODAY_NS
    assert whole.time_us == TODAY_NS / 1000
    pcap = struct.pack("<IHHiIII", 0xA1B23C4D, 2, 4, 0, 0, 65535, 1)
    record = struct.pack("<IIII", *divmod(TODAY_NS, 10**9), 4, 4) + b"abcd"
    assert one(file, pcap + record).time_ns == TODAY_NS


def test_a_name_of_an_interface_cannot_steer_the_terminal(
    tmp_path: Path, full_frame: Frame, capsys: pytest.CaptureFixture[str]
):
    from qpsviz.cli.parser import main

    path = tmp_path / "foreign.pcapng"
    path.write_bytes(section() + interface(option(2, b"eth\x1b[31m\n0")) + enhanced(full_frame.encode(), 0))
    assert main(["frame", "decode", str(path)]) == 0
    shown = capsys.readouterr().out
    assert "\x1b" not in shown
    assert len(shown.splitlines()) == 1


def test_picoseconds_are_rounded_to_the_nearest_nanosecond(file: Path):
    packet = one(file, section() + interface(option(9, b"\x0c")) + enhanced(b"abcd", 2_600))
    assert (packet.time_ns, packet.time_us) == (3, 0.0026)


def test_a_simple_packet_block_has_no_time(file: Path, full_frame: Frame):
    octets = full_frame.encode()
    packet = one(file, section() + interface(option(2, b"eth0")) + block(3, struct.pack("<I", len(octets)) + octets))
    assert packet.frame() == full_frame
    assert (packet.node, packet.time_ns) == ("eth0", None)
    assert math.isnan(packet.time_us)


def test_a_simple_packet_block_ends_at_the_length_of_a_snapshot(file: Path, full_frame: Frame):
    body = struct.pack("<I", 300) + full_frame.encode()[:32]
    packet = one(file, section() + interface(snap=32) + block(3, body))
    assert (len(packet.octets), packet.n_wire_octets) == (32, 300)
    with pytest.raises(FrameError, match="the capture kept 32 of 300 octets"):
        packet.frame()


def test_an_obsolete_packet_block_is_read_with_its_direction(file: Path, full_frame: Frame):
    octets = full_frame.encode()
    head = struct.pack("<HHIIII", 0, 0, 0, 7_000, len(octets), len(octets))
    body = head + octets + b"\0" * (-len(octets) % 4) + option(2, struct.pack("<I", 2))
    packet = one(file, section() + interface(option(2, b"eth0")) + block(2, body))
    assert (packet.time_us, packet.node, packet.outbound) == (7_000.0, "eth0", True)
    assert packet.frame() == full_frame


@pytest.mark.parametrize("suffix", ["pcap", "pcapng"])
def test_another_link_type_is_named(file: Path, full_frame: Frame, suffix: str):
    octets = full_frame.encode()
    if suffix == "pcap":
        content = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 113)
        content += struct.pack("<IIII", 0, 0, len(octets), len(octets)) + octets
    else:
        content = section() + interface(link_type=113) + enhanced(octets, 0)
    with pytest.raises(FrameError, match=r"link type 113 is not Ethernet"):
        one(file, content).frame()


def test_a_pcap_that_states_its_check_sequence_is_still_ethernet(file: Path, full_frame: Frame):
    octets = full_frame.encode()
    content = struct.pack("<IHHiIII", 0xA1B23C4D, 2, 4, 0, 0, 65535, 1 | 1 << 26 | 2 << 28)
    packet = one(file, content + struct.pack("<IIII", 0, 0, len(octets), len(octets)) + octets)
    assert (packet.link_type, packet.n_fcs_octets) == (1, 4)
    assert packet.frame() == full_frame


def test_what_we_write_as_pcap_is_plain_ethernet(tmp_path: Path, full_frame: Frame):
    path = tmp_path / "headers.pcap"
    write_capture(path, [Packet(1.0, 0, full_frame.encode(), True)], nodes=["A"])
    assert struct.unpack("<I", path.read_bytes()[20:24])[0] == 1
    (packet,) = read_capture(path)
    assert packet.octets == full_frame.encode()[:-4]
    assert packet.frame() == full_frame


def test_frames_of_a_capture_survive_json(tmp_path: Path, full_frame: Frame, capsys: pytest.CaptureFixture[str]):
    from qpsviz.cli.parser import main

    path = tmp_path / "foreign.pcapng"
    octets = full_frame.encode()[:-4]
    simple = block(3, struct.pack("<I", len(octets)) + octets)
    path.write_bytes(section() + interface(option(9, b"\x09")) + enhanced(octets, TODAY_NS) + simple)
    assert main(["frame", "decode", str(path), "--json"]) == 0
    first, second = map(json.loads, capsys.readouterr().out.splitlines())
    assert (first["time_ns"], first["frame_id"]) == (TODAY_NS, 7)
    assert (second["time_ns"], second["time_us"], second["frame_id"]) == (None, None, 7)
    assert main(["frame", "decode", str(path)]) == 0
    assert "1795723200123456.789 µs" in capsys.readouterr().out


@pytest.mark.parametrize("order", "<>")
def test_a_block_that_does_not_end_as_it_begins_is_refused(file: Path, full_frame: Frame, order: str):
    start = section(order) + interface(order=order)
    packet = enhanced(full_frame.encode(), 0, order=order)
    assert one(file, start + packet).octets == full_frame.encode()
    for content in (start + packet[:-4], section(order)[:-4], start[:-4]):
        torn = content + struct.pack(order + "I", 9_996)
        with pytest.raises(FrameError, match=r"block length \d+ at its start is 9996 at its end"):
            one(file, torn)


@pytest.mark.parametrize(("major", "minor", "good"), [(1, 0, True), (1, 2, True), (2, 0, False), (0, 1, False)])
def test_a_section_of_another_version_is_refused(file: Path, full_frame: Frame, major: int, minor: int, good: bool):
    head = block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, major, minor, -1))
    content = head + interface() + enhanced(full_frame.encode(), 0)
    if good:
        assert one(file, content).octets == full_frame.encode()
    else:
        with pytest.raises(FrameError, match=rf"section of version {major}\.{minor}; only version 1"):
            one(file, content)


def test_a_section_header_that_is_too_short_is_refused(file: Path):
    with pytest.raises(FrameError, match="section header is too short"):
        one(file, block(0x0A0D0D0A, struct.pack("<I", 0x1A2B3C4D)))
