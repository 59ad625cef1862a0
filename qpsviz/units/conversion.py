"""Decibel arithmetic, the speed of light in fibre, and text for quantities on labels."""

from __future__ import annotations

import math
import re
import reprlib
from decimal import Decimal
from typing import Any

import numpy as np
import numpy.typing as npt

from qpsviz.units.numerals import LONGEST_NUMBER, digits, plain_number

Array = npt.NDArray[np.float64]
ArrayLike = npt.ArrayLike
Mask = npt.NDArray[np.bool_]
"""Which of many."""
Column = npt.NDArray[Any]
"""An array of any type, such as a table's column that is chosen by its name: NumPy has no narrower word for it."""

SPEED_IN_FIBRE_KM_PER_US = 0.2
SPEED_IN_VACUUM_KM_PER_US = 0.299792458

_TIME_STEPS = ((1e6, "s"), (1e3, "ms"), (1.0, "µs"), (1e-3, "ns"))
_RATE_STEPS = ((1e9, "GHz"), (1e6, "MHz"), (1e3, "kHz"), (1.0, "Hz"))


def eta_from_db(loss_db: ArrayLike) -> Array:
    """Transmittance of a loss.

    Parameters
    ----------
    loss_db : array_like
        Loss, positive when light is lost. [dB]

    Returns
    -------
    ndarray
        Transmittance 10^(-loss/10). [1]
    """
    return np.power(10.0, -np.asarray(loss_db, dtype=np.float64) / 10.0)


def db_from_eta(eta: ArrayLike) -> Array:
    """Loss of a transmittance; no light at all is ``inf`` dB.

    Parameters
    ----------
    eta : array_like
        Transmittance in [0, 1]. [1]

    Returns
    -------
    ndarray
        Loss. [dB]
    """
    with np.errstate(divide="ignore"):
        return -10.0 * np.log10(np.asarray(eta, dtype=np.float64))


def travel_us(length_km: ArrayLike, speed_km_per_us: ArrayLike = SPEED_IN_FIBRE_KM_PER_US) -> Array:
    """Time light needs for a length.

    Parameters
    ----------
    length_km : array_like
        Length of fibre. [km]
    speed_km_per_us : array_like
        Speed of light in it. [km/us]

    Returns
    -------
    ndarray
        Propagation time. [us]
    """
    return np.asarray(length_km, dtype=np.float64) / np.asarray(speed_km_per_us, dtype=np.float64)


def quantity(value: float, unit: str = "1", *, n_digits: int = 3, trimmed: bool = False) -> str:
    """Write a value with sensible digits and prefix, for a label.

    Parameters
    ----------
    value : float
        The value, in ``unit``.
    unit : str
        ``"us"``, ``"km"``, ``"Hz"``, ``"dB"``, ``"1"`` and the like.
    n_digits : int
        Significant digits kept.
    trimmed : bool
        Leave out zeros after the point, as in a box to type in.

    Returns
    -------
    str
        For example ``"2.07 ms"``.

    Examples
    --------
    >>> quantity(2070.0, "us"), quantity(0.0006045), quantity(254.5, "km"), quantity(float("inf"), "us")
    ('2.07 ms', '6.05×10⁻⁴', '254 km', '∞')
    """
    if math.isnan(value):
        return "–"
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    steps = {"us": _TIME_STEPS, "Hz": _RATE_STEPS}.get(unit)
    if steps is not None:
        rounded = _rounded(value, n_digits)
        scale, symbol = next(
            (s for s in steps if abs(rounded) >= s[0]), steps[-1] if value or unit == "Hz" else steps[-2]
        )
        value, unit = value / scale, symbol
    text = digits(value, n_digits)
    if trimmed and "." in text and "×" not in text:
        text = text.rstrip("0").rstrip(".")
    return text if unit == "1" else f"{text} {unit}"


def percent(value: float, *, n_digits: int = 3) -> str:
    """Write a share in percent, small ones with a power of ten.

    Parameters
    ----------
    value : float
        The share. [1]
    n_digits : int
        Significant digits kept.

    Returns
    -------
    str
        For example ``"1.36 %"``.

    Examples
    --------
    >>> percent(0.28), percent(5e-7), percent(-0.0)
    ('28 %', '5×10⁻⁵ %', '0 %')
    """
    return f"{quantity(100 * value, n_digits=n_digits, trimmed=True)} %"


def _rounded(value: float, n_digits: int) -> float:
    return float(f"{value:.{n_digits - 1}e}")


