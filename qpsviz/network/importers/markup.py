"""XML from files that strangers wrote: any declared encoding, bounded sizes, and no entities."""

from __future__ import annotations

import codecs
import re
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, fromstring
from xml.parsers import expat

from qpsviz.network.importers.graph import GraphError

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_MB = 64
MAX_ELEMENTS = 1_000_000
MAX_DEPTH = 100

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
          (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))  # fmt: skip
_STARTS = ((b"<\0", "utf-16-le"), (b"\0<", "utf-16-be"))
_PACKED = ((b"\x1f\x8b", "gzip"), (b"PK\x03\x04", "ZIP"))
# Encodings of Python's own, for host names and source code, that no file is in.
_NOT_OF_FILES = {"undefined", "punycode", "idna", "unicode-escape", "raw-unicode-escape"}
_DECLARED = re.compile(rb"\s*<\?xml[^>]*?\bencoding\s*=\s*[\"']([A-Za-z][\w.:-]*)[\"']")


def read_root(path: Path) -> Element:
    """The root element of an XML file.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    Element
        Its root.

    Raises
    ------
    GraphError
        If the file is too large, is not text in the encoding it declares, declares entities, or is not XML.
    OSError
        If it cannot be opened.

    Notes
    -----
    An entity can stand for a whole other file or grow without end, and no graph needs one, so a file that
    declares any is refused before any is used. A plain DOCTYPE line is allowed; nothing is ever fetched for it.
    """
    text = read_text(path)
    _check(path.name, text)
    return fromstring(text)


def _check(source: str, text: str) -> None:
    """Walk the markup once without building anything: well-formed, no entities, not too large or too deep."""
    n_elements = depth = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal n_elements, depth
        n_elements, depth = n_elements + 1, depth + 1
        if n_elements > MAX_ELEMENTS or depth > MAX_DEPTH:
            what = f"{MAX_ELEMENTS:,} elements" if n_elements > MAX_ELEMENTS else f"{MAX_DEPTH} levels of elements"
            raise GraphError(source, "the file", f"holds more than {what}")

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1

    def entity(*declared: object) -> None:
        raise GraphError(source, f"the entity {declared[0]!r}", "is declared, but entities are not read; write it out")

    parser = expat.ParserCreate(namespace_separator="}")
    parser.StartElementHandler, parser.EndElementHandler, parser.EntityDeclHandler = start, end, entity
    try:
        parser.Parse(text, True)
    except expat.ExpatError as error:
        place = f"line {error.lineno}, column {error.offset + 1}"
        raise GraphError(source, place, f"is not XML ({expat.ErrorString(error.code)})") from None


def read_text(path: Path) -> str:
    """The characters of a file, by its byte order mark or the encoding that XML declares; UTF-8 where it has neither.

    Raises
    ------
    GraphError
        If it is too large, packed, or not text in that encoding.
    OSError
        If it cannot be opened.
    """
    with path.open("rb") as file:
        octets = file.read(MAX_MB * 2**20 + 1)
    if len(octets) > MAX_MB * 2**20:
        raise GraphError(path.name, "the file", f"is larger than {MAX_MB} MB")
    for start, packer in _PACKED:
        if octets.startswith(start):
            raise GraphError(path.name, "the file", f"is packed ({packer}); unpack it first")
    encoding = _encoding(octets)
    try:
        if codecs.lookup(encoding).name in _NOT_OF_FILES:
            raise LookupError
        text = octets.decode(encoding)
        text.encode("utf-8")  # refuses halves of characters, which some decoders let through
        return text
    except LookupError:
        raise GraphError(path.name, "the first line", f"declares the unknown encoding {encoding!r}") from None
    except UnicodeError as error:
        place = f"octet {error.start}" if isinstance(error, UnicodeDecodeError) else "the file"
        raise GraphError(path.name, place, f"is not text in the encoding {encoding!r}") from None


def _encoding(octets: bytes) -> str:
    for start, encoding in (*_MARKS, *_STARTS):
        if octets.startswith(start):
            return encoding
    declared = _DECLARED.match(octets)
    encoding = declared.group(1).decode("ascii").lower() if declared else "utf-8"
    # A declaration that could be read octet by octet is not in 16 or 32 bits, whatever it says: some writers copy
    # the word from a text in memory.
    return "utf-8" if encoding.startswith(("utf-16", "utf16", "utf-32", "utf32", "ucs-", "iso-10646-ucs")) else encoding


def local(name: str) -> str:
    """An element's or attribute's name without its namespace."""
    return name.rsplit("}", 1)[-1]


def children(element: Element, name: str) -> Iterator[Element]:
    """The direct children of a name, in whatever namespace."""
    return (child for child in element if local(child.tag) == name)


def inside(element: Element, name: str) -> Iterator[Element]:
    """Everything of a name within an element, in whatever namespace."""
    return (child for child in element.iter() if local(child.tag) == name)
