"""The same notebook in JupyterLab, where Bokeh comes from the kernel and the theme from the Lab."""

from __future__ import annotations

import contextlib
import os
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Locator, Page
from playwright.sync_api import TimeoutError as PlaywrightTimeout

import qpsviz as qps

ROOT = Path(__file__).parents[2]
START_S = 120
OVERFULL = "(all) => all.filter((e) => e.scrollWidth > e.clientWidth).map((e) => e.innerText)"


@pytest.fixture(scope="module")
def lab_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address, with its token, of a JupyterLab that serves the notebooks and never saves them by itself."""
    settings = tmp_path_factory.mktemp("settings")
    document_manager = settings / "@jupyterlab" / "docmanager-extension" / "plugin.jupyterlab-settings"
    document_manager.parent.mkdir(parents=True)
    document_manager.write_text('{"autosave": false}', encoding="utf-8")
    environment = {**os.environ, "JUPYTERLAB_SETTINGS_DIR": str(settings)}
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "qpsviz", "lab", "--no-browser", "--port", str(port)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=ROOT, env=environment
    ) as process:
        assert process.stdout is not None
        patience = threading.Timer(START_S, process.kill)
        patience.start()
        line = next((line for line in process.stdout if " http://" in line), "")
        patience.cancel()
        assert " http://" in line, "JupyterLab did not start"
        yield next(word for word in line.split() if word.startswith("http://"))
        process.terminate()
        process.communicate(timeout=30)


def run(page: Page, cell: Locator) -> None:
    """Run the cell; a Lab that is still settling may let the first keys fall through."""
    for _ in range(4):
        cell.click()
        page.keyboard.press("Shift+Enter")
        with contextlib.suppress(PlaywrightTimeout):
            page.locator(".qps").first.wait_for(timeout=20_000)
            return


def test_the_dashboard_runs_in_jupyterlab_and_a_slider_redraws_it(
    lab_address: str, new_context: Callable[..., BrowserContext], explorer_on: Callable[..., Any]
) -> None:
    page = new_context().new_page()
    ours: list[str] = []
    page.on("pageerror", lambda error: ours.append(str(error)))
    page.on("console", lambda m: m.type == "error" and is_ours(m.text) and ours.append(m.text))
    # A Lab on a busy machine asks for the kernel before it knows the notebook's: confirm its choice as a person would.
    page.add_locator_handler(page.locator(".jp-Dialog .jp-mod-accept"), lambda accept: accept.click())
    page.goto(re.sub(r"/(lab|tree)?\?", "/lab/tree/dashboard.ipynb?", lab_address))
    cell = page.locator(".jp-Notebook .jp-CodeCell .cm-content").first
    # A toolbar that is too narrow shows its indicator twice, in the bar and in its popup.
    page.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]").first.wait_for(state="attached")
    run(page, cell)
    explorer = explorer_on(page)
    explorer.check_everything_shown()
    assert explorer.ask("p => [window.Bokeh.version, p.mode]") == [explorer.ask("p => p.spec.bokeh"), "light"]
    explorer.act(lambda: explorer.slider("length_km").press("ArrowRight"))
    assert explorer.scenario == qps.preset("first").replace(length_km=61.0)
    explorer.check_everything_shown()
    page.keyboard.press("End")
    explorer.settle()
    assert explorer.scenario.path.length_km == 600.0, "JupyterLab took the key for a shortcut of its own"
    assert page.locator(".qps-tile-head").evaluate_all(OVERFULL) == []
    explorer.ask("p => p.address.write()")
    assert "#s?" not in page.url, "the address of JupyterLab is JupyterLab's"
    for is_light, mode in (("false", "dark"), ("true", "light")):
        page.evaluate("(on) => { document.body.dataset.jpThemeLight = on; }", is_light)
        explorer.until(f"p => p.mode === '{mode}'")
    assert page.locator(".jp-OutputArea-output[data-mime-type*=stderr]").count() == 0
    assert ours == []


def is_ours(text: str) -> bool:
    """Whether an error on the console is about the explorer and not about JupyterLab's own affairs."""
    return bool(re.search(r"qps|anywidget|bokeh|widget", text, re.IGNORECASE))
