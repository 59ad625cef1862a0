"""Networks and their traffic as they are written on the command line."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from qpsviz.cli.usage import UsageError
from qpsviz.scenario import Scenario
from qpsviz.sim import Network, Traffic
from qpsviz.units import parse_quantity

NETWORK_HELP = "ring:NODES:KM, grid:ROWSxCOLUMNS:KM, random:NODES:DEGREE:KM (KM per link), nsfnet, or a .graphml file"


def add_network_flags(parser: argparse.ArgumentParser) -> None:
    """Add ``--network``, ``--load`` and what belongs to them."""
    group = parser.add_argument_group("network and traffic")
    group.add_argument("--network", metavar="NETWORK", help=f"{NETWORK_HELP}; default: the line of the scenario")
    group.add_argument("--length-unit", metavar="UNIT", help="of a file's lengths that state none: m or km")
    group.add_argument("--link-km", metavar="KM", help="length of each link of a file that states none")
    group.add_argument("--load", metavar="X", help="payload time asked of the average link per unit of time")
    group.add_argument(
        "--frames-per-session", metavar="N", help="frames that a user sends one after another (default 1)"
    )


def read_network(arguments: argparse.Namespace, scenario: Scenario) -> tuple[Network | None, Traffic | None]:
    """The network and the traffic of the flags; both None for the scenario's own line and source.

    Raises
    ------
    UsageError
        If the text is no network, or a network has no traffic.
    """
    link_km = None if arguments.link_km is None else _length(arguments.link_km)
    network = None
    if arguments.network is None and (link_km is not None or arguments.length_unit is not None):
        raise UsageError("--length-unit and --link-km belong to --network with a file")
    if arguments.network is not None:
        network = named_network(arguments.network, length_unit=arguments.length_unit, link_km=link_km)
    if arguments.load is None:
        if network is not None:
            raise UsageError("--network needs traffic: say how much with --load, for example --load 0.6")
        if arguments.frames_per_session is not None:
            raise UsageError("--frames-per-session belongs to --load")
        return None, None
    traffic = Traffic(
        load=_number("--load", arguments.load),
        n_frames=scenario.source.n_frames,
        n_frames_per_session=_whole("--frames-per-session", arguments.frames_per_session or "1"),
    )
    return network, traffic


def named_network(text: str, *, length_unit: str | None = None, link_km: float | None = None) -> Network:
    """A network from its text.

    Parameters
    ----------
    text : str
        A kind with its numbers, or a GraphML file.
    length_unit : str, optional
        Unit of a file's lengths that state none.
    link_km : float, optional
        Length of the links of a file that states none. [km]

    Raises
    ------
    UsageError
        If the text is no network.

    Examples
    --------
    >>> named_network("ring:6:5km").n_nodes, named_network("grid:2x3:10").n_nodes
    (6, 6)
    """
    kind, *parts = text.split(":")
    if kind.lower() in _KINDS:
        n_parts, make = _KINDS[kind.lower()]
        if length_unit is not None or link_km is not None:
            raise UsageError(f"--network {text!r} states its lengths; --length-unit and --link-km belong to a file")
        if len(parts) == n_parts:
            return make(*parts)
    elif Path(text).suffix.lower() in (".graphml", ".xml"):
        return Network.from_graphml(text, length_unit=length_unit, length_km=link_km)
    raise UsageError(f"--network {text!r} must be {NETWORK_HELP}")


def _ring(nodes: str, length: str) -> Network:
    return Network.ring(n_nodes=_stations("NODES", nodes), length_km=_length(length))


def _grid(size: str, length: str) -> Network:
    rows, _, columns = size.lower().partition("x")
    n_rows = _stations("ROWS", rows)
    n_columns = _stations("COLUMNS", columns, n_at_once=n_rows)
    return Network.grid(n_rows=n_rows, n_columns=n_columns, length_km=_length(length))


def _random(nodes: str, degree: str, length: str) -> Network:
    n_nodes, each = _stations("NODES", nodes), _whole("DEGREE", degree)
    return Network.random_regular(n_nodes=n_nodes, degree=each, length_km=_length(length))


_KINDS: dict[str, tuple[int, Callable[..., Network]]] = {
    "ring": (2, _ring),
    "grid": (2, _grid),
    "random": (3, _random),
    "nsfnet": (0, Network.nsfnet),
}


def _stations(name: str, text: str, *, n_at_once: int = 1) -> int:
    """A number of stations, or of rows of them, that a table of routes can still be made for."""
    from qpsviz.sim.importers.build import MAX_STATIONS

    number = _whole(name, text)
    if number * n_at_once > MAX_STATIONS:
        raise UsageError(f"{name} = {text!r}: a network has at most {MAX_STATIONS} stations")
    return number


def _whole(name: str, text: str) -> int:
    if not text.strip().isdecimal():
        raise UsageError(f"{name} = {text!r} must be a whole number")
    return int(text)


def _number(name: str, text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise UsageError(f"{name} = {text!r} must be a number") from None


def _length(text: str) -> float:
    try:
        return parse_quantity(text, "km")
    except ValueError as error:
        raise UsageError(f"KM: {error}") from None
