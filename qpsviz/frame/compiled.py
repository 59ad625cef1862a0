"""The functions that run for every frame, written from the table of fields as source text and compiled at import.

They are what one would write by hand for these fields, and as quick; a loop over the table takes twice as long.
``print(encoder_source("paper"))`` shows the one that writes, ``info_reader_source()`` one that reads.
A codec contributes two expressions (`Number`) or two functions (`Text`).
"""

from __future__ import annotations

from collections.abc import Callable
from struct import Struct
from typing import TYPE_CHECKING, Any, Final

from qpsviz.frame.codecs import Head, Number, Read, Text
from qpsviz.frame.error import FrameError
from qpsviz.frame.fields import FIELDS, INFO_CODECS, INFO_FIELDS, TLV_FIELDS, FrameField
from qpsviz.frame.numbers import (
    CUSTOM,
    ETHERTYPES,
    INFO,
    INFO_HEAD_OCTETS,
    INFO_OCTETS,
    LAST_OF_TABLE_I,
    OUI,
    VERSION,
    Dialect,
)

if TYPE_CHECKING:
    from qpsviz.frame.model import Frame

Encode = Callable[["Frame", list[bytes]], None]  # appends the octets of all fields

#: First octet after the last field of the other payload information: from here to its end all is zero.
RESERVED_AT: Final = INFO_HEAD_OCTETS + sum(codec.n_octets for codec in INFO_CODECS)
_INDENT: Final = "\n    "
_ALL: Final = sum(field.flag for field in INFO_FIELDS)
_ZEROS: Final = bytes(INFO_OCTETS - RESERVED_AT)
_NUMBERS: Final = "".join(codec.letter for codec in INFO_CODECS)
_NAMES: Final = ", ".join(f"{field.name}_" for field in INFO_FIELDS)  # the underscore keeps them apart from the rest


def head(dialect: Dialect, type_: int) -> Head:
    """What precedes the value of a field: type and length, and in a TLV 127 OUI and subtype."""
    if dialect == "paper" and type_ <= LAST_OF_TABLE_I:
        return lambda n_octets: (type_ << 9 | n_octets).to_bytes(2, "big")
    name = OUI + bytes((type_,))
    return lambda n_octets: (CUSTOM << 9 | (n_octets + len(name))).to_bytes(2, "big") + name


def checker_source() -> str:
    """Source of the function that refuses a frame with a value that cannot be written."""
    lines = [_if_stated(field, f"check_{field.name}({field.name!r}, frame.{field.name})") for field in FIELDS]
    return _INDENT.join(["def check(frame):", *(line for pair in lines for line in pair)]) + "\n"


def _if_stated(field: FrameField, line: str) -> list[str]:
    """A line that runs where a field is stated."""
    if field.mandatory:
        return [line]
    return [f"if frame.{field.name} {'!= inf' if field.is_endless else 'is not None'}:", f"    {line}"]


def encoder_source(dialect: Dialect) -> str:
    """Source of the function that appends the octets of all fields, in wire order."""
    before = [line for field in TLV_FIELDS if field.type < INFO for line in _write_tlv(field, dialect)]
    after = [line for field in TLV_FIELDS if field.type > INFO for line in _write_tlv(field, dialect)]
    return _INDENT.join(["def encode(frame, parts):", *before, *_write_info(dialect), *after]) + "\n"


def _write_tlv(field: FrameField, dialect: Dialect) -> list[str]:
    value = f"frame.{field.name}"
    if isinstance(field.codec, Text):
        write = f"parts.append(write_{dialect}_{field.name}({value}))"
    elif field.codec.n_octets == 1:
        write = f"parts.append(octets_{dialect}_{field.name}[{_number(field.codec, field.name, value)}])"
    else:
        before = head(dialect, field.type)(field.codec.n_octets)
        pack = f"pack_{len(before)}{field.codec.letter}"
        write = f"parts.append({pack}({before!r}, {_number(field.codec, field.name, value)}))"
    return _if_stated(field, write)


def _write_info(dialect: Dialect) -> list[str]:
    lines = [f"flags = {_NAMES.replace(', ', ' = ')} = 0"]
    for field, codec in zip(INFO_FIELDS, INFO_CODECS, strict=True):
        number = _number(codec, field.name, f"frame.{field.name}")
        lines += [f"if frame.{field.name} is not None:", f"    flags += {field.flag}", f"    {field.name}_ = {number}"]
    before = head(dialect, INFO)(INFO_OCTETS)
    write = f"parts += ({before!r}, pack_info({VERSION}, flags, {_NAMES}, {_ZEROS!r}))"
    return [*lines, "if flags:", f"    {write}"]


def reader_source(field: FrameField, codec: Number) -> str:
    """Source of the function that reads the value of a TLV that holds one number."""
    n_octets, name = codec.n_octets, field.name
    read = f"{name}_ = octets[start]" if n_octets == 1 else f"({name}_,) = unpack_{codec.letter}(octets, start)"
    return f"""
def read(values, octets, at, start, stop):
    if stop - start != {n_octets}:
        raise FrameError({name!r}, f"length out of range: {{stop - start}} octets, not {n_octets}", at)
    {read}
    {_check_range(codec, name, "start")}
    values[{name!r}] = {_value(codec, name)}
"""


