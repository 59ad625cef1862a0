"""Confidence intervals: stated coverage, known values and limits."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, binomtest

from qpsviz.protocols.sampling import Estimate, correlation, interval, share
from qpsviz.protocols.sampling.estimates import METHODS, bell_fidelity

COUNTS = st.integers(1, 10_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(COUNTS, st.sampled_from(METHODS), st.sampled_from([0.5, 0.9, 0.95, 0.999]))
def test_an_interval_is_the_one_that_scipy_computes(counts: tuple[int, int], method: str, p_coverage: float) -> None:
    k, n = counts
    known = binomtest(k, n).proportion_ci(p_coverage, method={"wilson": "wilson", "clopper-pearson": "exact"}[method])
    found = interval(k, n, p_coverage=p_coverage, method=method)
    assert [float(end) for end in found] == pytest.approx([known.low, known.high], abs=1e-9)


@given(COUNTS, st.sampled_from(METHODS))
def test_an_interval_holds_the_share_found_and_stays_a_chance(counts: tuple[int, int], method: str) -> None:
    k, n = counts
    lo, hi = interval(k, n, method=method)
    assert 0 <= lo <= k / n <= hi <= 1
    wide = interval(k, n, p_coverage=0.999, method=method)
    assert wide[0] <= lo
    assert hi <= wide[1]


@given(st.floats(1e-9, 1 - 1e-9), st.integers(1, 300))
def test_clopper_and_pearson_cover_any_truth_at_least_as_often_as_they_say(p: float, n: int) -> None:
    k = np.arange(n + 1)
    lo, hi = interval(k, n, p_coverage=0.9, method="clopper-pearson")
    assert binom.pmf(k, n, p)[(lo <= p) & (p <= hi)].sum() >= 0.9 - 1e-9


@pytest.mark.parametrize("n", [20, 200, 2000])
def test_wilson_covers_truths_as_often_as_it_says_on_average(n: int) -> None:
    k, truths = np.arange(n + 1), np.linspace(0.02, 0.98, 97)[:, None]
    lo, hi = interval(k, n)
    covered = np.where((lo <= truths) & (truths <= hi), binom.pmf(k, n, truths), 0).sum(axis=1)
    assert covered.mean() == pytest.approx(0.95, abs=0.01)


def test_without_trials_nothing_is_known() -> None:
    for method in METHODS:
        nothing = share(0, 0, method=method)
        assert math.isnan(nothing.value)
        assert (nothing.lo, nothing.hi, nothing.n_trials) == (0, 1, 0)
    unknown = correlation(0, 0)
    assert (unknown.lo, unknown.hi) == (-1, 1)
    fidelity = bell_fidelity(unknown, unknown, unknown)
    assert math.isnan(fidelity.value)
    assert (fidelity.lo, fidelity.hi) == (0, 1)


def test_a_correlation_runs_from_minus_one_to_one() -> None:
    assert [correlation(k, 100).value for k in (0, 50, 100)] == [-1, 0, 1]
    assert correlation(75, 100).covers(0.5)
    assert not correlation(75, 100).covers(0.0)


def test_a_fidelity_takes_each_correlation_with_its_sign() -> None:
    def at(value: float, half: float) -> Estimate:
        return Estimate(value=value, lo=value - half, hi=value + half, n_trials=10, p_coverage=0.95)

    found = bell_fidelity(at(0.8, 0.03), at(-0.7, 0.04), at(0.9, 0.0))
    assert (found.value, found.n_trials) == (pytest.approx(0.85), 30)
    assert (found.lo, found.hi) == (pytest.approx(0.85 - 0.0125), pytest.approx(0.85 + 0.0125))
    careful = bell_fidelity(at(0.8, 0.03), at(-0.7, 0.04), at(0.9, 0.0), method="clopper-pearson")
    assert (careful.lo, careful.p_coverage) == (pytest.approx(0.85 - 0.0175), pytest.approx(0.85))
    with pytest.raises(ValueError, match="method = 'sure' is not one of"):
        bell_fidelity(at(0.8, 0.03), at(-0.7, 0.04), at(0.9, 0.0), method="sure")


@pytest.mark.parametrize(
    ("call", "named"),
    [
        (lambda: interval(3, 2), "n_found = 3 is more than n_trials = 2"),
        (lambda: interval(-1, 2), "n_found = -1"),
        (lambda: interval(0, math.nan), "n_trials = nan"),
        (lambda: interval(1, 2, p_coverage=1.0), r"p_coverage = 1\.0 must lie between 0 and 1"),
        (lambda: interval(1, 2, p_coverage=math.nan), "p_coverage = nan"),
        (lambda: interval(1, 2, method="wald"), "method = 'wald' is not one of wilson, clopper-pearson"),
    ],
)
def test_bad_input_is_named_with_its_value(call: Callable[[], object], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        call()
