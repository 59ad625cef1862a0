"""Damaged files of every format: each is read as a network, or refused with its name; nothing else happens."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import qpsviz as qps
from qpsviz.network.importers import GraphError, file_format

Network = qps.Network
ANY = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**30), 10**30) | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)

FIBRE = {
    "length": 30, "length_units": "km", "loss_coef": {"value": [0.2, 0.3], "frequency": [190e12, 196e12]},
    "lumped_losses": [{"position": 1, "loss": 1}],
}  # fmt: skip
PLACE = {"location": {"city": "x", "latitude": 50.1, "longitude": 10.1}}
FILES: dict[str, tuple[dict[str, object], Callable[[Path], qps.Network]]] = {
    "gnpy": (
        {
            "elements": [
                {"uid": "a", "type": "Roadm", "metadata": PLACE},
                {"uid": "t", "type": "Transceiver", "metadata": PLACE},
                {"uid": "b", "type": "Transceiver"},
                {"uid": "f", "type": "RamanFiber", "params": FIBRE, "operational": {"raman_pumps": []}},
                {"uid": "s", "type": "Fused", "params": {"loss": 1}},
            ],
            "connections": [
                {"from_node": a, "to_node": b} for a, b in (("t", "a"), ("a", "f"), ("f", "s"), ("s", "b"))
            ],
        },
        Network.from_gnpy,
    ),
    "topohub": (
        {
            "directed": False,
            "graph": {"name": "hub"},
            "nodes": [{"id": i, "name": f"N{i}", "pos": [10.5 + i, 50.25], "type": "City"} for i in range(3)],
            "edges": [{"source": i, "target": i + 1, "dist": 100.0} for i in range(2)],
        },
        Network.from_topohub,
    ),
    "sequence": (
        {
            "nodes": [{"name": name, "type": kind} for name, kind in (("a", "x"), ("b", "x"), ("m", "BSMNode"))],
            "qconnections": [{"node1": "a", "node2": "b", "attenuation": 2e-4, "distance": 10}],
            "qchannels": [
                {"source": a, "destination": "m", "attenuation": 2e-4, "distance": 10} for a in ("a", "b")
            ],
        },
        lambda path: Network.from_sequence(path, bsm_nodes="join"),
    ),
}  # fmt: skip


def places_in(value: object, path: tuple[object, ...] = ()) -> list[tuple[object, ...]]:
    """The way to every value within a value."""
    found = [path] if path else []
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return found + [way for key, own in inner for way in places_in(own, (*path, key))]


@pytest.mark.parametrize("kind", FILES)
def test_the_files_that_will_be_damaged_are_whole(tmp_path: Path, kind: str) -> None:
    whole, read = FILES[kind]
    (tmp_path / "net.json").write_text(json.dumps(whole), encoding="utf-8")
    assert read(tmp_path / "net.json").n_links >= 1
    assert file_format(tmp_path / "net.json") == kind


@pytest.mark.parametrize("kind", FILES)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_an_object_with_anything_in_any_place_is_read_or_refused(
    tmp_path: Path, kind: str, data: st.DataObject
) -> None:
    whole, read = FILES[kind]
    damaged = copy.deepcopy(whole)
    *way, last = data.draw(st.sampled_from(places_in(whole)))
    at: object = damaged
    for key in way:
        at = at[key]  # type: ignore[index]
    if data.draw(st.booleans()):
        at[last] = data.draw(ANY)  # type: ignore[index]
    else:
        del at[last]  # type: ignore[attr-defined]
    (tmp_path / "net.json").write_text(json.dumps(damaged), encoding="utf-8")
    try:
        assert read(tmp_path / "net.json").n_nodes >= 2
    except GraphError as error:
        assert error.source == "net.json"


TEXTS = {
    "net.gml": (
        'graph [ name "hub" node [ id 0 label "A&#233;" lon 10.5 lat 50.25 ] node [ id 1 lon 11.5 lat 50.5 ] '
        "edge [ source 0 target 1 dist 100 ] ]"
    ),
    "net.txt": (
        "?SNDlib native format; type: network; version: 1.0\nNODES (\n a ( 10.75 50.65 )\n b ( 11.0 50.0 )\n)\n"
        "LINKS (\n l ( a b ) 0 0 0 0 ( 1 2 )\n)\n"
    ),
    "net.xml": (
        '<network><nodes coordinatesType="geographical"><node id="a"><coordinates><x>10.75</x><y>50</y></coordinates>'
        '</node><node id="b"/></nodes><links><link id="l"><source>a</source><target>b</target></link></links></network>'
    ),
    "typed.txt": "Alice <==20km, 0.25dB/km==> Relay ==5km==> Bob  # a comment",
}
PIECES = st.sampled_from(
    [*'[]()<>=",#/.-0aA\n \t', "node", "NODES", "id", "==", "1e999", "km", "é", "\0", "&#x110000;"]
)


@pytest.mark.parametrize("name", TEXTS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_text_with_anything_in_any_place_is_read_or_refused(tmp_path: Path, name: str, data: st.DataObject) -> None:
    text = TEXTS[name]
    for _ in range(data.draw(st.integers(0, 3))):
        start = data.draw(st.integers(0, len(text)))
        text = text[:start] + data.draw(PIECES | st.just("")) + text[start + data.draw(st.integers(0, 4)) :]
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    try:
        if name == "typed.txt":
            network = Network.from_text(text, name=name)
        elif name == "net.gml":
            network = Network.from_topohub(path, length_km=5.0)
        else:
            network = Network.from_sndlib(path, length_km=5.0)
        assert network.n_nodes >= 2
    except GraphError as error:
        assert error.source == name
