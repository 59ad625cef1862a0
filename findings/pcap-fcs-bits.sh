#!/usr/bin/env bash
# A pcap file may state the length of the Ethernet frame check sequence in the upper bits of its link-type field
# (libpcap, pcap-savefile: "FCS length present" and the length in 16-bit words). Wireshark reads such a file.
# Expected: readers mask these bits and still see Ethernet. Seen: scapy and dpkt take the whole field for the link type.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check scapy==2.8.0 dpkt==1.9.8
"$work/venv/bin/python" - "$work/frame.pcap" <<'PY'
import logging, struct, sys, zlib
from importlib.metadata import version

logging.getLogger("scapy").setLevel(logging.CRITICAL)
frame = bytes.fromhex("ffffffffffff 020000000001 0800".replace(" ", "")) + bytes(46)
frame += zlib.crc32(frame).to_bytes(4, "little")

def capture(link_type):
    head = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, link_type)
    return head + struct.pack("<IIII", 0, 0, len(frame), len(frame)) + frame

def scapy_sees():
    import scapy.layers.l2  # registers Ethernet
    from scapy.utils import rdpcap
    return type(rdpcap(sys.argv[1])[0]).__name__

def dpkt_sees():
    import dpkt
    with open(sys.argv[1], "rb") as file:
        reader = dpkt.pcap.Reader(file)
        return reader.datalink()

print("scapy", version("scapy"), "dpkt", version("dpkt"))
seen = {}
for name, link_type in (("plain", 1), ("with FCS bits", 1 | 1 << 26 | 2 << 28)):
    with open(sys.argv[1], "wb") as file:
        file.write(capture(link_type))
    seen[name] = (scapy_sees(), dpkt_sees())
    print(f"{name}: scapy sees {seen[name][0]}, dpkt says link type {seen[name][1]}; expected Ether and 1")
same = seen == {"plain": ("Ether", 1), "with FCS bits": ("Raw", 1 | 1 << 26 | 2 << 28)}
print("as found" if same else "this has changed")
sys.exit(not same)
PY
