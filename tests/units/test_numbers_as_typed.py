"""Numbers are read as they are typed, to the last digit."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qpsviz.units import parse_quantity


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("1e-13", "1", 1e-13), ("1e-320", "1", 1e-320), ("60 ns", "us", 0.06), ("0.1 m", "km", 1e-4),
        ("3 %", "1", 0.03), ("1e-13 %", "1", 1e-15), ("1 ps", "us", 1e-6), ("0.3 ps", "us", 3e-7),
        ("7e300 GHz", "Hz", math.inf),
    ],
)  # fmt: skip
def test_a_typed_number_is_not_rounded(text: str, unit: str, value: float) -> None:
    assert parse_quantity(text, unit) == value


def test_minus_nothing_is_nothing() -> None:
    assert math.copysign(1.0, parse_quantity("-0", "km")) == 1.0


@given(st.floats(allow_nan=False, allow_infinity=False), st.sampled_from(["us", "km", "Hz", "dB", "1"]))
def test_what_python_writes_of_a_number_is_read_back_as_it_is(value: float, unit: str) -> None:
    assert parse_quantity(repr(value), unit) == value
