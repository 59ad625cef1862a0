"""A qubit under way through fibres and relays: what happened to it, and what a correction could still undo."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from qpsviz.noise import QubitChannel, loss
from qpsviz.switch.codes import correct
from qpsviz.switch.relay import Relay
from qpsviz.units import ArrayLike


@dataclass(frozen=True, slots=True, kw_only=True)
class PathChannel:
    """A qubit under way: what happened to it for good, and what a correction could still undo.

    Parameters
    ----------
    relay : Relay
        The relays of the path, all alike.
    settled : QubitChannel
        Up to the last correction. [1]
    recent : QubitChannel
        Since then; everything, on a path without correction. [1]

    Notes
    -----
    Every method broadcasts, so one path may stand for all frames of a run. Assumption: with a correction the sender
    encodes and the receiver decodes, even where no relay lies between.

    Examples
    --------
    >>> from qpsviz.noise import fibre
    >>> from qpsviz.scenario import Scenario
    >>> relay = Relay.of(Scenario().values())
    >>> span = fibre(20.0, depol_per_km=0.008)
    >>> path = PathChannel.start(relay).along(span).through([125.0, 250.0]).along(span).arrived
    >>> path.c.round(4).tolist()
    [0.7235, 0.5634]
    """

    relay: Relay
    settled: QubitChannel
    recent: QubitChannel

    @classmethod
    def start(cls, relay: Relay) -> PathChannel:
        """A qubit that has just left its source."""
        return cls(relay=relay, settled=QubitChannel.identity(), recent=QubitChannel.identity())

    def along(self, stretch: QubitChannel) -> PathChannel:
        """After a stretch of fibre."""
        return PathChannel(relay=self.relay, settled=self.settled, recent=self.recent.then(stretch))

    def through(self, dwell_us: ArrayLike, *, is_converted: ArrayLike = False) -> PathChannel:
        """After a relay in which it waited ``dwell_us``, and changed its wavelength or not. [us]"""
        extra = loss(np.where(is_converted, self.relay.converter_db, 0.0)) if np.any(is_converted) else None
        if not self.relay.corrects:
            passed = self.recent.then(self.relay.passage(dwell_us))
            return PathChannel(
                relay=self.relay, settled=self.settled, recent=passed if extra is None else passed.then(extra)
            )
        waited = self.recent.then(self.relay.hold(dwell_us))
        block = correct(waited.then(loss(self.relay.loss_before_db)), self.relay.correction)
        behind = loss(self.relay.loss_after_db)
        behind = behind if extra is None else behind.then(extra)
        return PathChannel(relay=self.relay, settled=self.settled.then(block), recent=behind)

    def where(self, condition: ArrayLike, other: PathChannel) -> PathChannel:
        """This path where ``condition`` holds, ``other`` elsewhere."""
        settled = self.settled.where(condition, other.settled) if self.relay.corrects else self.settled
        return PathChannel(relay=self.relay, settled=settled, recent=self.recent.where(condition, other.recent))

    @property
    def now(self) -> QubitChannel:
        """What one photon has met by now: corrected noise and noise not yet corrected. [1]"""
        return self.settled.then(self.recent)

    @property
    def arrived(self) -> QubitChannel:
        """What the receiver gets, decoded if it was encoded. [1]"""
        if not self.relay.corrects:
            return self.recent
        return self.settled.then(correct(self.recent, self.relay.correction))
