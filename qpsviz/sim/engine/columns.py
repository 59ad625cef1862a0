"""Where every column of a state lies: columns by name from lists or the two buffers, and both laid out from columns."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import fields
from functools import cache
from typing import Any

import numpy as np

from qpsviz.sim.engine.state import (
    BOOKING,
    FLIGHT,
    FLIGHT_STEP,
    HEAP,
    LEG,
    MARK,
    N_COUNTERS,
    WAITING_STEP,
    Buffers,
    Plan,
    Sizes,
    State,
)
from qpsviz.units import Column

COLUMNS = tuple(f.name for f in fields(State) if f.type in ("list[int]", "list[float]") and f.name != "counts")
GROWING = {"heap": HEAP, "flight": FLIGHT, "leg": LEG, "mark": MARK, "booking": BOOKING}
_STEPS = {("flight", "ints"): FLIGHT_STEP, ("flight", "floats"): FLIGHT_STEP, ("waiting", "ints"): WAITING_STEP}
_LINE_OCTETS = 64
_DETAIL = ("leg_payload_out_us", "leg_guard_us", "leg_lost_us")
ROWS_OF = {"due": "heap", "waiting": "heap", "free": "flight", "detour": "flight"}
"""Tables that have as many rows as another."""
_OF_BUFFERS = ("heap", "due", "waiting", "bucket")
"""Tables of the compiled engine's queue."""


@cache
def table_of(column: str) -> str:
    """The table that a column belongs to."""
    return column.partition("_")[0]


def step_of(column: str) -> int:
    """Places in a buffer from one row of a column to the next."""
    return _STEPS.get((table_of(column), buffer_of(column)), 1)


@cache
def buffer_of(column: str) -> str:
    """The buffer that a column lies in, by its unit: times in us are floating-point numbers."""
    return "floats" if column.endswith("_us") else "ints"


_TABLES = {table: [c for c in COLUMNS if table_of(c) == table] for table in map(table_of, COLUMNS)}
_TYPES = {"ints": np.int64, "floats": np.float64}


def _is_kept(plan: Plan, column: str) -> bool:
    """Whether a column is written: a leg's detail on demand, and its wavelength where there are several."""
    return plan.records or not (column in _DETAIL or (column == "leg_channel" and plan.n_channels == 1))


def laid_out(
    plan: Plan, rows: dict[str, int], counters: Column, old: Mapping[str, Column], *, compiled: bool
) -> State | Buffers:
    """Lay all columns out, and copy what is known of them; the rest is 0."""
    for table, other in ROWS_OF.items():
        rows[table] = rows[other]
    if not plan.streams:
        rows["free"] = 0
    if not plan.deflects:
        rows["detour"] = 0
    sizes = Sizes._make([*(rows[table] for table in GROWING), rows["session"] - 1 if plan.streams else -1])
    return _in_buffers(rows, sizes, counters, old) if compiled else _in_lists(rows, sizes, counters, old)


def _in_lists(rows: dict[str, int], sizes: Sizes, counters: Column, old: Mapping[str, Column]) -> State:
    columns: dict[str, Any] = {}
    for name in COLUMNS:
        n = 0 if table_of(name) in _OF_BUFFERS else rows[table_of(name)]
        known: Any = old[name].astype(_TYPES[buffer_of(name)]).tolist() if name in old else []
        columns[name] = known + [0 if buffer_of(name) == "ints" else 0.0] * (n - len(known))
    return State(counts=counters.tolist(), at=sizes, queue=[], due=[], **columns)


