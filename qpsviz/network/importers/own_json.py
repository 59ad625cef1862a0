"""Networks that qpsviz itself wrote as JSON."""

from __future__ import annotations

from pathlib import Path

from qpsviz.network.importers.build import MAX_FIBRES, MAX_STATIONS
from qpsviz.network.importers.graph import GraphError
from qpsviz.network.importers.markup import read_text
from qpsviz.network.network import Network


def read_own_json(path: Path) -> Network:
    """The network in a file that holds what :meth:`qpsviz.Network.to_json` wrote.

    Raises
    ------
    GraphError
        If it is no such file, a value is unknown, missing or out of range, or it is larger than other files may be.
    OSError
        If it cannot be opened.
    """
    text = read_text(path)
    try:
        network = Network.from_json(text)
    except ValueError as error:
        raise GraphError(path.name, "the file", f"is refused: {error}") from None
    if network.n_nodes > MAX_STATIONS or network.n_links > MAX_FIBRES:
        limit = f"at most {MAX_STATIONS:,} and {MAX_FIBRES:,} are read"
        raise GraphError(path.name, "the file", f"has {network.n_nodes:,} nodes and {network.n_links:,} links; {limit}")
    return network
