"""The balance of a run at the cursor: nothing is lost from the books at any time."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qpsviz import Discipline, preset, simulate
from qpsviz.session.film.event_marks import MARKS, event_marks
from qpsviz.session.film.ledger import ledger
from qpsviz.session.film.sentences import TEMPLATES
from qpsviz.session.film.signals import LOOKS
from qpsviz.sim import Run
from qpsviz.sim.engine.marks import KINDS
from qpsviz.switch.fates import REASONS, Fate

CASES: list[tuple[str, dict[str, Any]]] = [
    ("first", {}),
    ("first", {"p_free": 0.5, "max_attempts": 4, "n_frames": 60}),
    ("first", {"guard_us": 10.0, "late_payload": "discard", "max_attempts": 3}),
    ("metro-ring", {}),
    ("fig12", {}),
    ("memory-buys", {"memory_qubits": 10.0, "n_frames": 50}),
    ("memory-buys", {"cutoff_us": 20.0, "max_attempts": 3}),
    ("fig7", {"discipline": "circuit"}),
    ("fig7", {"discipline": "circuit", "p_free": 0.9, "max_attempts": 5}),
]


def run_of(name: str, changes: dict[str, Any]) -> Run:
    return simulate(preset(name).replace(**changes), seed=3)


def dropped(book: dict[str, Any]) -> Any:
    return sum(book[name] for name in REASONS)


@pytest.mark.parametrize(("name", "changes"), CASES)
def test_the_last_line_of_the_ledger_is_the_summary_of_the_run(name: str, changes: dict[str, Any]) -> None:
    run = run_of(name, changes)
    book, summary = ledger(run), run.summary()
    last = {key: int(column[-1]) for key, column in book.items()}
    assert last["offered"] == summary["offered"]
    assert last["delivered"] == summary["delivered"]
    assert last["inFlight"] == summary["in_flight"]
    assert {reason: last[reason] for reason in REASONS if last[reason]} == summary["dropped"]


@settings(max_examples=25)
@given(
    st.floats(0.05, 1),
    st.integers(1, 4),
    st.sampled_from(["truncate", "discard"]),
    st.floats(0, 100),
    st.sampled_from(Discipline),
    st.integers(0, 1000),
)
def test_offered_frames_are_delivered_dropped_or_in_flight_at_every_time(
    p_free: float, max_attempts: int, late: str, guard_us: float, discipline: str, seed: int
) -> None:
    changes = {"p_free": p_free, "max_attempts": max_attempts, "late_payload": late, "guard_us": guard_us}
    run = simulate(preset("first").replace(discipline=discipline, cutoff_us=60.0, **changes), seed=seed)
    book = ledger(run)
    assert np.all(np.diff(book["time"]) > 0)
    assert np.array_equal(book["offered"], book["delivered"] + dropped(book) + book["inFlight"])
    assert all(np.all(column >= 0) for column in book.values())
    assert all(np.all(np.diff(book[name]) >= 0) for name in ("offered", "delivered", "resent"))


@pytest.mark.parametrize(("name", "changes"), CASES)
def test_counts_at_a_time_agree_with_counting_the_frames_one_by_one(name: str, changes: dict[str, Any]) -> None:
    run = run_of(name, changes)
    book, frames, events = ledger(run), run.frames, run.events
    delivered_us = frames["done_us"][frames["fate"] == "DELIVERED"]
    drop_us = events["time_us"][events["kind"] == KINDS.index("DROPPED")]
    for row in range(0, book["time"].size, 3):
        now_us = book["time"][row]
        assert book["delivered"][row] == np.count_nonzero(delivered_us <= now_us)
        assert dropped(book)[row] == np.count_nonzero(drop_us <= now_us) - book["resent"][row]


@pytest.mark.parametrize(("name", "changes"), [case for case in CASES if "discipline" not in case[1]])
def test_every_attempt_after_the_first_is_counted_as_sent_again(name: str, changes: dict[str, Any]) -> None:
    run = run_of(name, changes)
    assert ledger(run)["resent"][-1] == np.sum(run.frames["attempts"] - 1)


def test_every_fate_that_is_a_drop_has_a_word() -> None:
    assert set(REASONS) == {fate.value for fate in Fate if fate not in (Fate.IN_FLIGHT, Fate.DELIVERED)}
    assert len(set(REASONS.values())) == len(REASONS)


def test_every_kind_of_event_that_concerns_a_frame_has_a_shape() -> None:
    without = {
        "SETUP",
        "CONFIRMED",
        "TEARDOWN",
        "NOTICE",
        "RETRANSMIT",
        "SETUP_AGAIN",
        *(look.arrival for look in LOOKS.values()),
    }
    assert set(MARKS) == set(TEMPLATES) - without
    assert len(event_marks()["marks"]) == len(TEMPLATES)
