"""How a switch treats a frame: each discipline states what it can do, and nothing else compares its name."""

from __future__ import annotations

from enum import StrEnum


class Discipline(StrEnum):
    """How a switch treats a frame (paper, Section II); a scenario holds the word."""

    BURST = "burst"
    STORE = "store"
    CIRCUIT = "circuit"

    @property
    def label(self) -> str:
        """Name in a sentence."""
        return "store-and-forward" if self is Discipline.STORE else self.value

    @property
    def sets_up(self) -> bool:
        """Whether the whole path is reserved before the first frame leaves."""
        return self is Discipline.CIRCUIT

    @property
    def reads_header(self) -> bool:
        """Whether every relay reads the header of every frame, which takes T_P."""
        return not self.sets_up

    @property
    def stores(self) -> bool:
        """Whether a payload can wait at a relay."""
        return self is Discipline.STORE

    @property
    def overtakes(self) -> bool:
        """Whether payloads fly on while headers are read, so that the guard shrinks and a port is reserved ahead."""
        return self.reads_header and not self.stores
