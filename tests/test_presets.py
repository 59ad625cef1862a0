"""Presets carry the parameters that the paper's text and captions state."""

from __future__ import annotations

import math

import pytest

from qpsviz import ParameterError, Scenario, evaluate, outputs, preset, presets
from qpsviz.presets import all_presets

FIGURES = ("fig7", "fig10a", "fig10b", "fig11", "fig12", "fig13")
# Section IV.B and the captions of Figs. 10 to 13.
SECTION_IV_B = {
    "discipline": "store", "release": "after_frame", "n_qubits": 10, "spacing_us": 5.0, "guard_us": 0.0,
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
