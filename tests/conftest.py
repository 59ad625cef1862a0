"""What all tests share: Hypothesis profiles, the system's Chromium, a served dashboard, a page, and a frame."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, settings

from qpsviz import Run
from qpsviz.frame import Frame
from qpsviz.sim.engine.chance import uniform
from qpsviz.sim.results.photon_luck import photon_key
from qpsviz.widgets import Page

Move = Callable[..., dict[str, Any]]

ROOT = Path(__file__).parents[1]
BROWSERS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
BROWSER_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
START_S = 120
#: Files and folders that `make check` leaves out: they take a server, an installation, another program or long runs.
SLOW = [ROOT / line for line in (ROOT / "tests" / "slow.txt").read_text().splitlines()]
# What is left out where a program is missing, and how to get it.
LEFT_OUT = {
    "no Chromium": "browser tests, because no Chromium was found (on Debian: apt install chromium)",
    "no Node": "tests of scripts, because no Node was found (on Debian: apt install nodejs)",
}

# A shared machine is no stopwatch; `make fuzz` looks much longer for a counterexample, `make check` much shorter.
settings.register_profile("default", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("fuzz", settings.get_profile("default"), max_examples=5_000)
settings.register_profile("quick", settings.get_profile("default"), max_examples=10, derandomize=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


def find_browser() -> str | None:
    """Path of the system's Chromium, or of the one named by CHROMIUM."""
    named = os.environ.get("CHROMIUM")
    return named or next(filter(None, map(shutil.which, BROWSERS)), None)


@cache
def is_slow(path: Path) -> bool:
    """Whether a file of tests is one of those that `make check` leaves out."""
    return any(place in (path, *path.parents) for place in SLOW)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Not even import the slow files where none of their tests is asked for: what they import is slow to load."""
    return True if "not slow" in config.option.markexpr and is_slow(collection_path) else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs a browser or is slow, and leave out the first where there is no browser."""
    missing, of_browsers = pytest.mark.skip(reason="no Chromium"), f"{ROOT / 'tests' / 'browser'}{os.sep}"
    has_browser = find_browser() is not None
    for item in items:
        if is_slow(item.path):
            item.add_marker("slow")
        if str(item.path).startswith(of_browsers):
            item.add_marker("browser")
        if not has_browser and item.get_closest_marker("browser"):
            item.add_marker(missing)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say in one line what was left out for want of a browser, and in one what for want of Node."""
    skipped = terminalreporter.stats.get("skipped", [])
    for reason, what in LEFT_OUT.items():
        count = sum(isinstance(r.longrepr, tuple) and r.longrepr[2] == f"Skipped: {reason}" for r in skipped)
        if count:
            terminalreporter.write_line(f"Left out: {count} {what}")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, object]) -> dict[str, object]:
    """Run Playwright's tests in the system's Chromium, which then fetches nothing by itself."""
    return {**browser_type_launch_args, "executable_path": find_browser(), "args": BROWSER_FLAGS}


@pytest.fixture(scope="session")
def wait_for() -> Iterator[Callable[[Coroutine[Any, Any, Any]], Any]]:
    """Run a coroutine to its end in a thread of its own: in this one, the browser tests' event loop may run."""
    with ThreadPoolExecutor(1) as thread:
        yield lambda coroutine: thread.submit(asyncio.run, coroutine).result()


@dataclass(frozen=True, kw_only=True)
class Served:
    """A running ``qpsviz dashboard``: its address and its process."""

    url: str
    process: subprocess.Popen[str]


@pytest.fixture(scope="session")
def serve() -> Iterator[Callable[..., Served]]:
    """Start ``qpsviz dashboard`` on a free port; all are stopped at the end."""
    started: list[subprocess.Popen[str]] = []

    def start(*arguments: str, port: str = "0") -> Served:
        command = [sys.executable, "-m", "qpsviz", "dashboard", "--no-browser", "--port", port, *arguments]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=ROOT)
        started.append(process)
        assert process.stdout is not None
        patience = threading.Timer(START_S, process.kill)
        patience.start()
        line = process.stdout.readline()
        patience.cancel()
        assert " http://" in line, f"the dashboard did not start: {line}"
        return Served(url=next(word for word in line.split() if word.startswith("http://")), process=process)

    yield start
    for process in started:
        process.terminate()
    for process in started:
        process.communicate(timeout=30)


