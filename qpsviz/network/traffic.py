"""Who sends when: Poisson sessions between drawn pairs of nodes, or a list of one's own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from qpsviz.errors import ParameterError
from qpsviz.network.checks import number, whole
from qpsviz.network.network import Network
from qpsviz.network.routes import check_paths
from qpsviz.units import Array

Ints = npt.NDArray[np.int32]
Nodes = Sequence[int]


@dataclass(frozen=True, kw_only=True)
class Sessions:
    """Sessions in order of time: when each starts, where from, where to (one target per arm)."""

    start_us: Array
    source: Ints
    target: Ints

    def part(self, n_before: int, n_sessions: int) -> Sessions:
        """So many sessions after the first ``n_before``."""
        n_arms, chosen = len(self.target) // max(len(self.source), 1), slice(n_before, n_before + n_sessions)
        target = self.target[n_before * n_arms : (n_before + n_sessions) * n_arms]
        return Sessions(start_us=self.start_us[chosen], source=self.source[chosen], target=target)

    def then(self, later: Sessions) -> Sessions:
        """These sessions and later ones."""
        return Sessions(
            start_us=np.concatenate([self.start_us, later.start_us]),
            source=np.concatenate([self.source, later.source]),
            target=np.concatenate([self.target, later.target]),
        )


class SessionStream:
    """Sessions in order of time, taken a part at a time: the same ones whatever the parts.

    Parameters
    ----------
    begin : callable
        Returns a function that gives sessions as :meth:`Sessions.part` does, and that is asked for one part after the
        other.
    """

    def __init__(self, begin: Callable[[], Callable[[int, int], Sessions]]) -> None:
        self._begin = begin
        self._part = begin()
        self.n_taken = 0

    def take(self, n_sessions: int) -> Sessions:
        """The next sessions."""
        n_before, self.n_taken = self.n_taken, self.n_taken + n_sessions
        return self._part(n_before, n_sessions)

    def again(self) -> SessionStream:
        """The same sessions from the first on."""
        return SessionStream(self._begin)


class _Drawn:
    """Poisson sessions between evenly drawn pairs; each kind of number has a generator of its own."""

    def __init__(
        self, senders: list[int], receivers: list[int], gap_us: float, seed: int, *, is_line: bool
    ) -> None:  # fmt: skip
        self._gaps, self._sources, self._targets = (np.random.default_rng([seed, 0x7AFF1C, kind]) for kind in range(3))
        self._senders = np.asarray(senders, dtype=np.int32)
        self._receivers = np.asarray(receivers, dtype=np.int32)
        self._gap_us = gap_us
        self._is_line = is_line
        self._last_us = 0.0

    def __call__(self, _n_before: int, n_sessions: int) -> Sessions:
        n = n_sessions
        # Added one to the last, so that parts of any size give the same sums.
        start_us: Array = np.cumsum(np.append(self._last_us, self._gaps.exponential(self._gap_us, size=n)))
        self._last_us = float(start_us[-1])
        own = self._sources.integers(len(self._senders), size=n)
        if self._is_line:
            other = self._targets.integers(len(self._receivers), size=n)
        else:
            other = (own + self._targets.integers(1, len(self._senders), size=n)) % len(self._senders)
        return Sessions(start_us=start_us[1:], source=self._senders[own], target=self._receivers[other])


@dataclass(frozen=True, kw_only=True)
class Traffic:
    """Random traffic of many users.

    Parameters
    ----------
    load : float
        Payload time that users ask of the average link, per unit of time and wavelength, if nothing were
        lost: 1 keeps every wavelength of that link always busy. Links that more paths share are asked for more:
        1.11 times as much on a ring of six, 2.24 times on NSFNET. [1]
    n_frames : int
        Frames that all users send together.
    n_frames_per_session : int
        Frames that a user sends to the same receiver one after another; a circuit is set up once for all of them.
    use_p_free : bool
        Whether the chance ``p_free`` of the scenario still applies; without it only real traffic contends.
    start_us, source, destination : sequence, optional
        Sessions of one's own instead of drawn ones: start times in order, and nodes. [us]

    Raises
    ------
    ValueError
        If a value is out of range, or only some of the three lists are given.

    Notes
    -----
    Sessions start as a Poisson process; source and destination are drawn evenly from all ordered pairs of
    nodes with role ``user``, or of senders and receivers on a line.

    Examples
    --------
    >>> Traffic(load=0.6, n_frames=1000).load
    0.6
    """

    load: float = 0.5
    n_frames: int = 1000
    n_frames_per_session: int = 1
    use_p_free: bool = False
    start_us: Sequence[float] | None = None
    source: Nodes | None = None
    destination: Nodes | None = None

    def __post_init__(self) -> None:
        number("load", self.load, lo=0.0, open_lo=True)
        whole("n_frames", self.n_frames, 1)
        whole("n_frames_per_session", self.n_frames_per_session, 1)
        lists = (self.start_us, self.source, self.destination)
        if any(x is None for x in lists) != all(x is None for x in lists):
            raise ParameterError("start_us", "start_us, source and destination belong together: give all or none")

    @property
    def n_sessions(self) -> int:
        """Number of sessions; the last may be shorter than the others."""
        return -(-self.n_frames // self.n_frames_per_session)

    def sessions(self, network: Network, *, payload_us: float, n_channels: int, seed: int) -> Sessions:
        """Every session of this traffic.

        Parameters
        ----------
        network : Network
            Where it flows.
        payload_us : float
            Time for which a frame holds a port. [us]
        n_channels : int
            Wavelengths per link.
        seed : int
            Same seed, same sessions.

        Raises
        ------
        ValueError
            If the network has fewer than two users, there is no path between a pair, or the session lists are bad.
        """
        return self.stream(network, payload_us=payload_us, n_channels=n_channels, seed=seed).take(self.n_sessions)

    def stream(self, network: Network, *, payload_us: float, n_channels: int, seed: int) -> SessionStream:
        """The same sessions, to be taken a part at a time; parameters and errors are those of :meth:`sessions`."""
        if self.start_us is not None:
            listed = self._listed(network)
            return SessionStream(lambda: listed.part)
        senders, receivers = network.ends
        check_paths(network.next_link, network.node_names, senders, receivers)
        # Of all pairs that may be drawn: with those that happen to be, a run of longer paths would be offered fewer
        # sessions, and no interval found within one run could know of it.
        busy_us = self.n_frames_per_session * payload_us * float(np.mean(network.hops_between_ends))
        per_us = self.load * n_channels * network.n_links / busy_us
        return SessionStream(lambda: _Drawn(senders, receivers, 1.0 / per_us, seed, is_line=network.is_line))

    def _listed(self, network: Network) -> Sessions:
        start: Array = np.asarray(self.start_us, dtype=np.float64)
        source, target = (_nodes(name, getattr(self, name), network) for name in ("source", "destination"))
        if not (start.size == source.size == target.size == self.n_sessions):
            raise ParameterError(
                "start_us",
                f"{self.n_sessions} sessions need as many start times, sources and destinations, "
                f"got {start.size}, {source.size} and {target.size}",
            )
        if not np.all(np.isfinite(start)) or np.any(start < 0) or np.any(np.diff(start) < 0):
            raise ParameterError("start_us", "start_us must be times of at least 0 us in order")
        network.n_hops(source, target)
        return Sessions(start_us=start, source=source, target=target)


def _nodes(name: str, values: Sequence[int], network: Network) -> Ints:
    nodes = np.asarray(values)
    if nodes.ndim != 1 or nodes.dtype.kind not in "iu" or np.any((nodes < 0) | (nodes >= network.n_nodes)):
        raise ParameterError(name, f"{name} must be a list of nodes 0 … {network.n_nodes - 1}")
    return nodes.astype(np.int32)


def from_one_source(network: Network) -> Sessions:
    """The one session of a line's own source, from time 0: to its receiver, or to both at once.

    Raises
    ------
    ValueError
        If the network has no such source.
    """
    origin = network.with_role("sender") or network.with_role("source")
    targets = network.with_role("receiver")
    if len(origin) != 1 or len(targets) not in (1, 2):
        raise ValueError(f"network {network.name!r} has no single source; say who sends with traffic=Traffic(…)")
    return Sessions(
        start_us=np.zeros(1),
        source=np.asarray(origin, dtype=np.int32),
        target=np.asarray(targets, dtype=np.int32),
    )
