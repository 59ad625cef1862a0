"""Scenario and axes in, labelled arrays out."""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, overload

import numpy as np

from qpsviz.closed_form.outputs import compute, output, value_of
from qpsviz.closed_form.path import n_draws
from qpsviz.closed_form.quantities import Quantities
from qpsviz.errors import ParameterError
from qpsviz.noise.elements import check_t1_t2
from qpsviz.scenario import Scenario, parameter
from qpsviz.scenario.declaration import Value
from qpsviz.scenario.presets import scenario_of
from qpsviz.scenario.values import Values
from qpsviz.units import Array, Column
from qpsviz.units.checks import in_short

if TYPE_CHECKING:
    import xarray

MAX_VALUES = 10_000_000
"""Most values of a grid that are computed at once."""

BLOCK_VALUES = 32_768
"""Values of a large grid that are computed together: their intermediate results, 256 KiB each, stay in the cache."""

EQUAL_TIMES = {"t2_us": "t1_us"}
"""What `sweep` takes as ``linked`` where T2 follows an axis of T1."""


@overload
def evaluate(scenario: Scenario | str, name: str) -> float: ...  # type: ignore[overload-overlap]  # a text is no list
@overload
def evaluate(scenario: Scenario | str, name: Sequence[str]) -> dict[str, float]: ...
def evaluate(scenario: Scenario | str, name: str | Sequence[str]) -> float | dict[str, float]:
    """One output of one scenario, or several of them.

    Parameters
    ----------
    scenario : Scenario or str
        The scenario, or the name of a preset.
    name : str or sequence of str
        One of :func:`outputs`, or several.

    Returns
    -------
    float or dict
        The output, in its unit; for several, each by its name.

    Raises
    ------
    ParameterError
        If there is no such output or preset.

    Examples
    --------
    >>> from qpsviz import preset
    >>> f"{evaluate(preset('fig7').replace(n_relays=1), 'key_rate'):.3e}"
    '2.468e-03'
    >>> sorted(evaluate("fig7", ["qber_z", "reach_km"]))
    ['qber_z', 'reach_km']
    """
    chosen = scenario_of(scenario)
    if isinstance(name, str):
        return _evaluate(chosen, output(name).name)
    if not isinstance(name, Sequence):
        raise ParameterError("output", f"output = {name!r} must be a name of qps.outputs(), or a list of names")
    return {each: _evaluate(chosen, output(each).name) for each in name}


def _evaluate(scenario: Scenario, name: str) -> float:
    if output(name).any_length:
        return _at_any_length(tuple((scenario.flat() | {"length_km": 0.0}).items()), name)
    return float(value_of(quantities_of(scenario), name))


@lru_cache(maxsize=64)
def _at_any_length(values: tuple[tuple[str, Value], ...], name: str) -> float:
    return float(compute(Values.of(dict(values)), name))


@lru_cache(maxsize=64)
def quantities_of(scenario: Scenario) -> Quantities:
    """All outputs of a scenario, each computed once for all who ask."""
    return Quantities(scenario.values())


def sweep(
    scenario: Scenario | str, name: str, *, linked: Mapping[str, str] | None = None, **axes: object
) -> xarray.DataArray:
    """One output over the grid of several axes.

    Parameters
    ----------
    scenario : Scenario or str
        Everything that is not an axis; or the name of a preset.
    name : str
        One of :func:`outputs`.
    linked : mapping, optional
        Parameters that follow an axis, for example ``{"t2_us": "t1_us"}``.
    **axes
        Flat parameter names with their values, in the order of the dimensions.

    Returns
    -------
    xarray.DataArray
        Dimensions in that order; ``attrs`` hold unit, label and source, as do the coordinates'. They also hold
        scenario and links as JSON, so that a stored sweep can be computed anew: :mod:`qpsviz.closed_form.sweep_file`.

    Raises
    ------
    ParameterError
        For an unknown output or axis, or a value out of range.

    Examples
    --------
    >>> sweep(Scenario(), "fidelity", length_km=[0.0, 100.0], n_relays=[0, 1, 2]).dims
    ('length_km', 'n_relays')
    """
    import xarray

    if not isinstance(name, str):
        raise ParameterError("output", f"output = {name!r}: a sweep has one output; sweep each in turn")
    scenario, declared = scenario_of(scenario), output(name)
    _check_links(linked)
    columns = {axis: checked_axis(axis, values) for axis, values in axes.items()}
    data = grid(scenario, name, columns, linked=linked)
    attrs = {"units": declared.unit, "long_name": declared.label, "source": declared.source}
    attrs |= {"scenario": scenario.to_json(), "linked": json.dumps(dict(linked or {}))}
    coords = {
        axis: (axis, column, {"units": parameter(axis).unit, "long_name": parameter(axis).label})
        for axis, column in columns.items()
    }
    return xarray.DataArray(data, coords=coords, dims=list(columns), name=name, attrs=attrs)


