"""The page about many runs does what it says."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pytest

from qpsviz.cli import load_study
from qpsviz.cli.parser import main
from qpsviz.experiments import USUAL, VARIANTS

PAGE = Path(__file__).parents[2] / "docs" / "experiments.md"


def test_the_examples_give_what_the_page_shows() -> None:
    flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    failed, tried = doctest.testfile(str(PAGE), module_relative=False, optionflags=flags)
    assert (failed, tried > 4) == (0, True)


def test_the_command_runs_as_it_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    command = re.findall(r"```sh\nqpsviz (.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)[0]
    words = command.replace("\\\n", " ").split()
    smaller = {"2000": "5", "nsfnet": "ring:4:5km", "load=0.1:0.9:9": "load=0.1:0.9:2", "5": "1", "all": "1"}
    assert main([smaller.get(word, word) for word in words]) == 0
    assert capsys.readouterr().err.endswith("wrote 4 points to curve.csv\n")
    assert (tmp_path / "points.nc").is_file()


def test_the_command_of_a_load_study_runs_as_it_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    command = re.findall(r"```sh\nqpsviz (.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)[1]
    smaller = {"4000": "60", "ring:16:10km": "ring:4:5km", "0.1:0.9:5": "0.2,0.4", "5": "4"}
    words = [smaller.get(word, word) for word in command.split()]
    assert main([*words, "--disciplines", "store,circuit_blocked", "--quiet"]) == 0
    rows = (tmp_path / "curves.csv").read_text(encoding="utf-8").splitlines()
    assert rows[0].startswith("discipline,load,throughput_qubits_hz,throughput_qubits_hz_lo,")
    assert [row.split(",")[:2] for row in rows[1:]] == [
        ["store", "0.2"], ["store", "0.4"], ["circuit_blocked", "0.2"], ["circuit_blocked", "0.4"]
    ]  # fmt: skip
    assert "per second than" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        ([], "load-study needs --network"),
        (["--network", "ring:4:5km", "--load", "0.5"], "write --loads"),
        (["--network", "ring:4:5km", "--loads", "much"], "much"),
        (["--network", "ring:4:5km", "--out", "a.txt"], "must end in .csv"),
        (["--network", "ring:4:5km", "--store", "a.txt"], "must end in .nc"),
        (["--network", "ring:4:5km", "--disciplines", "packet"], "'packet', which is none of"),
    ],
)
def test_a_load_study_that_cannot_be_run_is_refused(
    more: list[str], fault: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["load-study", *more]) == 2
    assert fault in capsys.readouterr().err


def test_the_command_knows_every_discipline() -> None:
    assert set(VARIANTS) == set(load_study.DISCIPLINES)
    assert load_study.USUAL == USUAL
