"""The way of a qubit through fibres and relays, as one channel and one delay."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from qpsviz.noise import QubitChannel, fibre, loss, memory
from qpsviz.switch.rules import relay_dwells
from qpsviz.units import Array, travel_us


@dataclass(frozen=True, kw_only=True)
class Journey:
    """An uncontended way over ``length_km`` with ``n_relays`` relays, for arrays of every parameter.

    Parameters
    ----------
    length_km : ndarray
        Length of this way. [km]
    n_relays : ndarray of int
        Relays on it.
    values : dict
        Every flat parameter of a scenario, as arrays that broadcast with the other two; words are words.
    """

    length_km: Array
    n_relays: Array
    values: dict[str, Any]

    @cached_property
    def payload_us(self) -> Array:
        """Duration k x spacing of the payload. [us]"""
        return np.asarray(self.values["n_qubits"] * self.values["spacing_us"])

    @cached_property
    def segment(self) -> QubitChannel:
        """One of the n + 1 equal stretches of fibre. [1]"""
        v = self.values
        return fibre(
            self.length_km / (self.n_relays + 1),
            loss_db_per_km=v["loss_db_per_km"],
            depol_per_km=v["depol_per_km"],
            convention=v["depol_convention"],
        )

    @cached_property
    def dwells_us(self) -> list[Array]:
        """Dwell at each relay, 0 where the way has fewer relays. [us]"""
        v = self.values
        dwells = relay_dwells(
            int(np.max(self.n_relays)),
            discipline=v["discipline"],
            processing_us=v["processing_us"],
            payload_us=self.payload_us,
            guard_us=v["guard_us"],
            release=v["release"],
        )
        return [np.where(j < self.n_relays, dwell, 0.0) for j, dwell in enumerate(dwells)]

    @cached_property
    def dwell_us(self) -> Array:
        """Time in all memories of the way together. [us]"""
        return np.asarray(sum(self.dwells_us, np.zeros(())))

    @cached_property
    def delay_us(self) -> Array:
        """Time from a qubit's emission to its arrival: flight and dwell. [us]"""
        return travel_us(self.length_km, self.values["speed_km_per_us"]) + self.dwell_us

    @cached_property
    def channel(self) -> QubitChannel:
        """Everything that the way does to a qubit. [1]"""
        way = QubitChannel.identity()
        for j, dwell in enumerate(self.dwells_us):
            passed = (
                way.then(self.segment).then(self.hold(dwell)).then(loss(self.values["insertion_loss_db"]))
            )
            everywhere = j < np.min(self.n_relays)
            way = passed if everywhere else passed.where(j < self.n_relays, way)
        return way.then(self.segment)

    def hold(self, dwell_us: Array) -> QubitChannel:
        """What holding a qubit in a memory for a while does to it. [1]"""
        v = self.values
        return memory(dwell_us, t1_us=v["t1_us"], t2_us=v["t2_us"], model=v["memory_model"])
