"""A digest of everything that a simulated point depends on: equal digests, equal numbers."""

from __future__ import annotations

import dataclasses
import enum
import hashlib
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import numpy as np

from qpsviz.errors import ParameterError
from qpsviz.units.checks import in_short

ROOMS = ("__init__.py", "errors.py", "network", "noise", "protocols", "scenario", "sim", "switch", "table.py", "units")
"""What decides what a simulation gives, the version included; a test compares it with what one loads."""


@cache
def code_digest() -> str:
    """What changes with the version of the package, and with any line of code that a simulation runs through."""
    root, found = Path(__file__).parents[1], hashlib.sha256()
    files = (f for room in ROOMS for f in (root / room, *sorted((root / room).rglob("*.py"))) if f.suffix == ".py")
    for file in files:
        found.update(file.relative_to(root).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    return found.hexdigest()


def digest(value: object) -> str:
    """Digest of a value by what it says: data classes, arrays, numbers, texts, and lists and mappings of them.

    Raises
    ------
    ParameterError
        If it is, or holds, something whose content is not known.

    Examples
    --------
    >>> digest([1, 2.0]) == digest((1, 2.0)), digest(1) == digest(1.0)
    (True, False)
    """
    return hashlib.sha256(json.dumps(_plain(value), sort_keys=True).encode()).hexdigest()


def _plain(value: object) -> object:
    """The value as lists and texts, each with the kind that it is of."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        inside = {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
        return [type(value).__name__, inside]
    if isinstance(value, np.ndarray) and value.dtype.kind in "biuf":
        return [value.dtype.str, value.shape, hashlib.sha256(np.ascontiguousarray(value).tobytes()).hexdigest()]
    if isinstance(value, (np.generic, np.ndarray)):
        return _plain(value.tolist())
    if isinstance(value, enum.Enum):
        return [type(value).__name__, value.name]
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, float):
        return ["float", value.hex()]
    if isinstance(value, Mapping):
        return ["mapping", {str(key): _plain(inside) for key, inside in value.items()}]
    if isinstance(value, (list, tuple, range)):
        return ["list", [_plain(inside) for inside in value]]
    raise ParameterError("grid", f"{in_short(value)} is no part of a grid whose points can be kept: use plain data")
