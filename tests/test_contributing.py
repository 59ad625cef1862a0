"""What contributors read names files and folders that are there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = ("CONTRIBUTING.md", "docs/architecture.md", "docs/recipes.md")
PLACES = ("qpsviz", "tests", "docs", "contrib", "notebooks", "benchmarks", ".ci", ".github")
FILE = re.compile(r"(?<![\w<>.*/-])[\w./-]*\w\.(?:py|js|d\.ts|css|md|toml|lua|json|ipynb)\b(?![\w<>*])")
FOLDER = re.compile(r"`([\w./-]+)/`")
#: What is made on first use, or by who follows a recipe.
TO_MAKE = {"notebooks/NN-title.ipynb", "node_modules"}


def there() -> list[str]:
    """Paths of all files and folders of the project, from its root."""
    found = [path for place in PLACES for path in (ROOT / place).rglob("*")]
    return [f"/{path.relative_to(ROOT).as_posix()}" for path in [*ROOT.iterdir(), *found]]


def missing(text: str, paths: list[str]) -> list[str]:
    """Files and folders that a text names and that are nowhere: a name may leave out the folders before it."""
    named = {name.removeprefix("../") for name in [*FILE.findall(text), *FOLDER.findall(text)]}
    return [name for name in sorted(named - TO_MAKE) if not any(path.endswith(f"/{name}") for path in paths)]


def test_a_file_that_is_not_there_is_found() -> None:
    paths = ["/qpsviz/sim/runner.py", "/qpsviz/sim"]
    assert missing("`sim/runner.py` and runner.py in `sim/`; `sim/<name>.py`, `test_<name>.py`", paths) == []
    assert missing("`sim/walker.py`, gone.js and `hall/`", paths) == ["gone.js", "hall", "sim/walker.py"]


@pytest.mark.parametrize("document", PAGES)
def test_every_file_that_a_page_for_contributors_names_is_there(document: str) -> None:
    text = (ROOT / document).read_text(encoding="utf-8")
    assert len(FILE.findall(text)) > 10
    assert missing(text, there()) == []


def test_every_slow_file_is_there() -> None:
    names = (ROOT / "tests" / "slow.txt").read_text(encoding="utf-8").splitlines()
    assert names == sorted(set(names))
    assert [name for name in names if not (ROOT / name).exists()] == []
