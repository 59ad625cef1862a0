"""Results keep their digits where nearly equal numbers would be subtracted, and limits are those of physics."""

from __future__ import annotations

import math
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qpsviz import evaluate, preset, sweep
from qpsviz.noise import QubitChannel, depolarising, fibre, memory
from qpsviz.noise.raman import either_dark
from qpsviz.protocols import epr, qkd
from qpsviz.session.tiles import closed_form_tiles
from qpsviz.units import parse_quantity

FIG7 = preset("fig7")
TINY = st.floats(1e-18, 0.5)


def decimal_exp(x: float, scale: float = 1.0) -> Decimal:
    """exp(x) to 60 digits."""
    with localcontext() as context:
        context.prec = 60
        return (Decimal(x) * Decimal(scale)).exp()


# ---- concurrence and flips


def test_the_concurrence_of_a_kept_half_that_relaxes_alone_is_its_own_decay() -> None:
    """3-db-wall: 300 us in T1 = T2 = 500 us; p01 is exactly zero, so C = exp(-0.6) to the last digits."""
    assert evaluate(preset("3-db-wall"), "concurrence") == pytest.approx(float(decimal_exp(-0.6)), rel=4e-16)


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


@given(st.lists(st.tuples(TINY, TINY, st.booleans()), min_size=1, max_size=6))
def test_flips_of_a_chain_are_those_of_exact_fractions(parts: list[tuple[float, float, bool]]) -> None:
    """Bit flips compose as the two-by-two tables of a classical channel, phase flips as one kind of coin."""
    channel, up, down, phase = QubitChannel.identity(), Fraction(0), Fraction(0), Fraction(0)
    for first, second, relaxes in parts:
        step = memory(first, t1_us=1.0, t2_us=1.0) if relaxes else fibre(second, depol_per_km=1.0)
        channel = channel.then(step)
        u, d, f = (Fraction(float(p)) for p in (step.p_up, step.p_down, step.p_phase))
        up, down = up * (1 - d) + (1 - up) * u, down * (1 - u) + (1 - down) * d
        phase = phase * (1 - f) + (1 - phase) * f
    found = (channel.p_up, channel.p_down, channel.p_phase)
    assert [float(p) for p in found] == pytest.approx([float(p) for p in (up, down, phase)], rel=1e-13)


@given(st.floats(1e-15, 30.0))
def test_error_rates_of_a_weak_memory_are_good_to_the_last_digits(decay: float) -> None:
    e_z, e_x = qkd.path_errors(memory(decay, t1_us=1.0, t2_us=0.5))
    with localcontext() as context:
        context.prec = 60
        exact = [float((1 - (-Decimal(decay) * k).exp()) / 2) for k in (1, 2)]
    assert [float(e_z), float(e_x)] == pytest.approx(exact, rel=1e-14)


def test_flips_left_out_are_those_of_the_four_numbers() -> None:
    channel = QubitChannel(eta=1.0, c=0.5, a=0.25, b=0.5)
    assert [float(p) for p in (channel.p_up, channel.p_down, channel.p_phase)] == [0.125, 0.625, 0.25]


@given(st.floats(0, 1), st.floats(0, 1))
def test_chsh_of_werner_pairs_is_a_product(first: float, second: float) -> None:
    pair = (depolarising(first), depolarising(second))
    assert float(epr.chsh_max(*pair)) == pytest.approx(2 * math.sqrt(2) * first * second, rel=1e-14)


# ---- key rates


def exact_entropy(p: float) -> float:
    with localcontext() as context:
        context.prec = 400
        x = Decimal(p)
        if x in (0, 1):
            return 0.0
        return float(-(x * x.ln() + (1 - x) * (1 - x).ln()) / Decimal(2).ln())


@pytest.mark.parametrize(
    "p", [0.0, 5e-324, 1e-300, 1e-17, 1e-12, 1e-6, 0.11, 0.5 - 1e-9, 0.5, 0.9, 1 - 1e-6, 1 - 1e-12, 1 - 2.0**-53, 1.0]
)
def test_entropy_is_exact_near_nought_a_half_and_one(p: float) -> None:
    assert float(qkd.binary_entropy(p)) == pytest.approx(exact_entropy(p), rel=3e-15, abs=5e-324)


