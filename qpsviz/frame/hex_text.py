"""Octets from whatever a person pastes: bare hex, separated hex, or the lines of a packet dump."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

MAX_CHARACTERS: Final = 20_000
OCTETS_PER_LINE: Final = 16

_PREFIX = re.compile(r"[ \t]*(?:0[xX])?([0-9A-Fa-f]{3,8})(?::[ \t]*|[ \t]{2,}|\t)(?=[0-9A-Fa-f]{2})")
_DUMPED = re.compile(r"([0-9A-Fa-f]{2,8})([ \t]*)")
_TOKEN = re.compile(r"(?:0[xX]|\\x)?([0-9A-Za-z]+)|(\S)")
_SEPARATORS: Final = frozenset(",;:.-_|\"'")
_HEX: Final = frozenset("0123456789abcdefABCDEF")


class HexError(ValueError):
    """A text that is not octets.

    Parameters
    ----------
    problem : str
        What is wrong, with line and character as people count them.
    at : int
        Index of the character in the text.
    octets : bytes
        What was read before it.
    """

    def __init__(self, problem: str, at: int, octets: bytes) -> None:
        super().__init__(problem, at, octets)
        self.problem = problem
        self.at = at
        self.octets = octets

    def __str__(self) -> str:
        return self.problem


def read_hex(text: str, *, max_characters: int = MAX_CHARACTERS) -> bytes:
    r"""Octets of a pasted text, in time linear in its length.

    Parameters
    ----------
    text : str
        Hex with or without separators (``0200``, ``02 00``, ``02:00``, ``0x02, 0x00``), or the lines that ``tcpdump
        -xx``, ``xxd``, ``hexdump -C`` and Wireshark print: offset, octets and their text.
    max_characters : int
        Longest text that is read.

    Returns
    -------
    bytes
        The octets; none for an empty text.

    Raises
    ------
    HexError
        If the text is longer than that, or something in it is neither octet nor separator.

    Examples
    --------
    >>> read_hex("02 00:0x00,0002").hex(" ")
    '02 00 00 00 02'
    >>> read_hex("\t0x0000:  0200 0000 0002 0200 0000 0001 88b5 0201  ................\n\t0x0010:  0004 08  ...").hex()
    '02000000000202000000000188b50201000408'
    """
    if len(text) > max_characters:
        raise HexError(f"{len(text)} characters; at most {max_characters} are read", max_characters, b"")
    dumped = _read_dump(text)
    return _read_plain(text) if dumped is None else dumped


def _lines(text: str) -> Iterator[tuple[int, str]]:
    start = 0
    for line in text.splitlines(keepends=True):
        yield start, line.rstrip("\r\n")
        start += len(line)


def _read_dump(text: str) -> bytes | None:
    """Octets of a packet dump, whose offsets must count up; None when the text is no dump."""
    octets = bytearray()
    for start, line in _lines(text):
        match = _PREFIX.match(line)
        if match is None:
            continue  # the line of time and addresses above a packet
        offset = int(match[1], 16)
        if offset != len(octets):
            if not octets:
                return None
            if offset == 0:
                raise HexError(f"{_place(text, start)}: a second packet starts here", start, bytes(octets))
            problem = f"{_place(text, start)}: offset {offset}, but {len(octets)} octets came before"
            raise HexError(problem, start, bytes(octets))
        octets += _dumped_octets(line, match.end())
    return bytes(octets) or None


def _dumped_octets(line: str, at: int) -> bytes:
    """Octets of one line, which end at a gap, at a bar or after sixteen."""
    octets = bytearray()
    while match := _DUMPED.match(line, at):
        digits, gap = match.groups()
        if len(digits) % 2 or len(octets) + len(digits) // 2 > OCTETS_PER_LINE:
            break
        octets += bytes.fromhex(digits)
        at = match.end()
        halfway = len(octets) == OCTETS_PER_LINE // 2 and len(digits) == 2
        if gap not in (" ", "  " if halfway else " "):
            break
    return bytes(octets)


def _read_plain(text: str) -> bytes:
    octets = bytearray()
    for match in _TOKEN.finditer(text):
        digits, sign = match.groups()
        if sign is not None:
            if sign not in _SEPARATORS:
                raise HexError(
                    f"{_place(text, match.start())}: {sign!r} is not hexadecimal", match.start(), bytes(octets)
                )
            continue
        wrong = next((i for i, digit in enumerate(digits) if digit not in _HEX), None)
        if wrong is not None:
            octets += bytes.fromhex(digits[: wrong - wrong % 2])
            at = match.start(1) + wrong
            raise HexError(f"{_place(text, at)}: {digits[wrong]!r} is not a hexadecimal digit", at, bytes(octets))
        octets += bytes.fromhex(digits[: len(digits) - len(digits) % 2])
        if len(digits) % 2:
            at = match.end() - 1
            raise HexError(f"{_place(text, at)}: {digits[-1]!r} is half an octet", at, bytes(octets))
    return bytes(octets)


def _place(text: str, at: int) -> str:
    """Line and character, counted from 1."""
    line = text.count("\n", 0, at) + 1
    return f"line {line}, character {at - text.rfind(chr(10), 0, at)}"
