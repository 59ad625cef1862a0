"""Octets of a frame that hold no parameter of their own, or an address: what people are told of them."""

from __future__ import annotations

from typing import Final, NamedTuple


class Part(NamedTuple):
    """What some octets are.

    Attributes
    ----------
    label, meaning : str
        A few words and one sentence, which is empty where it depends on the frame.
    kind : str
        Kind of octets, as the page colours them.
    note : str
        What the paper leaves open or cannot mean.
    """

    label: str
    meaning: str
    kind: str = "optional"
    note: str = ""


PARTS: Final[dict[str, Part]] = {
    "destination": Part("Destination", "Station that receives the payload.", "address"),
    "source": Part("Source", "Station that sent the payload; relays leave it as it is.", "address"),
    "ethertype": Part("EtherType", "", "ethertype", "Assumption: Table I says “TBD”."),
    "chassis_id": Part(
        "Chassis ID",
        "LLDP's name of the sending device: subtype, then its MAC address unless set.",
        "lldp",
        "Assumption: the paper names no chassis; ours is the source.",
    ),
    "port_id": Part(
        "Port ID",
        "LLDP's name of the sending port: subtype, then its name.",
        "lldp",
        "Assumption: the paper names no port.",
    ),
    "ttl": Part(
        "Time to live",
        "Seconds an LLDP neighbour remembers the sender.",
        "lldp",
        "Assumption: the shortest that does not mean “shut down”.",
    ),
    "payload_info.version": Part("Version", "Version of this structure."),
    "payload_info.flags": Part("Stated", "One bit for each field of this structure that is stated."),
    "payload_info.reserved": Part("Reserved", "Zero; kept for a later version."),
    "end_of_qdu": Part("End", "No TLV follows.", "end"),
    "padding": Part("Padding", "Fills the frame to Ethernet's 64 octets.", "end"),
    "fcs": Part("Frame check sequence", "CRC-32 of all octets before it, least significant octet first.", "fcs"),
}

#: Notes beside the type and length of a TLV.
TLV_NOTES: Final = {
    "role": "Deviation: Table I gives a value “0–255 bits”; a 9-bit length counts up to 511 octets.",
    "payload_info": "Assumption: the paper names this TLV and gives it no content; all of it is ours.",
}
