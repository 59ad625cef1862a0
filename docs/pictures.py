"""Makes the pictures of the README from the running dashboard.

Usage: start ``make dashboard``, then ``.venv/bin/python docs/pictures.py http://localhost:8866/``.
Needs a Chromium (``CHROMIUM`` names it, else /usr/bin/chromium) and Pillow, which Bokeh brings.
"""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

FOLDER = Path(__file__).parent / "img"
QUIET = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update")
SHOTS = (
    ("dashboard-light.png", 1280, 800, "light", "first", "curves"),
    ("dashboard-dark.png", 1280, 800, "dark", "fig12", "memories"),
    ("dashboard-phone.png", 390, 844, "light", "memory-buys", "curves"),
)
FILM_FRAMES, FILM_STEP_US, FILM_WIDTH = 72, 8.0, 960


def open_page(browser: Browser, address: str, width: int, height: int, mode: str) -> Page:
    """A dashboard that has drawn itself, paused."""
    page = browser.new_context(viewport={"width": width, "height": height}, color_scheme=mode).new_page()
    page.goto(address)
    page.wait_for_selector(".qps[data-painted][data-run]")
    page.wait_for_timeout(1500)
    page.get_by_role("button", name="Pause").click()
    return page


def choose(page: Page, preset: str, tab: str) -> None:
    """Load a preset, open a tab and go to a moment at which much is under way."""
    page.select_option(".qps-top select", preset)
    page.wait_for_timeout(600)
    page.locator(f"[role=tab][id$={tab}]").click()
    seek(page, 395.0)
    page.wait_for_timeout(900)


def seek(page: Page, time_us: float) -> None:
    """Move the clock of the page."""
    page.evaluate("t => [...document.querySelectorAll('*')].find(e => e.qpsviz).qpsviz.clock.seek(t)", time_us)


def film(page: Page) -> None:
    """A short loop of moving frames, with one slider moved half-way."""
    frames = []
    for i in range(FILM_FRAMES):
        if i == FILM_FRAMES // 2:
            page.locator("[data-parameter=n_relays] input[type=range]").press("ArrowLeft")
            page.wait_for_timeout(600)
        seek(page, 200.0 + i * FILM_STEP_US)
        page.wait_for_timeout(30)
        image = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
        frames.append(image.resize((FILM_WIDTH, FILM_WIDTH * image.height // image.width), Image.Resampling.LANCZOS))
    # By coverage, not by area: header, qubits and drops are few pixels, and their colours are what the film is about.
    palette = frames[FILM_FRAMES // 3].quantize(128, method=Image.Quantize.MAXCOVERAGE, kmeans=2)
    shown = [frame.quantize(palette=palette, dither=Image.Dither.NONE) for frame in frames]
    shown[0].save(FOLDER / "dashboard.gif", save_all=True, append_images=shown[1:], duration=90, loop=0, optimize=True)


def main(address: str) -> None:
    """All pictures, from one running dashboard."""
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        chromium = os.environ.get("CHROMIUM", "/usr/bin/chromium")
        browser = playwright.chromium.launch(executable_path=chromium, args=list(QUIET))
        for name, width, height, mode, preset, tab in SHOTS:
            page = open_page(browser, address, width, height, mode)
            choose(page, preset, tab)
            page.screenshot(path=FOLDER / name, full_page=width < 500)
            page.close()
        page = open_page(browser, address, 1280, 800, "light")
        film(page)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://localhost:8866/")
