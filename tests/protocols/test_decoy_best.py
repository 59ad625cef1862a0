"""Blocks that make no key say why, searches that end at an edge say so, and none of them invents a key."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import qpsviz as qps
from qpsviz.closed_form.block import decoy_block
from qpsviz.protocols.decoy import (
    Block,
    Intensities,
    Link,
    Security,
    asymptotic_key_rate,
    best_block,
    block_key,
    finite_key_rate,
)

PROMISE = Security.of(p_insecure=1e-10, p_incorrect=1e-15, ec_inefficiency=1.16)
LIM = Intensities(n_photons=np.array([0.62, 0.29, 2e-4]), p_sent=np.array([0.55, 0.31, 0.14]))


def link(eta: float, p_dark: float, error: float) -> Link:
    return Link.of(eta=eta, p_dark=p_dark, p_key_error=error, p_test_error=error)


@pytest.mark.parametrize(
    ("eta", "p_dark", "error", "n_block", "words"),
    [
        (0.1, 1e-6, 0.005, 1e3, "no single photon for certain in the basis of the key"),
        (0.1, 1e-6, 0.005, 1e5, "no single photon for certain in the basis of the key"),
        (1e-3, 1e-6, 0.12, 1e12, "error correction takes more bits"),
        (0.1, 0.0, 0.5, 1e10, "phase errors may be as frequent as one half"),
        (0.0, 0.0, 0.0, 1e9, "no click was sifted"),
    ],
)
def test_a_block_without_a_key_says_what_is_missing(
    eta: float, p_dark: float, error: float, n_block: float, words: str
) -> None:
    found = best_block(link(eta, p_dark, error), n_block=n_block, security=PROMISE)
    assert float(found.key.bits) == 0
    assert words in found.reason


@pytest.mark.parametrize(
    ("n_key", "n_test", "wrong_key", "wrong_test", "words"),
    [
        ((0, 0, 0), (0, 0, 0), 0.0, 0.0, "no click was sifted"),
        ((5e5, 1.3e5, 200), (5e5, 1.3e5, 200), 0.0, 0.0, ""),
        ((1e5, 1e3, 1e3), (5e5, 1.3e5, 200), 0.0, 0.0, "in the basis of the key"),
        ((5e5, 1.3e5, 200), (1e5, 1e3, 1e3), 0.0, 0.0, "in the test basis"),
        ((5e5, 1.3e5, 200), (5e5, 1.3e5, 200), 0.0, 0.4, "phase errors"),
        ((5e5, 1.3e5, 200), (5e5, 1.3e5, 200), 0.3, 0.01, "error correction takes more bits"),
        ((1e5, 1e5, 200), (5e5, 1.3e5, 200), 0.0, 0.0, "not those of these intensities"),
        ((1e3, 1e5, 1.0), (5e5, 1.3e5, 200), 0.0, 0.0, "not those of these intensities"),
    ],
)  # fmt: skip
def test_measured_counts_without_a_key_say_what_is_missing(
    n_key: Any, n_test: Any, wrong_key: float, wrong_test: float, words: str
) -> None:
    key_counts, test_counts = np.array(n_key, dtype=float), np.array(n_test, dtype=float)
    block = Block(
        n_key=key_counts, n_test=test_counts, n_wrong_key=wrong_key * key_counts, n_wrong_test=wrong_test * test_counts
    )
    key = block_key(block, LIM, PROMISE)
    assert words in str(key.reason)
    assert (float(key.bits) > 0) == (words == "")
    assert float(key.bits) < float(key.n_sifted) or words


def test_a_bound_that_crosses_zero_is_told_from_one_that_leaves_too_few_bits() -> None:
    lengths = np.geomspace(1e5, 1e8, 40)
    found = [best_block(link(0.02, 1e-6, 0.005), n_block=float(n), security=PROMISE) for n in lengths]
    bits, reasons = [float(b.key.bits) for b in found], [b.reason for b in found]
    first = next(i for i, b in enumerate(bits) if b)
    assert all(b > 0 for b in bits[first:])
    assert all(reasons[:first])
    assert not any(reasons[first:])
    assert bits == sorted(bits)


@settings(max_examples=30)
@given(st.floats(0, 1), st.floats(0, 1e-2), st.floats(0, 0.5), st.floats(0, 15).map(lambda power: 10**power))
def test_a_reason_is_given_if_and_only_if_there_is_no_key_and_no_key_beats_one_without_end(
    eta: float, p_dark: float, error: float, n_block: float
) -> None:
    one = link(eta, p_dark, error)
    found = best_block(one, n_block=n_block, security=PROMISE)
    rate = float(found.key.bits) / n_block
    assert (found.reason == "") == (rate > 0)
    assert rate <= float(asymptotic_key_rate(one, ec_inefficiency=1.16)) * (1 + 1e-9)
    assert rate == pytest.approx(float(finite_key_rate(one, n_block=n_block, security=PROMISE)), rel=1e-6, abs=1e-30)


def test_a_search_at_its_edge_says_which_setting_is_there() -> None:
    near = best_block(link(1.0, 0.0, 0.0), n_block=1e30, security=PROMISE)
    assert near.edges == ("the decoy is hardly brighter than the near-vacuum pulse",)
    assert float(near.key.bits) < 1e30 * math.exp(-1.0)  # one photon in a pulse at most so often
    assert best_block(link(0.1, 1e-6, 0.005), n_block=1e10, security=PROMISE).edges == ()


def test_a_scenario_tells_the_block_behind_its_finite_key() -> None:
    s = qps.preset("fig7").replace(n_relays=2, length_km=50.0, misalignment=0.01)
    block = decoy_block(s)
    kept = qps.evaluate(s, "retention_per_channel_time")
    assert block.n_pulses == pytest.approx(1e10 * kept)
    assert float(block.key.bits) / 1e10 == pytest.approx(qps.evaluate(s, "key_rate_finite"), rel=1e-6)
    assert decoy_block(s.replace(n_block_pulses=1e5)).reason != ""
    with pytest.raises(qps.ParameterError, match="routing leaves 0 pulses"):
        decoy_block(s.replace(p_free=0.0))


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda: best_block(link(0.1, 0, 0), n_block=0.0, security=PROMISE), "n_block"),
        (lambda: best_block(link(0.1, 0, 0), n_block=math.inf, security=PROMISE), "n_block"),
        (lambda: best_block(link(0.1, 0, 0), n_block=math.nan, security=PROMISE), "n_block"),
        (lambda: best_block(Link.of(eta=[0.1, 0.2], p_dark=0, p_key_error=0, p_test_error=0), n_block=1e9,
                            security=PROMISE), "one number each"),
    ],
)  # fmt: skip
def test_a_block_that_cannot_be_is_refused(call: Any, name: str) -> None:
    with pytest.raises(qps.ParameterError, match=name):
        call()
