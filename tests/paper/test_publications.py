"""Publications as data files: what they must say, and how a broken one is refused."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

import pytest

from qpsviz.errors import ParameterError
from qpsviz.paper.audit import audit, find
from qpsviz.paper.claims import RULES
from qpsviz.paper.models import MODELS, READING_TEXTS
from qpsviz.paper.publications import FIRST, publication, publication_names, publications, read_publication

PAGE = Path(__file__).parents[2] / "docs" / "publications.md"
HEAD = """
[publication]
title = "On keys"
authors = ["A. Author", "B. Author"]
year = 2030
identifier = "doi:10.1/1"
address = "https://example.org"
about = "Keys"
part = "Table I"
"""
CLAIM = """
[[claim]]
id = "gain"
where = "Table I"
says = "All light arrives."
preset = "fig7"
output = "gain"
at_least = 0.0
"""


@pytest.mark.slow
def test_the_publication_that_the_package_explores_is_the_first_and_the_one_audited_by_default() -> None:
    assert publication_names()[0] == FIRST == publication().name
    assert audit()[0].claim["id"] == publication(FIRST).claims[0]["id"] == "circuit"


@pytest.mark.parametrize("name", publication_names())
def test_a_publication_says_who_wrote_what_and_where_it_is_read(name: str) -> None:
    told = publication(name)
    assert told.title in told.cited
    assert str(told.year) in told.cited
    assert told.identifier in told.cited
    assert told.address.startswith("https://")


def test_no_two_claims_of_all_publications_have_one_id() -> None:
    ids = [claim["id"] for told in publications() for claim in told.claims]
    assert len(set(ids)) == len(ids)


def test_no_two_models_have_a_reading_of_one_name() -> None:
    assert len(READING_TEXTS) == sum(len(model.readings) for model in MODELS.values())


@pytest.mark.parametrize("name", publication_names())
def test_no_verdict_is_written_in_a_data_file(name: str) -> None:
    assert all("verdict" not in claim and "holds" not in claim for claim in publication(name).claims)


def test_two_authors_are_both_named_and_of_more_the_first() -> None:
    two = read_publication("x", HEAD + CLAIM)
    one = read_publication("x", HEAD.replace(', "B. Author"', "") + CLAIM)
    assert two.cited == "A. Author and B. Author, “On keys” (2030), doi:10.1/1"
    assert one.cited.startswith("A. Author, ")


def test_a_claim_has_what_all_claims_of_its_file_share_and_its_own_part_goes_before_it() -> None:
    common = '[common]\nreadings = ["dark_counts"]\nset = { length_km = 10.0, n_relays = 0 }\n'
    own = CLAIM + "set = { n_relays = 1 }\n"
    (claim,) = read_publication("x", HEAD + common + own).claims
    assert claim["set"] == {"length_km": 10.0, "n_relays": 1}
    assert claim["readings"] == ["dark_counts"]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[[claim", "x: not a list of claims"),
        (CLAIM, "missing, unknown or of another kind: ['about', 'address', 'authors'"),
        (HEAD.replace("2030", '"2030"') + CLAIM, "of another kind: ['year']"),
        (HEAD + 'journal = "J"\n' + CLAIM, "of another kind: ['journal']"),
        (HEAD + "[verdicts]\n" + CLAIM, "unknown parts ['verdicts']"),
        (HEAD, "needs authors and claims"),
        (HEAD.replace('"A. Author", "B. Author"', "") + CLAIM, "needs authors and claims"),
        (HEAD + CLAIM + CLAIM, "every claim an id of its own"),
        (HEAD + '[[claim]]\nid = "y"', "claim 'y': missing"),
        (HEAD + CLAIM.replace("[[claim]]", "[claim]"), "claims are tables [[claim]]"),
        (HEAD + "common = 1\n" + CLAIM, "of another kind: ['common']"),
    ],
)
def test_a_broken_data_file_is_one_clear_error(text: str, named: str) -> None:
    assert read_publication("x", HEAD + CLAIM).claims
    with pytest.raises(ValueError, match=re.escape(named)):
        read_publication("x", text)


def test_an_unknown_publication_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(ParameterError, match=r"unknown publication 'paket-switching'; did you mean packet-switching\?"):
        audit("paket-switching")


def test_the_example_of_the_page_is_a_publication_whose_claims_hold() -> None:
    blocks = re.findall(r"```toml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    told = read_publication("example", "\n".join(map(textwrap.dedent, blocks)))
    assert [find(claim).verdict for claim in told.claims] == ["holds", "holds"]


def test_the_page_names_every_part_that_a_claim_may_have() -> None:
    text = PAGE.read_text(encoding="utf-8")
    parts = set().union(*(set(model.required) | set(model.optional) for model in MODELS.values()), RULES)
    words = {word for model in MODELS.values() for words in model.words.values() for word in words if word}
    assert {name for name in parts | words | set(MODELS) if f"`{name}`" not in text} == set()
