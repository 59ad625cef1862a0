"""The settings of decoy states: nothing better is found by another search, with the formula written out again."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from scipy.optimize import differential_evolution

from qpsviz.protocols.decoy import Intensities, Link, Security, Settings, finite_key_rate

LIM = Intensities(n_photons=np.array([0.62, 0.29, 2e-4]), p_sent=np.array([0.55, 0.31, 0.14]))


PROMISE = Security.of(p_insecure=1e-10, p_incorrect=1e-15, ec_inefficiency=1.16)


def negative_rate(x: Any, link: Link, n_block: float) -> float:
    """Lim's formula written out with plain numbers, for a search by another method."""
    mu1, mu2, p1, p2, q = x
    mu, p = (mu1, mu2, 2e-4), (p1, p2, 1 - p1 - p2)
    if p[2] <= 1e-6 or mu1 <= mu2 + 2e-4:
        return 0.0
    eta, Y0, e, e_x, _, _ = (float(c) for c in link.columns)
    log21, tau = (
        math.log(21 / 1e-10),
        [sum(a * math.exp(-m) * m**n for a, m in zip(p, mu, strict=True)) for n in (0, 1)],
    )
    D = [1 - (1 - Y0) * math.exp(-eta * m) for m in mu]
    W = [[Y0 / 2 + err * (1 - math.exp(-eta * m)) for m in mu] for err in (e, e_x)]

    def ends(n: list[float]) -> list[tuple[float, float]]:
        d = math.sqrt(sum(n) / 2 * log21)
        return [(math.exp(m) / a * (k - d), math.exp(m) / a * (k + d)) for m, a, k in zip(mu, p, n, strict=True)]

    def single(n: list[float]) -> tuple[float, float]:
        v = ends(n)
        s0 = max(0.0, tau[0] * (mu2 * v[2][0] - 2e-4 * v[1][1]) / (mu2 - 2e-4))
        left = v[1][0] - v[2][1] - (mu2**2 - 4e-8) / mu1**2 * (v[0][1] - s0 / tau[0])
        return s0, tau[1] * mu1 * left / (mu1 * (mu2 - 2e-4) - mu2**2 + 4e-8)

    n_x = [n_block * a * q**2 * d for a, d in zip(p, D, strict=True)]
    (s0, d), (_, c) = single(n_x), single([n_block * a * (1 - q) ** 2 * k for a, k in zip(p, D, strict=True)])
    if c <= 0 or d <= 0:
        return 0.0
    w = ends([n_block * a * (1 - q) ** 2 * k for a, k in zip(p, W[1], strict=True)])
    b = tau[1] * (w[1][1] - w[2][0]) / (mu2 - 2e-4) / c
    if not 0 < b < 0.5:
        return 0.0
    X = (c + d) / (c * d * (1 - b) * b)
    phi = b + math.sqrt(X * ((1 - b) * b) ** 2 / math.log(2) * math.log2(X * 21**2 / 1e-20))
    E = sum(n_block * a * q**2 * k for a, k in zip(p, W[0], strict=True)) / sum(n_x)
    h = [-y * math.log2(y) - (1 - y) * math.log2(1 - y) for y in (min(phi, 0.5), E)]
    key = s0 + d * (1 - h[0]) - 1.16 * h[1] * sum(n_x) - 6 * log21 / math.log(2) - math.log2(2 / 1e-15)
    return -max(0.0, key) / n_block


@pytest.mark.parametrize(
    ("eta", "p_dark", "errors", "n_block"),
    [
        (0.1, 1.2e-6, (0.005, 0.005), 1e9),
        (1e-3, 1.2e-6, (0.005, 0.005), 1e10),
        (1.4e-4, 1.2e-6, (0.005, 0.005), 1e10),
        (0.5, 1e-6, (0.02, 0.03), 1e6),
        (1e-3, 1e-5, (0.01, 0.0), 1e12),
        (1e-2, 1e-4, (0.0, 0.02), 1e13),
    ],
)
def test_no_other_search_finds_better_settings(
    eta: float, p_dark: float, errors: tuple[float, float], n_block: float
) -> None:
    link = Link.of(eta=eta, p_dark=p_dark, p_key_error=errors[0], p_test_error=errors[1])
    ours = float(finite_key_rate(link, n_block=n_block, security=PROMISE))
    places = [(0.05, 1.2), (1e-3, 0.6), (0.01, 0.999), (1e-3, 0.9), (0.05, 0.9999)]
    other = differential_evolution(
        negative_rate, places, args=(link, n_block), seed=3, maxiter=150, popsize=12, tol=1e-8, polish=False
    )
    assert ours > 0
    assert -other.fun <= ours * (1 + 1e-6)


def link(length_km: Any) -> Link:
    eta = 0.1 * 10 ** (-0.02 * np.asarray(length_km))
    return Link.of(eta=eta, p_dark=1.2e-6, p_key_error=0.005, p_test_error=0.005)


def test_a_rate_does_not_depend_on_what_is_computed_beside_it() -> None:
    lengths = np.linspace(0, 170, 18)
    together = finite_key_rate(link(lengths), n_block=1e10, security=PROMISE)
    alone = [float(finite_key_rate(link(x), n_block=1e10, security=PROMISE)) for x in lengths]
    assert together == pytest.approx(alone, rel=1e-12)


def test_settings_survive_the_way_to_free_numbers_and_back() -> None:
    settings_ = Settings(intensities=LIM, p_key_basis=np.array(0.88))
    again = Settings.at(settings_.place())
    assert again.intensities.n_photons == pytest.approx(LIM.n_photons, rel=1e-12)
    assert again.intensities.p_sent == pytest.approx(LIM.p_sent, rel=1e-12)
    assert float(again.p_key_basis) == pytest.approx(0.88, rel=1e-12)
