"""The traffic tab: what moves and what stands on it is what the simulation says, by mouse, keys and touch."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from qpsviz.experiments import LoadStudy
from qpsviz.experiments.computing import compute
from qpsviz.session.tabs.traffic.choices import STORIES, Choice
from qpsviz.session.tabs.traffic.networks import network_named
from qpsviz.session.tabs.traffic.study import LOADS, N_SEEDS, frames_per_run
from qpsviz.session.tabs.traffic.tab import on_network
from qpsviz.session.tabs.traffic.watched import watched_run

COMPILE_MS = 240_000
TAB = "p.contents.get('traffic')"
DRAWN = f"p => {TAB}.run && {TAB}.settled === {TAB}.wanted"
CODE = re.compile(r"[a-z]+_[a-z]+|\bNaN\b|undefined|\[object|null|\d[eE][-+]?\d|-0\b")


def choice_on(explorer: Any) -> str:
    """What the run on screen was made of."""
    return str(explorer.ask(f"p => {TAB}.run.choice"))


def shows(explorer: Any, choice: Choice) -> None:
    """Wait until the map shows the run of a choice."""
    explorer.page.wait_for_function(
        f"([p, text]) => {TAB}.run?.choice === text && {TAB}.settled === {TAB}.wanted",
        arg=[explorer.js, choice.text],
    )


def computes(explorer: Any) -> None:
    """Wait until the first run of a study is finished, before which the engine may have to be compiled."""
    begun = f"p => {TAB}.curves.told?.progress.done > 0"
    explorer.page.wait_for_function(begun, arg=explorer.js, timeout=COMPILE_MS)


@pytest.fixture
def traffic(explorer: Any) -> Iterator[Any]:
    """The tab with the metro ring, at rest."""
    explorer.start(tab="traffic")
    explorer.until(DRAWN)
    explorer.ask(f"p => {{ {TAB}.form.set({TAB}.form.choice.network === 'metro' ? {{}} : {{ network: 'metro' }}); }}")
    explorer.page.get_by_label("Story").select_option("ring")
    shows(explorer, STORIES["ring"].choice)
    explorer.ask(f"p => {TAB}.clock.play(false)")
    yield explorer
    explorer.start()


def test_the_map_shows_the_run_of_its_choice(traffic: Any) -> None:
    run = watched_run(on_network(traffic.scenario), network_named("metro"), Choice(), 1)
    shown = np.array(traffic.ask(f"p => Array.from({TAB}.run.links.utilisation)"))
    np.testing.assert_allclose(shown, run.links["utilisation"], rtol=1e-12)
    facts = traffic.page.locator(".qps-traffic-counts").first.inner_text()
    assert f"{run.summary()['offered']:,}" in facts
    assert traffic.page.locator(".qps-network").is_hidden(), "the line of the other tabs is not what this tab is about"


def test_another_load_is_another_run_and_the_address_keeps_it(traffic: Any, open_explorer: Any) -> None:
    slider = traffic.page.get_by_label("Load", exact=True)
    slider.focus()
    for _ in range(3):
        slider.press("ArrowRight")
    traffic.page.get_by_label("The map is switched by").select_option("burst_delayed")
    wanted = Choice(load=0.55, variant="burst_delayed")
    shows(traffic, wanted)
    traffic.page.wait_for_function(
        "text => location.hash.includes(text)", arg=f"traffic={wanted.text.replace(',', '%2C')}"
    )
    link = traffic.page.evaluate("location.hash")
    again = open_explorer(link)
    shows(again, wanted)
    assert again.page.get_by_label("Load", exact=True).input_value() == "0.55"
    assert again.errors == []


def test_a_click_and_the_keys_show_the_counts_of_stations_and_links(traffic: Any) -> None:
    run = watched_run(on_network(traffic.scenario), network_named("metro"), Choice(), 1)
    canvas, details = traffic.page.get_by_role("application"), traffic.page.get_by_label("Station or link")
    x, y = traffic.ask(f"p => [{TAB}.picture.layout.x[4], {TAB}.picture.layout.y[4]]")
    canvas.click(position={"x": x, "y": y})
    assert "N5" in details.inner_text()
    assert f"{int(np.sum(run.frames['source'] == 4)):,}" in details.inner_text()
    traffic.page.keyboard.press("ArrowUp")
    assert "N4" in details.inner_text()
    traffic.page.keyboard.press("Enter")
    link = traffic.ask(f"p => {TAB}.picture.chosen.link")
    assert run.network.link_from[link] == 3
    assert f"{int(run.links['n_frames'][link]):,}" in details.inner_text()
    used = run.links["utilisation"][link]
    assert f"{100 * used:.{1 if used < 0.0995 else 0}f} %" in details.inner_text()
    middle = traffic.ask(f"p => {{ const l = {TAB}.picture.layout.lanes[8]; return [l.mx, l.my]; }}")
    canvas.click(position={"x": middle[0], "y": middle[1]})
    assert traffic.ask(f"p => {TAB}.picture.chosen.link") == 8
    traffic.page.keyboard.press("Escape")
    assert "Click a station" in details.inner_text()


def test_payloads_on_screen_are_where_the_run_has_them(traffic: Any) -> None:
    run = watched_run(on_network(traffic.scenario), network_named("metro"), Choice(), 1)
    one_of = traffic.ask(f"p => {TAB}.run.one_of")
    time_us = 0.4 * run.summary()["duration_us"]
    look = f"(p, time) => {{ const seen = []; {TAB}.picture.flow.each(time, (...at) => seen.push(at)); return seen; }}"
    shown = traffic.ask(look, time_us)
    legs, frames = run.legs, run.frames
    session = frames["session"][np.searchsorted(frames["frame"], legs["frame"])]
    out_us, travel_us = legs["payload_out_us"], legs["payload_in_us"] - legs["payload_out_us"]
    there = (session % one_of == 0) & (out_us <= time_us) & (time_us < out_us + 50.0 + travel_us)
    expected = sorted(
        zip(legs["link"][there].tolist(), ((time_us - out_us) / travel_us)[there].clip(0, 1), strict=True)
    )
    assert len(expected) > 5
    assert [link for link, *_ in sorted(shown)] == [link for link, _ in expected]
    assert sorted(head for _, _, head in shown) == pytest.approx(sorted(head for _, head in expected))


def test_the_map_moves_and_rests_where_nobody_sees_it(traffic: Any) -> None:
    traffic.page.get_by_role("button", name="Play the map").click()
    before = traffic.ask(f"p => {TAB}.clock.time")
    traffic.page.wait_for_function(f"([p, t]) => {TAB}.clock.time !== t", arg=[traffic.js, before])
    traffic.act(lambda: traffic.ask("p => p.request({ tab: 'budget' })"))
    traffic.until(f"p => !{TAB}.clock.visible")
    time_us = traffic.ask(f"p => {TAB}.clock.time")
    traffic.page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert traffic.ask(f"p => {TAB}.clock.time") == time_us


def test_less_motion_is_a_map_that_stands_until_it_is_played(open_explorer: Any) -> None:
    page = open_explorer("#s?tab=traffic", reduced_motion="reduce")
    page.until(DRAWN)
    assert not page.ask(f"p => {TAB}.clock.playing")
    assert page.page.get_by_role("button", name="Play the map").is_visible()


def test_curves_are_those_of_the_study_and_wait_while_paused(traffic: Any) -> None:
    computes(traffic)
    traffic.page.get_by_role("button", name="Pause", exact=True).click()
    traffic.until(f"p => {TAB}.curves.told.progress.state === 'paused'")
    traffic.page.get_by_role("button", name="Go on").wait_for()
    scenario, network = on_network(traffic.scenario), network_named("metro")
    n_frames = frames_per_run(scenario, network, Choice())
    study = LoadStudy(scenario, network=network, traffic=Choice().traffic(n_frames), loads=LOADS, seeds=range(N_SEEDS))
    first = compute(study.in_rounds()[0], "auto")
    line = traffic.ask(f"p => {TAB}.curves.told.charts[0].lines[0]")
    assert traffic.ask(f"p => {TAB}.curves.told.charts[0].loads") == list(LOADS)
    if traffic.ask(f"p => {TAB}.curves.told.progress.done") < 45:
        assert line[0][0] == pytest.approx(first["throughput_qubits_hz"] / 1e6, rel=1e-5)
    charts = traffic.page.locator(".qps-traffic-chart")
    assert charts.count() == 6
    assert "store-and-forward from" in charts.first.locator("svg").get_attribute("aria-label")
    table = traffic.page.locator(".qps-traffic table")
    assert table.locator("tbody tr").count() == 5
    assert "At load 0.45" in table.inner_text()
    traffic.page.get_by_role("button", name="Go on").click()


def test_a_click_on_a_curve_chooses_its_load(traffic: Any) -> None:
    computes(traffic)
    chart = traffic.page.locator(".qps-traffic-chart svg").first
    box = chart.bounding_box()
    chart.click(position={"x": 44 + (box["width"] - 54) * 0.75 / (1.1 * 1.03), "y": 60})
    shows(traffic, Choice(load=0.75))


def test_the_guard_that_is_too_short_is_made_long_enough(traffic: Any) -> None:
    traffic.act(traffic.page.get_by_role("button", name="Make it long enough").click)
    assert traffic.scenario.switch.guard_us == 7 * traffic.scenario.switch.processing_us
    traffic.until(f"p => {TAB}.guard.hidden")


DROP = """(element, [name, text]) => {
  const files = new DataTransfer();
  files.items.add(new File([text], name));
  element.dispatchEvent(new DragEvent("drop", { dataTransfer: files, bubbles: true, cancelable: true }));
}"""


def test_a_file_that_is_dropped_is_shown_and_a_bad_one_is_refused_beside_it(traffic: Any) -> None:
    tab = traffic.page.locator(".qps-traffic")
    tab.evaluate(DROP, ["ours.txt", "Alice <==20km==> Relay\nRelay <==5km==> Bob"])
    traffic.until(f"p => {TAB}.run?.choice.startsWith('own-')")
    assert traffic.ask(f"p => [...{TAB}.map.names].sort()") == ["Alice", "Bob", "Relay"]
    assert tab.locator("select[name=traffic-network] option:checked").inner_text() == "ours.txt"
    tab.evaluate(DROP, ["broken.graphml", "<svg/>"])
    fault = tab.get_by_role("alert").filter(has_text="broken.graphml")
    fault.wait_for()
    assert traffic.ask(f"p => {TAB}.map.names.length") == 3, "nothing is lost"
    bare = (
        '<graphml xmlns="http://graphml.graphdrawing.org/xmlns"><graph edgedefault="undirected">'
        '<node id="a"/><node id="b"/><edge source="a" target="b"/></graph></graphml>'
    )
    tab.evaluate(DROP, ["bare.graphml", bare])
    tab.get_by_label("Length of links that state none").fill("12")
    tab.get_by_role("button", name="Open with this length").click()
    traffic.until(f"p => {TAB}.map.link_km[0] === 12")
    assert tab.get_by_role("alert").filter(visible=True).count() == 0


OUTSIDE = """(tab) => [...tab.querySelectorAll("*")].filter((e) => {
  if (!e.checkVisibility() || e.closest(".qps-table-box, svg, .qps-unseen")) return false;
  const box = e.getBoundingClientRect();
  const cut = e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).overflowX !== "visible";
  return box.width > 0 && (box.left < -0.5 || box.right > innerWidth + 0.5 || cut);
}).map((e) => e.outerHTML.slice(0, 120))"""


@pytest.mark.parametrize(("width", "height"), [(390, 844), (1280, 800)])
def test_nothing_is_clipped_and_no_word_is_code(open_explorer: Any, width: int, height: int) -> None:
    page = open_explorer("#s?tab=traffic", viewport={"width": width, "height": height})
    page.until(DRAWN)
    computes(page)
    for story in STORIES:
        if story == "thousand":  # its routes take seconds, and its words are the same
            continue
        page.page.get_by_label("Story").select_option(story)
        shows(page, STORIES[story].choice)
        tab = page.page.locator(".qps-traffic")
        assert tab.evaluate(OUTSIDE) == [], story
        assert CODE.findall(tab.inner_text()) == [], story
        assert page.page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.errors == []
