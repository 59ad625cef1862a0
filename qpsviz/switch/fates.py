"""What can become of a frame, as words for people and as the small numbers that the engine stores."""

from __future__ import annotations

from enum import StrEnum


class Fate(StrEnum):
    """How a frame ended; the engine stores a fate's position in this list."""

    IN_FLIGHT = "IN_FLIGHT"
    DELIVERED = "DELIVERED"
    CONTENTION = "CONTENTION"
    LATE = "LATE"
    EXPIRED = "EXPIRED"
    MEMORY_FULL = "MEMORY_FULL"
    BLOCKED = "BLOCKED"


IN_FLIGHT, DELIVERED, CONTENTION, LATE, EXPIRED, MEMORY_FULL, BLOCKED = range(len(Fate))
