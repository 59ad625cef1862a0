"""Every kind of malformed frame is refused, with the octet and the field."""

from __future__ import annotations

import math
import pickle
import re
from dataclasses import replace
from zlib import crc32

import pytest

from qpsviz.frame import Frame, FrameError, Tlv

ENDS = bytes.fromhex("020000000002020000000001")
PAPER, LLDP = b"\x88\xb5", b"\x88\xcc"
ROLE = bytes.fromhex("020100")
DURATION = bytes.fromhex("04080000000002faf080")
MEMORY = bytes.fromhex("08080000000007735940")
INFO = bytes.fromhex("061c010100000000000a" + "00" * 20)
END = b"\0\0"
STATION = bytes.fromhex("020704020000000001040b05") + b"quantum-tx" + bytes.fromhex("06020001")
Q_ROLE = bytes.fromhex("fe050251450100")
Q_DURATION = bytes.fromhex("fe0c025145020000000002faf080")


def sealed(*parts: bytes, ethertype: bytes = PAPER) -> bytes:
    """A frame of these TLVs, padded, with the right frame check sequence."""
    body = (ENDS + ethertype + b"".join(parts)).ljust(60, b"\0")
    return body + crc32(body).to_bytes(4, "little")


def custom(subtype: int, data: bytes = b"") -> bytes:
    """TLV 127 of our own organisation."""
    return bytes((0xFE, 4 + len(data))) + bytes.fromhex("025145") + bytes((subtype,)) + data


GOOD = sealed(ROLE, DURATION, END)

