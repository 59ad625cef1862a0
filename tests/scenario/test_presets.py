"""Presets carry the parameters that the paper's text and captions state."""

from __future__ import annotations

import itertools
import math
import re

import pytest

from qpsviz import ParameterError, Scenario, evaluate, outputs, preset, presets, simulate
from qpsviz.scenario.presets import _TABLE, all_presets
from qpsviz.switch.components import SWITCHES
from qpsviz.switch.correction import loss_wall_db

FIGURES = ("fig7", "fig10a", "fig10b", "fig11", "fig12", "fig13")
# Section IV.B and the captions of Figs. 10 to 13.
SECTION_IV_B = {
    "discipline": "store", "release": "after_frame", "n_qubits": 10, "spacing_us": 5.0, "guard_us": 0.0,
    "p_free": 1.0,
}  # fmt: skip


def test_every_figure_of_section_iv_has_a_preset() -> None:
    assert set(FIGURES) <= set(presets())


def test_fig_7_has_the_parameters_of_section_iv_a() -> None:
    flat = preset("fig7").flat()
    stated = {"loss_db_per_km": 0.2, "eta_detector": 0.5, "p_dark": 1e-6, "ec_inefficiency": 1.15, "p_free": 0.5}
    assert {name: flat[name] for name in stated} == stated
    assert flat["n_qubits"] * flat["spacing_us"] == 100 * flat["processing_us"]  # type: ignore[operator]
    assert (flat["discipline"], flat["insertion_loss_db"], flat["depol_per_km"]) == ("burst", 0.0, 0.0)


@pytest.mark.parametrize("name", ["fig10a", "fig10b", "fig11", "fig12", "fig13"])
def test_the_entanglement_figures_send_ten_qubits_5_us_apart(name: str) -> None:
    flat = preset(name).flat()
    assert {key: flat[key] for key in SECTION_IV_B} == SECTION_IV_B


@pytest.mark.parametrize("name", ["fig10a", "fig10b", "fig13"])
def test_figs_10_and_13_have_the_memories_delay_and_fibre_of_their_captions(name: str) -> None:
    flat = preset(name).flat()
    stated = {"t1_us": 500.0, "t2_us": 500.0, "processing_us": 125.0, "depol_per_km": 0.008}
    assert {key: flat[key] for key in stated} == stated


def test_figs_11_and_12_have_three_relays_and_a_split_source_and_only_fig_12_noiseless_fibre() -> None:
    for name, depol_per_km in (("fig11", 0.008), ("fig12", 0.0)):
        flat = preset(name).flat()
        assert (flat["n_relays"], flat["layout"], flat["depol_per_km"]) == (3, "split", depol_per_km)
    assert preset("fig11").switch.processing_us == 125.0


def test_the_two_layouts_of_fig_8_are_the_two_halves_of_fig_10() -> None:
    assert [preset(name).path.layout for name in ("fig10a", "fig10b")] == ["split", "sender"]


@pytest.mark.parametrize("known", all_presets(), ids=lambda p: p.name)
def test_a_preset_tells_its_story_and_every_output_of_it_is_a_number(known: object) -> None:
    found = next(p for p in all_presets() if p is known)
    assert found.title
    assert found.story.endswith(".")
    assert presets()[found.name] == f"{found.title}: {found.story}"
    assert preset(found.name) == Scenario().replace(**found.scenario.flat())
    assert [o.name for o in outputs() if math.isnan(evaluate(found.scenario, o.name))] == []


def test_preset_names_are_unique() -> None:
    assert len({p.name for p in all_presets()}) == len(all_presets())


@pytest.mark.parametrize("name", ["fig1O", "", "FIG7", None, ["fig7"], 7])
def test_an_unknown_preset_is_refused_by_name(name: object) -> None:
    with pytest.raises(ParameterError, match="unknown preset") as caught:
        preset(name)  # type: ignore[arg-type]
    assert caught.value.name == "preset"


def test_a_misspelt_preset_is_answered_with_the_right_one() -> None:
    with pytest.raises(ParameterError, match=r"did you mean fig10a\?"):
        preset("fig10A")


def of(name: str, output: str, **changes: object) -> float:
    """An output of a preset with some parameters changed."""
    return evaluate(preset(name).replace(**changes), output)


def spans_km(name: str) -> float:
    path = preset(name).path
    return path.length_km / (path.n_relays + 1)


#: Every number of a story, in order, from the models; no story may have a number that is not here.
NUMBERS = {
    "fig10a": lambda: (0, 3),
    "fig11": lambda: (),
    "fig12": lambda: (
        # the shortest processing time that still changes the dwell of a frame
        of("fig12", "dwell_us", processing_us=1e-3) / 3,
    ),
    "metro-ring": lambda: (
        spans_km("metro-ring"),
        preset("metro-ring").switch.insertion_loss_db * preset("metro-ring").path.n_relays,
        of("metro-ring", "loss_db", insertion_loss_db=0.0),
    ),
    "hollow-core": lambda: (
        100 * (1 - of("hollow-core", "delay_us") / of("hollow-core", "delay_us", speed_km_per_us=0.2)),
    ),
    "shared-fibre": lambda: (of("shared-fibre", "reach_km"), of("shared-fibre", "reach_km", n_signals=0)),
    "memory-buys": lambda: (of("memory-buys", "dwell_us") / preset("memory-buys").path.n_relays,),
    "3-db-wall": lambda: (
        *SWITCHES["wavelength_selective"].range_db, loss_wall_db(),
    ),
}  # fmt: skip


