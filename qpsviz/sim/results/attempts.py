"""What the attempts of a frame take."""

from __future__ import annotations

import numpy as np

from qpsviz.scenario import Scenario
from qpsviz.scenario.discipline import Discipline
from qpsviz.units import Array, Column


def mean_guard_us(n_attempts: Column | int, scenario: Scenario) -> Array:
    """Mean guard of so many attempts of one frame. [us]

    The guard of a burst grows by one processing time with each, so all have that of the middle one on average.
    """
    switch = scenario.switch
    step_us = switch.processing_us if Discipline(switch.discipline).overtakes else 0.0
    return switch.guard_us + np.maximum(n_attempts - 1, 0) / 2 * step_us
