"""A path whose waits for busy ports are drawn, where their averages have no closed form.

So it is where a wait decides about more than itself: with a cut-off or too small a memory, which drop what waits long;
with a guard that a wait gives back, so that the next relay need not hold as long; and where a code is decoded, whose
errors are no straight line of the noise. The draws are spread evenly, as many for every value of a sweep, and the same
at every call. Each is one of the waits that are short enough to be delivered, and counts by the chance of these.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from qpsviz.closed_form.idle_path import IdlePath
from qpsviz.noise import QubitChannel
from qpsviz.protocols.epr import PairState
from qpsviz.switch.port_wait import NEVER_US
from qpsviz.switch.relay import Relay
from qpsviz.switch.timing import next_guard, store_hop
from qpsviz.switch.wait_table import WaitTable
from qpsviz.units import Array
from qpsviz.units.times import is_after

N_DRAWS = 128
"""Draws for each value: a mean over them is right to a few per cent of what waits change."""

_WITH_CODE = 32  # decoding takes long

#: of R. Cools, F. Y. Kuo, D. Nuyens, SIAM J. Sci. Comput. 28, 2162 (2006): good for each power of 2 of points
_LATTICE = (1, 182667, 469891, 498753, 110745, 446247, 250185, 118627, 245333, 283199)


@dataclass(frozen=True, kw_only=True)
class DrawnPath(IdlePath):
    """A :class:`~qpsviz.closed_form.idle_path.IdlePath` with one more axis at the end: the draws.

    Parameters
    ----------
    waits_us : list of ndarray
        Wait for the port of each relay, on top of the least dwell. [us]
    p_delivered : ndarray
        Chance that each draw stands for: that a frame of its luck is delivered. [1]
    """

    waits_us: list[Array]
    p_delivered: Array

    @classmethod
    def of(cls, path: IdlePath) -> DrawnPath:
        """The path with its waits drawn."""
        length_km, n_relays = (np.asarray(v)[..., None] for v in (path.length_km, path.n_relays))
        idle = IdlePath(length_km=length_km, n_relays=n_relays, values=path.values.with_one_more_axis())
        waits, chances = _draws(idle, is_limited=True)
        p_free = np.asarray(idle.values.p_free)
        is_lost = np.all(chances == 0, axis=-1, keepdims=True) & (p_free > 0)
        if np.any(is_lost):  # what would arrive if frames were not dropped
            others, _ = _draws(idle, is_limited=False)
            waits = [np.where(is_lost, other, wait) for wait, other in zip(waits, others, strict=True)]
        return cls(length_km=length_km, n_relays=n_relays, values=idle.values, waits_us=waits, p_delivered=chances)

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

    @property
    def p_in_time(self) -> Array:
        """Chance that a frame comes through in time and finds room in every memory. [1]"""
        return np.asarray(np.mean(self.p_delivered, axis=-1))

    def mean(self, values: Array, *, weights: Array | None = None) -> Array:
        """Mean over the frames that are delivered, or over all where none is. [unit]"""
        counted = np.where(np.any(self.p_delivered > 0, axis=-1, keepdims=True), self.p_delivered, 1.0)
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

        c, a, b, eta = (self.mean(mean) for mean in (state.c, state.a, state.b, state.eta))
        return PairState(c=c, a=a, b=b, eta=eta, p_unequal=p_unequal)


_STATE = ("c", "a", "b", "p_up", "p_down", "p_phase")


def draws_of(relay: Relay) -> int:
    """Draws for each value, whatever else is computed with it."""
    return _WITH_CODE if relay.corrects else N_DRAWS


def _draws(path: IdlePath, *, is_limited: bool) -> tuple[list[Array], Array]:
    """Waits at each relay [us] and the chance of each draw, of all lucks or of those that a limit lets through. [1]"""
    v, storage, n_relays = path.values, path.relay.storage, np.asarray(path.n_relays)
    n_most, payload_us = int(np.max(n_relays)), np.asarray(path.payload_us)
    n_draws = draws_of(path.relay)
    lucks, table = _lucks(n_most, n_draws), WaitTable(p_free=np.atleast_1d(np.asarray(v.p_free, dtype=np.float64)))
    guard, held_us, chances, waits = np.asarray(v.guard_us, dtype=np.float64), np.zeros(()), np.ones(n_draws), []
    for j in range(n_most):
        asked_us, _ = store_hop(guard, processing_us=v.processing_us, payload_us=payload_us, release=v.release)
        least_us, is_here = storage.kept_us(asked_us), j < n_relays
        room_us = _room_us(path, held_us + least_us, least_us, n_behind=n_relays - 1 - j) if is_limited else np.inf
        with np.errstate(over="ignore"):
            chance = table.shorter(np.asarray(room_us / payload_us))
            wait = payload_us * table.wait(lucks[j] * chance)
        wait = storage.kept_us(np.where(wait < NEVER_US, wait, np.inf))
        chances = chances * np.where(is_here, np.where(np.isfinite(wait), chance, 0.0), 1.0)
        held_us = held_us + np.where(is_here, least_us + wait, 0.0)
        guard = next_guard(guard, least_us + wait, v.processing_us)
        waits.append(wait)
    return waits, chances


def _room_us(path: IdlePath, held_us: Array, here_us: Array, *, n_behind: Array) -> Array:
    """How long a payload may still wait here, below 0 where it is dropped anyway. [us]

    ``held_us`` is the time in memories, with the least here; it must still be held at the relays behind.
    """
    v, storage = path.values, path.relay.storage
    shortest = path.payload_us if v.release.waits_for_frame else np.zeros(())
    later = np.where(np.asarray(v.guard_us) > 0, shortest, np.maximum(v.processing_us, shortest))
    total_us = held_us + np.maximum(n_behind, 0) * storage.kept_us(later)
    most_us, n_places = np.asarray(v.cutoff_us), np.floor(v.memory_qubits)
    with np.errstate(invalid="ignore"):
        in_time = np.where(np.isfinite(most_us), np.maximum(most_us - total_us, 0.0), np.inf)
        longest = np.where(n_places < v.n_qubits, n_places * v.spacing_us, np.inf)
        room = np.minimum(in_time, np.maximum(longest - here_us, 0.0))
        step = np.asarray(storage.step_us)
        turns = np.floor(room / np.where(step > 0, step, 1.0) * (1 + 1e-12))
        room = np.where((step > 0) & np.isfinite(room), turns * step, room)
    return np.where(is_after(total_us, most_us) | is_after(here_us, longest), -1.0, room)


@lru_cache(maxsize=64)
def _lucks(n_relays: int, n_draws: int) -> Array:
    """Numbers in (0, 1) for each relay, evenly spread, and the same for a relay whatever comes behind it.

    The points of a lattice: each relay meets the middles of equal parts, in an order that fills a space of few
    dimensions evenly; at relays far behind in a random one.
    """
    steps = np.array(_LATTICE[:n_relays], dtype=np.int64)[:, None]
    order = [*(steps * np.arange(n_draws) % n_draws)]
    order += [np.random.default_rng(j).permutation(n_draws) for j in range(len(order), n_relays)]
    return np.asarray((np.reshape(order, (n_relays, n_draws)) + 0.5) / n_draws)
