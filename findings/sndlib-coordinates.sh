#!/usr/bin/env bash
# TopoHub ships SNDlib's networks with pos = [longitude, latitude] in degrees, and lengths of links from them. Expected:
# nodes of pdh, a network of German cities, lie in these cities, and those of india35 in India. Seen: pdh has
# degrees.minutes (53.34 is 53° 34'), so that as decimals its cities are 18 to 49 km off, and as minutes within 3 km;
# india35 has places in a picture, 0 to 49 both ways, so that no node is in India. SNDlib calls both geographical.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check topohub==1.5.1
"$work/venv/bin/python" - <<'PY'
import sys
from importlib.metadata import version
from math import asin, cos, radians, sin, sqrt

import topohub

CITIES = {  # longitude and latitude of city centres, in decimal degrees
    "N1": ("Hamburg", 9.99, 53.55), "N2": ("Frankfurt", 8.68, 50.11), "N4": ("Stuttgart", 9.18, 48.78),
    "N5": ("Munich", 11.58, 48.14), "N6": ("Nuremberg", 11.08, 49.45), "N8": ("Leipzig", 12.37, 51.34),
    "N9": ("Hanover", 9.73, 52.37), "N10": ("Düsseldorf", 6.78, 51.23), "N11": ("Cologne", 6.96, 50.94),
}

def apart_km(here, there):
    (a, b), (c, d) = (map(radians, place) for place in (here, there))
    return 2 * 6371 * asin(sqrt(sin((d - b) / 2) ** 2 + cos(b) * cos(d) * sin((c - a) / 2) ** 2))

def of_minutes(value):
    degrees = int(value)
    return degrees + round((value - degrees) * 100) / 60

print("topohub", version("topohub"))
places = {node["name"]: node["pos"] for node in topohub.get("sndlib/pdh")["nodes"]}
off = {}
for node, (city, *there) in CITIES.items():
    here = places[node]
    off[node] = apart_km(here, there), apart_km(list(map(of_minutes, here)), there)
    print(f"pdh {node} {here}: {off[node][0]:.0f} km from {city}, {off[node][1]:.0f} km if read as degrees.minutes; expected 0")
found = [node["pos"] for node in topohub.get("sndlib/india35")["nodes"]]
inside = sum(68 < longitude < 98 and 6 < latitude < 36 for longitude, latitude in found)
spans = [(min(column), max(column)) for column in zip(*found)]
print(f"india35: {inside} of {len(found)} nodes in India, longitudes and latitudes {spans}; expected all {len(found)}")
same = all(as_decimal > 15 and as_minutes < 5 for as_decimal, as_minutes in off.values()) and inside == 0
print("as found" if same else "this has changed")
sys.exit(not same)
PY
