"""The wait for a busy port: its distribution, its averages, and the draws of the engine."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qpsviz.noise.storage import DelayLine, RecirculatingLoop, Storage, T1T2Memory
from qpsviz.switch.busy_port import BusyPort
from qpsviz.switch.port_wait import p_longer, tail, wait_at_luck

D_US = 50.0
STORAGES: list[Storage] = [
    T1T2Memory(t1_us=300.0, t2_us=200.0),
    T1T2Memory(t1_us=90.0, t2_us=70.0, model="twirled"),
    DelayLine(),
    RecirculatingLoop(turn_us=10.0, turn_loss_db=1.0),
    RecirculatingLoop(turn_us=70.0, turn_loss_db=0.1),
]


def waits(p_free: float, n: int = 20_000) -> np.ndarray:
    """Waits at lucks that are spread evenly. [payload]"""
    of = tail(p_free)
    return np.array([wait_at_luck(luck, p_free, *of) for luck in (np.arange(n) + 0.5) / n])


def distribution_as_a_sum(wait: float, p_free: float, n_most: int = 60) -> float:
    """P(W <= x) from the definition: a geometric number of uniform numbers, whose sum is at most x."""
    rho, total = 1 - p_free, 0.0
    for n in range(n_most):
        below = sum((-1) ** k * math.comb(n, k) * (wait - k) ** n for k in range(math.floor(wait) + 1))
        total += p_free * rho**n * (below / math.factorial(n) if wait < n else 1.0)
    return total


@pytest.mark.parametrize("p_free", [0.95, 0.5, 0.3])
@pytest.mark.parametrize("wait", [0.0, 0.4, 1.0, 1.7, 3.2])
def test_the_wait_is_the_sum_of_a_geometric_number_of_uniform_ones(p_free: float, wait: float) -> None:
    assert 1 - p_longer(wait, p_free, *tail(p_free)) == pytest.approx(distribution_as_a_sum(wait, p_free), abs=1e-11)


@pytest.mark.parametrize("p_free", [0.999, 0.5, 0.1, 1e-3, 1e-9])
def test_the_sum_and_the_tail_meet_where_one_takes_over(p_free: float) -> None:
    of = tail(p_free)
    assert p_longer(10.999999999, p_free, *of) == pytest.approx(p_longer(11.0, p_free, *of), abs=1e-9)
    theta, rho = of[0], 1 - p_free
    if p_free > 1e-3:
        assert rho * math.expm1(theta) == pytest.approx(theta, rel=1e-12)
    assert p_longer(0.0, p_free, *of) == pytest.approx(rho, abs=1e-15)


@given(p_free=st.floats(1e-6, 0.999), luck=st.floats(0.0, 1 - 2**-32))
def test_a_luck_is_the_chance_of_a_shorter_wait(p_free: float, luck: float) -> None:
    of = tail(p_free)
    wait = wait_at_luck(luck, p_free, *of)
    assert wait >= 0
    assert wait == 0 if luck < p_free else 1 - p_longer(wait, p_free, *of) == pytest.approx(luck, abs=2e-9)


@given(lucks=st.lists(st.floats(0.0, 1 - 2**-32), min_size=2), shares=st.tuples(st.floats(0.01, 1), st.floats(0.01, 1)))
def test_a_freer_port_never_makes_anyone_wait_longer(lucks: list[float], shares: tuple[float, float]) -> None:
    busier, freer = sorted(min(p, 0.9999) for p in shares)
    for luck in lucks:
        assert wait_at_luck(luck, freer, *tail(freer)) <= wait_at_luck(luck, busier, *tail(busier)) + 1e-7


@pytest.mark.parametrize("storage", STORAGES, ids=lambda s: f"{s.label} {s.step_us}")
@pytest.mark.parametrize("p_free", [0.9, 0.5, 0.1])
@pytest.mark.parametrize("weighed", [0.0, 0.01])
def test_the_mean_of_a_channel_is_that_over_drawn_waits(storage: Storage, p_free: float, weighed: float) -> None:
    port = BusyPort(storage=storage, p_free=p_free, payload_us=D_US)
    stayed_us, held = storage.hold(D_US * waits(p_free))
    assert float(port.mean_us) == pytest.approx(stayed_us.mean(), rel=2e-3)
    counts = np.exp(-weighed * stayed_us)
    mean = port.channel(weighed_per_us=weighed)
    for name in ("eta", "c", "a", "b", "p_up", "p_down", "p_phase"):
        drawn = np.average(np.broadcast_to(getattr(held, name), counts.shape), weights=counts)
        assert float(getattr(mean, name)) == pytest.approx(drawn, abs=4e-5), name


@given(p_free=st.floats(0.01, 1.0), payload_us=st.floats(1.0, 1e4))
def test_the_mean_wait_is_that_of_m_d_1(p_free: float, payload_us: float) -> None:
    rho = 1 - p_free
    port = BusyPort(storage=DelayLine(), p_free=p_free, payload_us=payload_us)
    assert float(port.mean_us) == pytest.approx(rho * payload_us / (2 * (1 - rho)), rel=1e-12)


@given(p_free=st.floats(0.01, 0.99), t_us=st.floats(1.0, 1e6))
def test_what_is_left_is_pollaczek_and_khinchines_transform(p_free: float, t_us: float) -> None:
    s, rho = 1 / t_us, 1 - p_free
    rate = rho / D_US
    by_hand = (1 - rho) * s / (s - rate + rate * math.exp(-s * D_US))
    left, gone = BusyPort(storage=DelayLine(), p_free=p_free, payload_us=D_US).kept(s)
    assert float(left) == pytest.approx(by_hand, rel=1e-8)  # its digits go where s is small
    assert float(left + gone) == pytest.approx(1.0, abs=1e-15)


@pytest.mark.parametrize("turn_us", [1e-3, 0.05, 3.0, 50.0, 400.0])
def test_tiny_turns_are_a_wait_of_any_length_and_huge_ones_a_single_turn(turn_us: float) -> None:
    loop = RecirculatingLoop(turn_us=turn_us, turn_loss_db=1e-3 * turn_us)
    port = BusyPort(storage=loop, p_free=0.3, payload_us=D_US)
    left = float(port.channel().eta)
    stayed_us, held = loop.hold(D_US * waits(0.3))
    assert left == pytest.approx(held.eta.mean(), abs=5e-5)
    assert float(port.mean_us) == pytest.approx(stayed_us.mean(), rel=2e-3)


@pytest.mark.parametrize("storage", STORAGES, ids=lambda s: f"{s.label} {s.step_us}")
def test_a_port_that_is_always_free_changes_nothing_and_one_that_never_is_leaves_nothing(storage: Storage) -> None:
    always, never = (BusyPort(storage=storage, p_free=p, payload_us=D_US) for p in (1.0, 0.0))
    identity, end = always.channel(), never.channel()
    assert (float(identity.eta), float(identity.c), float(identity.a), float(identity.b)) == (1, 1, 1, 0)
    assert float(always.mean_us) == 0
    assert float(never.mean_us) == math.inf
    assert float(end.c if storage.decoheres else end.eta) == 0
    for p_free in (5e-324, 1e-310, 1e-300, 1e-200):
        nearly = BusyPort(storage=storage, p_free=p_free, payload_us=D_US)
        assert float(nearly.channel().c if storage.decoheres else nearly.channel().eta) < 1e-14
        assert float(nearly.mean_us) > 1e200


@pytest.mark.parametrize("storage", STORAGES, ids=lambda s: f"{s.label} {s.step_us}")
def test_what_fades_in_a_storage_fades_at_its_rates(storage: Storage) -> None:
    stayed_us, held = storage.hold([0.0, 7.0, 140.0, 900.0])
    rates = storage.rates
    np.testing.assert_allclose(held.eta, np.exp(-np.multiply(rates.light_per_us, stayed_us)), rtol=1e-12)
    np.testing.assert_allclose(held.c, np.exp(-np.multiply(rates.phase_per_us, stayed_us)), rtol=1e-12)
    np.testing.assert_allclose(held.a, np.exp(-np.multiply(rates.excitation_per_us, stayed_us)), rtol=1e-12)
    np.testing.assert_allclose(held.b, (2 * rates.p_ground - 1) * (1 - held.a), atol=1e-15)


@pytest.mark.parametrize("p_free", [-0.1, 1.1, math.nan])
def test_an_availability_that_is_no_chance_is_refused(p_free: float) -> None:
    with pytest.raises(ValueError, match="p_free"):
        BusyPort(storage=DelayLine(), p_free=p_free, payload_us=D_US)
