"""Which photons of a run are still there: the luck of every photon, drawn from the run's seed.

One number in [0, 1) for a photon and its whole path: ``chance.uniform(key, frame, attempt, qubit)`` of the engine, with
the row of the frame. The photon is there as long as the transmittance of its path so far is above that number, so the
chance to be there at any place is the transmittance up to it, and a photon that is lost stays lost. Film and trace draw
the same photons.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from qpsviz.sim import Run

_PURPOSE = 0xF07


def photon_key(run: Run) -> int:
    """The key under which the photons of a run draw their luck; equal seeds give equal keys."""
    return int(np.random.SeedSequence([run.seed, _PURPOSE]).generate_state(1)[0])


def share_until_lost(eta_least: float, eta_before: float, eta_after: float) -> float | None:
    """Where between two places a photon is lost, if it is lost there.

    Parameters
    ----------
    eta_least : float
        Its number in [0, 1): the transmittance at which it is lost. [1]
    eta_before, eta_after : float
        Transmittance of its path up to both places. [1]

    Returns
    -------
    float or None
        A share of what lies between, where loss is even along it; None if it is lost before, or not here. [1]

    Examples
    --------
    >>> share_until_lost(0.5, 1.0, 0.25), share_until_lost(0.2, 1.0, 0.25)
    (0.5, None)
    """
    if eta_least >= eta_before or eta_least < eta_after:
        return None
    if eta_after <= 0:
        return 0.0
    return math.log(eta_least / eta_before) / math.log(eta_after / eta_before)
