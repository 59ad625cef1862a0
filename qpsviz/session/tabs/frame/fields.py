"""Fields of a frame as the page lists, colours and edits them."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any, Final

from qpsviz.frame import APPLICATIONS, ENCODINGS, Frame, FrameError
from qpsviz.frame.describe import Field, describe
from qpsviz.frame.info import INFO_FIELDS
from qpsviz.frame.tlv import Dialect
from qpsviz.units import parse_quantity

MAX_TEXT: Final = 200

#: Kinds of octets and what each is called; the page gives every kind a colour and an outline of its own.
KINDS: Final[dict[str, str]] = {
    "address": "addresses",
    "ethertype": "EtherType",
    "lldp": "LLDP's own TLVs",
    "mandatory": "mandatory TLV",
    "optional": "optional TLV",
    "end": "end and padding",
    "fcs": "check sequence",
}
_KIND_OF: Final[dict[str, str]] = {
    "destination": "address",
    "source": "address",
    "ethertype": "ethertype",
    "chassis_id": "lldp",
    "port_id": "lldp",
    "ttl": "lldp",
    "role": "mandatory",
    "payload_duration_us": "mandatory",
    "end_of_qdu": "end",
    "padding": "end",
    "fcs": "fcs",
}

#: What the paper leaves open or cannot mean, field by field.
_NOTES: Final[dict[str, str]] = {
    "ethertype": "Assumption: Table I says “TBD”.",
    "role": "Assumption: the paper asks for a binary value; 0 is the header.",
    "role.tlv": "Deviation: Table I gives a value “0–255 bits”; a 9-bit length counts up to 511 octets.",
    "payload_duration_us": "Assumption: the paper names no resolution; ours is whole picoseconds.",
    "payload_info.tlv": "Assumption: the paper names this TLV and gives it no content; all of it is ours.",
    "memory_time_us": "Assumption: the sum over all relays so far.",
    "cutoff_us": "Assumption: the paper wants it carried but gives it no type.",
    "error_correction": "Assumption: the paper wants it carried but gives it no type.",
    "guard_us": "Assumption: ours; a burst switch must know when the qubits follow.",
    "frame_id": "Assumption: ours; as in the run's frame table, counted from 0.",
    "chassis_id": "Assumption: the paper names no chassis; ours is the source.",
    "port_id": "Assumption: the paper names no port.",
    "ttl": "Assumption: the shortest that does not mean “shut down”.",
}

_WHOLE: Final = ("n_qubits", "frame_id", "attempt")
_UNITS: Final = {"wavelength_nm": "nm"}
_MANDATORY: Final = ("destination", "source", "role", "payload_duration_us")
_OPTIONAL: Final[dict[str, tuple[str, str]]] = {
    "memory_time_us": ("Time in memory", "Time the payload has spent in memories so far."),
    "cutoff_us": ("Cut-off time", "A relay drops the frame once its time in memory passes this."),
    "error_correction": ("Error correction", "Protocol that protects the payload."),
    "guard_us": ("Guard time", "Header departure to payload departure."),
    "n_qubits": ("Qubits", "Qubits in the payload; states the other payload information."),
}
EDITABLE: Final = (*_MANDATORY, *_OPTIONAL, *(name for _, name, _, _ in INFO_FIELDS if name != "n_qubits"))

#: Values to pick from, for the fields that have names for them.
CHOICES: Final[dict[str, list[str]]] = {
    "role": ["header", "trailer"],
    "dialect": ["paper", "lldp"],
    "encoding": [name for name in ENCODINGS if not name.startswith("code-")],
    "application": [name for name in APPLICATIONS if not name.startswith("code-")],
}
SUGGESTIONS: Final[dict[str, list[str]]] = {
    "error_correction": ["[[5,1,3]]", "[[7,1,3]]", "surface-17"],
    "destination": ["01:80:c2:00:00:0e"],
}


def page_fields(octets: bytes) -> list[dict[str, Any]]:
    """Every field of a frame as the page lists it; every octet belongs to exactly one.

    Parameters
    ----------
    octets : bytes
        A valid frame.

    Returns
    -------
    list of dict
        Name, label, first octet, number of octets, value, meaning, note, kind, part (``"head"`` for type and
        length) and the parameter that can be edited there, or "".
    """
    return [_page_field(field) for field in describe(octets)]


def _page_field(field: Field) -> dict[str, Any]:
    base, _, part = field.name.partition(".")
    is_value = not part or base == "payload_info"
    return {
        "name": field.name,
        "label": field.label,
        "offset": field.offset,
        "length": field.length,
        "value": field.value,
        "meaning": field.meaning,
        "note": _NOTES.get(field.name, ""),
        "kind": _KIND_OF.get(base, "optional"),
        "part": "head" if part in ("tlv", "oui", "subtype", "type") else "",
        "edit": _edit_name(field.name) if is_value else "",
    }


_TABLE_I: Final = ("End of QDU", "Header/trailer", "Payload duration", "Other payload information", "Time in memory")
_LLDP: Final = ("End of LLDPDU", "Chassis ID", "Port ID", "Time to live")


def partial_fields(octets: bytes) -> list[dict[str, Any]]:
    """What can be told of octets that are no valid frame: addresses, EtherType, and types and lengths of TLVs.

    Parameters
    ----------
    octets : bytes
        Anything.

    Returns
    -------
    list of dict
        As `page_fields`, without overlap, as far as the TLVs reach; nothing there can be edited.
    """
    ethertype = octets[12:14].hex()
    titles = {"88b5": _TABLE_I, "88cc": _LLDP}.get(ethertype)
    found = [
        _raw("destination", "Destination", octets, 0, 6, octets[:6].hex(":")),
        _raw("source", "Source", octets, 6, 6, octets[6:12].hex(":")),
        _raw("ethertype", "EtherType", octets, 12, 2, f"0x{ethertype}"),
    ]
    at, end = 14, len(octets) - 4
    while titles and at + 2 <= end:
        type_, length = octets[at] >> 1, (octets[at] & 1) << 8 | octets[at + 1]
        if at + 2 + length > end:
            break
        title = titles[type_] if type_ < len(titles) else "Custom TLV" if type_ == 127 else "Reserved TLV"
        value = f"type {type_}, length {length}"
        if length:
            value += f": {octets[at + 2 : at + 2 + min(length, 12)].hex(' ')}{' …' if length > 12 else ''}"
        found.append(_raw(f"raw[{at}]", title, octets, at, 2 + length, value))
        at += 2 + length
        if not type_:
            break
    return [field for field in found if field["length"]]


def _raw(name: str, label: str, octets: bytes, at: int, length: int, value: str) -> dict[str, Any]:
    kind = _KIND_OF.get(name, "end" if label.startswith("End") else "lldp" if label in _LLDP else "optional")
    kind = "mandatory" if label in _TABLE_I[1:3] else kind
    length = max(0, min(length, len(octets) - at))
    known = {"name": name, "label": label, "offset": at, "length": length, "value": value, "kind": kind}
    return known | {"meaning": "", "note": "", "part": "", "edit": ""}


def _edit_name(name: str) -> str:
    """What a change of this field is called; the EtherType says the dialect."""
    if name == "ethertype":
        return "dialect"
    return name if name in EDITABLE else ""


def absent_fields(frame: Frame) -> list[dict[str, str]]:
    """Optional fields that take no octet now, so that the page can offer to add them."""
    absent = []
    for name, (label, meaning) in _OPTIONAL.items():
        value = getattr(frame, name)
        if name == "n_qubits":
            value = next((v for _, n, _, _ in INFO_FIELDS if (v := getattr(frame, n)) is not None), None)
        if value is None or value == math.inf:
            absent.append({"name": name, "label": label, "meaning": meaning, "note": _NOTES.get(name, "")})
    return absent


def edited(frame: Frame, name: str, text: str) -> Frame:
    """A frame with one field as a person typed it.

    Parameters
    ----------
    frame : Frame
        The frame before.
    name : str
        A name of :data:`EDITABLE`.
    text : str
        The new value, with or without a unit; empty for "not stated".

    Returns
    -------
    Frame
        The frame after.

    Raises
    ------
    FrameError
        Names the field and what is wrong; ``problem`` is fit for people.
    """
    if name not in EDITABLE:
        raise FrameError(name, "is no field that can be edited")
    try:
        return replace(frame, **{name: _value(name, text.strip())})
    except FrameError as error:
        raise FrameError(name, _for_people(error, name)) from None


def _value(name: str, text: str) -> Any:
    if len(text) > MAX_TEXT:
        raise FrameError(name, f"{len(text)} characters; at most {MAX_TEXT}")
    if not text or text == "not stated":
        if name in _MANDATORY:
            raise FrameError(name, "this field is mandatory")
        return math.inf if name == "cutoff_us" else None
    if name in _WHOLE:
        return _whole(name, text)
    if name.endswith(("_us", "_nm")):
        try:
            return parse_quantity(text, _UNITS.get(name, "us"))
        except ValueError as error:
            raise FrameError(name, str(error)) from None
    return text


def _whole(name: str, text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise FrameError(name, f"{text!r} is not a whole number") from None


def _for_people(error: FrameError, name: str) -> str:
    words = error.problem.removeprefix(f"{name} = ")
    return words.replace("from 0 to 1e+09 us", "from 0 to 1000 s")


def changed_octets(before: bytes, after: bytes) -> list[int]:
    """Octets of ``after`` that differ from the same octet of the same field before.

    Parameters
    ----------
    before, after : bytes
        Two valid frames.

    Returns
    -------
    list of int
        Offsets in ``after``: all octets of a field that is new or has another length.
    """
    known = {field.name: field.octets for field in describe(before)}
    changed: list[int] = []
    for field in describe(after):
        was = known.get(field.name)
        if was is None or len(was) != field.length:
            changed += range(field.offset, field.offset + field.length)
        else:
            changed += (field.offset + i for i in range(field.length) if was[i] != field.octets[i])
    return changed


def said(octets: bytes, changed: list[int]) -> str:
    """Which fields changed, and by how many octets, in a sentence."""
    counts: dict[str, int] = {}
    for field in describe(octets):
        n = sum(field.offset <= offset < field.offset + field.length for offset in changed)
        if n:
            counts[field.label] = counts.get(field.label, 0) + n
    if not counts:
        return "No octet changed."
    parts = [f"{n} in {label}" for label, n in counts.items()]
    listed = parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
    return f"{len(changed)} octets changed: {listed}." if len(changed) != 1 else f"1 octet changed: {listed}."


def dialect_of(octets: bytes) -> Dialect:
    """Dialect of a valid frame."""
    return "lldp" if octets[12:14] == b"\x88\xcc" else "paper"
