"""Entangled pairs: laws of fidelity, nonlocality and entanglement, and Section IV.B's limits."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qpsviz.noise import QubitChannel, depolarising, memory
from qpsviz.protocols import epr

UNIT = st.floats(0, 1)
IDEAL = QubitChannel.identity()


@st.composite
def noisy(draw: st.DrawFn) -> QubitChannel:
    """A stretch of depolarising fibre, a memory, and fibre again."""
    t1_us = draw(st.floats(1.0, 1e6))
    held = memory(
        draw(st.floats(0, 1e4)),
        t1_us=t1_us,
        t2_us=t1_us * draw(st.floats(0.01, 2)),
        model=draw(st.sampled_from(["t1t2", "twirled"])),
    )
    return depolarising(draw(UNIT)).then(held).then(depolarising(draw(UNIT)))


@given(noisy(), noisy())
def test_fidelity_is_a_probability_and_its_root_is_never_smaller(a: QubitChannel, b: QubitChannel) -> None:
    squared = float(epr.fidelity(a, b))
    assert 0 <= squared <= 1 + 1e-12
    assert float(epr.root(min(squared, 1.0))) >= min(squared, 1.0)


@given(noisy(), noisy())
def test_it_does_not_matter_which_half_is_called_a(a: QubitChannel, b: QubitChannel) -> None:
    for measure in (epr.fidelity, epr.chsh_max, epr.concurrence):
        assert float(measure(a, b)) == pytest.approx(float(measure(b, a)), abs=1e-12)


@given(noisy(), noisy(), UNIT)
def test_more_depolarising_never_adds_entanglement(a: QubitChannel, b: QubitChannel, survival: float) -> None:
    worse = a.then(depolarising(survival))
    assert float(epr.concurrence(worse, b)) <= float(epr.concurrence(a, b)) + 1e-7
    assert float(epr.chsh_max(worse, b)) <= float(epr.chsh_max(a, b)) + 1e-9


@given(noisy(), noisy())
def test_a_pair_that_breaks_chsh_is_entangled_and_one_above_half_is_too(a: QubitChannel, b: QubitChannel) -> None:
    if float(epr.chsh_max(a, b)) > 2 + 1e-9 or float(epr.fidelity(a, b)) > 0.5 + 1e-9:
        assert float(epr.concurrence(a, b)) > 0


@given(noisy(), noisy())
def test_no_pair_beats_tsirelson_or_a_perfect_concurrence(a: QubitChannel, b: QubitChannel) -> None:
    assert 0 <= float(epr.chsh_max(a, b)) <= 2 * math.sqrt(2) + 1e-12
    assert 0 <= float(epr.concurrence(a, b)) <= 1 + 1e-12


@given(noisy(), noisy())
def test_fidelity_is_the_mean_of_the_three_signed_correlations(a: QubitChannel, b: QubitChannel) -> None:
    xx, yy, zz = (float(v) for v in epr.correlations(a, b))
    assert float(epr.fidelity(a, b)) == pytest.approx((1 + xx - yy + zz) / 4, abs=1e-14)


@given(UNIT)
def test_a_depolarised_pair_is_a_werner_state(survival: float) -> None:
    one_side = (depolarising(survival), IDEAL)
    assert float(epr.fidelity(*one_side)) == pytest.approx((1 + 3 * survival) / 4, abs=1e-15)
    assert float(epr.chsh_max(*one_side)) == pytest.approx(2 * math.sqrt(2) * survival, abs=1e-14)
    assert float(epr.concurrence(*one_side)) == pytest.approx(max(0, (3 * survival - 1) / 2), abs=1e-14)


def test_a_perfect_pair_has_every_measure_at_its_best_and_a_mixed_one_at_its_worst() -> None:
    assert [float(m(IDEAL, IDEAL)) for m in (epr.fidelity, epr.concurrence)] == [1, 1]
    assert float(epr.chsh_max(IDEAL, IDEAL)) == pytest.approx(2 * math.sqrt(2), rel=1e-15)
    mixed = (depolarising(0.0), IDEAL)
    assert [float(m(*mixed)) for m in (epr.fidelity, epr.chsh_max, epr.concurrence)] == [0.25, 0, 0]
    assert float(epr.root(epr.fidelity(*mixed))) == 0.5


def test_two_fully_relaxed_halves_agree_on_zero_but_share_nothing() -> None:
    """Section IV.B: why better memories first make a split pair worse."""
    dead = memory(math.inf, t1_us=500.0, t2_us=500.0)
    assert float(epr.fidelity(dead, dead)) == 0.5
    assert float(epr.concurrence(dead, dead)) == 0
    twirled = memory(math.inf, t1_us=500.0, t2_us=500.0, model="twirled")
    assert float(epr.fidelity(twirled, twirled)) == 0.25


def test_pairs_come_in_arrays() -> None:
    a, b = depolarising(np.linspace(0, 1, 4)[:, None]), depolarising(np.linspace(0, 1, 3))
    assert epr.fidelity(a, b).shape == epr.chsh_max(a, b).shape == epr.concurrence(a, b).shape == (4, 3)


@pytest.mark.parametrize("squared", [-0.1, 1.1, math.nan])
def test_the_root_of_no_fidelity_is_refused(squared: float) -> None:
    with pytest.raises(ValueError, match="squared = "):
        epr.root(squared)
