"""Which bits of a trace are entangled, from when until when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from qpsviz.traces.lines import TraceError
from qpsviz.traces.model import Entangling, Measurement, Removal, Trace

MOST_CHANGES = 100_000
"""Most times that two bits are entangled or parted: one line can name thousands of bits, all with each other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bond:
    """Two entangled bits; ``end_ns`` is None where they still are at the end of the trace."""

    first: int
    second: int
    start_ns: int
    end_ns: int | None = None


def bonds(trace: Trace) -> list[Bond]:
    """Every pair of bits that is entangled for a while, as the tool of the trace's dialect reads it.

    Parameters
    ----------
    trace : Trace
        Its events in order.

    Returns
    -------
    list of Bond
        In order of their beginning.

    Raises
    ------
    TraceError
        If bits are entangled and parted more than 100,000 times in all.

    Notes
    -----
    What is entangled is a graph of bits. Entangling two bits again parts them in Q2NSViz and changes nothing in Q2NS.
    A measured or removed bit leaves the graph for good. A measurement of a graph state turns the edges among
    the neighbours N(v) of a bit over (τ_v, local complementation) before the bit leaves: Z: nothing; Y: τ_v; X with a
    neighbour w: τ_w, τ_v, then after the bit has left τ_w (Hein, Eisert, Briegel, PRA 69, 062311, Prop. 1). A support
    that is no neighbour is taken for the first neighbour by name, as both tools do.

    Examples
    --------
    >>> from qpsviz.traces.reader import parse
    >>> made = ('{"type":"createQubit","t_ns":0,"label":"%s","node":"A"}' % bit for bit in "pq")
    >>> end = '{"type":"entangle","t_ns":5,"bits":["p","q"]}', '{"type":"measure","t_ns":9,"bit":"p"}'
    >>> bonds(parse("\\n".join(['{"type":"createNode","label":"A"}', *made, *end])))
    [Bond(first=0, second=1, start_ns=5, end_ns=9)]
    """
    graph = _Graph(trace)
    for event in trace.events:
        if isinstance(event, Entangling):
            for first, second in combinations(event.bits, 2):
                graph.entangle(first, second, event.time_ns)
        elif isinstance(event, Measurement):
            graph.measure(event)
        elif isinstance(event, Removal):
            graph.leave(event.bit, event.time_ns)
    return graph.found()


class _Graph:
    """Edges so far: since when each stands, and those that are over."""

    def __init__(self, trace: Trace) -> None:
        self.trace = trace
        self.since: dict[tuple[int, int], int] = {}
        self.neighbours: dict[int, set[int]] = {}
        self.gone: set[int] = set()
        self.over: list[Bond] = []
        self.n_changes = 0

    def entangle(self, first: int, second: int, time_ns: int) -> None:
        """An operation of two bits."""
        if first in self.gone or second in self.gone:
            return
        if second not in self.neighbours.get(first, ()) or self.trace.dialect.toggles:
            self.turn_over(first, second, time_ns)

    def turn_over(self, first: int, second: int, time_ns: int) -> None:
        """Add an edge that is not there, or end one that is."""
        self.n_changes += 1
        if self.n_changes > MOST_CHANGES:
            raise TraceError(f"bits are entangled and parted more than {MOST_CHANGES} times")
        pair = (min(first, second), max(first, second))
        since_ns = self.since.pop(pair, None)
        for one, other in ((first, second), (second, first)):
            self.neighbours.setdefault(one, set()).symmetric_difference_update({other})
        if since_ns is None:
            self.since[pair] = time_ns
        elif since_ns < time_ns:  # what lasts no time is not there
            self.over.append(Bond(first=pair[0], second=pair[1], start_ns=since_ns, end_ns=time_ns))

    def complement(self, bit: int, time_ns: int) -> None:
        """Turn the edges among the neighbours of a bit over."""
        for first, second in combinations(sorted(self.neighbours.get(bit, ())), 2):
            self.turn_over(first, second, time_ns)

    def measure(self, event: Measurement) -> None:
        """A bit that is measured, and what that does to a graph state."""
        support = None
        if event.of_graph and event.base == "X":
            support = self.support(event)
            if support is not None:
                self.complement(support, event.time_ns)
        if event.of_graph and (event.base == "Y" or support is not None):
            self.complement(event.bit, event.time_ns)
        self.leave(event.bit, event.time_ns)
        if support is not None:
            self.complement(support, event.time_ns)

    def support(self, event: Measurement) -> int | None:
        """The neighbour of a measurement in base X; None without neighbours."""
        near = self.neighbours.get(event.bit, set())
        if event.support in near:
            return event.support
        return min(near, key=lambda bit: self.trace.bits[bit].name, default=None)

    def leave(self, bit: int, time_ns: int) -> None:
        """A bit is out of the graph."""
        for other in list(self.neighbours.get(bit, ())):
            self.turn_over(bit, other, time_ns)
        self.gone.add(bit)

    def found(self) -> list[Bond]:
        """All edges that there ever were."""
        still: Iterator[Bond] = (Bond(first=a, second=b, start_ns=since) for (a, b), since in self.since.items())
        return sorted([*self.over, *still], key=lambda bond: (bond.start_ns, bond.first, bond.second))
