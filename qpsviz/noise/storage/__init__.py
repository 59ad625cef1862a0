"""Where a payload waits inside a switch: a memory that decoheres, or fibre that erases; one module for each.

A module of this room that has ``KINDS`` is offered as choices of the parameter ``storage``.
"""

from __future__ import annotations

import importlib
import pkgutil

from qpsviz.errors import ParameterError, nearest
from qpsviz.noise.storage.base import Kind, Parameters, Storage
from qpsviz.noise.storage.delay_line import DelayLine
from qpsviz.noise.storage.memory import T1T2Memory
from qpsviz.noise.storage.recirculating import RecirculatingLoop, whole_turns_us

__all__ = [
    "KINDS", "STORAGES", "DelayLine", "Kind", "RecirculatingLoop", "Storage", "T1T2Memory", "kind_of", "storage_of",
    "whole_turns_us",
]  # fmt: skip


def _offered() -> tuple[Kind, ...]:
    """Kinds of all modules: what the paper has first, then what is standard, then what is ours."""
    modules = [importlib.import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__)]
    kinds = [kind for module in modules for kind in getattr(module, "KINDS", ())]
    return tuple(sorted(kinds, key=lambda kind: ("paper", "standard", "ours").index(kind.type.claim)))


KINDS = _offered()
STORAGES = tuple(kind.word for kind in KINDS)
_BY_WORD = {kind.word: kind for kind in KINDS}


def kind_of(word: str) -> Kind:
    """The kind of storage that a word names.

    Raises
    ------
    ParameterError
        If there is none.
    """
    if word not in _BY_WORD:
        words = f"{', '.join(STORAGES)}{nearest(word, STORAGES)}"
        raise ParameterError("storage", f"storage = {word!r} must be one of {words}")
    return _BY_WORD[word]


def storage_of(values: Parameters) -> Storage:
    """The storage that flat parameter values describe.

    Parameters
    ----------
    values : Parameters
        Such as :meth:`qpsviz.Scenario.values`.

    Returns
    -------
    Storage
        Of arrays, if the values are.

    Raises
    ------
    ValueError
        If the word is unknown or a number out of range.
    """
    return kind_of(values.storage).make(values)
