"""Captures: what is written comes back, from columns too, and bad packets are refused."""

from __future__ import annotations

import math
import struct
import tracemalloc
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qpsviz.frame import Frame, FrameError, Packet, Tlv, frame_packets, read_capture, station_address, write_capture

NODES = ("Alice", "relay 1", "Zürich")
SUFFIXES = ("pcap", "pcapng")


@st.composite
def packet_lists(draw):
    """Packets in time order, a nanosecond or more apart, of any content."""
    times_ns = sorted(draw(st.lists(st.integers(0, 10**15), max_size=8)))
    return [
        Packet(
            time_us=time_ns / 1e3,
            node=draw(st.integers(0, len(NODES) - 1)),
            octets=draw(st.binary(min_size=4, max_size=200)),
            outbound=draw(st.sampled_from((True, False, None))),
        )
        for time_ns in times_ns
    ]


@given(packets=packet_lists())
def test_a_pcapng_returns_times_nodes_directions_and_octets(tmp_path_factory, packets):
    path = tmp_path_factory.mktemp("capture") / "headers.pcapng"
    assert write_capture(path, iter(packets), nodes=NODES) == len(packets)
    expected = [(p.time_us, NODES[p.node], p.octets, p.outbound) for p in packets]
    assert [packet[:4] for packet in read_capture(path)] == expected


@given(packets=packet_lists())
def test_a_pcap_returns_times_and_octets_up_to_the_check_sequence(tmp_path_factory, packets):
    path = tmp_path_factory.mktemp("capture") / "headers.pcap"
    packets = [packet for packet in packets if packet.time_us < 2**32 * 1e6]
    assert write_capture(path, iter(packets), nodes=NODES) == len(packets)
    read = list(read_capture(path))
    assert [p.octets for p in read] == [p.octets[:-4] for p in packets]
    assert [p.time_us for p in read] == pytest.approx([p.time_us for p in packets], abs=1e-3)


def test_plain_triples_are_packets_without_direction(tmp_path):
    path = tmp_path / "headers.pcapng"
    write_capture(path, [(1.5, 0, b"abc")], nodes=NODES)
    assert [packet[:4] for packet in read_capture(path)] == [(1.5, "Alice", b"abc", None)]


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize(("magic", "ticks"), [(0xA1B2C3D4, 250), (0xA1B23C4D, 250_000)])
def test_pcaps_of_either_byte_order_and_resolution_are_read(tmp_path, order, magic, ticks):
    path = tmp_path / "other.pcap"
    header = struct.pack(order + "IHHiIII", magic, 2, 4, 0, 0, 65535, 1)
    path.write_bytes(header + struct.pack(order + "IIII", 3, ticks, 2, 2) + b"hi")
    assert [packet[:4] for packet in read_capture(path)] == [(3_000_250.0, "", b"hi", None)]


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize(("resolution", "tick"), [(b"", 1.0), (b"\x03", 1e3), (b"\x8a", 1e6 / 1024)])
def test_pcapngs_of_either_byte_order_and_resolution_are_read(tmp_path, order, resolution, tick):
    def block(type_, body):
        total = struct.pack(order + "I", len(body) + 12)
        return struct.pack(order + "I", type_) + total + body + total

    option = struct.pack(order + "HH", 9, 1) + resolution + b"\0\0\0" if resolution else b""
    path = tmp_path / "other.pcapng"
    path.write_bytes(
        block(0x0A0D0D0A, struct.pack(order + "IHHq", 0x1A2B3C4D, 1, 0, -1))
        + block(1, struct.pack(order + "HHI", 1, 0, 0) + option)
        + block(5, b"statistics, skipped ")
        + block(6, struct.pack(order + "IIIII", 0, 0, 2048, 2, 2) + b"hi\0\0")
    )
    assert [packet[:4] for packet in read_capture(path)] == [(2048 * tick, "", b"hi", None)]


@given(content=st.binary(max_size=300), keep=st.integers(0, 400), edit=st.integers(0, 400), value=st.integers(0, 255))
def test_a_damaged_capture_is_packets_or_a_frame_error(tmp_path_factory, content, keep, edit, value):
    path = tmp_path_factory.mktemp("capture") / "headers.pcapng"
    for suffix in SUFFIXES:
        path = path.with_suffix("." + suffix)
        write_capture(path, [(0.0, 0, content), (1.0, 1, content)], nodes=NODES)
        octets = bytearray(path.read_bytes())
        octets[edit % len(octets)] = value
        path.write_bytes(octets[:keep])
        try:
            assert len(list(read_capture(path))) <= 2
        except FrameError as error:
            assert error.offset is not None


@pytest.mark.parametrize("content", [b"", b"\x0a", b"not a capture", b"\0" * 64])
def test_what_is_no_capture_is_refused(tmp_path, content):
    path = tmp_path / "headers.pcap"
    path.write_bytes(content)
    with pytest.raises(FrameError, match="neither pcap nor pcapng"):
        list(read_capture(path))


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize(
    ("packets", "problem"),
    [
        ([(-1.0, 0, b"")], "packet 0 at -1.0 us"),
        ([(math.nan, 0, b"")], "packet 0 at nan us"),
        ([(math.inf, 0, b"")], "packet 0 at inf us"),
        ([(2.0, 0, b""), (1.0, 0, b"")], "packet 1 at 1.0 us is not from 2.0 us"),
        ([(0.0, 3, b"")], "packet 0 is at node 3; there are 3 names"),
        ([(0.0, -1, b"")], "node -1"),
    ],
)
def test_packets_out_of_order_or_nowhere_are_refused(tmp_path, suffix, packets, problem):
    with pytest.raises(FrameError, match=problem):
        write_capture(tmp_path / f"headers.{suffix}", packets, nodes=NODES)


