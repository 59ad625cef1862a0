"""Every closed-form output of a scenario, computed from arrays of parameter values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import numpy as np

from qpsviz.applications import epr, qkd, teleport
from qpsviz.journey import Journey
from qpsviz.noise import QubitChannel
from qpsviz.parameter import ParameterError, nearest
from qpsviz.units import Array

_REACH_GRID = 256
_REACH_REFINED = 257
_REACH_KM = 1e6


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """A quantity that :func:`evaluate` and :func:`sweep` can compute."""

    name: str
    unit: str
    label: str
    source: str


class Point:
    """All outputs for arrays of parameter values; each is computed when first asked for."""

    def __init__(self, values: dict[str, Any]) -> None:
        self.values = values

    @cached_property
    def single_path(self) -> Journey:
        """The whole length as one way with n relays: what BB84 uses in either layout."""
        return Journey(length_km=self.values["length_km"], n_relays=self.values["n_relays"], values=self.values)

    @cached_property
    def arm(self) -> Journey:
        """The way of one travelling half: half the length when the source sits in the middle."""
        if self.values["layout"] == "sender":
            return self.single_path
        v = self.values
        return Journey(length_km=v["length_km"] / 2, n_relays=v["n_relays"], values=v)

    @cached_property
    def halves(self) -> tuple[QubitChannel, QubitChannel]:
        """The channels of both halves of a pair at the moment of arrival."""
        travelling = self.arm.channel
        if self.values["layout"] == "split":
            return travelling, travelling
        if not self.values["partner_noise"]:
            return travelling, QubitChannel.identity()
        return travelling, self.arm.hold(self.arm.delay_us)

    def fidelity(self) -> Array:
        """Fidelity of an arrived pair, squared form. [1]"""
        return epr.fidelity(*self.halves)

    def fidelity_root(self) -> Array:
        """Fidelity of an arrived pair, root form. [1]"""
        return epr.root(self.fidelity())

    def chsh(self) -> Array:
        """Largest CHSH value of an arrived pair. [1]"""
        return epr.chsh_max(*self.halves)

    def concurrence(self) -> Array:
        """Concurrence of an arrived pair. [1]"""
        return epr.concurrence(*self.halves)

    def teleport_fidelity(self) -> Array:
        """Average fidelity of teleporting a qubit over an arrived pair. [1]"""
        return teleport.fidelity(self.fidelity())

    @cached_property
    def eta(self) -> Array:
        """Transmittance of the single path and the detector. [1]"""
        return np.asarray(self.single_path.channel.eta * self.values["eta_detector"])

    def gain(self) -> Array:
        """Clicks per arriving pulse slot. [1]"""
        return qkd.gain(self.eta, self.values["p_dark"])

    def _qber(self, path_error: Array) -> Array:
        error = qkd.combined_error(self.values["misalignment"], path_error)
        return qkd.qber(self.eta, self.values["p_dark"], error)

    def qber_z(self) -> Array:
        """Error rate in the key basis. [1]"""
        return self._qber(qkd.path_errors(self.single_path.channel)[0])

    def qber_x(self) -> Array:
        """Error rate in the test basis. [1]"""
        return self._qber(qkd.path_errors(self.single_path.channel)[1])

    def payload_kept(self) -> Array:
        """Share of a sent payload that is not cut off or expired, port permitting. [1]"""
        v = self.values
        if v["discipline"] == "burst":
            kept = qkd.payload_kept(
                v["n_relays"],
                payload_us=self.single_path.payload_us,
                processing_us=v["processing_us"],
                guard_us=v["guard_us"],
                late_payload=v["late_payload"],
            )
        elif v["discipline"] == "store":
            fits = (self.single_path.dwell_us <= v["cutoff_us"]) & (
                (np.asarray(v["n_qubits"]) <= v["memory_qubits"]) | (np.asarray(v["n_relays"]) == 0)
            )
            kept = np.where(fits, 1.0, 0.0)
        else:
            kept = np.ones(())
        return np.asarray(kept)

    def delivered_share(self) -> Array:
        """Share of sent qubits that routing delivers. [1]"""
        v = self.values
        waits = v["discipline"] == "store"
        p_through = 1.0 if waits else np.asarray(v["p_free"]) ** np.asarray(v["n_relays"], dtype=np.float64)
        return np.asarray(p_through * self.payload_kept())

    def retention(self) -> Array:
        """K: payload that routing leaves, per unit of channel time. [1]"""
        payload = self.single_path.payload_us
        return np.asarray(self.delivered_share() * payload / (payload + self.values["guard_us"]))

    def key_rate(self) -> Array:
        """Secret bits per pulse slot. [bit]"""
        return qkd.key_rate(
            self.retention(),
            self.gain(),
            self.qber_z(),
            self.qber_x(),
            ec_inefficiency=self.values["ec_inefficiency"],
        )

    def key_rate_hz(self) -> Array:
        """Secret bits per second, frames sent back to back with their gap. [Hz]"""
        v, payload = self.values, self.single_path.payload_us
        busy_us = payload + np.asarray(v["guard_us"])
        slots_per_us = busy_us / np.asarray(v["spacing_us"]) / (busy_us + v["frame_gap_us"])
        return np.asarray(self.key_rate() * slots_per_us * 1e6)

    def secret_share(self) -> Array:
        """Secret bits per click, negative where no key is possible. [bit]"""
        return qkd.secret_share(self.qber_z(), self.qber_x(), ec_inefficiency=self.values["ec_inefficiency"])

    def plob(self) -> Array:
        """Most secret bits per pulse over this much fibre without a repeater. [bit]"""
        v = self.values
        return qkd.repeaterless_bound(10.0 ** (-np.asarray(v["loss_db_per_km"]) * v["length_km"] / 10.0))

    def reach_km(self) -> Array:
        """Length beyond which no key is left. [km]"""
        possible = self.retention() > 0
        return np.where(possible, self._last_length(lambda point: point.secret_share() > 0), 0.0)

    def entanglement_reach_km(self) -> Array:
        """Length beyond which the pair's fidelity is not above 1/2. [km]"""
        return self._last_length(lambda point: point.fidelity() > 0.5)

    def delay_us(self) -> Array:
        """Time from a qubit's emission to its arrival. [us]"""
        return self.arm.delay_us

    def dwell_us(self) -> Array:
        """Time one travelling qubit spends in memories. [us]"""
        return self.arm.dwell_us

    def loss_db(self) -> Array:
        """Loss of fibre, switches and waiting in fibre on the single path. [dB]"""
        return self.single_path.loss_db

    def payload_us(self) -> Array:
        """Duration of one payload. [us]"""
        return self.single_path.payload_us

    def _last_length(self, good: Callable[[Point], Any]) -> Array:
        """Largest length at which ``good`` holds, by refining a grid twice."""
        columns = {n: v[..., None] if isinstance(v, np.ndarray) and v.ndim else v for n, v in self.values.items()}
        lengths = np.concatenate([[0.0], np.geomspace(1.0, _REACH_KM, _REACH_GRID - 1)])
        for _ in range(3):
            ok = np.asarray(good(Point(columns | {"length_km": lengths})))
            ok = np.broadcast_to(ok, np.broadcast_shapes(ok.shape, lengths.shape))
            lengths = np.broadcast_to(lengths, ok.shape)
            last = ok.shape[-1] - 1 - np.argmax(ok[..., ::-1], axis=-1)[..., None]
            nowhere, everywhere = ~np.any(ok, axis=-1), ok[..., -1]
            lo = np.take_along_axis(lengths, last, -1)
            hi = np.take_along_axis(lengths, np.minimum(last + 1, ok.shape[-1] - 1), -1)
            if np.all(nowhere | everywhere):
                break
            lengths = lo + (hi - lo) * np.linspace(0, 1, _REACH_REFINED)
        return np.where(nowhere, 0.0, np.where(hi[..., 0] >= _REACH_KM, np.inf, lo[..., 0]))


