"""Afterpulses of coherent pulses: the rule of gates, and Lim's where light is weak."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qpsviz.protocols.decoy import Link
from qpsviz.protocols.decoy.pulses import clicks, wrong_clicks
from qpsviz.protocols.detectors import Gates

UNIT = st.floats(0, 1)


@given(UNIT, UNIT, UNIT, st.floats(0, 20))
def test_afterpulses_of_one_intensity_follow_the_rule_of_gates(
    eta: float, p_dark: float, p_afterpulse: float, mean: float
) -> None:
    link = Link.of(eta=eta, p_dark=p_dark, p_key_error=0.25, p_test_error=0.0, p_afterpulse=p_afterpulse)
    light = -math.expm1(-eta * mean)
    gates = Gates(p_dark=p_dark, p_afterpulse=p_afterpulse)
    n = float(clicks(mean, link))
    assert n == pytest.approx(float(gates.clicks(light)), rel=1e-9, abs=1e-14)
    assert 0 <= n <= 1 + 1e-15
    plain = p_dark + light - p_dark * light
    assert float(wrong_clicks(mean, link, in_test=False)) == pytest.approx(
        p_dark / 2 + 0.25 * light + (n - plain) / 2, rel=1e-9, abs=1e-14
    )


@pytest.mark.parametrize(("eta", "p_afterpulse"), [(1.0, 1.0), (0.5, 0.2), (0.1, 0.04)])
def test_all_intensities_together_click_as_gates_drawn_one_by_one_with_afterpulses_in_the_next(
    eta: float, p_afterpulse: float
) -> None:
    """A million gates drawn once: 5 standard deviations, so that a right program fails with a chance below 1e-6."""
    mu, p_sent, n = np.array([0.9, 0.2, 2e-4]), np.array([0.7, 0.2, 0.1]), 1_000_000
    rng = np.random.default_rng(1)
    lit = rng.random(n) < -np.expm1(-eta * mu[rng.choice(3, n, p=p_sent)])
    followed = lit & (rng.random(n) < p_afterpulse)
    clicked = lit.copy()
    clicked[1:] |= followed[:-1]
    link = Link.of(eta=eta, p_dark=0.0, p_key_error=0.0, p_test_error=0.0, p_afterpulse=p_afterpulse)
    expected = float(np.sum(p_sent * clicks(mu, link, p_sent)))
    assert clicked.mean() == pytest.approx(expected, abs=5 * math.sqrt(2 * expected / n))


@pytest.mark.parametrize(("length_km", "share"), [(0, 0.0025), (50, 0.00025), (100, 0.000025)])
def test_in_lims_figures_both_readings_of_afterpulses_agree(length_km: float, share: float) -> None:
    plain, link = (
        Link.of(eta=10 ** (-1 - length_km / 50), p_dark=1.2e-6, p_key_error=0.0, p_test_error=0.0, p_afterpulse=p)
        for p in (0.0, 0.04)
    )
    assert float(clicks(0.5, link)) == pytest.approx(1.04 * float(clicks(0.5, plain)), rel=share)
    assert float(clicks(0.5, link)) != pytest.approx(1.04 * float(clicks(0.5, plain)), rel=share / 10)
