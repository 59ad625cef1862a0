"""A path on which no frame meets another: what fibres and relays do to a qubit that dwells as long as it must."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from qpsviz.noise import QubitChannel, fibre
from qpsviz.noise.classical_light import has_light, stray_dbm, stray_photons
from qpsviz.scenario.values import Number, Values
from qpsviz.switch.busy_port import BusyPort
from qpsviz.switch.path_channel import PathChannel
from qpsviz.switch.relay import Relay
from qpsviz.switch.timing import store_hop
from qpsviz.units import Array, travel_us
from qpsviz.units.times import is_after


@dataclass(frozen=True, kw_only=True)
class IdlePath:
    """An uncontended path over ``length_km`` with ``n_relays`` relays, for arrays of every parameter.

    Parameters
    ----------
    length_km : ndarray
        Length of this path. [km]
    n_relays : ndarray of int
        Relays on it.
    values : Values
        Every parameter of a scenario, as arrays that broadcast with the other two; words are words.
    """

    length_km: Number
    n_relays: Number
    values: Values

    @cached_property
    def payload_us(self) -> Array:
        """Duration k x spacing of the payload. [us]"""
        return self.values.payload_us

    @cached_property
    def segment(self) -> QubitChannel:
        """One of the n + 1 equal stretches of fibre. [1]"""
        v = self.values
        return fibre(
            self.length_km / (self.n_relays + 1),
            loss_db_per_km=v.loss_db_per_km,
            depol_per_km=v.depol_per_km,
            convention=v.depol_convention,
        )

    @cached_property
    def relay(self) -> Relay:
        """What every relay does to a qubit that waits in it."""
        return Relay.of(self.values)

    @property
    def port(self) -> BusyPort | None:
        """The port of every relay, where a stored payload may find it busy: nowhere on an idle path."""
        return None

    @cached_property
    def dwells_us(self) -> list[Array]:
        """Dwell at a free port of each relay of the longest path, whether or not another path has as many. [us]

        The rule of :func:`qpsviz.switch.timing.store_hop`; a storage that must keep a payload longer than it asks
        (whole turns of a loop) lets the header catch up meanwhile.
        """
        v, dwells = self.values, []
        guard, processing, payload = v.guard_us, v.processing_us, self.payload_us
        for _ in range(int(np.max(self.n_relays))):
            if not v.discipline.stores:
                dwells.append(np.zeros(()))
            else:
                wait, left = store_hop(guard, processing_us=processing, payload_us=payload, release=v.release)
                dwell = self.relay.storage.kept_us(wait)
                guard = np.clip(left + (dwell - wait), 0.0, guard)
                dwells.append(dwell)
        return dwells

    def held_us(self, relay: int) -> Array:
        """Dwell at one relay without the wait for its port. [us]"""
        return self.dwells_us[relay]

    def through_relay(self, channel: PathChannel, relay: int) -> PathChannel:
        """A path behind one more relay, and the wait for its port."""
        passed, waited = channel.through(self.dwells_us[relay]), self.waited(relay)
        return passed if self.port is None or waited is None else passed.along(waited)

    def waited(self, _relay: int) -> QubitChannel | None:
        """What waiting for the port of one relay does, None where nothing does. [1]"""
        return None if self.port is None else self.port.channel()

    @property
    def dwell_us(self) -> Array:
        """Time in all memories of the path together. [us]"""
        return self.least_us

    @cached_property
    def least_us(self) -> Array:
        """Time in all memories where every port is free. [us]"""
        here = [np.where(j < self.n_relays, dwell, 0.0) for j, dwell in enumerate(self.dwells_us)]
        return np.asarray(sum(here, np.zeros(())))

    @cached_property
    def held_qubits(self) -> Array:
        """Most qubits of one frame that any memory of the path holds at once. [1]

        The rule of :func:`qpsviz.switch.timing.qubits_held`.
        """
        spacing, most = np.asarray(self.values.spacing_us), np.zeros(())
        for j, dwell in enumerate(self.dwells_us):
            n = np.ceil(dwell / spacing)
            n = np.where((n > 0) & ~is_after(dwell, (n - 1) * spacing), n - 1, n)
            most = np.maximum(most, np.where(j < self.n_relays, np.minimum(n, self.values.n_qubits), 0.0))
        return np.asarray(most)

    @cached_property
    def delay_us(self) -> Array:
        """Time from a qubit's emission to its arrival: flight and dwell. [us]"""
        return travel_us(self.length_km, self.values.speed_km_per_us) + self.dwell_us

    @cached_property
    def channel(self) -> QubitChannel:
        """Everything that the path does to a qubit. [1]"""
        return self.channel_with(None)

    def channel_with(
        self, waited: QubitChannel | None, through: Callable[[PathChannel, Array], PathChannel] | None = None
    ) -> QubitChannel:
        """The path, with what waiting for each port does on average, be it ``through`` relays that correct. [1]"""
        path, fewest = PathChannel.start(self.relay), np.min(self.n_relays)
        passage, span = self.relay.insertion, self.segment  # of no relay yet: a passage is never the insertion itself
        for j, dwell in enumerate(self.dwells_us):
            if self.relay.corrects:
                here = path.along(self.segment)
                passed = here.through(dwell) if through is None else through(here, dwell)
            else:
                before, passage = passage, self.relay.passage(dwell)
                if passage is not before:  # relays that hold equally long have one passage
                    span = self.segment.then(passage if waited is None else passage.then(waited))
                passed = path.along(span)
            path = passed if j < fewest else passed.where(j < self.n_relays, path)
        return path.along(self.segment).arrived

    @cached_property
    def n_stray(self) -> Array:
        """Raman photons per gate that come out of this path with its photons; 0 without classical light. [1]

        Assumption: no correction knows them, so that a relay that corrects passes them with its insertion loss.
        """
        if not has_light(self.values):
            return np.zeros(())
        span_km = self.length_km / (self.n_relays + 1)
        waited = 1.0 if self.port is None else self.port.channel().eta
        light_dbm = stray_dbm(self.values, span_km, loss_db_per_km=self.values.loss_db_per_km)
        made, eta, fewest = stray_photons(self.values, light_dbm), self.segment.eta, np.min(self.n_relays)
        n_stray = made
        for j, dwell in enumerate(self.dwells_us):
            passed = n_stray * self.relay.passage(dwell).eta * waited * eta + made
            n_stray = passed if j < fewest else np.where(j < self.n_relays, passed, n_stray)
        return np.asarray(n_stray)

    @cached_property
    def loss_db(self) -> Array:
        """Loss of fibre, relays and of waiting in them, before any correction. [dB]"""
        fibre_db = np.asarray(self.values.loss_db_per_km) * self.length_km
        total = np.asarray(fibre_db + np.asarray(self.n_relays) * self.relay.loss_db)
        for j, dwell in enumerate(self.dwells_us):
            total = total + np.where(j < self.n_relays, self.relay.storage.loss_db(dwell), 0.0)
        return total
