"""A run in a few numbers."""

from __future__ import annotations

from typing import TypedDict

import numpy as np

from qpsviz.protocols.retention import channel_time_us
from qpsviz.scenario import Scenario
from qpsviz.scenario.choices import Reservation
from qpsviz.scenario.discipline import Discipline
from qpsviz.sim.results.attempts import mean_guard_us
from qpsviz.sim.results.fairness import SourceTotals
from qpsviz.sim.results.over_time import CountedTime, OverTime, TimeTotals
from qpsviz.sim.results.pairs import PairTotals
from qpsviz.sim.results.rate import KeyTotals
from qpsviz.sim.results.served import served_users
from qpsviz.sim.results.settling import QuarterTotals
from qpsviz.sim.results.trials import Sums, Trials, mean_from, share_from, trials_of
from qpsviz.switch.fates import DROPS, Fate
from qpsviz.table import Table
from qpsviz.units import Array, Column, Mask


class OverAttempts(TypedDict):
    """What all attempts of a frame delivered, and the channel time that they took."""

    retention_per_frame: float
    channel_time_us: float
    retention_per_channel_time: float
    attempts: float
    deflections: float


class Summary(OverAttempts, OverTime):
    """A run in a few numbers; :meth:`qpsviz.Run.summary` says what they mean."""

    offered: int
    delivered: int
    in_flight: int
    dropped: dict[str, int]
    delivered_share: float
    delivered_low: float
    delivered_high: float
    retention: float
    retention_error: float
    retention_low: float
    retention_high: float
    fidelity: float
    fidelity_error: float
    fidelity_low: float
    fidelity_high: float
    fidelity_exact: bool
    delay_us: float
    latency_us: float
    latency_early_us: float
    latency_late_us: float
    dwell_us: float
    key_rate_hz: float
    duration_us: float


def totals_of(frames: Table, scenario: Scenario, *, n_nodes: int, n_warm_up: int = 0) -> Totals:
    """The :class:`Totals` of all frames of a run, which are at hand.

    Parameters
    ----------
    frames, scenario : Table, Scenario
        The frames of a run, and what was simulated.
    n_nodes, n_warm_up : int
        Nodes of its network; sessions, the first ones, that are not counted. [1]
    """
    trials = trials_of(frames, scenario, n_warm_up=n_warm_up)
    n_sessions = 1 + int(np.max(frames["session"], initial=-1))
    totals = Totals(scenario, trials, n_nodes=n_nodes, n_sessions=n_sessions, n_warm_up=n_warm_up)
    totals.add(frames)
    return totals


