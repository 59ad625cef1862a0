"""Every octet of a frame with its field, value and meaning: for people, tables and hovering."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from qpsviz.frame.info import INFO_FIELDS, VERSION
from qpsviz.frame.model import Frame
from qpsviz.frame.reader import NO_KEY, tlv_key
from qpsviz.frame.tlv import CUSTOM, END, ETHERTYPES, FIELD_OF, INFO, RESERVED_TLV, ROLE, STATION_TLV, TTL, Dialect
from qpsviz.frame.wire import FCS_OCTETS, HEADER_OCTETS, walk


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


_TEXTS: Final[dict[str, tuple[str, str]]] = {
    "destination": ("Destination", "Station that receives the payload."),
    "source": ("Source", "Station that sent the payload; relays leave it as it is."),
    "role": ("Header or trailer", "0 is the header before the payload, 1 the trailer after it."),
    "payload_duration_us": ("Payload duration", "How long the output port must stay open for the qubits."),
    "memory_time_us": (
        "Time in memory",
        "Time the payload has spent in memories so far; each relay adds its own.",
    ),
    "cutoff_us": ("Cut-off time", "A relay drops the frame once its time in memory passes this."),
    "error_correction": ("Error correction", "Protocol that protects the payload."),
    "guard_us": ("Guard time", "Header departure to payload departure; each relay leaves less of it."),
    "encoding": ("Encoding", "Degree of freedom of light that carries the qubits."),
    "application": ("Application", "What the qubits are for."),
    "n_qubits": ("Qubits", "Qubits in the payload."),
    "spacing_us": ("Qubit spacing", "Time from one qubit to the next."),
    "wavelength_nm": ("Wavelength", "Vacuum wavelength of the payload."),
    "frame_id": ("Frame number", "Shared by header and trailer, and kept by a retransmission."),
    "attempt": ("Attempt", "1 on the first sending, one more at each retransmission."),
    "payload_info.version": ("Version", "Version of this structure."),
    "payload_info.flags": ("Stated", "One bit for each field of this structure that is stated."),
    "payload_info.reserved": ("Reserved", "Zero; kept for a later version."),
    "chassis_id": (
        "Chassis ID",
        "LLDP's name of the sending device: subtype, then its MAC address unless set.",
    ),
    "port_id": ("Port ID", "LLDP's name of the sending port: subtype, then its name."),
    "ttl": ("Time to live", "Seconds an LLDP neighbour remembers the sender."),
}
_UNITS: Final = {"_us": " µs", "_nm": " nm"}
_ETHERTYPE_MEANING: Final = {
    "paper": "Table I of the paper under an EtherType for local experiments.",
    "lldp": "Link Layer Discovery Protocol: ordinary tools read this frame as LLDP.",
}
_STATION_NAMES: Final = ("", "chassis_id", "port_id", "ttl")


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
            found += _station(octets, _STATION_NAMES[type_], at, start, stop)
        elif type_ == END:
            found.append(_field(octets, "end_of_qdu", "End", at, 2, "type 0, length 0", "No TLV follows."))
        else:
            found += _tlv(frame, octets, dialect, index, (at, type_, start, stop))
    padding = spans[-1][3]
    end = len(octets) - FCS_OCTETS
    if end > padding:
        meaning = "Fills the frame to Ethernet's 64 octets."
        found.append(_field(octets, "padding", "Padding", padding, end - padding, f"{end - padding} zeros", meaning))
    check = f"0x{int.from_bytes(octets[end:], 'little'):08x}"
    meaning = "CRC-32 of all octets before it, least significant octet first."
    found.append(_field(octets, "fcs", "Frame check sequence", end, FCS_OCTETS, check, meaning))
    return found


def _field(octets: bytes, name: str, label: str, at: int, length: int, value: str, meaning: str) -> Field:
    return Field(name, label, at, length, octets[at : at + length], value, meaning)


def _parameter(frame: Frame, octets: bytes, name: str, at: int, length: int) -> Field:
    """Octets whose value is a parameter of the frame."""
    value = getattr(frame, name)
    label, meaning = _TEXTS[name]
    text = "not stated" if value is None else f"{value:.15g}" if isinstance(value, (int, float)) else value
    if value is not None:
        text += _UNITS.get(name[-3:], "")
    return _field(octets, name, label, at, length, text, meaning)


def _head(frame: Frame, octets: bytes, dialect: Dialect) -> Iterator[Field]:
    destination = _parameter(frame, octets, "destination", 0, 6)
    if not frame.crosses_bridges:
        problem = " A link-local group address: no bridge forwards this frame."
        destination = destination._replace(meaning=destination.meaning + problem)
    yield destination
    yield _parameter(frame, octets, "source", 6, 6)
    value = f"0x{octets[12:HEADER_OCTETS].hex()} ({dialect})"
    yield _field(octets, "ethertype", "EtherType", 12, 2, value, _ETHERTYPE_MEANING[dialect])


def _tlv_head(octets: bytes, name: str, span: tuple[int, int, int, int], meaning: str) -> Field:
    at, type_, start, stop = span
    return _field(octets, f"{name}.tlv", "TLV", at, 2, f"type {type_}, length {stop - start}", meaning)


def _station(octets: bytes, name: str, at: int, start: int, stop: int) -> Iterator[Field]:
    label, meaning = _TEXTS[name]
    yield _tlv_head(octets, name, (at, octets[at] >> 1, start, stop), f"LLDP TLV: {label}.")
    value = octets[start:stop]
    text = f"{int.from_bytes(value, 'big')} s" if name == "ttl" else _station_name(name, value)
    yield _field(octets, name, label, start, stop - start, text, meaning)


def _station_name(name: str, value: bytes) -> str:
    if len(value) == 7 and value[0] == {"chassis_id": 4, "port_id": 3}[name]:
        return f"subtype {value[0]}, {value[1:].hex(':')}"
    text = value[1:].decode(errors="replace")
    readable = text.isprintable() and "\ufffd" not in text
    return f"subtype {value[0]}, {text if readable else value[1:].hex(' ')}"


def _tlv(frame: Frame, octets: bytes, dialect: Dialect, index: int, span: tuple[int, int, int, int]) -> Iterator[Field]:
    """Fields of any TLV but End and LLDP's first three."""
    _, type_, start, stop = span
    key, data = tlv_key(dialect, octets, span)
    name = FIELD_OF.get(key, f"tlv[{index}]")
    title = _TITLES.get(key, "Custom TLV of an organisation" if type_ == CUSTOM else f"TLV of type {type_}")
    yield _tlv_head(octets, name, span, f"{title}.")
    if type_ == CUSTOM:
        oui, subtype = octets[start : start + 3].hex("-"), octets[start + 3]
        yield _field(octets, f"{name}.oui", "OUI", start, 3, oui, "Organisation that defines the subtype.")
        yield _field(octets, f"{name}.subtype", "Subtype", start + 3, 1, str(subtype), f"{title}.")
        data = start + 4
    if key == INFO and octets[data] <= VERSION:
        yield from _info(frame, octets, data)
    elif key in FIELD_OF and key != INFO:
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
    for name, offset, value in (
        ("payload_info.version", 0, str(octets[start])),
        ("payload_info.flags", 1, f"0b{octets[start + 1]:08b}"),
    ):
        label, meaning = _TEXTS[name]
        yield _field(octets, name, label, start + offset, 1, value, meaning)
    for _, name, offset, length in INFO_FIELDS:
        yield _parameter(frame, octets, name, start + offset, length)
    label, meaning = _TEXTS["payload_info.reserved"]
    yield _field(octets, "payload_info.reserved", label, start + 26, 2, "0", meaning)


_TITLES: Final[dict[int, str]] = {
    **{key: _TEXTS[name][0] for key, name in FIELD_OF.items() if name in _TEXTS},
    ROLE: "Header/trailer",
    INFO: "Other payload information",
    RESERVED_TLV: "A reserved TLV of Table I, carried inside LLDP",
    STATION_TLV: "A TLV of LLDP, carried inside the paper dialect",
}
