"""Many runs: grids of scenarios, networks, loads and seeds, computed once and kept."""

from qpsviz.experiments.cluster import connected
from qpsviz.experiments.grid import Grid, Point
from qpsviz.experiments.runner import Stopped, run
from qpsviz.experiments.store import Store

__all__ = ["Grid", "Point", "Stopped", "Store", "connected", "run"]
