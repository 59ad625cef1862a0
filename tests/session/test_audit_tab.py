"""The rows of the paper audit as the page gets them."""

from __future__ import annotations

import pytest

from qpsviz.paper.audit import find
from qpsviz.paper.publications import publication
from qpsviz.paper.scenario_model import READINGS
from qpsviz.scenario import Scenario, parameters
from qpsviz.session.tabs.audit import row_of


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
