"""Columns for the figures of :mod:`qpsviz.figures.plots`, asked of the models."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from functools import lru_cache

import numpy as np

from qpsviz.closed_form.sweep import EQUAL_TIMES, evaluate, grid
from qpsviz.figures.column_parts import NICE_KM, Plotted, Source, down_to_axis, marker, nice, without
from qpsviz.figures.key_columns import keys_launch, keys_length
from qpsviz.figures.parts import KEY_FLOOR
from qpsviz.figures.plots import RELAYS
from qpsviz.figures.storing_columns import storing_p, storing_t
from qpsviz.scenario import Scenario, parameter
from qpsviz.scenario.layout import Layout
from qpsviz.switch.relay import is_repeater
from qpsviz.units import Array

N_POINTS = 121
N_CELLS = 72
CONTOURS = (0.5, 0.8, 0.9)
N_KNEE = 24
#: Width and height of a label, as shares of the axes of a map, and how many sizes apart is far enough.
_LABEL_SIZE = np.array([0.22, 0.1])
_ENOUGH = 2.0
#: How long the fidelity axis may be for the sake of F = 1/2, which then lies within four fifths of it. [km]
_FIDELITY_AXES_KM = np.array([km for km in NICE_KM if 100 <= km <= 600], dtype=np.float64)


def key_rate(scenario: Scenario) -> Plotted:
    """Columns of the key-rate figure."""
    # To a millimetre: its last bits differ with the number of relays, and with them every point of every curve would.
    reach = round(evaluate(scenario, "reach_km"), 6)
    longest = nice(max(1.12 * min(reach, 5000.0 / 1.12), 1.12 * scenario.path.length_km))
    shown = 0 < reach < longest
    even = x = np.linspace(0.0, longest, N_POINTS)
    if shown:
        x = np.sort(np.concatenate([x, reach * (1 - 0.1 * np.linspace(0.0, 1.0, N_KNEE) ** 2)]))
    curves = {name: down_to_axis(rate) for name, rate in _by_relays(scenario, "key_rate", "length_km", x).items()}
    here = evaluate(scenario, "key_rate")
    return {
        "sources": {
            "key_rate.curves": {"x": x, **curves},
            "key_rate.bound": _bound(scenario, even),
            "key_rate.rule": _rule(reach, longest) if shown else {name: [] for name in _rule(0.0, 1.0)},
        },
        "marker": marker(scenario.path.length_km, here, here > KEY_FLOOR),
        "ranges": {"key_rate.x": (0.0, longest)},
    }


def _rule(reach: float, longest: float) -> Source:
    """The upright rule at the reach and its word, on the side where there is room for it."""
    is_left = reach > longest / 2
    return {
        "x": [reach], "y": [KEY_FLOOR], "text": [f"reach {reach:.1f} km"],
        "align": ["right" if is_left else "left"], "shift": [-5 if is_left else 5],
    }  # fmt: skip


def _bound(scenario: Scenario, lengths: Array) -> Source:
    """The repeaterless bound, for one photon per bit; a code sends several, and relays that correct are repeaters."""
    if is_repeater(scenario.switch.device, scenario.switch.correction):
        return {"x": [], "y": []}
    return {"x": lengths, "y": np.minimum(_along(scenario, "plob", lengths), 3.0)}


def fidelity(scenario: Scenario) -> Plotted:
    """Columns of the fidelity figure."""
    n_entangled = int(np.count_nonzero(_along(scenario, "fidelity", _FIDELITY_AXES_KM / 1.25) > 0.5))
    entangled_km = float(_FIDELITY_AXES_KM[min(n_entangled, _FIDELITY_AXES_KM.size - 1)])
    longest = nice(max(entangled_km, 1.25 * scenario.path.length_km))
    x = np.linspace(0.0, longest, N_POINTS)
    other = scenario.replace(layout=Layout(scenario.path.layout).other.value)
    curves = _by_relays(scenario, "fidelity", "length_km", x)
    others = _curves(other, "fidelity", "length_km", x, RELAYS)
    here = evaluate(scenario, "fidelity")
    return {
        "sources": {
            "fidelity.curves": {"x": x, **{f"o{n}": others[n] for n in RELAYS}, **curves},
        },
        "marker": marker(scenario.path.length_km, here, True),
        "ranges": {"fidelity.x": (0.0, longest)},
    }


def fidelity_t(scenario: Scenario) -> Plotted:
    """Columns of fidelity against T1 = T2; the axis is in milliseconds."""
    t_us = np.geomspace(10.0, 1e5, N_POINTS)
    here = evaluate(scenario, "fidelity")
    equal = scenario.memory.times_are_equal
    return {
        "sources": {
            "fidelity_t.curves": {"x": t_us / 1e3, **_by_relays(scenario, "fidelity", "t1_us", t_us)},
        },
        "marker": marker(scenario.memory.t1_us / 1e3, here, equal),
        "ranges": {},
    }


def map_length(scenario: Scenario) -> Plotted:
    """Cells and contours of fidelity over length and T1 = T2."""
    longest = nice(max(600.0, scenario.path.length_km))
    lengths = np.linspace(0.0, longest, N_CELLS)
    return _map(scenario, "map_length", "length_km", lengths, (0.0, longest))


def map_processing(scenario: Scenario) -> Plotted:
    """Cells and contours of fidelity over processing time and T1 = T2."""
    lo, hi = parameter("processing_us").shown
    return _map(scenario, "map_processing", "processing_us", np.geomspace(lo, hi, N_CELLS), (lo, hi))


def _map(scenario: Scenario, name: str, axis: str, x: Array, x_range: tuple[float, float]) -> Plotted:
    place = [[v] for v in (x_range[0], 0.01, x_range[1] - x_range[0], 100.0 - 0.01)]
    equal = scenario.memory.times_are_equal
    here = float(scenario.flat()[axis])
    cells, contours, labels = _kept_map(without(scenario, axis, "t1_us"), axis, x.tobytes())
    return {
        "sources": {
            f"{name}.image": {"image": cells, **dict(zip(("x", "y", "dw", "dh"), place, strict=True))},
            f"{name}.contours": contours,
            f"{name}.labels": labels,
        },
        "marker": marker(here, scenario.memory.t1_us / 1e3, equal),
        "ranges": {f"{name}.x": x_range},
    }


@lru_cache(maxsize=16)
def _kept_map(scenario: Scenario, axis: str, x: bytes) -> tuple[Array, Source, Source]:
    """Cells of fidelity over an axis and T1 = T2, and columns of their contours and of the words at these."""
    columns = {"t1_us": np.geomspace(10.0, 1e5, N_CELLS), axis: np.frombuffer(x)}
    cells = grid(scenario, "fidelity", columns, linked=EQUAL_TIMES)
    lines = _contours(columns[axis], columns["t1_us"] / 1e3, cells)
    contours = {
        "xs": [line[:, 0].tolist() for _, line in lines],
        "ys": [line[:, 1].tolist() for _, line in lines],
        "level": [level for level, _ in lines],
    }
    return (
        cells,
        contours,
        _contour_labels(lines, is_log=parameter(axis).log, x_range=(columns[axis][0], columns[axis][-1])),
    )


def _contour_labels(lines: list[tuple[float, Array]], *, is_log: bool, x_range: tuple[float, float]) -> Source:
    """One label for each level, on its longest line and apart from the others; none where there is no room."""
    placed: list[tuple[float, Array, Array]] = []
    for level in CONTOURS:
        candidates = [_on_line(line, is_log, x_range) for value, line in lines if value == level]
        if not candidates:
            continue
        points, units = max(candidates, key=lambda found: len(found[0]))
        if not len(points):
            continue
        room = np.full(len(points), _ENOUGH)
        for _, _, other in placed:
            room = np.minimum(room, np.max(np.abs(units - other) / _LABEL_SIZE, axis=1))
        best = int(np.argmax(room - 0.2 * np.abs(units[:, 0] - 0.5)))
        if room[best] >= 1:
            placed.append((level, points[best], units[best]))
    return {
        "x": [float(point[0]) for _, point, _ in placed],
        "y": [float(point[1]) for _, point, _ in placed],
        "text": [f"{level:g}" for level, _, _ in placed],
    }


def _on_line(line: Array, is_log: bool, x_range: tuple[float, float]) -> tuple[Array, Array]:
    """Points of a line with room for a label around them, as values and as shares of both axes."""
    x, (lo, hi) = line[:, 0], x_range
    across = np.log(x / lo) / math.log(hi / lo) if is_log else (x - lo) / (hi - lo)
    units = np.column_stack([across, np.log10(line[:, 1] / 0.01) / 4])
    inside = np.all((units >= _LABEL_SIZE / 2) & (units <= 1 - _LABEL_SIZE / 2), axis=1)
    return line[inside], units[inside]


def _contours(x: Array, y: Array, z: Array) -> list[tuple[float, Array]]:
    """Lines of equal fidelity, each with its level."""
    from contourpy import contour_generator

    lines_at = contour_generator(x, y, z).lines
    return [(v, np.asarray(line)) for v in CONTOURS for line in lines_at(v) if len(line) > 3]


def _by_relays(scenario: Scenario, name: str, axis: str, x: Array) -> dict[str, Array]:
    """One curve for each number of relays, and ``present`` for the scenario's own."""
    curves = _curves(scenario, name, axis, x, (*RELAYS, scenario.path.n_relays))
    return {**{f"n{n}": curves[n] for n in RELAYS}, "present": curves[scenario.path.n_relays]}


