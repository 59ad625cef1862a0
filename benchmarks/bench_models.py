"""Measure the models: a million fidelities at once, one slider's answer in the kernel, and what importing costs.

Run ``python benchmarks/bench_models.py``; `make bench` does. Wall-clock medians and 95th percentiles; a row named
"NumPy alone" is the yardstick of the same run, so that machines can be compared as ratios.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable

import numpy as np

import qpsviz as qps
from qpsviz.ui.page import Page

ROUNDS = 30
LENGTHS, TIMES = np.linspace(0.0, 550.0, 500), np.geomspace(1e3, 1e5, 500)


def report(what: str, task: Callable[[], object], rounds: int = ROUNDS) -> None:
    """Time a task and print one row. [ms]"""
    task()
    taken = []
    for _ in range(rounds):
        start = time.perf_counter()
        task()
        taken.append((time.perf_counter() - start) * 1e3)
    median, p95 = np.percentile(taken, [50, 95])
    print(f"{what:<52} {median:9.2f} {p95:9.2f}")


def million_fidelities() -> object:
    """500 lengths x 4 relay counts x 500 memories."""
    relays = [0, 1, 2, 3]
    linked = {"t2_us": "t1_us"}
    return qps.sweep(qps.preset("fig11"), "fidelity", linked=linked, length_km=LENGTHS, n_relays=relays, t1_us=TIMES)


def million_exponentials() -> object:
    """The yardstick: as many exponentials as NumPy makes of a million numbers."""
    return np.exp(-np.linspace(0.0, 1.0, 1_000_000))


def slider_moves(name: str, values: list[float]) -> Callable[[], object]:
    """What the kernel does for one move of a slider: answer, curves, tiles and the run."""
    page = Page()
    state, moves = dict(page.answer["values"]), iter(range(10**9))

    def move() -> None:
        number = next(moves)
        state[name] = values[number % len(values)]
        page.request = {"revision": number + 1, "values": dict(state), "pane": "curves", "linked": False}

    return move


def import_of(module: str) -> Callable[[], object]:
    """A fresh process that imports one module."""
    return lambda: subprocess.run([sys.executable, "-c", f"import {module}"], check=True)


def main() -> None:
    """All rows."""
    print(f"{'[ms]':<52} {'median':>9} {'p95':>9}")
    report("NumPy alone: 1e6 exponentials", million_exponentials)
    report("sweep of 1e6 fidelities (length, relays, T1 = T2)", million_fidelities)
    report("evaluate fidelity, one point", lambda: qps.quantities.compute(qps.preset("fig10a").flat(), "fidelity"))
    for name, values in (("length_km", [40.0, 50.0]), ("n_relays", [1, 2]), ("p_free", [0.8, 0.9])):
        report(f"kernel's part of one slider move: {name}", slider_moves(name, values))
    report("fresh process, nothing imported", import_of("sys"), 10)
    report("fresh process, import numpy", import_of("numpy"), 10)
    report("fresh process, import qpsviz", import_of("qpsviz"), 10)


if __name__ == "__main__":
    main()
