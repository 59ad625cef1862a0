"""Kinds of events that people see, and the log of those that belong to no flight."""

from __future__ import annotations

from enum import IntEnum

from qpsviz.sim.engine.state import MARK, Plan, Row, State


class EventKind(IntEnum):
    """Kinds of events by the word of the event table; at equal times lower numbers come first."""

    SETUP = 0
    BLOCKED = 1
    CONFIRMED = 2
    TEARDOWN = 3
    NOTICE = 4
    RETRANSMIT = 5
    HEADER_IN = 6
    PAYLOAD_IN = 7
    HEADER_READ = 8
    STORED = 9
    TRAILER_IN = 10
    DELIVERED = 11
    DROPPED = 12
    HEADER_OUT = 13
    RELEASED = 14
    PAYLOAD_OUT = 15
    TRAILER_OUT = 16


KINDS = tuple(kind.name for kind in EventKind)
"""Names of the kinds in the event table, by number."""

# The kinds that the event loop notes, as plain integers for compiled code; its own ``SETUP`` and ``NOTICE`` are others.
MARK_SETUP = int(EventKind.SETUP)
MARK_BLOCKED = int(EventKind.BLOCKED)
MARK_CONFIRMED = int(EventKind.CONFIRMED)
MARK_TEARDOWN = int(EventKind.TEARDOWN)
MARK_NOTICE = int(EventKind.NOTICE)
MARK_RETRANSMIT = int(EventKind.RETRANSMIT)


def log_mark(plan: Plan, s: State, time_us: float, kind: Row, frame: Row, attempt: Row, node: Row, link: Row) -> None:
    """Note an event that belongs to no leg, where events are recorded."""
    if not plan.records:
        return
    mark = s.counts[MARK]
    s.counts[MARK] = mark + 1
    s.mark_time_us[mark] = time_us
    s.mark_kind[mark] = kind
    s.mark_frame[mark] = frame
    s.mark_attempt[mark] = attempt
    s.mark_node[mark] = node
    s.mark_link[mark] = link
