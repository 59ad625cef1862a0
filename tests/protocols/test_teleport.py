"""Teleportation over delivered pairs (Section V, Fig. 14)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qpsviz.protocols import teleport

UNIT = st.floats(0, 1)
PAIRS = st.floats(0.25, 1)


def test_chains_of_pairs_at_0_95_come_out_as_the_table_of_fig_14_has_them() -> None:
    found = teleport.chain_fidelity(0.95, [1, 2, 4, 8])
    assert found.tolist() == pytest.approx([0.950, 0.903, 0.819, 0.682], abs=5e-4)


def mixed(weights: list[float], others: list[float]) -> list[float]:
    """Chances of I, Z, X, Y after two independent Pauli errors: the group is that of two bits."""
    return [sum(weights[j] * others[i ^ j] for j in range(4)) for i in range(4)]


def depolarised(survival: float) -> list[float]:
    return [(1 + 3 * survival) / 4] + 3 * [(1 - survival) / 4]


@pytest.mark.parametrize(("n_links", "stated"), [(1, 0.9290), (2, 0.8647), (3, None), (8, None)])
def test_a_qubit_over_m_links_meets_m_pairs_m_bell_measurements_and_both_access_networks(
    n_links: int, stated: float | None
) -> None:
    """Each Bell measurement passes on the errors of what it joins and adds its own."""
    pair, bsm = [0.95] + 3 * [0.05 / 3], depolarised(0.97)
    qubit = depolarised(1.0)
    for _ in range(n_links):
        qubit = mixed(mixed(qubit, pair), bsm)
    found = teleport.chain_fidelity(0.95, n_links, swap_survival=0.97)
    assert float(found) == pytest.approx(qubit[0], rel=1e-13)
    if stated is not None:
        assert float(found) == pytest.approx(stated, abs=5e-5)
    ends = teleport.chain_fidelity(0.95, n_links, swap_survival=0.97, access_survival=0.9 * 0.8)
    assert float(ends) == pytest.approx(mixed(mixed(qubit, depolarised(0.9)), depolarised(0.8))[0], rel=1e-13)


@given(PAIRS, st.integers(1, 30), UNIT)
def test_a_delivered_pair_has_one_bell_measurement_less_than_a_qubit_teleported_over_it(
    pair: float, n_links: int, swap: float
) -> None:
    delivered = teleport.werner(teleport.pair_fidelity(pair, n_links, swap_survival=swap))
    used = teleport.werner(teleport.chain_fidelity(pair, n_links, swap_survival=swap))
    assert float(used) == pytest.approx(float(delivered) * swap, abs=1e-12)
    assert float(teleport.pair_fidelity(pair, 1, swap_survival=swap)) == pytest.approx(pair, abs=1e-15)


@given(PAIRS)
def test_a_chain_of_one_is_the_pair_itself(pair: float) -> None:
    assert float(teleport.chain_fidelity(pair, 1)) == pytest.approx(pair, abs=1e-15)


@given(PAIRS, st.integers(1, 30), UNIT)
def test_one_more_link_never_helps(pair: float, n_links: int, swap: float) -> None:
    fewer, more = teleport.chain_fidelity(pair, [n_links, n_links + 1], swap_survival=swap)
    assert 0.25 - 1e-15 <= more <= fewer


@given(PAIRS, st.integers(1, 10), st.integers(1, 10))
def test_swapping_two_chains_is_one_chain_of_all_their_links(pair: float, m: int, n: int) -> None:
    joined = teleport.werner(teleport.chain_fidelity(pair, m)) * teleport.werner(teleport.chain_fidelity(pair, n))
    assert float(teleport.werner(teleport.chain_fidelity(pair, m + n))) == pytest.approx(float(joined), abs=1e-12)


def test_only_a_pair_above_one_half_beats_measuring_and_resending() -> None:
    assert float(teleport.fidelity(0.5)) == pytest.approx(2 / 3, rel=1e-15)
    assert [float(teleport.fidelity(f)) for f in (0.25, 1.0)] == [0.5, 1.0]


@pytest.mark.parametrize("wrong", [-0.1, 1.1, float("nan")])
def test_what_is_no_fidelity_is_refused(wrong: float) -> None:
    with pytest.raises(ValueError, match="pair_fidelity = "):
        teleport.fidelity(wrong)
    with pytest.raises(ValueError, match="swap_survival = "):
        teleport.chain_fidelity(0.9, 2, swap_survival=wrong)
    with pytest.raises(ValueError, match="n_links = "):
        teleport.chain_fidelity(0.9, min(wrong, 0.0))
    with pytest.raises(ValueError, match=r"n_links = \[1\.0, 2\.5\] must be whole"):
        teleport.pair_fidelity(0.9, [1, 2.5])