MALFORMED = [
    ("nothing", b"", "frame", 0, "truncated"),
    ("cut after the addresses", GOOD[:12], "frame", 12, "truncated"),
    ("one octet short", GOOD[:-1], "frame", 63, "truncated"),
    ("oversize", sealed(ROLE, DURATION, *[b"\x0b\xff" + b"x" * 511] * 3, END), "frame", 1518, "oversize"),
    ("an IPv4 packet", sealed(ROLE, DURATION, END, ethertype=b"\x08\x00"), "ethertype", 12, "0x0800"),
    ("a bad check sequence", GOOD[:-4] + b"\0\0\0\0", "fcs", 60, "bad frame check sequence"),
    ("a group source", b"\x02" * 6 + b"\x03" + sealed(ROLE, DURATION, END)[7:], "fcs", 60, "expected"),
    ("a TLV past the end", sealed(ROLE, DURATION, b"\x0b\xff"), "tlv_5", 27, "past the end"),
    ("no End of QDU", sealed(ROLE, DURATION, b"\x0a\x1f" + b"x" * 31), "end_of_qdu", 60, "missing"),
    ("an End that is not empty", sealed(ROLE, DURATION, b"\x00\x01\x00"), "end_of_qdu", 27, "length = 1"),
    ("an octet after the End", sealed(ROLE, DURATION, END, b"\0\0\x07"), "padding", 31, "trailing octets: 0x07"),
    ("padding that is not needed", sealed(ROLE, DURATION, END + b"\0" * 40), "padding", 29, "trailing octets"),
    ("no header/trailer TLV", sealed(DURATION, END), "role", 14, "missing"),
    ("header/trailer in second place", sealed(DURATION, ROLE, END), "role", 14, "misplaced"),
    ("an unknown TLV first", sealed(b"\x0a\x00", ROLE, DURATION, END), "role", 14, "misplaced"),
    ("no payload duration", sealed(ROLE, MEMORY, END), "payload_duration_us", 27, "missing"),
    ("header/trailer twice", sealed(ROLE, ROLE, DURATION, END), "role", 17, "duplicate"),
    ("payload duration twice", sealed(ROLE, DURATION, DURATION, END), "payload_duration_us", 27, "duplicate"),
    ("time in memory twice", sealed(ROLE, DURATION, MEMORY, MEMORY, END), "memory_time_us", 37, "duplicate"),
    ("payload information twice", sealed(ROLE, DURATION, INFO, INFO, END), "payload_info", 57, "duplicate"),
    ("cut-off twice", sealed(ROLE, DURATION, custom(5, bytes(8)) * 2, END), "cutoff_us", 41, "duplicate"),
    (
        "payload information in two versions",
        sealed(ROLE, DURATION, INFO, b"\x06\x01\x02", END),
        "payload_info",
        57,
        "duplicate",
    ),
    ("a role of two octets", sealed(b"\x02\x02\x00\x00", DURATION, END), "role", 14, "length out of range"),
    ("a role that is neither", sealed(b"\x02\x01\x02", DURATION, END), "role", 16, "2 is not"),
    ("a time of four octets", sealed(ROLE, b"\x04\x04" + bytes(4), END), "payload_duration_us", 17, "length"),
    ("a time of 2000 s", sealed(ROLE, b"\x04\x08" + (2 * 10**15).to_bytes(8), END), "payload_duration_us", 19, "more"),
    ("information of 27 octets", sealed(ROLE, DURATION, b"\x06\x1b\x01" + bytes(26), END), "payload_info", 27, "28"),
    ("empty information", sealed(ROLE, DURATION, b"\x06\x00", END), "payload_info", 27, "28 octets, not 0"),
    ("version 0", sealed(ROLE, DURATION, b"\x06\x1c" + bytes(28), END), "payload_info.version", 29, "0 is not 1"),
    ("no flag", sealed(ROLE, DURATION, b"\x06\x1c\x01" + bytes(27), END), "payload_info.flags", 30, "nothing"),
    ("flag 0x80", sealed(ROLE, DURATION, b"\x06\x1c\x01\x80" + bytes(26), END), "payload_info.flags", 30, "0x80"),
    ("reserved octets", sealed(ROLE, DURATION, INFO[:-1] + b"\x01", END), "payload_info.reserved", 55, "zero"),
    (
        "an unstated spacing",
        sealed(ROLE, DURATION, INFO[:10] + bytes(7) + b"\x01" + INFO[18:], END),
        "spacing_us",
        37,
        "not",
    ),
    (
        "a spacing of 2000 s",
        sealed(ROLE, DURATION, b"\x06\x1c\x01\x02" + bytes(6) + (2 * 10**15).to_bytes(8) + bytes(12), END),
        "spacing_us",
        37,
        "more",
    ),
    ("a wavelength of 0", sealed(ROLE, DURATION, b"\x06\x1c\x01\x10" + bytes(26), END), "wavelength_nm", 45, "0 pm"),
    ("a custom TLV of 3 octets", sealed(ROLE, DURATION, b"\xfe\x03\x02\x51\x45", END), "tlv_127", 27, "no room"),
    ("no name of a code", sealed(ROLE, DURATION, custom(6), END), "error_correction", 27, "length out of range"),
    ("65 octets of text", sealed(ROLE, DURATION, custom(6, b"x" * 65), END), "error_correction", 27, "length"),
    ("text that is not UTF-8", sealed(ROLE, DURATION, custom(6, b"ab\xff"), END), "error_correction", 35, "UTF-8"),
    ("text with a line break", sealed(ROLE, DURATION, custom(6, b"a\nb"), END), "error_correction", 33, "printable"),
    ("Table I's fields in TLV 127", sealed(ROLE, DURATION, custom(4, bytes(8)), END), "tlv_127", 32, "misplaced"),
    ("a carried LLDP TLV, empty", sealed(ROLE, DURATION, custom(9), END), "tlv_127", 27, "no octet for its type"),
    ("a carried LLDP End", sealed(ROLE, DURATION, custom(9, b"\0"), END), "tlv.type", 27, "from 1 to 127"),
    (
        "carried LLDP names out of order",
        sealed(ROLE, DURATION, custom(9, b"\x02\x07a"), custom(9, b"\x01\x07a"), END),
        "chassis_id",
        36,
        "misplaced",
    ),
    (
        "a carried LLDP name that says nothing new",
        sealed(ROLE, DURATION, custom(9, b"\x03\x00\x01"), END),
        "ttl",
        27,
        "repeats",
    ),
    ("LLDP without Chassis ID", sealed(Q_ROLE, Q_DURATION, END, ethertype=LLDP), "chassis_id", 14, "type 127"),
    ("LLDP without Port ID", sealed(STATION[:9], Q_ROLE, END, ethertype=LLDP), "port_id", 23, "missing"),
    ("LLDP without TTL", sealed(STATION[:22], Q_ROLE, END, ethertype=LLDP), "ttl", 36, "missing"),
    ("an empty LLDPDU", sealed(END, ethertype=LLDP), "chassis_id", 14, "missing"),
    ("ordinary LLDP", sealed(STATION, b"\x0a\x02hi", END, ethertype=LLDP), "role", 40, "missing"),
    ("nothing but a station", sealed(STATION, END, ethertype=LLDP), "role", 40, "missing"),
    (
        "Chassis ID twice",
        sealed(STATION, Q_ROLE, Q_DURATION, STATION[:9], END, ethertype=LLDP),
        "chassis_id",
        61,
        "duplicate",
    ),
    (
        "System Name twice",
        sealed(STATION, Q_ROLE, Q_DURATION, b"\x0a\x01a\x0a\x01b", END, ethertype=LLDP),
        "lldp_tlv_5",
        64,
        "duplicate",
    ),
    (
        "Chassis ID of one octet",
        sealed(b"\x02\x01\x07", STATION[9:], Q_ROLE, Q_DURATION, END, ethertype=LLDP),
        "chassis_id",
        14,
        "length = 1",
    ),
    (
        "a carried type 3",
        sealed(STATION, Q_ROLE, Q_DURATION, custom(8, b"\x03\x02"), END, ethertype=LLDP),
        "tlv_127",
        67,
        "carries type 3",
    ),
    (
        "a carried LLDP TLV in LLDP",
        sealed(STATION, Q_ROLE, Q_DURATION, custom(9, b"\x05"), END, ethertype=LLDP),
        "tlv_127",
        66,
        "misplaced",
    ),
]


