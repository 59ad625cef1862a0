"""Kinds of events that people see, and the log of those that belong to no flight."""

from __future__ import annotations

from qpsviz.sim.engine.state import MARK, Plan, Row, State

KINDS = (
    "SETUP", "BLOCKED", "CONFIRMED", "TEARDOWN",
    "NOTICE", "RETRANSMIT",
    "HEADER_IN", "PAYLOAD_IN", "HEADER_READ", "STORED", "TRAILER_IN", "DELIVERED",
    "DROPPED", "HEADER_OUT", "RELEASED", "PAYLOAD_OUT", "TRAILER_OUT",
)  # fmt: skip
"""Names of the kinds in the event table, by number; at equal times lower numbers come first."""

RESERVED, REFUSED, CONFIRMED, TORN_DOWN, NOTICED, RETRANSMIT = range(6)
HEADER_IN, PAYLOAD_IN, HEADER_READ, STORED, TRAILER_IN, ARRIVED = range(6, 12)
DROPPED, HEADER_OUT, RELEASED, PAYLOAD_OUT, TRAILER_OUT = range(12, 17)


def log_mark(plan: Plan, s: State, time_us: float, kind: Row, frame: Row, attempt: Row, node: Row, link: Row) -> None:
    """Note an event that belongs to no leg, where events are recorded."""
    if not plan.records:
        return
    mark = s.ints[MARK]
    s.ints[MARK] = mark + 1
    s.floats[s.at.mark_time_us + mark] = time_us
    s.ints[s.at.mark_kind + mark] = kind
    s.ints[s.at.mark_frame + mark] = frame
    s.ints[s.at.mark_attempt + mark] = attempt
    s.ints[s.at.mark_node + mark] = node
    s.ints[s.at.mark_link + mark] = link
