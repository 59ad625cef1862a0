"""The path of a qubit through fibres and relays, as one channel and one delay."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from qpsviz.noise import QubitChannel, fibre
from qpsviz.noise.classical_light import has_light, stray_dbm, stray_photons
from qpsviz.protocols.epr import PairState
from qpsviz.scenario.values import Number, Values
from qpsviz.switch.busy_port import BusyPort
from qpsviz.switch.path_channel import PathChannel
from qpsviz.switch.relay import Relay, kept_half
from qpsviz.switch.timing import store_hop
from qpsviz.units import Array, db_from_eta, eta_from_db, travel_us
from qpsviz.units.times import is_after

if TYPE_CHECKING:
    from qpsviz.closed_form.drawn_path import DrawnPath


@dataclass(frozen=True, kw_only=True)
class RelayPath:
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

    @cached_property
    def port(self) -> BusyPort | None:
        """The port of every relay, where a stored payload may find it busy."""
        v = self.values
        if not v.discipline.stores or np.all(np.asarray(v.p_free) >= 1) or not np.max(self.n_relays):
            return None
        return BusyPort(storage=self.relay.storage, p_free=v.p_free, payload_us=self.payload_us)

    @cached_property
    def drawn(self) -> DrawnPath | None:
        """The same path with drawn waits, where a wait decides about more than itself."""
        v = self.values
        if self.port is None:
            return None
        least = self.payload_us if v.release.waits_for_frame else 0.0
        gives_guard = np.any((np.asarray(v.guard_us) > 0) & (v.processing_us > least) & (np.asarray(self.n_relays) > 1))
        may_drop = np.any(np.isfinite(v.cutoff_us)) or np.any(np.asarray(v.memory_qubits) < v.n_qubits)
        if not (self.relay.corrects or gives_guard or may_drop):
            return None
        from qpsviz.closed_form.drawn_path import DrawnPath

        return DrawnPath.of(self)

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

    def waited(self, _relay: int) -> QubitChannel | None:
        """What waiting for the port of one relay does, None where nothing does. [1]"""
        return None if self.port is None else self.port.channel()

    @cached_property
    def dwell_us(self) -> Array:
        """Time in all memories of the path together, on average. [us]"""
        if self.drawn is not None:
            return self.drawn.mean(self.drawn.dwell_us)
        if self.port is None:
            return self.least_us
        return np.asarray(self.least_us + np.where(np.equal(self.n_relays, 0), 0.0, self.n_relays * self.port.mean_us))

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
        """Everything that the path does to a qubit; where waits are drawn, the mean over those that arrive. [1]"""
        if self.drawn is not None:
            return self.drawn.mean_channel(self.drawn.channel, of_photons=True)
        return self._channel(None if self.port is None else self.port.channel())

    @cached_property
    def frame_channel(self) -> QubitChannel:
        """:attr:`channel` as the mean over frames, however many photons each delivers. [1]"""
        if self.drawn is not None:
            return self.drawn.mean_channel(self.drawn.channel, of_photons=False)
        return self.channel

    @cached_property
    def pair_with_kept_half(self) -> PairState:
        """The pairs whose one half takes this path while the other waits in a storage of the same kind. [1]

        Both wait for the same busy ports. With x what is left in the kept half's storage after these waits, E[c x] is
        the mean of c over waits that count by x, times E[x].
        """
        drawn, relay = self.drawn, self.relay
        if drawn is not None:
            return _mean_state(PairState.of(drawn.channel, kept_half(relay, drawn.delay_us, decays=True)), drawn)
        if self.port is None:
            return PairState.of(self.channel, kept_half(relay, self.delay_us, decays=True))
        rates, port = relay.storage.rates, self.port
        idle = kept_half(relay, travel_us(self.length_km, self.values.speed_km_per_us) + self.least_us, decays=True)
        in_phase, excited = (
            np.power(port.kept(rate)[0], self.n_relays) for rate in (rates.phase_per_us, rates.excitation_per_us)
        )
        by_phase = self._channel(port.channel(weighed_per_us=rates.phase_per_us))
        by_excitation = self._channel(port.channel(weighed_per_us=rates.excitation_per_us))
        return _beside(
            self.channel, by_phase=by_phase, by_excitation=by_excitation, in_phase=idle.c * in_phase,
            excited=idle.a * excited, towards_ground=rates.towards_ground,
        )  # fmt: skip

    def _channel(self, waited: QubitChannel | None) -> QubitChannel:
        """The path, with what waiting for the port of each relay does on average. [1]"""
        path, fewest = PathChannel.start(self.relay), np.min(self.n_relays)
        passage, span = self.relay.insertion, self.segment  # of no relay yet: a passage is never the insertion itself
        for j, dwell in enumerate(self.dwells_us):
            if self.relay.corrects:
                passed = path.along(self.segment).through(dwell)
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
        if self.drawn is not None:
            return self.drawn.mean(self.drawn.n_stray)
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
        """Loss of fibre, relays and of waiting in them, before any correction; of what arrives on average. [dB]"""
        if self.drawn is not None:
            return db_from_eta(self.drawn.mean(eta_from_db(self.drawn.loss_db)))
        fibre_db = np.asarray(self.values.loss_db_per_km) * self.length_km
        total = np.asarray(fibre_db + np.asarray(self.n_relays) * self.relay.loss_db)
        for j, dwell in enumerate(self.dwells_us):
            total = total + np.where(j < self.n_relays, self.relay.storage.loss_db(dwell), 0.0)
        if self.port is not None:
            waited_db = db_from_eta(self.port.channel().eta)
            total = total + np.where(np.equal(self.n_relays, 0), 0.0, self.n_relays * waited_db)
        return total


def _mean_state(state: PairState, drawn: DrawnPath) -> PairState:
    """The mean state of pairs that were drawn."""
    return PairState(
        equatorial=drawn.mean(state.equatorial), axial=drawn.mean(state.axial), shifts=drawn.mean(state.shifts),
        p_unequal=lambda: (drawn.mean(state.p_unequal()[0]), drawn.mean(state.p_unequal()[1])),
    )  # fmt: skip


def _beside(
    travelled: QubitChannel, *, by_phase: QubitChannel, by_excitation: QubitChannel, in_phase: Array, excited: Array,
    towards_ground: float,
) -> PairState:  # fmt: skip
    """The mean state where the kept half B keeps the shares ``in_phase`` and ``excited`` of what it was, on average.

    ``by_…`` are the means of the travelling half A over waits that count by what is left of B's.
    """
    A, weighed = travelled, by_excitation

    def gone(name: str) -> Array:
        """E[p (1 - aB)] of a chance p of A; of no name, E[1 - aB]."""
        if not name:
            return np.asarray(1 - excited)
        p, p_weighed = getattr(A, name), getattr(weighed, name)
        return np.asarray((1 - excited) * p_weighed + (p - p_weighed))

    def p_unequal() -> tuple[Array, Array]:
        to_up, to_down = (1 - towards_ground) / 2, (1 + towards_ground) / 2
        p01 = to_up * (gone("") - gone("p_up")) + A.p_down - to_down * gone("p_down")
        p10 = A.p_up - to_up * gone("p_up") + to_down * (gone("") - gone("p_down"))
        return np.asarray(p01 / 2), np.asarray(p10 / 2)

    return PairState(
        equatorial=np.asarray(in_phase * by_phase.c),
        axial=np.asarray(excited * weighed.a),
        shifts=np.asarray(towards_ground * (A.b - excited * weighed.b)),
        p_unequal=p_unequal,
    )
