"""Topologies of GNPy: fibre between stations, in km and dB, and the amplifiers that no photon passes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

import qpsviz as qps
from qpsviz.network.importers import GraphError

Network = qps.Network
Element = dict[str, object]
Read = Callable[..., qps.Network]


def station(uid: str, kind: str = "Roadm", **location: object) -> Element:
    """A Roadm, or a Transceiver, somewhere."""
    return {"uid": uid, "type": kind, "metadata": {"location": {"city": None, "region": "", **location}}}


def fibre(uid: str, **params: object) -> Element:
    """A fibre of 80 km with 0.2 dB/km, or what is said."""
    known = {"length": 80.0, "length_units": "km", "loss_coef": 0.2, "att_in": 3, "con_in": 0.5, "con_out": 0.25}
    kept = {name: value for name, value in {**known, **params}.items() if value != "absent"}
    return {"uid": uid, "type": "Fiber", "type_variety": "SSMF", "params": kept}


def joined(*chains: str) -> list[dict[str, str]]:
    """Connections along chains such as ``"A f B"``."""
    pairs = [pair for chain in chains for pair in zip(chain.split(), chain.split()[1:], strict=False)]
    return [{"from_node": start, "to_node": end} for start, end in pairs]


@pytest.fixture
def read_elements(tmp_path: Path) -> Read:
    """Write elements and chains of them as a topology, and read it as a network."""

    def write_and_read(elements: list[Element], *chains: str, **options: object) -> qps.Network:
        path = tmp_path / "plant.json"
        path.write_text(json.dumps({"elements": elements, "connections": joined(*chains)}), encoding="utf-8")
        return Network.from_gnpy(path, **options)  # type: ignore[arg-type]

    return write_and_read


A, B, C = station("A"), station("B"), station("C")


def test_a_fibre_is_a_one_way_link_with_its_loss_and_that_of_its_connectors(read_elements: Read) -> None:
    network = read_elements([A, B, fibre("out"), fibre("back", length=79_000, length_units="m")], "A out B", "B back A")
    assert network.node_names == ("A", "B")
    assert network.links["from_node"].tolist() == [0, 1]
    assert network.links["length_km"].tolist() == [80.0, 79.0]
    assert network.links["loss_db_per_km"].tolist() == [0.2, 0.2]
    assert network.links["extra_loss_db"].tolist() == [0.75, 0.75]


def test_a_chain_of_fibre_and_splices_is_one_link_as_long_and_lossy_as_all_of_it(read_elements: Read) -> None:
    lumps = [{"position": 10, "loss": 1.5}, {"position": 39.9, "loss": 0.5}]
    splice = {"uid": "splice", "type": "Fused"}
    quiet = {"uid": "quiet", "type": "Fused", "params": {"loss": 0.3}}
    first, second = (
        fibre("first", con_in=None, con_out="absent"),
        fibre("second", length=40, loss_coef=0.35, lumped_losses=lumps),
    )
    network = read_elements([A, B, first, second, splice, quiet], "A first splice second quiet B")
    (link,) = (network.links.row(i) for i in range(len(network.links)))
    assert link["length_km"] == 120.0
    assert link["loss_db_per_km"] == pytest.approx((80 * 0.2 + 40 * 0.35) / 120)
    # A Fused that says nothing loses 1 dB; att_in, 3 dB here, is padding for an amplifier.
    assert link["extra_loss_db"] == pytest.approx(1.0 + 0.3 + 0.75 + 2.0)


def test_the_light_of_a_run_is_what_the_file_leaves_of_it(read_elements: Read) -> None:
    transceivers = [station("tA", "Transceiver"), station("tB", "Transceiver")]
    network = read_elements([A, B, *transceivers, fibre("f"), fibre("g")], "tA A f B tB", "tB B g A tA")
    scenario = qps.Scenario().replace(loss_db_per_km=7.0, p_free=1.0)
    traffic = qps.Traffic(n_frames=1, start_us=[0.0], source=[0], destination=[1])
    run = qps.simulate(scenario, network=network, traffic=traffic)
    assert run.frames["eta"].tolist() == pytest.approx([10**-1.675])


def test_a_transceiver_beside_one_roadm_is_that_stations_own_and_others_only_forward(read_elements: Read) -> None:
    elements = [A, B, C, station("tA", "Transceiver"), station("tC", "Transceiver"), *map(fibre, "fghi")]
    network = read_elements(elements, "tA A f B g C tC", "tC C h B i A tA")
    assert network.node_names == ("A", "B", "C")
    assert network.roles == ("user", "relay", "user")


def test_transceivers_at_both_ends_of_a_fibre_are_stations(read_elements: Read) -> None:
    ends = [station("left", "Transceiver", city="Here"), station("right", "Transceiver", city="There")]
    network = read_elements([*ends, fibre("f")], "left f right")
    assert network.node_names == ("Here", "There")
    assert network.roles == ("user", "user")
    assert network.n_links == 1


@pytest.mark.parametrize(
    ("kind", "extra"),
    [
        ("Edfa", {}),
        ("Multiband_amplifier", {}),
        ("RamanFiber", {"operational": {"raman_pumps": [{"power": 0.2}]}, "params": fibre("x")["params"]}),
    ],
)
def test_what_amplifies_is_named_and_its_link_refused_or_left_out(
    read_elements: Read, kind: str, extra: Element
) -> None:
    elements = [A, B, C, *map(fibre, "fgh"), {"uid": "helper", "type": kind, **extra}]
    chains = ("A f helper g B", "B h C")
    with pytest.raises(GraphError, match=rf"plant\.json: link A → B: no photon passes 'helper' \({kind}\); write ampl"):
        read_elements(elements, *chains)
    with pytest.raises(GraphError, match="station A: has no fibre"):
        read_elements(elements, *chains, amplifiers="leave_out")
    network = read_elements(elements, *chains, amplifiers="leave_out", drop_isolated=True)
    assert (network.node_names, network.n_links) == (("B", "C"), 1)


def test_raman_fibre_without_pumps_is_fibre(read_elements: Read) -> None:
    network = read_elements([A, B, {**fibre("f"), "type": "RamanFiber", "operational": {"raman_pumps": []}}], "A f B")
    assert network.link_km.tolist() == [80.0]


def test_a_network_of_amplified_links_alone_is_refused_with_their_number(read_elements: Read) -> None:
    boosters = [{"uid": f"b{i}", "type": "Edfa"} for i in range(5)]
    with pytest.raises(GraphError, match=r"'b2' \(Edfa\) and 1 more; all 2 links have an amplifier$"):
        read_elements(
            [A, B, *boosters, fibre("f"), fibre("g")], "A b0 f b1 b2 b3 B", "B b4 g A", amplifiers="leave_out"
        )


LIST = {"value": [0.30, 0.20, 0.24], "frequency": [186e12, 196e12, 191e12]}


def test_a_loss_that_depends_on_the_frequency_is_read_at_ours(read_elements: Read) -> None:
    elements = [A, B, fibre("f", loss_coef=LIST)]
    # 1550 nm is 193.4145 THz: 0.24 at 191, 0.20 at 196.
    at_1550 = 0.24 - 0.04 * (299_792_458 / 1550e-9 - 191e12) / 5e12
    assert read_elements(elements, "A f B").links["loss_db_per_km"][0] == pytest.approx(at_1550)
    at_191 = read_elements(elements, "A f B", wavelength_nm=299_792_458e9 / 191e12)
    assert at_191.links["loss_db_per_km"][0] == pytest.approx(0.24)
    with pytest.raises(GraphError, match=r"is given for 1529.6 to 1611.8 nm, not for wavelength_nm=1310"):
        read_elements(elements, "A f B", wavelength_nm=1310.0)


def test_the_form_after_the_yang_model_has_texts_for_numbers_and_says_the_same(tmp_path: Path) -> None:
    params = {
        "length": "80.0", "length_units": "km", "con_in": "0.5", "con_out": "0.25", "att_in": "0.0",
        "loss_coef_per_frequency": [
            {"frequency": "186000000000000.0", "loss_coef_value": "0.24"},
            {"frequency": "200000000000000.0", "loss_coef_value": "0.24"},
        ],
    }  # fmt: skip
    ends = [station(uid, latitude="0.0", longitude="0.0", city=[None]) for uid in "AB"]
    topology = {
        "network_name": "two sites",
        "elements": [*ends, {"uid": "f", "type": "Fiber", "params": params}],
        "connections": joined("A f B"),
    }
    path = tmp_path / "yang.json"
    path.write_text(json.dumps({"gnpy-network-topology:topology": topology}), encoding="utf-8")
    network = Network.from_gnpy(path)
    assert network.name == "two sites"
    assert network.node_names == ("A", "B")
    assert network.links.row(0) == {
        "link": 0, "from_node": 0, "to_node": 1, "length_km": 80.0, "loss_db_per_km": 0.24, "extra_loss_db": 0.75,
    }  # fmt: skip


def test_places_are_kept_where_fibre_can_reach_from_one_to_the_next(read_elements: Read) -> None:
    oslo = {"longitude": 10.75, "latitude": 59.91, "city": "Oslo"}
    bergen = {"longitude": 5.32, "latitude": 60.39, "city": "Bergen"}
    ends = [station("A", **oslo), station("B", **bergen)]
    far = read_elements([*ends, fibre("f", length=400)], "A f B")
    assert abs(far.x_km[1] - far.x_km[0]) == pytest.approx(300, abs=10)
    near = read_elements([*ends, fibre("f", length=40)], "A f B")
    assert ((near.x_km[1] - near.x_km[0]) ** 2 + (near.y_km[1] - near.y_km[0]) ** 2) ** 0.5 == pytest.approx(40)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"length_units": "absent"}, "element 'f': length_units = None is not one of km, m"),
        ({"length_units": "mi"}, "element 'f': length_units = 'mi' is not one of km, m"),
        ({"length": "absent"}, "element 'f': has no length"),
        ({"length": "80"}, "element 'f': length = '80' is not a number of at least 0"),
        ({"length": -1}, "element 'f': length = -1 is not a number of at least 0"),
        ({"length": 80_000}, "longer than the equator"),
        ({"loss_coef": "absent"}, "element 'f': has no loss_coef"),
        ({"loss_coef": 2000.0}, r"link A → B, A – B: loss_db_per_km = 2000.0 is not a number of 0 to 1000 dB/km"),
        ({"loss_coef": {"value": [0.2]}}, "element 'f': its loss_coef has no list frequency"),
        ({"loss_coef": {"value": [0.2], "frequency": [1e14, 2e14]}}, "has 1 values at 2 frequencies"),
        ({"loss_coef": {"value": [0.2, 0.3], "frequency": [2e14, 2e14]}}, "has 2 values at 1 frequencies"),
        ({"con_in": -0.5}, "element 'f': con_in = -0.5 is not a number of at least 0"),
        ({"lumped_losses": [{"position": 80, "loss": 1}]}, "lumped loss 0: position = 80 km is not within the 80 km"),
        ({"lumped_losses": {"position": 8}}, "lumped_losses = {'position': 8} is no list"),
    ],
)
def test_a_fibre_that_cannot_be_read_is_refused_by_name(read_elements: Read, changed: Element, message: str) -> None:
    with pytest.raises(GraphError, match=message):
        read_elements([A, B, fibre("f", **changed)], "A f B")


@pytest.mark.parametrize(
    ("elements", "chains", "message"),
    [
        ([A, B, {"type": "Fiber"}], ["A B"], "element 2: has no uid"),
        ([A, B, {"uid": "x", "type": "Laser"}], ["A B"], "element 'x': type = 'Laser' is not one of Transceiver"),
        ([A, B, A], ["A B"], "element 'A': occurs twice"),
        ([A, B, fibre("f")], ["A f B", "A g"], r"connection 2: 'A' → 'g': 'g' is not an element"),
        ([A, B, fibre("f"), fibre("g")], ["A f B"], "element 'g': no connections lead to it from a Transceiver"),
        ([A, B, fibre("f"), fibre("g")], ["A f B", "A g"], "element 'g': 1 connections lead to it and 0 away"),
        ([A, B, C, fibre("f")], ["A f B", "f C"], "element 'f': 1 connections lead to it and 2 away"),
        ([A, B, fibre("f"), fibre("g")], ["A f g f"], "element 'f': 2 connections lead to it and 1 away"),
    ],
)
def test_a_plant_that_does_not_hang_together_is_refused(
    read_elements: Read, elements: list[Element], chains: list[str], message: str
) -> None:
    with pytest.raises(GraphError, match=message):
        read_elements(elements, *chains)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", r"plant\.json: line 1, column 2: is not JSON"),
        ("[]", "the file: holds no object"),
        ('{"elements": []}', "has no elements and connections, so this is no topology of GNPy"),
        ('{"elements": [1], "connections": []}', r"elements\[0\] = 1 is no object"),
        ('{"elements": NaN, "connections": []}', "holds NaN, which is no number of JSON"),
        ("[" * 100_000, "holds brackets nested too deeply"),
        ('{"elements": [], "connections": []}', "has 0 nodes and 0 edges"),
    ],
)
def test_a_file_that_is_no_topology_is_refused(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "plant.json").write_text(text, encoding="utf-8")
    with pytest.raises(GraphError, match=message):
        Network.from_gnpy(tmp_path / "plant.json")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"amplifiers": "pass"}, "amplifiers = 'pass' is not one of refuse, leave_out"),
        ({"wavelength_nm": 0.0}, "wavelength_nm = 0.0 must be a number above 0"),
    ],
)
def test_an_option_that_is_none_is_refused(read_elements: Read, options: dict[str, object], message: str) -> None:
    with pytest.raises(qps.errors.ParameterError, match=message):
        read_elements([A, B, fibre("f")], "A f B", **options)
