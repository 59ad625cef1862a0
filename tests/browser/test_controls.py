"""Every control moves what it should, by as much as the models say, and refuses what it must."""

from __future__ import annotations

import math
from typing import Any

import pytest

import qpsviz as qps
from qpsviz.scenario import parameter, parameters
from qpsviz.session.controls.idle import idle_controls

# Only a network has another way for a frame; the curves of these tests are those of a line.
SLIDERS = [p.name for p in parameters() if p.kind in ("number", "count") and p.name != "max_deflections"]
# Only where several sources meet does a frame need another wavelength, and the page has one.
CHOICES = [p.name for p in parameters() if p.kind in ("choice", "flag") and p.name != "wavelength_conversion"]
# States in which, between them, every parameter has an effect.
STATES: list[tuple[str, dict[str, Any]]] = [
    ("first", {}),
    ("fig10b", {"partner_noise": False, "processing_us": 20.0}),
    ("fig10b", {"storage": "recirculating", "processing_us": 20.0, "cutoff_us": 500.0, "memory_qubits": 30.0}),
    ("first", {"processing_us": 30.0, "guard_us": 20.0, "p_free": 0.5, "max_attempts": 3, "n_wavelengths": 2}),
    ("first", {"device": "long_term", "correction": "steane"}),
    ("first", {"n_signals": 2, "launch_dbm": -30.0, "scattering": "spectrum"}),
    ("first", {"header_light": "wavelength", "header_isolation_db": 120.0}),
]


def state_for(name: str) -> tuple[str, dict[str, Any]]:
    """A state in which a parameter has an effect."""
    return next((p, c) for p, c in STATES if name not in idle_controls(qps.preset(p).replace(**c)))


@pytest.mark.parametrize("name", SLIDERS)
def test_a_key_on_a_slider_moves_tiles_curves_and_frames_as_the_models_say(explorer: Any, name: str) -> None:
    preset, changes = state_for(name)
    before = explorer.start(preset, **changes)
    explorer.open_groups()
    slider = explorer.slider(name)
    is_at_end = slider.input_value() == slider.get_attribute("max")
    explorer.act(lambda: slider.press("ArrowLeft" if is_at_end else "ArrowRight"))
    after = explorer.scenario
    linked = {"t1_us", "t2_us"} if name in ("t1_us", "t2_us") and before.memory.t1_us == before.memory.t2_us else {name}
    moved = {k for k, v in after.flat().items() if v != before.flat()[k]}
    assert moved == linked
    step = parameter(name).step
    if step:
        moved_by = -step if is_at_end else step
        assert after.flat()[name] == pytest.approx(before.flat()[name] + moved_by, rel=1e-9)
    explorer.check_everything_shown()
    assert explorer.ask("p => p.answer.error") is None


@pytest.mark.parametrize("name", CHOICES)
def test_another_choice_moves_tiles_curves_and_frames_as_the_models_say(explorer: Any, name: str) -> None:
    preset, changes = state_for(name)
    before = explorer.start(preset, **changes)
    explorer.open_groups()
    p, present = parameter(name), before.flat()[name]
    options = [True, False] if p.kind == "flag" else list(p.choices)
    other = options[options.index(present) - 1]
    explorer.act(lambda: explorer.choose(name, other))
    assert explorer.scenario == before.replace(**{name: other})
    explorer.check_everything_shown()


def test_a_choice_is_made_with_the_arrow_keys(explorer: Any) -> None:
    explorer.act(lambda: explorer.row("discipline").locator("input:checked").press("ArrowRight"))
    assert explorer.scenario == qps.preset("first").replace(discipline="store")
    explorer.check_everything_shown()


