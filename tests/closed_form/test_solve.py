"""Inverse questions: what comes out of ``solve`` goes back into ``evaluate``."""

from __future__ import annotations

import math
import sys
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import qpsviz
from qpsviz import ParameterError, Scenario, evaluate, outputs, preset
from qpsviz.closed_form.closest import closest
from qpsviz.closed_form.solve import Search, solutions, solve

LINKED = ("t1_us", "t2_us")


def test_three_relays_and_no_fibre_noise_need_2_07_ms_for_a_fidelity_of_0_9() -> None:
    """Section IV.B, Fig. 12, on the flat part."""
    found = solve(preset("fig12"), LINKED, fidelity=0.9)
    assert found == pytest.approx(2070.0, abs=10.0)
    assert solve(preset("fig12").replace(processing_us=1e-3), LINKED, fidelity=0.9) == pytest.approx(found, rel=1e-12)


@pytest.mark.parametrize(
    ("names", "wanted", "true_value"),
    [
        ("n_block_pulses", "key_rate_finite", 3e8), ("length_km", "key_rate_finite", 33.0),
        ("launch_dbm", "key_rate_finite_hz", -7.0), ("p_dark", "key_rate_finite_hz", 1e-4),
    ],
)  # fmt: skip
def test_what_takes_a_search_is_solved_in_few_of_them(
    names: str, wanted: str, true_value: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    lit = preset("shared-fibre").replace(length_km=20.0, launch_dbm=-10.0)
    goal = evaluate(lit.replace(**{names: true_value}), wanted)
    counts: list[int] = []
    module = sys.modules[Search.__module__]
    compute = module.compute

    def counted(values: Any, name: str) -> Any:
        found = compute(values, name)
        counts.append(found.size)
        return found

    monkeypatch.setattr(module, "compute", counted)
    assert solve(lit, names, **{wanted: goal}) == pytest.approx(true_value, rel=1e-5)
    assert sum(counts) < 120


@pytest.mark.parametrize("factor", [2.0, 10.0, 100.0])
def test_above_the_knee_the_memory_needed_grows_in_proportion(factor: float) -> None:
    slow = preset("fig12").replace(processing_us=100.0 * factor)
    needed = solve(preset("fig12").replace(processing_us=100.0), LINKED, fidelity=0.8)
    assert solve(slow, LINKED, fidelity=0.8) == pytest.approx(factor * needed, rel=1e-9)


@pytest.mark.parametrize("n_relays", [0, 1, 2, 3])
def test_the_length_without_key_is_the_reach(n_relays: int) -> None:
    fig7 = preset("fig7").replace(n_relays=n_relays)
    assert solve(fig7, "length_km", key_rate=0.0) == pytest.approx(evaluate(fig7, "reach_km"), rel=1e-5)
    assert solve(fig7, "length_km", secret_share=0.0) == pytest.approx(254.5, abs=0.05)


def test_a_goal_below_the_dip_of_a_split_pair_is_passed_twice_and_the_smaller_time_is_returned() -> None:
    no_fibre = preset("fig11").replace(length_km=0.0)
    low, high = solutions(no_fibre, LINKED, fidelity=0.45)
    assert low < 300 < high
    assert solve(no_fibre, LINKED, fidelity=0.45) == low
    assert solve(no_fibre, LINKED, within=(300.0, 1e6), fidelity=0.45) == pytest.approx(high, rel=1e-12)
    for time_us in (low, high):
        assert evaluate(no_fibre.replace(t1_us=time_us, t2_us=time_us), "fidelity") == pytest.approx(0.45, abs=1e-12)


CASES = (
    ("fig10a", "length_km", "fidelity", 0.0, 500.0),
    ("fig10b", "processing_us", "fidelity", 60.0, 1e4),
    ("fig10b", LINKED, "concurrence", 900.0, 1e7),
    ("fig10a", "depol_per_km", "chsh", 0.0, 0.01),
    ("fig7", "p_free", "key_rate", 0.01, 1.0),
    ("fig7", "guard_us", "retention", 1.1, 500.0),
    ("fig7", "p_dark", "reach_km", 1e-9, 1e-3),
    ("fig7", "eta_detector", "qber_z", 0.01, 1.0),
    ("metro-ring", "insertion_loss_db", "key_rate_hz", 0.0, 3.0),
    ("hollow-core", "speed_km_per_us", "delay_us", 0.1, 0.29),
)


@pytest.mark.parametrize(("name", "names", "wanted", "lo", "hi"), CASES)
@settings(max_examples=15)
@given(share=st.floats(0, 1))
def test_what_solves_a_goal_evaluates_to_it(
    name: str, names: Any, wanted: str, lo: float, hi: float, share: float
) -> None:
    true_value = lo + share * (hi - lo)
    varied = (names,) if isinstance(names, str) else names
    base = preset(name)
    goal = evaluate(base.replace(**dict.fromkeys(varied, true_value)), wanted)
    found = solve(base, names, within=(lo, hi), **{wanted: goal})
    assert found <= true_value * (1 + 1e-5) + 1e-9
    assert evaluate(base.replace(**dict.fromkeys(varied, found)), wanted) == pytest.approx(goal, rel=1e-6)


@settings(max_examples=25)
@given(st.integers(1, 40), st.floats(0.05, 1))
def test_the_most_relays_that_keep_a_rate_keep_it_and_one_more_does_not(n_qubits: int, share: float) -> None:
    base = preset("fig7").replace(n_qubits=n_qubits)
    goal = share * evaluate(base.replace(n_relays=0), "key_rate")
    n_relays = solve(base, "n_relays", key_rate=goal)
    assert n_relays == round(n_relays)
    assert evaluate(base.replace(n_relays=n_relays), "key_rate") >= goal * (1 - 1e-12)
    assert evaluate(base.replace(n_relays=n_relays + 1), "key_rate") < goal


@settings(max_examples=25)
@given(st.floats(401, 20_000))
def test_the_most_relays_within_a_delay_are_within_it(delay_us: float) -> None:
    n_relays = solve(preset("fig12"), "n_relays", delay_us=delay_us)
    assert evaluate(preset("fig12").replace(n_relays=n_relays), "delay_us") <= delay_us * (1 + 1e-12)
    assert evaluate(preset("fig12").replace(n_relays=n_relays + 1), "delay_us") > delay_us


def test_a_goal_that_is_jumped_over_is_met_at_the_jump() -> None:
    """A cut-off below the dwell loses every frame, one at the dwell none."""
    stored = preset("fig10a").replace(n_relays=2)
    assert solve(stored, "cutoff_us", payload_kept=0.5) == pytest.approx(250.0, abs=2e-9)  # equal times, as elsewhere
    assert evaluate(stored.replace(cutoff_us=solve(stored, "cutoff_us", payload_kept=0.5)), "payload_kept") == 1


@pytest.mark.parametrize(
    ("name", "goal", "message"),
    [
        ("t1_us", {"loss_db": 3.0}, r"no t1_us between .* us reaches loss_db = 3; it is 40 everywhere"),
        ("length_km", {"fidelity": 1.2}, r"no length_km between 0 and 1e\+06 km .* best is 0\.71713 at 0 km"),
        (
            "n_relays",
            {"fidelity": 0.01},
            r"no n_relays between 0 and 1000 reaches fidelity = 0\.01; best is 0\.401851 at 5$",
        ),
        (LINKED, {"fidelity": 1.0}, r"no t1_us = t2_us between 0\.001 and 1e\+12 us .* best is 0\.\d+ at "),
    ],
)
def test_a_goal_out_of_reach_says_how_close_it_gets(name: Any, goal: dict[str, float], message: str) -> None:
    with pytest.raises(ValueError, match=message) as caught:
        solve(preset("fig10a"), name, **goal)
    assert not isinstance(caught.value, ParameterError)


def test_the_best_value_in_the_message_is_the_true_optimum() -> None:
    with pytest.raises(ValueError, match="best is") as caught:
        solve(preset("fig12"), LINKED, fidelity=0.2)
    lowest = min(evaluate(preset("fig12").replace(t1_us=t, t2_us=t), "fidelity") for t in np.geomspace(50, 500, 4000))
    assert float(str(caught.value).split("best is ")[1].split()[0]) == pytest.approx(lowest, abs=1e-6)


@pytest.mark.parametrize(
    ("names", "goal", "within", "message"),
    [
        ("t3_us", {"fidelity": 0.9}, None, "unknown parameter 't3_us'"),
        ("layout", {"fidelity": 0.9}, None, "layout is one of split, sender and cannot be solved for"),
        ("partner_noise", {"fidelity": 0.9}, None, "partner_noise is true or false and cannot"),
        ((), {"fidelity": 0.9}, None, "must be one parameter or several"),
        (("t1_us", "t1_us"), {"fidelity": 0.9}, None, "must be one parameter or several"),
        (("t1_us", "length_km"), {"fidelity": 0.9}, None, "different units"),
        ("t1_us", {}, None, "one goal is needed"),
        ("t1_us", {"fidelity": 0.9, "chsh": 2.0}, None, "one goal is needed"),
        ("t1_us", {"fidelty": 0.9}, None, r"unknown output 'fidelty'; did you mean fidelity\?"),
        ("t1_us", {"fidelity": math.nan}, None, "fidelity = nan must be a finite number"),
        ("t1_us", {"fidelity": math.inf}, None, "fidelity = inf must be a finite number"),
        ("t1_us", {"fidelity": "0.9"}, None, "fidelity = '0.9' must be a finite number"),
        ("t1_us", {"fidelity": True}, None, "fidelity = True must be a finite number"),
        ("t1_us", {"fidelity": 0.9}, (1e3, 500.0), "must rise and lie in 250"),
        ("t1_us", {"fidelity": 0.9}, (100.0, 500.0), "must rise and lie in 250"),
        ("p_free", {"key_rate": 0.9}, (0.0, 2.0), "p_free = 2.0 must be 0 … 1"),
        ("p_free", {"key_rate": 0.9}, (0.0, math.nan), "p_free = nan must be"),
    ],
)
def test_a_bad_question_is_refused_by_name(names: Any, goal: dict[str, Any], within: Any, message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        solve(preset("fig10a"), names, within=within, **goal)


def test_a_memory_without_dephasing_leaves_no_relaxation_time_to_search() -> None:
    with pytest.raises(ParameterError, match="t1_us has no valid value to search"):
        solve(Scenario().replace(t1_us=math.inf, t2_us=math.inf), "t1_us", fidelity=0.9)


def test_t2_is_searched_only_up_to_twice_t1() -> None:
    base = preset("fig12").replace(t1_us=2000.0, t2_us=100.0)
    with pytest.raises(ValueError, match=r"between 0\.001 and 4000 us"):
        solve(base, "t2_us", fidelity=0.99)
    best = evaluate(base.replace(t2_us=4000.0), "fidelity")
    assert solve(base, "t2_us", fidelity=best - 1e-6) < 4000.0


@settings(max_examples=50)
@given(st.lists(st.floats(0.05, 0.95), min_size=1, max_size=4, unique=True))
def test_every_root_of_a_polynomial_is_found_in_order(roots: list[float]) -> None:
    roots = sorted(roots)
    assume(len(roots) == 1 or min(np.diff(roots)) > 0.01)
    search = Search(f=lambda x: np.prod([x - r for r in roots], axis=0), value=0.0)
    assert search.run(0.0, 1.0) == pytest.approx(roots, abs=1e-9)


def test_a_peak_narrower_than_the_scan_that_reaches_the_goal_is_found() -> None:
    search = Search(f=lambda x: 1 - (x - 0.50123) ** 2 * 1e4, value=0.999999)
    found = search.run(0.0, 1.0)
    assert found == pytest.approx([0.50122, 0.50124], abs=1e-6)


def test_less_is_better_for_errors_delays_and_loss_alone_and_solve_is_a_public_name() -> None:
    less = {o.name for o in outputs() if o.less_is_better}
    waits = {"delay_us", "dwell_us", "payload_us", "first_key_us"}
    assert less == {"qber_z", "qber_x", "loss_db", "raman_per_gate"} | waits
    assert qpsviz.solve is solve


@pytest.mark.parametrize("goal", [40.0, 1e9, 1e30])
def test_how_close_an_output_gets_does_not_depend_on_how_far_away_the_goal_is(goal: float) -> None:
    with pytest.raises(ValueError, match="best is") as refused:
        solve(preset("fig7"), "n_block_pulses", key_rate_finite_hz=goal)
    best, at = (float(text) for text in str(refused.value).split("best is ")[1].split(" at "))
    assert at == 1e15
    assert best == pytest.approx(evaluate(preset("fig7").replace(n_block_pulses=1e15), "key_rate_finite_hz"), rel=1e-5)


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=20), st.floats(-1e12, 1e12))
def test_the_closest_value_is_closer_than_all_others_but_for_rounding(values: list[float], goal: float) -> None:
    y = np.array([*values, math.nan, math.inf])
    found = closest(y, goal)
    largest = max(abs(v) for v in values)
    exact = [abs(Fraction(v) - Fraction(goal)) for v in values]
    assert exact[found] - min(exact) <= 3e-9 * largest
