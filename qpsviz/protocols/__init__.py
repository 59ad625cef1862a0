"""What the network is used for: quantum keys, entangled pairs, teleportation."""

from qpsviz.protocols import bbm92, decoy, epr, qkd, teleport

__all__ = ["bbm92", "decoy", "epr", "qkd", "teleport"]
