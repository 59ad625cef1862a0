"""The codes that a q-processor can apply, each described once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from qpsviz.switch.correction import five_qubit_loss, steane_loss
from qpsviz.units import Array, ArrayLike


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """A code by its symbol, as headers name it, the name on a card, and what it makes of loss."""

    symbol: str
    label: str
    loss: Callable[[ArrayLike], Array]


CODES = {
    "five_qubit": Code(symbol="[[5,1,3]]", label="[[5,1,3]]", loss=five_qubit_loss),
    "steane": Code(symbol="[[7,1,3]]", label="Steane", loss=steane_loss),
}
"""Codes by the word of the parameter ``correction``."""
