"""Stored frames that wait for ports which other traffic keeps busy: runs against the averages of the closed forms."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import qpsviz as qps
from qpsviz.closed_form.path import RelayPath
from qpsviz.closed_form.quantities import Quantities
from qpsviz.protocols import epr
from qpsviz.sim.results.channels import NUMBERS

#: Frames so far apart that none waits for the one before it, with memories that a wait ages.
BUSY = qps.Scenario().replace(
    discipline="store", p_free=0.5, frame_gap_us=3e4, n_frames=2500, t1_us=900.0, t2_us=700.0, length_km=60.0,
    depol_per_km=0.004, misalignment=0.01,
)  # fmt: skip
SURE = 4.5  # standard errors: of the some 400 means compared here, a right program misses one in 300 seeds


def agree(drawn: np.ndarray, expected: float, *, of_pairs: bool = False) -> None:
    """The mean of independent values is the expected one, within its error."""
    values = drawn[0::2] if of_pairs else drawn
    error = values.std(ddof=1) / math.sqrt(values.size)
    assert abs(values.mean() - expected) <= SURE * error + 1e-9 * max(1.0, abs(expected))


def compare(scenario: qps.Scenario, seed: int = 5) -> qps.Run:
    """A run against every closed form that its frames tell something of."""
    run = qps.simulate(scenario, seed=seed, record="frames", engine="python")
    frames, is_split = run.frames, scenario.path.layout == "split"
    through = frames["fate"] == "DELIVERED"
    of_pairs = is_split and bool(np.all(through))
    for name in ("dwell_us", "delay_us"):
        agree(frames[name][through], qps.evaluate(scenario, name), of_pairs=of_pairs)
    fidelity = frames["fidelity"][through & (frames["arm"] == 0)]
    agree(fidelity[~np.isnan(fidelity)], qps.evaluate(scenario, "fidelity"))
    agree(through.astype(float), qps.evaluate(scenario, "delivered_share"))
    agree(frames["payload_kept"], qps.evaluate(scenario, "payload_kept"))
    arm = Quantities(scenario.values()).arm
    for name in NUMBERS:
        agree(frames[name][through], float(getattr(arm.frame_channel, name)), of_pairs=of_pairs)
    return run


@pytest.mark.parametrize("n_relays", range(6))
@pytest.mark.parametrize("layout", ["sender", "split"])
@pytest.mark.parametrize("storage", ["t1t2", "delay_line"])
def test_a_run_waits_as_the_closed_forms_say(storage: str, layout: str, n_relays: int) -> None:
    compare(BUSY.replace(storage=storage, layout=layout, n_relays=n_relays))


@pytest.mark.parametrize(
    "changes",
    [
        {"storage": "recirculating"},
        {"storage": "recirculating", "turn_us": 80.0, "turn_loss_db": 0.2},
        {"memory_model": "twirled"},
        {"partner_noise": False},
        {"p_free": 0.1, "t1_us": 3000.0, "t2_us": 3000.0},
        {"guard_us": 40.0, "processing_us": 20.0},
        {"n_relays": 1, "guard_us": 100.0},
        {"device": "long_term", "correction": "steane"},
        {"device": "long_term", "correction": "steane", "storage": "delay_line", "length_km": 20.0},
    ],
    ids=str,
)
@pytest.mark.parametrize("layout", ["sender", "split"])
def test_every_storage_and_memory_waits_as_the_closed_forms_say(layout: str, changes: dict[str, Any]) -> None:
    scenario = BUSY.replace(layout=layout, **changes)
    assert Quantities(scenario.values()).arm.drawn is None
    compare(scenario)


@pytest.mark.parametrize(
    "changes",
    [
        {"cutoff_us": 420.0},
        {"cutoff_us": 420.0, "max_attempts": 2},
        {"memory_qubits": 9.0, "processing_us": 40.0, "release": "after_header"},
        {"guard_us": 100.0, "release": "after_header"},
        {"device": "long_term", "correction": "steane", "cutoff_us": 420.0},
        {"storage": "recirculating", "cutoff_us": 450.0},
    ],
    ids=str,
)
@pytest.mark.parametrize("layout", ["sender", "split"])
def test_a_wait_that_decides_about_more_than_itself_is_drawn_and_agrees(layout: str, changes: dict[str, Any]) -> None:
    scenario = BUSY.replace(layout=layout, **changes)
    assert Quantities(scenario.values()).arm.drawn is not None
    if "max_attempts" not in changes:
        compare(scenario)
        return
    summary = qps.simulate(scenario, seed=5, record="frames").summary()
    for name in ("attempts", "retention_per_frame", "delivered_share"):
        assert summary[name] == pytest.approx(qps.evaluate(scenario, name), rel=0.05), name


def test_the_key_of_a_run_that_waits_is_the_one_of_the_closed_form() -> None:
    for changes in ({"t1_us": 1e5, "t2_us": 1e5}, {"storage": "delay_line"}, {"storage": "recirculating"}):
        scenario = BUSY.replace(n_relays=2, n_frames=8000, **changes)
        made = qps.simulate(scenario, seed=3, record="frames").summary()["key_rate_hz"]
        assert made == pytest.approx(qps.evaluate(scenario, "key_rate_hz"), rel=0.03)


def test_the_photons_of_a_run_that_waits_have_the_gain_and_errors_of_the_closed_form() -> None:
    scenario = BUSY.replace(n_relays=2, n_qubits=100, spacing_us=0.5, t1_us=4e3, t2_us=4e3)
    photons = qps.simulate(scenario, seed=3, record="frames", sample="photons").photons
    assert photons is not None
    assert photons.bb84 is not None
    assert photons.bb84.gain().value == pytest.approx(qps.evaluate(scenario, "gain"), rel=0.03)
    assert photons.bb84.qber("z").value == pytest.approx(qps.evaluate(scenario, "qber_z"), rel=0.07)
    assert photons.bb84.qber("x").value == pytest.approx(qps.evaluate(scenario, "qber_x"), rel=0.07)
    assert photons.epr.fidelity().value == pytest.approx(qps.evaluate(scenario, "fidelity"), abs=0.02)


def transform(rate_per_us: float, p_free: float, payload_us: float = 50.0) -> float:
    """E[exp(-s W)] of M/D/1 as Pollaczek and Khinchine have it."""
    s, per_us = rate_per_us, (1 - p_free) / payload_us
    return p_free * s / (s - per_us + per_us * math.exp(-s * payload_us))


@pytest.mark.parametrize("p_free", [0.2, 0.5, 0.8])
def test_the_product_of_means_is_not_the_mean_where_halves_waited_together(p_free: float) -> None:
    T1, T2 = 390.0, 300.0
    scenario = BUSY.replace(p_free=p_free, n_relays=1, t1_us=T1, t2_us=T2, processing_us=1.0, length_km=10.0)
    scenario = scenario.replace(depol_per_km=0.0)
    here_us, kept_us = 50.0, 100.0  # what both halves stay at least

    def fades(rate: float) -> tuple[float, float, float]:
        once, twice = transform(rate, p_free), transform(2 * rate, p_free)
        both = math.exp(-rate * (here_us + kept_us))
        return math.exp(-rate * here_us) * once, math.exp(-rate * kept_us) * once, both * twice

    (_, _, c), (a_here, a_kept, a) = fades(1 / T2), fades(1 / T1)
    b = 1 - a_here - a_kept + a
    quantities = Quantities(scenario.values())
    naive = float(epr.fidelity(*quantities.halves))
    exact = qps.evaluate(scenario, "fidelity")
    assert exact == pytest.approx((1 + 2 * c + a + b) / 4, rel=1e-12)
    assert naive < exact * (1 - 1e-3)
    compare(scenario)


def test_the_joint_averages_are_sums_over_all_waits_of_two_relays() -> None:
    scenario = BUSY.replace(n_relays=2, memory_model="twirled", p_free=0.3)
    waits = np.array([scenario.source.payload_us * w for w in quantiles(0.3, 400)])
    path = RelayPath(length_km=60.0, n_relays=2, values=scenario.values())
    one, other = waits[:, None], waits[None, :]
    first, second = path.relay.hold(125.0 + one), path.relay.hold(125.0 + other)
    travelled = path.segment.then(first).then(path.segment).then(second).then(path.segment)
    kept = path.relay.hold(60.0 / 0.2 + 250.0 + one + other)
    for of in (epr.fidelity, epr.chsh_max):  # CHSH of the mean state: here Z always correlates less than X
        measured = float(of(travelled, kept).mean())
        name = {epr.fidelity: "fidelity", epr.chsh_max: "chsh"}[of]
        assert qps.evaluate(scenario, name) == pytest.approx(measured, rel=2e-3)
    state = epr.PairState.of(travelled, kept)
    p01, p10 = (float(p.mean()) for p in state.p_unequal())
    expected = max(0.0, float(state.c.mean()) - 2 * math.sqrt(p01 * p10))
    assert qps.evaluate(scenario, "concurrence") == pytest.approx(expected, rel=5e-3)


def quantiles(p_free: float, n: int) -> list[float]:
    """Waits in payloads at lucks that are spread evenly."""
    from qpsviz.switch.port_wait import tail, wait_at_luck

    return [wait_at_luck((i + 0.5) / n, p_free, *tail(p_free)) for i in range(n)]


def test_frames_that_catch_up_with_each_other_wait_longer_and_keep_their_order() -> None:
    close = BUSY.replace(frame_gap_us=50.0, n_relays=3)
    run = qps.simulate(close, seed=2, record="frames", engine="python")
    assert run.frames["dwell_us"].mean() > qps.evaluate(close, "dwell_us")
    assert np.all(np.diff(run.frames["done_us"]) >= close.source.payload_us - 1e-6)
    assert not run.summary()["fidelity_exact"]


@pytest.mark.parametrize("layout", ["sender", "split"])
@pytest.mark.parametrize("p_free", [0.0, 5e-324, 1e-310, 1e-300])
def test_at_ports_that_are_never_free_nothing_is_delivered(p_free: float, layout: str) -> None:
    never = BUSY.replace(p_free=p_free, n_frames=4, layout=layout)
    summary = qps.simulate(never).summary()
    assert summary["delivered"] == 0
    assert summary["in_flight"] == summary["offered"]
    limited = qps.simulate(never.replace(cutoff_us=1e5)).summary()
    assert set(limited["dropped"]) == {"EXPIRED"}
    if p_free == 0:
        assert qps.evaluate(never, ("delivered_share", "key_rate", "key_rate_hz", "retention", "reach_km")) == {
            "delivered_share": 0, "key_rate": 0, "key_rate_hz": 0, "retention": 0, "reach_km": 0,
        }  # fmt: skip
        assert qps.evaluate(never, "dwell_us") == math.inf
        assert qps.evaluate(never.replace(cutoff_us=1e5), "delivered_share") == 0
    nobody = never.replace(n_relays=0)
    assert qps.evaluate(nobody, "delivered_share") == 1
    assert qps.simulate(nobody).summary()["delivered"] == 4 * (1 + (layout == "split"))


def test_a_stream_of_frames_that_never_leave_ends() -> None:
    never = BUSY.replace(p_free=0.0, n_frames=3000, n_relays=1)
    summary = qps.simulate(never, record="statistics", engine="python").summary()
    assert (summary["in_flight"], summary["delivered"]) == (3000, 0)


def test_a_busy_port_of_a_network_makes_stored_frames_wait_only_where_traffic_asks_for_it() -> None:
    network = qps.Network.line(n_relays=1, length_km=5.0)
    scenario = BUSY.replace(processing_us=20.0)
    dwells = {}
    for asks in (False, True):
        traffic = qps.Traffic(load=0.01, n_frames=3000, use_p_free=asks)
        dwells[asks] = qps.simulate(scenario, network=network, traffic=traffic, seed=1, engine="python").frames
    passed = {asks: frames["dwell_us"][frames["dwell_us"] > 0].mean() for asks, frames in dwells.items()}
    assert passed[False] == pytest.approx(50.0, abs=1.0)
    assert passed[True] == pytest.approx(75.0, abs=4.0)
