"""When two times are equal: the one rule for every comparison of times, in closed forms and in the engine."""

from __future__ import annotations

import math
from typing import Any, overload

from qpsviz.units.conversion import Column, Mask

_SAME_US = 1e-9
_SAME_SHARE = 1e-13


@overload
def is_after(time_us: float, other_us: float) -> bool: ...
@overload
def is_after(time_us: Column, other_us: Column | float) -> Mask: ...
@overload
def is_after(time_us: float, other_us: Column) -> Mask: ...
def is_after(time_us: Any, other_us: Any) -> Any:  # one body for plain Python, NumPy and numba
    """Whether a time lies after another by more than rounding.

    Parameters
    ----------
    time_us, other_us : float or array_like
        Two moments on one clock, or two durations. [us]

    Returns
    -------
    bool or ndarray of bool
        Whether ``time_us`` is later (longer); False where both are equal or either is not a number.

    Notes
    -----
    Two times closer than 1e-9 us + 1e-13 t are equal. Plain Python, NumPy and compiled code call this same function.
    "At most" is ``not is_after(a, b)``, "before" is ``is_after(b, a)``, and ``~`` takes the place of ``not`` in arrays.
    A duration that was found as the difference of two moments carries their rounding: compare the moments.

    Examples
    --------
    >>> 3 * 0.1 > 0.3, is_after(3 * 0.1, 0.3), is_after(0.3001, 0.3), is_after(0.3, float("inf"))
    (True, False, True, False)
    """
    return time_us > other_us + (_SAME_US + _SAME_SHARE * abs(other_us))


def latest_equal_us(time_us: float) -> float:
    """The latest moment that is not after another, free of NumPy for the event engine. [us]

    Examples
    --------
    >>> from math import inf, nextafter
    >>> latest = latest_equal_us(100.0)
    >>> is_after(latest, 100.0), is_after(nextafter(latest, inf), 100.0)
    (False, True)
    """
    return time_us + (_SAME_US + _SAME_SHARE * abs(time_us))


def whole_steps(duration_us: float, step_us: float, from_us: float) -> int:
    """Fewest whole steps that last at least as long as a duration, free of NumPy for the event engine.

    Parameters
    ----------
    duration_us : float
        What they must cover. [us]
    step_us : float
        Length of one step, above 0. [us]
    from_us : float
        When the duration began on the clock whose moments it was found from; 0 for a duration of its own. [us]

    Returns
    -------
    int
        Steps; a duration that is whole steps but for rounding needs no step more. [1]

    Examples
    --------
    >>> whole_steps(0.3, 0.1, 0.0), whole_steps(3 * 0.1, 0.1, 0.0), whole_steps(0.31, 0.1, 0.0)
    (3, 3, 4)
    """
    n = math.ceil(duration_us / step_us)
    if n > 0 and not is_after(from_us + duration_us, from_us + (n - 1) * step_us):
        return n - 1
    return n
