"""What a run delivered per second, and how long its delivered frames took."""

from __future__ import annotations

import math
from typing import TypedDict

from qpsviz.sim.results.percentiles import Percentiles
from qpsviz.sim.results.trials import Sums
from qpsviz.table import Table
from qpsviz.units import Mask

TIMES = ("delay_us", "latency_us", "dwell_us")


class OverTime(TypedDict):
    """What was delivered per second, how evenly, and how long it took."""

    throughput_hz: float
    throughput_qubits_hz: float
    jain_index: float
    delay_p50_us: float
    delay_p95_us: float
    delay_p99_us: float
    latency_p50_us: float
    latency_p95_us: float
    latency_p99_us: float
    dwell_p50_us: float
    dwell_p95_us: float
    dwell_p99_us: float
    counted_us: float


class TimeTotals:
    """Means and percentiles of how long delivered frames took, which may come a part at a time."""

    def __init__(self) -> None:
        self._sums = {name: Sums(None) for name in TIMES}
        self._percentiles = {name: Percentiles() for name in TIMES}

    def add(self, frames: Table, delivered: Mask) -> None:
        """Add frames, and which of them were delivered."""
        latency_us = frames["done_us"] - frames["offered_us"]
        for name, values in zip(TIMES, (frames["delay_us"], latency_us, frames["dwell_us"]), strict=True):
            self._sums[name].add(values[delivered], None)
            self._percentiles[name].add(values[delivered])

    def mean_us(self, name: str) -> float:
        """Mean of one of ``TIMES``. [us]"""
        return self._sums[name].mean

    def over_time(self, *, n_delivered: int, n_qubits: float, jain_index: float, counted_us: float) -> OverTime:
        """What was delivered per second, how evenly, and how long it took.

        Parameters
        ----------
        n_delivered, n_qubits : float
            Frames, and qubits of their payloads, that were delivered.
        jain_index : float
            How evenly. [1]
        counted_us : float
            In which time. [us]
        """
        per_second = 1e6 / counted_us if counted_us > 0 else math.nan
        delay, latency, dwell = (self._percentiles[name] for name in TIMES)
        return {
            "throughput_hz": n_delivered * per_second,
            "throughput_qubits_hz": n_qubits * per_second,
            "jain_index": jain_index,
            "delay_p50_us": delay.at(p_below=0.5),
            "delay_p95_us": delay.at(p_below=0.95),
            "delay_p99_us": delay.at(p_below=0.99),
            "latency_p50_us": latency.at(p_below=0.5),
            "latency_p95_us": latency.at(p_below=0.95),
            "latency_p99_us": latency.at(p_below=0.99),
            "dwell_p50_us": dwell.at(p_below=0.5),
            "dwell_p95_us": dwell.at(p_below=0.95),
            "dwell_p99_us": dwell.at(p_below=0.99),
            "counted_us": counted_us,
        }
