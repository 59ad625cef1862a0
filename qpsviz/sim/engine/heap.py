"""What happens next, in order of (time, kind, sequence number), with equal times as equal.

Rounding must not decide who comes first, so the events of one instant are gathered before any of them is worked off:
a heap by time gives them, a small one by kind and sequence number orders them. Events far ahead wait unordered in a
ring of buckets, each for a span of time: only those of the present bucket are in the heap, which is small and quick
therefore (a calendar queue: R. Brown, Communications of the ACM 31, 1220 (1988)). Everything in this module runs both
as plain Python and compiled; see :mod:`qpsviz.sim.engine.compiled`.
"""

from __future__ import annotations

from qpsviz.sim.engine.state import BUCKET, BUCKETS, DUE, HEAP, LOOSE_WAITING, SEQUENCE, WAITING, Row, State
from qpsviz.units.times import is_after, latest_equal_us

KIND_BITS = 4
_KIND_MASK = (1 << KIND_BITS) - 1
_ORDER_BITS = 48
_RING = BUCKETS - 1


def n_pending(s: State) -> int:
    """Events that have yet to come."""
    return s.ints[HEAP] + s.ints[DUE] + s.ints[WAITING]


def push(s: State, time_us: float, kind: Row, item: Row) -> None:
    """Schedule an event of ``kind`` about ``item``."""
    sequence = s.ints[SEQUENCE]
    s.ints[SEQUENCE] = sequence + 1
    bucket = bucket_of(s, time_us)
    if bucket <= s.ints[BUCKET]:
        put_in_heap(s, time_us, sequence, (item << KIND_BITS) | kind)
        return
    row = s.ints[LOOSE_WAITING]
    if row > 0:
        row -= 1
        s.ints[LOOSE_WAITING] = s.ints[s.at.waiting_next + row]
    else:  # rows are used again as soon as they are free, so that the first unused one follows those in use
        row = s.ints[WAITING]
    s.ints[WAITING] += 1
    s.floats[s.at.waiting_us + row] = time_us
    s.ints[s.at.waiting_order + row] = sequence
    s.ints[s.at.waiting_code + row] = (item << KIND_BITS) | kind
    first = s.at.bucket_first + (bucket & _RING)
    s.ints[s.at.waiting_next + row] = s.ints[first]
    s.ints[first] = row + 1


def bucket_of(s: State, time_us: float) -> int:
    """Which span of time a moment lies in, counted from 0."""
    return int(time_us * s.floats[s.at.rate_per_us])


def open_bucket(s: State) -> None:
    """Go on to the next bucket, and put the events of it in the heap; others wait for the ring's next turn."""
    bucket = s.ints[BUCKET] + 1
    s.ints[BUCKET] = bucket
    first = s.at.bucket_first + (bucket & _RING)
    row, s.ints[first] = s.ints[first] - 1, 0
    while row >= 0:
        time_us, after = s.floats[s.at.waiting_us + row], s.ints[s.at.waiting_next + row] - 1
        if bucket_of(s, time_us) == bucket:
            put_in_heap(s, time_us, s.ints[s.at.waiting_order + row], s.ints[s.at.waiting_code + row])
            s.ints[s.at.waiting_next + row] = s.ints[LOOSE_WAITING]
            s.ints[LOOSE_WAITING] = row + 1
            s.ints[WAITING] -= 1
        else:
            s.ints[s.at.waiting_next + row] = s.ints[first]
            s.ints[first] = row + 1
        row = after


def find_next(s: State) -> None:
    """Put the earliest waiting events in the heap, where it is empty."""
    n_empty = 0
    while s.ints[HEAP] == 0 and s.ints[WAITING] > 0:
        if n_empty == BUCKETS:  # nothing for a whole turn of the ring
            s.ints[BUCKET] = earliest_bucket(s) - 1
        open_bucket(s)
        n_empty += 1


def earliest_bucket(s: State) -> int:
    """The bucket of the earliest waiting event."""
    best = -1
    for place in range(BUCKETS):
        row = s.ints[s.at.bucket_first + place] - 1
        while row >= 0:
            bucket = bucket_of(s, s.floats[s.at.waiting_us + row])
            if best < 0 or bucket < best:
                best = bucket
            row = s.ints[s.at.waiting_next + row] - 1
    return best


def put_in_heap(s: State, time_us: float, sequence: Row, code: Row) -> None:
    """Add an event to the heap."""
    floats, ints = s.floats, s.ints
    times, order, codes = s.at.heap_us, s.at.heap_order, s.at.heap_code
    hole = ints[HEAP]
    ints[HEAP] = hole + 1
    while hole > 0:
        parent = (hole - 1) >> 1
        if is_before(s, parent, time_us, sequence):
            break
        floats[times + hole] = floats[times + parent]
        ints[order + hole] = ints[order + parent]
        ints[codes + hole] = ints[codes + parent]
        hole = parent
    floats[times + hole] = time_us
    ints[order + hole] = sequence
    ints[codes + hole] = code


def pop(s: State) -> tuple[float, int]:
    """Take the next event: its time, and its item and kind in one number.

    Among the events of one instant, lower kinds come first, then those scheduled first.
    """
    if s.ints[DUE] == 0:
        first_us, sequence, code = take_earliest(s)
        last_bucket = bucket_of(s, latest_equal_us(first_us))
        while s.ints[BUCKET] < last_bucket:
            open_bucket(s)
        if s.ints[HEAP] == 0 or is_after(s.floats[s.at.heap_us], first_us):
            return first_us, code
        s.floats[s.at.instant_us] = first_us
        make_due(s, first_us, sequence, code)
    while s.ints[HEAP] > 0 and not is_after(s.floats[s.at.heap_us], s.floats[s.at.instant_us]):
        time_us, sequence, code = take_earliest(s)
        make_due(s, time_us, sequence, code)
    return take_due(s)


def take_earliest(s: State) -> tuple[float, int, int]:
    """Take the earliest event off the heap: its time, sequence number, and item and kind in one number."""
    floats, ints = s.floats, s.ints
    times, order, codes = s.at.heap_us, s.at.heap_order, s.at.heap_code
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
    there_us = s.floats[s.at.heap_us + place]
    return there_us < time_us or (there_us == time_us and s.ints[s.at.heap_order + place] < sequence)


def make_due(s: State, time_us: float, sequence: Row, code: Row) -> None:
    """Add an event to those of the present instant."""
    floats, ints = s.floats, s.ints
    times, order, codes = s.at.due_us, s.at.due_order, s.at.due_code
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
    times, order, codes = s.at.due_us, s.at.due_order, s.at.due_code
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
