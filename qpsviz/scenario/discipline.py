"""How a switch treats a frame: each discipline states what it can do, and nothing else compares its name."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class Abilities(NamedTuple):
    """What sets a discipline apart, as the event engine reads it, too.

    ``stores``: a payload can wait at a relay. ``sets_up``: the whole path is reserved before the first frame leaves.
    ``overtakes``: payloads fly on while headers are read, so that the guard shrinks and a port is reserved ahead.
    """

    stores: bool = False
    sets_up: bool = False
    overtakes: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """A discipline's name in a sentence, what it does in a few words, and what it can do."""

    label: str
    summary: str
    can: Abilities


class Discipline(StrEnum):
    """How a switch treats a frame (paper, Section II); a scenario holds the word."""

    BURST = "burst"
    STORE = "store"
    CIRCUIT = "circuit"

    @property
    def label(self) -> str:
        """Name in a sentence."""
        return _ABOUT[self].label

    @property
    def summary(self) -> str:
        """What it does, in a few words."""
        return _ABOUT[self].summary

    @property
    def can(self) -> Abilities:
        """What sets it apart."""
        return _ABOUT[self].can

    @property
    def sets_up(self) -> bool:
        """Whether the whole path is reserved before the first frame leaves."""
        return self.can.sets_up

    @property
    def reads_header(self) -> bool:
        """Whether every relay reads the header of every frame, which takes T_P."""
        return not self.sets_up

    @property
    def stores(self) -> bool:
        """Whether a payload can wait at a relay."""
        return self.can.stores

    @property
    def overtakes(self) -> bool:
        """Whether payloads fly on while headers are read, so that the guard shrinks and a port is reserved ahead."""
        return self.can.overtakes


_ABOUT = {
    Discipline.BURST: About(label="burst", summary="no memory", can=Abilities(overtakes=True)),
    Discipline.STORE: About(label="store-and-forward", summary="hold the payload", can=Abilities(stores=True)),
    Discipline.CIRCUIT: About(label="circuit", summary="reserve the path first", can=Abilities(sets_up=True)),
}
