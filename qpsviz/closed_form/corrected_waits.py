"""What a relay with a code does on average over the wait for its busy port.

Errors that are decoded are no straight line of the noise, so a mean of the noise would not do: the code is decoded for
each of a few waits. What is left behind each relay is one channel after another, so relays are averaged one by one.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from qpsviz.noise import QubitChannel, loss
from qpsviz.scenario.values import Values
from qpsviz.switch.path_channel import PathChannel
from qpsviz.switch.port_wait import NEVER_US
from qpsviz.switch.relay import Relay
from qpsviz.switch.wait_table import WaitTable
from qpsviz.units import Array, ArrayLike

_PARTS = ("c", "a", "b", "p_up", "p_down", "p_phase")


@dataclass(frozen=True, kw_only=True)
class CorrectedWaits:
    """Waits for the busy ports of relays that correct, for arrays of every parameter.

    Parameters
    ----------
    values : Values
        Every parameter of a scenario.
    of_photons : bool
        Whether a wait counts by the photons that it leaves, or as one frame.
    weighed_per_us : array_like
        Rate of something else that fades meanwhile: waits count by what is left of that. [1/us]
    """

    values: Values
    of_photons: bool = False
    weighed_per_us: ArrayLike = 0.0

    @cached_property
    def _one_by_one(self) -> tuple[Relay, Array, Array]:
        """The relay, waits along one more axis [us], and how much each counts. [1]"""
        more = self.values.with_one_more_axis()
        relay, p_free = Relay.of(more), np.atleast_1d(np.asarray(more.p_free, dtype=np.float64))
        payloads, shares = WaitTable(p_free=p_free).points()
        with np.errstate(over="ignore"):
            waits_us = more.payload_us * payloads
        waits_us = relay.storage.kept_us(np.where(waits_us < NEVER_US, waits_us, np.inf))
        rate = np.asarray(self.weighed_per_us, dtype=np.float64)[..., None]
        with np.errstate(invalid="ignore"):
            counts = shares * np.where(rate > 0, np.exp(-rate * waits_us), 1.0)
        return relay, waits_us, np.where(np.sum(counts, axis=-1, keepdims=True) > 0, counts, shares)

    def through(self, path: PathChannel, dwell_us: ArrayLike) -> PathChannel:
        """A path behind one more relay, which holds a qubit for ``dwell_us`` [us] and the wait."""
        comes, dwell = path.recent, np.asarray(dwell_us)
        met = (comes.eta, comes.c, comes.a, comes.b, dwell)
        if not (self._last and all(map(np.array_equal, met, self._last[0][0]))):  # relays of one path are often alike
            self._last[:] = [(met, self._decoded(comes, dwell))]
        behind = loss(path.relay.loss_after_db)
        return PathChannel(relay=path.relay, settled=path.settled.then(self._last[0][1]), recent=behind)

    @cached_property
    def _last(self) -> list[tuple[tuple[Array, ...], QubitChannel]]:
        """What the relay before met, and what it left."""
        return []

    def _decoded(self, comes: QubitChannel, dwell_us: Array) -> QubitChannel:
        relay, waits_us, counts = self._one_by_one
        before = PathChannel(relay=relay, settled=QubitChannel.identity(), recent=_with_one_more_axis(comes))
        decoded = before.through(dwell_us[..., None] + waits_us).settled
        return _mean(decoded, counts, of_photons=self.of_photons)


def _with_one_more_axis(channel: QubitChannel) -> QubitChannel:
    return QubitChannel(**{name: getattr(channel, name)[..., None] for name in ("eta", *_PARTS)})


def _mean(channel: QubitChannel, counts: Array, *, of_photons: bool) -> QubitChannel:
    """Mean over the last axis; the state of nothing that arrives is that of all frames. [1]"""
    eta = np.sum(counts * channel.eta, axis=-1) / np.sum(counts, axis=-1)
    weights = counts * channel.eta if of_photons else counts
    weights = np.where(np.sum(weights, axis=-1, keepdims=True) > 0, weights, counts)
    whole = np.sum(weights, axis=-1)
    return QubitChannel(eta=eta, **{n: np.sum(weights * getattr(channel, n), axis=-1) / whole for n in _PARTS})
