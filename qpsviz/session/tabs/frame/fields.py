"""Fields of a frame as the page lists, colours and edits them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from qpsviz.frame import Frame, FrameError
from qpsviz.frame.describe import Field, describe
from qpsviz.frame.fields import BY_NAME, FIELDS, HEADING_OF, INFO_FIELDS, TLV_FIELDS
from qpsviz.frame.numbers import CUSTOM, END, LAST_OF_TABLE_I, Dialect
from qpsviz.frame.parts import PARTS, TLV_NOTES
from qpsviz.frame.tlv import STATION_NAMES
from qpsviz.units import parse_quantity

if TYPE_CHECKING:
    from qpsviz.frame.fields import FrameField as DeclaredField
    from qpsviz.session.protocol.frame import AbsentField, FrameField

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
_KIND_OF: Final = {
    **{name: part.kind for name, part in PARTS.items()},
    **{row.name: "mandatory" for row in FIELDS if row.mandatory},
}
_NOTES: Final = {
    **{name: part.note for name, part in PARTS.items()},
    **{f"{name}.tlv": note for name, note in TLV_NOTES.items()},
    **{row.name: row.note for row in FIELDS},
}
_ADDRESSES: Final = ("destination", "source")
EDITABLE: Final = (*_ADDRESSES, *BY_NAME)

#: Values to pick from, for the fields that have names for them.
CHOICES: Final[dict[str, list[str]]] = {
    **{row.name: list(row.codec.choices) for row in FIELDS if row.codec.choices},
    "dialect": ["paper", "lldp"],
}
SUGGESTIONS: Final[dict[str, list[str]]] = {
    **{row.name: list(row.suggestions) for row in FIELDS if row.suggestions},
    "destination": ["01:80:c2:00:00:0e"],
}


def page_fields(octets: bytes) -> list[FrameField]:
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


def _page_field(field: Field) -> FrameField:
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


_TABLE_I: Final = {
    END: "End of QDU",
    **{type_: heading for type_, heading in HEADING_OF.items() if type_ <= LAST_OF_TABLE_I},
}
_LLDP: Final = {END: "End of LLDPDU", **{type_: PARTS[name].label for type_, name in STATION_NAMES.items()}}
_MANDATORY_TITLES: Final = tuple(row.heading for row in FIELDS if row.mandatory)


def partial_fields(octets: bytes) -> list[FrameField]:
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
        title = titles.get(type_, "Custom TLV" if type_ == CUSTOM else "Reserved TLV")
        value = f"type {type_}, length {length}"
        if length:
            value += f": {octets[at + 2 : at + 2 + min(length, 12)].hex(' ')}{' …' if length > 12 else ''}"
        found.append(_raw(f"raw[{at}]", title, octets, at, 2 + length, value))
        at += 2 + length
        if not type_:
            break
    return [field for field in found if field["length"]]


def _raw(name: str, label: str, octets: bytes, at: int, length: int, value: str) -> FrameField:
    kind = _KIND_OF.get(name, "end" if label.startswith("End") else "lldp" if label in _LLDP.values() else "optional")
    kind = "mandatory" if label in _MANDATORY_TITLES else kind
    length = max(0, min(length, len(octets) - at))
    return {
        "name": name,
        "label": label,
        "offset": at,
        "length": length,
        "value": value,
        "kind": kind,
        "meaning": "",
        "note": "",
        "part": "",
        "edit": "",
    }


def _edit_name(name: str) -> str:
    """What a change of this field is called; the EtherType says the dialect."""
    if name == "ethertype":
        return "dialect"
    return name if name in EDITABLE else ""


def absent_fields(frame: Frame) -> list[AbsentField]:
    """Optional fields that take no octet now, so that the page can offer to add them.

    One stands for all of the other payload information: the field of its lowest flag.
    """
    rows = [row for row in TLV_FIELDS if not row.is_stated(getattr(frame, row.name))]
    absent = [_offer(row, _brief(row)) for row in rows]
    if not any(row.is_stated(getattr(frame, row.name)) for row in INFO_FIELDS):
        row = min(INFO_FIELDS, key=lambda row: row.flag)
        absent.append(_offer(row, f"{_brief(row)[:-1]}; states the other payload information."))
    return absent


def _brief(row: DeclaredField) -> str:
    """The meaning of a field without what follows a semicolon."""
    return row.meaning.split(";")[0].removesuffix(".") + "."


def _offer(row: DeclaredField, meaning: str) -> AbsentField:
    return {"name": row.name, "label": row.label, "meaning": meaning, "note": row.note}


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
    row = BY_NAME.get(name)
    if not text or text == "not stated":
        if row is None or row.mandatory:
            raise FrameError(name, "this field is mandatory")
        return row.absent
    if row is not None and row.codec.kind is int:
        return _whole(name, text)
    if row is not None and row.codec.kind is float:
        try:
            return parse_quantity(text, row.codec.unit)
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


def change_text(octets: bytes, changed: list[int]) -> str:
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
