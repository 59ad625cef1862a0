"""What a run delivered per second, and how long its delivered frames took."""

from __future__ import annotations

import math
from typing import TypedDict, cast

import numpy as np

from qpsviz.sim.results.percentiles import Percentiles
from qpsviz.sim.results.trials import Sums
from qpsviz.table import Table
from qpsviz.units import Mask

TIMES = ("delay_us", "latency_us", "dwell_us")
PERCENTS = (50, 95, 99)


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


class CountedTime:
    """How long a run is, and for how long its frames are counted, told by its frames, a part at a time.

    Parameters
    ----------
    n_warm_up : int
        Sessions, the first ones, that are not counted.
    """

    def __init__(self, n_warm_up: int) -> None:
        self._n_warm_up = n_warm_up
        self._first_us, self._last_us = math.inf if n_warm_up else 0.0, 0.0

    def counted(self, frames: Table) -> Table:
        """Hear of frames; returns those that are counted."""
        self._last_us = float(np.fmax.reduce(frames["done_us"], initial=self._last_us))
        if not self._n_warm_up:
            return frames
        is_counted = frames["session"] >= self._n_warm_up
        counted = frames if np.all(is_counted) else frames[is_counted]
        self._first_us = float(np.min(counted["offered_us"], initial=self._first_us))
        return counted

    @property
    def duration_us(self) -> float:
        """From the first moment to the end of the last frame. [us]"""
        return self._last_us

    @property
    def counted_us(self) -> float:
        """From the start of the first session that is counted to the end of the last frame. [us]"""
        return max(self._last_us - self._first_us, 0.0)


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
        percentiles = {
            f"{name.removesuffix('_us')}_p{percent}_us": self._percentiles[name].at(p_below=percent / 100)
            for name in TIMES
            for percent in PERCENTS
        }
        found = {
            "throughput_hz": n_delivered * per_second,
            "throughput_qubits_hz": n_qubits * per_second,
            "jain_index": jain_index,
            **percentiles,
            "counted_us": counted_us,
        }
        return cast("OverTime", found)
