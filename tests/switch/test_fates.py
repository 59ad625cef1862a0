"""The one list of what can become of a frame, and who else relies on it."""

from __future__ import annotations

import pytest

import qpsviz as qps
from qpsviz.scenario.discipline import Discipline
from qpsviz.sim.engine import marks
from qpsviz.sim.engine.marks import KINDS, EventKind
from qpsviz.switch import fates
from qpsviz.switch.fates import DROPS, REASONS, Fate, can_drop
from qpsviz.switch.qroadm import QRoadm

CASES = {
    Fate.CONTENTION: {"discipline": "burst", "guard_us": 1e3, "p_free": 0.2},
    Fate.LATE: {"discipline": "burst", "guard_us": 0.0, "processing_us": 500.0},
    Fate.EXPIRED: {"discipline": "store", "cutoff_us": 1.0, "processing_us": 50.0},
    Fate.MEMORY_FULL: {"discipline": "store", "memory_qubits": 1.0, "processing_us": 50.0},
    Fate.BLOCKED: {"discipline": "circuit", "p_free": 0.2},
}


def test_the_numbers_of_compiled_code_are_positions_in_the_list() -> None:
    for number, fate in enumerate(Fate):
        value = getattr(fates, fate.name)
        assert (value, type(value)) == (number, int)


def test_the_numbers_that_the_event_loop_notes_are_those_of_the_kinds() -> None:
    noted = {name.removeprefix("MARK_"): value for name, value in vars(marks).items() if name.startswith("MARK_")}
    assert set(noted) == {"SETUP", "BLOCKED", "CONFIRMED", "TEARDOWN", "NOTICE", "RETRANSMIT"}
    for name, value in noted.items():
        assert (value, type(value)) == (EventKind[name].value, int)
    assert [EventKind[name] for name in KINDS] == list(range(len(KINDS)))


def test_every_fate_but_two_is_a_drop() -> None:
    assert set(Fate) - set(DROPS) == {Fate.IN_FLIGHT, Fate.DELIVERED}
    assert list(REASONS) == [fate.value for fate in DROPS]
    assert {fate.about.mark for fate in DROPS} == {"drop"}


def test_words_and_sentences_tell_fates_apart() -> None:
    for words in ([fate.about.label for fate in Fate], [fate.about.sentence for fate in Fate]):
        assert len(set(words)) == len(Fate)
    assert all(fate.about.sentence.endswith(".") for fate in Fate)


@pytest.mark.parametrize("device", [QRoadm.near_term, QRoadm.long_term])
def test_every_device_has_a_place_for_every_drop(device: object) -> None:
    kinds = {component.kind for component in device(1, 1).components}  # type: ignore[operator]
    assert all(kinds & set(fate.about.places) for fate in DROPS)


@pytest.mark.parametrize("fate", DROPS)
def test_a_run_drops_for_a_reason_that_its_discipline_has(fate: Fate) -> None:
    scenario = qps.Scenario().replace(n_frames=20, **CASES[fate])
    found = set(qps.simulate(scenario, seed=3).summary()["dropped"])
    assert fate in found
    discipline = Discipline(scenario.switch.discipline)
    assert found <= {reason.value for reason in DROPS if can_drop(discipline, reason)}


def test_no_discipline_has_a_fate_that_is_no_drop() -> None:
    assert not any(can_drop(discipline, fate) for discipline in Discipline for fate in set(Fate) - set(DROPS))
