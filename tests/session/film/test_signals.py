"""The messages of circuits and the notices of drops: each goes where it must, at the speed of light."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from qpsviz import Network, Run, Scenario, Traffic, preset, presets, simulate
from qpsviz.session.film.schedule import schedule
from qpsviz.session.film.sentences import number_of
from qpsviz.session.film.signals import LOOKS, signal_kinds, signals
from qpsviz.sim.engine.marks import KINDS
from qpsviz.sim.results.signals import Signal


def rows(run: Run, kind: str) -> list[dict[str, Any]]:
    """The messages of one kind, in order of time."""
    found = signals(run)
    chosen = np.flatnonzero(found["kind"] == Signal[kind])
    return [{name: column[row].item() for name, column in found.items()} for row in chosen]


def times_of(run: Run, kind: str) -> list[float]:
    """When events of a kind happened."""
    return [float(t) for t in run.events["time_us"][run.events["kind"] == KINDS.index(kind)]]


def test_a_set_up_walks_to_the_receiver_and_its_confirmation_back() -> None:
    changes = {"discipline": "circuit", "p_free": 1.0, "n_frames": 2, "processing_us": 7.0}
    run = simulate(preset("fig7").replace(**changes), seed=1)
    hop_us = 100.0 / 3 / 0.2
    paths = [[(m["from"], m["to"]) for m in rows(run, kind)] for kind in ("SETUP", "CONFIRM", "RELEASE")]
    assert paths == [[(0, 1), (1, 2), (2, 3)], [(3, 2), (2, 1), (1, 0)], [(0, 1), (1, 2), (2, 3)]]
    starts = [m["out"] for m in rows(run, "SETUP")]
    assert starts == pytest.approx([0.0, hop_us + 7.0, 2 * hop_us + 14.0])
    assert rows(run, "CONFIRM")[0]["out"] == pytest.approx(3 * hop_us + 14.0)
    assert rows(run, "CONFIRM")[-1]["in"] == pytest.approx(6 * hop_us + 28.0)
    assert times_of(run, "CONFIRMED") == pytest.approx([6 * hop_us + 28.0])
    assert run.legs["header_out_us"].min() == pytest.approx(6 * hop_us + 28.0)
    assert rows(run, "RELEASE")[0]["out"] == pytest.approx(run.legs["trailer_out_us"][run.legs["hop"] == 0].max())


@pytest.mark.parametrize("name", presets())
def test_a_circuit_has_something_to_watch_on_every_preset_even_when_it_is_refused(name: str) -> None:
    for seed in range(1, 6):
        run = simulate(preset(name).replace(discipline="circuit"), seed=seed)
        refused = times_of(run, "BLOCKED")
        made = schedule(run)
        assert len(made["signals"]["kind"]) >= 2
        assert bool(rows(run, "REFUSAL")) == bool(refused)
        told = {
            number_of(LOOKS[kind].arrival) for kind in {Signal(k) for k in made["signals"]["kind"]} - {Signal.CONFIRM}
        }
        assert told <= set(made["events"]["kind"].tolist())


def test_a_refusal_walks_back_over_the_links_that_were_reserved() -> None:
    run = next(r for r in circuits(p_free=0.3) if len(rows(r, "SETUP")) == 2 and times_of(r, "BLOCKED"))
    there, back = rows(run, "SETUP"), rows(run, "REFUSAL")
    assert [(m["to"], m["from"]) for m in reversed(there)] == [(m["from"], m["to"]) for m in back]
    assert back[0]["out"] == pytest.approx(times_of(run, "BLOCKED")[0])
    assert back[-1]["in"] == pytest.approx(run.frames["done_us"][0])


def circuits(**changes: Any) -> list[Run]:
    """Some runs over circuits, of which some are refused."""
    return [simulate(preset("first").replace(discipline="circuit", **changes), seed=seed) for seed in range(30)]


def test_every_message_moves_at_the_speed_of_light() -> None:
    network = Network.nsfnet(mean_length_km=60.0)
    traffic = Traffic(load=0.7, n_frames=60)
    for discipline in ("circuit", "burst"):
        scenario = Scenario().replace(discipline=discipline, max_attempts=3)
        found = signals(simulate(scenario, network=network, traffic=traffic, seed=4))
        assert len(found["kind"]) > 20
        length = {(a, b): km for a, b, km in zip(network.link_from, network.link_to, network.link_km, strict=True)}
        km = np.array([length[pair] for pair in zip(found["from"], found["to"], strict=True)])
        np.testing.assert_allclose(found["in"] - found["out"], km / 0.2, atol=1e-6)


def test_a_drop_notice_leaves_at_the_drop_and_is_heard_when_the_run_says() -> None:
    run = simulate(preset("first").replace(p_free=0.5, max_attempts=3), seed=2)
    notices = rows(run, "NOTICE")
    heard = times_of(run, "NOTICE")
    assert heard
    assert [m["in"] for m in notices if m["to"] == 0] == pytest.approx(heard)
    dropped = np.flatnonzero(run.events["kind"] == KINDS.index("DROPPED"))
    drop_us = {(run.events["frame"][i], run.events["attempt"][i]): run.events["time_us"][i] for i in dropped}
    for about in {(m["frame"], m["attempt"]) for m in notices}:
        first = min(m["out"] for m in notices if (m["frame"], m["attempt"]) == about)
        assert first == pytest.approx(drop_us[about])


def test_a_page_knows_every_kind_of_message_by_its_number() -> None:
    assert set(LOOKS) == set(Signal)
    kinds = signal_kinds()
    assert [kind["label"] for kind in kinds] == ["set-up", "confirmation", "refusal", "release", "drop notice"]
    # Messages that share a shape and a colour could not be told apart on the fibre.
    assert len({(kind["shape"], kind["fails"]) for kind in kinds}) == len(kinds)
