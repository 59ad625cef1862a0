"""The messages themselves: what a page sends, and what it is answered."""

from collections.abc import Sequence
from typing import Literal, NotRequired, TypedDict

from qpsviz.session.protocol.film import FilmData
from qpsviz.session.protocol.frame import FrameChoices
from qpsviz.session.protocol.tabs import BudgetData, EventMarks, KeysData, SwitchDiagram
from qpsviz.session.protocol.traffic import TrafficMenu
from qpsviz.session.protocol.values import ColourMode, Packed, Run, Tile, Value


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


class Reset(TypedDict):
    """What a control goes back to."""

    value: Value
    text: str


class MarkerPlace(TypedDict):
    """Where the present state lies on a figure's axes, and whether it is on the curve."""

    x: float
    y: float
    on: bool


class PinnedCurve(TypedDict):
    """A curve that stays on its figure."""

    x: Packed | Sequence[object]
    y: Packed | Sequence[object]


class OwnState(TypedDict, total=False):
    """What a link says about the one view that opened it."""

    theme: ColourMode
    cursor: float
    relay: int
    dots: str
    traffic: str
    publication: str


class Contents(TypedDict, total=False):
    """What the open tab shows, under its name; nothing where it draws the run, or asks."""

    frame: FrameChoices
    switch: SwitchDiagram
    log: EventMarks
    budget: BudgetData
    keys: KeysData
    traffic: TrafficMenu
    spacetime: dict[str, object]
    state: dict[str, object]
    audit: dict[str, object]


class Plot(TypedDict):
    """Columns of a figure's sources, its marker and the ranges of its axes."""

    sources: dict[str, dict[str, Packed | Sequence[object]]]
    marker: MarkerPlace | None
    ranges: dict[str, tuple[float, float]]


class ScenarioTexts(TypedDict):
    """All that is text about a scenario."""

    values: dict[str, Value]
    texts: dict[str, str]
    idle: dict[str, str]
    resets: dict[str, Reset]
    preset: str | None
    story: str
    tiles: dict[str, Tile]


class Answer(ScenarioTexts):
    """The state that a page shows; ``revisions`` says up to which move each view was heard."""

    revision: int
    view: str
    revisions: dict[str, int]
    scene: int
    error: Fault | None
    own: OwnState
    tab: str
    linked: bool
    seed: int
    link: str
    plots: dict[str, Plot]
    contents: Contents


class Settled(TypedDict):
    """What takes a search, of the state with that film: it comes when the controls rest."""

    scene: int
    tiles: dict[str, Tile]


class Update(TypedDict, total=False):
    """What changed: the state, the pinned curves by figure, the run, and what came when the controls rested."""

    answer: Answer
    pins: dict[str, PinnedCurve]
    run: Run | FilmData
    settled: Settled


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


class LessonQuestion(TypedDict):
    """A question at the end of a lesson: a number has a unit, a choice has options."""

    prompt: str
    kind: Literal["number", "choice"]
    unit: NotRequired[str]
    options: NotRequired[list[str]]


class LessonAnswer(TypedDict):
    """What somebody answered; the verdict comes back with the same number."""

    number: int
    answer: str


class Verdict(TypedDict, total=False):
    """Whether an answer is right, and what is said about it; empty before the first answer."""

    number: int | None
    good: bool
    words: str
