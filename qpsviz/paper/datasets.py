"""The data of the paper's figures, as labelled datasets and as CSV files."""

from __future__ import annotations

import csv
import math
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from qpsviz.closed_form.solve import solutions
from qpsviz.closed_form.sweep import EQUAL_TIMES, evaluate, sweep
from qpsviz.errors import ParameterError, nearest
from qpsviz.files import written_whole
from qpsviz.scenario import Scenario, parameter
from qpsviz.scenario.layout import Layout
from qpsviz.scenario.presets import all_presets, preset
from qpsviz.switch.relay import is_repeater

if TYPE_CHECKING:
    import xarray

LAYOUTS = tuple(layout.value for layout in Layout)
RELAYS = (0, 1, 2, 3)
GOALS = (0.5, 0.8, 0.9)  # contours of Fig. 12
MEMORY_US = (10.0, 1e5)  # 1e4 to 1e8 ns


def figures() -> dict[str, str]:
    """The figures that can be computed, with their titles.

    Examples
    --------
    >>> list(figures())
    ['fig7', 'fig10a', 'fig10b', 'fig11', 'fig12', 'fig13']
    """
    titles = {p.name: p.title for p in all_presets()}
    return {name: titles[name] for name in _DRAWN}


def figure(name: str, *, n_points: int = 111, **changes: object) -> xarray.Dataset:
    """The data of one figure of the paper.

    Parameters
    ----------
    name : str
        One of :func:`figures`.
    n_points : int
        Points along each continuous axis. [1]
    **changes
        Flat parameters to change, such as ``depol_convention="printed"``; an axis of the figure cannot be.

    Returns
    -------
    xarray.Dataset
        Every variable and coordinate has ``units`` and ``long_name``; ``attrs`` hold title and scenario.

    Raises
    ------
    ParameterError
        For an unknown figure or parameter, or too few points.

    Notes
    -----
    Figs. 7, 10a, 10b and 13 are curves over length for several relay counts; Fig. 11 is a map of T1 = T2 and length,
    Fig. 12 of T1 = T2 and processing time with the contours F = 0.5, 0.8 and 0.9. Where the paper leaves out the
    second source layout (Figs. 11 and 12) both are given.

    Examples
    --------
    >>> figure("fig10a", n_points=12).fidelity.dims
    ('n_relays', 'length_km')
    """
    if name not in _DRAWN:
        raise ParameterError("figure", f"unknown figure {name!r}{nearest(str(name), _DRAWN)}")
    if not (isinstance(n_points, int) and 2 <= n_points <= 10_000):
        raise ParameterError("n_points", f"n_points = {n_points!r} must be a whole number 2 … 10000")
    scenario = preset(name).replace(**changes)
    data = _DRAWN[name](scenario, n_points)
    if fixed := sorted(changes.keys() & set(map(str, data.coords))):
        raise ParameterError(fixed[0], f"{fixed[0]} is an axis of {name} and cannot be set")
    return data.assign_attrs(title=figures()[name], scenario=scenario.to_json())


def write_csv(data: xarray.Dataset, path: str | Path) -> list[Path]:
    """Write a dataset as CSV, one row per point, with the unit of every column in the header.

    Parameters
    ----------
    data : xarray.Dataset
        As :func:`figure` returns it.
    path : str or Path
        File to write; variables over fewer axes go to ``<name>-<variable>.csv`` beside it.

    Returns
    -------
    list of Path
        The files written.

    Raises
    ------
    OSError
        If a file cannot be written.
    """
    groups: dict[tuple[str, ...], list[str]] = {}
    for variable in data.data_vars:
        groups.setdefault(tuple(map(str, data[variable].dims)), []).append(str(variable))
    widest = max(groups, key=len)
    files = []
    for dims, variables in groups.items():
        path = Path(path)
        file = path if dims == widest else path.with_name(f"{path.stem}-{variables[0]}{path.suffix}")
        _write_table(data, dims, variables, file)
        files.append(file)
    return files


def _write_table(data: xarray.Dataset, dims: tuple[str, ...], variables: list[str], file: Path) -> None:
    columns = [data[dim].values for dim in dims]
    grids = [g.ravel() for g in np.meshgrid(*columns, indexing="ij")]
    values = [data[variable].values.ravel() for variable in variables]
    with written_whole(file) as part, part.open("w", newline="", encoding="utf-8") as handle:
        writer = csv.writer(handle)
        writer.writerow([f"{name} [{data[name].attrs['units']}]" for name in (*dims, *variables)])
        writer.writerows([v.item() for v in row] for row in zip(*grids, *values, strict=True))


