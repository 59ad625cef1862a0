"""Which two users a frame serves, whether it comes from one of them or from a pair source."""

from __future__ import annotations

from typing import NamedTuple

from qpsviz.scenario import Scenario
from qpsviz.scenario.layout import Layout
from qpsviz.table import Table
from qpsviz.units import Array, Column, Mask


class Served(NamedTuple):
    """Users served, one row per frame; where both halves of a pair travel, one row per two frames.

    ``first`` and ``second`` are nodes: source and destination, or both destinations. ``delivered`` says whether all of
    it arrived; ``fidelity`` is not a number where it did not. [1]
    """

    first: Column
    second: Column
    delivered: Mask
    fidelity: Array


def served_users(frames: Table, delivered: Mask, scenario: Scenario) -> Served:
    """The users of frames that were offered; the two frames of a pair follow each other.

    Parameters
    ----------
    frames : Table
        Rows of :attr:`qpsviz.Run.frames`.
    delivered : ndarray of bool
        Which of them were delivered.
    scenario : Scenario
        That of the run.
    """
    if Layout(scenario.path.layout).keeps_half:
        return Served(frames["source"], frames["destination"], delivered, frames["fidelity"])
    destination = frames["destination"]
    both = delivered[0::2] & delivered[1::2]
    return Served(destination[0::2], destination[1::2], both, frames["fidelity"][0::2])
