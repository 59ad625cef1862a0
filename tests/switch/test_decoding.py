"""Exact decoding against an independent enumeration, and against the bounds of `correction`."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qpsviz.errors import ParameterError
from qpsviz.noise import QubitChannel, memory
from qpsviz.switch.codes import correct
from qpsviz.switch.correction import five_qubit, five_qubit_loss, steane, steane_loss
from qpsviz.switch.decoding import break_evens, five_qubit_exact, steane_exact, steane_flip_exact

CHANCES = (0.001, 0.01, 0.03, 0.05, 0.1, 0.13)
# FACTS section 8: every Pauli enumerated elsewhere.
TABLE = {
    five_qubit_exact: (9.977796e-6, 9.779551e-4, 8.414285e-3, 0.02233185, 0.07950815, 0.1250793),
    steane_exact: (1.627742e-5, 1.578207e-3, 0.01325758, 0.03436104, 0.1154220, 0.1755186),
    steane_flip_exact: (2.090221e-5, 2.004075e-3, 0.01641810, 0.04148634, 0.1306432),
}


@pytest.mark.parametrize("code", TABLE, ids=lambda f: f.__name__)
def test_exact_decoding_agrees_with_the_enumerated_table(code: object) -> None:
    for p, expected in zip(CHANCES, TABLE[code], strict=False):  # type: ignore[index]
        assert float(code(p)) == pytest.approx(expected, rel=5e-7)  # type: ignore[operator]


def test_break_evens_are_those_of_the_table_and_say_what_they_are_chances_of() -> None:
    found = [
        (b.error, round(b.p_bound, 4), round(b.p_exact, 6)) for b in break_evens("five_qubit") + break_evens("steane")
    ]
    assert found[:2] == [("any Pauli error", 0.1311, 0.137628), ("one kind of flip", 0.0579, 0.064596)]
    assert (found[2][0], found[2][2]) == ("any Pauli error", 0.081082)
    assert math.isnan(found[2][1])
    with pytest.raises(ParameterError, match=r"correction = 'stean' .* did you mean steane\?"):
        break_evens("stean")


@given(st.floats(0, 0.5))
def test_a_bound_is_never_below_what_exact_decoding_leaves(p: float) -> None:
    assert float(five_qubit_exact(p)) <= float(five_qubit(p)) + 1e-15
    assert float(steane_flip_exact(p)) <= float(steane(p)) + 1e-15


@given(st.floats(0, 1))
def test_any_error_of_steane_is_at_least_one_kind_and_at_most_both(p: float) -> None:
    one = float(steane_flip_exact(2 * p / 3))
    assert one - 1e-15 <= float(steane_exact(p)) <= 2 * one + 1e-15


@pytest.mark.parametrize("p", [1e-3, 1e-6, 1e-9, 1e-12, 1e-40])
def test_a_rare_error_keeps_its_digits_through_a_code(p: float) -> None:
    q = Fraction(p)
    for code, lossy, n, whole in (
        (five_qubit, five_qubit_loss, 5, (1, 5, 10)),
        (steane, steane_loss, 7, (1, 7, 21, 28, 7)),
    ):
        right = (1 - q) ** n + n * q * (1 - q) ** (n - 1)
        assert float(code(p)) == pytest.approx(float(1 - right), rel=1e-13)
        kept = sum(count * q**k * (1 - q) ** (n - k) for k, count in enumerate(whole))
        assert float(lossy(p)) == pytest.approx(float(1 - kept), rel=1e-13)


@pytest.mark.parametrize("code", ["five_qubit", "steane"])
def test_a_weak_memory_behind_a_code_leaves_an_error_of_second_order(code: str) -> None:
    """1 - F goes down a hundredfold when the dwell does tenfold, even where 1 - exp(-t/T) is below rounding."""
    out = [correct(memory(t, t1_us=1e12, t2_us=1e12), code) for t in (1e-5, 1e-4)]
    flips = [float(o.p_up + o.p_down + o.p_phase) for o in out]
    assert flips[0] > 0
    assert flips[1] / flips[0] == pytest.approx(100, rel=1e-12)
    assert float(correct(QubitChannel.identity(), code).p_phase) == 0
