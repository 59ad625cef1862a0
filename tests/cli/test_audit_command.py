"""`qpsviz audit`: the verdicts that the library gives."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from qpsviz.cli.parser import main
from qpsviz.paper.audit import audit
from qpsviz.paper.publications import publication_names, publications

LINK = "measured-bbm92-link"


@pytest.mark.slow
@pytest.mark.parametrize("name", publication_names())
def test_every_claim_is_printed_with_its_verdict(name: str, capsys: Any) -> None:
    assert main(["audit", name]) == 0
    lines = capsys.readouterr().out.splitlines()
    for finding in audit(name):
        assert f"{finding.claim['id']}: {finding.verdict}" in lines


@pytest.mark.slow
def test_without_a_name_the_first_publication_is_audited(capsys: Any) -> None:
    assert main(["audit", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["publication"] == "packet-switching"
    assert [claim["verdict"] for claim in told["claims"]] == [finding.verdict for finding in audit()]
    assert [len(claim["readings"]) for claim in told["claims"]] == [len(finding.outcomes) for finding in audit()]


def test_the_numbers_of_the_measured_link_are_printed_beside_ours_and_what_does_not_hold_says_no(capsys: Any) -> None:
    assert main(["audit", LINK]) == 0
    (line,) = [x for x in capsys.readouterr().out.splitlines() if x.startswith("Raw key") and "window 4.55 ns" in x]
    assert re.split(" {2,}", line) == [
        "Raw key",
        "window 4.55 ns",
        "1080 bit/s",
        "1051 ± 8.7 bit/s (no: 3.31 standard errors, +2.7 %)",
        "1080 bit/s (less than 0.001 %)",
    ]


def test_every_reading_is_printed_where_asked(capsys: Any) -> None:
    assert main(["audit", LINK, "--readings"]) == 0
    out = capsys.readouterr().out
    assert out.count("holds under dark_counts_are = of a side, window_is = whole: ") == 6
    assert out.count("fails under ") == sum(not o.holds for finding in audit(LINK) for o in finding.outcomes)


def test_publications_are_listed_with_what_they_are(capsys: Any) -> None:
    assert main(["audit", "--list", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {p.name: p.cited for p in publications()}
    assert main(["audit", "--list"]) == 0
    assert capsys.readouterr().out.splitlines()[1].startswith(f"{LINK}  Michelle Chalupnik et al., ")


def test_an_unknown_publication_is_one_line_that_names_those_there_are(capsys: Any) -> None:
    assert main(["audit", "measured-bbm92-lnk"]) == 2
    line = capsys.readouterr().err
    assert "did you mean measured-bbm92-link?" in line
    assert len(line.splitlines()) == 1
