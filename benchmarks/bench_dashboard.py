"""Measure the dashboard in a real browser: opening, slider to painted, frames per second, kernel at rest.

Run ``python benchmarks/bench_dashboard.py [--moves 60]``; `make bench` does. Needs a Chromium (``CHROMIUM`` names it,
else chromium on the path). "painted" is the first moment after the frame in which curves and tiles have changed; a
blank animation frame of the same page is the yardstick.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import time

import numpy as np
import psutil
from playwright.sync_api import Browser, Page, sync_playwright

QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
SLIDERS = ("length_km", "n_relays", "t1_us", "processing_us", "p_free", "loss_db_per_km")
FIND = "[...document.querySelectorAll('*')].find((e) => e.qpsviz).qpsviz"
PAINTED = "document.querySelector('.qps').dataset.painted"


def row(what: str, values: list[float], unit: str) -> None:
    """Print a median and a 95th percentile."""
    median, p95 = np.percentile(values, [50, 95])
    print(f"{what:<58} {median:8.1f} {p95:8.1f} {unit}")


def serve() -> tuple[subprocess.Popen[str], str]:
    """A dashboard on a free port, and its address."""
    command = [sys.executable, "-m", "qpsviz", "dashboard", "--no-browser", "--port", "0"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    found = re.search(r"http://\S+", server.stdout.readline())
    assert found, "the dashboard did not start"
    return server, found[0]


def opening(browser: Browser, address: str, rounds: int = 5) -> None:
    """Page request to the first usable slider, with a kernel waiting."""
    taken = []
    for _ in range(rounds):
        time.sleep(6)  # the pool makes its next kernel
        page = browser.new_page()
        start = time.perf_counter()
        page.goto(address)
        page.wait_for_selector(".qps[data-painted] input[type=range]")
        taken.append(time.perf_counter() - start)
        page.close()
    row("page request to usable controls, warm pool", taken, "s")


def moves(page: Page, name: str, count: int) -> None:
    """Slider to painted, one key at a time."""
    taken = []
    slider = page.locator(f"[data-parameter={name}] input[type=range]")
    slider.focus()
    for i in range(count):
        before = int(page.evaluate(PAINTED))
        slider.press("ArrowRight" if i // 5 % 2 else "ArrowLeft")
        page.wait_for_function(f"+{PAINTED} > {before}")
        taken.append(float(page.evaluate("document.querySelector('.qps').dataset.latency")))
        page.wait_for_timeout(80)
    row(f"slider to painted: {name} ({count} moves)", taken, "ms")


def animation(page: Page, pids: list[int]) -> None:
    """Frames per second with about 20 frames of 10 qubits under way, and what the kernel does meanwhile."""
    values = "{n_frames: 60, frame_gap_us: 0, length_km: 400, guard_us: 80}"
    page.evaluate(f"p = {FIND}; p.request({{values: {{...p.state.values, ...{values}}}}})")
    page.wait_for_timeout(1500)
    page.evaluate(f"p = {FIND}; p.clock.seek(p.clock.duration / 2); p.clock.play(true)")
    under_way = page.evaluate(f"""(() => {{ const p = {FIND}, t = p.clock.time, l = p.run.legs; let n = 0;
        for (let i = 0; i < p.run.nLegs; i++) n += t >= l.h0[i] && t < l.p0[i] + (l.h1[i] - l.h0[i]) + p.run.payload;
        return n; }})()""")
    busy = [sum(psutil.Process(pid).cpu_times()[:2]) for pid in pids]
    painted = page.evaluate(f"""new Promise((done) => {{
        const p = {FIND}, from = p.player.painted, at = performance.now();
        setTimeout(() => done((p.player.painted - from) / (performance.now() - at) * 1000), 4000); }})""")
    spent = sum(sum(psutil.Process(pid).cpu_times()[:2]) for pid in pids) - sum(busy)
    blank = page.evaluate("""new Promise((done) => { let n = 0, at = performance.now(); const f = () => { n++;
        performance.now() - at < 2000 ? requestAnimationFrame(f) : done(n / 2); }; f(); })""")
    print(f"{f'animation, {under_way} legs with 10 qubits under way':<58} {painted:8.1f} {'':>8} frames/s")
    print(f"{'blank page loop in the same browser':<58} {blank:8.1f} {'':>8} frames/s")
    print(f"{'kernel CPU while playing':<58} {spent / 4 * 100:8.1f} {'':>8} %")


def main() -> None:
    """All rows."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--moves", type=int, default=60)
    count = parser.parse_args().moves
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        print("no chromium found: the dashboard is not measured")
        return
    server, address = serve()
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=list(QUIET))
            print(f"{'dashboard':<58} {'median':>8} {'p95':>8}")
            opening(browser, address)
            page = browser.new_page(viewport={"width": 1280, "height": 800})
            page.goto(address)
            page.wait_for_selector(".qps[data-painted][data-run]")
            page.wait_for_timeout(8000)
            for name in SLIDERS:
                moves(page, name, count)
            kernels = [c.pid for c in psutil.Process(server.pid).children(recursive=True)]
            animation(page, kernels)
            browser.close()
    finally:
        server.terminate()
        server.wait(timeout=20)


if __name__ == "__main__":
    main()
