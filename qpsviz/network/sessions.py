"""Sessions of frames: when each starts, where from and where to, taken all at once or a part at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from qpsviz.network.network import Network
from qpsviz.network.roles import Role
from qpsviz.network.routes import Ints
from qpsviz.units import Array


@dataclass(frozen=True, kw_only=True)
class Sessions:
    """Sessions in order of time: when each starts, where from, where to (one destination per arm)."""

    start_us: Array
    source: Ints
    destination: Ints

    def part(self, n_before: int, n_until: int) -> Sessions:
        """The sessions behind the first ``n_before``, up to ``n_until`` from the first on."""
        n_arms = len(self.destination) // max(len(self.source), 1)
        destination = self.destination[n_before * n_arms : n_until * n_arms]
        return Sessions(
            start_us=self.start_us[n_before:n_until], source=self.source[n_before:n_until], destination=destination
        )

    def then(self, later: Sessions) -> Sessions:
        """These sessions and later ones."""
        return Sessions(
            start_us=np.concatenate([self.start_us, later.start_us]),
            source=np.concatenate([self.source, later.source]),
            destination=np.concatenate([self.destination, later.destination]),
        )


class SessionStream:
    """Sessions in order of time, taken a part at a time: the same ones whatever the parts.

    Parameters
    ----------
    begin : callable
        Returns a function of two places that gives the sessions from the one to before the other, and that is asked
        for one part after the other.
    n_arms : int
        Frames that a source sends together.
    max_hops : int
        Links on the longest path of any session.
    """

    def __init__(self, begin: Callable[[], Callable[[int, int], Sessions]], *, n_arms: int, max_hops: int) -> None:
        self._begin = begin
        self.n_arms, self.max_hops = n_arms, max_hops
        self._between = begin()
        self.n_taken = 0

    def take(self, n_sessions: int) -> Sessions:
        """The next sessions."""
        start, self.n_taken = self.n_taken, self.n_taken + n_sessions
        return self._between(start, self.n_taken)

    def again(self) -> SessionStream:
        """The same sessions from the first on."""
        return SessionStream(self._begin, n_arms=self.n_arms, max_hops=self.max_hops)

    @classmethod
    def listed(cls, network: Network, sessions: Sessions) -> SessionStream:
        """Sessions that are known from the start.

        Raises
        ------
        ValueError
            If there is no path for one of them.
        """
        n_arms = len(sessions.destination) // max(len(sessions.source), 1)
        n_hops = network.n_hops(np.repeat(sessions.source, n_arms), sessions.destination)
        return cls(lambda: sessions.part, n_arms=n_arms, max_hops=int(n_hops.max()))


def from_one_source(network: Network) -> Sessions:
    """The one session of a line's own source, from time 0: to its receiver, or to both at once.

    Raises
    ------
    ValueError
        If the network has no such source.
    """
    origin = network.with_role(Role.SENDER) or network.with_role(Role.SOURCE)
    destinations = network.with_role(Role.RECEIVER)
    if len(origin) != 1 or len(destinations) not in (1, 2):
        raise ValueError(f"network {network.name!r} has no single source; say who sends with traffic=Traffic(…)")
    return Sessions(
        start_us=np.zeros(1),
        source=np.asarray(origin, dtype=np.int32),
        destination=np.asarray(destinations, dtype=np.int32),
    )
