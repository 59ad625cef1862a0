"""BBM92 over a pair source that shines all the time: against drawn detection times, an integral, a published link."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from qpsviz.errors import ParameterError
from qpsviz.protocols.bbm92 import PairLink, accidental_hz, live_share, window_share

LINK = PairLink(
    pair_hz=1.5e6,
    loss_a_db=12.0,
    loss_b_db=12.0,
    eta_detector=0.6,
    dark_a_hz=500.0,
    dark_b_hz=1800.0,
    dead_us=0.045,
    n_detectors=4,
    p_wrong=0.03,
    jitter_us=1.625e-3,
    ec_inefficiency=1.1,
)


def test_a_window_catches_the_share_of_a_normal_distribution_that_lies_in_it() -> None:
    windows_us = np.array([0.1, 0.7, 1.625, 3.0, 12.0])
    sigma_us = 1.625 / np.sqrt(8 * np.log(2))
    inside = norm.cdf(windows_us / 2, scale=sigma_us) - norm.cdf(-windows_us / 2, scale=sigma_us)
    np.testing.assert_allclose(window_share(windows_us, jitter_us=1.625), inside, rtol=1e-12)


def test_without_jitter_an_open_window_catches_every_pair_and_a_closed_one_none() -> None:
    np.testing.assert_array_equal(window_share([0.0, 1e-9], jitter_us=0.0), [0.0, 1.0])
    np.testing.assert_array_equal(window_share([0.0, 1e-9], jitter_us=5e-324), [0.0, 1.0])


def test_a_detector_that_is_dead_after_each_detection_counts_what_a_drawn_one_counts() -> None:
    """Drawn once: 5 standard deviations of the counts, so that a right program fails with a chance below 1e-6."""
    rng, light_hz, dead_us = np.random.default_rng(1), 2e6, 0.8
    times_us = np.cumsum(rng.exponential(1e6 / light_hz, 200_000))
    kept, free_at = 0, 0.0
    for time_us in times_us:
        if time_us >= free_at:
            kept, free_at = kept + 1, time_us + dead_us
    expected = float(live_share(light_hz, dead_us=dead_us)) * times_us.size
    assert kept == pytest.approx(expected, abs=5 * np.sqrt(expected))
    assert kept < 0.5 * times_us.size


def drawn(link: Any, seconds: int, seed: int) -> tuple[np.ndarray, ...]:
    """Detection times [us], bits and bases of both sides; without dead time."""
    rng = np.random.default_rng(seed)
    eta_a, eta_b = (10 ** (-loss / 10) * link.eta_detector for loss in (link.loss_a_db, link.loss_b_db))
    n_both = rng.poisson(link.pair_hz * eta_a * eta_b * seconds)
    n_a = rng.poisson((link.pair_hz * eta_a * (1 - eta_b) + link.dark_a_hz) * seconds)
    n_b = rng.poisson((link.pair_hz * eta_b * (1 - eta_a) + link.dark_b_hz) * seconds)
    made = rng.uniform(0, seconds * 1e6, n_both)
    spread = link.jitter_us / np.sqrt(8 * np.log(2)) / np.sqrt(2)
    sides = []
    bits = rng.integers(0, 2, n_both)
    for n_alone, flipped in ((n_a, np.zeros(n_both, dtype=int)), (n_b, rng.random(n_both) < link.p_wrong)):
        times = np.concatenate([made + rng.normal(0, spread, n_both), rng.uniform(0, seconds * 1e6, n_alone)])
        told = np.concatenate([bits ^ flipped, rng.integers(0, 2, n_alone)])
        order = np.argsort(times)
        bases = rng.integers(0, 2, times.size)
        sides += [times[order], told[order], bases[order]]
    return tuple(sides)


@pytest.mark.parametrize("window_us", [1e-3, 4.5e-3, 40e-3])
def test_raw_key_and_error_rate_are_those_of_drawn_detection_times(window_us: float) -> None:
    """20 s drawn once, counted without the model: 5 standard deviations, so that a right program fails below 1e-6.

    Pairs with different bases carry random bits, so only those of equal bases are counted for a raw key.
    """
    link = replace(LINK, dead_us=0.0)
    a, bits_a, bases_a, b, bits_b, bases_b = drawn(link, seconds=20, seed=7)
    first, last = np.searchsorted(b, a - window_us / 2), np.searchsorted(b, a + window_us / 2)
    met = np.flatnonzero(last > first)
    partner = first[met]
    sifted = bases_a[met] == bases_b[partner]
    wrong = (bits_a[met] != bits_b[partner])[sifted]
    n_raw = int(sifted.sum())
    assert n_raw / 20 == pytest.approx(float(link.raw_hz(window_us)), abs=5 * np.sqrt(n_raw) / 20)
    q = float(link.qber(window_us))
    assert wrong.mean() == pytest.approx(q, abs=5 * np.sqrt(q * (1 - q) / n_raw))


def test_the_numbers_that_its_authors_print_for_the_measured_link_come_out_at_windows_within_four_percent() -> None:
    """PHYSICS section 9: raw key, error rate and key of the theory, whose windows differ from those measured."""
    printed = {
        0.49: (305, 3.13, 176),
        1.03: (572.0, 3.14, 330),
        1.97: (918, 3.17, 527),
        4.55: (1080, 3.33, 602),
        9.55: (1090, 3.72, 566),
    }
    for window_ns, (raw_hz, percent, key_hz) in printed.items():
        near = np.linspace(0.96, 1.04, 801) * window_ns * 1e-3
        fits = (
            (np.abs(LINK.raw_hz(near) - raw_hz) <= 0.5)
            & (np.abs(100 * LINK.qber(near) - percent) <= 0.005)
            & (np.abs(LINK.key_hz(near) - key_hz) <= 0.5)
        )
        assert fits.any(), window_ns


def test_what_was_measured_is_met_to_ten_percent_in_keys_and_fifteen_in_error_rates() -> None:
    """PHYSICS section 9: measured raw key and key per second, error rate in percent, at five windows."""
    windows_us = np.array([0.49, 1.03, 1.97, 4.55, 9.55]) * 1e-3
    np.testing.assert_allclose(LINK.raw_hz(windows_us), [297, 572.5, 888, 1051, 1072], rtol=0.03)
    np.testing.assert_allclose(100 * LINK.qber(windows_us), [3.58, 3.40, 3.23, 3.51, 3.89], rtol=0.15)
    np.testing.assert_allclose(LINK.key_hz(windows_us), [158, 315, 505, 567, 538], rtol=0.10)


def test_the_key_that_was_measured_is_the_raw_key_times_1_minus_2_1_entropies_of_the_error_rate() -> None:
    raw_hz, q = np.array([297.178, 572.453, 888.375]), np.array([0.035766, 0.033998, 0.032255])
    entropy = -q * np.log2(q) - (1 - q) * np.log2(1 - q)
    np.testing.assert_allclose(raw_hz * (1 - 2.1 * entropy), [158.302, 315.117, 504.848], rtol=1e-4)
    ours = LINK.key_hz(1e-3) / LINK.raw_hz(1e-3)
    q_ours = LINK.qber(1e-3)
    h = -q_ours * np.log2(q_ours) - (1 - q_ours) * np.log2(1 - q_ours)
    assert ours == pytest.approx(1 - 2.1 * h, rel=1e-12)


def test_a_wider_window_gives_more_raw_key_and_more_errors_and_the_key_has_one_maximum() -> None:
    windows_us = np.geomspace(1e-4, 1.0, 400)
    assert (np.diff(LINK.raw_hz(windows_us)) > 0).all()
    assert (np.diff(LINK.qber(windows_us)) > 0).all()
    turns = np.diff(np.sign(np.diff(LINK.key_hz(windows_us)[LINK.key_hz(windows_us) > 0])))
    assert np.count_nonzero(turns) == 1


@given(st.floats(0, 60), st.floats(0, 60), st.floats(0, 1e4), st.floats(1e-5, 0.1))
def test_both_sides_may_be_exchanged(loss_a_db: float, loss_b_db: float, dark_hz: float, window_us: float) -> None:
    link = replace(LINK, loss_a_db=loss_a_db, loss_b_db=loss_b_db, dark_a_hz=dark_hz)
    turned = replace(link, loss_a_db=loss_b_db, loss_b_db=loss_a_db, dark_a_hz=link.dark_b_hz, dark_b_hz=dark_hz)
    assert link.key_hz(window_us) == pytest.approx(turned.key_hz(window_us), rel=1e-9)
    assert link.qber(window_us) == pytest.approx(turned.qber(window_us), rel=1e-9)


def test_without_light_the_errors_are_random_and_nothing_is_a_key() -> None:
    dark = replace(LINK, pair_hz=0.0)
    assert dark.qber(1e-3) == 0.5
    assert dark.key_hz(1e-3) == 0.0
    assert dark.raw_hz(1e-3) == pytest.approx(0.5 * accidental_hz(500.0, 1800.0, window_us=1e-3), rel=1e-4)
    assert LINK.qber(0.0) == 0.5
    assert LINK.raw_hz(0.0) == 0.0


def test_windows_and_rates_broadcast_together() -> None:
    link = replace(LINK, pair_hz=np.array([[1e6], [2e6], [4e6]]))
    keys = link.key_hz(np.array([1e-3, 4e-3]))
    assert keys.shape == (3, 2)
    assert keys[1, 1] == replace(LINK, pair_hz=2e6).key_hz(4e-3)


@pytest.mark.parametrize(
    "change",
    [
        {"pair_hz": -1.0},
        {"loss_b_db": -0.1},
        {"eta_detector": 1.1},
        {"dead_us": np.nan},
        {"n_detectors": 0},
        {"p_wrong": 2.0},
        {"ec_inefficiency": 0.9},
    ],
)
def test_a_link_that_cannot_be_is_refused_by_name(change: dict[str, Any]) -> None:
    ((name, _),) = change.items()
    with pytest.raises(ValueError, match=f"{name} = .* is outside"):
        replace(LINK, **change)


def test_a_negative_window_is_refused() -> None:
    with pytest.raises(ValueError, match="window_us = -1 is outside"):
        LINK.raw_hz(-1.0)


def test_a_window_in_which_sides_detect_often_is_refused_and_never_brings_key_back() -> None:
    windows_us = np.geomspace(1e-3, 1.5, 200)  # 0.09 detections of a side in the widest
    key_hz = LINK.key_hz(windows_us)
    ended = int(np.flatnonzero(key_hz > 0)[-1])
    assert ended < windows_us.size - 1
    assert not key_hz[ended + 1 :].any()
    assert np.all(np.diff(LINK.qber(windows_us)) > 0)
    for window_us in (10.0, 1e3, 1e6, 1e300, np.inf):
        for ask in (LINK.raw_hz, LINK.qber, LINK.key_hz, LINK.accidentals_hz):
            with pytest.raises(ValueError, match="window_us"):
                ask(window_us)
    with pytest.raises(ParameterError, match=r"one side detects 0\.585 times in a window"):
        LINK.key_hz(np.array([1e-3, 10.0]))


def test_accidentals_are_the_product_of_both_rates_and_the_window_to_a_tenth_wherever_they_are_given() -> None:
    for n in (1e-9, 1e-3, 0.05, 0.1):
        found = float(accidental_hz(n * 1e6, n * 0.5e6, window_us=1.0))
        assert 0.9 < found / (n * 1e6 * n * 0.5e6 * 1e-6) <= 1 + 1e-9


@pytest.mark.parametrize("n_detectors", [0, -1, 2.5, np.nan, np.inf])
def test_detectors_that_are_not_whole_are_refused(n_detectors: float) -> None:
    for call in (lambda: replace(LINK, n_detectors=n_detectors), lambda: live_share(1e5, dead_us=1.0,
        n_detectors=n_detectors)):  # fmt: skip
        with pytest.raises(ValueError, match="n_detectors"):
            call()


@pytest.mark.parametrize("name", ["pair_hz", "dark_a_hz", "dark_b_hz", "dead_us"])
def test_an_endless_rate_or_time_of_a_link_is_refused_by_its_name(name: str) -> None:
    with pytest.raises(ValueError, match=name):
        replace(LINK, **{name: np.inf})