@pytest.mark.parametrize("name", ["release", "cutoff_us", "max_deflections"])
def test_a_dimmed_control_says_why_and_changes_nothing(explorer: Any, name: str) -> None:
    explorer.open_groups()
    reason = idle_controls(explorer.scenario)[name]
    assert "qps-idle" in explorer.row(name).get_attribute("class")
    assert explorer.message(name) == reason
    shown = {tile: explorer.tile(tile) for tile in ("key_rate", "reach_km", "fidelity", "delivered", "delay_us")}
    curves = {figure: explorer.columns(figure) for figure in ("key_rate", "fidelity")}
    if name == "release":
        explorer.act(lambda: explorer.choose(name, "after_header"))
    else:
        explorer.act(lambda: explorer.slider(name).press("End" if name == "max_deflections" else "Home"))
    assert explorer.scenario != qps.preset("first")
    assert shown == {tile: explorer.tile(tile) for tile in shown}
    for figure, columns in curves.items():
        assert all((columns[c] == v)[~(v != v)].all() for c, v in explorer.columns(figure).items())
    assert explorer.message(name) == reason


BAD = [
    ("length_km", "far", "not a number"),
    ("length_km", "-3", "0 … 1000000 km"),
    ("length_km", "NaN", "not a number"),
    ("length_km", "1e300", "0 … 1000000 km"),
    ("length_km", "20 ms", "not in km"),
    ("n_relays", "1.5", "whole number"),
    ("p_free", "1.2", "0 … 1"),
    ("t1_us", "0", "at least 0.001 µs"),
    ("t1_us", "<b>5</b>", "not a number"),
]


@pytest.mark.parametrize(("name", "text", "words"), BAD)
def test_a_bad_value_is_refused_beside_its_control_and_the_last_good_state_stays(
    explorer: Any, name: str, text: str, words: str
) -> None:
    before = explorer.scenario
    explorer.type_into(name, text)
    message = explorer.row(name).locator(".qps-message")
    assert message.is_visible()
    assert words in message.inner_text()
    assert explorer.box(name).get_attribute("aria-invalid") == "true"
    assert explorer.box(name).input_value() == text, "what was typed is taken away before it can be mended"
    assert explorer.scenario == before
    explorer.check_everything_shown()
    explorer.act(lambda: explorer.slider("p_dark").press("ArrowRight"))
    assert explorer.box(name).get_attribute("aria-invalid") == "false"
    assert words not in explorer.message(name)


def test_a_t2_beyond_twice_t1_is_refused_beside_t2(explorer: Any) -> None:
    explorer.act(lambda: explorer.page.get_by_label("keep T₁ = T₂").uncheck())
    explorer.type_into("t2_us", "9 ms")
    assert explorer.message("t2_us") == "9000 exceeds 2·T₁ = 4000"
    assert explorer.scenario == qps.preset("first")
    explorer.type_into("t2_us", "4 ms")
    assert explorer.message("t2_us") == ""
    assert explorer.scenario == qps.preset("first").replace(t2_us=4000.0)
    explorer.check_everything_shown()


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [("t1_us", "2.07 ms", 2070.0), ("processing_us", "300 ns", 0.3), ("length_km", "21.5", 21.5), ("n_relays", "5", 5)],
)
def test_a_value_is_typed_as_people_write_it(explorer: Any, name: str, text: str, value: float) -> None:
    explorer.type_into(name, text)
    assert explorer.scenario.flat()[name] == value
    assert explorer.message(name) == ""
    explorer.check_everything_shown()


def test_never_is_typed_and_shown_as_infinity(explorer: Any) -> None:
    explorer.start("fig10b", cutoff_us=700.0)
    explorer.type_into("cutoff_us", "inf")
    assert explorer.scenario.memory.cutoff_us == math.inf
    assert explorer.box("cutoff_us").input_value() == "∞"
    explorer.act(lambda: explorer.slider("cutoff_us").press("ArrowLeft"))
    assert explorer.scenario.memory.cutoff_us == parameter("cutoff_us").shown[1]


