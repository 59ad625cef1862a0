"""What a simulation found, as tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from qpsviz.files import read_text, written_whole
from qpsviz.network import Network
from qpsviz.protocols.sampling import PhotonSample
from qpsviz.scenario import Scenario
from qpsviz.sim.results.run_tables import RunTables
from qpsviz.sim.results.summary import Summary, Totals, totals_of
from qpsviz.sim.results.warm_up import warm_up_of
from qpsviz.table import Table

if TYPE_CHECKING:
    from qpsviz.frame import Dialect


class Run(RunTables):
    """A finished simulation: what happened to every frame, every leg travelled, and every event in time order.

    Attributes
    ----------
    scenario : Scenario
        What was simulated.
    network : Network
        Where.
    seed : int
        With which randomness.
    n_warm_up : int
        Sessions, the first ones, that are in the tables but not in ``summary()``, ``pairs`` and the counts of
        ``links``.
    frames : Table
        One row per travelling frame (``pair`` links the two halves of a pair): ``fate``, ``fidelity``, ``dwell_us``,
        ``payload_kept``, ``sent_us``, ``done_us`` (the last qubit is in, or the frame was dropped), ``complete_us``
        (its trailer is in too), ``attempts``, ``deflections``, ``source``, ``destination`` and more. Numbers describe
        the last attempt; ``sent_us`` and ``first_kept`` the first. Not a number where nothing arrived.
    """

    def __init__(
        self,
        *,
        scenario: Scenario,
        network: Network,
        seed: int,
        frames: Table | None,
        legs: Table | None = None,
        events: Table | Callable[[], Table] | None = None,
        signals: Table | Callable[[], Table] | None = None,
        totals: Totals | None = None,
        links: Table | None = None,
        n_warm_up: int = 0,
    ) -> None:
        self.scenario = scenario
        self.network = network
        self.seed = seed
        self.n_warm_up = n_warm_up
        self._totals = totals
        self._summary: Summary | None = None
        super().__init__(frames=frames, links=links, legs=legs, events=events, signals=signals)
        #: What the users measured, when the run was simulated with ``sample="photons"``; not saved, drawn anew.
        self.photons: PhotonSample | None = None

    def __repr__(self) -> str:
        n_frames = len(self.frames) if self._tables["frames"] is not None else self.summary()["offered"]
        return f"Run({n_frames} frames on {self.network.name!r}, seed {self.seed})"

    @property
    def pairs(self) -> Table:
        """One row per pair of users that was offered frames: what it got, with its secret key.

        See :meth:`qpsviz.sim.results.pairs.PairTotals.table`.

        Raises
        ------
        ValueError
            If the network has too many nodes to keep its pairs apart.
        """
        return self._counted().pairs()

    def summary(self) -> Summary:
        """Counts, shares and means over the frames of the run that are counted.

        Returns
        -------
        dict
            ``offered``, ``delivered``, ``in_flight``, ``dropped`` (by reason) count frames: offered = delivered + in
            flight + dropped; ``delivered_share``. ``retention`` is K of Eq. 2: what first attempts delivered per
            channel time of one; ``retention_per_frame`` what all attempts delivered of a payload, ``channel_time_us``
            the channel time of them all, and ``retention_per_channel_time`` the one over the other. ``fidelity``, and
            ``fidelity_exact`` (every pair alike); ``delay_us``, ``latency_us``, ``dwell_us`` (means over delivered
            frames), ``attempts`` and ``deflections`` (means), ``key_rate_hz`` of the key that all delivered frames make
            (see :mod:`qpsviz.sim.results.rate`), ``duration_us``.

            ``counted_us`` is the time from the start of the first session that is counted to the end of the last frame.
            Per second of it, ``throughput_hz`` frames and ``throughput_qubits_hz`` qubits of payloads were delivered.
            ``jain_index`` says how evenly sources had their frames delivered (:mod:`qpsviz.sim.results.fairness`).
            ``delay_p50_us``, ``delay_p95_us`` and ``delay_p99_us`` are percentiles over delivered frames, within 0.8 %
            (:mod:`qpsviz.sim.results.percentiles`), and so of latency and dwell. ``latency_early_us`` and
            ``latency_late_us`` are mean latencies in the second and in the last quarter of the sessions that count: the
            later one is longer where a queue grows.

            ``delivered_low`` … ``delivered_high``, ``retention_low`` … ``retention_high`` and ``fidelity_low`` …
            ``fidelity_high`` are 95 % intervals, ``retention_error`` and ``fidelity_error`` standard errors.

        Notes
        -----
        Not a number where there is nothing to average, or too few independent trials for an error
        (:mod:`qpsviz.sim.results.trials`). Intervals are for what runs of this length give on average, each starting in
        an empty network; frames in flight count as not delivered.
        """
        if self._summary is None:
            self._summary = self._counted().summary()
        return self._summary

    def _counted(self) -> Totals:
        if self._totals is None:
            self._totals = totals_of(
                self.frames, self.scenario, n_nodes=self.network.n_nodes, n_warm_up=self.n_warm_up
            )  # fmt: skip
        return self._totals

    def warm_up_found(self) -> float:
        """Share of the sessions to leave out as warm-up by the rule MSER-5, for ``Traffic(warm_up=…)``.

        See :func:`qpsviz.sim.results.warm_up.warm_up_of`.

        Raises
        ------
        ValueError
            If the run kept only its statistics, is too short, or has not come to a steady state by its half.
        """
        return warm_up_of(self.frames, self.scenario)

    def save(self, path: str | Path) -> None:
        """Write everything to a ``.json`` file.

        Raises
        ------
        ValueError
            If the suffix is another one.
        OSError
            If it cannot be written; an older file is then left as it was.
        """
        from qpsviz.sim.results.run_file import dump

        if Path(path).suffix.lower() != ".json":
            raise ValueError(f"path = {str(path)!r} must end in .json, the only format of a whole run")
        with written_whole(path) as part:
            part.write_text(dump(self), encoding="utf-8")

    def to_pcap(self, path: str | Path, *, dialect: Dialect = "paper", node: str | None = None) -> int:
        """Write every header and trailer, as it leaves and reaches each node, to a capture file.

        Parameters
        ----------
        path : str or path
            ``.pcapng`` (one interface per node, with directions and check sequences) or ``.pcap``, which has none of
            them: its packets are those of all nodes in one list, unless ``node`` names one.
        dialect : str
            ``"paper"`` or ``"lldp"``.
        node : str, optional
            Name of the only node whose headers and trailers are written.

        Returns
        -------
        int
            Packets written.

        Raises
        ------
        ValueError
            If the run kept only its frames, or suffix, dialect or node are unknown.
        OSError
            If the file cannot be written.
        """
        from qpsviz.sim.results.capture_file import write_headers

        return write_headers(self, path, dialect=dialect, node=node)

    def to_q2nsviz(self, path: str | Path, *, frames: Iterable[int] | None = None) -> int:
        """Write what happened as a trace that Q2NSViz plays: see :func:`qpsviz.sim.results.trace_file.write_trace`.

        Parameters
        ----------
        path : str or path
            ``.json`` or ``.ndjson``.
        frames : iterable of int, optional
            Numbers of the frames that are written, such as ``range(100)``; all when None.

        Returns
        -------
        int
            Lines written, at most 20,000.

        Raises
        ------
        ValueError
            If the run kept only its frames, a frame is not there, the suffix is another one, or there would be more
            lines.
        OSError
            If the file cannot be written.
        """
        from qpsviz.sim.results.trace_file import write_trace

        return write_trace(self, path, frames=frames)

    @classmethod
    def load(cls, path: str | Path) -> Run:
        """Read what :meth:`save` wrote, equal byte for byte.

        Raises
        ------
        ValueError
            If the file is not a run, lacks a column or holds one that points nowhere, or is larger than 1 GiB; the
            message names the file.
        OSError
            If it cannot be read.
        """
        from qpsviz.sim.results.run_file import parse

        file = Path(path)
        try:
            return parse(read_text(file))
        except ValueError as error:
            raise ValueError(f"{file.name}: {error}") from None
