"""A run in a dozen numbers."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from qpsviz.scenario import Scenario
from qpsviz.sim.fates import Fate
from qpsviz.sim.table import Table

_Z = 1.959963984540054
_DROPS = tuple(f for f in Fate if f not in (Fate.DELIVERED, Fate.IN_FLIGHT))


def summarise(frames: Table, scenario: Scenario) -> dict[str, Any]:
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
        ``offered``, ``delivered``, ``in_flight``, ``dropped`` (by reason): offered = delivered + in flight + dropped;
        ``delivered_share`` with its 95 % interval ``delivered_low`` … ``delivered_high``;
        ``retention`` K and ``retention_error``; ``fidelity``, ``fidelity_error`` (standard errors) and
        ``fidelity_exact`` (every pair alike); ``delay_us``, ``latency_us``, ``dwell_us`` (means over delivered
        frames), ``attempts`` (mean), ``duration_us``.

    Notes
    -----
    Wilson, J. Am. Stat. Assoc. 22, 209 (1927) for the interval; all frames of a circuit are one trial. K as in Eq. 2
    with guard G: delivered payload over offered payload, times T_Q / (T_Q + G). Not a number where there is nothing
    to average.
    """
    fate = frames["fate"]
    delivered = fate == Fate.DELIVERED
    n_offered, n_delivered = len(frames), int(np.count_nonzero(delivered))
    n_trials = _n_trials(frames, scenario)
    low, high = wilson(n_delivered / max(1, n_offered) * n_trials, n_trials)
    payload_us = scenario.source.n_qubits * scenario.source.spacing_us
    useful = payload_us / (payload_us + scenario.switch.guard_us)
    retention, retention_error = mean_and_error(frames["payload_kept"] * useful, n_trials)
    fidelity = frames["fidelity"][(frames["arm"] == 0) & ~np.isnan(frames["fidelity"])]
    mean_fidelity, fidelity_error = mean_and_error(fidelity)
    ends = frames["done_us"][~np.isnan(frames["done_us"])]
    return {
        "offered": n_offered,
        "delivered": n_delivered,
        "in_flight": int(np.count_nonzero(fate == Fate.IN_FLIGHT)),
        "dropped": {f.value: int(n) for f in _DROPS if (n := np.count_nonzero(fate == f.value))},
        "delivered_share": n_delivered / n_offered if n_offered else math.nan,
        "delivered_low": low,
        "delivered_high": high,
        "retention": retention,
        "retention_error": retention_error,
        "fidelity": mean_fidelity,
        "fidelity_error": fidelity_error,
        "fidelity_exact": bool(fidelity.size and np.ptp(fidelity) <= 1e-12),
        "delay_us": mean_and_error(frames["delay_us"][delivered])[0],
        "latency_us": mean_and_error((frames["done_us"] - frames["offered_us"])[delivered])[0],
        "dwell_us": mean_and_error(frames["dwell_us"][delivered])[0],
        "attempts": mean_and_error(frames["attempts"])[0],
        "duration_us": float(ends.max()) if ends.size else 0.0,
    }


def _n_trials(frames: Table, scenario: Scenario) -> int:
    """How many frames can meet a fate of their own: those of one circuit cannot."""
    if scenario.switch.discipline == "circuit":
        return int(np.unique(frames["session"]).size)
    return len(frames)


def mean_and_error(values: Any, n_trials: int | None = None) -> tuple[float, float]:
    """Mean and its standard error for so many independent trials; not a number where there are too few.

    Parameters
    ----------
    values : ndarray
        What was found.
    n_trials : int, optional
        Independent ones among them; all if left out.

    Returns
    -------
    tuple of float
        (mean, standard error), in the unit of the values.
    """
    n = values.size if n_trials is None else n_trials
    mean = float(np.mean(values)) if values.size else math.nan
    return mean, float(np.std(values) / math.sqrt(n - 1)) if n > 1 else math.nan


def wilson(n_good: float, n_all: int) -> tuple[float, float]:
    """Wilson's 95 % interval for a share of ``n_good`` in ``n_all`` independent trials.

    Parameters
    ----------
    n_good, n_all : int
        Successes and trials.

    Returns
    -------
    tuple of float
        (low, high) in [0, 1]. [1]

    Examples
    --------
    >>> [round(x, 4) for x in wilson(10, 10)]
    [0.7225, 1.0]
    """
    if not n_all:
        return 0.0, 1.0
    share, weight = n_good / n_all, _Z * _Z / n_all
    middle = (share + weight / 2) / (1 + weight)
    half = _Z / (1 + weight) * math.sqrt(share * (1 - share) / n_all + weight / (4 * n_all))
    return max(0.0, middle - half), min(1.0, middle + half)
