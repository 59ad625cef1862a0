"""qpsviz: an interactive explorer of packet switching in quantum networks."""

from qpsviz.curves import evaluate, sweep
from qpsviz.groups import Discipline
from qpsviz.parameter import ParameterError
from qpsviz.presets import preset, presets
from qpsviz.quantities import outputs
from qpsviz.scenario import Scenario, parameters

__version__ = "0.1.0"
__all__ = [
    "Discipline",
    "ParameterError",
    "Scenario",
    "evaluate",
    "outputs",
    "parameters",
    "preset",
    "presets",
    "sweep",
]
