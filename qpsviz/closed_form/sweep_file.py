"""Stored sweeps: files that hold everything from which their numbers can be computed anew."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from qpsviz.closed_form.outputs import outputs
from qpsviz.closed_form.sweep import evaluate, sweep
from qpsviz.files import read_text, written_whole
from qpsviz.scenario import Scenario, parameter
from qpsviz.units import Array

if TYPE_CHECKING:
    import pandas  # type: ignore[import-untyped, unused-ignore]
    import xarray

SUFFIXES = (".csv", ".nc")


def rows(array: xarray.DataArray) -> pandas.DataFrame:
    """A sweep as one row per value: axes, the output, then every other parameter that is not at its default.

    Parameters
    ----------
    array : DataArray
        What :func:`qpsviz.sweep` gave.

    Returns
    -------
    DataFrame
        Each row states a whole scenario, parameters that follow an axis included.
    """
    # Without axes there is one value, of which xarray makes no table.
    table = (
        array.expand_dims("row").to_dataframe().reset_index(drop=True)
        if not array.dims
        else (array.to_dataframe().reset_index())
    )
    linked = _linked(array.attrs)
    for name, value in Scenario.from_json(array.attrs["scenario"]).changes().items():
        if name not in table and name not in linked:
            table[name] = value
    for follower, axis in linked.items():
        table[follower] = table[axis]
    return table


def save(array: xarray.DataArray, path: str | os.PathLike[str]) -> None:
    """Write a sweep to a ``.csv`` or ``.nc`` file from which :func:`recompute` can compute it anew.

    Parameters
    ----------
    array : DataArray
        What :func:`qpsviz.sweep` gave.
    path : str or path
        ``.csv`` holds the columns of :func:`rows`, ``.nc`` (netCDF) the array with scenario and links.

    Raises
    ------
    ValueError
        If the suffix is another one.
    OSError
        If the file cannot be written; an older one is then left as it was.
    """
    suffix = Path(path).suffix.lower()
    if suffix not in SUFFIXES:
        raise ValueError(f"{os.fspath(path)!r} must end in .csv or .nc")
    with written_whole(path) as part:
        if suffix == ".nc":
            array.to_netcdf(part, engine="scipy")
        else:
            rows(array).to_csv(part, index=False)


def recompute(path: str | os.PathLike[str]) -> tuple[Array, Array]:
    """Compute the values of a stored sweep anew, from what its file says.

    Parameters
    ----------
    path : str or path
        A file that :func:`save` wrote.

    Returns
    -------
    tuple of ndarray
        The stored values and the new ones, in the order of the file. [unit of the output]

    Raises
    ------
    ValueError
        If the file is no stored sweep; the message names it.
    OSError
        If it cannot be read.
    """
    try:
        return _from_netcdf(path) if Path(path).suffix.lower() == ".nc" else _from_csv(read_text(path))
    except KeyError as error:
        raise ValueError(f"{os.fspath(path)}: not a stored sweep: {error.args[0]} is missing") from None
    except (ValueError, TypeError, IndexError, AttributeError, ArithmeticError) as error:
        raise ValueError(f"{os.fspath(path)}: damaged, or not a stored sweep: {error}") from None


def _from_netcdf(path: str | os.PathLike[str]) -> tuple[Array, Array]:
    import xarray

    with xarray.open_dataarray(path, engine="scipy") as array:
        stored, axes = array.load(), {str(dim): array[dim].values for dim in array.dims}
    scenario = Scenario.from_json(stored.attrs["scenario"])
    again = sweep(scenario, str(stored.name), linked=_linked(stored.attrs), **axes)
    return np.ravel(stored.to_numpy()), np.ravel(again.to_numpy())


def _linked(attrs: Mapping[str, str]) -> dict[str, str]:
    linked: dict[str, str] = json.loads(attrs["linked"])
    return linked


def _from_csv(text: str) -> tuple[Array, Array]:
    found = list(csv.DictReader(text.splitlines()))
    columns, known = list(found[0]) if found else [], {o.name for o in outputs()}
    named = [column for column in columns if column in known]
    if len(named) != 1:
        raise ValueError("not a stored sweep: one column must be an output of qps.outputs()")
    if any(None in row or None in row.values() for row in found):
        raise ValueError("not a stored sweep: its rows are not equally long")
    names = [column for column in columns if column != named[0]]
    scenarios = (Scenario(**{name: parameter(name).read(row[name]) for name in names}) for row in found)
    again = [evaluate(scenario, named[0]) for scenario in scenarios]
    return np.array([float(row[named[0]]) for row in found]), np.array(again)