class Totals:
    """What a summary needs of all frames of a run, which may come a part at a time.

    Parameters
    ----------
    scenario : Scenario
        That of the run.
    trials : Trials or None
        Its trials.
    n_nodes : int
        Nodes of its network.
    n_sessions : int
        Sessions that begin in it.
    n_warm_up : int
        Sessions, the first ones, that are not counted.
    """

    def __init__(
        self, scenario: Scenario, trials: Trials | None, *, n_nodes: int, n_sessions: int, n_warm_up: int = 0
    ) -> None:
        self._scenario = scenario
        self._trials = trials
        self._fates = dict.fromkeys(Fate, 0)
        self._shares = {name: Sums(trials) for name in ("delivered", "first", "fidelity")}
        self._of_all = {name: Sums(None) for name in ("payload_kept", "taken_us", "attempts", "deflections")}
        self._times = TimeTotals()
        self._quarters = QuarterTotals(n_sessions=n_sessions, n_warm_up=n_warm_up)
        self._key = KeyTotals(scenario)
        self._sources = SourceTotals(n_nodes)
        self._pairs = PairTotals(scenario, n_nodes)
        self._time = CountedTime(n_warm_up)

    def add(self, frames: Table) -> None:
        """Add frames: of sessions that are whole, unless the run ends before them."""
        frames = self._time.counted(frames)
        if not len(frames):
            return
        scenario, number = self._scenario, self._trials.of(frames) if self._trials else None
        delivered = self._count(frames["fate"])
        first = frames["first_kept"] * scenario.source.payload_us / _channel_time_us(scenario)
        fidelity = np.where(frames["arm"] == 0, frames["fidelity"], np.nan)
        for name, values in (("delivered", delivered.astype(float)), ("first", first), ("fidelity", fidelity)):
            self._shares[name].add(values, number)
        of_all = {"payload_kept": frames["payload_kept"], "taken_us": _taken_us(frames, scenario)}
        of_all |= {"attempts": frames["attempts"], "deflections": deflections_of(frames)}
        for name, values in of_all.items():
            self._of_all[name].add(values.astype(float), None)
        self._times.add(frames, delivered)
        self._quarters.add(frames, delivered)
        served = served_users(frames, delivered, scenario)
        self._sources.add(served.first, served.delivered)
        self._pairs.add(served, self._key.add(frames))

    def _count(self, fate: Column) -> Mask:
        """Count frames by fate; returns which were delivered."""
        delivered: Mask = fate == Fate.DELIVERED
        n_delivered = int(np.count_nonzero(delivered))
        self._fates[Fate.DELIVERED] += n_delivered
        if n_delivered < fate.size:
            for other in (f for f in Fate if f != Fate.DELIVERED):
                self._fates[other] += int(np.count_nonzero(fate == other.value))
        return delivered

    def summary(self) -> Summary:
        """The run in a few numbers, as :meth:`qpsviz.Run.summary` explains them."""
        share, first = share_from(self._shares["delivered"]), share_from(self._shares["first"])
        fidelity, found = mean_from(self._shares["fidelity"]), self._shares["fidelity"]
        return {
            "offered": sum(self._fates.values()),
            "delivered": self._fates[Fate.DELIVERED],
            "in_flight": self._fates[Fate.IN_FLIGHT],
            "dropped": {f.value: n for f in DROPS if (n := self._fates[f])},
            "delivered_share": share.value,
            "delivered_low": share.lo,
            "delivered_high": share.hi,
            "retention": first.value,
            "retention_error": first.error,
            "retention_low": first.lo,
            "retention_high": first.hi,
            **self._over_attempts(),
            "fidelity": fidelity.value,
            "fidelity_error": fidelity.error,
            "fidelity_low": float(np.maximum(0.0, fidelity.lo)),
            "fidelity_high": float(np.minimum(1.0, fidelity.hi)),
            "fidelity_exact": bool(found.n and found.hi - found.lo <= 1e-12),
            "delay_us": self._times.mean_us("delay_us"),
            "latency_us": self._times.mean_us("latency_us"),
            "latency_early_us": self._quarters.early_us,
            "latency_late_us": self._quarters.late_us,
            "dwell_us": self._times.mean_us("dwell_us"),
            "key_rate_hz": self._key.bits_per_second(),
            "duration_us": self._time.duration_us,
            **self._times.over_time(
                n_delivered=self._fates[Fate.DELIVERED],
                n_qubits=float(self._of_all["payload_kept"].sums.sum()) * self._scenario.source.n_qubits,
                jain_index=self._sources.jain_index(),
                counted_us=self._time.counted_us,
            ),
        }

    @property
    def time(self) -> CountedTime:
        """How long the run was, and for how long its frames were counted."""
        return self._time

    def pairs(self) -> Table:
        """What each pair of users got; see :meth:`qpsviz.sim.results.pairs.PairTotals.table`."""
        return self._pairs.table(counted_us=self._time.counted_us)

    def _over_attempts(self) -> OverAttempts:
        """What all attempts of a frame delivered, and the channel time that they took."""
        per_frame, taken_us = self._of_all["payload_kept"].mean, self._of_all["taken_us"].mean
        return {
            "retention_per_frame": per_frame,
            "channel_time_us": taken_us,
            "retention_per_channel_time": per_frame * self._scenario.source.payload_us / taken_us,
            "attempts": self._of_all["attempts"].mean,
            "deflections": self._of_all["deflections"].mean,
        }


def deflections_of(frames: Table) -> Column:
    """How often each frame took another way; runs that were stored by earlier versions do not say it, and had none."""
    return frames["deflections"] if "deflections" in frames else np.zeros(len(frames), dtype=np.int32)


def _channel_time_us(scenario: Scenario, n_attempts: Column | int = 1) -> Array:
    """Channel time of an attempt: the mean one of so many. [us]"""
    switch = scenario.switch
    reservation = Reservation.of(Discipline(switch.discipline), switch.reservation)
    guard_us = mean_guard_us(n_attempts, scenario)
    return channel_time_us(scenario.source.payload_us, guard_us=guard_us, reservation=reservation)


def _taken_us(frames: Table, scenario: Scenario) -> Array:
    """Channel time of all attempts of each frame; a circuit is asked for again, and its frame sent once. [us]"""
    n = frames["attempts"]
    if Discipline(scenario.switch.discipline).sets_up:
        return np.broadcast_to(_channel_time_us(scenario), n.shape)
    return n * _channel_time_us(scenario, n)
