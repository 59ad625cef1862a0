"""Networks and their traffic as they are written on the command line."""

from __future__ import annotations

import argparse
import inspect
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from qpsviz.cli.usage import UsageError
from qpsviz.errors import ParameterError
from qpsviz.network.importers import SUFFIXES, file_format
from qpsviz.network.importers.graph import GraphError
from qpsviz.network.importers.markup import read_text
from qpsviz.scenario import Scenario
from qpsviz.sim import Network, Traffic
from qpsviz.units import parse_quantity

_OF_FILES = (
    "length_unit", "length_attribute", "length_km", "great_circle_factor",
    "places", "directed", "drop_isolated", "graph", "amplifiers", "wavelength_nm", "bsm_nodes",
)  # fmt: skip
_WORDS = ({"True": "yes", "False": "no"}, {"True": "", "False": ""})


def add_network_flags(parser: argparse.ArgumentParser) -> None:
    """Add ``--network``, ``--load`` and what belongs to them."""
    group = parser.add_argument_group("network and traffic")
    group.add_argument("--network", metavar="NETWORK", help=f"{NETWORK_HELP}; default: the line of the scenario")
    group.add_argument("--load", metavar="X", help="payload time asked of the average link per unit of time")
    group.add_argument(
        "--frames-per-session", metavar="N", help="frames that a user sends one after another (default 1)"
    )
    _add_file_flags(parser.add_argument_group("a network from a file"))


def _add_file_flags(group: argparse._ArgumentGroup) -> None:
    """Add what may be said about a file that does not say it itself."""
    group.add_argument("--length-unit", choices=("km", "m"), help="of lengths that state none")
    group.add_argument("--length-attribute", metavar="NAME", help="the attribute of an edge that is its length")
    group.add_argument("--link-km", metavar="KM", help="length of each link that states none")
    group.add_argument(
        "--great-circle-factor", metavar="X", help="length of such links as a multiple of the path between their places"
    )
    group.add_argument("--places", choices=("degrees", "degrees.minutes", "drawing"), help="what its coordinates are")
    group.add_argument("--directed", choices=("yes", "no"), help="whether every edge is one-way, whatever it says")
    group.add_argument(
        "--drop-isolated", action="store_const", const=True, help="leave out stations that have no fibre"
    )
    group.add_argument("--graph", metavar="ID", help="of several graphs in the file: its id, or its number from 0")
    group.add_argument("--amplifiers", choices=("refuse", "leave_out"), help="links with amplifiers (GNPy)")
    group.add_argument("--wavelength-nm", metavar="NM", help="where a loss by frequency is read (GNPy; default 1550)")
    group.add_argument("--bsm-nodes", choices=("refuse", "join"), help="stations that measure photons (SeQUeNCe)")


def read_network(arguments: argparse.Namespace, scenario: Scenario) -> tuple[Network | None, Traffic | None]:
    """The network and the traffic of the flags; both None for the scenario's own line and source.

    Raises
    ------
    UsageError
        If the text is no network, or a network has no traffic.
    """
    said = _said_of_file(arguments)
    network = None
    if arguments.network is None and said:
        raise UsageError(f"{_flag(next(iter(said)))} belongs to --network with a file")
    if arguments.network is not None:
        network = named_network(arguments.network, said)
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


def _said_of_file(arguments: argparse.Namespace) -> dict[str, Any]:
    """What the flags say about a file, under the names that the methods of :class:`qpsviz.Network` have for it."""
    said = {name: getattr(arguments, _flag(name)[2:].replace("-", "_")) for name in _OF_FILES}
    if said["length_km"] is not None:
        said["length_km"] = _length(said["length_km"])
    for name in ("great_circle_factor", "wavelength_nm"):
        if said[name] is not None:
            said[name] = _number(_flag(name), said[name])
    if said["directed"] is not None:
        said["directed"] = said["directed"] == "yes"
    return {name: value for name, value in said.items() if value is not None}


def _flag(name: str) -> str:
    """The flag of a parameter of ``from_graphml`` or another method that reads a file."""
    return "--link-km" if name == "length_km" else "--" + name.replace("_", "-")


def _in_flags(text: str) -> str:
    """A hint as it is written on the command line: ``drop_isolated=True`` as ``--drop-isolated``."""

    def flag(match: re.Match[str]) -> str:
        value = (match[2] or "").strip("'")
        return f"{_flag(match[1])} {_WORDS[match[1] == 'drop_isolated'].get(value, value)}".rstrip()

    return re.sub(rf"\b({'|'.join(_OF_FILES)})=('[\w.]+'|True|False|[-+.\de]+)?", flag, text)


