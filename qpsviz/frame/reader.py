"""Octets read into the parameters of a frame, every fault named with its octet."""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Any, Final

from qpsviz.frame.info import VERSION, read_info
from qpsviz.frame.tlv import (
    CHASSIS,
    CORRECTION,
    CUSTOM,
    CUTOFF,
    DURATION,
    END,
    FIELD_OF,
    GUARD,
    INFO,
    MAX_TEXT_OCTETS,
    MAX_TIME_PS,
    MEMORY,
    OUI,
    PORT,
    PS_PER_US,
    RESERVED_TLV,
    ROLE,
    STATION_TLV,
    TTL,
    Dialect,
    FrameError,
    Tlv,
    check_tlvs,
    station_default,
)
from qpsviz.frame.wire import HEADER_OCTETS, ROLES, Span, check_outside, station_octets, walk

Reader = Callable[[dict[str, Any], bytes, int, int, int], None]

_TIME = struct.Struct("!Q")
NO_KEY: Final = -1
_KEYS: Final = {
    "paper": {OUI + bytes((key,)): key for key in (CUTOFF, CORRECTION, GUARD, STATION_TLV)},
    "lldp": {OUI + bytes((key,)): key for key in (*range(ROLE, GUARD + 1), RESERVED_TLV)},
}
_MISPLACED: Final = {
    "paper": frozenset((*range(ROLE, MEMORY + 1), RESERVED_TLV)),
    "lldp": frozenset((STATION_TLV,)),
}
_STATION_FIELDS: Final = {CHASSIS: "chassis_id", PORT: "port_id", TTL: "ttl"}


def decode(octets: bytes) -> dict[str, Any]:
    """Parameters of the frame that octets hold; `Frame.decode` documents the faults."""
    dialect = check_outside(octets)
    values: dict[str, Any] = {"destination": octets[:6].hex(":"), "source": octets[6:12].hex(":")}
    extras: list[Tlv] = []
    offsets: list[int] = []
    spans = walk(octets)
    seen = 0
    for span in spans if dialect == "paper" else _after_station(octets, spans, extras, offsets):
        at, type_, _, stop = span
        if type_ == END:
            break
        key, start = tlv_key(dialect, octets, span)
        if not seen and key != ROLE:
            _refuse_ordinary_lldp(dialect, octets, spans, at)
            raise FrameError("role", "missing or misplaced: the header/trailer TLV comes first", at)
        reader = _READERS.get(key)
        if reader is None or (key == INFO and start < stop and octets[start] > VERSION):
            extras.append(_extra(dialect, octets, key, span, start))
            offsets.append(at)
            continue
        if seen >> key & 1:
            raise FrameError(FIELD_OF[key], "duplicate TLV; one is allowed", at)
        seen |= 1 << key
        reader(values, octets, at, start, stop)
    if not seen:
        _refuse_ordinary_lldp(dialect, octets, spans, spans[-1][0])
    for key in (ROLE, DURATION):
        if not seen >> key & 1:
            raise FrameError(FIELD_OF[key], "missing: this TLV is mandatory", spans[-1][0])
    if extras:
        values["tlvs"] = tlvs = tuple(extras)
        check_tlvs(tlvs, octets[6:12], bool(seen >> INFO & 1), offsets)
    return values


def _refuse_ordinary_lldp(dialect: Dialect, octets: bytes, spans: list[Span], at: int) -> None:
    """Say so where a neighbour's LLDP, with no TLV of ours, stands in place of a quantum frame."""
    ours = any(type_ == CUSTOM and octets.startswith(OUI, start) for _, type_, start, _ in spans)
    if dialect == "lldp" and not ours:
        raise FrameError("role", "missing: this is ordinary LLDP, without a quantum field", at)


def _after_station(octets: bytes, spans: list[Span], extras: list[Tlv], offsets: list[int]) -> list[Span]:
    """Check that Chassis ID, Port ID and TTL lead an LLDPDU and keep what is unusual; the TLVs after them."""
    if octets.startswith(station_octets(octets[6:12]), HEADER_OCTETS):
        return spans[TTL:]
    for type_ in (CHASSIS, PORT, TTL):
        at, found, start, stop = spans[min(type_, len(spans)) - 1]
        name = _STATION_FIELDS[type_]
        if found != type_:
            problem = f"missing or misplaced: TLV of type {found} where LLDP wants type {type_}"
            raise FrameError(name, problem, at)
        value = octets[start:stop]
        if value != station_default(type_, octets[6:12]):
            extras.append(_tlv(type_, value, "lldp", at))
            offsets.append(at)
    return spans[TTL:]


