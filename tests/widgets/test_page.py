"""The page without a browser: what is asked comes back, what is wrong is refused and changes nothing."""

from __future__ import annotations

import asyncio
import json
import math
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import qpsviz as qps
from qpsviz.scenario import parameters
from qpsviz.scenario.declaration import in_json
from qpsviz.scenario.presets import all_presets
from qpsviz.session.controls.rows import value_text
from qpsviz.session.tabs.declared import TABS
from qpsviz.widgets import Page, dashboard, explorer

Move = Callable[..., dict[str, Any]]
Ask = Callable[..., tuple[dict[str, Any], list[Any]]]
DTYPES = {"f4": "<f4", "f8": "<f8", "i4": "<i4", "u1": "u1"}


def unpack(packed: dict[str, Any]) -> Any:
    """A column as the browser reads it."""
    column = np.frombuffer(packed["data"], dtype=DTYPES[packed["type"]])
    return column.reshape(packed["shape"]) if "shape" in packed else column


def as_json(value: Any) -> str:
    """What goes over the wire beside the buffers; not-a-number and infinity are no JSON."""
    return json.dumps(value, allow_nan=False, default=lambda v: {"buffer": v.nbytes})


def test_a_page_opens_with_values_tiles_curves_and_a_run() -> None:
    opened = Page()
    answer = opened.answer
    scenario = qps.preset("first")
    assert answer["values"] == {name: in_json(value) for name, value in scenario.flat().items()}
    assert answer["preset"] == "first"
    assert set(answer["plots"]) == set(TABS[answer["tab"]].plots)
    assert len(unpack(opened.run["legs"]["frame"])) == len(qps.simulate(scenario, seed=1).legs)


def test_a_control_that_moves_changes_the_scenario_and_nothing_else(opened: Page, move: Move) -> None:
    before = opened.answer["values"]
    answer = move(opened, values={**before, "length_km": 123.0})
    assert opened.scenario == qps.preset("first").replace(length_km=123.0)
    assert answer["values"] == {**before, "length_km": 123.0}
    assert answer["error"] is None
    assert answer["preset"] is None


def test_a_control_goes_back_to_the_preset_one_started_from_and_only_when_it_differs(opened: Page, move: Move) -> None:
    assert opened.answer["resets"] == {}
    changed = move(opened, values={**opened.answer["values"], "length_km": 123.0})
    assert changed["resets"] == {"length_km": {"value": 60.0, "text": "60 km, as in First look"}}
    assert move(opened, values={**changed["values"], "length_km": 60.0})["resets"] == {}
    started = move(opened, preset="fig10a")
    assert started["resets"] == {}
    back = move(opened, values={**started["values"], "length_km": 60.0})["resets"]
    assert list(back) == ["length_km"]
    assert back["length_km"]["value"] == qps.preset("fig10a").path.length_km


def test_the_answer_comes_before_the_run(
    kernel: ThreadPoolExecutor, opened: Page, at_rest: Callable[[Page], Awaitable[None]]
) -> None:
    order: list[tuple[str, int]] = []
    seen: Callable[[Any], None] = lambda change: order.append((change["name"], change["new"]["revision"]))  # noqa: E731
    opened.observe(seen, names=["answer", "run"])

    async def burst() -> None:
        for revision, length_km in enumerate((70.0, 75.0, 80.0), 1001):
            opened.request = {"revision": revision, "values": {**opened.answer["values"], "length_km": length_km}}
        await at_rest(opened)

    kernel.submit(asyncio.run, burst()).result()
    opened.unobserve(seen, names=["answer", "run"])
    assert [revision for name, revision in order if name == "answer"] == [1001, 1002, 1003]
    assert [revision for name, revision in order if name == "run"] == [1003], "an overtaken state was simulated"
    assert order[-1] == ("run", 1003)


def test_the_run_on_screen_is_the_simulation_of_the_state(opened: Page, move: Move) -> None:
    move(opened, values={**opened.answer["values"], "n_relays": 2, "p_free": 0.7})
    run = qps.simulate(opened.scenario, seed=1)
    assert opened.run["revision"] == opened.answer["revision"]
    np.testing.assert_array_equal(unpack(opened.run["legs"]["p0"]), run.legs["payload_out_us"])
    np.testing.assert_array_equal(unpack(opened.run["events"]["time"]), run.events["time_us"])
    summary = run.summary()
    tile = opened.run["tiles"]["delivered"]
    assert tile["note"].startswith(f"{summary['delivered']}/{summary['offered']}")
    assert float(tile["text"]) == pytest.approx(100 * summary["delivered_share"], rel=0.005)


