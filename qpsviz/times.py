"""When two times are equal: the one rule for every comparison of times, in closed forms and in the engine."""

from __future__ import annotations

from typing import Any


def is_after(time_us: Any, other_us: Any) -> Any:
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
    return time_us > other_us + (1e-9 + 1e-13 * abs(other_us))
