"""Curves against load, and the table of one load, in numbers and words for the page."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from qpsviz.experiments.load_curves import LoadCurves
from qpsviz.experiments.steadiness import State
from qpsviz.session.tabs.traffic.watched import rate
from qpsviz.switch.fates import DROPS
from qpsviz.units import Array, quantity

if TYPE_CHECKING:
    from qpsviz.session.protocol.traffic import TrafficChart, TrafficTable

#: Number of a study, its title, its unit, and what one unit is. Times are means over delivered frames.
CHARTS = (
    ("throughput_qubits_hz", "Throughput", "Mqubit/s", 1e6),
    ("dropped_share", "Frames dropped", "%", 0.01),
    ("latency_us", "Time to arrival", "ms", 1e3),
    ("max_utilisation", "Busiest link in use", "%", 0.01),
    ("fidelity", "Fidelity of what arrives", "1", 1.0),
    ("pairs_key_hz", "Secret key, all pairs", "kbit/s", 1e3),
)


def charts(curves: LoadCurves | None) -> list[TrafficChart]:
    """Every chart, with a line of means and intervals per variant; empty lines before anything is finished."""
    found: list[TrafficChart] = []
    for name, title, unit, scale in CHARTS:
        lines = []
        if curves is not None:
            parts = [part / scale for part in curves.interval(name)]
            lines = [[_plain(part[i]) for part in parts] for i in range(len(curves.variants))]
        loads = [] if curves is None else curves.loads.tolist()
        found.append({"name": name, "title": title, "unit": unit, "loads": loads, "lines": lines})
    return found


def table(curves: LoadCurves | None, load: float) -> TrafficTable:
    """The numbers of the load of the study that is nearest to one. [1]"""
    if curves is None:
        return {"load": load, "head": [], "rows": []}
    at = int(np.argmin(np.abs(curves.loads - load)))
    head = ["", "throughput", "dropped", "mean time", "95 % within", "99 % within", "fidelity", "key", "steady"]
    return {
        "load": float(curves.loads[at]),
        "head": head,
        "rows": [_row(curves, i, at) for i in range(len(curves.variants))],
    }


def _row(curves: LoadCurves, i: int, at: int) -> list[str]:
    def mean(name: str) -> float:
        return float(curves.interval(name).mean[i, at])

    def half(name: str) -> float:
        interval = curves.interval(name)
        return float((interval.hi - interval.lo)[i, at] / 2)

    def with_error(name: str, write: object) -> str:
        assert callable(write)
        text = str(write(mean(name)))
        return text if math.isnan(half(name)) or text == "–" else f"{text} ± {write(half(name))}"

    state = curves.states[i][at]
    return [
        curves.variants[i].label,
        with_error("throughput_qubits_hz", lambda value: rate(value, "qubit")),
        _drops(curves, i, at),
        with_error("latency_us", lambda value: quantity(value, "us")),
        quantity(mean("latency_p95_us"), "us"),
        quantity(mean("latency_p99_us"), "us"),
        with_error("fidelity", lambda value: "–" if math.isnan(value) else f"{value:.3f}"),
        with_error("pairs_key_hz", lambda value: rate(value, "bit")),
        {State.STEADY: "yes", State.OPEN: "not known yet"}.get(state, "no"),
    ]


def _drops(curves: LoadCurves, i: int, at: int) -> str:
    shares = {fate: float(curves.interval(f"dropped_share_{fate.value.lower()}").mean[i, at]) for fate in DROPS}
    told = [f"{100 * share:.1f} % {fate.about.label}" for fate, share in shares.items() if share > 0]
    return ", ".join(told) or ("–" if all(map(math.isnan, shares.values())) else "none")


def _plain(values: Array) -> list[float | None]:
    return [float(f"{value:.6g}") if math.isfinite(value) else None for value in values.tolist()]