@pytest.mark.parametrize(
    ("octets", "field", "offset", "problem"),
    [pytest.param(*case, id=name) for name, *case in MALFORMED],
)
def test_malformed_octets_are_refused_with_octet_and_field(octets, field, offset, problem):
    with pytest.raises(FrameError) as refusal:
        Frame.decode(octets)
    error = refusal.value
    assert (error.field, error.offset) == (field, offset), str(error)
    assert problem in error.problem
    assert str(error) == f"octet {offset}, {field}: {error.problem}"


def test_the_frame_that_the_malformed_ones_are_made_from_is_good():
    assert Frame.decode(GOOD).payload_duration_us == 50.0
    assert Frame.decode(sealed(STATION, Q_ROLE, Q_DURATION, END, ethertype=LLDP)) == Frame.decode(GOOD)
    assert Frame.decode(sealed(ROLE, DURATION, INFO, MEMORY, END)).n_qubits == 10


def test_a_group_source_with_the_right_checksum_is_refused_at_octet_6():
    body = ENDS[:6] + b"\x03" + GOOD[7:-4]
    with pytest.raises(FrameError, match="octet 6, source: 03:00:00:00:00:01 is a group address"):
        Frame.decode(body + crc32(body).to_bytes(4, "little"))


def test_a_frame_cut_in_transit_is_called_truncated(full_frame):
    octets = full_frame.encode()
    with pytest.raises(FrameError, match="truncated or corrupted: TLV of type 127 runs past the end"):
        Frame.decode(octets[:104])


