"""The paper audit: verdicts are computed, follow the numbers, and agree with the known tables."""

from __future__ import annotations

import itertools
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qpsviz import evaluate, preset
from qpsviz.paper.audit import Finding, audit, find
from qpsviz.paper.claims import cases
from qpsviz.paper.publications import publication
from qpsviz.paper.scenario_model import READINGS, measure, scenario_of

CLAIMS = {claim["id"]: claim for claim in publication().claims}
FINDINGS = {finding.claim["id"]: finding for finding in audit()}


def numbers(claim_id: str, **reading: str) -> tuple[float, ...]:
    """What one reading gives for a claim, the default of all that is not named."""
    for outcome in FINDINGS[claim_id].outcomes:
        words = {name: reading.get(name, next(iter(READINGS[name]))) for name in outcome.reading}
        if outcome.reading == words:
            return outcome.values
    raise AssertionError(reading)


@pytest.mark.parametrize(
    ("reading", "direct", "relays"),
    [
        ({}, 596.4, (344.7, 133.9, math.nan)),
        ({"relay_count": "end to end"}, 596.4, (460.7, 344.7, 229.0)),
        ({"depol_convention": "printed"}, 59.6, (34.5, 13.4, math.nan)),
        ({"fidelity_form": "root"}, math.nan, (math.nan,) * 3),
        ({"fidelity_form": "root", "depol_convention": "printed"}, math.nan, (math.nan,) * 3),
    ],
)
def test_the_crossings_of_one_half_are_those_of_every_reading_in_the_table(
    reading: dict[str, str], direct: float, relays: tuple[float, ...]
) -> None:
    """PHYSICS section 2, F = 0.5 crossings in km."""
    assert numbers("reach-direct", **reading) == pytest.approx((direct,), abs=0.06, nan_ok=True)
    assert numbers("reach-relays", **reading) == pytest.approx(relays, abs=0.2, nan_ok=True)


def test_the_senders_range_is_not_about_half_but_0_16_of_the_split_one() -> None:
    assert numbers("sender-half-reach") == pytest.approx((92.8 / 596.4, 61.4 / 344.7), abs=2e-4)
    assert FINDINGS["sender-half-reach"].verdict == "does not hold under any reading"


def test_the_550_km_of_fig_10_single_out_the_decibel_exponent_and_the_squared_fidelity() -> None:
    words = "holds only under depol_convention = decibel, fidelity_form = squared"
    assert FINDINGS["reach-direct"].verdict == words


@pytest.mark.parametrize(
    ("verdict", "claim_ids"),
    [
        ("holds", ["circuit", "fewer-with-relays", "loss-tolerant", "all-stored", "processing-proportional"]),
        (
            "does not hold under any reading",
            ["reach-all", "reach-relays", "sender-half-reach", "slowest-without-relays"],
        ),
    ],
)
def test_verdicts_of_claims_that_can_be_checked_by_hand(verdict: str, claim_ids: list[str]) -> None:
    assert {name: FINDINGS[name].verdict for name in claim_ids} == dict.fromkeys(claim_ids, verdict)


@pytest.mark.parametrize(
    ("claim_id", "verdict"),
    [
        ("retention", "holds only under late_payload = truncate"),
        ("fraction-in-range", "holds only under eq2 = floored"),
        ("shortest-dwell", "holds only under release = after_frame"),
        ("pass-through", "holds only under release = after_header"),
        ("longer-payload", "holds only under late_payload = truncate"),
    ],
)
def test_a_reading_that_decides_a_claim_is_named(claim_id: str, verdict: str) -> None:
    assert FINDINGS[claim_id].verdict == verdict


def test_storing_for_a_whole_frame_in_memories_of_half_a_millisecond_gives_less_key_than_dropping() -> None:
    """One relay keeps 0.4948 of the payload of an idle path; a dwell of 50 us alone makes 4.8 % errors."""
    assert all(v < 0 for v in numbers("storing-helps"))
    assert all(v > 0 for v in numbers("storing-helps", release="after_header"))
    waiting = numbers("storing-helps", release="after_header", waiting="for the port too")
    assert all(0 < w < v for w, v in zip(waiting, numbers("storing-helps", release="after_header"), strict=True))


