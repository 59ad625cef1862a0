"""A tile shows the model's number: evaluated, and rounded only to be read."""

from __future__ import annotations

import math
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import qpsviz as qps
from qpsviz.session.tiles import TILES, closed_form_tiles, delivered_tile, finite_key_tile, settled_tiles, tile_specs
from qpsviz.units import parse_quantity

SCALES = {"%": 0.01, "ns": 1e-3, "µs": 1.0, "ms": 1e3, "s": 1e6, "km": 1.0, "": 1.0}
SCALES |= {"bit/s": 1.0, "kbit/s": 1e3, "Mbit/s": 1e6, "Gbit/s": 1e9, "bit/pulse": 1.0, "dB": 1.0}
STATES = {name: qps.preset(name) for name in qps.presets()} | {
    "no key": qps.preset("fig7").replace(misalignment=0.2),
    "dead": qps.preset("fig7").replace(p_free=0.0),
    "far": qps.preset("fig10a").replace(length_km=2000.0),
    "here": qps.Scenario().replace(length_km=0.0, n_relays=0),
    "lossless": qps.preset("fig7").replace(loss_db_per_km=0.0),
}
OUTPUT_OF = {
    "key_rate": "key_rate_hz", "reach_km": "reach_km", "qber_z": "qber_z", "fidelity": "fidelity",
    "retention": "retention", "delay_us": "delay_us",
}  # fmt: skip


def read(text: str, unit: str) -> float:
    """The number that a person reads off a tile, in the output's unit."""
    return parse_quantity(text, "1") * SCALES[unit]


def quantities(note: str) -> list[float]:
    """Numbers with their units in a note."""
    pattern = r"(−?\d[\d.]*(?:×?10)?[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]*|∞) ?(%|ns|µs|ms|s\b|km|dB|bit/pulse)?"
    return [read(number, unit or "") for number, unit in re.findall(pattern, note)]


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("tile", OUTPUT_OF)
def test_a_tile_shows_what_evaluate_gives(state: str, tile: str) -> None:
    shown = closed_form_tiles(STATES[state])[tile]
    expected = qps.evaluate(STATES[state], OUTPUT_OF[tile])
    assert read(shown["text"], shown["unit"]) == pytest.approx(
        expected, rel=5.1e-3, abs=5e-5 if tile == "fidelity" else 0
    )


@pytest.mark.parametrize("state", STATES)
def test_a_note_shows_what_evaluate_gives(state: str) -> None:
    tiles, scenario = closed_form_tiles(STATES[state]), STATES[state]
    expected = {
        "key_rate": qps.evaluate(scenario, "key_rate"),
        "qber_z": qps.evaluate(scenario, "qber_x"),
        "retention": qps.evaluate(scenario, "payload_kept"),
        "reach_km": qps.evaluate(scenario, "loss_db"),
        "delay_us": qps.evaluate(scenario, "dwell_us"),
    }
    if expected["delay_us"] == 0:
        assert tiles["delay_us"]["note"] == "never stored"
        del expected["delay_us"]
    if qps.evaluate(scenario, "reach_km") == 0:
        assert "no key" in tiles["reach_km"]["note"]
        del expected["reach_km"]
    for name, value in expected.items():
        assert quantities(tiles[name]["note"])[0] == pytest.approx(value, rel=5.1e-3), name
    fidelity = qps.evaluate(scenario, "fidelity")
    if fidelity > 0.5:
        assert quantities(tiles["fidelity"]["note"])[0] == pytest.approx(math.sqrt(fidelity), abs=5.1e-5)


@settings(max_examples=50)
@given(
    st.fixed_dictionaries(
        {
            "length_km": st.floats(0, 600),
            "n_relays": st.integers(0, 8),
            "p_free": st.floats(0, 1),
            "misalignment": st.floats(0, 0.15),
            "t1_us": st.floats(10, 1e5),
            "discipline": st.sampled_from(qps.Discipline),
            "processing_us": st.floats(0, 200),
        }
    )
)
def test_a_tile_is_bad_news_exactly_when_its_number_is(values: dict[str, float]) -> None:
    scenario = qps.Scenario().replace(**values, t2_us=values["t1_us"])
    tiles = closed_form_tiles(scenario)
    assert tiles["key_rate"]["bad"] == (qps.evaluate(scenario, "key_rate") == 0)
    assert tiles["fidelity"]["bad"] == (qps.evaluate(scenario, "concurrence") == 0)
    assert tiles["qber_z"]["bad"] == (qps.evaluate(scenario, "secret_share") <= 0)
    assert tiles["retention"]["bad"] == (qps.evaluate(scenario, "retention") == 0)


def test_a_pair_at_or_below_one_half_may_be_entangled_and_its_tile_says_how_much() -> None:
    scenario = qps.preset("fig10b").replace(t1_us=247.6, t2_us=495.2)
    tile = closed_form_tiles(scenario)["fidelity"]
    assert (tile["text"], tile["note"], tile["bad"]) == ("0.4986", "concurrence 0.097", False)
    mixed = closed_form_tiles(scenario.replace(depol_per_km=1.0))["fidelity"]
    assert (mixed["note"], mixed["bad"]) == ("concurrence 0.000", True)


def test_the_tile_of_a_run_is_its_share_with_its_interval() -> None:
    summary = qps.simulate(qps.preset("first").replace(n_frames=100), seed=3).summary()
    tile = delivered_tile(summary)
    assert read(tile["text"], tile["unit"]) == pytest.approx(summary["delivered_share"], rel=5e-3)
    low, high = re.findall(r"(\d+)–(\d+) %", tile["note"])[0]
    assert int(low) == pytest.approx(100 * summary["delivered_low"], abs=0.5)
    assert int(high) == pytest.approx(100 * summary["delivered_high"], abs=0.5)


