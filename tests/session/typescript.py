"""Types of messages as both languages write them, in one form that can be compared: ``Array<number> | null``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from types import NoneType, UnionType
from typing import Any, Literal, NotRequired, Union, get_args, get_origin, get_type_hints, is_typeddict

import numpy as np

NAMES: dict[Any, str] = {
    float: "number", int: "number", str: "string", bool: "boolean", NoneType: "null", object: "unknown",
    memoryview: "DataView",
}  # fmt: skip
TOKEN = re.compile(r'\s*("[^"]*"|\w+\??|[^\s\w])')
INTERFACE = re.compile(r"export interface (\w+)(?: extends ([\w, ]+))? \{(.*?)\n?\}", re.DOTALL)


def alternatives(name: str) -> list[str]:
    """What stands between the strokes of a type that are within no brackets."""
    found, depth = [""], 0
    for part in re.split(r"([<>\[\]]| \| )", name):
        depth += (part in ("<", "[")) - (part in (">", "]"))
        if part == " | " and not depth:
            found.append("")
        else:
            found[-1] += part
    return found


def union(names: Iterator[str] | list[str]) -> str:
    """Alternatives in one order, each once; those within brackets stay where they are."""
    return " | ".join(sorted({part for name in names for part in alternatives(name)}))


def of_python(declared: Any) -> str:
    """A type of Python; an array travels as ``Packed``."""
    origin, parts = get_origin(declared), get_args(declared)
    if declared in NAMES:
        return NAMES[declared]
    if is_typeddict(declared):
        return str(declared.__name__)
    if isinstance(declared, type) and issubclass(declared, StrEnum):
        return union([f'"{word}"' for word in declared])
    if origin is Literal:
        return union([f'"{part}"' if isinstance(part, str) else str(part).lower() for part in parts])
    if origin in (Union, UnionType):
        return union([of_python(part) for part in parts])
    if origin in (list, Sequence):
        return f"Array<{of_python(parts[0])}>"
    if origin in (dict, Mapping):
        return f"Record<{of_python(parts[0])}, {of_python(parts[1])}>"
    if origin is tuple:
        return f"[{', '.join(map(of_python, parts))}]"
    assert origin is np.ndarray, declared
    return "Packed"


def members_of_python(message: Any) -> dict[str, str]:
    """Members of a message with their types, a question mark behind the name of one that may be missing."""
    hints = get_type_hints(message)
    return {name + "?" * (name in message.__optional_keys__): of_python(hint) for name, hint in hints.items()}


class TypeReader:
    """Reads one type of TypeScript, as far as messages use the language."""

    def __init__(self, text: str, aliases: Mapping[str, str]) -> None:
        self.tokens, self.aliases = TOKEN.findall(text), aliases

    def take(self, wanted: str = "") -> str:
        """The next token, which must be this one where one is named."""
        token = self.tokens.pop(0)
        assert wanted in ("", token), f"{token} where {wanted} should be"
        return str(token)

    def next_is(self, *tokens: str) -> bool:
        """Whether one of these comes next; it is taken."""
        return bool(self.tokens) and self.tokens[0] in tokens and bool(self.tokens.pop(0))

    def union(self) -> str:
        """Alternatives."""
        found = [self.array()]
        while self.next_is("|"):
            found.append(self.array())
        return union(found)

    def array(self) -> str:
        """A type and any number of ``[]``."""
        found = self.single()
        while self.next_is("["):
            self.take("]")
            found = f"Array<{found}>"
        return found

    def listed(self, end: str) -> str:
        """Types up to the closing token; a name before a type in a tuple is for the reader alone."""
        found = []
        while not self.next_is(end):
            if len(self.tokens) > 1 and self.tokens[1] == ":":
                self.take()
                self.take(":")
            found.append(self.union())
            self.next_is(",")
        return ", ".join(found)

    def single(self) -> str:
        """A name, a word in quotes, a tuple, or something in parentheses."""
        if self.next_is("("):
            found = self.union()
            self.take(")")
            return found
        if self.next_is("["):
            return f"[{self.listed(']')}]"
        name = self.take()
        if self.next_is("<"):
            return f"{name}<{self.listed('>')}>"
        return TypeReader(self.aliases[name], self.aliases).union() if name in self.aliases else name


def bases(text: str) -> dict[str, list[str]]:
    """What every interface of some files extends."""
    return {name: re.findall(r"\w+", extended) for name, extended, _ in INTERFACE.findall(text)}


def interfaces(text: str) -> dict[str, dict[str, str]]:
    """Every interface of some files with its members, also those of what it extends."""
    aliases = dict(re.findall(r"^export type (\w+) = ([^;]+);", text, re.MULTILINE))
    found: dict[str, dict[str, str]] = {}
    extended = bases(text)
    for name, _, body in INTERFACE.findall(text):
        members = re.findall(r"^  (\w+\??): ([^;]+);", body, re.MULTILINE)
        found[name] = {member: TypeReader(written, aliases).union() for member, written in members}

    def whole(name: str) -> dict[str, str]:
        return {k: v for base in extended[name] for k, v in whole(base).items()} | found[name]

    return {name: whole(name) for name in found}


def differences(value: Any, declared: Any, where: str = "") -> list[str]:
    """Where a message is not what its type says; an array may still be one, or packed."""
    origin, parts = get_origin(declared), get_args(declared)
    if is_typeddict(declared):
        return _of_table(value, declared, where)
    if origin is NotRequired:
        return differences(value, parts[0], where)
    if origin in (Union, UnionType):
        found = [differences(value, part, where) for part in parts]
        return [] if [] in found else min(found, key=len)
    if origin is Literal:
        return [] if value in parts else [f"{where}: {value!r} is none of {parts}"]
    if origin in (list, Sequence, tuple):
        items = parts if origin is tuple else parts[:1] * len(value)
        good = isinstance(value, list | tuple) and len(items) == len(value)
        pairs = enumerate(zip(value, items, strict=True)) if good else ()
        return (
            []
            if good and not [d for i, (v, t) in pairs for d in differences(v, t, f"{where}[{i}]")]
            else [f"{where}: {value!r:.60} is no {declared}"]
        )
    if origin in (dict, Mapping):
        if not isinstance(value, dict):
            return [f"{where}: {value!r:.60} is no {declared}"]
        return [d for key, item in value.items() for d in differences(item, parts[1], f"{where}.{key}")]
    if origin is np.ndarray:
        return [] if isinstance(value, np.ndarray) or set(value) >= {"type", "data"} else [f"{where}: no column"]
    if declared is object:
        return []
    kinds = (int, float) if declared is float else declared
    return (
        []
        if isinstance(value, kinds) and isinstance(value, bool) <= (declared is bool)
        else [f"{where}: {value!r:.60} is no {declared.__name__}"]
    )


def _of_table(value: Any, declared: Any, where: str) -> list[str]:
    if not isinstance(value, dict):
        return [f"{where}: {value!r:.60} is no {declared.__name__}"]
    hints = get_type_hints(declared)
    missing = [f"{where}.{name} is missing" for name in declared.__required_keys__ - set(value)]
    unknown = [f"{where}.{name} is not in {declared.__name__}" for name in set(value) - set(hints)]
    inside = [d for name in set(value) & set(hints) for d in differences(value[name], hints[name], f"{where}.{name}")]
    return missing + unknown + inside
