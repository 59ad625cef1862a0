"""The simulation: one event engine for the line and the network."""

from qpsviz.network import Network
from qpsviz.network.traffic import Traffic
from qpsviz.sim.engine.marks import KINDS
from qpsviz.sim.results.run import Run
from qpsviz.sim.results.signals import SIGNALS
from qpsviz.sim.runner import simulate
from qpsviz.switch.fates import Fate
from qpsviz.table import Table

__all__ = ["KINDS", "SIGNALS", "Fate", "Network", "Run", "Table", "Traffic", "simulate"]
