"""Every pair equally often, in rounds of all users."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from qpsviz.network.network import Network
from qpsviz.network.patterns.base import Draw, PairSettings
from qpsviz.network.patterns.even import Even
from qpsviz.units import Array, Column


@dataclass(frozen=True, kw_only=True)
class All:
    """Every pair equally often: all users begin a session before any begins its next, each with all others in turn."""

    n_users: int
    is_even = True

    @classmethod
    def of(cls, _: PairSettings, network: Network) -> All:
        """That of a network of users."""
        return cls(n_users=len(network.ends[0]))

    def shares(self, sender: Column) -> Array:
        """Equal for all pairs of two."""
        return Even(n_senders=self.n_users, n_receivers=self.n_users, is_line=False).shares(sender)

    def of_senders(self) -> Array:
        """Equal for all."""
        return np.full(self.n_users, 1.0 / self.n_users)

    def begin(self, of_senders: np.random.Generator, of_receivers: np.random.Generator) -> Draw:
        """Senders in an order drawn anew each time, others in one order of how far they are counted from the sender."""
        return _AllDraw(self.n_users, of_senders, 1 + of_receivers.permutation(self.n_users - 1))


class _AllDraw:
    def __init__(self, n_users: int, of_senders: np.random.Generator, steps: Column) -> None:
        self._of_senders = of_senders
        self._steps = steps
        self._left: Column = np.empty(0, dtype=np.int64)
        self._n_begun: Column = np.zeros(n_users, dtype=np.int64)

    def senders(self, n_sessions: int) -> Column:
        n_users = self._n_begun.size
        n_rounds = max(0, -(-(n_sessions - self._left.size) // n_users))
        rounds = np.broadcast_to(np.arange(n_users), (n_rounds, n_users))
        drawn = np.concatenate([self._left, self._of_senders.permuted(rounds, axis=1).ravel()])
        self._left = drawn[n_sessions:]
        return drawn[:n_sessions]

    def receivers(self, sender: Column) -> Column:
        order = np.argsort(sender, kind="stable")
        counts = np.bincount(sender, minlength=self._n_begun.size)
        # How many sessions of the same user come before each.
        before = np.empty(sender.size, dtype=np.int64)
        before[order] = np.arange(sender.size) - np.repeat(np.cumsum(counts) - counts, counts)
        turn = (self._n_begun[sender] + before) % self._steps.size
        self._n_begun += counts
        other: Column = (sender + self._steps[turn]) % self._n_begun.size
        return other
