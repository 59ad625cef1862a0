"""A notebook places views, and nothing else; a lesson asks a question."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import nbformat
import pytest

CODE_CELLS = 7
NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))


def beyond_placing(source: str) -> list[str]:
    """What a notebook cell does other than import qpsviz, pick and show."""
    if re.search(r"^\s*[%!]", source, re.MULTILINE):
        return ["a magic or shell line"]
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef):
            found.append("a definition")
        elif isinstance(node, ast.BinOp) and not isinstance(node.op, ast.BitOr | ast.BitAnd):
            found.append("arithmetic")
        elif isinstance(node, ast.Import | ast.ImportFrom):
            modules = [a.name for a in node.names] if isinstance(node, ast.Import) else [node.module or ""]
            found += [f"import {m}" for m in modules if m.split(".")[0] != "qpsviz"]
    return found


@pytest.mark.parametrize(
    "breach",
    [
        "%matplotlib inline",
        "double = lambda x: x",
        "length_km = 2 * 40",
        "import sys",
    ],
)
def test_more_than_placing_is_found(breach: str) -> None:
    assert beyond_placing(breach) != []


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda f: f.name)
def test_a_notebook_only_places_views_and_is_committed_without_outputs(notebook: Path) -> None:
    content = nbformat.read(notebook, as_version=4)
    cells = [cell for cell in content.cells if cell.cell_type == "code"]
    assert [cell.source for cell in cells if cell.outputs or cell.execution_count is not None] == []
    assert len(cells) <= CODE_CELLS
    assert {cell.source: beyond_placing(cell.source) for cell in cells if beyond_placing(cell.source)} == {}
    assert content.metadata["voila"]["template"] == "qpsviz"


@pytest.mark.parametrize("notebook", [n for n in NOTEBOOKS if n.name[0].isdigit()], ids=lambda f: f.name)
def test_the_title_of_a_lesson_is_a_question(notebook: Path) -> None:
    first = nbformat.read(notebook, as_version=4).cells[0]
    assert first.cell_type == "markdown"
    assert re.match(r"# .+\?$", first.source.splitlines()[0]), first.source.splitlines()[0]
