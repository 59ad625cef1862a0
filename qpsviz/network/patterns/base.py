"""What every pattern of traffic offers, and what a traffic says of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from qpsviz.network.network import Network
from qpsviz.units import Array, Column


class PairSettings(Protocol):
    """What :class:`qpsviz.Traffic` says of pairs, under the names that it gives them."""

    @property
    def pairs(self) -> str:
        """One of ``PAIRS``."""

    @property
    def weights(self) -> Sequence[float] | None:
        """Of the nodes. [1]"""

    @property
    def hot_node(self) -> int | None:
        """The user to whom a share of the sessions goes."""

    @property
    def hot_share(self) -> float:
        """That share. [1]"""


class Draw(Protocol):
    """Users of sessions in order: the same ones in parts of any size."""

    def senders(self, n_sessions: int) -> Column:
        """The users that begin the next sessions."""

    def receivers(self, sender: Column) -> Column:
        """The users that these sessions go to."""


class Pattern(Protocol):
    """Who talks to whom."""

    @property
    def is_even(self) -> bool:
        """Whether all pairs have equal shares."""

    def shares(self, sender: Column) -> Array:
        """Share of all sessions that goes from each of these users (rows) to every user that receives (columns). [1]"""

    def of_senders(self) -> Array:
        """Share of all sessions that each user begins. [1]"""

    def begin(self, of_senders: np.random.Generator, of_receivers: np.random.Generator) -> Draw:
        """Draw from the first session on."""


def degrees(network: Network) -> Column:
    """Links that leave each node."""
    return np.bincount(network.link_from, minlength=network.n_nodes)
