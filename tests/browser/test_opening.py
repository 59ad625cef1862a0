"""What a person meets first: a page that opens cleanly, at any size, in both modes, with as much motion as wanted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

import qpsviz as qps
from qpsviz.figures.theme import TOKENS
from qpsviz.session.tabs.declared import TABS

FITS = (
    "() => [document.scrollingElement.scrollWidth - innerWidth, document.scrollingElement.scrollHeight - innerHeight]"
)

OVERFULL = "(all) => all.filter((e) => e.scrollWidth > e.clientWidth).map((e) => e.innerText)"
# How many colours a figure's picture has; Bokeh draws it inside shadow roots.
COLOURS = """(p, name) => {
  const and = (e) => [e, ...(e.shadowRoot ? inside(e.shadowRoot) : [])];
  const inside = (root) => [...root.querySelectorAll("*")].flatMap(and);
  const all = inside(p.hosts.get(name).element).filter((e) => e.tagName === "CANVAS" && e.width);
  const colours = all.flatMap((c) => {
    const { data } = c.getContext("2d").getImageData(0, 0, c.width, c.height);
    return [...new Set(new Uint32Array(data.buffer))];
  });
  return new Set(colours).size;
}"""
RICHNESS = "(e) => e.innerText.length + 100 * e.querySelectorAll('canvas, svg, .qps-figure').length"


def test_the_page_opens_without_an_error_and_asks_no_other_host(shared_explorer: Any) -> None:
    shared_explorer.start()
    shared_explorer.check_everything_shown()
    assert shared_explorer.errors == []
    assert {host for host in shared_explorer.hosts if not host.startswith(("blob:", "data:"))} <= {
        "http://localhost",
        "ws://localhost",
    }


def test_the_whole_explorer_fits_a_small_laptop_without_scrolling(explorer: Any) -> None:
    explorer.page.wait_for_function(f"({FITS})().every((over) => over === 0)")
    assert explorer.page.locator(".qps-tile-head").evaluate_all(OVERFULL) == []
    for part in (".qps-top", ".qps-controls", ".qps-network", ".qps-tiles", ".qps-tabbed"):
        box = explorer.page.locator(part).bounding_box()
        assert box["width"] > 200
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 1280
        assert box["y"] + box["height"] <= 800, part


def test_the_figures_are_painted_and_not_blank(explorer: Any) -> None:
    for figure in ("key_rate", "fidelity"):
        assert explorer.ask(COLOURS, figure) > 10, figure


def test_the_tabs_are_walked_with_the_arrow_keys_and_each_shows_its_tab(explorer: Any) -> None:
    tabs = explorer.page.get_by_role("tab")
    assert tabs.count() == len(TABS)
    tabs.first.focus()
    for name in [*list(TABS)[1:], next(iter(TABS))]:
        explorer.act(lambda: explorer.page.keyboard.press("ArrowRight"))
        tab = explorer.page.locator('[role=tab][aria-selected="true"]')
        assert tab.inner_text() == TABS[name].title
        assert tab.evaluate("(tab) => tab === document.activeElement")
        panel = explorer.page.locator(f"#{tab.get_attribute('aria-controls')}")
        assert panel.is_visible()
        assert panel.bounding_box()["height"] > 150
        explorer.page.wait_for_function(f"e => ({RICHNESS})(e) > 100", arg=panel.element_handle())
    explorer.act(lambda: explorer.page.keyboard.press("ArrowLeft"))
    assert explorer.ask("p => p.answer.tab") == list(TABS)[-1]


def test_every_tab_follows_a_slider_without_an_error(explorer: Any) -> None:
    for tab in TABS:
        explorer.start("fig10b", tab=tab)
        explorer.act(lambda: explorer.slider("n_relays").press("ArrowRight"))
        assert explorer.ask("p => p.answer.tab") == tab
        assert explorer.scenario == qps.preset("fig10b").replace(n_relays=2)
        assert explorer.errors == [], tab


def test_the_colours_change_with_one_button_everywhere(explorer: Any) -> None:
    background = "(p, name) => p.hosts.get(name).drawing.view.model.background_fill_color"
    curves = explorer.columns("fidelity")
    explorer.page.get_by_role("button", name="Dark colours").click()
    explorer.until("p => p.root.dataset.mode === 'dark' && [...p.hosts.values()].every((x) => !x.last || x.drawn)")
    shown = explorer.page.evaluate("getComputedStyle(document.querySelector('.qps-tiles')).backgroundColor")
    assert shown == css(TOKENS["dark"]["card"])
    assert explorer.ask(background, "fidelity") == TOKENS["dark"]["card"]
    assert all(list(v) == list(curves[k]) for k, v in explorer.columns("fidelity").items() if k != "present")
    explorer.page.get_by_role("button", name="Light colours").click()
    explorer.until("p => p.root.dataset.mode === 'light' && [...p.hosts.values()].every((x) => !x.last || x.drawn)")
    assert explorer.ask(background, "fidelity") == TOKENS["light"]["card"]


def css(colour: str) -> str:
    """A colour as a browser reports it."""
    return f"rgb({', '.join(str(int(colour[i : i + 2], 16)) for i in (1, 3, 5))})"


@pytest.fixture(scope="module")
def phone(open_explorer: Any) -> Iterator[Any]:
    """A phone whose owner likes it dark and still."""
    small = open_explorer(
        viewport={"width": 390, "height": 844},
        is_mobile=True,
        has_touch=True,
        color_scheme="dark",
        reduced_motion="reduce",
    )
    yield small
    small.page.context.close()


def test_a_phone_shows_everything_below_each_other_and_nothing_beside_the_screen(phone: Any) -> None:
    for tab in TABS:
        phone.start(tab=tab)
        phone.page.wait_for_function(f"({FITS})()[0] <= 0")
    order = [phone.page.locator(part).bounding_box()["y"] for part in (".qps-network", ".qps-tiles", ".qps-controls")]
    assert order == sorted(order)
    assert phone.errors == []


def test_a_phone_moves_the_curves_too(phone: Any) -> None:
    phone.start()
    phone.act(lambda: phone.slider("n_relays").press("ArrowLeft"))
    assert phone.scenario == qps.preset("first").replace(n_relays=2)
    phone.check_everything_shown()


def test_the_page_opens_in_the_colours_that_the_system_prefers(phone: Any) -> None:
    assert phone.ask("p => p.root.dataset.mode") == "dark"


def test_who_asked_for_less_motion_starts_at_rest_and_can_still_play(phone: Any) -> None:
    assert phone.ask("p => [p.clock.playing, p.clock.time]") == [False, 0]
    phone.page.get_by_role("button", name="Play").click()
    phone.until("p => p.clock.time > 1")
    phone.page.get_by_role("button", name="Pause").click()
    assert not phone.ask("p => p.clock.playing")
