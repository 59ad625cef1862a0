"""What one element does to a qubit: laws, limits and the table of the phase-covariant elements."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qpsviz.noise import QubitChannel, depolarising, fibre, loss, memory
from qpsviz.noise.elements import check_t1_t2, depolarising_survival

TIMES = st.floats(1e-2, 1e6)


def four(channel: QubitChannel) -> list[float]:
    """The four numbers of a scalar channel."""
    return [float(v) for v in (channel.eta, channel.c, channel.a, channel.b)]


def test_50_km_at_0_2_db_per_km_keep_a_tenth_of_the_photons() -> None:
    assert four(fibre(50.0, loss_db_per_km=0.2)) == pytest.approx([0.1, 1, 1, 0], rel=1e-14)


def test_insertion_loss_leaves_the_state_of_survivors_alone() -> None:
    assert four(loss(10.0)) == pytest.approx([0.1, 1, 1, 0], rel=1e-15)


@pytest.mark.parametrize(("convention", "survival"), [("decibel", 10**-0.44), ("printed", 10**-4.4)])
def test_eq_4_over_550_km_in_both_readings(convention: str, survival: float) -> None:
    channel = fibre(550.0, depol_per_km=0.008, convention=convention)
    assert four(channel) == pytest.approx([1, survival, survival, 0], rel=1e-13)


def test_one_dwell_of_125_us_in_the_papers_memory() -> None:
    kept = math.exp(-0.25)
    assert four(memory(125.0, t1_us=500.0, t2_us=500.0)) == pytest.approx([1, kept, kept, 1 - kept], rel=1e-14)
    assert four(memory(125.0, t1_us=500.0, t2_us=500.0, model="twirled")) == pytest.approx(
        [1, kept, kept, 0], rel=1e-14
    )


@given(st.floats(0, 1000), st.floats(0, 1000), st.sampled_from(["decibel", "printed"]))
def test_two_stretches_of_fibre_are_one_of_their_length(first: float, second: float, convention: str) -> None:
    def stretch(length_km: float) -> QubitChannel:
        return fibre(length_km, loss_db_per_km=0.2, depol_per_km=0.008, convention=convention)

    joined = four(stretch(first).then(stretch(second)))
    assert joined == pytest.approx(four(stretch(first + second)), rel=1e-11, abs=1e-300)


@given(st.floats(0, 1e4), st.floats(0, 1e4), TIMES, st.floats(1e-3, 2), st.sampled_from(["t1t2", "twirled"]))
def test_two_dwells_are_one_of_their_sum(first: float, second: float, t1_us: float, ratio: float, model: str) -> None:
    def held(dwell_us: float) -> QubitChannel:
        return memory(dwell_us, t1_us=t1_us, t2_us=ratio * t1_us, model=model)

    joined = four(held(first).then(held(second)))
    assert joined == pytest.approx(four(held(first + second)), rel=1e-9, abs=1e-14)


@given(st.floats(0, 1e5), st.floats(0, 1e5), TIMES)
def test_a_longer_dwell_never_preserves_more(first: float, second: float, time_us: float) -> None:
    short, long = (memory(t, t1_us=time_us, t2_us=time_us) for t in sorted((first, second)))
    assert float(long.c) <= float(short.c)
    assert float(long.a) <= float(short.a)
    assert float(long.b) >= float(short.b)


@given(st.floats(0, 1e5), TIMES, TIMES)
def test_a_better_memory_never_preserves_less(dwell_us: float, first: float, second: float) -> None:
    worse, better = (memory(dwell_us, t1_us=t, t2_us=t) for t in sorted((first, second)))
    assert float(better.c) >= float(worse.c)
    assert float(better.a) >= float(worse.a)


@given(st.floats(0, 1e5))
def test_a_memory_without_decay_is_the_identity(dwell_us: float) -> None:
    assert four(memory(dwell_us, t1_us=math.inf, t2_us=math.inf)) == [1, 1, 1, 0]


def test_waiting_for_ever_ends_in_the_ground_state_unless_nothing_decays() -> None:
    assert four(memory(math.inf, t1_us=500.0, t2_us=500.0)) == [1, 0, 0, 1]
    assert four(memory(math.inf)) == [1, 1, 1, 0]
    assert four(memory(0.0, t1_us=0.0, t2_us=0.0)) == [1, 1, 1, 0]
    assert four(memory(1.0, t1_us=0.0, t2_us=0.0)) == [1, 0, 0, 1]


@given(st.floats(0, 1e4), st.floats(0, 1), st.floats(0, 1))
def test_the_printed_exponent_always_scrambles_more(length_km: float, first: float, second: float) -> None:
    decibel = depolarising_survival(length_km, depol_per_km=first)
    assert float(depolarising_survival(length_km, depol_per_km=first, convention="printed")) <= float(decibel)
    low, high = sorted((first, second))
    assert depolarising_survival(length_km, depol_per_km=high) <= depolarising_survival(length_km, depol_per_km=low)


@given(TIMES, st.floats(2.0001, 100))
def test_no_memory_dephases_slower_than_twice_its_relaxation(t1_us: float, ratio: float) -> None:
    with pytest.raises(ValueError, match=r"t2_us = .* exceeds 2 \* t1_us = "):
        memory(1.0, t1_us=t1_us, t2_us=ratio * t1_us)
    check_t1_t2(t1_us, 2 * t1_us)


def test_one_impossible_memory_in_an_array_is_found_and_named() -> None:
    with pytest.raises(ValueError, match="t2_us = 900 exceeds 2 \\* t1_us = 800"):
        memory(1.0, t1_us=[500.0, 400.0], t2_us=[500.0, 900.0])


@pytest.mark.parametrize(
    ("call", "named"),
    [
        (lambda: loss(-1.0), "loss_db = -1 is outside 0"),
        (lambda: loss(math.nan), "loss_db = nan"),
        (lambda: fibre(-1.0), "length_km = -1"),
        (lambda: fibre(1.0, loss_db_per_km=-0.2), "loss_db_per_km = -0.2"),
        (lambda: fibre(1.0, depol_per_km=-0.1), "depol_per_km = -0.1"),
        (lambda: fibre(1.0, convention="db"), "depol_convention = 'db' is not one of decibel, printed"),
        (lambda: memory(-1.0), "dwell_us = -1"),
        (lambda: memory([0.0, math.nan], t1_us=1.0, t2_us=1.0), "dwell_us = nan"),
        (lambda: memory(1.0, t1_us=-1.0, t2_us=-3.0), "t1_us = -1"),
        (lambda: memory(1.0, eta=1.5), "eta = 1.5 is outside 0 … 1"),
        (lambda: memory(1.0, model="t1"), "memory_model = 't1' is not one of t1t2, twirled"),
        (lambda: depolarising(1.01), "survival = 1.01 is outside 0 … 1"),
    ],
)  # fmt: skip
def test_bad_input_is_named_with_its_value_and_range(call: object, named: str) -> None:
    with pytest.raises(ValueError, match=named.replace("…", ".")):
        call()  # type: ignore[operator]


def test_elements_take_arrays() -> None:
    dwells = np.array([[0.0], [125.0]])
    assert memory(dwells, t1_us=[100.0, 200.0, 300.0], t2_us=100.0).shape == (2, 3)