def decibel(value_db: float) -> str:
    """A loss as people write it.

    Parameters
    ----------
    value_db : float
        The loss. [dB]

    Returns
    -------
    str
        Without zeros after the point.

    Examples
    --------
    >>> decibel(11.0), decibel(1e-9), decibel(1.3636)
    ('11 dB', '0 dB', '1.36 dB')
    """
    return "0 dB" if abs(value_db) < 5e-4 else quantity(value_db, "dB", trimmed=True)


def in_unit_interval(name: str, value: ArrayLike) -> Array:
    """Check that a probability or efficiency lies in [0, 1] and return it as an array.

    Parameters
    ----------
    name : str
        Parameter named in the error.
    value : array_like
        Values to check. [1]

    Returns
    -------
    ndarray
        The values. [1]

    Raises
    ------
    ValueError
        If any value is outside [0, 1] or not a number.
    """
    return in_range(name, value, 0.0, 1.0)


def in_range(name: str, value: ArrayLike, lo: float, hi: float = math.inf) -> Array:
    """Check that values lie in [lo, hi] and return them as an array.

    Parameters
    ----------
    name : str
        Parameter named in the error.
    value : array_like
        Values to check, in the unit of the parameter.
    lo, hi : float
        Bounds, both allowed.

    Returns
    -------
    ndarray
        The values.

    Raises
    ------
    ValueError
        If any value is outside the bounds or not a number.
    """
    array = np.asarray(value, dtype=np.float64)
    if array.ndim == 0 and lo <= float(array) <= hi:  # the common case, much faster than array comparisons
        return array
    n = array.size  # counting is much faster than all() of both conditions
    if np.count_nonzero(array >= lo) == n and (hi == math.inf or np.count_nonzero(array <= hi) == n):
        return array
    bad = array[~((array >= lo) & (array <= hi))].flat[0] if array.ndim else float(array)
    raise ValueError(f"{name} = {bad:g} is outside {lo:g} … {hi:g}")


_NUMBER = re.compile(r"\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|[-+]?inf|∞)\s*(\S*)\s*", re.IGNORECASE)
_SCALES = {
    "us": {"s": 1e6, "ms": 1e3, "µs": 1.0, "μs": 1.0, "us": 1.0, "ns": 1e-3, "ps": 1e-6},
    "km": {"km": 1.0, "m": 1e-3},
    "Hz": {"GHz": 1e9, "MHz": 1e6, "kHz": 1e3, "Hz": 1.0},
    "dB": {"dB": 1.0},
    "1": {"%": 0.01},
    "km/us": {"km/us": 1.0, "km/µs": 1.0, "km/s": 1e-6, "m/s": 1e-9},
}


def parse_quantity(text: str, unit: str) -> float:
    """Read a number as a person types it, with or without a unit.

    Parameters
    ----------
    text : str
        For example ``"2.07 ms"``, ``"2,07 ms"``, ``"10⁻⁶"``, ``"500"`` or ``"inf"``.
    unit : str
        Unit of the result, and of a number without one.

    Returns
    -------
    float
        The value in ``unit``.

    Raises
    ------
    ValueError
        If this is no number, if its comma can be read in two ways, or if its unit is not one of ``unit``'s kind.

    Notes
    -----
    One comma and no point is a decimal comma. A comma before exactly three digits ("1,234") may group thousands
    and is refused, as is a comma beside a point: both readings would be a thousandfold apart.

    Examples
    --------
    >>> parse_quantity("2.07 ms", "us"), parse_quantity("0,5", "km"), parse_quantity("1.5×10⁻⁶", "1")
    (2070.0, 0.5, 1.5e-06)
    """
    match = _NUMBER.fullmatch(plain_number(text)) if len(text) <= LONGEST_NUMBER else None
    if match is None:
        raise ValueError(f"{reprlib.repr(text)} is not a number")
    number, symbol = match.groups()
    scales = _SCALES.get(unit, {unit: 1.0})
    if symbol and symbol not in scales and unit == "1":
        raise ValueError(f"{reprlib.repr(text)} is a plain number with {symbol!r} behind it; write {number}")
    if symbol and symbol not in scales:
        raise ValueError(f"{text!r} is not in {' or '.join(scales)}")
    if number == "∞" or "inf" in number.lower():
        return -math.inf if number.startswith("-") else math.inf
    # Exact products: 60 ns are 0.06 µs, and no small number is rounded away. Adding zero takes the sign off -0.
    return float(Decimal(number) * Decimal(repr(scales.get(symbol, 1.0)))) + 0.0
