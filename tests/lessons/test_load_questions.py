"""Questions about traffic are graded by what a simulation gives."""

from __future__ import annotations

import pytest

import qpsviz as qps
from qpsviz.lessons.load_questions import ask_dropped, ask_most

FIRST = qps.preset("first").replace(guard_us=60.0)
RING = qps.Network.ring(n_nodes=6, length_km=5.0)
TRAFFIC = qps.Traffic(load=0.4, n_frames=300)
OPTIONS = {"memories": "store", "circuits": "circuit_blocked"}


def test_a_link_without_a_queue_refuses_half_at_one_erlang() -> None:
    bare = FIRST.replace(processing_us=0.0, guard_us=0.0, frame_gap_us=0.0)
    asked = ask_dropped(
        "Which share?", bare, "circuit_blocked", network=qps.Network.line(n_relays=0, length_km=0.0),
        traffic=qps.Traffic(load=1.0, n_frames=3000, warm_up=0.05), tolerance=0.06, hint="Erlang.",
    )  # fmt: skip
    assert asked.grade("0.5")[0]
    assert asked.grade("0.6") == (False, "0.6 is too large. Erlang.")


def test_the_simulation_decides_who_has_most() -> None:
    asked = ask_most("Who?", FIRST, OPTIONS, "throughput_hz", network=RING, traffic=TRAFFIC, hint="Look.")
    assert asked.grade("memories") == (True, "Right.")
    assert asked.grade("circuits") == (False, "Not so. Look.")


def test_what_chance_could_turn_is_not_asked() -> None:
    with pytest.raises(qps.ParameterError, match="beyond chance"):
        ask_most(
            "Who?", FIRST, OPTIONS, "jain_index", network=RING, traffic=qps.Traffic(load=0.01, n_frames=2), hint=""
        )
    with pytest.raises(qps.ParameterError, match="less than chance leaves open"):
        ask_dropped(
            "Which share?", FIRST, "circuit_blocked", network=RING, traffic=TRAFFIC, tolerance=0.001, hint=""
        )  # fmt: skip
