"""Delayed reservation: only payloads hold a port, so frames of one source never take it from each other."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import qpsviz as qps
from qpsviz.sim.engine import compiled, ports
from qpsviz.sim.engine.growth import grown, new_state
from qpsviz.sim.engine.plan import make_job

ENGINES = ["python", *(["compiled"] if compiled.available() else [])]
AGAIN = qps.preset("first").replace(reservation="delayed", max_attempts=5, n_frames=600, p_free=0.6)


@pytest.mark.parametrize(
    ("n_relays", "max_attempts", "late_payload"),
    [(1, 1, "truncate"), (1, 5, "discard"), (3, 2, "discard"), (3, 5, "truncate")],
)
def test_a_run_is_the_closed_form_whatever_the_gap_and_the_attempts(
    n_relays: int, max_attempts: int, late_payload: str
) -> None:
    scenario = AGAIN.replace(n_relays=n_relays, max_attempts=max_attempts, late_payload=late_payload, guard_us=50.0)
    runs = {
        gap_us: qps.simulate(scenario.replace(frame_gap_us=gap_us), seed=4, engine="python", record="frames")
        for gap_us in (0.0, 7.0, 60.0, 1e5)
    }
    run, apart = runs[0.0], runs[1e5].frames
    for gap_us in (0.0, 7.0, 60.0):
        for name in ("fate", "attempts", "payload_kept", "first_kept"):
            np.testing.assert_array_equal(runs[gap_us].frames[name], apart[name], err_msg=f"{name}, gap {gap_us} us")
    summary, n = run.summary(), len(apart)
    for name in ("retention_per_frame", "delivered_share", "attempts"):
        column = {"attempts": "attempts", "retention_per_frame": "payload_kept"}.get(name)
        values = (apart["fate"] == "DELIVERED").astype(float) if column is None else apart[column]
        error = max(float(np.std(values)) / math.sqrt(n), 1e-12)
        assert abs(summary[name] - qps.evaluate(scenario, name)) < 4 * error, name
    assert abs(summary["retention"] - qps.evaluate(scenario, "retention")) <= 4 * summary["retention_error"]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("layout", ["sender", "split"])
def test_payloads_on_one_fibre_never_overlap_and_gaps_are_used(engine: str, layout: str) -> None:
    run = qps.simulate(AGAIN.replace(layout=layout, n_frames=300, frame_gap_us=10.0), seed=2, engine=engine)
    legs, filled = run.legs, 0
    for link in np.unique(legs["link"]):
        on_link = legs["link"] == link
        heads_us = legs["payload_out_us"][on_link] + legs["lost_us"][on_link]
        tails_us = legs["payload_out_us"][on_link] + 50.0
        filled += int(np.count_nonzero(np.diff(heads_us) < 0))
        order = np.argsort(heads_us)
        assert np.all(heads_us[order][1:] >= tails_us[order][:-1] - 1e-6)
    assert filled > 0, "no payload went before one that was booked earlier"


asked = st.tuples(st.integers(0, 60), st.integers(1, 9), st.integers(0, 4))


@given(requests=st.lists(asked, max_size=25))
def test_a_booking_takes_the_first_gap_that_is_long_enough(requests: list[tuple[int, int, int]]) -> None:
    job = make_job(AGAIN, qps.Network.of(AGAIN), None, seed=0, until_us=math.inf, record="all")
    s = new_state(job.plan, job.given, compiled=False)
    taken, now = np.zeros(1000, dtype=bool), 0
    for ahead, hold, step in requests:
        now += step
        first = next(t for t in range(now + ahead, 1000) if not taken[t : t + hold].any())
        s = grown(s, job.plan)
        ports.look_for_gaps(job.plan, s, 0, float(now + ahead), float(hold))
        assert s.port_free_us[0] == first
        ports.book(s, 0, float(first), float(first + hold), float(now))
        taken[first : first + hold] = True


def test_what_two_senders_hold_of_a_port_is_told_apart_by_payloads_alone() -> None:
    """Two sources, one port: a few lines that know payloads only, against the engine."""
    network = qps.Network(
        name="two", node_names=["a", "b", "relay", "c"], roles=["user", "user", "relay", "user"],
        x_km=[0, 0, 1, 2], y_km=[0, 1, 0, 0], link_from=[0, 1, 2], link_to=[2, 2, 3], link_km=[10.0, 10.0, 1.0],
    )  # fmt: skip
    scenario = AGAIN.replace(max_attempts=1, p_free=1.0, guard_us=30.0, n_relays=1)
    rng = np.random.default_rng(5)
    start_us = np.sort(rng.uniform(0.0, 2e4, 200))
    source = rng.integers(0, 2, 200)
    traffic = qps.Traffic(n_frames=200, start_us=start_us.tolist(), source=source.tolist(), destination=[3] * 200)
    frames = qps.simulate(scenario, network=network, traffic=traffic, seed=0).frames
    leaves_us, free_us, passed = np.array([-math.inf, -math.inf]), -math.inf, []
    arrives = []
    for at_us, sender in zip(start_us, source, strict=True):
        leaves_us[sender] = max(at_us, leaves_us[sender])
        arrives.append(leaves_us[sender])
        leaves_us[sender] += 50.0
    order = np.argsort(arrives, kind="stable")
    for i in order:
        goes = arrives[i] >= free_us
        passed.append(goes)
        free_us = arrives[i] + 50.0 if goes else free_us
    assert 20 < passed.count(False) < 180
    np.testing.assert_array_equal((frames["fate"] == "DELIVERED")[order], passed)
    assert all(a <= b for a, b in pairwise(np.asarray(arrives)[order]))
