"""Sources that are not perfect: against sums over photon numbers, drawn photons, and limits that are known."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import qpsviz as qps
from qpsviz.closed_form.quantities import Quantities
from qpsviz.protocols.sources import PhotonSource, heralded, tagged_secret_share

FIG7 = qps.preset("fig7").replace(n_relays=0, depol_per_km=0.0, length_km=20.0)


def entropy(e: float) -> float:
    return -e * math.log2(e) - (1 - e) * math.log2(1 - e)


@given(st.floats(1e-3, 0.3), st.floats(0.01, 1), st.floats(0, 0.01), st.sampled_from(["thermal", "poisson"]))
def test_a_heralded_source_holds_what_a_sum_over_photon_numbers_says(
    n_pairs: float, eta: float, p_dark: float, statistics: str
) -> None:
    n = np.arange(120)
    if statistics == "thermal":
        chance = (n_pairs / (1 + n_pairs)) ** n / (1 + n_pairs)
    else:
        chance = np.exp(-n_pairs + n * np.log(n_pairs) - np.array([math.lgamma(k + 1) for k in n]))
    announced = chance * (1 - (1 - p_dark) * (1 - eta) ** n)
    mean = np.sum(n * announced) / announced.sum()
    source = heralded(n_pairs, eta_herald=eta, eta_collected=0.5, p_dark=p_dark, statistics=statistics)
    assert float(source.p_herald) == pytest.approx(announced.sum(), rel=1e-9)
    assert float(source.eta_source) == pytest.approx(0.5 * mean, rel=1e-7)
    factorial = np.sum(n * (n - 1) * announced) / announced.sum()
    assert float(source.g2) == pytest.approx(factorial / mean**2, rel=1e-6, abs=1e-12)
    few = [sum(announced[k] * math.comb(int(k), j) * 0.5**k for k in n[j:]) for j in (0, 1)]
    several = 1 - sum(few) / announced.sum()
    assert several <= float(source.p_several) + 1e-9


@pytest.mark.parametrize("n_pairs", [1e-300, 1e-30, 1e-12, 1e-6, 0.1])
@pytest.mark.parametrize(("eta", "p_dark"), [(0.5, 0.0), (1e-7, 0.0), (1.0, 0.0), (0.3, 1e-9), (1e-3, 0.5)])
def test_a_thermal_source_of_hardly_any_pairs_keeps_its_digits(n_pairs: float, eta: float, p_dark: float) -> None:
    """The generating function 1/(1 + mu (1 - z)) and its derivatives, in fractions."""
    mu, x, silent = Fraction(n_pairs), 1 - Fraction(eta), 1 - Fraction(p_dark)
    unseen = 1 / (1 + mu * (1 - x))
    p_herald = 1 - silent * unseen
    mean = (mu - silent * x * mu * unseen**2) / p_herald
    pairs = (2 * mu**2 - silent * x**2 * 2 * mu**2 * unseen**3) / p_herald
    source = heralded(n_pairs, eta_herald=eta, eta_collected=0.5, p_dark=p_dark)
    for found, exact in ((source.p_herald, p_herald), (source.eta_source, mean / 2), (source.g2, pairs / mean**2)):
        assert float(found) == pytest.approx(float(exact), rel=1e-14, abs=0.0)


def test_where_all_is_collected_so_few_pairs_that_one_photon_is_the_limit_are_a_source() -> None:
    assert float(heralded(1e-12, eta_herald=0.5).eta_source) == 1.0
    with pytest.raises(qps.ParameterError, match=r"1\.0015 photons"):
        heralded(1e-3, eta_herald=0.5)


def test_what_is_detected_and_wrong_is_that_of_drawn_photons() -> None:
    """2,000,000 announced slots drawn once: 5 standard deviations, so a right program fails with a chance < 1e-5."""
    s = FIG7.replace(eta_source=0.7, g2=0.4, p_dark=2e-3, misalignment=0.03, length_km=5.0)
    rng, n = np.random.default_rng(3), 2_000_000
    two = 0.4 * 0.49 / 2
    photons = rng.choice(3, size=n, p=[1 - 0.7 + two, 0.7 - 2 * two, two])
    eta = 0.5 * 10**-0.1
    seen = rng.binomial(photons, eta) > 0
    dark = ~seen & (rng.random(n) < 2e-3)
    wrong = (seen & (rng.random(n) < 0.03)) | (dark & (rng.random(n) < 0.5))
    end = Quantities(s.values()).reception
    source = PhotonSource(eta_source=0.7, g2=0.4)
    gain = float(end.gates.gain(source.detected(end.eta)))
    assert (seen | dark).mean() == pytest.approx(gain, abs=5 * math.sqrt(gain / n))
    e = float(end.gates.qber(source.detected(end.eta), 0.03))
    assert wrong.sum() / (seen | dark).sum() == pytest.approx(e, abs=5 * math.sqrt(e / (gain * n)))


def test_the_key_of_a_source_is_the_tagged_bound_written_out() -> None:
    s = FIG7.replace(eta_source=0.6, g2=0.02, p_herald=0.25, p_dark=1e-5, misalignment=0.01, ec_inefficiency=1.2)
    eta = 0.5 * 10**-0.4
    light = 0.6 * eta - 0.02 * 0.36 / 2 * eta**2
    Q = 1e-5 + light * (1 - 1e-5)
    e = (0.5 * 1e-5 * (1 - light) + 0.01 * light) / Q
    A = 1 - 0.02 * 0.36 / 2 / Q
    bits = 0.25 * Q * (A * (1 - entropy(e / A)) - 1.2 * entropy(e))
    assert qps.evaluate(s, "key_rate_source") == pytest.approx(bits, rel=1e-12)


def test_a_perfect_source_makes_the_key_of_the_paper() -> None:
    for name in ("fig7", "first", "memory-buys"):
        s = qps.preset(name).replace(misalignment=0.005)
        assert qps.evaluate(s, "key_rate_source") == pytest.approx(qps.evaluate(s, "key_rate"), rel=1e-12)


def test_laser_light_without_decoys_makes_at_best_half_the_square_of_the_transmittance() -> None:
    """Luetkenhaus (2000): mu = eta is best, and the key eta^2/2 where nothing else is wrong."""
    s = FIG7.replace(p_dark=0.0, g2=1.0, eta_detector=1.0)
    for length_km in (100.0, 150.0, 200.0):
        eta = 10 ** (-0.02 * length_km)
        mu = np.geomspace(eta / 10, 2 * eta, 400)
        keys = qps.sweep(s.replace(length_km=length_km), "key_rate_source", eta_source=mu).values
        assert keys.max() == pytest.approx(eta**2 / 2, rel=0.02)
        assert mu[keys.argmax()] == pytest.approx(eta, rel=0.03)
        assert keys[-1] == pytest.approx(0.0, abs=0.02 * eta**2)  # at 2 eta every click may be tagged


@given(st.floats(0, 120), st.floats(0.01, 1), st.floats(0, 0.3), st.floats(0.01, 1), st.floats(0, 0.05))
def test_no_real_source_beats_the_perfect_one_and_more_pairs_of_photons_never_help(
    length_km: float, eta_source: float, g2: float, p_herald: float, misalignment: float
) -> None:
    s = FIG7.replace(
        length_km=length_km, eta_source=eta_source, g2=g2, p_herald=p_herald, misalignment=misalignment, dead_us=3.0
    )
    key = qps.evaluate(s, "key_rate_source")
    assert 0 <= key <= qps.evaluate(s.replace(dead_us=0.0), "key_rate") * (1 + 1e-9)
    assert qps.evaluate(s.replace(g2=g2 + 0.1), "key_rate_source") <= key * (1 + 1e-9)


def test_where_every_click_may_be_tagged_nothing_is_secret() -> None:
    assert float(tagged_secret_share(1e-3, 1e-3, 0.0, 0.0, ec_inefficiency=1.0)) == 0
    assert float(tagged_secret_share(1e-3, 0.5, 0.01, 0.01, ec_inefficiency=1.0)) < 0
    assert float(tagged_secret_share(0.0, 0.1, 0.0, 0.0, ec_inefficiency=1.0)) == 0
    assert float(tagged_secret_share(0.0, 0.0, 0.0, 0.0, ec_inefficiency=1.0)) == 1
    assert qps.evaluate(FIG7.replace(g2=0.5, length_km=150.0), "key_rate_source") == 0


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda: PhotonSource(eta_source=1.2), "eta_source"),
        (lambda: PhotonSource(g2=-0.1), "g2"),
        (lambda: PhotonSource(g2=2.0, eta_source=0.6), "g2 eta_source"),
        (lambda: PhotonSource(p_herald=math.nan), "p_herald"),
        (lambda: heralded(0.0, eta_herald=0.5), "announce no slot"),
        (lambda: heralded(2.0, eta_herald=0.5), "n_pairs = 2 makes too many pairs"),
        (lambda: heralded(1e99, eta_herald=0.5), "n_pairs"),
        (lambda: heralded(1e300, eta_herald=0.5), "n_pairs"),
        (lambda: heralded(0.1, eta_herald=0.5, statistics="squeezed"), "statistics"),
        (lambda: tagged_secret_share(0.1, 2.0, 0.0, 0.0, ec_inefficiency=1.0), "p_several"),
        (lambda: FIG7.replace(g2=1.5), "g2"),
        (lambda: FIG7.replace(p_herald=0.0), "p_herald"),
    ],
)
def test_a_source_that_cannot_be_is_refused_by_name(call: Any, name: str) -> None:
    with pytest.raises(ValueError, match=name):
        call()
