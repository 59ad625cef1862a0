"""Measure what the closed forms cost: importing the package, a million points, and what a slider asks for.

Run ``python benchmarks/bench_models.py``; `make bench` does. CPU time, which a busy machine stretches less than the
clock; each row has a baseline measured in the same run, so that machines can be compared by the ratio.
"""

from __future__ import annotations

import itertools
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial

import numpy as np

import qpsviz as qps
from qpsviz.session.answers import plot_columns, texts
from qpsviz.session.tabs.declared import TABS

ROUNDS = 15
STARTS = 9
HEAVY = ("qutip", "bokeh", "ipywidgets", "xarray", "pandas", "numba", "scipy")
IMPORT = (
    "import sys, time; start = time.process_time(); import numpy; middle = time.process_time(); import qpsviz;"
    "print(1e3 * (middle - start), 1e3 * (time.process_time() - start),"
    f" *[name for name in {HEAVY!r} if name in sys.modules])"
)


def cpu_ms(task: Callable[[], object], rounds: int = ROUNDS) -> list[float]:
    """CPU time of each call. [ms]"""
    taken = []
    for _ in range(rounds):
        start = time.process_time()
        task()
        taken.append(1e3 * (time.process_time() - start))
    return taken


def row(what: str, taken: list[float], baseline: list[float], floor: str, reach: str = "") -> None:
    """Print median, 95th percentile and the ratio of medians."""
    median, p95 = np.percentile(taken, [50, 95])
    base = float(np.median(baseline))
    print(f"{what:<46} {median:9.2f} {p95:9.2f} {base:9.2f} {median / base:7.1f}x  {floor:<26} {reach}")


def bench_import() -> None:
    """`import qpsviz` in fresh processes, against NumPy alone."""
    numpy_ms, all_ms = [], []
    for _ in range(STARTS):
        printed = subprocess.run([sys.executable, "-c", IMPORT], capture_output=True, text=True, check=True).stdout
        first, both, *heavy = printed.split()
        assert not heavy, f"import qpsviz loads {', '.join(heavy)}"
        numpy_ms.append(float(first))
        all_ms.append(float(both))
    row("import qpsviz, NumPy included [ms]", all_ms, numpy_ms, "import numpy", "300 ms")


def bench_sweep() -> None:
    """A million fidelities over length, relays and T1 = T2, against a million exponentials."""
    scenario = qps.preset("fig10b")
    axes = {"length_km": np.linspace(0, 550, 200), "n_relays": range(5), "t1_us": np.geomspace(10, 1e5, 1000)}
    million = np.linspace(0, 1, 1_000_000)
    exponentials = cpu_ms(lambda: np.exp(million))
    for layout in ("sender", "split"):
        there = scenario.replace(layout=layout)
        task = lambda s=there: qps.sweep(s, "fidelity", linked={"t2_us": "t1_us"}, **axes)  # noqa: E731
        assert task().size == 1_000_000
        row(f"sweep of 1e6 fidelities, {layout} [ms]", cpu_ms(task), exponentials, "1e6 exponentials", "40 x")


def bench_answer() -> None:
    """What the kernel computes for one move of a slider that changes every curve: words, tiles, columns of a tab."""
    one_curve = np.linspace(0.0, 1.0, 241)
    base = cpu_ms(lambda: [np.power(10.0, -one_curve) for _ in range(100)], 60)
    for preset in ("first", "fig10b", "fig11"):
        scenario = qps.preset(preset)
        states = [scenario.replace(loss_db_per_km=x) for x in np.linspace(0.15, 0.30, 180).tolist()]
        row(
            f"values, texts and tiles, {preset} [ms]",
            cpu_ms(each(partial(texts, base=preset), states), 60),
            base,
            "100 powers of 241 numbers",
        )
        for name in ("curves", "memories"):
            columns = partial(plot_columns, names=TABS[name].plots)
            row(f"tab {name}, {preset} [ms]", cpu_ms(each(columns, states), 60), base, "100 x 241 powers")


def each(task: Callable[[qps.Scenario], object], states: list[qps.Scenario]) -> Callable[[], object]:
    """A call that works on another state every time, as a moving slider asks."""
    following = itertools.cycle(states)
    return lambda: task(next(following))


def main() -> None:
    """Run all three."""
    print(f"{'what':<46} {'median':>9} {'p95':>9} {'baseline':>9} {'ratio':>8}  {'baseline is':<26} to reach")
    bench_import()
    bench_sweep()
    bench_answer()


if __name__ == "__main__":
    main()
