"""The explorer in a real browser: one page for all tests, driven by keys and mouse, read through its own objects."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, BrowserContext, JSHandle, Locator, Page

import qpsviz as qps
from qpsviz.figures.columns import COLUMNS
from qpsviz.figures.parts import KEY_FLOOR
from qpsviz.scenario import parameter
from qpsviz.scenario.declaration import in_json
from qpsviz.scenario.presets import all_presets
from qpsviz.session.controls.rows import from_page

WAIT_MS = 60_000
FIND = "[...document.querySelectorAll('*')].find((e) => e.qpsviz)?.qpsviz"
SETTLED = """([p, after]) => {
  const { painted, run } = p.root.dataset;
  const drawn = p.revision > after && Number(painted) >= p.revision;
  return drawn && (p.answer.error || !p.player || Number(run) >= p.answer.revision);
}"""
TILE_TEXTS = """(tiles) => Object.fromEntries(tiles.map((tile) => {
  const text = (part) => tile.querySelector(`.qps-${part}`).textContent;
  return [tile.dataset.tile, ["value", "unit", "note"].map(text)];
}))"""
SCALES = {"": 1.0, "%": 0.01, "ns": 1e-3, "µs": 1.0, "ms": 1e3, "s": 1e6, "km": 1.0}
SCALES |= {"bit/s": 1.0, "kbit/s": 1e3, "Mbit/s": 1e6, "Gbit/s": 1e9}
TILES = {
    "key_rate": "key_rate_hz", "reach_km": "reach_km", "qber_z": "qber_z", "fidelity": "fidelity",
    "retention": "retention", "delay_us": "delay_us",
}  # fmt: skip


class Explorer:
    """A page with the explorer on it, for a person's moves and a test's questions."""

    def __init__(self, page: Page, url: str | None = None) -> None:
        self.page = page
        self.errors: list[str] = []
        self.hosts: set[str] = set()
        page.on("console", lambda message: message.type == "error" and self.errors.append(message.text))
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("request", lambda request: self.hosts.add(re.sub(r"^(\w+:/*[^/:]*).*", r"\1", request.url)))
        if url is not None:
            page.goto(url)
        self.attach()

    def attach(self) -> None:
        """Wait until the explorer is usable, with its figures and its run."""
        self.page.wait_for_selector(".qps[data-painted][data-run]", timeout=WAIT_MS)
        self.js: JSHandle = self.page.evaluate_handle(FIND)
        self.until("p => [...p.hosts.values()].filter((x) => x.last).every((x) => x.drawing)")
        self.settle()

    def ask(self, expression: str, argument: Any = None) -> Any:
        """A question to the page object ``p``."""
        return self.js.evaluate(expression, argument)

    def until(self, expression: str) -> None:
        """Wait until something is true of the page object ``p``."""
        self.page.wait_for_function(expression, arg=self.js, timeout=WAIT_MS)

    def settle(self, after: int = -1) -> None:
        """Wait until the newest state, later than ``after``, is painted, and its run there where it has one."""
        self.page.wait_for_function(SETTLED, arg=[self.js, after], timeout=WAIT_MS)

    def act(self, action: Callable[[], Any]) -> None:
        """Do something that moves the state, and wait until the answer is on screen."""
        before = self.ask("p => p.revision")
        action()
        self.settle(after=before)

    def start(self, preset: str = "first", tab: str = "curves", **changes: Any) -> qps.Scenario:
        """Go to a state at once, as a link does."""
        scenario = qps.preset(preset).replace(**changes)
        values = {name: in_json(value) for name, value in scenario.flat().items()}
        linked = scenario.memory.t1_us == scenario.memory.t2_us
        request = {"values": values, "tab": tab, "linked": linked}
        self.page.evaluate("document.activeElement.blur()")
        self.act(lambda: self.ask("(p, request) => p.request(request)", request))
        assert self.scenario == scenario
        return scenario

    def rest(self) -> None:
        """Stop the film, which plays on a page that was just opened."""
        self.ask("p => p.clock.play(false)")

    @property
    def scenario(self) -> qps.Scenario:
        """The state that the page shows."""
        values = self.ask("p => p.answer.values")
        return qps.Scenario().replace(**{k: from_page(parameter(k), v) for k, v in values.items()})

    def row(self, name: str) -> Locator:
        """The control of a parameter."""
        return self.page.locator(f".qps [data-parameter={name}]")

    def slider(self, name: str) -> Locator:
        """The slider of a parameter."""
        return self.row(name).locator("input[type=range]")

    def box(self, name: str) -> Locator:
        """The box to type in, beside a slider."""
        return self.row(name).locator("input[type=text]")

    def type_into(self, name: str, text: str) -> None:
        """Type a value as a person does."""
        self.box(name).fill(text)
        self.act(lambda: self.box(name).press("Enter"))

    def choose(self, name: str, choice: str | bool) -> None:
        """Pick one of a parameter's choices with the mouse, from a row of buttons or a menu."""
        menu, p = self.row(name).locator("select"), parameter(name)
        if menu.count():
            menu.select_option(str(choice))
            return
        options = [True, False] if p.kind == "flag" else list(p.choices)
        self.row(name).locator("label.qps-option").nth(options.index(choice)).click()

    def message(self, name: str) -> str:
        """What stands beside a control."""
        return self.row(name).locator(".qps-message").inner_text()

    def open_groups(self) -> None:
        """Unfold every group of controls."""
        for group in self.page.locator(".qps-group").all():
            if group.get_attribute("open") is None:
                group.locator("summary").click()

    def tiles(self) -> dict[str, list[str]]:
        """Number, unit and note of every tile, as written."""
        return self.page.locator(".qps [data-tile]").evaluate_all(TILE_TEXTS)

    def tile(self, name: str) -> list[str]:
        """Number, unit and note of one tile, as written."""
        return self.tiles()[name]

    def columns(self, figure: str, source: str = "curves") -> dict[str, Any]:
        """Columns that a figure on screen draws."""
        found = self.ask(
            "(p, [figure, source]) => Object.fromEntries(Object.entries(p.hosts.get(figure).data(source))"
            ".map(([name, column]) => [name, Array.from(column)]))",
            [figure, source],
        )
        return {name: np.array(column, dtype=float) for name, column in found.items()}

    def leg(self, name: str) -> Any:
        """A column of the run on screen."""
        return np.array(self.ask("(p, name) => Array.from(p.run.legs[name])", name), dtype=float)

    def check_everything_shown(self) -> None:
        """Tiles, both curves and the run are those of the scenario, to the precision that each is shown with."""
        scenario, tiles = self.scenario, self.tiles()
        for name, output in TILES.items():
            text, unit, _ = tiles[name]
            shown = math.inf if text == "∞" else float(text) * SCALES[unit]
            expected = qps.evaluate(scenario, output)
            assert shown == pytest.approx(expected, rel=5.1e-3, abs=5.1e-5 if name == "fidelity" else 0), name
        for figure in ("key_rate", "fidelity"):
            self.check_curves(figure, scenario)
        self.check_run(scenario, *tiles["delivered"])

    def check_curves(self, figure: str, scenario: qps.Scenario) -> None:
        """A figure's curves are a sweep of the scenario, to single precision."""
        columns, sent = self.columns(figure), COLUMNS[figure](scenario)["sources"][f"{figure}.curves"]
        counts = [0, 1, 2, 3, scenario.path.n_relays]
        expected = qps.sweep(scenario, figure, n_relays=counts, length_km=sent["x"]).to_numpy()
        np.testing.assert_allclose(columns["x"], sent["x"], rtol=3e-7, atol=1e-7)
        for name, curve in zip(["n0", "n1", "n2", "n3", "present"], expected, strict=True):
            shown = np.asarray(columns[name])
            on_axis = curve > KEY_FLOOR
            np.testing.assert_allclose(shown[on_axis], curve[on_axis], rtol=3e-7, err_msg=f"{figure} {name}")
            assert not np.any(shown[~on_axis] > 1.01 * KEY_FLOOR)

    def check_run(self, scenario: qps.Scenario, text: str, _unit: str, note: str) -> None:
        """The run on screen, and its tile, are the simulation of the scenario."""
        run = qps.simulate(scenario, seed=1)
        np.testing.assert_allclose(self.leg("p0"), run.legs["payload_out_us"], rtol=1e-12)
        summary = run.summary()
        assert note.startswith(f"{summary['delivered']}/{summary['offered']} ")
        assert float(text) == pytest.approx(100 * summary["delivered_share"], rel=5.1e-3)


