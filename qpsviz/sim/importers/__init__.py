"""Networks from elsewhere: GraphML files of many writers, and networkx graphs, read right or refused with a reason."""

from qpsviz.sim.importers.build import build
from qpsviz.sim.importers.graph import GraphError
from qpsviz.sim.importers.graphml import read_graphml
from qpsviz.sim.importers.lengths import Lengths
from qpsviz.sim.importers.nx import read_networkx

__all__ = ["GraphError", "Lengths", "build", "read_graphml", "read_networkx"]