BAD = [
    ({"typed": {"name": "length_km", "text": "far"}}, "length_km", "'far' is not a number"),
    ({"typed": {"name": "length_km", "text": "-5"}}, "length_km", "-5"),
    ({"typed": {"name": "length_km", "text": "nan"}}, "length_km", "nan"),
    ({"typed": {"name": "length_km", "text": "5 ms"}}, "length_km", "not in km"),
    ({"typed": {"name": "length_km", "text": "9e9"}}, "length_km", "1000000 km"),
    ({"typed": {"name": "length_km", "text": ""}}, "length_km", "not a number"),
    ({"typed": {"name": "n_relays", "text": "2.5"}}, "n_relays", "whole number"),
    ({"typed": {"name": "p_free", "text": "1.01"}}, "p_free", "0 … 1"),
    ({"typed": {"name": "n_frames", "text": "1000000"}}, "n_frames", "more than a page shows"),
    ({"typed": {"name": "t2_us", "text": "9 ms"}, "linked": False}, "t2_us", "exceeds 2·T₁"),
    ({"typed": {"name": "wormhole", "text": "1"}}, "wormhole", "unknown parameter"),
    ({"change": {"length_km": -1.0}}, "length_km", "-1.0"),
    ({"change": {"length_km": "far"}}, "length_km", "'far'"),
    ({"change": {"length_km": None}}, "length_km", "None"),
    ({"change": {"length_km": math.nan}}, "length_km", "must be 0"),
    ({"change": {"n_relays": 2.5}}, "n_relays", "2.5"),
    ({"change": {"discipline": "carrier pigeon"}}, "discipline", "pigeon"),
    ({"change": {"wormhole": 1}}, "wormhole", "unknown parameter"),
    ({"preset": "fig99"}, "preset", "unknown preset 'fig99'"),
    ({"link": "length_km=far"}, "length_km", "'far'"),
    ({"link": "wormhole=1"}, "wormhole", "unknown parameter"),
    ({"link": "t1_us=1&t2_us=5"}, "t2_us", "exceeds"),
    ({"link": "x" * 20_000}, "link", "not a qpsviz state"),
    ({"link": 7}, "link", "not a qpsviz state"),
]


def test_another_seed_draws_another_run_and_stays_until_a_preset_is_chosen(opened: Page, move: Move) -> None:
    def shown() -> Any:
        return unpack(opened.run["legs"]["p0"]).tolist()

    first = shown()
    assert move(opened, seed=7)["seed"] == 7
    seventh = qps.simulate(opened.scenario, seed=7).legs["payload_out_us"].tolist()
    assert shown() == seventh != first
    assert move(opened, tab="log")["seed"] == 7
    assert move(opened, seed=-1)["error"]["message"] == "seed = -1 must be a whole number of at least 0"
    assert shown() == seventh
    assert move(opened, preset="first")["seed"] == 1
    assert shown() == first


@pytest.mark.parametrize(("request_", "name", "words"), BAD, ids=[f"{b[1]}: {str(b[0])[:40]}" for b in BAD])
def test_what_is_wrong_is_refused_beside_its_control_and_the_last_good_state_stays(
    opened: Page, move: Move, request_: dict[str, Any], name: str, words: str
) -> None:
    good = move(opened, values={**opened.answer["values"], "length_km": 77.0})
    run = opened.run
    change = request_.pop("change", {}) if "change" in request_ else {}
    answer = move(opened, values={**good["values"], **change}, **request_)
    assert answer["error"] is not None
    assert answer["error"]["name"] == name
    assert words in answer["error"]["message"]
    kept = {
        key: value
        for key, value in answer.items()
        if key not in ("error", "revision", "revisions", "plots", "contents")
    }
    assert kept == {key: good[key] for key in kept}
    assert opened.scenario.path.length_km == 77.0
    assert opened.run is run
    assert move(opened, values=good["values"])["error"] is None


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
KEYS = st.sampled_from(["values", "typed", "preset", "link", "linked", "tab"])


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(KEYS, ANYTHING, max_size=4))
def test_any_request_at_all_is_answered(opened: Page, move: Move, request_: dict[str, Any]) -> None:
    answer = move(opened, **request_)
    assert answer["revision"] > 0
    assert qps.Scenario().replace(**opened.scenario.flat()) == opened.scenario
    as_json(answer)


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("t1_us", "2.07 ms", 2070.0),
        ("t1_us", "2.07ms", 2070.0),
        ("t1_us", "500", 500.0),
        ("processing_us", "300 ns", 0.3),
        ("length_km", "20 km", 20.0),
        ("cutoff_us", "∞", math.inf),
        ("cutoff_us", "inf", math.inf),
        ("n_relays", "4", 4),
        ("p_dark", "1e-7", 1e-7),
    ],
)
def test_a_value_is_typed_as_people_write_it(opened: Page, move: Move, name: str, text: str, value: float) -> None:
    answer = move(opened, values=opened.answer["values"], typed={"name": name, "text": text})
    assert answer["error"] is None
    assert opened.scenario.flat()[name] == value


