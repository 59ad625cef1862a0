"""Every closed-form output of a scenario by its name: what it is, and its value."""

from __future__ import annotations

from functools import cache

import numpy as np

from qpsviz.closed_form.declaration import Output, declared
from qpsviz.closed_form.quantities import Quantities
from qpsviz.errors import ParameterError, nearest
from qpsviz.scenario.values import Values
from qpsviz.units import Array


@cache
def outputs() -> tuple[Output, ...]:
    """Every output, with its unit, label and source.

    Examples
    --------
    >>> [o.unit for o in outputs() if o.name == "reach_km"]
    ['km']
    """
    return declared(Quantities)


def output(name: str) -> Output:
    """The declaration of one output.

    Raises
    ------
    ParameterError
        If there is no such output.
    """
    known = _by_name()
    if name not in known:
        raise ParameterError("output", f"unknown output {name!r}{nearest(name, known)}")
    return known[name]


def value_of(quantities: Quantities, name: str) -> Array:
    """An output by its name, in its unit.

    Raises
    ------
    ParameterError
        If there is no such output.
    """
    return np.asarray(getattr(quantities, output(name).name)(), dtype=np.float64)


def compute(values: Values, name: str) -> Array:
    """One output for broadcastable arrays of parameter values.

    Parameters
    ----------
    values : Values
        Every parameter; numbers or arrays that broadcast.
    name : str
        Output.

    Returns
    -------
    ndarray
        The output, in its unit, in the shape that the inputs broadcast to or one that broadcasts to it.

    Raises
    ------
    ParameterError
        If there is no such output.
    """
    return value_of(Quantities(values), name)


@cache
def _by_name() -> dict[str, Output]:
    return {o.name: o for o in outputs()}
