"""The queue of the compiled engine: what :mod:`qpsviz.sim.engine.event_queue` is to plain Python, in the same order.

Events far ahead wait unordered in a ring of buckets, each for a span of time: only those of the present bucket are in
the heap, which is small and quick therefore (a calendar queue: R. Brown, Communications of the ACM 31, 1220 (1988)).
"""

from __future__ import annotations

from qpsviz.sim.engine.event_queue import KIND_BITS, KIND_MASK
from qpsviz.sim.engine.state import BUCKET, BUCKETS, DUE, FREE_WAITING, HEAP, SEQUENCE, WAITING, Row, State
from qpsviz.units.times import is_after, latest_equal_us

_ORDER_BITS = 48
_RING = BUCKETS - 1


def push(s: State, time_us: float, kind: Row, item: Row) -> None:
    """Schedule an event of ``kind`` about ``item``."""
    sequence = s.counts[SEQUENCE]
    s.counts[SEQUENCE] = sequence + 1
    bucket = bucket_of(s, time_us)
    if bucket <= s.counts[BUCKET]:
        put_in_heap(s, time_us, sequence, (item << KIND_BITS) | kind)
        return
    row = s.counts[FREE_WAITING]
    if row > 0:
        row -= 1
        s.counts[FREE_WAITING] = s.waiting_next[row]
    else:  # rows are used again as soon as they are free, so that the first unused one follows those in use
        row = s.counts[WAITING]
    s.counts[WAITING] += 1
    s.waiting_us[row] = time_us
    s.waiting_order[row] = sequence
    s.waiting_code[row] = (item << KIND_BITS) | kind
    place = bucket & _RING
    s.waiting_next[row] = s.bucket_first[place]
    s.bucket_first[place] = row + 1


def is_over(s: State, look_us: float) -> bool:
    """Whether no event is left that comes up to a moment."""
    if s.counts[DUE] == 0 and s.counts[HEAP] == 0:
        find_next(s)
    return s.counts[DUE] == 0 and (s.counts[HEAP] == 0 or is_after(s.heap_us[0], look_us))


def bucket_of(s: State, time_us: float) -> int:
    """Which span of time a moment lies in, counted from 0."""
    return int(time_us * s.rate_per_us[0])


def open_bucket(s: State) -> None:
    """Go on to the next bucket, and put the events of it in the heap; others wait for the ring's next turn."""
    bucket = s.counts[BUCKET] + 1
    s.counts[BUCKET] = bucket
    place = bucket & _RING
    row, s.bucket_first[place] = s.bucket_first[place] - 1, 0
    while row >= 0:
        time_us, after = s.waiting_us[row], s.waiting_next[row] - 1
        if bucket_of(s, time_us) == bucket:
            put_in_heap(s, time_us, s.waiting_order[row], s.waiting_code[row])
            s.waiting_next[row] = s.counts[FREE_WAITING]
            s.counts[FREE_WAITING] = row + 1
            s.counts[WAITING] -= 1
        else:
            s.waiting_next[row] = s.bucket_first[place]
            s.bucket_first[place] = row + 1
        row = after


def find_next(s: State) -> None:
    """Put the earliest waiting events in the heap, where it is empty."""
    n_empty = 0
    while s.counts[HEAP] == 0 and s.counts[WAITING] > 0:
        if n_empty == BUCKETS:  # nothing for a whole turn of the ring
            s.counts[BUCKET] = earliest_bucket(s) - 1
        open_bucket(s)
        n_empty += 1


def earliest_bucket(s: State) -> int:
    """The bucket of the earliest waiting event."""
    best = -1
    for place in range(BUCKETS):
        row = s.bucket_first[place] - 1
        while row >= 0:
            bucket = bucket_of(s, s.waiting_us[row])
            if best < 0 or bucket < best:
                best = bucket
            row = s.waiting_next[row] - 1
    return best


