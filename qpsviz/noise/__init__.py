"""Noise of a qubit on its way: the phase-covariant channel algebra and its elements."""

from qpsviz.noise.channel import QubitChannel
from qpsviz.noise.elements import depolarising, fibre, loss, memory

__all__ = ["QubitChannel", "depolarising", "fibre", "loss", "memory"]
