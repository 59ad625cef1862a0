"""The codes that a q-processor can apply, each described once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from qpsviz.errors import ParameterError, nearest
from qpsviz.noise import QubitChannel
from qpsviz.switch.correction import five_qubit, five_qubit_loss, steane, steane_loss
from qpsviz.units import Array, ArrayLike


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """A code by its symbol, as headers name it, the name on a card, what it makes of loss and of a qubit's noise."""

    symbol: str
    label: str
    loss: Callable[[ArrayLike], Array]
    decoded: Callable[[QubitChannel], QubitChannel]


def _five_qubit_decoded(noise: QubitChannel) -> QubitChannel:
    lost, bit_flip = 1 - noise.eta, (noise.p_up + noise.p_down) / 2
    wrong = np.minimum(five_qubit(noise.p_phase + bit_flip / 2, lost), 0.75)
    w, flips = 1 - wrong * 4 / 3, wrong * 2 / 3
    eta = 1 - five_qubit_loss(lost)
    return QubitChannel(eta=eta, c=w, a=w, b=np.zeros_like(w), p_up=flips, p_down=flips, p_phase=flips)


def _steane_decoded(noise: QubitChannel) -> QubitChannel:
    lost, bit_flip = 1 - noise.eta, (noise.p_up + noise.p_down) / 2
    bit = np.minimum(steane(bit_flip, lost), 0.5)
    phase = np.minimum(steane(noise.p_phase, lost), 0.5)
    c, a, flips = (1 - 2 * phase) * (1 - bit), 1 - 2 * bit, phase * (1 - bit) + bit / 2
    eta = 1 - steane_loss(lost)
    return QubitChannel(eta=eta, c=c, a=a, b=np.zeros_like(a), p_up=bit, p_down=bit, p_phase=flips)


CODES = {
    "five_qubit": Code(symbol="[[5,1,3]]", label="[[5,1,3]]", loss=five_qubit_loss, decoded=_five_qubit_decoded),
    "steane": Code(symbol="[[7,1,3]]", label="Steane", loss=steane_loss, decoded=_steane_decoded),
}
"""Codes by the word of the parameter ``correction``."""

NO_CODE = "none"
CORRECTIONS = (NO_CODE, *CODES)
"""Words of the parameter ``correction``."""


def is_code(correction: str) -> bool:
    """Whether a word of the parameter ``correction`` is a code; else nothing is corrected."""
    return correction != NO_CODE


def correct(noise: QubitChannel, correction: str) -> QubitChannel:
    """The channel of an encoded qubit whose photons all met ``noise`` and were then decoded.

    Parameters
    ----------
    noise : QubitChannel
        What each photon of the block met since it was encoded. [1]
    correction : str
        One of ``CORRECTIONS``.

    Returns
    -------
    QubitChannel
        With ``b = 0``; ``noise`` itself when the correction is ``"none"``. [1]

    Raises
    ------
    ValueError
        If the correction is unknown.

    Notes
    -----
    five_qubit: p = 1 - (1 + 2c + a)/4 becomes p_L, out comes depolarising 1 - 4 p_L/3. steane: bit flips (1 - a)/2
    and phase flips (1 - c)/2 are mapped each by itself; the equatorial factor is the mean of x and y.
    Assumption: the noise is twirled into Pauli errors (the shift b goes), bit and phase flips fail independently, and a
    hopeless block is random, not inverted. Assumption: the n photons of a block travel side by side, one frame slot.
    """
    if correction not in CORRECTIONS:
        near = nearest(correction, CORRECTIONS)
        raise ParameterError("correction", f"correction = {correction!r} must be one of {', '.join(CORRECTIONS)}{near}")
    return CODES[correction].decoded(noise) if is_code(correction) else noise
