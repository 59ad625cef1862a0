"""Whether a point of a load study has a steady state, and how one knows."""

from __future__ import annotations

from enum import StrEnum

import numpy as np

from qpsviz.errors import ParameterError
from qpsviz.experiments.intervals import over_seeds
from qpsviz.network import Network
from qpsviz.network.traffic import Traffic
from qpsviz.units import Array

GROWN_BY = 0.25
"""From which share on a longer time in the network counts as growth."""


class State(StrEnum):
    """What is known of a point."""

    STEADY = "steady"
    OVERLOADED = "overloaded"
    GROWING = "growing"
    OPEN = "open"

    @property
    def sentence(self) -> str:
        """What it means."""
        return _SENTENCES[self]


_SENTENCES = {
    State.STEADY: "The run has settled.",
    State.OVERLOADED: "No steady state: a link is offered 1 Erlang per wavelength or more, and its queue grows.",
    State.GROWING: "No steady state within the run: the time that frames take still grew in its last quarter.",
    State.OPEN: "Not known yet: it takes two seeds.",
}


def load_of_busiest(network: Network, traffic: Traffic, *, n_channels: int, layout: str) -> float:
    """Load that is offered to a wavelength of the busiest link, per unit of the traffic's load.

    Parameters
    ----------
    network : Network
        Where it flows.
    traffic : Traffic
        Who talks to whom.
    n_channels : int
        Wavelengths per link.
    layout : str
        That of the scenario: with ``"split"``, frames come from pair sources.

    Returns
    -------
    float
        Erlang per wavelength; times a load it is that of the busiest link at this load. [1]

    Raises
    ------
    ParameterError
        If the sessions are listed, because then no load is their cause.
    """
    if traffic.start_us is not None:
        raise ParameterError("start_us", "sessions that are listed have no load to vary: leave start_us out")
    offered = traffic.offered_load(network, n_channels=n_channels, layout=layout)
    return float(offered.max() / n_channels / traffic.load)


def states(latency_early_us: Array, latency_late_us: Array, *, max_load: Array, waits: bool) -> list[State]:
    """The state of each load of one variant.

    Parameters
    ----------
    latency_early_us, latency_late_us : ndarray, shape (n_loads, n_seeds)
        Mean latency of the second and of the last quarter of the sessions, per seed. [us]
    max_load : ndarray, shape (n_loads,)
        Erlang per wavelength that the busiest link is offered. [1]
    waits : bool
        Whether frames wait on their way for as long as it takes.

    Returns
    -------
    list of State
        One per load.

    Notes
    -----
    A queue whose offered load reaches its servers has no steady state (Kleinrock, Queueing Systems I, 1975, Section
    2.3). Frames only count with their payload, so that a port which is also held for a guard or a set-up is full
    earlier; and a source waits for its own port in every discipline. Both are seen by the second rule: the number of
    frames under way grows where each takes longer and longer (Little: L = λ W).
    Assumption: it grows where the later latency exceeds the earlier one by a quarter on average over the seeds, and
    the 95 % interval of their difference excludes 0.
    """
    grown = over_seeds(latency_late_us - latency_early_us)
    early_us = over_seeds(latency_early_us).mean
    found = []
    for peak, mean, lo, before_us in zip(max_load, grown.mean, grown.lo, early_us, strict=True):
        if waits and peak >= 1.0:
            found.append(State.OVERLOADED)
        elif np.isnan(lo):
            found.append(State.OPEN)
        else:
            found.append(State.GROWING if lo > 0 and mean > GROWN_BY * before_us else State.STEADY)
    return found
