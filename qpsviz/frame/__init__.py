"""Quantum Ethernet frames: as data, in octets, in time and in capture files."""

from qpsviz.frame.capture_reader import read_capture
from qpsviz.frame.capture_writer import Packet, write_capture
from qpsviz.frame.captured_packet import CapturedPacket
from qpsviz.frame.describe import Field, describe
from qpsviz.frame.error import FrameError
from qpsviz.frame.fields import APPLICATIONS, ENCODINGS
from qpsviz.frame.frame_packets import frame_packets, station_address
from qpsviz.frame.layout import FrameLayout, Multiplexing, Segment, itu_channel_nm
from qpsviz.frame.model import Frame
from qpsviz.frame.numbers import Dialect
from qpsviz.frame.tlv import Tlv

__all__ = [
    "APPLICATIONS",
    "ENCODINGS",
    "CapturedPacket",
    "Dialect",
    "Field",
    "Frame",
    "FrameError",
    "FrameLayout",
    "Multiplexing",
    "Packet",
    "Segment",
    "Tlv",
    "describe",
    "frame_packets",
    "itu_channel_nm",
    "read_capture",
    "station_address",
    "write_capture",
]
