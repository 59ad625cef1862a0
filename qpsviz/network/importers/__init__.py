"""Networks from elsewhere: files of many writers, and networkx graphs, read right or refused with a reason."""

from qpsviz.network.importers.build import build
from qpsviz.network.importers.gnpy import read_gnpy
from qpsviz.network.importers.graph import GraphError
from qpsviz.network.importers.graphml import read_graphml
from qpsviz.network.importers.lengths import Lengths
from qpsviz.network.importers.nx import read_networkx
from qpsviz.network.importers.topohub import read_topohub

__all__ = ["GraphError", "Lengths", "build", "read_gnpy", "read_graphml", "read_networkx", "read_topohub"]
