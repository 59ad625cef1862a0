"""The networks of the menu, and those that are opened from a file."""

from __future__ import annotations

import hashlib
import re
import tempfile
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from qpsviz.errors import ParameterError
from qpsviz.network import Network
from qpsviz.network.importers.graph import GraphError

#: A file that holds as many stations as are read at most is far smaller.
LONGEST_FILE = 4_000_000
MOST_KEPT = 8
_OWN = re.compile(r"own-[0-9a-f]{16}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A network of the menu: what it is called, where its lengths come from, and how it is made."""

    title: str
    lengths: str
    make: Callable[[], Network]


MENU: dict[str, Entry] = {
    "metro": Entry(
        title="Metro ring, 16 users", lengths="10 km a link, chosen by us.",
        make=lambda: Network.ring(n_nodes=16, length_km=10.0),
    ),
    "star": Entry(
        title="Star, 12 users and a hub", lengths="10 km a link, chosen by us.",
        make=lambda: Network.star(n_users=12, length_km=10.0),
    ),
    "grid": Entry(
        title="Grid, 6 × 6 users", lengths="10 km a link, chosen by us.",
        make=lambda: Network.grid(n_rows=6, n_columns=6, length_km=10.0),
    ),
    "nsfnet": Entry(
        title="NSFNET, 14 nodes", lengths="Published lengths of 300 to 4,800 km; none is a measured fibre.",
        make=Network.nsfnet,
    ),
    "nsfnet-small": Entry(
        title="NSFNET, scaled to a city", lengths="Published lengths, scaled to 20 km on average.",
        make=lambda: Network.nsfnet(mean_length_km=20.0),
    ),
    "cost239": Entry(
        title="COST 239, 11 cities", lengths="Published lengths of 210 to 1,310 km; none is a measured fibre.",
        make=Network.cost239,
    ),
    "cost239-small": Entry(
        title="COST 239, scaled to a city", lengths="Published lengths, scaled to 20 km on average.",
        make=lambda: Network.cost239(mean_length_km=20.0),
    ),
    "waxman": Entry(
        title="Waxman, 40 users", lengths="Straight lines in a square of 100 km.",
        make=lambda: Network.waxman(n_nodes=40, alpha=0.3, beta=0.6, side_km=100.0, seed=6),
    ),
    "random": Entry(
        title="Random regular, 1,024 users", lengths="20 km a link, chosen by us; places are ours, too.",
        make=lambda: Network.random_regular(n_nodes=1024, degree=4, length_km=20.0),
    ),
}  # fmt: skip
_own: OrderedDict[str, Network] = OrderedDict()


@cache
def _made(name: str) -> Network:
    """A network of the menu, with the routes that are found for it once."""
    return MENU[name].make()


def is_own(name: str) -> bool:
    """Whether a word is one that a file was given."""
    return bool(_OWN.fullmatch(name))


def network_named(name: str) -> Network:
    """A network of the menu, or one from a file.

    Raises
    ------
    ParameterError
        If it is neither, or its file was opened too long ago.
    """
    if name in MENU:
        return _made(name)
    if name not in _own:
        raise ParameterError("network", "this network is no longer at hand: open its file again")
    _own.move_to_end(name)
    return _own[name]


def open_file(name: str, text: str, *, length_km: float | None = None) -> str:
    """Read a network from what is in a file, and keep it.

    Parameters
    ----------
    name : str
        Name of the file: its end says which format it may have.
    text : str
        What is in it; untrusted.
    length_km : float, optional
        Length of links that state none. [km]

    Returns
    -------
    str
        The word of this network.

    Raises
    ------
    ValueError
        If it is too long, cannot be read, or a length is missing; the message names the file, the element and why.
    """
    if len(text) > LONGEST_FILE:
        raise ParameterError("file", f"{_short(name)} is longer than {LONGEST_FILE // 1_000_000} MB")
    try:
        network = _read(name, text, length_km)
    except GraphError as error:  # hints for programs are none for a page
        raise GraphError(error.source, error.element, error.reason.partition("; write")[0]) from None
    network.hops_between_ends  # noqa: B018  # it refuses a network in which not all can talk to each other
    word = f"own-{hashlib.sha256(repr((name, text, length_km)).encode()).hexdigest()[:16]}"
    _own[word] = network
    while len(_own) > MOST_KEPT:
        _own.popitem(last=False)
    return word


def _read(name: str, text: str, length_km: float | None) -> Network:
    from qpsviz.network.importers import file_format

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / _short(name)
        path.write_text(text, encoding="utf-8", errors="replace")  # a lone surrogate is no character of any file
        kind = file_format(path)
        if kind == "text":
            return Network.from_text(text, name=path.name)
        given = {} if length_km is None or kind in ("gnpy", "sequence", "qpsviz") else {"length_km": length_km}
        read: Callable[..., Network] = getattr(Network, f"from_{kind}")
        return read(path, **given)


def _short(name: str) -> str:
    """A name that is safe in any folder, with its end."""
    stem, dot, suffix = Path(name.replace("\\", "/")).name.rpartition(".")
    safe = re.sub(r"[^\w .()-]", "_", stem if dot else suffix)[:60].strip(". ") or "network"
    return f"{safe}.{re.sub(r'[^A-Za-z]', '', suffix)[:10]}" if dot else safe
