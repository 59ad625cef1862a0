"""The tables of a run: which it kept, and why another is not there."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from qpsviz.sim.engine.marks import KINDS
from qpsviz.table import Table

_NOT_KEPT = {
    "frames": "this run kept only its statistics; simulate with record='frames' to have its frames",
    "links": "a run read from a file has no counts per link; simulate it again to have them",
} | {
    name: f"this run kept only its frames; simulate with record='all' to have its {name}"
    for name in ("legs", "events", "signals")
}


class RunTables:
    """Tables that are there, are made when they are first asked for, or were not kept (None)."""

    def __init__(
        self,
        *,
        frames: Table | None,
        links: Table | None,
        legs: Table | None,
        events: Table | Callable[[], Table] | None,
        signals: Table | Callable[[], Table] | None,
    ) -> None:
        self._tables: dict[str, Table | Callable[[], Table] | None] = {
            "frames": frames,
            "links": links,
            "legs": legs,
            "events": None if events is None else partial(_with_words, events),
            "signals": signals,
        }

    @property
    def frames(self) -> Table:
        """One row per travelling frame.

        Raises
        ------
        ValueError
            If the run kept only its statistics.
        """
        return self._kept("frames")

    @property
    def links(self) -> Table:
        """One row per one-way link: what it carried; see :meth:`qpsviz.sim.results.links.LinkTotals.table`.

        Raises
        ------
        ValueError
            If the run was read from a file.
        """
        return self._kept("links")

    @property
    def keeps_legs(self) -> bool:
        """Whether the run kept its legs and events, or only its frames."""
        return self._tables["legs"] is not None

    @property
    def legs(self) -> Table:
        """One row per frame, attempt and link travelled: what an animation draws.

        Raises
        ------
        ValueError
            If the run kept only its frames.
        """
        return self._kept("legs")

    @property
    def events(self) -> Table:
        """One row per event in order of time: ``time_us``, ``event`` (a word of :data:`qpsviz.sim.KINDS`), ``frame`` …

        ``kind`` is the position of ``event`` in that list.

        Raises
        ------
        ValueError
            If the run kept only its frames.
        """
        return self._kept("events")

    @property
    def signals(self) -> Table:
        """One row per message without a frame and link that it travels: how circuits are set up and released, notices.

        ``kind`` is a word of :data:`qpsviz.sim.SIGNALS`; then ``session``, ``frame``, ``attempt``, ``arm``, ``link``,
        ``from_node``, ``to_node``, ``out_us`` and ``in_us``; see :func:`qpsviz.sim.results.signals.signals_table`.

        Raises
        ------
        ValueError
            If the run kept only its frames.
        """
        return self._kept("signals")

    def _kept(self, name: str) -> Table:
        """A table, which is made when it is first asked for, or the reason why there is none."""
        table = self._tables[name]
        if table is None:
            raise ValueError(_NOT_KEPT[name])
        if not isinstance(table, Table):
            table = self._tables[name] = table()
        return table


def _with_words(events: Table | Callable[[], Table]) -> Table:
    """Events with the word of their kind."""
    table = events if isinstance(events, Table) else events()
    return Table({**table, "event": np.array(KINDS)[table["kind"]]})
