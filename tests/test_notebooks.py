"""Every notebook runs from its first cell to its last, in a kernel of its own."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda f: f.name)
def test_a_notebook_runs_to_its_end_without_an_error_or_a_warning(notebook: Path) -> None:
    content = nbformat.read(notebook, as_version=4)
    place = {"metadata": {"path": str(notebook.parent)}}
    NotebookClient(content, timeout=120, resources=place, shutdown_kernel="immediate").execute()
    outputs = [output for cell in content.cells for output in cell.get("outputs", [])]
    assert [o.text for o in outputs if o.output_type == "stream" and o.name == "stderr"] == []


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda f: f.name)
def test_words_of_a_notebook_hold_no_raw_symbol_and_its_python_fits_the_page(notebook: Path) -> None:
    cells = nbformat.read(notebook, as_version=4).cells
    prose = [re.sub(r"\$[^$]*\$|`[^`]*`", "", c.source.replace("$$", "$")) for c in cells if c.cell_type == "markdown"]
    prose += [text for c in cells if c.cell_type == "code" for text in re.findall(r'(?:text|hint)="([^"]*)"', c.source)]
    assert [found for text in prose for found in re.findall(r"\b[TpeL]_\w", text)] == []
    shown = [c for c in cells if "python" in c.metadata.get("tags", [])]
    assert [line for c in shown for line in c.source.splitlines() if len(line) > 80] == []
