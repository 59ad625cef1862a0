"""What a q-ROADM is built from: parts with typical values, components in their place, and the edges between."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from enum import StrEnum

from qpsviz.errors import ParameterError, nearest
from qpsviz.noise import QubitChannel, depolarising, loss
from qpsviz.noise.storage import Storage
from qpsviz.switch.codes import CORRECTIONS, NO_CODE, is_code
from qpsviz.units import Array, ArrayLike, in_range, in_unit_interval, travel_us

# Assumption: each component brings a metre of patch fibre; an amplifier has twenty metres of doped fibre.
_PATCH_US = float(travel_us(1e-3))
_AMPLIFIER_US = float(travel_us(20e-3))


Wavelength = int
"""A wavelength channel, by its number."""


class Kind(StrEnum):
    """What a component is; the word is also its name in a picture."""

    INPUT = "input fibre"
    ADD = "add"
    DEMULTIPLEXER = "demultiplexer"
    OPTICAL_SWITCH = "optical switch"
    AMPLIFIER = "amplifier"
    OE_CONVERTER = "O/E converter"
    CONTROL_UNIT = "control unit"
    REGENERATION = "header regeneration"
    Q_MEMORY = "q-memory"
    Q_PROCESSOR = "q-processor"
    Q_BUFFER = "q-buffer"
    WAVELENGTH_CONVERTER = "wavelength converter"
    SWITCH_FABRIC = "switch fabric"
    MULTIPLEXER = "multiplexer"
    OUTPUT = "output fibre"
    DROP = "drop"


class Carries(StrEnum):
    """What passes along an edge."""

    HEADER = "header"
    PAYLOAD = "payload"
    BOTH = "both"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part one can buy, with its typical value and range.

    ``insertion_loss_db`` and ``range_db`` in dB (negative is gain), ``latency_us`` and ``reconfigure_us`` (time to
    set another path) in µs; ``claim`` says whose number it is.
    """

    label: str
    insertion_loss_db: float
    range_db: tuple[float, float]
    latency_us: float = _PATCH_US
    reconfigure_us: float = 0.0
    claim: str
    source: str


_OWN_SPEED = ", range usual in the trade; the switching time is our order of magnitude"
SWITCHES = {
    "wavelength_selective": Part(
        label="wavelength-selective switch", insertion_loss_db=6.0, range_db=(5.0, 7.0), reconfigure_us=1e5,
        claim="standard", source="liquid-crystal switches" + _OWN_SPEED,
    ),
    "mems": Part(
        label="MEMS cross-connect", insertion_loss_db=1.25, range_db=(0.5, 2.0), reconfigure_us=1e3,
        claim="standard", source="micromirror switches" + _OWN_SPEED,
    ),
    "piezo": Part(
        label="piezo beam-steering switch", insertion_loss_db=1.0, range_db=(1.0, 1.0), reconfigure_us=1e4,
        claim="standard", source="piezo collimator switches" + _OWN_SPEED,
    ),
    "electro_optic": Part(
        label="fast electro-optic switch", insertion_loss_db=4.0, range_db=(3.0, 5.0), reconfigure_us=1e-2,
        claim="standard", source="lithium-niobate and PLZT switches" + _OWN_SPEED,
    ),
}  # fmt: skip

PARTS = {
    Kind.INPUT: Part(
        label="input fibre", insertion_loss_db=0.0, range_db=(0.0, 0.0), latency_us=0.0, claim="ours",
        source="belongs to the link",
    ),
    Kind.ADD: Part(
        label="add channel", insertion_loss_db=0.0, range_db=(0.0, 0.0), latency_us=0.0, claim="ours",
        source="belongs to the local user",
    ),
    Kind.DEMULTIPLEXER: Part(
        label="demultiplexer", insertion_loss_db=1.5, range_db=(1.0, 4.0), claim="ours",
        source="thin-film or arrayed-waveguide DWDM module",
    ),
    Kind.AMPLIFIER: Part(
        label="amplifier", insertion_loss_db=-20.0, range_db=(-30.0, -10.0), latency_us=_AMPLIFIER_US,
        claim="ours", source="erbium-doped fibre pre-amplifier, 20 m of fibre",
    ),
    Kind.OE_CONVERTER: Part(
        label="O/E converter", insertion_loss_db=0.0, range_db=(0.0, 0.0), claim="ours",
        source="a photodiode measures the header: light ends here",
    ),
    Kind.CONTROL_UNIT: Part(
        label="control unit", insertion_loss_db=0.0, range_db=(0.0, 0.0), claim="paper",
        source="processing time of Section IV, less conversion and regeneration",
    ),
    Kind.REGENERATION: Part(
        label="header regeneration", insertion_loss_db=0.0, range_db=(0.0, 0.0), claim="ours",
        source="a laser writes the header anew at full power",
    ),
    Kind.Q_MEMORY: Part(
        label="q-memory", insertion_loss_db=0.0, range_db=(0.0, 3.0), claim="ours",
        source="Assumption: writing and reading lose nothing; waiting costs what the storage says",
    ),
    Kind.Q_PROCESSOR: Part(
        label="q-processor", insertion_loss_db=0.0, range_db=(0.0, 0.0), latency_us=0.0, claim="ours",
        source="Assumption: perfect gates that take no time",
    ),
    Kind.Q_BUFFER: Part(
        label="q-buffer", insertion_loss_db=0.0, range_db=(0.0, 3.0), claim="ours",
        source="Assumption: as the q-memory",
    ),
    Kind.WAVELENGTH_CONVERTER: Part(
        label="wavelength converter", insertion_loss_db=3.4, range_db=(1.4, 6.0), claim="standard",
        source="46 % device efficiency: Strassmann et al., arXiv:1902.02728",
    ),
    Kind.MULTIPLEXER: Part(
        label="multiplexer", insertion_loss_db=1.5, range_db=(1.0, 4.0), claim="ours",
        source="thin-film or arrayed-waveguide DWDM module",
    ),
    Kind.OUTPUT: Part(
        label="output fibre", insertion_loss_db=0.0, range_db=(0.0, 0.0), latency_us=0.0, claim="ours",
        source="belongs to the link",
    ),
    Kind.DROP: Part(
        label="drop channel", insertion_loss_db=0.0, range_db=(0.0, 0.0), latency_us=0.0, claim="ours",
        source="belongs to the local user",
    ),
}  # fmt: skip