def test_an_unknown_suffix_is_refused_before_a_file_is_made(tmp_path):
    with pytest.raises(FrameError, match=r"neither in \.pcap nor in \.pcapng"):
        write_capture(tmp_path / "headers.txt", [], nodes=NODES)
    assert not list(tmp_path.iterdir())


def columns(n_rows: int, seed: int) -> dict[str, np.ndarray]:
    """Random columns, times on the grid of the wire."""
    random = np.random.default_rng(seed)
    return {
        "time_us": np.sort(random.integers(0, 10**9, n_rows)) / 1e3,
        "node": random.integers(0, 1000, n_rows),
        "source": random.integers(0, 1000, n_rows),
        "destination": random.integers(0, 1000, n_rows),
        "frame_id": random.integers(0, 2**32, n_rows),
        "trailer": random.random(n_rows) < 0.5,
        "outbound": random.random(n_rows) < 0.5,
        "attempt": random.integers(0, 2**16, n_rows),
        "payload_duration_us": random.integers(0, 10**9, n_rows) / 1e6,
        "memory_time_us": random.integers(0, 10**9, n_rows) / 1e6,
        "guard_us": random.integers(0, 10**9, n_rows) / 1e6,
    }


@pytest.mark.parametrize("dialect", ["paper", "lldp"])
@pytest.mark.parametrize("tlvs", [(), (Tlv(type=9, value=b"x"), Tlv.custom("00-11-22", 1, b"y"))])
def test_packets_from_columns_equal_frames_encoded_one_by_one(full_frame, dialect, tlvs):
    template = replace(full_frame, tlvs=tlvs)
    given_columns = columns(300, seed=1)
    packets = list(frame_packets(template, **given_columns, dialect=dialect))
    assert len(packets) == 300
    for row, packet in enumerate(packets):
        here = {name: column[row].item() for name, column in given_columns.items()}
        changes = ("frame_id", "attempt", "payload_duration_us", "memory_time_us", "guard_us")
        frame = replace(
            template,
            source=station_address(here["source"]),
            destination=station_address(here["destination"]),
            role="trailer" if here["trailer"] else "header",
            **{name: here[name] for name in changes},
        )
        assert packet == (here["time_us"], here["node"], frame.encode(dialect), here["outbound"])


def test_columns_left_out_come_from_the_template_and_scalars_are_repeated():
    ends = {"destination": "02:00:00:00:00:09", "source": "02:00:00:00:00:08"}
    template = Frame(
        **ends, role="trailer", payload_duration_us=3.0, tlvs=(Tlv(type=1, value=b"\x07x", dialect="lldp"),)
    )
    packets = list(
        frame_packets(
            template,
            time_us=[0.0, 1.0],
            node=[0, 1],
            source=0,
            destination=1,
            frame_id=5,
            trailer=False,
            outbound=[True, False],
            dialect="lldp",
        )
    )
    assert packets[0].octets == packets[1].octets
    frame = Frame.decode(packets[0].octets)
    expected = replace(template, source="02:00:00:00:00:01", destination="02:00:00:00:00:02", role="header", frame_id=5)
    assert frame == expected


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"node": [0]}, r"node has shape \(1,\), not \(3,\)"),
        ({"time_us": [[0.0]]}, "time_us has 2 dimensions"),
        ({"frame_id": [0, 1, 2**32]}, "frame_id = .*4294967296.* is not from 0 to 4294967295"),
        ({"frame_id": [0.5, 1.0, 2.0]}, "frame_id has type float64"),
        ({"attempt": 70_000}, "attempt = "),
        ({"memory_time_us": [0.0, -1.0, 0.0]}, "memory_time_us = .*-1.0"),
        ({"guard_us": math.nan}, "guard_us = .*nan"),
        ({"payload_duration_us": 2e9}, "payload_duration_us = "),
        ({"source": -1}, "source = "),
    ],
)
def test_bad_columns_are_refused_by_name(full_frame, changes, problem):
    good = columns(3, seed=2)
    with pytest.raises(FrameError, match=problem):
        list(frame_packets(full_frame, **(good | changes)))


def test_station_addresses_are_distinct_and_local():
    addresses = {station_address(node) for node in range(2000)}
    assert len(addresses) == 2000
    assert all(address.startswith("02:") for address in addresses)
    with pytest.raises(FrameError, match="node = -1"):
        station_address(-1)


def test_the_memory_to_write_a_capture_does_not_grow_with_it(full_frame, tmp_path):
    def peak_of(n_rows: int) -> int:
        def rows():
            for first in range(0, n_rows, 1000):
                time_us = np.arange(first, first + 1000) * 0.5
                yield from frame_packets(
                    full_frame,
                    time_us=time_us,
                    node=0,
                    source=0,
                    destination=1,
                    frame_id=1,
                    trailer=False,
                    outbound=True,
                )

        tracemalloc.start()
        write_capture(tmp_path / "headers.pcapng", rows(), nodes=["A"])
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return peak

    small = peak_of(2_000)
    assert peak_of(20_000) < small + 100_000
