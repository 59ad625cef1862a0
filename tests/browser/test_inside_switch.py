"""The inside of a switch and the events of a run, beside the same clock as the frames."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

import qpsviz as qps
from qpsviz.session.tabs.switch.diagram import switch_diagram

SWITCH, LOG = "p.contents.get('switch')", "p.contents.get('log')"
ROWS_IN_SIGHT = 60


@pytest.fixture
def still(explorer: Any) -> Iterator[Any]:
    """The shared page with its clock stopped."""
    playing = explorer.ask("p => p.clock.playing")
    explorer.ask("p => p.clock.play(false)")
    yield explorer
    explorer.ask("(p, on) => { p.clock.speed = p.spec.speed; p.clock.play(on); }", playing)


def seek(explorer: Any, time_us: float) -> None:
    explorer.ask("(p, t) => p.clock.seek(t)", time_us)


def test_choosing_a_device_puts_it_on_the_path_and_tells_what_it_costs(still: Any) -> None:
    still.start("memory-buys", tab="switch")
    still.act(lambda: still.page.locator("input[name$=switch-device][value=near_term]").check(force=True))
    assert still.scenario.switch.device == "near_term"
    shown = still.page.locator(".qps-switch-totals b").all_inner_texts()
    assert shown == [t["text"] for t in switch_diagram(still.scenario)["passes"][0]["totals"]]
    assert shown[:2] == ["11 dB", "55 km"]


def test_relays_are_chosen_with_the_arrow_keys_and_the_sentence_follows(still: Any) -> None:
    still.start("memory-buys", tab="switch")
    still.page.locator("input[name$=switch-relay]").first.check(force=True)
    still.page.locator("input[name$=switch-relay]").first.focus()
    still.page.keyboard.press("ArrowRight")
    seek(still, 230.0)
    assert still.ask(f"p => p.run.nodes[{SWITCH}.relay].name") == "Relay 2"
    assert "Relay 2" in still.page.locator(".qps-switch-now").inner_text()


def test_a_memory_shows_how_many_qubits_the_run_holds_there(still: Any) -> None:
    scenario = still.start("memory-buys", tab="switch")
    run = qps.simulate(scenario, seed=1)
    arrival_us = run.legs["payload_in_us"][run.legs["hop"] == 0][0]
    still.page.locator("input[name$=switch-relay]").first.check(force=True)
    for n_held in (0, 3, 10):
        seek(still, arrival_us + (n_held + 0.1) * scenario.source.spacing_us - scenario.source.spacing_us / 2)
        assert f"{n_held} held" in still.page.locator("[data-kind=q-memory]").inner_text()


def test_a_hidden_switch_draws_nothing_and_a_shown_one_follows_the_clock(still: Any) -> None:
    still.start("memory-buys", tab="switch")
    count = f"""p => {{
      const painter = {SWITCH}.painter, clear = painter.clear;
      let n = 0;
      painter.clear = function () {{ n += 1; return clear.call(this); }};
      for (let t = 0; t < 10; t++) p.clock.seek(t * 20);
      delete painter.clear;
      return n;
    }}"""
    still.until(f"p => {SWITCH}.visible")
    assert still.ask(count) == 10
    still.start("memory-buys", tab="curves")
    still.until(f"p => !{SWITCH}.visible")
    assert still.ask(count) == 0


def test_steps_in_a_switch_stop_at_its_own_events_only(still: Any) -> None:
    still.start("memory-buys", tab="switch")
    seek(still, 0.0)
    still.page.get_by_label("Next event in this switch").click()
    now_us = still.ask("p => p.clock.time")
    node = still.ask(f"p => {SWITCH}.relay")
    times_us = still.ask(
        "(p, node) => Array.from(p.run.events.time).filter((_, i) => p.run.events.node[i] === node)", node
    )
    assert now_us == times_us[0] > 0


def test_a_long_list_of_events_has_only_the_rows_in_sight(still: Any) -> None:
    still.start("memory-buys", tab="log", n_frames=200, n_relays=5)
    n_events = still.ask("p => p.run.nEvents")
    assert n_events > 5_000
    for share in (0.0, 0.37, 0.99):
        seek(still, share * still.ask("p => p.clock.duration"))
        rows = still.page.locator(".qps-log-row")
        assert 5 < rows.count() < ROWS_IN_SIGHT
        current = still.page.locator(".qps-log-row[aria-selected=true]")
        box, room = current.bounding_box(), still.page.locator(".qps-log-list").bounding_box()
        assert room["y"] <= box["y"] + 1
        assert box["y"] + box["height"] <= room["y"] + room["height"] + 1


def test_a_click_and_the_enter_key_go_to_an_events_time(still: Any) -> None:
    still.start("memory-buys", tab="log")
    seek(still, 0.0)
    row = still.page.locator(".qps-log-row").nth(4)
    event = int(row.get_attribute("data-row"))
    row.click()
    assert still.ask("p => p.clock.time") == still.ask("(p, i) => p.run.events.time[i]", event)
    still.page.locator(".qps-log-list").focus()
    for key in ("End", "ArrowUp", "Enter"):
        still.page.keyboard.press(key)
    assert still.ask("p => p.clock.time") == still.ask("p => p.run.events.time[p.run.nEvents - 2]")


def test_drops_are_marked_by_shape_and_can_be_listed_alone(still: Any) -> None:
    scenario = still.start("metro-ring", tab="log")
    still.page.get_by_label("only drops").check()
    summary = qps.simulate(scenario, seed=1).summary()
    marks = still.page.locator(".qps-log-drop .qps-log-mark").all_inner_texts()
    still.page.get_by_label("only drops").uncheck()
    assert marks == ["✕"] * sum(summary["dropped"].values())


def test_the_numbers_beside_the_events_add_up_wherever_the_cursor_is(still: Any) -> None:
    still.start("metro-ring", tab="log", max_attempts=2)
    read = """p => Object.fromEntries([...p.root.querySelectorAll('.qps-balance [data-count]')]
      .map((row) => [row.dataset.count, Number(row.querySelector('b').textContent)]))"""
    seen = set()
    for share in range(0, 101, 4):
        seek(still, share / 100 * still.ask("p => p.clock.duration"))
        counts = still.ask(read)
        known = {"offered", "resent", "delivered", "inFlight"}
        dropped = sum(n for name, n in counts.items() if name not in known and not name.startswith("node"))
        assert counts["offered"] == counts["delivered"] + counts["inFlight"] + dropped
        seen.add((counts["offered"], counts["delivered"], dropped))
    assert len(seen) > 10
