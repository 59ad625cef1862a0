"""Times and amounts of key as people write them: from nanoseconds to days, and with prefixes."""

from __future__ import annotations

from qpsviz.units.conversion import ArrayLike, quantity

_HOUR_US = 3.6e9


def time_text(time_us: ArrayLike) -> str:
    """One time as people write it.

    Parameters
    ----------
    time_us : array_like
        A single time. [us]

    Examples
    --------
    >>> time_text(0.0), time_text(1500.0)
    ('0 µs', '1.5 ms')
    """
    value_us = float(time_us)  # type: ignore[arg-type]
    return quantity(value_us, "us", trimmed=True) if value_us else "0 µs"


def long_time_text(time_us: float) -> str:
    """A time that may be hours or days, with a unit that people use for it.

    Parameters
    ----------
    time_us : float
        The time. [us]

    Examples
    --------
    >>> long_time_text(1500.0), long_time_text(9e9), long_time_text(3e11)
    ('1.5 ms', '2.5 h', '3.47 days')
    """
    hours = time_us / _HOUR_US
    if hours < 2:
        return time_text(time_us)
    return f"{hours:.3g} h" if hours < 48 else f"{quantity(hours / 24)} days"


def bits_text(n_bits: float) -> str:
    """An amount of key, with a prefix.

    Parameters
    ----------
    n_bits : float
        Bits. [bit]

    Examples
    --------
    >>> bits_text(7_670_000.0)
    '7.67 Mbit'
    """
    return quantity(n_bits, "Hz").replace("Hz", "bit")
