"""What routing leaves of frames on an otherwise idle path: Eq. 2, over all attempts, and the time they take."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from qpsviz.closed_form.path import RelayPath
from qpsviz.protocols.attempts import Attempts, over_attempts, set_up_us
from qpsviz.protocols.retention import channel_time_us, payload_kept
from qpsviz.scenario.choices import Reservation
from qpsviz.switch.timing import attempt_guard
from qpsviz.units import Array, travel_us
from qpsviz.units.times import is_after


@dataclass(frozen=True)
class Routing:
    """Delivery of the frames of one source, for arrays of every parameter.

    Parameters
    ----------
    path : RelayPath
        The path of a frame, with every parameter's value.
    n_arms : int
        Frames that are sent together, each on a path with as many relays; all are sent again if one is lost.

    Notes
    -----
    Assumption: a source that is done with a frame, or with a session, begins the next at once after its gap; a circuit
    that was refused for good sends nothing and takes its set-up only. The tear-down of a circuit follows the last
    trailer, and the next set-up follows it, so it takes the source no time.
    """

    path: RelayPath
    n_arms: int = 1

    @cached_property
    def _n_relays(self) -> Array:
        return np.asarray(self.path.n_relays, dtype=np.float64)

    def kept(self, attempt: int) -> Array:
        """Share of a payload that is neither cut off nor expires in attempt 1, 2 …, port permitting. [1]"""
        v = self.path.values
        if v.discipline.overtakes:
            return payload_kept(
                v.n_relays,
                payload_us=self.path.payload_us,
                processing_us=v.processing_us,
                guard_us=attempt_guard(np.asarray(v.guard_us), attempt - 1, np.asarray(v.processing_us), True),
                late_payload=v.late_payload,
            )
        if v.discipline.stores:
            if self.path.drawn is not None:
                return np.where(self.path.p_in_time > 0, 1.0, 0.0)
            expires = is_after(self.path.dwell_us, np.asarray(v.cutoff_us))
            has_room = self.path.held_qubits <= v.memory_qubits
            return np.where(has_room & ~expires, 1.0, 0.0)
        return np.ones(())

    @cached_property
    def share_kept(self) -> Array:
        """Share of a payload that the first attempt neither cuts off nor lets expire, on average. [1]"""
        return np.asarray(self.kept(1) * self.path.p_in_time if self.path.values.discipline.stores else self.kept(1))

    @cached_property
    def p_through(self) -> Array:
        """Chance that no port on the path stops a frame; a refused arm of a circuit stops the other arm. [1]"""
        v = self.path.values
        if v.discipline.stores:
            return self.path.p_in_time
        n_ports = self._n_relays * (self.n_arms if v.discipline.sets_up else 1)
        return np.asarray(np.asarray(v.p_free, dtype=np.float64) ** n_ports)

    @cached_property
    def attempts(self) -> Attempts:
        """Averages over the attempts of a frame."""
        v = self.path.values
        is_burst = v.discipline.overtakes
        all_through = self.p_through if v.discipline.sets_up else self.p_through**self.n_arms
        return over_attempts(
            self.kept,
            p_through=self.p_through,
            p_again=1 - all_through,
            max_attempts=v.max_attempts,
            guard_step_us=attempt_guard(0.0, 1, np.asarray(v.processing_us), is_burst),
        )

    @cached_property
    def pair_retention_per_channel_time(self) -> Array:
        """Share of slots, per channel time of all attempts, that comes through on every path it was sent on. [1]"""
        again, v = 1 - self.p_through**self.n_arms, self.path.values
        if self.n_arms == 1 or v.discipline.sets_up:  # a circuit is there for both or for none
            return self.retention_per_channel_time
        together = over_attempts(self.kept, p_through=1 - again, p_again=again, max_attempts=v.max_attempts)
        return np.asarray(together.retention * self.path.payload_us / self.channel_time_us)

    @property
    def _reservation(self) -> Reservation:
        v = self.path.values
        return Reservation.of(v.discipline, v.reservation)

    @cached_property
    def _once_us(self) -> Array:
        """Channel time of the first attempt. [us]"""
        v = self.path.values
        return channel_time_us(self.path.payload_us, guard_us=v.guard_us, reservation=self._reservation)

    @cached_property
    def payload_share(self) -> Array:
        """Share of the channel time of the first attempt that is payload. [1]"""
        return np.asarray(self.path.payload_us / self._once_us)

    @cached_property
    def retention(self) -> Array:
        """K of one attempt: payload delivered per channel time. [1]"""
        return np.asarray(self.p_through * self.kept(1) * self.payload_share)

    @cached_property
    def channel_time_us(self) -> Array:
        """Channel time of all attempts of a frame on average; circuits are asked for again, not sent again. [us]"""
        sent = self.attempts
        if self.path.values.discipline.sets_up:
            return self._once_us
        later_us = sent.later_guard_us if self._reservation.holds_guard else 0.0
        return np.asarray(sent.n_attempts * self._once_us + later_us)

    @cached_property
    def retention_per_channel_time(self) -> Array:
        """Payload delivered in all attempts, per channel time of all of them. [1]"""
        return np.asarray(self.attempts.retention * self.path.payload_us / self.channel_time_us)

    @cached_property
    def session_us(self) -> Array:
        """Time that a session of n_frames takes its source on average. [us]"""
        v, sent = self.path.values, self.attempts
        once_us = self.path.payload_us + np.asarray(v.guard_us) + v.frame_gap_us
        if not v.discipline.sets_up:
            return np.asarray(v.n_frames * (sent.n_attempts * once_us + sent.later_guard_us))
        waited_us = set_up_us(
            v.n_relays,
            travel_us=travel_us(self.path.length_km, v.speed_km_per_us),
            processing_us=v.processing_us,
            p_free=np.asarray(v.p_free, dtype=np.float64) ** self.n_arms,
            max_attempts=v.max_attempts,
        )
        return np.asarray(waited_us + sent.p_delivered * v.n_frames * once_us)
