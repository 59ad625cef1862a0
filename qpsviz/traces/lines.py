"""The lines of a trace: one table of their types and fields, in the words of both dialects.

Sources: Q2NSViz 0.1.0 (commit fa194d1, MIT) and Q2NS (commit d81b2e9, GPL-2), read and run; no code of them is here.
"""

from __future__ import annotations

import contextlib
import math
from dataclasses import dataclass
from enum import StrEnum

from qpsviz.units.checks import in_short

LATEST_NS = 2**53
"""Latest moment, so that a browser still counts every nanosecond: 104 days. [ns]"""
MOST_LETTERS = 1000
"""Longest name or text of one line that is read."""


class Dialect(StrEnum):
    """Whose words a trace is written in."""

    Q2NSVIZ = "q2nsviz"
    Q2NS = "q2ns"

    @property
    def label(self) -> str:
        """The name of the tool."""
        return "Q2NSViz" if self is Dialect.Q2NSVIZ else "Q2NS"

    @property
    def toggles(self) -> bool:
        """Whether entangling the same two bits again parts them; else they stay entangled."""
        return self is Dialect.Q2NSVIZ


class TraceError(ValueError):
    """A line that cannot be read; the message says which and why.

    Parameters
    ----------
    problem : str
        What is wrong, and what would be right.
    where : str
        The line or entry, as in ``"line 7"``; empty for the whole file.
    """

    def __init__(self, problem: str, where: str = "") -> None:
        self.where = where
        super().__init__(f"{where}: {problem}" if where else problem)


@dataclass(frozen=True, slots=True, kw_only=True)
class LineType:
    """One type of line: the fields that it needs, those that it may have, and the dialect that alone has it."""

    needs: tuple[str, ...]
    takes: tuple[str, ...] = ()
    only: Dialect | None = None


_MOVES = ("t0_ns", "t1_ns", "from", "to")
_VIZ, _SIM = Dialect.Q2NSVIZ, Dialect.Q2NS
#: Every type of line that is read; what is not listed is left out, as both tools do.
LINE_TYPES = {
    "createNode": LineType(needs=("label",), takes=("t_ns", "x", "y")),
    "createChannel": LineType(needs=("from", "to"), takes=("t_ns", "kind")),
    "createQubit": LineType(needs=("t_ns", "label", "node"), only=_VIZ),
    "createCbit": LineType(needs=("t_ns", "label", "node"), only=_VIZ),
    "createBit": LineType(needs=("t_ns", "label", "node"), takes=("kind", "color"), only=_SIM),
    "sendQubit": LineType(needs=(*_MOVES, "bit"), only=_VIZ),
    "sendCbit": LineType(needs=(*_MOVES, "bit"), only=_VIZ),
    "sendBit": LineType(needs=(*_MOVES, "bit"), takes=("kind",), only=_SIM),
    "sendPacket": LineType(needs=_MOVES, takes=("label", "protocol")),
    "entangle": LineType(needs=("t_ns", "bits"), takes=("duration_ns",)),
    "measure": LineType(needs=("t_ns", "bit"), takes=("base", "duration_ns")),
    "graphMeasure": LineType(needs=("t_ns", "bit"), takes=("base", "duration_ns", "supportNode")),
    "removeQubit": LineType(needs=("t_ns", "bit"), takes=("reason",), only=_VIZ),
    "removeCbit": LineType(needs=("t_ns", "bit"), takes=("reason",), only=_VIZ),
    "removeBit": LineType(needs=("t_ns", "bit"), takes=("reason",), only=_SIM),
    "setBitColor": LineType(needs=("t_ns", "bit", "color"), only=_SIM),
    "traceText": LineType(needs=("t_ns", "text"), takes=("node",)),
}
#: Both tools write these with time 0 whenever they come.
TIMELESS = ("createNode", "createChannel")


class Line:
    """One line of known type, with its fields checked when they are asked for.

    Parameters
    ----------
    where : str
        As in ``"line 7"``.
    found : dict
        What stands there.
    """

    def __init__(self, where: str, found: dict[str, object]) -> None:
        self.where, self.found, self.type = where, found, str(found["type"])
        needed = LINE_TYPES[self.type].needs
        missing = [name for name in needed if found.get(name) is None]
        if missing:
            raise self.fault(f"{self.type} has no {' and no '.join(missing)}")

    def fault(self, problem: str) -> TraceError:
        """The error that names this line."""
        return TraceError(problem, self.where)

    @property
    def time_ns(self) -> int:
        """When it happens, or begins. [ns]"""
        return self.time("t0_ns" if "t0_ns" in LINE_TYPES[self.type].needs else "t_ns")

    def time(self, name: str) -> int:
        """A time or duration, 0 where none is said. [ns]

        Raises
        ------
        TraceError
            If it is no whole number of nanoseconds from 0 to 2**53.
        """
        value = self.found.get(name)
        if value is None:
            return 0
        if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= LATEST_NS:
            whole = int(value)
            if whole == value:
                return whole
        raise self.fault(f"{name} = {in_short(value)} must be a whole number of nanoseconds from 0 to 2^53")

    def word(self, name: str, unsaid: str = "") -> str:
        """A name or a text.

        Raises
        ------
        TraceError
            If it is no text, empty where it is needed, or longer than 1000 letters.
        """
        value = self.found.get(name)
        if value is None:
            return unsaid
        if not isinstance(value, str):
            raise self.fault(f"{name} = {in_short(value)} must be a text")
        if len(value) > MOST_LETTERS:
            raise self.fault(f"{name} has {len(value)} letters, more than {MOST_LETTERS}")
        if not value and name in LINE_TYPES[self.type].needs and name != "text":
            raise self.fault(f"{name} is empty")
        return value

    def words(self, name: str) -> list[str]:
        """A list of names.

        Raises
        ------
        TraceError
            If it is none.
        """
        value = self.found[name]
        if not isinstance(value, list) or not all(isinstance(part, str) for part in value):
            raise self.fault(f"{name} = {in_short(value)} must be a list of texts")
        return value

    def share(self, name: str) -> float | None:
        """A place in percent of the picture, None where none is said.

        Raises
        ------
        TraceError
            If it is no finite number.
        """
        value = self.found.get(name)
        if value is None:
            return None
        share = math.nan
        if isinstance(value, int | float) and not isinstance(value, bool):
            with contextlib.suppress(OverflowError):  # an integer beyond every float
                share = float(value)
        if not math.isfinite(share):
            raise self.fault(f"{name} = {in_short(value)} must be a number, in percent of the picture")
        return share
