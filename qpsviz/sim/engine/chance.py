"""Counter-based chance: a draw depends on what is drawn for, never on what was drawn before.

So the same frame meets the same luck at the same relay however the rest of the network behaves, and two runs
can be compared frame by frame (common random numbers). Runs compiled and as plain Python.
"""

from __future__ import annotations

_LOW = 0xFFFFFFFF
_FRAME_STEP = 0x9E3779B9
_ATTEMPT_STEP = 0x85EBCA6B
_HOP_STEP = 0xC2B2AE35


def mix(word: int) -> int:
    """Scramble 32 bits, one to one (a multiply-shift finaliser)."""
    word ^= word >> 16
    word = (word * 0x7FEB352D) & _LOW
    word ^= word >> 15
    word = (word * 0x846CA68B) & _LOW
    return word ^ (word >> 16)


def uniform(key: int, frame: int, attempt: int, hop: int) -> float:
    """A number in [0, 1) for one frame, attempt and relay under a 32-bit key. [1]"""
    word = mix((key + frame * _FRAME_STEP) & _LOW)
    word = mix((word + attempt * _ATTEMPT_STEP) & _LOW)
    word = mix((word + hop * _HOP_STEP) & _LOW)
    return word / 4294967296.0
