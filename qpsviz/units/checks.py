"""Checks of single arguments, each naming the argument, its value and its range."""

from __future__ import annotations

import contextlib
import math
import reprlib
from collections.abc import Collection

import numpy as np

from qpsviz.errors import ParameterError
from qpsviz.units.conversion import Column


def in_short(value: object) -> str:
    """A value as Python writes it, in a few dozen characters."""
    try:
        return reprlib.repr(value)
    except ValueError:  # an integer too long to be written out
        return f"an enormous {type(value).__name__}"


def whole(name: str, value: object, lo: int) -> int:
    """``value`` as a whole number of at least ``lo``.

    Raises
    ------
    ParameterError
        Naming parameter, value and range.
    """
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < lo:
        raise ParameterError(name, f"{name} = {in_short(value)} must be a whole number of at least {lo}")
    return int(value)


def one_of(name: str, value: object, words: Collection[str]) -> str:
    """``value`` where it is one of the words.

    Raises
    ------
    ParameterError
        Naming parameter, value and words.
    """
    if not isinstance(value, str) or value not in words:
        raise ParameterError(name, f"{name} = {in_short(value)} is not one of {', '.join(words)}")
    return value


def truth(name: str, value: object) -> bool:
    """``value`` where it is true or false.

    Raises
    ------
    ParameterError
        Naming parameter and value.
    """
    if not isinstance(value, (bool, np.bool_)):
        raise ParameterError(name, f"{name} = {in_short(value)} must be true or false")
    return bool(value)


def number(
    name: str, value: object, *, lo: float = -math.inf, hi: float = math.inf, open_lo: bool = False,
    open_hi: bool = False,
) -> float:  # fmt: skip
    """``value`` as a finite number of ``lo`` to ``hi``, above ``lo`` where ``open_lo`` and below ``hi`` likewise.

    Raises
    ------
    ParameterError
        Naming parameter, value and range.
    """
    amount = math.nan
    if isinstance(value, (int, float, np.number)) and not isinstance(value, (bool, np.complexfloating)):
        with contextlib.suppress(OverflowError):  # an integer beyond every float
            amount = float(value)
    if not math.isfinite(amount) or not lo <= amount <= hi or (open_lo and amount == lo) or (open_hi and amount == hi):
        bound = f" {'above' if open_lo else 'of at least'} {lo:g}" if lo > -math.inf else ""
        most = f"{' and' if bound else ''} {'below' if open_hi else 'at most'} {hi:g}" if hi < math.inf else ""
        raise ParameterError(name, f"{name} = {in_short(value)} must be a number{bound}{most}")
    return amount


def numbers(name: str, values: object) -> Column:
    """``values`` as an array, where they are numbers in a list or in lists of one length.

    Raises
    ------
    ParameterError
        Naming parameter and value.
    """
    try:
        found: Column = np.asarray(values)
    except ValueError:  # lists of several lengths
        found = np.empty(1, dtype=object)
    if found.ndim == 0 or found.dtype.kind not in "iuf":
        raise ParameterError(name, f"{name} = {in_short(values)} must be a list of numbers")
    return found
