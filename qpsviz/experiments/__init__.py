"""Many runs: grids of scenarios, networks, loads and seeds, computed once and kept."""

from qpsviz.experiments.cluster import connected
from qpsviz.experiments.cutoff_study import CutoffCurves, cutoff_study, users_around_routers
from qpsviz.experiments.grid import Grid, Point
from qpsviz.experiments.load_curves import LoadCurves
from qpsviz.experiments.load_study import LoadStudy, load_study
from qpsviz.experiments.runner import Stopped, run
from qpsviz.experiments.store import Store
from qpsviz.experiments.variants import USUAL, VARIANTS, Variant

__all__ = [
    "USUAL", "VARIANTS", "CutoffCurves", "Grid", "LoadCurves", "LoadStudy", "Point", "Stopped", "Store", "Variant",
    "connected", "cutoff_study", "load_study", "run", "users_around_routers",
]  # fmt: skip
