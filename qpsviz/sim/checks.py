"""Checks of single arguments, each naming the argument, its value and its range."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from qpsviz.parameter import ParameterError


def whole(name: str, value: Any, lo: int) -> int:
    """``value`` as a whole number of at least ``lo``.

    Raises
    ------
    ParameterError
        Naming parameter, value and range.
    """
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < lo:
        raise ParameterError(name, f"{name} = {value!r} must be a whole number of at least {lo}")
    return int(value)


def number(name: str, value: Any, *, lo: float = -math.inf, open_lo: bool = False) -> float:
    """``value`` as a finite number of at least ``lo``, or above it where ``open_lo``.

    Raises
    ------
    ParameterError
        Naming parameter, value and range.
    """
    good = not isinstance(value, (bool, str)) and isinstance(value, (int, float, np.number)) and math.isfinite(value)
    if not good or value < lo or (open_lo and value == lo):
        bound = f" {'above' if open_lo else 'of at least'} {lo:g}" if lo > -math.inf else ""
        raise ParameterError(name, f"{name} = {value!r} must be a number{bound}")
    return float(value)
