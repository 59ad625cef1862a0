"""Every notebook runs from its first cell to its last, in a kernel of its own."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from traitlets.config import Config

NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda f: f.name)
def test_a_notebook_runs_to_its_end_without_an_error_or_a_warning(notebook: Path) -> None:
    content = nbformat.read(notebook, as_version=4)
    place = {"metadata": {"path": str(notebook.parent)}}
    with tempfile.TemporaryDirectory(prefix="qps") as folder:  # where the kernel's sockets live and are cleared away
        ipc = {"transport": "ipc", "ip": f"{folder}/kernel"}
        config = Config(KernelManager={"transport": "tcp"} if sys.platform == "win32" else ipc)
        NotebookClient(content, kernel_name="python3", timeout=120, resources=place, config=config).execute()
    outputs = [output for cell in content.cells for output in cell.get("outputs", [])]
    assert [o.text for o in outputs if o.output_type == "stream" and o.name == "stderr"] == []
    assert any("application/vnd.jupyter.widget-view+json" in o.get("data", {}) for o in outputs)
