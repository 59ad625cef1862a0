"""The budget: parts that sum to the whole, and each charged to what causes it."""

from __future__ import annotations

import itertools
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qpsviz import Discipline, ParameterError, Scenario, evaluate, preset
from qpsviz.closed_form.budget import budget

KINDS = {"fibre", "switch", "memory", "partner memory", "routing", "detector", "distillation", "light"}
KEYS = ("key_rate", "key_rate_decoy", "key_rate_finite")


@st.composite
def scenarios(draw: st.DrawFn) -> Scenario:
    """A scenario in which anything may cost something."""
    t1_us = draw(st.floats(10, 1e6))
    return Scenario().replace(
        layout=draw(st.sampled_from(["split", "sender"])),
        partner_noise=draw(st.booleans()),
        discipline=draw(st.sampled_from(Discipline)),
        memory_model=draw(st.sampled_from(["t1t2", "twirled"])),
        late_payload=draw(st.sampled_from(["truncate", "discard"])),
        release=draw(st.sampled_from(["after_frame", "after_header"])),
        length_km=draw(st.floats(0, 300)),
        n_relays=draw(st.integers(0, 6)),
        processing_us=draw(st.floats(0, 60)),
        guard_us=draw(st.floats(0, 200)),
        insertion_loss_db=draw(st.floats(0, 3)),
        p_free=draw(st.floats(0.1, 1)),
        max_attempts=draw(st.sampled_from([1, 1, 3])),
        reservation=draw(st.sampled_from(["immediate", "delayed"])),
        cutoff_us=draw(st.floats(10, 1e4) | st.just(math.inf)),
        memory_qubits=draw(st.sampled_from([5.0, math.inf])),
        eta_detector=draw(st.floats(0.01, 1)),
        p_dark=draw(st.floats(0, 1e-3)),
        misalignment=draw(st.floats(0, 0.05)),
        p_afterpulse=draw(st.floats(0, 0.1)),
        dead_us=draw(st.floats(0, 50)),
        jitter_us=draw(st.floats(0, 2e-3)),
        n_signals=draw(st.sampled_from([0, 0, 1, 4])),
        launch_dbm=draw(st.floats(-60, 0)),
        t1_us=t1_us,
        t2_us=t1_us * draw(st.floats(0.05, 2)),
    )


@given(scenarios())
def test_the_fidelities_lost_sum_to_what_the_pair_lacks(scenario: Scenario) -> None:
    costs = budget(scenario)
    assert math.fsum(c.lost_fidelity for c in costs) == pytest.approx(1 - evaluate(scenario, "fidelity"), abs=1e-12)
    assert costs[0].before_fidelity == 1
    assert costs[-1].after_fidelity == pytest.approx(evaluate(scenario, "fidelity"), abs=1e-12)
    for earlier, later in itertools.pairwise(costs):
        assert later.before_fidelity == earlier.after_fidelity


@given(scenarios())
def test_the_losses_of_a_pair_sum_to_its_chance_of_arrival(scenario: Scenario) -> None:
    v = scenario.flat()
    n_switches = v["n_relays"] * (2 if v["layout"] == "split" else 1)  # type: ignore[operator]
    expected = v["loss_db_per_km"] * v["length_km"] + n_switches * v["insertion_loss_db"]  # type: ignore[operator]
    assert math.fsum(c.loss_db for c in budget(scenario)) == pytest.approx(expected, rel=1e-12, abs=1e-12)


@given(scenarios())
def test_the_losses_of_a_key_sum_to_its_rate(scenario: Scenario) -> None:
    costs = budget(scenario, "key_rate")
    total_db, rate = math.fsum(c.loss_db for c in costs), evaluate(scenario, "key_rate")
    if rate == 0:
        assert total_db == math.inf
    else:
        assert total_db == pytest.approx(-10 * math.log10(rate), abs=1e-11)
    path_db = math.fsum(c.loss_db for c in costs if c.kind in ("fibre", "switch"))
    assert path_db == pytest.approx(evaluate(scenario, "loss_db"), rel=1e-12, abs=1e-12)
    routing_db = math.fsum(c.loss_db for c in costs if c.kind == "routing")
    one_way = scenario.replace(layout="sender")  # a key takes one path in either layout
    routed = evaluate(one_way, "retention_per_channel_time")
    assert 10 ** (-routing_db / 10) == pytest.approx(routed, rel=1e-11, abs=1e-300)


@settings(max_examples=25)
@given(scenarios(), st.sampled_from(KEYS[1:]))
def test_the_losses_of_a_key_of_weak_pulses_sum_to_its_rate(scenario: Scenario, of: str) -> None:
    costs = budget(scenario, of)
    total_db, rate = math.fsum(c.loss_db for c in costs), evaluate(scenario, of)
    assert total_db == (math.inf if rate == 0 else pytest.approx(-10 * math.log10(rate), abs=1e-9))
    assert [c for c in costs if c.kind not in ("source", "block")] == budget(scenario, "key_rate")


