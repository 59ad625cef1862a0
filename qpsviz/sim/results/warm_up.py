"""How many of the first sessions of a run to leave out of its means: those before queues are as long as later."""

from __future__ import annotations

import numpy as np

from qpsviz.scenario import Scenario
from qpsviz.scenario.discipline import Discipline
from qpsviz.switch.fates import Fate
from qpsviz.table import Table
from qpsviz.units import Array

BATCH = 5


def mser_5(values: Array) -> int:
    """How many leading values to leave out, so that the mean of the others has the least standard error.

    Parameters
    ----------
    values : ndarray
        A series in order of time, in any unit. [unit]

    Returns
    -------
    int
        A multiple of five. [1]

    Raises
    ------
    ValueError
        If the series is shorter than 20, or the least error is not found before its half: it has no steady state yet.

    Notes
    -----
    MSER-5 takes means of five values in a row, z, and leaves out the first d of n that make
    Σ_(i>d) (z_i - mean)²/(n - d)² least: White, Cobb and Spratt, Proc. Winter Simulation Conf. 2000, p. 755.

    Examples
    --------
    >>> mser_5(np.r_[np.linspace(0.0, 1.0, 30), np.tile([1.0, 1.1], 100)])
    30
    """
    n = values.size // BATCH
    if n < 4:
        raise ValueError(f"{values.size} values are too few to find a warm-up; at least {4 * BATCH} are needed")
    z: Array = values[: n * BATCH].reshape(n, BATCH).mean(axis=1)
    z = z - z.mean()
    n_left = np.arange(n, 0, -1)
    sums, squares = (np.cumsum(x[::-1])[::-1] for x in (z, z * z))
    error = (squares - sums * sums / n_left) / n_left.astype(np.float64) ** 2
    half = n // 2
    found = int(np.argmin(error[: half + 1]))
    if found == half:
        raise ValueError(
            "no steady state is found in the first half of the run: simulate more frames, or less load than ports carry"
        )
    return found * BATCH


def warm_up_of(frames: Table, scenario: Scenario) -> float:
    """Share of the sessions that :func:`mser_5` leaves out of the mean over sessions.

    Parameters
    ----------
    frames : Table
        The frames of a run.
    scenario : Scenario
        Its scenario.

    Returns
    -------
    float
        Share for ``Traffic(warm_up=…)``. What is looked at is the latency of delivered frames where frames wait at
        relays, and elsewhere the share of each session's frames that was delivered. [1]

    Raises
    ------
    ValueError
        As :func:`mser_5` has it.
    """
    delivered, session = frames["fate"] == Fate.DELIVERED, frames["session"]
    n_sessions = int(session.max()) + 1 if len(frames) else 0
    values = delivered.astype(np.float64)
    if Discipline(scenario.switch.discipline).can.stores:
        session, values = session[delivered], (frames["done_us"] - frames["offered_us"])[delivered]
    counts = np.bincount(session, minlength=n_sessions)
    has_one = np.flatnonzero(counts)
    left_out = mser_5(np.bincount(session, values, minlength=n_sessions)[has_one] / counts[has_one])
    return float(has_one[left_out]) / n_sessions if left_out else 0.0
