"""A hybrid frame in time and in wavelength: when and in which colour header, qubits and trailer are sent."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

from qpsviz.frame.error import FrameError
from qpsviz.frame.model import Frame
from qpsviz.frame.numbers import MAX_OCTETS, MIN_OCTETS, Dialect

PREAMBLE_OCTETS = 8
SPEED_OF_LIGHT_NM_THZ = 299_792.458
MIN_SEPARATION_THZ = 0.0125

_US_PER_S = 1e6


class Segment(NamedTuple):
    """One stretch of a frame as it leaves a node.

    Attributes
    ----------
    name : str
        ``"header"``, ``"guard"``, ``"payload"`` or ``"trailer"``.
    start_us, duration_us : float
        Counted from the header's first bit. [us]
    wavelength_nm : float
        Carrier; NaN for the guard, which is dark. [nm]
    """

    name: str
    start_us: float
    duration_us: float
    wavelength_nm: float


def itu_channel_nm(channel: int) -> float:
    """Vacuum wavelength of a channel of the 100 GHz grid.

    Parameters
    ----------
    channel : int
        C-band channel, 1 to 72; 34 is 193.4 THz.

    Returns
    -------
    float
        Wavelength. [nm]

    Raises
    ------
    FrameError
        If the channel is outside 1 to 72.

    Notes
    -----
    ITU-T G.694.1: 193.1 THz + n · 0.1 THz; the usual channel number is 10 · (f − 190 THz).

    Examples
    --------
    >>> round(itu_channel_nm(34), 2)
    1550.12
    """
    if not 1 <= channel <= 72:
        raise FrameError("channel", f"channel = {channel!r} is not from 1 to 72")
    return SPEED_OF_LIGHT_NM_THZ / (190.0 + channel / 10.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Multiplexing:
    """How header and payload share a fibre (Fig. 2).

    Parameters
    ----------
    kind : {"time", "wavelength"}
        One wavelength and one after the other, or two wavelengths and possibly at once.
    payload_nm : float
        Wavelength of the qubits. [nm]
    classical_nm : float
        Wavelength of header and trailer; equal to ``payload_nm`` in time division. [nm]

    Raises
    ------
    FrameError
        If a wavelength is not positive and finite, time division has two, or wavelength division has two closer
        than 12.5 GHz.

    Notes
    -----
    Assumption: the paper names no wavelength. Ours: ITU channel 34 for qubits, 31 for classical light.
    The 12.5 GHz are the narrowest grid of ITU-T G.694.1; a real filter for single photons wants far more.
    """

    kind: Literal["time", "wavelength"]
    payload_nm: float
    classical_nm: float

    def __post_init__(self) -> None:
        if self.kind not in ("time", "wavelength"):
            raise FrameError("kind", f'kind = {self.kind!r} is not "time" or "wavelength"')
        for name in ("payload_nm", "classical_nm"):
            value = getattr(self, name)
            if not 0 < value < math.inf:
                raise FrameError(name, f"{name} = {value!r} is not positive and finite")
        if self.kind == "time" and self.payload_nm != self.classical_nm:
            raise FrameError("classical_nm", f"{self.classical_nm} nm is not the payload's {self.payload_nm} nm")
        if self.kind == "wavelength" and self.separation_thz < MIN_SEPARATION_THZ:
            problem = f"{self.separation_thz * 1e3:.3g} GHz from the payload; at least 12.5 GHz tell them apart"
            raise FrameError("classical_nm", problem)

    @classmethod
    def time_division(cls, *, wavelength_nm: float = itu_channel_nm(34)) -> Multiplexing:
        """One wavelength for everything. [nm]"""
        return cls(kind="time", payload_nm=wavelength_nm, classical_nm=wavelength_nm)

    @classmethod
    def wavelength_division(
        cls, *, payload_nm: float = itu_channel_nm(34), classical_nm: float = itu_channel_nm(31)
    ) -> Multiplexing:
        """Qubits and classical light in different colours. [nm]"""
        return cls(kind="wavelength", payload_nm=payload_nm, classical_nm=classical_nm)

    @property
    def separation_thz(self) -> float:
        """Frequency between the two carriers. [THz]"""
        return SPEED_OF_LIGHT_NM_THZ * abs(1 / self.payload_nm - 1 / self.classical_nm)

    @property
    def wavelengths_nm(self) -> tuple[float, ...]:
        """Wavelengths in use, the payload's first. [nm]"""
        return (self.payload_nm,) if self.kind == "time" else (self.payload_nm, self.classical_nm)


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameLayout:
    """When each part of one frame leaves a node (Fig. 1).

    Parameters
    ----------
    multiplexing : Multiplexing
        Who is sent in which colour.
    n_qubits : int
        Qubits in the payload.
    spacing_us : float
        Time from one qubit to the next. [us]
    guard_us : float
        Guard time. [us]
    line_rate_hz : float
        Bits per second of the classical line. [Hz]
    header_octets, trailer_octets : int
        Length of the encoded header and trailer, frame check sequence included.

    Raises
    ------
    FrameError
        If a value is out of range.

    Notes
    -----
    A classical part takes 8·(8 + octets)/rate. Assumption: preamble and start delimiter are Ethernet's 8 octets
    (Table I leaves them open). Assumption: one wavelength carries one thing at a time, so in time division the
    guard runs from the header's *last* bit; in wavelength division it runs from the first, and qubits may
    overlap the header. The trailer follows the payload in both.

    Examples
    --------
    >>> layout = FrameLayout(multiplexing=Multiplexing.time_division(), n_qubits=10, spacing_us=5.0, guard_us=2.0)
    >>> [(s.name, round(s.start_us, 4), round(s.duration_us, 4)) for s in layout.segments]
    [('header', 0.0, 0.0576), ('guard', 0.0576, 2.0), ('payload', 2.0576, 50.0), ('trailer', 52.0576, 0.0576)]
    """

    multiplexing: Multiplexing
    n_qubits: int
    spacing_us: float
    guard_us: float = 0.0
    line_rate_hz: float = 10e9
    header_octets: int = MIN_OCTETS
    trailer_octets: int = MIN_OCTETS

    def __post_init__(self) -> None:
        for name in ("header_octets", "trailer_octets"):
            value = getattr(self, name)
            if not MIN_OCTETS <= value <= MAX_OCTETS:
                raise FrameError(name, f"{name} = {value!r} is not from {MIN_OCTETS} to {MAX_OCTETS}")
        for name in ("spacing_us", "line_rate_hz"):
            value = getattr(self, name)
            if not 0 < value < math.inf:
                raise FrameError(name, f"{name} = {value!r} is not positive and finite")
        if not 0 <= self.guard_us < math.inf:
            raise FrameError("guard_us", f"guard_us = {self.guard_us!r} us is not 0 or more and finite")
        if not isinstance(self.n_qubits, int) or self.n_qubits < 1:
            raise FrameError("n_qubits", f"n_qubits = {self.n_qubits!r} is not a whole number from 1")

    @classmethod
    def of(
        cls,
        frame: Frame,
        *,
        multiplexing: Multiplexing,
        dialect: Dialect = "paper",
        line_rate_hz: float = 10e9,
    ) -> FrameLayout:
        """Layout of a frame as its header states it.

        Parameters
        ----------
        frame : Frame
            Header or trailer; it must state ``n_qubits``. Without ``spacing_us`` the qubits fill the payload
            duration evenly; without ``guard_us`` there is no guard.
        multiplexing : Multiplexing
            Who is sent in which colour.
        dialect : {"paper", "lldp"}
            How header and trailer are encoded.
        line_rate_hz : float
            Bits per second of the classical line. [Hz]

        Returns
        -------
        FrameLayout
            With the octet counts of the encoded header and trailer.

        Raises
        ------
        FrameError
            If the frame does not state how many qubits it carries, or a value is out of range.
        """
        if not frame.n_qubits:
            raise FrameError("n_qubits", f"n_qubits = {frame.n_qubits!r}: the frame states no qubits to lay out")
        spacing_us = frame.spacing_us
        return cls(
            multiplexing=multiplexing,
            n_qubits=frame.n_qubits,
            spacing_us=frame.payload_duration_us / frame.n_qubits if spacing_us is None else spacing_us,
            guard_us=frame.guard_us or 0.0,
            line_rate_hz=line_rate_hz,
            header_octets=len(replace(frame, role="header").encode(dialect)),
            trailer_octets=len(replace(frame, role="trailer").encode(dialect)),
        )

    def _classical_us(self, octets: int) -> float:
        return 8 * (PREAMBLE_OCTETS + octets) / self.line_rate_hz * _US_PER_S

    @property
    def header_us(self) -> float:
        """Duration of the header with its preamble. [us]"""
        return self._classical_us(self.header_octets)

    @property
    def trailer_us(self) -> float:
        """Duration of the trailer with its preamble. [us]"""
        return self._classical_us(self.trailer_octets)

    @property
    def payload_us(self) -> float:
        """Duration of the payload, T_Q. [us]"""
        return self.n_qubits * self.spacing_us

    @property
    def payload_start_us(self) -> float:
        """Departure of the first qubit after the header's first bit. [us]"""
        return self.guard_us + (self.header_us if self.multiplexing.kind == "time" else 0.0)

    @property
    def total_us(self) -> float:
        """From the header's first bit to the last of the trailer. [us]"""
        return self.segments[-1].start_us + self.trailer_us

    @property
    def segments(self) -> tuple[Segment, ...]:
        """Header, guard, payload, trailer, in the order they start.

        In wavelength division the trailer waits for the header's end if the payload is shorter than that.
        """
        plan = self.multiplexing
        start = self.payload_start_us
        dark = start - self.guard_us
        end = max(start + self.payload_us, self.header_us)
        return (
            Segment("header", 0.0, self.header_us, plan.classical_nm),
            Segment("guard", dark, self.guard_us, math.nan),
            Segment("payload", start, self.payload_us, plan.payload_nm),
            Segment("trailer", end, self.trailer_us, plan.classical_nm),
        )
