"""What the Frame tab asks and shows."""

from typing import Literal, TypedDict


class FrameChoices(TypedDict):
    """Kinds of octets, values to pick from, and line rates."""

    kinds: dict[str, str]
    choices: dict[str, list[str]]
    suggestions: dict[str, list[str]]
    rates: list[str]
    rate: str


class FrameQuestion(TypedDict, total=False):
    """What the Frame tab asks; ``question`` in ``tabs.frame.tab`` says which parts go together.

    ``turn`` is the page's own count.
    """

    do: Literal["follow", "edit", "paste", "repair", "misread"]
    time: float
    row: int
    octets: str
    name: str
    text: str
    how: str
    role: str
    dialect: str
    rate: str | None
    known: str
    turn: int


class FrameField(TypedDict):
    """A field: where it is, what it says, and the parameter that can be edited there."""

    name: str
    label: str
    offset: int
    length: int
    value: str
    meaning: str
    note: str
    kind: str
    part: str
    edit: str


class AbsentField(TypedDict):
    """A field that takes no octet now and can be added."""

    name: str
    label: str
    meaning: str
    note: str


class FrameFault(TypedDict):
    """What is wrong: the octet, or the place in a pasted text."""

    field: str
    offset: int | None
    at: int | None
    message: str


class FrameSegment(TypedDict):
    """A part of a frame in time; without light it has no wavelength."""

    name: str
    start: float
    duration: float
    nm: float | None


class FramePlanLayout(TypedDict):
    """A frame in time; ``nm`` are its wavelengths, the payload's first."""

    segments: list[FrameSegment]
    total: float
    nm: list[float]


class FrameLayouts(TypedDict):
    """A frame in time on one wavelength and on two."""

    fault: None
    n_qubits: int
    n_kept: int
    duration: float
    spacing: float | None
    time: FramePlanLayout
    wavelength: FramePlanLayout


class NoLayouts(TypedDict):
    """Why a frame cannot be drawn."""

    fault: str


class FrameOctets(TypedDict):
    """Octets as far as they can be read, and what would repair them."""

    octets: str
    n_octets: int
    fields: list[FrameField]
    fault: FrameFault | None
    repairs: list[str]


class ValidFrame(FrameOctets):
    """A frame without a fault; ``change`` says in words which octets changed."""

    role: str
    dialect: str
    absent: list[AbsentField]
    changed: list[int]
    change: str
    crosses_bridges: bool
    layouts: FrameLayouts | NoLayouts


class FramePlace(TypedDict):
    """Which frame of the run, where it is, and when its neighbours are sent."""

    row: int
    title: str
    place: str
    previous: float | None
    next: float | None


class RunFrame(ValidFrame, FramePlace):
    """A frame of the run."""


class UnwritableFrame(FrameOctets, FramePlace):
    """A frame of the run that no octets can state."""


class RefusedEdit(TypedDict):
    """Why a field keeps its value."""

    fault: FrameFault


class FrameText(TypedDict):
    """Octets to paste."""

    text: str


FrameReply = RunFrame | UnwritableFrame | ValidFrame | FrameOctets | RefusedEdit | FrameText
