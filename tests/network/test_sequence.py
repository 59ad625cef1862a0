"""Configurations of SeQUeNCe: metres and dB per metre, and what is refused because it seems to be something else."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

import qpsviz as qps
from qpsviz.network.importers import GraphError

Network = qps.Network
Read = Callable[..., qps.Network]
Row = dict[str, object]


def nodes(*names: str, kind: str = "QuantumRouter") -> list[Row]:
    """Stations of one type."""
    return [{"name": name, "type": kind, "seed": i, "memo_size": 5} for i, name in enumerate(names)]


def pair(a: str, b: str, distance: float, attenuation: float = 0.0002) -> Row:
    """A quantum connection."""
    return {"node1": a, "node2": b, "attenuation": attenuation, "distance": distance, "type": "meet_in_the_middle"}


def channel(a: str, b: str, distance: float, attenuation: float = 0.0002) -> Row:
    """A one-way quantum channel."""
    return {"source": a, "destination": b, "attenuation": attenuation, "distance": distance}


@pytest.fixture
def read_rows(tmp_path: Path) -> Read:
    """Write nodes and what joins them as a file, and read it."""

    def write_and_read(stations: list[Row], *, options: Row | None = None, **rows: list[Row]) -> qps.Network:
        whole = {"nodes": stations, "stop_time": 1e12, "formalism": "bell_diagonal", **rows}
        (tmp_path / "net.json").write_text(json.dumps(whole), encoding="utf-8")
        return Network.from_sequence(tmp_path / "net.json", **(options or {}))  # type: ignore[arg-type]

    return write_and_read


def test_metres_and_db_per_metre_become_km_and_db_per_km(read_rows: Read) -> None:
    network = read_rows(nodes("a", "b", "c"), qconnections=[pair("a", "b", 15_000), pair("b", "c", 1.5, 1e-5)])
    assert network.link_km == pytest.approx([15.0, 15.0, 0.0015, 0.0015])
    assert network.links["loss_db_per_km"] == pytest.approx([0.2, 0.2, 0.01, 0.01])


def test_channels_go_one_way_and_classical_ones_are_left_out(read_rows: Read) -> None:
    network = read_rows(
        nodes("a", "b", kind="QKDNode"),
        qchannels=[channel("a", "b", 3e3)],
        cchannels=[{"source": "b", "destination": "a", "delay": 1e9}],
        cconnections=[{"node1": "a", "node2": "b", "delay": 5}],
    )
    assert (network.n_links, network.link_from.tolist(), network.link_km.tolist()) == (1, [0], [3.0])


def test_a_qubit_of_a_run_survives_as_that_of_sequence_would(read_rows: Read) -> None:
    network = read_rows(nodes("a", "b"), qconnections=[pair("a", "b", 10_000, 0.0003)])
    traffic = qps.Traffic(n_frames=1, start_us=[0.0], source=[0], destination=[1])
    run = qps.simulate(qps.Scenario().replace(p_free=1.0, loss_db_per_km=0.2), network=network, traffic=traffic)
    assert run.frames["eta"] == pytest.approx([10 ** (-0.0003 * 10_000 / 10)])
    assert run.frames["delay_us"][0] == pytest.approx(50.0)  # 10 km at 2e-4 m/ps, which is the speed in both


def test_db_per_km_beside_km_or_metres_is_refused_until_somebody_says_what_is_meant(read_rows: Read) -> None:
    in_km = [pair("a", "b", 20, 0.2)]
    with pytest.raises(GraphError) as caught:
        read_rows(nodes("a", "b"), qconnections=in_km)
    assert "net.json: qconnections 0, a – b: attenuation = 0.2 in dB/m is 200 dB/km, with distance = 20 m" in str(
        caught.value
    )
    assert "write 0.0002 and 20000 if they are dB/km and km, or length_unit='km'" in str(caught.value)
    read = read_rows(nodes("a", "b"), qconnections=in_km, options={"length_unit": "km"})
    assert (read.link_km[0], read.links["loss_db_per_km"][0]) == (20.0, 0.2)
    with pytest.raises(GraphError, match="is 200 dB/km, with distance = 20000 m"):
        read_rows(nodes("a", "b"), qconnections=[pair("a", "b", 20_000, 0.2)])
    meant = read_rows(nodes("a", "b"), qconnections=[pair("a", "b", 20, 0.2)], options={"length_unit": "m"})
    assert meant.links["loss_db_per_km"][0] == pytest.approx(200.0)


def test_two_fibres_to_a_station_that_measures_are_refused_or_made_one(read_rows: Read) -> None:
    stations = [*nodes("a", "b"), *nodes("middle", kind="BSMNode")]
    channels = [channel("a", "middle", 4_000), channel("b", "middle", 6_000, 0.0004)]
    with pytest.raises(
        GraphError, match=r"node 'middle': is a BSMNode, which measures photons .* write bsm_nodes='join'"
    ):
        read_rows(stations, qchannels=channels)
    network = read_rows(stations, qchannels=channels, options={"bsm_nodes": "join"})
    assert network.node_names == ("a", "b")
    assert network.link_km.tolist() == [10.0, 10.0]
    assert network.links["loss_db_per_km"] == pytest.approx([0.32] * 2)
    lonely = {"qchannels": channels[:1], "qconnections": [pair("a", "b", 1)]}
    with pytest.raises(GraphError, match="node 'middle': is a BSMNode with fibre to a; two of two other nodes can be"):
        read_rows(stations, options={"bsm_nodes": "join"}, **lonely)


@pytest.mark.parametrize(
    ("stations", "rows", "message"),
    [
        (nodes("a", "b"), {}, "has no nodes with qconnections or qchannels, so this is no network of SeQUeNCe"),
        (nodes("a", "a"), {"qconnections": []}, "node 'a': occurs twice"),
        ([{"type": "QuantumRouter"}], {"qconnections": []}, "node 0: has no name"),
        (nodes("a", "b"), {"qconnections": [pair("a", "x", 1)]}, "qconnections 0: 'x' is not a node of this file"),
        (nodes("a", "b"), {"qconnections": [pair("a", "b", -1)]}, "a – b: distance = -1 is not a number of at least 0"),
        (nodes("a", "b"), {"qchannels": [{"source": "a", "destination": "b"}]}, "a – b: has no distance"),
        (nodes("a", "b"), {"qconnections": [pair("a", "b", 1, True)]}, "attenuation = True is not a number"),
        (nodes("a", "b", "c"), {"qconnections": [pair("a", "b", 1)]}, "station c: has no fibre"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused(
    read_rows: Read, stations: list[Row], rows: dict[str, list[Row]], message: str
) -> None:
    with pytest.raises(GraphError, match=message):
        read_rows(stations, **rows)


@pytest.mark.parametrize("options", [{"bsm_nodes": "keep"}, {"length_unit": "mi"}])
def test_an_option_that_is_none_is_refused(read_rows: Read, options: Row) -> None:
    with pytest.raises(qps.errors.ParameterError, match="is not one of"):
        read_rows(nodes("a", "b"), qconnections=[pair("a", "b", 1)], options=options)
