"""What the events of a run say, in words: a template per kind, and a note where the kind does not say enough."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from qpsviz.scenario.discipline import Discipline
from qpsviz.sim.engine.marks import KINDS
from qpsviz.switch.fates import REASONS
from qpsviz.units import quantity

if TYPE_CHECKING:
    from qpsviz.sim import Run

#: What each kind of event says. ``{frame}`` is a frame by its number (the row of ``run.frames``, from 0), with its pair
#: where both halves travel and its attempt after the first; ``{Frame}`` is the same at the start of a sentence.
TEMPLATES: dict[str, str] = {
    "SETUP": "{node} reserves its next link for session {session}, on the path to {destination}.",
    "SETUP_IN": "The set-up message of session {session} reaches {node}.",
    "BLOCKED": "{node} finds its next link taken: session {session} to {destination} is refused.",
    "CONFIRM_IN": "The confirmation of session {session} reaches {node}.",
    "CONFIRMED": "{node} hears that every link to {destination} is reserved for session {session}.",
    "REFUSAL_IN": "The refusal of session {session} reaches {node}.",
    "TEARDOWN": "{node} sends a release behind the last frame of session {session}.",
    "RELEASE_IN": "The release of session {session} reaches {node}: its link there is free again.",
    "NOTICE": "{node} learns that {frame} was dropped.",
    "NOTICE_IN": "The notice that {frame} was dropped reaches {node}.",
    "RETRANSMIT": "{Frame} will be sent, {note}.",
    "SETUP_AGAIN": "{node} will ask again for the path to {destination}, for session {session}.",
    "HEADER_OUT": "{node} sends the header of {frame}; {note}.",
    "HEADER_IN": "The header of {frame} reaches {node}.",
    "HEADER_READ": "{node} has read the header of {frame}.",
    "PAYLOAD_OUT": "The first qubit of {frame} leaves {node}, unmeasured.",
    "PAYLOAD_IN": "The first qubit of {frame} reaches {node}.",
    "STORED": "{node} holds the qubits of {frame} in its memory.",
    "RELEASED": "{node} releases the qubits of {frame} from its memory, {note}.",
    "TRAILER_OUT": "{node} sends the trailer of {frame}.",
    "TRAILER_IN": "The trailer of {frame} reaches {node}.",
    "DELIVERED": "{Frame} is delivered to {node}.",
    "DROPPED": "{node} drops {frame}: {note}.",
}


def kinds_told() -> list[str]:
    """Names of the kinds, in the order of the numbers that a schedule gives them."""
    return sorted(TEMPLATES)


def templates() -> list[str]:
    """Templates by the number that a schedule gives their kind."""
    return [TEMPLATES[name] for name in kinds_told()]


def number_of(name: str) -> int:
    """The number of a kind in a schedule."""
    return kinds_told().index(name)


def kind_names(run: Run) -> list[str]:
    """The kind of every event of a run, as templates call it."""
    again = "SETUP_AGAIN" if Discipline(run.scenario.switch.discipline).sets_up else "RETRANSMIT"
    names = [again if name == "RETRANSMIT" else name for name in KINDS]
    return [names[kind] for kind in run.events["kind"].tolist()]


def notes(run: Run) -> list[str]:
    """A few words per event where its kind alone does not say enough."""
    events, left, dwells = run.events, _guards_left(run), _dwells(run)
    more = _more_guard(run)
    rows = zip(
        *(events[name].tolist() for name in ("kind", "frame", "attempt", "node", "reason")),
        strict=True,
    )
    made = []
    for kind, frame, attempt, node, reason in rows:
        name = KINDS[kind]
        if name == "HEADER_OUT":
            made.append(f"guard now {left.get((frame, attempt, node), '0 µs')}")
        elif name == "RELEASED":
            made.append(f"after {dwells[frame, attempt, node]}")
        elif name == "DROPPED":
            made.append(REASONS[reason])
        else:
            made.append(more if name == "RETRANSMIT" else "")
    return made


def _more_guard(run: Run) -> str:
    switch = run.scenario.switch
    if not Discipline(switch.discipline).overtakes or not switch.processing_us:
        return "with the same guard time"
    return f"with {quantity(switch.processing_us, 'us', trimmed=True)} more guard time"


def _dwells(run: Run) -> dict[tuple[int, int, int], str]:
    """How long qubits stayed in a memory, by frame, attempt and node that released them."""
    legs = run.legs
    rows = zip(*(legs[name].tolist() for name in ("frame", "attempt", "from_node", "dwell_us")), strict=True)
    return {(frame, attempt, node): quantity(us, "us", trimmed=True) for frame, attempt, node, us in rows if us > 0}


def _guards_left(run: Run) -> dict[tuple[int, int, int], str]:
    """Time from a header to the first qubit that is left behind it, by frame, attempt and node that sends it."""
    legs = run.legs
    guard_us = legs["payload_out_us"] + legs["lost_us"] - legs["header_out_us"]
    # Differences of times carry their rounding: what is below it is nothing, and no guard is negative.
    nothing = guard_us <= 1e-9 + 1e-12 * np.abs(legs["header_out_us"])
    keys: Iterable[tuple[int, int, int]] = zip(
        legs["frame"].tolist(), legs["attempt"].tolist(), legs["from_node"].tolist(), strict=True
    )
    words = [
        "0 µs" if none else quantity(guard, "us", trimmed=True)
        for guard, none in zip(guard_us.tolist(), nothing.tolist(), strict=True)
    ]
    return dict(zip(keys, words, strict=True))