@pytest.mark.parametrize("known", all_presets(), ids=lambda p: p.name)
def test_every_number_in_a_story_is_what_the_models_give(known: object) -> None:
    found = next(p for p in all_presets() if p is known)
    words = re.sub(r"BB84|T1|T2|T₁|T₂|one-way", "", found.story)
    told = re.findall(r"\d+(?:\.\d+)?", words)
    computed = NUMBERS.get(found.name, tuple)()
    assert len(told) == len(computed), (found.story, computed)
    for text, value in zip(told, computed, strict=True):
        decimals = len(text.partition(".")[2])
        assert round(float(value), decimals) == float(text), found.story


def test_first_look_guard_time_shrinks_by_the_processing_time_at_every_relay() -> None:
    first = preset("first")
    assert first.switch.guard_us - first.path.n_relays * first.switch.processing_us == 20.0
    assert [of("first", "payload_kept", n_relays=n) for n in (3, 4, 5)] == [1.0, 1.0, 0.6]


def test_every_relay_of_fig_7_leaves_a_little_less_than_half_and_none_shortens_the_reach() -> None:
    rates = [of("fig7", "key_rate", n_relays=n) for n in range(6)]
    shares = [after / before for before, after in itertools.pairwise(rates)]
    assert all(0.49 < share < 0.5 for share in shares)
    assert len({round(of("fig7", "reach_km", n_relays=n), 6) for n in range(6)}) == 1


def test_figs_10_and_13_share_memories_and_fibre_and_only_one_keeps_a_half() -> None:
    (a, b, c) = (preset(name) for name in ("fig10a", "fig10b", "fig13"))
    assert a.memory == b.memory == c.memory
    assert a.fibre == b.fibre == c.fibre
    assert [s.path.layout for s in (a, b, c)] == ["split", "sender", "sender"]
    assert of("fig10b", "fidelity", partner_noise=False) > of("fig10b", "fidelity")
    assert of("fig10b", "delay_us") > of("fig10b", "dwell_us")  # it waits for the flight too


def test_in_fig_12_the_frame_sets_the_dwell_below_50_us_and_the_processor_above() -> None:
    dwells = [of("fig12", "dwell_us", processing_us=t) / 3 for t in (1e-3, 1.0, 50.0, 51.0, 1e3)]
    assert dwells == pytest.approx([50.0, 50.0, 50.0, 51.0, 1e3], rel=1e-12)
    assert preset("fig12").fibre.depol_per_km == 0.0


def test_in_the_metro_ring_the_switches_lose_more_than_the_fibre_and_such_switches_exist() -> None:
    ring = preset("metro-ring")
    assert ring.switch.discipline == "burst"
    lo_db, hi_db = SWITCHES["electro_optic"].range_db
    assert lo_db <= ring.switch.insertion_loss_db <= hi_db


def test_hollow_core_has_faster_light_and_less_than_half_of_the_loss_of_glass() -> None:
    hollow, glass = preset("hollow-core").fibre, Scenario().fibre
    assert hollow.speed_km_per_us > glass.speed_km_per_us
    assert hollow.loss_db_per_km < glass.loss_db_per_km / 2
    kept = of("hollow-core", "fidelity")
    assert kept > of("hollow-core", "fidelity", speed_km_per_us=0.2)


def test_what_the_memory_buys_is_a_frame_that_is_not_lost_and_what_it_costs_is_age() -> None:
    stored = preset("memory-buys")
    burst = stored.replace(discipline="burst", guard_us=60.0, p_free=0.5)
    busy = stored.replace(p_free=0.5, n_frames=200)
    assert stored.switch.guard_us == 0.0
    assert (evaluate(busy, "delivered_share"), simulate(busy, seed=1).summary()["delivered"]) == (1.0, 200)
    assert evaluate(burst, "delivered_share") == 0.125
    assert evaluate(stored, "fidelity") < evaluate(burst, "fidelity")
    assert evaluate(stored, "delay_us") > evaluate(burst, "delay_us")


def test_the_switch_of_the_3_db_wall_is_wavelength_selective_and_breaks_it_alone() -> None:
    loss_db = preset("3-db-wall").switch.insertion_loss_db
    lo_db, hi_db = SWITCHES["wavelength_selective"].range_db
    assert lo_db <= loss_db <= hi_db
    assert lo_db > loss_wall_db()
    assert min(part.range_db[0] for part in SWITCHES.values()) < loss_wall_db()  # so "real switches" would be too much


def test_every_preset_says_its_availability_and_those_of_section_iv_b_have_no_contention() -> None:
    assert all("p_free" in values for *_, values in _TABLE)
    assert {name: preset(name).switch.p_free for name in ("fig7", "shared-fibre")} == {"fig7": 0.5, "shared-fibre": 0.5}
    stored = [p.name for p in all_presets() if p.scenario.values().discipline.stores]
    assert set(stored) >= {"fig10a", "fig10b", "fig11", "fig12", "fig13"}
    assert all(preset(name).switch.p_free == 1 for name in stored)
