"""What an edge says of its fibre beside the length: loss, depolarising and classical light, in units of their names."""

from __future__ import annotations

import math
from collections.abc import Sequence
from numbers import Real

import numpy as np

from qpsviz.network.importers.graph import Edge, Graph, said
from qpsviz.network.link_values import LINK_VALUES
from qpsviz.units import Array
from qpsviz.units.checks import in_short


def own_values(edges: Sequence[Edge], called: Sequence[str], graph: Graph) -> dict[str, Array]:
    """The values that edges give under the names of :data:`~qpsviz.network.link_values.LINK_VALUES`.

    Parameters
    ----------
    edges : sequence of Edge
        The edges.
    called : sequence of str
        What to call each in an error.
    graph : Graph
        The graph they belong to.

    Returns
    -------
    dict of ndarray
        One value per edge by name, not a number where an edge gives none; names that no edge gives are left out.

    Raises
    ------
    GraphError
        If a value is no number, or out of range.
    """
    found = {}
    for name in LINK_VALUES:
        given = [said(edge, name) for edge in edges]
        if any(value is not None for value in given):
            found[name] = np.array([_number(name, v, c, graph) for v, c in zip(given, called, strict=True)])
    return found


def _number(name: str, value: object, called: str, graph: Graph) -> float:
    if value is None:
        return math.nan
    kind = LINK_VALUES[name]
    try:
        amount = float(value) if isinstance(value, (Real, str)) and not isinstance(value, bool) else math.nan
    except (ValueError, OverflowError):
        amount = math.nan
    if not kind.lo <= amount <= kind.hi:
        bounds = f"{kind.lo:g} to {kind.hi:g} {kind.unit}"
        raise graph.refuse(called, f"{name} = {in_short(value)} is not a number of {bounds}")
    return amount
