"""How long a payload waits at all ports together, against sums written out and against drawn waits."""

from __future__ import annotations

import math

import numpy as np
import pytest

from qpsviz.switch.port_wait import p_longer, tail, wait_at_luck
from qpsviz.switch.total_wait import _SUMMED, _summed, _turned_back, p_within
from qpsviz.switch.wait_table import WaitTable


@pytest.mark.parametrize("p_free", [0.01, 0.2, 0.5, 0.9])
def test_without_time_to_wait_every_port_must_be_free(p_free: float) -> None:
    n = np.arange(8)
    np.testing.assert_allclose(p_within(0.0, n_waits=n, p_free=p_free), p_free**n, rtol=1e-14)
    assert p_within([-1e-9, -5.0], n_waits=2, p_free=p_free).tolist() == [0, 0]


@pytest.mark.parametrize("p_free", [0.01, 0.2, 0.5, 0.9])
@pytest.mark.parametrize("x", [0.5, 1.0, 3.3, 10.9])
def test_one_port_has_the_wait_of_m_d_1(p_free: float, x: float) -> None:
    assert float(p_within(x, n_waits=1, p_free=p_free)) == pytest.approx(
        1 - p_longer(x, p_free, *tail(p_free)), abs=1e-10
    )


@pytest.mark.parametrize(
    ("n", "p_free", "x"), [(3, 0.2, 1.0), (5, 0.2, 3.0), (8, 0.3, 9.5), (2, 0.05, 30.0), (5, 0.1, 60.0)]
)
def test_several_ports_have_the_sum_of_drawn_waits(n: int, p_free: float, x: float) -> None:
    rng, n_drawn = np.random.default_rng(7), 100_000
    totals = np.array([rng.random(m).sum() for m in rng.negative_binomial(n, p_free, n_drawn)])
    expected = float(p_within(x, n_waits=n, p_free=p_free))
    assert abs(np.mean(totals <= x) - expected) < 4.5 * math.sqrt(expected * (1 - expected) / n_drawn)


@pytest.mark.parametrize("p_free", [1e-3, 0.1, 0.5, 0.95])
@pytest.mark.parametrize("n", [1.0, 3.0, 10.0])
def test_both_ways_agree_where_one_takes_over(n: float, p_free: float) -> None:
    here = np.array([float(_SUMMED)]), np.array([n]), np.array([p_free])
    assert _summed(*here)[0] == pytest.approx(_turned_back(*here)[0], abs=2e-6)


def test_endless_time_is_enough_and_a_port_that_is_never_free_is_never_left() -> None:
    assert p_within([1e9, 1e300, math.inf], n_waits=4, p_free=0.3).tolist() == [1, 1, 1]
    assert p_within([0.0, math.inf], n_waits=[1, 1], p_free=0.0).tolist() == [0, 0]
    assert p_within([0.0, 3.0], n_waits=0, p_free=0.0).tolist() == [1, 1]


@pytest.mark.parametrize("p_free", [1e-6, 0.01, 0.2, 0.5, 0.9, 0.999])
def test_the_table_of_waits_is_their_distribution(p_free: float) -> None:
    table, of = WaitTable(p_free=np.array([p_free])), tail(p_free)
    x, luck = np.array([0.0, 0.3, 1.0, 1.3, 2.7, 4.9, 7.7, 11.0, 30.0]), (np.arange(64) + 0.5) / 64
    np.testing.assert_allclose(table.shorter(x), [1 - p_longer(v, p_free, *of) for v in x], rtol=3e-5)
    np.testing.assert_allclose(table.wait(luck), [wait_at_luck(u, p_free, *of) for u in luck], rtol=1e-4, atol=1e-12)


@pytest.mark.parametrize("p_free", [0.02, 0.3, 0.8])
@pytest.mark.parametrize("rate", [0.05, 1.0, 4.0])
def test_points_of_the_table_have_the_transform_of_m_d_1(p_free: float, rate: float) -> None:
    waits, shares = WaitTable(p_free=np.array([p_free])).points()
    rho = 1 - p_free
    exact = p_free * rate / (rate - rho + rho * math.exp(-rate))
    assert shares.sum() == pytest.approx(1, abs=1e-9)
    assert float(np.sum(shares * np.exp(-rate * waits))) == pytest.approx(exact, abs=1e-3)
