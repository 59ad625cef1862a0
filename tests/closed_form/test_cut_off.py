"""A cut-off at busy ports: what it leaves is exact, the same in every sweep, and what a run delivers."""

from __future__ import annotations

import math

import numpy as np
import pytest

import qpsviz as qps

STORED = qps.Scenario().replace(
    discipline="store", layout="sender", length_km=50.0, processing_us=20.0, frame_gap_us=1e5, depol_per_km=0.0
)


@pytest.mark.parametrize("p_free", [0.05, 0.2, 0.5])
@pytest.mark.parametrize("n_relays", [1, 3, 5])
def test_a_cut_off_without_time_to_wait_asks_for_free_ports(n_relays: int, p_free: float) -> None:
    scenario = STORED.replace(n_relays=n_relays, p_free=p_free, cutoff_us=50.0 * n_relays)
    for name in ("retention", "delivered_share", "payload_kept"):
        assert qps.evaluate(scenario, name) == pytest.approx(p_free**n_relays, rel=1e-12)
    assert qps.evaluate(scenario.replace(cutoff_us=50.0 * n_relays - 1), "retention") == 0
    free = scenario.replace(p_free=1.0)
    for name in ("dwell_us", "fidelity", "qber_z"):  # the frames that are left have not waited
        assert qps.evaluate(scenario, name) == pytest.approx(qps.evaluate(free, name), rel=1e-9)


@pytest.mark.parametrize(
    ("n_relays", "p_free", "cutoff_us", "expected"),  # sums of 2 million drawn waits, three errors
    [(5, 0.2, 400.0, 0.04881), (3, 0.2, 200.0, 0.05193), (8, 0.2, 600.0, 0.00757), (2, 0.2, 101.0, 0.04132)],
)
def test_a_cut_off_leaves_the_share_of_drawn_waits(
    n_relays: int, p_free: float, cutoff_us: float, expected: float
) -> None:
    scenario = STORED.replace(n_relays=n_relays, p_free=p_free, cutoff_us=cutoff_us)
    assert qps.evaluate(scenario, "retention") == pytest.approx(expected, abs=3 * math.sqrt(expected / 2e6))


@pytest.mark.parametrize("changes", [{}, {"storage": "recirculating"}, {"guard_us": 40.0, "processing_us": 125.0}])
def test_a_value_is_the_same_in_a_sweep_of_any_size(changes: dict[str, object]) -> None:
    scenario = STORED.replace(n_relays=3, p_free=0.2, cutoff_us=500.0, **changes)
    lengths = np.linspace(20.0, 21.0, 700)
    for name in ("retention", "fidelity", "key_rate"):
        alone = qps.evaluate(scenario.replace(length_km=20.0), name)
        assert float(qps.sweep(scenario, name, length_km=lengths)[0]) == pytest.approx(alone, rel=1e-13)


@pytest.mark.parametrize("cutoff_us", [75.0, 100.0, math.inf])
def test_both_halves_of_a_pair_must_beat_the_cut_off(cutoff_us: float) -> None:
    perfect = STORED.replace(
        layout="split", n_relays=1, p_free=0.5, length_km=10.0, p_dark=0.0, eta_detector=1.0, loss_db_per_km=0.0,
        t1_us=math.inf, t2_us=math.inf, cutoff_us=cutoff_us,
    )  # fmt: skip
    # Erlang, up to one payload
    one = qps.evaluate(perfect, "delivered_share")
    in_time = 1.0 if math.isinf(cutoff_us) else 0.5 * math.exp(0.5 * (cutoff_us / 50.0 - 1))
    assert one == pytest.approx(in_time, rel=1e-12)
    assert qps.evaluate(perfect, "key_rate_bbm92") == pytest.approx(one**2, rel=1e-12)