def _in_buffers(rows: dict[str, int], sizes: Sizes, counters: Column, old: Mapping[str, Column]) -> Buffers:
    """Columns of a table lie end to end or side by side."""
    ends = {"ints": -(-N_COUNTERS // FLIGHT_STEP) * FLIGHT_STEP, "floats": 0}
    starts: dict[str, int] = {}
    for table, names in _TABLES.items():
        for kind in ends:
            step = _STEPS.get((table, kind), 1)
            ends[kind] += -ends[kind] % step  # so that a row does not lie across two lines of a cache
            for i, name in enumerate(n for n in names if buffer_of(n) == kind):
                starts[name] = ends[kind] + (i if step > 1 else i * rows[table])
            ends[kind] += rows[table] * (step if step > 1 else sum(buffer_of(n) == kind for n in names))
    buffers: dict[str, Column] = {kind: _zeros(end, _TYPES[kind]) for kind, end in ends.items()}
    buffers["ints"][:N_COUNTERS] = counters
    for name, column in old.items():
        step = step_of(name)
        buffers[buffer_of(name)][starts[name] : starts[name] + column.size * step : step] = column
    return Buffers(buffers["ints"], buffers["floats"], record_of(sizes._asdict() | starts))


def _zeros(n: int, kind: type) -> Column:
    """Zeros that begin where a line of a processor's cache does."""
    whole: Column = np.zeros(n + _LINE_OCTETS // 8, dtype=kind)
    start = -whole.ctypes.data % _LINE_OCTETS // 8
    return whole[start : start + n]


def record_of(known: Mapping[str, Any]) -> Any:
    """Numbers, truths and named tuples of such as a NumPy record, whose fields have the same names."""

    def kind(value: Any) -> Any:
        if isinstance(value, tuple):
            return [(name, kind(part)) for name, part in value._asdict().items()]  # type: ignore[attr-defined]
        return np.bool_ if isinstance(value, bool) else np.int64 if isinstance(value, int | np.integer) else np.float64

    kinds = [(name, kind(value)) for name, value in known.items()]
    return np.array([tuple(known.values())], dtype=np.dtype((np.record, kinds)))[0]


def columns_of(s: State | Buffers) -> dict[str, Column]:
    """Every column with all its rows; of a compiled run, as views of the buffers."""
    if isinstance(s, State):
        return {name: np.array(getattr(s, name), dtype=_TYPES[buffer_of(name)]) for name in COLUMNS}
    at: dict[str, int] = dict(
        zip(s.at.dtype.names or (), s.at.item(), strict=True)
    )  # its attributes are slow one by one
    starts = {kind: sorted(at[n] for n in COLUMNS if buffer_of(n) == kind) for kind in _TYPES}
    columns = {}
    for name in COLUMNS:
        kind, table, start = buffer_of(name), table_of(name), at[name]
        buffer = getattr(s, kind)
        if (step := step_of(name)) > 1:
            n_rows = at[f"n_{ROWS_OF.get(table, table)}_rows"]
            columns[name] = buffer[start : start + n_rows * step : step]
        else:
            after = bisect_right(starts[kind], start)
            end = starts[kind][after] if after < len(starts[kind]) else buffer.size
            columns[name] = buffer[start:end]
    return columns


def put(s: State | Buffers, name: str, row: Column, values: Column) -> None:
    """Write values, or one for all, in rows of a column."""
    if isinstance(s, Buffers):
        getattr(s, buffer_of(name))[getattr(s.at, name) + row * step_of(name)] = values
        return
    column = getattr(s, name)
    for where, value in zip(row.tolist(), np.broadcast_to(values, row.shape).tolist(), strict=True):
        column[where] = value


def tables(plan: Plan, s: State | Buffers) -> dict[str, Column]:
    """Every column that was written, by name, as an array of the rows in use."""
    views = columns_of(s) if isinstance(s, Buffers) else {}
    used: dict[str, Column] = {}
    for name in COLUMNS:
        counter = GROWING.get(ROWS_OF.get(table_of(name), table_of(name)))
        n = None if counter is None else int(s.counts[counter])
        n = n if _is_kept(plan, name) else 0
        column = views[name] if views else getattr(s, name)
        used[name] = np.array(column[:n], dtype=np.float64 if buffer_of(name) == "floats" else np.int32)
    return used


def port_held_us(s: State | Buffers) -> Column:
    """How long each port was taken, link after link. [us]"""
    return columns_of(s)["port_held_us"].copy()
