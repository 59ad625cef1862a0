"""Networks from elsewhere: files of many writers, and networkx graphs, read right or refused with a reason."""

from qpsviz.network.importers.build import build
from qpsviz.network.importers.gnpy import read_gnpy
from qpsviz.network.importers.graph import GraphError
from qpsviz.network.importers.graphml import read_graphml
from qpsviz.network.importers.lengths import Lengths
from qpsviz.network.importers.nx import read_networkx
from qpsviz.network.importers.own_json import read_own_json
from qpsviz.network.importers.plain_text import read_plain_text
from qpsviz.network.importers.recognise import SUFFIXES, file_format
from qpsviz.network.importers.sequence import read_sequence
from qpsviz.network.importers.sndlib import read_sndlib
from qpsviz.network.importers.topohub import read_topohub

__all__ = [
    "SUFFIXES",
    "GraphError",
    "Lengths",
    "build",
    "file_format",
    "read_gnpy",
    "read_graphml",
    "read_networkx",
    "read_own_json",
    "read_plain_text",
    "read_sequence",
    "read_sndlib",
    "read_topohub",
]