@pytest.mark.parametrize("claim_id", [i for i, c in CLAIMS.items() if "expect" in c])
def test_another_number_in_a_claim_gives_another_verdict(claim_id: str) -> None:
    claim = CLAIMS[claim_id]
    found = find(claim)
    true_values = [v for v in found.outcomes[0].values if not math.isnan(v)]
    spread = max(true_values) - min(true_values)
    if found.verdict == "does not hold under any reading":
        fits = claim | {"expect": true_values[0], "tolerance": spread + 1e-9, "cases": [cases(claim)[0]]}
        assert find(fits).outcomes[0].holds
        assert find(fits).verdict.startswith("holds")
    else:
        assert find(claim | {"expect": claim["expect"] + 1e6 * claim["tolerance"] + 1e6}).verdict == (
            "does not hold under any reading"
        )


@pytest.mark.parametrize("claim_id", [i for i, c in CLAIMS.items() if ("at_least" in c) != ("at_most" in c)])
def test_another_bound_in_a_claim_gives_another_verdict(claim_id: str) -> None:
    claim, found = CLAIMS[claim_id], FINDINGS[claim_id]
    bound = "at_least" if "at_least" in claim else "at_most"
    impossible = math.inf if bound == "at_least" else -math.inf
    assert find(claim | {bound: impossible}).verdict == "does not hold under any reading"
    if not any(math.isnan(v) for o in found.outcomes for v in o.values):
        assert find(claim | {bound: -impossible}).verdict == "holds"


def test_a_changed_scenario_changes_the_number_measured() -> None:
    claim = CLAIMS["reach-direct"]
    halved = claim | {"set": {"n_relays": 0, "depol_per_km": 0.016}}
    assert measure(halved, {}, {}) == pytest.approx(measure(claim, {}, {}) / 2, rel=1e-9)


@pytest.mark.parametrize("claim_id", [i for i, c in CLAIMS.items() if len(c.get("readings", [])) < len(READINGS)])
def test_the_readings_that_a_claim_leaves_out_do_not_change_what_is_measured(claim_id: str) -> None:
    claim = CLAIMS[claim_id]
    left_out = [name for name in READINGS if name not in claim.get("readings", [])]
    if claim_id in (
        "better-per-hop",
        "similar-per-hop",
        "similar-per-hop-below",
        "sender-like-split",
        "half-is-useless",
        "half-is-useless-sender",
    ):
        left_out.remove("relay_count")  # their sentences count relays on one path, or stop at one
    case = cases(claim)[-1]
    usual = measure(claim, {}, case)
    for name, word in itertools.chain.from_iterable([(n, w) for w in READINGS[n]] for n in left_out):
        assert measure(claim, {name: word}, case) == pytest.approx(usual, rel=1e-9, nan_ok=True), (name, word)


def test_the_button_sets_the_scenario_of_a_reading() -> None:
    finding = FINDINGS["reach-relays"]
    printed = next(o for o in finding.outcomes if o.reading["depol_convention"] == "printed")
    scenario = finding.scenario(printed, case=1)
    assert scenario is not None
    assert (scenario.path.n_relays, scenario.fibre.depol_convention) == (2, "printed")
    assert evaluate(scenario, "entanglement_reach_km") == pytest.approx(13.4, abs=0.05)
    assert finding.scenario() == preset("fig10a").replace(n_relays=1)


@pytest.mark.parametrize("finding", audit(), ids=lambda f: f.claim["id"])
def test_a_row_says_everything_in_words_and_the_scenario_can_be_set(finding: Finding) -> None:
    row = finding.row()
    assert set(row) == {"id", "where", "claim", "expected", "found", "verdict"}
    assert all(row.values())
    assert row["where"].startswith("Section IV.")
    assert len(finding.readings()) == len(finding.outcomes)
    for case in range(len(cases(finding.claim))):
        scenario = finding.scenario(case=case)
        assert scenario is not None
        assert scenario.flat()


def test_no_verdict_is_written_in_the_data() -> None:
    assert all("verdict" not in claim and "holds" not in claim for claim in CLAIMS.values())


