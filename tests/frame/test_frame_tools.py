"""Tools that know nothing of qpsviz read its frames: tshark, with and without the dissector, and scapy."""

from __future__ import annotations

import logging
import math
import shutil
import subprocess
import warnings
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from zlib import crc32

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from qpsviz.frame import APPLICATIONS, ENCODINGS, Frame, Packet, Tlv, write_capture

PLUGIN = Path(__file__).parents[2] / "contrib" / "wireshark" / "qpsviz.lua"
DIALECTS = ("paper", "lldp")
NODES = ("Alice", "relay 1", "Bob")
EXPERT = ("_ws.expert.message", "_ws.malformed", "_ws.lua.error")

needs_tshark = pytest.mark.skipif(shutil.which("tshark") is None, reason="no tshark (on Debian: apt install tshark)")
# Each example starts tshark on many frames; making a failing one smaller would start it hundreds of times.
few = settings(max_examples=4, phases=[Phase.explicit, Phase.reuse, Phase.generate])


def tshark(path: Path, columns: tuple[str, ...], *, plugin: bool, also: tuple[str, ...] = ()) -> list[list[str]]:
    """One row of field values for each packet."""
    command = ["tshark", "-n", "-r", str(path), "-o", "eth.check_fcs:TRUE", *also]
    if plugin:
        command += ["-X", f"lua_script:{PLUGIN}"]
    command += ["-T", "fields", "-E", "separator=/t", "-E", "occurrence=a", "-E", "aggregator=;"]
    for column in columns:
        command += ["-e", column]
    done = subprocess.run(command, capture_output=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr.decode()
    return [line.split("\t") for line in done.stdout.decode().split("\n")[:-1]]


def captured(folder: Path, frames: list[Frame], dialect: str, suffix: str) -> Path:
    """A capture of frames, 1.001 us apart, seen at each node in turn."""
    path = folder / f"headers.{suffix}"
    packets = (Packet(i * 1.001, i % 3, frame.encode(dialect), i % 2 == 0) for i, frame in enumerate(frames))
    write_capture(path, packets, nodes=NODES)
    return path


def picoseconds(time_us: float | None) -> str:
    """What the exact time fields show."""
    return "" if time_us is None or time_us == math.inf else str(round(time_us * 1e6))


def text(value: object) -> str:
    """What a plain field shows."""
    return "" if value is None else str(value)


def code(names: tuple[str, ...], name: str | None) -> str:
    """What a coded field shows."""
    return "" if name is None else str(names.index(name))


EXPECTED = {
    "qeth.role": lambda f: str(("header", "trailer").index(f.role)),
    "qeth.payload_duration_ps": lambda f: picoseconds(f.payload_duration_us),
    "qeth.memory_time_ps": lambda f: picoseconds(f.memory_time_us),
    "qeth.cutoff_time_ps": lambda f: picoseconds(f.cutoff_us),
    "qeth.guard_time_ps": lambda f: picoseconds(f.guard_us),
    "qeth.spacing_ps": lambda f: picoseconds(f.spacing_us),
    "qeth.error_correction": lambda f: text(f.error_correction),
    "qeth.qubits": lambda f: text(f.n_qubits),
    "qeth.frame_id": lambda f: text(f.frame_id),
    "qeth.attempt": lambda f: text(f.attempt),
    "qeth.encoding": lambda f: code(ENCODINGS, f.encoding),
    "qeth.application": lambda f: code(APPLICATIONS, f.application),
    "qeth.wavelength_pm": lambda f: "" if f.wavelength_nm is None else str(round(f.wavelength_nm * 1e3)),
}
FLOATS = {
    "qeth.payload_duration": lambda f: f.payload_duration_us,
    "qeth.memory_time": lambda f: f.memory_time_us,
    "qeth.cutoff_time": lambda f: None if f.cutoff_us == math.inf else f.cutoff_us,
    "qeth.guard_time": lambda f: f.guard_us,
    "qeth.spacing": lambda f: f.spacing_us,
    "qeth.wavelength": lambda f: f.wavelength_nm,
}


def unknown_values(frame: Frame, dialect: str) -> str:
    """Values of the TLVs that are no field of a frame, in wire order, as the dissector shows them."""
    shown = (tlv.data if tlv.type == 127 else tlv.value for tlv in frame.tlvs if is_shown(tlv, dialect))
    return ";".join(value.hex() for value in shown if value)


def is_shown(tlv: Tlv, dialect: str) -> bool:
    """LLDP's own first three TLVs are left to the LLDP dissector."""
    return dialect == "paper" or tlv.dialect == "paper" or tlv.type > 3


@needs_tshark
@few
@given(data=st.data())
@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("suffix", ["pcap", "pcapng"])
def test_the_dissector_shows_every_field_of_every_frame(tmp_path_factory, frames, data, dialect, suffix):
    sent = data.draw(st.lists(frames, min_size=30, max_size=60))
    path = captured(tmp_path_factory.mktemp("tshark"), sent, dialect, suffix)
    ends = ("eth.dst", "eth.src", "eth.fcs.status", "qeth.dialect", "qeth.tlv.value")
    names = (*EXPECTED, *FLOATS, *ends)
    rows = tshark(path, names, plugin=True)
    assert len(rows) == len(sent)
    for frame, row in zip(sent, rows, strict=True):
        shown = dict(zip(names, row, strict=True))
        assert {name: shown[name] for name in EXPECTED} == {name: show(frame) for name, show in EXPECTED.items()}
        for name, show in FLOATS.items():
            value = show(frame)
            assert (shown[name] == "") == (value is None)
            assert value is None or float(shown[name]) == pytest.approx(value, rel=1e-9)
        values = unknown_values(frame, dialect)
        good = "1" if suffix == "pcapng" else ""  # a pcap holds no check sequence
        assert [shown[name] for name in ends] == [frame.destination, frame.source, good, dialect, values]


@needs_tshark
@few
@given(data=st.data())
@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_dissector_finds_no_fault_in_a_good_frame(tmp_path_factory, frames, data, dialect):
    plain = frames.map(lambda f: replace(f, tlvs=(), cutoff_us=math.inf))
    sent = data.draw(st.lists(plain, min_size=30, max_size=60))
    path = captured(tmp_path_factory.mktemp("tshark"), sent, dialect, "pcapng")
    for row in tshark(path, EXPERT, plugin=True):
        assert row == ["", "", ""]


@needs_tshark
@few
@given(data=st.data())
def test_without_the_dissector_the_lldp_dialect_is_clean_lldp(tmp_path_factory, frames, data):
    plain = frames.map(lambda f: replace(f, tlvs=tuple(t for t in f.tlvs if t.dialect == "paper")))
    sent = data.draw(st.lists(plain, min_size=30, max_size=60))
    path = captured(tmp_path_factory.mktemp("tshark"), sent, "lldp", "pcapng")
    names = ("frame.protocols", "lldp.chassis.id.mac", "lldp.time_to_live", "eth.fcs.status", "lldp.tlv.type")
    faults = ("_ws.expert.message", "_ws.malformed")
    for frame, row in zip(sent, tshark(path, (*names, *faults), plugin=False), strict=True):
        types = row[4].split(";")
        assert row[:4] == ["eth:ethertype:lldp", frame.source, "1", "1"]
        assert types[:3] == ["1", "2", "3"]
        assert set(types[3:-1]) == {"127"}
        assert types[-1] == "0"
        assert row[5:] == ["", ""]


@needs_tshark
def test_interfaces_directions_and_nanoseconds_reach_tshark(tmp_path, full_frame):
    path = captured(tmp_path, [full_frame] * 6, "paper", "pcapng")
    names = ("frame.interface_name", "frame.packet_flags_direction", "frame.time_epoch", "frame.interface_id")
    rows = tshark(path, names, plugin=False)
    assert [row[0] for row in rows] == [*NODES, *NODES]
    assert [int(row[1], 16) for row in rows] == [2, 1, 2, 1, 2, 1]
    assert [row[2] for row in rows] == [f"0.00000{i}00{i}" for i in range(6)]


@needs_tshark
def test_fields_can_be_filtered(tmp_path, full_frame):
    sent = [full_frame.stored(100.0 * i) for i in range(5)]
    path = captured(tmp_path, sent, "lldp", "pcapng")
    also = ("-Y", "qeth.memory_time > 300 && qeth.payload_duration == 50 && qeth.qubits == 10")
    rows = tshark(path, ("qeth.memory_time",), plugin=True, also=also)
    assert [float(row[0]) for row in rows] == [325.0, 425.0, 525.0]


def resealed(octets: bytes, *edits: tuple[int, int]) -> bytes:
    """Octets with some replaced and the frame check sequence made right."""
    body = bytearray(octets[:-4])
    for offset, value in edits:
        body[offset] = value
    return bytes(body) + crc32(body).to_bytes(4, "little")


@needs_tshark
def test_the_dissector_points_at_malformed_frames(tmp_path, full_frame):
    plain = Frame(destination=full_frame.destination, source=full_frame.source, role="header", payload_duration_us=1.0)
    octets = plain.encode()
    stored = full_frame.encode()
    at = next(field.offset for field in full_frame.fields() if field.name == "memory_time_us.tlv")
    duration = next(field.offset for field in full_frame.fields() if field.name == "payload_duration_us.tlv")
    bad = [
        resealed(octets, (17, 0x0A)),  # payload duration becomes an unknown TLV
        resealed(octets, (18, 0xFF)),  # it runs past the end
        resealed(octets, (16, 7)),  # neither header nor trailer
        resealed(stored, (at, 0x04)),  # time in memory becomes a second payload duration
        resealed(stored, (duration + 1, 7)),  # seven octets of time
        full_frame.stored(1e6).encode(),  # beyond its cut-off
    ]
    path = tmp_path / "bad.pcapng"
    write_capture(path, [(float(i), 0, frame) for i, frame in enumerate(bad)], nodes=NODES)
    names = ("qeth.missing", "qeth.malformed", "qeth.duplicate", "qeth.expired", "_ws.lua.error")
    rows = [[bool(cell) for cell in row] for row in tshark(path, names, plugin=True)]
    assert rows[0] == [True, False, False, False, False]
    assert rows[1][1]
    assert rows[2] == [False, True, False, False, False]
    assert rows[3] == [False, False, True, False, False]
    assert rows[4][1]
    assert rows[5] == [False, False, False, True, False]
    assert not any(row[-1] for row in rows)


@needs_tshark
def test_a_broken_lldp_tlv_does_not_hide_the_quantum_ones(tmp_path, full_frame):
    capabilities = Tlv(type=7, value=b"", dialect="lldp")  # LLDP wants four octets here
    path = captured(tmp_path, [replace(full_frame, tlvs=(capabilities,))], "lldp", "pcapng")
    ((memory_us, malformed, lua_error),) = tshark(
        path, ("qeth.memory_time", "qeth.malformed", "_ws.lua.error"), plugin=True
    )
    assert (float(memory_us), lua_error) == (125.0, "")
    assert malformed != ""


@needs_tshark
def test_the_dissector_leaves_other_frames_alone(tmp_path, full_frame):
    addresses = full_frame.encode()[:12]
    other = addresses + b"\x88\xb5" + b"another experiment".ljust(46, b"\0")
    names = full_frame.encode("lldp")[14:40]
    lldp = addresses + b"\x88\xcc" + (names + b"\0\0").ljust(49, b"\0")
    path = tmp_path / "other.pcapng"
    packets = [(float(i), 0, body + crc32(body).to_bytes(4, "little")) for i, body in enumerate((other, lldp))]
    write_capture(path, packets, nodes=NODES)
    rows = tshark(path, ("frame.protocols", "qeth.dialect", "_ws.malformed"), plugin=True)
    assert rows == [["eth:ethertype:data", "", ""], ["eth:ethertype:qeth_lldp:lldp", "", ""]]


@pytest.fixture(scope="module")
def lldp_layer() -> ModuleType:
    """Scapy's LLDP layer in strict mode, its start-up chatter kept out of the test run."""
    logging.getLogger("scapy").setLevel(logging.ERROR)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pytest.importorskip("scapy", reason="no scapy (pip install scapy)")
        from scapy.config import conf
        from scapy.contrib import lldp
    conf.contribs["LLDP"].strict_mode_enable()
    return lldp


@given(data=st.data())
def test_strict_scapy_accepts_the_lldp_dialect_and_reads_the_same_tlvs(lldp_layer, frames, data):
    from scapy.layers.l2 import Ether

    # Scapy has no class for LLDP's unassigned types: frames with TLVs of our own table only.
    frame = data.draw(frames.map(lambda f: replace(f, tlvs=tuple(t for t in f.tlvs if t.dialect == "paper"))))
    octets = frame.encode("lldp")
    packet = Ether(octets[:-4])
    assert packet[lldp_layer.LLDPDUChassisID].id == frame.source
    assert packet[lldp_layer.LLDPDUTimeToLive].ttl == 1
    assert packet.haslayer(lldp_layer.LLDPDUEndOfLLDPDU)
    found = [layer for layer in layers(packet) if isinstance(layer, lldp_layer.LLDPDUGenericOrganisationSpecific)]
    carried = [field for field in frame.fields("lldp") if field.name.endswith(".subtype")]
    assert [layer.subtype for layer in found] == [int(field.value) for field in carried]
    assert bytes(packet) == octets[:-4]


@pytest.mark.parametrize("suffix", ["pcap", "pcapng"])
def test_scapy_takes_our_captures_for_ethernet(lldp_layer, full_frame, tmp_path, suffix):
    from scapy.layers.l2 import Ether
    from scapy.utils import rdpcap

    packets = rdpcap(str(captured(tmp_path, [full_frame] * 3, "lldp", suffix)))
    assert [type(packet) for packet in packets] == [Ether] * 3
    assert all(packet.haslayer(lldp_layer.LLDPDUChassisID) for packet in packets)
    assert [float(packet.time) for packet in packets] == pytest.approx([0.0, 1.001e-6, 2.002e-6], abs=1e-9)


def layers(packet):
    """A packet and everything in it."""
    while packet:
        yield packet
        packet = packet.payload