@pytest.mark.parametrize("octets", [None, "0201", 64, [0] * 64, 1.5])
def test_what_is_not_bytes_is_a_frame_error_too(octets):
    with pytest.raises(FrameError, match="is not bytes"):
        Frame.decode(octets)


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"destination": "02:00"}, "destination: '02:00' is not a MAC address"),
        ({"destination": 5}, "destination: 5 is not"),
        ({"source": "02:00:00:00:00:01\n"}, "source: "),
        ({"source": "01:00:00:00:00:01"}, "source: .* group address"),
        ({"role": "middle"}, "role = 'middle' is not"),
        ({"payload_duration_us": -1.0}, r"payload_duration_us = -1.0 is not a number from 0 to 1e\+09 us"),
        ({"payload_duration_us": math.nan}, "payload_duration_us = nan"),
        ({"payload_duration_us": math.inf}, "payload_duration_us = inf"),
        ({"payload_duration_us": None}, "payload_duration_us = None"),
        ({"payload_duration_us": "50"}, "payload_duration_us = '50'"),
        ({"memory_time_us": 1.0000001e9}, "memory_time_us = "),
        ({"cutoff_us": -0.5}, "cutoff_us = -0.5"),
        ({"cutoff_us": None}, "cutoff_us = None"),
        ({"guard_us": True}, "guard_us = True"),
        ({"n_qubits": 2.0}, "n_qubits = 2.0 is not a whole number from 0 to 4294967295"),
        ({"frame_id": 2**32}, "frame_id = 4294967296"),
        ({"attempt": -1}, "attempt = -1"),
        ({"wavelength_nm": 0.0}, "wavelength_nm = 0.0"),
        ({"encoding": "polarization"}, "encoding = 'polarization' is not one of: other, polarisation"),
        ({"encoding": ["qkd"]}, "encoding = "),
        ({"application": "code-1"}, "application = 'code-1'"),
        ({"error_correction": ""}, "error_correction = ''"),
        ({"error_correction": "é" * 33}, "error_correction = "),
        ({"error_correction": "a\tb"}, "error_correction = "),
        ({"tlvs": [Tlv(type=5)]}, "is not a tuple"),
        ({"tlvs": (b"\x0a\x00",)}, "is not a Tlv"),
        ({"tlvs": (Tlv(type=5, dialect="lldp"),) * 2}, "lldp_tlv_5: duplicate"),
        ({"n_qubits": 1, "tlvs": (Tlv(type=3, value=b"\x02"),)}, "payload_info: duplicate"),
    ],
)
def test_bad_values_are_refused_by_name(full_frame, changes, problem):
    plain = replace(full_frame, tlvs=())
    with pytest.raises(FrameError, match=problem) as refusal:
        replace(plain, **changes)
    assert refusal.value.offset is None
    assert isinstance(refusal.value, ValueError)


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ({"type": 0}, "from 1 to 127"),
        ({"type": 128}, "from 1 to 127"),
        ({"type": 5.0}, "from 1 to 127"),
        ({"type": 2, "value": bytes(8)}, "is a field of Frame"),
        ({"type": 3, "value": b"\x01"}, "is a field of Frame"),
        ({"type": 5, "value": bytes(512)}, "at most 511"),
        ({"type": 5, "value": "text"}, "not bytes"),
        ({"type": 5, "dialect": "ip"}, "dialect = 'ip'"),
        ({"type": 127, "value": b"abc"}, "no OUI and subtype"),
        ({"type": 127, "value": bytes(4), "dialect": "lldp"}, "same in both"),
        ({"type": 127, "value": bytes.fromhex("02514504")}, "is a field of Frame"),
        ({"type": 3, "value": bytes(3), "dialect": "lldp"}, "ttl: length = 3"),
    ],
)
def test_bad_tlvs_are_refused(arguments, problem):
    with pytest.raises(FrameError, match=re.escape(problem)):
        Tlv(**arguments)


@pytest.mark.parametrize("oui", ["00-11", "00-11-22-33", "zz-11-22", None])
def test_a_custom_tlv_needs_three_octets_of_organisation(oui):
    with pytest.raises(FrameError, match="oui"):
        Tlv.custom(oui, 1)
    with pytest.raises(FrameError, match="subtype = 256"):
        Tlv.custom("00-11-22", 256)


def test_a_frame_that_outgrows_ethernet_is_refused_by_encode(full_frame):
    large = replace(full_frame, tlvs=(Tlv(type=5, value=bytes(511)),) * 3)
    with pytest.raises(FrameError, match="oversize: 1655 octets; Ethernet allows 1518"):
        large.encode()


def test_a_tlv_too_long_to_be_carried_in_another_is_refused_by_encode(full_frame):
    long = replace(full_frame, tlvs=(Tlv(type=5, value=bytes(507)),))
    assert Frame.decode(long.encode("paper")) == long
    with pytest.raises(FrameError, match="512 octets; at most 511"):
        long.encode("lldp")


def test_an_unknown_dialect_is_refused(full_frame):
    with pytest.raises(FrameError, match="dialect = 'ppp'"):
        full_frame.encode("ppp")


@pytest.mark.parametrize("dwell_us", [-1.0, math.nan, math.inf, "1"])
def test_a_dwell_out_of_range_is_refused(full_frame, dwell_us):
    with pytest.raises(FrameError, match="dwell_us = "):
        full_frame.stored(dwell_us)


def test_a_frame_error_travels_between_processes():
    error = FrameError("role", "2 is not 0 or 1", 16)
    copy = pickle.loads(pickle.dumps(error))
    assert (copy.field, copy.problem, copy.offset, str(copy)) == (error.field, error.problem, 16, str(error))