@pytest.mark.parametrize(("p_free", "words"), [(1.0, "in 1 attempt"), (0.5, "attempts")])
def test_attempts_are_counted_in_good_english(p_free: float, words: str) -> None:
    scenario = qps.preset("first").replace(max_attempts=3, p_free=p_free)
    assert closed_form_tiles(scenario)["retention"]["note"].endswith(words)


def test_every_tile_says_what_it_is_and_where_it_comes_from() -> None:
    assert {spec["name"] for spec in tile_specs()} == {name for name, *_ in TILES} == {
        *OUTPUT_OF, "delivered", "key_rate_finite",
    }  # fmt: skip
    for spec in tile_specs():
        assert spec["how"] in ("exact", "sim")
        assert len(spec["source"]) > 20


def test_a_page_without_a_run_has_no_tile_of_one() -> None:
    assert "delivered" not in {spec["name"] for spec in tile_specs(has_run=False)}
    assert len(tile_specs(has_run=False)) == len(OUTPUT_OF)


BLOCKS = {"first": 1e10, "fig7": 1e10, "fig12": 1e10, "memory-buys": 1e13}


@pytest.mark.parametrize("name", BLOCKS)
def test_the_tile_of_a_finite_key_has_the_bits_of_a_block_and_the_time_to_send_it(name: str) -> None:
    s = qps.preset(name).replace(n_block_pulses=BLOCKS[name])
    tile = finite_key_tile(s)
    bits = parse_quantity(tile["text"], "1") * {"bit": 1, "kbit": 1e3, "Mbit": 1e6, "Gbit": 1e9}[tile["unit"]]
    assert bits == pytest.approx(qps.evaluate(s, "key_rate_finite") * BLOCKS[name], rel=5.1e-3)
    number, unit = tile["note"].removeprefix("after ").split()
    seconds = parse_quantity(number, "1") * {"s": 1, "h": 3600, "days": 86400}[unit]
    assert seconds == pytest.approx(qps.evaluate(s, "first_key_us") / 1e6, rel=6e-3)
    assert not tile["bad"]


@pytest.mark.parametrize(
    ("changes", "note"), [({"n_block_pulses": 1e4}, "block too short"), ({"misalignment": 0.2}, "of no block")]
)
def test_the_tile_of_a_finite_key_says_why_there_is_none(changes: dict[str, float], note: str) -> None:
    tile = finite_key_tile(qps.preset("fig7").replace(**changes))
    assert (tile["text"], tile["unit"], tile["note"], tile["bad"]) == ("0", "bit", note, True)


@pytest.mark.parametrize(
    ("changes", "notes"),
    [
        ({}, ("stored 375 µs", "100 % of a payload", "F")),
        ({"p_free": 0.5}, ("stored 450 µs on average", "100 % of a payload", "F")),
        ({"p_free": 0.5, "cutoff_us": 1e6}, ("stored 450 µs on average", "100 % of a payload", "F")),
        ({"p_free": 0.0}, ("stored ∞", "no port is ever free", "concurrence")),
        ({"p_free": 0.5, "discipline": "burst"}, ("never stored", "0 % of a payload", "F")),
    ],
)
def test_tiles_say_whether_waits_are_averaged_drawn_or_without_end(
    changes: dict[str, float], notes: tuple[str, str, str]
) -> None:
    far = {"n_relays": 3, "processing_us": 125.0, "frame_gap_us": 1e5}
    tiles = closed_form_tiles(qps.preset("hollow-core").replace(**far, **changes))
    stored, kept, fidelity = (tiles[name]["note"] for name in ("delay_us", "retention", "fidelity"))
    assert (stored, kept) == notes[:2]
    assert notes[2] in fidelity
    assert [tiles[name].get("how") == "drawn" for name in ("fidelity", "delay_us", "key_rate", "qber_z")] == [
        "cutoff_us" in changes
    ] * 4
    assert "how" not in tiles["retention"]
    assert ("Assumption" in tiles["fidelity"].get("tip", "")) == ("average" in stored)


@pytest.mark.parametrize(("gap_us", "extra"), [(50.0, True), (1e4, False)])
def test_a_tile_says_where_frames_of_the_session_wait_for_each_other_on_top(gap_us: float, extra: bool) -> None:
    scenario = qps.Scenario().replace(
        discipline="store", layout="sender", n_relays=3, length_km=60.0, p_free=0.5, frame_gap_us=gap_us, n_frames=3000
    )
    tiles = closed_form_tiles(scenario)
    told = [name for name, tile in tiles.items() if "own queue extra" in tile["note"]]
    assert told == (["key_rate", "fidelity", "delay_us"] if extra else [])
    assert ("only the run has that" in tiles["delay_us"]["tip"]) == extra
    waited_us = qps.simulate(scenario, seed=2, record="statistics").summary()["dwell_us"]
    assert (waited_us > 1.03 * qps.evaluate(scenario, "dwell_us")) == extra


def test_a_share_that_drawn_waits_decide_is_not_called_exact() -> None:
    scenario = qps.Scenario().replace(discipline="store", p_free=0.5, frame_gap_us=1e5)
    with_cutoff = closed_form_tiles(scenario.replace(cutoff_us=500.0))
    assert with_cutoff["fidelity"]["how"] == "drawn"
    assert "how" not in with_cutoff["retention"]
    assert settled_tiles(scenario.replace(cutoff_us=500.0))["key_rate_finite"]["how"] == "drawn"
    assert closed_form_tiles(scenario.replace(cutoff_us=500.0, storage="recirculating"))["retention"]["how"] == "drawn"
