"""What the tab "Traffic" is told and asks; arrays of a reply travel beside it."""

from collections.abc import Mapping
from typing import Literal, NotRequired, TypedDict

from qpsviz.network.roles import Role
from qpsviz.units import Array, Column


class TrafficStory(TypedDict):
    """A choice worth a look."""

    title: str
    text: str
    choice: str


class TrafficVariant(TypedDict):
    """A way to switch that is compared."""

    word: str
    label: str
    about: str
    is_packet: bool


class TrafficMenu(TypedDict):
    """What can be chosen: words with their texts; ``loads`` is the range of the slider and its step."""

    networks: Mapping[str, str]
    pairs: Mapping[str, str]
    arrivals: Mapping[str, str]
    sessions: list[int]
    variants: list[TrafficVariant]
    loads: list[float]
    stories: Mapping[str, TrafficStory]
    first: str


class TrafficQuestion(TypedDict, total=False):
    """What the tab asks: ``do`` with a choice, or with a file."""

    do: Literal["network", "watch", "curves", "file"]
    network: str
    pairs: str
    arrivals: str
    n_frames_per_session: int
    load: float
    variant: str
    known: str | None
    pause: bool
    text: str
    length: str


class TrafficMap(TypedDict):
    """A network as it is drawn; lengths and places in km. ``guard`` is the one that its longest path takes, in us."""

    name: str
    title: str
    names: list[str]
    roles: list[Role]
    x: list[float]
    y: list[float]
    pair_from: list[int]
    pair_to: list[int]
    pair_x: list[float]
    pair_y: list[float]
    link_from: list[int]
    link_to: list[int]
    link_pair: list[int]
    link_km: list[float]
    about: str
    paths: str
    is_earth: bool
    guard_note: NotRequired[str]
    guard: NotRequired[float | None]


class TrafficLegs(TypedDict):
    """When the payloads that are drawn leave on a link: their first part that is left, and their end, in us."""

    link: Column
    first: Array
    last: Array
    frame: Column


class TrafficLost(TypedDict):
    """When and where frames were dropped; ``why`` is a place in ``reasons``."""

    time: Array
    node: Column
    why: Column


class TrafficWaits(TypedDict):
    """When the number that waits at a station changes, by how much, and for which link; -1 where that is not said."""

    time: Array
    node: Column
    link: Column
    step: Column


class TrafficLinks(TypedDict):
    """Counts of every one-way link; ``offered`` in Erlang per wavelength."""

    utilisation: Array
    n_frames: Column
    n_waiting: Array
    offered: Array


class TrafficNodes(TypedDict):
    """Counts of frames at every station."""

    sent: Column
    received: Column
    lost: Column


class TrafficRun(TypedDict):
    """A run to watch; times in us, the speed of light in km/us. One of so many sessions is drawn.

    ``run`` is its name, with which a page says that it has it.
    """

    run: NotRequired[str]
    choice: str
    duration: float
    payload: float
    speed: float
    one_of: int
    legs: TrafficLegs
    lost: TrafficLost
    reasons: list[str]
    waits: TrafficWaits
    source_waits: TrafficWaits
    links: TrafficLinks
    nodes: TrafficNodes
    facts: list[tuple[str, str]]


class TrafficSame(TypedDict):
    """The page has the run already."""

    same: Literal[True]


class TrafficProgress(TypedDict):
    """How far a study is."""

    state: Literal["running", "paused", "done", "failed"]
    done: int
    points: int
    seeds: int
    most_seeds: int
    frames: int
    problem: str


class TrafficChart(TypedDict):
    """A number against load: per variant its means and the ends of their intervals, None where nothing is known."""

    name: str
    title: str
    unit: str
    loads: list[float]
    lines: list[list[list[float | None]]]


class TrafficTable(TypedDict):
    """All numbers at one load, in words."""

    load: float
    head: list[str]
    rows: list[list[str]]


class TrafficCurves(TypedDict):
    """What a study found so far."""

    progress: TrafficProgress
    charts: list[TrafficChart]
    states: list[list[str]]
    verdicts: list[str]
    notes: list[str]
    table: TrafficTable


class TrafficFile(TypedDict):
    """The word of a network that was opened."""

    network: str


TrafficReply = TrafficMap | TrafficRun | TrafficSame | TrafficCurves | TrafficFile
