"""Afterpulses of coherent pulses: the rule of gates for each number of photons, and Lim's where light is weak."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import poisson

from qpsviz.protocols.decoy import Link
from qpsviz.protocols.decoy.pulses import clicks, wrong_clicks
from qpsviz.protocols.detectors import Gates

UNIT = st.floats(0, 1)


@given(UNIT, UNIT, UNIT, st.floats(0, 20))
def test_afterpulses_of_coherent_pulses_follow_the_rule_of_gates_for_each_number_of_photons(
    eta: float, p_dark: float, p_afterpulse: float, mean: float
) -> None:
    link = Link.of(eta=eta, p_dark=p_dark, p_key_error=0.25, p_test_error=0.0, p_afterpulse=p_afterpulse)
    number = np.arange(150)
    weight = poisson.pmf(number, mean)
    seen = -np.expm1(number * np.log1p(-eta)) if eta < 1 else (number > 0).astype(float)
    gates = Gates(p_dark=p_dark, p_afterpulse=p_afterpulse)
    n = np.sum(weight * gates.clicks(seen))
    assert float(clicks(mean, link)) == pytest.approx(n, rel=1e-9, abs=1e-14)
    assert 0 <= float(clicks(mean, link)) <= 1 + 1e-15
    dark = np.sum(weight * (p_dark + seen - p_dark * seen))
    wrong = p_dark / 2 + 0.25 * np.sum(weight * seen) + (n - dark) / 2
    assert float(wrong_clicks(mean, link, in_test=False)) == pytest.approx(wrong, rel=1e-9, abs=1e-14)
    assert float(wrong_clicks(mean, link, in_test=False)) <= float(clicks(mean, link)) * (1 + 1e-9) + 1e-15


@given(UNIT, UNIT, UNIT, st.floats(0, 20))
def test_afterpulses_are_those_of_lim_to_first_order_in_clicks(
    eta: float, p_dark: float, p_afterpulse: float, mean: float
) -> None:
    link = Link.of(eta=eta, p_dark=p_dark, p_key_error=0.0, p_test_error=0.0, p_afterpulse=p_afterpulse)
    D = 1 - (1 - p_dark) * math.exp(-eta * mean)
    less = D * (1 + p_afterpulse) - float(clicks(mean, link))
    assert -1e-12 <= less <= p_afterpulse * D * (D + eta) + 1e-12


@pytest.mark.parametrize(("length_km", "share"), [(0, 0.006), (50, 0.0006), (100, 0.00006)])
def test_in_lims_figures_both_readings_of_afterpulses_agree(length_km: float, share: float) -> None:
    plain, link = (
        Link.of(eta=10 ** (-1 - length_km / 50), p_dark=1.2e-6, p_key_error=0.0, p_test_error=0.0, p_afterpulse=p)
        for p in (0.0, 0.04)
    )
    assert float(clicks(0.5, link)) == pytest.approx(1.04 * float(clicks(0.5, plain)), rel=share)
    assert float(clicks(0.5, link)) != pytest.approx(1.04 * float(clicks(0.5, plain)), rel=share / 10)
