"""What the attempts of a frame take."""

from __future__ import annotations

import numpy as np

from qpsviz.scenario import Scenario
from qpsviz.scenario.discipline import Discipline
from qpsviz.switch.timing import attempt_guard
from qpsviz.units import Array, Column


def mean_guard_us(n_attempts: Column | int, scenario: Scenario) -> Array:
    """Mean guard of so many attempts of one frame. [us]

    The guard of a burst grows by one processing time with each, so all have that of the middle one on average.
    """
    switch = scenario.switch
    middle = np.maximum(n_attempts - 1, 0) / 2
    overtakes = Discipline(switch.discipline).overtakes
    return np.asarray(attempt_guard(switch.guard_us, middle, switch.processing_us, overtakes))
