"""Decibels, flight times and the text of quantities."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qpsviz.units import (
    db_from_eta,
    eta_from_db,
    in_range,
    in_unit_interval,
    parse_quantity,
    percent,
    quantity,
    travel_us,
)
from qpsviz.units.numerals import fixed

LOSSES = st.floats(0, 2000)
SCALE = {"s": 1e6, "ms": 1e3, "µs": 1.0, "ns": 1e-3}


def test_twenty_km_of_fibre_is_100_us_of_light() -> None:
    assert float(travel_us(20.0)) == pytest.approx(100.0, rel=1e-15)


def test_three_db_is_half_and_ten_a_tenth() -> None:
    np.testing.assert_allclose(eta_from_db([0.0, 10 * math.log10(2), 10.0]), [1.0, 0.5, 0.1], rtol=1e-15)


@given(LOSSES, LOSSES)
def test_losses_in_db_add_where_transmittances_multiply(first: float, second: float) -> None:
    product = float(eta_from_db(first) * eta_from_db(second))
    assert float(eta_from_db(first + second)) == pytest.approx(product, rel=1e-11)


@given(LOSSES)
def test_db_and_transmittance_undo_each_other(loss_db: float) -> None:
    assert float(db_from_eta(eta_from_db(loss_db))) == pytest.approx(loss_db, abs=1e-9)


def test_no_light_is_infinite_loss_without_a_warning() -> None:
    assert float(db_from_eta(0.0)) == math.inf


@given(st.floats(-1e5, 1e5).filter(lambda v: abs(v) > 1e-8), st.integers(2, 6))
def test_a_label_reads_back_to_the_value_within_its_digits(value: float, n_digits: int) -> None:
    text = quantity(value, "us", n_digits=n_digits)
    assert parse_quantity(text, "us") == pytest.approx(value, rel=0.51 * 10 ** (1 - n_digits), abs=0.51e-8)


@given(st.floats(1e-3, 1e9))
def test_a_time_is_written_with_the_prefix_that_keeps_it_between_1_and_1000(value: float) -> None:
    number, symbol = quantity(value, "us").split(" ")
    assert float(number) >= 1.0
    assert float(number) < 1000 or symbol == "s"


@given(st.floats(1e-300, 1e300))
def test_scientific_labels_have_one_digit_before_the_point(value: float) -> None:
    text = quantity(value)
    if "10" in text and not text.replace(".", "").isdigit():
        assert re.fullmatch(r"([1-9](\.\d+)?×)?10⁻?[⁰¹²³⁴⁵⁶⁷⁸⁹]+", text)
    assert parse_quantity(text, "1") == pytest.approx(value, rel=5.1e-3)


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (2070.0, "us", "2.07 ms"), (999.999, "us", "1.00 ms"), (0.0, "us", "0 µs"), (0.0, "1", "0"),
        (math.nan, "us", "–"), (math.inf, "km", "∞"), (-math.inf, "1", "−∞"), (2e5, "Hz", "200 kHz"),
        (0.91206, "1", "0.912"), (9.9996e-5, "1", "10⁻⁴"), (3.0, "dB", "3.00 dB"),
    ],
)  # fmt: skip
def test_a_label_is_what_a_person_would_write(value: float, unit: str, text: str) -> None:
    assert quantity(value, unit) == text


@pytest.mark.parametrize("value", [-0.1, 1.1, math.nan, math.inf, [0.5, math.nan], [[0.2], [2.0]]])
def test_what_is_no_probability_is_refused_by_name(value: object) -> None:
    with pytest.raises(ValueError, match=r"p_dark = .* is outside 0 … 1"):
        in_unit_interval("p_dark", value)  # type: ignore[arg-type]


def test_text_for_a_number_is_a_value_error() -> None:
    with pytest.raises(ValueError, match="far"):
        in_range("length_km", "far", 0.0)


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("0,5", "km", 0.5), ("2,07 ms", "us", 2070.0), (",25", "1", 0.25), ("1,5e3 m", "km", 1.5),
        ("0,125", "1", 0.125), ("−3,5", "dB", -3.5), ("10⁻⁶", "1", 1e-6), ("1,5·10^-6", "1", 1.5e-6),
        ("2×10³ µs", "us", 2000.0),
    ],
)  # fmt: skip
def test_a_number_is_read_as_people_write_it(text: str, unit: str, value: float) -> None:
    assert parse_quantity(text, unit) == pytest.approx(value, rel=1e-15)


@pytest.mark.parametrize("text", ["1,234", "12,500 km", "1.234,5", "1,234.5", "1,2,3"])
def test_a_comma_that_can_be_read_in_two_ways_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(ValueError, match="can be read in two ways; write a point before decimals"):
        parse_quantity(text, "km")


@pytest.mark.parametrize("text", ["", "far", "×10³", "1" * 100_000])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a number"):
        parse_quantity(text, "1")


@given(st.floats(0, 1))
def test_a_share_reads_back_within_its_digits_and_never_in_code(share: float) -> None:
    text = percent(share)
    assert "e" not in text
    assert parse_quantity(text, "1") == pytest.approx(share, rel=5.1e-3)


@given(st.floats(-10, 10), st.integers(0, 6), st.booleans())
def test_what_rounds_to_nothing_has_no_sign(value: float, n_decimals: int, signed: bool) -> None:
    text = fixed(value, n_decimals, signed=signed)
    number = float(text.replace("−", "-"))
    assert number == pytest.approx(value, abs=0.5 * 10**-n_decimals + 1e-12)
    assert text[0].isdigit() == (number == 0 or (value > 0 and not signed))
