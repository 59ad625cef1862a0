"""The reference page is what the declarations say."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import qpsviz as qps

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
    format_page = (DOCS / "frame-format.md").read_text(encoding="utf-8")
    assert format_page == reference.format_page(format_page), "run .venv/bin/python docs/reference.py"
    assert set(reference.PART.findall(format_page)) == set(reference.FORMAT_PARTS)
