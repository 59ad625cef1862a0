"""What the receiver at the end of a path sees: clicks, their errors, and those of weak coherent pulses."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from qpsviz.closed_form.path import RelayPath
from qpsviz.noise import QubitChannel
from qpsviz.noise.classical_light import is_dark
from qpsviz.protocols import decoy, epr, qkd, six_state
from qpsviz.protocols.bbm92 import PairSlots
from qpsviz.protocols.detectors import Gates, acts, live_gates, missed_gates
from qpsviz.protocols.jitter import slot_shares
from qpsviz.protocols.sources import PhotonSource, tagged_secret_share
from qpsviz.scenario.values import Values
from qpsviz.units import Array, Mask

# A path of any length lets some light through; without dark counts it counts.
_FAINTEST = float(np.finfo(np.float64).tiny)


@dataclass(frozen=True, kw_only=True)
class Reception:
    """The receiver of a scenario at the end of one path, for arrays of every parameter.

    Parameters
    ----------
    channel : QubitChannel
        What a photon met on its way. [1]
    n_stray : ndarray
        Stray photons per gate that come with it. [1]
    values : Values
        Every parameter of a scenario.
    """

    channel: QubitChannel
    n_stray: Array
    values: Values

    @cached_property
    def eta(self) -> Array:
        """Transmittance of the path and the detector, within its gate. [1]"""
        return np.asarray(self.channel.eta * self.p_seen)

    @cached_property
    def p_seen(self) -> Array:
        """Chance that a photon that arrives is detected within the gate of its own slot. [1]"""
        return np.asarray(self.values.eta_detector * self._shares[0])

    @cached_property
    def _shares(self) -> tuple[Array, Array]:
        """Share of clicks in the gate of their own slot, and in those of other slots. [1]"""
        v = self.values
        if not acts(v.jitter_us):
            return np.ones(()), np.zeros(())
        return slot_shares(v.gate_us, spacing_us=v.spacing_us, jitter_us=v.jitter_us)

    @cached_property
    def dark_yield(self) -> Array:
        """Clicks per gate without a photon of the sender: dark counts and stray light. [1]

        Stray light is steady: jitter moves as much of it into a gate as out of it. What jitter moves into the gates of
        other slots is stray light there. Assumption: each slot has as much of it as one photon makes, whatever the
        source; coherent pulses have less.
        """
        v = self.values
        n_stray = self.n_stray + self.channel.eta * self._shares[1] if acts(self._shares[1]) else self.n_stray
        return qkd.dark_yield(v.p_dark, v.dark_counts, n_stray=n_stray, eta_detector=v.eta_detector)

    @cached_property
    def gates(self) -> Gates:
        """The receiver, gate by gate."""
        v = self.values
        n_missed = missed_gates(v.dead_us, spacing_us=v.spacing_us) if acts(v.dead_us) else 0.0
        return Gates(p_dark=self.dark_yield, p_afterpulse=v.p_afterpulse, n_missed=n_missed)

    def misread(self, p_flip: Array) -> Array:
        """Chance that a detected photon is read wrongly: by the path or by the optics. [1]"""
        return np.minimum(qkd.combined_error(self.values.misalignment, p_flip), 0.5)  # more than 1/2 is rounding

    @cached_property
    def qbers(self) -> tuple[Array, Array]:
        """Error rates in Z and in X; in Y it is that of X, for no path tells these two apart. [1]"""
        in_z, in_x = qkd.path_errors(self.channel)
        return self.qber(in_z), self.qber(in_x)

    def qber(self, p_flip: Array) -> Array:
        """Share of clicks with the wrong bit, where the path flips a photon's with such a chance. [1]"""
        only_light = (np.asarray(self.values.eta_detector) > 0) & (self.dark_yield == 0) & self._is_unlit
        only_light = only_light & (self._shares[1] == 0)
        eta = np.where(only_light, np.maximum(self.eta, _FAINTEST), self.eta)
        return self.gates.qber(eta, self.misread(p_flip))

    @property
    def _is_unlit(self) -> Mask:
        """Whether no stray light leaves a fibre, be it too little for a number."""
        return is_dark(self.values, self.values.length_km)

    @cached_property
    def pulse_link(self) -> decoy.Link:
        """What a weak coherent pulse meets.

        Assumption: every photon of a pulse meets loss and errors of the path alone, also in memories. Frames that are
        dropped or cut off are announced, whatever was in them, so they thin a block and leave its statistics.
        Pulses that wait in fibre for busy ports all meet the mean loss. That counts too many clicks where several
        photons of a pulse are detected (P = 0.3, 1 km, a perfect detector: 0.311 of signals for 0.290, and 2 % less
        key); photons that are drawn for a run meet the loss of their own frame.
        """
        in_z, in_x = qkd.path_errors(self.channel)
        return decoy.Link.of(
            eta=self.eta,
            p_dark=self.dark_yield,
            p_key_error=self.misread(in_z),
            p_test_error=self.misread(in_x),
            p_afterpulse=self.values.p_afterpulse,
            n_missed=self.gates.n_missed,
        )

    @cached_property
    def security(self) -> decoy.Security:
        """What a finite key promises."""
        v = self.values
        return decoy.Security(
            p_insecure=np.asarray(v.p_insecure),
            p_incorrect=np.asarray(v.p_incorrect),
            ec_inefficiency=np.asarray(v.ec_inefficiency),
        )

    @cached_property
    def key_of_source(self) -> Array:
        """Secret bits per slot of photons from the scenario's source. [bit]

        Assumption: the receiver looks in announced slots alone, and only these are dark or stray.
        """
        v, gates = self.values, self.gates
        source = PhotonSource(eta_source=v.eta_source, g2=v.g2, p_herald=v.p_herald)
        seen = source.detected(self.eta)
        n = gates.clicks(seen)
        z, x = (gates.qber(seen, self.misread(e)) for e in qkd.path_errors(self.channel))
        share = tagged_secret_share(n, source.p_several, z, x, ec_inefficiency=v.ec_inefficiency)
        live = live_gates(n, n_missed=np.asarray(gates.n_missed) * v.p_herald)
        return np.asarray(v.p_herald * live * n * np.maximum(0.0, share))

    @cached_property
    def key_of_six_states(self) -> Array:
        """Secret bits per slot of the six-state protocol. [bit]"""
        z, x = self.qbers
        share = six_state.secret_share(z, x, x, ec_inefficiency=self.values.ec_inefficiency)
        return np.asarray(self.gates.gain(self.eta) * np.maximum(0.0, share))


