"""Columns for the figures of storing against dropping: keys of both, and where they are equal."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np

from qpsviz.closed_form.storing import WAYS, even_p_free, even_t_us
from qpsviz.closed_form.sweep import EQUAL_TIMES, evaluate, grid
from qpsviz.figures.column_parts import Plotted, Source, marker, to_the_axis, without
from qpsviz.figures.parts import KEY_FLOOR
from qpsviz.scenario import Scenario
from qpsviz.units import Array, quantity

N_POINTS = 61
#: The axis of each figure, and how many of the parameter's units one of the axis' is.
AXES: dict[str, tuple[str, float]] = {"storing_p": ("p_free", 1.0), "storing_t": ("t1_us", 1e3)}
_PLACES = {"p_free": np.linspace(0.02, 1.0, N_POINTS - 12), "t1_us": np.geomspace(10.0, 1e5, N_POINTS)}


def storing_p(scenario: Scenario) -> Plotted:
    """Columns of the key rates against the availability of ports."""
    found = _even_p(without(scenario.replace(**WAYS["memory"]), "p_free"))
    return _plotted(scenario, "storing_p", [(p, f"equal at P = {p:.3g}") for p in found])


def storing_t(scenario: Scenario) -> Plotted:
    """Columns of the key rates against T1 = T2; the axis is in milliseconds."""
    t_us, last_us = _even_t(without(scenario, "t1_us")), float(_PLACES["t1_us"][-1])
    found = [(t_us / 1e3, f"equal at {quantity(t_us, 'us')}")] if t_us <= last_us else []
    return _plotted(scenario, "storing_t", found)


def _plotted(scenario: Scenario, figure: str, even: list[tuple[float, str]]) -> Plotted:
    axis, unit = AXES[figure]
    here, place = evaluate(scenario, "key_rate"), float(scenario.flat()[axis]) / unit
    ways = {name: scenario.replace(**changes) for name, changes in WAYS.items()}
    sources: dict[str, Source] = {}
    for name, way in {"curves": scenario, **ways}.items():
        x, y = _line(way, axis)
        sources[f"{figure}.{name}"] = {"x": x / unit, "present" if name == "curves" else "y": y}
    is_on = here > KEY_FLOOR and (axis != "t1_us" or scenario.memory.times_are_equal)
    return {
        "sources": {
            **sources,
            f"{figure}.rule": _rule(even, is_log=axis == "t1_us"),
        },
        "marker": marker(place, here, is_on),
        "ranges": {},
    }


def _rule(even: list[tuple[float, str]], *, is_log: bool) -> Source:
    """Upright rules where storing and dropping give as much, each with a word in a row of its own."""
    lefts = [(math.log10(x) > 1 if is_log else x > 0.7) for x, _ in even]  # where storing pays, lines are to the right
    return {
        "x": [x for x, _ in even], "y": [KEY_FLOOR * 10.0**row for row in range(len(even))],
        "text": [word for _, word in even],
        "align": ["right" if left else "left" for left in lefts], "shift": [-5 if left else 5 for left in lefts],
    }  # fmt: skip


def _line(scenario: Scenario, axis: str) -> tuple[Array, Array]:
    return _kept_line(without(scenario, axis), axis)


@lru_cache(maxsize=32)
def _kept_line(scenario: Scenario, axis: str) -> tuple[Array, Array]:
    linked = EQUAL_TIMES if axis == "t1_us" else None
    return to_the_axis(_PLACES[axis], lambda x: grid(scenario, "key_rate", {axis: x}, linked=linked))


@lru_cache(maxsize=32)
def _even_p(scenario: Scenario) -> list[float]:
    return even_p_free(scenario)


@lru_cache(maxsize=32)
def _even_t(scenario: Scenario) -> float:
    return even_t_us(scenario)
