"""Where every column of a state lies: columns by name from the two buffers, and buffers laid out from columns."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from typing import Any

import numpy as np

from qpsviz.sim.engine.state import BOOKING, FLIGHT, FLIGHT_STEP, HEAP, LEG, MARK, Places, Plan, State
from qpsviz.units import Column

COLUMNS = Places._fields[Places._fields.index("heap_us") :]
N_COUNTERS = 14
GROWING = {"heap": HEAP, "flight": FLIGHT, "leg": LEG, "mark": MARK, "booking": BOOKING}
_STEPS = {"flight": FLIGHT_STEP}
_DETAIL = ("leg_payload_out_us", "leg_guard_us", "leg_lost_us")


def table_of(column: str) -> str:
    """The table that a column belongs to."""
    return column.partition("_")[0]


def step_of(column: str) -> int:
    """Places from one row of a column to the next."""
    return _STEPS.get(table_of(column), 1)


def _kind(column: str) -> str:
    return "floats" if column.endswith("_us") else "ints"


_TABLES = {table: [c for c in COLUMNS if table_of(c) == table] for table in map(table_of, COLUMNS)}


def _is_kept(plan: Plan, column: str) -> bool:
    """Whether a column is written: a leg's detail on demand, and its wavelength where there are several."""
    return plan.records or not (column in _DETAIL or (column == "leg_channel" and plan.n_channels == 1))


def laid_out(plan: Plan, rows: dict[str, int], counters: Column, old: Mapping[str, Column], *, compiled: bool) -> State:
    """Lay all columns out, those of a table end to end or side by side, and copy what is known of them."""
    rows["due"] = rows["waiting"] = rows["heap"]
    rows["free"] = rows["flight"] if plan.streams else 0
    ends = {"ints": -(-N_COUNTERS // FLIGHT_STEP) * FLIGHT_STEP, "floats": 0}
    starts: dict[str, int] = {}
    for table, names in _TABLES.items():
        step = _STEPS.get(table, 1)
        for kind in ends:
            for i, name in enumerate(n for n in names if _kind(n) == kind):
                starts[name] = ends[kind] + (i if step > 1 else i * rows[table])
            ends[kind] += rows[table] * (step if step > 1 else sum(_kind(n) == kind for n in names))
    ints, floats = np.zeros(ends["ints"], dtype=np.int64), np.zeros(ends["floats"])
    ints[:N_COUNTERS] = counters
    for name, column in old.items():
        buffer, step = floats if _kind(name) == "floats" else ints, step_of(name)
        buffer[starts[name] : starts[name] + column.size * step : step] = column
    mask = rows["session"] - 1 if plan.streams else -1
    at = Places._make([*(rows[table] for table in GROWING), mask, *(starts[name] for name in COLUMNS)])
    if compiled:
        return State(ints, floats, record_of(at))  # type: ignore[arg-type]
    return State(ints.tolist(), floats.tolist(), at)


def record_of(known: Any) -> Any:
    """A named tuple of numbers, truths and such tuples as a NumPy record, whose fields have the same names."""

    def kind(value: object) -> Any:
        if isinstance(value, tuple):
            return [(name, kind(part)) for name, part in zip(value._fields, value, strict=True)]  # type: ignore[attr-defined]
        return np.bool_ if isinstance(value, bool) else np.int64 if isinstance(value, int | np.integer) else np.float64

    return np.array([known], dtype=np.dtype((np.record, kind(known))))[0]


def columns_of(s: State) -> dict[str, Column]:
    """Every column with all its rows; of a compiled run, as views of the buffers."""
    buffers = {"ints": np.asarray(s.ints, dtype=np.int64), "floats": np.asarray(s.floats, dtype=np.float64)}
    starts = {kind: sorted([getattr(s.at, n) for n in COLUMNS if _kind(n) == kind]) for kind in buffers}
    columns = {}
    for name in COLUMNS:
        kind, table, start = _kind(name), table_of(name), getattr(s.at, name)
        if table in _STEPS:
            step = _STEPS[table]
            columns[name] = buffers[kind][start : start + getattr(s.at, f"n_{table}_rows") * step : step]
        else:
            after = bisect_right(starts[kind], start)
            end = starts[kind][after] if after < len(starts[kind]) else buffers[kind].size
            columns[name] = buffers[kind][start:end]
    return columns


def tables(plan: Plan, s: State) -> dict[str, Column]:
    """Every column that was written, by name, as an array of the rows in use; flights are called by their rows."""
    used = {}
    for name, column in columns_of(s).items():
        counter = GROWING.get(table_of(name))
        n = column.size if counter is None else s.ints[counter]
        n = n if _is_kept(plan, name) else 0
        used[name] = column[:n].copy() if _kind(name) == "floats" else column[:n].astype(np.int32)
    for name in ("frame_flight", "leg_flight"):
        used[name] //= FLIGHT_STEP  # -1 stays -1
    return used


def port_held_us(s: State) -> Column:
    """How long each port was taken, link after link. [us]"""
    return columns_of(s)["port_held_us"].copy()
