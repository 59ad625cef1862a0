"""The reference page is what the declarations say."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import qpsviz as qps
from qpsviz.noise.storage import STORAGES

DOCS = Path(__file__).parents[1] / "docs"


def test_the_reference_is_written_anew_whenever_a_declaration_changes() -> None:
    spec = importlib.util.spec_from_file_location("reference", DOCS / "reference.py")
    assert spec is not None
    assert spec.loader is not None
    reference = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(reference)
    written = (DOCS / "reference.md").read_text(encoding="utf-8")
    assert written == reference.page(), "run .venv/bin/python docs/reference.py"
    assert all(f"| `{p.name}` |" in written for p in (*qps.parameters(), *qps.outputs()))
    assert "`qpsviz frame decode`" in written
    pages = [(DOCS / name).read_text(encoding="utf-8") for name in reference.PAGES_WITH_PARTS]
    for page in pages:
        assert page == reference.with_parts(page), "run .venv/bin/python docs/reference.py"
    assert {part for page in pages for part in reference.PART.findall(page)} == set(reference.PARTS)
    assert all(f"| `{word}` |" in pages[-1] for word in STORAGES)
