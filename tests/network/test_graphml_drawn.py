"""GraphML of yEd and other yFiles programs: what is drawn, and what it says."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

import qpsviz as qps
from qpsviz.network.importers import GraphError

Network = qps.Network
Read = Callable[..., qps.Network]
Write = Callable[..., str]
Paths = Callable[[qps.Network], list[tuple[str, str, float]]]


YED = """<key for="node" id="d6" yfiles.type="nodegraphics"/><key for="edge" id="d10" yfiles.type="edgegraphics"/>
    <key for="node" id="d5" attr.name="description" attr.type="string"/>"""


def drawn(key: str, label: str, *, shape: str = "ShapeNode", at: tuple[float, float] = (0.0, 0.0)) -> str:
    """A node as yEd draws it."""
    geometry = f'<y:Geometry height="10" width="20" x="{at[0]}" y="{at[1]}"/>'
    picture = f"<y:{shape}>{geometry}<y:NodeLabel>{label}</y:NodeLabel></y:{shape}>"
    return f'<node id="{key}"><data key="d5"/><data key="d6">{picture}</data></node>'


def line(key: str, start: str, end: str, arrows: str = 'source="none" target="none"', label: str = "") -> str:
    """An edge as yEd draws it."""
    text = f"<y:EdgeLabel>{label}</y:EdgeLabel>" if label else ""
    picture = f"<y:PolyLineEdge><y:Arrows {arrows}/>{text}</y:PolyLineEdge>"
    return f'<edge id="{key}" source="{start}" target="{end}"><data key="d10">{picture}</data></edge>'


@pytest.mark.parametrize(
    ("arrows", "expected"),
    [
        ('source="none" target="none"', {("A", "B"), ("B", "A")}),
        ('source="none" target="standard"', {("A", "B")}),
        ('source="delta" target="none"', {("B", "A")}),
        ('source="standard" target="standard"', {("A", "B"), ("B", "A")}),
        ('source="none" target="crows_foot_many"', {("A", "B"), ("B", "A")}),
    ],
)
def test_an_edge_of_yed_is_one_way_only_where_an_arrow_says_so(
    read: Read, arrows: str, expected: set[tuple[str, str]], document: Write, paths: Paths
) -> None:
    body = drawn("n0", "A") + drawn("n1", "B") + line("e0", "n0", "n1", arrows)
    network = read(document(body, keys=YED, edgedefault="directed"), length_km=7.0)
    assert {(a, b) for a, b, _ in paths(network)} == expected


def test_an_edge_of_yed_without_graphics_is_fibre_both_ways(read: Read, document: Write) -> None:
    body = drawn("n0", "A") + drawn("n1", "B") + '<edge source="n0" target="n1"/>'
    assert read(document(body, keys=YED, edgedefault="directed"), length_km=7.0).n_links == 2


def test_group_frames_and_notes_of_yed_are_no_stations_and_what_is_inside_is_kept(
    read: Read, document: Write, paths: Paths, city: Write
) -> None:
    inner = drawn("n0::n0", "Inner\n city", at=(100, 0)) + drawn("n0::n1", "Other", at=(0, 300))
    inner += line("n0::e0", "n0::n0", "n0::n1", label="80 km")
    frame = f"""<node id="n0" yfiles.foldertype="group"><data key="d6"><y:ProxyAutoBoundsNode><y:Realizers active="0">
        <y:GroupNode><y:NodeLabel>Region</y:NodeLabel></y:GroupNode></y:Realizers></y:ProxyAutoBoundsNode></data>
        <graph edgedefault="directed" id="n0:">{inner}</graph></node>"""
    body = frame + drawn("n1", "Outer", at=(0, 0)) + drawn("n2", "Legend", shape="UMLNoteNode")
    network = read(document(body + line("e0", "n1", "n0::n0"), keys=YED, edgedefault="directed"), length_km=20.0)
    assert network.node_names == ("Inner city", "Other", "Outer")
    assert set(paths(network)[::2]) == {("Inner city", "Other", 80.0), ("Outer", "Inner city", 20.0)}
    assert network.y_km[1] < network.y_km[0]  # yEd counts downwards


@pytest.mark.parametrize(
    ("end", "reason"),
    [("g", "'g' is a group, which is a frame"), ("note", "'note' is a note"), ("x", "'x' is not a node of this graph")],
)
def test_an_edge_that_ends_at_no_station_is_refused(read: Read, end: str, reason: str, document: Write) -> None:
    group = '<node id="g" yfiles.foldertype="group"/>'
    body = drawn("n0", "A") + drawn("n1", "B") + group + drawn("note", "Remark", shape="UMLNoteNode")
    text = document(body + line("e0", "n0", "n1") + line("e1", "n0", end), keys=YED, edgedefault="directed")
    with pytest.raises(GraphError, match=rf"net\.graphml: edge 'e1' \(n0 – {end}\): its target {reason}"):
        read(text, length_km=1.0)


def test_yfiles_of_other_programs_keep_arrows_where_we_do_not_look_so_their_ways_are_asked_for(
    read: Read, document: Write, paths: Paths
) -> None:
    uri = "http://www.yworks.com/xml/yfiles-common/2.0"
    keys = f"""<key id="d1" for="node" attr.name="NodeLabels" y:attr.uri="{uri}/NodeLabels"/>
        <key id="d8" for="edge" attr.name="EdgeStyle" y:attr.uri="{uri}/EdgeStyle"/>"""
    label = "<y:Label><y:Label.Text>{}</y:Label.Text></y:Label>"
    nodes = "".join(f'<node id="n{i}"><data key="d1">{label.format(x)}</data></node>' for i, x in enumerate("AB"))
    text = document(nodes + '<edge id="e" source="n0" target="n1"/>', keys=keys, edgedefault="directed")
    with pytest.raises(GraphError, match="directed=False"):
        read(text, length_km=1.0)
    assert paths(read(text, length_km=1.0, directed=False)) == [("A", "B", 1.0), ("B", "A", 1.0)]


@pytest.mark.parametrize("x", ["nan", "inf", "1e308", "0"])
def test_a_drawing_that_cannot_be_drawn_becomes_a_circle(read: Read, x: str, document: Write) -> None:
    keys = YED + '<key id="x" for="node" attr.name="x"/><key id="y" for="node" attr.name="y"/>'
    sides = (("a", x), ("b", f"-{x}"))
    nodes = "".join(f'<node id="{k}"><data key="x">{v}</data><data key="y">0</data></node>' for k, v in sides)
    network = read(document(nodes + '<edge source="a" target="b"/>', keys=keys), length_km=np.pi)
    assert network.y_km.tolist() == pytest.approx([1.0, -1.0])
