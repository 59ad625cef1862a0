"""Columns for the figures of keys: perfect photons and endless decoys at once, the finite block when it is there."""

from __future__ import annotations

from functools import lru_cache
from typing import TypedDict

import numpy as np

from qpsviz.closed_form.sweep import evaluate, grid
from qpsviz.errors import ParameterError
from qpsviz.figures.column_parts import Plotted, Source, marker, nice, to_the_axis, without
from qpsviz.figures.parts import KEY_FLOOR
from qpsviz.scenario import Scenario, parameter
from qpsviz.units import Array

N_POINTS = 61
AXES = {"keys_length": "length_km", "keys_launch": "launch_dbm"}
#: What the lines of perfect photons and of endless decoys do not depend on.
_OF_BLOCKS = ("n_block_pulses", "p_insecure", "p_incorrect")
_NO_LINE: Source = {"x": [], "y": []}


class FiniteLine(TypedDict):
    """Key rate of one block along an axis, down to where it leaves the figure. [bit/pulse]"""

    x: Array
    y: Array


def drawn(scenario: Scenario, figure: str) -> Scenario | None:
    """The scenario whose lines a figure draws, with a signal where light varies; None if nothing is known of that."""
    if figure == "keys_length" or scenario.light.n_signals:
        return scenario
    try:
        return scenario.replace(n_signals=1)
    except ParameterError:  # no Raman coefficient is known there
        return None


def axis_range(scenario: Scenario, figure: str) -> tuple[float, float]:
    """Where a figure's axis begins and ends."""
    if figure == "keys_launch":
        lo, hi = parameter("launch_dbm").shown
        return min(lo, scenario.light.launch_dbm), max(hi, scenario.light.launch_dbm)
    reach = evaluate(scenario, "reach_km")
    return 0.0, nice(max(1.12 * min(reach, 5000.0 / 1.12), 1.12 * scenario.path.length_km))


def keys_length(scenario: Scenario) -> Plotted:
    """Columns of the key rates against length, but for the finite block."""
    return _plotted(scenario, "keys_length")


def keys_launch(scenario: Scenario) -> Plotted:
    """Columns of the key rates against launch power, but for the finite block."""
    return _plotted(scenario, "keys_launch")


def finite_line(scenario: Scenario, figure: str) -> FiniteLine:
    """Key rates of one block along the axis of a figure, which take a search for the best settings at each place.

    Parameters
    ----------
    scenario : Scenario
        The present state.
    figure : str
        One of :data:`AXES`.

    Returns
    -------
    dict
        ``x`` and ``y`` of the line, ending on the axis. [bit/pulse]
    """
    chosen = drawn(scenario, figure)
    if chosen is None:
        return {"x": np.zeros(0), "y": np.zeros(0)}
    x, y = _line(chosen, figure, "key_rate_finite", axis_range(scenario, figure))
    return {"x": x[np.isfinite(y)], "y": y[np.isfinite(y)]}


def _plotted(scenario: Scenario, figure: str) -> Plotted:
    lo, hi = axis_range(scenario, figure)
    chosen, axis = drawn(scenario, figure), AXES[figure]
    place, is_there = float(scenario.flat()[axis]), chosen == scenario
    sources: dict[str, Source] = {
        f"{figure}.curves": {"x": [], "present": []}, f"{figure}.decoy": _NO_LINE, f"{figure}.decoy_now": _NO_LINE
    }  # fmt: skip
    if chosen is not None:
        x, present = _line(chosen, figure, "key_rate", (lo, hi))
        sources[f"{figure}.curves"] = {"x": x, "present": present}
        x, y = _line(chosen, figure, "key_rate_decoy", (lo, hi))
        sources[f"{figure}.decoy"] = {"x": x, "y": y}
    here, decoy = evaluate(scenario, "key_rate"), evaluate(scenario, "key_rate_decoy") if is_there else 0.0
    if decoy > KEY_FLOOR:
        sources[f"{figure}.decoy_now"] = {"x": [place], "y": [decoy]}
    return {
        "sources": sources,
        "marker": marker(place, here, here > KEY_FLOOR) if is_there else None,
        "ranges": {f"{figure}.x": (lo, hi)},
    }


def _line(scenario: Scenario, figure: str, name: str, ends: tuple[float, float]) -> tuple[Array, Array]:
    """One output along a figure's axis, closer where it falls off the axis."""
    others = _OF_BLOCKS if name != "key_rate_finite" else ()
    return _kept_line(without(scenario, AXES[figure], *others), AXES[figure], name, ends)


@lru_cache(maxsize=64)
def _kept_line(scenario: Scenario, axis: str, name: str, ends: tuple[float, float]) -> tuple[Array, Array]:
    return to_the_axis(np.linspace(*ends, N_POINTS), lambda x: grid(scenario, name, {axis: x}))
