"""Flips and chances keep their digits where nearly equal numbers would be subtracted."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qpsviz.noise import QubitChannel, fibre, memory

TINY = st.floats(1e-18, 0.5)


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


def test_flips_left_out_are_those_of_the_four_numbers() -> None:
    channel = QubitChannel(eta=1.0, c=0.5, a=0.25, b=0.5)
    assert [float(p) for p in (channel.p_up, channel.p_down, channel.p_phase)] == [0.125, 0.625, 0.25]
