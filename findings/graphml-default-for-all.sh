#!/usr/bin/env bash
# GraphML lets one key serve nodes, edges and graphs (for="all") and gives it a <default>; a file may hold several
# graphs. Expected of a reader: the default of such a key can be found for edges too, and a second graph is not lost
# without a word. Seen with networkx: the default of a for="all" key is nowhere, and only the first graph comes back.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check networkx==3.6.1
"$work/venv/bin/python" - <<'PY'
import sys
import networkx as nx

KEY = '<key id="d0" for="{}" attr.name="length_km" attr.type="double"><default>80.0</default></key>'
GRAPH = '<graph id="{0}" edgedefault="undirected"><node id="{0}a"/><node id="{0}b"/><edge source="{0}a" target="{0}b"/></graph>'
HEAD = '<?xml version="1.0"?><graphml xmlns="http://graphml.graphdrawing.org/xmlns">'

def read(key_for, graphs):
    return nx.parse_graphml(HEAD + KEY.format(key_for) + "".join(map(GRAPH.format, graphs)) + "</graphml>")

print("networkx", nx.__version__)
edge, every = read("edge", "g").graph, read("all", "g").graph
print('for="edge": edge_default =', edge.get("edge_default"), "; expected {'length_km': 80.0}")
print('for="all":  edge_default =', every.get("edge_default"), "; expected {'length_km': 80.0}")
nodes = sorted(read("edge", "gh"))
print("nodes of a file with graphs g and h:", nodes, "; expected both graphs, or an error")
same = edge.get("edge_default") == {"length_km": 80.0} and not every.get("edge_default") and nodes == ["ga", "gb"]
print("as found" if same else "this has changed")
sys.exit(not same)
PY
