"""A trace as data: nodes, channels and bits by number, and what happened in the order of the file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from qpsviz.traces.lines import Dialect


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A node; ``left`` and ``down`` are its place in percent of the picture, None where none is said."""

    name: str
    left: float | None = None
    down: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """A line between two nodes: ``"quantum"``, ``"classical"`` or another kind, which is not drawn."""

    source: int
    destination: int
    kind: str = "quantum"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bit:
    """A qubit or classical bit, from when on it is at a node; ``color`` is empty where none is said."""

    time_ns: int
    bit: int
    name: str
    node: int
    is_quantum: bool = True
    color: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A bit that travels from a node to another."""

    time_ns: int
    in_ns: int
    bit: int
    source: int
    destination: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Packet:
    """A classical packet that travels from a node to another."""

    time_ns: int
    in_ns: int
    source: int
    destination: int
    label: str = ""
    protocol: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entangling:
    """Bits that are entangled with each other, each pair of them, when an operation of a duration is over."""

    time_ns: int
    bits: tuple[int, ...]
    duration_ns: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """A bit that is measured; of a graph state in a base (X, Y, Z), with a neighbour that X needs."""

    time_ns: int
    bit: int
    base: str = "Z"
    duration_ns: int = 0
    of_graph: bool = False
    support: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """A bit that is gone, and why, where a reason is said."""

    time_ns: int
    bit: int
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A text, of a node or (None) of the whole network."""

    time_ns: int
    text: str
    node: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Colouring:
    """A bit that gets another colour."""

    time_ns: int
    bit: int
    color: str


_Kind = TypeVar("_Kind")
Event = Bit | Move | Packet | Entangling | Measurement | Removal | Note | Colouring


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """What a trace says.

    Attributes
    ----------
    dialect : Dialect
        Whose words it is written in.
    nodes, channels : tuple
        The network; channels count nodes from 0.
    bits : tuple of Bit
        By number. A name that is used again is another bit.
    events : tuple
        What happened, in order of time and of the file; ``time_ns`` is when a move begins and an operation ends. [ns]
    left_out : tuple of str
        Types of lines that are not known and were left out.
    """

    dialect: Dialect
    nodes: tuple[Node, ...]
    channels: tuple[Channel, ...]
    bits: tuple[Bit, ...]
    events: tuple[Event, ...]
    left_out: tuple[str, ...] = ()

    @property
    def end_ns(self) -> int:
        """When the last thing ends. [ns]"""
        return max((end_of(event) for event in self.events), default=0)

    def of_kind(self, kind: type[_Kind]) -> list[_Kind]:
        """Events of one class, in order."""
        return [event for event in self.events if isinstance(event, kind)]


def end_of(event: Event) -> int:
    """When an event is over. [ns]"""
    return event.in_ns if isinstance(event, Move | Packet) else event.time_ns


def names(trace: Trace, bits: Iterable[int]) -> list[str]:
    """Names of bits by number."""
    return [trace.bits[bit].name for bit in bits]
