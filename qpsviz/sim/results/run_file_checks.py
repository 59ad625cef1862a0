"""What the tables of a stored run must hold, so that nothing that reads them fails later."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from qpsviz.network import Network
from qpsviz.network.roles import Role
from qpsviz.scenario import Scenario
from qpsviz.scenario.discipline import Discipline
from qpsviz.scenario.layout import Layout
from qpsviz.sim.engine.marks import KINDS
from qpsviz.sim.results.signals import SIGNALS
from qpsviz.switch.fates import DROPS, WORDS, Fate, can_drop
from qpsviz.table import Table
from qpsviz.units import Mask, travel_us
from qpsviz.units.times import is_after

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
_SHARES = {
    "frames": ("payload_kept", "first_kept", "fidelity", "eta", "a", "b"),
    "legs": tuple(f"{name}_{end}" for end in ("out", "in") for name in ("eta", "a", "b")),
}
_COHERENCES = {"frames": ("c",), "legs": ("c_out", "c_in")}
# Not a number where nothing arrived, nothing ended or nothing left; nowhere else.
_OF_DELIVERED = ("delay_us", *_NUMBERS)
_MAY_BE_NAN = (*_OF_DELIVERED, "fidelity", "sent_us", "done_us", "complete_us")
_ROUNDING = 1e-9
REQUIRED: dict[str, dict[str, tuple[str, ...]]] = {
    "frames": _FRAMES, "legs": _LEGS, "events": _EVENTS, "signals": _SIGNALS,
}  # fmt: skip
"""Columns by table and by what they hold; more may be there."""


def check_tables(tables: Mapping[str, Table | None], network: Network, scenario: Scenario) -> None:
    """Refuse tables that lack a column, hold what cannot be, or point to what is not there.

    Parameters
    ----------
    tables : mapping of str to Table or None
        ``frames``, ``legs``, ``events`` and ``signals``; None where the run kept none.
    network : Network
        Where the run took place.
    scenario : Scenario
        What was simulated.

    Raises
    ------
    ValueError
        Naming table, column, row (counted from 0) and fault.
    """
    keeps_half = Layout(scenario.path.layout).keeps_half
    if keeps_half == bool(network.with_role(Role.SOURCE)) and (keeps_half or network.is_line):
        raise ValueError(f"scenario.layout = {scenario.path.layout!r} does not fit network {network.name!r}")
    there = {name: table for name, table in tables.items() if table is not None}
    for name, table in there.items():
        _check_columns(name, table)
    for name, table in there.items():
        _check_values(name, table)
        _check_places(name, table, there["frames"], network, scenario)
    _check_fates(there["frames"], scenario)
    if "raman_per_gate" in there["frames"]:
        _check_stray_light(there["frames"])
    for name in ("legs", "signals"):
        if name in there:
            _check_travel(name, there[name], network, scenario)


def _refuse(name: str, table: Table, column: str, bad: Mask, fault: str) -> None:
    """Refuse the first row that is bad, if any is."""
    if np.any(bad):
        row = int(np.argmax(bad))
        raise ValueError(f"{name}.{column}, row {row}: {table[column][row].item()!r} {fault}")


def _check_columns(name: str, table: Table) -> None:
    for kind, columns in REQUIRED[name].items():
        for column in columns:
            if column not in table:
                raise ValueError(f"not a run: {name}.{column} is missing")
            if table[column].dtype.kind not in _KINDS_OF_TYPE[kind] and len(table):
                raise ValueError(f"{name}.{column} is not a column of {kind}s")


def _check_values(name: str, table: Table) -> None:
    """Numbers within what they can be, and words that are known."""
    for column in REQUIRED[name]["number"]:
        values = table[column]
        unknown = np.isnan(values) & (name == "frames" and column in _MAY_BE_NAN)
        what = "a time that is no number" if column.endswith("_us") else "no number"
        _refuse(name, table, column, ~(np.isfinite(values) | unknown), f"is {what}")
        lo = 0.0 if column in _SHARES.get(name, ()) else -1.0 if column in _COHERENCES.get(name, ()) else None
        if lo is not None:
            # Written so that "not a number" passes: where it may stand, it has been looked at.
            out = (values < lo - _ROUNDING) | (values > 1.0 + _ROUNDING)
            _refuse(name, table, column, out, f"is not in {lo:g} … 1")
    words = {"frames": ("fate", WORDS, "fate"), "events": ("reason", ("", *WORDS), "reason"),
             "signals": ("kind", SIGNALS, "kind of message")}  # fmt: skip
    if name in words:
        column, known, what = words[name]
        _refuse(name, table, column, ~np.isin(table[column], known), f"is a word, which is no {what}")


def _check_places(name: str, table: Table, frames: Table, network: Network, scenario: Scenario) -> None:
    """Nodes, links, frames, channels and kinds that a table names must exist; -1 is none, where that can be."""
    n_arms = Layout(scenario.path.layout).n_arms
    node, link = (0, network.n_nodes), (0, network.n_links)
    attempt, hop = (1, scenario.switch.max_attempts + 1), (0, link[1] * (1 + scenario.switch.max_deflections))
    if name == "frames":
        _refuse(name, table, "frame", np.append(False, np.diff(table["frame"]) <= 0), "does not count up")
    bounds: dict[str, dict[str, tuple[float, float]]] = {
        "frames": {"source": node, "destination": node, "attempts": attempt, "frame": (0, np.inf)},
        "legs": {"from_node": node, "to_node": node, "link": link, "hop": hop, "attempt": attempt,
                 "channel": (0, scenario.switch.n_wavelengths)},
        "signals": {"from_node": node, "to_node": node, "link": link, "attempt": attempt},
        "events": {"node": (-1, node[1]), "link": (-1, link[1]), "kind": (0, len(KINDS)), "attempt": attempt},
    }  # fmt: skip
    for column, (lo, end) in bounds[name].items():
        out = (table[column] < lo) | (table[column] >= end)
        _refuse(name, table, column, out, "points to something that is not there")
    if name != "frames":
        absent = ~np.isin(table["frame"], frames["frame"])
        _refuse(name, table, "frame", absent, "names a frame that is not in frames")
    whose = {"pair": table["frame"] // n_arms, "arm": table["frame"] % n_arms}
    for column, expected in whose.items():
        if column in REQUIRED[name]["whole"]:
            fault = f"is not the {column} of that frame with {n_arms} to a pair"
            _refuse(name, table, column, table[column] != expected, fault)
    if name == "events":
        backwards = np.append(False, np.diff(table["time_us"]) < 0)
        _refuse(name, table, "time_us", backwards, "goes backwards")
    if "session" in REQUIRED[name]["whole"]:
        out = (table["session"] < 0) | (table["session"] > table["frame"])
        _refuse(name, table, "session", out, "points to something that is not there")


def _check_fates(frames: Table, scenario: Scenario) -> None:
    """What a frame's fate says about its other columns."""
    fate, discipline = frames["fate"], Discipline(scenario.switch.discipline)
    delivered, flying = fate == Fate.DELIVERED, fate == Fate.IN_FLIGHT
    unknown = np.isin(fate, [reason for reason in DROPS if not can_drop(discipline, reason)])
    _refuse("frames", frames, "fate", unknown, f"is no fate of {discipline.label} switching, which the scenario has")
    waits = discipline.sets_up & (flying | (fate == Fate.BLOCKED))
    known = {"sent_us": ~waits, "done_us": ~flying, **dict.fromkeys(_OF_DELIVERED, delivered)}
    for column, sure in known.items():
        fault = "is a time that is no number" if column.endswith("_us") else "is no number"
        _refuse("frames", frames, column, np.isnan(frames[column]) & sure, f"{fault}, with that fate")
    for column in ("done_us", "complete_us"):
        early = is_after(frames["sent_us"], frames[column])
        _refuse("frames", frames, column, early, "comes before the frame was sent")
    for column in (*_OF_DELIVERED, "fidelity", "payload_kept"):
        known_of = ~np.isnan(frames[column]) & (frames[column] != 0)
        _refuse("frames", frames, column, known_of & ~delivered, "is known of a frame that was not delivered")


