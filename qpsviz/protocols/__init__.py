"""What the network is used for: quantum keys, entangled pairs, teleportation."""

from qpsviz.protocols import epr, qkd, teleport

__all__ = ["epr", "qkd", "teleport"]
