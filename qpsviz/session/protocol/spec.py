"""What a page draws once: controls, tiles, tabs and lists to choose from."""

from typing import Literal, NotRequired, TypedDict

from qpsviz.session.protocol.tabs import EventMarks, SwitchDiagram
from qpsviz.session.protocol.values import ColourMode, Value


class ParameterSpec(TypedDict):
    """One control, from the declaration of its parameter; ``open`` where its slider ends in "never"."""

    name: str
    label: str
    kind: Literal["number", "count", "choice", "flag"]
    unit_text: str
    default: Value
    default_text: str
    claim: str
    source: str
    help: str
    lo: float | None
    hi: float | None
    step: float
    log: bool
    open: bool
    choices: list[str]
    choice_texts: list[str]


class GroupSpec(TypedDict):
    """Controls under one title."""

    name: str
    title: str
    open: bool
    first: bool
    parameters: list[ParameterSpec]


class ControlsSpec(TypedDict):
    """The control column; ``id`` is the prefix of its elements."""

    id: str
    groups: list[GroupSpec]


class LegendSpec(TypedDict):
    """One line of a figure's legend."""

    text: str
    series: str
    dash: str
    kind: str


class PlotSpec(TypedDict):
    """A figure; ``drag`` names the parameter of each axis and how many of its units one of the axis is."""

    name: str
    title: str
    caption: str
    legend: list[LegendSpec]
    drag: dict[Literal["x", "y"], tuple[str, float]]


class TabTitle(TypedDict):
    """A tab without figures."""

    name: str
    title: str


class TabSpec(TabTitle):
    """A tab with its figures, none where it draws itself."""

    plots: list[PlotSpec]


class TileSpec(TypedDict):
    """A read-out: what it is called, how it is made and where it comes from."""

    name: str
    label: str
    how: str
    source: str


class PresetSpec(TypedDict):
    """A preset to choose."""

    name: str
    title: str


class ExportSpec(TypedDict):
    """A file to save."""

    name: str
    title: str
    hint: str


class SessionSpec(TypedDict):
    """All that a page draws once, as a session says it."""

    id: str
    kind: str
    title: str
    opening: str
    chosen: bool
    speed: float
    network: bool
    controls: ControlsSpec
    tiles: list[TileSpec]
    presets: list[PresetSpec]
    tabs: list[TabSpec]
    templates: list[str]
    exports: list[ExportSpec]


class PageSpec(SessionSpec):
    """The same with the figures of a widget: the address of BokehJS, and each figure in both colours."""

    bokeh: str
    figures: dict[str, dict[ColourMode, dict[str, object]]]


class FilmSpec(TypedDict):
    """What a film alone draws once."""

    id: str
    title: str
    templates: list[str]
    tabs: list[TabTitle]
    switch: NotRequired[SwitchDiagram]
    log: EventMarks
