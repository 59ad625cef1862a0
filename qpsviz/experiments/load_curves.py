"""What a load study found: means with intervals against load, what has no steady state, and who delivers more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from qpsviz.errors import ParameterError, nearest
from qpsviz.experiments.dataset import unit_of
from qpsviz.experiments.intervals import Interval, over_seeds
from qpsviz.experiments.steadiness import State, states
from qpsviz.experiments.variants import Variant
from qpsviz.experiments.verdict import MEASURES, Verdict, verdict_of
from qpsviz.switch.fates import DROPS
from qpsviz.units import Array
from qpsviz.units.checks import one_of

if TYPE_CHECKING:
    import xarray


@dataclass(frozen=True, kw_only=True, eq=False)
class LoadCurves:
    """Numbers of a load study, per variant, load and seed.

    Parameters
    ----------
    variants : tuple of Variant
        Who was compared.
    waits : tuple of bool
        Who of them lets frames wait on their way for as long as it takes.
    loads : ndarray, shape (n_loads,)
        In order. [1]
    max_load : ndarray, shape (n_loads,)
        What the busiest link is offered, in Erlang per wavelength. [1]
    values : dict of ndarray, shape (n_variants, n_loads, n_seeds)
        Every number of :func:`qpsviz.experiments.computing.numbers_of`, not a number where a point is not finished.
    """

    variants: tuple[Variant, ...]
    waits: tuple[bool, ...]
    loads: Array
    max_load: Array
    values: dict[str, Array]

    def of(self, name: str) -> Array:
        """One number per variant, load and seed.

        Parameters
        ----------
        name : str
            A number of a run, or ``dropped_share``, and ``dropped_share_<reason>``: of all frames offered.

        Raises
        ------
        ParameterError
            If there is no such number.
        """
        if name == "dropped_share":
            return np.asarray(np.sum([self.of(f"dropped_share_{fate.value.lower()}") for fate in DROPS], axis=0))
        if name.startswith("dropped_share_"):
            counts = self.of(f"dropped_{name.removeprefix('dropped_share_')}")
            with np.errstate(invalid="ignore", divide="ignore"):
                return np.asarray(counts / self.of("offered"))
        if name not in self.values:
            raise ParameterError("name", f"a load study has no number {name!r}{nearest(name, self.values)}")
        return self.values[name]

    def interval(self, name: str) -> Interval:
        """Mean over the seeds, and its 95 % interval by Student's t, per variant and load."""
        return over_seeds(self.of(name))

    @cached_property
    def states(self) -> tuple[tuple[State, ...], ...]:
        """Whether there is a steady state, per variant and load: :func:`qpsviz.experiments.steadiness.states`."""
        early_us, late_us = self.of("latency_early_us"), self.of("latency_late_us")
        return tuple(
            tuple(states(early_us[i], late_us[i], max_load=self.max_load, waits=waits))
            for i, waits in enumerate(self.waits)
        )

    def verdict(self, measure: str = "throughput_qubits_hz") -> Verdict:
        """Who has more of a measure, packets or circuits, and from which load to which.

        Parameters
        ----------
        measure : str
            One of ``throughput_qubits_hz``, ``throughput_hz`` and ``pairs_key_hz``.

        Raises
        ------
        ParameterError
            If it is another word.
        """
        one_of("measure", measure, MEASURES)
        return verdict_of(
            self.of(measure), measure=measure, loads=self.loads.tolist(), variants=self.variants, states=self.states
        )

    def notes(self) -> list[str]:
        """One sentence for each variant that has no steady state at some load."""
        return [
            text
            for variant, found in zip(self.variants, self.states, strict=True)
            if (text := self._note(variant, found))
        ]

    def _note(self, variant: Variant, found: Sequence[State]) -> str:
        unsteady = [at for at, state in enumerate(found) if state in (State.OVERLOADED, State.GROWING)]
        if not unsteady:
            return ""
        first, name = unsteady[0], f"{variant.name[0].upper()}{variant.name[1:]}"
        load = f"{self.loads[first]:.3g}"
        if found[first] == State.OVERLOADED:
            why = f"the busiest link is offered {self.max_load[first]:.2f} Erlang per wavelength"
        else:
            why = "the time that frames take grew until the end of the runs"
        return f"{name} has no steady state from load {load} on: {why}."

    def dataset(self) -> xarray.Dataset:
        """Everything with labels: means and ends of intervals (``<name>``, ``<name>_lo``, ``<name>_hi``), ``state``.

        Returns
        -------
        Dataset
            Dimensions ``discipline`` and ``load``.
        """
        import xarray

        dims = ("discipline", "load")
        columns: dict[str, object] = {"state": (dims, np.array([[s.value for s in row] for row in self.states]))}
        for name in (*self.values, "dropped_share", *(f"dropped_share_{fate.value.lower()}" for fate in DROPS)):
            unit = {"units": unit_of(name)}
            for ending, column in zip(("", "_lo", "_hi"), self.interval(name), strict=True):
                columns[name + ending] = (dims, column, unit)
        coords = {"discipline": [variant.word for variant in self.variants], "load": self.loads}
        return xarray.Dataset(columns, coords=coords, attrs={"verdict": self.verdict().sentence})
