"""What the tables of a stored run must hold, so that nothing that reads them fails later."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from qpsviz.sim.fates import Fate
from qpsviz.sim.marks import KINDS
from qpsviz.sim.network import Network
from qpsviz.sim.table import Table

_NUMBERS = ("eta", "c", "a", "b")
_KINDS_OF_TYPE = {"whole": "iu", "number": "f", "word": "U"}
_FRAMES = {
    "whole": ("frame", "pair", "arm", "session", "source", "destination", "attempts"),
    "word": ("fate",),
    "number": ("offered_us", "sent_us", "done_us", "complete_us", "first_kept", "guard_us",
               "guard_left_us", "dwell_us", "delay_us", "payload_kept", "fidelity", *_NUMBERS),
}  # fmt: skip
_LEGS = {
    "whole": ("frame", "attempt", "pair", "arm", "hop", "link", "from_node", "to_node", "channel"),
    "number": ("header_out_us", "header_in_us", "payload_out_us", "payload_in_us", "lost_us", "trailer_out_us",
               "trailer_in_us", "dwell_us", *(f"{n}_{end}" for end in ("out", "in") for n in _NUMBERS)),
}  # fmt: skip
_EVENTS = {"whole": ("kind", "frame", "attempt", "node", "link"), "number": ("time_us",), "word": ("reason",)}
_SIGNALS = {
    "whole": ("session", "frame", "attempt", "arm", "link", "from_node", "to_node"),
    "number": ("out_us", "in_us"),
    "word": ("kind",),
}
_TIMES = {
    "legs": tuple(column for column in _LEGS["number"] if column.endswith("_us")),
    "events": ("time_us",),
    "signals": ("out_us", "in_us"),
}
REQUIRED: dict[str, dict[str, tuple[str, ...]]] = {
    "frames": _FRAMES, "legs": _LEGS, "events": _EVENTS, "signals": _SIGNALS,
}  # fmt: skip
"""Columns by table and by what they hold; more may be there."""


def check_tables(tables: Mapping[str, Table | None], network: Network) -> None:
    """Refuse tables that lack a column, hold another type, or point to what is not there.

    Parameters
    ----------
    tables : mapping of str to Table or None
        ``frames``, ``legs``, ``events`` and ``signals``; None where the run kept none.
    network : Network
        Where the run took place.

    Raises
    ------
    ValueError
        Naming table, column and fault.
    """
    for name, table in tables.items():
        if table is not None:
            _check_columns(name, table)
    frames = tables["frames"]
    assert frames is not None
    strange = set(frames["fate"].tolist()) - {fate.value for fate in Fate}
    if strange:
        raise ValueError(f"frames.fate holds {sorted(strange)[0]!r}, which is no fate")
    if np.any(np.diff(frames["frame"]) <= 0):
        raise ValueError("frames.frame does not count up")
    for name, table in tables.items():
        if table is not None:
            _check_places(name, table, frames, network)


def _check_columns(name: str, table: Table) -> None:
    for kind, columns in REQUIRED[name].items():
        for column in columns:
            if column not in table:
                raise ValueError(f"not a run: {name}.{column} is missing")
            if table[column].dtype.kind not in _KINDS_OF_TYPE[kind] and len(table):
                raise ValueError(f"{name}.{column} is not a column of {kind}s")


def _check_places(name: str, table: Table, frames: Table, network: Network) -> None:
    """Nodes, links, frames and kinds that a table names must exist; -1 is none, where that can be."""
    nodes, links = network.n_nodes, network.n_links
    bounds: dict[str, dict[str, tuple[float, float]]] = {
        "frames": {"source": (0, nodes), "destination": (0, nodes), "attempts": (0, np.inf)},
        "legs": {"from_node": (0, nodes), "to_node": (0, nodes), "link": (0, links), "hop": (0, links)},
        "signals": {"from_node": (0, nodes), "to_node": (0, nodes), "link": (0, links)},
        "events": {"node": (-1, nodes), "link": (-1, links), "kind": (0, len(KINDS))},
    }
    for column, (lo, end) in bounds[name].items():
        values = table[column]
        if np.any((values < lo) | (values >= end)):
            raise ValueError(f"{name}.{column} points to something that is not there")
    for column in _TIMES.get(name, ()):
        if not np.all(np.isfinite(table[column])):
            raise ValueError(f"{name}.{column} holds a time that is no number")
    if name == "events" and np.any(np.diff(table["time_us"]) < 0):
        raise ValueError("events.time_us goes backwards")
    if name != "frames" and not np.all(np.isin(table["frame"], frames["frame"])):
        raise ValueError(f"{name}.frame names a frame that is not in frames")
