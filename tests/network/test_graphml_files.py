"""GraphML files themselves: encodings, bounds, namespaces and keys of many writers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import networkx
import pytest

import qpsviz as qps
from qpsviz.network.importers import GraphError, markup

Network = qps.Network
Read = Callable[..., qps.Network]
Write = Callable[..., str]
Paths = Callable[[qps.Network], list[tuple[str, str, float]]]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "iso-8859-1", "windows-1252", "utf-16", "utf-16-le", "shift_jis"]
)
def test_a_declared_encoding_is_read(tmp_path: Path, encoding: str, document: Write, city: Write, places: str) -> None:
    name = "東京" if encoding == "shift_jis" else "Zürich"
    declared = {"utf-8-sig": "UTF-8", "utf-16-le": "UTF-16"}.get(encoding, encoding)
    text = document(city("0", name, None) + city("1", "B", None) + '<edge source="0" target="1"/>', keys=places)
    (tmp_path / "net.graphml").write_bytes(text.replace("UTF-8", declared).encode(encoding))
    assert Network.from_graphml(tmp_path / "net.graphml", length_km=1.0).node_names == (name, "B")


def test_a_file_in_8_bits_that_declares_16_is_read_as_what_it_is(read: Read, document: Write, two_nodes: Write) -> None:
    assert read(document(two_nodes()).replace("UTF-8", "utf-16"), length_km=1.0).n_links == 2


@pytest.mark.parametrize(
    ("octets", "reason"),
    [
        (b"", "line 1, column 1: is not XML"),
        (b"not xml", "is not XML"),
        (b"<a><b></a>", "line 1, column 9: is not XML"),
        (b"<gexf/>", "<gexf>: is not <graphml>"),
        (b"<graphml/>", "holds no graph"),
        (b'<?xml version="1.0" encoding="klingon"?><graphml/>', "unknown encoding 'klingon'"),
        (b'<?xml version="1.0" encoding="rot13"?><graphml/>', "unknown encoding 'rot13'"),
        ("<graphml>Zürich</graphml>".encode("iso-8859-1"), "octet 10: is not text in the encoding 'utf-8'"),
        (b"\x1f\x8b\x08\x00", "is packed"),
        (b'<graphml><y:a xmlns="u"/></graphml>', "unbound prefix"),
        (b'<!DOCTYPE graphml [<!ENTITY city "Berlin">]><graphml/>', "entity 'city': is declared"),
        (b'<!DOCTYPE graphml [<!ENTITY % part "x">]><graphml/>', "entity 'part': is declared"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_graphml_is_refused_by_name_place_and_reason(
    tmp_path: Path, octets: bytes, reason: str
) -> None:
    (tmp_path / "bad.graphml").write_bytes(octets)
    with pytest.raises(GraphError, match=reason) as refused:
        Network.from_graphml(tmp_path / "bad.graphml")
    assert refused.value.source == "bad.graphml"


def test_a_plain_doctype_is_allowed_and_nothing_is_fetched_for_it(
    read: Read, document: Write, two_nodes: Write
) -> None:
    doctype = '?><!DOCTYPE graphml SYSTEM "http://127.0.0.1:9/graphml.dtd">'
    assert read(document(two_nodes()).replace("?>", doctype, 1), length_km=1.0).n_links == 2


@pytest.mark.parametrize(
    ("limit", "text", "reason"),
    [
        ("MAX_ELEMENTS", "<graphml>" + "<desc/>" * 9 + "</graphml>", "holds more than 8 elements"),
        ("MAX_DEPTH", "<a>" * 9 + "</a>" * 9, "holds more than 8 levels of elements"),
        ("MAX_MB", "x" * (8 * 2**20 + 1), "is larger than 8 MB"),
    ],
)
def test_files_beyond_a_bound_are_refused(
    read: Read, monkeypatch: pytest.MonkeyPatch, limit: str, text: str, reason: str
) -> None:
    monkeypatch.setattr(markup, limit, 8)
    with pytest.raises(GraphError, match=rf"net\.graphml: the file: {reason}"):
        read(text, length_km=1.0)


def test_more_stations_than_a_table_of_routes_can_hold_are_refused() -> None:
    with pytest.raises(GraphError, match="has 5,001 stations and 5,000 fibres; at most 5,000 and 100,000 are read"):
        Network.from_networkx(networkx.path_graph(5_001), length_km=1.0)


def test_a_file_that_cannot_be_opened_is_an_error_of_the_system(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Network.from_graphml(tmp_path / "absent.graphml")


@pytest.mark.parametrize(
    "text",
    [
        "<graphml><graph edgedefault='undirected'><node id='0'/><node id='1'/><edge source='1' target='0'/></graph>"
        "</graphml>",
        "<g:graphml xmlns:g='http://graphml.graphdrawing.org/xmlns'><g:graph edgedefault='undirected'><g:node id='0'/>"
        "<g:node id='1'/><g:edge source='1' target='0'/></g:graph></g:graphml>",
        "<graphml xmlns='http://graphml.graphdrawing.org/xmlns/graphml'><key id='length' for='edge'>"
        "<default>0 km</default></key><graph edgedefault='directed'>"
        "<node id='0'/><node id='1'/><edge directed='false' source='1' target='0'/>"
        "</graph></graphml>",
    ],
    ids=["no namespace", "prefix", "keys without names"],
)
def test_namespaces_and_names_may_be_left_out(read: Read, text: str) -> None:
    assert read(text, length_km=1.0).n_links == 2


def test_one_id_may_be_the_key_of_nodes_and_of_edges(read: Read, document: Write, paths: Paths) -> None:
    keys = '<key id="k" for="node" attr.name="label"/><key id="k" for="edge" attr.name="length_km"/>'
    body = '<node id="a"><data key="k">Oslo</data></node><node id="b"/>'
    body += '<edge source="a" target="b"><data key="k">9</data></edge>'
    assert paths(read(document(body, keys=keys)))[0] == ("Oslo", "b", 9.0)


def test_a_key_declared_twice_with_different_meanings_is_refused(read: Read, document: Write, two_nodes: Write) -> None:
    keys = '<key id="k" for="edge" attr.name="length_km"/><key id="k" for="edge" attr.name="cost"/>'
    with pytest.raises(GraphError, match="key 'k': is declared twice for edge"):
        read(document(two_nodes('<data key="k">9</data>'), keys=keys))


def test_igraph_keeps_names_beside_its_own_ids(read: Read, document: Write, paths: Paths) -> None:
    keys = """<key id="v_name" for="node" attr.name="name" attr.type="string"/>
        <key id="e_dist" for="edge" attr.name="dist" attr.type="double"/>"""
    body = """<node id="n0"><data key="v_name">Oslo</data></node><node id="n1"><data key="v_name">Bergen</data></node>
        <edge source="n0" target="n1"><data key="e_dist">305</data></edge>"""
    assert paths(read(document(body, keys=keys), length_unit="km"))[0] == ("Oslo", "Bergen", 305.0)


def test_what_networkx_writes_comes_back(tmp_path: Path) -> None:
    graph = networkx.MultiGraph(name="pair")
    graph.add_edge("Oslo", "Bergen", length_km=305.0)
    graph.add_edge("Oslo", "Bergen", length_km=400.0)
    networkx.write_graphml(graph, tmp_path / "pair.graphml")
    network = Network.from_graphml(tmp_path / "pair.graphml")
    assert network == Network.from_networkx(graph)
    assert (network.name, sorted(network.link_km)) == ("pair", [305.0, 305.0, 400.0, 400.0])


@pytest.mark.parametrize(
    ("encoding", "octets", "reason"),
    [
        ("undefined", b"", "the first line: declares the unknown encoding 'undefined'"),
        ("punycode", b"", "the first line: declares the unknown encoding 'punycode'"),
        ("idna", b"", "the first line: declares the unknown encoding 'idna'"),
        ("unicode_escape", rb"\x", "the first line: declares the unknown encoding 'unicode_escape'"),
        ("utf-7", b"+2AA-", "the file: is not text in the encoding 'utf-7'"),
        ("shift_jis", b"\x81\xff", "octet 51: is not text in the encoding 'shift_jis'"),
    ],
)
def test_an_encoding_that_no_file_is_in_is_refused_by_name(
    tmp_path: Path, encoding: str, octets: bytes, reason: str
) -> None:
    file = tmp_path / "bad.graphml"
    file.write_bytes(f'<?xml version="1.0" encoding="{encoding}"?><graphml>'.encode() + octets + b"</graphml>")
    with pytest.raises(GraphError) as refused:
        Network.from_graphml(file)
    assert str(refused.value) == f"bad.graphml: {reason}"
