"""Measure the simulation: the line that other simulators were measured on, a slider's runs, and a large network.

Run ``python benchmarks/bench_line.py [--network-frames 1000000]``; `make bench` does. CPU time of this process, medians
and 95th percentiles; compilation is measured once and apart.

The line: 1,000 frames of 10 EPR halves over 3 relays and 4 x 20 km, dwell 125 us, T1 = T2 = 500 us, kept half
perfect. It must give F = 0.331160 with the printed exponent of Eq. 4 (0.555732 with the decibel one) in 0.05 s.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable

import numpy as np

import qpsviz as qps
from qpsviz.sim.engine import compiled

ROUNDS = 30
LINE = qps.Scenario().replace(partner_noise=False, n_frames=1000)
KNOWN = {"printed": 0.331160, "decibel": 0.555732}
SLIDER = {
    "12 frames x 4 links": qps.preset("first"),
    "12 frames x 4 links, stored": qps.preset("first").replace(discipline="store"),
    "12 pairs x 2 x 4 links, stored": qps.preset("fig11"),
    "200 frames x 6 links": qps.preset("first").replace(n_frames=200, n_relays=5, guard_us=200.0),
    "200 frames x 6 links, stored": qps.preset("first").replace(n_frames=200, n_relays=5, discipline="store"),
}


def cpu_ms(task: Callable[[], object], rounds: int = ROUNDS) -> tuple[float, float]:
    """Median and 95th percentile of a task's CPU time. [ms]"""
    taken = []
    for _ in range(rounds):
        start = time.process_time()
        task()
        taken.append((time.process_time() - start) * 1e3)
    median, p95 = np.percentile(taken, [50, 95])
    return float(median), float(p95)


def report(what: str, task: Callable[[], object], rounds: int = ROUNDS) -> None:
    """Measure a task and print one row."""
    median, p95 = cpu_ms(task, rounds)
    print(f"{what:<44} {median:9.2f} {p95:9.2f}")


def bench_line(engine: str) -> None:
    """The line, with its fidelity checked."""
    for convention, expected in KNOWN.items():
        scenario = LINE.replace(depol_convention=convention)
        fidelity = qps.simulate(scenario, engine=engine).summary()["fidelity"]
        assert abs(fidelity - expected) < 5e-7, f"F = {fidelity}, not {expected}"
        report(f"line, {convention}, F = {fidelity:.6f}, {engine}", lambda s=scenario: qps.simulate(s, engine=engine))


def bench_network(n_frames: int) -> None:
    """A million frames among a thousand users, compiled."""
    network = qps.Network.random_regular(n_nodes=1024, degree=4, length_km=20.0, seed=0)
    traffic = qps.Traffic(load=0.6, n_frames=n_frames)
    for discipline in ("burst", "store", "circuit"):
        scenario = qps.Scenario().replace(discipline=discipline, processing_us=1.0, guard_us=10.0)
        report(
            f"1024 nodes, {n_frames:,} frames, {discipline}",
            lambda s=scenario: qps.simulate(s, network=network, traffic=traffic, seed=1),
            rounds=1,
        )


def main() -> None:
    """Print one row per measurement."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--network-frames", type=int, default=100_000, help="frames on the large network, 0 for none")
    arguments = parser.parse_args()
    print(f"Python {sys.version.split()[0]}, CPU ms of one process, {ROUNDS} rounds")
    print(f"{'':<44} {'median':>9} {'p95':>9}")
    bench_line("python")
    for what, scenario in SLIDER.items():
        report(f"{what}, python", lambda s=scenario: qps.simulate(s, engine="python"))
    if not compiled.available():
        print("numba is not installed: nothing compiled")
        return
    report("first compiled run (compile, or load)", lambda: qps.simulate(LINE, engine="compiled"), rounds=1)
    bench_line("compiled")
    if arguments.network_frames:
        bench_network(arguments.network_frames)


if __name__ == "__main__":
    main()
