"""The event heap: what happens next, in order of (time, kind, sequence number), with equal times as equal.

Rounding must not decide who comes first, so the events of one instant are gathered before any of them is worked off:
a heap by time gives them, a small one by kind and sequence number orders them. Everything in this module runs both as
plain Python and compiled; see :mod:`qpsviz.sim.engine.compiled`.
"""

from __future__ import annotations

from qpsviz.sim.engine.state import DUE, HEAP, SEQUENCE, Row, State
from qpsviz.units.times import is_after

KIND_BITS = 4
_KIND_MASK = (1 << KIND_BITS) - 1
_ORDER_BITS = 48


def push(s: State, time_us: float, kind: Row, item: Row) -> None:
    """Schedule an event of ``kind`` about ``item``."""
    floats, ints = s.floats, s.ints
    times, order, codes = s.heap_us, s.heap_order, s.heap_code
    hole = ints[HEAP]
    sequence = ints[SEQUENCE]
    ints[HEAP] = hole + 1
    ints[SEQUENCE] = sequence + 1
    while hole > 0:
        parent = (hole - 1) >> 1
        if floats[times + parent] <= time_us:
            break
        floats[times + hole] = floats[times + parent]
        ints[order + hole] = ints[order + parent]
        ints[codes + hole] = ints[codes + parent]
        hole = parent
    floats[times + hole] = time_us
    ints[order + hole] = sequence
    ints[codes + hole] = (item << KIND_BITS) | kind


def pop(s: State) -> tuple[float, int]:
    """Take the next event: its time, and its item and kind in one number.

    Among the events of one instant, lower kinds come first, then those scheduled first.
    """
    if s.ints[DUE] == 0:
        first_us, sequence, code = take_earliest(s)
        if s.ints[HEAP] == 0 or is_after(s.floats[s.heap_us], first_us):
            return first_us, code
        s.floats[s.instant_us] = first_us
        make_due(s, first_us, sequence, code)
    while s.ints[HEAP] > 0 and not is_after(s.floats[s.heap_us], s.floats[s.instant_us]):
        time_us, sequence, code = take_earliest(s)
        make_due(s, time_us, sequence, code)
    return take_due(s)


def take_earliest(s: State) -> tuple[float, int, int]:
    """Take the earliest event off the heap: its time, sequence number, and item and kind in one number."""
    floats, ints = s.floats, s.ints
    times, order, codes = s.heap_us, s.heap_order, s.heap_code
    first_us, first_order, first_code = floats[times], ints[order], ints[codes]
    n = ints[HEAP] - 1
    ints[HEAP] = n
    time_us, sequence, code = floats[times + n], ints[order + n], ints[codes + n]
    hole, child = 0, 1
    while child < n:
        if child + 1 < n and is_before(s, child + 1, floats[times + child], ints[order + child]):
            child += 1
        if not is_before(s, child, time_us, sequence):
            break
        floats[times + hole] = floats[times + child]
        ints[order + hole] = ints[order + child]
        ints[codes + hole] = ints[codes + child]
        hole = child
        child = 2 * hole + 1
    floats[times + hole] = time_us
    ints[order + hole] = sequence
    ints[codes + hole] = code
    return first_us, first_order, first_code


def is_before(s: State, place: Row, time_us: float, sequence: Row) -> bool:
    """Whether the event at a place of the heap comes before one of this time and sequence number."""
    there_us = s.floats[s.heap_us + place]
    return there_us < time_us or (there_us == time_us and s.ints[s.heap_order + place] < sequence)


def make_due(s: State, time_us: float, sequence: Row, code: Row) -> None:
    """Add an event to those of the present instant."""
    floats, ints = s.floats, s.ints
    times, order, codes = s.due_us, s.due_order, s.due_code
    hole, key = ints[DUE], ((code & _KIND_MASK) << _ORDER_BITS) | sequence
    ints[DUE] = hole + 1
    while hole > 0:
        parent = (hole - 1) >> 1
        if ints[order + parent] < key:
            break
        floats[times + hole] = floats[times + parent]
        ints[order + hole] = ints[order + parent]
        ints[codes + hole] = ints[codes + parent]
        hole = parent
    floats[times + hole] = time_us
    ints[order + hole] = key
    ints[codes + hole] = code


def take_due(s: State) -> tuple[float, int]:
    """Take the next event of the present instant."""
    floats, ints = s.floats, s.ints
    times, order, codes = s.due_us, s.due_order, s.due_code
    first_us, first_code = floats[times], ints[codes]
    n = ints[DUE] - 1
    ints[DUE] = n
    time_us, key, code = floats[times + n], ints[order + n], ints[codes + n]
    hole, child = 0, 1
    while child < n:
        if child + 1 < n and ints[order + child + 1] < ints[order + child]:
            child += 1
        if ints[order + child] > key:
            break
        floats[times + hole] = floats[times + child]
        ints[order + hole] = ints[order + child]
        ints[codes + hole] = ints[codes + child]
        hole = child
        child = 2 * hole + 1
    floats[times + hole] = time_us
    ints[order + hole] = key
    ints[codes + hole] = code
    return first_us, first_code