def switch_part(name: str) -> Part:
    """The kind of optical switch called ``name``.

    Raises
    ------
    ParameterError
        If there is none.
    """
    if name not in SWITCHES:
        words = f"{', '.join(SWITCHES)}{nearest(name, SWITCHES)}"
        raise ParameterError("fabric", f"fabric = {name!r} must be one of {words}")
    return SWITCHES[name]


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """One component in its place.

    Parameters
    ----------
    name : str
        Unique within a device.
    kind : Kind
        What it is.
    part : Part
        What it is made of, for its label, range, claim and source.
    insertion_loss_db : float
        Loss of light that passes; negative is gain, which only an amplifier may have. [dB]
    latency_us : float
        Time to pass, without any wait in a storage. [us]
    reconfigure_us : float
        Time a switch needs to set another path. [us]
    survival : float
        Chance w that its own noise leaves the state alone. [1]
    storage : Storage, optional
        What a payload waits in.
    correction : str
        What a q-processor applies.
    tunable : bool
        Whether light leaves at any wavelength asked for.
    fibre, wavelength : int, optional
        The fibre and the wavelength it serves; None serves all.
    column, row : float
        Place in a picture, whole columns from left to right, rows from top to bottom. [1]

    Raises
    ------
    ValueError
        If a number is out of range or the correction unknown.
    """

    name: str
    kind: Kind
    part: Part
    insertion_loss_db: float
    latency_us: float
    reconfigure_us: float = 0.0
    survival: float = 1.0
    storage: Storage | None = None
    correction: str = NO_CODE
    tunable: bool = False
    fibre: int | None = None
    wavelength: int | None = None
    column: int
    row: float

    def __post_init__(self) -> None:
        if self.kind is not Kind.AMPLIFIER:
            in_range("insertion_loss_db", self.insertion_loss_db, 0.0)
        in_range("latency_us", self.latency_us, 0.0)
        in_range("reconfigure_us", self.reconfigure_us, 0.0)
        in_unit_interval("survival", self.survival)
        if self.correction not in CORRECTIONS:
            words = ", ".join(CORRECTIONS)
            raise ParameterError("correction", f"correction = {self.correction!r} must be one of {words}")

    @property
    def corrects(self) -> bool:
        """Whether it corrects errors."""
        return is_code(self.correction)

    @property
    def label(self) -> str:
        """What to write beside it; a storage goes by its own name."""
        return f"{self.kind} ({self.storage.label})" if self.storage else self.part.label

    def serves(self, lane: tuple[int, int], wavelength: int) -> bool:
        """Whether light that came in on ``lane`` = (fibre, wavelength) may pass, now at ``wavelength``."""
        if self.fibre is not None and self.wavelength is not None:
            return (self.fibre, self.wavelength) == lane
        return self.wavelength is None or self.wavelength == wavelength

    def loss_db(self, dwell_us: ArrayLike) -> Array:
        """Loss of passing and of waiting for ``dwell_us``. [dB]"""
        waiting = self.storage.loss_db(dwell_us) if self.storage else 0.0
        return self.insertion_loss_db + in_range("waiting_db", waiting, 0.0)

    def passing_us(self, dwell_us: ArrayLike) -> Array:
        """Time of passing and of waiting for at least ``dwell_us``. [us]"""
        waiting = self.storage.kept_us(dwell_us) if self.storage else 0.0
        return self.latency_us + in_range("waiting_us", waiting, 0.0)

    def channel(self, dwell_us: ArrayLike = 0.0) -> QubitChannel:
        """What it does to a qubit that waits there, before any correction. [1]"""
        noise = loss(self.insertion_loss_db).then(depolarising(self.survival))
        return noise.then(self.storage.hold(dwell_us)[1]) if self.storage else noise

    def altered(self, **values: object) -> Component:
        """A copy with some fields changed."""
        return dataclasses.replace(self, **values)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """A fibre or wire from ``source`` to ``target``, by their names."""

    source: str
    target: str
    carries: Carries

    def takes(self, carries: Carries) -> bool:
        """Whether it carries a header, or a payload."""
        return self.carries in (carries, Carries.BOTH)
