"""Which photons of a run are still there: the luck of every photon, drawn from the run's seed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from qpsviz.sim.engine.chance import uniform

if TYPE_CHECKING:
    from qpsviz.sim import Run

_PURPOSE = 0xF07


def photon_key(run: Run) -> int:
    """The key under which the photons of a run draw their luck; equal seeds give equal keys."""
    return int(np.random.SeedSequence([run.seed, _PURPOSE]).generate_state(1)[0])


def luck(run: Run) -> Any:
    """One number in [0, 1) for every photon of every leg's frame and attempt.

    Parameters
    ----------
    run : Run
        A run that kept its legs.

    Returns
    -------
    ndarray, shape (legs, qubits)
        The photon is there as long as the transmittance of its way so far is above its luck. [1]

    Notes
    -----
    One number serves a photon for its whole path, so the chance to be there at any place is the transmittance up to
    it, and a photon that is lost stays lost. The page draws the same numbers. What detectors then make of the photons
    that arrive is no part of it.
    """
    frame = np.searchsorted(run.frames["frame"], run.legs["frame"]).astype(np.uint64)[:, None]
    attempt = run.legs["attempt"].astype(np.uint64)[:, None]
    qubit = np.arange(run.scenario.source.n_qubits, dtype=np.uint64)
    draw: Any = uniform
    return draw(photon_key(run), frame, attempt, qubit)


def survivors(run: Run) -> Any:
    """Photons that reach the end of each leg, without those whose slot was cut off before.

    Parameters
    ----------
    run : Run
        A run that kept its legs.

    Returns
    -------
    ndarray of int
        One count per leg.
    """
    source = run.scenario.source
    middle_us = (np.arange(source.n_qubits) + 0.5) * source.spacing_us
    there = (luck(run) < run.legs["eta_in"][:, None]) & (middle_us >= run.legs["lost_us"][:, None])
    return np.count_nonzero(there, axis=1)
