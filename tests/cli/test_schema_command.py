"""`qpsviz schema`, and networks of our own on the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import qpsviz as qps
from qpsviz.cli.parser import main
from qpsviz.network.importers import GraphError
from qpsviz.session.tabs.traffic.networks import network_named, open_file


@pytest.mark.parametrize("kind", ["scenario", "network", "traffic"])
def test_a_schema_is_printed_or_written(kind: str, tmp_path: Path, capsys: Any) -> None:
    assert main(["schema", kind]) == 0
    assert json.loads(capsys.readouterr().out) == qps.json_schema(kind)
    assert main(["schema", kind, "--out", str(tmp_path / "schema.json")]) == 0
    assert json.loads((tmp_path / "schema.json").read_text(encoding="utf-8")) == qps.json_schema(kind)
    assert main(["schema", kind, "--out", str(tmp_path / "none" / "schema.json")]) == 1


def test_a_network_that_was_written_as_json_is_read_from_its_file(tmp_path: Path, capsys: Any) -> None:
    file = tmp_path / "ring.json"
    file.write_text(qps.Network.ring(n_nodes=5, length_km=4.0).to_json(), encoding="utf-8")
    told = []
    for network in (str(file), "ring:5:4km"):
        assert main(["simulate", "--network", network, "--load", "0.4", "--n-frames", "20", "--seed", "3"]) == 0
        told.append(capsys.readouterr().out)
    assert told[0] == told[1]
    assert main(["simulate", "--network", str(file), "--load", "0.4", "--link-km", "3"]) == 2
    assert "says nothing about ring.json, which is a network of qpsviz" in capsys.readouterr().err
    file.write_text(file.read_text(encoding="utf-8").replace('"user"', '"king"'), encoding="utf-8")
    assert main(["simulate", "--network", str(file), "--load", "0.4"]) != 0
    told = capsys.readouterr().err
    assert "ring.json" in told
    assert "role = 'king' is not one of" in told
    assert len(told.splitlines()) == 1


def test_a_network_that_is_larger_than_files_may_be_is_refused(tmp_path: Path) -> None:
    nodes = [{"name": str(i), "role": "user"} for i in range(5001)]
    links = [{"from_node": 0, "to_node": 1, "length_km": 1.0}]
    file = tmp_path / "many.json"
    file.write_text(json.dumps({"format": "qpsviz-network", "version": 1, "nodes": nodes, "links": links}))
    with pytest.raises(GraphError, match=r"many\.json.*5,001 nodes and 1 links; at most 5,000 and 100,000 are read"):
        qps.Network.from_qpsviz(file)


def test_the_page_opens_a_network_that_was_written_as_json() -> None:
    ring = qps.Network.ring(n_nodes=5, length_km=4.0)
    assert network_named(open_file("ring.json", ring.to_json(), length_km=3.0)) == ring
