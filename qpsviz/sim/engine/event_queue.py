"""What happens next, in order of (time, kind, sequence number), with equal times as equal.

Rounding must not decide who comes first, so the events of one instant are gathered before any of them is worked off:
a heap by time gives them, a second one orders them by kind and sequence number. This is the queue of plain Python;
compiled, :mod:`qpsviz.sim.engine.bucket_queue` takes its place, with functions of the same names and the same order.
"""

from __future__ import annotations

from heapq import heappop, heappush

from qpsviz.sim.engine.state import SEQUENCE, Row, State
from qpsviz.units.times import is_after

KIND_BITS = 4
KIND_MASK = (1 << KIND_BITS) - 1


def push(s: State, time_us: float, kind: Row, item: Row) -> None:
    """Schedule an event of ``kind`` about ``item``."""
    s.counts[SEQUENCE] += 1
    heappush(s.queue, (time_us, s.counts[SEQUENCE], (item << KIND_BITS) | kind))


def is_over(s: State, look_us: float) -> bool:
    """Whether no event is left that comes up to a moment."""
    return not s.due and (not s.queue or is_after(s.queue[0][0], look_us))


def pop(s: State) -> tuple[float, int]:
    """Take the next event: its time, and its item and kind in one number.

    Among the events of one instant, lower kinds come first, then those scheduled first.
    """
    if not s.due:
        first_us, sequence, code = heappop(s.queue)
        if not s.queue or is_after(s.queue[0][0], first_us):
            return first_us, code
        s.instant_us[0] = first_us
        heappush(s.due, (code & KIND_MASK, sequence, code, first_us))
    while s.queue and not is_after(s.queue[0][0], s.instant_us[0]):
        time_us, sequence, code = heappop(s.queue)
        heappush(s.due, (code & KIND_MASK, sequence, code, time_us))
    _, _, code, time_us = heappop(s.due)
    return time_us, code
