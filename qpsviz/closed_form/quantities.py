"""Every closed-form output of a scenario, computed from arrays of parameter values."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from qpsviz.closed_form.declaration import computes
from qpsviz.closed_form.path import RelayPath
from qpsviz.closed_form.reach import last_length
from qpsviz.closed_form.reception import Reception, key_of_pairs
from qpsviz.closed_form.routing import Routing
from qpsviz.noise import QubitChannel
from qpsviz.protocols import decoy, epr, qkd, teleport
from qpsviz.scenario.values import Values
from qpsviz.units import Array


class Quantities:
    """All outputs for arrays of parameter values; each is computed when first asked for.

    The order of the methods is that of every list of outputs.
    """

    def __init__(self, values: Values) -> None:
        self.values = values
        self.computed: dict[str, Array] = {}

    @cached_property
    def single_path(self) -> RelayPath:
        """The whole length as one path with n relays: what BB84 uses in either layout."""
        return RelayPath(length_km=self.values.length_km, n_relays=self.values.n_relays, values=self.values)

    @cached_property
    def arm(self) -> RelayPath:
        """The path of one travelling half: half the length when the source sits in the middle."""
        if self.values.layout.keeps_half:
            return self.single_path
        v = self.values
        return RelayPath(length_km=v.length_km / 2, n_relays=v.n_relays, values=v)

    @cached_property
    def halves(self) -> tuple[QubitChannel, QubitChannel]:
        """The channels of both halves of a pair at the moment of arrival, each on average."""
        travelling = self.arm.frame_channel
        if not self.values.layout.keeps_half:
            return travelling, travelling
        return travelling, self.arm.kept_half

    @cached_property
    def pair(self) -> epr.PairState:
        """The state of an arrived pair; two halves that waited for the same ports had one luck."""
        if self.arm.port is None or not (self.values.layout.keeps_half and self.values.partner_noise):
            return epr.PairState.of(*self.halves)
        return self.arm.pair_with_kept_half

    @cached_property
    def reception(self) -> Reception:
        """The receiver at the end of the single path."""
        path = self.single_path
        return Reception(channel=path.channel, n_stray=path.n_stray, values=self.values)

    def _qber(self, path_error: Array) -> Array:
        return self.reception.qber(path_error)

    @cached_property
    def routing(self) -> Routing:
        """What becomes of the frames that the layout sends."""
        return Routing(self.arm, n_arms=self.values.layout.n_arms)

    @cached_property
    def key_routing(self) -> Routing:
        """What becomes of the frames of a key: one path in either layout."""
        return Routing(self.single_path, n_arms=1)

    @computes(
        "bit/pulse", "Key rate R per pulse", "Eq. 1; with more attempts, over the channel time of all", short="Key rate"
    )
    def key_rate(self) -> Array:
        """Secret bits per pulse slot. [bit]"""
        return qkd.key_rate(
            self.key_routing.retention_per_channel_time,
            self.gain(),
            self.qber_z(),
            self.qber_x(),
            ec_inefficiency=self.values.ec_inefficiency,
        )

    @computes("bit/s", "Secret key bits per second", "Eq. 1 over all the time that a session takes", short="Key rate")
    def key_rate_hz(self) -> Array:
        """Secret bits of a session per second that it takes. [Hz]"""
        v, path = self.values, self.key_routing
        bits_per_frame = qkd.key_rate(
            path.attempts.retention * np.asarray(v.n_qubits),
            self.gain(),
            self.qber_z(),
            self.qber_x(),
            ec_inefficiency=v.ec_inefficiency,
        )
        # A session that is refused on the spot takes no time.
        bits, took_us = bits_per_frame * np.asarray(v.n_frames), path.session_us
        return np.asarray(bits / np.where(took_us > 0, took_us, 1.0) * 1e6)

    @computes(
        "bit/pulse", "Key rate of decoy states per pulse",
        "Lim et al., PRA 89, 022307 (2014), without end; Assumption: as key_rate, with coherent pulses",
        short="Decoy key rate",
    )  # fmt: skip
    def key_rate_decoy(self) -> Array:
        """Secret bits per pulse slot of weak coherent pulses with two decoys, asymptotically. [bit]"""
        rate = decoy.asymptotic_key_rate(self.reception.pulse_link, ec_inefficiency=self.values.ec_inefficiency)
        return self.key_routing.retention_per_channel_time * rate

    @computes(
        "bit/pulse", "Finite key rate of decoy states per pulse",
        "Lim et al., PRA 89, 022307 (2014); Assumption: dropped pulses count for the block, not for its statistics",
        short="Finite key rate", searched=True,
    )  # fmt: skip
    def key_rate_finite(self) -> Array:
        """Secret bits per pulse slot of one block of weak coherent pulses with two decoys. [bit]"""
        kept, end = self.key_routing.retention_per_channel_time, self.reception
        n_block = self.values.n_block_pulses * kept
        return kept * decoy.finite_key_rate(end.pulse_link, n_block=n_block, security=end.security)

    @computes(
        "us", "Time until the first finite key",
        "the pulse slots of a block, over all the time that its sessions take; Section II.B",
        short="First key after", less_is_better=True, searched=True,
    )  # fmt: skip
    def first_key_us(self) -> Array:
        """Time in which sessions without a pause send one block, infinite where it makes no key. [us]"""
        return np.where(self.key_rate_finite() > 0, self.values.n_block_pulses * self._slot_us, np.inf)

    @computes("bit/s", "Finite key per second", "its bits, over the time until it", short="Finite key", searched=True)
    def key_rate_finite_hz(self) -> Array:
        """Secret bits of one block per second that its sessions take. [Hz]"""
        return self.key_rate_finite() / self._slot_us * 1e6

    @property
    def _slot_us(self) -> Array:
        """Time of a pulse slot, with its share of all the time that sessions take. [us]"""
        path, v = self.key_routing, self.values
        return np.asarray(np.asarray(v.spacing_us) * (path.session_us / np.asarray(v.n_frames)) / path.channel_time_us)

    @computes(
        "bit/pulse", "Key rate of a real source per pulse",
        "Gottesman et al., QIC 4, 325 (2004): slots with several photons are known to an eavesdropper",
        short="Key rate of the source",
    )  # fmt: skip
    def key_rate_source(self) -> Array:
        """Secret bits per pulse slot of photons from a source that is not perfect, without decoys. [bit]"""
        return self.key_routing.retention_per_channel_time * self.reception.key_of_source

    @computes(
        "bit/pulse", "Key rate of six states per pulse",
        "Bruss, PRL 81, 3018 (1998); Lo, QIC 1, 81 (2001); as key_rate, with a third basis", short="Six-state key rate",
    )  # fmt: skip
    def key_rate_six_state(self) -> Array:
        """Secret bits per pulse slot of the six-state protocol. [bit]"""
        return self.key_routing.retention_per_channel_time * self.reception.key_of_six_states

    @computes(
        "bit/pulse", "Key rate of pairs (BBM92) per slot",
        "Ma, Fung, Lo, PRA 76, 012307 (2007); Assumption: one pair per slot, bases chosen as in key_rate",
        short="BBM92 key rate",
    )  # fmt: skip
    def key_rate_bbm92(self) -> Array:
        """Secret bits per slot of pairs whose halves both ends measure. [bit]"""
        return self.routing.pair_retention_per_channel_time * key_of_pairs(self.pair, self.halves, self.arm)

    @computes("1", "Gain Q", "Assumption: Q = Y0 + eta - Y0 eta; afterpulses and dead time as Gates has them")
    def gain(self) -> Array:
        """Clicks per arriving pulse slot. [1]"""
        return self.reception.gates.gain(self.reception.eta)

    @computes("1", "QBER in Z", "Assumption: e = [Y0 (1 - eta)/2 + e_d eta]/Q", short="QBER", less_is_better=True)
    def qber_z(self) -> Array:
        """Error rate in the key basis. [1]"""
        return self._qber(qkd.path_errors(self.single_path.channel)[0])

    @computes("1", "QBER in X", "Assumption: e = [Y0 (1 - eta)/2 + e_d eta]/Q", less_is_better=True)
    def qber_x(self) -> Array:
        """Error rate in the test basis. [1]"""
        return self._qber(qkd.path_errors(self.single_path.channel)[1])

    @computes("1", "Noise photons per gate", "Raman scattering; Eraerds et al. (2010)", less_is_better=True)
    def raman_per_gate(self) -> Array:
        """Raman photons of classical light that reach the receiver's detectors, per gate. [1]"""
        return self.single_path.n_stray

    @computes("bit/click", "Secret bits per click", "the bracket of Eq. 1")
    def secret_share(self) -> Array:
        """Secret bits per click, negative where no key is possible. [bit]"""
        return qkd.secret_share(self.qber_z(), self.qber_x(), ec_inefficiency=self.values.ec_inefficiency)

    @computes("1", "Retention K of one attempt", "Eq. 2; Deviation: not below 0", short="Retention K")
    def retention(self) -> Array:
        """K: payload that one attempt delivers, per channel time of it. [1]"""
        return self.routing.retention

    @computes("1", "Payload delivered per frame", "Eq. 2 without channel time, summed over attempts")
    def retention_per_frame(self) -> Array:
        """Share of a frame's payload that all attempts together deliver. [1]"""
        return self.routing.attempts.retention

    @computes("1", "Payload delivered per channel time", "Eq. 2, both sides summed over attempts")
    def retention_per_channel_time(self) -> Array:
        """Payload that all attempts together deliver, per channel time of all of them. [1]"""
        return self.routing.retention_per_channel_time

    @computes("1", "Payload not cut off", "the last factor of Eq. 2")
    def payload_kept(self) -> Array:
        """Share of a payload that one attempt neither cuts off nor lets expire, port permitting. [1]"""
        return self.routing.share_kept

    @computes("1", "Delivered share of frames", "Assumption: each attempt finds the ports anew")
    def delivered_share(self) -> Array:
        """Share of frames that are delivered in the end. [1]"""
        return self.routing.attempts.p_delivered

    @computes("1", "Attempts per frame", "Assumption: each attempt finds the ports anew")
    def attempts(self) -> Array:
        """Times that a frame is sent on average, or its circuit asked for. [1]"""
        return self.routing.attempts.n_attempts

    @computes("us", "Channel time per frame", "guard and payload of every attempt; Section II.B")
    def channel_time_us(self) -> Array:
        """Channel time that all attempts of a frame take on average. [us]"""
        return self.routing.channel_time_us

    @computes("us", "Time of a session at its source", "Section II.B: set-up, and each attempt with its gap")
    def session_us(self) -> Array:
        """Time that a session takes its source: set-up of a circuit, and every attempt with its gap. [us]"""
        return self.routing.session_us

    @computes("bit/pulse", "Repeaterless bound", "Pirandola et al., Nat. Commun. 8, 15043 (2017)")
    def plob(self) -> Array:
        """Most secret bits per pulse over this much fibre without a repeater or a code of several pulses. [bit]"""
        v = self.values
        return qkd.repeaterless_bound_of_loss(np.asarray(v.loss_db_per_km) * v.length_km)

    @computes("km", "Reach of the key", "Eq. 1 set to 0", short="Key reach", any_length=True)
    def reach_km(self) -> Array:
        """Length beyond which no key is left. [km]"""
        possible = self.key_routing.attempts.retention > 0
        return np.where(possible, last_length(self.values, lambda values: Quantities(values).secret_share()), 0.0)

    @computes("1", "Fidelity of a pair", "Eq. 3, squared form", short="Fidelity F")
    def fidelity(self) -> Array:
        """Fidelity of an arrived pair, squared form. [1]"""
        return self.pair.fidelity

    @computes("1", "Fidelity of a pair, root form", "Eq. 3, root reading")
    def fidelity_root(self) -> Array:
        """Fidelity of an arrived pair, root form. [1]"""
        return epr.root(self.fidelity())

    @computes("km", "Length at which F = 1/2", "Eq. 3 set to 1/2", short="Reach of F > ½", any_length=True)
    def entanglement_reach_km(self) -> Array:
        """Length beyond which the pair's fidelity is not above 1/2. [km]"""
        return last_length(self.values, lambda values: Quantities(values).fidelity() - 0.5)

    @computes("1", "Largest CHSH value", "Horodecki et al., Phys. Lett. A 200, 340 (1995)")
    def chsh(self) -> Array:
        """Largest CHSH value of an arrived pair. [1]"""
        return self.pair.chsh_max

    @computes("1", "Concurrence", "Yu, Eberly, Quantum Inf. Comput. 7, 459 (2007)")
    def concurrence(self) -> Array:
        """Concurrence of an arrived pair. [1]"""
        return self.pair.concurrence

    @computes("1", "Teleportation fidelity", "(2F + 1)/3")
    def teleport_fidelity(self) -> Array:
        """Average fidelity of teleporting a qubit over an arrived pair. [1]"""
        return teleport.fidelity(self.fidelity())

    @computes("us", "One-way delay of a qubit", "paper, Section IV.B", short="Delay", less_is_better=True)
    def delay_us(self) -> Array:
        """Time from a qubit's emission to its arrival. [us]"""
        return self.arm.delay_us

    @computes("us", "Time in memories", "paper, Section IV.B", less_is_better=True)
    def dwell_us(self) -> Array:
        """Time one travelling qubit spends in memories. [us]"""
        return self.arm.dwell_us

    @computes("dB", "Loss of the path", "paper, Section IV.A", less_is_better=True)
    def loss_db(self) -> Array:
        """Loss of fibre, switches and waiting in fibre on the single path. [dB]"""
        return self.single_path.loss_db

    @computes("us", "Payload duration", "paper, Section IV.B", less_is_better=True)
    def payload_us(self) -> Array:
        """Duration of one payload. [us]"""
        return self.single_path.payload_us
