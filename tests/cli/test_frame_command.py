"""`qpsviz frame decode` and `qpsviz frame encode`."""

from __future__ import annotations

import argparse
import io
import json
from types import SimpleNamespace

import pytest

from qpsviz.cli.frame import add_frame
from qpsviz.cli.usage import UsageError
from qpsviz.frame import Frame, FrameError, Packet, Tlv, write_capture

ENDS = ("--destination", "02:00:00:00:00:02", "--source", "02:00:00:00:00:01")
FLAGS = (*ENDS, "--role", "header", "--payload-duration-us", "50")


def run(*arguments: str) -> None:
    """Run the command as the ``qpsviz`` parser does."""
    parser = argparse.ArgumentParser()
    add_frame(parser.add_subparsers(required=True))
    chosen = parser.parse_args(["frame", *arguments])
    chosen.run(chosen)


def test_encode_prints_octets_that_decode_to_the_flags(capsys):
    run("encode", *FLAGS, "--n-qubits", "10", "--cutoff-us", "1000", "--tlv", "9:ab", "--custom", "00-11-22:7:cafe")
    frame = Frame.decode(bytes.fromhex(capsys.readouterr().out))
    tlvs = (Tlv(type=9, value=b"\xab"), Tlv.custom("00-11-22", 7, b"\xca\xfe"))
    assert (frame.n_qubits, frame.cutoff_us, frame.payload_duration_us, frame.tlvs) == (10, 1000.0, 50.0, tlvs)


def test_a_reserved_tlv_may_be_empty(capsys):
    run("encode", *FLAGS, "--tlv", "5")
    assert Frame.decode(bytes.fromhex(capsys.readouterr().out)).tlvs == (Tlv(type=5),)


def test_decode_shows_each_field_of_hex_on_the_command_line(capsys, full_frame):
    run("decode", full_frame.encode("lldp").hex())
    out = capsys.readouterr().out
    assert len(out.splitlines()) == 1 + len(full_frame.fields("lldp"))
    for shown in ("02 51 45", "1000 µs", "1550.12 nm", "[[5,1,3]]", "polarisation"):
        assert shown in out


@pytest.mark.parametrize("separator", ["", " ", ":", "-", "\n"])
def test_hex_may_be_separated_as_tools_print_it(capsys, tmp_path, full_frame, separator):
    octets = full_frame.encode()
    path = tmp_path / "frame.hex"
    path.write_text(separator.join(f"{octet:02X}" for octet in octets) + "\n")
    run("decode", str(path), "--json")
    shown = json.loads(capsys.readouterr().out)
    assert [(f["name"], f["offset"]) for f in shown] == [(f.name, f.offset) for f in full_frame.fields()]
    assert "".join(f["octets"] for f in shown) == octets.hex()


@pytest.mark.parametrize("as_text", [True, False])
def test_decode_reads_standard_input(capsys, monkeypatch, full_frame, as_text):
    octets = full_frame.encode()
    content = octets.hex().encode() if as_text else octets
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(content)))
    run("decode", "-", "--json")
    assert json.loads(capsys.readouterr().out)[-1]["name"] == "fcs"


def test_encode_writes_a_file_that_decode_reads(capsys, tmp_path):
    path = tmp_path / "frame.bin"
    run("encode", *FLAGS, "--dialect", "lldp", "--out", str(path))
    assert "67 octets" in capsys.readouterr().err
    run("decode", str(path))
    assert "0x88cc (lldp)" in capsys.readouterr().out


@pytest.mark.parametrize("suffix", ["pcap", "pcapng"])
@pytest.mark.parametrize("from_stdin", [True, False])
def test_decode_lists_the_packets_of_a_capture(capsys, monkeypatch, tmp_path, full_frame, suffix, from_stdin):
    path = tmp_path / f"headers.{suffix}"
    packets = [Packet(1.5, 0, full_frame.encode(), True), Packet(2.5, 1, b"no frame", False)]
    write_capture(path, packets, nodes=["Alice", "Bob"])
    if from_stdin:
        monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(path.read_bytes())))
    run("decode", "-" if from_stdin else str(path))
    first, second = capsys.readouterr().out.splitlines()
    assert "1.500 µs" in first
    assert "header 7, payload 50 µs, guard 12.5 µs, in memory 125 µs" in first
    assert f"not a quantum frame: octet {8 if suffix == 'pcapng' else 4}, frame: truncated" in second
    assert ("Alice" in first) == (suffix == "pcapng")


def test_a_capture_becomes_one_line_of_json_for_each_packet(capsys, tmp_path, full_frame):
    path = tmp_path / "headers.pcapng"
    write_capture(path, [Packet(1.5, 0, full_frame.encode(), True), Packet(2.5, 0, b"x", None)], nodes=["Alice"])
    run("decode", str(path), "--json")
    first, second = map(json.loads, capsys.readouterr().out.splitlines())
    assert (first["time_us"], first["node"], first["outbound"], first["n_qubits"]) == (1.5, "Alice", True, 10)
    assert second["error"].startswith("octet 1, frame: truncated")


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("decode", "no such file"), "neither a file nor hex"),
        (("decode", "abc"), "'c' is half an octet"),
        (("encode", *FLAGS, "--tlv", "2:00"), "must be TYPE:HEX"),
        (("encode", *FLAGS, "--tlv", "x:00"), "must be TYPE:HEX"),
        (("encode", *FLAGS, "--custom", "00-11-22:7:x"), "must be OUI:SUBTYPE:HEX"),
        (("encode", *FLAGS, "--encoding", "colour"), "encoding = 'colour'"),
    ],
)
def test_bad_usage_is_refused(arguments, problem):
    with pytest.raises(UsageError, match=problem):
        run(*arguments)


def test_a_malformed_frame_is_a_frame_error_with_its_octet(full_frame):
    octets = bytearray(full_frame.encode())
    octets[-1] ^= 1
    with pytest.raises(FrameError, match="octet 112, fcs"):
        run("decode", octets.hex())
