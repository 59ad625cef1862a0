"""Decoy states: numbers of Lim et al. (2014) and of other packages, the bounds' laws, and what makes no key."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qpsviz.errors import ParameterError
from qpsviz.protocols.decoy import (
    Block,
    Intensities,
    Link,
    Plan,
    Security,
    asymptotic_key_rate,
    block_key,
    finite_key_rate,
    longest,
)
from qpsviz.protocols.decoy.bounds import single_photon_counts, single_photon_errors, vacuum_counts
from qpsviz.protocols.decoy.finite_key import phase_error
from qpsviz.protocols.decoy.pulses import clicks, wrong_clicks

LENGTHS_KM = (0, 50, 100, 125, 150, 175)
LIM = Intensities(n_photons=np.array([0.62, 0.29, 2e-4]), p_sent=np.array([0.55, 0.31, 0.14]))


def set_p(length_km: Any, *, p_afterpulse: float = 0.0) -> Link:
    """0.2 dB/km, detectors of 10 %, 6e-7 dark counts in each of two, 0.5 % misaligned."""
    eta = 0.1 * 10 ** (-0.02 * np.asarray(length_km, dtype=np.float64))
    return Link.of(eta=eta, p_dark=1.2e-6, p_key_error=0.005, p_test_error=0.005, p_afterpulse=p_afterpulse)


def promise(p_insecure: float = 1e-10) -> Security:
    return Security.of(p_insecure=p_insecure, p_incorrect=1e-15, ec_inefficiency=1.16)


def one_plan(link: Link, n_block: float, security: Security, **block_of: Any) -> Plan:
    columns = [np.atleast_1d(column) for column in link.columns]
    promised = [np.atleast_1d(v) for v in (security.p_insecure, security.p_incorrect, security.ec_inefficiency)]
    return Plan(
        link=Link.from_columns(columns),
        security=Security(p_insecure=promised[0], p_incorrect=promised[1], ec_inefficiency=promised[2]),
        n_block=np.array([n_block]),
        **block_of,
    )


def test_a_block_at_fixed_settings_gives_the_key_of_an_independent_calculation_to_the_bit() -> None:
    block = Block.expected(set_p(50), LIM, p_key_basis=np.array(0.88), n_pulses=np.array(1e10))
    key = block_key(block, LIM, promise())
    assert round(float(key.n_sifted)) == 33_288_539
    assert float(key.n_vacuum) == 0
    assert round(float(key.n_single)) == 16_643_941
    assert float(key.qber_phase) == pytest.approx(0.0195111, abs=5e-8)
    assert round(float(key.n_leaked_bits)) == 1_794_319
    assert round(float(key.bits)) == 12_541_056


@pytest.mark.parametrize(
    ("block_of", "n_block", "rates"),
    [
        ("sent", 1e9, [1.348e-2, 8.857e-4, 3.639e-5, 2.806e-6, 0, 0]),
        ("sent", 1e10, [1.693e-2, 1.305e-3, 8.243e-5, 1.543e-5, 9.435e-7, 0]),
        ("sifted", 1e9, [1.788e-2, 1.745e-3, 1.679e-4, 4.918e-5, 1.238e-5, 1.755e-6]),
        ("sifted", 1e10, [2.039e-2, 1.997e-3, 1.934e-4, 5.719e-5, 1.477e-5, 2.309e-6]),
    ],
)
def test_the_best_settings_give_the_finite_keys_of_an_independent_search(
    block_of: Any, n_block: float, rates: list[float]
) -> None:
    found = finite_key_rate(set_p(LENGTHS_KM), n_block=n_block, security=promise(), block_of=block_of)
    assert found == pytest.approx(rates, rel=4e-4, abs=1e-30)


def test_the_key_without_end_is_that_of_tno_qkd_key_rate_with_many_decoys() -> None:
    tno = [3.101e-2, 3.081e-3, 3.032e-4, 9.239e-5, 2.599e-5, 5.660e-6]  # 2.0.4, which has f = 1
    assert asymptotic_key_rate(set_p(LENGTHS_KM), ec_inefficiency=1.0) == pytest.approx(tno, rel=4e-3)


def test_the_bounds_of_two_decoys_are_those_of_qkdsec_without_fluctuations() -> None:
    qkdsec = [2.754e-2, 2.730e-3, 2.677e-4, 8.095e-5, 2.226e-5, 4.261e-6]  # 0.3.0: mu .6, nu .1, vacuum; signal only
    link = set_p(np.array(LENGTHS_KM))
    mu = np.array([0.6, 0.1, 0.0])[:, None]
    sent = Intensities(n_photons=mu, p_sent=np.full((3, 1), 1 / 3))
    none = np.zeros(1)
    counts, wrong = clicks(mu, link) / 3, wrong_clicks(mu, link, in_test=True) / 3
    n_single = single_photon_counts(sent, counts, none, vacuum_counts(sent, counts, none))
    phase = single_photon_errors(sent, wrong, none) / n_single
    yields = n_single / sent.p_number(1)
    entropy = -phase * np.log2(phase) - (1 - phase) * np.log2(1 - phase)
    qber = wrong[0] / counts[0]
    leaked = -qber * np.log2(qber) - (1 - qber) * np.log2(1 - qber)
    rate = 0.6 * math.exp(-0.6) * yields * (1 - entropy) - 3 * counts[0] * leaked
    assert rate == pytest.approx(qkdsec, rel=4e-4)
    Q = 3 * counts[0]  # its finite keys: 7 sqrt(log2(2/eps)/n) less per click, n = N Q, decoys without fluctuations
    for n_sent, finite in (
        (1e9, [2.723e-2, 2.629e-3, 2.359e-4, 6.306e-5, 1.212e-5, 0]),
        (1e10, [2.745e-2, 2.698e-3, 2.576e-4, 7.529e-5, 1.905e-5, 2.422e-6]),
    ):
        corrected = np.maximum(0.0, rate - 7 * Q * np.sqrt(math.log2(2e10) / (n_sent * Q)))
        assert corrected == pytest.approx(finite, rel=5e-4, abs=1e-30)


def test_two_packages_whose_finite_keys_are_no_bounds_lie_above_ours() -> None:
    link = set_p([0, 50, 100])
    ours = finite_key_rate(link, n_block=1e9, security=promise())
    tno, qkdsec = np.array([2.24e-2, 1.70e-3, 9.5e-5]), np.array([2.723e-2, 2.629e-3, 2.359e-4])
    assert np.all(tno > 1.6 * ours)
    assert np.all(qkdsec > 2 * ours)
    assert qkdsec[2] / ours[2] == pytest.approx(6.5, rel=0.01)


def lims_own_rate(link: Link, n_sifted: float) -> float:
    """Rate with the paper's epsilon_sec, which is 1e-15 for each bit of the key."""
    p_insecure = 1e-10
    for _ in range(12):
        plan = one_plan(link, n_sifted, promise(p_insecure), block_of="sifted")
        key, n_pulses = plan.key(longest(plan))
        if key.bits[0] == 0:
            return 0.0
        p_insecure = 1e-15 * float(key.bits[0])
    return float(key.bits[0] / n_pulses[0])


