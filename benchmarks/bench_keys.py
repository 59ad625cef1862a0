"""Measure what finite keys cost: a curve of 100 lengths with everything chosen at its best, and one point of it.

Run ``python benchmarks/bench_keys.py``; `make bench` does. CPU time of one core. The baseline is SciPy's search for the
same settings at one length, from one start, with the same formula. Also how fast pulses are drawn.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
from scipy.optimize import minimize

import qpsviz as qps
from qpsviz.noise import loss
from qpsviz.protocols.decoy import Intensities, Link, Plan, Security, Settings
from qpsviz.protocols.sampling import Receiver, sample_bb84, sample_decoy

ROUNDS = 9
PULSES = 2_000_000
LIM = qps.preset("fig7").replace(
    n_relays=0, eta_detector=0.1, p_dark=1.2e-6, misalignment=0.005, ec_inefficiency=1.16, depol_per_km=0.0
)
LENGTHS_KM = np.linspace(0.0, 160.0, 100)
START = np.log([0.6, 0.6, 4.0, 2.0, 6.0])


def cpu_ms(task: Callable[[], object]) -> list[float]:
    """CPU time of each call. [ms]"""
    taken = []
    for _ in range(ROUNDS):
        start = time.process_time()
        task()
        taken.append(1e3 * (time.process_time() - start))
    return taken


def scipys() -> float:
    """The rate that SciPy's Nelder–Mead search finds at 50 km. [bit]"""
    one = np.ones(1)
    plan = Plan(
        link=Link(eta=0.01 * one, p_dark=1.2e-6 * one, p_key_error=0.005 * one, p_test_error=0.005 * one,
                  p_afterpulse=0.0 * one, n_missed=0.0 * one),
        security=Security(p_insecure=1e-10 * one, p_incorrect=1e-15 * one, ec_inefficiency=1.16 * one),
        n_block=1e10 * one,
    )  # fmt: skip

    def missing(x: np.ndarray) -> float:
        return -float(plan.key(Settings.at(x[:, None]))[0].n_balance_bits[0]) / 1e10

    found = minimize(missing, START, method="Nelder-Mead", options={"xatol": 1e-6, "fatol": 1e-12, "maxiter": 2000})
    return -float(found.fun)


def sessions() -> dict[str, Callable[[], object]]:
    """Sessions drawn over frames of 100 pulses: single photons, and decoy states."""
    path, frames = loss(np.full(PULSES // 100, 3.0)), np.full(PULSES // 100, 100)
    end = Receiver(eta_detector=0.5, p_dark=1e-6, misalignment=0.01)
    sent = Intensities(n_photons=np.array([0.6, 0.2, 2e-4]), p_sent=np.array([0.6, 0.25, 0.15]))
    chosen = Settings(intensities=sent, p_key_basis=np.float64(0.9))
    return {
        "BB84": lambda: sample_bb84(path, frames, end, seed=1),
        "decoy states": lambda: sample_decoy(path, frames, end, chosen, seed=1),
    }


def main() -> None:
    """Print one row per task."""
    ours = qps.evaluate(LIM.replace(length_km=50.0), "key_rate_finite")
    theirs = scipys()
    assert abs(theirs / ours - 1) < 1e-4, (ours, theirs)
    qps.sweep(LIM, "key_rate_finite", length_km=LENGTHS_KM)
    rows = {
        "finite key at 100 lengths": lambda: qps.sweep(LIM, "key_rate_finite", length_km=LENGTHS_KM),
        "without end at 100 lengths": lambda: qps.sweep(LIM, "key_rate_decoy", length_km=LENGTHS_KM),
        "finite key at one length": lambda: qps.sweep(LIM, "key_rate_finite", length_km=[50.0]),
        "SciPy, Nelder-Mead, at one length": scipys,
    }
    print(f"{'task':<40} {'median ms':>10} {'p95 ms':>10}")
    for what, task in rows.items():
        median, p95 = np.percentile(cpu_ms(task), [50, 95])
        print(f"{what:<40} {median:>10.1f} {p95:>10.1f}")
    print(f"{'pulses drawn, in frames of 100':<40} {'M/s':>10}")
    for what, task in sessions().items():
        print(f"{what:<40} {PULSES / 1e3 / np.median(cpu_ms(task)):>10.1f}")


if __name__ == "__main__":
    main()
