"""Photons drawn at random: a BB84 session over frames, and pairs measured one axis at a time.

Pulses of one frame are alike and independent, so how many of them end in which way is multinomial. Drawing the counts
of a whole frame at once is therefore exact, no approximation of drawing pulse by pulse, and is what is done here;
:func:`record_bb84` draws every photon by itself, for small sessions that somebody wants to look at.
"""

from qpsviz.protocols.sampling.bb84 import Bb84Session, Receiver, record_bb84, sample_bb84
from qpsviz.protocols.sampling.decoy import DecoySession, sample_decoy
from qpsviz.protocols.sampling.epr import EprSession, sample_epr
from qpsviz.protocols.sampling.estimates import Estimate, correlation, interval, share
from qpsviz.protocols.sampling.frames import PhotonSample, sample_frames

__all__ = [
    "Bb84Session",
    "DecoySession",
    "EprSession",
    "Estimate",
    "PhotonSample",
    "Receiver",
    "correlation",
    "interval",
    "record_bb84",
    "sample_bb84",
    "sample_decoy",
    "sample_epr",
    "sample_frames",
    "share",
]
