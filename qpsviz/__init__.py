"""qpsviz: an interactive explorer of packet switching in quantum networks."""

import importlib
from typing import TYPE_CHECKING

from qpsviz.closed_form.outputs import outputs
from qpsviz.closed_form.solve import solve
from qpsviz.closed_form.storing import even_p_free, even_t_us, store_or_drop
from qpsviz.closed_form.sweep import evaluate, sweep
from qpsviz.errors import ParameterError
from qpsviz.scenario import Scenario, parameters
from qpsviz.scenario.discipline import Discipline
from qpsviz.scenario.presets import preset, presets

if TYPE_CHECKING:
    from qpsviz.network.schema import json_schema
    from qpsviz.sim import Fate, Network, Run, Traffic, simulate
    from qpsviz.widgets import film

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
    "even_p_free",
    "even_t_us",
    "film",
    "json_schema",
    "outputs",
    "parameters",
    "preset",
    "presets",
    "simulate",
    "solve",
    "store_or_drop",
    "sweep",
]


def __getattr__(name: str) -> object:
    """The simulation, many runs and the film are loaded when they are first asked for: curves do not need them."""
    if name == "film":
        globals()[name] = importlib.import_module("qpsviz.widgets").film
        return globals()[name]
    if name == "json_schema":
        globals()[name] = importlib.import_module("qpsviz.network.schema").json_schema
        return globals()[name]
    if name == "experiments":
        return importlib.import_module("qpsviz.experiments")
    if name not in ("sim", "Fate", "Network", "Run", "Traffic", "simulate"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    simulation = importlib.import_module("qpsviz.sim")
    globals()[name] = simulation if name == "sim" else getattr(simulation, name)
    return globals()[name]


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