def grid(
    scenario: Scenario, name: str, columns: Mapping[str, Column], *, linked: Mapping[str, str] | None = None
) -> Array:
    """One output over the grid of checked axes, as a plain array.

    Parameters
    ----------
    scenario : Scenario
        Everything that is not an axis.
    name : str
        Output.
    columns : dict of ndarray
        Axes as :func:`checked_axis` returns them.
    linked : mapping, optional
        Parameters that follow an axis.

    Returns
    -------
    ndarray
        One dimension per axis, in order.

    Raises
    ------
    ParameterError
        If T2 exceeds 2 T1 somewhere on the grid, the output is unknown, or there are too many values.
    """
    shape = tuple(len(c) for c in columns.values())
    if math.prod(shape) > MAX_VALUES:
        sizes = " × ".join(f"{n:,}" for n in shape)
        fault = f"a grid of {sizes} is {math.prod(shape):,} values; at most {MAX_VALUES:,} are computed at once"
        raise ParameterError(next(iter(columns)), fault)
    _check_links(linked)
    for follower, axis in (linked or {}).items():
        if axis not in columns:
            raise ParameterError(follower, f"{follower} is linked to {axis}, which is not an axis")
        if follower in columns:
            raise ParameterError(follower, f"{follower} is linked to {axis} and cannot be an axis too")
        checked_axis(follower, columns[axis])
    whole = {
        **scenario.flat(),
        **{axis: _along(position, len(shape), c) for position, (axis, c) in enumerate(columns.items())},
    }
    whole |= {follower: whole[axis] for follower, axis in (linked or {}).items()}
    _check_memory(whole, columns)
    at_once = _at_once(whole, columns)
    result, alone = np.empty(shape), _alone(columns, at_once)
    for index in _blocks(columns, at_once):
        values = dict(whole)
        for position, (axis, column) in enumerate(columns.items()):
            part = column[index[position]]
            values[axis] = part.item() if axis in alone else _along(position, len(shape), part)
        values |= {follower: values[axis] for follower, axis in (linked or {}).items()}
        result[index] = compute(Values.of(values), name)
    return result


def _at_once(whole: Mapping[str, Value | Column], columns: Mapping[str, Column]) -> int:
    """Values of a large grid that are computed together: fewer where each takes many draws."""
    words = {axis: c.tolist() for axis, c in columns.items() if c.dtype.kind in "UOb"}
    chosen = (dict(zip(words, each, strict=True)) for each in itertools.product(*words.values()))
    return BLOCK_VALUES // max(n_draws(Values.of({**whole, **each})) for each in chosen)


def _along(position: int, n_axes: int, column: Column) -> Column:
    """A column along one axis of several."""
    return column.reshape([-1 if i == position else 1 for i in range(n_axes)])


def _alone(columns: Mapping[str, Column], at_once: int) -> set[str]:
    """Axes of which every part of a grid has one value: words, and the relays of a large grid.

    The longest path of a part decides how much is computed for all of it.
    """
    words = {axis for axis, c in columns.items() if c.dtype.kind in "UOb"}
    return words | ({"n_relays"} & set(columns) if _is_large(columns, at_once) else set())


def _is_large(columns: Mapping[str, Column], at_once: int) -> bool:
    return math.prod(map(len, columns.values())) > at_once


def _blocks(columns: Mapping[str, Column], at_once: int) -> Iterator[tuple[slice, ...]]:
    """Parts of a grid, one after another; a large one is cut into parts whose intermediate results fit the cache."""
    alone, is_large = _alone(columns, at_once), _is_large(columns, at_once)
    steps: list[int] = []
    for axis, column in reversed([*columns.items()]):
        fitting = at_once // math.prod(steps) if is_large else len(column)
        steps.append(1 if axis in alone else max(1, min(len(column), fitting)))
    cuts = (range(0, len(c), step) for c, step in zip(columns.values(), reversed(steps), strict=True))
    for starts in itertools.product(*cuts):
        yield tuple(slice(start, start + step) for start, step in zip(starts, reversed(steps), strict=True))


def _check_links(linked: object) -> None:
    if linked is not None and not isinstance(linked, Mapping):
        hint = 'write linked={"t2_us": "t1_us"}: each parameter with the axis that it follows'
        raise ParameterError("linked", f"linked = {in_short(linked)} is no dict; {hint}")


def _check_memory(values: Mapping[str, Value | Column], axes: Mapping[str, Column]) -> None:
    try:
        check_t1_t2(values["t1_us"], values["t2_us"])
    except ValueError as error:
        hint = ""
        if "t1_us" in axes and "t2_us" not in axes:
            hint = '; let it follow with linked={"t2_us": "t1_us"} (on the command line --link t2_us=t1_us)'
        raise ParameterError("t2_us", f"{error}{hint}") from None


def checked_axis(name: str, values: object) -> Column:
    """The values of a sweep axis as an array, each checked like the parameter itself.

    Raises
    ------
    ParameterError
        For an unknown parameter, an empty or nested axis, or a value out of range.
    """
    declared = parameter(name)
    try:
        column = np.asarray(values)
    except ValueError:
        raise ParameterError(name, f"{name} needs a list of values, got a ragged one") from None
    if column.ndim != 1 or not column.size:
        raise ParameterError(name, f"{name} needs a list of values, got shape {column.shape}")
    if column.dtype.kind not in "iuf":
        return np.asarray([declared.check(v.item() if hasattr(v, "item") else v) for v in column])
    for extreme in (column.min(), column.max()):
        declared.check(extreme.item())
    if declared.kind == "count" and np.any(column != np.round(column)):
        raise ParameterError(name, f"{name} must be {declared.range_text} everywhere on the axis")
    return column if declared.kind == "count" else column.astype(np.float64) + 0.0  # no negative zero
