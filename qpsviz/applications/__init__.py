"""What the network is used for: quantum keys, entangled pairs, teleportation."""

from qpsviz.applications import epr, qkd, teleport

__all__ = ["epr", "qkd", "teleport"]
