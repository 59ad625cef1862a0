"""Counts of a block that cannot be: each is refused by its name, or makes no key and says so."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qpsviz.errors import ParameterError
from qpsviz.protocols.decoy import (
    Block,
    Intensities,
    Link,
    Plan,
    Security,
    best_block,
    block_key,
    finite_key_rate,
)

LIM = Intensities(n_photons=np.array([0.62, 0.29, 2e-4]), p_sent=np.array([0.55, 0.31, 0.14]))
LINK = Link.of(eta=0.01, p_dark=1.2e-6, p_key_error=0.005, p_test_error=0.005)
PROMISE = Security.of(p_insecure=1e-10, p_incorrect=1e-15, ec_inefficiency=1.16)
HONEST = Block.expected(LINK, LIM, p_key_basis=np.array(0.88), n_pulses=np.array(1e10))
OTHERS = "the clicks are not those of these intensities"


def sent(n_photons: Any, p_sent: Any) -> Intensities:
    return Intensities(n_photons=np.array(n_photons, dtype=float), p_sent=np.array(p_sent, dtype=float))


def test_honest_counts_are_possible_and_make_the_key_of_the_fixed_settings() -> None:
    key = block_key(HONEST, LIM, PROMISE)
    assert bool(key.is_possible)
    assert str(key.reason) == ""
    assert round(float(key.bits)) == 12_541_056


@pytest.mark.parametrize(
    "changed",
    [
        {"n_test": np.array([0.0, 1e7, 0.0]), "n_wrong_test": np.array([0.0, 5e4, 0.0])},
        {"n_test": HONEST.n_test * [1, 10, 1]},
        {"n_key": HONEST.n_key * [1, 10, 1]},
        {"n_key": HONEST.n_key[::-1], "n_wrong_key": np.zeros(3)},
        {"n_test": HONEST.n_test * [1, 1, 1e4]},
        {"n_wrong_test": np.array([0.0, 0.0, 300.0]), "n_test": HONEST.n_test + np.array([0, 0, 300])},
        {"n_wrong_key": np.array([3e4, 4e5, 0.0])},
    ],
)
def test_counts_whose_bounds_contradict_each_other_in_either_basis_make_no_key(changed: dict[str, Any]) -> None:
    key = block_key(replace(HONEST, **changed), LIM, PROMISE)
    assert float(key.bits) == 0
    assert float(key.n_balance_bits) == -math.inf
    assert not bool(key.is_possible)
    assert str(key.reason) == OTHERS


@pytest.mark.parametrize("name", ["n_key", "n_test", "n_wrong_key", "n_wrong_test"])
@pytest.mark.parametrize("factor", [-1.0, math.nan, math.inf, 1e300])
def test_counts_that_are_none_are_refused_by_their_name(name: str, factor: float) -> None:
    with pytest.raises(ParameterError, match=name) as refused:
        block_key(replace(HONEST, **{name: getattr(HONEST, name) * factor}), LIM, PROMISE)
    assert refused.value.name == name


@pytest.mark.parametrize("basis", ["key", "test"])
def test_more_wrong_clicks_than_clicks_are_refused(basis: str) -> None:
    with pytest.raises(ParameterError, match=f"n_wrong_{basis}"):
        block_key(replace(HONEST, **{f"n_wrong_{basis}": getattr(HONEST, f"n_{basis}") * 1.001}), LIM, PROMISE)


@pytest.mark.parametrize("values", [[], [1.0, 2.0], [1.0] * 4, 3.0, "words"])
def test_counts_that_are_not_three_are_refused(values: Any) -> None:
    with pytest.raises(ParameterError, match="n_key"):
        block_key(replace(HONEST, n_key=values if isinstance(values, str) else np.array(values)), LIM, PROMISE)


@pytest.mark.parametrize(
    ("given_sent", "name"),
    [
        (sent([0.29, 0.62, 2e-4], [0.31, 0.55, 0.14]), "n_photons"),
        (sent([0.5, 0.5, 2e-4], [0.5, 0.3, 0.2]), "n_photons"),
        (sent([0.3, 0.2, 0.15], [0.5, 0.3, 0.2]), "n_photons"),
        (sent([0.62, 0.29, -0.1], [0.55, 0.31, 0.14]), "n_photons"),
        (sent([0.62, math.nan, 2e-4], [0.55, 0.31, 0.14]), "n_photons"),
        (sent([0.0, 0.0, 0.0], [0.55, 0.31, 0.14]), "n_photons"),
        (sent([700.0, 300.0, 1.0], [0.55, 0.31, 0.14]), "n_photons"),
        (sent([0.6, 0.2], [0.5, 0.5]), "n_photons"),
        (sent([0.62, 0.29, 2e-4], [1.0, 0.6, 0.4]), "p_sent"),
        (sent([0.62, 0.29, 2e-4], [0.7, 0.3, 0.0]), "p_sent"),
        (sent([0.62, 0.29, 2e-4], [0.9, 0.3, -0.2]), "p_sent"),
        (sent([0.62, 0.29, 2e-4], [0.5, 0.5, math.nan]), "p_sent"),
    ],
)
def test_intensities_that_nobody_sends_are_refused(given_sent: Intensities, name: str) -> None:
    with pytest.raises(ParameterError, match=name) as refused:
        block_key(HONEST, given_sent, PROMISE)
    assert refused.value.name == name


@given(st.floats(1e-6, 1), st.floats(0, 1), st.floats(0, 0.5), st.floats(0, 1), st.integers(0, 2**32 - 1))
def test_counts_drawn_from_a_link_never_contradict_their_intensities(
    eta: float, p_dark: float, error: float, p_afterpulse: float, seed: int
) -> None:
    """A right program fails with a chance below 1e-9 for each link: the bounds hold but for 1e-10."""
    link = Link.of(eta=eta, p_dark=p_dark, p_key_error=error, p_test_error=error, p_afterpulse=p_afterpulse)
    mean = Block.expected(link, LIM, p_key_basis=np.array(0.88), n_pulses=np.array(1e9))
    rng = np.random.default_rng(seed)
    wrong = [rng.poisson(m) for m in (mean.n_wrong_key, mean.n_wrong_test)]
    right = [rng.poisson(np.maximum(0.0, n - m)) for n, m in (
        (mean.n_key, mean.n_wrong_key), (mean.n_test, mean.n_wrong_test))]  # fmt: skip
    drawn = Block(
        n_key=np.asarray(right[0] + wrong[0], dtype=float), n_test=np.asarray(right[1] + wrong[1], dtype=float),
        n_wrong_key=np.asarray(wrong[0], dtype=float), n_wrong_test=np.asarray(wrong[1], dtype=float),
    )  # fmt: skip
    for block in (mean, drawn):
        assert bool(block_key(block, LIM, PROMISE).is_possible)


def test_a_block_without_a_pulse_has_no_key_and_one_without_an_end_is_refused() -> None:
    assert float(finite_key_rate(LINK, n_block=0, security=PROMISE, block_of="sifted")) == 0
    for call in (finite_key_rate, best_block):
        with pytest.raises(ValueError, match="n_block"):
            call(LINK, n_block=math.inf, security=PROMISE)


def test_a_block_of_an_unknown_word_is_refused() -> None:
    wrong: Any = "nonsense"
    for call in (finite_key_rate, best_block):
        with pytest.raises(ParameterError, match="block_of"):
            call(LINK, n_block=1e9, security=PROMISE, block_of=wrong)
    with pytest.raises(ParameterError, match="block_of"):
        Plan(link=LINK, security=PROMISE, n_block=np.array([1e9]), block_of=wrong)


@pytest.mark.parametrize("n_block", ["x", None, 0, math.nan, True])
def test_a_best_block_of_no_number_is_refused_by_its_name(n_block: Any) -> None:
    with pytest.raises(ParameterError, match="n_block"):
        best_block(LINK, n_block=n_block, security=PROMISE)


@pytest.mark.parametrize("name", ["p_insecure", "p_incorrect"])
@pytest.mark.parametrize("chance", [0.0, 1e-320, 1.0])
def test_a_promise_that_nothing_keeps_is_refused(name: str, chance: float) -> None:
    promised: dict[str, float] = {"p_insecure": 1e-10, "p_incorrect": 1e-15, "ec_inefficiency": 1.1}
    with pytest.raises(ParameterError, match=name):
        Security.of(**(promised | {name: chance}))
