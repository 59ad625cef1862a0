"""The messages beside the frames of a run, as the page draws them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from qpsviz.sim.results.signals import Signal

if TYPE_CHECKING:
    from qpsviz.session.protocol.film import SignalColumns, SignalKind
    from qpsviz.sim import Run


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How a page tells and draws one kind of message.

    ``said`` stands beside it while it flies; ``arrival`` is the event that its coming is; ``shape`` is drawn on the
    fibre; ``dash`` in px and ``line``, a style of the key, make its line over time; ``fails``: its news is bad.
    """

    said: str
    arrival: str
    shape: Literal["arrow", "hollow arrow", "dot", "ring"]
    dash: tuple[int, ...]
    line: Literal["dashed", "dotted", "dotdash"]
    fails: bool = False


LOOKS = {
    Signal.SETUP: Look(said="set-up", arrival="SETUP_IN", shape="hollow arrow", dash=(7, 4), line="dashed"),
    Signal.CONFIRM: Look(said="confirmed", arrival="CONFIRM_IN", shape="arrow", dash=(2, 3), line="dotted"),
    Signal.REFUSAL: Look(said="refused", arrival="REFUSAL_IN", shape="arrow", dash=(7, 4), line="dashed", fails=True),
    Signal.RELEASE: Look(said="release", arrival="RELEASE_IN", shape="ring", dash=(10, 3, 2, 3), line="dotdash"),
    Signal.NOTICE: Look(said="dropped", arrival="NOTICE_IN", shape="dot", dash=(2, 3), line="dotted", fails=True),
}


def signal_kinds() -> list[SignalKind]:
    """What a page knows of each kind of message, by number."""
    return [
        {
            "label": kind.label,
            "said": look.said,
            "shape": look.shape,
            "dash": list(look.dash),
            "line": look.line,
            "fails": look.fails,
            "ahead": kind.goes_ahead,
            "read": kind.is_read,
            "reserves": kind.reserves,
            "frees": kind.frees,
            "ofCircuit": kind is not Signal.NOTICE,
        }
        for kind, look in ((kind, LOOKS[kind]) for kind in Signal)
    ]


def signals(run: Run) -> SignalColumns:
    """Every message on every link it travels.

    Parameters
    ----------
    run : Run
        A run that kept its legs and events.

    Returns
    -------
    dict of ndarray
        ``kind`` (a :class:`Signal`), ``frame`` (the first of its session, or the one it is about),
        ``attempt``, ``from`` and ``to`` (nodes), ``out`` and ``in``. [us]
    """
    found = run.signals
    numbers = [Signal[word] for word in found["kind"].tolist()]
    return {
        "kind": np.asarray(numbers, dtype=np.int32),
        "frame": found["frame"],
        "attempt": found["attempt"],
        "from": found["from_node"],
        "to": found["to_node"],
        "out": found["out_us"],
        "in": found["in_us"],
    }