@pytest.mark.parametrize("p", [p for p in parameters() if p.kind in ("number", "count")], ids=lambda p: p.name)
def test_what_a_box_shows_can_be_typed_back(opened: Page, move: Move, p: Any) -> None:
    text = value_text(p, p.default)
    answer = move(opened, values=opened.answer["values"], linked=True, typed={"name": p.name, "text": text})
    assert answer["error"] is None
    assert opened.scenario.flat()[p.name] == pytest.approx(p.default, rel=1e-9)


def test_linked_times_move_together_and_unlinked_ones_do_not(opened: Page, move: Move) -> None:
    typed = {"name": "t2_us", "text": "1.5 ms"}
    answer = move(opened, values=opened.answer["values"], linked=True, typed=typed)
    assert (answer["values"]["t1_us"], answer["values"]["t2_us"]) == (1500.0, 1500.0)
    answer = move(opened, values=answer["values"], linked=False, typed={"name": "t2_us", "text": "900"})
    assert (answer["values"]["t1_us"], answer["values"]["t2_us"]) == (1500.0, 900.0)
    answer = move(opened, values=answer["values"], linked=True)
    assert (answer["values"]["t1_us"], answer["values"]["t2_us"]) == (1500.0, 1500.0)


@pytest.mark.parametrize("name", qps.presets())
def test_a_preset_brings_its_scenario_its_story_and_the_tab_of_its_curve(opened: Page, move: Move, name: str) -> None:
    answer = move(opened, preset=name)
    assert opened.scenario == qps.preset(name)
    assert answer["preset"] == name
    assert answer["story"] in qps.presets()[name]
    curve = next(p.curve for p in all_presets() if p.name == name)
    assert curve in answer["plots"]


@pytest.mark.parametrize("tab", TABS)
@pytest.mark.parametrize("state", ["first", "fig10a", "fig12", "endless", "nothing arrives", "at once"])
def test_every_tab_answers_every_state_in_strict_json(opened: Page, move: Move, tab: str, state: str) -> None:
    special: dict[str, dict[str, Any]] = {
        "endless": {"t1_us": math.inf, "t2_us": math.inf, "length_km": 0.0},
        "nothing arrives": {"p_free": 0.0, "length_km": 5000.0},
        "at once": {"n_relays": 0, "length_km": 0.0, "p_dark": 0.0},
    }
    scenario = qps.preset("first").replace(**special[state]) if state in special else qps.preset(state)
    answer = move(opened, values={name: in_json(value) for name, value in scenario.flat().items()}, tab=tab)
    assert answer["error"] is None
    assert opened.scenario == scenario
    assert answer["tab"] == tab
    assert set(answer["plots"]) == set(TABS[tab].plots)
    assert set(answer["contents"]) == ({tab} if TABS[tab].draws_itself else set())
    as_json(answer)
    as_json(opened.run)


def test_what_the_page_is_told_once_is_strict_json_too(opened: Page) -> None:
    spec = json.loads(as_json(opened.spec))
    rows = [row for group in spec["controls"]["groups"] for row in group["parameters"]]
    assert {row["name"] for row in rows} == {p.name for p in parameters()}
    for row in rows:
        p = next(p for p in parameters() if p.name == row["name"])
        assert (row["label"], row["claim"], row["source"]) == (p.label, p.claim, p.source)
        assert (row["lo"], row["hi"]) == (p.shown if p.kind in ("number", "count") else (None, None))


def test_two_pages_of_one_document_share_no_element_id() -> None:
    assert Page().spec["id"] != Page().spec["id"]


def test_a_lesson_shows_only_what_it_asks_for() -> None:
    small = explorer("fig7", controls=["n_relays", "length_km"], tabs=["curves"], network=False)
    rows = [row["name"] for group in small.spec["controls"]["groups"] for row in group["parameters"]]
    assert sorted(rows) == ["length_km", "n_relays"]
    assert [tab["name"] for tab in small.spec["tabs"]] == ["curves"]
    assert small.run == {}


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: dashboard(opening="fig99"),
        lambda: explorer("fig7", controls=["wormhole"]),
        lambda: explorer("fig7", controls=["n_relays"], tabs=["attic"]),
        lambda: explorer("fig99", controls=["n_relays"]),
    ],
)
def test_a_notebook_that_asks_for_what_does_not_exist_is_told(wrong: Callable[[], Page]) -> None:
    with pytest.raises(ValueError, match=r"unknown|wormhole|attic"):
        wrong()


def test_a_question_that_nobody_knows_is_answered_with_an_error(opened: Page, answers: Ask) -> None:
    assert "unknown question" in answers(opened, "the meaning of life")[0]["error"]
    assert "no export called" in answers(opened, "file", name="secrets.txt")[0]["error"]
    assert "error" in answers(opened, "tab", tab="attic")[0]


def test_bokeh_is_handed_over_by_the_kernel_where_the_page_has_none(opened: Page, answers: Ask) -> None:
    _, buffers = answers(opened, "bokeh")
    assert f'"{opened.spec["bokeh"]}"'.encode() in buffers[0]
