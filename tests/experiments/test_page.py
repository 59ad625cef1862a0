"""The page about many runs does what it says."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pytest

from qpsviz.cli.parser import main

PAGE = Path(__file__).parents[2] / "docs" / "experiments.md"


def test_the_examples_give_what_the_page_shows() -> None:
    flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    failed, tried = doctest.testfile(str(PAGE), module_relative=False, optionflags=flags)
    assert (failed, tried > 4) == (0, True)


def test_the_command_runs_as_it_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (command,) = re.findall(r"```sh\nqpsviz (.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    words = command.replace("\\\n", " ").split()
    smaller = {"2000": "5", "nsfnet": "ring:4:5km", "load=0.1:0.9:9": "load=0.1:0.9:2", "5": "1", "all": "1"}
    assert main([smaller.get(word, word) for word in words]) == 0
    assert capsys.readouterr().err.endswith("wrote 4 points to curve.csv\n")
    assert (tmp_path / "points.nc").is_file()
