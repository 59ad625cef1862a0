"""Timing of a frame at store-and-forward relays (Section IV.B)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qpsviz.closed_form.path import RelayPath
from qpsviz.scenario import Scenario
from qpsviz.switch.timing import store_hop

TIMES = st.floats(0, 1e5)
RELEASE = st.sampled_from(["after_frame", "after_header"])


def dwells_us(**values: Any) -> list[float]:
    """Dwell at each relay of an idle path, as the closed forms have it."""
    flat = Scenario().replace(**values).values()
    return [float(d) for d in RelayPath(length_km=flat.length_km, n_relays=flat.n_relays, values=flat).dwells_us]


@pytest.mark.parametrize(("processing_us", "dwell_us"), [(0.0, 50.0), (0.001, 50.0), (49.0, 50.0), (125.0, 125.0)])
def test_ten_qubits_5_us_apart_dwell_for_the_longer_of_frame_and_processing(
    processing_us: float, dwell_us: float
) -> None:
    """Section IV.B: the knee of Fig. 12 stands at 10 x 5 µs."""
    found = dwells_us(n_relays=3, discipline="store", processing_us=processing_us, n_qubits=10, spacing_us=5.0)
    assert found == [dwell_us] * 3


@given(st.integers(1, 12), TIMES, TIMES, st.floats(1e-6, 1e5), RELEASE)
def test_dwells_are_those_of_a_frame_followed_event_by_event(
    n_relays: int, guard_us: float, processing_us: float, payload_us: float, release: str
) -> None:
    header, head, expected = 0.0, guard_us, []
    for _ in range(n_relays):
        whole = head + payload_us if release == "after_frame" else head
        leaves = max(header + processing_us, whole)
        expected.append(leaves - head)
        header = max(header + processing_us, leaves - (head - header))
        head = leaves
    found = dwells_us(
        n_relays=n_relays,
        discipline="store",
        processing_us=processing_us,
        n_qubits=1,
        spacing_us=payload_us,
        guard_us=guard_us,
        release=release,
    )
    assert found == pytest.approx(expected, rel=1e-9, abs=1e-6)


@given(TIMES, TIMES, TIMES, RELEASE)
def test_a_frame_never_leaves_with_more_guard_than_it_came_with(g: float, t_p: float, t_q: float, release: str) -> None:
    dwell, left = store_hop(g, processing_us=t_p, payload_us=t_q, release=release)
    assert 0 <= float(left) <= g
    assert float(dwell) >= 0


@given(TIMES, TIMES, TIMES)
def test_waiting_only_for_the_header_never_takes_longer(g: float, t_p: float, t_q: float) -> None:
    early, _ = store_hop(g, processing_us=t_p, payload_us=t_q, release="after_header")
    late, _ = store_hop(g, processing_us=t_p, payload_us=t_q, release="after_frame")
    assert early <= late


@given(TIMES, TIMES, TIMES, TIMES)
def test_a_slower_processor_never_shortens_a_dwell(g: float, t_q: float, first: float, second: float) -> None:
    fast, slow = (store_hop(g, processing_us=t, payload_us=t_q)[0] for t in sorted((first, second)))
    assert fast <= slow


@pytest.mark.parametrize("discipline", ["burst", "circuit"])
def test_without_memory_nothing_dwells(discipline: str) -> None:
    assert dwells_us(n_relays=4, discipline=discipline, processing_us=125.0) == [0, 0, 0, 0]


def test_guard_spent_at_one_relay_is_missing_at_the_next() -> None:
    found = dwells_us(n_relays=3, discipline="store", processing_us=100.0, guard_us=150.0, release="after_header")
    assert found == [0, 50, 100]


@pytest.mark.parametrize(
    ("call", "named"),
    [
        (lambda: store_hop(-1.0, processing_us=1.0, payload_us=1.0), "guard_us = -1"),
        (lambda: store_hop(0.0, processing_us=float("nan"), payload_us=1.0), "processing_us = nan"),
        (lambda: store_hop(0.0, processing_us=1.0, payload_us=-5.0), "payload_us = -5"),
        (lambda: store_hop(0.0, processing_us=1.0, payload_us=1.0, release="now"), "release = 'now'"),
    ],
)
def test_bad_input_is_named_with_its_value(call: Callable[[], object], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        call()
