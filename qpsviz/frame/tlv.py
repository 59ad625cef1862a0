"""TLVs of a quantum Ethernet frame that are no field of it, and how they must stand to each other."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from qpsviz.frame.error import FrameError
from qpsviz.frame.fields import TAKEN
from qpsviz.frame.numbers import (
    CHASSIS,
    CUSTOM,
    ETHERTYPE_OF,
    INFO,
    LAST_OF_TABLE_I,
    MAX_VALUE_OCTETS,
    OUI,
    PORT,
    TTL,
    VERSION,
    Dialect,
)

STATION_NAMES: Final[dict[int, str]] = {CHASSIS: "chassis_id", PORT: "port_id", TTL: "ttl"}
_STATION_LENGTHS: Final[dict[int, tuple[int, int]]] = {CHASSIS: (2, 256), PORT: (2, 256), TTL: (2, 2)}
_LLDP_SINGLETONS: Final = frozenset(range(1, 8))
_MAC = re.compile(r"[0-9A-Fa-f]{2}(?:[:-][0-9A-Fa-f]{2}){5}\Z")


def mac_octets(text: str, field: str) -> bytes:
    """Six octets of a MAC address written ``02:00:00:00:00:01`` or ``02-00-00-00-00-01``."""
    if not isinstance(text, str) or not _MAC.match(text):
        raise FrameError(field, f"{text!r} is not a MAC address such as 02:00:00:00:00:01")
    return bytes.fromhex(text.replace("-", ":").replace(":", ""))


@dataclass(frozen=True, slots=True, kw_only=True)
class Tlv:
    """A TLV that `Frame` has no field for, kept byte for byte.

    Parameters
    ----------
    type : int
        7-bit type: 5 to 126 (reserved), 127 (custom: OUI, subtype, data), or 3 in a version newer than ours.
    value : bytes
        At most 511 octets.
    dialect : {"paper", "lldp"}
        Which table the type is from: Table I of the paper, or IEEE 802.1AB (Chassis ID, System Name …).
        Type 127 means the same in both and is always written ``"paper"``.

    Raises
    ------
    FrameError
        If type or length is out of range.

    Notes
    -----
    Deviation: the paper's "value 0-255 bits" cannot be, a 9-bit length counts 511 octets.

    Examples
    --------
    >>> Tlv.custom("00-11-22", 7, b"hello").value.hex(" ")
    '00 11 22 07 68 65 6c 6c 6f'
    """

    type: int
    value: bytes = b""
    dialect: Dialect = "paper"

    def __post_init__(self) -> None:
        if type(self.type) is not int or not 1 <= self.type <= CUSTOM:
            raise FrameError("tlv.type", f"type = {self.type!r} is not an integer from 1 to 127")
        if self.dialect not in ETHERTYPE_OF:
            raise FrameError("tlv.dialect", f'dialect = {self.dialect!r} is not "paper" or "lldp"')
        if not isinstance(self.value, bytes) or len(self.value) > MAX_VALUE_OCTETS:
            raise FrameError("tlv.value", "value is not bytes of at most 511 octets")
        if self.type == CUSTOM:
            self._check_custom()
        elif self.dialect == "paper" and self.type <= LAST_OF_TABLE_I and not self._is_newer_info:
            raise FrameError("tlv.type", f"type = {self.type} of Table I is a field of Frame, not a TLV")
        elif self.dialect == "lldp" and self.type <= TTL:
            lo, hi = _STATION_LENGTHS[self.type]
            if not lo <= len(self.value) <= hi:
                name = STATION_NAMES[self.type]
                raise FrameError(name, f"length = {len(self.value)} is not from {lo} to {hi} octets")

    def _check_custom(self) -> None:
        if self.dialect == "lldp":
            raise FrameError("tlv.dialect", 'type 127 is the same in both dialects; write dialect="paper"')
        if len(self.value) < 4:
            raise FrameError("tlv.value", f"a custom TLV of {len(self.value)} octets has no OUI and subtype")
        if self.value[:3] == OUI and self.value[3] in TAKEN:
            raise FrameError("tlv.value", f"subtype {self.value[3]} of {self.oui} is a field of Frame, not a TLV")

    @property
    def _is_newer_info(self) -> bool:
        return self.type == INFO and len(self.value) > 0 and self.value[0] > VERSION

    @classmethod
    def custom(cls, oui: str, subtype: int, data: bytes = b"") -> Tlv:
        """Custom TLV 127 of an organisation, its OUI written ``00-11-22``."""
        try:
            value = bytes.fromhex(oui.replace("-", "").replace(":", "")) + bytes((subtype,)) + data
        except (ValueError, TypeError, AttributeError):
            problem = f"oui = {oui!r}, subtype = {subtype!r} are not three hex octets and 0 to 255"
            raise FrameError("tlv.value", problem) from None
        if len(value) - len(data) != 4:
            raise FrameError("tlv.value", f"oui = {oui!r} is not three octets")
        return cls(type=CUSTOM, value=value)

    @property
    def oui(self) -> str:
        """Organisation of a custom TLV, as ``00-11-22``; empty for other types."""
        return self.value[:3].hex("-") if self.type == CUSTOM else ""

    @property
    def subtype(self) -> int | None:
        """Subtype of a custom TLV; None for other types."""
        return self.value[3] if self.type == CUSTOM else None

    @property
    def data(self) -> bytes:
        """What follows OUI and subtype; the whole value for other types."""
        return self.value[4:] if self.type == CUSTOM else self.value


def station_default(type_: int, source: bytes) -> bytes:
    """LLDP's three mandatory values as `Frame.encode` derives them from the source address.

    Assumption: the chassis is named by the source MAC address, the port by an interface name, and the neighbour
    entry lives one second, the shortest LLDP can say without meaning "shut down". The name is long enough that
    the smallest frame needs no padding: Wireshark 4.0 takes the last octets of a short LLDPDU for bad padding.
    """
    return {CHASSIS: b"\x04" + source, PORT: b"\x05quantum-tx", TTL: b"\x00\x01"}[type_]


def check_tlvs(tlvs: tuple[Tlv, ...], source: bytes, has_info: bool, offsets: list[int] | None = None) -> None:
    """Hold the TLVs of one frame against each other: singletons, and LLDP's order.

    Parameters
    ----------
    tlvs : tuple of Tlv
        In wire order.
    source : bytes
        The frame's source address.
    has_info : bool
        Whether type 3 is already taken by the frame's own fields.
    offsets : list of int, optional
        Where each TLV starts, for the error.

    Raises
    ------
    FrameError
        For a duplicate, for LLDP's mandatory TLVs out of order, or one that repeats what the source implies.
    """
    seen: set[tuple[Dialect, int]] = {("paper", INFO)} if has_info else set()
    highest = 0
    for i, tlv in enumerate(tlvs):
        if not isinstance(tlv, Tlv):
            raise FrameError("tlvs", f"{tlv!r} is not a Tlv")
        offset = offsets[i] if offsets else None
        key = (tlv.dialect, tlv.type)
        single = key == ("paper", INFO) or (tlv.dialect == "lldp" and tlv.type in _LLDP_SINGLETONS)
        if single and key in seen:
            raise FrameError(tlv_name(tlv), f"duplicate TLV of type {tlv.type}; one is allowed", offset)
        seen.add(key)
        if tlv.dialect == "lldp" and tlv.type <= TTL:
            _check_station(tlv, source, misplaced=tlv.type < highest, offset=offset)
        highest = max(highest, tlv.type if tlv.dialect == "lldp" and tlv.type <= TTL else CUSTOM)


def _check_station(tlv: Tlv, source: bytes, *, misplaced: bool, offset: int | None) -> None:
    name = tlv_name(tlv)
    if misplaced:
        raise FrameError(name, "misplaced: chassis, port and time to live come first, in this order", offset)
    if tlv.value == station_default(tlv.type, source):
        raise FrameError(name, "repeats what the source address implies; leave it out", offset)


def tlv_name(tlv: Tlv) -> str:
    """Field name of a TLV in errors."""
    if tlv.dialect == "lldp":
        return STATION_NAMES.get(tlv.type, f"lldp_tlv_{tlv.type}")
    return "payload_info" if tlv.type == INFO else f"tlv_{tlv.type}"
