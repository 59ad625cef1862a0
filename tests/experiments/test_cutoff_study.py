"""Cut-offs on a network: what the study computes, and what it finds."""

from __future__ import annotations

import math

import numpy as np
import pytest

import qpsviz as qps
from qpsviz import experiments
from qpsviz.errors import ParameterError
from qpsviz.experiments.cutoff_study import CutoffCurves

FRAMES = qps.preset("fig7").replace(
    guard_us=2.0, length_km=15.0, release="after_header", n_qubits=100, spacing_us=0.5, t1_us=1000.0, t2_us=1000.0,
    p_free=1.0,
)  # fmt: skip
TRAFFIC = qps.Traffic(n_frames=600, warm_up=0.1)


def study(**changes: object) -> CutoffCurves:
    given: dict[str, object] = {
        "network": experiments.users_around_routers(), "traffic": TRAFFIC, "loads": [0.8], "cutoffs_us": [60.0],
        "seeds": range(4), "progress": False, "engine": "python",
    }  # fmt: skip
    return experiments.cutoff_study(FRAMES, **(given | changes))  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def found() -> CutoffCurves:
    return study()


def test_sixteen_users_around_four_routers_meet_in_the_ring() -> None:
    network = experiments.users_around_routers()
    assert [list(network.roles).count(role) for role in ("relay", "user")] == [4, 16]
    degree = np.bincount(network.link_from)
    assert degree[:4].tolist() == [6, 6, 6, 6]
    assert set(degree[4:].tolist()) == {1}
    odd = experiments.users_around_routers(n_users=7, n_routers=3)
    assert sorted(np.bincount(odd.link_from)[:3].tolist()) == [4, 4, 5]


def test_every_number_is_the_key_of_a_run_in_the_same_arrivals(found: CutoffCurves) -> None:
    network = experiments.users_around_routers()
    at = qps.Traffic(n_frames=600, warm_up=0.1, load=0.8)
    for storage in ("t1t2", "delay_line"):
        for place, cutoff_us in enumerate((60.0, math.inf)):
            scenario = FRAMES.replace(discipline="store", storage=storage, cutoff_us=cutoff_us)
            run = qps.simulate(scenario, network=network, traffic=at, seed=2, record="statistics")
            assert found.of(storage)[0, place, 2] == pytest.approx(run.pairs["key_hz"].sum(), rel=1e-12)
    burst = qps.simulate(FRAMES.replace(discipline="burst"), network=network, traffic=at, seed=2)
    assert found.burst_hz[0, 2] == pytest.approx(burst.pairs["key_hz"].sum(), rel=1e-9)


def test_a_cut_off_helps_where_ports_are_busy(found: CutoffCurves) -> None:
    """Mandil et al. (2023): cut-offs help significantly."""
    for storage in ("t1t2", "delay_line"):
        assert found.best_us(storage).tolist() == [60.0]
        assert found.gain(storage).mean[0] > 1.2
        assert found.dataset()["stored"].sizes == {"storage": 2, "load": 1, "cutoff_us": 2, "seed": 4}
    assert len(found.findings()) == 6


def test_the_seeds_that_choose_a_cut_off_do_not_measure_it() -> None:
    made = CutoffCurves(
        storages=("t1t2",), loads=np.array([0.5]), cutoffs_us=np.array([10.0, math.inf]), max_load=np.array([0.5]),
        stored_hz=np.array([[[[9.0, 9.0, 2.0, 4.0], [1.0, 1.0, 4.0, 4.0]]]]), burst_hz=np.array([[2.0, 2.0, 2.0, 2.0]]),
    )  # fmt: skip
    assert made.best_us("t1t2").tolist() == [10.0]
    assert made.gain("t1t2").mean.tolist() == [0.75]
    assert made.over_bursts("t1t2", cut=True).mean.tolist() == [1.5]
    assert made.over_bursts("t1t2", cut=False).mean.tolist() == [2.0]
    assert made.findings()[0] == "T₁ and T₂: the best cut-off gives more key than none at no load."
    with pytest.raises(ParameterError, match="storage = 'hollow_core' must be one of t1t2"):
        made.of("hollow_core")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"seeds": [1, 2, 3]}, "seeds = .* must be at least 4"),
        ({"storages": ()}, "storages needs at least one"),
        ({"storages": ["memory"]}, "storage = 'memory' must be one of"),
        ({"cutoffs_us": [-1.0]}, "cutoff_us = -1"),
        ({"loads": [math.nan]}, "load = nan"),
    ],
)
def test_what_cannot_be_studied_is_refused(changes: dict[str, object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        study(**changes)


@pytest.mark.parametrize(("name", "value"), [("n_users", 1), ("n_routers", 2), ("length_km", -1.0)])
def test_a_network_that_is_none_is_refused(name: str, value: float) -> None:
    with pytest.raises(ParameterError, match=name):
        experiments.users_around_routers(**{name: value})  # type: ignore[arg-type]
