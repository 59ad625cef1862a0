"""The rows of the paper audit as the page gets them."""

from __future__ import annotations

from typing import Any

import pytest

from qpsviz.errors import ParameterError
from qpsviz.paper.audit import find
from qpsviz.paper.publications import publication, publication_names
from qpsviz.paper.scenario_model import READINGS
from qpsviz.scenario import Scenario, parameters
from qpsviz.session.executor import Inline
from qpsviz.session.share_link import from_link, to_link
from qpsviz.session.tabs.audit import row_of, table


@pytest.mark.parametrize(("t2_us", "linked"), [(700.0, True), (900.0, False)])
def test_showing_a_row_keeps_t1_and_t2_together_where_they_are_equal(t2_us: float, linked: bool) -> None:
    claim = next(claim for claim in publication().claims if claim["id"] == "reach-direct")
    row = row_of(find({**claim, "set": {**claim.get("set", {}), "t1_us": 700.0, "t2_us": t2_us}}))
    assert row["linked"] is linked
    assert (row["values"]["t1_us"], row["values"]["t2_us"]) == (700.0, t2_us)


def test_a_reading_that_is_a_choice_has_the_values_of_the_choice_its_default_first() -> None:
    choices = {p.name: p.choices for p in parameters() if p.choices}
    flat = Scenario().flat()
    assert set(READINGS) & set(choices)
    for name in set(READINGS) & set(choices):
        assert set(READINGS[name]) == set(choices[name])
        assert next(iter(READINGS[name])) == flat[name]


@pytest.mark.slow
def test_a_publication_is_chosen_by_name_and_the_first_is_shown_where_none_is() -> None:
    first: Any = table(Scenario(), None, {}, Inline())
    second: Any = table(Scenario(), None, {"publication": "measured-bbm92-link"}, Inline())
    assert first["publications"] == second["publications"]
    assert [p["name"] for p in first["publications"]] == list(publication_names())
    assert (first["publication"], second["publication"]) == ("packet-switching", "measured-bbm92-link")
    assert first["comparison"] is None
    assert len(first["rows"]) == len(publication().claims)
    assert "2505.24851" in second["cited"]
    with pytest.raises(ParameterError, match="unknown publication 'nobody'"):
        table(Scenario(), None, {"publication": "nobody"}, Inline())
    with pytest.raises(ParameterError, match="must be a short text"):
        table(Scenario(), None, {"publication": 3}, Inline())


def test_a_claim_that_is_about_no_scenario_sets_none() -> None:
    rows: Any = table(Scenario(), None, {"publication": "measured-bbm92-link"}, Inline())
    assert {row["id"]: (row["values"], row["kind"]) for row in rows["rows"]}["raw-measured"] == (None, "fails")
    assert all(row["values"] is None and row["linked"] is False for row in rows["rows"])


def test_the_verdict_of_the_page_is_in_words_not_in_names() -> None:
    rows: Any = table(Scenario(), None, {"publication": "measured-bbm92-link"}, Inline())
    verdicts = {row["id"]: row["verdict"] for row in rows["rows"]}
    assert verdicts["raw-theory"] == "holds only under dark counts of a whole side, window from end to end"


@pytest.mark.parametrize("link", ["tab=audit&publication=measured-bbm92-link", "tab=audit"])
def test_a_link_says_which_publication_is_shown(link: str) -> None:
    _, state = from_link(link)
    assert state.get("publication") == (None if link == "tab=audit" else "measured-bbm92-link")
    assert to_link(Scenario(), state) == link


def test_a_link_to_an_unknown_publication_is_refused() -> None:
    with pytest.raises(ParameterError, match="publication = 'nobody' must be one of packet-switching"):
        from_link("publication=nobody")
