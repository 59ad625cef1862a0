"""qpsviz: an interactive explorer of packet switching in quantum networks."""

from qpsviz.curves import evaluate, sweep
from qpsviz.groups import Discipline
from qpsviz.outputs import outputs
from qpsviz.parameter import ParameterError
from qpsviz.presets import preset, presets
from qpsviz.scenario import Scenario, parameters
from qpsviz.sim import Fate, Network, Run, Traffic, simulate
from qpsviz.solve import solve

__version__ = "0.1.0"
__all__ = [
    "Discipline",
    "Fate",
    "Network",
    "ParameterError",
    "Run",
    "Scenario",
    "Traffic",
    "evaluate",
    "outputs",
    "parameters",
    "preset",
    "presets",
    "simulate",
    "solve",
    "sweep",
]
