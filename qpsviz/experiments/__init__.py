"""Many runs: grids of scenarios, networks, loads and seeds, computed once and kept."""

from qpsviz.experiments.cluster import connected
from qpsviz.experiments.grid import Grid, Point
from qpsviz.experiments.load_curves import LoadCurves
from qpsviz.experiments.load_study import LoadStudy, load_study
from qpsviz.experiments.runner import Stopped, run
from qpsviz.experiments.store import Store
from qpsviz.experiments.variants import USUAL, VARIANTS, Variant

__all__ = [
    "USUAL", "VARIANTS", "Grid", "LoadCurves", "LoadStudy", "Point", "Stopped", "Store", "Variant", "connected",
    "load_study",
    "run",
]  # fmt: skip