def _check_stray_light(frames: Table) -> None:
    """Stray photons per gate: known of what was delivered alone, and never fewer than none."""
    column = "raman_per_gate"
    if frames[column].dtype.kind != "f" and len(frames):
        raise ValueError(f"frames.{column} is not a column of numbers")
    delivered = frames["fate"] == Fate.DELIVERED
    wrong = np.where(delivered, ~((frames[column] >= 0) & np.isfinite(frames[column])), ~np.isnan(frames[column]))
    _refuse("frames", frames, column, wrong, "is no number of photons, with that fate")


def _check_travel(name: str, table: Table, network: Network, scenario: Scenario) -> None:
    """Every leg and message takes one link, as long as light needs for it in the scenario's fibre."""
    link = table["link"]
    ends = {"from_node": network.link_from[link], "to_node": network.link_to[link]}
    turned = table["from_node"] == ends["to_node"] if name == "signals" else np.zeros(link.size, dtype=bool)
    for column, other in (("from_node", "to_node"), ("to_node", "from_node")):
        expected = np.where(turned, ends[other], ends[column])
        _refuse(name, table, column, table[column] != expected, "is no end of its link")
    needs_us = travel_us(network.link_km, scenario.fibre.speed_km_per_us)[link]
    for part in ("header_", "payload_", "trailer_") if name == "legs" else ("",):
        out_us, in_us = table[f"{part}out_us"], table[f"{part}in_us"]
        wrong = is_after(in_us, out_us + needs_us) | is_after(out_us + needs_us, in_us)
        fault = "is not when light arrives that left then, in the fibre of the scenario"
        _refuse(name, table, f"{part}in_us", wrong, fault)
