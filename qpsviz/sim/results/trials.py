"""Means over the frames of a run, with errors that know which frames had their luck together.

Frames of one session are not independent, nor are frames that queue or contend. Sessions in the order of their start
are therefore cut into ten batches of whole sessions: each batch is one trial, and Student's t with nine degrees of
freedom knows how few they are. Frames that wait at relays pass their delay on to those behind them, longer than such a
batch lasts on a loaded port, and a few long queues hold most of the spread: there the interval is the wider one of
those of five and of three batches. It covers 92 to 95 % where queues last a twentieth of the run or longer, up to 99 %
where they are short, which one run cannot tell apart, and nearly always where a port is offered more than it can carry.
Three batches need 20 sessions each: of 20 in all that rarely meet, one long wait more or less makes the whole spread,
and the interval would cover 80 %. In a run of one session nobody contends: there every frame (or pair of halves) draws
its own luck, and only the frames of a circuit share theirs.
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


@dataclass(frozen=True, kw_only=True)
class Mean:
    """A mean, its standard error, and the 95 % interval for its expectation over runs of this length."""

    value: float
    error: float = math.nan
    lo: float = math.nan
    hi: float = math.nan


@dataclass(frozen=True, kw_only=True)
class Trials:
    """The trial of each frame, counted from 0; how many sessions, or lone frames, may differ in their luck."""

    number: Column
    n_lucks: int
    joined: tuple[int, ...] = (1,)
    """How many trials in a row to take as one; of several choices, the one with the widest interval."""

    @property
    def are_batches(self) -> bool:
        """Whether trials hold several sessions that may still have met."""
        return bool(self.n_lucks > int(self.number[-1]) + 1)


def trials_of(frames: Table, scenario: Scenario) -> Trials | None:
    """The trials of a run, or None where too few are independent to tell an error.

    Parameters
    ----------
    frames : Table
        The frames of a run.
    scenario : Scenario
        Its scenario.

    Returns
    -------
    Trials or None
        None with no frames, with 2 to 19 sessions (2 to 59 where frames wait at relays), and for one circuit.
    """
    n_sessions = np.unique(frames["session"]).size
    if n_sessions == 1 and not Discipline(scenario.switch.discipline).sets_up:
        number = np.unique(frames["pair"], return_inverse=True)[1]
        return Trials(number=number, n_lucks=int(number[-1]) + 1)
    queues = Discipline(scenario.switch.discipline).stores
    if n_sessions < (MIN_SESSIONS_THAT_QUEUE if queues else MIN_SESSIONS):
        return None
    order = np.unique(frames["session"], return_inverse=True)[1]
    if queues:
        return Trials(number=order * _N_PARTS // n_sessions, n_lucks=n_sessions, joined=(3, 5))
    return Trials(number=order * N_BATCHES // n_sessions, n_lucks=n_sessions)


def mean_of(values: Array, trials: Trials | None) -> Mean:
    """Mean over the frames that have a value.

    Parameters
    ----------
    values : ndarray
        One value per frame, not a number where a frame has none.
    trials : Trials or None
        The trials of the run.

    Returns
    -------
    Mean
        In the unit of the values; what cannot be told is not a number.

    Notes
    -----
    The error is that of a ratio of sums over trials: W. G. Cochran, *Sampling Techniques* (1977), Section 6.3.
    """
    has_one = ~np.isnan(values)
    found = values[has_one]
    if not found.size:
        return Mean(value=math.nan)
    value = float(np.mean(found))
    if trials is None:
        return Mean(value=value)
    spreads = [_spread(found - value, trials.number[has_one] // n) for n in trials.joined]
    if any(n_free < 1 for n_free, _ in spreads):
        return Mean(value=value)
    if np.ptp(found) == 0:
        return Mean(value=value, error=0.0, lo=value, hi=value)
    half, error = max((student_t(n_free) * error, error) for n_free, error in spreads)
    return Mean(value=value, error=error, lo=value - half, hi=value + half)


def _spread(residuals: Array, number: Column) -> tuple[int, float]:
    """Degrees of freedom and the standard error of a mean, from what frames differ from it and their trials."""
    sums = np.bincount(number, residuals)[np.bincount(number) > 0]
    n = sums.size
    return n - 1, math.sqrt(n / max(n - 1, 1) * float(np.sum(sums**2))) / residuals.size


def share_of(values: Array, trials: Trials | None) -> Mean:
    """Mean of numbers of which each lies between 0 and a largest one, mostly at either end.

    Parameters
    ----------
    values : ndarray
        One value per frame. [1]
    trials : Trials or None
        The trials of the run.

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
    mean = mean_of(values, trials)
    if trials is None or math.isnan(mean.error):
        return mean
    top = float(values.max()) or 1.0
    share, error = min(mean.value / top, 1.0), mean.error / top
    if error == 0:
        low, high = _interval(share, trials.n_lucks)
        error = (high - low) / (2 * NORMAL)
    elif not trials.are_batches:
        low, high = _interval(share, trials.n_lucks)
    else:
        n_alike = min(share * (1 - share) / error**2, float(values.size))
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
