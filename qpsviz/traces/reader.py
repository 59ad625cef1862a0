"""From the text of a trace, in either dialect, to a :class:`~qpsviz.traces.model.Trace`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from qpsviz.files import from_json, read_text
from qpsviz.traces.lines import LINE_TYPES, TIMELESS, Dialect, Line, TraceError
from qpsviz.traces.model import (
    Bit,
    Channel,
    Colouring,
    Entangling,
    Event,
    Measurement,
    Move,
    Node,
    Note,
    Packet,
    Removal,
    Trace,
)
from qpsviz.units.checks import in_short

MOST_OCTETS = 64 << 20
"""Largest file that is read."""
MOST_LINES = 100_000
"""Most lines that are read."""


def load(path: str | Path) -> Trace:
    """Read a trace of Q2NS or Q2NSViz: one JSON object a line, or one array of them.

    Parameters
    ----------
    path : str or path
        The file; its suffix does not matter.

    Returns
    -------
    Trace
        What it says, and nothing else.

    Raises
    ------
    TraceError
        If it is none, contradicts itself, or has more than 100,000 lines; the message names file, line and reason.
    OSError
        If it cannot be read.
    """
    file = Path(path)
    try:
        return parse(read_text(file, max_octets=MOST_OCTETS))
    except ValueError as error:
        raise TraceError(f"{file.name}: {error}") from None


def parse(text: str) -> Trace:
    """Read the text of a trace.

    Raises
    ------
    TraceError
        As :func:`load`.

    Examples
    --------
    >>> trace = parse('{"type":"createNode","label":"A"}\\n{"type":"traceText","t_ns":5,"text":"hello"}')
    >>> trace.nodes[0].name, trace.end_ns
    ('A', 5)
    """
    reading = _Reading()
    for where, found in _objects(text):
        if not isinstance(found, dict):
            raise TraceError("not a JSON object", where)
        if not isinstance(found.get("type"), str):
            raise TraceError("an object without a type", where)
        reading.take(where, found)
    if not reading.nodes:
        raise TraceError("not a trace: no createNode")
    return reading.trace()


def _objects(text: str) -> Iterator[tuple[str, object]]:
    """Each object with where it stands: lines and entries are counted from 1."""
    if text.lstrip().startswith("["):
        found = _json(text, "")
        if not isinstance(found, list):
            raise TraceError("not a trace: no array")
        if len(found) > MOST_LINES:
            raise TraceError(f"{len(found)} entries, more than the {MOST_LINES} that are read")
        yield from ((f"entry {number}", part) for number, part in enumerate(found, start=1))
        return
    rows = [(number, row) for number, row in enumerate(text.split("\n"), start=1) if row.strip()]
    if len(rows) > MOST_LINES:
        raise TraceError(f"{len(rows)} lines, more than the {MOST_LINES} that are read")
    if not rows:
        raise TraceError("not a trace: no line")
    yield from ((f"line {number}", _json(row, f"line {number}")) for number, row in rows)


def _json(text: str, where: str) -> object:
    try:
        return from_json(text)
    except ValueError as error:
        raise TraceError(f"not JSON: {error}", where) from None


class _Reading:
    """What has been read so far: names that may be used, and the time that may not go back."""

    def __init__(self) -> None:
        self.dialect: Dialect | None = None
        self.told = ""
        self.nodes: list[Node] = []
        self.channels: list[Channel] = []
        self.bits: list[Bit] = []
        self.events: list[Event] = []
        self.left_out: dict[str, None] = {}
        self.node_numbers: dict[str, int] = {}
        self.bit_numbers: dict[str, int] = {}
        self.latest_ns = 0

    def take(self, where: str, found: dict[str, object]) -> None:
        """Read one object."""
        kind = str(found["type"])
        if kind not in LINE_TYPES:
            self.left_out[kind[:60]] = None
            return
        line = Line(where, found)
        self.note_dialect(line)
        if kind not in TIMELESS:
            if line.time_ns < self.latest_ns:
                raise line.fault(f"{kind} at {line.time_ns} ns comes behind a line of {self.latest_ns} ns")
            self.latest_ns = line.time_ns
        event = _READERS[kind](self, line)
        if event is not None:
            self.events.append(event)

    def note_dialect(self, line: Line) -> None:
        """Both dialects have the same word for entangling, and mean different things by it."""
        own = LINE_TYPES[line.type].only
        if own is None:
            return
        if self.dialect is not None and own is not self.dialect:
            raise line.fault(f"{line.type} is a word of {own.label}, but {self.told}")
        if self.dialect is None:
            self.dialect, self.told = own, f"{line.where} has {line.type}, a word of {own.label}"

    def trace(self) -> Trace:
        """All of it."""
        return Trace(
            dialect=self.dialect or Dialect.Q2NSVIZ, nodes=tuple(self.nodes), channels=tuple(self.channels),
            bits=tuple(self.bits), events=tuple(self.events), left_out=tuple(self.left_out),
        )  # fmt: skip

    def node(self, line: Line, name: str) -> int:
        """The number of the node that a field names."""
        word = line.word(name)
        if word not in self.node_numbers:
            raise line.fault(f"{name} = {in_short(word)} is no node so far")
        return self.node_numbers[word]

    def bit(self, line: Line, word: str) -> int:
        """The number of a bit by its name."""
        if word not in self.bit_numbers:
            raise line.fault(f"{in_short(word)} is no bit so far")
        return self.bit_numbers[word]


def _node(reading: _Reading, line: Line) -> None:
    name = line.word("label")
    if name in reading.node_numbers:
        raise line.fault(f"there is a node {in_short(name)} already")
    left, down = line.share("x"), line.share("y")
    reading.node_numbers[name] = len(reading.nodes)
    has_place = left is not None and down is not None
    reading.nodes.append(Node(name=name, left=left if has_place else None, down=down if has_place else None))


def _channel(reading: _Reading, line: Line) -> None:
    # Q2NS draws a channel of its kind "custom" as a quantum one.
    kind = line.word("kind", "quantum")
    ends = {"source": reading.node(line, "from"), "destination": reading.node(line, "to")}
    reading.channels.append(Channel(**ends, kind="quantum" if kind == "custom" else kind))


def _bit(reading: _Reading, line: Line) -> Bit:
    is_quantum = line.type == "createQubit" or (
        line.type == "createBit" and line.word("kind", "quantum") != "classical"
    )
    made = Bit(
        time_ns=line.time_ns, bit=len(reading.bits), name=line.word("label"), node=reading.node(line, "node"),
        is_quantum=is_quantum, color=line.word("color"),
    )  # fmt: skip
    reading.bit_numbers[made.name] = made.bit
    reading.bits.append(made)
    return made


def _travel(reading: _Reading, line: Line) -> dict[str, int]:
    out_ns, in_ns = line.time_ns, line.time("t1_ns")
    if in_ns < out_ns:
        raise line.fault(f"{line.type} arrives at {in_ns} ns, before it leaves at {out_ns} ns")
    ends = {"source": reading.node(line, "from"), "destination": reading.node(line, "to")}
    return {"time_ns": out_ns, "in_ns": in_ns, **ends}


def _move(reading: _Reading, line: Line) -> Move:
    return Move(**_travel(reading, line), bit=reading.bit(line, line.word("bit")))


def _packet(reading: _Reading, line: Line) -> Packet:
    return Packet(**_travel(reading, line), label=line.word("label"), protocol=line.word("protocol"))


def _entangling(reading: _Reading, line: Line) -> Entangling:
    bits = tuple(reading.bit(line, word) for word in line.words("bits"))
    if len(bits) < 2 or len(set(bits)) < len(bits):
        raise line.fault(f"bits = {in_short(line.words('bits'))} must be two or more different bits")
    return Entangling(time_ns=line.time_ns, bits=bits, duration_ns=line.time("duration_ns"))


def _measurement(reading: _Reading, line: Line) -> Measurement:
    support = line.word("supportNode")
    return Measurement(
        time_ns=line.time_ns, bit=reading.bit(line, line.word("bit")), base=line.word("base", "Z").upper(),
        duration_ns=line.time("duration_ns"), of_graph=line.type == "graphMeasure",
        support=reading.bit(line, support) if support else None,
    )  # fmt: skip


def _removal(reading: _Reading, line: Line) -> Removal:
    return Removal(time_ns=line.time_ns, bit=reading.bit(line, line.word("bit")), reason=line.word("reason"))


def _note(reading: _Reading, line: Line) -> Note:
    node = reading.node(line, "node") if line.word("node") else None
    return Note(time_ns=line.time_ns, text=line.word("text"), node=node)


def _colouring(reading: _Reading, line: Line) -> Colouring:
    return Colouring(time_ns=line.time_ns, bit=reading.bit(line, line.word("bit")), color=line.word("color"))


_READERS: dict[str, Callable[[_Reading, Line], Event | None]] = {
    "createNode": _node,
    "createChannel": _channel,
    **dict.fromkeys(("createQubit", "createCbit", "createBit"), _bit),
    **dict.fromkeys(("sendQubit", "sendCbit", "sendBit"), _move),
    "sendPacket": _packet,
    "entangle": _entangling,
    **dict.fromkeys(("measure", "graphMeasure"), _measurement),
    **dict.fromkeys(("removeQubit", "removeCbit", "removeBit"), _removal),
    "traceText": _note,
    "setBitColor": _colouring,
}
