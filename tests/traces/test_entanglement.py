"""Who is entangled with whom follows the operations of a trace; graph states follow the states they stand for."""

from __future__ import annotations

import json
from functools import reduce
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qpsviz.traces import TraceError, entanglement
from qpsviz.traces.entanglement import bonds
from qpsviz.traces.reader import parse

Edges = set[tuple[int, int]]


def trace_of(n_bits: int, operations: list[dict[str, Any]], *, q2ns: bool = False) -> Any:
    """A trace of bits "0", "1", … at one node, and operations at 10, 20, … ns."""
    made = [
        {"type": "createBit" if q2ns else "createQubit", "t_ns": 0, "label": str(i), "node": "A"} for i in range(n_bits)
    ]
    timed = [{"t_ns": 10 * (i + 1), **operation} for i, operation in enumerate(operations)]
    return parse(json.dumps([{"type": "createNode", "label": "A"}, *made, *timed]))


def at_end(trace: Any) -> Edges:
    """Pairs that are still entangled."""
    return {(bond.first, bond.second) for bond in bonds(trace) if bond.end_ns is None}


def entangle(*bits: int) -> dict[str, Any]:
    """An operation of some bits."""
    return {"type": "entangle", "bits": [str(bit) for bit in bits]}


def spans(trace: Any) -> list[tuple[int, int, int, int | None]]:
    """Bonds as tuples."""
    return [(b.first, b.second, b.start_ns, b.end_ns) for b in bonds(trace)]


def test_entangling_twice_parts_two_bits_for_q2nsviz_and_not_for_q2ns() -> None:
    twice = [entangle(0, 1), entangle(1, 0)]
    assert spans(trace_of(2, twice)) == [(0, 1, 10, 20)]
    assert spans(trace_of(2, twice, q2ns=True)) == [(0, 1, 10, None)]


def test_three_bits_at_once_are_entangled_each_with_each() -> None:
    assert at_end(trace_of(3, [entangle(0, 1, 2)])) == {(0, 1), (0, 2), (1, 2)}


def test_more_changes_than_a_film_can_draw_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    crowd = trace_of(5, [{"type": "entangle", "bits": list("01234")}])
    monkeypatch.setattr(entanglement, "MOST_CHANGES", 10)
    assert len(bonds(crowd)) == 10
    monkeypatch.setattr(entanglement, "MOST_CHANGES", 9)
    with pytest.raises(TraceError, match="entangled and parted more than 9 times"):
        bonds(crowd)


@pytest.mark.parametrize("end", ["measure", "removeQubit"])
def test_a_bit_that_is_measured_or_removed_is_no_longer_entangled_and_never_again(end: str) -> None:
    trace = trace_of(3, [entangle(0, 1), entangle(1, 2), {"type": end, "bit": "1"}, entangle(0, 1)])
    assert spans(trace) == [(0, 1, 10, 30), (1, 2, 20, 30)]


def test_what_is_entangled_and_parted_at_one_moment_is_not_shown() -> None:
    trace = trace_of(2, [entangle(0, 1), {**entangle(0, 1), "t_ns": 10}])
    assert spans(trace) == []


# -- against the states ------------------------------------------------------------------------------------------------

H = np.array([[1, 1], [1, -1]]) / np.sqrt(2)
PROJECTORS = {"X": H[0], "Y": np.array([1, -1j]) / np.sqrt(2), "Z": np.array([1.0, 0.0])}


def graph_state(n_bits: int, edges: Edges) -> Any:
    """Amplitudes of a graph state, one axis for each bit: |+⟩ for each, then a sign for each edge."""
    state = reduce(np.multiply.outer, [np.full(2, 2**-0.5)] * n_bits)
    for first, second in edges:
        index: list[Any] = [slice(None)] * n_bits
        index[first] = index[second] = 1
        state[tuple(index)] *= -1
    return state


def entropies(state: Any) -> list[float]:
    """Entropy in bits of every part of the bits against the rest: equal for states that differ by local unitaries."""
    n_bits, found = state.ndim, []
    for size in range(1, n_bits // 2 + 1):
        for part in combinations(range(n_bits), size):
            matrix = np.moveaxis(state, part, range(size)).reshape(2**size, -1)
            weights = np.linalg.svd(matrix, compute_uv=False) ** 2
            weights = weights[weights > 1e-12] / weights.sum()
            found.append(float(-(weights * np.log2(weights)).sum()))
    return found


N_BITS = 5
PAIRS = list(combinations(range(N_BITS), 2))


@given(
    st.sets(st.sampled_from(PAIRS)),
    st.sampled_from("XYZ"),
    st.integers(min_value=0, max_value=N_BITS - 1),
    st.integers(min_value=0, max_value=N_BITS - 1),
)
def test_a_graph_after_a_measurement_is_that_of_the_state_after_it(
    edges: Edges, base: str, bit: int, support: int
) -> None:
    measure = {"type": "graphMeasure", "bit": str(bit), "base": base, "supportNode": str(support)}
    trace = trace_of(N_BITS, [*(entangle(*pair) for pair in sorted(edges)), measure])
    left = [other for other in range(N_BITS) if other != bit]
    found = at_end(trace)
    assert all(bit not in pair for pair in found)
    after = graph_state(N_BITS - 1, {(left.index(a), left.index(b)) for a, b in found})
    state = np.tensordot(PROJECTORS[base].conj(), graph_state(N_BITS, edges), axes=(0, bit))
    np.testing.assert_allclose(entropies(state / np.linalg.norm(state)), entropies(after), atol=1e-9)
