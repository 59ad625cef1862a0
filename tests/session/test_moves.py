"""A page's state belongs to its session: what moves do to it, and what two views of one page may expect."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

import qpsviz as qps
from qpsviz.session import share_link as share
from qpsviz.session.moves import PageState, moved
from qpsviz.session.tabs.declared import TABS
from qpsviz.widgets import Page

Ask = Callable[..., tuple[dict[str, Any], list[Any]]]
Move = Callable[..., dict[str, Any]]
FIRST = qps.preset("first")


def after(*moves: dict[str, Any], state: PageState | None = None) -> PageState:
    """The state after some moves of the opening state."""
    state = state or PageState(scenario=FIRST, tab="curves")
    for move in moves:
        state, _ = moved(state, move, TABS)
    return state


def times(state: PageState) -> tuple[float, float, bool]:
    """T1, T2, and whether they are kept equal."""
    return state.scenario.memory.t1_us, state.scenario.memory.t2_us, state.linked


def test_the_first_of_link_preset_typed_and_slider_counts() -> None:
    move: dict[str, Any] = {"values": {"length_km": 10.0, "n_relays": 1}, "typed": {"name": "length_km", "text": "20"}}
    assert after(move).scenario == FIRST.replace(length_km=20.0, n_relays=1)
    move["preset"] = "fig7"
    assert after(move).scenario == qps.preset("fig7")
    move["link"] = "length_km=30&linked=true"
    assert after(move).scenario == qps.Scenario().replace(length_km=30.0)


@pytest.mark.parametrize(
    ("moves", "expected"),
    [
        ([{"values": {"t1_us": 50.0}}], (50.0, 50.0, True)),
        ([{"values": {"t2_us": 50.0}}], (50.0, 50.0, True)),
        ([{"typed": {"name": "t2_us", "text": "1 ms"}}], (1000.0, 1000.0, True)),
        ([{"linked": False}, {"values": {"t1_us": 1500.0}}], (1500.0, 2000.0, False)),
        ([{"linked": False}, {"values": {"t2_us": 50.0}}, {"linked": True}], (2000.0, 2000.0, True)),
        ([{"values": {"t1_us": 900.0, "t2_us": 300.0}}], (900.0, 300.0, False)),
        ([{"linked": False, "values": {"t1_us": 900.0, "t2_us": 900.0}}], (900.0, 900.0, False)),
        ([{"preset": "first"}], (2000.0, 2000.0, True)),
        ([{"link": "t1_us=900&t2_us=300&linked=true"}], (900.0, 300.0, False)),
        ([{"link": "t1_us=900&t2_us=900&linked=false"}], (900.0, 900.0, False)),
        ([{"linked": False}, {"link": "t1_us=900&t2_us=900"}], (900.0, 900.0, True)),
    ],
)
def test_equal_times_stay_equal_until_somebody_sets_them_apart(
    moves: list[dict[str, Any]], expected: tuple[float, float, bool]
) -> None:
    assert times(after(*moves)) == expected


def test_a_time_that_is_refused_is_refused_beside_the_slider_that_moved(opened: Page, move: Move) -> None:
    move(opened, linked=False)
    error = move(opened, values={"t1_us": 12.0})["error"]
    assert error == {"name": "t1_us", "message": "12 µs is too short: T₂ = 2 ms may be at most 2·T₁"}
    error = move(opened, values={"t2_us": 1e5})["error"]
    assert (error["name"], error["message"]) == ("t2_us", "100000 exceeds 2·T₁ = 4000")
    assert opened.scenario == FIRST


def moves_of(view: str, *moves: tuple[int, dict[str, Any]]) -> dict[str, Any]:
    """A request of one view, with all that it has no answer to."""
    return {"view": view, "moves": [{"revision": revision, **move} for revision, move in moves]}


def test_two_views_of_a_page_add_up_and_neither_undoes_the_other(opened: Page, kernel: ThreadPoolExecutor) -> None:
    def send(request: dict[str, Any]) -> None:
        kernel.submit(setattr, opened, "request", request).result()

    one, other = (1, {"values": {"length_km": 81.0}}), (1, {"values": {"n_relays": 5}})
    send(moves_of("a", one))
    send(moves_of("b", other))
    assert opened.scenario == FIRST.replace(length_km=81.0, n_relays=5)
    send(moves_of("b", other, (2, {"values": {"length_km": 90.0}})))
    send(moves_of("a", one, (2, {"typed": {"name": "p_free", "text": "1"}})))
    assert opened.scenario == FIRST.replace(length_km=90.0, n_relays=5, p_free=1.0), "an answered move was taken again"
    assert (opened.answer["revisions"]["a"], opened.answer["revisions"]["b"]) == (2, 2)
    send(moves_of("a", (3, {"values": {"p_free": 2.0}})))
    assert opened.answer["view"] == "a"
    assert opened.answer["error"]["name"] == "p_free"
    assert opened.answer["revisions"]["a"] == 3
    send(moves_of("b", (3, {"values": {"guard_us": 90.0}})))
    assert (opened.answer["view"], opened.answer["error"]) == ("b", None)


def test_a_move_that_was_overtaken_on_its_way_is_not_lost(opened: Page, move: Move) -> None:
    waiting = [(1, {"preset": "fig7"}), (2, {"values": {"length_km": 33.0}}), (3, {"tab": "budget"})]
    answer = move(opened, **moves_of("late", *waiting))
    assert opened.scenario == qps.preset("fig7").replace(length_km=33.0)
    assert answer["tab"] == "budget"
    assert answer["revisions"]["late"] == 3


def test_answers_to_questions_carry_who_asked(opened: Page, answers: Ask) -> None:
    assert answers(opened, "link", asker="one")[0]["asker"] == "one"
    assert answers(opened, "tab", asker="two", tab="attic")[0]["asker"] == "two"


STATE = {
    "tab": "curves",
    "linked": False,
    "seed": 7,
    "pins": {"fidelity": qps.preset("fig10b"), "key_rate": FIRST},
    "cursor": 12.5,
    "relay": 2,
    "theme": "dark",
    "dots": "slots",
}


def test_a_link_holds_everything_and_a_page_opens_it(opened: Page, move: Move) -> None:
    scenario = FIRST.replace(t2_us=321.0)
    link = share.to_link(scenario, STATE)
    assert share.from_link(link) == (scenario, STATE)
    answer = move(opened, link=link)
    assert opened.scenario == scenario
    assert (answer["tab"], answer["linked"], answer["seed"]) == ("curves", False, 7)
    assert answer["own"] == {"cursor": 12.5, "relay": 2, "theme": "dark", "dots": "slots"}
    assert set(opened.pins) == {"fidelity", "key_rate"}
    beside = {k: v for k, v in STATE.items() if k not in answer["own"]}
    assert share.from_link(answer["link"]) == (scenario, beside), "the address would say something else than the page"
    assert opened.run["scene"] == answer["scene"]
    seventh = np.frombuffer(opened.run["legs"]["p0"]["data"])
    np.testing.assert_array_equal(seventh, qps.simulate(scenario, seed=7).legs["payload_out_us"])


def test_a_link_with_every_figure_pinned_is_short_enough() -> None:
    longest = qps.Scenario().replace(
        **{p.name: p.lo + 1 / 3 for p in qps.parameters() if p.kind == "number" and p.hi > 1}
    )
    pins = dict.fromkeys(("key_rate", "fidelity", "fidelity_t"), longest)
    link = share.to_link(longest, {**STATE, "pins": pins})
    assert len(link) <= share.LONGEST_LINK
    assert share.from_link(link)[1]["pins"] == pins


@pytest.mark.parametrize(
    ("link", "words"),
    [
        ("tab=attic", "must be one of"),
        ("linked=perhaps", "must be one of true, false"),
        ("seed=-1", "whole number"),
        ("seed=1e3", "whole number"),
        ("seed=" + "9" * 30, "whole number"),
        ("cursor=nan", "a time in the run"),
        ("cursor=-1", "a time in the run"),
        ("cursor=soon", "a time in the run"),
        ("relay=0", "whole number from 1"),
        ("relay=²", "whole number from 1"),
        ("theme=plaid", "must be one of"),
        ("dots=squares", "must be one of photons, slots"),
        ("pin=attic?length_km=1", "no figure 'attic'"),
        ("pin=fidelity%3Flength_km%3Dfar", "'far'"),
        ("pin=fidelity%3Fpin%3Dfidelity", "unknown parameter 'pin'"),
        ("&".join(["length_km=1"] * 300), "not a qpsviz state"),
    ],
)
def test_a_link_is_refused_with_a_reason(opened: Page, move: Move, link: str, words: str) -> None:
    error = move(opened, link=link)["error"]
    assert words in error["message"]
    assert opened.scenario == FIRST


def test_a_pinned_curve_is_the_curve_of_its_own_scenario(opened: Page, move: Move) -> None:
    move(opened, link=share.to_link(FIRST, {}))
    move(opened, pin={"figure": "fidelity", "on": True})
    move(opened, preset="fig10b")
    assert opened.answer["link"].count("pin=fidelity") == 1
    x, y = (np.frombuffer(opened.pins["fidelity"][c]["data"], "<f4") for c in "xy")
    at = int(np.argmin(abs(x - 100.0)))
    assert y[at] == pytest.approx(qps.evaluate(FIRST.replace(length_km=float(x[at])), "fidelity"), rel=1e-6)
    move(opened, pin={"figure": "fidelity", "on": False})
    assert opened.pins == {}
    assert "no figure" in move(opened, pin={"figure": "attic", "on": True})["error"]["message"]
