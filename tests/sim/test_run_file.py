"""A run that is read from a file is whole, or refused with what is wrong with it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import qpsviz as qps
from qpsviz.session.film.schedule import schedule
from qpsviz.sim.results.run_file_checks import REQUIRED


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """A stored run as JSON."""
    path = tmp_path_factory.mktemp("run") / "run.json"
    qps.simulate(qps.preset("first").replace(n_frames=3), seed=7).save(path)
    whole: dict[str, Any] = json.loads(path.read_text())
    return whole


def load(whole: dict[str, Any], folder: Path) -> qps.Run:
    """The run of this JSON."""
    path = folder / "run.json"
    path.write_text(json.dumps(whole))
    return qps.Run.load(path)


def test_every_column_of_a_new_run_is_known_and_every_known_column_is_there() -> None:
    run = qps.simulate(qps.preset("first").replace(n_frames=3))
    tables = {"frames": run.frames, "legs": run.legs, "events": run.events, "signals": run.signals}
    for name, kinds in REQUIRED.items():
        assert {c for columns in kinds.values() for c in columns} <= set(tables[name]), name


COLUMNS = [(table, column) for table, kinds in REQUIRED.items() for columns in kinds.values() for column in columns]


@pytest.mark.parametrize(("table", "column"), COLUMNS)
def test_a_run_without_a_column_is_refused_when_it_is_loaded(
    stored: dict[str, Any], tmp_path: Path, table: str, column: str
) -> None:
    whole = {**stored, table: {name: values for name, values in stored[table].items() if name != column}}
    with pytest.raises(ValueError, match=rf"run\.json: not a run: {table}\.{column} is missing"):
        load(whole, tmp_path)


@pytest.mark.parametrize(
    ("table", "column", "value", "words"),
    [
        ("frames", "destination", 99, "points to something that is not there"),
        ("frames", "fate", "LOST", "row 0: 'LOST' is a word, which is no fate"),
        ("legs", "hop", 999, "points to something that is not there"),
        ("legs", "header_out_us", "Infinity", "is a time that is no number"),
        ("events", "time_us", 1e9, "goes backwards"),
        ("legs", "link", -1, "points to something that is not there"),
        ("legs", "frame", 7, "names a frame that is not in frames"),
        ("events", "kind", 99, "points to something that is not there"),
        ("events", "node", -2, "points to something that is not there"),
        ("frames", "fidelity", 7.0, r"row 0: 7\.0 is not in 0 … 1"),
        ("frames", "eta", -0.5, r"row 0: -0\.5 is not in 0 … 1"),
        ("frames", "c", -1.5, r"row 0: -1\.5 is not in -1 … 1"),
        ("frames", "payload_kept", "Infinity", "row 0: inf is no number"),
        ("frames", "sent_us", "NaN", "row 0: nan is a time that is no number, with that fate"),
        ("frames", "offered_us", "NaN", "row 0: nan is a time that is no number"),
        ("frames", "delay_us", "NaN", "row 0: nan is a time that is no number, with that fate"),
        ("frames", "done_us", -1.0, r"row 0: -1\.0 comes before the frame was sent"),
        ("frames", "arm", 1, "row 0: 1 is not the arm of that frame"),
        ("frames", "pair", 1, "row 0: 1 is not the pair of that frame"),
        ("frames", "session", 5, "row 0: 5 points to something that is not there"),
        ("frames", "attempts", 2, "row 0: 2 points to something that is not there"),
        ("frames", "fate", "BLOCKED", "row 0: 'BLOCKED' is no fate of burst switching"),
        ("frames", "fidelity", True, "row 0: True is not of type <f8"),
        ("frames", "fidelity", "0.5", "row 0: '0.5' is not of type <f8"),
        ("frames", "frame", True, "row 0: True is not of type <i4"),
        ("legs", "channel", 1, "row 0: 1 points to something that is not there"),
        ("legs", "channel", -1, "row 0: -1 points to something that is not there"),
        ("legs", "to_node", 4, "row 0: 4 is no end of its link"),
        ("legs", "payload_in_us", 999.0, r"row 0: 999\.0 is not when light arrives"),
        ("legs", "eta_in", 1.5, r"row 0: 1\.5 is not in 0 … 1"),
        ("events", "reason", "TIRED", "row 0: 'TIRED' is a word, which is no reason"),
        ("events", "attempt", 0, "row 0: 0 points to something that is not there"),
    ],
)
def test_a_run_that_points_nowhere_is_refused(
    stored: dict[str, Any], tmp_path: Path, table: str, column: str, value: Any, words: str
) -> None:
    old = stored[table][column]
    changed = {**old, "values": [value, *old["values"][1:]]}
    with pytest.raises(ValueError, match=rf"{table}\.{column}.*{words}"):
        load({**stored, table: {**stored[table], column: changed}}, tmp_path)


def test_what_arrived_of_a_frame_that_did_not_arrive_is_refused(stored: dict[str, Any], tmp_path: Path) -> None:
    fates = stored["frames"]["fate"]
    changed = {**fates, "values": ["LATE", *fates["values"][1:]]}
    with pytest.raises(ValueError, match=r"frames\.delay_us, row 0: .* is known of a frame that was not delivered"):
        load({**stored, "frames": {**stored["frames"], "fate": changed}}, tmp_path)


@pytest.mark.parametrize(
    ("group", "name", "value", "words"),
    [
        ("path", "layout", "split", "scenario.layout = 'split' does not fit network 'line'"),
        ("fibre", "speed_km_per_us", 0.25, r"legs.header_in_us, row 0: .* in the fibre of the scenario"),
        ("switch", "max_attempts", 0, "max_attempts"),
    ],
)
def test_a_run_whose_scenario_does_not_fit_is_refused(
    stored: dict[str, Any], tmp_path: Path, group: str, name: str, value: Any, words: str
) -> None:
    scenario = {**stored["scenario"], group: {**stored["scenario"][group], name: value}}
    with pytest.raises(ValueError, match=rf"run\.json: .*{words}"):
        load({**stored, "scenario": scenario}, tmp_path)


NSFNET = qps.Network.nsfnet(mean_length_km=20.0)


@pytest.mark.parametrize("until_us", [150.0, float("inf")])
@pytest.mark.parametrize(
    ("changes", "network"),
    [
        ({"discipline": "circuit", "layout": "split"}, None),
        ({"discipline": "store", "layout": "split", "max_attempts": 3, "p_free": 0.5, "cutoff_us": 200.0}, None),
        ({"discipline": "circuit", "p_free": 1.0}, NSFNET),
        ({"discipline": "burst", "n_wavelengths": 3, "max_attempts": 4, "late_payload": "discard"}, NSFNET),
        ({"discipline": "store", "memory_qubits": 100, "max_attempts": 2}, NSFNET),
    ],
)
def test_whatever_was_simulated_can_be_loaded(
    tmp_path: Path, changes: dict[str, Any], network: qps.Network | None, until_us: float
) -> None:
    traffic = qps.Traffic(load=2.0, n_frames=40, n_frames_per_session=2) if network else None
    scenario = qps.Scenario(n_frames=12, **changes)
    run = qps.simulate(scenario, network=network, traffic=traffic, seed=2, until_us=until_us, record="all")
    run.save(tmp_path / "run.json")
    again = qps.Run.load(tmp_path / "run.json")
    assert (again.frames, again.legs, again.signals) == (run.frames, run.legs, run.signals)


def test_a_run_that_is_loaded_can_be_drawn_and_summed_up(stored: dict[str, Any], tmp_path: Path) -> None:
    run = load(stored, tmp_path)
    assert run.summary()["offered"] == 3
    assert schedule(run)["legs"]["frame"].size == len(run.legs)


@pytest.mark.parametrize("name", ["x.parquet", "x", "x.csv"])
def test_a_run_is_saved_as_json_only(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match=r"must end in \.json"):
        qps.simulate(qps.preset("first")).save(tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_events_are_words(tmp_path: Path) -> None:
    run = qps.simulate(qps.preset("first"), seed=1)
    dropped = run.events[run.events["event"] == "DROPPED"]
    assert len(dropped) == sum(run.summary()["dropped"].values()) > 0
    run.save(tmp_path / "run.json")
    assert qps.Run.load(tmp_path / "run.json").events == run.events