def tlv_key(dialect: Dialect, octets: bytes, span: Span) -> tuple[int, int]:
    """Which quantum field a TLV is, whatever the dialect, else `NO_KEY`; and where its data start."""
    at, type_, start, stop = span
    if type_ == CUSTOM:
        key = _KEYS[dialect].get(octets[start : start + 4])
        if key is not None and stop - start >= 4:
            return key, start + 4
        _check_custom(dialect, octets, at, start, stop)
    elif dialect == "paper":
        return (type_ if type_ <= MEMORY else NO_KEY), start
    elif type_ <= TTL:
        raise FrameError(_STATION_FIELDS[type_], "duplicate TLV; one is allowed", at)
    return NO_KEY, start


def _check_custom(dialect: Dialect, octets: bytes, at: int, start: int, stop: int) -> None:
    """A TLV 127 that is none of our fields must not be one in the wrong place."""
    if stop - start < 4:
        raise FrameError("tlv_127", f"{stop - start} octets leave no room for OUI and subtype", at)
    if octets.startswith(OUI, start) and octets[start + 3] in _MISPLACED[dialect]:
        problem = f"misplaced: the {dialect} dialect has a TLV of its own for subtype {octets[start + 3]}"
        raise FrameError("tlv_127", problem, start + 3)


def _extra(dialect: Dialect, octets: bytes, key: int, span: Span, start: int) -> Tlv:
    """A TLV that no parameter holds."""
    at, type_, _, stop = span
    value = octets[start:stop]
    if key == INFO:
        return _tlv(INFO, value, "paper", at)
    if key == NO_KEY:
        return _tlv(type_, value, "paper" if type_ == CUSTOM else dialect, at)
    if not value:
        raise FrameError("tlv_127", "carries another TLV but has no octet for its type", at)
    if key == STATION_TLV:
        return _tlv(value[0], value[1:], "lldp", at)
    if not MEMORY < value[0] < CUSTOM:
        raise FrameError("tlv_127", f"carries type {value[0]}; from 5 to 126 are reserved types", start)
    return _tlv(value[0], value[1:], "paper", at)


def _tlv(type_: int, value: bytes, dialect: Dialect, at: int) -> Tlv:
    try:
        return Tlv(type=type_, value=value, dialect=dialect)
    except FrameError as error:
        raise FrameError(error.field, error.problem, at) from None


def _read_role(values: dict[str, Any], octets: bytes, at: int, start: int, stop: int) -> None:
    if stop - start != 1:
        raise FrameError("role", f"length out of range: {stop - start} octets, not 1", at)
    if octets[start] >= len(ROLES):
        raise FrameError("role", f"{octets[start]} is not 0 (header) or 1 (trailer)", start)
    values["role"] = ROLES[octets[start]]


def _time_reader(field: str) -> Reader:
    def read(values: dict[str, Any], octets: bytes, at: int, start: int, stop: int) -> None:
        if stop - start != _TIME.size:
            raise FrameError(field, f"length out of range: {stop - start} octets, not {_TIME.size}", at)
        (time_ps,) = _TIME.unpack_from(octets, start)
        if time_ps > MAX_TIME_PS:
            raise FrameError(field, f"{time_ps} ps is more than {MAX_TIME_PS} ps", start)
        values[field] = time_ps / PS_PER_US

    return read


def _read_correction(values: dict[str, Any], octets: bytes, at: int, start: int, stop: int) -> None:
    if not 1 <= stop - start <= MAX_TEXT_OCTETS:
        problem = f"length out of range: {stop - start} octets of text, from 1 to {MAX_TEXT_OCTETS}"
        raise FrameError("error_correction", problem, at)
    try:
        text = octets[start:stop].decode()
    except UnicodeDecodeError as error:
        raise FrameError("error_correction", "is not UTF-8", start + error.start) from None
    if not text.isprintable():
        raise FrameError("error_correction", f"{text!r} is not printable", start)
    values["error_correction"] = text


_READERS: Final[dict[int, Reader]] = {
    ROLE: _read_role,
    DURATION: _time_reader("payload_duration_us"),
    INFO: read_info,
    MEMORY: _time_reader("memory_time_us"),
    CUTOFF: _time_reader("cutoff_us"),
    CORRECTION: _read_correction,
    GUARD: _time_reader("guard_us"),
}
