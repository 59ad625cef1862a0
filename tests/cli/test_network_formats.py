"""Network files of every format on the command line: recognised by name and content, with the flags of that format."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from qpsviz.cli.networks import named_network
from qpsviz.cli.parser import main
from qpsviz.network.importers import GraphError, file_format

FIBRE = {"length": 30, "length_units": "km", "loss_coef": 0.2}
GNPY = {
    "elements": [
        {"uid": "a", "type": "Transceiver"},
        {"uid": "b", "type": "Transceiver"},
        {"uid": "c", "type": "Transceiver"},
        *({"uid": f"f{i}", "type": "Fiber", "params": FIBRE} for i in range(6)),
        {"uid": "amp", "type": "Edfa"},
    ],
    "connections": [
        {"from_node": a, "to_node": b}
        for a, b in (
            ("a", "f0"), ("f0", "b"), ("b", "f1"), ("f1", "c"), ("c", "f2"), ("f2", "a"), ("b", "f3"), ("f3", "amp"),
            ("amp", "a"), ("c", "f4"), ("f4", "b"), ("a", "f5"), ("f5", "c"),
        )
    ],
}  # fmt: skip
SEQUENCE = {
    "nodes": [{"name": name, "type": "QuantumRouter"} for name in "ab"],
    "qconnections": [{"node1": "a", "node2": "b", "attenuation": 0.2, "distance": 10}],
}
TOPOHUB = {
    "graph": {"name": "hub"}, "nodes": [{"id": i, "name": f"N{i}", "pos": [60 * i, 40]} for i in range(4)],
    "edges": [{"source": i, "target": i + 1, "dist": 6e3} for i in range(3)],
}  # fmt: skip
SNDLIB = (
    '<network><nodes><node id="a"/><node id="b"/></nodes><links><link id="l"><source>a</source>'
    "<target>b</target></link></links></network>"
)
NATIVE = "?SNDlib native format; type: network; version: 1.0\nNODES ( a b )\nLINKS ( l ( a b ) 0 0 0 0 ( ) )\n"
FILES = {
    "gnpy.json": (json.dumps(GNPY), "gnpy"),
    "yang.json": (json.dumps({"gnpy-network-topology:topology": GNPY}), "gnpy"),
    "sequence.json": (json.dumps(SEQUENCE), "sequence"),
    "hub.json": (json.dumps(TOPOHUB), "topohub"),
    "hub.gml": ("graph [ node [ id 0 ] node [ id 1 ] edge [ source 0 target 1 dist 5 ] ]", "topohub"),
    "snd.xml": (SNDLIB, "sndlib"),
    "snd.txt": (NATIVE, "sndlib"),
    "typed.txt": ("Alice <==20km==> Bob", "text"),
    "old.xml": ("<graphml/>", "graphml"),
    "net.GRAPHML": ("<graphml/>", "graphml"),
}


def put(folder: Path, name: str) -> Path:
    """One of the files."""
    path = folder / name
    path.write_text(FILES[name][0], encoding="utf-8")
    return path


@pytest.mark.parametrize("name", FILES)
def test_a_format_is_known_by_the_name_of_a_file_and_by_what_it_holds(tmp_path: Path, name: str) -> None:
    assert file_format(put(tmp_path, name)) == FILES[name][1]


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("x.json", '{"nodes": []}', r"x\.json: the file: has none of elements and connections \(GNPy\)"),
        ("x.xml", "<svg/>", "the element <svg>: is not <graphml> or <network>"),
        ("x.csv", "", r"its name: does not end in one of \.graphml"),
    ],
)
def test_a_file_of_no_known_format_is_refused(tmp_path: Path, name: str, text: str, message: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(GraphError, match=message):
        file_format(tmp_path / name)


@pytest.mark.parametrize(
    ("name", "given", "hint", "flags"),
    [
        ("gnpy.json", (), "write --amplifiers leave_out to leave such links out", ("--amplifiers", "leave_out")),
        ("sequence.json", (), "or --length-unit km", ("--length-unit", "km")),
        ("snd.xml", (), "write --link-km for links that say nothing", ("--link-km", "5")),
        ("snd.txt", (), "write --link-km for links that say nothing", ("--link-km", "5 km")),
        ("hub.json", (), "write --places drawing if they are those of a drawing", ("--places", "degrees")),
    ],
)
def test_a_refusal_names_the_flag_that_helps(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, given: tuple[str, ...], hint: str,
    flags: tuple[str, ...],
) -> None:  # fmt: skip
    arguments = ["simulate", "--network", str(put(tmp_path, name)), "--load", "0.4", "--n-frames", "3", *given]
    assert main(arguments) == 1
    assert hint in capsys.readouterr().err
    assert main([*arguments, *flags]) == 0


def test_minutes_are_a_word_of_the_command_line_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spots = [[10.02, 53.34]] + [[i + 0.17, 50 + i / 10] for i in range(5)] + [[i + 0.41, 48.08] for i in range(4)]
    nodes = [{"id": i, "pos": spot} for i, spot in enumerate(spots)]
    edges = [{"source": 0, "target": i, "dist": 2e3} for i in range(1, 10)]
    path = tmp_path / "hub.json"
    path.write_text(json.dumps({"graph": {}, "nodes": nodes, "edges": edges}), encoding="utf-8")
    arguments = ["simulate", "--network", str(path), "--load", "0.4", "--n-frames", "3", "--great-circle-factor", "1"]
    assert main(arguments) == 1
    assert "write --places degrees.minutes, or --places degrees" in capsys.readouterr().err
    assert main([*arguments, "--places", "degrees.minutes"]) == 0


def test_a_typed_network_has_the_name_of_its_file(tmp_path: Path) -> None:
    network = named_network(str(put(tmp_path, "typed.txt")))
    assert (network.name, network.node_names) == ("typed", ("Alice", "Bob"))


@pytest.mark.parametrize(
    ("name", "flags", "words"),
    [
        ("typed.txt", ("--link-km", "5"), "--link-km says nothing about typed.txt, which is plain text"),
        ("gnpy.json", ("--places", "degrees"), "--places says nothing about gnpy.json, which is a topology of GNPy"),
        ("gnpy.json", ("--wavelength-nm", "0"), "--wavelength-nm 0.0 must be a number above 0"),
        ("hub.gml", ("--amplifiers", "refuse"), "--amplifiers says nothing about hub.gml, which is a network of TopoH"),
    ],
)
def test_a_flag_of_another_format_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, flags: tuple[str, ...], words: str
) -> None:
    assert main(["simulate", "--network", str(put(tmp_path, name)), "--load", "0.4", *flags]) == 2
    assert words in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "n_nodes", "n_links"),
    [("star:5:3km", 6, 10), ("cost239", 11, 52), ("waxman:20:0.5:0.9:50km:3", 20, None)],
)
def test_new_topologies_have_a_word(text: str, n_nodes: int, n_links: int | None) -> None:
    network = named_network(text)
    assert network.n_nodes == n_nodes
    assert n_links is None or network.n_links == n_links
