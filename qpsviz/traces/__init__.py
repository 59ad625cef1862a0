"""Traces of Q2NS and Q2NSViz: what two other tools say about a quantum network, as plain data."""

from qpsviz.traces.lines import Dialect, TraceError
from qpsviz.traces.model import Trace
from qpsviz.traces.reader import load

__all__ = ["Dialect", "Trace", "TraceError", "load"]