def test_a_source_and_a_block_cost_what_lies_between_the_rates() -> None:
    costs = {c.kind: c.loss_db for c in budget(preset("fig7").replace(length_km=50.0), "key_rate_finite")}
    perfect, endless, finite = (evaluate(preset("fig7").replace(length_km=50.0), of) for of in KEYS)
    assert costs["source"] == pytest.approx(10 * math.log10(perfect / endless))
    assert costs["block"] == pytest.approx(10 * math.log10(endless / finite))
    assert 0 < costs["block"] < costs["source"]


def test_where_no_key_is_left_a_block_costs_nothing_more() -> None:
    costs = budget(preset("fig7").replace(length_km=300.0), "key_rate_finite")
    assert {c.kind: c.loss_db for c in costs}.get("block", 0.0) == 0
    short = budget(preset("fig7").replace(n_block_pulses=1e4), "key_rate_finite")
    assert short[-1].kind == "block"
    assert short[-1].loss_db == math.inf


@given(scenarios(), st.sampled_from(["fidelity", "key_rate"]))
def test_every_cost_has_a_known_kind_and_stands_on_the_path(scenario: Scenario, of: str) -> None:
    costs = budget(scenario, of)
    assert {c.kind for c in costs} <= KINDS
    assert all(-1e-9 <= c.position_km <= scenario.path.length_km + 1e-9 for c in costs)
    assert len({c.name for c in costs}) == len(costs)
    assert len([c for c in costs if c.kind == "fibre"]) == (scenario.path.n_relays + 1) * (
        2 if of == "fidelity" and scenario.path.layout == "split" else 1
    )


@given(scenarios())
def test_fibre_never_raises_a_fidelity_and_loss_never_changes_one(scenario: Scenario) -> None:
    for cost in budget(scenario):
        assert cost.kind != "fibre" or cost.lost_fidelity >= -1e-15
        assert cost.kind != "switch" or cost.lost_fidelity == 0


def test_fig_10a_with_one_relay_per_arm_pays_for_four_fibres_and_two_memories() -> None:
    costs = budget(preset("fig10a"))
    assert [(c.name, c.position_km) for c in costs] == [
        ("left fibre 1", 75.0), ("right fibre 1", 125.0),
        ("memory of left relay 1", 50.0), ("memory of right relay 1", 150.0),
        ("left fibre 2", 25.0), ("right fibre 2", 175.0),
    ]  # fmt: skip
    # The first 50 km of fibre turn the Bell pair into a Werner state.
    assert costs[0].lost_fidelity == pytest.approx(0.75 * (1 - 10**-0.04), rel=1e-12)


def test_the_kept_half_of_fig_10b_costs_more_than_all_that_travels() -> None:
    """Section IV.B: the sender's memory must be the better one."""
    by_kind = {c.kind: c.lost_fidelity for c in budget(preset("fig10b").replace(n_relays=0, length_km=90.0))}
    assert by_kind["partner memory"] > by_kind["fibre"]


def test_a_perfect_kept_half_is_not_in_the_budget() -> None:
    kinds = {c.kind for c in budget(preset("fig10b").replace(partner_noise=False))}
    assert "partner memory" not in kinds


def test_each_relay_of_fig_7_costs_3_db_for_its_busy_port() -> None:
    costs = budget(preset("fig7"), "key_rate")
    assert [round(c.loss_db, 2) for c in costs if c.name.startswith("busy port")] == [3.01, 3.01]


def test_a_cut_off_is_charged_to_the_relay_at_which_it_strikes() -> None:
    costs = budget(preset("fig10b").replace(n_relays=3, cutoff_us=300.0), "key_rate")
    assert next(c.name for c in costs if c.loss_db == math.inf) == "cut-off or full memory at relay 3"


def test_dark_counts_show_as_a_gain_at_the_detector_and_are_paid_for_in_distillation() -> None:
    costs = {c.kind: c.loss_db for c in budget(preset("fig7").replace(length_km=250.0), "key_rate")}
    quiet = {c.kind: c.loss_db for c in budget(preset("fig7").replace(length_km=250.0, p_dark=0.0), "key_rate")}
    assert costs["detector"] < quiet["detector"]
    assert costs["distillation"] > 9
    assert "distillation" not in quiet


@pytest.mark.parametrize("of", ["rate", "", None, 3])
def test_an_unknown_budget_is_refused_by_name(of: object) -> None:
    with pytest.raises(ParameterError, match=r"of = .* must be one of fidelity, key_rate"):
        budget(Scenario(), of)  # type: ignore[arg-type]


