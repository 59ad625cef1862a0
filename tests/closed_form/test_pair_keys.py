"""BBM92 over the line: against drawn pairs, runs, and the key of single photons."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import qpsviz as qps
from qpsviz.closed_form.budget import budget
from qpsviz.closed_form.quantities import Quantities
from qpsviz.protocols.bbm92 import PairSlots
from qpsviz.protocols.detectors import Gates

SPLIT = qps.preset("fig10a").replace(n_relays=1, length_km=40.0, p_dark=1e-5, misalignment=0.01, t1_us=1e5, t2_us=1e5)


def entropy(e: float) -> float:
    return -e * math.log2(e) - (1 - e) * math.log2(1 - e)


def test_coincidences_and_errors_are_those_of_drawn_pairs() -> None:
    """2,000,000 slots drawn once: 5 standard deviations, so a right program fails with a chance < 1e-5."""
    rng, n = np.random.default_rng(8), 2_000_000
    eta, dark, p_wrong = (0.4, 0.25), (0.02, 0.05), 0.04
    bits = rng.integers(0, 2, n)
    sides = []
    for side in (0, 1):
        seen = rng.random(n) < eta[side]
        by_chance = ~seen & (rng.random(n) < dark[side])
        flipped = rng.random(n) < (p_wrong if side else 0.0)
        sides.append((seen | by_chance, np.where(seen, bits ^ flipped, rng.integers(0, 2, n))))
    both = sides[0][0] & sides[1][0]
    slots = PairSlots(eta_a=eta[0], eta_b=eta[1], gates_a=Gates(p_dark=dark[0]), gates_b=Gates(p_dark=dark[1]))
    Q, e = float(slots.gain()), float(slots.qber(p_wrong))
    assert both.mean() == pytest.approx(Q, abs=5 * math.sqrt(Q / n))
    assert (sides[0][1] != sides[1][1])[both].mean() == pytest.approx(e, abs=5 * math.sqrt(e / (Q * n)))


def test_the_key_of_a_split_source_is_that_of_its_pairs_written_out() -> None:
    s = SPLIT.replace(ec_inefficiency=1.16)
    half = 0.5 * 10**-0.4
    R = 1e-5 + half * (1 - 1e-5)
    by_chance = (R**2 - half**2) / R**2
    bits = 1.0
    w, E = 10 ** (-40 * 0.008 / 10), math.exp(-125.0 / 1e5)
    relaxed = (1 - E) * 10 ** (-10 * 0.008 / 10)  # the shift of one arm, which its last span depolarises
    for f, along in ((1.16, w * E**2 + relaxed**2), (1.0, w * E**2)):
        path = (1 - along) / 2
        e = 0.01 * (1 - path) + 0.99 * path
        bits -= f * entropy(e + (0.5 - e) * by_chance)
    kept = qps.evaluate(s, "retention_per_channel_time")
    assert bits > 0.1
    assert qps.evaluate(s, "key_rate_bbm92") == pytest.approx(kept * R**2 * bits, rel=1e-9)


def test_a_perfectly_kept_half_makes_the_key_of_single_photons_seen_by_one_more_detector() -> None:
    s = qps.preset("fig7").replace(n_relays=2, p_dark=0.0, misalignment=0.02, partner_noise=False, length_km=60.0)
    assert qps.evaluate(s, "key_rate_bbm92") == pytest.approx(0.5 * qps.evaluate(s, "key_rate"), rel=1e-12)


@pytest.mark.parametrize("max_attempts", [1, 3])
def test_as_many_pairs_come_through_busy_ports_as_in_a_run(max_attempts: int) -> None:
    """3,000 frames drawn once: 5 standard deviations of their share, so a right program fails with a chance < 1e-5."""
    s = SPLIT.replace(
        discipline="burst", n_relays=2, p_free=0.7, processing_us=5.0, guard_us=0.0, n_frames=3000, p_dark=0.0,
        eta_detector=1.0, loss_db_per_km=0.0, max_attempts=max_attempts, length_km=1.0, depol_per_km=0.0,
        misalignment=0.0, late_payload="truncate",
    )  # fmt: skip
    run = qps.simulate(s, seed=5, sample="photons")
    n_sent = 3000 * s.source.n_qubits
    found = run.photons.epr.total("n_pairs") / n_sent
    routing = Quantities(s.values()).routing
    per_frame = float(routing.pair_retention_per_channel_time * routing.channel_time_us / routing.path.payload_us)
    assert found == pytest.approx(per_frame, abs=5 * math.sqrt(0.25 / 3000))
    assert qps.evaluate(s, "key_rate_bbm92") == pytest.approx(float(routing.pair_retention_per_channel_time), rel=1e-9)


@given(st.floats(0, 200), st.integers(0, 2), st.sampled_from(["split", "sender"]), st.floats(0, 0.1))
def test_the_key_of_pairs_is_never_more_than_the_pairs_that_both_sides_see(
    length_km: float, n_relays: int, layout: str, misalignment: float
) -> None:
    s = SPLIT.replace(length_km=length_km, n_relays=n_relays, layout=layout, misalignment=misalignment, p_dark=0.0)
    eta = 10 ** (-0.02 * length_km) * 0.25
    assert 0 <= qps.evaluate(s, "key_rate_bbm92") <= eta * (1 + 1e-9)


def test_detectors_that_are_dead_blurred_or_ring_cost_both_sides() -> None:
    plain = qps.evaluate(SPLIT, "key_rate_bbm92")
    blurred = SPLIT.replace(jitter_us=1e-3, p_dark=0.0)
    share = math.erf(math.sqrt(math.log(2)))
    assert qps.evaluate(blurred, "key_rate_bbm92") == pytest.approx(
        share**2 * qps.evaluate(SPLIT.replace(p_dark=0.0), "key_rate_bbm92"), rel=1e-9
    )
    R = 1e-5 + 0.5 * 10**-0.4 * (1 - 1e-5)
    dead = qps.evaluate(SPLIT.replace(dead_us=6.0), "key_rate_bbm92")
    assert dead == pytest.approx(plain / (1 + R) ** 2, rel=1e-9)
    assert qps.evaluate(SPLIT.replace(p_afterpulse=0.03), "key_rate_bbm92") < plain


def test_without_light_and_dark_counts_there_is_no_key_of_pairs() -> None:
    assert qps.evaluate(SPLIT.replace(eta_detector=0.0, p_dark=0.0), "key_rate_bbm92") == 0
    assert qps.evaluate(SPLIT.replace(eta_detector=0.0), "key_rate_bbm92") == 0


def fading(rate_per_us: float, p_free: float, payload_us: float = 50.0) -> float:
    """E[exp(-s W)] of M/D/1 as Pollaczek and Khinchine have it."""
    s, per_us = rate_per_us, (1 - p_free) / payload_us
    return p_free * s / (s - per_us + per_us * math.exp(-s * payload_us))


@pytest.mark.parametrize(("n_relays", "p_free"), [(1, 0.2), (1, 0.9), (3, 0.5)])
def test_halves_that_waited_in_fibre_for_the_same_ports_arrive_together(n_relays: int, p_free: float) -> None:
    scenario = qps.Scenario().replace(
        discipline="store", layout="sender", storage="delay_line", n_relays=n_relays, p_free=p_free, length_km=20.0,
        p_dark=0.0, eta_detector=1.0, depol_per_km=0.0, processing_us=20.0,
    )  # fmt: skip
    held_us, flight_us, per_us = 50.0 * n_relays, 100.0, 0.04 * math.log(10) / 10
    left = 10**-0.4 * math.exp(-per_us * (2 * held_us + flight_us))
    both = left * fading(2 * per_us, p_free) ** n_relays
    assert qps.evaluate(scenario, "key_rate_bbm92") == pytest.approx(both, rel=1e-9)
    assert sum(cost.loss_db for cost in budget(scenario)) == pytest.approx(-10 * math.log10(both), rel=1e-9)
    quiet = qps.evaluate(scenario.replace(p_dark=1e-7), "key_rate_bbm92")
    assert quiet == pytest.approx(both, rel=1e-3)


def test_the_budget_of_a_pair_has_the_loss_of_the_half_that_is_kept_in_fibre() -> None:
    scenario = qps.Scenario().replace(
        discipline="store", layout="sender", storage="delay_line", n_relays=1, length_km=20.0, depol_per_km=0.0,
        processing_us=20.0,
    )  # fmt: skip
    found = budget(scenario)
    assert {cost.name: round(cost.loss_db, 9) for cost in found}["kept half"] == 6.0  # 150 us at 0.04 dB each
    assert sum(cost.loss_db for cost in found) == pytest.approx(12.0, abs=1e-9)
