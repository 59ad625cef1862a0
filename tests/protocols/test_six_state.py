"""The six-state protocol: its threshold, BB84 beside it, and entropies of states written out."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import brentq

import qpsviz as qps
from qpsviz.protocols import qkd, six_state

BELL = np.array([[1, 0, 0, 1], [0, 1, 1, 0], [0, 1, -1, 0], [1, 0, 0, -1]]) / np.sqrt(2)  # after I, X, Y, Z on one half


def test_equal_errors_in_all_bases_end_the_key_at_12_62_percent_and_that_of_bb84_at_11_00() -> None:
    """Lo (2001) and Shor, Preskill (2000), one-way, codes that are not degenerate."""
    six = brentq(lambda e: float(six_state.secret_share(e, e, e, ec_inefficiency=1.0)), 0.05, 0.2)
    four = brentq(lambda e: float(qkd.secret_share(e, e, ec_inefficiency=1.0)), 0.05, 0.2)
    assert six == pytest.approx(0.12619, abs=5e-6)
    assert four == pytest.approx(0.11003, abs=5e-6)


def test_a_line_that_depolarises_reaches_these_thresholds() -> None:
    """F = 1 - 3e/2 of a depolarised pair: e = 12.62 % and 11.00 % are lengths of fibre."""
    s = qps.preset("fig7").replace(
        n_relays=0, p_dark=0.0, loss_db_per_km=0.0, depol_per_km=0.05, ec_inefficiency=1.0, p_free=1.0
    )
    for name, e in (("key_rate_six_state", 0.12619), ("key_rate", 0.11003)):
        end_km = -10 * np.log10(1 - 2 * e) / 0.05
        assert qps.evaluate(s.replace(length_km=end_km * 0.999), name) > 0
        assert qps.evaluate(s.replace(length_km=end_km * 1.001), name) == 0


@given(st.lists(st.floats(0.001, 1), min_size=4, max_size=4), st.floats(1, 1.3))
def test_the_key_is_one_less_the_entropy_of_the_pair_that_errors_leave(raw: list[float], f: float) -> None:
    p = np.array(raw) / sum(raw)
    rho = sum(weight * np.outer(state, state) for weight, state in zip(p, BELL, strict=True))
    z, x, y = p[1] + p[2], p[3] + p[2], p[1] + p[3]
    assert six_state.pauli_weights(z, x, y) == pytest.approx(p, abs=1e-12)
    eigenvalues = np.linalg.eigvalsh(rho).clip(1e-300)
    bits = 1 + np.sum(eigenvalues * np.log2(eigenvalues))
    more = (f - 1) * float(qkd.binary_entropy(z))
    assert float(six_state.secret_share(z, x, y, ec_inefficiency=f)) == pytest.approx(bits - more, abs=1e-9)


@given(
    st.sampled_from(["fig7", "memory-buys", "first"]), st.floats(0, 200), st.integers(0, 3), st.floats(0, 0.1),
    st.floats(50, 1e5), st.floats(0.1, 2), st.sampled_from(["t1t2", "twirled"]),
)  # fmt: skip
def test_six_states_never_make_less_key_than_four_over_any_line(
    name: str, length_km: float, n_relays: int, misalignment: float, t1_us: float, ratio: float, model: str
) -> None:
    s = qps.preset(name).replace(
        length_km=length_km, n_relays=n_relays, misalignment=misalignment, t1_us=t1_us, t2_us=ratio * t1_us,
        memory_model=model,
    )  # fmt: skip
    six, four = qps.evaluate(s, "key_rate_six_state"), qps.evaluate(s, "key_rate")
    assert six >= four * (1 - 1e-12)
    assert six <= qps.evaluate(s, "gain") + 1e-15


def test_without_errors_both_make_the_same_key() -> None:
    s = qps.preset("fig7").replace(p_dark=0.0, n_relays=1)
    assert qps.evaluate(s, "key_rate_six_state") == pytest.approx(qps.evaluate(s, "key_rate"), rel=1e-12)


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda: six_state.secret_share(1.1, 0.1, 0.1, ec_inefficiency=1.0), "qber_z"),
        (lambda: six_state.secret_share(0.3, 0.1, 0.1, ec_inefficiency=1.0), "weights of Pauli errors"),
        (lambda: six_state.secret_share(0.9, 0.9, 0.9, ec_inefficiency=1.0), "weights of Pauli errors"),
        (lambda: six_state.secret_share(0.1, 0.1, 0.1, ec_inefficiency=0.9), "ec_inefficiency"),
    ],
)
def test_error_rates_that_no_channel_has_are_refused(call: Any, name: str) -> None:
    with pytest.raises(ValueError, match=name):
        call()
