"""The audit of a publication as a table: its numbers beside ours, its claims, and a scenario to look at."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, partial
from typing import TYPE_CHECKING

from qpsviz.paper.audit import Finding, audit
from qpsviz.paper.comparison import Cell, compare
from qpsviz.paper.models import READING_TEXTS
from qpsviz.paper.publications import FIRST, publication, publications
from qpsviz.scenario import Scenario
from qpsviz.scenario.declaration import in_json
from qpsviz.session.executor import Executor, Once
from qpsviz.session.plain_text import plain
from qpsviz.session.requests import short_name

if TYPE_CHECKING:
    from qpsviz.session.protocol.tabs import AuditCell, AuditComparison, AuditRow, AuditTable, Loading
    from qpsviz.sim import Run


@cache
def _findings(name: str) -> Once[tuple[Finding, ...]]:
    return Once(partial(audit, name))


def table(
    _scenario: Scenario, _run: Run | None, question: Mapping[str, object], executor: Executor
) -> AuditTable | Loading:
    """Every claim of a publication with its verdict, or that they are still being measured.

    Returns
    -------
    dict
        ``loading``, or ``publications`` to choose from, the ``publication`` shown with what it is and where it is read,
        its numbers beside ours, and ``rows``: place, claim, expected and found in words, verdict, one line per reading,
        and what sets its scenario, if it has one: its values, and whether T1 = T2 in it.

    Raises
    ------
    ParameterError
        If there is no such publication.
    """
    chosen = publication(short_name("publication", question.get("publication", FIRST)))
    findings = _findings(chosen.name)
    if not findings.ready(executor):
        return {"loading": True}
    return {
        "publications": [{"name": p.name, "about": f"{p.about} ({p.year})"} for p in publications()],
        "publication": chosen.name,
        "cited": chosen.cited,
        "address": chosen.address,
        "part": chosen.part,
        "comparison": _comparison(findings.result()),
        "rows": [row_of(finding) for finding in findings.result()],
    }


def row_of(finding: Finding) -> AuditRow:
    """One claim as the page shows it; ``values`` are None where what is measured is no scenario."""
    holding = [outcome for outcome in finding.outcomes if outcome.holds]
    scenario = finding.scenario(holding[0] if holding else finding.outcomes[0])
    row = {name: plain(text) for name, text in finding.row().items()}
    return {
        "id": row["id"],
        "claim": row["claim"],
        "where": row["where"],
        "expected": row["expected"],
        "found": row["found"],
        "verdict": plain(in_words(finding.verdict)),
        "kind": "holds" if len(holding) == len(finding.outcomes) else "partly" if holding else "fails",
        "share": f"{len(holding)} of {len(finding.outcomes)}",
        "readings": [
            {"words": _words(o.reading), "found": plain(finding.found(o)), "holds": o.holds} for o in finding.outcomes
        ],
        "values": None if scenario is None else {name: in_json(value) for name, value in scenario.flat().items()},
        "linked": scenario is not None and scenario.memory.times_are_equal,
    }


def _words(reading: Mapping[str, str]) -> str:
    return ", ".join(READING_TEXTS[name][value] for name, value in reading.items()) or "the only reading"


def in_words(verdict: str) -> str:
    """A verdict with its conditions as a person reads them."""
    for name, words in READING_TEXTS.items():
        for value, text in words.items():
            verdict = verdict.replace(f"{name} = {value}", text)
    return verdict


def _comparison(findings: tuple[Finding, ...]) -> AuditComparison | None:
    """The numbers of a publication beside ours; nothing where it gives none case by case."""
    compared = compare(findings)
    if not compared.rows:
        return None
    return {
        "columns": list(compared.columns),
        "rows": [
            {
                "quantity": row.quantity,
                "case": row.case,
                "ours": row.ours,
                "cells": [None if cell is None else _cell(cell) for cell in row.cells],
            }
            for row in compared.rows
        ],
    }


def _cell(cell: Cell) -> AuditCell:
    return {"published": cell.published, "distance": cell.distance, "holds": cell.holds}
