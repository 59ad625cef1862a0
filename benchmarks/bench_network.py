"""Measure networks under traffic, beside an older build, SimPy and the shortest compiled queue that we know of.

Run ``python benchmarks/bench_network.py [--beside PYTHON]``; `make bench` does without an older build. PYTHON is the
interpreter of another checkout in which qpsviz is installed. CPU time, all in one run, in turns: compare ratios,
because machines differ from hour to hour. Compilation is measured once and apart.

The network: 1,024 users, degree 4, 20 km, store-and-forward, load 0.3. A *transmission* is one frame on one link.
The short queue and SimPy compute when each frame leaves each relay and nothing else: no memory, noise or statistics.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import reference_network as reference

import qpsviz as qps

ROUNDS = 5
SCENARIO = qps.Scenario().replace(discipline="store", loss_db_per_km=0.2)
PAYLOAD_US, PROCESSING_US = SCENARIO.source.payload_us, SCENARIO.switch.processing_us
OLDER = """
import json, sys, time
import qpsviz as qps
n_frames = json.loads(sys.argv[1])
network = qps.Network.random_regular(n_nodes=1024, degree=4, length_km=20.0, seed=0)
scenario = qps.Scenario().replace(discipline="store", loss_db_per_km=0.2)
def run(n):
    options = {"traffic": qps.Traffic(load=0.3, n_frames=n), "network": network, "record": "frames"}
    return qps.simulate(scenario, engine="compiled", seed=1, **options).summary()
run(2000)
start = time.process_time()
run(n_frames)
print(json.dumps(time.process_time() - start))
"""


def network_of(n_nodes: int = 1024) -> qps.Network:
    """Users of degree 4, 20 km apart."""
    return qps.Network.random_regular(n_nodes=n_nodes, degree=4, length_km=20.0, seed=0)


def ours(network: qps.Network, n_frames: int, load: float = 0.3) -> tuple[float, int]:
    """CPU time and transmissions of a run that keeps statistics. [s]"""
    traffic = qps.Traffic(load=load, n_frames=n_frames)
    start = time.process_time()
    run = qps.simulate(SCENARIO, network=network, traffic=traffic, record="statistics", engine="compiled", seed=1)
    run.summary()
    taken = time.process_time() - start
    return taken, int(run.links["n_frames"].sum())


def theirs(work: Callable[..., tuple[float, int]], columns: tuple[object, ...]) -> float:
    """CPU time of a queue. [s]"""
    start = time.process_time()
    work(*columns, PAYLOAD_US, PROCESSING_US)
    return time.process_time() - start


def older(python: str, n_frames: int) -> float:
    """CPU time of the same run with the qpsviz of another interpreter. [s]"""
    command = [python, "-c", OLDER, json.dumps(n_frames)]
    return float(
        json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()[-1])
    )


def row(what: str, taken: list[float], n_frames: int, base_s: float | None = None) -> None:
    """Print frames per second: median, and that of the slowest twentieth; and the ratio to ours."""
    median, p95 = np.percentile(taken, [50, 95])
    ratio = "" if base_s is None else f"{median / n_frames / base_s:9.2f}"
    print(f"{what:<44} {n_frames / median / 1e6:9.3f} {n_frames / p95 / 1e6:9.3f} {ratio}")


def side_by_side(network: qps.Network, n_frames: int, beside: str | None) -> None:
    """Ours and what it is compared with, in turns."""
    queue, has_simpy = reference.heap_in_numba(), importlib.util.find_spec("simpy") is not None
    many, few = (
        reference.columns(network, load=0.3, n_frames=n, seed=1) for n in (n_frames, max(n_frames // 20, 1000))
    )
    theirs(queue, few)
    taken: dict[str, list[float]] = {name: [] for name in ("ours", "queue", "simpy", "older")}
    n_sent = 0
    for _ in range(ROUNDS):
        seconds, n_sent = ours(network, n_frames)
        taken["ours"].append(seconds)
        taken["queue"].append(theirs(queue, many))
        if has_simpy:
            taken["simpy"].append(theirs(reference.simpy_run, few))
        if beside:
            taken["older"].append(older(beside, n_frames))
    each_s = float(np.median(taken["ours"])) / n_frames
    row("statistics", taken["ours"], n_frames)
    print(f"{'  transmissions':<44} {n_sent / np.median(taken['ours']) / 1e6:9.3f}")
    row("a binary heap in numba, queues alone", taken["queue"], n_frames, each_s)
    if has_simpy:
        row("SimPy, queues alone", taken["simpy"], len(few[0]), each_s)
    if beside:
        row("the older build, a row per frame", taken["older"], n_frames, each_s)


def main() -> None:
    """Print one row per measurement."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--frames", type=int, default=200_000, help="frames of the runs that are compared")
    parser.add_argument("--beside", help="interpreter of an older build")
    parser.add_argument("--most-nodes", type=int, default=4096, help="largest network, 64 or more")
    arguments = parser.parse_args()
    start = time.process_time()
    ours(network_of(64), 100)
    print(f"Python {sys.version.split()[0]}, CPU time, {ROUNDS} rounds in turns; {Path(__file__).name}")
    print(f"loading or compiling the engine once: {time.process_time() - start:.1f} s")
    print(f"{'':<44} {'M/s':>9} {'p95':>9} {'x ours':>9}")
    side_by_side(network_of(), arguments.frames, arguments.beside)
    for n_nodes in (n for n in (64, 256, 1024, 4096) if n <= arguments.most_nodes):
        network = network_of(n_nodes)
        network.hops_between_ends.max()
        row(f"{n_nodes} nodes", [ours(network, arguments.frames)[0] for _ in range(3)], arguments.frames)
    network = network_of()
    for load in (0.1, 0.5, 0.7):
        row(f"load {load}", [ours(network, arguments.frames, load)[0] for _ in range(3)], arguments.frames)
    for n_frames in (arguments.frames // 4, 4 * arguments.frames):
        row(f"{n_frames:,} frames", [ours(network, n_frames)[0] for _ in range(3)], n_frames)


if __name__ == "__main__":
    main()
