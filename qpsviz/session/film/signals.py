"""The messages beside the frames of a run, as the page draws them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from qpsviz.session.protocol.film import SignalColumns
    from qpsviz.sim import Run

#: Kinds of messages as the page calls them, by their word in ``run.signals``.
_WORDS = {"SETUP": "setup", "CONFIRM": "confirm", "REFUSAL": "refuse", "RELEASE": "release", "NOTICE": "notice"}
#: The same by the number that a page gets, and the event that their arrival is.
ARRIVALS = {
    "setup": "SETUP_IN", "confirm": "CONFIRM_IN", "refuse": "REFUSAL_IN", "release": "RELEASE_IN",
    "notice": "NOTICE_IN",
}  # fmt: skip
SIGNALS = tuple(ARRIVALS)


def signals(run: Run) -> SignalColumns:
    """Every message on every link it travels.

    Parameters
    ----------
    run : Run
        A run that kept its legs and events.

    Returns
    -------
    dict of ndarray
        ``kind`` (a position in :data:`SIGNALS`), ``frame`` (the first of its session, or the one it is about),
        ``attempt``, ``from`` and ``to`` (nodes), ``out`` and ``in``. [us]
    """
    found = run.signals
    numbers = [SIGNALS.index(_WORDS[word]) for word in found["kind"].tolist()]
    return {
        "kind": np.asarray(numbers, dtype=np.int32),
        "frame": found["frame"],
        "attempt": found["attempt"],
        "from": found["from_node"],
        "to": found["to_node"],
        "out": found["out_us"],
        "in": found["in_us"],
    }
