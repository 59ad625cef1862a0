"""Nodes and fibres, the routes through them, and who sends when."""

from qpsviz.network.link_values import MAX_LINK_KM
from qpsviz.network.network import Network
from qpsviz.network.routes import Route

__all__ = ["MAX_LINK_KM", "Network", "Route"]
