"""The paper audit as a table: claims, what every reading gives, and a scenario to look at."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from qpsviz.paper.audit import Finding, audit
from qpsviz.paper.claims import READINGS
from qpsviz.scenario import Scenario
from qpsviz.scenario.declaration import in_json
from qpsviz.session.executor import Executor, Once
from qpsviz.session.plain_text import plain

if TYPE_CHECKING:
    from qpsviz.session.protocol.tabs import AuditRow, AuditTable, Loading
    from qpsviz.sim import Run

_findings = Once(audit)


def table(
    _scenario: Scenario, _run: Run | None, _question: Mapping[str, object], executor: Executor
) -> AuditTable | Loading:
    """Every claim of the paper with its verdict, or that they are still being measured.

    Returns
    -------
    dict
        ``loading``, or ``rows``: place, claim, expected and found in words, verdict, one line per reading, and what
        sets its scenario: its values, and whether T1 = T2 in it.
    """
    if not _findings.ready(executor):
        return {"loading": True}
    return {"rows": [row_of(finding) for finding in _findings.result()]}


def row_of(finding: Finding) -> AuditRow:
    """One claim as the page shows it."""
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
        "values": {name: in_json(value) for name, value in scenario.flat().items()},
        "linked": scenario.memory.times_are_equal,
    }


def _words(reading: Mapping[str, str]) -> str:
    return ", ".join(READINGS[name][value] for name, value in reading.items()) or "the only reading"


def in_words(verdict: str) -> str:
    """A verdict with its conditions as a person reads them."""
    for name, words in READINGS.items():
        for value, text in words.items():
            verdict = verdict.replace(f"{name} = {value}", text)
    return verdict
