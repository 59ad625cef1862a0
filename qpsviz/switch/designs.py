"""The two q-ROADMs of the paper's Section III, drawn: which components, where, and what joins them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TypedDict

from qpsviz.noise.storage import Storage
from qpsviz.switch.codes import NO_CODE
from qpsviz.switch.components import PARTS, Carries, Component, Edge, Kind, Part, switch_part

MERGING_COLUMN = 6
FABRIC_COLUMN = 6
_LAST_COLUMN = 8
_CONVERSION_US = 0.1
_CONVERSION_SHARE = 0.1

Drawing = tuple[tuple[Component, ...], tuple[Edge, ...]]


class _Lane(TypedDict):
    """Where a component of one lane belongs."""

    fibre: int
    wavelength: int


@dataclass
class _Plan:
    """A drawing while it is made; rows count half lanes: the header of a lane above its payload."""

    n_fibres: int
    n_wavelengths: int
    components: list[Component] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)

    def put(
        self,
        kind: Kind,
        name: str,
        column: int,
        row: float,
        *,
        part: Part | None = None,
        latency_us: float | None = None,
        storage: Storage | None = None,
        correction: str = NO_CODE,
        tunable: bool = False,
        fibre: int | None = None,
        wavelength: int | None = None,
    ) -> str:
        """Place a component, typical of its part unless something else is said, and return its name."""
        part = part or PARTS[kind]
        component = Component(
            name=name, kind=kind, part=part, column=column, row=row, insertion_loss_db=part.insertion_loss_db,
            latency_us=part.latency_us if latency_us is None else latency_us, reconfigure_us=part.reconfigure_us,
            storage=storage, correction=correction, tunable=tunable, fibre=fibre, wavelength=wavelength,
        )  # fmt: skip
        self.components.append(component)
        return name

    def join(self, carries: Carries, *names: str) -> None:
        """Lay edges along a chain of components."""
        for source, target in pairwise(names):
            self.edges.append(Edge(source=source, target=target, carries=carries))

    def lanes(self) -> Iterator[tuple[int, int, str, float]]:
        """Fibre, wavelength, name and header row of every lane."""
        for fibre in range(self.n_fibres):
            for wavelength in range(self.n_wavelengths):
                row = 2.0 * (fibre * self.n_wavelengths + wavelength)
                yield fibre, wavelength, f"{fibre}.{wavelength}", row

    def fibre_row(self, fibre: int) -> float:
        """Row in the middle of a fibre's lanes."""
        return 2.0 * self.n_wavelengths * fibre + self.n_wavelengths - 0.5

    @property
    def height(self) -> float:
        """First row below all lanes."""
        return 2.0 * self.n_fibres * self.n_wavelengths

    def ends(self) -> None:
        """Input fibres with their demultiplexers, multiplexers with their output fibres."""
        for fibre in range(self.n_fibres):
            row = self.fibre_row(fibre)
            entry = self.put(Kind.INPUT, f"{Kind.INPUT} {fibre}", 0, row, fibre=fibre)
            self.join(Carries.BOTH, entry, self.put(Kind.DEMULTIPLEXER, f"demultiplexer {fibre}", 1, row, fibre=fibre))
            out = self.put(Kind.MULTIPLEXER, f"multiplexer {fibre}", _LAST_COLUMN - 1, row, fibre=fibre)
            leave = self.put(Kind.OUTPUT, f"{Kind.OUTPUT} {fibre}", _LAST_COLUMN, row, fibre=fibre)
            self.join(Carries.BOTH, out, leave)

    def control(self, processing_us: float) -> dict[Kind, float]:
        """Place the control unit; latencies of the three that make up T_P.

        Assumption: the paper has only the sum, so conversion and regeneration take 0.1 us each, or a tenth of T_P if
        that is less, and the control unit takes the rest.
        """
        ends = min(_CONVERSION_US, _CONVERSION_SHARE * processing_us)
        self.put(Kind.CONTROL_UNIT, "control unit", 4, -1.5, latency_us=processing_us - 2 * ends)
        return {Kind.OE_CONVERTER: ends, Kind.REGENERATION: ends}

    def done(self) -> Drawing:
        """The finished drawing."""
        return tuple(self.components), tuple(self.edges)


