"""Headers and trailers from plain columns, one packet at a time: what fills a capture file."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final
from zlib import crc32

import numpy as np
import numpy.typing as npt

from qpsviz.frame.capture_writer import Packet
from qpsviz.frame.codecs import Number, Scaled
from qpsviz.frame.describe import describe
from qpsviz.frame.error import FrameError
from qpsviz.frame.fields import BY_NAME
from qpsviz.frame.model import Frame
from qpsviz.frame.numbers import FCS_OCTETS, Dialect

if TYPE_CHECKING:
    from qpsviz.units import Column

_ROWS: Final = 1 << 14  # rows turned into Python numbers at once
_MAX_NODE: Final = 2**40 - 2
#: Fields of a frame that a column may fill in.
_CODECS: Final = {
    name: codec
    for name in ("frame_id", "attempt", "payload_duration_us", "memory_time_us", "guard_us")
    if isinstance(codec := BY_NAME[name].codec, Number)
}

IntLike = npt.ArrayLike


def station_address(node: int) -> str:
    """MAC address of a node: 02:00:00:00:00:01 for node 0, and so on.

    Parameters
    ----------
    node : int
        Index of the node, from 0.

    Returns
    -------
    str
        A locally administered address.

    Examples
    --------
    >>> station_address(1)
    '02:00:00:00:00:02'
    """
    if not 0 <= node <= _MAX_NODE:
        raise FrameError("node", f"node = {node!r} is not from 0 to {_MAX_NODE}")
    return _station_octets(node).hex(":")


def _station_octets(node: int) -> bytes:
    return b"\x02" + (node + 1).to_bytes(5, "big")


def frame_packets(
    template: Frame,
    *,
    time_us: npt.ArrayLike,
    node: IntLike,
    source: IntLike,
    destination: IntLike,
    frame_id: IntLike,
    trailer: npt.ArrayLike,
    outbound: npt.ArrayLike,
    attempt: IntLike | None = None,
    payload_duration_us: npt.ArrayLike | None = None,
    memory_time_us: npt.ArrayLike | None = None,
    guard_us: npt.ArrayLike | None = None,
    dialect: Dialect = "paper",
) -> Iterator[Packet]:
    """Packets of a run, encoded by filling in what changes.

    Parameters
    ----------
    template : Frame
        Every field that stays the same; its addresses and role are not used.
    time_us : array_like, shape (n,)
        When each packet's last bit passed, in time order. [us]
    node, source, destination : array_like of int, shape (n,) or scalar
        Node where the packet is seen, and nodes at the ends of its way; see `station_address`.
    frame_id : array_like of int, shape (n,) or scalar
        Number of the frame, from 0 to 2^32 - 1.
    trailer, outbound : array_like of bool, shape (n,) or scalar
        Trailer rather than header; leaving the node rather than reaching it.
    attempt : array_like of int, shape (n,) or scalar, optional
        1 on the first sending.
    payload_duration_us, memory_time_us, guard_us : array_like, shape (n,) or scalar, optional
        Here and now; where left out the template says. [us]
    dialect : {"paper", "lldp"}
        As in `Frame.encode`.

    Yields
    ------
    Packet
        One per row, in row order.

    Raises
    ------
    FrameError
        If a column has another shape or a value out of range.

    Notes
    -----
    Equal, octet by octet, to `Frame.encode` of a frame with these values. Rows are converted a block at a time,
    so the memory needed does not grow with n.
    """
    optional = {
        "attempt": attempt,
        "payload_duration_us": payload_duration_us,
        "memory_time_us": memory_time_us,
        "guard_us": guard_us,
    }
    time = np.asarray(time_us, dtype=np.float64)
    if time.ndim != 1:
        raise FrameError("time_us", f"time_us has {time.ndim} dimensions, not 1")
    given: dict[str, npt.ArrayLike] = {"node": node, "source": source, "destination": destination}
    given |= {"frame_id": frame_id, "trailer": trailer, "outbound": outbound}
    given |= {name: column for name, column in optional.items() if column is not None}
    columns = {name: _column(name, column, time.size) for name, column in given.items()}
    writer = _Writer(template, [name for name in optional if name in columns], dialect)
    return _rows(writer, time, columns)


def _column(name: str, values: npt.ArrayLike, n_rows: int) -> Column:
    column = np.asarray(values)
    if column.ndim and column.shape != (n_rows,):
        raise FrameError(name, f"{name} has shape {column.shape}, not ({n_rows},)")
    kind = "biuf" if isinstance(_CODECS.get(name), Scaled) else "biu"
    if column.dtype.kind not in kind:
        raise FrameError(name, f"{name} has type {column.dtype}, not {'a real number' if 'f' in kind else 'whole'}")
    return np.broadcast_to(column, (n_rows,))


def _numbers(name: str, block: Column) -> list[int]:
    """Plain numbers of a block: times in picoseconds, the rest as they are; checked."""
    if name in ("trailer", "outbound"):
        return list(block.astype(np.bool_).tolist())
    codec = _CODECS.get(name)
    hi = _MAX_NODE if codec is None else codec.hi_value if isinstance(codec, Scaled) else codec.hi
    right = (block >= 0) & (block <= hi)
    if not right.all():
        value = block[~right][0]
        raise FrameError(name, f"{name} = {value!r} is not from 0 to {hi:.15g}")
    if isinstance(codec, Scaled):
        return list(np.rint(block * float(codec.n_per_unit)).astype(np.int64).tolist())
    return list(block.tolist())


def _rows(writer: _Writer, time: npt.NDArray[np.float64], columns: dict[str, Column]) -> Iterator[Packet]:
    for first in range(0, time.size, _ROWS):
        block = slice(first, first + _ROWS)
        numbers = {name: _numbers(name, column[block]) for name, column in columns.items()}
        changing = zip(*(numbers[name] for name in writer.names), strict=True)
        rows = zip(
            time[block].tolist(),
            numbers["node"],
            numbers["outbound"],
            numbers["trailer"],
            numbers["source"],
            numbers["destination"],
            changing,
            strict=True,
        )
        for time_us, node, outbound, trailer, source, destination, values in rows:
            octets = writer.octets(trailer, source, destination, values)
            yield Packet(time_us, node, octets, outbound)


_PACK: Final = {name: struct.Struct("!" + codec.letter).pack_into for name, codec in _CODECS.items()}


class _Writer:
    """Encodes frames that differ from a template in a few fields of fixed size."""

    def __init__(self, template: Frame, optional: list[str], dialect: Dialect) -> None:
        self.names = ["frame_id", *optional]
        stated = {"frame_id": 0, "attempt": 1, "memory_time_us": 0.0, "guard_us": 0.0}
        changes: dict[str, Any] = {name: stated[name] for name in self.names if name in stated}
        changes |= {"source": station_address(0), "destination": station_address(1)}
        header = replace(template, role="header", **changes).encode(dialect)
        trailer = replace(template, role="trailer", **changes).encode(dialect)
        self._bodies = (bytearray(header[:-FCS_OCTETS]), bytearray(trailer[:-FCS_OCTETS]))
        offsets = {field.name: field.offset for field in describe(header)}
        self._slots = [(_PACK[name], offsets[name]) for name in self.names]
        chassis = offsets.get("chassis_id")
        implied = chassis is not None and header[chassis : chassis + 7] == b"\x04" + _station_octets(0)
        self._chassis = chassis + 1 if chassis is not None and implied else None
        self._stations: dict[int, bytes] = {}

    def octets(self, trailer: bool, source: int, destination: int, values: tuple[int, ...]) -> bytes:
        """Octets of one frame with its check sequence."""
        body = self._bodies[trailer]
        stations = self._stations
        sender = stations.get(source) or stations.setdefault(source, _station_octets(source))
        body[:6] = stations.get(destination) or stations.setdefault(destination, _station_octets(destination))
        body[6:12] = sender
        if self._chassis is not None:
            body[self._chassis : self._chassis + 6] = sender
        for (pack_into, offset), value in zip(self._slots, values, strict=True):
            pack_into(body, offset, value)
        return bytes(body) + crc32(body).to_bytes(4, "little")
