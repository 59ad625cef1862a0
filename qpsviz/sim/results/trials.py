"""Means over the frames of a run, with errors that know which frames had their luck together.

Frames of one session are not independent, nor are frames that queue or contend. Sessions in the order of their start
are therefore cut into ten batches of whole sessions: each batch is one trial, and Student's t with nine degrees of
freedom knows how few they are. Frames that wait at relays pass their delay on to those behind them, longer than such a
batch lasts on a loaded port, and a few long queues hold most of the spread: there the interval is the wider one of
those of five and of three batches. It covers 92 to 95 % where queues last a twentieth of the run or longer, up to 99 %
where they are short, which one run cannot tell apart, and nearly always where a port is offered more than it can carry.
Three batches need 20 sessions each: of 20 in all that rarely meet, one long wait more or less makes the whole spread,
and the interval would cover 80 %. In a run of one session nobody contends: there every frame (or pair of halves) draws
its own luck, and only the frames of a circuit share theirs; but frames that wait for ports which others keep busy may
catch up with each other, and are then cut into batches as sessions are.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

import numpy as np

from qpsviz.protocols.wilson import NORMAL, wilson
from qpsviz.scenario import Scenario
from qpsviz.scenario.discipline import Discipline
from qpsviz.table import Table
from qpsviz.units import Array, Column

N_BATCHES = 10
MIN_SESSIONS = 20
MIN_SESSIONS_THAT_QUEUE = 60
_N_PARTS = 15  # makes five batches of three parts, and three of five
P_COVERAGE = 0.95
MAX_TRIALS = 1 << 16  # lone frames beyond as many share trials, so that memory does not grow with them


@dataclass(frozen=True, kw_only=True)
class Mean:
    """A mean, its standard error, and the 95 % interval for its expectation over runs of this length."""

    value: float
    error: float = math.nan
    lo: float = math.nan
    hi: float = math.nan


@dataclass(frozen=True, kw_only=True)
class Trials:
    """How frames are trials: how many trials, and how many sessions, or lone frames, may differ in their luck."""

    n_trials: int
    n_lucks: int
    by_pair: bool = False
    """Whether lone frames (or pairs of halves) are what has a luck of its own, and not sessions."""
    joined: tuple[int, ...] = (1,)
    """How many trials in a row to take as one; of several choices, the one with the widest interval."""
    n_warm_up: int = 0
    """Sessions, the first ones, that are not counted: they warm the network up."""

    @property
    def are_batches(self) -> bool:
        """Whether trials hold several sessions that may still have met."""
        return self.n_lucks > self.n_trials

    def of(self, frames: Table) -> Column:
        """The trial of each frame, counted from 0; of a part of a run, too."""
        number = frames["pair" if self.by_pair else "session"].astype(np.int64) - self.n_warm_up
        order: Column = number * self.n_trials // self.n_lucks
        return order


class Sums:
    """What is known of one value per frame: how many and how much in every trial, and the smallest and largest.

    Parameters
    ----------
    trials : Trials or None
        None where no error can be told.
    """

    def __init__(self, trials: Trials | None) -> None:
        self.trials = trials
        n_trials = trials.n_trials if trials else 1
        self.counts: Column = np.zeros(n_trials, dtype=np.int64)
        self.sums: Array = np.zeros(n_trials)
        self.lo, self.hi = math.inf, -math.inf

    def add(self, values: Array, number: Column | None) -> None:
        """Add frames: their values, not a number where a frame has none, and their trials."""
        if number is None:
            number = np.zeros(values.size, dtype=np.int64)
        has_one = ~np.isnan(values)
        if not np.all(has_one):
            values, number = values[has_one], number[has_one]
        if values.size:
            self.counts += np.bincount(number, minlength=self.counts.size)
            self.sums += np.bincount(number, values, minlength=self.counts.size)
            self.lo, self.hi = min(self.lo, float(values.min())), max(self.hi, float(values.max()))

    @property
    def n(self) -> int:
        """Values added."""
        return int(self.counts.sum())

    @property
    def mean(self) -> float:
        """Their mean; not a number without any."""
        if self.lo == self.hi:
            return self.lo
        return float(self.sums.sum() / self.n) if self.n else math.nan


def trials_of(frames: Table, scenario: Scenario, *, n_warm_up: int = 0) -> Trials | None:
    """The trials of a run, or None where too few are independent to tell an error.

    Parameters
    ----------
    frames : Table
        The frames of a run.
    scenario : Scenario
        Its scenario.
    n_warm_up : int
        Sessions, the first ones, that are not counted. [1]

    Returns
    -------
    Trials or None
        None with no frames, with 2 to 19 sessions (2 to 59 where frames wait at relays), and for one circuit.
    """
    if not len(frames):
        return None
    n_sessions, n_pairs = (int(frames[name].max()) + 1 for name in ("session", "pair"))
    return planned_trials(n_sessions, n_pairs, scenario, n_warm_up=n_warm_up)


def planned_trials(n_sessions: int, n_pairs: int, scenario: Scenario, *, n_warm_up: int = 0) -> Trials | None:
    """The trials of a run of so many sessions and frames (or pairs of halves), as :func:`trials_of` has them. [1]"""
    can = Discipline(scenario.switch.discipline).can
    if n_sessions == 1 and not n_warm_up and not can.sets_up:
        if can.stores and scenario.switch.p_free < 1 and n_pairs >= MIN_SESSIONS_THAT_QUEUE:
            return Trials(n_trials=_N_PARTS, n_lucks=n_pairs, by_pair=True, joined=(3, 5))
        return Trials(n_trials=min(n_pairs, MAX_TRIALS), n_lucks=n_pairs, by_pair=True)
    n_counted = n_sessions - n_warm_up
    if n_counted < (MIN_SESSIONS_THAT_QUEUE if can.stores else MIN_SESSIONS):
        return None
    if can.stores:
        return Trials(n_trials=_N_PARTS, n_lucks=n_counted, joined=(3, 5), n_warm_up=n_warm_up)
    return Trials(n_trials=N_BATCHES, n_lucks=n_counted, n_warm_up=n_warm_up)


def mean_from(sums: Sums) -> Mean:
    """Mean over the frames that have a value.

    Parameters
    ----------
    sums : Sums
        What is known of the values.

    Returns
    -------
    Mean
        In the unit of the values; what cannot be told is not a number.

    Notes
    -----
    The error is that of a ratio of sums over trials: W. G. Cochran, *Sampling Techniques* (1977), Section 6.3.
    """
    value = sums.mean
    if math.isnan(value) or sums.trials is None:
        return Mean(value=value)
    spreads = [_spread(sums, value, n) for n in sums.trials.joined]
    if any(n_free < 1 for n_free, _ in spreads):
        return Mean(value=value)
    if sums.lo == sums.hi:
        return Mean(value=value, error=0.0, lo=value, hi=value)
    half, error = max((student_t(n_free) * error, error) for n_free, error in spreads)
    return Mean(value=value, error=error, lo=value - half, hi=value + half)


def _spread(sums: Sums, value: float, n_joined: int) -> tuple[int, float]:
    """Degrees of freedom and the standard error of a mean, from what trials differ from it."""
    starts = np.arange(0, sums.counts.size, n_joined)
    counts, totals = np.add.reduceat(sums.counts, starts), np.add.reduceat(sums.sums, starts)
    has_some = counts > 0
    n = int(np.count_nonzero(has_some))
    residuals = (totals - value * counts)[has_some]
    return n - 1, math.sqrt(n / max(n - 1, 1) * float(np.sum(residuals**2))) / sums.n


def share_from(sums: Sums) -> Mean:
    """Mean of numbers of which each lies between 0 and a largest one, mostly at either end.

    Parameters
    ----------
    sums : Sums
        What is known of the values. [1]

    Returns
    -------
    Mean
        In the unit of the values; what cannot be told is not a number.

    Notes
    -----
    Wilson's interval, J. Am. Stat. Assoc. 22, 209 (1927), for as many frames as would have the variance found if they
    were independent, with Student's t for the normal quantile. Where all are alike, as many as drew a luck of their
    own: none of 100 lost does not mean that none ever is. The error there is that of the interval, its width over 3.92.
    """
    mean, trials = mean_from(sums), sums.trials
    if trials is None or math.isnan(mean.error):
        return mean
    top = sums.hi or 1.0
    share, error = min(mean.value / top, 1.0), mean.error / top
    if error == 0:
        low, high = _interval(share, trials.n_lucks)
        error = (high - low) / (2 * NORMAL)
    elif not trials.are_batches:
        low, high = _interval(share, trials.n_lucks)
    else:
        n_alike = min(share * (1 - share) / error**2, float(sums.n))
        low, high = _interval(share, n_alike, (mean.hi - mean.lo) / (2 * mean.error))
    return Mean(value=mean.value, error=error * top, lo=low * top, hi=high * top)


def _interval(share: float, n_trials: float, n_deviations: float = NORMAL) -> tuple[float, float]:
    low, high = wilson(share * n_trials, n_trials, n_deviations=n_deviations)
    return float(low), float(high)


@cache
def student_t(n_free: int) -> float:
    """Quantile of Student's t that leaves 2.5 % above it, for so many degrees of freedom. [1]

    Examples
    --------
    >>> round(student_t(9), 4)
    2.2622
    """
    from scipy.special import stdtrit

    return float(stdtrit(n_free, (1 + P_COVERAGE) / 2))
