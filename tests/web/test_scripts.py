"""Tests of the page's pure scripts, which Node runs, and what they compare with."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from qpsviz.sim.engine.chance import uniform

TESTS = Path(__file__).parent / "js"


@pytest.mark.skipif(shutil.which("node") is None, reason="no Node")
@pytest.mark.parametrize("file", sorted(TESTS.glob("*.test.js")), ids=lambda f: f.name)
def test_a_script_passes_its_own_tests(file: Path) -> None:
    command = ["node", "--test", "--test-reporter=tap", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    counts = {
        name: int(count) for name, count in re.findall(r"^# (pass|fail|skipped|todo) (\d+)$", done.stdout, re.MULTILINE)
    }
    assert counts.pop("pass") >= len(re.findall(r"^test\(", file.read_text(encoding="utf-8"), re.MULTILINE)) > 0
    assert counts == {"fail": 0, "skipped": 0, "todo": 0}


def test_the_luck_that_scripts_compare_with_is_the_kernels() -> None:
    draws = json.loads((TESTS / "luck.json").read_text(encoding="utf-8"))["draws"]
    assert [draw["luck"] for draw in draws] == [
        uniform(draw["key"], draw["frame"], draw["attempt"], draw["qubit"]) for draw in draws
    ]