def _along(scenario: Scenario, name: str, lengths: Array) -> Array:
    n = scenario.path.n_relays
    return _curves(scenario, name, "length_km", lengths, (n,))[n]


def _curves(scenario: Scenario, name: str, axis: str, x: Array, counts: Iterable[int]) -> dict[int, Array]:
    """Curves over an axis by number of relays; kept, as a move along the axis or to other relays changes none."""
    kept = _kept_curves(without(scenario, axis, "n_relays"), name, axis, x.tobytes())
    missing = sorted(set(counts) - set(kept))
    if missing:
        linked = {follower: leader for follower, leader in EQUAL_TIMES.items() if leader == axis}
        kept |= zip(missing, grid(scenario, name, {"n_relays": np.array(missing), axis: x}, linked=linked), strict=True)
    return kept


@lru_cache(maxsize=64)
def _kept_curves(_scenario: Scenario, _name: str, _axis: str, _x: bytes) -> dict[int, Array]:
    """The curves that one axis of one scenario has so far, for :func:`_curves` to add to."""
    return {}


COLUMNS: dict[str, Callable[[Scenario], Plotted]] = {
    "key_rate": key_rate,
    "fidelity": fidelity,
    "fidelity_t": fidelity_t,
    "map_length": map_length,
    "map_processing": map_processing,
    "keys_length": keys_length,
    "keys_launch": keys_launch,
    "storing_p": storing_p,
    "storing_t": storing_t,
}
