"""What waiting costs: the table of storages, and laws that all of them keep."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qpsviz import Scenario
from qpsviz.noise.storage import (
    KINDS,
    STORAGES,
    DelayLine,
    RecirculatingLoop,
    Storage,
    T1T2Memory,
    storage_of,
    whole_turns_us,
)
from qpsviz.scenario import parameter
from qpsviz.units.times import is_after

DWELLS = st.floats(0, 1e6)
TURNS = st.floats(1e-3, 1e4)

DELAY_LINES = {kind.word: kind.make(Scenario().values()) for kind in KINDS if kind.type is DelayLine}


def stored(name: str, **values: object) -> Storage:
    """The storage that a scenario calls by this name."""
    return storage_of(Scenario().replace(storage=name, **values).values())


@pytest.mark.parametrize(
    ("name", "db_per_us"), [("delay_line", 0.040), ("ultra_low_loss", 0.033), ("hollow_core", 0.027)]
)
def test_a_microsecond_in_fibre_costs_what_the_table_of_storages_says(name: str, db_per_us: float) -> None:
    assert round(float(stored(name).loss_db(1.0)), 3) == db_per_us


def test_125_us_in_standard_fibre_cost_5_db() -> None:
    assert float(stored("delay_line").loss_db(125.0)) == pytest.approx(5.0, rel=1e-14)


def test_light_in_a_hollow_core_is_half_as_fast_again() -> None:
    hollow, glass = DELAY_LINES["hollow_core"], DELAY_LINES["delay_line"]
    assert float(np.divide(hollow.speed_km_per_us, glass.speed_km_per_us)) == pytest.approx(1.5, abs=2e-3)


@given(DWELLS)
def test_fibre_erases_and_leaves_the_state_of_survivors_alone(dwell_us: float) -> None:
    for name in (*DELAY_LINES, "recirculating"):
        _, channel = stored(name).hold(dwell_us)
        assert (float(channel.c), float(channel.a), float(channel.b)) == (1.0, 1.0, 0.0)
        assert float(channel.eta) <= 1.0


@given(DWELLS)
def test_a_memory_decoheres_and_never_erases(dwell_us: float) -> None:
    kept, channel = stored("t1t2", t1_us=400.0, t2_us=700.0).hold(dwell_us)
    assert float(channel.eta) == 1.0
    assert float(channel.c) == pytest.approx(math.exp(-dwell_us / 700.0), rel=1e-12)
    assert float(channel.a + channel.b) == pytest.approx(1.0, abs=1e-15)
    assert float(kept) == dwell_us


@given(DWELLS, TURNS)
def test_a_loop_keeps_whole_turns_never_shorter_than_asked_and_never_a_turn_too_long(dwell: float, turn: float) -> None:
    loop = RecirculatingLoop(turn_us=turn, turn_loss_db=1.0)
    n, kept = float(loop.turns(dwell)), float(loop.kept_us(dwell))
    assert n == int(n)
    assert kept == n * turn
    assert not is_after(dwell, kept)
    assert n == 0 or (n - 1) * turn < dwell


@given(st.integers(0, 10_000), TURNS)
def test_a_dwell_of_exactly_some_turns_takes_just_those(n: int, turn: float) -> None:
    loop = RecirculatingLoop(turn_us=turn, turn_loss_db=1.0)
    assert float(loop.turns(n * turn)) == n
    assert float(loop.kept_us(loop.kept_us(n * turn))) == float(loop.kept_us(n * turn))


@given(DWELLS, TURNS)
def test_one_frame_in_the_engine_is_kept_as_long_as_in_the_arrays(dwell_us: float, turn_us: float) -> None:
    loop = RecirculatingLoop(turn_us=turn_us, turn_loss_db=0.0)
    assert whole_turns_us(dwell_us, turn_us, 0.0) == float(loop.kept_us(dwell_us))
    assert whole_turns_us(dwell_us, 0.0, 0.0) == dwell_us


def test_a_loop_charges_its_switch_and_its_fibre_in_every_turn() -> None:
    loop = RecirculatingLoop(turn_us=10.0, turn_loss_db=1.0)
    assert float(loop.kept_us(125.0)) == 130.0
    assert float(loop.loss_db(125.0)) == pytest.approx(13 * (1.0 + 10 * 0.04), rel=1e-14)
    assert float(loop.loss_db(0.0)) == 0.0


@given(st.sampled_from(STORAGES), DWELLS, DWELLS)
def test_waiting_longer_never_helps(name: str, first: float, second: float) -> None:
    early, late = (stored(name).hold(t)[1] for t in sorted([first, second]))
    assert float(late.eta) <= float(early.eta)
    assert float(late.c) <= float(early.c)
    assert float(late.a) <= float(early.a)


@given(st.sampled_from(STORAGES), st.lists(DWELLS, min_size=1, max_size=6))
def test_many_dwells_at_once_are_each_by_itself(name: str, dwells: list[float]) -> None:
    storage = stored(name)
    kept, channel = storage.hold(dwells)
    for k, dwell in enumerate(dwells):
        alone_us, alone = storage.hold(dwell)
        assert kept[k] == float(alone_us)
        for number in ("eta", "c", "a", "b"):
            # An array's exponential may differ from a number's in the last digit.
            whole = np.broadcast_to(getattr(channel, number), len(dwells))
            assert whole[k] == pytest.approx(float(getattr(alone, number)), rel=1e-14, abs=1e-300)


@given(st.sampled_from(STORAGES), DWELLS)
def test_the_loss_in_db_is_the_loss_of_the_channel(name: str, dwell_us: float) -> None:
    storage = stored(name)
    assert float(storage.hold(dwell_us)[1].eta) == pytest.approx(10 ** (-float(storage.loss_db(dwell_us)) / 10))


def test_every_storage_of_a_scenario_can_be_built_and_says_whose_numbers_it_has() -> None:
    assert parameter("storage").choices == STORAGES
    for name in STORAGES:
        assert isinstance(stored(name), Storage)
        assert stored(name).claim in ("paper", "standard", "ours")
        assert stored(name).label
        assert stored(name).source


@pytest.mark.parametrize(
    ("build", "named"),
    [
        (lambda: storage_of(Scenario().values().replace(**{"storage": "loop"})), "storage = 'loop'"),
        (lambda: stored("delay_line").hold(-1.0), "dwell_us = -1"),
        (lambda: stored("recirculating").hold(math.nan), "dwell_us = nan"),
        (lambda: RecirculatingLoop(turn_us=0.0, turn_loss_db=1.0), "turn_us = 0"),
        (lambda: RecirculatingLoop(turn_us=1.0, turn_loss_db=-1.0), "turn_loss_db = -1"),
        (lambda: DelayLine(speed_km_per_us=0.3), "speed_km_per_us = 0.3"),
        (lambda: T1T2Memory(t1_us=1.0, t2_us=3.0), "t2_us = 3"),
        (lambda: T1T2Memory(t1_us=1.0, t2_us=1.0, model="perfect"), "memory_model = 'perfect'"),
    ],
)
def test_a_storage_that_cannot_be_is_refused_by_name_and_value(build: object, named: str) -> None:
    with pytest.raises(ValueError, match=named):
        build()  # type: ignore[operator]
