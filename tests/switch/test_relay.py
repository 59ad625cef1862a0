"""Relays on a path: storage, device and correction as a scenario chooses them, seen in what comes out."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import qpsviz
from qpsviz import Scenario
from qpsviz.closed_form.path import RelayPath
from qpsviz.noise import QubitChannel, fibre
from qpsviz.noise.storage import STORAGES
from qpsviz.switch.codes import CORRECTIONS
from qpsviz.switch.components import SWITCHES
from qpsviz.switch.correction import five_qubit
from qpsviz.switch.path_channel import PathChannel
from qpsviz.switch.relay import DEVICES, Relay, device_loss_db

FIBRES = ("delay_line", "ultra_low_loss", "hollow_core", "recirculating")
SPAN = fibre(20.0, loss_db_per_km=0.2, depol_per_km=0.008)
KEY = qpsviz.preset("fig7").replace(p_free=1.0)


def path_of(scenario: Scenario, *, n_relays: int | np.ndarray | None = None) -> RelayPath:
    """The single path of a scenario."""
    values = scenario.values()
    if n_relays is not None:
        values = values.replace(n_relays=n_relays)
    return RelayPath(length_km=np.asarray(values.length_km), n_relays=np.asarray(values.n_relays), values=values)


def numbers(channel: QubitChannel) -> list[float]:
    """The four numbers of a scalar channel."""
    return [float(v) for v in (channel.eta, channel.c, channel.a, channel.b)]


def reach_km(**values: object) -> float:
    """Reach of the key of Fig. 7 with some parameters changed."""
    return qpsviz.evaluate(KEY.replace(**values), "reach_km")


@pytest.mark.parametrize("n_relays", [1, 2, 4])
def test_a_6_db_switch_costs_30_km_of_reach_at_each_relay(n_relays: int) -> None:
    plain, lossy = (reach_km(n_relays=n_relays, insertion_loss_db=db) for db in (0.0, 6.0))
    assert plain - lossy == pytest.approx(30.0 * n_relays, abs=2e-3)


@pytest.mark.parametrize("fabric", sorted(SWITCHES))
@pytest.mark.parametrize("device", ["near_term", "long_term"])
def test_a_device_costs_5_km_of_reach_for_each_db_that_its_graph_adds_up_to(device: str, fabric: str) -> None:
    loss_db = sum(device_loss_db(device, fabric))
    plain, real = reach_km(n_relays=1), reach_km(n_relays=1, device=device, fabric=fabric)
    assert loss_db > 2
    assert plain - real == pytest.approx(5.0 * loss_db, abs=2e-3)


def test_a_wavelength_selective_fabric_costs_25_km_more_than_a_piezo_one() -> None:
    selective, piezo = (reach_km(n_relays=1, device="long_term", fabric=f) for f in ("wavelength_selective", "piezo"))
    assert piezo - selective == pytest.approx(25.0, abs=2e-3)


def test_holding_a_frame_125_us_in_standard_fibre_costs_25_km_of_reach() -> None:
    stored = KEY.replace(discipline="store", n_relays=1, processing_us=125.0, t1_us=math.inf, t2_us=math.inf)
    kept, delayed = (qpsviz.evaluate(stored.replace(storage=s), "reach_km") for s in ("t1t2", "delay_line"))
    assert kept - delayed == pytest.approx(25.0, abs=2e-3)


@given(st.sampled_from(FIBRES), st.integers(0, 4))
def test_waiting_in_fibre_leaves_fidelity_and_errors_alone_and_takes_photons(storage: str, n_relays: int) -> None:
    scenario = Scenario().replace(storage=storage, n_relays=n_relays, t1_us=20.0, t2_us=20.0)
    perfect = Scenario().replace(n_relays=n_relays, t1_us=math.inf, t2_us=math.inf)
    assert qpsviz.evaluate(scenario, "fidelity") == pytest.approx(qpsviz.evaluate(perfect, "fidelity"), rel=1e-13)
    lossy, clean = path_of(scenario).channel, path_of(perfect).channel
    assert numbers(lossy)[1:] == pytest.approx(numbers(clean)[1:], rel=1e-13)
    assert float(lossy.eta) < float(clean.eta) or n_relays == 0


@given(st.floats(0, 1000), st.floats(0.01, 300), st.integers(1, 4), st.floats(0, 500))
def test_a_loop_holds_a_frame_for_whole_turns_at_every_relay(
    processing_us: float, turn_us: float, n_relays: int, guard_us: float
) -> None:
    scenario = Scenario().replace(
        processing_us=processing_us, n_relays=n_relays, guard_us=guard_us, storage="recirculating", turn_us=turn_us
    )
    looped, free = path_of(scenario).dwells_us, path_of(scenario.replace(storage="delay_line")).dwells_us
    for dwell in looped:
        turns = float(dwell) / turn_us
        assert turns == pytest.approx(round(turns), rel=1e-9)
    assert float(looped[0]) >= float(free[0])
    assert float(sum(looped)) >= float(sum(free)) - 1e-9


def test_a_frame_that_a_loop_holds_too_long_keeps_its_guard() -> None:
    """300 µs of guard, 125 µs of reading: 100 µs turns hold the 50 µs payload until the header is ahead again."""
    scenario = Scenario().replace(guard_us=300.0, storage="recirculating", turn_us=100.0, n_relays=6)
    assert [float(d) for d in path_of(scenario).dwells_us] == [100.0] * 6
    plain = scenario.replace(storage="t1t2")
    assert [float(d) for d in path_of(plain).dwells_us] == [50.0, 50.0, 50.0, 50.0, 125.0, 125.0]


@pytest.mark.parametrize("discipline", ["burst", "circuit"])
@given(st.sampled_from(STORAGES))
def test_who_never_waits_never_pays_for_storage(discipline: str, storage: str) -> None:
    scenario = Scenario().replace(discipline=discipline, storage=storage)
    assert numbers(path_of(scenario).channel) == numbers(path_of(scenario.replace(storage="t1t2")).channel)


@given(st.sampled_from(STORAGES), st.sampled_from(DEVICES), st.integers(0, 4), st.floats(0, 10))
def test_the_loss_of_a_way_is_the_loss_of_its_channel(storage: str, device: str, n_relays: int, extra: float) -> None:
    path = path_of(Scenario().replace(storage=storage, device=device, n_relays=n_relays, insertion_loss_db=extra))
    assert -10 * math.log10(float(path.channel.eta)) == pytest.approx(float(path.loss_db), rel=1e-9)


@given(st.sampled_from(CORRECTIONS), st.sampled_from(STORAGES), st.lists(st.floats(0, 1e3), min_size=2, max_size=2))
def test_frames_with_fewer_relays_in_one_array_are_each_by_themselves(
    correction: str, storage: str, dwells: list[float]
) -> None:
    relay = Relay.of(Scenario().replace(correction=correction, storage=storage, insertion_loss_db=0.5).values())
    first = PathChannel.start(relay).along(SPAN).through(dwells[0]).along(SPAN)
    second = first.through(dwells[1]).along(SPAN)
    both = second.where([True, False], first).arrived
    for k, alone in enumerate((second.arrived, first.arrived)):
        picked = [float(np.broadcast_to(getattr(both, n), 2)[k]) for n in ("eta", "c", "a", "b")]
        assert picked == numbers(alone)


@given(st.sampled_from(["five_qubit", "steane"]), st.integers(0, 5))
def test_paths_of_different_length_in_one_sweep_are_each_by_themselves(correction: str, n_relays: int) -> None:
    scenario = Scenario().replace(correction=correction, device="long_term", fabric="piezo")
    swept = path_of(scenario, n_relays=np.arange(6)).channel
    alone = path_of(scenario.replace(n_relays=n_relays)).channel
    picked = [float(np.broadcast_to(getattr(swept, n), 6)[n_relays]) for n in ("eta", "c", "a", "b")]
    assert picked == pytest.approx(numbers(alone), rel=1e-12, abs=1e-15)


def test_correction_at_every_relay_beats_the_same_way_without_where_hops_are_good() -> None:
    good = Scenario().replace(length_km=10.0, n_relays=4, partner_noise=False, t1_us=1e4, t2_us=1e4, loss_db_per_km=0.0)
    bare = qpsviz.evaluate(good, "fidelity")
    for code in ("five_qubit", "steane"):
        assert qpsviz.evaluate(good.replace(correction=code), "fidelity") > bare
        assert qpsviz.evaluate(good.replace(correction=code), "qber_z") < qpsviz.evaluate(good, "qber_z")


@pytest.mark.parametrize("code", ["five_qubit", "steane"])
def test_a_lossy_hop_makes_a_code_trade_errors_for_photons(code: str) -> None:
    """Photons that a block makes up for are distance it no longer has against errors."""
    lossy = Scenario().replace(length_km=10.0, n_relays=4, partner_noise=False, t1_us=1e4, t2_us=1e4)
    bare, coded = path_of(lossy).channel, path_of(lossy.replace(correction=code)).channel
    assert float(coded.eta) > float(bare.eta)
    assert float(coded.c) < float(bare.c)


def test_correction_harms_where_one_hop_is_beyond_break_even() -> None:
    bad = Scenario().replace(length_km=0.0, n_relays=1, partner_noise=False, t1_us=200.0, t2_us=200.0, loss_db_per_km=0)
    assert qpsviz.evaluate(bad.replace(correction="five_qubit"), "fidelity") < qpsviz.evaluate(bad, "fidelity")


def test_one_corrected_hop_has_the_error_of_the_textbook() -> None:
    relay = Relay.of(Scenario().replace(correction="five_qubit").values())
    out = PathChannel.start(relay).along(fibre(50.0, depol_per_km=0.008)).arrived
    p = 0.75 * (1 - 10**-0.04)
    assert (1 - float(out.a)) * 0.75 == pytest.approx(float(five_qubit(p)), rel=1e-12)


@given(st.sampled_from(CORRECTIONS))
def test_the_device_of_fig_4_has_no_processor_and_corrects_nothing(correction: str) -> None:
    assert Relay.of(Scenario().replace(device="near_term", correction=correction).values()).correction == "none"


def test_a_relay_knows_its_words() -> None:
    with pytest.raises(ValueError, match="device = 'toy' must be one of ideal, near_term, long_term"):
        Relay.of(Scenario().values().replace(**{"device": "toy"}))
    with pytest.raises(ValueError, match="fabric = 'prism'"):
        Relay.of(Scenario().values().replace(**{"device": "near_term", "fabric": "prism"}))


def test_the_defaults_leave_a_relay_as_the_paper_has_it() -> None:
    relay = Relay.of(Scenario().values())
    assert (float(relay.loss_db), relay.correction) == (0.0, "none")
    kept = math.exp(-0.25)
    assert numbers(PathChannel.start(relay).through(125.0).arrived) == pytest.approx(
        [1, kept, kept, 1 - kept], rel=1e-14
    )
