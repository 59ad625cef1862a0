"""A frame in time and in wavelength, as the page draws Fig. 1 and Fig. 2."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from qpsviz.frame import Frame, FrameLayout, Multiplexing, itu_channel_nm
from qpsviz.frame.numbers import Dialect

if TYPE_CHECKING:
    from qpsviz.session.protocol.frame import FrameLayouts, FramePlanLayout, FrameSegment, NoLayouts

#: Classical line rates to choose from. Assumption: the paper names none; 100 Mb/s is what optical supervisory
#: channels use, and slow enough that a header can be seen beside its payload.
RATES_HZ: Final = {"10 Mb/s": 1e7, "100 Mb/s": 1e8, "1 Gb/s": 1e9, "10 Gb/s": 1e10, "100 Gb/s": 1e11}
DEFAULT_RATE: Final = "100 Mb/s"


def layouts(frame: Frame, dialect: Dialect, line_rate_hz: float) -> FrameLayouts | NoLayouts:
    """The frame in time, for both multiplexings of Fig. 2.

    Parameters
    ----------
    frame : Frame
        Header or trailer.
    dialect : {"paper", "lldp"}
        How header and trailer are encoded.
    line_rate_hz : float
        Bits per second of the classical line. [Hz]

    Returns
    -------
    dict
        ``time`` and ``wavelength``: segments with start and duration [us], wavelengths [nm], the
        payload's first; qubits stated and
        kept, their spacing [us]; or ``fault``, why there is nothing to draw.
    """
    if not frame.payload_duration_us:
        return {"fault": "A payload of 0 µs has nothing to draw."}
    spacing_us, n_kept = _qubits(frame)
    payload_nm = frame.wavelength_nm or itu_channel_nm(34)
    classical_nm = itu_channel_nm(31 if abs(payload_nm - itu_channel_nm(31)) > 1.0 else 37)
    in_time = Multiplexing.time_division(wavelength_nm=payload_nm)
    in_wavelength = Multiplexing.wavelength_division(payload_nm=payload_nm, classical_nm=classical_nm)
    return {
        "fault": None,
        "n_qubits": frame.n_qubits or 0,
        "n_kept": n_kept,
        "duration": frame.payload_duration_us,
        "spacing": spacing_us,
        "time": _layout(frame, in_time, dialect, line_rate_hz),
        "wavelength": _layout(frame, in_wavelength, dialect, line_rate_hz),
    }


def _qubits(frame: Frame) -> tuple[float | None, int]:
    """Spacing of the qubits, and how many of them the payload duration leaves when a relay has cut it."""
    if not frame.n_qubits:
        return None, 0
    spacing_us = frame.spacing_us or frame.payload_duration_us / frame.n_qubits
    return spacing_us, min(frame.n_qubits, max(1, round(frame.payload_duration_us / spacing_us)))


def _layout(frame: Frame, plan: Multiplexing, dialect: Dialect, line_rate_hz: float) -> FramePlanLayout:
    """One plan; the payload lasts as long as the header says, whatever number of qubits it states."""
    octets = {role: len(replace(frame, role=role).encode(dialect)) for role in ("header", "trailer")}
    layout = FrameLayout(
        multiplexing=plan,
        n_qubits=1,
        spacing_us=frame.payload_duration_us,
        guard_us=frame.guard_us or 0.0,
        line_rate_hz=line_rate_hz,
        header_octets=octets["header"],
        trailer_octets=octets["trailer"],
    )
    segments: list[FrameSegment] = [
        {
            "name": s.name,
            "start": s.start_us,
            "duration": s.duration_us,
            "nm": s.wavelength_nm if s.wavelength_nm > 0 else None,
        }
        for s in layout.segments
    ]
    return {"segments": segments, "total": layout.total_us, "nm": list(plan.wavelengths_nm)}