@pytest.fixture(scope="session")
def dashboard_url(serve: Callable[..., Served]) -> str:
    """Address of one dashboard that all browser tests share."""
    return serve().url


@pytest.fixture(scope="session")
def at_rest() -> Callable[[Page], Awaitable[None]]:
    """Wait until a page has simulated what it was last asked for."""

    async def wait(page: Page) -> None:
        while page.session.awaits_run:
            await asyncio.sleep(0.002)

    return wait


@pytest.fixture(scope="session")
def kernel() -> Iterator[ThreadPoolExecutor]:
    """A thread with an event loop of its own, as a kernel has."""
    with ThreadPoolExecutor(1) as thread:
        yield thread


@pytest.fixture(scope="session")
def newly_opened(kernel: ThreadPoolExecutor) -> Page:
    """One explorer for all tests: opening it takes a second."""
    return kernel.submit(Page).result()


@pytest.fixture(scope="session")
def move(kernel: ThreadPoolExecutor, at_rest: Callable[[Page], Awaitable[None]]) -> Move:
    """Ask a page as the browser does, let its kernel come to rest, and return its answer."""

    def send(page: Page, **request: Any) -> dict[str, Any]:
        async def turn() -> None:
            page.request = {"revision": page.answer["revision"] + 1, **request}
            await at_rest(page)

        kernel.submit(asyncio.run, turn()).result()
        return page.answer

    return send


@pytest.fixture
def opened(newly_opened: Page, move: Move) -> Page:
    """The explorer in the state it opens in."""
    move(newly_opened, preset="first")
    return newly_opened


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[dict[str, Any], list[Any]]]:
    """Ask a page a question outside its state, and return message and buffers."""

    def ask(page: Page, what: str, **details: Any) -> tuple[dict[str, Any], list[Any]]:
        sent: list[tuple[dict[str, Any], list[Any]]] = []
        monkeypatch.setattr(page, "send", lambda content, buffers=None: sent.append((content, buffers or [])))
        page._handle_custom_msg({"ask": what, "number": 7, **details}, [])
        (answer,) = sent
        assert answer[0].pop("number") == 7
        return answer

    return ask


@pytest.fixture(scope="session")
def full_frame() -> Frame:
    """A frame that states every field."""
    return Frame(
        destination="02:00:00:00:00:02",
        source="02:00:00:00:00:01",
        role="header",
        payload_duration_us=50.0,
        memory_time_us=125.0,
        cutoff_us=1000.0,
        error_correction="[[5,1,3]]",
        guard_us=12.5,
        n_qubits=10,
        spacing_us=5.0,
        encoding="polarisation",
        application="qkd",
        wavelength_nm=1550.12,
        frame_id=7,
        attempt=2,
    )


@pytest.fixture(scope="session")
def luck() -> Callable[[Run], Any]:
    """The number of every photon (columns) of every leg (rows) of a run, as the page draws it."""

    def of(run: Run) -> Any:
        frame = np.searchsorted(run.frames["frame"], run.legs["frame"]).astype(np.uint64)[:, None]
        attempt = run.legs["attempt"].astype(np.uint64)[:, None]
        qubit = np.arange(run.scenario.source.n_qubits, dtype=np.uint64)
        draw: Any = uniform
        return draw(photon_key(run), frame, attempt, qubit)

    return of


@pytest.fixture(scope="session")
def survivors(luck: Callable[[Run], Any]) -> Callable[[Run], Any]:
    """Photons that reach the end of each leg, without those whose slot was cut off before."""

    def of(run: Run) -> Any:
        source = run.scenario.source
        middle_us = (np.arange(source.n_qubits) + 0.5) * source.spacing_us
        there = (luck(run) < run.legs["eta_in"][:, None]) & (middle_us >= run.legs["lost_us"][:, None])
        return np.count_nonzero(there, axis=1)

    return of
