"""Octets read into the parameters of a frame, every fault named with its octet."""

from __future__ import annotations

from typing import Final

from qpsviz.frame.compiled import READERS
from qpsviz.frame.error import FrameError
from qpsviz.frame.fields import NAME_OF, TLV_FIELDS
from qpsviz.frame.numbers import (
    CHASSIS,
    CUSTOM,
    END,
    HEADER_OCTETS,
    INFO,
    LAST_OF_TABLE_I,
    OUI,
    PORT,
    RESERVED_TLV,
    STATION_TLV,
    TTL,
    VERSION,
    Dialect,
)
from qpsviz.frame.tlv import STATION_NAMES, Tlv, check_tlvs, station_default
from qpsviz.frame.wire import Span, check_outside, station_octets, walk

NO_KEY: Final = -1
_FIRST: Final = TLV_FIELDS[0]
_FIRST_KEY: Final = _FIRST.type
_MANDATORY: Final = sum(1 << field.type for field in TLV_FIELDS if field.mandatory)
_KEYS: Final = {
    "paper": {OUI + bytes((key,)): key for key in (*NAME_OF, STATION_TLV) if key > LAST_OF_TABLE_I},
    "lldp": {OUI + bytes((key,)): key for key in (*NAME_OF, RESERVED_TLV)},
}
_MISPLACED: Final = {
    "paper": frozenset((*(key for key in NAME_OF if key <= LAST_OF_TABLE_I), RESERVED_TLV)),
    "lldp": frozenset((STATION_TLV,)),
}


def decode(octets: bytes) -> dict[str, object]:
    """Parameters of the frame that octets hold; `Frame.decode` documents the faults."""
    dialect = check_outside(octets)
    values: dict[str, object] = {"destination": octets[:6].hex(":"), "source": octets[6:12].hex(":")}
    extras: list[Tlv] = []
    offsets: list[int] = []
    spans = walk(octets)
    seen = 0
    for span in spans if dialect == "paper" else _after_station(octets, spans, extras, offsets):
        at, type_, _, stop = span
        if type_ == END:
            break
        key, start = tlv_key(dialect, octets, span)
        if not seen and key != _FIRST_KEY:
            _refuse_ordinary_lldp(dialect, octets, spans, at)
            problem = f"missing or misplaced: the {_FIRST.heading.lower()} TLV comes first"
            raise FrameError(_FIRST.name, problem, at)
        reader = READERS.get(key)
        if reader is None or (key == INFO and start < stop and octets[start] > VERSION):
            extras.append(_extra(dialect, octets, key, span, start))
            offsets.append(at)
            continue
        if seen >> key & 1:
            raise FrameError(NAME_OF[key], "duplicate TLV; one is allowed", at)
        seen |= 1 << key
        reader(values, octets, at, start, stop)
    if not seen:
        _refuse_ordinary_lldp(dialect, octets, spans, spans[-1][0])
    if seen & _MANDATORY != _MANDATORY:
        missing = next(field.name for field in TLV_FIELDS if field.mandatory and not seen >> field.type & 1)
        raise FrameError(missing, "missing: this TLV is mandatory", spans[-1][0])
    if extras:
        values["tlvs"] = tlvs = tuple(extras)
        check_tlvs(tlvs, octets[6:12], bool(seen >> INFO & 1), offsets)
    return values


def _refuse_ordinary_lldp(dialect: Dialect, octets: bytes, spans: list[Span], at: int) -> None:
    """Say so where a neighbour's LLDP, with no TLV of ours, stands in place of a quantum frame."""
    ours = any(type_ == CUSTOM and octets.startswith(OUI, start) for _, type_, start, _ in spans)
    if dialect == "lldp" and not ours:
        raise FrameError(_FIRST.name, "missing: this is ordinary LLDP, without a quantum field", at)


def _after_station(octets: bytes, spans: list[Span], extras: list[Tlv], offsets: list[int]) -> list[Span]:
    """Check that Chassis ID, Port ID and TTL lead an LLDPDU and keep what is unusual; the TLVs after them."""
    if octets.startswith(station_octets(octets[6:12]), HEADER_OCTETS):
        return spans[TTL:]
    for type_ in (CHASSIS, PORT, TTL):
        at, found, start, stop = spans[min(type_, len(spans)) - 1]
        name = STATION_NAMES[type_]
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
        return (type_ if type_ <= LAST_OF_TABLE_I else NO_KEY), start
    elif type_ <= TTL:
        raise FrameError(STATION_NAMES[type_], "duplicate TLV; one is allowed", at)
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
    if not LAST_OF_TABLE_I < value[0] < CUSTOM:
        raise FrameError("tlv_127", f"carries type {value[0]}; from 5 to 126 are reserved types", start)
    return _tlv(value[0], value[1:], "paper", at)


def _tlv(type_: int, value: bytes, dialect: Dialect, at: int) -> Tlv:
    try:
        return Tlv(type=type_, value=value, dialect=dialect)
    except FrameError as error:
        raise FrameError(error.field, error.problem, at) from None
