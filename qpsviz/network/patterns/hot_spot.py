"""A share of all sessions goes to one user."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from qpsviz.errors import ParameterError
from qpsviz.network.network import Network
from qpsviz.network.patterns.base import Draw, PairSettings, degrees
from qpsviz.network.patterns.even import Even, EvenDraw
from qpsviz.units import Array, Column


@dataclass(frozen=True, kw_only=True)
class HotSpot:
    """A share of the sessions of all other users goes to one, the rest evenly to all, that one too.

    Pfister and Norton, IEEE Trans. Comput. C-34, 943 (1985).
    """

    n_users: int
    hot_user: int
    hot_share: float
    is_even = False

    @classmethod
    def of(cls, settings: PairSettings, network: Network) -> HotSpot:
        """That of a network of users, at the node given or else at the first of those with the most links."""
        senders, node = network.ends[0], settings.hot_node
        if node is None:
            node = senders[int(np.argmax(degrees(network)[senders]))]
        if node not in senders:
            raise ParameterError("hot_node", f"hot_node = {node!r} is no user of network {network.name!r}")
        return cls(n_users=len(senders), hot_user=senders.index(node), hot_share=settings.hot_share)

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


class _HotSpotDraw(EvenDraw):
    def __init__(self, pattern: HotSpot, of_senders: np.random.Generator, of_receivers: np.random.Generator) -> None:
        n = pattern.n_users
        super().__init__(Even(n_senders=n, n_receivers=n, is_line=False), of_senders, of_receivers)
        self._hot = pattern
        (self._of_changes,) = of_receivers.spawn(1)

    def receivers(self, sender: Column) -> Column:
        other = super().receivers(sender)
        is_changed = (self._of_changes.random(sender.size) < self._hot.hot_share) & (sender != self._hot.hot_user)
        return np.where(is_changed, self._hot.hot_user, other)