def key_of_pairs(pair: epr.PairState, halves: tuple[QubitChannel, QubitChannel], arm: RelayPath) -> Array:
    """Secret bits per slot of BBM92, of slots that routing left to both halves.

    Parameters
    ----------
    pair : PairState
        The state of the pairs that arrive. [1]
    halves : tuple of QubitChannel
        What each half met. [1]
    arm : RelayPath
        The path of a travelling half, with every parameter's value.

    Returns
    -------
    ndarray
        Q [1 - f H2(e_Z) - H2(e_X)], not below 0. [bit]

    Notes
    -----
    e_Z = (1 - <ZZ>)/2 and e_X = (1 - <XX>)/2 of the pair. Assumption: misalignment makes the two halves of a pair
    differ once; a half that its sender keeps is measured when the other arrives, by a like receiver in the dark.
    Halves that waited in fibre for the same busy ports arrive together more often than the product of their chances.
    """
    v = arm.values
    dark_side = np.zeros(()) if v.layout.keeps_half else arm.n_stray
    first, second = halves
    a = Reception(channel=first, n_stray=arm.n_stray, values=v)
    b = Reception(channel=second, n_stray=dark_side, values=v)
    share_luck = arm.port is not None and v.layout.keeps_half
    both = pair.eta * a.p_seen * b.p_seen if share_luck else None
    slots = PairSlots(eta_a=a.eta, eta_b=b.eta, gates_a=a.gates, gates_b=b.gates, eta_both=both)
    along_z, along_x = pair.a + pair.b, pair.c
    z, x = (slots.qber(a.misread(np.clip((1 - along) / 2, 0.0, 1.0))) for along in (along_z, along_x))
    share = qkd.secret_share(z, x, ec_inefficiency=v.ec_inefficiency)
    return np.asarray(slots.gain() * np.maximum(0.0, share))
