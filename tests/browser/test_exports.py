"""What the Export dialog saves: pictures that stand alone, on every tab."""

from __future__ import annotations

import io
import re
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from qpsviz.figures.plots import PLOTS
from qpsviz.figures.theme import TOKENS
from qpsviz.session.exports import EXPORTS
from qpsviz.session.tabs.declared import TABS

SVG = "{http://www.w3.org/2000/svg}"
FILES = {e["name"]: e["title"] for e in EXPORTS}


def saved(explorer: Any, name: str) -> dict[str, bytes]:
    """Files that one button of the dialog saves, by name."""
    page, got = explorer.page, []

    def keep(download: Any) -> None:
        got.append(download)

    page.on("download", keep)
    page.get_by_role("button", name="Export", exact=True).click()
    page.get_by_role("button", name=FILES[name]).click()
    said = page.locator(".qps-export-status")
    page.wait_for_function("() => /^(Saved|Not)/.test(document.querySelector('.qps-export-status').textContent)")
    words = said.inner_text()
    assert words.startswith("Saved"), words
    names = re.findall(r"[\w.-]+\.\w+", words.rstrip("."))
    while len(got) < len(names):  # nothing is heard of between this line and the next
        page.wait_for_event("download")
    page.remove_listener("download", keep)
    page.keyboard.press("Escape")
    files = {download.suggested_filename: Path(download.path()).read_bytes() for download in got}
    assert sorted(files) == sorted(names)
    return files


def words_of(drawing: ET.Element) -> str:
    """All text that an SVG shows."""
    return " ".join("".join(text.itertext()) for text in drawing.iter(f"{SVG}text"))


def drawing_of(content: bytes) -> ET.Element:
    """An SVG whose first shape is an opaque background of its whole size."""
    drawing = ET.fromstring(content)
    ground = drawing.find(f"{SVG}rect")
    assert ground is not None
    assert (ground.get("width"), ground.get("height")) == (drawing.get("width"), drawing.get("height"))
    assert ground.get("fill") in {tokens["card"] for tokens in TOKENS.values()}
    return drawing


def test_every_tab_is_saved_with_a_title_and_its_scenario(explorer: Any) -> None:
    for name, tab in TABS.items():
        explorer.start("fig10b", tab=name)
        explorer.page.wait_for_function(
            "([p, name]) => !p.tabs.panels.get(name).querySelector('.qps-empty')?.checkVisibility()",
            arg=[explorer.js, name],
        )
        explorer.until("p => [...p.hosts.values()].filter((x) => x.last).every((x) => x.drawing)")
        files = saved(explorer, "figures.svg")
        assert sorted(files) == sorted(f"{plot}.svg" for plot in tab.plots or (name,))
        for file, content in files.items():
            drawing, title = drawing_of(content), PLOTS[file[:-4]].title if tab.plots else tab.title
            assert drawing.findtext(f"{SVG}title") == title
            words = words_of(drawing)
            assert title in words
            assert "Fig. 10b" in words
            assert "Length 60 km" in words
            assert "length_km=60.0" in (drawing.findtext(f"{SVG}desc") or "")
            assert float(drawing.get("width", 0)) > 200
            assert len(list(drawing.iter())) > 40 or drawing.find(f".//{SVG}image") is not None


def test_a_figure_is_saved_with_legend_marker_pinned_curve_and_units(explorer: Any) -> None:
    explorer.start("fig10a")
    pin = explorer.page.locator(".qps-plot", has_text="Fidelity against length").get_by_role("button", name="Pin")
    pin.click()
    explorer.act(lambda: explorer.slider("n_relays").press("ArrowRight"))
    drawing = drawing_of(saved(explorer, "figures.svg")["fidelity.svg"])
    pin.click()
    words = words_of(drawing)
    for text in ("now", "0 relays", "pinned", "length [km]", "fidelity F", "own scenario", "Relays 2"):
        assert text in words, text
    marker = explorer.page.locator('[data-figure="fidelity"] .qps-marker')
    assert marker.evaluate("(e) => getComputedStyle(e).backgroundColor") in {
        polygon.get("fill") for polygon in drawing.iter(f"{SVG}polygon")
    }


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_pictures_have_a_ground_and_two_pixels_for_each_of_the_page(explorer: Any, mode: str) -> None:
    if mode == "dark":
        explorer.page.get_by_role("button", name="Dark colours").click()
        explorer.until("p => [...p.hosts.values()].every((x) => !x.last || x.drawn)")
    try:
        figure = explorer.page.locator(".qps-plot").first.evaluate("(e) => e.clientWidth")
        network = explorer.page.locator(".qps-network").evaluate("(e) => e.clientWidth")
        files = saved(explorer, "figures.png") | saved(explorer, "network.png")
        ground = tuple(int(TOKENS[mode]["card"][i : i + 2], 16) for i in (1, 3, 5))
        for name, wide in (("key_rate.png", figure), ("network.png", network)):
            image = Image.open(io.BytesIO(files[name])).convert("RGBA")
            assert abs(image.width - 2 * (wide + 32)) <= 4
            assert image.height > 400
            assert image.getchannel("A").getextrema() == (255, 255)
            assert image.getpixel((0, 0))[:3] == ground
            assert len(image.getcolors(1 << 24) or ()) > 20
    finally:
        if mode == "dark":
            explorer.page.get_by_role("button", name="Light colours").click()


def test_what_cannot_be_saved_is_said_in_words(explorer: Any) -> None:
    explorer.start(tab="curves")
    explorer.ask("p => { p.kept = p.ask; p.ask = () => Promise.reject(new Error('the disk is full')); }")
    try:
        explorer.page.get_by_role("button", name="Export", exact=True).click()
        explorer.page.get_by_role("button", name=FILES["curves.csv"]).click()
        explorer.page.locator(".qps-export-status", has_text="Not exported: the disk is full.").wait_for()
    finally:
        explorer.ask("p => { p.ask = p.kept; }")
    explorer.page.keyboard.press("Escape")


def test_a_tab_that_still_loads_says_so_beside_its_buttons(explorer: Any) -> None:
    explorer.start(tab="state")
    # An answer that is on its way must not end the loading state under the test.
    explorer.ask("p => { const view = p.contents.get('state'); view.show = () => {}; view.say('Loading …'); }")
    try:
        explorer.page.get_by_role("button", name="Export", exact=True).click()
        assert explorer.page.get_by_role("button", name=FILES["figures.png"]).is_disabled()
        assert explorer.page.get_by_text("This tab has nothing to show yet.").count() == 2
    finally:
        explorer.ask("p => { delete p.contents.get('state').show; }")
    explorer.page.keyboard.press("Escape")
