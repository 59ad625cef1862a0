"""The former name of :mod:`qpsviz.protocols`, kept for those who import it."""

from qpsviz.protocols import epr, qkd, teleport

__all__ = ["epr", "qkd", "teleport"]
