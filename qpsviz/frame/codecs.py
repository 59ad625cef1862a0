"""How a value lies in the octets of a frame: one class for each kind of value.

A codec checks a value, writes it, reads it back and says what form it has; it knows no field. A new kind of
field needs a class here, a new field of a known kind does not.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from qpsviz.frame.error import FrameError

PS_PER_US: Final = 1_000_000
MAX_TIME_PS: Final = 10**15
MAX_TIME_US: Final = MAX_TIME_PS / PS_PER_US

Head = Callable[[int], bytes]  # what precedes a value of so many octets
Write = Callable[[str], bytes]
Read = Callable[[dict[str, object], bytes, int, int, int], None]  # values, frame, octets of TLV, value, and its end

_LETTERS: Final = {1: "B", 2: "H", 4: "I", 8: "Q"}


class Codec:
    """A kind of value.

    Attributes
    ----------
    kind : type
        What a person types: ``int``, ``float`` or ``str``.
    unit : str
        Unit of the value in Python; empty where it has none.
    choices : tuple of str
        The words there are, where the value is one of several.
    form : str
        Octets and range, for the page of the format.
    """

    kind: type = str
    unit = ""
    choices: tuple[str, ...] = ()
    form: str

    def check(self, name: str, value: object) -> None:
        """Refuse a value of the parameter ``name`` that cannot be written."""
        raise NotImplementedError


class Number(Codec):
    """A value of fixed size: one big-endian number on the wire, written and read by ``compiled.py``.

    Parameters
    ----------
    n_octets : int
        1, 2, 4 or 8.
    lo, hi : int
        Range of the number on the wire; all that ``n_octets`` can hold where left out.

    Attributes
    ----------
    as_number, as_value : str
        Python expressions of the number for the value ``{x}``, and the reverse; ``{codec}`` is the codec.
    """

    as_number = "{x}"
    as_value = "{x}"

    def __init__(self, n_octets: int, lo: int = 0, hi: int | None = None) -> None:
        self.n_octets = n_octets
        self.letter = _LETTERS[n_octets]
        self.lo, self.hi = lo, 256**n_octets - 1 if hi is None else hi

    @property
    def is_narrow(self) -> bool:
        """Whether the octets can hold a number out of range."""
        return (self.lo, self.hi) != (0, 256**self.n_octets - 1)

    def fault(self, number: int) -> str:
        """What is wrong with a number out of range."""
        return f"{number} is not from {self.lo} to {self.hi}"


class Scaled(Number):
    """A real number, rounded on the wire to whole steps of a smaller unit.

    Parameters
    ----------
    n_octets, lo, hi : int
        As for `Number`; the range counts steps.
    unit, step : str
        Unit of the value and of one step.
    n_per_unit : int
        Steps in one unit.
    """

    kind = float

    def __init__(self, n_octets: int, lo: int, hi: int, *, unit: str, step: str, n_per_unit: int) -> None:
        super().__init__(n_octets, lo, hi)
        self.unit, self.step, self.n_per_unit = unit, step, n_per_unit
        self.lo_value, self.hi_value = lo / n_per_unit, hi / n_per_unit
        digits = f"{hi:,}".replace(",", " ")
        self.form = f"`u{8 * n_octets}`, whole {step}, from {lo} to {digits}"
        self.as_number, self.as_value = f"round({{x}} * {n_per_unit})", f"{{x}} / {n_per_unit}"

    def check(self, name: str, value: object) -> None:
        """As `Codec.check`."""
        lo, hi = self.lo_value, self.hi_value
        if not isinstance(value, (int, float)) or isinstance(value, bool) or not lo <= value <= hi:
            raise FrameError(name, f"{name} = {value!r} is not a number from {lo:g} to {hi:g} {self.unit}")

    def fault(self, number: int) -> str:
        """As `Number.fault`."""
        if number > self.hi:
            return f"{number} {self.step} is more than {self.hi} {self.step}"
        return f"stated as {number} {self.step}; from {self.lo} to {self.hi} {self.step}"


class Whole(Number):
    """A whole number, as large as its octets can hold."""

    kind = int

    def __init__(self, n_octets: int) -> None:
        super().__init__(n_octets)
        self.form = f"`u{8 * n_octets}`"

    def check(self, name: str, value: object) -> None:
        """As `Codec.check`."""
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= self.hi:
            raise FrameError(name, f"{name} = {value!r} is not a whole number from 0 to {self.hi}")


class Word(Number):
    """One of a few words that are numbered from 0, in one octet; no other number is allowed."""

    as_number = "{codec}.codes[{x}]"
    as_value = "{codec}.names[{x}]"

    def __init__(self, *words: str) -> None:
        super().__init__(1, 0, len(words) - 1)
        self.choices = self.names = words
        self.form = "`u8`: " + ", ".join(f"{code} {word}" for code, word in enumerate(words))
        self.codes = {word: code for code, word in enumerate(words)}

    def check(self, name: str, value: object) -> None:
        """As `Codec.check`."""
        if value not in self.names:
            raise FrameError(name, f"{name} = {value!r} is not " + " or ".join(f'"{word}"' for word in self.names))

    def fault(self, number: int) -> str:
        """As `Number.fault`."""
        return f"{number} is not " + " or ".join(f"{code} ({word})" for code, word in enumerate(self.names))


class Code(Number):
    """One of 256 codes in one octet; those without a name are kept, as ``code-N``."""

    as_number = "{codec}.codes[{x}]"
    as_value = "{codec}.names[{x}]"

    def __init__(self, *known: str) -> None:
        super().__init__(1)
        self.choices = known
        self.names = known + tuple(f"code-{code}" for code in range(len(known), 256))
        self.form = "`u8`: " + ", ".join(f"{code} {name}" for code, name in enumerate(known))
        self.codes = {name: code for code, name in enumerate(self.names)}

    def check(self, name: str, value: object) -> None:
        """As `Codec.check`."""
        if not isinstance(value, str) or value not in self.codes:
            raise FrameError(name, f"{name} = {value!r} is not one of: {', '.join(self.choices)}, code-N")


class Text(Codec):
    """Printable text in UTF-8, of one octet or more."""

    def __init__(self, max_octets: int) -> None:
        self.max_octets = max_octets
        self.form = f"1 to {max_octets} octets of printable UTF-8"

    def check(self, name: str, value: object) -> None:
        """As `Codec.check`."""
        hi = self.max_octets
        if not isinstance(value, str) or not value.isprintable() or not 1 <= len(value.encode()) <= hi:
            raise FrameError(name, f"{name} = {value!r} is not 1 to {hi} octets of printable text")

    def writer(self, head: Head) -> Write:
        """A function from a valid value to its octets, after what ``head`` puts before them."""

        def write(value: str) -> bytes:
            octets = value.encode()
            return head(len(octets)) + octets

        return write

    def reader(self, name: str) -> Read:
        """A function that reads the value of a whole TLV into ``values[name]``, or raises a `FrameError`."""
        hi = self.max_octets

        def read(values: dict[str, object], octets: bytes, at: int, start: int, stop: int) -> None:
            if not 1 <= stop - start <= hi:
                raise FrameError(name, f"length out of range: {stop - start} octets of text, from 1 to {hi}", at)
            try:
                text = octets[start:stop].decode()
            except UnicodeDecodeError as error:
                raise FrameError(name, "is not UTF-8", start + error.start) from None
            if not text.isprintable():
                raise FrameError(name, f"{text!r} is not printable", start)
            values[name] = text

        return read
