"""``qpsviz audit``: what a publication says, beside what is computed here."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Sequence

from qpsviz.cli.usage import Parser
from qpsviz.paper.audit import Finding, audit
from qpsviz.paper.comparison import Comparison, compare
from qpsviz.paper.publications import FIRST, publication, publication_names, publications


def add_audit(adder: argparse._SubParsersAction[Parser]) -> None:
    """Add the command to the ``qpsviz`` parser."""
    parser = adder.add_parser("audit", help="test the claims of a publication", allow_abbrev=False)
    parser.add_argument(
        "publication", nargs="?", default=FIRST, metavar="PUBLICATION", help=f"of {', '.join(publication_names())}"
    )
    parser.add_argument("--list", action="store_true", help="say which publications there are, and test none")
    parser.add_argument("--readings", action="store_true", help="also say what every reading of a claim gives")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(run=run_audit)


def run_audit(chosen: argparse.Namespace) -> None:
    """Measure every claim of a publication and print the verdicts."""
    if chosen.list:
        listed = {p.name: p.cited for p in publications()}
        print(json.dumps(listed, ensure_ascii=False) if chosen.json else "\n".join(_aligned(listed.items())))
        return
    told, findings = publication(chosen.publication), audit(chosen.publication)
    if chosen.json:
        rows = [finding.row() | {"readings": finding.readings()} for finding in findings]
        print(json.dumps({"publication": told.name, "cited": told.cited, "claims": rows}, ensure_ascii=False))
        return
    print(told.cited)
    for finding in findings:
        print(f"\n{finding.claim['id']}: {finding.verdict}")
        print("\n".join(f"  {line}" for line in _said(finding, readings=chosen.readings)))
    compared = compare(findings)
    if compared.rows:
        print("\n" + "\n".join(_numbers(compared)))


def _said(finding: Finding, *, readings: bool) -> list[str]:
    row = finding.row()
    lines = [f"{row['claim']} ({row['where']})", f"expected {row['expected']}; found {row['found']}"]
    if readings and len(finding.outcomes) > 1:
        for told in finding.readings():
            words = ", ".join(f"{k} = {v}" for k, v in told.items() if k not in ("found", "holds"))
            lines.append(f"{'holds' if told['holds'] == 'yes' else 'fails'} under {words}: {told['found']}")
    return lines


def _numbers(compared: Comparison) -> list[str]:
    """The published numbers beside ours, each column as wide as its longest cell."""
    rows = [("", "", "ours", *compared.columns)]
    for row in compared.rows:
        cells = ("" if c is None else f"{c.published} ({'' if c.holds else 'no: '}{c.distance})" for c in row.cells)
        rows.append((row.quantity, row.case, row.ours, *cells))
    return _aligned(rows)


def _aligned(rows: Iterable[Sequence[str]]) -> list[str]:
    kept = list(rows)
    widths = [max(map(len, column)) for column in zip(*kept, strict=True)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in kept]
