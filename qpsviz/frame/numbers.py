"""Numbers of the format that belong to no field: EtherTypes, TLV types of its own, sizes."""

from __future__ import annotations

from typing import Final, Literal

Dialect = Literal["paper", "lldp"]

ETHERTYPES: Final[dict[int, Dialect]] = {0x88B5: "paper", 0x88CC: "lldp"}
ETHERTYPE_OF: Final[dict[str, int]] = {dialect: number for number, dialect in ETHERTYPES.items()}

END: Final = 0
INFO: Final = 3  # other payload information: the TLV that holds several fields
LAST_OF_TABLE_I: Final = 4
RESERVED_TLV, STATION_TLV = 8, 9  # subtypes that carry a TLV of the other dialect
CUSTOM: Final = 127
CHASSIS, PORT, TTL = 1, 2, 3  # IEEE 802.1AB

OUI: Final = bytes.fromhex("025145")
MAX_VALUE_OCTETS: Final = 511

HEADER_OCTETS: Final = 14
FCS_OCTETS: Final = 4
MIN_OCTETS: Final = 64
MAX_OCTETS: Final = 1518

VERSION: Final = 1  # of the other payload information
INFO_OCTETS: Final = 28
INFO_HEAD_OCTETS: Final = 2  # version and flags
