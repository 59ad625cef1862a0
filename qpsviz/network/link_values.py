"""What a link may say itself instead of the scenario: its loss, its depolarising rate, and light beside the photons."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from qpsviz.errors import ParameterError
from qpsviz.scenario import parameter
from qpsviz.units import Array, ArrayLike
from qpsviz.units.checks import in_short

MAX_LINK_KM = parameter("length_km").hi
_MOST_LOSS_DB = parameter("insertion_loss_db").hi
_MOST_POWER_DBM = 60.0  # a kilowatt, more than glass bears


@dataclass(frozen=True)
class _Kind:
    """Range of one kind of value, its unit, the number that stands for nothing said, and what it is called."""

    lo: float
    hi: float
    unit: str
    unsaid: float
    label: str


LINK_VALUES = {
    "loss_db_per_km": _Kind(0.0, parameter("loss_db_per_km").hi, "dB/km", math.nan, "Loss of the fibre"),
    "extra_loss_db": _Kind(0.0, _MOST_LOSS_DB, "dB", 0.0, "Loss beside the fibre"),
    "depol_per_km": _Kind(0.0, parameter("depol_per_km").hi, "1/km", math.nan, "Depolarising constant"),
    "power_dbm": _Kind(-math.inf, _MOST_POWER_DBM, "dBm", -math.inf, "Classical light that enters"),
}
"""Values by their name in the table of links; a parameter of a network has ``link_`` before it."""


def stated(name: str, values: ArrayLike | None, n_links: int) -> Array | None:
    """Check one kind of value of all links.

    Parameters
    ----------
    name : str
        A key of :data:`LINK_VALUES`.
    values : array_like, optional
        One per link, not a number or None where a link says nothing. [unit]
    n_links : int
        Number of links. [1]

    Returns
    -------
    ndarray, shape (n_links,), or None
        The values, and what stands for nothing said elsewhere; None where no link says anything. [unit]

    Raises
    ------
    ParameterError
        If there is not one value per link, or one is out of range.
    """
    if values is None:
        return None
    kind = LINK_VALUES[name]
    try:
        given = np.array(values, dtype=np.float64)
    except (TypeError, ValueError):
        raise ParameterError(f"link_{name}", f"link_{name} = {in_short(values)} must be numbers") from None
    if given.shape != (n_links,):
        raise ParameterError(f"link_{name}", f"link_{name} must have one value for each of {n_links} links")
    silent = np.isnan(given)
    wrong = ~silent & ~((given >= kind.lo) & (given <= kind.hi))
    if wrong.any():
        bounds = f"{kind.lo:g} to {kind.hi:g} {kind.unit}"
        raise ParameterError(f"link_{name}", f"link_{name} = {given[wrong][0]:g} must be a number of {bounds}")
    given[silent] = kind.unsaid
    nothing = np.isnan(given) if math.isnan(kind.unsaid) else given == kind.unsaid
    return None if nothing.all() else given
