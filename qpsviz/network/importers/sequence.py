"""SeQUeNCe's JSON: metres and dB per metre, whatever the numbers look like."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from qpsviz.network.importers.graph import Data, Edge, Graph, Vertex
from qpsviz.network.importers.records import Record, read_json
from qpsviz.units.checks import one_of

BSM_NODES = ("refuse", "join")
_BSM = "BSMNode"
_CONNECTIONS, _CHANNELS = "qconnections", "qchannels"
_MOST_DB_PER_M = 0.01  # 10 dB/km: more than any fibre that a photon is sent through, less than the usual slip


def read_sequence(path: Path, *, bsm_nodes: str, length_unit: str | None) -> Graph:
    """Read a network of SeQUeNCe.

    Parameters
    ----------
    path : Path
        A configuration file.
    bsm_nodes : str
        ``"refuse"`` stations of type BSMNode, or ``"join"`` the two fibres that end at each.
    length_unit : str, optional
        ``"m"``: as SeQUeNCe reads it; ``"km"``: km and dB/km.

    Returns
    -------
    Graph
        Stations; fibre pairs of ``qconnections``, one-way links of ``qchannels``.

    Raises
    ------
    GraphError
        If the file or an element of it cannot be read, or seems to be in km and dB/km.
    ParameterError
        If an argument is wrong.
    """
    one_of("bsm_nodes", bsm_nodes, BSM_NODES)
    if length_unit is not None:
        one_of("length_unit", length_unit, ("km", "m"))
    whole = read_json(path)
    if "nodes" not in whole.values or not {_CONNECTIONS, _CHANNELS} & set(whole.values):
        raise whole.refuse(f"has no nodes with {_CONNECTIONS} or {_CHANNELS}, so this is no network of SeQUeNCe")
    graph = Graph(source=path.name, title=path.stem, data={}, vertices=[], edges=[])
    kinds: dict[str, str] = {}
    for node in whole.rows("nodes", "node"):
        name = node.text("name")
        if name in kinds:
            raise replace(node, element=f"node {name!r}").refuse("occurs twice")
        kinds[name] = str(node.values.get("type"))
    links = [_link(row, kinds, ("node1", "node2"), length_unit) for row in whole.rows(_CONNECTIONS, _CONNECTIONS)]
    channels = [_link(row, kinds, ("source", "destination"), length_unit) for row in whole.rows(_CHANNELS, _CHANNELS)]
    measuring = [name for name, kind in kinds.items() if kind == _BSM]
    if measuring and bsm_nodes == "refuse":
        reason = "is a BSMNode, which measures photons instead of sending them on; write bsm_nodes='join' to make one"
        raise graph.refuse(f"node {measuring[0]!r}", f"{reason} fibre pair of the two fibres that end at each")
    joined = [_joined(graph, name, [*links, *channels]) for name in measuring]
    inner = set(measuring)
    row = {name: i for i, name in enumerate(name for name in kinds if name not in inner)}
    graph.vertices = [Vertex(key=name, data={}, label=name) for name in row]
    for found, one_way in ((links + joined, False), (channels, True)):
        for called, a, b, own in found:
            if not inner & {a, b}:
                graph.edges.append(Edge(element=called, ends=(row[a], row[b]), one_way=one_way, data=own))
    return graph


_Link = tuple[str, str, str, Data]


def _link(row: Record, kinds: dict[str, str], ends: tuple[str, str], length_unit: str | None) -> _Link:
    """Name, ends and values of a quantum channel or connection."""
    a, b = (row.text(end) for end in ends)
    for name in (a, b):
        if name not in kinds:
            raise row.refuse(f"{name!r} is not a node of this file")
    link = replace(row, element=f"{row.element}, {a} – {b}")
    distance, attenuation = link.number("distance"), link.number("attenuation")
    if length_unit is None and attenuation > _MOST_DB_PER_M:
        slip = f"write {attenuation * 1e-3:g} and {distance * 1e3:g} if they are dB/km and km, or length_unit='km'"
        reason = f"attenuation = {attenuation:g} in dB/m is {attenuation * 1e3:g} dB/km, with distance = {distance:g} m"
        raise link.refuse(f"{reason}; {slip}")
    per_m = 1.0 if length_unit == "km" else 1e-3
    own: Data = {"length_km": distance * per_m, "loss_db_per_km": attenuation / per_m}
    return link.element, a, b, own


def _joined(graph: Graph, name: str, links: list[_Link]) -> _Link:
    """The fibre pair of the two fibres that end at a station that measures."""
    found = [(b if a == name else a, own) for _, a, b, own in links if name in (a, b)]
    others = [other for other, _ in found]
    if len(found) != 2 or others[0] == others[1] or name in others:
        ends = ", ".join(others) or "none"
        raise graph.refuse(f"node {name!r}", f"is a BSMNode with fibre to {ends}; two of two other nodes can be joined")
    (a, first), (b, second) = found
    km = [float(str(own["length_km"])) for own in (first, second)]
    db = [length * float(str(own["loss_db_per_km"])) for length, own in zip(km, (first, second), strict=True)]
    own: Data = {"length_km": sum(km)}
    if first["loss_db_per_km"] == second["loss_db_per_km"]:
        own["loss_db_per_km"] = first["loss_db_per_km"]
    elif sum(km) > 0:
        own["loss_db_per_km"] = sum(db) / sum(km)
    return f"fibre through {name!r}", a, b, own
