"""Parameter values by attribute: what closed forms compute from, for one scenario or for arrays of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from qpsviz.noise.classical_light import HEADER_LIGHT
from qpsviz.noise.scattering import Scattering
from qpsviz.scenario.choices import Device, LatePayload, Release, Reservation
from qpsviz.scenario.discipline import Discipline
from qpsviz.scenario.layout import Layout
from qpsviz.units import Array

Number = float | Array
_KINDS = {
    "layout": Layout,
    "discipline": Discipline,
    "late_payload": LatePayload,
    "reservation": Reservation,
    "release": Release,
    "device": Device,
    "scattering": Scattering,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Values:
    """Every parameter of a scenario, in the unit of its name: numbers may be arrays that broadcast, words are words.

    A test holds these names to the declared parameters, which give meaning, unit and range. Nothing is checked here:
    values come from a :class:`~qpsviz.Scenario` or from a checked axis.
    """

    length_km: Number
    n_relays: Number
    layout: Layout
    partner_noise: bool
    loss_db_per_km: Number
    depol_per_km: Number
    depol_convention: str
    speed_km_per_us: Number
    discipline: Discipline
    processing_us: Number
    guard_us: Number
    p_free: Number
    late_payload: LatePayload
    reservation: Reservation
    release: Release
    insertion_loss_db: Number
    max_attempts: Number
    max_deflections: Number
    n_wavelengths: Number
    wavelength_conversion: bool
    device: Device
    fabric: str
    correction: str
    t1_us: Number
    t2_us: Number
    memory_model: str
    cutoff_us: Number
    memory_qubits: Number
    storage: str
    turn_us: Number
    turn_loss_db: Number
    n_qubits: Number
    spacing_us: Number
    frame_gap_us: Number
    n_frames: Number
    eta_source: Number
    g2: Number
    p_herald: Number
    eta_detector: Number
    p_dark: Number
    dark_counts: str
    ec_inefficiency: Number
    misalignment: Number
    p_afterpulse: Number
    dead_us: Number
    jitter_us: Number
    n_block_pulses: Number
    p_insecure: Number
    p_incorrect: Number
    n_signals: Number
    launch_dbm: Number
    signal_direction: str
    scattering: Scattering
    signal_nm: Number
    signal_spacing_nm: Number
    signal_loss_ratio: Number
    photon_nm: Number
    filter_nm: Number
    gate_us: Number
    header_light: str
    header_dbm: Number
    header_isolation_db: Number
    bypass_loss_db: Number

    @classmethod
    def of(cls, flat: Mapping[str, Any]) -> Values:
        """Values from a mapping of every flat parameter name.

        Parameters
        ----------
        flat : mapping
            As :meth:`qpsviz.Scenario.flat` gives it, with arrays in place of some numbers.

        Returns
        -------
        Values
            The same by attribute.
        """
        return cls(**{**flat, **{name: kind(flat[name]) for name, kind in _KINDS.items()}})

    def with_one_more_axis(self) -> Values:
        """The same with an axis of length 1 at the end of every array, for a quantity that varies along it."""
        held = {f.name: getattr(self, f.name) for f in fields(self)}
        return self.replace(**{k: v[..., None] for k, v in held.items() if isinstance(v, np.ndarray) and v.ndim})

    def replace(self, **changes: Any) -> Values:
        """A copy with some values changed; nothing is checked."""
        return replace(self, **changes)

    @property
    def payload_us(self) -> Array:
        """T_Q, how long the quantum payload of a frame lasts. [us]"""
        return np.asarray(self.n_qubits * self.spacing_us, dtype=np.float64)

    @property
    def passing_loss_db(self) -> Number:
        """What photons lose at a relay beside its device: insertion, and the way around amplifiers of signals. [dB]"""
        if not np.any(self.bypass_loss_db):
            return self.insertion_loss_db
        return np.asarray(self.insertion_loss_db + np.where(np.asarray(self.n_signals) > 0, self.bypass_loss_db, 0.0))

    def without_light(self) -> Values:
        """The same path without classical light; what photons lose around amplifiers stays."""
        return self.replace(
            n_signals=0, header_light=HEADER_LIGHT[0], insertion_loss_db=self.passing_loss_db, bypass_loss_db=0.0
        )