def named_network(text: str, said: dict[str, Any] | None = None) -> Network:
    """A network from its text.

    Parameters
    ----------
    text : str
        A kind with its numbers, or a file.
    said : dict, optional
        What :meth:`qpsviz.Network.from_graphml`, or the method for another format, is told about a file.

    Raises
    ------
    UsageError
        If the text is no network.
    GraphError
        If the file cannot be read as a network; the hints name flags.

    Examples
    --------
    >>> named_network("ring:6:5km").n_nodes, named_network("grid:2x3:10").n_nodes
    (6, 6)
    """
    kind, *parts = text.split(":")
    if kind.lower() in _KINDS:
        numbers, make = _KINDS[kind.lower()]
        if said:
            raise UsageError(f"--network {text!r} states all itself; {_flag(next(iter(said)))} belongs to a file")
        if len(parts) == len(numbers.split(":") if numbers else ()):
            return make(*parts)
    elif Path(text).suffix.lower() in SUFFIXES:
        try:
            return _of_file(Path(text), said or {})
        except GraphError as error:
            raise GraphError(error.source, error.element, _in_flags(error.reason)) from None
        except ParameterError as error:
            raise UsageError(str(error).replace(f"{error.name} = ", f"{_flag(error.name)} ")) from None
    raise UsageError(f"--network {text!r} must be {NETWORK_HELP}")


def _of_file(path: Path, said: dict[str, Any]) -> Network:
    """The network in a file, by the method for its format, which takes what is said or it is refused."""
    kind = file_format(path)
    method: Callable[..., Network] = getattr(Network, f"from_{kind}")
    for name in said:
        if name not in inspect.signature(method).parameters:
            raise UsageError(f"{_flag(name)} says nothing about {path.name}, which is {_FORMATS[kind]}")
    if kind == "text":
        return method(read_text(path), name=path.stem, **said)
    return method(path, **said)


_FORMATS = {
    "graphml": "GraphML", "gnpy": "a topology of GNPy", "topohub": "a network of TopoHub",
    "sndlib": "a network of SNDlib", "sequence": "a configuration of SeQUeNCe", "text": "plain text",
    "qpsviz": "a network of qpsviz",
}  # fmt: skip


def _ring(nodes: str, length: str) -> Network:
    return Network.ring(n_nodes=_stations("NODES", nodes), length_km=_length(length))


def _grid(size: str, length: str) -> Network:
    rows, _, columns = size.lower().partition("x")
    n_rows = _stations("ROWS", rows)
    n_columns = _stations("COLUMNS", columns, n_at_once=n_rows)
    return Network.grid(n_rows=n_rows, n_columns=n_columns, length_km=_length(length))


def _star(users: str, length: str) -> Network:
    return Network.star(n_users=_stations("USERS", users), length_km=_length(length))


def _waxman(nodes: str, alpha: str, beta: str, side: str, seed: str) -> Network:
    return Network.waxman(
        n_nodes=_stations("NODES", nodes), alpha=_number("ALPHA", alpha), beta=_number("BETA", beta),
        side_km=_length(side), seed=_whole("SEED", seed),
    )  # fmt: skip


def _random(nodes: str, degree: str, length: str) -> Network:
    n_nodes, each = _stations("NODES", nodes), _whole("DEGREE", degree)
    return Network.random_regular(n_nodes=n_nodes, degree=each, length_km=_length(length))


#: Kind of a network to the numbers that follow it, and what makes it of them.
_KINDS: dict[str, tuple[str, Callable[..., Network]]] = {
    "ring": ("NODES:KM", _ring),
    "grid": ("ROWSxCOLUMNS:KM", _grid),
    "random": ("NODES:DEGREE:KM", _random),
    "star": ("USERS:KM", _star),
    "waxman": ("NODES:ALPHA:BETA:SIDE:SEED", _waxman),
    "nsfnet": ("", Network.nsfnet),
    "cost239": ("", Network.cost239),
}


def _network_help() -> str:
    """What may be written for a network."""
    made = ", ".join(f"{kind}:{numbers}" for kind, (numbers, _) in _KINDS.items() if numbers)
    named = ", ".join(kind for kind, (numbers, _) in _KINDS.items() if not numbers)
    return f"{made} (KM per link), {named}, or a file ({', '.join(SUFFIXES)})"


NETWORK_HELP = _network_help()


def _stations(name: str, text: str, *, n_at_once: int = 1) -> int:
    """A number of stations, or of rows of them, that a table of routes can still be made for."""
    from qpsviz.network.importers.build import MAX_STATIONS

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
        return parse_quantity(text, "1")
    except ValueError as error:
        raise UsageError(f"{name} = {text!r} must be a number ({error})") from None


def _length(text: str) -> float:
    try:
        return parse_quantity(text, "km")
    except ValueError as error:
        raise UsageError(f"KM: {error}") from None
