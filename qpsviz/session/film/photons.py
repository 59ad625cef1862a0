"""Which photons of a run are still there: the luck of every photon, drawn from the run's seed.

The page draws one number in [0, 1) for a photon and its whole path: ``chance.uniform(key, frame, attempt, qubit)`` of
the engine. The photon is there as long as the transmittance of its path so far is above that number, so the chance to
be there at any place is the transmittance up to it, and a photon that is lost stays lost.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from qpsviz.sim import Run

_PURPOSE = 0xF07


def photon_key(run: Run) -> int:
    """The key under which the photons of a run draw their luck; equal seeds give equal keys."""
    return int(np.random.SeedSequence([run.seed, _PURPOSE]).generate_state(1)[0])
