"""Who talks to whom: chances of all pairs of users, and pairs drawn one after another.

Users are counted from 0 among those that send, and among those that receive; on a network that is no line these are
the same ones, and nobody talks to itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from qpsviz.errors import ParameterError
from qpsviz.network.network import Network
from qpsviz.units import Array, Column

PAIRS = ("even", "all", "gravity", "hot_spot")


class Draw(Protocol):
    """Users of sessions in order: the same ones in parts of any size."""

    def senders(self, n_sessions: int) -> Column:
        """The users that begin the next sessions."""

    def receivers(self, sender: Column) -> Column:
        """The users that these sessions go to."""


class Pattern(Protocol):
    """Who talks to whom."""

    def shares(self, sender: Column) -> Array:
        """Share of all sessions that goes from each of these users (rows) to every user that receives (columns). [1]"""

    def of_senders(self) -> Array:
        """Share of all sessions that each user begins. [1]"""

    def begin(self, of_senders: np.random.Generator, of_receivers: np.random.Generator) -> Draw:
        """Draw from the first session on."""


@dataclass(frozen=True, kw_only=True)
class Even:
    """Every pair alike, each session by itself."""

    n_senders: int
    n_receivers: int
    is_line: bool

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
        return _EvenDraw(self, of_senders, of_receivers)


class _EvenDraw:
    def __init__(self, pattern: Even, of_senders: np.random.Generator, of_receivers: np.random.Generator) -> None:
        self._pattern = pattern
        self._of_senders, self._of_receivers = of_senders, of_receivers

    def senders(self, n_sessions: int) -> Column:
        drawn: Column = self._of_senders.integers(self._pattern.n_senders, size=n_sessions)
        return drawn

    def receivers(self, sender: Column) -> Column:
        if self._pattern.is_line:
            return self._of_receivers.integers(self._pattern.n_receivers, size=sender.size)
        n = self._pattern.n_senders
        other: Column = (sender + self._of_receivers.integers(1, n, size=sender.size)) % n
        return other


@dataclass(frozen=True, kw_only=True)
class All:
    """Every pair equally often: all users begin a session before any begins its next, each with all others in turn."""

    n_users: int

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


@dataclass(frozen=True, eq=False)
class Gravity:
    """In proportion to the weights of both, one weight per user: the gravity model without distance."""

    weights: Array

    def shares(self, sender: Column) -> Array:
        """Product of both weights, over the sum for all pairs of two."""
        w = self.weights
        shares: Array = w[sender][:, None] * w[None, :]
        shares[np.arange(sender.size), sender] = 0.0
        shares /= float(np.sum(w * (w.sum() - w)))
        return shares

    def of_senders(self) -> Array:
        """By the own weight times those of all others."""
        shares: Array = self.weights * (self.weights.sum() - self.weights)
        shares /= float(shares.sum())
        return shares

    def begin(self, of_senders: np.random.Generator, of_receivers: np.random.Generator) -> Draw:
        """Sender by its share of all sessions, receiver by its weight among the others."""
        return _GravityDraw(self.weights, of_senders, of_receivers)


class _GravityDraw:
    def __init__(self, weights: Array, of_senders: np.random.Generator, of_receivers: np.random.Generator) -> None:
        self._weights = weights
        self._until: Array = np.cumsum(weights)
        self._of_sender: Array = np.cumsum(Gravity(weights).of_senders())
        self._of_senders, self._of_receivers = of_senders, of_receivers
        self._last_but_one, self._last = np.flatnonzero(weights)[-2:].tolist()

    def senders(self, n_sessions: int) -> Column:
        at = self._of_senders.random(n_sessions) * self._of_sender[-1]
        found: Column = np.searchsorted(self._of_sender, at, side="right")
        return np.asarray(np.minimum(found, self._last))

    def receivers(self, sender: Column) -> Column:
        own = self._weights[sender]
        at = self._of_receivers.random(sender.size) * (self._until[-1] - own)
        # The sender's own weight is stepped over.
        at += np.where(at >= self._until[sender] - own, own, 0.0)
        found: Column = np.minimum(np.searchsorted(self._until, at, side="right"), self._last)
        # Rounding may end at the sender itself.
        return np.where(found == sender, np.where(sender == self._last, self._last_but_one, self._last), found)


@dataclass(frozen=True, kw_only=True)
class HotSpot:
    """A share of the sessions of all other users goes to one, the rest evenly to all, that one too.

    Pfister and Norton, IEEE Trans. Comput. C-34, 943 (1985).
    """

    n_users: int
    hot_user: int
    hot_share: float

    def shares(self, sender: Column) -> Array:
        """Each user begins as many sessions as any other."""
        is_other = sender != self.hot_user
        shares: Array = np.full((sender.size, self.n_users), 1.0 / (self.n_users - 1))
        shares[np.arange(sender.size), sender] = 0.0
        shares[is_other] *= 1.0 - self.hot_share
        shares[is_other, self.hot_user] += self.hot_share
        return shares / self.n_users

    def of_senders(self) -> Array:
        """Equal for all."""
        return np.full(self.n_users, 1.0 / self.n_users)

    def begin(self, of_senders: np.random.Generator, of_receivers: np.random.Generator) -> Draw:
        """Evenly, and then a share of the receivers is changed: more with a larger share, and the same ones."""
        return _HotSpotDraw(self, of_senders, of_receivers)


class _HotSpotDraw(_EvenDraw):
    def __init__(self, pattern: HotSpot, of_senders: np.random.Generator, of_receivers: np.random.Generator) -> None:
        n = pattern.n_users
        super().__init__(Even(n_senders=n, n_receivers=n, is_line=False), of_senders, of_receivers)
        self._hot = pattern
        (self._of_changes,) = of_receivers.spawn(1)

    def receivers(self, sender: Column) -> Column:
        other = super().receivers(sender)
        is_changed = (self._of_changes.random(sender.size) < self._hot.hot_share) & (sender != self._hot.hot_user)
        return np.where(is_changed, self._hot.hot_user, other)


def pattern_of(
    pairs: str, network: Network, *, weights: Sequence[float] | None, hot_node: int | None, hot_share: float
) -> Pattern:
    """The pattern of one of ``PAIRS`` on a network; the arguments are those of :class:`qpsviz.Traffic`.

    Raises
    ------
    ValueError
        If the network is a line, or weights or the hot node do not fit it.
    """
    senders, receivers = network.ends
    if pairs == "even":
        return Even(n_senders=len(senders), n_receivers=len(receivers), is_line=network.is_line)
    if network.is_line:
        raise ParameterError("pairs", f"pairs = {pairs!r} needs users; on a line one sends: leave it at 'even'")
    if pairs == "all":
        return All(n_users=len(senders))
    if pairs == "gravity":
        return Gravity(_weights(network, weights))
    if hot_node is None:  # the first of those with the most links
        hot_node = senders[int(np.argmax(_degrees(network)[senders]))]
    if hot_node not in senders:
        raise ParameterError("hot_node", f"hot_node = {hot_node!r} is no user of network {network.name!r}")
    return HotSpot(n_users=len(senders), hot_user=senders.index(hot_node), hot_share=hot_share)


def _degrees(network: Network) -> Column:
    """Links that leave each node."""
    return np.bincount(network.link_from, minlength=network.n_nodes)


def _weights(network: Network, weights: Sequence[float] | None) -> Array:
    """Weight of each user."""
    given: Array = np.asarray(_degrees(network) if weights is None else weights, dtype=np.float64)
    if given.shape != (network.n_nodes,):
        raise ParameterError("weights", f"weights must be {network.n_nodes} numbers, one per node, got {given.size}")
    of_users = given[network.ends[0]]
    if not np.all(np.isfinite(of_users)) or np.any(of_users < 0) or np.count_nonzero(of_users) < 2:
        raise ParameterError("weights", "weights must be numbers of at least 0, and above 0 for at least two users")
    relative: Array = of_users / of_users.max()
    return relative
