"""Which format a file has: by the end of its name, and by what it holds where several formats share that."""

from __future__ import annotations

from pathlib import Path

from qpsviz.network.importers.graph import GraphError
from qpsviz.network.importers.markup import local, read_root, read_text
from qpsviz.network.importers.records import read_json
from qpsviz.network.importers.sndlib import NATIVE
from qpsviz.network.stored import NETWORK_FORMAT

SUFFIXES = (".graphml", ".xml", ".json", ".gml", ".txt")
_ROOTS = {"graphml": "graphml", "network": "sndlib"}


def file_format(path: Path) -> str:
    """The format of a file.

    Parameters
    ----------
    path : Path
        The file; its name ends in one of :data:`SUFFIXES`.

    Returns
    -------
    str
        ``"graphml"``, ``"gnpy"``, ``"topohub"``, ``"sndlib"``, ``"sequence"``, ``"qpsviz"`` or ``"text"``: the
        reader for it is ``Network.from_`` with this word, for ``"text"`` of what the file holds.

    Raises
    ------
    GraphError
        If it is none of these, or cannot be read.
    OSError
        If it cannot be opened.
    """
    suffix = path.suffix.lower()
    if suffix in (".graphml", ".gml"):
        return {".graphml": "graphml", ".gml": "topohub"}[suffix]
    if suffix == ".xml":
        tag = local(read_root(path).tag)
        if tag not in _ROOTS:
            raise GraphError(path.name, f"the element <{tag}>", "is not <graphml> or <network> (SNDlib)")
        return _ROOTS[tag]
    if suffix == ".txt":
        return "sndlib" if read_text(path).lstrip().startswith(NATIVE) else "text"
    if suffix != ".json":
        raise GraphError(path.name, "its name", f"does not end in one of {', '.join(SUFFIXES)}")
    found = read_json(path).values
    if found.get("format") == NETWORK_FORMAT:
        return "qpsviz"
    names = set(found)
    if "gnpy-network-topology:topology" in names or {"elements", "connections"} <= names:
        return "gnpy"
    if "nodes" in names and names & {"qconnections", "qchannels"}:
        return "sequence"
    if "nodes" in names and names & {"edges", "links"}:
        return "topohub"
    known = "elements and connections (GNPy), nodes and qconnections (SeQUeNCe), nodes and edges (TopoHub)"
    raise GraphError(path.name, "the file", f"has none of {known}")
