"""Who sends when: sessions that start at random between drawn pairs of nodes, or a list of one's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from qpsviz.errors import ParameterError
from qpsviz.network.arrivals import ARRIVALS, Arrivals, Begun, arrivals_of
from qpsviz.network.crossings import crossings
from qpsviz.network.network import Network
from qpsviz.network.pair_sources import PairSources, arms
from qpsviz.network.paths import check_paths
from qpsviz.network.patterns import PAIRS, PATTERNS, Draw, Pattern, pattern_of
from qpsviz.network.routes import Ints
from qpsviz.network.sessions import Sessions, SessionStream
from qpsviz.network.settings import check_settings, setting, settings_of
from qpsviz.network.stored import traffic_json, traffic_values
from qpsviz.scenario.layout import Layout
from qpsviz.units import Array
from qpsviz.units.checks import numbers, whole


class _Drawn:
    """Sessions that are drawn; each kind of number has a generator of its own."""

    def __init__(self, network: Network, arrivals: Arrivals, draw: Draw, sources: PairSources | None) -> None:
        self._arrivals, self._draw, self._sources = arrivals, draw, sources
        self._senders, self._receivers = (np.asarray(nodes, dtype=np.int32) for nodes in network.ends)

    def __call__(self, start: int, end: int) -> Sessions:
        start_us, own = self._arrivals.take(end - start)
        other = self._draw.receivers(own)
        ways = arms(self._sources, self._senders[own], self._receivers[other])
        destination = np.stack([end for _, end in ways], axis=1).reshape(-1)
        return Sessions(start_us=start_us, source=ways[0][0], destination=destination)


@dataclass(frozen=True, kw_only=True)
class Traffic:
    """Random traffic of many users.

    Parameters
    ----------
    load : float
        Payload time that users ask of the average link, per unit of time and wavelength, if nothing were
        lost: 1 keeps every wavelength of that link always busy. Links that more paths share are asked for more:
        1.11 times as much on a ring of six, 2.24 times on NSFNET; :meth:`offered_load` has them all. [1]
    n_frames : int
        Frames that all users send together.
    n_frames_per_session : int
        Frames that a user sends to the same receiver one after another; a circuit is set up once for all of them.
    use_p_free : bool
        Whether the chance ``p_free`` of the scenario still applies; without it only real traffic contends.
    pairs : str
        Who talks to whom. ``"even"``: each session picks its pair, all alike. ``"all"``: every pair equally often;
        all users begin a session before any begins its next, each with all others in turn. ``"gravity"``: in proportion
        to the ``weights`` of both. ``"hot_spot"``: evenly, but a share of the sessions goes to one user.
    weights : sequence of float, optional
        For ``"gravity"``: one per node; if left out, how many links leave it. Those of relays are not used. [1]
    hot_node : int, optional
        For ``"hot_spot"``: the user; if left out, the first of those with the most links.
    hot_share : float
        For ``"hot_spot"``: share of the sessions of all others that is for it, beside its even share of the rest. [1]
    arrivals : str
        When sessions start. ``"poisson"``: at random. ``"on_off"``: each user is on and off by itself, and begins
        sessions at random while it is on. ``"regular"``: in equal steps.
    burstiness : float
        For ``"on_off"``, above 1: the squared coefficient of variation of the times between the sessions of one user,
        which is also the variance over the mean of how many start in a long time, of one user as of all. It is 1 for
        ``"poisson"`` and 0 for ``"regular"``. [1]
    p_on : float
        For ``"on_off"``: share of time for which a user is on. [1]
    warm_up : float
        Share of the sessions, the first ones, that are simulated but not counted: a run starts in an empty network,
        where the first frames meet fewer others. 0 counts all; :meth:`qpsviz.Run.warm_up_found` finds a share. [1]
    pair_sources : sequence of int, optional
        Where a scenario's ``layout`` is ``"split"``: nodes that make pairs and send one half to each of two users; if
        left out, every node that reaches all users. Two users are served by another node than themselves, the one with
        the shortest paths to both together, and of several one whose two paths differ least.
    start_us, source, destination : sequence, optional
        Sessions of one's own instead of drawn ones: start times in order, and nodes; with ``"split"``, two destinations
        for each. [us]

    Raises
    ------
    ValueError
        If a value is out of range, or only some of the three lists are given.

    Notes
    -----
    The load is the same for all pairs and arrivals: sessions per unit of time are that load over the payload time of a
    session on all links of its path, on average over the pairs. Pairs are ordered ones of nodes with role ``user``, or
    of senders and receivers on a line. Gravity: Roughan, ACM SIGCOMM CCR 35(5), 93 (2005); hot spot: Pfister and
    Norton, IEEE Trans. Comput. C-34, 943 (1985); on and off: Kuczura, Bell Syst. Tech. J. 52, 437 (1973).

    Examples
    --------
    >>> Traffic(load=0.6, n_frames=1000).load
    0.6
    >>> ring = Network.ring(n_nodes=4, length_km=5.0)
    >>> Traffic(load=0.6, pairs="hot_spot", hot_node=0, hot_share=0.3).offered_load(ring).round(3).tolist()
    [0.6, 0.69, 0.51, 0.42, 0.69, 0.42, 0.96, 0.51]
    """

    load: float = setting(0.5, "number", "Load of the average link", open_lo=True)
    n_frames: int = setting(1000, "count", "Frames of all users", lo=1)
    n_frames_per_session: int = setting(1, "count", "Frames of a session", lo=1)
    use_p_free: bool = setting(False, "flag", "Whether p_free of the scenario applies too")
    pairs: str = setting("even", "choice", "Who talks to whom", words=PAIRS)
    weights: Sequence[float] | None = setting(None, "numbers", "Weights of nodes")
    hot_node: int | None = setting(None, "count", "User of the hot spot")
    hot_share: float = setting(0.2, "number", "Share of sessions for the hot spot", hi=1.0)
    arrivals: str = setting("poisson", "choice", "When sessions start", words=ARRIVALS)
    burstiness: float = setting(10.0, "number", "Burstiness of on and off", lo=1.0, open_lo=True)
    p_on: float = setting(0.2, "number", "Share of time on", hi=1.0, open_lo=True, open_hi=True)
    warm_up: float = setting(0.0, "number", "Share of sessions not counted", hi=1.0, open_hi=True)
    pair_sources: Sequence[int] | None = setting(None, "counts", "Nodes that make pairs")
    start_us: Sequence[float] | None = setting(None, "numbers", "Start of each session", unit="us")
    source: Sequence[int] | None = setting(None, "counts", "Node that sends each session")
    destination: Sequence[int] | Sequence[Sequence[int]] | None = setting(
        None, "counts", "Node that receives each session, or the two of a pair", or_twos=True
    )

    def __post_init__(self) -> None:
        check_settings(self)
        for pairs, declared in PATTERNS.items():
            for name in declared.settings:
                if getattr(self, name) is not None and self.pairs != pairs:
                    raise ParameterError(name, f"{name} belongs to pairs = {pairs!r}, not to {self.pairs!r}")
        lists = (self.start_us, self.source, self.destination)
        if any(x is None for x in lists) != all(x is None for x in lists):
            raise ParameterError("start_us", "start_us, source and destination belong together: give all or none")
        if self.start_us is not None and self.pair_sources is not None:
            raise ParameterError(
                "pair_sources", "pair_sources belongs to drawn sessions; source lists those of one's own"
            )

    def to_json(self) -> str:
        """The traffic as JSON; ``qps.json_schema("traffic")`` describes it."""
        return traffic_json(self)

    @classmethod
    def from_json(cls, text: str) -> Traffic:
        """Read what :meth:`to_json` wrote; absent settings keep their defaults.

        Raises
        ------
        ParameterError
            If it is no such text, or a value is unknown or out of range.
        """
        return cls(**traffic_values(text, settings_of(cls)))

    @property
    def n_sessions(self) -> int:
        """Number of sessions; the last may be shorter than the others."""
        return -(-self.n_frames // self.n_frames_per_session)

    @property
    def n_warm_up(self) -> int:
        """Number of sessions, the first ones, that are not counted."""
        return int(self.warm_up * self.n_sessions + 1e-9)

    def sessions(
        self, network: Network, *, payload_us: float, n_channels: int, seed: int, layout: str = "sender"
    ) -> Sessions:
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
        layout : str
            ``"sender"``, or ``"split"``: the frames of a session go from a pair source to both users.

        Raises
        ------
        ValueError
            If the network has fewer than two users, there is no path between a pair, or the session lists are bad.
        """
        stream = self.stream(network, payload_us=payload_us, n_channels=n_channels, seed=seed, layout=layout)
        return stream.take(self.n_sessions)

    def stream(
        self, network: Network, *, payload_us: float, n_channels: int, seed: int, layout: str = "sender"
    ) -> SessionStream:
        """The same sessions, to be taken a part at a time; parameters and errors are those of :meth:`sessions`."""
        if self.start_us is not None:
            return SessionStream.listed(network, self._listed(network, Layout(layout).n_arms))
        pattern, sources = self._pattern(network), self._sources(network, layout)
        busy_us = self.n_frames_per_session * payload_us * self._mean_hops(network, pattern, sources)
        per_us = self.load * n_channels * network.n_links / busy_us

        def begin() -> _Drawn:
            gaps, of_senders, of_receivers = (np.random.default_rng([seed, 0x7AFF1C, kind]) for kind in range(3))
            draw = pattern.begin(of_senders, of_receivers)
            return _Drawn(network, arrivals_of(self, Begun(gaps, draw, pattern, 1.0 / per_us)), draw, sources)

        max_hops = int(network.hops_between_ends.max()) if sources is None else sources.max_hops
        return SessionStream(begin, n_arms=Layout(layout).n_arms, max_hops=max_hops)

    def offered_load(self, network: Network, *, n_channels: int = 1, layout: str = "sender") -> Array:
        """Load that is asked of every link on average: payload time per unit of time.

        Parameters
        ----------
        network : Network
            Where it flows.
        n_channels : int
            Wavelengths per link.
        layout : str
            As for :meth:`sessions`.

        Returns
        -------
        ndarray, shape (n_links,)
            In Erlang, of all wavelengths of a link together; the mean over the links is ``load`` times ``n_channels``.
            From ``n_channels`` on, a port with a memory before it has no steady state: its queue grows without end.
            Fibres beside each other share the load evenly. [1]

        Raises
        ------
        ValueError
            If the sessions are listed, or do not fit the network.
        """
        if self.start_us is not None:
            raise ParameterError("start_us", "start_us lists sessions, which have no mean rate; count them instead")
        taken = crossings(network, self._pattern(network), self._sources(network, layout))
        all_links = self.load * whole("n_channels", n_channels, 1) * network.n_links
        return np.asarray(taken / taken.sum() * all_links)

    def _pattern(self, network: Network) -> Pattern:
        """Who talks to whom, after a look whether they can."""
        senders, receivers = network.ends
        check_paths(network.next_link, network.node_names, senders, receivers)
        return pattern_of(self, network)

    def _sources(self, network: Network, layout: str) -> PairSources | None:
        """The nodes that send to two users at once; None where one user sends to the other."""
        return None if Layout(layout).keeps_half else PairSources.of(network, self.pair_sources)

    def _mean_hops(self, network: Network, pattern: Pattern, sources: PairSources | None) -> float:
        """Mean links that the frames of a session take together."""
        # Of all pairs that may be drawn: with those that happen to be, a run of longer paths would be offered fewer
        # sessions, and no interval found within one run could know of it.
        if pattern.is_even and sources is None:
            return float(np.mean(network.hops_between_ends))
        return float(crossings(network, pattern, sources).sum())

    def _listed(self, network: Network, n_arms: int) -> Sessions:
        start: Array = numbers("start_us", self.start_us).astype(np.float64)
        source = _nodes("source", self.source, network)
        destination = _nodes("destination", self.destination, network, n_per_session=n_arms)
        if not (start.size == source.size == destination.size // n_arms == self.n_sessions):
            raise ParameterError(
                "start_us",
                f"{self.n_sessions} sessions need as many start times, sources and destinations, "
                f"got {start.size}, {source.size} and {destination.size // n_arms}",
            )
        if not np.all(np.isfinite(start)) or np.any(start < 0) or np.any(np.diff(start) < 0):
            raise ParameterError("start_us", "start_us must be times of at least 0 us in order")
        both = destination.reshape(-1, n_arms)
        if np.any(both == source[:, None]) or (n_arms == 2 and np.any(both[:, 0] == both[:, -1])):
            raise ParameterError("destination", "destination: source and destinations must differ from each other")
        return Sessions(start_us=start, source=source, destination=destination)


def _nodes(name: str, values: object, network: Network, *, n_per_session: int = 1) -> Ints:
    nodes = numbers(name, values)
    fits = nodes.ndim == 1 if n_per_session == 1 else nodes.shape[1:] == (n_per_session,)
    if not fits or (nodes.size and nodes.dtype.kind not in "iu") or np.any((nodes < 0) | (nodes >= network.n_nodes)):
        what = "nodes" if n_per_session == 1 else "two nodes each, of"
        raise ParameterError(name, f"{name} must be a list of {what} 0 … {network.n_nodes - 1}")
    return nodes.astype(np.int32).reshape(-1)
