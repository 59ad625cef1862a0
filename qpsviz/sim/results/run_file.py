"""Runs as JSON text: every column exactly, also not-a-number and infinity."""

from __future__ import annotations

import json
import math
import re
from typing import Any

import numpy as np

from qpsviz.network import Network
from qpsviz.network.link_values import LINK_VALUES
from qpsviz.scenario import Scenario
from qpsviz.sim.results.run import Run
from qpsviz.sim.results.run_file_checks import check_tables
from qpsviz.table import Cell, Table
from qpsviz.units import Column
from qpsviz.units.checks import in_short

FORMAT = "qpsviz-run"
VERSION = 2
_KNOWN_TYPE = re.compile(r"<f8|<i[48]|\|i1|<U[1-9]\d{0,3}")
_WORDS = {math.inf: "Infinity", -math.inf: "-Infinity"}
_NO_FINITE = ("NaN", *_WORDS.values())


def dump(run: Run) -> str:
    """The whole run as JSON text."""
    records = run.keeps_legs
    network = run.network
    return json.dumps({
        "format": FORMAT,
        "version": VERSION,
        "seed": run.seed,
        "n_warm_up": run.n_warm_up,
        "scenario": json.loads(run.scenario.to_json()),
        "network": {
            "name": network.name, "nodes": _table_out(network.nodes), "links": _table_out(network.links),
            "routes_by": network.routes_by,
        },
        "frames": _table_out(run.frames),
        "legs": _table_out(run.legs) if records else None,
        "events": _table_out(run.events, without="event") if records else None,
        "signals": _table_out(run.signals) if records else None,
    })  # fmt: skip


def parse(text: str) -> Run:
    """Read what :func:`dump` wrote.

    Raises
    ------
    ValueError
        If the text is not such a run; the message says what is wrong with it.
    """
    try:
        whole = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        raise ValueError(f"not a run: {error}") from None
    if not isinstance(whole, dict) or whole.get("format") != FORMAT:
        raise ValueError(f"not a run: no format {FORMAT!r}")
    if whole.get("version") != VERSION:
        raise ValueError(f"version = {whole.get('version')!r} of a run is not {VERSION}")
    try:
        return _run_in(whole)
    except KeyError as error:
        raise ValueError(f"not a run: {error.args[0]} is missing") from None
    except (TypeError, AttributeError, OverflowError) as error:
        raise ValueError(f"not a run: {error}") from None


def _run_in(whole: dict[str, Any]) -> Run:
    seed = whole["seed"]
    if isinstance(seed, bool) or not isinstance(seed, int) or seed < 0:
        raise ValueError(f"seed = {seed!r} must be a whole number of at least 0")
    n_warm_up = whole.get("n_warm_up", 0)
    if isinstance(n_warm_up, bool) or not isinstance(n_warm_up, int) or n_warm_up < 0:
        raise ValueError(f"n_warm_up = {in_short(n_warm_up)} must be a whole number of at least 0")
    network = whole["network"]
    nodes, links = _table_in("nodes", network["nodes"]), _table_in("links", network["links"])
    where = Network(
        name=str(network["name"]), node_names=nodes["name"].tolist(), roles=nodes["role"].tolist(),
        x_km=nodes["x_km"], y_km=nodes["y_km"], link_from=links["from_node"], link_to=links["to_node"],
        link_km=links["length_km"], routes_by=network.get("routes_by", "length"),
        longitude_deg=nodes.get("longitude_deg"), latitude_deg=nodes.get("latitude_deg"),
        **{f"link_{name}": links.get(name) for name in LINK_VALUES},
    )  # fmt: skip
    if len({whole[name] is None for name in ("legs", "events", "signals")}) > 1:
        raise ValueError("not a run: legs, events and signals belong together")
    frames = _table_in("frames", whole["frames"])
    kept = {n: None if whole[n] is None else _table_in(n, whole[n]) for n in ("legs", "events", "signals")}
    scenario = Scenario.from_nested(whole["scenario"])
    check_tables({"frames": frames, **kept}, where, scenario)
    legs, events, signals = kept["legs"], kept["events"], kept["signals"]
    return Run(
        scenario=scenario, network=where, seed=seed, frames=frames, legs=legs, events=events, signals=signals,
        n_warm_up=n_warm_up,
    )  # fmt: skip


def _table_out(table: Table, *, without: str = "") -> dict[str, dict[str, object]]:
    kept = {name: column for name, column in table.items() if name != without}
    return {name: {"type": column.dtype.str, "values": _values_out(column)} for name, column in kept.items()}


def _values_out(column: Column) -> list[Cell]:
    if column.dtype.kind != "f" or np.all(np.isfinite(column)):
        values: list[Cell] = column.tolist()
        return values
    return [v if math.isfinite(v) else "NaN" if math.isnan(v) else _WORDS[v] for v in column.tolist()]


def _table_in(name: str, columns: object) -> Table:
    if not isinstance(columns, dict):
        raise ValueError(f"{name} must be a table, not {type(columns).__name__}")
    return Table({column: _column_in(f"{name}.{column}", stored) for column, stored in columns.items()})


def _column_in(name: str, stored: Any) -> Column:
    kind, values = stored["type"], stored["values"]
    if not isinstance(kind, str) or not _KNOWN_TYPE.fullmatch(kind) or not isinstance(values, list):
        raise ValueError(f"{name} is not a column of a known type")
    wanted: tuple[type, ...] = (int, float) if "f" in kind else (str,) if "U" in kind else (int,)
    for row, value in enumerate(values):
        if type(value) not in wanted and not ("f" in kind and value in _NO_FINITE):
            raise ValueError(f"{name}, row {row}: {in_short(value)} is not of type {kind}")
    try:
        if "f" in kind:
            return np.array([float(v) for v in values], dtype=kind)
        return np.array(values, dtype=kind)
    except (ValueError, TypeError, OverflowError) as error:
        raise ValueError(f"{name}: {error}") from None
