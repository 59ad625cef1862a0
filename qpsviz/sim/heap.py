"""The event heap: a binary heap on (time, sequence number), held in three columns.

Everything in this module runs both as plain Python and compiled; see :mod:`qpsviz.sim.compiled`.
"""

from __future__ import annotations

from qpsviz.sim.state import HEAP, SEQUENCE, Row, State

KIND_BITS = 4


def push(s: State, time_us: float, kind: Row, item: Row) -> None:
    """Schedule an event of ``kind`` about ``item``; equal times keep the order of pushing."""
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
    """Take the earliest event: its time, and its item and kind in one number."""
    floats, ints = s.floats, s.ints
    times, order, codes = s.heap_us, s.heap_order, s.heap_code
    first_us, first_code = floats[times], ints[codes]
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
    return first_us, first_code


def is_before(s: State, place: Row, time_us: float, sequence: Row) -> bool:
    """Whether the event at a place of the heap comes before one of this time and sequence number."""
    there_us = s.floats[s.heap_us + place]
    return there_us < time_us or (there_us == time_us and s.ints[s.heap_order + place] < sequence)