def test_lims_ratio_of_two_block_lengths_needs_the_efficiency_of_the_whole_system() -> None:
    link = set_p(100, p_afterpulse=0.04)
    assert lims_own_rate(link, 1e9) / lims_own_rate(link, 1e7) == pytest.approx(1.79, abs=0.005)  # the paper: 1.75
    at_the_channel = Link.of(  # the misalignment multiplied as if the detector lost nothing, as printed
        eta=link.eta, p_dark=1.2e-6, p_key_error=0.05, p_test_error=0.05, p_afterpulse=0.04
    )
    assert lims_own_rate(at_the_channel, 1e9) / lims_own_rate(at_the_channel, 1e7) == pytest.approx(2.73, abs=0.01)


@pytest.mark.parametrize(("p_afterpulse", "last_km", "too_far_km"), [(0.0, 138, 143), (0.04, 120, 130)])
def test_ten_thousand_clicks_reach_the_135_km_of_lim_only_without_afterpulses(
    p_afterpulse: float, last_km: float, too_far_km: float
) -> None:
    assert lims_own_rate(set_p(last_km, p_afterpulse=p_afterpulse), 1e4) > 0
    assert lims_own_rate(set_p(too_far_km, p_afterpulse=p_afterpulse), 1e4) == 0


LINKS = st.builds(
    Link.of,
    eta=st.floats(1e-6, 1),
    p_dark=st.floats(0, 1e-3),
    p_key_error=st.floats(0, 0.5),
    p_test_error=st.floats(0, 0.5),
    p_afterpulse=st.floats(0, 0.1) | st.floats(0, 1),
)
BLOCKS = st.floats(0, 15).map(lambda power: 10**power)


@given(LINKS, BLOCKS)
def test_no_finite_key_is_longer_than_one_without_end(link: Link, n_block: float) -> None:
    rate = float(finite_key_rate(link, n_block=n_block, security=promise()))
    assert 0 <= rate <= float(asymptotic_key_rate(link, ec_inefficiency=1.16)) * (1 + 1e-9)


@given(LINKS, BLOCKS, st.floats(1, 100))
def test_a_longer_block_and_a_weaker_promise_never_shorten_the_key(link: Link, n_block: float, factor: float) -> None:
    rate = float(finite_key_rate(link, n_block=n_block, security=promise()))
    assert float(finite_key_rate(link, n_block=n_block * factor, security=promise())) >= rate * (1 - 1e-6)
    assert float(finite_key_rate(link, n_block=n_block, security=promise(1e-8))) >= rate * (1 - 1e-6)


def test_longer_blocks_come_as_close_as_one_likes_to_the_key_without_end() -> None:
    link = set_p(LENGTHS_KM[:4])
    rates = finite_key_rate(link, n_block=np.array([1e12, 1e16, 1e24, 1e30])[:, None], security=promise())
    missing = 1 - rates / asymptotic_key_rate(link, ec_inefficiency=1.16)
    assert np.all(np.diff(missing, axis=0) < 0)
    assert np.all(missing[-1] < 5e-3)


