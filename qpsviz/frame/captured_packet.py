"""A packet of a capture file, and how it is read as a quantum frame."""

from __future__ import annotations

from typing import Final, NamedTuple
from zlib import crc32

from qpsviz.frame.error import FrameError
from qpsviz.frame.model import Frame
from qpsviz.frame.numbers import FCS_OCTETS, HEADER_OCTETS
from qpsviz.frame.wire import seal

ETHERNET: Final = 1
"""Link type of Ethernet in both capture formats."""


class CapturedPacket(NamedTuple):
    """A packet of a capture file.

    Attributes
    ----------
    time_us : float
        Since 1970-01-01, time zero of a run; not a number where the file gives none. At the time of today a float
        holds only quarters of a microsecond: `time_ns` is exact. [us]
    node : str
        Name of the interface; empty where the file has none, as in a pcap file.
    octets : bytes
        As captured.
    outbound : bool or None
        Direction, where the file tells.
    time_ns : int or None
        The same time in whole nanoseconds.
    link_type : int
        What the octets are a packet of; 1 is Ethernet.
    n_fcs_octets : int or None
        Octets of frame check sequence at the end; None where the file does not say.
    n_wire_octets : int
        Octets that the packet had when it passed, not all of them captured perhaps.
    """

    time_us: float
    node: str
    octets: bytes
    outbound: bool | None
    time_ns: int | None
    link_type: int
    n_fcs_octets: int | None
    n_wire_octets: int

    def frame(self) -> Frame:
        """The packet as a quantum frame, with or without the check sequence that a network card strips.

        Returns
        -------
        Frame
            What the octets state.

        Raises
        ------
        FrameError
            If it is no Ethernet packet, was cut short by the capture, or is no quantum frame.

        Notes
        -----
        Where the file does not say whether a check sequence was captured, one that fits counts as captured.
        """
        if self.link_type != ETHERNET:
            raise FrameError("link_type", f"link type {self.link_type} is not Ethernet (1)")
        if self.n_wire_octets > len(self.octets):
            problem = f"the capture kept {len(self.octets)} of {self.n_wire_octets} octets"
            raise FrameError("frame", problem, len(self.octets))
        if len(self.octets) < HEADER_OCTETS:
            raise FrameError("frame", f"truncated: {len(self.octets)} octets", len(self.octets))
        if self.n_fcs_octets == 0:
            return Frame.decode(seal(self.octets))
        if self.n_fcs_octets is None and not has_check_sequence(self.octets):
            return _without_check_sequence(self.octets)
        return Frame.decode(self.octets)


def has_check_sequence(octets: bytes) -> bool:
    """Whether the last four octets are the frame check sequence of those before."""
    return octets[-FCS_OCTETS:] == crc32(octets[:-FCS_OCTETS]).to_bytes(4, "little")


def _without_check_sequence(octets: bytes) -> Frame:
    """A frame whose file does not say whether four octets at its end are a damaged check sequence."""
    try:
        return Frame.decode(seal(octets))
    except FrameError as error:
        if error.field == "padding":  # something does follow the last field
            return Frame.decode(octets)
        raise
