"""The simulation: one event engine for the line and the network."""

from qpsviz.sim.fates import Fate
from qpsviz.sim.marks import KINDS
from qpsviz.sim.network import Network
from qpsviz.sim.run import Run
from qpsviz.sim.signals import SIGNALS
from qpsviz.sim.simulate import simulate
from qpsviz.sim.table import Table
from qpsviz.sim.traffic import Traffic

__all__ = ["KINDS", "SIGNALS", "Fate", "Network", "Run", "Table", "Traffic", "simulate"]