@pytest.mark.parametrize(
    ("eta", "p_dark", "error"), [(0, 0, 0), (0, 1, 0), (1, 1, 0), (1, 1, 0.5), (1, 0, 0.5), (1e-3, 1e-2, 0.0)]
)
def test_a_link_that_carries_no_secret_has_no_key_however_long_the_block(
    eta: float, p_dark: float, error: float
) -> None:
    link = Link.of(eta=eta, p_dark=p_dark, p_key_error=error, p_test_error=error)
    assert float(asymptotic_key_rate(link, ec_inefficiency=1.0)) == 0
    assert np.all(finite_key_rate(link, n_block=[0, 1, 1e6, 1e15], security=promise()) == 0)


@pytest.mark.parametrize("n_block", [0, 1, 100, 1e3, 1e4])
def test_a_block_too_short_has_no_key_even_over_a_perfect_link(n_block: float) -> None:
    link = Link.of(eta=1.0, p_dark=0.0, p_key_error=0.0, p_test_error=0.0)
    assert float(finite_key_rate(link, n_block=n_block, security=promise())) == 0


def test_measured_counts_whose_bounds_cross_zero_make_no_key() -> None:
    none = np.zeros(3)
    noisy = Block(
        n_key=np.array([9, 40, 5]) * 1e3, n_test=np.array([1e3, 1.0, 1e3]), n_wrong_key=none, n_wrong_test=none
    )
    for block in (noisy, Block(n_key=none, n_test=none, n_wrong_key=none, n_wrong_test=none)):
        key = block_key(block, LIM, promise())
        assert float(key.n_balance_bits) == -math.inf
        assert float(key.bits) == 0
        assert float(key.qber_phase) == 0.5


def test_a_yield_that_fluctuates_below_zero_counts_as_none() -> None:
    counts, spread = np.array([100.0, 100.0, 0.0]), np.array(10.0)
    assert float(vacuum_counts(LIM, counts, spread)) == 0
    assert float(single_photon_errors(LIM, np.array([0.0, 0.0, 50.0]), np.array(0.0))) == 0


@pytest.mark.parametrize("n_test", [1e2, 1e4, 1e6])
def test_a_test_without_an_error_proves_no_more_than_it_can(n_test: float) -> None:
    n_key, p_insecure = 1e6, 1e-10
    phi = float(phase_error(np.array(0.0), np.array(n_test), np.array(n_key), np.array(p_insecure)))
    if phi < 0.5:  # as many errors as allowed, all in the key's part of what was sampled
        share = n_test / (n_test + n_key)
        p_unseen = math.exp(phi * n_key * math.log1p(-share))
        assert p_unseen <= (p_insecure / 21) ** 2 * (1 + 1e-9)


@settings(max_examples=30)
@given(LINKS, st.integers(0, 2**32 - 1))
def test_drawn_counts_break_the_bounds_no_more_often_than_promised(link: Link, seed: int) -> None:
    rng = np.random.default_rng(seed)
    n_pulses, chance = 10**7, LIM.p_sent
    photons = np.arange(12)
    weights = np.exp(-LIM.n_photons[:, None]) * LIM.n_photons[:, None] ** photons
    weights = weights / np.array([math.factorial(n) for n in photons])
    by_number = rng.multinomial(n_pulses, np.append((chance[:, None] * weights).ravel(), 0.0).clip(0))[:-1].reshape(
        3, -1
    )
    seen = 1 - (1 - float(link.p_dark)) * (1 - float(link.eta)) ** photons
    counts = rng.binomial(by_number, seen)
    total = counts.sum(axis=1).astype(np.float64)
    spread = np.sqrt(total.sum() / 2 * math.log(21 / 1e-10))
    s0 = vacuum_counts(LIM, total, spread)
    assert float(s0) <= counts[:, 0].sum()
    assert float(single_photon_counts(LIM, total, spread, s0)) <= counts[:, 1].sum()


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda: Link.of(eta=1.1, p_dark=0, p_key_error=0, p_test_error=0), "eta"),
        (lambda: Link.of(eta=0.1, p_dark=-1, p_key_error=0, p_test_error=0), "p_dark"),
        (lambda: Link.of(eta=0.1, p_dark=0, p_key_error=0.6, p_test_error=0), "p_key_error"),
        (lambda: Link.of(eta=0.1, p_dark=0, p_key_error=0, p_test_error=math.nan), "p_test_error"),
        (lambda: Security.of(p_insecure=0, p_incorrect=1e-15, ec_inefficiency=1.1), "p_insecure"),
        (lambda: Security.of(p_insecure=1e-10, p_incorrect=1, ec_inefficiency=1.1), "p_incorrect"),
        (lambda: Security.of(p_insecure=1e-10, p_incorrect=1e-15, ec_inefficiency=0.9), "ec_inefficiency"),
        (lambda: finite_key_rate(set_p(50), n_block=-1, security=promise()), "n_block"),
    ],
)
def test_a_value_out_of_range_is_refused_by_its_name(call: Any, name: str) -> None:
    with pytest.raises(ValueError, match=name) as refused:
        call()
    assert isinstance(refused.value, (ParameterError, ValueError))
