"""Measure the explorer in a real browser: opening it, moving its sliders, and its animation.

Run ``python benchmarks/bench_page.py [--moves 60]``; `make bench` does. Needs a Chromium on the path, or named by
CHROMIUM. Latency runs from the key to the frame that shows the answer; its baseline is a bare page with one Bokeh
figure of as many points that a slider redraws in the browser alone, moved in turn with the explorer so that a busy
machine slows both. The 10th percentile says what a quiet machine would give.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path

import numpy as np
import psutil
from playwright.sync_api import Browser, JSHandle, Page, sync_playwright

import qpsviz as qps
from qpsviz.figures.plots import PLOTS, figure_json
from qpsviz.scenario.declaration import in_json

ROOT = Path(__file__).parents[1]
BROWSERS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
FIND = "[...document.querySelectorAll('*')].find((e) => e.qpsviz).qpsviz"
PLAY_S = 5.0
STATES: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "first": ("first", "curves", ("length_km", "n_relays", "guard_us")),
    "fig10b": ("fig10b", "curves", ("t1_us", "processing_us")),
    "maps": ("fig11", "memories", ("length_km",)),
}
# Twenty frames of ten qubits on the fibre at once: 500 km is 2,500 us of light, and a frame leaves every 120 us.
BUSY = qps.preset("first").replace(
    length_km=500.0, n_relays=4, processing_us=2.0, guard_us=20.0, p_free=1.0, n_frames=60, frame_gap_us=50.0
)
FRAMES = """([p, seconds]) => new Promise((done) => {
  const times = [], start = p?.player.painted ?? 0;
  const tick = (now) => {
    times.push(now);
    if (now - times[0] < 1000 * seconds) requestAnimationFrame(tick);
    else done([times, (p?.player.painted ?? 0) - start]);
  };
  requestAnimationFrame(tick);
})"""
IN_FLIGHT = """(p) => {
  const { frame, h0, doneTime } = p.run.legs;
  p.clock.speed = 50;
  p.clock.seek(3000);
  p.clock.play(true);
  return new Set(Array.from(frame).filter((_, i) => h0[i] <= 3000 && doneTime[i] > 3000)).size;
}"""
BARE = """(figure) => Bokeh.embed.embed_item(figure, document.getElementById("figure")).then(({ roots: [view] }) => {
  const source = view.model.document.get_model_by_name("fidelity.curves");
  const slider = document.querySelector("input");
  const column = (k) => Float32Array.from({ length: 121 }, (_, i) => Math.exp((-i * k * slider.value) / 5e4));
  slider.addEventListener("input", () => {
    const start = performance.now();
    const x = Float32Array.from({ length: 121 }, (_, i) => i);
    const { name } = source.data;
    source.data = { ...source.data, xs: name.map(() => x), ys: name.map((_, i) => column(i + 1)) };
    requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => { document.body.dataset.latency = performance.now() - start; };
      channel.port2.postMessage(null);
    });
  });
})"""


def print_row(what: str, taken: list[float], baseline: float | None = None, reach: str = "", note: str = "") -> None:
    """Print percentiles and the ratio of the median to the baseline."""
    p10, median, p95 = np.percentile(taken, [10, 50, 95])
    ratio = f"{baseline:9.1f} {median / baseline:6.2f}x" if baseline else f"{'':>17}"
    print(f"{what:<52} {len(taken):4} {p10:9.1f} {median:9.1f} {p95:9.1f} {ratio}  {reach:<16} {note}", flush=True)


@contextmanager
def served() -> Iterator[tuple[str, psutil.Process]]:
    """A running dashboard: its address and its process."""
    command = [sys.executable, "-m", "qpsviz", "dashboard", "--no-browser", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        try:
            yield next(word for word in line.split() if word.startswith("http://")), psutil.Process(process.pid)
        finally:
            process.terminate()


def rest(server: psutil.Process, *, n_warm: int, patience_s: float = 60.0) -> None:
    """Wait until the server keeps so many kernels and neither it nor they do anything."""
    until = time.monotonic() + patience_s
    while time.monotonic() < until:
        kernels = server.children(recursive=True)
        before = cpu_s([server, *kernels])
        time.sleep(1.0)
        if len(kernels) >= n_warm and cpu_s([server, *kernels]) - before < 0.05:
            return


def cpu_s(processes: list[psutil.Process]) -> float:
    """CPU time that processes have used so far. [s]"""
    total = 0.0
    for process in processes:
        try:
            total += sum(process.cpu_times()[:2])
        except psutil.NoSuchProcess:
            continue
    return total


def opened(browser: Browser, url: str) -> tuple[Page, float]:
    """A page with the explorer, and how long it took until its controls answer. [ms]"""
    page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
    page.goto(url)
    page.wait_for_function("document.querySelector('.qps[data-painted] .qps-row input[type=range]')", timeout=120_000)
    return page, float(page.evaluate("performance.now()"))


def bench_opening(browser: Browser, url: str, server: psutil.Process, n_opens: int) -> None:
    """From the request to the first slider that answers, with one kernel warm."""
    taken = []
    for _ in range(n_opens):
        rest(server, n_warm=len(server.children(recursive=True)) or 1)
        n_kernels = len(server.children(recursive=True))
        page, opening_ms = opened(browser, url)
        taken.append(opening_ms)
        page.context.close()
        rest(server, n_warm=n_kernels + 1)
    print_row("page request to usable slider, warm kernel [ms]", taken, reach="2500 ms")


class BarePage:
    """One Bokeh figure that a slider redraws in the browser alone, without a kernel."""

    def __init__(self, browser: Browser) -> None:
        self.page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
        self.page.set_content(
            '<input type="range" max="600"><div id="figure" style="width: 480px; height: 250px"></div>'
        )
        self.page.add_script_tag(path=str(files("bokeh") / "server" / "static" / "js" / "bokeh.min.js"))
        self.page.evaluate(BARE, json.loads(json.dumps(figure_json(PLOTS["fidelity"], "light"))))

    def move(self, key: str) -> float:
        """Press a key on the slider; time until the figure is repainted. [ms]"""
        self.page.evaluate("delete document.body.dataset.latency")
        self.page.locator("input").press(key)
        return float(self.page.wait_for_function("document.body.dataset.latency", polling=30).json_value())


def bench_sliders(page: Page, n_moves: int, bare: BarePage) -> None:
    """Key to painted answer, for several sliders, with the frames moving as they do for a person."""
    page.evaluate("document.querySelectorAll('.qps-group').forEach((group) => { group.open = true; })")
    explorer = page.evaluate_handle(FIND)
    for state, (preset, tab, names) in STATES.items():
        for playing in (True, False) if state == "first" else (True,):
            go_to(page, explorer, qps.preset(preset), tab)
            explorer.evaluate("(p, on) => p.clock.play(on)", playing)
            for name in names:
                keys = ["ArrowRight" if i % 6 < 3 else "ArrowLeft" for i in range(n_moves)]
                pairs = [(move(page, explorer, name, key), bare.move(key)) for key in keys]
                taken, floor = (list(times) for times in zip(*pairs, strict=True))
                what = f"{state}: {name}, {'playing' if playing else 'paused'} [ms]"
                print_row(what, taken, float(np.median(floor)), "33 ms, p95 60")


def go_to(page: Page, explorer: JSHandle, scenario: qps.Scenario, tab: str) -> None:
    """Bring the page to a state and wait until it is drawn."""
    values = {name: in_json(value) for name, value in scenario.flat().items()}
    explorer.evaluate("(p, request) => p.request(request)", {"values": values, "tab": tab, "linked": True})
    page.wait_for_function("p => +p.root.dataset.run >= p.revision", arg=explorer)


def move(page: Page, explorer: JSHandle, name: str, key: str) -> float:
    """Press a key on a slider and let its run arrive; time until the answer is painted. [ms]"""
    before = explorer.evaluate("p => p.revision")
    page.locator(f"[data-parameter={name}] input[type=range]").press(key)
    ready = "([p, before]) => Math.min(p.root.dataset.painted, p.root.dataset.run) > before"
    page.wait_for_function(ready, arg=[explorer, before], polling=30)
    return float(explorer.evaluate("p => p.root.dataset.latency"))


def bench_animation(browser: Browser, page: Page, server: psutil.Process) -> None:
    """Frames painted per second with twenty frames of ten qubits in flight, and what the kernel does meanwhile."""
    blank = browser.new_page()
    display = frame_ms(blank.evaluate(FRAMES, [None, 2.0])[0])
    blank.close()
    explorer = page.evaluate_handle(FIND)
    go_to(page, explorer, BUSY, "curves")
    in_flight = explorer.evaluate(IN_FLIGHT)
    rest(server, n_warm=1)
    processes = [server, *server.children(recursive=True)]
    before, start = cpu_s(processes), time.monotonic()
    times, painted = page.evaluate(FRAMES, [explorer, PLAY_S])
    used = (cpu_s(processes) - before) / (time.monotonic() - start)
    shown = frame_ms(times)
    base = float(np.median(display))
    print_row(f"animation: frame interval, {in_flight} frames in flight [ms]", shown, base, "18 ms")
    rate, display_rate = painted / ((times[-1] - times[0]) / 1e3), 1e3 / float(np.mean(display))
    print_row("animation: pictures per second", [rate], display_rate, "55 /s", f"{painted} painted")
    print_row("animation: server and kernels [% of a core]", [100 * used], None, "0 %")


def frame_ms(times: list[float]) -> list[float]:
    """Intervals between frames. [ms]"""
    return np.diff(times).tolist()


def main() -> None:
    """Run all of it, or say why not."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--moves", type=int, default=60, help="moves of each slider")
    parser.add_argument("--opens", type=int, default=6, help="times the page is opened")
    arguments = parser.parse_args()
    chromium = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    if chromium is None:
        print("bench_page: left out, because no Chromium was found (on Debian: apt install chromium)")
        return
    print(f"{'what':<52} {'n':>4} {'p10':>9} {'median':>9} {'p95':>9} {'baseline':>9} {'ratio':>7}  to reach")
    with served() as (url, server), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        bench_opening(browser, url, server, arguments.opens)
        page, _ = opened(browser, url)
        page.wait_for_function(f"[...{FIND}.hosts.values()].filter((x) => x.last).every((x) => x.drawing)")
        rest(server, n_warm=1)
        bench_sliders(page, arguments.moves, BarePage(browser))
        bench_animation(browser, page, server)
        browser.close()


if __name__ == "__main__":
    main()
