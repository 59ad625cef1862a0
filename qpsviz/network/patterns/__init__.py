"""Who talks to whom: chances of all pairs of users, and pairs drawn one after another.

Users are counted from 0 among those that send, and among those that receive; on a network that is no line these are
the same ones, and nobody talks to itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from qpsviz.errors import ParameterError
from qpsviz.network.network import Network
from qpsviz.network.patterns.all_pairs import All
from qpsviz.network.patterns.base import Draw, PairSettings, Pattern
from qpsviz.network.patterns.even import Even
from qpsviz.network.patterns.gravity import Gravity
from qpsviz.network.patterns.hot_spot import HotSpot

__all__ = ["PAIRS", "PATTERNS", "Draw", "Pattern", "pattern_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """A pattern: how it is made for a network, the settings that only it has, and whether one sender can keep it."""

    of: Callable[[PairSettings, Network], Pattern]
    settings: tuple[str, ...] = ()
    suits_line: bool = False


PATTERNS = {
    "even": Declared(of=Even.of, suits_line=True),
    "all": Declared(of=All.of),
    "gravity": Declared(of=Gravity.of, settings=("weights",)),
    "hot_spot": Declared(of=HotSpot.of, settings=("hot_node",)),
}
PAIRS = tuple(PATTERNS)


def pattern_of(settings: PairSettings, network: Network) -> Pattern:
    """The pattern that a traffic asks for, on a network.

    Raises
    ------
    ValueError
        If the network is a line, or weights or the hot node do not fit it.
    """
    declared = PATTERNS[settings.pairs]
    if network.is_line and not declared.suits_line:
        known = " or ".join(repr(word) for word, other in PATTERNS.items() if other.suits_line)
        raise ParameterError(
            "pairs", f"pairs = {settings.pairs!r} needs users; on a line one sends: leave it at {known}"
        )
    return declared.of(settings, network)
