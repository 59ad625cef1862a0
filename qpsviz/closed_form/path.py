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
from qpsviz.units import Array, db_from_eta, eta_from_db, travel_us


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
    def is_drawn(self) -> bool:
        """Whether waits decide about more than themselves, so that they are drawn."""
        v = self.values
        if self.port is None:
            return False
        least = self.payload_us if v.release.waits_for_frame else 0.0
        gives_guard = np.any((np.asarray(v.guard_us) > 0) & (v.processing_us > least) & (np.asarray(self.n_relays) > 1))
        may_drop = np.any(np.isfinite(v.cutoff_us)) or np.any(np.asarray(v.memory_qubits) < v.n_qubits)
        return bool(self.relay.corrects or gives_guard or may_drop)

    @cached_property
    def drawn(self) -> DrawnPath | None:
        """The same path with drawn waits, where they are."""
        return DrawnPath.of(self) if self.is_drawn else None

    @cached_property
    def dwell_us(self) -> Array:
        """Time in all memories of the path together, on average. [us]"""
        if self.drawn is not None:
            return self.drawn.mean(self.drawn.dwell_us)
        if self.port is None:
            return self.least_us
        return np.asarray(self.least_us + np.where(np.equal(self.n_relays, 0), 0.0, self.n_relays * self.port.mean_us))

    @cached_property
    def channel(self) -> QubitChannel:
        """Everything that the path does to a qubit; where waits are drawn, the mean over those that arrive. [1]"""
        if self.drawn is not None:
            return self.drawn.mean_channel(self.drawn.channel, of_photons=True)
        return self.channel_with(None if self.port is None else self.port.channel())

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
            return drawn.mean_state(PairState.of(drawn.channel, kept_half(relay, drawn.delay_us, decays=True)))
        if self.port is None:
            return PairState.of(self.channel, kept_half(relay, self.delay_us, decays=True))
        rates, port = relay.storage.rates, self.port
        idle = kept_half(relay, travel_us(self.length_km, self.values.speed_km_per_us) + self.least_us, decays=True)
        in_phase, excited = (
            np.power(port.kept(rate)[0], self.n_relays) for rate in (rates.phase_per_us, rates.excitation_per_us)
        )
        by_phase = self.channel_with(port.channel(weighed_per_us=rates.phase_per_us))
        by_excitation = self.channel_with(port.channel(weighed_per_us=rates.excitation_per_us))
        return _beside(
            self.channel, by_phase=by_phase, by_excitation=by_excitation, in_phase=idle.c * in_phase,
            excited=idle.a * excited, p_ground=rates.p_ground,
        )  # fmt: skip

    @cached_property
    def n_stray(self) -> Array:
        """Raman photons per gate that come out of this path with its photons, on average. [1]"""
        return super().n_stray if self.drawn is None else self.drawn.mean(self.drawn.n_stray)

    @cached_property
    def loss_db(self) -> Array:
        """Loss of fibre, relays and of waiting in them, before any correction; of what arrives on average. [dB]"""
        if self.drawn is not None:
            return db_from_eta(self.drawn.mean(eta_from_db(self.drawn.loss_db)))
        if self.port is None:
            return super().loss_db
        waited_db = db_from_eta(self.port.channel().eta)
        return np.asarray(super().loss_db + np.where(np.equal(self.n_relays, 0), 0.0, self.n_relays * waited_db))


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
