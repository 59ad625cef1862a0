"""Store a payload whose port is busy, or drop it: the key of both, and where they give as much.

The paper ends Section IV.A with the remark that storing could improve the rate of a key. It depends: a stored payload
is never lost, but it ages, the more the busier the ports are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from qpsviz.closed_form.outputs import compute, output
from qpsviz.closed_form.solve import Search
from qpsviz.closed_form.sweep import EQUAL_TIMES, checked_axis, grid
from qpsviz.errors import ParameterError
from qpsviz.scenario import Scenario, parameter
from qpsviz.scenario.discipline import Discipline
from qpsviz.scenario.presets import scenario_of
from qpsviz.units import Array

if TYPE_CHECKING:
    import xarray

LONGEST_US = 1e9
"""Memories up to which it is looked for one with which both give as much: a quarter of an hour."""

#: What a payload whose port is busy may do, each as changes of a scenario.
WAYS: dict[str, dict[str, str]] = {
    "drop": {"discipline": Discipline.BURST.value},
    "memory": {"discipline": Discipline.STORE.value, "storage": "t1t2"},
    "fibre": {"discipline": Discipline.STORE.value, "storage": "delay_line"},
}
_LEAST_P = 1e-3
_EVERY = 16  # what is gained changes slowly along both axes, and drawn waits take long
_OUTPUTS = ("key_rate", "key_rate_hz", "key_rate_decoy", "key_rate_finite")


def store_or_drop(
    scenario: Scenario | str, *, p_free: object, t_us: object, of: str = "key_rate"
) -> xarray.Dataset:  # fmt: skip
    """Key of stored payloads and of bursts, against the availability of ports and the quality of memories.

    Parameters
    ----------
    scenario : Scenario or str
        Path, frames and detectors, which both share; or the name of a preset.
    p_free : sequence of float
        Availabilities P, above 0 somewhere. [1]
    t_us : sequence of float
        Times T1 = T2 of memories. [us]
    of : str
        Output that is compared: ``"key_rate"`` or another rate of a key.

    Returns
    -------
    xarray.Dataset
        ``burst`` over ``p_free``; ``store`` over ``p_free`` and ``t_us``; ``delay_line`` over ``p_free``, stored in
        fibre; ``even_t_us``, the smallest T1 = T2 with which a memory gives as much key as dropping: not a number where
        none does, or where neither gives any.

    Raises
    ------
    ParameterError
        For a value out of range or an output that is no key.

    Notes
    -----
    Waits are those of :mod:`qpsviz.switch.port_wait`; bursts find every port free with chance P (Eq. 2).

    Examples
    --------
    >>> found = store_or_drop("fig7", p_free=[0.5, 0.9], t_us=[500.0, 5000.0])
    >>> found["even_t_us"].round().values.tolist()
    [1048.0, 4194.0]
    """
    import xarray

    base, p_axis, t_axis = scenario_of(scenario), checked_axis("p_free", p_free), checked_axis("t1_us", t_us)
    _check(of)
    burst, store, fibre = (base.replace(**WAYS[way]) for way in ("drop", "memory", "fibre"))
    both = {"p_free": p_axis, "t1_us": t_axis}
    declared = output(of)
    told = {"units": declared.unit, "long_name": declared.label, "source": declared.source}
    data = {
        "burst": ("p_free", grid(burst, of, {"p_free": p_axis}), told),
        "store": (("p_free", "t_us"), grid(store, of, both, linked=EQUAL_TIMES), told),
        "delay_line": ("p_free", grid(fibre, of, {"p_free": p_axis}), told),
        "even_t_us": ("p_free", np.array([even_t_us(base.replace(p_free=float(p)), of=of) for p in p_axis])),
    }
    return xarray.Dataset(data, coords={"p_free": p_axis, "t_us": t_axis}, attrs={"scenario": base.to_json()})


def even_t_us(scenario: Scenario | str, *, of: str = "key_rate") -> float:
    """The smallest T1 = T2 with which memories give as much key as dropping payloads.

    Parameters
    ----------
    scenario : Scenario or str
        As of :func:`store_or_drop`, with its availability.
    of : str
        Output that is compared.

    Returns
    -------
    float
        The shortest that a memory may have where that already does; not a number where none up to :data:`LONGEST_US`
        does, or where dropping gives no key. [us]

    Raises
    ------
    ParameterError
        If the output is no key.

    Examples
    --------
    >>> round(even_t_us("fig7"))
    1048
    """
    _check(of)
    base = scenario_of(scenario)
    dropped = float(compute(base.replace(**WAYS["drop"]).values(), of))
    store = base.replace(**WAYS["memory"]).values()
    if dropped <= 0:
        return float("nan")

    def gained(t_us: Array) -> Array:
        kept = compute(store.replace(t1_us=t_us, t2_us=t_us), of)
        return np.array(np.broadcast_to(kept, t_us.shape)) / dropped

    shortest_us = parameter("t1_us").lo
    if gained(np.array([shortest_us]))[0] >= 1:
        return shortest_us
    try:
        return Search(f=gained, value=1.0, n_every=_EVERY).run(shortest_us, LONGEST_US)[0]
    except ValueError:
        return float("nan")


def even_p_free(scenario: Scenario | str, *, of: str = "key_rate") -> list[float]:
    """Availabilities at which storing in the scenario's own storage gives as much key as dropping payloads.

    Parameters
    ----------
    scenario : Scenario or str
        As of :func:`store_or_drop`, with its storage.
    of : str
        Output that is compared.

    Returns
    -------
    list of float
        In ascending order, from 0.001 on; empty where one is better everywhere. [1]

    Raises
    ------
    ParameterError
        If the output is no key.

    Examples
    --------
    >>> from qpsviz import preset
    >>> [round(p, 3) for p in even_p_free(preset("fig7").replace(storage="delay_line"))]
    [0.01, 0.545]
    """
    _check(of)
    base = scenario_of(scenario)
    store, burst = (
        base.replace(discipline=d.value).values() for d in (Discipline.STORE, Discipline.BURST)
    )  # fmt: skip

    def gained(p_free: Array) -> Array:
        kept, dropped = (
            np.broadcast_to(compute(values.replace(p_free=p_free), of), p_free.shape) for values in (store, burst)
        )
        return np.array(np.divide(kept, dropped, out=np.full(p_free.shape, np.nan), where=dropped > 0))

    try:
        return Search(f=gained, value=1.0, n_every=_EVERY).run(_LEAST_P, 1.0)
    except ValueError:
        return []


def _check(of: str) -> None:
    if of not in _OUTPUTS:
        raise ParameterError("of", f"of = {of!r} must be one of {', '.join(_OUTPUTS)}")
