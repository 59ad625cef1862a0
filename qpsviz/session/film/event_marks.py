"""Which shape stands beside which event in a list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qpsviz.session.film.sentences import kinds_told
from qpsviz.switch.fates import DROPS, Fate

if TYPE_CHECKING:
    from qpsviz.session.protocol.tabs import EventMarks

#: The shape that stands for each kind of event, as in every picture of a run.
MARKS = {
    "HEADER_OUT": "header", "HEADER_IN": "header", "HEADER_READ": "header", "TRAILER_OUT": "header",
    "TRAILER_IN": "header", "PAYLOAD_OUT": "qubit", "PAYLOAD_IN": "qubit", "STORED": "memory", "RELEASED": "memory",
    "DELIVERED": Fate.DELIVERED.about.mark, **dict.fromkeys(("DROPPED", "BLOCKED"), DROPS[0].about.mark),
}  # fmt: skip


def event_marks() -> EventMarks:
    """The shape beside each event, by the number that a schedule gives its kind; empty for messages."""
    return {"marks": [MARKS.get(kind, "") for kind in kinds_told()]}