def put_in_heap(s: State, time_us: float, sequence: Row, code: Row) -> None:
    """Add an event to the heap."""
    hole = s.counts[HEAP]
    s.counts[HEAP] = hole + 1
    while hole > 0:
        parent = (hole - 1) >> 1
        if is_before(s, parent, time_us, sequence):
            break
        s.heap_us[hole] = s.heap_us[parent]
        s.heap_order[hole] = s.heap_order[parent]
        s.heap_code[hole] = s.heap_code[parent]
        hole = parent
    s.heap_us[hole] = time_us
    s.heap_order[hole] = sequence
    s.heap_code[hole] = code


def pop(s: State) -> tuple[float, int]:
    """Take the next event: its time, and its item and kind in one number.

    Among the events of one instant, lower kinds come first, then those scheduled first.
    """
    if s.counts[DUE] == 0:
        first_us, sequence, code = take_earliest(s)
        last_bucket = bucket_of(s, latest_equal_us(first_us))
        while s.counts[BUCKET] < last_bucket:
            open_bucket(s)
        if s.counts[HEAP] == 0 or is_after(s.heap_us[0], first_us):
            return first_us, code
        s.instant_us[0] = first_us
        make_due(s, first_us, sequence, code)
    while s.counts[HEAP] > 0 and not is_after(s.heap_us[0], s.instant_us[0]):
        time_us, sequence, code = take_earliest(s)
        make_due(s, time_us, sequence, code)
    return take_due(s)


def take_earliest(s: State) -> tuple[float, int, int]:
    """Take the earliest event off the heap: its time, sequence number, and item and kind in one number."""
    first_us, first_order, first_code = s.heap_us[0], s.heap_order[0], s.heap_code[0]
    n = s.counts[HEAP] - 1
    s.counts[HEAP] = n
    time_us, sequence, code = s.heap_us[n], s.heap_order[n], s.heap_code[n]
    hole, child = 0, 1
    while child < n:
        if child + 1 < n and is_before(s, child + 1, s.heap_us[child], s.heap_order[child]):
            child += 1
        if not is_before(s, child, time_us, sequence):
            break
        s.heap_us[hole] = s.heap_us[child]
        s.heap_order[hole] = s.heap_order[child]
        s.heap_code[hole] = s.heap_code[child]
        hole = child
        child = 2 * hole + 1
    s.heap_us[hole] = time_us
    s.heap_order[hole] = sequence
    s.heap_code[hole] = code
    return first_us, first_order, first_code


def is_before(s: State, place: Row, time_us: float, sequence: Row) -> bool:
    """Whether the event at a place of the heap comes before one of this time and sequence number."""
    there_us = s.heap_us[place]
    return there_us < time_us or (there_us == time_us and s.heap_order[place] < sequence)


def make_due(s: State, time_us: float, sequence: Row, code: Row) -> None:
    """Add an event to those of the present instant."""
    hole, key = s.counts[DUE], ((code & KIND_MASK) << _ORDER_BITS) | sequence
    s.counts[DUE] = hole + 1
    while hole > 0:
        parent = (hole - 1) >> 1
        if s.due_order[parent] < key:
            break
        s.due_us[hole] = s.due_us[parent]
        s.due_order[hole] = s.due_order[parent]
        s.due_code[hole] = s.due_code[parent]
        hole = parent
    s.due_us[hole] = time_us
    s.due_order[hole] = key
    s.due_code[hole] = code


def take_due(s: State) -> tuple[float, int]:
    """Take the next event of the present instant."""
    first_us, first_code = s.due_us[0], s.due_code[0]
    n = s.counts[DUE] - 1
    s.counts[DUE] = n
    time_us, key, code = s.due_us[n], s.due_order[n], s.due_code[n]
    hole, child = 0, 1
    while child < n:
        if child + 1 < n and s.due_order[child + 1] < s.due_order[child]:
            child += 1
        if s.due_order[child] > key:
            break
        s.due_us[hole] = s.due_us[child]
        s.due_order[hole] = s.due_order[child]
        s.due_code[hole] = s.due_code[child]
        hole = child
        child = 2 * hole + 1
    s.due_us[hole] = time_us
    s.due_order[hole] = key
    s.due_code[hole] = code
    return first_us, first_code