HARDWARE = [
    {"device": "near_term"},
    {"device": "long_term", "correction": "five_qubit"},
    {"correction": "steane", "insertion_loss_db": 1.0},
    {"storage": "delay_line"},
    {"storage": "recirculating", "turn_us": 30.0},
]


@pytest.mark.parametrize("hardware", HARDWARE)
@pytest.mark.parametrize("layout", ["split", "sender"])
def test_parts_sum_to_the_whole_for_every_device_storage_and_correction(hardware, layout):
    s = preset("fig10a").replace(layout=layout, n_relays=2, depol_per_km=0.0005, p_dark=0.0, **hardware)
    lost = sum(cost.lost_fidelity for cost in budget(s, "fidelity"))
    assert lost == pytest.approx(1 - evaluate(s, "fidelity"), abs=1e-12)
    quiet = s.replace(depol_per_km=0.0, t1_us=math.inf, t2_us=math.inf)
    total_db = sum(cost.loss_db for cost in budget(quiet, "key_rate"))
    assert total_db == pytest.approx(-10 * math.log10(evaluate(quiet, "key_rate")), abs=1e-9)


def test_a_correction_is_a_row_of_its_own_at_every_relay_and_at_the_end():
    rows = budget(preset("fig10b").replace(n_relays=2, correction="five_qubit"))
    assert [row.name for row in rows if row.kind == "correction"] == [
        "q-processor of relay 1", "q-processor of relay 2", "decoding",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "changes",
    [
        {}, {"storage": "delay_line"}, {"storage": "recirculating"}, {"partner_noise": False}, {"cutoff_us": 500.0},
        {"device": "long_term", "correction": "steane"}, {"guard_us": 100.0, "release": "after_header"},
    ],
    ids=str,
)  # fmt: skip
@pytest.mark.parametrize("layout", ["split", "sender"])
def test_a_busy_port_has_its_row_and_the_parts_still_sum_to_the_whole(layout, changes):
    s = preset("fig10b").replace(
        layout=layout, n_relays=2, p_free=0.5, t1_us=9e4, t2_us=9e4, depol_per_km=0.0, p_dark=0.0, **changes
    )
    for of in ("fidelity", "key_rate"):
        costs = budget(s, of)
        names = [cost.name for cost in costs]
        prefix = "left " if layout == "split" and of == "fidelity" else ""
        assert f"busy port of {prefix}relay 2" in names
        if of == "fidelity":
            assert math.fsum(cost.lost_fidelity for cost in costs) == pytest.approx(1 - evaluate(s, of), abs=1e-12)
        else:
            total_db = math.fsum(cost.loss_db for cost in costs)
            assert total_db == pytest.approx(-10 * math.log10(evaluate(s, of)), abs=1e-9)


def test_the_row_of_a_busy_port_is_the_wait_of_m_d_1():
    s = preset("fig7").replace(discipline="store", n_relays=1, storage="delay_line", release="after_header")
    rows = {cost.name: cost for cost in budget(s, "key_rate")}
    nepers, rho = 0.04 * 50.0 * math.log(10) / 10, 0.5  # of a payload's time in fibre
    left = (1 - rho) * nepers / (nepers - rho + rho * math.exp(-nepers))
    assert rows["busy port of relay 1"].loss_db == pytest.approx(-10 * math.log10(left), rel=1e-9)
    never = budget(s.replace(p_free=0.0), "key_rate")
    assert [c.name for c in never if c.loss_db == math.inf and "never" in c.name] == [
        "port that is never free at relay 1"
    ]


@pytest.mark.parametrize("length_km", [5000.0, 17_000.0, 1e6])
@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"p_dark": 0.0},
        {"p_dark": 1.0},
        {"n_signals": 2},
        {"n_signals": 2, "p_dark": 0.0},
        {"eta_detector": 0.0},
        {"correction": "steane", "n_relays": 3},
        {"jitter_us": 3.0, "gate_us": 1.0},
    ],
)
def test_where_too_little_light_arrives_for_a_number_costs_are_numbers_or_endless(
    length_km: float, changes: dict[str, float]
) -> None:
    scenario = preset("fig7").replace(length_km=length_km, **changes)
    for of in ("key_rate", "key_rate_decoy"):
        lost_db = [cost.loss_db for cost in budget(scenario, of)]
        assert all(db > -math.inf for db in lost_db)  # also no NaN
        rate = float(evaluate(scenario, of))
        expected = math.inf if rate == 0 else -10 * math.log10(rate)
        assert math.fsum(lost_db) == pytest.approx(expected, rel=1e-9)
