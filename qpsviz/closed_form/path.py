"""The path of a qubit through fibres and relays, as one channel and one delay, with waits for busy ports on average."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from qpsviz.closed_form.corrected_waits import CorrectedWaits
from qpsviz.closed_form.drawn_path import DrawnPath, draws_of
from qpsviz.closed_form.idle_path import IdlePath
from qpsviz.noise import QubitChannel
from qpsviz.protocols.epr import PairState
from qpsviz.scenario.values import Values
from qpsviz.switch.busy_port import BusyPort
from qpsviz.switch.path_channel import PathChannel
from qpsviz.switch.relay import Relay, kept_half
from qpsviz.switch.total_wait import p_within
from qpsviz.units import Array, ArrayLike, Mask, db_from_eta, eta_from_db, travel_us
from qpsviz.units.times import is_after


@dataclass(frozen=True, kw_only=True)
class RelayPath(IdlePath):
    """A path whose frames wait for ports that other traffic keeps busy, where there are such; else an idle one."""

    @cached_property
    def port(self) -> BusyPort | None:
        """The port of every relay, where a stored payload may find it busy."""
        v = self.values
        if not v.discipline.stores or np.all(np.asarray(v.p_free) >= 1) or not np.max(self.n_relays):
            return None
        return BusyPort(storage=self.relay.storage, p_free=v.p_free, payload_us=self.payload_us)

    @cached_property
    def _gives_guard(self) -> Mask:
        """Where a wait gives back guard, so that the next relay holds a payload for less."""
        return _gives_guard(self.values, self.n_relays)

    @cached_property
    def decides(self) -> Mask:
        """Where waits decide about more than themselves, so that they are drawn."""
        v = self.values
        if self.port is None:
            return np.zeros((), dtype=bool)
        return np.asarray(self._gives_guard | _may_drop(v))

    @cached_property
    def is_drawn(self) -> Mask:
        """Where drawn waits also tell which frames are delivered: not where a cut-off alone does, which is exact."""
        v = self.values
        if self.port is None:
            return np.zeros((), dtype=bool)
        by_steps = np.isfinite(v.cutoff_us) & (np.asarray(self.relay.storage.step_us) > 0)
        return np.asarray(self._gives_guard | (np.asarray(v.memory_qubits) < v.n_qubits) | by_steps)

    @cached_property
    def drawn(self) -> DrawnPath | None:
        """The same path with drawn waits, where they are."""
        return DrawnPath.of(self) if np.any(self.decides) else None

    def _mixed(self, averaged: Array, drawn: Array) -> Array:
        """An average over waits, of drawn ones where it is."""
        return np.where(self.decides, drawn, averaged)

    @cached_property
    def p_in_time(self) -> Array:
        """Chance that a frame waits at no relay for too long. [1]"""
        if self.port is None:
            return np.ones(())
        n_relays, v = np.asarray(self.n_relays), self.values
        ever = np.where(n_relays > 0, self.port.p_ever**n_relays, 1.0)
        if self.drawn is None:
            return ever
        left_us = np.where(is_after(self.least_us, v.cutoff_us), -1.0, np.maximum(v.cutoff_us - self.least_us, 0.0))
        in_time = ever * p_within(left_us / self.payload_us, n_waits=n_relays, p_free=v.p_free)
        return np.where(self.is_drawn, self.drawn.p_in_time, in_time)

    @cached_property
    def dwell_us(self) -> Array:
        """Time in all memories of the path together, on average. [us]"""
        if self.port is None:
            return self.least_us
        averaged = np.asarray(self.least_us + self._at_all_relays(self.port.mean_us))
        return averaged if self.drawn is None else self._mixed(averaged, self.drawn.mean(self.drawn.dwell_us))

    @cached_property
    def channel(self) -> QubitChannel:
        """Everything that the path does to a qubit; where waits are drawn, the mean over those that arrive. [1]"""
        return self._mean_channel(of_photons=True)

    @cached_property
    def frame_channel(self) -> QubitChannel:
        """:attr:`channel` as the mean over frames, however many photons each delivers. [1]"""
        is_alike = self.drawn is None and not (self.port is not None and self.relay.corrects)
        return self.channel if is_alike else self._mean_channel(of_photons=False)

    def _averaged(self, *, of_photons: bool = False, weighed_per_us: ArrayLike = 0.0) -> QubitChannel:
        """The mean over all waits, which count by what is left of something else that fades. [1]"""
        if self.port is None:
            return self.channel_with(None)
        if not self.relay.corrects:
            return self.channel_with(self.port.channel(weighed_per_us=weighed_per_us))
        waits = CorrectedWaits(values=self.values, of_photons=of_photons, weighed_per_us=weighed_per_us)
        return self.channel_with(None, waits.through)

    def through_relay(self, channel: PathChannel, relay: int) -> PathChannel:
        """A path behind one more relay, and the wait for its port on average."""
        if self.port is None or not self.relay.corrects:
            return super().through_relay(channel, relay)
        return CorrectedWaits(values=self.values).through(channel, self.dwells_us[relay])

    def _mean_channel(self, *, of_photons: bool) -> QubitChannel:
        if self.drawn is None:
            return self._averaged(of_photons=of_photons)
        drawn = self.drawn.mean_channel(self.drawn.channel, of_photons=of_photons)
        return drawn if np.all(self.decides) else drawn.where(self.decides, self._averaged(of_photons=of_photons))

    @cached_property
    def kept_half(self) -> QubitChannel:
        """What a half that its sender keeps in a like storage meets until the other arrives, on average. [1]"""
        v, port = self.values, self.port
        if port is None:
            return kept_half(self.relay, self.delay_us, decays=v.partner_noise)
        if not v.partner_noise:
            return QubitChannel.identity()
        averaged, waited = self._kept_idle, port.channel()
        for j in range(int(np.max(self.n_relays))):
            averaged = averaged.then(waited).where(j < np.asarray(self.n_relays), averaged)
        if self.drawn is None:
            return averaged
        drawn = self.drawn.mean_channel(kept_half(self.drawn.relay, self.drawn.delay_us, decays=True), of_photons=False)
        return drawn.where(self.decides, averaged)

    @property
    def _kept_idle(self) -> QubitChannel:
        """The same, where every port is free. [1]"""
        flight_us = travel_us(self.length_km, self.values.speed_km_per_us)
        return kept_half(self.relay, flight_us + self.least_us, decays=True)

    @cached_property
    def pair_with_kept_half(self) -> PairState:
        """The pairs whose one half takes this path while the other waits in a storage of the same kind. [1]

        Both wait for the same busy ports. With x what is left in the kept half's storage after these waits, E[c x] is
        the mean of c over waits that count by x, times E[x].
        """
        drawn, relay, port = self.drawn, self.relay, self.port
        if port is None:
            return PairState.of(self.channel, kept_half(relay, self.delay_us, decays=True))
        averaged = self._pair_averaged(port)
        if drawn is None:
            return averaged
        state = PairState.of(drawn.channel, kept_half(drawn.relay, drawn.delay_us, decays=True))
        return drawn.mean_state(state).where(self.decides, averaged)

    def _pair_averaged(self, port: BusyPort) -> PairState:
        rates = self.relay.storage.rates
        idle, faded = self._kept_idle, (rates.light_per_us, rates.phase_per_us, rates.excitation_per_us)
        lit, in_phase, excited = (np.power(port.kept(rate)[0], self.n_relays) for rate in faded)
        by_light, by_phase, by_excitation = (self._averaged(weighed_per_us=rate) for rate in faded)
        return _beside(
            self._averaged(), by_phase=by_phase, by_excitation=by_excitation, in_phase=idle.c * in_phase,
            excited=idle.a * excited, p_ground=rates.p_ground, both=idle.eta * lit * by_light.eta,
        )  # fmt: skip

    @cached_property
    def n_stray(self) -> Array:
        """Raman photons per gate that come out of this path with its photons, on average. [1]"""
        averaged = super().n_stray
        return averaged if self.drawn is None else self._mixed(averaged, self.drawn.mean(self.drawn.n_stray))

    @cached_property
    def loss_db(self) -> Array:
        """Loss of fibre, relays and of waiting in them, before any correction; of what arrives on average. [dB]"""
        if self.port is None:
            return super().loss_db
        averaged = np.asarray(super().loss_db + self._at_all_relays(db_from_eta(self.port.channel().eta)))
        if self.drawn is None:
            return averaged
        return self._mixed(averaged, db_from_eta(self.drawn.mean(eta_from_db(self.drawn.loss_db))))

    def _at_all_relays(self, each: Array) -> Array:
        """What all relays add up to, nothing where there is none, be it without end at each."""
        n = np.asarray(self.n_relays)
        return np.where(n > 0, np.maximum(n, 1) * each, 0.0)


def n_draws(values: Values) -> int:
    """Draws that each value takes on top of a single number, 1 where nothing is drawn."""
    if not values.discipline.stores or np.all(np.asarray(values.p_free) >= 1):
        return 1
    decides = np.any(_may_drop(values)) or np.any(_gives_guard(values, values.n_relays))
    return draws_of(Relay.of(values)) if decides else 1


def _may_drop(values: Values) -> Mask:
    """Where a cut-off or a memory drops what waits long."""
    return np.asarray(np.isfinite(values.cutoff_us) | (np.asarray(values.memory_qubits) < values.n_qubits))


def _gives_guard(values: Values, n_relays: ArrayLike) -> Mask:
    least = values.payload_us if values.release.waits_for_frame else 0.0
    gives = (np.asarray(values.guard_us) > 0) & (values.processing_us > least) & (np.asarray(n_relays) > 1)
    return np.asarray(gives)


def _beside(
    travelled: QubitChannel, *, by_phase: QubitChannel, by_excitation: QubitChannel, in_phase: Array, excited: Array,
    p_ground: float, both: Array,
) -> PairState:  # fmt: skip
    """The mean state where the kept half B keeps the shares ``in_phase`` and ``excited`` of what it was, on average.

    ``both`` is the chance that both arrive. ``by_…`` are the means of the travelling half A over waits that count by
    what is left of B's.
    """
    A, weighed = travelled, by_excitation

    def gone(name: str) -> Array:
        """E[p (1 - aB)] of a chance p of A; of no name, E[1 - aB]."""
        if not name:
            return np.asarray(1 - excited)
        p, p_weighed = getattr(A, name), getattr(weighed, name)
        return np.asarray((1 - excited) * p_weighed + (p - p_weighed))

    def p_unequal() -> tuple[Array, Array]:
        to_up, to_down = 1 - p_ground, p_ground
        p01 = to_up * (gone("") - gone("p_up")) + A.p_down - to_down * gone("p_down")
        p10 = A.p_up - to_up * gone("p_up") + to_down * (gone("") - gone("p_down"))
        return np.asarray(p01 / 2), np.asarray(p10 / 2)

    return PairState(
        c=np.asarray(in_phase * by_phase.c),
        a=np.asarray(excited * weighed.a),
        b=np.asarray((2 * p_ground - 1) * (A.b - excited * weighed.b)),
        eta=np.asarray(both),
        p_unequal=p_unequal,
    )
