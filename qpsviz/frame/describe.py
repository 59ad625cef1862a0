"""Every octet of a frame with its field, value and meaning: for people, tables and hovering."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from qpsviz.frame.compiled import RESERVED_AT
from qpsviz.frame.fields import BY_NAME, HEADING_OF, INFO_CODECS, INFO_FIELDS, NAME_OF
from qpsviz.frame.model import Frame
from qpsviz.frame.numbers import (
    CUSTOM,
    END,
    ETHERTYPES,
    FCS_OCTETS,
    HEADER_OCTETS,
    INFO,
    INFO_OCTETS,
    RESERVED_TLV,
    STATION_TLV,
    TTL,
    VERSION,
    Dialect,
)
from qpsviz.frame.parts import PARTS
from qpsviz.frame.reader import NO_KEY, tlv_key
from qpsviz.frame.tlv import STATION_NAMES
from qpsviz.frame.wire import Span, walk


class Field(NamedTuple):
    """Some neighbouring octets of a frame and what they say.

    Attributes
    ----------
    name : str
        Unique in its frame; where a parameter of `Frame` holds the value, that parameter's name.
    label : str
        A few words for people.
    offset, length : int
        First octet, counted from 0 at the destination address, and number of octets.
    octets : bytes
        The octets.
    value : str
        The value as text, with its unit.
    meaning : str
        One sentence.
    """

    name: str
    label: str
    offset: int
    length: int
    octets: bytes
    value: str
    meaning: str


_SHOWN_UNITS: Final = {"us": " µs", "nm": " nm", "": ""}
_ETHERTYPE_MEANING: Final = {
    "paper": "Table I of the paper under an EtherType for local experiments.",
    "lldp": "Link Layer Discovery Protocol: ordinary tools read this frame as LLDP.",
}
_TITLES: Final[dict[int, str]] = {
    **HEADING_OF,
    RESERVED_TLV: "A reserved TLV of Table I, carried inside LLDP",
    STATION_TLV: "A TLV of LLDP, carried inside the paper dialect",
}


def describe(octets: bytes | bytearray | memoryview) -> list[Field]:
    """Fields of a frame in wire order; every octet belongs to exactly one.

    Parameters
    ----------
    octets : bytes, bytearray or memoryview
        A frame of either dialect, from destination address to frame check sequence.

    Returns
    -------
    list of Field
        Wire order, without gap or overlap.

    Raises
    ------
    FrameError
        As `Frame.decode` does.
    """
    frame = Frame.decode(octets)
    octets = bytes(octets)
    dialect = ETHERTYPES[octets[12] << 8 | octets[13]]
    found = list(_head(frame, octets, dialect))
    spans = walk(octets)
    for index, (at, type_, start, stop) in enumerate(spans):
        if dialect == "lldp" and index < TTL:
            found += _station(octets, STATION_NAMES[type_], at, start, stop)
        elif type_ == END:
            found.append(_part(octets, "end_of_qdu", at, 2, "type 0, length 0"))
        else:
            found += _tlv(frame, octets, dialect, index, (at, type_, start, stop))
    padding = spans[-1][3]
    end = len(octets) - FCS_OCTETS
    if end > padding:
        found.append(_part(octets, "padding", padding, end - padding, f"{end - padding} zeros"))
    check = f"0x{int.from_bytes(octets[end:], 'little'):08x}"
    found.append(_part(octets, "fcs", end, FCS_OCTETS, check))
    return found


def _field(octets: bytes, name: str, label: str, at: int, length: int, value: str, meaning: str) -> Field:
    return Field(name, label, at, length, octets[at : at + length], value, meaning)


def _part(octets: bytes, name: str, at: int, length: int, value: str) -> Field:
    """Octets that hold no parameter, or an address."""
    part = PARTS[name]
    return _field(octets, name, part.label, at, length, value, part.meaning)


def _parameter(frame: Frame, octets: bytes, name: str, at: int, length: int) -> Field:
    """Octets whose value is a parameter of the frame, in the table of fields."""
    row, value = BY_NAME[name], getattr(frame, name)
    text = "not stated" if value is None else f"{value:.15g}" if isinstance(value, (int, float)) else value
    if value is not None:
        text += _SHOWN_UNITS[row.codec.unit]
    return _field(octets, name, row.label, at, length, text, row.meaning)


def _head(frame: Frame, octets: bytes, dialect: Dialect) -> Iterator[Field]:
    destination = _part(octets, "destination", 0, 6, frame.destination)
    if not frame.crosses_bridges:
        problem = " A link-local group address: no bridge forwards this frame."
        destination = destination._replace(meaning=destination.meaning + problem)
    yield destination
    yield _part(octets, "source", 6, 6, frame.source)
    value = f"0x{octets[12:HEADER_OCTETS].hex()} ({dialect})"
    yield _part(octets, "ethertype", 12, 2, value)._replace(meaning=_ETHERTYPE_MEANING[dialect])


def _tlv_head(octets: bytes, name: str, span: Span, meaning: str) -> Field:
    at, type_, start, stop = span
    return _field(octets, f"{name}.tlv", "TLV", at, 2, f"type {type_}, length {stop - start}", meaning)


def _station(octets: bytes, name: str, at: int, start: int, stop: int) -> Iterator[Field]:
    yield _tlv_head(octets, name, (at, octets[at] >> 1, start, stop), f"LLDP TLV: {PARTS[name].label}.")
    value = octets[start:stop]
    text = f"{int.from_bytes(value, 'big')} s" if name == "ttl" else _station_name(name, value)
    yield _part(octets, name, start, stop - start, text)


def _station_name(name: str, value: bytes) -> str:
    if len(value) == 7 and value[0] == {"chassis_id": 4, "port_id": 3}[name]:
        return f"subtype {value[0]}, {value[1:].hex(':')}"
    text = value[1:].decode(errors="replace")
    readable = text.isprintable() and "\ufffd" not in text
    return f"subtype {value[0]}, {text if readable else value[1:].hex(' ')}"


def _tlv(frame: Frame, octets: bytes, dialect: Dialect, index: int, span: Span) -> Iterator[Field]:
    """Fields of any TLV but End and LLDP's first three."""
    _, type_, start, stop = span
    key, data = tlv_key(dialect, octets, span)
    name = NAME_OF.get(key, f"tlv[{index}]")
    title = _TITLES.get(key, "Custom TLV of an organisation" if type_ == CUSTOM else f"TLV of type {type_}")
    yield _tlv_head(octets, name, span, f"{title}.")
    if type_ == CUSTOM:
        oui, subtype = octets[start : start + 3].hex("-"), octets[start + 3]
        yield _field(octets, f"{name}.oui", "OUI", start, 3, oui, "Organisation that defines the subtype.")
        yield _field(octets, f"{name}.subtype", "Subtype", start + 3, 1, str(subtype), f"{title}.")
        data = start + 4
    if key == INFO and octets[data] <= VERSION:
        yield from _info(frame, octets, data)
    elif key in NAME_OF and key != INFO:
        yield _parameter(frame, octets, name, data, stop - data)
    elif key in (RESERVED_TLV, STATION_TLV):
        yield _field(octets, f"{name}.type", "Type carried", data, 1, str(octets[data]), "Type of the TLV inside.")
        data += 1
    is_newer = key == INFO and octets[data] > VERSION
    if (is_newer or key in (NO_KEY, RESERVED_TLV, STATION_TLV)) and stop > data:
        text = octets[data:stop].hex(" ")
        yield _field(octets, f"{name}.value", "Value", data, stop - data, text, "Kept octet by octet.")


def _info(frame: Frame, octets: bytes, start: int) -> Iterator[Field]:
    """Version 1 of the other payload information."""
    yield _part(octets, "payload_info.version", start, 1, str(octets[start]))
    yield _part(octets, "payload_info.flags", start + 1, 1, f"0b{octets[start + 1]:08b}")
    for row, codec in zip(INFO_FIELDS, INFO_CODECS, strict=True):
        yield _parameter(frame, octets, row.name, start + row.offset, codec.n_octets)
    if RESERVED_AT < INFO_OCTETS:
        yield _part(octets, "payload_info.reserved", start + RESERVED_AT, INFO_OCTETS - RESERVED_AT, "0")
