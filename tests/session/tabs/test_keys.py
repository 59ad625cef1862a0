"""The tab Keys: what is shown at once, what is awaited, and that its rows are the outputs and the budget."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

import pytest

import qpsviz as qps
from qpsviz.closed_form.budget import budget
from qpsviz.session import Inline, Session
from qpsviz.session.tabs.keys import data, question

LIT = qps.preset("shared-fibre").replace(length_km=20.0)


class ByHand(Inline):
    """Begins long work and does it when told."""

    def __init__(self) -> None:
        self.waiting: list[Callable[[], None]] = []

    def start(self, work: Callable[[], Any]) -> Future[Any]:
        """Keep the work."""
        future: Future[Any] = Future()
        self.waiting.append(lambda: future.set_result(work()))
        return future


def number(text: str) -> float:
    """A number as the page writes it."""
    digits = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻−", "0123456789--")
    found = re.match(r"([\d.]+)(?:×10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+))?", text)
    assert found, text
    return float(found[1]) * 10.0 ** int((found[2] or "⁰").translate(digits))


def rows(scenario: qps.Scenario) -> dict[str, Any]:
    """All rows of the table by their labels."""
    answer = question(scenario, None, {}, Inline())
    assert "row" in answer
    return {row["label"]: row for row in [*data(scenario, None)["rows"], answer["row"]]}


def test_every_row_says_what_an_output_leaves_and_the_budget_charges() -> None:
    found, costs = rows(LIT), budget(LIT, "key_rate_finite")
    outputs = {"Light beside": "key_rate", "Source": "key_rate_decoy", "Finite block": "key_rate_finite"}
    for label, output in outputs.items():
        assert number(found[label]["left"]) == pytest.approx(qps.evaluate(LIT, output), rel=5e-3)
    assert number(found["Protocol"]["left"]) == pytest.approx(
        qps.evaluate(LIT.replace(n_signals=0), "key_rate"), rel=5e-3
    )
    for label, kind in (("Light beside", "light"), ("Source", "source"), ("Finite block", "block")):
        charged = next(c.loss_db for c in costs if c.kind == kind)
        assert number(found[label]["cost"]) == pytest.approx(charged, rel=5e-3)
    all_db = sum(number(row["cost"]) for row in found.values())
    assert all_db == pytest.approx(-10 * math.log10(qps.evaluate(LIT, "key_rate_finite")), rel=5e-3)


def test_the_row_of_a_block_says_its_bits_what_it_lacks_and_when_the_first_key_is_there() -> None:
    row, n = rows(LIT)["Finite block"], LIT.detector.n_block_pulses
    endless, finite = (n * qps.evaluate(LIT, name) for name in ("key_rate_decoy", "key_rate_finite"))
    hours = qps.evaluate(LIT, "first_key_us") / 3.6e9
    bits = f"{finite / 1e6:.3g} Mbit, without an end {endless / 1e6:.1f} Mbit"
    assert row["setting"] == f"10¹⁰ pulse slots in {hours:.3g} h: {bits}"


def test_other_protocols_stand_beside_with_their_outputs_and_what_they_cost_over_the_key_of_perfect_photons() -> None:
    s = qps.preset("fig7").replace(length_km=20.0, eta_source=0.4, g2=0.01, p_herald=0.1, partner_noise=False)
    told = {row["label"]: row for row in data(s, None)["instead"]}
    outputs = {"Photon source": "key_rate_source", "Six states": "key_rate_six_state", "Pairs, BBM92": "key_rate_bbm92"}
    assert told.keys() == outputs.keys()
    for label, output in outputs.items():
        rate = qps.evaluate(s, output)
        assert rate > 0
        assert number(told[label]["left"]) == pytest.approx(rate, rel=5e-3)
        over_db = 10 * math.log10(qps.evaluate(s, "key_rate") / rate)
        assert number(told[label]["cost"].lstrip("−")) == pytest.approx(abs(over_db), rel=0.03, abs=6e-3)
    assert told["Photon source"]["setting"] == "g² 0.01, efficiency 0.4, 0.1 of slots announced; no decoys"
    assert told["Pairs, BBM92"]["setting"] == "one half kept at the sender"
    far = {row["label"]: row for row in data(s.replace(g2=0.5, length_km=150.0), None)["instead"]}
    assert (far["Photon source"]["left"], far["Photon source"]["cost"]) == ("0", "no key")


def test_the_row_of_light_says_how_many_noise_photons_there_are() -> None:
    setting = rows(LIT)["Light beside"]["setting"]
    assert setting.startswith("1 signal of 0 dBm: ")
    assert number(setting.split(": ")[1]) == pytest.approx(qps.evaluate(LIT, "raman_per_gate"), rel=5e-3)
    several = rows(LIT.replace(n_signals=4, launch_dbm=-30.0))["Light beside"]["setting"]
    assert several.startswith("4 signals of −30 dBm each: ")
    dark = rows(qps.preset("fig7"))["Light beside"]
    assert (dark["setting"], dark["cost"]) == ("none beside the photons", "0 dB")


def test_a_block_too_short_says_so_and_where_no_key_is_left_nothing_costs_more() -> None:
    short = rows(LIT.replace(n_block_pulses=1e5))["Finite block"]
    assert (short["left"], short["cost"]) == ("0", "no key")
    assert "too short for a key. Fluctuations leave no single photon for certain" in short["setting"]
    none = rows(LIT.replace(length_km=200.0))
    assert [none[label]["cost"] for label in ("Light beside", "Source", "Finite block")] == ["no key", "–", "–"]
    assert "too short" not in none["Finite block"]["setting"]


@pytest.mark.parametrize(
    "changes",
    [
        {"length_km": 17_000.0},
        {"length_km": 1e6},
        {"length_km": 1e6, "p_dark": 1.0},
        {"p_dark": 1.0},
        {"t1_us": 10.0, "t2_us": 10.0, "n_relays": 5},
        {"discipline": "store", "p_free": 1e-9},
        {"discipline": "store", "p_free": 0.0},
        {"length_km": 17_000.0, "n_signals": 2, "p_dark": 0.0},
        {"misalignment": 0.5},
    ],
)
@pytest.mark.parametrize("preset", ["fig7", "fig10a", "fig13"])
def test_the_tab_opens_in_every_state_and_its_costs_are_no_gain_without_end(
    preset: str, changes: dict[str, Any]
) -> None:
    for row in rows(qps.preset(preset).replace(**changes)).values():
        assert "∞" not in row["cost"]
        assert "nan" not in f"{row['left']}{row['cost']}"


def test_the_finite_block_is_awaited_and_searched_once() -> None:
    executor, scenario = ByHand(), LIT.replace(length_km=21.0)
    assert question(scenario, None, {}, executor) == {"loading": True}
    assert question(scenario, None, {}, executor) == {"loading": True}
    assert len(executor.waiting) == 1
    executor.waiting[0]()
    found = question(scenario, None, {}, executor)
    assert found["state"] == data(scenario, None)["state"]  # type: ignore[typeddict-item]


def test_a_line_has_another_word_only_where_it_may_be_another_line() -> None:
    first = data(LIT, None)
    along = data(LIT.replace(length_km=22.0), None)
    assert along["state"] != first["state"]
    assert along["lines"]["keys_length"] == first["lines"]["keys_length"]
    assert along["lines"]["keys_launch"] != first["lines"]["keys_launch"]
    louder = data(LIT.replace(launch_dbm=1.0), None)["lines"]
    assert louder["keys_launch"] == first["lines"]["keys_launch"]
    block = data(LIT.replace(n_block_pulses=1e9), None)["lines"]
    assert all(block[figure] != first["lines"][figure] for figure in block)


def test_whole_numbers_and_the_same_with_a_point_are_one_state() -> None:
    whole, point = LIT.replace(launch_dbm=0), LIT.replace(launch_dbm=0.0)
    assert data(whole, None) == data(point, None)


def test_a_page_gets_figures_and_rows_and_asks_for_the_rest() -> None:
    session = Session(opening="shared-fibre")
    session.begin()
    answer = session.hear({"revision": 1, "tab": "keys", "values": {"length_km": 20.0}})["answer"]
    assert set(answer["plots"]) == {"keys_length", "keys_launch"}
    assert [row["label"] for row in answer["contents"]["keys"]["rows"]] == ["Protocol", "Light beside", "Source"]
    reply, _ = session.ask({"ask": "tab", "tab": "keys", "number": 1, "asker": "a"})
    line = reply["lines"]["keys_length"]  # type: ignore[typeddict-item]
    assert line["now"] == [20.0, qps.evaluate(LIT, "key_rate_finite")]
    assert len(line["x"]) == len(line["y"]) > 10


@pytest.mark.parametrize("tab", ["curves", "memories", "budget", "log"])
def test_no_other_tab_gets_the_columns_of_keys(tab: str) -> None:
    session = Session(opening="fig7")
    session.begin()
    answer = session.hear({"revision": 1, "tab": tab})["answer"]
    assert not {"keys_length", "keys_launch"} & set(answer["plots"])
    assert "keys" not in answer["contents"]
