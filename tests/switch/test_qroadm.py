"""The two devices of Section III as graphs: what they are made of, and what every path through them keeps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import cycle, pairwise, product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qpsviz import Scenario
from qpsviz.noise.storage import STORAGES, DelayLine
from qpsviz.scenario import parameter
from qpsviz.switch.components import PARTS, SWITCHES, Carries, Kind
from qpsviz.switch.path_channel import PathChannel
from qpsviz.switch.paths import DevicePath, FramePaths
from qpsviz.switch.qroadm import QRoadm
from qpsviz.switch.relay import DEVICES, Relay, device_of

Way = tuple[int | str, int | str, int, int]
Passages = list[tuple[QRoadm, Way, FramePaths]]

SIZES = st.integers(1, 3)
FABRICS = st.sampled_from(sorted(SWITCHES))
FIG_4_PAYLOAD = [
    "input fibre", "demultiplexer", "optical switch", "q-memory", "optical switch", "multiplexer", "output fibre",
]  # fmt: skip
FIG_4_HEADER = [
    "input fibre", "demultiplexer", "optical switch", "O/E converter", "control unit", "header regeneration",
    "optical switch", "multiplexer", "output fibre",
]  # fmt: skip
FIG_5_PAYLOAD = [
    "input fibre", "demultiplexer", "q-memory", "q-processor", "q-buffer", "switch fabric", "multiplexer",
    "output fibre",
]  # fmt: skip
FIG_5_HEADER = [
    "input fibre", "demultiplexer", "amplifier", "O/E converter", "control unit", "header regeneration",
    "switch fabric", "multiplexer", "output fibre",
]  # fmt: skip


@st.composite
def devices(draw: st.DrawFn) -> QRoadm:
    """Either device, of any small size."""
    n_fibres, n_wavelengths, fabric = draw(SIZES), draw(SIZES), draw(FABRICS)
    if draw(st.booleans()):
        return QRoadm.near_term(n_fibres, n_wavelengths, fabric=fabric)
    return QRoadm.long_term(n_fibres, n_wavelengths, draw(st.integers(0, 2)), fabric=fabric)


def paths(device: QRoadm) -> Iterator[Way]:
    """Every input, output and wavelength that the device connects."""
    for entry in device.inputs:
        for leave in device.outputs:
            for wavelength in range(device.n_wavelengths):
                converts = device.name == "long_term" and isinstance(entry, int)
                for other in range(device.n_wavelengths) if converts else [wavelength]:
                    yield entry, leave, wavelength, other


@pytest.fixture(scope="module")
def passages() -> Passages:
    """Every path through every small device of either kind, and what it meets."""
    fabrics = cycle(sorted(SWITCHES))
    found = [QRoadm.near_term(n, m, fabric=next(fabrics)) for n, m in product((1, 2, 3), repeat=2)]
    found += [QRoadm.long_term(n, m, k, fabric=next(fabrics)) for n, m, k in product((1, 2, 3), (1, 2, 3), (0, 1, 2))]
    return [(device, path, device.through(*path)) for device in found for path in paths(device)]


def kinds(path: DevicePath) -> list[str]:
    """The kinds of component on a path."""
    return [c.kind.value for c in path.components]


def test_a_frame_meets_the_components_of_fig_4_in_order() -> None:
    device = QRoadm.near_term(2, 3)
    assert kinds(device.payload_path(0, 1, 2)) == FIG_4_PAYLOAD
    assert kinds(device.header_path(0, 1, 2)) == FIG_4_HEADER


def test_a_frame_meets_the_components_of_fig_5_in_order() -> None:
    device = QRoadm.long_term(2, 3, 1)
    assert kinds(device.payload_path(1, 0, 2)) == FIG_5_PAYLOAD
    assert kinds(device.header_path(1, 0, 2)) == FIG_5_HEADER
    changed = device.payload_path(1, 0, 2, 1)
    assert kinds(changed) == [*FIG_5_PAYLOAD[:5], "wavelength converter", *FIG_5_PAYLOAD[5:]]


def test_every_input_reaches_every_output(passages: Passages) -> None:
    for _, (entry, leave, _, _), frame_paths in passages:
        for path in (frame_paths.header, frame_paths.payload):
            first, last = path.components[0].name, path.components[-1].name
            assert first == (entry if isinstance(entry, str) else f"input fibre {entry}")
            assert last == (leave if isinstance(leave, str) else f"output fibre {leave}")


def test_a_payload_is_never_measured_or_amplified_and_a_header_never_stored(passages: Passages) -> None:
    for _, _, frame_paths in passages:
        assert not {c.kind for c in frame_paths.payload.components} & {
            Kind.OE_CONVERTER, Kind.AMPLIFIER, Kind.CONTROL_UNIT, Kind.REGENERATION,
        }  # fmt: skip
        assert not {c.kind for c in frame_paths.header.components} & {
            Kind.Q_MEMORY, Kind.Q_PROCESSOR, Kind.Q_BUFFER, Kind.WAVELENGTH_CONVERTER,
        }  # fmt: skip


def test_a_frame_from_a_fibre_always_has_its_header_read_and_its_payload_stored(passages: Passages) -> None:
    for _, (entry, *_), frame_paths in passages:
        was_read = Kind.CONTROL_UNIT in {c.kind for c in frame_paths.header.components}
        was_stored = Kind.Q_MEMORY in {c.kind for c in frame_paths.payload.components}
        assert was_read == was_stored == isinstance(entry, int)
        assert float(frame_paths.header.processing_us) == pytest.approx(125.0 if was_read else 0.0, rel=1e-12)


def test_a_path_keeps_to_its_own_lane_until_it_is_switched(passages: Passages) -> None:
    for _, (entry, _, before, _), frame_paths in passages:
        for c in (*frame_paths.header.components, *frame_paths.payload.components):
            if c.fibre is not None and c.wavelength is not None:
                assert (c.fibre, c.wavelength) == (entry, before)


def test_a_path_runs_along_edges_that_carry_what_travels_on_it(passages: Passages) -> None:
    for device, _, frame_paths in passages:
        laid = {(e.source, e.target): e.carries for e in device.edges}
        for path in (frame_paths.header, frame_paths.payload):
            names = [c.name for c in path.components]
            for pair in pairwise(names):
                assert laid[pair] in (path.carries, Carries.BOTH)


@given(devices(), st.sampled_from(STORAGES), st.floats(0, 1e4), st.floats(0, 1e3))
def test_losses_and_latencies_add_and_noise_composes_along_any_path(
    device: QRoadm, storage: str, dwell_us: float, buffer_us: float
) -> None:
    values = Scenario().replace(storage=storage, device=device.name).values()
    device = device_of(values, n_fibres=device.n_fibres, n_wavelengths=1, n_add_drop=device.n_add_drop)
    path = device.payload_path(0, device.n_fibres - 1, dwell_us=dwell_us, buffer_us=buffer_us)
    waits = {Kind.Q_MEMORY: dwell_us, Kind.Q_BUFFER: buffer_us}
    loss_db = latency_us = 0.0
    for c in path.components:
        wait = waits.get(c.kind)
        loss_db += c.insertion_loss_db + (0.0 if wait is None or not c.storage else float(c.storage.loss_db(wait)))
        latency_us += c.latency_us + (0.0 if wait is None or not c.storage else float(c.storage.kept_us(wait)))
    assert float(path.loss_db) == pytest.approx(loss_db, rel=1e-12, abs=1e-12)
    assert float(path.latency_us) == pytest.approx(latency_us, rel=1e-12)
    assert float(path.channel.eta) == pytest.approx(10 ** (-loss_db / 10), rel=1e-9, abs=1e-300)
    assert sum(float(s.loss_db) for s in path.steps) == pytest.approx(float(path.loss_db), rel=1e-12, abs=1e-12)


@given(st.floats(0, 1e5))
def test_t_p_is_conversion_control_and_regeneration_together(processing_us: float) -> None:
    for device in (QRoadm.near_term(processing_us=processing_us), QRoadm.long_term(processing_us=processing_us)):
        path = device.header_path(0, 1)
        assert float(path.processing_us) == pytest.approx(processing_us, rel=1e-12, abs=1e-15)
        read = [s for s in path.steps if s.component.kind in (Kind.OE_CONVERTER, Kind.CONTROL_UNIT, Kind.REGENERATION)]
        assert len(read) == 3
        assert all(float(s.latency_us) >= 0 for s in read)
        assert float(path.latency_us) >= float(path.processing_us) - 1e-9


@given(st.floats(0, 1e4))
def test_a_payload_that_waits_for_its_header_loses_no_guard_but_the_amplifiers_fibre(dwell_us: float) -> None:
    for device in (QRoadm.near_term(processing_us=dwell_us), QRoadm.long_term(processing_us=dwell_us)):
        assert abs(float(device.through(0, 0, dwell_us=dwell_us).guard_change_us)) < 0.2


@pytest.mark.parametrize(
    ("name", "lo", "hi"),
    [("wavelength_selective", 5, 7), ("mems", 0.5, 2), ("piezo", 1, 1), ("electro_optic", 3, 5)],
)
def test_switches_lose_what_the_table_of_hardware_says(name: str, lo: float, hi: float) -> None:
    part = SWITCHES[name]
    assert part.range_db == (lo, hi)
    assert part.insertion_loss_db == (lo + hi) / 2
    fabric = QRoadm.long_term(fabric=name).by_name["switch fabric"]
    assert fabric.insertion_loss_db == part.insertion_loss_db


def test_every_part_lies_in_its_range_and_says_whose_number_it_is() -> None:
    for part in (*SWITCHES.values(), *PARTS.values()):
        lo, hi = part.range_db
        assert lo <= part.insertion_loss_db <= hi
        assert part.claim in ("paper", "standard", "ours")
        assert part.source


def test_the_table_in_the_documentation_has_the_numbers_of_the_code() -> None:
    page = (Path(__file__).parents[2] / "docs" / "q-roadm.md").read_text(encoding="utf-8")
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in page.splitlines() if line.startswith("|")]
    written = {row[0]: row[1:4] for row in rows if len(row) == 5}
    parts = [*SWITCHES.values(), *(part for part in PARTS.values() if part.range_db != (0, 0)), PARTS[Kind.Q_PROCESSOR]]
    for part in parts:
        lo, hi = part.range_db
        assert written[part.label] == [f"{part.insertion_loss_db:g}", f"{lo:g} … {hi:g}", part.claim]


@given(devices())
def test_no_two_components_share_a_name_or_a_place_and_every_edge_points_right(device: QRoadm) -> None:
    assert len(device.by_name) == len(device.components)
    places = Counter((c.column, c.row) for c in device.components)
    assert places.most_common(1)[0][1] == 1
    for edge in device.edges:
        assert device.by_name[edge.source].column < device.by_name[edge.target].column


@given(SIZES, SIZES, st.integers(0, 2))
def test_a_device_has_a_lane_for_every_wavelength_of_every_fibre(n: int, m: int, k: int) -> None:
    for device in (QRoadm.near_term(n, m), QRoadm.long_term(n, m, k)):
        count = Counter(c.kind for c in device.components)
        assert count[Kind.Q_MEMORY] == count[Kind.OE_CONVERTER] == count[Kind.REGENERATION] == n * m
        assert count[Kind.DEMULTIPLEXER] == count[Kind.MULTIPLEXER] == count[Kind.INPUT] == count[Kind.OUTPUT] == n
        assert count[Kind.CONTROL_UNIT] == 1
        assert count[Kind.ADD] == count[Kind.DROP] == device.n_add_drop
    assert count[Kind.Q_PROCESSOR] == count[Kind.Q_BUFFER] == count[Kind.WAVELENGTH_CONVERTER] == n * m


def test_the_same_device_is_drawn_the_same_way_twice() -> None:
    assert QRoadm.near_term(2, 3) == QRoadm.near_term(2, 3)
    assert QRoadm.long_term(2, 3, 1) != QRoadm.long_term(2, 3, 2)


@given(st.sampled_from(DEVICES), FABRICS, st.sampled_from(["none", "five_qubit", "steane"]), st.floats(0, 20))
def test_a_relay_does_to_a_qubit_what_the_path_through_its_device_does(
    device: str, fabric: str, correction: str, extra_db: float
) -> None:
    values = (
        Scenario().replace(device=device, fabric=fabric, correction=correction, insertion_loss_db=extra_db).values()
    )
    dwells = np.array([0.0, 125.0, 700.0])
    passage = PathChannel.start(Relay.of(values)).through(dwells).now
    path = device_of(values).payload_path(1, 0, dwell_us=dwells)
    for number in ("eta", "c", "a", "b"):
        assert getattr(passage, number) == pytest.approx(getattr(path.channel, number), rel=1e-12, abs=1e-15)


def test_a_lossier_fabric_costs_just_what_it_loses() -> None:
    device = QRoadm.long_term()
    six = device.altered(Kind.SWITCH_FABRIC, insertion_loss_db=6.0)
    none = device.altered(Kind.SWITCH_FABRIC, insertion_loss_db=0.0)
    assert float(six.payload_path(0, 1).loss_db - none.payload_path(0, 1).loss_db) == pytest.approx(6.0, rel=1e-14)


def test_an_ideal_device_loses_nothing_and_a_low_loss_switch_is_a_slow_one() -> None:
    assert float(device_of(Scenario().values()).payload_path(0, 1).loss_db) == 0.0
    fast, slow = (QRoadm.near_term(fabric=f).payload_path(0, 1) for f in ("electro_optic", "piezo"))
    assert float(slow.loss_db) < float(fast.loss_db)
    assert slow.reconfigure_us > 125.0 > fast.reconfigure_us


def test_waiting_in_a_delay_line_is_on_the_payloads_bill_component_by_component() -> None:
    device = QRoadm.near_term(storage=DelayLine())
    path = device.payload_path(0, 1, dwell_us=125.0)
    bill = {s.component.kind: float(s.loss_db) for s in path.steps}
    assert bill[Kind.Q_MEMORY] == pytest.approx(5.0)
    assert bill[Kind.DEMULTIPLEXER] == 1.5
    assert float(path.loss_db) == pytest.approx(1.5 + 4 + 5 + 4 + 1.5)


def test_words_of_a_scenario_are_the_words_of_the_devices() -> None:
    assert parameter("device").choices == DEVICES
    assert set(parameter("fabric").choices) == set(SWITCHES)


@pytest.mark.parametrize(
    ("build", "named"),
    [
        (lambda: QRoadm.near_term(0), "n_fibres = 0"),
        (lambda: QRoadm.near_term(2, 1.5), r"n_wavelengths = 1\.5"),
        (lambda: QRoadm.long_term(2, 2, -1), "n_add_drop = -1"),
        (lambda: QRoadm.near_term(fabric="prism"), "fabric = 'prism'"),
        (lambda: QRoadm.near_term(processing_us=-1.0), "processing_us"),
        (lambda: QRoadm.long_term(correction="shor"), "correction = 'shor'"),
        (lambda: QRoadm.near_term().payload_path(2, 0), "input_fibre = 2"),
        (lambda: QRoadm.near_term().payload_path(0, "drop 0"), "output_fibre = 'drop 0'"),
        (lambda: QRoadm.near_term().payload_path(0, 1, 2), "wavelength_in = 2"),
        (lambda: QRoadm.near_term().payload_path(0, 1, 0, 1), "wavelength_out = 1 must equal wavelength_in = 0"),
        (lambda: QRoadm.near_term().payload_path(0, 1, dwell_us=-1.0), "dwell_us = -1"),
        (lambda: QRoadm.near_term().header_path(0, 1).channel, "carries = 'header'"),
        (lambda: QRoadm.long_term().altered(Kind.SWITCH_FABRIC, insertion_loss_db=-1.0), "insertion_loss_db = -1"),
        (lambda: device_of(Scenario().values().replace(**{"device": "toy"})), "device = 'toy'"),
    ],
)
def test_a_device_or_way_that_cannot_be_is_refused_by_name_and_value(build: object, named: str) -> None:
    with pytest.raises(ValueError, match=named):
        build()  # type: ignore[operator]
