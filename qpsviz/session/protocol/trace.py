"""A trace of another tool as the page animates it: times in us, one entry per row in every column.

Tables with a column ``from`` are written as calls, because it is a word of Python.
"""

from typing import TypedDict

from qpsviz.session.protocol.film import NetworkNode
from qpsviz.units import Column


class TraceBits(TypedDict):
    """Bits by number: where and when they are made, measured and gone; infinity for never."""

    node: Column
    quantum: Column
    made: Column
    measured: Column
    gone: Column


#: Lines between nodes, quantum or classical.
TraceChannels = TypedDict("TraceChannels", {"from": Column, "to": Column, "quantum": Column})

#: Bits that travel, in order of time.
TraceMoves = TypedDict("TraceMoves", {"bit": Column, "from": Column, "to": Column, "out": Column, "in": Column})

#: Packets that travel.
TracePackets = TypedDict("TracePackets", {"from": Column, "to": Column, "out": Column, "in": Column})


class TraceBonds(TypedDict):
    """Pairs of entangled bits, from when until when."""

    first: Column
    second: Column
    start: Column
    end: Column


class TraceColours(TypedDict):
    """Bits that get another colour."""

    bit: Column
    time: Column


class TraceEvents(TypedDict):
    """Rows of the event list; node -1 for the whole network."""

    time: Column
    kind: Column
    node: Column


class TraceSchedule(TypedDict):
    """All that is drawn of a trace."""

    description: str
    nodes: list[NetworkNode]
    placed: bool
    duration: float
    names: list[str]
    bits: TraceBits
    reasons: list[str]
    channels: TraceChannels
    moves: TraceMoves
    packets: TracePackets
    labels: list[str]
    bonds: TraceBonds
    colours: TraceColours
    colourNames: list[str]
    firstColours: list[str]
    events: TraceEvents
    sentences: list[str]
    dropKinds: list[int]
