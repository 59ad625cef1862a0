"""Networks from files and graphs of other programs, as class methods."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import networkx

    from qpsviz.network.network import Network


class Readers:
    """What others wrote, read as a :class:`~qpsviz.Network`: right, or refused with file, element and reason."""

    @classmethod
    def from_networkx(
        cls, graph: networkx.Graph, *, length_km: float | None = None, length_unit: str | None = None,
        length_attribute: str | None = None, great_circle_factor: float | None = None, places: str | None = None,
        directed: bool | None = None, drop_isolated: bool = False, name: str | None = None,
    ) -> Network:  # fmt: skip
        """A network from a networkx graph: undirected edges become fibre both ways, parallel ones parallel fibres.

        Parameters
        ----------
        graph : networkx.Graph
            Edges with ``length_km``, or ``length``, ``distance`` or ``dist``; nodes with ``label`` or ``name``.
        length_km : float, optional
            Length of edges that say nothing. [km]
        length_unit : str, optional
            ``"km"`` or ``"m"``: what a bare number is. A unit that the graph gives comes first: in the text
            (``"12 km"``), in the name (``length_m``), or beside it (``length_units``); OSMnx writes metres.
        length_attribute : str, optional
            Edge attribute to read as the length instead.
        great_circle_factor : float, optional
            At least 1: edges that say nothing are the great circle between their places times this. [1]
        places : str, optional
            ``"degrees"`` where ``pos``, or ``x`` and ``y``, are longitude and latitude (a ``crs`` may say so too);
            ``"drawing"`` where nothing is.
        directed : bool, optional
            Whether every edge is one-way, instead of what the graph says.
        drop_isolated : bool
            Whether to leave out stations without a fibre, which are refused otherwise.
        name : str, optional
            Name, instead of the graph's own.

        Raises
        ------
        ValueError
            If an element cannot be read as what it says; the message names graph, element and reason.

        Notes
        -----
        Assumption: 0° N 0° E is no place. An edge from a station to itself carries nothing and is left out.
        """
        from qpsviz.network.importers import Lengths, build, read_networkx

        read = read_networkx(graph, name=name, directed=directed)
        lengths = Lengths(length_km, length_unit, length_attribute, great_circle_factor)
        return build(read, lengths=lengths, places=places, drop_isolated=drop_isolated)

    @classmethod
    def from_graphml(
        cls, path: str | Path, *, length_km: float | None = None, length_unit: str | None = None,
        length_attribute: str | None = None, great_circle_factor: float | None = None, places: str | None = None,
        directed: bool | None = None, drop_isolated: bool = False, graph: str | int | None = None,
    ) -> Network:  # fmt: skip
        """A network from a GraphML file; the other parameters are those of :meth:`from_networkx`.

        Parameters
        ----------
        path : str or Path
            A file of yEd, the Topology Zoo, OSMnx, igraph, networkx, Gephi or another writer. In yEd's an edge is
            one-way only where an arrow points one way; frames around stations, and notes, are no stations.
        graph : str or int, optional
            Which graph, by id or counted from 0, where the file holds several.

        Raises
        ------
        ValueError
            If the file or an element cannot be read as what it says; the message names file, element and reason.
        OSError
            If it cannot be opened.
        """
        from qpsviz.network.importers import Lengths, build, read_graphml

        lengths = Lengths(length_km, length_unit, length_attribute, great_circle_factor)
        read = read_graphml(Path(path), graph=graph, directed=directed)
        return build(read, lengths=lengths, places=places, drop_isolated=drop_isolated)
