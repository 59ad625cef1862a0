"""Pairs in proportion to the weights of both users."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from qpsviz.errors import ParameterError
from qpsviz.network.network import Network
from qpsviz.network.patterns.base import Draw, PairSettings, degrees
from qpsviz.units import Array, Column
from qpsviz.units.checks import numbers


@dataclass(frozen=True, eq=False)
class Gravity:
    """In proportion to the weights of both, one weight per user: the gravity model without distance."""

    weights: Array
    is_even = False

    @classmethod
    def of(cls, settings: PairSettings, network: Network) -> Gravity:
        """That of a network of users, by the weights given or else by how many links leave each."""
        return cls(_weights(network, settings.weights))

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


def _weights(network: Network, weights: Sequence[float] | None) -> Array:
    """Weight of each user."""
    given: Array = numbers("weights", degrees(network) if weights is None else weights).astype(np.float64)
    if given.shape != (network.n_nodes,):
        raise ParameterError("weights", f"weights must be {network.n_nodes} numbers, one per node, got {given.size}")
    of_users = given[network.ends[0]]
    if not np.all(np.isfinite(of_users)) or np.any(of_users < 0) or np.count_nonzero(of_users) < 2:
        raise ParameterError("weights", "weights must be numbers of at least 0, and above 0 for at least two users")
    relative: Array = of_users / of_users.max()
    return relative