_PAPER_QKD, _PAPER_EPR = "paper, Section IV.A", "paper, Section IV.B"
_OUTPUTS = (
    ("key_rate", "bit", "Key rate R per pulse", "Eq. 1"),
    ("key_rate_hz", "Hz", "Secret key bits per second", "Eq. 1 times the pulse rate"),
    ("gain", "1", "Gain Q", "Assumption: Q = Y0 + eta - Y0 eta"),
    ("qber_z", "1", "QBER in Z", "Assumption: e = [Y0 (1 - eta)/2 + e_d eta]/Q"),
    ("qber_x", "1", "QBER in X", "Assumption: e = [Y0 (1 - eta)/2 + e_d eta]/Q"),
    ("secret_share", "bit", "Secret bits per click", "the bracket of Eq. 1"),
    ("retention", "1", "Retention K", "Eq. 2; Deviation: not below 0"),
    ("payload_kept", "1", "Payload not cut off", "the last factor of Eq. 2"),
    ("delivered_share", "1", "Delivered share of qubits", "Eq. 2 without the guard's channel time"),
    ("plob", "bit", "Repeaterless bound", "Pirandola et al., Nat. Commun. 8, 15043 (2017)"),
    ("reach_km", "km", "Reach of the key", "Eq. 1 set to 0"),
    ("fidelity", "1", "Fidelity of a pair", "Eq. 3, squared form"),
    ("fidelity_root", "1", "Fidelity of a pair, root form", "Eq. 3, root reading"),
    ("entanglement_reach_km", "km", "Length at which F = 1/2", "Eq. 3 set to 1/2"),
    ("chsh", "1", "Largest CHSH value", "Horodecki et al., Phys. Lett. A 200, 340 (1995)"),
    ("concurrence", "1", "Concurrence", "Yu, Eberly, Quantum Inf. Comput. 7, 459 (2007)"),
    ("teleport_fidelity", "1", "Teleportation fidelity", "(2F + 1)/3"),
    ("delay_us", "us", "One-way delay of a qubit", _PAPER_EPR),
    ("dwell_us", "us", "Time in memories", _PAPER_EPR),
    ("loss_db", "dB", "Loss of the path", _PAPER_QKD),
    ("payload_us", "us", "Payload duration", _PAPER_EPR),
)


@cache
def outputs() -> tuple[Output, ...]:
    """Every output, with its unit, label and source.

    Examples
    --------
    >>> [o.unit for o in outputs() if o.name == "reach_km"]
    ['km']
    """
    return tuple(Output(name=n, unit=u, label=t, source=s) for n, u, t, s in _OUTPUTS)


def output(name: str) -> Output:
    """The declaration of one output.

    Raises
    ------
    ParameterError
        If there is no such output.
    """
    known = {o.name: o for o in outputs()}
    if name not in known:
        raise ParameterError("output", f"unknown output {name!r}{nearest(name, known)}")
    return known[name]


def compute(values: dict[str, Any], name: str) -> Array:
    """One output for broadcastable arrays of parameter values.

    Parameters
    ----------
    values : dict
        Every flat parameter name; numbers or arrays in the units of their names, words as words.
    name : str
        Output.

    Returns
    -------
    ndarray
        The output, in its unit, in the shape that the inputs broadcast to or one that broadcasts to it.

    Raises
    ------
    ParameterError
        If there is no such output.
    """
    return np.asarray(getattr(Point(values), output(name).name)(), dtype=np.float64)
