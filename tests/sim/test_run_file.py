"""A run that is read from a file is whole, or refused with what is wrong with it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import qpsviz as qps
from qpsviz.sim.stored_checks import REQUIRED
from qpsviz.views.schedule import schedule


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """A stored run as JSON."""
    path = tmp_path_factory.mktemp("run") / "run.json"
    qps.simulate(qps.preset("first").replace(n_frames=3), seed=1).save(path)
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
        ("frames", "fate", "LOST", "'LOST', which is no fate"),
        ("legs", "hop", 999, "points to something that is not there"),
        ("legs", "header_out_us", "Infinity", "holds a time that is no number"),
        ("events", "time_us", 1e9, "goes backwards"),
        ("legs", "link", -1, "points to something that is not there"),
        ("legs", "frame", 7, "names a frame that is not in frames"),
        ("events", "kind", 99, "points to something that is not there"),
        ("events", "node", -2, "points to something that is not there"),
    ],
)
def test_a_run_that_points_nowhere_is_refused(
    stored: dict[str, Any], tmp_path: Path, table: str, column: str, value: Any, words: str
) -> None:
    old = stored[table][column]
    changed = {**old, "values": [value, *old["values"][1:]]}
    with pytest.raises(ValueError, match=rf"{table}\.{column}.*{words}"):
        load({**stored, table: {**stored[table], column: changed}}, tmp_path)


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