@pytest.fixture(scope="session")
def contexts() -> list[BrowserContext]:
    """Browser contexts that are open."""
    return []


@pytest.fixture(scope="session")
def new_context(browser: Browser, contexts: list[BrowserContext]) -> Iterator[Callable[..., BrowserContext]]:
    """A fresh browser context; those that are still open are closed at the end."""

    def make(**options: Any) -> BrowserContext:
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 800}, **options})
        context.set_default_timeout(WAIT_MS)
        contexts.append(context)
        return context

    yield make
    for context in contexts:
        context.close()


@pytest.fixture(autouse=True)
def close_what_a_test_opened(contexts: list[BrowserContext]) -> Iterator[None]:
    """Pages that one test opens end with it: a film that plays on would slow down all tests that follow."""
    n_before = len(contexts)
    yield
    for context in contexts[n_before:]:
        context.close()
    del contexts[n_before:]


@pytest.fixture(scope="session")
def open_explorer(new_context: Callable[..., BrowserContext], dashboard_url: str) -> Callable[..., Explorer]:
    """Open the dashboard in a fresh browser context."""

    def make(link: str = "", **options: Any) -> Explorer:
        return Explorer(new_context(**options).new_page(), dashboard_url + link)

    return make


@pytest.fixture(scope="session")
def explorer_on() -> Callable[[Page], Explorer]:
    """The explorer on a page that is already open."""
    return Explorer


@pytest.fixture(scope="session")
def shared_explorer(open_explorer: Callable[..., Explorer]) -> Explorer:
    """One page that most tests share: opening one takes seconds."""
    return open_explorer(color_scheme="light")


@pytest.fixture
def explorer(shared_explorer: Explorer) -> Iterator[Explorer]:
    """The shared page in its opening state and at rest, which a test must leave without an error on the console."""
    shared_explorer.start()
    shared_explorer.rest()
    shared_explorer.page.evaluate("document.querySelectorAll('.qps *').forEach((e) => { e.scrollTop = 0; })")
    yield shared_explorer
    shared_explorer.page.mouse.up()
    shared_explorer.page.keyboard.press("Escape")
    errors, shared_explorer.errors = shared_explorer.errors, []
    assert errors == []


@pytest.fixture(scope="session")
def curve_of() -> dict[str, str]:
    """The figure that each preset is about."""
    return {p.name: p.curve for p in all_presets()}
