"""The paper audit as a table: claims, what every reading gives, and a scenario to look at."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from qpsviz.paper.audit import Finding, audit
from qpsviz.scenario import Scenario
from qpsviz.session.controls.rows import to_page
from qpsviz.session.executor import Executor, Once
from qpsviz.session.plain_text import plain

if TYPE_CHECKING:
    from qpsviz.session.protocol.tabs import AuditRow, AuditTable, Loading
    from qpsviz.sim import Run

#: Readings in the words of the page: parameter or choice of the audit, and its values.
READING_WORDS = {
    "depol_convention": {"decibel": "decibel exponent", "printed": "printed exponent"},
    "fidelity_form": {"squared": "squared F", "root": "root F"},
    "memory_model": {"t1t2": "T₁ and T₂", "twirled": "Pauli-twirled"},
    "partner_noise": {"decays": "kept half decays", "perfect": "kept half perfect"},
    "relay_count": {"on each arm": "relays on each arm", "end to end": "relays end to end"},
    "late_payload": {"truncate": "late payload cut", "discard": "late frame dropped"},
    "dark_counts": {"receiver": "dark counts of the receiver", "detector": "dark counts of each detector"},
    "release": {"after_frame": "stored for a whole frame", "after_header": "stored until the header is read"},
    "eq2": {"floored": "Eq. 2 not below 0", "printed": "Eq. 2 as printed"},
    "waiting": {"for the header": "waits for the header", "for the port too": "waits for the port too"},
}
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
        "values": {name: to_page(value) for name, value in scenario.flat().items()},
        "linked": scenario.memory.times_are_equal,
    }


def _words(reading: Mapping[str, str]) -> str:
    return ", ".join(READING_WORDS[name][value] for name, value in reading.items()) or "the only reading"


def in_words(verdict: str) -> str:
    """A verdict with its conditions as a person reads them."""
    for name, words in READING_WORDS.items():
        for value, text in words.items():
            verdict = verdict.replace(f"{name} = {value}", text)
    return verdict
