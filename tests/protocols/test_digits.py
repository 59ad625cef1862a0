"""Concurrence and key rates keep their digits where nearly equal numbers would be subtracted."""

from __future__ import annotations

import math
from decimal import Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qpsviz.noise import depolarising, fibre, memory
from qpsviz.noise.raman import either_dark
from qpsviz.protocols import epr, qkd


def exact_entropy(p: float) -> float:
    with localcontext() as context:
        context.prec = 400
        x = Decimal(p)
        if x in (0, 1):
            return 0.0
        return float(-(x * x.ln() + (1 - x) * (1 - x).ln()) / Decimal(2).ln())


@given(st.floats(1e-12, 5.0), st.floats(0.2, 2.0), st.floats(0.0, 1.0))
def test_concurrence_agrees_with_sixty_digits_of_the_x_state(decay: float, ratio: float, share: float) -> None:
    """One half in a memory (T2 = ratio T1), the other in fibre with the same order of noise."""
    held, flown = memory(decay, t1_us=1.0, t2_us=ratio), fibre(decay * share, depol_per_km=1.0, convention="printed")
    with localcontext() as context:
        context.prec = 60
        x, one = Decimal(decay), Decimal(1)
        relaxed, dephased = one - (-x).exp(), (-x / Decimal(ratio)).exp()
        w = (-Decimal(decay * share) * Decimal(10).ln()).exp()
        flip = (one - w) / 2
        p01 = (flip * (one - relaxed)) / 2  # the first half flipped 1 to 0, the second stayed 1
        p10 = (flip + (one - flip) * relaxed) / 2
        exact = max(Decimal(0), w * dephased - 2 * (p01 * p10).sqrt())
    assert float(epr.concurrence(flown, held)) == pytest.approx(float(exact), rel=1e-13, abs=1e-15)


@given(st.floats(1e-15, 30.0))
def test_error_rates_of_a_weak_memory_are_good_to_the_last_digits(decay: float) -> None:
    e_z, e_x = qkd.path_errors(memory(decay, t1_us=1.0, t2_us=0.5))
    with localcontext() as context:
        context.prec = 60
        exact = [float((1 - (-Decimal(decay) * k).exp()) / 2) for k in (1, 2)]
    assert [float(e_z), float(e_x)] == pytest.approx(exact, rel=1e-14)


@given(st.floats(0, 1), st.floats(0, 1))
def test_chsh_of_werner_pairs_is_a_product(first: float, second: float) -> None:
    pair = (depolarising(first), depolarising(second))
    assert float(epr.chsh_max(*pair)) == pytest.approx(2 * math.sqrt(2) * first * second, rel=1e-14)


@pytest.mark.parametrize(
    "p", [0.0, 5e-324, 1e-300, 1e-17, 1e-12, 1e-6, 0.11, 0.5 - 1e-9, 0.5, 0.9, 1 - 1e-6, 1 - 1e-12, 1 - 2.0**-53, 1.0]
)
def test_entropy_is_exact_near_nought_a_half_and_one(p: float) -> None:
    assert float(qkd.binary_entropy(p)) == pytest.approx(exact_entropy(p), rel=3e-15, abs=5e-324)


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 0.5))
def test_gain_and_error_rate_are_those_of_exact_fractions(eta: float, p_dark: float, error: float) -> None:
    y0, t, e = Fraction(p_dark), Fraction(eta), Fraction(error)
    gained = y0 + t - y0 * t
    assert float(qkd.gain(eta, p_dark)) == pytest.approx(float(gained), rel=1e-15, abs=1e-322)
    if gained > Fraction(1, 10**300):
        wrong = (y0 * (1 - t) / 2 + e * t) / gained
        assert float(qkd.qber(eta, p_dark, error)) == pytest.approx(float(wrong), rel=1e-14, abs=1e-300)


@given(st.floats(0, 1), st.floats(0, 1))
def test_two_chances_joined_are_those_of_exact_fractions(first: float, second: float) -> None:
    p, q = Fraction(first), Fraction(second)
    assert float(qkd.combined_error(first, second)) == pytest.approx(float(p + q - 2 * p * q), rel=1e-15, abs=1e-322)
    assert float(either_dark(first, second)) == pytest.approx(float(1 - (1 - p) * (1 - q)), rel=1e-15, abs=1e-322)
    both = qkd.dark_yield(first, "detector")
    assert float(both) == pytest.approx(float(1 - (1 - p) ** 2), rel=1e-15, abs=1e-322)
