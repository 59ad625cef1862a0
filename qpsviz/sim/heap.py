"""The event heap: a binary heap on (time, sequence number), held in three columns.

Everything in this module runs both as plain Python on lists and compiled on arrays; see
:mod:`qpsviz.sim.compiled`.
"""

from __future__ import annotations

from qpsviz.sim.state import HEAP, SEQUENCE, State

KIND_BITS = 4


def push(s: State, time_us: float, kind: int, item: int) -> None:
    """Schedule an event of ``kind`` about ``item``; equal times keep the order of pushing."""
    times, order, codes = s.heap_time, s.heap_order, s.heap_code
    hole = s.count[HEAP]
    sequence = s.count[SEQUENCE]
    s.count[HEAP] = hole + 1
    s.count[SEQUENCE] = sequence + 1
    while hole > 0:
        parent = (hole - 1) >> 1
        if times[parent] <= time_us:
            break
        times[hole] = times[parent]
        order[hole] = order[parent]
        codes[hole] = codes[parent]
        hole = parent
    times[hole] = time_us
    order[hole] = sequence
    codes[hole] = (item << KIND_BITS) | kind


def pop(s: State) -> tuple[float, int]:
    """Take the earliest event: its time, and its item and kind in one number."""
    times, order, codes = s.heap_time, s.heap_order, s.heap_code
    first_time, first_code = times[0], codes[0]
    n = s.count[HEAP] - 1
    s.count[HEAP] = n
    time, sequence, code = times[n], order[n], codes[n]
    hole, child = 0, 1
    while child < n:
        right = child + 1
        if right < n and (
            times[right] < times[child] or (times[right] == times[child] and order[right] < order[child])
        ):
            child = right
        if time < times[child] or (time == times[child] and sequence < order[child]):
            break
        times[hole] = times[child]
        order[hole] = order[child]
        codes[hole] = codes[child]
        hole = child
        child = 2 * hole + 1
    times[hole] = time
    order[hole] = sequence
    codes[hole] = code
    return first_time, first_code