def _fig7(scenario: Scenario, n_points: int) -> xarray.Dataset:
    lengths, relays = np.linspace(0.0, 275.0, n_points), [*RELAYS, 4, 5]
    rate = sweep(scenario, "key_rate", n_relays=relays, length_km=lengths)
    reach = sweep(scenario, "reach_km", n_relays=relays)
    bound = sweep(scenario, "plob", length_km=lengths)
    bound = bound.where(not is_repeater(scenario.switch.device, scenario.switch.correction))
    return rate.to_dataset().assign(reach_km=reach, plob=bound)


def _fig10(scenario: Scenario, n_points: int) -> xarray.Dataset:
    lengths = np.linspace(0.0, 550.0, n_points)
    data = sweep(scenario, "fidelity", n_relays=RELAYS, length_km=lengths).to_dataset()
    return data.assign(entanglement_reach_km=sweep(scenario, "entanglement_reach_km", n_relays=RELAYS))


def _fig11(scenario: Scenario, n_points: int) -> xarray.Dataset:
    times, lengths = np.geomspace(*MEMORY_US, n_points), np.linspace(0.0, 550.0, n_points)
    axes = {"layout": LAYOUTS, "t1_us": times, "length_km": lengths}
    return _both_times(sweep(scenario, "fidelity", linked=EQUAL_TIMES, **axes).to_dataset())


def _fig12(scenario: Scenario, n_points: int) -> xarray.Dataset:
    import xarray

    times, delays = np.geomspace(*MEMORY_US, n_points), np.geomspace(1e-3, 1e4, n_points)
    # Spans of equal length in both layouts, so half the way for the sender's.
    drawn = [scenario.replace(layout=x, length_km=scenario.path.length_km * Layout(x).n_arms / 2) for x in LAYOUTS]
    maps = [sweep(s, "fidelity", linked=EQUAL_TIMES, t1_us=times, processing_us=delays) for s in drawn]
    needed = np.empty((len(LAYOUTS), len(GOALS), n_points))
    for i, j, k in np.ndindex(needed.shape):
        needed[i, j, k] = memory_needed_us(drawn[i].replace(processing_us=float(delays[k])), GOALS[j])
    attrs = {"units": "us", "long_name": "Memory T₁ = T₂ needed", "source": "Eq. 3 solved for T1 = T2"}
    dims = ("layout", "fidelity_wanted", "processing_us")
    layouts = xarray.DataArray(list(LAYOUTS), dims="layout", name="layout", attrs=_attrs("layout"))
    wanted = ("fidelity_wanted", list(GOALS), {"units": "1", "long_name": "Fidelity wanted"})
    data = xarray.concat(maps, layouts).to_dataset().assign_coords(fidelity_wanted=wanted)
    return _both_times(data).assign(memory_needed_us=xarray.Variable(dims, needed, attrs))


def _fig13(scenario: Scenario, n_points: int) -> xarray.Dataset:
    lengths = np.linspace(0.0, 550.0, n_points)
    data = sweep(scenario, "fidelity", layout=LAYOUTS, n_relays=RELAYS, length_km=lengths).to_dataset()
    arms = data.layout.copy(data=[Layout(layout).n_arms for layout in LAYOUTS])
    span = (data.length_km / (arms * (data.n_relays + 1))).transpose("layout", "n_relays", "length_km")
    return data.assign(span_km=span.assign_attrs(units="km", long_name="Length of one span", source="Fig. 8"))


def memory_needed_us(scenario: Scenario, fidelity: float) -> float:
    """The T1 = T2 from which on a pair stays above a fidelity.

    Parameters
    ----------
    scenario : Scenario
        Everything else.
    fidelity : float
        Fidelity wanted, squared form. [1]

    Returns
    -------
    float
        T1 = T2, NaN where no memory is good enough. [us]
    """
    try:
        last = solutions(scenario, ("t1_us", "t2_us"), fidelity=fidelity)[-1]
    except ParameterError:
        raise
    except ValueError:
        return math.nan
    best = evaluate(scenario.replace(t1_us=math.inf, t2_us=math.inf), "fidelity")
    return last if best >= fidelity else math.nan


def _attrs(name: str) -> dict[str, str]:
    return {"units": parameter(name).unit, "long_name": parameter(name).label}


def _both_times(data: xarray.Dataset) -> xarray.Dataset:
    """Say that the T1 axis carries T2 as well."""
    data.t1_us.attrs["long_name"] = f"{parameter('t1_us').label} = T₂"
    return data


_DRAWN: dict[str, Callable[[Scenario, int], xarray.Dataset]] = {
    "fig7": _fig7,
    "fig10a": _fig10,
    "fig10b": _fig10,
    "fig11": _fig11,
    "fig12": _fig12,
    "fig13": _fig13,
}
