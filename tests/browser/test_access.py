"""Everyone can use it: names, focus, and what axe-core finds."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import pytest

from qpsviz.session.tabs.declared import TABS

AXE = importlib.util.find_spec("axe_playwright_python")
NAMELESS = {"generic", "none", "InlineTextBox", "RootWebArea", "GenericContainer", "Iframe"}


def reachable(explorer: Any) -> list[dict[str, Any]]:
    """What assistive technology can put its focus on."""
    tools = explorer.page.context.new_cdp_session(explorer.page)
    nodes = tools.send("Accessibility.getFullAXTree")["nodes"]
    tools.detach()
    flags = [{p["name"] for p in n.get("properties", []) if p["value"].get("value")} for n in nodes]
    pairs = zip(nodes, flags, strict=True)
    return [n for n, f in pairs if "focusable" in f and not n.get("ignored") and n["role"]["value"] not in NAMELESS]


def test_everything_that_can_be_reached_has_a_name(explorer: Any) -> None:
    explorer.open_groups()
    found = reachable(explorer)
    assert len(found) > 100
    explorer.page.get_by_role("button", name="Export", exact=True).click()
    found += reachable(explorer)
    assert [n["role"]["value"] for n in found if not n.get("name", {}).get("value", "").strip()] == []


def test_two_controls_never_share_a_name(explorer: Any) -> None:
    explorer.open_groups()
    names = explorer.page.locator(".qps-row input[type=range]").evaluate_all(
        "(all) => all.map((e) => e.labels[0]?.innerText)"
    )
    assert len(names) > 20
    assert len(set(names)) == len(names)


def test_focus_is_seen_wherever_the_tab_key_goes(explorer: Any) -> None:
    explorer.page.evaluate("document.activeElement.blur()")
    explorer.page.locator(".qps-top select").focus()
    reached = []
    for _ in range(45):
        explorer.page.keyboard.press("Tab")
        reached.append(
            explorer.page.evaluate(
                "() => { const e = document.activeElement; const box = e.getBoundingClientRect();"
                " const ring = getComputedStyle(e.matches('.qps-option input') ? e.nextElementSibling : e);"
                " const place = [...document.querySelectorAll('*')].indexOf(e);"
                " return { what: `${place} ${e.outerHTML.slice(0, 80)}`, inside: Boolean(e.closest('.qps')),"
                " ring: ring.outlineStyle !== 'none' && parseFloat(ring.outlineWidth) > 0,"
                " seen: box.width > 0 && box.bottom > 0 && box.top < innerHeight }; }"
            )
        )
    assert [r["what"] for r in reached if not (r["inside"] and r["ring"] and r["seen"])] == []
    assert len({r["what"] for r in reached}) > 35


def test_a_dialog_takes_the_focus_and_gives_it_back(explorer: Any) -> None:
    button = explorer.page.get_by_role("button", name="Code", exact=True)
    button.focus()
    explorer.page.keyboard.press("Enter")
    dialog = explorer.page.get_by_role("dialog")
    dialog.wait_for()
    assert dialog.evaluate("(d) => d.contains(document.activeElement)")
    explorer.page.keyboard.press("Escape")
    assert button.evaluate("(b) => b === document.activeElement")


def violations(explorer: Any, part: str) -> list[str]:
    """What axe-core finds wrong with a part of the page, one line each."""
    if explorer.page.evaluate("typeof axe") == "undefined":
        assert AXE is not None
        assert AXE.origin is not None
        explorer.page.evaluate((Path(AXE.origin).parent / "axe.min.js").read_text(encoding="utf-8"))
    found = explorer.page.evaluate(
        "part => axe.run(part, { resultTypes: ['violations'] }).then(({ violations }) => violations)", part
    )
    return [f"{v['id']} ({v['impact']}): {node['html'][:120]}" for v in found for node in v["nodes"]]


@pytest.mark.skipif(AXE is None, reason="axe-playwright-python, which brings axe-core, is not installed")
@pytest.mark.parametrize("mode", ["light", "dark"])
def test_axe_finds_nothing_wrong(explorer: Any, mode: str) -> None:
    explorer.open_groups()
    explorer.ask("(p, mode) => { p.setMode(mode); p.clock.play(false); }", mode)
    try:
        found = violations(explorer, ".qps")
        for tab in TABS:
            explorer.act(lambda tab=tab: explorer.ask("(p, tab) => p.request({ tab })", tab))
            found += [f"{tab}: {line}" for line in violations(explorer, ".qps-tabbed")]
        explorer.type_into("length_km", "far")
        found += violations(explorer, ".qps-controls")
        explorer.page.get_by_role("button", name="Export", exact=True).click()
        found += violations(explorer, ".qps-dialog")
    finally:
        explorer.ask("p => p.setMode('light')")
    assert found == []
