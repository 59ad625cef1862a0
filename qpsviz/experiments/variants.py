"""What a load study compares: disciplines, each with the parameters that set it."""

from __future__ import annotations

import math
from dataclasses import dataclass

from qpsviz.scenario import Scenario
from qpsviz.scenario.discipline import Discipline

MOST_ATTEMPTS = 100
MOST_DEFLECTIONS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """A discipline as it is set for a comparison.

    Its word, its label in a legend, its name in a sentence, what it does, the parameters that set it, and whether it is
    compared where nobody says what to compare.
    """

    word: str
    label: str
    name: str
    about: str
    values: dict[str, str | int]
    is_usual: bool = True

    @property
    def is_packet(self) -> bool:
        """Whether every frame finds its way by its header, without a path that is reserved before."""
        return not self._discipline.sets_up

    @property
    def _discipline(self) -> Discipline:
        return Discipline(str(self.values["discipline"]))

    def of(self, scenario: Scenario) -> Scenario:
        """A scenario that is switched like this and keeps all else."""
        return scenario.replace(**self.values)

    def waits(self, scenario: Scenario) -> bool:
        """Whether frames wait for a port on their way for as long as it takes.

        Notes
        -----
        Payloads in memories that are large enough and know no cut-off do; so do circuits that are asked for again.
        Assumption: the engine gives up after 100 attempts, which we take for a queue all the same.
        """
        switched = self.of(scenario)
        if self._discipline.sets_up:
            return switched.switch.max_attempts > 1
        if not self._discipline.stores:
            return False
        return math.isinf(switched.memory.cutoff_us) and math.isinf(switched.memory.memory_qubits)


def _deflected(reservation: str) -> Variant:
    return Variant(
        word=f"burst_{reservation}_deflected", label=f"burst, {reservation}, deflected",
        name=f"burst switching with {reservation} reservation and deflection",
        about=f"packets: a frame whose port is taken goes another way, up to {MOST_DEFLECTIONS} times",
        values={"discipline": "burst", "reservation": reservation, "max_deflections": MOST_DEFLECTIONS},
        is_usual=False,
    )  # fmt: skip


#: All that can be compared, in the order of legends.
VARIANTS: dict[str, Variant] = {
    variant.word: variant
    for variant in (
        Variant(
            word="store", label="store-and-forward", name="store-and-forward",
            about="packets: a relay keeps the payload until its port is free",
            values={"discipline": "store"},
        ),
        Variant(
            word="burst_delayed", label="burst, delayed", name="burst switching with delayed reservation",
            about="packets: a port is booked for the payload alone; where it is taken, the frame is dropped",
            values={"discipline": "burst", "reservation": "delayed"},
        ),
        Variant(
            word="burst_immediate", label="burst, immediate", name="burst switching with immediate reservation",
            about="packets: a port is held from the reading of the header on; where it is taken, the frame is dropped",
            values={"discipline": "burst", "reservation": "immediate"},
        ),
        _deflected("delayed"),
        _deflected("immediate"),
        Variant(
            word="circuit_blocked", label="circuit, blocked", name="circuit switching without a queue",
            about="the whole path is reserved first; a session that is refused is lost",
            values={"discipline": "circuit", "max_attempts": 1},
        ),
        Variant(
            word="circuit_queued", label="circuit, queued", name="circuit switching with a queue",
            about=f"the whole path is reserved first; who is refused asks again, up to {MOST_ATTEMPTS} times",
            values={"discipline": "circuit", "max_attempts": MOST_ATTEMPTS},
        ),
    )
}  # fmt: skip
#: The words of those that are compared where nobody says what to compare.
USUAL = tuple(word for word, variant in VARIANTS.items() if variant.is_usual)
