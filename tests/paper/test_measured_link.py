"""The measured BBM92 link as an audited publication: our numbers to its two columns, and verdicts that follow them."""

from __future__ import annotations

from typing import Any

import pytest

from qpsviz.paper.audit import audit, find
from qpsviz.paper.claims import Case, Claim
from qpsviz.paper.comparison import compare
from qpsviz.paper.publications import publication

NAME = "measured-bbm92-link"
CLAIMS = {claim["id"]: claim for claim in publication(NAME).claims}
FINDINGS = {finding.claim["id"]: finding for finding in audit(NAME)}
KINDS = ("raw", "error", "key")


def with_cases(claim: Claim, change: Any) -> Claim:
    """A claim with every case changed."""
    changed: list[Case] = [change(dict(case)) for case in claim["cases"]]
    return claim | {"cases": changed}


@pytest.mark.parametrize("kind", KINDS)
def test_our_numbers_are_those_that_the_authors_compute_to_a_hundred_thousandth(kind: str) -> None:
    points = FINDINGS[f"{kind}-theory"].points()
    assert len(points) == 5
    for point in points:
        assert point.found == pytest.approx(point.expected, rel=2e-5)


@pytest.mark.parametrize(("kind", "farthest"), [("raw", 3.31), ("error", 1.55), ("key", 2.10)])
def test_our_numbers_are_within_so_many_standard_errors_of_what_was_measured(kind: str, farthest: float) -> None:
    found = [point.n_errors for point in FINDINGS[f"{kind}-measured"].points()]
    assert max(found) == pytest.approx(farthest, abs=0.006)


def test_the_raw_key_that_was_measured_is_farther_than_three_standard_errors_at_two_windows() -> None:
    """888.4 of an expected 912.9 with an error of 8.0, and 1051.3 of 1080.1 with an error of 8.7."""
    finding = FINDINGS["raw-measured"]
    assert [point.holds for point in finding.points()] == [True, True, False, False, True]
    assert finding.verdict == "does not hold under any reading"
    assert finding.found() == "3 of 5 are; the farthest is 3.31 standard errors away"


@pytest.mark.parametrize("kind", KINDS)
def test_the_theory_singles_out_dark_counts_of_a_side_and_whole_windows(kind: str) -> None:
    words = "holds only under dark_counts_are = of a side, window_is = whole"
    assert FINDINGS[f"{kind}-theory"].verdict == words


@pytest.mark.parametrize("claim_id", [i for i, claim in CLAIMS.items() if "cases" in claim])
def test_one_wrong_number_in_a_table_changes_its_verdict(claim_id: str) -> None:
    claim = CLAIMS[claim_id]
    true = {"expect": [point.found for point in FINDINGS[claim_id].points()]}
    ours = iter(true["expect"])
    right = with_cases(claim, lambda case: case | {"expect": next(ours)})
    assert find(right).outcomes[0].holds
    wrong = [dict(case) for case in right["cases"]]
    wrong[3]["expect"] = 1.5 * float(true["expect"][3])
    assert not find(claim | {"cases": wrong}).outcomes[0].holds
    assert [point.holds for point in find(claim | {"cases": wrong}).points()] == [True, True, True, False, True]


@pytest.mark.parametrize(
    "change", [{"pair_hz": 1.4e6}, {"dark_b_hz": 18_000.0}, {"p_wrong": 0.02}, {"loss_a_db": 12.5}]
)
def test_another_parameter_of_the_link_changes_the_verdict_of_the_theory(change: dict[str, float]) -> None:
    claim = CLAIMS["key-theory"]
    assert find(claim | {"set": claim["set"] | change}).verdict == "does not hold under any reading"


def test_larger_errors_and_wider_rules_make_the_raw_key_hold() -> None:
    claim = CLAIMS["raw-measured"]
    assert find(claim | {"within_errors": 4.0}).outcomes[0].holds
    assert find(with_cases(claim, lambda case: case | {"error": 10.0})).outcomes[0].holds
    percent = {k: v for k, v in claim.items() if k != "within_errors"} | {"tolerance_percent": 3.0}
    assert find(percent).outcomes[0].holds  # type: ignore[arg-type]
    assert not find(percent | {"tolerance_percent": 2.0}).outcomes[0].holds  # type: ignore[arg-type]


def test_the_window_with_most_key_is_found_not_assumed() -> None:
    claim = CLAIMS["best-window"]
    assert FINDINGS["best-window"].verdict == "holds only under window_is = whole"
    narrow = claim | {"axis": {"window_us": [1e-4, 2e-4]}}
    assert find(narrow).outcomes[0].values == (2e-4,)
    assert not find(narrow).outcomes[0].holds


def test_every_published_number_stands_beside_ours_in_one_table() -> None:
    table = compare(audit(NAME))
    assert table.columns == ("measured", "theory")
    assert [row.case for row in table.rows[:5]] == [f"window {w} ns" for w in ("0.491", "1.03", "1.97", "4.55", "9.55")]
    assert [row.quantity for row in table.rows[::5]] == ["Raw key", "Error rate", "Secret key"]
    measured, theory = table.rows[3].cells
    assert measured is not None
    assert theory is not None
    assert (table.rows[3].ours, measured.published) == ("1080 bit/s", "1051 ± 8.7 bit/s")
    assert (measured.distance, measured.holds) == ("3.31 standard errors, +2.7 %", False)
    assert (theory.published, theory.holds) == ("1080 bit/s", True)


@pytest.mark.slow
def test_a_publication_without_columns_has_no_such_table() -> None:
    assert compare(audit()).rows == ()


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"output": "qbre"}, r"unknown output 'qbre'; .*; did you mean qber\?"),
        ({"readings": ["release"]}, r"unknown readings \['release'\]"),
        ({"preset": "fig7"}, r"unknown \['preset'\]"),
        ({"measure": "drop"}, "measure is one of"),
        ({"set": {"pair_hz": 1e6}}, "missing or unknown: .*'loss_a_db'"),
        ({"cases": [{"window_us": 1e-3, "windows": 2, "expect": 1.0}]}, r"missing or unknown: \['windows'\]"),
        ({"cases": [{"window_us": "wide", "expect": 1.0}]}, "window_us = 'wide' is not a number"),
        ({"cases": [{"window_us": -1.0, "expect": 1.0}]}, "window_us = -1 is outside"),
        ({"cases": [{"window_us": 1e-3}, {"window_us": 1e-3, "expect": 1.0}]}, "needs expect with tolerance"),
    ],
)
def test_a_claim_about_a_link_that_cannot_be_measured_is_refused(change: dict[str, Any], named: str) -> None:
    claim: Any = CLAIMS["raw-theory"]
    with pytest.raises(ValueError, match=named):
        find(claim | change)
