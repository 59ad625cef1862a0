"""Kinds of events that people see, and the log of those that belong to no flight."""

from __future__ import annotations

from qpsviz.sim.state import MARK, State

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


def log_mark(s: State, time_us: float, kind: int, frame: int, attempt: int, node: int, link: int) -> None:
    """Note an event that belongs to no leg."""
    mark = s.count[MARK]
    s.count[MARK] = mark + 1
    s.mark_time_us[mark] = time_us
    s.mark_kind[mark] = kind
    s.mark_frame[mark] = frame
    s.mark_attempt[mark] = attempt
    s.mark_node[mark] = node
    s.mark_link[mark] = link
