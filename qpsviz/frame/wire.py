"""A frame in octets: both dialects written, and the outside of a received frame checked.

``docs/frame-format.md`` draws every structure. All numbers are big-endian, except the frame check sequence,
whose CRC-32 Ethernet sends least significant octet first.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING
from zlib import crc32

from qpsviz.frame.compiled import ENCODE
from qpsviz.frame.error import FrameError
from qpsviz.frame.numbers import (
    CHASSIS,
    CUSTOM,
    END,
    ETHERTYPE_OF,
    ETHERTYPES,
    FCS_OCTETS,
    HEADER_OCTETS,
    INFO,
    MAX_OCTETS,
    MAX_VALUE_OCTETS,
    MIN_OCTETS,
    OUI,
    PORT,
    RESERVED_TLV,
    STATION_TLV,
    TTL,
    Dialect,
)
from qpsviz.frame.tlv import Tlv, mac_octets, station_default

if TYPE_CHECKING:
    from qpsviz.frame.model import Frame

_RESIDUE = 0x2144DF1C  # CRC-32 of any octets that are followed by their own CRC-32

Span = tuple[int, int, int, int]  # octet of the TLV, its type, octets where its value starts and stops


def tlv_octets(type_: int, value: bytes) -> bytes:
    """Type (7 bits), length (9 bits) and value."""
    if len(value) > MAX_VALUE_OCTETS:
        raise FrameError(f"tlv_{type_}", f"{len(value)} octets; at most {MAX_VALUE_OCTETS} fit")
    return (type_ << 9 | len(value)).to_bytes(2, "big") + value


@lru_cache(maxsize=4096)
def _addresses(destination: str, source: str, dialect: Dialect) -> bytes:
    """Destination, source and EtherType: the first 14 octets."""
    return (
        mac_octets(destination, "destination") + mac_octets(source, "source") + ETHERTYPE_OF[dialect].to_bytes(2, "big")
    )


def encode(frame: Frame, dialect: Dialect) -> bytes:
    """Octets of a frame, with padding and frame check sequence; see `Frame.encode`."""
    encode_fields = ENCODE.get(dialect)
    if encode_fields is None:
        raise FrameError("dialect", f'dialect = {dialect!r} is not "paper" or "lldp"')
    head = _addresses(frame.destination, frame.source, dialect)
    parts = [head]
    if dialect == "lldp":
        parts.append(station_octets(head[6:12], frame.tlvs))
    encode_fields(frame, parts)
    if frame.tlvs:
        parts += [_extra_octets(tlv, dialect) for tlv in frame.tlvs]
    parts.append(b"\0\0")
    return seal(b"".join(parts))


def seal(body: bytes) -> bytes:
    """Pad to the smallest Ethernet frame and append the frame check sequence."""
    if len(body) > MAX_OCTETS - FCS_OCTETS:
        raise FrameError("frame", f"oversize: {len(body) + FCS_OCTETS} octets; Ethernet allows {MAX_OCTETS}")
    body = body.ljust(MIN_OCTETS - FCS_OCTETS, b"\0")
    return body + crc32(body).to_bytes(4, "little")


@lru_cache(maxsize=4096)
def station_octets(source: bytes, tlvs: tuple[Tlv, ...] = ()) -> bytes:
    """Chassis ID, Port ID and time to live, as ``tlvs`` give them or the source address implies them."""
    given = {tlv.type: tlv.value for tlv in tlvs if tlv.dialect == "lldp" and tlv.type <= TTL}
    values = (given.get(type_, station_default(type_, source)) for type_ in (CHASSIS, PORT, TTL))
    return b"".join(tlv_octets(type_, value) for type_, value in enumerate(values, start=CHASSIS))


def _extra_octets(tlv: Tlv, dialect: Dialect) -> bytes:
    if tlv.dialect == "lldp" and dialect == "paper":
        return tlv_octets(CUSTOM, OUI + bytes((STATION_TLV, tlv.type)) + tlv.value)
    if tlv.dialect == "lldp":
        return b"" if tlv.type <= TTL else tlv_octets(tlv.type, tlv.value)
    if dialect == "paper" or tlv.type == CUSTOM:
        return tlv_octets(tlv.type, tlv.value)
    if tlv.type == INFO:
        return tlv_octets(CUSTOM, OUI + bytes((INFO,)) + tlv.value)
    return tlv_octets(CUSTOM, OUI + bytes((RESERVED_TLV, tlv.type)) + tlv.value)


def walk(octets: bytes) -> list[Span]:
    """TLVs between EtherType and frame check sequence, the End of QDU TLV last.

    Raises
    ------
    FrameError
        If a TLV runs past the end, the End of QDU is missing or not empty, or octets trail it.
    """
    spans: list[Span] = []
    offset, end = HEADER_OCTETS, len(octets) - FCS_OCTETS
    while offset + 2 <= end:
        type_ = octets[offset] >> 1
        start = offset + 2
        stop = start + ((octets[offset] & 1) << 8 | octets[offset + 1])
        if stop > end:
            problem = f"TLV of type {type_} runs past the end: octets to {stop}, {end} before the FCS"
            raise FrameError(f"tlv_{type_}", problem, offset)
        spans.append((offset, type_, start, stop))
        if type_ == END:
            _check_end(octets, offset, stop, end)
            return spans
        offset = stop
    raise FrameError("end_of_qdu", "missing: no TLV of type 0 before the frame check sequence", offset)


def _check_end(octets: bytes, at: int, stop: int, end: int) -> None:
    if stop != at + 2:
        raise FrameError("end_of_qdu", f"length = {stop - at - 2} is not 0", at)
    if stop == end:
        return
    rest = octets[stop:end]
    first = len(rest) - len(rest.lstrip(b"\0"))
    if first < len(rest):
        raise FrameError("padding", f"trailing octets: 0x{rest[first]:02x} after End of QDU", stop + first)
    if len(octets) > MIN_OCTETS:
        raise FrameError("padding", f"trailing octets: padding ends at {MIN_OCTETS} octets", stop)


def check_outside(octets: bytes) -> Dialect:
    """Check size, EtherType and frame check sequence; the dialect."""
    size = len(octets)
    if size < MIN_OCTETS:
        raise FrameError("frame", f"truncated: {size} octets; the smallest frame has {MIN_OCTETS}", size)
    if size > MAX_OCTETS:
        raise FrameError("frame", f"oversize: {size} octets; Ethernet allows {MAX_OCTETS}", MAX_OCTETS)
    number = octets[12] << 8 | octets[13]
    dialect = ETHERTYPES.get(number)
    if dialect is None:
        raise FrameError("ethertype", f"0x{number:04x} is not 0x88b5 (paper) or 0x88cc (lldp)", 12)
    if crc32(octets) != _RESIDUE:
        right = crc32(octets[:-4]).to_bytes(4, "little")
        _explain_bad_fcs(octets, f"{octets[-4:].hex(' ')} received, {right.hex(' ')} expected")
    if octets[6] & 1:
        raise FrameError("source", f"{octets[6:12].hex(':')} is a group address", 6)
    return dialect


def _explain_bad_fcs(octets: bytes, difference: str) -> None:
    """Say "truncated" where the TLVs show it, "bad frame check sequence" elsewhere."""
    try:
        walk(octets)
    except FrameError as error:
        if error.field != "padding":
            problem = f"truncated or corrupted: {error.problem}; frame check sequence {difference}"
            raise FrameError(error.field, problem, error.offset) from None
    raise FrameError("fcs", f"bad frame check sequence: {difference}", len(octets) - FCS_OCTETS)
