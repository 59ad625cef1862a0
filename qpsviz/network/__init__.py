"""Nodes and fibres, the routes through them, and who sends when."""

from qpsviz.network.network import MAX_LINK_KM, Network

__all__ = ["MAX_LINK_KM", "Network"]
