"""Sweep axes as they are written on the command line."""

from __future__ import annotations

import math

import numpy as np

from qpsviz.cli.scenario_flags import parameter_named, read_value
from qpsviz.errors import ParameterError
from qpsviz.scenario.declaration import Parameter, Value

AXIS_HELP = "NAME=START:STOP:COUNT, NAME=START:STOP:COUNT:log, or NAME=A,B,C"
MAX_VALUES = 1_000_000


def read_axis(text: str, further: tuple[Parameter, ...] = ()) -> tuple[str, list[Value]]:
    """Read one axis: ends and a count (both ends included), or the values themselves.

    Parameters
    ----------
    text : str
        What was written.
    further : tuple of Parameter
        What may be an axis beside the parameters of a scenario.

    Raises
    ------
    ParameterError
        If the text is not an axis, naming the parameter, the value and what is allowed.

    Examples
    --------
    >>> read_axis("length_km=0:100:3")
    ('length_km', [0.0, 50.0, 100.0])
    >>> read_axis("t1_us=1:100:3:log")
    ('t1_us', [1.0, 10.0, 100.0])
    >>> read_axis("t1=1ms:3ms:3")
    ('t1_us', [1000.0, 2000.0, 3000.0])
    >>> read_axis("discipline=burst,store")
    ('discipline', ['burst', 'store'])
    """
    name, equals, values = text.partition("=")
    of_theirs = (p for p in further if p.name == name.strip().replace("-", "_"))
    declared = next(of_theirs, None) or parameter_named(name)
    if not equals or not values.strip():
        raise ParameterError(declared.name, f"axis {text!r} must be {AXIS_HELP}")
    if ":" in values:
        return declared.name, _spaced(declared, text, values.split(":"))
    return declared.name, [read_value(declared, part) for part in values.split(",")]


def read_link(text: str) -> tuple[str, str]:
    """Read ``FOLLOWER=AXIS``: a parameter that takes the values of an axis.

    Raises
    ------
    ParameterError
        If either name is unknown or the text is not such a pair.

    Examples
    --------
    >>> read_link("t2_us=t1_us")
    ('t2_us', 't1_us')
    """
    follower, _, axis = text.partition("=")
    return parameter_named(follower).name, parameter_named(axis).name


def _spaced(declared: Parameter, text: str, parts: list[str]) -> list[Value]:
    if len(parts) not in (3, 4) or (len(parts) == 4 and parts[3].strip() != "log"):
        raise ParameterError(declared.name, f"axis {text!r} must be {AXIS_HELP}")
    start, stop = (float(read_value(declared, part)) for part in parts[:2])
    n_values = int(parts[2]) if parts[2].strip().isdecimal() else 0
    if not 1 <= n_values <= MAX_VALUES:
        raise ParameterError(declared.name, f"axis {text!r} needs a COUNT of 1 to {MAX_VALUES}")
    if math.isinf(start) or math.isinf(stop):
        raise ParameterError(declared.name, f"axis {text!r} needs finite ends; list inf as a value instead")
    if len(parts) == 3:
        return [float(v) for v in np.linspace(start, stop, n_values)]
    if min(start, stop) <= 0:
        raise ParameterError(declared.name, f"axis {text!r} needs ends above 0 to be logarithmic")
    return [float(v) for v in np.geomspace(start, stop, n_values)]
