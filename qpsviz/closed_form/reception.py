"""What the receiver at the end of a path sees: clicks, their errors, and those of weak coherent pulses."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from qpsviz.noise import QubitChannel
from qpsviz.protocols import decoy, qkd
from qpsviz.protocols.detectors import Gates, missed_gates, window_share
from qpsviz.scenario.values import Values
from qpsviz.units import Array, Mask

_FAINTEST = float(
    np.finfo(np.float64).tiny
)  # a path of any length lets some light through; without dark counts it counts


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
        v = self.values
        return np.asarray(self.channel.eta * (v.eta_detector * window_share(v.gate_us, jitter_us=v.jitter_us)))

    @cached_property
    def dark_yield(self) -> Array:
        """Clicks per gate without a photon of the sender: dark counts and stray light. [1]

        Stray light is steady: jitter moves as much of it into a gate as out of it.
        """
        v = self.values
        return qkd.dark_yield(v.p_dark, v.dark_counts, n_stray=self.n_stray, eta_detector=v.eta_detector)

    @cached_property
    def gates(self) -> Gates:
        """The receiver, gate by gate."""
        v = self.values
        n_missed = missed_gates(v.dead_us, spacing_us=v.spacing_us)
        return Gates(p_dark=self.dark_yield, p_afterpulse=v.p_afterpulse, n_missed=n_missed)

    def misread(self, p_flip: Array) -> Array:
        """Chance that a detected photon is read wrongly: by the path or by the optics. [1]"""
        return qkd.combined_error(self.values.misalignment, p_flip)

    def qber(self, p_flip: Array) -> Array:
        """Share of clicks with the wrong bit, where the path flips a photon's with such a chance. [1]"""
        only_light = (np.asarray(self.values.eta_detector) > 0) & (self.dark_yield == 0) & self._is_unlit
        eta = np.where(only_light, np.maximum(self.eta, _FAINTEST), self.eta)
        return self.gates.qber(eta, self.misread(p_flip))

    @property
    def _is_unlit(self) -> Mask:
        """Whether no fibre scatters stray light, be it too little for a number."""
        return np.asarray((np.asarray(self.values.n_signals) == 0) | (np.asarray(self.values.length_km) == 0))

    @cached_property
    def pulse_link(self) -> decoy.Link:
        """What a weak coherent pulse meets.

        Assumption: every photon of a pulse meets loss and errors of the path alone, also in memories. Frames that are
        dropped or cut off are announced, whatever was in them, so they thin a block and leave its statistics.
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
