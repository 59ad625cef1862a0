"""Tips stand beside what they explain, and a control goes back to the value that its tip names."""

from __future__ import annotations

from typing import Any

import qpsviz as qps

NEAR_PX = 12
GAP = """([tip, about]) => {
  const [a, b] = [tip.getBoundingClientRect(), about.getBoundingClientRect()];
  return Math.max(a.left - b.right, b.left - a.right, a.top - b.bottom, b.top - a.bottom);
}"""


def gap(explorer: Any, about: Any) -> float:
    """Distance of the tip from what it explains; negative where they overlap. [px]"""
    tip = explorer.page.get_by_role("tooltip")
    tip.wait_for(state="visible")
    box = tip.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= explorer.page.viewport_size["width"]
    return float(explorer.page.evaluate(GAP, [tip.element_handle(), about.element_handle()]))


def test_a_tip_is_beside_what_it_explains_by_pointer_key_and_touch(explorer: Any) -> None:
    tip, page = explorer.page.get_by_role("tooltip"), explorer.page
    tag = explorer.row("length_km").locator(".qps-tag")
    share = page.get_by_role("button", name="Share", exact=True)
    tile = page.locator('[data-tile="retention"]')
    for about, words in ((tag, "Fig. 12"), (share, "Copy a link"), (tile, "Eq. 2")):
        about.hover()
        assert 0 <= gap(explorer, about) <= NEAR_PX
        assert words in tip.inner_text()
    page.mouse.move(640, 150)
    tip.wait_for(state="hidden")
    page.locator(".qps-group > summary").first.focus()
    page.keyboard.press("Tab")
    while not page.evaluate("document.activeElement.matches('.qps-tag')"):
        page.keyboard.press("Tab")
    assert 0 <= gap(explorer, page.locator(":focus")) <= NEAR_PX
    page.keyboard.press("Escape")
    tip.wait_for(state="hidden")
    page.evaluate("document.activeElement.blur()")
    tile.dispatch_event("click", {"pointerType": "touch"})
    assert 0 <= gap(explorer, tile) <= NEAR_PX
    page.mouse.move(641, 151)


def test_only_touched_controls_offer_to_go_back_and_they_go_where_the_tip_says(explorer: Any) -> None:
    shown = explorer.page.locator(".qps-reset:visible")
    explorer.act(lambda: explorer.ask("p => p.request({ preset: 'first' })"))
    assert shown.count() == 0
    explorer.act(lambda: explorer.slider("length_km").press("ArrowRight"))
    assert shown.count() == 1
    shown.hover()
    assert explorer.page.get_by_role("tooltip").inner_text() == "Back to 60 km, as in First look"
    explorer.act(shown.click)
    assert explorer.scenario == qps.preset("first")
    assert shown.count() == 0
