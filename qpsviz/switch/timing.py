"""Timing of one uncontended frame at its relays, in closed form (paper, Sections II.B and IV.B)."""

from __future__ import annotations

from typing import Any

import numpy as np

from qpsviz.scenario.choices import Release
from qpsviz.units import Array, ArrayLike, in_range
from qpsviz.units.checks import one_of
from qpsviz.units.times import is_after, whole_steps

RELEASES = tuple(release.value for release in Release)


def store_hop(
    guard_us: ArrayLike, *, processing_us: ArrayLike, payload_us: ArrayLike, release: str = "after_frame"
) -> tuple[Array, Array]:
    """Dwell of every qubit at one store-and-forward relay, and the guard the frame leaves with.

    Parameters
    ----------
    guard_us : array_like
        Guard with which the frame arrives. [us]
    processing_us, payload_us : array_like
        Header processing time T_P and payload duration k x spacing. [us]
    release : str
        ``"after_frame"``: wait for the whole payload; ``"after_header"``: only for the header.

    Returns
    -------
    tuple of ndarray
        (dwell, next guard). [us]

    Raises
    ------
    ValueError
        If a time is negative or the release unknown.

    Notes
    -----
    The qubits leave at max(header read, payload in), in order and at the spacing they came with, so each dwells
    alike: max(T_P, k x spacing) without guard. Assumption: the regenerated header restores the guard it came
    with when it can, and leaves at once when it cannot.

    Examples
    --------
    >>> store_hop(0.0, processing_us=125.0, payload_us=50.0)[0].item()
    125.0
    """
    one_of("release", release, RELEASES)
    g, T_P = in_range("guard_us", guard_us, 0.0), in_range("processing_us", processing_us, 0.0)
    T_Q = in_range("payload_us", payload_us, 0.0)
    least = T_Q if Release(release).waits_for_frame else np.zeros(())
    wait = np.where(is_after(T_P - g, least), T_P - g, least)
    return wait, np.clip(g + wait - T_P, 0.0, g)


def attempt_guard(guard_us: Any, n_before: Any, processing_us: Any, overtakes: bool) -> Any:
    """Guard with which a frame leaves its source, free of NumPy for the event engine.

    Parameters
    ----------
    guard_us : float or array_like
        Guard of the first attempt. [us]
    n_before : int or array_like
        Attempts before this one. [1]
    processing_us : float or array_like
        Header processing time T_P. [us]
    overtakes : bool
        Whether payloads fly on while headers are read.

    Returns
    -------
    float or ndarray
        Guard. [us]

    Notes
    -----
    Paper, Section II.B: a burst that was dropped is sent again with more guard. Assumption: by one T_P each time.

    Examples
    --------
    >>> attempt_guard(80.0, 2, 20.0, True), attempt_guard(80.0, 2, 20.0, False)
    (120.0, 80.0)
    """
    if overtakes:
        return guard_us + n_before * processing_us
    return guard_us


def burst_timing(first_guard_us: float, n_read: int, processing_us: float) -> tuple[float, float]:
    """Guard left, and payload lost so far, after ``n_read`` relays without memory read the header.

    One frame at a time and free of NumPy, so that the event engine can call and compile it.

    Parameters
    ----------
    first_guard_us : float
        Guard with which the frame left its source. [us]
    n_read : int
        Relays that have read the header.
    processing_us : float
        Header processing time T_P. [us]

    Returns
    -------
    tuple of float
        (guard, lost); at most one of them is above 0. [us]

    Notes
    -----
    The last factor of Eq. 2 with a guard: lost = max(0, n T_P - G).

    Examples
    --------
    >>> burst_timing(80.0, 3, 20.0), burst_timing(0.0, 3, 20.0)
    ((20.0, 0.0), (0.0, 60.0))
    """
    taken_us = n_read * processing_us
    if is_after(taken_us, first_guard_us):
        return 0.0, taken_us - first_guard_us
    if is_after(first_guard_us, taken_us):
        return first_guard_us - taken_us, 0.0
    return 0.0, 0.0


def store_dwell(guard_us: float, processing_us: float, payload_us: float, after_frame: bool) -> float:
    """Dwell of :func:`store_hop` for one frame, free of NumPy for the event engine. [us]

    Examples
    --------
    >>> store_dwell(0.0, 125.0, 50.0, True), store_dwell(100.0, 125.0, 50.0, True)
    (125.0, 50.0)
    """
    wait_us = processing_us - guard_us
    least_us = payload_us if after_frame else 0.0
    return wait_us if is_after(wait_us, least_us) else least_us


def next_guard(guard_us: ArrayLike, dwell_us: ArrayLike, processing_us: ArrayLike) -> Array:
    """:func:`store_guard` for arrays. [us]"""
    guard = np.asarray(guard_us, dtype=np.float64)
    return np.asarray(np.clip(guard + np.asarray(dwell_us) - np.asarray(processing_us), 0.0, guard))


def store_guard(guard_us: float, dwell_us: float, processing_us: float) -> float:
    """Guard with which a frame leaves a memory after ``dwell_us``, idle or not, for the event engine. [us]

    Examples
    --------
    >>> store_guard(100.0, 50.0, 125.0), store_guard(100.0, 200.0, 125.0)
    (25.0, 100.0)
    """
    kept_us = guard_us + dwell_us - processing_us
    if kept_us > guard_us:
        return guard_us
    return kept_us if kept_us > 0.0 else 0.0


def qubits_held(dwell_us: float, n_qubits: int, spacing_us: float, from_us: float) -> int:
    """Most qubits of one frame that a memory holds at the same moment.

    Parameters
    ----------
    dwell_us : float
        How long each qubit stays. [us]
    n_qubits : int
        Qubits of the frame.
    spacing_us : float
        Time from one qubit to the next. [us]
    from_us : float
        When the first of them arrives on the clock that the dwell was found from. [us]

    Returns
    -------
    int
        min(k, ceil(dwell / spacing)): none where nothing dwells, because such a payload passes by. [1]

    Notes
    -----
    The memory sets so many places apart from the arrival of the payload's head until its last qubit has left.

    Examples
    --------
    >>> [qubits_held(dwell_us, 10, 5.0, 0.0) for dwell_us in (0.0, 5.0, 12.0, 50.0, 125.0)]
    [0, 1, 3, 10, 10]
    """
    n = whole_steps(dwell_us, spacing_us, from_us)
    return n if n < n_qubits else n_qubits


def trailer_lag(lag_us: ArrayLike, dwell_us: ArrayLike, *, processing_us: ArrayLike) -> Array:
    """How far a trailer leaves a relay behind the end of its payload.

    Parameters
    ----------
    lag_us : array_like
        How far behind it came. [us]
    dwell_us : array_like
        How long the payload stayed; 0 in a burst. [us]
    processing_us : array_like
        Time T_P that reading takes. [us]

    Returns
    -------
    ndarray
        max(0, lag + T_P - dwell): the trailer is read and written anew as the header is, and never leaves before the
        payload's end. [us]

    Notes
    -----
    In a burst it falls behind by T_P at each relay; behind a stored payload it catches up while that waits. Over a
    circuit nothing reads it. Assumption: no port is held for it, and no relay waits for it.

    Examples
    --------
    >>> trailer_lag([0.0, 20.0, 20.0], [0.0, 0.0, 30.0], processing_us=20.0).tolist()
    [20.0, 40.0, 10.0]
    """
    read_us = np.add(lag_us, processing_us)
    dwell = np.asarray(dwell_us)
    return np.where(is_after(read_us, dwell), read_us - dwell, 0.0)
