"""Outputs of scenarios: the paper's tables, laws, and sweeps that agree with single points."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qpsviz import Discipline, Scenario, evaluate, outputs, preset, sweep

FIG10 = {"fig10a": "split", "fig10b": "sender"}
RELAYS = st.integers(0, 5)
LENGTHS = st.floats(0, 600)
TIMES = st.floats(10, 1e6)


def fig10_closed_form(layout: str, length_km: float, n: int, t1: float, t2: float, dwell_us: float = 125.0) -> float:
    """Section IV.B as two separate sums: PHYSICS section 2, the known closed forms."""
    w_total = 10 ** (-length_km * 0.008 / 10)
    e1, e2 = math.exp(-dwell_us / t1), math.exp(-dwell_us / t2)
    n_segments = 2 * (n + 1) if layout == "split" else n + 1
    w = w_total ** (1 / n_segments)
    s = (1 - e1) * sum(w ** (j + 1) * e1**j for j in range(n))
    if layout == "split":
        return (1 + 2 * w_total * e2 ** (2 * n) + w_total * e1 ** (2 * n) + s**2) / 4
    kept_us = length_km / 0.2 + n * dwell_us
    h1, h2 = math.exp(-kept_us / t1), math.exp(-kept_us / t2)
    return (1 + 2 * w_total * e2**n * h2 + w_total * e1**n * h1 + s * (1 - h1)) / 4


@pytest.mark.parametrize(
    ("name", "convention", "crossings"),
    [
        ("fig10a", "decibel", [596.4, 344.7, 133.9, 0.0]),
        ("fig10b", "decibel", [92.8, 61.4]),
        ("fig10a", "printed", [59.6, 34.5, 13.4, 0.0]),
        ("fig10b", "printed", [38.7, 23.6]),
    ],
)
def test_fidelity_one_half_is_reached_where_each_reading_of_eq_4_puts_it(
    name: str, convention: str, crossings: list[float]
) -> None:
    base = preset(name).replace(depol_convention=convention)
    found = [evaluate(base.replace(n_relays=n), "entanglement_reach_km") for n in range(len(crossings))]
    assert found == pytest.approx(crossings, abs=0.06)


@pytest.mark.parametrize("layout", ["split", "sender"])
def test_root_fidelity_never_falls_to_one_half(layout: str) -> None:
    lengths = np.linspace(0, 20_000, 200)
    base = preset("fig10a").replace(layout=layout, depol_convention="printed")
    assert float(sweep(base, "fidelity_root", length_km=lengths, n_relays=[0, 1, 2, 3]).min()) >= 0.5


def test_fig_10a_values_that_the_text_and_the_two_readings_turn_on() -> None:
    base = preset("fig10a")
    assert evaluate(base.replace(n_relays=0, length_km=550.0), "fidelity") == pytest.approx(0.5223, abs=5e-5)
    assert evaluate(base.replace(n_relays=3, length_km=0.0), "fidelity") == pytest.approx(0.487, abs=5e-4)


@given(st.sampled_from(sorted(FIG10)), LENGTHS, RELAYS, TIMES, st.floats(0.05, 2))
def test_fidelity_is_the_known_closed_form_of_each_layout(
    name: str, length_km: float, n: int, t1: float, ratio: float
) -> None:
    scenario = preset(name).replace(length_km=length_km, n_relays=n, t1_us=t1, t2_us=ratio * t1)
    expected = fig10_closed_form(FIG10[name], length_km, n, t1, ratio * t1)
    assert evaluate(scenario, "fidelity") == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(("time_us", "fidelity"), [(1e3, 0.63), (3e3, 0.84), (1e4, 0.95), (300.0, 0.44), (1e-3, 0.50)])
def test_a_split_pair_without_fibre_dips_before_better_memories_help(time_us: float, fidelity: float) -> None:
    """PHYSICS section 3: three relays per arm, 0 km, 125 µs."""
    base = preset("fig11").replace(length_km=0.0, t1_us=time_us, t2_us=time_us)
    assert evaluate(base, "fidelity") == pytest.approx(fidelity, abs=6e-3)


def test_below_the_frame_time_the_processing_time_has_no_effect() -> None:
    """Section IV.B, Fig. 12: the knee at 10 x 5 µs."""
    found = sweep(preset("fig12"), "fidelity", processing_us=[1e-3, 1.0, 50.0, 50.1])
    assert np.ptp(found[:3].values) == 0
    assert float(found[3]) < float(found[0])


@pytest.mark.parametrize(("n_relays", "rate"), [*enumerate([0.500, 0.2475, 0.1225, 0.06062, 0.0300, 0.01484])])
def test_fig_7_at_no_distance(n_relays: int, rate: float) -> None:
    scenario = preset("fig7").replace(length_km=0.0, n_relays=n_relays)
    assert evaluate(scenario, "key_rate") == pytest.approx(rate, rel=5e-4)


@pytest.mark.parametrize(("n_relays", "rate"), [*enumerate([4.985e-3, 2.468e-3, 1.221e-3, 6.045e-4])])
def test_fig_7_at_100_km(n_relays: int, rate: float) -> None:
    assert evaluate(preset("fig7").replace(n_relays=n_relays), "key_rate") == pytest.approx(rate, rel=5e-4)


@pytest.mark.parametrize("n_relays", [0, 1, 2, 3, 50])
def test_fig_7_reaches_254_5_km_for_every_number_of_relays(n_relays: int) -> None:
    assert evaluate(preset("fig7").replace(n_relays=n_relays), "reach_km") == pytest.approx(254.5, abs=0.05)


def test_two_noisy_detectors_shorten_fig_7_to_239_5_km_and_a_db_per_switch_costs_5_km() -> None:
    fig7 = preset("fig7")
    assert evaluate(fig7.replace(p_dark=2e-6), "reach_km") == pytest.approx(239.5, abs=0.05)
    reaches = [evaluate(fig7.replace(n_relays=n, insertion_loss_db=1.0), "reach_km") for n in range(4)]
    np.testing.assert_allclose(np.diff(reaches), -5.0, atol=1e-3)


def test_beyond_its_reach_there_is_no_key_and_just_before_it_there_is() -> None:
    reach_km = evaluate(preset("fig7"), "reach_km")
    assert evaluate(preset("fig7").replace(length_km=reach_km * (1 - 1e-6)), "key_rate") > 0
    assert evaluate(preset("fig7").replace(length_km=reach_km * (1 + 1e-6)), "key_rate") == 0


def test_a_reach_without_end_is_infinite_and_one_without_beginning_is_zero() -> None:
    clean = preset("fig10a").replace(depol_per_km=0.0, n_relays=0)
    assert evaluate(clean, "entanglement_reach_km") == math.inf
    assert evaluate(preset("fig7").replace(misalignment=0.2), "reach_km") == 0
    assert evaluate(preset("fig7").replace(p_free=0.0), "reach_km") == 0


@st.composite
def scenarios(draw: st.DrawFn) -> Scenario:
    """A scenario of any layout and discipline with numbers that a person might choose."""
    t1_us = draw(TIMES)
    return Scenario().replace(
        layout=draw(st.sampled_from(["split", "sender"])),
        partner_noise=draw(st.booleans()),
        discipline=draw(st.sampled_from(Discipline)),
        memory_model=draw(st.sampled_from(["t1t2", "twirled"])),
        late_payload=draw(st.sampled_from(["truncate", "discard"])),
        depol_per_km=draw(st.floats(0, 0.02)),
        length_km=draw(LENGTHS),
        n_relays=draw(RELAYS),
        processing_us=draw(st.floats(0, 200)),
        guard_us=draw(st.floats(0, 300)),
        insertion_loss_db=draw(st.floats(0, 3)),
        p_free=draw(st.floats(0, 1)),
        n_qubits=draw(st.integers(1, 100)),
        misalignment=draw(st.floats(0, 0.1)),
        p_afterpulse=draw(st.floats(0, 0.2)),
        dead_us=draw(st.floats(0, 50)),
        jitter_us=draw(st.floats(0, 2e-3)),
        t1_us=t1_us,
        t2_us=t1_us * draw(st.floats(0.05, 2)),
    )


@given(scenarios())
def test_every_output_is_within_its_physical_range(scenario: Scenario) -> None:
    found = {o.name: evaluate(scenario, o.name) for o in outputs()}
    chances = ["gain", "qber_z", "qber_x", "retention", "payload_kept", "delivered_share", "fidelity", "concurrence"]
    assert {name: found[name] for name in chances if not 0 <= found[name] <= 1 + 1e-12} == {}
    assert found["key_rate"] >= 0
    one_way = evaluate(scenario.replace(layout="sender"), "retention")  # a key takes one path in either layout
    assert found["key_rate"] <= found["gain"] * one_way + 1e-15
    assert found["chsh"] <= 2 * math.sqrt(2) + 1e-12
    assert found["fidelity_root"] == pytest.approx(math.sqrt(found["fidelity"]))
    assert found["teleport_fidelity"] == pytest.approx((2 * found["fidelity"] + 1) / 3)
    assert found["delay_us"] >= found["dwell_us"] >= 0
    assert [name for name, value in found.items() if math.isnan(value)] == []


@given(scenarios(), st.sampled_from(["insertion_loss_db", "p_dark", "ec_inefficiency", "misalignment"]))
def test_no_worse_component_ever_raises_the_key_rate(scenario: Scenario, name: str) -> None:
    value = scenario.flat()[name]
    worse = scenario.replace(**{name: min(0.5, value * 1.5 + 1e-3) if name == "misalignment" else value * 1.5 + 1e-9})  # type: ignore[operator]
    assert evaluate(worse, "key_rate") <= evaluate(scenario, "key_rate") * (1 + 1e-12)


@given(scenarios(), st.floats(0, 100))
def test_more_fibre_never_raises_the_key_rate_or_the_reach(scenario: Scenario, more_km: float) -> None:
    longer = scenario.replace(length_km=scenario.path.length_km + more_km)
    assert evaluate(longer, "key_rate") <= evaluate(scenario, "key_rate") * (1 + 1e-12)
    assert evaluate(longer, "reach_km") == evaluate(scenario, "reach_km")


@given(LENGTHS, LENGTHS, RELAYS)
def test_a_split_pair_only_loses_fidelity_with_length(first: float, second: float, n_relays: int) -> None:
    short, long = (
        evaluate(preset("fig10a").replace(length_km=x, n_relays=n_relays), "fidelity") for x in sorted((first, second))
    )
    assert long <= short + 1e-15


@given(scenarios())
def test_the_pauli_twirl_is_never_more_faithful_than_the_relaxation_it_averages(scenario: Scenario) -> None:
    full, twirled = (evaluate(scenario.replace(memory_model=m), "fidelity") for m in ("t1t2", "twirled"))
    assert twirled <= full + 1e-15


@settings(max_examples=40)
@given(scenarios(), st.sampled_from([o.name for o in outputs()]))
def test_a_sweep_is_the_same_as_point_by_point(scenario: Scenario, name: str) -> None:
    axes: dict[str, list[Any]] = {
        "n_relays": [0, 3, 1], "length_km": [0.0, 40.0], "layout": ["sender", "split"], "t1_us": [1e6, 2e6],
    }  # fmt: skip
    found = sweep(scenario, name, **axes)
    assert found.dims == tuple(axes)
    for index in np.ndindex(found.shape):
        point = {axis: values[i] for (axis, values), i in zip(axes.items(), index, strict=True)}
        assert found.values[index] == pytest.approx(evaluate(scenario.replace(**point), name), rel=1e-12, abs=1e-15)
