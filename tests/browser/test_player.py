"""The frames move by themselves, at the pace of the clock, and stop, step and scrub on demand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

import qpsviz as qps
from qpsviz.figures.theme import TOKENS

# The colours of the marks on the time line.
TICK_COLOURS = """p => {
  const { width, height } = p.transport.ticks;
  const { data } = p.transport.ticks.getContext("2d").getImageData(0, 0, width, height);
  const solid = Array.from({ length: width * height }, (_, i) => Array.from(data.slice(4 * i, 4 * i + 4)));
  return [...new Set(solid.filter((c) => c[3] === 255).map((c) => JSON.stringify(c.slice(0, 3))))].map(JSON.parse);
}"""
# A number that changes with any pixel of the picture.
COLOURS = """p => {
  const { width, height } = p.player.canvas;
  const { data } = p.player.canvas.getContext("2d").getImageData(0, 0, width, height);
  return data.reduce((sum, byte, i) => (sum + byte * ((i % 8191) + 1)) % 1e9, 0);
}"""
# Simulated time over time on the person's clock, frames that came too late left out as the player does.
PACE = """p => new Promise((done) => {
  p.clock.play(true);
  const start = p.clock.time;
  let first = null, last = null, lost = 0;
  const tick = (now) => {
    first ??= now;
    lost += Math.max(0, now - (last ?? now) - 100);
    last = now;
    if (now - first > 400) done((p.clock.time - start) / ((now - first - lost) / 1000));
    else requestAnimationFrame(tick);
  };
  requestAnimationFrame(tick);
})"""
# Pictures painted, and frames that the display showed, in the same time.
PAINTED = """p => new Promise((done) => {
  const start = p.player.painted;
  let n = 0;
  const tick = () => {
    n += 1;
    if (n === 30) done([p.player.painted - start, n]);
    else requestAnimationFrame(tick);
  };
  requestAnimationFrame(tick);
})"""
# The same while a slider moves with every frame of the display, and no answer comes whose run would be drawn.
PAINTED_IN_A_DRAG = """p => new Promise((done) => {
  const start = p.player.painted, { slider } = p.controls.rows.get("length_km").number, { save_changes } = p.model;
  p.model.save_changes = () => {};
  let n = 0;
  const tick = () => {
    n += 1;
    slider.value = 100 + n;
    slider.dispatchEvent(new Event("input"));
    if (n < 60) { requestAnimationFrame(tick); return; }
    p.model.save_changes = save_changes;
    p.request({});
    done([p.player.painted - start, n]);
  };
  requestAnimationFrame(tick);
})"""
COUNT_SENDS = """p => {
  const send = p.model.send;
  p.sends = 0;
  p.model.send = (...details) => { p.sends += 1; return send.apply(p.model, details); };
}"""
STEP_THROUGH = """p => {
  p.clock.seek(0);
  const seen = [0];
  for (let i = 0; i < p.run.nEvents; i++) { p.transport.step(1); seen.push(p.clock.time); }
  return seen;
}"""


@pytest.fixture
def player(explorer: Any) -> Iterator[Any]:
    """The explorer with its clock at rest at the start of the run."""
    explorer.ask("p => { p.clock.play(false); p.clock.seek(0); p.clock.speed = 50; }")
    yield explorer
    explorer.ask("p => p.clock.play(false)")


def time_us(player: Any) -> float:
    """Where the clock of the run stands."""
    return float(player.ask("p => p.clock.time"))


def test_the_film_plays_on_a_page_that_was_just_opened(open_explorer: Any) -> None:
    fresh = open_explorer()
    assert fresh.ask("p => p.clock.playing")
    fresh.until("p => p.clock.time > 0 && p.player.painted > 2")


def test_play_moves_the_frames_and_pause_holds_them(player: Any) -> None:
    player.page.get_by_role("button", name="Play").click()
    player.until("p => p.clock.time > 5")
    player.page.get_by_role("button", name="Pause").click()
    held, picture, painted = time_us(player), player.ask(COLOURS), player.ask("p => p.player.painted")
    player.page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert time_us(player) == held
    assert player.ask("p => p.player.painted") == painted, "a picture at rest is painted again and again"
    player.ask("p => p.clock.seek(p.clock.time + 30)")
    assert player.ask(COLOURS) != picture


def test_the_clock_keeps_the_pace_it_is_set_to(player: Any) -> None:
    player.page.get_by_label("Speed", exact=True).select_option("250")
    share = player.ask(PACE) / 250
    assert share == pytest.approx(1.0, abs=0.2)
    player.page.get_by_label("Speed", exact=True).select_option("50")


def test_step_goes_to_the_next_and_the_previous_event_and_tells_it(player: Any) -> None:
    times = np.unique(np.asarray(player.ask("p => Array.from(p.run.events.time)")))
    assert times[0] == 0.0
    following, previous = (player.page.get_by_role("button", name=f"{which} event") for which in ("Next", "Previous"))
    seen = []
    for _ in range(4):
        following.click()
        seen.append(time_us(player))
    assert set(seen) <= set(times)
    assert seen == sorted(seen)
    assert seen[-1] > 0
    sentence = player.page.locator(".qps-sentence").inner_text()
    assert sentence.endswith(".")
    last_before = times[times < seen[-1]][-1]
    previous.click()
    assert time_us(player) == last_before


def test_every_event_can_be_reached_by_stepping(player: Any) -> None:
    n = player.ask("p => p.run.nEvents")
    reached = player.ask(STEP_THROUGH)
    times = np.asarray(player.ask("p => Array.from(p.run.events.time)"))
    assert n == len(times)
    assert set(times) <= set(reached)
    assert reached[-1] == times[-1]


def test_the_time_is_scrubbed_with_keys(player: Any) -> None:
    scrub = player.page.get_by_label("Time in the run")
    scrub.focus()
    scrub.press("End")
    assert time_us(player) == pytest.approx(player.ask("p => p.clock.duration"))
    assert scrub.get_attribute("aria-valuetext") == player.page.locator(".qps-time").inner_text()
    scrub.press("Home")
    assert time_us(player) == 0.0
    scrub.press("PageUp")
    assert time_us(player) > 0.0
    assert not player.ask("p => p.clock.playing")


def test_a_delivered_frame_is_counted_where_it_arrives(player: Any) -> None:
    player.start("first", p_free=1.0)
    run = qps.simulate(player.scenario, seed=1)
    player.ask("p => p.clock.seek(p.clock.duration)")
    delivered = int(np.count_nonzero(run.frames["fate"] == "DELIVERED"))
    assert delivered == 12
    assert player.tile("delivered")[2].startswith("12/12")
    assert [state["frames"] for state in player.ask("p => p.player.states")] == [0, 0, 0, 0, 12]
    final = player.page.locator(".qps-sentence").inner_text()
    assert final == "The trailer of frame 11 reaches Receiver.", "a trailer that relays read comes behind its payload"


def test_a_moved_slider_does_not_restart_the_film(player: Any) -> None:
    player.ask("p => p.clock.seek(200)")
    player.act(lambda: player.slider("p_free").press("ArrowLeft"))
    assert time_us(player) == 200.0


def test_frames_move_at_the_displays_rate_and_the_kernel_is_not_asked(player: Any) -> None:
    player.ask(COUNT_SENDS)
    revision = player.ask("p => p.revision")
    player.ask("p => p.clock.play(true)")
    painted, frames = player.ask(PAINTED)
    assert painted >= frames - 2, "some frames of the display showed nothing new"
    assert player.ask("p => [p.sends, p.revision]") == [0, revision]


def test_the_film_does_not_stand_still_while_a_slider_is_dragged(player: Any) -> None:
    player.ask("p => p.clock.play(true)")
    painted, frames = player.ask(PAINTED_IN_A_DRAG)
    assert painted >= frames // 3 - 2, "the film waits for the answers"
    player.until("p => !p.sent.size")
    painted, frames = player.ask(PAINTED)
    assert painted >= frames - 4, "the film is not back at the rate of the display"


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_a_drop_on_the_time_line_has_the_colour_of_drops(player: Any, mode: str) -> None:
    player.ask("(p, mode) => p.setMode(mode)", mode)
    drawn = player.ask(TICK_COLOURS)
    player.ask("p => p.setMode('light')")
    for token in ("drop", "line-strong"):
        wanted = [int(TOKENS[mode][token][i : i + 2], 16) for i in (1, 3, 5)]
        assert any(np.abs(np.subtract(colour, wanted)).max() <= 3 for colour in drawn), token


def test_the_time_line_has_its_colours_from_the_start(open_explorer: Any) -> None:
    fresh = open_explorer(color_scheme="dark")
    assert [0, 0, 0] not in fresh.ask(TICK_COLOURS)
    fresh.page.context.close()
