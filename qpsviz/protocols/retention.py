"""What burst switching without memory leaves of a payload (paper, Section IV.A; Eq. 2)."""

from __future__ import annotations

import numpy as np

from qpsviz.scenario.choices import LatePayload, Reservation
from qpsviz.units import Array, ArrayLike, in_range, in_unit_interval
from qpsviz.units.checks import one_of
from qpsviz.units.times import is_after

LATE_PAYLOADS = tuple(late.value for late in LatePayload)
RESERVATIONS = tuple(reservation.value for reservation in Reservation)


def payload_retention(
    n_relays: ArrayLike,
    *,
    p_free: ArrayLike,
    payload_us: ArrayLike,
    processing_us: ArrayLike,
    guard_us: ArrayLike = 0.0,
    late_payload: str = "truncate",
    reservation: str = "immediate",
) -> Array:
    """Payload that burst switching delivers, per unit of channel time.

    Parameters
    ----------
    n_relays : array_like of int
        Relays n on the path; 0 is circuit switching.
    p_free : array_like
        Probability P that a relay's output channel is free. [1]
    payload_us, processing_us : array_like
        Payload duration T_Q and header processing time T_P per relay. [us]
    guard_us : array_like
        Head start G of the header. [us]
    late_payload : str
        ``"truncate"``: a late header costs the head of the payload; ``"discard"``: the frame.
    reservation : str
        As in :func:`channel_time_us`.

    Returns
    -------
    ndarray, shape of the broadcast inputs
        K in [0, 1]. [1]

    Raises
    ------
    ValueError
        If an input is out of range.

    Notes
    -----
    Eq. 2: K = P^n (T_Q - n T_P) / T_Q. Deviation: 0 where n T_P > T_Q (paper: negative). With a guard,
    K = P^n [T_Q - max(0, n T_P - G)] / (T_Q + G), or over T_Q with a delayed reservation; Assumption: Eq. 2 has no
    guard. Two frames of one source never meet: it sends one payload at a time, and they stay in that order.

    Examples
    --------
    >>> float(payload_retention(2, p_free=0.5, payload_us=50.0, processing_us=0.5))
    0.245
    """
    kept = payload_kept(
        n_relays,
        payload_us=payload_us,
        processing_us=processing_us,
        guard_us=guard_us,
        late_payload=late_payload,
    )
    n, P = in_range("n_relays", n_relays, 0.0), in_unit_interval("p_free", p_free)
    T_Q = np.asarray(payload_us, dtype=np.float64)
    return P**n * kept * T_Q / channel_time_us(payload_us, guard_us=guard_us, reservation=reservation)


def channel_time_us(payload_us: ArrayLike, *, guard_us: ArrayLike = 0.0, reservation: str = "immediate") -> Array:
    """Time for which one attempt keeps a channel from others.

    Parameters
    ----------
    payload_us, guard_us : array_like
        Payload duration T_Q and guard time G. [us]
    reservation : str
        ``"immediate"``: a port is held from the reading of the header to the end of the payload, so the guard takes
        channel time; ``"delayed"``: only the payload does; ``"none"``: no port is held ahead, so the guard belongs to
        the frame and takes its time, too.

    Returns
    -------
    ndarray
        T_Q + G or T_Q. [us]

    Raises
    ------
    ValueError
        If an input is out of range.
    """
    one_of("reservation", reservation, RESERVATIONS)
    T_Q, G = in_range("payload_us", payload_us, 1e-12), in_range("guard_us", guard_us, 0.0)
    return T_Q + G if Reservation(reservation).holds_guard else T_Q + 0 * G


def payload_kept(
    n_relays: ArrayLike,
    *,
    payload_us: ArrayLike,
    processing_us: ArrayLike,
    guard_us: ArrayLike = 0.0,
    late_payload: str = "truncate",
) -> Array:
    """Share of a frame's payload time that survives n header readings without memory.

    Parameters
    ----------
    n_relays : array_like of int
        Relays n on the path.
    payload_us, processing_us, guard_us : array_like
        Payload duration T_Q, processing time T_P per relay, guard time G. [us]
    late_payload : str
        ``"truncate"`` or ``"discard"``.

    Returns
    -------
    ndarray
        Share in [0, 1]. [1]

    Raises
    ------
    ValueError
        If an input is out of range.

    Notes
    -----
    The last factor of Eq. 2 with a guard: [T_Q - max(0, n T_P - G)]/T_Q, not below 0.
    """
    one_of("late_payload", late_payload, LATE_PAYLOADS)
    n, T_P = in_range("n_relays", n_relays, 0.0), in_range("processing_us", processing_us, 0.0)
    T_Q, G = in_range("payload_us", payload_us, 1e-12), in_range("guard_us", guard_us, 0.0)
    late = np.where(is_after(n * T_P, G), n * T_P - G, 0.0)
    if LatePayload(late_payload).drops_frame:
        return np.where(late > 0, 0.0, np.ones_like(late * T_Q))
    return np.where(is_after(T_Q, late), 1 - late / T_Q, 0.0)
