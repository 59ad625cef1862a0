#!/usr/bin/env bash
# SciPy's sparse arrays have indices of 32 or 64 bits; from int64 node numbers (NumPy's default integers on Linux) come 64.
# Expected of scipy.sparse.csgraph: all of its functions for shortest paths take both. Seen: dijkstra, bellman_ford and
# johnson do; yen, for the k shortest, refuses 64 bits with an error about a buffer.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check scipy==1.17.1
"$work/venv/bin/python" - <<'PY'
import sys
import numpy as np
import scipy
from scipy.sparse import csr_array
from scipy.sparse.csgraph import bellman_ford, dijkstra, johnson, yen

def graph(bits):
    tail, head = np.array([[0, 0, 1], [1, 2, 2]], dtype=f"int{bits}")
    return csr_array(([1.0, 3.0, 1.0], (tail, head)), shape=(3, 3))

CALLS = {
    "dijkstra": lambda g: dijkstra(g, indices=0)[2], "bellman_ford": lambda g: bellman_ford(g, indices=0)[2],
    "johnson": lambda g: johnson(g, indices=0)[2], "yen": lambda g: yen(g, 0, 2, 2)[0],
}
print("scipy", scipy.__version__)
seen = {}
for bits in (32, 64):
    for name, call in CALLS.items():
        assert graph(bits).indices.dtype == f"int{bits}"
        try:
            seen[name, bits] = float(call(graph(bits)))
        except ValueError as error:
            seen[name, bits] = f"ValueError: {error}"
        print(f"{name}, indices of {bits} bits: {seen[name, bits]}; expected 2.0")
refused = {key for key, value in seen.items() if value != 2.0}
same = refused == {("yen", 64)} and "dtype mismatch" in str(seen["yen", 64])
print("as found" if same else "this has changed")
sys.exit(not same)
PY