def near_term(n_fibres: int, n_wavelengths: int, fabric: str, storage: Storage, processing_us: float) -> Drawing:
    """Fig. 4: an optical switch splits, another merges and directs.

    Parameters
    ----------
    n_fibres, n_wavelengths : int
        Size. [1]
    fabric : str
        Kind of both optical switches.
    storage : Storage
        What the q-memories are.
    processing_us : float
        T_P. [us]

    Returns
    -------
    tuple
        Components and edges.

    Notes
    -----
    Assumption: one splitting switch, q-memory and header path per wavelength of a fibre, and one merging switch per
    wavelength with every fibre on either side. The text sends the multiplexed frame through one more switch; behind a
    multiplexer it would send all wavelengths of a fibre the same way, so the merging switch directs.
    """
    plan, switch = _Plan(n_fibres, n_wavelengths), switch_part(fabric)
    plan.ends()
    taken = plan.control(processing_us)
    for wavelength in range(n_wavelengths):
        row = (wavelength + 0.5) * 2 * n_fibres - 0.5
        merging = plan.put(
            Kind.OPTICAL_SWITCH, f"merging switch {wavelength}", MERGING_COLUMN, row, part=switch, wavelength=wavelength
        )
        for fibre in range(n_fibres):
            plan.join(Carries.BOTH, merging, f"multiplexer {fibre}")
    for fibre, wavelength, lane, row in plan.lanes():
        at: _Lane = {"fibre": fibre, "wavelength": wavelength}
        split = plan.put(Kind.OPTICAL_SWITCH, f"splitting switch {lane}", 2, row + 0.5, part=switch, **at)
        plan.join(Carries.BOTH, f"demultiplexer {fibre}", split)
        reader = plan.put(Kind.OE_CONVERTER, f"O/E converter {lane}", 3, row, latency_us=taken[Kind.OE_CONVERTER], **at)
        writer = plan.put(Kind.REGENERATION, f"regeneration {lane}", 5, row, latency_us=taken[Kind.REGENERATION], **at)
        plan.join(Carries.HEADER, split, reader, "control unit", writer, f"merging switch {wavelength}")
        memory = plan.put(Kind.Q_MEMORY, f"q-memory {lane}", 4, row + 1, storage=storage, **at)
        plan.join(Carries.PAYLOAD, split, memory, f"merging switch {wavelength}")
    return plan.done()


def long_term(
    n_fibres: int,
    n_wavelengths: int,
    n_add_drop: int,
    fabric: str,
    storage: Storage,
    correction: str,
    processing_us: float,
) -> Drawing:
    """Fig. 5: a quantum processing unit per lane, and one switch fabric for all.

    Parameters
    ----------
    n_fibres, n_wavelengths, n_add_drop : int
        Size. [1]
    fabric : str
        Kind of the switch fabric.
    storage : Storage
        What q-memories and q-buffers are.
    correction : str
        What the q-processors apply.
    processing_us : float
        T_P. [us]

    Returns
    -------
    tuple
        Components and edges.

    Notes
    -----
    Assumption: one lane per wavelength of a fibre; light passes the wavelength converter only when it must change.
    Assumption: a local user's frame comes and goes at the fabric, with a header that needs no reading.
    """
    plan = _Plan(n_fibres, n_wavelengths)
    plan.ends()
    taken = plan.control(processing_us)
    middle = plan.height / 2 - 0.5
    hub = plan.put(Kind.SWITCH_FABRIC, "switch fabric", FABRIC_COLUMN, middle, part=switch_part(fabric))
    for fibre in range(n_fibres):
        plan.join(Carries.BOTH, hub, f"multiplexer {fibre}")
    for k in range(n_add_drop):
        plan.join(Carries.BOTH, plan.put(Kind.ADD, f"{Kind.ADD} {k}", 0, plan.height + k), hub)
        plan.join(Carries.BOTH, hub, plan.put(Kind.DROP, f"{Kind.DROP} {k}", _LAST_COLUMN, plan.height + k))
    for fibre, wavelength, lane, row in plan.lanes():
        _long_term_lane(plan, fibre, wavelength, lane, row, storage, correction, taken)
    return plan.done()


def _long_term_lane(
    plan: _Plan,
    fibre: int,
    wavelength: int,
    lane: str,
    row: float,
    storage: Storage,
    correction: str,
    taken: dict[Kind, float],
) -> None:
    """Header above, payload below, from the demultiplexer to the fabric."""
    entry = f"demultiplexer {fibre}"
    at: _Lane = {"fibre": fibre, "wavelength": wavelength}
    amplifier = plan.put(Kind.AMPLIFIER, f"amplifier {lane}", 2, row, **at)
    reader = plan.put(Kind.OE_CONVERTER, f"O/E converter {lane}", 3, row, latency_us=taken[Kind.OE_CONVERTER], **at)
    writer = plan.put(
        Kind.REGENERATION, f"regeneration {lane}", 5, row, latency_us=taken[Kind.REGENERATION], tunable=True, **at
    )
    plan.join(Carries.HEADER, entry, amplifier, reader, "control unit", writer, "switch fabric")
    memory = plan.put(Kind.Q_MEMORY, f"q-memory {lane}", 2, row + 1, storage=storage, **at)
    processor = plan.put(Kind.Q_PROCESSOR, f"q-processor {lane}", 3, row + 1, correction=correction, **at)
    buffer = plan.put(Kind.Q_BUFFER, f"q-buffer {lane}", 4, row + 1, storage=storage, **at)
    converter = plan.put(Kind.WAVELENGTH_CONVERTER, f"wavelength converter {lane}", 5, row + 1, tunable=True, **at)
    plan.join(Carries.PAYLOAD, entry, memory, processor, buffer, "switch fabric")
    plan.join(Carries.PAYLOAD, buffer, converter, "switch fabric")
