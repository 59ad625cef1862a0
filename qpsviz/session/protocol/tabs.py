"""What the tabs show that draw themselves: their data, their questions and the replies to these."""

from typing import Literal, NotRequired, TypedDict

from qpsviz.closed_form.costs import CostKind
from qpsviz.session.protocol.frame import FrameChoices, FrameReply
from qpsviz.session.protocol.traffic import TrafficMenu, TrafficReply
from qpsviz.session.protocol.values import Value


class Loading(TypedDict):
    """The reply is not there yet; ask again."""

    loading: Literal[True]


class EventMarks(TypedDict):
    """The shape beside each kind of event."""

    marks: list[str]


# --- Paper audit


class AuditReading(TypedDict):
    """What one reading of a publication gives."""

    words: str
    found: str
    holds: bool


class AuditRow(TypedDict):
    """A claim of a publication, and the values that set its scenario; None where it is about none."""

    id: str
    claim: str
    where: str
    expected: str
    found: str
    verdict: str
    kind: Literal["holds", "partly", "fails"]
    share: str
    readings: list[AuditReading]
    values: dict[str, Value] | None
    linked: bool


class AuditCell(TypedDict):
    """A published number, and how far ours is from it."""

    published: str
    distance: str
    holds: bool


class AuditNumber(TypedDict):
    """One quantity in one case: ours, and what each column has."""

    quantity: str
    case: str
    ours: str
    cells: list[AuditCell | None]


class AuditComparison(TypedDict):
    """Published numbers beside ours."""

    columns: list[str]
    rows: list[AuditNumber]


class AuditQuestion(TypedDict, total=False):
    """Which publication; the first one where it names none."""

    publication: str


class AuditChoice(TypedDict):
    """A publication that can be chosen."""

    name: str
    about: str


class AuditTable(TypedDict):
    """Every claim of a publication, and the publications to choose from."""

    publications: list[AuditChoice]
    publication: str
    cited: str
    address: str
    part: str
    comparison: AuditComparison | None
    rows: list[AuditRow]


# --- Budget


class BudgetRow(TypedDict):
    """What one element costs; ``change`` is None where it is infinite."""

    name: str
    kind: CostKind
    change: float | None
    text: str
    position: str
    before: float
    after: float


class Budget(TypedDict):
    """All elements of one budget and what is left."""

    rows: list[BudgetRow]
    total: float | None


class Goal(TypedDict):
    """An output that can be brought to a goal, and its present value."""

    name: str
    label: str
    now: str


class BudgetData(TypedDict):
    """Both budgets."""

    fidelity: Budget
    key_rate: Budget
    goals: list[Goal]


class BudgetQuestion(TypedDict, total=False):
    """Which output shall reach which value, as typed; or the budget ``of`` what takes a search."""

    of: str
    output: str
    text: str


class Needed(TypedDict):
    """The value that a parameter would need, or ``why`` none does."""

    label: str
    now: str
    parameters: list[str]
    value: NotRequired[Value]
    needed: NotRequired[str]
    why: NotRequired[str]


class NeededTable(TypedDict):
    """Every parameter that matters, and how many are still looked for."""

    rows: list[Needed]
    left: int


# --- Keys


class KeyRow(TypedDict):
    """What one thing leaves of the key, and what it costs, as written."""

    label: str
    setting: str
    left: str
    cost: str


class KeysData(TypedDict):
    """What is known at once; ``state`` is a word for all that the finite block depends on, ``lines`` for its lines.

    ``instead`` are other protocols and sources over the same path; their cost is over the key of perfect photons.
    """

    rows: list[KeyRow]
    instead: list[KeyRow]
    state: str
    lines: dict[str, str]


class KeysLine(TypedDict):
    """A line of a finite block, and where the present state is on it, if it is."""

    x: list[float]
    y: list[float]
    now: NotRequired[list[float]]


class KeysAnswer(TypedDict):
    """What the finite block makes of a state: its row, and its line in each figure."""

    state: str
    row: KeyRow
    lines: dict[str, KeysLine]


# --- State


class Merit(TypedDict):
    """A figure of merit from both sides."""

    name: str
    referee: float
    closed_form: float


class StateAnswer(TypedDict):
    """The density matrix by rows, and what it is good for."""

    re: list[list[float]]
    im: list[list[float]]
    bloch: list[list[float]]
    correlations: list[float]
    purity: float
    p_arrival: float
    merits: list[Merit]


# --- Inside a switch


class SwitchNode(TypedDict):
    """A component and its place in the picture."""

    name: str
    kind: str
    label: str
    column: float
    row: float
    full: str
    source: str


#: What joins two components.
SwitchEdge = TypedDict("SwitchEdge", {"from": int, "to": int, "kind": Literal["classical", "quantum", "both"]})


class ComponentTexts(TypedDict):
    """What stands on and beside the card of a component."""

    loss: str
    latency: str
    does: str
    after: str


class PassTotal(TypedDict):
    """A number under the picture."""

    name: str
    label: str
    text: str
    note: str
    tip: NotRequired[str]


class SwitchPass(TypedDict):
    """What one pass costs."""

    cards: list[ComponentTexts]
    loss_db: float
    fidelity: float
    fading_db: list[float]
    totals: list[PassTotal]


class SwitchDiagram(TypedDict):
    """One relay taken apart; numbers are positions in ``nodes`` unless said otherwise.

    ``set_up`` holds the kinds of the events that reserve and refuse, ``pass_of`` the position in ``passes`` of each
    relay.
    """

    device: str
    figure: str
    nodes: list[SwitchNode]
    edges: list[SwitchEdge]
    header: list[int]
    payload: list[int]
    releases: int
    drops: list[int]
    crossing: str
    set_up: tuple[int, int]
    stores: bool
    passes: list[SwitchPass]
    pass_of: list[int]


TabReply = FrameReply | AuditTable | NeededTable | Budget | KeysAnswer | StateAnswer | TrafficReply | Loading
TabData = FrameChoices | SwitchDiagram | EventMarks | BudgetData | KeysData | TrafficMenu
