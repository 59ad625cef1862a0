"""Timing of one uncontended frame at its relays, in closed form (paper, Sections II.B and IV.B)."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from qpsviz.units import Array, ArrayLike, in_range

RELEASES = ("after_frame", "after_header")


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
    if release not in RELEASES:
        raise ValueError(f"release = {release!r} is not one of {', '.join(RELEASES)}")
    g, T_P = in_range("guard_us", guard_us, 0.0), in_range("processing_us", processing_us, 0.0)
    T_Q = in_range("payload_us", payload_us, 0.0)
    wait = np.maximum(T_P - g, T_Q if release == "after_frame" else 0.0)
    return wait, np.minimum(g, g + wait - T_P)


def relay_dwells(
    n_relays: int,
    *,
    discipline: str,
    processing_us: ArrayLike,
    payload_us: ArrayLike,
    guard_us: ArrayLike = 0.0,
    release: str = "after_frame",
) -> Iterator[Array]:
    """Dwell at the first, second, … of ``n_relays`` relays on an idle path.

    Parameters
    ----------
    n_relays : int
        Relays on the path.
    discipline : str
        ``"store"`` holds payloads; ``"burst"`` and ``"circuit"`` never do.
    processing_us, payload_us, guard_us : array_like
        As in :func:`store_hop`. [us]
    release : str
        As in :func:`store_hop`.

    Yields
    ------
    ndarray
        Dwell of each qubit at the relay. [us]

    Raises
    ------
    ValueError
        If a time is negative or the release unknown.
    """
    guard = np.asarray(guard_us, dtype=np.float64)
    for _ in range(n_relays):
        if discipline == "store":
            dwell, guard = store_hop(
                guard, processing_us=processing_us, payload_us=payload_us, release=release
            )
            yield dwell
        else:
            yield np.zeros(())
