"""What a page and its session tell each other, as types; ``web/js/protocol.d.ts`` says the same for the browser.

A page sends a :class:`Request` and :class:`Question`; it hears an :class:`Answer`, a :class:`Run` and a :class:`Reply`.
Times are in us, lengths in km, and arrays are :class:`Packed`.
"""

from collections.abc import Mapping, Sequence
from typing import Literal, NotRequired, TypedDict

Value = float | int | bool | str | None


class Packed(TypedDict):
    """An array: its type and its little-endian octets; a matrix also has a shape."""

    type: Literal["f4", "f8", "i4", "u1"]
    data: memoryview
    shape: NotRequired[list[int]]


class Typed(TypedDict):
    """A text that a person typed beside a slider."""

    name: str
    text: str


class Pin(TypedDict):
    """Pin the present curve of a figure, or take the pin away."""

    figure: str
    on: bool


class Move(TypedDict, total=False):
    """One thing that a person did. A link replaces the whole state; else a preset, else values and the typed text."""

    revision: int
    link: str
    preset: str
    typed: Typed
    values: dict[str, Value]
    linked: bool
    tab: str
    seed: int
    pin: Pin


class Request(TypedDict):
    """All moves of one view that have no answer yet, in order."""

    view: str
    moves: list[Move]


class Fault(TypedDict):
    """What was refused: the parameter whose control says so, or None, and the sentence."""

    name: str | None
    message: str


class Tile(TypedDict):
    """A number as it is written; ``bad`` where it means that nothing works."""

    text: str
    unit: str
    note: str
    bad: bool


class Reset(TypedDict):
    """What a control goes back to."""

    value: Value
    text: str


class Plot(TypedDict):
    """Columns of a figure's sources, its marker and the ranges of its axes."""

    sources: dict[str, dict[str, Packed | Sequence[object]]]
    marker: Mapping[str, object] | None
    ranges: dict[str, tuple[float, float]]


class Answer(TypedDict):
    """The state that a page shows; ``revisions`` says up to which move each view was heard."""

    revision: int
    view: str
    revisions: dict[str, int]
    scene: int
    error: Fault | None
    own: dict[str, object]
    tab: str
    linked: bool
    seed: int
    link: str
    values: dict[str, Value]
    texts: dict[str, str]
    idle: dict[str, str]
    resets: dict[str, Reset]
    preset: str | None
    story: str
    tiles: dict[str, Tile]
    plots: dict[str, Plot]
    contents: dict[str, object]


class Run(TypedDict):
    """The film of a state, or ``error`` in its place; the rest is what ``session.film.schedule`` makes."""

    revision: int
    scene: int
    error: NotRequired[str]
    tiles: NotRequired[dict[str, Tile]]


class Question(TypedDict):
    """Something outside the state; ``tab`` goes with ``tab``, ``name`` with ``file``."""

    ask: Literal["link", "code", "tab", "file", "bokeh"]
    number: int
    asker: str
    tab: NotRequired[str]
    name: NotRequired[str]


class Reply(TypedDict):
    """The answer to the question of the same number, to be taken by its asker; files come as octets beside it."""

    number: int | None
    asker: NotRequired[str]
    error: NotRequired[str]
    link: NotRequired[str]
    text: NotRequired[str]
    file: NotRequired[str]
    type: NotRequired[str]
