"""A run in a few numbers."""

from __future__ import annotations

import math
from typing import TypedDict

import numpy as np

from qpsviz.protocols.retention import channel_time_us
from qpsviz.scenario import Scenario
from qpsviz.scenario.discipline import Discipline
from qpsviz.sim.results.attempts import mean_guard_us
from qpsviz.sim.results.rate import bits_per_second
from qpsviz.sim.results.trials import mean_of, share_of, trials_of
from qpsviz.switch.fates import DROPS, Fate
from qpsviz.table import Table
from qpsviz.units import Array, Column


class OverAttempts(TypedDict):
    """What all attempts of a frame delivered, and the channel time that they took."""

    retention_per_frame: float
    channel_time_us: float
    retention_per_channel_time: float
    attempts: float


class Summary(OverAttempts):
    """A run in a few numbers; :func:`summarise` says what they mean."""

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
    dwell_us: float
    key_rate_hz: float
    duration_us: float


def summarise(frames: Table, scenario: Scenario) -> Summary:
    """Counts, shares and means over the frames of a run.

    Parameters
    ----------
    frames : Table
        The frames of a run.
    scenario : Scenario
        Its scenario.

    Returns
    -------
    dict
        ``offered``, ``delivered``, ``in_flight``, ``dropped`` (by reason) count frames: offered = delivered + in flight
        + dropped; ``delivered_share``. ``retention`` is K of Eq. 2: what first attempts delivered per channel time of
        one; ``retention_per_frame`` what all attempts delivered of a payload, ``channel_time_us`` the channel time of
        them all, and ``retention_per_channel_time`` the one over the other. ``fidelity``, and ``fidelity_exact`` (every
        pair alike); ``delay_us``, ``latency_us``, ``dwell_us`` (means over delivered frames), ``attempts`` (mean),
        ``key_rate_hz`` of the key that all delivered frames make (see :mod:`qpsviz.sim.results.rate`), ``duration_us``.

        ``delivered_low`` … ``delivered_high``, ``retention_low`` … ``retention_high`` and ``fidelity_low`` …
        ``fidelity_high`` are 95 % intervals, ``retention_error`` and ``fidelity_error`` standard errors.

    Notes
    -----
    Not a number where there is nothing to average, or too few independent trials for an error
    (:mod:`qpsviz.sim.results.trials`). Intervals are for what runs of this length give on average, each starting in an
    empty network; frames in flight count as not delivered.
    """
    fate, trials = frames["fate"], trials_of(frames, scenario)
    delivered = fate == Fate.DELIVERED
    share = share_of(delivered.astype(float), trials)
    first = share_of(frames["first_kept"] * scenario.source.payload_us / _channel_time_us(scenario), trials)
    fidelities = np.where(frames["arm"] == 0, frames["fidelity"], np.nan)
    fidelity, found = mean_of(fidelities, trials), fidelities[~np.isnan(fidelities)]
    ends = frames["done_us"][~np.isnan(frames["done_us"])]
    return {
        "offered": len(frames),
        "delivered": int(np.count_nonzero(delivered)),
        "in_flight": int(np.count_nonzero(fate == Fate.IN_FLIGHT)),
        "dropped": {f.value: int(n) for f in DROPS if (n := np.count_nonzero(fate == f.value))},
        "delivered_share": share.value,
        "delivered_low": share.lo,
        "delivered_high": share.hi,
        "retention": first.value,
        "retention_error": first.error,
        "retention_low": first.lo,
        "retention_high": first.hi,
        **_over_attempts(frames, scenario),
        "fidelity": fidelity.value,
        "fidelity_error": fidelity.error,
        "fidelity_low": float(np.maximum(0.0, fidelity.lo)),
        "fidelity_high": float(np.minimum(1.0, fidelity.hi)),
        "fidelity_exact": bool(found.size and np.ptp(found) <= 1e-12),
        "delay_us": _mean(frames["delay_us"][delivered]),
        "latency_us": _mean((frames["done_us"] - frames["offered_us"])[delivered]),
        "dwell_us": _mean(frames["dwell_us"][delivered]),
        "key_rate_hz": bits_per_second(frames, scenario),
        "duration_us": float(ends.max()) if ends.size else 0.0,
    }


def _over_attempts(frames: Table, scenario: Scenario) -> OverAttempts:
    """What all attempts of a frame delivered, and the channel time that they took."""
    per_frame, taken_us = _mean(frames["payload_kept"]), _mean(_taken_us(frames, scenario))
    return {
        "retention_per_frame": per_frame,
        "channel_time_us": taken_us,
        "retention_per_channel_time": per_frame * scenario.source.payload_us / taken_us,
        "attempts": _mean(frames["attempts"]),
    }


def _mean(values: Column) -> float:
    return float(np.mean(values)) if values.size else math.nan


def _channel_time_us(scenario: Scenario, n_attempts: Column | int = 1) -> Array:
    """Channel time of an attempt: the mean one of so many. [us]"""
    switch = scenario.switch
    reservation = switch.reservation if Discipline(switch.discipline).overtakes else "immediate"
    guard_us = mean_guard_us(n_attempts, scenario)
    return channel_time_us(scenario.source.payload_us, guard_us=guard_us, reservation=reservation)


def _taken_us(frames: Table, scenario: Scenario) -> Array:
    """Channel time of all attempts of each frame; a circuit is asked for again, and its frame sent once. [us]"""
    n = frames["attempts"]
    if Discipline(scenario.switch.discipline).sets_up:
        return np.broadcast_to(_channel_time_us(scenario), n.shape)
    return n * _channel_time_us(scenario, n)
