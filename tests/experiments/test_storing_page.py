"""The page about storing says what the functions give."""

from __future__ import annotations

import doctest
import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

PAGE = Path(__file__).parents[2] / "docs" / "storing.md"


@pytest.fixture(scope="module")
def script() -> ModuleType:
    """The script that writes the tables."""
    spec = importlib.util.spec_from_file_location("storing", PAGE.with_suffix(".py"))
    assert spec is not None
    assert spec.loader is not None
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


def test_the_examples_give_what_the_page_shows() -> None:
    failed, tried = doctest.testfile(str(PAGE), module_relative=False, optionflags=doctest.NORMALIZE_WHITESPACE)
    assert (failed, tried > 4) == (0, True)


def test_the_table_of_memories_is_what_the_script_writes(script: ModuleType) -> None:
    page = PAGE.read_text(encoding="utf-8")
    parts = dict(script.PART.findall(page))
    assert parts["good enough"] == script.good_enough(), "run .venv/bin/python docs/storing.py --quick"


@pytest.mark.slow
def test_a_row_of_the_table_of_cut_offs_is_what_the_script_writes(script: ModuleType) -> None:
    curves = script.study(loads=[0.9], storages=["t1t2"])
    page = PAGE.read_text(encoding="utf-8")
    assert f"| 0.9 ({curves.max_load[0]:.2f}) | memory | {script.row(curves, 't1t2', 0)} |" in page


def test_what_the_page_says_of_the_follow_up_paper_is_what_its_table_says() -> None:
    cells = re.findall(r"^\| ([\d.]+) \([\d.]+\) \| (\w+) \| (.*) \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    found = {}
    for load, storage, rest in cells:
        none, _, best, gain = rest.split(" | ")
        found[storage, float(load)] = [tuple(map(float, re.findall(r"[\d.]+", cell))) for cell in (none, best, gain)]
    assert len(found) == 10
    for (storage, load), (none, best, gain) in found.items():
        assert best[1] > 1, "with the best cut-off both give more than bursts"
        assert (gain[1] > 1.05) == (load >= 0.5), "cut-offs help significantly, from load 0.5 on"
        if storage == "fibre":
            assert (none[1] > 1) == (load <= 0.3), "delay lines without a cut-off help only sometimes"
            assert (none[2] < 1) == (load >= 0.7)
