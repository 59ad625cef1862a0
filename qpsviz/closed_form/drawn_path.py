"""A path whose waits for busy ports are drawn, where their averages have no closed form.

So it is where a wait decides about more than itself: with a cut-off or too small a memory, which drop what waits long;
with a guard that a wait gives back, so that the next relay need not hold as long; and where a code is decoded, whose
errors are no straight line of the noise. The draws are spread evenly and are the same at every call.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cached_property, lru_cache

import numpy as np

from qpsviz.closed_form.idle_path import IdlePath
from qpsviz.noise import QubitChannel
from qpsviz.protocols.epr import PairState
from qpsviz.scenario.values import Values
from qpsviz.switch.port_wait import NEVER_US, tail, wait_at_luck
from qpsviz.switch.timing import next_guard, store_hop
from qpsviz.units import Array, Mask
from qpsviz.units.times import is_after

MOST_DRAWS, FEWEST_DRAWS = 512, 64
_VALUES_AT_ONCE = 1 << 17  # up to 256 values have the most draws; curves and maps are there at once
_PRIMES = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29)


@dataclass(frozen=True, kw_only=True)
class DrawnPath(IdlePath):
    """A :class:`~qpsviz.closed_form.idle_path.IdlePath` with one more axis at the end: the draws.

    Parameters
    ----------
    waits_us : list of ndarray
        Wait for the port of each relay, on top of the least dwell. [us]
    """

    waits_us: list[Array]

    @classmethod
    def of(cls, path: IdlePath) -> DrawnPath:
        """The path with its waits drawn."""
        values, n_most = path.values.with_one_more_axis(), int(np.max(path.n_relays))
        shapes = [np.shape(getattr(path.values, f.name)) for f in fields(Values)]
        size = int(np.prod(np.broadcast_shapes(*shapes, np.shape(path.length_km), np.shape(path.n_relays))))
        n_draws = int(np.clip(_VALUES_AT_ONCE // size, FEWEST_DRAWS, MOST_DRAWS))
        payload_us = np.asarray(values.payload_us)
        with np.errstate(over="ignore"):
            waits = [payload_us * wait for wait in _drawn(np.asarray(values.p_free), n_most, n_draws)]
        waits = [np.where(wait < NEVER_US, wait, np.inf) for wait in waits]
        length_km, n_relays = (np.asarray(v)[..., None] for v in (path.length_km, path.n_relays))
        kept = path.relay.storage.kept_us
        return cls(length_km=length_km, n_relays=n_relays, values=values, waits_us=[kept(wait) for wait in waits])

    @cached_property
    def dwells_us(self) -> list[Array]:
        """Dwell at each relay in every draw. [us]"""
        v, dwells, guard = self.values, [], np.asarray(self.values.guard_us, dtype=np.float64)
        for wait_us in self.waits_us:
            least_us, _ = store_hop(
                guard, processing_us=v.processing_us, payload_us=self.payload_us, release=v.release
            )  # fmt: skip
            dwell = self.relay.storage.kept_us(least_us) + wait_us
            guard = next_guard(guard, dwell, v.processing_us)
            dwells.append(dwell)
        return dwells

    def held_us(self, relay: int) -> Array:
        """Dwell at one relay without the wait for its port. [us]"""
        waited = self.waits_us[relay]
        return np.asarray(self.dwells_us[relay] - np.where(np.isinf(waited), 0.0, waited))

    def waited(self, relay: int) -> QubitChannel:
        """What waiting for the port of one relay does in every draw. [1]"""
        return self.relay.hold(self.waits_us[relay])

    @cached_property
    def is_delivered(self) -> Mask:
        """Whether a frame comes through in time and finds room in every memory."""
        in_time = ~is_after(self.dwell_us, np.asarray(self.values.cutoff_us)) & np.isfinite(self.dwell_us)
        return np.asarray(in_time & (self.held_qubits <= self.values.memory_qubits))

    def mean(self, values: Array, *, weights: Array | None = None) -> Array:
        """Mean over the frames that are delivered, or over all where none is. [unit]"""
        counted = np.where(np.any(self.is_delivered, axis=-1, keepdims=True), self.is_delivered, True)
        shares = np.asarray(counted if weights is None else counted * weights, dtype=np.float64)
        shares, values = np.broadcast_arrays(shares, np.asarray(values, dtype=np.float64))
        total = shares.sum(axis=-1)
        with np.errstate(invalid="ignore"):
            summed = np.sum(np.where(shares > 0, shares * values, 0.0), axis=-1)
        return np.asarray(summed / np.where(total > 0, total, 1.0))

    def mean_channel(self, channel: QubitChannel, *, of_photons: bool) -> QubitChannel:
        """The mean of a channel over frames, or over the photons of them that arrive. [1]"""
        weights = channel.eta if of_photons else None
        state = {name: self.mean(getattr(channel, name), weights=weights) for name in _STATE}
        return QubitChannel(eta=self.mean(channel.eta), **state)

    def mean_state(self, state: PairState) -> PairState:
        """The mean state of pairs that were drawn. [1]"""

        def p_unequal() -> tuple[Array, Array]:
            p01, p10 = state.p_unequal()
            return self.mean(p01), self.mean(p10)

        return PairState(c=self.mean(state.c), a=self.mean(state.a), b=self.mean(state.b), p_unequal=p_unequal)


_STATE = ("c", "a", "b", "p_up", "p_down", "p_phase")


def _drawn(p_free: Array, n_relays: int, n_draws: int) -> list[Array]:
    """Waits at each relay in payloads: what ``p_free`` has, with the draws along the last axis."""
    known, place = np.unique(p_free, return_inverse=True)
    each = np.stack([_waits(float(p), n_relays, n_draws) for p in known])
    waits = each[np.reshape(place, np.shape(p_free))]  # (..., 1 or none, relays, draws)
    waits = waits[..., 0, :, :] if np.ndim(p_free) else waits
    return [waits[..., j, :] for j in range(n_relays)]


@lru_cache(maxsize=256)
def _waits(p_free: float, n_relays: int, n_draws: int) -> Array:
    lucks = _lucks(n_relays, n_draws)
    if p_free <= 0 or p_free >= 1:
        return np.full(lucks.shape, np.inf if p_free <= 0 else 0.0)
    rate, share = tail(p_free)
    return np.array([[wait_at_luck(luck, p_free, rate, share) for luck in of_relay] for of_relay in lucks.tolist()])


def _lucks(n_relays: int, n_draws: int) -> Array:
    """Numbers in (0, 1) for each relay, evenly spread, and the same for a relay whatever comes behind it.

    Steps of the square roots of primes, which fill a space of few dimensions evenly; drawn for relays far behind.
    """
    steps = np.sqrt(_PRIMES[:n_relays])[:, None] * np.arange(1, n_draws + 1)
    even = (0.5 + steps) % 1.0
    if n_relays <= len(_PRIMES):
        return np.asarray(even)
    behind = [np.random.default_rng(j).random(n_draws) for j in range(len(_PRIMES), n_relays)]
    return np.concatenate([even, np.stack(behind)])
