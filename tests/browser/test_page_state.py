"""Nothing is lost: the address follows, two views agree, storage may be refused, and a lost kernel is said."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext

import qpsviz as qps
from qpsviz.scenario import parameter
from qpsviz.session import share_link as share

HASH = "decodeURIComponent(location.hash)"
IDS = "[...document.querySelectorAll('[id]')].map((e) => e.id)"
# Every slider's thumb, its box and the state, as the page has them; a thumb is told in steps of its slider.
THUMBS = """(p) => [...p.controls.rows].filter(([, row]) => row.number).map(([name, { number }]) => {
  const { slider, scale, box } = number;
  return [
    name, Number(slider.value), Number(slider.min), Number(slider.max), Number(slider.step),
    scale.toPosition(p.answer.values[name]), box.value, p.answer.texts[name], slider.getAttribute("aria-valuetext"),
  ];
})"""
DRAG = """(slider, places) => {
  slider.focus();
  for (const place of places) {
    slider.value = place;
    slider.dispatchEvent(new Event("input", { bubbles: true }));
  }
}"""
REFUSE_STORAGE = """for (const name of ["sessionStorage", "localStorage"]) {
  Object.defineProperty(window, name, { get() { throw new DOMException("refused", "SecurityError"); } });
}"""


def check_thumbs(explorer: Any) -> None:
    """Thumb, box and state agree in every row."""
    for name, thumb, lo, hi, step, position, box, text, spoken in explorer.ask(THUMBS):
        assert thumb == pytest.approx(max(lo, min(hi, position)), abs=step / 2 + 1e-9), name
        assert box == text == spoken, name


def test_a_refused_time_leaves_thumb_box_and_state_together(explorer: Any) -> None:
    explorer.act(lambda: explorer.page.get_by_label("keep T₁ = T₂").uncheck())
    explorer.act(lambda: explorer.slider("t1_us").evaluate(DRAG, [120, 60, 6]))
    assert "too short" in explorer.message("t1_us")
    check_thumbs(explorer)
    explorer.act(lambda: explorer.slider("t1_us").evaluate(DRAG, [200]))
    assert explorer.message("t1_us") == ""
    check_thumbs(explorer)
    explorer.act(lambda: explorer.page.get_by_label("keep T₁ = T₂").check())
    assert explorer.scenario.memory.t1_us == explorer.scenario.memory.t2_us
    check_thumbs(explorer)
    explorer.act(lambda: explorer.slider("t2_us").evaluate(DRAG, [100, 6]))
    assert explorer.scenario.memory.t1_us == explorer.scenario.memory.t2_us < 20
    check_thumbs(explorer)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("length_km", "5000"),
        ("length_km", "60.4"),
        ("n_relays", "40"),
        ("t1_us", "1 s"),
        ("t1_us", "2 us"),
        ("cutoff_us", "10 s"),
        ("cutoff_us", "inf"),
        ("cutoff_us", "0"),
        ("memory_qubits", "1e6"),
        ("ec_inefficiency", "1e6"),
        ("processing_us", "0"),
    ],
)
def test_a_typed_value_beyond_its_slider_puts_the_thumb_at_the_end(explorer: Any, name: str, text: str) -> None:
    explorer.open_groups()
    explorer.type_into(name, text)
    assert explorer.ask("p => p.answer.error") is None
    check_thumbs(explorer)
    explorer.act(lambda: explorer.ask("p => p.request({ preset: 'fig7' })"))
    check_thumbs(explorer)


def test_a_refused_choice_shows_the_state_again(explorer: Any) -> None:
    explorer.start("first", n_frames=2000, n_relays=9)
    explorer.open_groups()
    explorer.act(lambda: explorer.choose("layout", "split"))
    assert "more than a page shows" in explorer.message("layout")
    checked = explorer.row("layout").locator("input:checked")
    assert checked.get_attribute("value") == explorer.scenario.path.layout == "sender"


def test_a_text_that_is_being_written_is_not_taken_away(explorer: Any) -> None:
    explorer.box("length_km").fill("12")
    explorer.act(lambda: explorer.ask("p => p.change({ n_relays: 4 })"))
    assert explorer.box("length_km").input_value() == "12"
    explorer.act(lambda: explorer.box("length_km").press("Enter"))
    assert explorer.scenario == qps.preset("first").replace(length_km=12.0, n_relays=4)
    explorer.box("length_km").fill("99")
    explorer.box("length_km").press("Escape")
    check_thumbs(explorer)


def test_moves_in_one_breath_are_all_taken(explorer: Any) -> None:
    explorer.act(
        lambda: explorer.ask(
            "p => { p.request({ preset: 'fig10b' }); p.change({ length_km: 44 }); p.change({ n_relays: 2 });"
            " p.change({}, { name: 'n_qubits', text: '7' }); p.request({ tab: 'budget' }); }"
        )
    )
    assert explorer.scenario == qps.preset("fig10b").replace(length_km=44.0, n_relays=2, n_qubits=7)
    assert explorer.ask("p => p.answer.tab") == "budget"


def test_the_address_follows_the_state_and_a_reload_loses_nothing(open_explorer: Any) -> None:
    page = open_explorer()
    page.act(lambda: page.slider("length_km").press("ArrowRight"))
    page.page.locator("[data-figure=fidelity]").locator("xpath=ancestor::figure").get_by_role("button").click()
    page.act(lambda: page.ask("p => p.request({ seed: 5, tab: 'switch' })"))
    page.ask("p => { p.clock.play(false); p.clock.seek(321.5); p.contents.get('switch').lookInside(2); }")
    page.page.get_by_role("button", name="Dark colours").click()
    page.page.get_by_label("Dots are").select_option("slots")
    parts = [
        "length_km=61.0",
        "tab=switch",
        "seed=5",
        "pin=fidelity?",
        "cursor=321.5",
        "relay=2",
        "theme=dark",
        "dots=slots",
    ]
    page.page.wait_for_function(f"parts => parts.every((part) => {HASH}.includes(part))", arg=parts)
    scenario, frozen = page.scenario, page.ask("p => Array.from(p.hosts.get('fidelity').pinned.y)")
    page.page.evaluate("sessionStorage.clear()")
    assert page.errors == []
    page.page.reload()
    page.attach()
    page.until("p => p.answer.tab === 'switch' && p.run.scene === p.answer.scene && !p.wanted")
    assert page.scenario == scenario
    assert page.ask("p => [p.answer.seed, p.clock.time, p.clock.playing, p.mode]") == [5, 321.5, False, "dark"]
    assert page.ask("p => p.contents.get('switch').looksInside()") == 2
    assert page.ask("p => [p.clock.slots, p.transport.dots.selectedOptions[0].text]") == [True, "slots"]
    page.until("p => p.hosts.get('fidelity').pinned")
    assert page.ask("p => Array.from(p.hosts.get('fidelity').pinned.y)") == frozen
    page.page.context.close()


def test_a_refusal_goes_away_with_the_next_good_state(explorer: Any) -> None:
    toast = explorer.page.locator(".qps-toast")
    explorer.act(lambda: explorer.page.evaluate("() => { location.hash = 's?wormhole=1'; }"))
    toast.filter(has_text="Refused").wait_for()
    explorer.act(lambda: explorer.slider("length_km").press("ArrowRight"))
    toast.wait_for(state="hidden")


def test_a_refusal_beside_a_control_out_of_sight_is_said_at_the_top(explorer: Any) -> None:
    """The control is there, and scrolled away."""
    toast = explorer.page.locator(".qps-toast")
    explorer.open_groups()
    explorer.act(lambda: explorer.page.evaluate("() => { location.hash = 's?t1_us=100&t2_us=900'; }"))
    toast.filter(has_text="Refused. Dephasing time T₂: 900 exceeds").wait_for()
    explorer.row("t2_us").scroll_into_view_if_needed()
    explorer.type_into("t2_us", "far")
    toast.wait_for(state="hidden")
    assert "'far' is not a number" in explorer.message("t2_us")


def test_the_page_opens_and_changes_colour_where_storage_is_refused(
    new_context: Any, dashboard_url: str, explorer_on: Any
) -> None:
    context = new_context(color_scheme="light")
    context.add_init_script(REFUSE_STORAGE)
    page = context.new_page()
    page.goto(dashboard_url)
    explorer = explorer_on(page)
    page.get_by_role("button", name="Dark colours").click()
    explorer.until("p => p.root.dataset.mode === 'dark'")
    explorer.act(lambda: explorer.slider("length_km").press("ArrowRight"))
    assert explorer.scenario == qps.preset("first").replace(length_km=61.0)
    assert explorer.errors == []
    context.close()


def test_colours_follow_the_system_until_somebody_chooses(open_explorer: Any) -> None:
    page = open_explorer(color_scheme="light")
    page.page.emulate_media(color_scheme="dark")
    page.until("p => p.root.dataset.mode === 'dark'")
    page.page.emulate_media(color_scheme="light")
    page.until("p => p.root.dataset.mode === 'light'")
    page.page.get_by_role("button", name="Dark colours").click()
    page.page.emulate_media(color_scheme="dark")
    page.page.emulate_media(color_scheme="light")
    assert page.ask("p => p.root.dataset.mode") == "dark"
    page.page.context.close()


SECOND = """(p) => {
  const place = document.createElement("div");
  document.body.append(place);
  new p.constructor(p.model, place);
  window.second = place.qpsviz;
}"""


def test_two_views_of_one_page_agree_and_share_no_id(open_explorer: Any) -> None:
    one = open_explorer()
    one.ask(SECOND)
    one.page.wait_for_function("window.second.root.dataset.run !== undefined")
    ids = one.page.evaluate(IDS)
    assert len(ids) == len(set(ids))
    one.ask("p => { p.change({ length_km: 70 }); window.second.change({ n_relays: 5 }); p.change({ guard_us: 90 }); }")
    settled = "Number(v.root.dataset.painted) >= v.revision && !v.moves.waiting.length"
    one.page.wait_for_function(f"p => [p, window.second].every((v) => {settled})", arg=one.js)
    expected = qps.preset("first").replace(length_km=70.0, n_relays=5, guard_us=90.0)
    one.page.wait_for_function("p => p.answer.values.guard_us === 90 && p.answer.values.n_relays === 5", arg=one.js)
    assert one.scenario == expected
    assert one.page.evaluate("[window.second.answer.values.length_km, window.second.answer.values.n_relays]") == [70, 5]
    one.ask("p => window.second.change({}, { name: 'length_km', text: 'far' })")
    one.page.wait_for_function("window.second.answer.error !== null")
    assert one.ask("p => p.answer.error") is None, "a view is told what another one did wrong"
    texts = one.ask("p => Promise.all([p.ask('code'), window.second.ask('link')]).then((a) => [a[0].text, a[1].link])")
    assert "import qpsviz" in texts[0]
    assert share.from_link(texts[1])[0] == expected
    assert one.errors == []
    one.page.context.close()


def test_few_steps_of_the_tab_key_lead_to_play(explorer: Any) -> None:
    explorer.page.evaluate("document.activeElement.blur(); document.querySelector('.qps').scrollTop = 0")
    explorer.page.locator(".qps-skips button").first.focus()
    explorer.page.keyboard.press("Enter")
    assert explorer.page.evaluate("Boolean(document.activeElement.closest('.qps-transport'))")
    explorer.page.locator(".qps-skips button").first.focus()
    has_play = "document.activeElement.classList.contains('qps-play')"
    steps = 0
    while not explorer.page.evaluate(has_play) and steps < 20:
        explorer.page.keyboard.press("Tab")
        steps += 1
    assert steps < 20


@pytest.fixture
def lonely(serve: Callable[..., Any], new_context: Callable[..., BrowserContext], explorer_on: Any) -> Iterator[Any]:
    """A page with a server of its own, to be taken away."""
    served = serve()
    page = new_context().new_page()
    page.goto(served.url)
    explorer = explorer_on(page)
    explorer.served = served
    yield explorer
    page.context.close()


def test_a_lost_server_is_said_in_one_sentence_and_its_moves_wait_in_the_address(lonely: Any) -> None:
    page = lonely.page
    lonely.act(lambda: lonely.slider("n_relays").press("ArrowRight"))
    lonely.served.process.kill()
    lonely.served.process.wait()
    bar = page.locator(".qps-lost")
    bar.filter(has_text="Connection lost").wait_for()
    assert not lonely.ask("p => p.clock.playing")
    lonely.slider("length_km").press("ArrowRight")
    lonely.ask("p => p.ask('code').catch((error) => { window.refused = error.message; })")
    page.wait_for_function("window.refused === 'no kernel answers'")
    page.wait_for_function("location.hash.includes('length_km=61') && location.hash.includes('n_relays=4')")
    link = page.evaluate("location.hash.slice(3)")
    assert share.from_link(link)[0] == qps.preset("first").replace(n_relays=4, length_km=61.0)
    assert bar.get_by_role("button").count() == 1
    bar.get_by_role("button", name="Reload").click()
    bar.filter(has_text="start qpsviz again").wait_for()
    assert [e for e in lonely.errors if not re.search(r"WebSocket|Failed to load resource|ERR_CONNECTION", e)] == []


def test_every_slider_has_a_thumb_for_every_value(explorer: Any) -> None:
    for name in ("t1_us", "p_dark", "processing_us", "memory_qubits"):
        top = parameter(name).shown[1]
        assert explorer.ask(
            "(p, [name, top]) => { const { scale } = p.controls.rows.get(name).number; const all = [];"
            " for (let i = 0; i <= 300; i++) all.push(scale.toPosition(scale.toValue(i)) === i);"
            " return all.every(Boolean) && scale.toPosition(1e6 * top) === 300; }",
            [name, top],
        )
