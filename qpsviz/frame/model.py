"""The classical part of a hybrid frame, its header or its trailer, as plain data."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import MISSING, dataclass, fields, replace
from typing import TYPE_CHECKING, Literal

from qpsviz.frame import reader, wire
from qpsviz.frame.codecs import MAX_TIME_US
from qpsviz.frame.compiled import CHECK
from qpsviz.frame.error import FrameError
from qpsviz.frame.fields import INFO_FIELDS
from qpsviz.frame.numbers import Dialect
from qpsviz.frame.tlv import Tlv, check_tlvs, mac_octets

if TYPE_CHECKING:
    from qpsviz.frame.describe import Field

_LINK_LOCAL = tuple(f"01:80:c2:00:00:{last:02x}" for last in range(16))


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """Header or trailer of a hybrid frame; ``None`` is "not stated" and takes no octet.

    Parameters
    ----------
    destination, source : str
        MAC addresses, ``02:00:00:00:00:01``; the source is a single station's.
    role : {"header", "trailer"}
        Which end of the payload this is.
    payload_duration_us : float
        Time the qubits take to pass. [us]
    memory_time_us : float, optional
        Time the payload has spent in memories so far; see `stored`. [us]
    cutoff_us : float
        Longest time in memories before the frame is dropped; ``math.inf``, never, is not sent. [us]
    error_correction : str, optional
        Protocol, 1 to 64 octets of printable UTF-8, such as ``"[[5,1,3]]"``.
    guard_us : float, optional
        Header departure to payload departure, here and now: it shrinks at every relay. [us]
    n_qubits : int, optional
        Qubits in the payload.
    spacing_us : float, optional
        Time from one qubit to the next. [us]
    encoding, application : str, optional
        A name of `ENCODINGS`, of `APPLICATIONS`.
    wavelength_nm : float, optional
        Vacuum wavelength of the payload. [nm]
    frame_id : int, optional
        Number that both ends of one frame share on the whole path, and that a retransmission keeps.
    attempt : int, optional
        1 on the first sending, one more at each retransmission.
    tlvs : tuple of Tlv
        Everything else, in wire order, byte for byte.

    Raises
    ------
    FrameError
        A `ValueError` that names parameter, value and range.

    Notes
    -----
    Table I of the paper. Assumption: times are whole picoseconds up to 1000 s on the wire and wavelengths
    whole picometres; `encode` rounds to the nearest. Assumption: guard time, frame number and attempt are ours.

    Examples
    --------
    >>> frame = Frame(destination="02:00:00:00:00:02", source="02:00:00:00:00:01", role="header",
    ...               payload_duration_us=50.0, memory_time_us=125.0)
    >>> octets = frame.encode()
    >>> len(octets), octets[14:27].hex(" ")
    (64, '02 01 00 04 08 00 00 00 00 02 fa f0 80')
    >>> Frame.decode(octets) == frame
    True
    >>> frame.stored(125.0).memory_time_us
    250.0
    """

    destination: str
    source: str
    role: Literal["header", "trailer"]
    payload_duration_us: float
    memory_time_us: float | None = None
    cutoff_us: float = math.inf
    error_correction: str | None = None
    guard_us: float | None = None
    n_qubits: int | None = None
    spacing_us: float | None = None
    encoding: str | None = None
    application: str | None = None
    wavelength_nm: float | None = None
    frame_id: int | None = None
    attempt: int | None = None
    tlvs: tuple[Tlv, ...] = ()

    def __post_init__(self) -> None:
        source = mac_octets(self.source, "source")
        if source[0] & 1:
            raise FrameError("source", f"source = {self.source!r} is a group address, not one station's")
        destination = mac_octets(self.destination, "destination")
        object.__setattr__(self, "source", source.hex(":"))
        object.__setattr__(self, "destination", destination.hex(":"))
        CHECK(self)
        if not isinstance(self.tlvs, tuple):
            raise FrameError("tlvs", f"tlvs = {self.tlvs!r} is not a tuple of Tlv")
        if self.tlvs:
            check_tlvs(self.tlvs, source, any(getattr(self, row.name) is not None for row in INFO_FIELDS))

    @property
    def crosses_bridges(self) -> bool:
        """Whether an ordinary bridge forwards the frame: not with a link-local group destination."""
        return self.destination not in _LINK_LOCAL

    @property
    def expired(self) -> bool:
        """Whether the time in memories has passed the cut-off."""
        return (self.memory_time_us or 0.0) > self.cutoff_us

    def stored(self, dwell_us: float) -> Frame:
        """The frame as a relay regenerates it after a dwell in its memory.

        Parameters
        ----------
        dwell_us : float
            Time the payload has just spent in the memory. [us]

        Returns
        -------
        Frame
            The same, its ``memory_time_us`` longer by the dwell.
        """
        if not isinstance(dwell_us, (int, float)) or not 0 <= dwell_us <= MAX_TIME_US:
            raise FrameError("dwell_us", f"dwell_us = {dwell_us!r} is not from 0 to {MAX_TIME_US:g} us")
        return replace(self, memory_time_us=(self.memory_time_us or 0.0) + dwell_us)

    def encode(self, dialect: Dialect = "paper") -> bytes:
        """Octets of the frame: padded to 64, frame check sequence at the end.

        Parameters
        ----------
        dialect : {"paper", "lldp"}
            Table I under EtherType 0x88B5, or a valid LLDPDU under 0x88CC with the same fields in TLVs 127.

        Returns
        -------
        bytes
            64 to 1518 octets, without preamble.

        Raises
        ------
        FrameError
            If a TLV or the frame gets too long, or the dialect is unknown.
        """
        return wire.encode(self, dialect)

    @classmethod
    def decode(cls, octets: bytes | bytearray | memoryview) -> Frame:
        """Read a frame of either dialect, told apart by EtherType.

        Parameters
        ----------
        octets : bytes, bytearray or memoryview
            From destination address to frame check sequence.

        Returns
        -------
        Frame
            What the octets state.

        Raises
        ------
        FrameError
            For any fault, and nothing else is ever raised; ``offset`` and ``field`` say where it is.

        Notes
        -----
        Time is linear in the number of octets. Checked in this order: size, EtherType, frame check sequence,
        TLV structure, values.
        """
        if not isinstance(octets, (bytes, bytearray, memoryview)):
            raise FrameError("frame", f"{type(octets).__name__} is not bytes")
        values = reader.decode(bytes(octets))
        frame = object.__new__(cls)
        for put, name, default in _SLOTS:
            put(frame, values.get(name, default))
        return frame

    def fields(self, dialect: Dialect = "paper") -> list[Field]:
        """What each octet of the encoded frame means.

        Parameters
        ----------
        dialect : {"paper", "lldp"}
            As in `encode`.

        Returns
        -------
        list of Field
            In wire order; every octet belongs to exactly one.
        """
        from qpsviz.frame.describe import describe

        return describe(self.encode(dialect))


# Setting the slots of a decoded frame directly spares it a second validation.
_SLOTS: tuple[tuple[Callable[[Frame, object], None], str, object], ...] = tuple(
    (Frame.__dict__[field.name].__set__, field.name, None if field.default is MISSING else field.default)
    for field in fields(Frame)
)
