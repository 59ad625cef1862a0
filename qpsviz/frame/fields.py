"""The table of frame fields: every parameter of `Frame` but addresses and TLVs, one row for each.

Octets, faults, descriptions, the command line, the Frame tab and the pages of the format come from here; a test
compares the Wireshark dissector with it. ``docs/recipes.md`` says how to add a row.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

from qpsviz.frame.codecs import MAX_TIME_PS, PS_PER_US, Code, Number, Scaled, Text, Whole, Word
from qpsviz.frame.numbers import INFO, RESERVED_TLV, STATION_TLV


class FrameField(NamedTuple):
    """One row of the table.

    Attributes
    ----------
    name : str
        The parameter of `Frame`.
    codec : Number or Text
        Kind of value: unit, range, octets.
    label, meaning : str
        A few words and one sentence, for people; what follows a semicolon is left out where space is short.
    filter : str
        Name in Wireshark, after ``qeth.``; where the wire has another unit, its unit is appended for the exact number.
    example : str, int or float
        A value of it, for pages and tests.
    type : int
        Type in Table I up to 4, subtype of our TLV 127 above it; 3, other payload information, for those within it.
    flag, offset : int
        Bit of the flags, and first octet, of a field within the other payload information; it is a `Number`.
    title : str
        What its TLV is called, if not like the field.
    note : str
        What the paper leaves open, opened by ``Assumption:`` or ``Deviation:``.
    mandatory : bool
        Whether every frame has it.
    is_endless : bool
        Whether ``math.inf``, never, is "not stated" instead of None.
    suggestions : tuple of str
        Values that the page offers.
    """

    name: str
    codec: Number | Text
    label: str
    meaning: str
    filter: str
    example: str | float
    type: int = INFO
    flag: int = 0
    offset: int = 0
    title: str = ""
    note: str = ""
    mandatory: bool = False
    is_endless: bool = False
    suggestions: tuple[str, ...] = ()

    @property
    def heading(self) -> str:
        """What its TLV is called."""
        return self.title or self.label

    @property
    def absent(self) -> float | None:
        """The value that says "not stated"."""
        return math.inf if self.is_endless else None

    def is_stated(self, value: object) -> bool:
        """Whether a value takes octets."""
        return self.mandatory or (value != math.inf if self.is_endless else value is not None)


TIME: Final = Scaled(8, 0, MAX_TIME_PS, unit="us", step="ps", n_per_unit=PS_PER_US)
WAVELENGTH: Final = Scaled(4, 1, 2**32 - 1, unit="nm", step="pm", n_per_unit=1_000)
ENCODING: Final = Code(
    "other",
    "polarisation",
    "time-bin",
    "phase",
    "dual-rail",
    "frequency-bin",
    "orbital-angular-momentum",
    "continuous-variable",
)
APPLICATION: Final = Code(
    "other", "qkd", "entanglement", "teleportation", "blind-computing", "sensing", "distributed-computing"
)

FIELDS: Final = (
    FrameField(
        name="role",
        type=1,
        codec=Word("header", "trailer"),
        mandatory=True,
        label="Header or trailer",
        title="Header/trailer",
        meaning="0 is the header before the payload, 1 the trailer after it.",
        note="Assumption: the paper asks for a binary value; 0 is the header.",
        filter="role",
        example="header",
    ),
    FrameField(
        name="payload_duration_us",
        type=2,
        codec=TIME,
        mandatory=True,
        label="Payload duration",
        meaning="How long the output port must stay open for the qubits.",
        note="Assumption: the paper names no resolution; ours is whole picoseconds.",
        filter="payload_duration",
        example=50.0,
    ),
    FrameField(
        name="memory_time_us",
        type=4,
        codec=TIME,
        label="Time in memory",
        meaning="Time the payload has spent in memories so far; each relay adds its own.",
        note="Assumption: the sum over all relays so far.",
        filter="memory_time",
        example=125.0,
    ),
    FrameField(
        name="cutoff_us",
        type=5,
        codec=TIME,
        is_endless=True,
        label="Cut-off time",
        meaning="A relay drops the frame once its time in memory passes this.",
        note="Assumption: the paper wants it carried but gives it no type.",
        filter="cutoff_time",
        example=1000.0,
    ),
    FrameField(
        name="error_correction",
        type=6,
        codec=Text(64),
        label="Error correction",
        meaning="Protocol that protects the payload.",
        note="Assumption: the paper wants it carried but gives it no type.",
        filter="error_correction",
        example="[[5,1,3]]",
        suggestions=("[[5,1,3]]", "[[7,1,3]]", "surface-17"),
    ),
    FrameField(
        name="guard_us",
        type=7,
        codec=TIME,
        label="Guard time",
        meaning="Header departure to payload departure; each relay leaves less of it.",
        note="Assumption: ours; a burst switch must know when the qubits follow.",
        filter="guard_time",
        example=12.5,
    ),
    FrameField(
        name="n_qubits",
        flag=0x01,
        offset=4,
        codec=Whole(4),
        label="Qubits",
        meaning="Qubits in the payload.",
        filter="qubits",
        example=10,
    ),
    FrameField(
        name="spacing_us",
        flag=0x02,
        offset=8,
        codec=TIME,
        label="Qubit spacing",
        meaning="Time from one qubit to the next.",
        filter="spacing",
        example=5.0,
    ),
    FrameField(
        name="encoding",
        flag=0x04,
        offset=2,
        codec=ENCODING,
        label="Encoding",
        meaning="Degree of freedom of light that carries the qubits.",
        filter="encoding",
        example="polarisation",
    ),
    FrameField(
        name="application",
        flag=0x08,
        offset=3,
        codec=APPLICATION,
        label="Application",
        meaning="What the qubits are for.",
        filter="application",
        example="qkd",
    ),
    FrameField(
        name="wavelength_nm",
        flag=0x10,
        offset=16,
        codec=WAVELENGTH,
        label="Wavelength",
        meaning="Vacuum wavelength of the payload.",
        filter="wavelength",
        example=1550.12,
    ),
    FrameField(
        name="frame_id",
        flag=0x20,
        offset=20,
        codec=Whole(4),
        label="Frame number",
        meaning="Shared by header and trailer, and kept by a retransmission.",
        note="Assumption: ours; as in the run's frame table, counted from 0.",
        filter="frame_id",
        example=7,
    ),
    FrameField(
        name="attempt",
        flag=0x40,
        offset=24,
        codec=Whole(2),
        label="Attempt",
        meaning="1 on the first sending, one more at each retransmission.",
        filter="attempt",
        example=1,
    ),
)

BY_NAME: Final = {field.name: field for field in FIELDS}
#: Fields with a TLV of their own, in the order of the wire.
TLV_FIELDS: Final = tuple(sorted((field for field in FIELDS if not field.flag), key=lambda field: field.type))
#: Fields within the other payload information, in the order of the wire, each with its codec.
INFO_FIELDS: Final = tuple(sorted((field for field in FIELDS if field.flag), key=lambda field: field.offset))
INFO_CODECS: Final = tuple(field.codec for field in INFO_FIELDS if isinstance(field.codec, Number))
#: Name in errors and descriptions of every TLV type, or subtype, that is a field.
NAME_OF: Final = {**{field.type: field.name for field in TLV_FIELDS}, INFO: "payload_info"}
#: What every such TLV is called.
HEADING_OF: Final = {**{field.type: field.heading for field in TLV_FIELDS}, INFO: "Other payload information"}
#: Subtypes of our own TLV 127 that have a meaning.
TAKEN: Final = frozenset((*NAME_OF, RESERVED_TLV, STATION_TLV))

ENCODINGS: Final = ENCODING.names
APPLICATIONS: Final = APPLICATION.names