def test_a_reset_takes_one_parameter_back_to_the_preset(explorer: Any) -> None:
    explorer.act(lambda: explorer.ask("p => p.request({ preset: 'first' })"))
    explorer.start("first", processing_us=30.0, guard_us=10.0)
    explorer.act(lambda: explorer.row("processing_us").get_by_role("button", name="Reset").click())
    assert explorer.scenario == qps.preset("first").replace(guard_us=10.0)
    assert not explorer.row("processing_us").get_by_role("button", name="Reset").is_visible()


def test_the_mouse_moves_the_curve_while_dragging_and_not_only_at_the_end(explorer: Any) -> None:
    box = explorer.slider("length_km").bounding_box()
    mouse, seen = explorer.page.mouse, []
    x, y = box["x"] + 100, box["y"] + box["height"] / 2
    mouse.move(x, y)
    explorer.act(mouse.down)
    for step in range(1, 6):
        explorer.act(lambda at=x + 20 * step: mouse.move(at, y))
        seen.append(explorer.scenario.path.length_km)
        assert explorer.ask("p => p.hosts.get('fidelity').last.marker.x") == seen[-1]
    explorer.check_everything_shown()
    mouse.up()
    assert seen == sorted(set(seen)), "the curve stood still under the mouse"


def test_sixty_keys_leave_no_queue_and_the_last_state_is_drawn(explorer: Any) -> None:
    slider = explorer.slider("length_km")
    slider.focus()
    before = explorer.scenario.path.length_km
    first = explorer.ask("p => p.revision")
    explorer.ask("p => { p.answers = 0; p.model.on('change:answer', () => { p.answers += 1; }); }")
    for _ in range(60):
        explorer.page.keyboard.press("ArrowRight")
    explorer.settle()
    assert explorer.ask("p => p.revision") == first + 60
    assert explorer.scenario.path.length_km == before + 60
    assert slider.input_value() == str(int(before + 60))
    explorer.check_everything_shown()
    answers = explorer.ask("p => p.answers")
    assert 1 <= answers <= 60
    explorer.act(lambda: slider.press("ArrowRight"))
    assert explorer.ask("p => p.answers") == answers + 1, "answers to older moves still came in"


@pytest.mark.parametrize("name", qps.presets())
def test_a_preset_loads_and_opens_the_tab_of_its_figure(explorer: Any, curve_of: dict[str, str], name: str) -> None:
    if name == "first":
        explorer.start("fig7")
    explorer.act(lambda: explorer.page.get_by_label("Preset").select_option(name))
    assert explorer.scenario == qps.preset(name)
    assert explorer.page.locator(".qps-story").inner_text() in qps.presets()[name]
    assert explorer.page.locator(f"[data-figure={curve_of[name]}]").is_visible()
    assert explorer.page.get_by_label("Preset").input_value() == name
    explorer.act(lambda: explorer.page.get_by_role("tab").first.click())
    explorer.check_everything_shown()


def test_reset_goes_back_to_the_opening_scenario(explorer: Any) -> None:
    explorer.start("fig10a", length_km=321.0)
    explorer.act(lambda: explorer.page.get_by_role("button", name="Reset", exact=True).click())
    assert explorer.scenario == qps.preset("first")


def test_a_pinned_curve_stays_while_the_present_one_moves(explorer: Any) -> None:
    pin = explorer.page.locator(".qps-plot", has=explorer.page.locator("[data-figure=fidelity]")).get_by_role("button")
    frozen = explorer.columns("fidelity")
    pin.click()
    explorer.act(lambda: explorer.slider("n_relays").press("ArrowRight"))
    explorer.act(lambda: explorer.choose("discipline", "store"))
    pinned = explorer.columns("fidelity", "pinned")
    assert list(pinned["y"]) == list(frozen["present"])
    assert list(pinned["x"]) == list(frozen["x"])
    assert list(explorer.columns("fidelity")["present"]) != list(frozen["present"])
    pin.click()
    assert len(explorer.columns("fidelity", "pinned")["x"]) == 0
