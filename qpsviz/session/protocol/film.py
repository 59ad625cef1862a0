"""A run as the page animates it: times in us, lengths in km, one entry per row in every column.

A column is an array here and packed on its way to the page. Tables with a column ``from`` are written as calls, because
it is a word of Python.
"""

from typing import Literal, TypedDict

from qpsviz.network.roles import Role
from qpsviz.session.protocol.values import Run
from qpsviz.units import Column


class NetworkNode(TypedDict):
    """A node and its place."""

    name: str
    role: Role
    x: float
    y: float


#: All parallel fibres between two nodes.
Fibre = TypedDict("Fibre", {"from": int, "to": int, "length": float, "count": int})


class NetworkPath(TypedDict):
    """A path: its nodes, their distance from its start, and whether frames go both ways."""

    name: str
    nodes: list[int]
    km: list[float]
    both: bool


#: One row for every fibre that a frame crosses; ``next`` is the row behind the switch.
LegColumns = TypedDict(
    "LegColumns",
    {
        "frame": Column,
        "attempt": Column,
        "hop": Column,
        "from": Column,
        "to": Column,
        "lane": Column,
        "channel": Column,
        "home": Column,
        "h0": Column,
        "h1": Column,
        "p0": Column,
        "t0": Column,
        "lost": Column,
        "next": Column,
        "end": Column,
        "endTime": Column,
        "doneTime": Column,
        "eta0": Column,
        "eta1": Column,
        "f0": Column,
        "f1": Column,
        "fEnd": Column,
    },
)


class EventColumns(TypedDict):
    """Events of the run and arrivals of messages, in order of time."""

    time: Column
    kind: Column
    frame: Column
    attempt: Column
    node: Column


#: Messages beside the frames.
SignalColumns = TypedDict(
    "SignalColumns",
    {
        "kind": Column,
        "frame": Column,
        "attempt": Column,
        "from": Column,
        "to": Column,
        "out": Column,
        "in": Column,
    },
)


class SignalKind(TypedDict):
    """A kind of message: how it is told and drawn, and what it does."""

    label: str
    said: str
    shape: Literal["arrow", "hollow arrow", "dot", "ring"]
    dash: list[int]
    line: Literal["dashed", "dotted", "dotdash"]
    fails: bool
    ahead: bool
    read: bool
    reserves: bool
    frees: bool
    ofCircuit: bool


class FrameColumns(TypedDict):
    """Frames by their number."""

    pair: Column
    session: Column
    source: Column
    destination: Column


class KeptHalf(TypedDict):
    """Fidelity of a half that a sender keeps, at even steps of the longest wait."""

    longest: float
    f: Column


class Schedule(TypedDict):
    """All that player, time line and tabs draw of a run."""

    network: str
    line: bool
    nodes: list[NetworkNode]
    links: list[Fibre]
    paths: list[NetworkPath]
    speed: float
    duration: float
    payload: float
    spacing: float
    qubits: int
    arms: int
    attempts: int
    wavelengths: int
    memory: float | None
    processing: float
    reads: bool
    reserves: bool
    dwells: bool
    erases: bool
    keeps: bool
    key: int
    fates: list[str]
    refusal: int
    signalKinds: list[SignalKind]
    dropKinds: list[int]
    description: str
    notes: list[str]
    kept: KeptHalf | None
    legs: LegColumns
    signals: SignalColumns
    frames: FrameColumns
    events: EventColumns
    ledger: dict[str, Column]


class FilmData(Run, Schedule):
    """The run of a state, with its film."""
