"""Teleportation over delivered pairs (Section V, Fig. 14)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qpsviz.applications import teleport

UNIT = st.floats(0, 1)
PAIRS = st.floats(0.25, 1)


def test_chains_of_pairs_at_0_95_come_out_as_the_table_of_fig_14_has_them() -> None:
    found = teleport.chain_fidelity(0.95, [1, 2, 4, 8])
    assert found.tolist() == pytest.approx([0.950, 0.903, 0.819, 0.682], abs=5e-4)


def test_noisy_bell_measurements_and_access_networks_multiply_in() -> None:
    found = teleport.chain_fidelity(0.95, 3, swap_survival=0.98, access_survival=0.9 * 0.8)
    werner = (4 * 0.95 - 1) / 3
    assert float(found) == pytest.approx(0.25 + 0.75 * 0.72 * werner**3 * 0.98**2, rel=1e-14)


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
