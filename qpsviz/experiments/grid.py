"""What is to be run: every combination of scenarios, networks, values of axes and seeds."""

from __future__ import annotations

import dataclasses
import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from qpsviz.errors import ParameterError, nearest
from qpsviz.experiments.identity import code_digest, digest
from qpsviz.network import Network
from qpsviz.network.given import network_given, traffic_given
from qpsviz.network.traffic import Traffic
from qpsviz.scenario import Scenario, parameters
from qpsviz.scenario.presets import scenario_of
from qpsviz.units.checks import in_short, whole

MAX_POINTS = 100_000
TRAFFIC_FIELDS = tuple(field.name for field in dataclasses.fields(Traffic))

Axis = Sequence[object] | Mapping[str, object]


@dataclass(frozen=True, kw_only=True, eq=False)
class Point:
    """One run of a grid.

    Parameters
    ----------
    labels : dict
        Its place: the label of each axis.
    scenario, network, traffic, seed
        What :func:`qpsviz.simulate` takes.
    network_digest : str
        Digest of the network, empty where there is none.
    """

    labels: dict[str, object]
    scenario: Scenario
    network: Network | None
    network_digest: str
    traffic: Traffic | None
    seed: int

    @cached_property
    def digest(self) -> str:
        """Digest of everything that the numbers of this point depend on, the code included."""
        return digest([code_digest(), self.scenario, self.network_digest, self.traffic, self.seed])

    @property
    def text(self) -> str:
        """Its place in words."""
        return ", ".join(f"{axis}={label}" for axis, label in self.labels.items())


@dataclass(frozen=True, kw_only=True, init=False, eq=False)
class Grid:
    """Every combination of scenarios, networks, values of axes and seeds.

    Parameters
    ----------
    scenario : Scenario, str, list or mapping
        What every point starts from; or several by name, or names of presets, which makes an axis ``scenario``.
    network : Network or mapping, optional
        Where frames travel; or several by name, which makes an axis ``network``. If left out, the line of the scenario.
    traffic : Traffic, optional
        Who sends when; if left out, the source of the line sends one frame after another.
    seeds : sequence of int
        The axis ``seed``. Points with the same seed share their random numbers: compare them pair by pair. [1]
    linked : mapping, optional
        Parameters that follow an axis, for example ``{"t2_us": "t1_us"}``.
    **axes
        Fields of the traffic (``load``) or flat parameters with their values, in the order of the dimensions; a mapping
        gives values by name.

    Raises
    ------
    ParameterError
        For an unknown axis, a value out of range anywhere on the grid, or too many points.

    Examples
    --------
    >>> grid = Grid("first", network=Network.nsfnet(), traffic=Traffic(n_frames=100), load=[0.2, 0.4], seeds=range(3))
    >>> grid.shape
    {'load': 2, 'seed': 3}
    >>> grid.points[-1].text
    'load=0.4, seed=2'
    """

    axes: dict[str, dict[object, object]]
    linked: dict[str, str]
    traffic: Traffic | None
    points: tuple[Point, ...]

    def __init__(
        self,
        scenario: Scenario | str | Sequence[str] | Mapping[str, Scenario | str],
        *,
        network: Network | Mapping[str, Network] | None = None,
        traffic: Traffic | None = None,
        seeds: Sequence[int] = (0,),
        linked: Mapping[str, str] | None = None,
        **axes: Axis,
    ) -> None:
        traffic = traffic_given(traffic)
        whole_axes: dict[str, Axis] = {}
        if isinstance(scenario, (Mapping, list, tuple)):
            whole_axes["scenario"] = scenario
        if isinstance(network, Mapping):
            whole_axes["network"] = network
        whole_axes |= {**axes, "seed": [whole("seed", seed, 0) for seed in _listed("seeds", seeds)]}
        labelled = {name: _labelled(name, values) for name, values in whole_axes.items()}
        for name in axes:
            _check_name(name, traffic)
        _check_links(linked or {}, axes)
        n_points = math.prod(map(len, labelled.values()))
        if n_points > MAX_POINTS:
            raise ParameterError("grid", f"a grid of {n_points:,} points; at most {MAX_POINTS:,} are run")
        for name, value in (("axes", labelled), ("linked", dict(linked or {})), ("traffic", traffic)):
            object.__setattr__(self, name, value)
        object.__setattr__(self, "points", tuple(self._each(scenario, network)))

    @property
    def shape(self) -> dict[str, int]:
        """The dimensions with the number of values of each."""
        return {name: len(values) for name, values in self.axes.items()}

    def _each(self, scenario: object, network: object) -> Iterator[Point]:
        digests: dict[int, str] = {}
        for combination in itertools.product(*(values.items() for values in self.axes.values())):
            labels = {name: label for name, (label, _) in zip(self.axes, combination, strict=True)}
            values = {name: value for name, (_, value) in zip(self.axes, combination, strict=True)}
            values |= {follower: values[axis] for follower, axis in self.linked.items()}
            where = network_given(values.pop("network", network))
            if where is not None and id(where) not in digests:
                digests[id(where)] = digest(where)
            base = scenario_of(values.pop("scenario", scenario))  # type: ignore[arg-type]  # it refuses what is none
            seed, traffic = values.pop("seed"), self.traffic
            if traffic is not None:
                of_traffic = {name: values.pop(name) for name in TRAFFIC_FIELDS if name in values}
                traffic = dataclasses.replace(traffic, **of_traffic)  # type: ignore[arg-type]  # it refuses what is none
            yield Point(
                labels=labels,
                scenario=base.replace(**values) if values else base,
                network=where,
                network_digest=digests.get(id(where), ""),
                traffic=traffic,
                seed=int(seed),  # type: ignore[call-overload]  # checked above
            )


def _listed(name: str, values: object) -> list[object]:
    """The values of an axis, numbers as Python has them."""
    if isinstance(values, (str, bytes)) or not isinstance(values, (Sequence, np.ndarray)):
        raise ParameterError(name, f"{name} = {in_short(values)} is no list of values")
    return [value.item() if isinstance(value, np.generic) else value for value in values]


def _labelled(name: str, values: Axis) -> dict[object, object]:
    """The values of an axis by their labels."""
    if isinstance(values, Mapping):
        found: dict[object, object] = {str(label): value for label, value in values.items()}
        n_given = len(values)
    else:
        listed = _listed(name, values)
        found, n_given = {}, len(listed)
        for value in listed:
            if not isinstance(value, (bool, int, float, str)):
                hint = f"give each a name, as in {name}={{'a': …, 'b': …}}"
                raise ParameterError(name, f"{name} = {in_short(value)} is no number or word: {hint}")
            found[value] = value
    if not found or len(found) != n_given:
        raise ParameterError(name, f"{name} needs a list of different values, got {in_short(values)}")
    return found


def _check_name(name: str, traffic: Traffic | None) -> None:
    known = {p.name for p in parameters()}
    if name in known or (traffic is not None and name in TRAFFIC_FIELDS):
        return
    if name in TRAFFIC_FIELDS:
        raise ParameterError(name, f"{name} is of traffic: write traffic=qps.Traffic(…), and {name} as an axis")
    raise ParameterError(name, f"unknown axis {name!r}{nearest(name, {*known, *TRAFFIC_FIELDS})}")


def _check_links(linked: Mapping[str, str], axes: Mapping[str, Axis]) -> None:
    for follower, axis in linked.items():
        if axis not in axes:
            raise ParameterError(follower, f"{follower} is linked to {axis}, which is not an axis")
        if follower in axes:
            raise ParameterError(follower, f"{follower} is linked to {axis} and cannot be an axis too")
