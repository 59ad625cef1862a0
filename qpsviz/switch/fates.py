"""What can become of a frame: the one list, for people in words, and as the small numbers that the engine stores."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from qpsviz.scenario.discipline import Abilities, Discipline
from qpsviz.switch.components import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a fate is called, what it means, how pictures show it, and for a drop where and with whom it happens.

    ``mark`` names the shape in pictures and its colour in the style sheets. ``places`` are kinds of components of a
    q-ROADM: the drop happens at the first kind that a device has. ``needs`` tells from what a discipline can do whether
    it drops frames for this reason.
    """

    label: str
    sentence: str
    mark: str = ""
    places: tuple[Kind, ...] = ()
    needs: Callable[[Abilities], bool] | None = None


class Fate(StrEnum):
    """How a frame ended; the engine stores a fate's position in this list, and pages list drops in its order."""

    IN_FLIGHT = "IN_FLIGHT"
    DELIVERED = "DELIVERED"
    CONTENTION = "CONTENTION"
    LATE = "LATE"
    EXPIRED = "EXPIRED"
    MEMORY_FULL = "MEMORY_FULL"
    BLOCKED = "BLOCKED"

    @property
    def about(self) -> About:
        """Everything that is said about it."""
        return _ABOUT[self]

    @property
    def is_drop(self) -> bool:
        """Whether the frame was dropped."""
        return self.about.needs is not None


_PORT = (Kind.SWITCH_FABRIC, Kind.OPTICAL_SWITCH)
_ABOUT = {
    Fate.IN_FLIGHT: About(label="in flight", sentence="It is still on its way, or waits to be sent again."),
    Fate.DELIVERED: About(label="delivered", sentence="Its last qubit reached the receiver.", mark="done"),
    Fate.CONTENTION: About(
        label="port busy", sentence="A relay found its outgoing port taken.", mark="drop", places=_PORT,
        needs=lambda can: can.overtakes,
    ),
    Fate.LATE: About(
        label="header late", sentence="Its payload came before its header had been read.", mark="drop", places=_PORT,
        needs=lambda can: can.overtakes,
    ),
    Fate.EXPIRED: About(
        label="stored too long", sentence="It would have waited in memories beyond the cut-off.", mark="drop",
        places=(Kind.Q_MEMORY,), needs=lambda can: can.stores,
    ),
    Fate.MEMORY_FULL: About(
        label="memory full", sentence="A relay had too little memory free for its qubits.", mark="drop",
        places=(Kind.Q_MEMORY,), needs=lambda can: can.stores,
    ),
    Fate.BLOCKED: About(
        label="path taken", sentence="The last attempt to reserve its path was refused.", mark="drop",
        places=(Kind.CONTROL_UNIT,), needs=lambda can: can.sets_up,
    ),
}  # fmt: skip

# Plain integers for compiled code: positions in the list.
IN_FLIGHT, DELIVERED, CONTENTION, LATE, EXPIRED, MEMORY_FULL, BLOCKED = range(len(Fate))

#: All fates by number, as tables write them.
WORDS = tuple(fate.value for fate in Fate)
#: Fates that are drops.
DROPS = tuple(fate for fate in Fate if fate.is_drop)
#: Why a frame may be dropped, and how a person reads it, in the order in which a page lists them.
REASONS: dict[str, str] = {fate.value: fate.about.label for fate in DROPS}


def can_drop(discipline: Discipline, fate: Fate) -> bool:
    """Whether a discipline drops frames for a reason.

    Parameters
    ----------
    discipline : Discipline
        What it can do decides.
    fate : Fate
        Any fate.

    Returns
    -------
    bool
        False for fates that are no drops.

    Examples
    --------
    >>> [fate.value for fate in DROPS if can_drop(Discipline.STORE, fate)]
    ['EXPIRED', 'MEMORY_FULL']
    """
    needs = fate.about.needs
    return needs is not None and needs(discipline.can)