def info_reader_source() -> str:
    """Source of the function that reads version 1 of the other payload information."""
    lines = []
    for field, codec in zip(INFO_FIELDS, INFO_CODECS, strict=True):
        check = _check_range(codec, field.name, f"start + {field.offset}")
        value = f"values[{field.name!r}] = {_value(codec, field.name)}"
        lines += [f"if flags & {field.flag}:", *(f"    {line}" for line in (check, value) if line)]
    is_unstated = " or ".join(f"{field.name}_ and not flags & {field.flag}" for field in INFO_FIELDS)
    return f"""
def read(values, octets, at, start, stop):
    if stop - start != {INFO_OCTETS}:
        raise FrameError("payload_info", f"version {VERSION} has {INFO_OCTETS} octets, not {{stop - start}}", at)
    version, flags, {_NAMES}, zeros = unpack_info(octets, start)
    if version != {VERSION} or zeros != {_ZEROS!r} or not 0 < flags <= {_ALL}:
        refuse(version, flags, start)
    if flags != {_ALL} and ({is_unstated}):
        refuse_unstated(({_NAMES},), flags, start)
    {_INDENT.join(lines)}
"""


def _number(codec: Number, name: str, value: str) -> str:
    return codec.as_number.format(x=value, codec=f"codec_{name}")


def _value(codec: Number, name: str) -> str:
    return codec.as_value.format(x=f"{name}_", codec=f"codec_{name}")


def _check_range(codec: Number, name: str, offset: str) -> str:
    """Lines that refuse a number out of range; none where the octets cannot hold one."""
    if not codec.is_narrow:
        return ""
    fault = f"FrameError({name!r}, codec_{name}.fault({name}_), {offset})"
    wrong = f"{name}_ > {codec.hi}" if not codec.lo else f"not {codec.lo} <= {name}_ <= {codec.hi}"
    return f"if {wrong}: raise {fault}"


def _refuse(version: int, flags: int, start: int) -> None:
    if version != VERSION:
        raise FrameError("payload_info.version", f"{version} is not {VERSION}", start)
    if flags > _ALL:
        unknown = flags & ~_ALL
        raise FrameError("payload_info.flags", f"0x{flags:02x} sets the reserved flag 0x{unknown:02x}", start + 1)
    if not flags:
        raise FrameError("payload_info.flags", "0x00 states nothing; leave the TLV out", start + 1)
    raise FrameError("payload_info.reserved", "reserved octets are not zero", start + RESERVED_AT)


def _refuse_unstated(numbers: tuple[int, ...], flags: int, start: int) -> None:
    for number, field in zip(numbers, INFO_FIELDS, strict=True):
        if number and not flags & field.flag:
            problem = f"not zero although flag 0x{field.flag:02x} says it is not stated"
            raise FrameError(field.name, problem, start + field.offset)


def _names() -> dict[str, object]:
    """What the compiled functions call."""
    info = Struct(f"!BB{_NUMBERS}{len(_ZEROS)}s")
    names: dict[str, object] = {"FrameError": FrameError, "inf": float("inf"), "refuse": _refuse}
    names |= {"refuse_unstated": _refuse_unstated, "pack_info": info.pack, "unpack_info": info.unpack_from}
    for field in (*TLV_FIELDS, *INFO_FIELDS):
        names[f"codec_{field.name}"] = field.codec
        names[f"check_{field.name}"] = field.codec.check
        for dialect in ETHERTYPES.values():
            before = head(dialect, field.type)
            if isinstance(field.codec, Text):
                names[f"write_{dialect}_{field.name}"] = field.codec.writer(before)
            elif field.codec.n_octets == 1 and not field.flag:
                octets = [before(1) + bytes((number,)) for number in range(field.codec.hi + 1)]
                names[f"octets_{dialect}_{field.name}"] = octets
            else:
                letter, n_before = field.codec.letter, len(before(0))
                names[f"pack_{n_before}{letter}"] = Struct(f"!{n_before}s{letter}").pack
                names[f"unpack_{letter}"] = Struct("!" + letter).unpack_from
    return names


def _compiled(source: str, name: str) -> Any:
    made = dict(_NAMESPACE)
    exec(compile(source, __file__, "exec"), made)
    return made[name]


_NAMESPACE: Final = _names()
#: Refuses a frame with a value that cannot be written.
CHECK: Final[Callable[[Frame], None]] = _compiled(checker_source(), "check")
#: How each dialect writes all fields.
ENCODE: Final[dict[str, Encode]] = {
    dialect: _compiled(encoder_source(dialect), "encode") for dialect in ETHERTYPES.values()
}
#: How the value of each TLV that is a field is read.
READERS: Final[dict[int, Read]] = {INFO: _compiled(info_reader_source(), "read")}
READERS.update(
    (field.type, field.codec.reader(field.name))
    if isinstance(field.codec, Text)
    else (field.type, _compiled(reader_source(field, field.codec), "read"))
    for field in TLV_FIELDS
)
