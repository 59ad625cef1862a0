"""What becomes of a frame over all its attempts: three numbers that are one only for a single attempt.

*Retention* K is what one attempt delivers per channel time that it takes (Eq. 2); *per frame* is what all attempts
together deliver of a payload; *per channel time* is that over the channel time of all of them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from qpsviz.switch.timing import attempt_guard
from qpsviz.units import Array, ArrayLike, in_range, in_unit_interval


@dataclass(frozen=True, kw_only=True)
class Attempts:
    """Averages over the attempts of a frame, as arrays that broadcast.

    Attributes
    ----------
    n_attempts : ndarray
        Attempts of a frame. [1]
    p_delivered : ndarray
        Chance that its last attempt is delivered. [1]
    retention : ndarray
        Share of its payload that is delivered in the end. [1]
    later_guard_us : ndarray
        Guard time that its attempts add up to beyond that of the first, each time over. [us]
    """

    n_attempts: Array
    p_delivered: Array
    retention: Array
    later_guard_us: Array


def over_attempts(
    kept: Callable[[int], ArrayLike],
    *,
    p_through: ArrayLike,
    p_again: ArrayLike,
    max_attempts: ArrayLike,
    guard_step_us: ArrayLike = 0.0,
) -> Attempts:
    """Averages over the attempts of a frame that is sent again until it is delivered.

    Parameters
    ----------
    kept : callable
        Share of the payload that attempt 1, 2 … leaves where every port is free. [1]
    p_through : array_like
        Chance that every port on the path of the frame is free. [1]
    p_again : array_like
        Chance that some port is taken on the path of the frame or of what is sent with it, so that all are sent again:
        1 - p_through for a frame by itself. [1]
    max_attempts : array_like of int
        Attempts allowed.
    guard_step_us : array_like
        Guard time that each attempt has more than the one before. [us]

    Returns
    -------
    Attempts
        Averages. [1]

    Raises
    ------
    ValueError
        If a chance is outside [0, 1] or fewer than one attempt is allowed.

    Notes
    -----
    Each attempt finds the ports taken or free anew; one whose payload is lost whatever the ports is dropped as late.

    Examples
    --------
    >>> thrice = over_attempts(lambda attempt: 0.9, p_through=0.5, p_again=0.5, max_attempts=3)
    >>> float(thrice.n_attempts), float(thrice.p_delivered), round(float(thrice.retention), 4)
    (1.75, 0.875, 0.7875)
    """
    free, again = in_unit_interval("p_through", p_through), in_unit_interval("p_again", p_again)
    most, step_us = in_range("max_attempts", max_attempts, 1.0), in_range("guard_step_us", guard_step_us, 0.0)
    asked: Array = np.ones(())
    n_attempts, delivered, per_frame, later_us = (np.zeros(()) for _ in range(4))
    for attempt in range(1, int(np.max(most)) + 1):
        asked = asked * (attempt <= most)
        if not np.any(asked > 0):
            break
        left = np.asarray(kept(attempt), dtype=np.float64)
        gets_through = asked * (left > 0) * np.where(attempt == most, free, 1 - again)
        n_attempts, delivered = n_attempts + asked, delivered + gets_through
        per_frame, later_us = (
            per_frame + gets_through * left,
            later_us + asked * attempt_guard(0.0, attempt - 1, step_us, True),
        )
        asked = asked * np.where(left > 0, again, 1.0)
    return Attempts(n_attempts=n_attempts, p_delivered=delivered, retention=per_frame, later_guard_us=later_us)


def set_up_us(
    n_relays: ArrayLike,
    *,
    travel_us: ArrayLike,
    processing_us: ArrayLike,
    p_free: ArrayLike = 1.0,
    max_attempts: ArrayLike = 1,
) -> Array:
    """Time that a circuit's source waits on average until its circuit is there, or refused for good.

    Parameters
    ----------
    n_relays : array_like of int
        Relays n on the path.
    travel_us, processing_us : array_like
        Flight over the whole path, and the reading of a message by a relay. [us]
    p_free : array_like
        Probability P that a relay's output channel is free. [1]
    max_attempts : array_like of int
        Set-up messages allowed.

    Returns
    -------
    ndarray
        Average time. [us]

    Raises
    ------
    ValueError
        If an input is out of range.

    Notes
    -----
    There and back, 2 (travel + n T_P), where all is free. Relay j of equal spans refuses when it has read the message,
    and each relay before it reads the refusal: 2 j travel/(n + 1) + (2 j - 1) T_P. Assumption: the source tries again
    T_P after it heard.

    Examples
    --------
    >>> float(set_up_us(3, travel_us=400.0, processing_us=125.0))
    1550.0
    """
    n, P = in_range("n_relays", n_relays, 0.0), in_unit_interval("p_free", p_free)
    there_us, T_P = in_range("travel_us", travel_us, 0.0), in_range("processing_us", processing_us, 0.0)
    once_us = P**n * 2 * (there_us + n * T_P)
    for j in range(1, int(np.max(n)) + 1):
        refused = np.where(j <= n, P ** (j - 1) * (1 - P), 0.0)
        if not np.any(refused > 0):
            break
        once_us = once_us + refused * (2 * j * there_us / (n + 1) + (2 * j - 1) * T_P)
    tried = over_attempts(lambda _: 1.0, p_through=P**n, p_again=1 - P**n, max_attempts=max_attempts)
    return np.asarray(once_us * tried.n_attempts + (tried.n_attempts - 1) * T_P)
