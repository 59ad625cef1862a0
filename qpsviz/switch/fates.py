"""What can become of a frame: for people in words, and as the small numbers that the engine stores."""

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

#: Why a frame may be dropped, and how a person reads it, in the order in which a page lists them.
REASONS: dict[str, str] = {
    Fate.CONTENTION.value: "port busy",
    Fate.LATE.value: "header late",
    Fate.EXPIRED.value: "stored too long",
    Fate.MEMORY_FULL.value: "memory full",
    Fate.BLOCKED.value: "path taken",
}
