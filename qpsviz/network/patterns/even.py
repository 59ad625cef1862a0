"""Every pair alike, each session by itself."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from qpsviz.network.network import Network
from qpsviz.network.patterns.base import Draw, PairSettings
from qpsviz.units import Array, Column


@dataclass(frozen=True, kw_only=True)
class Even:
    """Every pair alike, each session by itself."""

    n_senders: int
    n_receivers: int
    is_line: bool
    is_even = True

    @classmethod
    def of(cls, _: PairSettings, network: Network) -> Even:
        """That of a network."""
        senders, receivers = network.ends
        return cls(n_senders=len(senders), n_receivers=len(receivers), is_line=network.is_line)

    def shares(self, sender: Column) -> Array:
        """Equal for all pairs of two."""
        n_pairs = self.n_senders * (self.n_receivers - (not self.is_line))
        shares = np.full((sender.size, self.n_receivers), 1.0 / n_pairs)
        if not self.is_line:
            shares[np.arange(sender.size), sender] = 0.0
        return shares

    def of_senders(self) -> Array:
        """Equal for all."""
        return np.full(self.n_senders, 1.0 / self.n_senders)

    def begin(self, of_senders: np.random.Generator, of_receivers: np.random.Generator) -> Draw:
        """Sender and receiver evenly."""
        return EvenDraw(self, of_senders, of_receivers)


class EvenDraw:
    """Sender and receiver evenly."""

    def __init__(self, pattern: Even, of_senders: np.random.Generator, of_receivers: np.random.Generator) -> None:
        self._pattern = pattern
        self._of_senders, self._of_receivers = of_senders, of_receivers

    def senders(self, n_sessions: int) -> Column:
        """The users that begin the next sessions."""
        drawn: Column = self._of_senders.integers(self._pattern.n_senders, size=n_sessions)
        return drawn

    def receivers(self, sender: Column) -> Column:
        """The users that these sessions go to."""
        if self._pattern.is_line:
            return self._of_receivers.integers(self._pattern.n_receivers, size=sender.size)
        n = self._pattern.n_senders
        other: Column = (sender + self._of_receivers.integers(1, n, size=sender.size)) % n
        return other
