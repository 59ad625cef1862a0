"""TLV 3, "other payload information": what a receiver needs to know about the qubits, as 28 octets."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any, Final

from qpsviz.frame.tlv import MAX_TIME_PS, PS_PER_US, FrameError

if TYPE_CHECKING:
    from qpsviz.frame.model import Frame

VERSION: Final = 1
INFO_OCTETS: Final = 28
PM_PER_NM: Final = 1_000
MAX_U32: Final = 2**32 - 1
MAX_U16: Final = 2**16 - 1
MAX_WAVELENGTH_NM: Final = MAX_U32 / PM_PER_NM

_INFO = struct.Struct("!BBBBIQIIHH")

HAS_QUBITS, HAS_SPACING, HAS_ENCODING, HAS_APPLICATION, HAS_WAVELENGTH, HAS_ID, HAS_ATTEMPT = (
    1 << bit for bit in range(7)
)
_ALL: Final = 0x7F


def _code_names(*known: str) -> tuple[str, ...]:
    """One name for each of the 256 codes; the unassigned are called ``code-17``."""
    return known + tuple(f"code-{code}" for code in range(len(known), 256))


ENCODINGS: Final = _code_names(
    "other",
    "polarisation",
    "time-bin",
    "phase",
    "dual-rail",
    "frequency-bin",
    "orbital-angular-momentum",
    "continuous-variable",
)
APPLICATIONS: Final = _code_names(
    "other", "qkd", "entanglement", "teleportation", "blind-computing", "sensing", "distributed-computing"
)
ENCODING_CODES: Final = {name: code for code, name in enumerate(ENCODINGS)}
APPLICATION_CODES: Final = {name: code for code, name in enumerate(APPLICATIONS)}

# What each presence flag covers: (flag, parameter, offset in the structure, octets).
INFO_FIELDS: Final[tuple[tuple[int, str, int, int], ...]] = (
    (HAS_ENCODING, "encoding", 2, 1),
    (HAS_APPLICATION, "application", 3, 1),
    (HAS_QUBITS, "n_qubits", 4, 4),
    (HAS_SPACING, "spacing_us", 8, 8),
    (HAS_WAVELENGTH, "wavelength_nm", 16, 4),
    (HAS_ID, "frame_id", 20, 4),
    (HAS_ATTEMPT, "attempt", 24, 2),
)


def pack_info(frame: Frame) -> bytes:
    """Value of TLV 3 for a frame; empty when the frame states none of its fields."""
    flags = n_qubits = spacing = encoding = application = wavelength = frame_id = attempt = 0
    if frame.n_qubits is not None:
        flags, n_qubits = HAS_QUBITS, frame.n_qubits
    if frame.spacing_us is not None:
        flags, spacing = flags | HAS_SPACING, round(frame.spacing_us * PS_PER_US)
    if frame.encoding is not None:
        flags, encoding = flags | HAS_ENCODING, ENCODING_CODES[frame.encoding]
    if frame.application is not None:
        flags, application = flags | HAS_APPLICATION, APPLICATION_CODES[frame.application]
    if frame.wavelength_nm is not None:
        flags, wavelength = flags | HAS_WAVELENGTH, round(frame.wavelength_nm * PM_PER_NM)
    if frame.frame_id is not None:
        flags, frame_id = flags | HAS_ID, frame.frame_id
    if frame.attempt is not None:
        flags, attempt = flags | HAS_ATTEMPT, frame.attempt
    if not flags:
        return b""
    return _INFO.pack(VERSION, flags, encoding, application, n_qubits, spacing, wavelength, frame_id, attempt, 0)


def read_info(values: dict[str, Any], octets: bytes, at: int, start: int, stop: int) -> None:
    """Read version 1 of TLV 3 into ``values``.

    Parameters
    ----------
    values : dict
        Receives the parameters that are stated.
    octets : bytes
        The whole frame.
    at, start, stop : int
        Octets where the TLV, and its structure, start, and where it stops.

    Raises
    ------
    FrameError
        If length, version, flags or a value are out of range, or an absent field is not zero.
    """
    if stop - start != INFO_OCTETS:
        raise FrameError("payload_info", f"version 1 has {INFO_OCTETS} octets, not {stop - start}", at)
    version, flags, encoding, application, n_qubits, spacing, wavelength, frame_id, attempt, spare = _INFO.unpack_from(
        octets, start
    )
    if version != VERSION:
        raise FrameError("payload_info.version", f"{version} is not 1", start)
    if spare or not 0 < flags <= _ALL:
        _refuse_reserved(flags, start)
    if flags != _ALL:
        _check_absent(octets, start, flags)
    if flags & HAS_QUBITS:
        values["n_qubits"] = n_qubits
    if flags & HAS_SPACING:
        if spacing > MAX_TIME_PS:
            raise FrameError("spacing_us", f"{spacing} ps is more than {MAX_TIME_PS} ps", start + 8)
        values["spacing_us"] = spacing / PS_PER_US
    if flags & HAS_ENCODING:
        values["encoding"] = ENCODINGS[encoding]
    if flags & HAS_APPLICATION:
        values["application"] = APPLICATIONS[application]
    if flags & HAS_WAVELENGTH:
        if not wavelength:
            raise FrameError("wavelength_nm", "stated as 0 pm; from 1 to 4294967295 pm", start + 16)
        values["wavelength_nm"] = wavelength / PM_PER_NM
    if flags & HAS_ID:
        values["frame_id"] = frame_id
    if flags & HAS_ATTEMPT:
        values["attempt"] = attempt


def _refuse_reserved(flags: int, start: int) -> None:
    if flags > _ALL:
        raise FrameError("payload_info.flags", f"0x{flags:02x} sets the reserved flag 0x80", start + 1)
    if not flags:
        raise FrameError("payload_info.flags", "0x00 states nothing; leave the TLV out", start + 1)
    raise FrameError("payload_info.reserved", "reserved octets are not zero", start + 26)


def _check_absent(octets: bytes, start: int, flags: int) -> None:
    for flag, field, offset, length in INFO_FIELDS:
        at = start + offset
        if not flags & flag and any(octets[at : at + length]):
            raise FrameError(field, f"not zero although flag 0x{flag:02x} says it is not stated", at)