@given(
    st.sets(
        st.sampled_from(list(itertools.product(*(READINGS[n] for n in CLAIMS["sender-half-reach"]["readings"])))),
        min_size=1,
        max_size=31,
    )
)
def test_the_words_of_a_verdict_name_exactly_the_readings_that_hold(held: set[tuple[str, ...]]) -> None:
    outcomes = FINDINGS["sender-half-reach"].outcomes
    shuffled = [type(o)(reading=o.reading, values=o.values, holds=tuple(o.reading.values()) in held) for o in outcomes]
    words = Finding(claim=CLAIMS["sender-half-reach"], outcomes=tuple(shuffled), unit="1").verdict
    conditions = [
        dict(part.split(" = ") for part in condition.split(", "))
        for condition in words.removeprefix("holds only under ").split("; or ")
    ]
    for outcome in shuffled:
        assert outcome.holds == any(c.items() <= outcome.reading.items() for c in conditions)


CLAIM: dict[str, Any] = {
    "id": "x", "where": "here", "says": "so", "preset": "fig7", "output": "gain", "at_least": 0.0,
}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"verdict": "holds"}, r"unknown \['verdict'\]"),
        ({"measure": "guess"}, "measure is one of"),
        ({"compare": "sum"}, "compare one of"),
        ({"expect": 1.0}, "needs expect with tolerance"),
        ({"expect": 1.0, "tolerance": 0.1, "tolerance_percent": 1.0}, "needs expect with tolerance"),
        ({"tolerance": 0.1}, "needs expect with tolerance"),
        ({"expect": 1.0, "tolerance": 0.0}, "nothing but the number itself is near enough: tolerance = 0"),
        ({"expect": 0.0, "tolerance_percent": 1.0}, "nothing but the number itself is near enough"),
        ({"expect": 1.0, "error": 0.1, "within_errors": -3.0}, "nothing but the number itself is near enough"),
        ({"expect": 1.0, "tolerance": "small"}, "tolerance = 'small' is not a number"),
        ({"expect": 1.0, "within_errors": 3.0}, "its rule needs error in every case"),
        ({"expect": "one", "tolerance": 0.1}, "expect = 'one' is not a number"),
        ({"model": "crystal ball"}, "unknown model 'crystal ball'; models are scenario, bbm92"),
        ({"readings": ["depol"]}, r"unknown readings \['depol'\]"),
        ({"output": "gian"}, r"unknown output 'gian'; did you mean gain\?"),
        ({"preset": "fig77"}, "unknown preset"),
        ({"set": {"length_km": -1.0}}, "length_km = -1.0 must be"),
        ({"set": {"lenth_km": 1.0}}, "unknown parameter"),
    ],
)
def test_a_claim_that_cannot_be_measured_is_refused(change: dict[str, Any], named: str) -> None:
    assert find(CLAIM).verdict == "holds"
    with pytest.raises(ValueError, match=named):
        find(CLAIM | change)


def test_numbers_of_a_table_that_are_never_reached_are_said_to_be_never() -> None:
    claim = CLAIMS["reach-relays"]
    table: Any = {k: v for k, v in claim.items() if k != "expect"}
    table |= {"cases": [{"n_relays": n, "expect": km} for n, km in ((1, 344.7), (3, 50.0))], "tolerance": 1.0}
    found = find(table)
    assert found.found() == "1 of 2 are; 1 never"
    assert [point.holds for point in found.points()] == [True, False]
    assert found.distance(found.points()[1]) == "never"
    assert found.expected == "2 numbers, each within 1.00 km"


def test_a_stored_payload_of_the_paper_finds_every_port_free_unless_a_reading_says_otherwise() -> None:
    claim = CLAIMS["storing-helps"]
    case = cases(claim)[0]
    for waiting, p_free in (("for the header", 1.0), ("for the port too", 0.5)):
        opened = scenario_of(claim, {"waiting": waiting}, case)
        assert (opened.switch.discipline, opened.switch.p_free) == ("store", p_free)
        assert measure(claim, {"waiting": waiting}, case) == pytest.approx(
            evaluate(opened, "key_rate") - evaluate(opened.replace(discipline="burst", p_free=0.5), "key_rate")
        )