@given(loss_db=st.one_of(st.floats(1e-14, 1e-3), st.floats(1e-3, 300.0)))
def test_the_repeaterless_bound_is_good_to_the_last_digits_of_a_small_and_of_a_large_loss(loss_db: float) -> None:
    with localcontext() as context:
        context.prec = 80
        exact = float(-(1 - Decimal(10) ** (-Decimal(loss_db) / 10)).ln() / Decimal(2).ln())
    bound = evaluate(FIG7.replace(length_km=loss_db, loss_db_per_km=1.0), "plob")
    assert bound == pytest.approx(exact, rel=4e-15 * max(1.0, loss_db / 10))


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


# ---- reach


@pytest.mark.parametrize(
    ("changes", "reach_km"),
    [
        ({"p_dark": 0.0}, math.inf),  # without dark counts one photon in a lifetime still makes a key
        ({"p_dark": 0.0, "misalignment": 0.05}, math.inf),
        ({"p_dark": 0.0, "insertion_loss_db": 100.0}, math.inf),
        ({"p_dark": 0.0, "correction": "steane"}, math.inf),
        ({"p_dark": 0.0, "misalignment": 0.0988}, 0.0),  # over the threshold of 9.878 %
        ({"p_dark": 0.0, "eta_detector": 0.0}, 0.0),
        ({"p_dark": 0.0, "p_free": 0.0}, 0.0),
        ({"p_dark": 0.0, "ec_inefficiency": 1e6}, math.inf),
        ({"p_dark": 0.0, "ec_inefficiency": 1e6, "misalignment": 1e-5}, 0.0),
        ({"loss_db_per_km": 0.0}, math.inf),
        ({"eta_detector": 0.0}, 0.0),
        ({"misalignment": 0.0988}, 0.0),
        ({"ec_inefficiency": 1e6}, 0.0),
        ({"p_dark": 1.0}, 0.0),
        ({}, 254.5129),
        ({"dark_counts": "detector"}, 239.4615),  # TNO's simulation, dark counts per detector
        ({"p_dark": 2e-6}, 239.4615),
        ({"dark_counts": "detector", "p_dark": 0.0}, math.inf),
    ],
)
def test_the_key_ends_where_physics_ends_it(changes: dict[str, Any], reach_km: float) -> None:
    s = FIG7.replace(**changes)
    assert evaluate(s, "reach_km") == pytest.approx(reach_km, abs=1e-4)
    tile = closed_form_tiles(s)["reach_km"]
    assert (tile["text"] == "∞") == math.isinf(reach_km)


@pytest.mark.parametrize("loss_db_per_km", [1e3, 1.0, 0.2, 1e-3, 1e-6, 1e-9])
def test_the_length_of_a_key_goes_with_one_over_the_loss_of_its_fibre(loss_db_per_km: float) -> None:
    reach_km = evaluate(FIG7.replace(loss_db_per_km=loss_db_per_km), "reach_km")
    assert reach_km * loss_db_per_km == pytest.approx(254.512907 * 0.2, rel=1e-7)


def test_the_error_where_no_light_is_left_but_no_dark_count_either_is_that_of_the_light() -> None:
    far = FIG7.replace(p_dark=0.0, misalignment=0.03, length_km=1e5)
    assert evaluate(far, "qber_z") == pytest.approx(0.03, rel=1e-14)
    assert evaluate(far.replace(p_dark=1e-6), "qber_z") == 0.5


def test_reaches_with_and_without_an_end_share_one_sweep() -> None:
    found = sweep(FIG7, "reach_km", p_dark=[0.0, 1e-6], loss_db_per_km=[0.0, 0.2]).values
    np.testing.assert_allclose(found, [[np.inf, np.inf], [np.inf, 254.512907]], rtol=1e-8)


def test_pairs_over_a_fibre_without_noise_never_reach_one_half() -> None:
    kept = preset("fig10a").replace(depol_per_km=0.0, t1_us=1e9, t2_us=1e9)
    assert evaluate(kept, "entanglement_reach_km") == math.inf


# ---- numbers as they are typed


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
