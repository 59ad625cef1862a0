"""The path of a header or a payload through a device, and what it costs, derived component by component."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from qpsviz.noise import QubitChannel
from qpsviz.switch.codes import correct
from qpsviz.switch.components import Carries, Component, Edge, Kind, Wavelength
from qpsviz.units import Array, ArrayLike

_PROCESSING = (Kind.OE_CONVERTER, Kind.CONTROL_UNIT, Kind.REGENERATION)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One component on a path: its loss [dB], the time spent there [us] and its noise (none for a header)."""

    component: Component
    loss_db: Array
    latency_us: Array
    channel: QubitChannel | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DevicePath:
    """A path through a device, in order; every total is composed from the steps."""

    carries: Carries
    steps: tuple[Step, ...]

    @property
    def components(self) -> tuple[Component, ...]:
        """The components, from the input to the output."""
        return tuple(step.component for step in self.steps)

    @property
    def loss_db(self) -> Array:
        """Loss of all components and of waiting together. [dB]

        For a header this is an optical budget with gain counted negative; regeneration starts it anew.
        """
        return np.asarray(sum((step.loss_db for step in self.steps), np.zeros(())))

    @property
    def latency_us(self) -> Array:
        """Time from input to output, waiting included. [us]"""
        return np.asarray(sum((step.latency_us for step in self.steps), np.zeros(())))

    @property
    def processing_us(self) -> Array:
        """T_P: O/E conversion, control unit and regeneration; 0 where a payload goes. [us]"""
        parts = (step.latency_us for step in self.steps if step.component.kind in _PROCESSING)
        return np.asarray(sum(parts, np.zeros(())))

    @property
    def reconfigure_us(self) -> float:
        """Time the slowest switch on the path needs to be set for another frame. [us]"""
        return max(component.reconfigure_us for component in self.components)

    @property
    def loss_before_db(self) -> float:
        """Insertion loss, without waiting, up to the q-processor; of everything if there is none. [dB]"""
        return sum(c.insertion_loss_db for c in self.components[: self._processor()])

    @property
    def loss_after_db(self) -> float:
        """Insertion loss, without waiting, behind the q-processor. [dB]"""
        return sum((c.insertion_loss_db for c in self.components[self._processor() :]), 0.0)

    @property
    def channel(self) -> QubitChannel:
        """What the device does to a qubit that enters whole; a correction acts on what came before it. [1]

        Raises
        ------
        ValueError
            For a header: it is measured and written anew.
        """
        settled, recent = QubitChannel.identity(), QubitChannel.identity()
        for step in self.steps:
            if step.channel is None:
                raise ValueError("carries = 'header' has no qubit channel, only 'payload' has")
            recent = recent.then(step.channel)
            if step.component.corrects:
                settled, recent = settled.then(correct(recent, step.component.correction)), QubitChannel.identity()
        return settled.then(recent)

    def _processor(self) -> int:
        kinds = [c.kind for c in self.components]
        return kinds.index(Kind.Q_PROCESSOR) + 1 if Kind.Q_PROCESSOR in kinds else len(kinds)


@dataclass(frozen=True, slots=True, kw_only=True)
class FramePaths:
    """A frame's whole path through a device: its header and its payload."""

    header: DevicePath
    payload: DevicePath

    @property
    def guard_change_us(self) -> Array:
        """By how much the payload falls behind its header; negative when it catches up. [us]"""
        return self.payload.latency_us - self.header.latency_us


def compose(path: Sequence[Component], carries: Carries, dwell_us: Mapping[Kind, ArrayLike]) -> DevicePath:
    """A path with the cost of each component on it.

    Parameters
    ----------
    path : sequence of Component
        Components in order.
    carries : Carries
        Header or payload.
    dwell_us : mapping
        How long a payload is asked to wait in the q-memory and in the q-buffer. [us]

    Returns
    -------
    DevicePath
        The path.

    Raises
    ------
    ValueError
        If a dwell is negative.
    """
    steps = []
    for component in path:
        dwell = dwell_us.get(component.kind, 0.0)
        steps.append(
            Step(
                component=component,
                loss_db=component.loss_db(dwell),
                latency_us=component.passing_us(dwell),
                channel=component.channel(dwell) if carries is Carries.PAYLOAD else None,
            )
        )
    return DevicePath(carries=carries, steps=tuple(steps))


def route(
    components: Mapping[str, Component],
    edges: Mapping[str, Sequence[Edge]],
    *,
    start: str,
    goal: str,
    carries: Carries,
    lane: tuple[int, Wavelength],
    wavelength_out: Wavelength,
) -> list[Component] | None:
    """Shortest path from ``start`` to ``goal`` that a header or a payload may take.

    Parameters
    ----------
    components, edges : mapping
        Components by name, and the edges leaving each.
    start, goal : str
        Names of an input and an output.
    carries : Carries
        Header or payload.
    lane : tuple of int
        Fibre and wavelength on which it comes in. [1]
    wavelength_out : int
        Wavelength at which it must leave; only a tunable component can change it. [1]

    Returns
    -------
    list of Component or None
        None where there is no path.
    """
    first = (start, lane[1])
    came_from: dict[tuple[str, int], tuple[str, int] | None] = {first: None}
    queue = deque([first])
    while queue:
        here = queue.popleft()
        if here == (goal, wavelength_out):
            return _trace(components, came_from, here)
        for edge in edges.get(here[0], ()):
            component, wavelength = components[edge.target], here[1]
            if not edge.takes(carries) or not component.serves(lane, wavelength):
                continue
            state = (edge.target, wavelength_out if component.tunable else wavelength)
            if state not in came_from:
                came_from[state] = here
                queue.append(state)
    return None


def _trace(
    components: Mapping[str, Component],
    came_from: Mapping[tuple[str, int], tuple[str, int] | None],
    last: tuple[str, int],
) -> list[Component]:
    path = []
    state: tuple[str, int] | None = last
    while state is not None:
        path.append(components[state[0]])
        state = came_from[state]
    return path[::-1]
