"""Networks from elsewhere: GraphML files of many writers, and networkx graphs, read right or refused with a reason."""

from qpsviz.network.importers.build import build
from qpsviz.network.importers.graph import GraphError
from qpsviz.network.importers.graphml import read_graphml
from qpsviz.network.importers.lengths import Lengths
from qpsviz.network.importers.nx import read_networkx

__all__ = ["GraphError", "Lengths", "build", "read_graphml", "read_networkx"]
