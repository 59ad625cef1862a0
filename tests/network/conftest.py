"""GraphML of many writers, in pieces: every sample is written here or in the test that reads it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import qpsviz as qps


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., qps.Network]:
    """Write a text as ``net.graphml`` and read it as a network."""

    def write_and_read(text: str, **options: object) -> qps.Network:
        (tmp_path / "net.graphml").write_text(text, encoding="utf-8")
        return qps.Network.from_graphml(tmp_path / "net.graphml", **options)  # type: ignore[arg-type]

    return write_and_read


@pytest.fixture
def document() -> Callable[..., str]:
    """A GraphML file with one graph."""

    def write(body: str, *, keys: str = "", edgedefault: str = "undirected", attributes: str = "") -> str:
        return f"""<?xml version="1.0" encoding="UTF-8"?>
            <graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:y="http://www.yworks.com/xml/graphml">
            {keys}<graph id="G" edgedefault="{edgedefault}" {attributes}>{body}</graph></graphml>"""

    return write


@pytest.fixture
def two_nodes() -> Callable[..., str]:
    """Nodes a and b, and one edge between them with some data."""

    def write(edge: str = "") -> str:
        return f'<node id="a"/><node id="b"/><edge id="e" source="a" target="b">{edge}</edge>'

    return write


@pytest.fixture
def paths() -> Callable[[qps.Network], list[tuple[str, str, float]]]:
    """Every one-way link by the names of its ends, with its length."""

    def named(network: qps.Network) -> list[tuple[str, str, float]]:
        names = network.node_names
        rows = zip(network.link_from.tolist(), network.link_to.tolist(), network.link_km.tolist(), strict=True)
        return [(names[a], names[b], km) for a, b, km in rows]

    return named


@pytest.fixture
def city() -> Callable[..., str]:
    """A node as the Topology Zoo has it; without a place where its place is not known."""

    def write(key: str, label: str, spot: tuple[float, float] | None) -> str:
        place = f'<data key="d29">{spot[1]}</data><data key="d32">{spot[0]}</data>' if spot else ""
        return f'<node id="{key}">{place}<data key="d33">{label}</data></node>'

    return write


@pytest.fixture
def places() -> str:
    """The keys of the Topology Zoo that ``city`` uses."""
    return """<key id="d29" for="node" attr.name="Latitude" attr.type="double"/>
        <key id="d32" for="node" attr.name="Longitude" attr.type="double"/>
        <key id="d33" for="node" attr.name="label" attr.type="string"/>"""
