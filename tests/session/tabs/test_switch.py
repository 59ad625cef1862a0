"""The inside of a relay: what the picture says must be what the device, the path and the run say."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qpsviz import Discipline, evaluate, preset, simulate
from qpsviz.noise import QubitChannel
from qpsviz.noise.storage import STORAGES
from qpsviz.protocols.epr import fidelity
from qpsviz.scenario import Scenario
from qpsviz.session.tabs.switch.costs import fibre_worth_km, hop_noise, idle_dwells_us, pass_fidelity
from qpsviz.session.tabs.switch.diagram import switch_diagram
from qpsviz.switch.codes import correct
from qpsviz.switch.fates import REASONS
from qpsviz.switch.relay import DEVICES, Relay, device_of

devices = st.sampled_from(DEVICES)
storages = st.sampled_from(STORAGES)
fabrics = st.sampled_from(("wavelength_selective", "mems", "piezo", "electro_optic"))
STORE = preset("memory-buys")


def total(scenario: Scenario, name: str) -> dict[str, str]:
    """One number under the picture, at the first relay."""
    data = switch_diagram(scenario)
    return next(t for t in data["passes"][data["pass_of"][0]]["totals"] if t["name"] == name)


def pair(channel: QubitChannel) -> float:
    return float(fidelity(channel, QubitChannel.identity()))


def payload_path(scenario: Scenario, dwell_us: float):
    return device_of(scenario.values(), n_fibres=1, n_wavelengths=1).payload_path(0, 0, dwell_us=dwell_us)


@given(devices, storages, fabrics, st.floats(0, 10), st.sampled_from(Discipline))
def test_the_losses_on_the_cards_of_the_payloads_way_add_up_to_the_loss_of_the_pass(
    device: str, storage: str, fabric: str, insertion_loss_db: float, discipline: str
) -> None:
    s = STORE.replace(
        device=device, storage=storage, fabric=fabric, insertion_loss_db=insertion_loss_db, discipline=discipline
    )
    data = switch_diagram(s)
    first = data["passes"][0]
    relay, dwell_us = Relay.of(s.values()), idle_dwells_us(s)[0]
    assert first["loss_db"] == pytest.approx(float(relay.loss_db + relay.storage.loss_db(dwell_us)))
    shown_db = sum(float(first["cards"][i]["loss"].removesuffix(" dB")) for i in data["payload"])
    assert shown_db == pytest.approx(first["loss_db"], abs=0.1)


def test_one_decibel_takes_five_kilometres_of_ordinary_fibre() -> None:
    lossy = STORE.replace(insertion_loss_db=1.0)
    assert fibre_worth_km(lossy, payload_path(lossy, 0.0)) == pytest.approx(5.0)
    assert total(STORE.replace(device="near_term"), "reach")["text"] == "55 km"
    assert total(STORE.replace(device="near_term"), "loss")["text"] == "11 dB"


@pytest.mark.parametrize("device", ["near_term", "long_term"])
def test_the_fibre_a_pass_is_worth_is_what_the_reach_of_the_key_loses(device: str) -> None:
    bare = preset("fig7").replace(n_relays=1)
    built = bare.replace(device=device)
    lost_km = evaluate(bare, "reach_km") - evaluate(built, "reach_km")
    assert fibre_worth_km(built, payload_path(built, 0.0)) == pytest.approx(lost_km, abs=0.05)


def test_lossless_fibre_has_no_length_that_costs_as_much_as_a_lossy_switch() -> None:
    s = STORE.replace(loss_db_per_km=0.0)
    assert fibre_worth_km(s, payload_path(s, 0.0)) == 0.0
    s = s.replace(device="near_term")
    assert fibre_worth_km(s, payload_path(s, 0.0)) == math.inf


@given(st.floats(0, 1e3), st.floats(10, 1e4), st.floats(0.1, 2))
def test_one_pass_costs_a_perfect_pair_what_one_sided_relaxation_costs(
    dwell_us: float, t1_us: float, ratio: float
) -> None:
    s = STORE.replace(t1_us=t1_us, t2_us=t1_us * ratio)
    exact = (1 + 2 * math.exp(-dwell_us / (t1_us * ratio)) + math.exp(-dwell_us / t1_us)) / 4
    assert pass_fidelity(payload_path(s, dwell_us)) == pytest.approx(exact, abs=1e-9)


@given(devices, st.floats(0, 1e4))
def test_the_three_steps_of_the_header_take_the_processing_time_together(device: str, processing_us: float) -> None:
    s = STORE.replace(device=device, processing_us=processing_us)
    header = device_of(s.values(), n_fibres=1, n_wavelengths=1).header_path(0, 0)
    assert float(header.processing_us) == pytest.approx(processing_us)


def test_the_header_total_is_the_processing_time() -> None:
    assert total(STORE, "header") == {
        "name": "header", "label": "Header", "text": "20 µs", "note": "19.8 µs to read it"
    }  # fmt: skip
    assert "circuit" in total(STORE.replace(discipline="circuit"), "header")["note"]


@pytest.mark.parametrize("changes", [{}, {"guard_us": 30.0}, {"release": "after_header"}, {"processing_us": 125.0}])
def test_the_dwells_shown_are_those_of_a_run_on_an_idle_path(changes: dict[str, object]) -> None:
    s = STORE.replace(n_frames=1, **changes)
    legs = simulate(s, seed=1).legs
    simulated = legs["dwell_us"][legs["hop"] > 0]
    assert idle_dwells_us(s) == pytest.approx(simulated.tolist())
    data = switch_diagram(s)
    assert len(data["pass_of"]) == s.path.n_relays
    assert len(data["passes"]) == len(set(np.round(simulated, 9)))


def test_a_burst_waits_nowhere() -> None:
    assert idle_dwells_us(preset("first")) == [0.0, 0.0, 0.0]
    assert total(preset("first"), "dwell")["text"] == "0 µs"


def test_a_path_without_relays_has_no_pass_to_show() -> None:
    data = switch_diagram(STORE.replace(n_relays=0))
    assert data["pass_of"] == []
    assert idle_dwells_us(STORE.replace(n_relays=0)) == []


def test_waiting_125_microseconds_in_fibre_costs_5_decibels() -> None:
    s = STORE.replace(storage="delay_line", processing_us=125.0)
    assert total(s, "storage") == {
        "name": "storage", "label": "Storage", "text": "fibre delay line", "note": "0.040 dB/µs · 5 dB here"
    }  # fmt: skip
    fading_db = switch_diagram(s)["passes"][0]["fading_db"]
    assert fading_db[0] == 0.0
    assert fading_db[-1] == pytest.approx(5.0)
    assert np.all(np.diff(fading_db) > 0)


def test_a_memory_that_decoheres_erases_no_light() -> None:
    assert switch_diagram(STORE)["passes"][0]["fading_db"] == []
    assert total(STORE, "storage")["note"] == "T₁ = T₂ = 5 ms"
    assert total(STORE.replace(t1_us=500.0, t2_us=900.0), "storage")["note"] == "T₁ 500 µs, T₂ 900 µs"


@given(st.floats(0, 10), st.floats(1, 200))
def test_a_code_meets_the_loss_of_one_link_and_one_relay(insertion_loss_db: float, length_km: float) -> None:
    s = STORE.replace(
        device="long_term", insertion_loss_db=insertion_loss_db, length_km=length_km, depol_per_km=0.0,
        t1_us=math.inf, t2_us=math.inf,
    )  # fmt: skip
    met = hop_noise(s, payload_path(s, 50.0), 50.0)
    hop_db = float(Relay.of(s.values()).loss_db) + 0.2 * length_km / (s.path.n_relays + 1)
    assert float(met.c) == float(met.a) == 1.0
    assert float(met.eta) == pytest.approx(10 ** (-hop_db / 10))


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({"length_km": 0.0}, "helps"),
        ({"length_km": 8.0}, "mixed"),
        ({"length_km": 80.0}, "harms"),
        ({"length_km": 0.0, "insertion_loss_db": 0.0}, "helps"),
        ({"length_km": 0.0, "insertion_loss_db": 0.0, "t1_us": 100.0, "t2_us": 100.0}, "harms"),
        ({"length_km": 0.0, "insertion_loss_db": 0.0, "t1_us": math.inf, "t2_us": math.inf}, "idle"),
    ],
)
def test_the_verdict_on_a_code_is_what_it_does_to_pairs_and_light(changes: dict[str, float], verdict: str) -> None:
    coded = STORE.replace(n_relays=1, correction="five_qubit", **{"insertion_loss_db": 0.1} | changes)
    assert total(coded, "correction")["text"] == verdict
    path = payload_path(coded, 50.0)
    bare, block = hop_noise(coded, path, 50.0), correct(hop_noise(coded, path, 50.0), "five_qubit")
    gains = {round(pair(block) - pair(bare), 9), round(float(block.eta - bare.eta), 9)}
    assert (max(gains) > 0) == (verdict in ("helps", "mixed"))
    assert (min(gains) < 0) == (verdict in ("harms", "mixed"))


def test_the_break_even_of_a_code_is_on_the_picture() -> None:
    coded = STORE.replace(correction="five_qubit")
    assert total(coded, "correction")["note"] == "break-even 13.1 %, 3.01 dB"
    assert total(coded.replace(correction="steane"), "correction")["note"] == "break-even 5.79 %, 3.01 dB"


@pytest.mark.parametrize("correction", ["none", "five_qubit"])
def test_a_device_of_fig_4_corrects_nothing(correction: str) -> None:
    names = {
        t["name"]
        for t in switch_diagram(STORE.replace(device="near_term", correction=correction))["passes"][0]["totals"]
        for t in switch_diagram(STORE.replace(device="near_term", correction=correction))["passes"][0]["totals"]
    }
    assert names == {"loss", "reach", "header", "dwell", "fidelity", "storage"}


@pytest.mark.parametrize("device", DEVICES)
def test_no_qubit_passes_where_a_header_is_amplified_or_measured(device: str) -> None:
    data = switch_diagram(STORE.replace(device=device))
    kinds = {path: [data["nodes"][i]["kind"] for i in data[path]] for path in ("header", "payload")}
    classical = {"amplifier", "O/E converter", "control unit", "header regeneration"}
    assert classical.isdisjoint(kinds["payload"])
    assert {"q-memory", "q-processor", "q-buffer"}.isdisjoint(kinds["header"])
    assert kinds["header"][0] == kinds["payload"][0] == "input fibre"
    assert kinds["header"][-1] == kinds["payload"][-1] == "output fibre"


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize(("path", "colour"), [("header", "classical"), ("payload", "quantum")])
def test_a_way_follows_wires_of_its_own_colour(device: str, path: str, colour: str) -> None:
    data = switch_diagram(STORE.replace(device=device))
    wires = {(e["from"], e["to"]): e["kind"] for e in data["edges"]}
    taken = [wires[pair] for pair in zip(data[path], data[path][1:], strict=False)]
    assert set(taken) == {colour, "both"}


@pytest.mark.parametrize("device", DEVICES)
def test_every_component_has_a_place_and_words_of_its_own(device: str) -> None:
    data = switch_diagram(STORE.replace(device=device))
    places = [(n["column"], n["row"]) for n in data["nodes"]]
    assert len(set(places)) == len(places)
    assert all(card["does"].endswith(".") for card in data["passes"][0]["cards"])
    json.dumps(data, allow_nan=False)


@pytest.mark.parametrize("device", DEVICES)
def test_drops_are_shown_at_the_component_that_causes_them(device: str) -> None:
    data = switch_diagram(STORE.replace(device=device))
    kinds = [data["nodes"][i]["kind"] for i in data["drops"][1:]]
    last_switch = "optical switch" if device == "near_term" else "switch fabric"
    assert dict(zip(REASONS, kinds, strict=True)) == {
        "CONTENTION": last_switch, "LATE": last_switch, "EXPIRED": "q-memory", "MEMORY_FULL": "q-memory",
        "BLOCKED": "control unit",
    }  # fmt: skip
    ports = {data["nodes"][i]["column"] for i in data["drops"][1:3]}
    assert ports == {data["nodes"][data["payload"][-3]]["column"]}


@pytest.mark.parametrize(("device", "kind"), [("near_term", "q-memory"), ("long_term", "q-buffer")])
def test_the_control_unit_lets_qubits_go_from_the_last_place_they_can_wait(device: str, kind: str) -> None:
    data = switch_diagram(STORE.replace(device=device))
    assert data["nodes"][data["releases"]]["kind"] == kind
