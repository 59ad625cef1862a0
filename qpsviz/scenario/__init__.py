"""What a person sets: parameters declared once, in groups, as one frozen scenario, and named presets of it."""

from qpsviz.scenario.scenario import Scenario, parameter, parameters
from qpsviz.scenario.values import Values

__all__ = [
    "Scenario",
    "Values",
    "parameter",
    "parameters",
]
