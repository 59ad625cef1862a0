"""The path of a qubit through fibres and relays, as one channel and one delay, with waits for busy ports on average."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from qpsviz.closed_form.drawn_path import DrawnPath
from qpsviz.closed_form.idle_path import IdlePath
from qpsviz.noise import QubitChannel
from qpsviz.protocols.epr import PairState
from qpsviz.switch.busy_port import BusyPort
from qpsviz.switch.relay import kept_half
from qpsviz.units import Array, Mask, db_from_eta, eta_from_db, travel_us


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
    def decides(self) -> Mask:
        """Where waits decide about more than themselves, so that they are drawn."""
        v = self.values
        if self.port is None:
            return np.zeros((), dtype=bool)
        least = self.payload_us if v.release.waits_for_frame else 0.0
        gives_guard = (np.asarray(v.guard_us) > 0) & (v.processing_us > least) & (np.asarray(self.n_relays) > 1)
        may_drop = np.isfinite(v.cutoff_us) | (np.asarray(v.memory_qubits) < v.n_qubits)
        return np.asarray(self.relay.corrects | gives_guard | may_drop)

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
        in_time = np.where(np.asarray(self.n_relays) > 0, self.port.p_ever**self.n_relays, 1.0)
        return in_time if self.drawn is None else self._mixed(in_time, np.mean(self.drawn.is_delivered, axis=-1))

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
        return self.channel if self.drawn is None else self._mean_channel(of_photons=False)

    @cached_property
    def _averaged(self) -> QubitChannel:
        return self.channel_with(None if self.port is None else self.port.channel())

    def _mean_channel(self, *, of_photons: bool) -> QubitChannel:
        if self.drawn is None:
            return self._averaged
        drawn = self.drawn.mean_channel(self.drawn.channel, of_photons=of_photons)
        return drawn if np.all(self.decides) else drawn.where(self.decides, self._averaged)

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
        relay, rates = self.relay, self.relay.storage.rates
        idle = kept_half(relay, travel_us(self.length_km, self.values.speed_km_per_us) + self.least_us, decays=True)
        in_phase, excited = (
            np.power(port.kept(rate)[0], self.n_relays) for rate in (rates.phase_per_us, rates.excitation_per_us)
        )
        by_phase = self.channel_with(port.channel(weighed_per_us=rates.phase_per_us))
        by_excitation = self.channel_with(port.channel(weighed_per_us=rates.excitation_per_us))
        return _beside(
            self._averaged, by_phase=by_phase, by_excitation=by_excitation, in_phase=idle.c * in_phase,
            excited=idle.a * excited, p_ground=rates.p_ground,
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


def _beside(
    travelled: QubitChannel, *, by_phase: QubitChannel, by_excitation: QubitChannel, in_phase: Array, excited: Array,
    p_ground: float,
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
        to_up, to_down = 1 - p_ground, p_ground
        p01 = to_up * (gone("") - gone("p_up")) + A.p_down - to_down * gone("p_down")
        p10 = A.p_up - to_up * gone("p_up") + to_down * (gone("") - gone("p_down"))
        return np.asarray(p01 / 2), np.asarray(p10 / 2)

    return PairState(
        c=np.asarray(in_phase * by_phase.c),
        a=np.asarray(excited * weighed.a),
        b=np.asarray((2 * p_ground - 1) * (A.b - excited * weighed.b)),
        p_unequal=p_unequal,
    )
