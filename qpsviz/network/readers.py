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
            Edges with ``length_km``, or ``length``, ``distance`` or ``dist``, and the names of other columns of
            :attr:`Network.links` (``loss_db_per_km`` …) in their units; nodes with ``label`` or ``name``.
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

    @classmethod
    def from_gnpy(
        cls, path: str | Path, *, amplifiers: str = "refuse", wavelength_nm: float = 1550.0, drop_isolated: bool = False
    ) -> Network:
        """A network from a topology of GNPy in JSON, its older form or the one after the YANG model.

        Parameters
        ----------
        path : str or Path
            The file. Fibre and splices between two stations (Roadm, Transceiver) become one one-way link, as long and
            lossy as all of them: ``loss_coef``, connectors and lumped losses, 1 dB for a Fused that says nothing.
            ``att_in`` pads short spans for amplifiers, and is left out.
        amplifiers : str
            ``"refuse"``: a link with an Edfa, a Multiband_amplifier or Raman pumps is refused, because no photon
            passes those unharmed; ``"leave_out"``: the network has no such links.
        wavelength_nm : float
            Where a loss that depends on the frequency is read. [nm]
        drop_isolated : bool
            As in :meth:`from_networkx`.

        Raises
        ------
        ValueError, OSError
            As :meth:`from_graphml`.

        Notes
        -----
        A Transceiver that is connected to nothing but one Roadm is that station's own, which is a user; a Roadm
        without any only forwards. Deviation: connectors that say nothing lose nothing here; in GNPy the equipment file
        may have a default. The loss of a Roadm is the scenario's ``insertion_loss_db``: GNPy has none.
        """
        from qpsviz.network.importers import Lengths, build, read_gnpy

        read = read_gnpy(Path(path), amplifiers=amplifiers, wavelength_nm=wavelength_nm)
        return build(read, lengths=Lengths(), places=None, drop_isolated=drop_isolated)

    @classmethod
    def from_topohub(
        cls, path: str | Path, *, places: str | None = None, length_km: float | None = None,
        great_circle_factor: float | None = None, drop_isolated: bool = False,
    ) -> Network:  # fmt: skip
        """A network from a file of TopoHub, JSON or GML: fibre pairs as long as its ``dist``, in km.

        Parameters
        ----------
        path : str or Path
            The file. What TopoHub calls ``dist`` is the great circle between its places, not measured fibre; in
            Gabriel networks it is the straight way on a plane, and so are the places.
        places : str, optional
            ``"degrees"``: coordinates are longitude and latitude, also where they look like something else.
            ``"degrees.minutes"``: 48.30 is 48° 30′. ``"drawing"``: they are neither. Except in degrees, ``dist`` is
            that of wrong places and does not count.
        length_km : float, optional
            Length of links that have none. [km]
        great_circle_factor : float, optional
            At least 1: every link is the great circle between its places times this, whatever ``dist`` says. [1]
        drop_isolated : bool
            As in :meth:`from_networkx`.

        Raises
        ------
        ValueError
            As :meth:`from_graphml`, and if coordinates look like pixels or like degrees.minutes and ``places`` says
            nothing.
        OSError
            As :meth:`from_graphml`.
        """
        from qpsviz.network.importers import Lengths, build, read_topohub

        lengths = Lengths(length_km, great_circle_factor=great_circle_factor)
        read = read_topohub(Path(path), places=places, has_dist=great_circle_factor is None)
        return build(read, lengths=lengths, places=_drawn(places), drop_isolated=drop_isolated)

    @classmethod
    def from_sndlib(
        cls, path: str | Path, *, places: str | None = None, length_km: float | None = None,
        great_circle_factor: float | None = None, directed: bool | None = None, drop_isolated: bool = False,
    ) -> Network:  # fmt: skip
        """A network from a file of SNDlib, XML or native text, which has no lengths: say which.

        Parameters
        ----------
        path : str or Path
            The file; its links are fibre pairs, or one-way where every link has another that goes back.
        places : str, optional
            As in :meth:`from_topohub`; nobel-eu, nobel-us, dfn-bwin and pdh are in degrees.minutes, and an XML file
            that says ``pixel`` needs no word.
        length_km : float, optional
            Length of every link, or of those without places. [km]
        great_circle_factor : float, optional
            As in :meth:`from_topohub`. [1]
        directed : bool, optional
            As in :meth:`from_networkx`.
        drop_isolated : bool
            As in :meth:`from_networkx`.

        Raises
        ------
        ValueError, OSError
            As :meth:`from_topohub`, and if a length is missing.
        """
        from qpsviz.network.importers import Lengths, build, read_sndlib

        lengths = Lengths(length_km, great_circle_factor=great_circle_factor)
        read, told = read_sndlib(Path(path), places=places, directed=directed)
        return build(read, lengths=lengths, places=_drawn(told), drop_isolated=drop_isolated)

    @classmethod
    def from_sequence(
        cls, path: str | Path, *, bsm_nodes: str = "refuse", length_unit: str | None = None, drop_isolated: bool = False
    ) -> Network:
        """A network from a configuration of SeQUeNCe in JSON, which is in metres and dB per metre.

        Parameters
        ----------
        path : str or Path
            The file. ``qconnections`` are fibre pairs, ``qchannels`` one-way links; classical channels and their
            delays are left out, because our headers travel in the fibre of their payload.
        bsm_nodes : str
            A BSMNode measures photons, and none goes on from it. ``"refuse"`` says so; ``"join"`` makes one fibre
            pair of the two fibres that end there.
        length_unit : str, optional
            ``"km"``: the file is in km and dB/km, against its own convention; ``"m"``: it is not, however high its
            attenuation. Without a word more than 0.01 dB/m is refused, because 0.2 is the usual slip.
        drop_isolated : bool
            As in :meth:`from_networkx`.

        Raises
        ------
        ValueError, OSError
            As :meth:`from_graphml`.
        """
        from qpsviz.network.importers import Lengths, build, read_sequence

        read = read_sequence(Path(path), bsm_nodes=bsm_nodes, length_unit=length_unit)
        return build(read, lengths=Lengths(), places=None, drop_isolated=drop_isolated)

    @classmethod
    def from_text(cls, text: str, *, name: str = "network", drop_isolated: bool = False) -> Network:
        """A network that is typed as paths.

        Parameters
        ----------
        text : str
            Lines such as ``Alice <==20km==> Relay <==5km, 0.25dB/km==> Bob``; ``==20km==>`` is one-way, and what
            follows ``#`` a comment. An arrow says a length in km or m, and may say ``dB/km``, more loss in ``dB``,
            depolarising per ``/km``, and classical light in ``dBm``. The same arrow twice is two fibres.
        name : str
            What to call it.
        drop_isolated : bool
            As in :meth:`from_networkx`.

        Raises
        ------
        ValueError
            If a line cannot be read; the message names line, stations and reason.

        Examples
        --------
        >>> from qpsviz import Network
        >>> Network.from_text("Alice <==20km==> Relay ==500m, 1.5dB==> Bob").links["length_km"].tolist()
        [20.0, 20.0, 0.5]
        """
        from qpsviz.network.importers import Lengths, build, read_plain_text

        read = read_plain_text(text, name=name, source=name)
        return build(read, lengths=Lengths(), places=None, drop_isolated=drop_isolated)

    @classmethod
    def from_qpsviz(cls, path: str | Path) -> Network:
        """A network from a file that holds what :meth:`qpsviz.Network.to_json` wrote.

        Raises
        ------
        ValueError
            If it is no such file, or a value is unknown, missing or out of range; the message names the file.
        OSError
            If it cannot be opened.
        """
        from qpsviz.network.importers import read_own_json

        return read_own_json(Path(path))


def _drawn(places: str | None) -> str | None:
    """What is left to say about coordinates once a reader has understood their degrees."""
    from qpsviz.network.importers.degrees import Coordinates

    return Coordinates.DRAWING if places == Coordinates.DRAWING else None
