"""A frame that an ordinary LLDP reader takes for its own."""

from __future__ import annotations

from zlib import crc32

from qpsviz.frame import Frame
from qpsviz.frame.numbers import ETHERTYPE_OF, FCS_OCTETS


def under_lldp(frame: Frame) -> bytes:
    """A frame as Table I has it, under the EtherType of LLDP and with a right check sequence.

    Parameters
    ----------
    frame : Frame
        The frame.

    Returns
    -------
    bytes
        Octets that an ordinary LLDP reader takes for its own, and misreads.
    """
    octets = frame.encode("paper")
    body = octets[:12] + ETHERTYPE_OF["lldp"].to_bytes(2, "big") + octets[14:-FCS_OCTETS]
    return body + crc32(body).to_bytes(FCS_OCTETS, "little")
