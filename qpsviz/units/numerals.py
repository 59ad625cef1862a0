"""Digits of numbers as people write and type them: powers of ten, the minus sign, decimal commas."""

from __future__ import annotations

import re

#: Characters of a typed quantity; nobody needs more, and reading many would take long.
LONGEST_NUMBER = 80
_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_POWER = re.compile(r"(?:([\d.,]+)\s*[×·*x]\s*)?10(?:\^([-+−]?\d+)|([⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+))")
_LOWERED = str.maketrans("⁻⁺⁰¹²³⁴⁵⁶⁷⁸⁹−", "-+0123456789-")
_COMMA = re.compile(r"[\d.,]*,[\d.,]*")


def fixed(value: float, n_decimals: int, *, signed: bool = False) -> str:
    """Write a number with a fixed count of decimals; what rounds to nothing has no sign.

    Parameters
    ----------
    value : float
        The number.
    n_decimals : int
        Digits after the point.
    signed : bool
        Write the plus sign too.

    Returns
    -------
    str
        For example ``"−0.0052"``.

    Examples
    --------
    >>> fixed(-0.00521, 4), fixed(-1e-9, 3), fixed(0.5, 2, signed=True)
    ('−0.0052', '0.000', '+0.50')
    """
    text = f"{abs(value):.{n_decimals}f}"
    if float(text) == 0:
        return text
    return f"{'−' if value < 0 else '+' if signed else ''}{text}"


def digits(value: float, n_digits: int) -> str:
    """Write a finite number with some significant digits, and with a power of ten where it is long without.

    Parameters
    ----------
    value : float
        The number.
    n_digits : int
        Significant digits kept.

    Returns
    -------
    str
        For example ``"0.912"`` or ``"6.05×10⁻⁴"``.
    """
    if value == 0:
        return "0"
    mantissa, exponent = f"{abs(value):.{n_digits - 1}e}".split("e")
    sign = "−" if value < 0 else ""
    if not -3 <= int(exponent) <= 6:
        factor = f"{float(mantissa):.{n_digits}g}"
        return f"{sign}{'' if factor == '1' else factor + '×'}10{str(int(exponent)).translate(_RAISED)}"
    return f"{sign}{abs(value):.{max(0, n_digits - 1 - int(exponent))}f}"


def plain_number(text: str) -> str:
    """A typed number with its power of ten, minus sign and decimal comma as a program writes them.

    Parameters
    ----------
    text : str
        What a person typed, a unit behind it or not.

    Returns
    -------
    str
        For example ``"1.5e-6"`` for ``"1,5×10⁻⁶"``.

    Raises
    ------
    ValueError
        If a comma can be read as one before decimals and as one that groups thousands.
    """
    power = _POWER.search(text)
    if power is not None:
        factor, typed, raised = power.groups()
        exponent = (typed or raised).translate(_LOWERED)
        text = f"{text[: power.start()]}{factor or '1'}e{exponent}{text[power.end() :]}"
    text = text.replace("−", "-")
    comma = _COMMA.search(text)
    if comma is None:
        return text
    whole, _, decimals = comma.group().partition(",")
    if "." in comma.group() or "," in decimals or (len(decimals) == 3 and whole.strip("0")):
        raise ValueError(f"{text.strip()!r} can be read in two ways; write a point before decimals and no other mark")
    return f"{text[: comma.start()]}{whole or '0'}.{decimals}{text[comma.end() :]}"
